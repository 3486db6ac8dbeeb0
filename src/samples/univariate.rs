//! Weighted sum and range of numbers: the sufficient statistic of a rate.

use super::{Additive, Points, Samples, Summary};

/// Σw, Σwx, and what says whether the numbers can be counts or durations.
///
/// Every coordinate counts as a number of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Univariate {
    pub count: usize,
    pub weight: f64,
    pub total: f64,
    /// The least number; infinite where there is none.
    pub least: f64,
    /// The first number that is not whole.
    pub broken: Option<f64>,
}

impl Univariate {
    /// Σwx / Σw.
    pub fn mean(&self) -> f64 {
        self.total / self.weight
    }
}

impl Summary<Points> for Univariate {
    type How = ();

    fn of(samples: &Points, (): &()) -> Self {
        let values = samples.as_slice();
        Univariate {
            count: samples.len(),
            weight: values.len() as f64,
            total: values.iter().sum(),
            least: values.iter().copied().fold(f64::INFINITY, f64::min),
            broken: values.iter().copied().find(|x| x.fract() != 0.0),
        }
    }
}

impl Additive for Univariate {
    fn scale(&mut self, weight: f64) {
        self.weight *= weight;
        self.total *= weight;
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.weight += other.weight;
        self.total += other.total;
        self.least = self.least.min(other.least);
        self.broken = self.broken.or(other.broken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_summaries_equal_the_summary_of_all() {
        let of = |values: &[f64]| Univariate::of(&Points::from_rows(values.to_vec(), 1), &());
        let mut merged = of(&[3., 1.]);
        merged.merge(&of(&[-2., 0.5]));
        assert_eq!(merged, of(&[3., 1., -2., 0.5]));
        assert_eq!((merged.least, merged.broken, merged.mean()), (-2.0, Some(0.5), 0.625));
    }

    #[test]
    fn a_whole_weight_counts_like_repeated_numbers() {
        let mut heavy = Univariate::of(&Points::from_rows(vec![4.], 1), &());
        heavy.scale(3.0);
        heavy.merge(&Univariate::of(&Points::from_rows(vec![0.], 1), &()));
        assert_eq!(heavy.mean(), 3.0);
    }
}
