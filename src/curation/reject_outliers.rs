//! Drops samples that lie far from the founders.
//!
//! A sample survives if its Mahalanobis distance √((x−μ)ᵀΣ⁻¹(x−μ)) to the mean and (unbiased)
//! covariance of the founders is at most `distance`. Directions in which the founders do not vary
//! admit no deviation beyond rounding. A single founder has no covariance, and rejects nothing.
//! Under collapse: keeps models near the founders' bulk, at the price of their tails.
//! Cost: O(d²) per offered sample.
//! Source: Mahalanobis selection, as in Qiao et al. 2026 (arXiv 2606.13732).
//! Not to be confused with `likeliest`, which asks the model and not the founders.

use super::ellipsoid::Ellipsoid;
use super::{Curation, CurationBench, Draw};
use crate::numeric::bounded::Positive;
use crate::samples::{Points, Samples};
use crate::stream::Stream;
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
        let ellipsoid = bench.memo.get("ellipsoid of the founders", around);
        let Some(ellipsoid) = ellipsoid.as_ref() else { return offered };
        let reach = self.distance.get().powi(2);
        let inside = |i: &usize| ellipsoid.square_distance(offered.row(*i)) <= reach;
        let rows: Vec<usize> = (0..offered.len()).filter(inside).collect();
        offered.gather(&rows)
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::Gaussian;
    use ndarray::Array1;

    fn survivors(founders: &[f64], offered: &[f64], d: usize) -> Vec<f64> {
        let curator = RejectOutliers { distance: Positive::literal(1.0), ..Default::default() };
        let model = Gaussian::spherical(Array1::zeros(d), 1.0);
        let place = Place::new(&model, Points::from_rows(founders.to_vec(), d));
        let offered = Points::from_rows(offered.to_vec(), d);
        place.curate(&curator, offered).0.as_slice().to_vec()
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
