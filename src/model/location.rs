//! A normal N(μ, sd²·I) of known scale, whose location is the mean or the median of the data.
//!
//! μ̂ = Σwx / Σw, or in every coordinate the weighted median (halfway between two where the weights
//! split evenly). Nothing but the location is learnt.
//! Under collapse: replace adds the estimator's variance once a generation (t times it after t
//! fits), accumulate at most π²/6 of it for the mean and for the median alike.
//! Cost: O(n d) for the mean, O(n d log n) for the median.
//! Source: Dey & Donoho 2024 (arXiv 2410.22812): efficient and inefficient estimators.
//! Not to be confused with `gaussian`, which learns its covariance.

use super::{Bench, Family, FitError, Kin};
use crate::distribution::Gaussian;
use crate::numeric::bounded::Positive;
use crate::samples::{Points, Samples, Scatter, TrainingSet};
use crate::stream::Stream;
use crate::theory::{Estimator, Setting};
use ndarray::{Array1, ArrayView1};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Location {
    /// What locates the data: "mean" or "median".
    pub estimator: Centre,
    /// The known standard deviation of every coordinate.
    pub sd: Positive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Centre {
    Mean,
    Median,
}

impl Default for Location {
    fn default() -> Self {
        Location { estimator: Centre::Mean, sd: Positive::literal(1.0) }
    }
}

impl Location {
    fn variance(&self) -> f64 {
        self.sd.get() * self.sd.get()
    }
}

impl Family for Location {
    type Data = Points;
    type Model = Gaussian;

    fn fit(
        &self,
        data: &TrainingSet<'_, Points>,
        _kin: Kin<'_, Gaussian>,
        _bench: &Bench<'_, Points>,
        _rng: &mut Stream,
    ) -> Result<Gaussian, FitError> {
        let located = match self.estimator {
            Centre::Mean => mean(data),
            Centre::Median => medians(data),
        };
        let family = "location";
        let location = located.ok_or(FitError::TooFew { family, needs: 1, got: 0 })?;
        if !location.iter().chain([&self.variance()]).all(|x| x.is_finite()) {
            return Err(FitError::NotFinite { family });
        }
        let image = data.example().and_then(Points::image);
        Ok(Gaussian::spherical(location, self.variance()).with_image(image))
    }

    fn describe(&self, setting: &mut Setting) {
        let variance = self.variance();
        setting.estimator = match self.estimator {
            Centre::Mean => Estimator::LocationMean { variance },
            Centre::Median => Estimator::LocationMedian { variance },
        };
    }
}

fn mean(data: &TrainingSet<'_, Points>) -> Option<Array1<f64>> {
    let scatter: Scatter = data.summary()?;
    (scatter.count > 0).then_some(scatter.mean)
}

fn medians(data: &TrainingSet<'_, Points>) -> Option<Array1<f64>> {
    let (points, weights) = data.gathered()?;
    if !points.is_finite() {
        return Some(Array1::from_elem(points.dimension(), f64::NAN));
    }
    let columns = points.values();
    let median = |column: ArrayView1<'_, f64>| match &weights {
        None => median(&mut column.to_vec()),
        Some(weights) => weighted_median(column.iter().copied().zip(weights.iter().copied())),
    };
    Some(columns.columns().into_iter().map(median).collect())
}

/// The median of at least one number.
fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    let odd = values.len() % 2 == 1;
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if odd { *upper } else { 0.5 * lower + 0.5 * *upper }
}

/// The number that has half of the weight on either side; halfway between two where both do.
fn weighted_median(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let mut pairs: Vec<(f64, f64)> = pairs.collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = 0.5 * pairs.iter().map(|pair| pair.1).sum::<f64>();
    // Weights have been rescaled, so even splits are even up to rounding.
    let rounding = 1e-12 * half;
    let mut before = 0.0;
    let mut lower = None;
    for (x, weight) in pairs {
        before += weight;
        match lower {
            Some(lower) => return 0.5 * lower + 0.5 * x,
            None if before > half + rounding => return x,
            None if before >= half - rounding => lower = Some(x),
            None => {}
        }
    }
    lower.unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_of_odd_and_even_numbers_by_hand() {
        assert_eq!(median(&mut [5., 1., 9.]), 5.0);
        assert_eq!(median(&mut [5., 1., 9., 6.]), 5.5);
        assert_eq!(median(&mut [f64::MAX, f64::MAX]), f64::MAX);
        assert_eq!(median(&mut [7.]), 7.0);
    }

    #[test]
    fn whole_weights_have_the_median_of_repeated_numbers() {
        for weights in [[1., 2., 1.], [2., 1., 1.], [1., 1., 3.], [1., 1., 2.]] {
            let values = [4.0, -1.0, 2.5];
            let repeat = |(x, w): (&f64, &f64)| vec![*x; *w as usize];
            let mut repeated: Vec<f64> = values.iter().zip(&weights).flat_map(repeat).collect();
            let scaled = values.iter().zip(&weights).map(|(x, w)| (*x, w * 0.3));
            assert_eq!(weighted_median(scaled), median(&mut repeated), "{weights:?}");
        }
    }
}
