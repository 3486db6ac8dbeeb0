//! A measured value with its error, from readings of lineages.
//!
//! Lineages are resampled with replacement, all places of a claim together: cells of one trial share
//! founders and noise, and stay pairs. The standard error is the standard deviation of the statistic over
//! [`RESAMPLES`] resamples, times √(n/(n−1)); exact (s/√n) for one mean. Intervals at 95 %:
//! of an event Wilson's; of one median by order statistics; of means and what is smooth in them the value ±
//! t(n−1) errors; of all else the quantiles of the resamples that have a value, if 99 % do.
//! Sources: Efron & Tibshirani 1993; Wilson 1927.

use super::{Centre, Reading, Statistic};
use crate::analysis::interval::student_quantile;
use crate::analysis::moment::{mean, standard_deviation};
use crate::analysis::quantile::{median_interval, quantile};
use crate::stream::Stream;
use rand::Rng;

/// Resamples of lineages behind an error.
pub const RESAMPLES: usize = 1000;

/// What a claim is about: places in ascending order of x, and a reading of each lineage at each.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    pub x: Vec<f64>,
    /// A row for each place, a column for each lineage; NaN where it has no reading.
    pub readings: Vec<Vec<f64>>,
}

/// A statistic of lineages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    pub value: f64,
    pub error: Option<f64>,
    /// At 95 %.
    pub interval: Option<(f64, f64)>,
    /// Lineages with a reading at every place.
    pub lineages: usize,
    /// Those that have none somewhere, and are left out there.
    pub missing: usize,
}

impl Measured {
    /// Why there is no interval.
    pub fn lack(&self) -> String {
        match self.lineages {
            0 => "no lineage has a reading".into(),
            1 => "one lineage has no error".into(),
            _ if !self.value.is_finite() => "it is not finite in every resample".into(),
            n => format!("{n} lineages are too few for an interval"),
        }
    }
}

/// A statistic of evidence, with its error; none where it does not exist.
pub fn measure(
    evidence: &Evidence,
    (of, statistic, reading): (Centre, &Statistic, Reading),
    rng: &mut Stream,
) -> Option<Measured> {
    let columns = evidence.readings.first().map_or(0, Vec::len);
    let seen = |i: &usize| evidence.readings.iter().all(|row| !row[*i].is_nan());
    let lineages = (0..columns).filter(seen).count();
    let known = |i: &usize| evidence.readings.iter().any(|row| !row[*i].is_nan());
    let rows: Vec<usize> = (0..columns).filter(known).collect();
    let at = |rows: &[usize]| -> Option<f64> {
        let centres = evidence.readings.iter().map(|row| centre(row, rows, of));
        statistic.of(&evidence.x, &centres.collect::<Option<Vec<f64>>>()?)
    };
    let value = at(&rows)?;
    let measured =
        Measured { value, error: None, interval: None, lineages, missing: rows.len() - lineages };
    if rows.len() < 2 {
        return Some(measured);
    }
    let one = matches!(statistic, Statistic::Value).then(|| present(&evidence.readings[0], &rows));
    match (one, reading, of) {
        (Some(values), Reading::Event(_), Centre::Mean) => Some(measured.of_event(values.len())),
        (Some(values), _, Centre::Mean) => Some(measured.of_mean(&values)),
        _ => Some(measured.of_resamples(of, statistic, &resample(&rows, at, rng), evidence)),
    }
}

