//! The samples that were kept of a few generations, as `samples/CELL/generation-NNNN.csv` has them.

use std::fs;

use super::FigureError;
use super::labels::choose;
use super::results::Results;
use super::scale::extent;
use crate::archive::csv::read_records;

/// The kept samples of one generation; generation 0 are founders.
pub(super) struct Kept {
    pub generation: u32,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// What samples are, which their columns tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Nature {
    Tokens,
    Image { height: usize, width: usize },
    Points { dimension: usize },
}

impl Kept {
    pub fn nature(&self) -> Nature {
        if self.header.iter().any(|column| column == "tokens") {
            return Nature::Tokens;
        }
        let pixels = self.header.iter().filter_map(|column| pixel(column));
        match pixels.fold(None, |most: Option<(usize, usize)>, (row, column)| {
            let (height, width) = most.unwrap_or_default();
            Some((height.max(row), width.max(column)))
        }) {
            // As many columns as the rectangle has pixels, in rows.
            Some((height, width)) if self.coordinates() == height.saturating_mul(width) => {
                Nature::Image { height, width }
            }
            _ => Nature::Points { dimension: self.coordinates() },
        }
    }

    /// The coordinates of one axis, counted from one; those that are no finite number are left out.
    pub fn coordinate(&self, number: usize) -> Vec<f64> {
        let Some(column) = self.column(number) else { return Vec::new() };
        self.rows.iter().filter_map(|row| finite(row.get(column)?)).collect()
    }

    /// What ridges are made of: a coordinate, or of texts the logarithms of their perplexities.
    pub fn quantity(&self, number: usize) -> Vec<f64> {
        if self.nature() != Nature::Tokens {
            return self.coordinate(number);
        }
        let column = self.header.iter().position(|column| column == "founder-perplexity");
        let ln = |row: &Vec<String>| Some(finite(row.get(column?)?)?.ln());
        self.rows.iter().filter_map(ln).collect()
    }

    /// Pairs of coordinates, both finite.
    pub fn pairs(&self, x: usize, y: usize) -> Vec<(f64, f64)> {
        let (Some(x), Some(y)) = (self.column(x), self.column(y)) else { return Vec::new() };
        let pair = |row: &Vec<String>| Some((finite(row.get(x)?)?, finite(row.get(y)?)?));
        self.rows.iter().filter_map(pair).collect()
    }

    /// Whole samples.
    pub fn points(&self, most: usize) -> impl Iterator<Item = Vec<f64>> {
        let columns: Vec<usize> =
            (0..self.header.len()).filter(|at| self.header[*at] != "label").collect();
        self.rows.iter().take(most).map(move |row| {
            let value = |at: &usize| row.get(*at).and_then(|text| finite(text)).unwrap_or(0.0);
            columns.iter().map(value).collect()
        })
    }

    /// Shares of the types among all tokens, the most frequent first.
    pub fn shares(&self) -> Vec<f64> {
        let Some(column) = self.header.iter().position(|column| column == "tokens") else {
            return Vec::new();
        };
        let mut counts = std::collections::HashMap::<&str, usize>::new();
        for token in self.rows.iter().filter_map(|row| row.get(column)).flat_map(|t| t.split(' ')) {
            *counts.entry(token).or_default() += 1;
        }
        let mut counts: Vec<usize> = counts.into_values().collect();
        counts.sort_unstable_by(|one, other| other.cmp(one));
        let total: usize = counts.iter().sum();
        counts.into_iter().map(|count| count as f64 / total as f64).collect()
    }

    pub fn name(&self) -> String {
        match self.generation {
            0 => "founders".into(),
            generation => format!("generation {generation}"),
        }
    }

    fn coordinates(&self) -> usize {
        self.header.iter().filter(|column| *column != "label").count()
    }

    fn column(&self, number: usize) -> Option<usize> {
        let columns = (0..self.header.len()).filter(|at| self.header[*at] != "label");
        columns.into_iter().nth(number.checked_sub(1)?)
    }
}

