//! The lines of `measurements.csv`, of which there are millions: put together by hand, and the same
//! bytes as those of [`super::csv::Table`].

use super::ArchiveError;
use super::csv::field;
use super::journal::Number;
use std::path::PathBuf;

/// Makes the lines of one cell.
pub struct Lines {
    path: PathBuf,
    /// "cell,arm,"
    prefix: Vec<u8>,
    /// Labels as the table writes them, and as people do.
    metrics: Vec<(Vec<u8>, String)>,
}

impl Lines {
    /// For a table at `path`, which errors name.
    pub fn of<'a>(
        path: PathBuf,
        cell: &str,
        arm: &str,
        metrics: impl Iterator<Item = &'a str>,
    ) -> Self {
        let prefix = [field(cell), b",".to_vec(), field(arm), b",".to_vec()].concat();
        let metrics = metrics.map(|label| (field(label), label.to_owned())).collect();
        Lines { path, prefix, metrics }
    }

    /// Adds a line: a metric by its place in the list, and what it read.
    pub fn push(
        &self,
        out: &mut Vec<u8>,
        (trial, generation): (u32, u32),
        metric: usize,
        number: Number,
    ) -> Result<(), ArchiveError> {
        let (quoted, label) = &self.metrics[metric];
        let mut digits = itoa::Buffer::new();
        out.extend_from_slice(&self.prefix);
        out.extend_from_slice(digits.format(trial).as_bytes());
        out.push(b',');
        out.extend_from_slice(digits.format(generation).as_bytes());
        out.push(b',');
        out.extend_from_slice(quoted);
        let (value, error) = number.map_or((None, None), |(value, error)| (Some(value), error));
        for (column, value) in [("value", value), ("standard_error", error)] {
            out.push(b',');
            match value {
                None => {}
                Some(value) if value.is_nan() => {
                    let subject = format!("metric {label}, trial {trial}, generation {generation}");
                    let (path, column) = (self.path.clone(), column.to_owned());
                    return Err(ArchiveError::NotANumber { path, column, subject });
                }
                Some(value) => out.extend_from_slice(ryu::Buffer::new().format(value).as_bytes()),
            }
        }
        out.push(b'\n');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::csv::Table;
    use crate::archive::table::Reading;
    use std::path::Path;

    #[test]
    fn lines_by_hand_are_those_of_the_table() {
        let numbers = [
            None,
            Some((0.1, None)),
            Some((-0.0, Some(5e-324))),
            Some((1.0, Some(1e16))),
            Some((f64::MAX, Some(1e-7))),
            Some((f64::INFINITY, None)),
            Some((f64::NEG_INFINITY, Some(0.0))),
            Some((123_456_789.125, Some(1.0 / 3.0))),
        ];
        for (arm, label) in [("replace", "spread"), ("a, \"b\"\nc", "tail(q=0.1,of=offspring)")] {
            let lines = Lines::of("m.csv".into(), "c0ffee", arm, ["x", label].into_iter());
            let mut by_hand = Vec::new();
            let mut rows = Vec::new();
            for (generation, number) in (0..).zip(numbers) {
                lines.push(&mut by_hand, (3_000_000_000, generation), 1, number).unwrap();
                rows.push(Reading {
                    cell: "c0ffee".into(),
                    arm: arm.into(),
                    trial: 3_000_000_000,
                    generation,
                    metric: label.into(),
                    value: number.map(|(value, _)| value),
                    standard_error: number.and_then(|(_, error)| error),
                });
            }
            let table = Table::at(Path::new("."), "m").text(&rows).unwrap();
            assert_eq!(String::from_utf8(by_hand).unwrap(), String::from_utf8(table).unwrap());
        }
    }

    #[test]
    fn nan_is_refused_by_the_name_of_its_metric() {
        let lines = Lines::of("m.csv".into(), "c", "a", ["spread"].into_iter());
        for number in [(f64::NAN, None), (1.0, Some(f64::NAN))] {
            let refusal = lines.push(&mut Vec::new(), (4, 5), 0, Some(number)).unwrap_err();
            assert!(refusal.to_string().contains("metric spread, trial 4"), "{refusal}");
        }
    }
}