impl Measured {
    /// Wilson's interval of a probability; the error that its half-width stands for.
    fn of_event(self, n: usize) -> Self {
        let (p, n, z) = (self.value, n as f64, NORMAL_QUANTILE);
        let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let reach = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + (z / (2.0 * n)).powi(2)).sqrt();
        let interval = Some(((middle - reach).max(0.0), (middle + reach).min(1.0)));
        Measured { error: Some(reach / z), interval, ..self }
    }

    fn of_mean(self, values: &[f64]) -> Self {
        let error = standard_deviation(values).map(|sd| sd / (values.len() as f64).sqrt());
        Measured { error, ..self }.around(values.len())
    }

    /// The value ± t errors.
    fn around(self, n: usize) -> Self {
        let reach = self.error.zip(student_quantile(n)).map(|(error, t)| t * error);
        Measured { interval: reach.map(|r| (self.value - r, self.value + r)), ..self }
    }

    fn of_resamples(
        self,
        of: Centre,
        statistic: &Statistic,
        found: &[Option<f64>],
        evidence: &Evidence,
    ) -> Self {
        let mut sorted: Vec<f64> = found.iter().flatten().copied().collect();
        // A statistic that many resamples do not have is not known well enough to be told.
        if 100 * (found.len() - sorted.len()) > found.len() {
            return self;
        }
        sorted.sort_unstable_by(f64::total_cmp);
        let n = (self.lineages + self.missing) as f64;
        let error = standard_deviation(&sorted).map(|sd| sd * (n / (n - 1.0)).sqrt());
        let measured = Measured { error, ..self };
        if matches!((of, statistic), (Centre::Median, Statistic::Value)) {
            let mut values = present(
                &evidence.readings[0],
                &(0..evidence.readings[0].len()).collect::<Vec<_>>(),
            );
            values.sort_unstable_by(f64::total_cmp);
            return Measured { interval: median_interval(&values), ..measured };
        }
        if statistic.is_smooth() && matches!(of, Centre::Mean | Centre::MeanLog) {
            return measured.around(n as usize);
        }
        let ends = quantile(&sorted, 0.025).zip(quantile(&sorted, 0.975));
        Measured { interval: ends, ..measured }
    }
}

/// The 97.5 % quantile of the standard normal.
const NORMAL_QUANTILE: f64 = 1.959_963_984_540_054;

/// The statistic of resampled lineages.
fn resample(
    rows: &[usize],
    at: impl Fn(&[usize]) -> Option<f64>,
    rng: &mut Stream,
) -> Vec<Option<f64>> {
    let n = rows.len() as u64;
    let mut chosen = vec![0; rows.len()];
    let mut draw = || {
        let place = || rows[(((rng.next_u64() >> 32) * n) >> 32) as usize];
        chosen.fill_with(place);
        at(&chosen)
    };
    std::iter::repeat_with(&mut draw).take(RESAMPLES).collect()
}

fn present(row: &[f64], rows: &[usize]) -> Vec<f64> {
    rows.iter().map(|i| row[*i]).filter(|value| !value.is_nan()).collect()
}