/// Row and column of "r2c10".
fn pixel(column: &str) -> Option<(usize, usize)> {
    let (row, column) = column.strip_prefix('r')?.split_once('c')?;
    Some((row.parse().ok()?, column.parse().ok()?))
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// What was kept of each of some cells, and of how many cells there is anything.
pub(super) struct Collection {
    /// Places of cells.
    pub cells: Vec<(usize, Vec<Kept>)>,
    pub of: usize,
}

/// Reads what was kept of at most `most` of the cells of some arms.
pub(super) fn read(
    results: &Results,
    arms: Option<&[String]>,
    most: usize,
) -> Result<Result<Collection, String>, FigureError> {
    let places = match results.cells.of_arms(arms.unwrap_or_default()) {
        Ok(places) => places,
        Err(lack) => return Ok(Err(lack)),
    };
    let folder = |place: usize| results.dir.join("samples").join(results.cells.id(place));
    let there: Vec<usize> = places.into_iter().filter(|place| folder(*place).is_dir()).collect();
    let mut cells = Vec::new();
    for place in choose(there.len(), most).into_iter().map(|index| there[index]) {
        let kept = read_folder(&folder(place))?;
        if !kept.is_empty() {
            cells.push((place, kept));
        }
    }
    match cells.is_empty() {
        true => Ok(Err("kept samples in samples/".into())),
        false => Ok(Ok(Collection { cells, of: there.len() })),
    }
}

fn read_folder(folder: &std::path::Path) -> Result<Vec<Kept>, FigureError> {
    let broken = |error| crate::archive::ArchiveError::io("read", folder)(error);
    let mut kept = Vec::new();
    for entry in fs::read_dir(folder).map_err(broken)? {
        let name = entry.map_err(broken)?.file_name().to_string_lossy().into_owned();
        let number = name.strip_prefix("generation-").and_then(|rest| rest.strip_suffix(".csv"));
        let Some(generation) = number.and_then(|number| number.parse().ok()) else { continue };
        let (header, rows) = read_records(folder, &name)?;
        if !rows.is_empty() {
            kept.push(Kept { generation, header, rows });
        }
    }
    kept.sort_by_key(|kept| kept.generation);
    Ok(kept)
}

/// The range that all but a few far values lie in: from the 0.5 to the 99.5 % quantile, and a twelfth
/// of it more at both sides, as far as there are values.
pub(super) fn range(mut values: Vec<f64>) -> (f64, f64) {
    let Some((least, largest)) = extent(values.iter().copied()) else { return (-1.0, 1.0) };
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[(share * (values.len() - 1) as f64).round() as usize];
    let (low, high) = (at(0.005), at(0.995));
    let room = (high / 12.0 - low / 12.0).max(0.0);
    ((low - room).max(least), (high + room).min(largest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(header: &[&str], rows: &[&[&str]]) -> Kept {
        let text = |cells: &&[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        Kept { generation: 0, header: text(&header), rows: rows.iter().map(text).collect() }
    }

    #[test]
    fn columns_tell_what_samples_are() {
        let image = kept(&["r1c1", "r1c2", "r2c1", "r2c2", "label"], &[&["1", "2", "3", "4", "0"]]);
        assert_eq!(image.nature(), Nature::Image { height: 2, width: 2 });
        assert_eq!(image.points(9).next(), Some(vec![1.0, 2.0, 3.0, 4.0]));
        let points = kept(&["x1", "x2", "label"], &[&["1", "inf", "0"], &["2", "3", "1"]]);
        assert_eq!(points.nature(), Nature::Points { dimension: 2 });
        assert_eq!((points.coordinate(1), points.coordinate(2)), (vec![1.0, 2.0], vec![3.0]));
        assert_eq!((points.pairs(1, 2), points.coordinate(3)), (vec![(2.0, 3.0)], vec![]));
        assert_eq!(kept(&["r1c1", "r9c9"], &[]).nature(), Nature::Points { dimension: 2 });
        let tokens = kept(&["tokens"], &[&["3 1 3"], &["3"]]);
        assert_eq!((tokens.nature(), tokens.shares()), (Nature::Tokens, vec![0.75, 0.25]));
        assert!(tokens.quantity(1).is_empty());
        let rows: [&[&str]; 3] = [&["3 1", "1"], &["", ""], &["0 0", "inf"]];
        assert_eq!(kept(&["tokens", "founder-perplexity"], &rows).quantity(1), [0.0]);
    }

    #[test]
    fn a_range_leaves_out_what_is_far_and_no_value_where_none_is() {
        let mut values: Vec<f64> = (0..1000).map(f64::from).collect();
        values.push(1e9);
        let (low, high) = range(values);
        assert!(low == 0.0 && high > 999.0 && high < 1100.0);
        assert_eq!(range(vec![2.0; 3]), (2.0, 2.0));
        assert_eq!(range(Vec::new()), (-1.0, 1.0));
    }
}
