//! Keeps the samples nearest to a fixed place.
//!
//! Of m offered samples the round(keep·m) (at least one) with the least Mahalanobis distance
//! √((x−c)ᵀΣ⁻¹(x−c)) to the centre c survive, in their order; ties go to the earlier. Σ is the
//! covariance (unbiased) of the founders: a multiple of it chooses the same samples. A single founder
//! has no covariance, and distances are Euclidean. Without a centre, c is the founders' mean.
//! Under collapse: biased selection; it shrinks the variance each generation and draws the mean to c,
//! and accumulating data no longer stops the collapse.
//! Cost: O(d²) per offered sample.
//! Source: Qiao et al. 2026 (arXiv 2606.13732): a tenth is kept, around a biased centre.
//! Not to be confused with `reject-outliers`, which keeps whatever lies within a fixed distance.

use super::centre::Centre;
use super::ellipsoid::Ellipsoid;
use super::{Curation, CurationBench, Draw, rank};
use crate::model::Misfit;
use crate::numeric::bounded::Share;
use crate::samples::{PointShape, Points, Samples};
use crate::stream::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Nearest {
    /// The place: a list of one number for all coordinates or of one for each; [] is the founders' mean.
    pub centre: Centre,
    /// The share that survives, 0 < keep ≤ 1.
    pub keep: Share,
    /// "kept": draw enough that the schedule's number survives; "offspring": draw that number.
    pub draw: Draw,
}

impl Default for Nearest {
    fn default() -> Self {
        Nearest { centre: Centre::default(), keep: Share::literal(0.1), draw: Draw::Kept }
    }
}

impl Curation<Points> for Nearest {
    fn draws(&self, n: usize) -> usize {
        self.draw.offers(n, self.keep.get())
    }

    fn draw(&self) -> Draw {
        self.draw
    }

    fn check(&self, shape: &PointShape) -> Result<(), Misfit> {
        self.centre.check("nearest", shape)
    }

    fn curate(
        &self,
        offered: Points,
        bench: &CurationBench<'_, Points>,
        _rng: &mut Stream,
    ) -> Points {
        let around = || Ellipsoid::around(bench.founders);
        let ellipsoid = bench.memo.get("ellipsoid of the founders", around);
        let centre = self.centre.or_mean_of(bench.founders);
        let far: Vec<f64> = match ellipsoid.as_ref() {
            Some(ellipsoid) => {
                let here = ellipsoid.at(centre);
                offered.rows().map(|x| here.square_distance(x)).collect()
            }
            None => {
                let square = |x: &[f64]| x.iter().zip(&centre).map(|(a, b)| (a - b).powi(2)).sum();
                offered.rows().map(square).collect()
            }
        };
        let near: Vec<f64> = far.into_iter().map(|square: f64| -square).collect();
        let mut rows = rank::highest_first(&near);
        rows.truncate(rank::part(self.keep.get(), offered.len()).max(1));
        rank::survivors(&offered, rows)
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::Gaussian;
    use ndarray::arr1;

    fn survivors(table: &str, founders: Vec<f64>, offered: Vec<f64>) -> Vec<f64> {
        let curator: Nearest = toml::from_str(table).expect("legal");
        let model = Gaussian::spherical(arr1(&[0.0, 0.0]), 1.0);
        let place = Place::new(&model, Points::from_rows(founders, 2));
        place.curate(&curator, Points::from_rows(offered, 2)).0.as_slice().to_vec()
    }

    #[test]
    fn distances_count_in_deviations_of_the_founders() {
        // Deviations 2 and 1: (3, 0) is nearer than (0, 2).
        let founders = vec![2., 0., -2., 0., 0., 1., 0., -1.];
        let offered = vec![0., 2., 3., 0.];
        assert_eq!(survivors("keep = 0.5", founders.clone(), offered.clone()), [3., 0.]);
        let moved = survivors("keep = 0.5\ncentre = [0, 2]", founders, offered);
        assert_eq!(moved, [0., 2.]);
    }

    #[test]
    fn one_founder_measures_with_a_plain_ruler() {
        let kept =
            survivors("keep = 0.3\ncentre = [1]", vec![9., 9.], vec![0., 2., 1., 1., 3., 3.]);
        assert_eq!(kept, [1., 1.]);
    }

    #[test]
    fn a_centre_of_another_dimension_is_refused_with_both() {
        let curator: Nearest = toml::from_str("centre = [1, 2, 3]").expect("legal");
        let shape = PointShape { dimension: 2, image: None, labelled: false };
        let misfit = curator.check(&shape).expect_err("three for two");
        assert!(misfit.reason.contains("has 3 numbers, the points have 2"), "{misfit}");
    }
}
