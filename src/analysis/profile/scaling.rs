//! Definition 5, change in scaling law: how fast risk falls with data, at the beginning and at the end.
//!
//! In each trial i, s_1 and s_T are the slopes of ln R against ln n by least squares over the sizes n that
//! were swept; trials share founders and noise over sizes, so that both are of one lineage's luck. The
//! change is the median of s_T − s_1 over trials, with its interval. Yes where the interval leaves out 0
//! and does not lie within ±0.1; no where it lies within ±0.1.
//! Unit: none. Under collapse the law flattens: s_1 near −1 (parametric) becomes less steep, and 0 is a
//! plateau. It needs three sizes. A trial with a risk that is not positive and finite at some size is left
//! out, and so is one in which a lineage is extinct.
//! Not to be confused with the level of the risk, which may grow at every size by one factor.
//! Source: Dohmatob et al. 2024 (arXiv 2402.07043), scaling laws that plateau; the statistic is ours.

use super::decline::line;
use super::{Centre, Verdict};

/// A change of the exponent below this is none.
pub const MARGIN: f64 = 0.1;
pub const FEWEST_SIZES: usize = 3;

/// The risks of one trial: of every size, in the first and in the last generation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trial {
    pub first: Vec<Option<f64>>,
    pub last: Vec<Option<f64>>,
}

/// Exponents of the risk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling {
    pub first: Centre,
    pub last: Centre,
    pub change: Centre,
    pub left_out: usize,
}

/// The exponents of trials over these sizes; none where no trial has both.
pub fn scaling(sizes: &[f64], trials: &[Trial], alpha: f64) -> Option<Scaling> {
    let slope = |risks: &[Option<f64>]| {
        let point = |(n, risk): (&f64, &Option<f64>)| {
            let risk = risk.filter(|risk| *risk > 0.0 && risk.is_finite())?;
            Some((n.ln(), risk.ln()))
        };
        line(&sizes.iter().zip(risks).map(point).collect::<Option<Vec<_>>>()?)
    };
    let both = |trial: &Trial| Some((slope(&trial.first)?, slope(&trial.last)?));
    let slopes: Vec<(f64, f64)> = trials.iter().filter_map(both).collect();
    let of = |part: fn(&(f64, f64)) -> f64| {
        Centre::of(&slopes.iter().map(part).collect::<Vec<f64>>(), alpha)
    };
    Some(Scaling {
        first: of(|s| s.0)?,
        last: of(|s| s.1)?,
        change: of(|s| s.1 - s.0)?,
        left_out: trials.len() - slopes.len(),
    })
}

impl Scaling {
    pub fn verdict(&self) -> Verdict {
        match self.change.interval {
            Some((low, high)) if low >= -MARGIN && high <= MARGIN => Verdict::No,
            Some((low, high)) if low > 0.0 || high < 0.0 => Verdict::Yes,
            _ => Verdict::Undecided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trials of n^first and 5·n^last, each a little different.
    fn trials(sizes: &[f64], first: f64, last: f64, jitter: f64) -> Vec<Trial> {
        let risks = |c: f64, size: f64| sizes.iter().map(|n| Some(size * n.powf(c))).collect();
        let trial = |i: i32| {
            let move_by = jitter * f64::from(i - 4);
            Trial { first: risks(first, 1.0), last: risks(last + move_by, 5.0) }
        };
        (0..9).map(trial).collect()
    }

    #[test]
    fn exponents_are_slopes_of_logarithms() {
        let sizes = [10.0, 100.0, 1000.0];
        let found = scaling(&sizes, &trials(&sizes, -1.0, -0.25, 0.01), 0.05).expect("slopes");
        assert!((found.first.median + 1.0).abs() < 1e-12);
        assert!((found.last.median + 0.25).abs() < 1e-12);
        assert!((found.change.median - 0.75).abs() < 1e-12);
        assert_eq!(found.verdict(), Verdict::Yes);
        let of = |last, jitter| {
            scaling(&sizes, &trials(&sizes, -1.0, last, jitter), 0.05).map(|found| found.verdict())
        };
        assert_eq!(of(-1.02, 0.01), Some(Verdict::No));
        assert_eq!(of(-0.95, 0.08), Some(Verdict::Undecided));
        assert_eq!(of(-1.5, 0.05), Some(Verdict::Yes));
    }

    #[test]
    fn trials_without_a_risk_at_every_size_are_left_out() {
        let sizes = [10.0, 100.0, 1000.0];
        let mut all = trials(&sizes, -1.0, -0.5, 0.0);
        all[0].last[1] = None;
        all[1].last[2] = Some(f64::INFINITY);
        all[2].first[0] = Some(0.0);
        let found = scaling(&sizes, &all, 0.05).expect("slopes");
        assert_eq!((found.left_out, found.change.n), (3, 6));
        assert_eq!(scaling(&sizes, &all[..3], 0.05), None);
        assert_eq!(scaling(&[7.0; 3], &all[3..], 0.05), None);
    }
}