/// The centre of some lineages at one place.
fn centre(row: &[f64], rows: &[usize], of: Centre) -> Option<f64> {
    let mut values = present(row, rows);
    match of {
        Centre::Mean => mean(&values),
        Centre::MeanLog => {
            values.iter_mut().for_each(|value| *value = value.ln());
            mean(&values).filter(|mean| !mean.is_nan())
        }
        Centre::Median | Centre::Quantile(_) => {
            let share = if let Centre::Quantile(q) = of { q.get() } else { 0.5 };
            values.sort_unstable_by(f64::total_cmp);
            quantile(&values, share)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::claim::{Along, Bound};
    use crate::numeric::bounded::Finite;
    use crate::stream::of_parameters;
    use rand_distr::{Distribution, StandardNormal};

    fn normal(n: usize, mean: f64, sd: f64, seed: u64) -> Vec<f64> {
        let mut rng = of_parameters(seed);
        (0..n)
            .map(|_| {
                let z: f64 = StandardNormal.sample(&mut rng);
                mean + sd * z
            })
            .collect()
    }

    fn found(readings: Vec<Vec<f64>>, x: &[f64], of: Centre, statistic: &Statistic) -> Measured {
        let evidence = Evidence { x: x.to_vec(), readings };
        measure(&evidence, (of, statistic, Reading::Value), &mut of_parameters(1)).unwrap()
    }

    #[test]
    fn a_mean_has_the_error_of_a_mean_and_the_interval_of_student() {
        let found = found(vec![vec![1.0, 2.0, 3.0, 4.0]], &[0.0], Centre::Mean, &Statistic::Value);
        // scipy.stats.t.interval(0.95, 3, 2.5, 0.6454972243679028)
        assert!((found.error.unwrap() - 0.645_497_224_367_902_8).abs() < 1e-12);
        let (low, high) = found.interval.unwrap();
        assert!((low - 0.445_739_743).abs() < 1e-6 && (high - 4.554_260_256).abs() < 1e-6);
    }

    #[test]
    fn paired_lineages_have_a_smaller_error_of_their_difference() {
        let shared = normal(100, 0.0, 10.0, 1);
        let (mine, other) = (normal(100, 1.0, 0.1, 2), normal(100, 0.0, 0.1, 3));
        let add = |own: &[f64]| shared.iter().zip(own).map(|(a, b)| a + b).collect::<Vec<f64>>();
        let statistic = Statistic::Difference(Default::default());
        let found = found(vec![add(&mine), add(&other)], &[0.0, 1.0], Centre::Mean, &statistic);
        // √(2 · 0.01 / 100)
        assert!((found.error.unwrap() / 0.01414 - 1.0).abs() < 0.25, "{found:?}");
        assert!((found.value - 1.0).abs() < 0.06, "{found:?}");
    }

    #[test]
    fn an_event_that_never_happens_still_has_an_interval() {
        let evidence = Evidence { x: vec![0.0], readings: vec![vec![0.0; 50]] };
        let reading = Reading::Event(Bound::Below(Finite::literal(0.0)));
        let found =
            measure(&evidence, (Centre::Mean, &Statistic::Value, reading), &mut of_parameters(1));
        let (low, high) = found.unwrap().interval.unwrap();
        // statsmodels: proportion_confint(0, 50, method="wilson")
        assert!(low == 0.0 && (high - 0.071_347_6).abs() < 1e-6, "{high}");
    }

    #[test]
    fn intervals_cover_what_they_say() {
        let slope = Statistic::Slope(Along("generation".into()));
        let covers = |of: Centre, statistic: &Statistic, truth: f64| {
            let hits = (0..200).filter(|i| {
                let row = |k: u64| normal(30, k as f64, 1.0, 10_000 + 3 * i + k);
                let (low, high) =
                    found(vec![row(0), row(1), row(2)], &[0.0, 1.0, 2.0], of, statistic)
                        .interval
                        .unwrap();
                low <= truth && truth <= high
            });
            hits.count()
        };
        // 190 are expected, with a standard error of 3.
        let crossing = Statistic::Crossing(super::super::statistic::Crossing {
            along: Along("generation".into()),
            level: Finite::literal(1.0),
        });
        for (of, statistic, truth) in [
            (Centre::Mean, &slope, 1.0),
            (Centre::Median, &slope, 1.0),
            (Centre::Mean, &crossing, 1.0),
        ] {
            let hits = covers(of, statistic, truth);
            assert!((177..=199).contains(&hits), "{statistic:?} of {of:?}: {hits}");
        }
    }

    #[test]
    fn lineages_without_a_reading_are_left_out_and_counted() {
        let found = found(vec![vec![1.0, f64::NAN, 3.0]], &[0.0], Centre::Mean, &Statistic::Value);
        assert_eq!((found.value, found.lineages, found.missing), (2.0, 2, 0));
        let one = Evidence { x: vec![0.0], readings: vec![vec![1.0]] };
        let how = (Centre::Mean, &Statistic::Value, Reading::Value);
        let lone = measure(&one, how, &mut of_parameters(1)).unwrap();
        assert_eq!((lone.interval, lone.lack().as_str()), (None, "one lineage has no error"));
    }
}
