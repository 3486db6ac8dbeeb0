//! Drops samples that lie far from the founders.
//!
//! A sample survives if its Mahalanobis distance √((x−μ)ᵀΣ⁻¹(x−μ)) to the mean and (unbiased)
//! covariance of the founders is at most `distance`. Directions in which the founders do not vary
//! admit no deviation beyond rounding. A single founder has no covariance, and rejects nothing.
//! Under collapse: keeps models near the founders' bulk, at the price of their tails.
//! Cost: O(d²) per offered sample.
//! Source: Mahalanobis selection, as in Qiao et al. 2026 (arXiv 2606.13732).
//! Not to be confused with `likeliest`, which asks the model and not the founders.

use super::{Curation, CurationBench, Draw};
use crate::distribution::Moments;
use crate::numeric::bounded::Positive;
use crate::numeric::linalg;
use crate::samples::{Points, Samples};
use crate::stream::Stream;
use ndarray::{Array1, Array2, ArrayView1};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RejectOutliers {
    /// The largest Mahalanobis distance that survives.
    pub distance: Positive,
    /// "kept": draw until the schedule's number survives; "offspring": draw that number.
    pub draw: Draw,
}

impl Default for RejectOutliers {
    fn default() -> Self {
        RejectOutliers { distance: Positive::literal(3.0), draw: Draw::Kept }
    }
}

/// The founders' mean, and their axes with the deviation along each.
struct Ellipsoid {
    mean: Array1<f64>,
    axes: Array2<f64>,
    deviations: Array1<f64>,
}

impl Ellipsoid {
    fn around(founders: &Points) -> Option<Self> {
        let Moments { mean, covariance } = Moments::of(founders)?;
        let (variances, axes) = linalg::symmetric_eigen(&covariance)?;
        Some(Ellipsoid { mean, axes, deviations: variances.mapv(|v| v.max(0.0).sqrt()) })
    }

    fn square_distance(&self, x: &[f64]) -> f64 {
        let along = (&ArrayView1::from(x) - &self.mean).dot(&self.axes);
        let widest = self.deviations.iter().copied().fold(0.0, f64::max);
        // What rounding leaves of a constant: it grows with the constant.
        let rounding = 64.0 * f64::EPSILON * self.mean.dot(&self.mean).sqrt();
        let flat = rounding.max(1e-7 * widest);
        let slack = (16.0 * rounding).max(1e-6 * widest);
        let term = |(a, s): (&f64, &f64)| match *s > flat {
            true => (a / s).powi(2),
            false if a.abs() <= slack => 0.0,
            false => f64::INFINITY,
        };
        along.iter().zip(&self.deviations).map(term).sum()
    }
}

impl Curation<Points> for RejectOutliers {
    fn draw(&self) -> Draw {
        self.draw
    }

    fn curate(
        &self,
        offered: Points,
        bench: &CurationBench<'_, Points>,
        _rng: &mut Stream,
    ) -> Points {
        let around = || Ellipsoid::around(bench.founders);
        let ellipsoid = bench.memo.get("reject-outliers", around);
        let Some(ellipsoid) = ellipsoid.as_ref() else { return offered };
        let reach = self.distance.get().powi(2);
        let inside = |i: &usize| ellipsoid.square_distance(offered.row(*i)) <= reach;
        let rows: Vec<usize> = (0..offered.len()).filter(inside).collect();
        offered.gather(&rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Gaussian;
    use crate::numeric::memo::Memo;
    use crate::stream::{Role, stream};

    fn survivors(founders: &[f64], offered: &[f64], d: usize) -> Vec<f64> {
        let curator = RejectOutliers { distance: Positive::literal(1.0), ..Default::default() };
        let model = Gaussian::spherical(Array1::zeros(d), 1.0);
        let (founders, memo) = (Points::from_rows(founders.to_vec(), d), Memo::default());
        let bench = CurationBench { model: &model, founders: &founders, memo: &memo };
        let mut rng = stream(1, 0, 1, Role::curate("reject-outliers", 0));
        let offered = Points::from_rows(offered.to_vec(), d);
        curator.curate(offered, &bench, &mut rng).as_slice().to_vec()
    }

    #[test]
    fn what_lies_within_one_deviation_of_the_founders_survives() {
        // Mean 2, unbiased variance 4.
        assert_eq!(survivors(&[0., 2., 4.], &[4.1, 3.9, 2., 0.1, -0.1], 1), [3.9, 2., 0.1]);
    }

    #[test]
    fn founders_without_any_variance_admit_their_own_value_up_to_rounding() {
        let kept = survivors(&[0.1, 0.1, 0.1], &[0.1, 0.1 + 1e-17, 0.2, 0.1001], 1);
        assert_eq!(kept, [0.1, 0.1 + 1e-17]);
        assert_eq!(survivors(&[0., 0.], &[0., 1e-9], 1), [0.]);
    }

    #[test]
    fn a_direction_in_which_founders_do_not_vary_admits_no_deviation() {
        let founders = [1., 5., 2., 5., 3., 5.];
        assert_eq!(survivors(&founders, &[2.5, 5., 2.5, 5.1, 9., 5.], 2), [2.5, 5.]);
    }

    #[test]
    fn a_single_founder_rejects_nothing() {
        assert_eq!(survivors(&[3.], &[-9., 9.], 1), [-9., 9.]);
    }
}
