//! Volume of p_t relative to the world: det Σ_t / det Σ*.
//!
//! Unit: none. Range: [0, ∞); target 1. It does not exist where Σ* is singular.
//! Under collapse: falls to 0, far faster than `spread` in many dimensions; it is 0 as soon as Σ_t
//! is singular, and so for any p_t known by at most d draws alone.
//! Its mean over trials is carried by rare runs: read the median.
//! Cost: O(d³); the moments are exact where p_t knows them, else one pass over the draws.
//! Source: Wilks 1932.
//! Not to be confused with `spread`, the ratio of traces.

use super::reference::{Located, model_moments, world_moments};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::linalg;
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct GeneralizedVariance {}

impl<S: Located> Metric<S> for GeneralizedVariance {
    fn card(&self) -> Card {
        Card {
            symbol: "det Σ_t / det Σ*",
            unit: "",
            target: Target::Value(1.0),
            cost: "O(d³), and O(n·d²) from draws",
            source: "Wilks 1932",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        let (model, world) = (model_moments(now)?, world_moments(now)?);
        Reading::exact(determinant_ratio(&model.covariance, &world.covariance)?)
    }
}

/// det A / det B, by logarithms: 0 where A is singular, `None` where B is.
pub fn determinant_ratio(a: &Array2<f64>, b: &Array2<f64>) -> Option<f64> {
    let reference = ln_determinant(b)?;
    if !a.iter().all(|x| x.is_finite()) {
        return None;
    }
    Some(ln_determinant(a).map_or(0.0, |ln| (ln - reference).exp()))
}

/// `None` where the matrix is singular.
fn ln_determinant(a: &Array2<f64>) -> Option<f64> {
    Some(2.0 * linalg::cholesky(a)?.diag().iter().map(|l| l.ln()).sum::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::arr2;

    #[test]
    fn determinants_beyond_the_range_of_numbers_have_a_ratio() {
        let tiny = Array2::from_diag_elem(64, 1e-12);
        let ratio = determinant_ratio(&(&tiny * 0.5), &tiny).expect("regular");
        assert!((ratio / 0.5f64.powi(64) - 1.0).abs() < 1e-9);
        assert_eq!(tiny.diag().product(), 0.0);
    }

    #[test]
    fn a_singular_model_has_no_volume_and_a_singular_world_no_ratio() {
        let (line, plane) = (arr2(&[[1.0, 2.0], [2.0, 4.0]]), arr2(&[[2.0, 1.0], [1.0, 2.0]]));
        assert_eq!(determinant_ratio(&line, &plane), Some(0.0));
        assert_eq!(determinant_ratio(&plane, &line), None);
        let zero = arr2(&[[0.0]]);
        assert_eq!(determinant_ratio(&zero, &arr2(&[[1.0]])), Some(0.0));
    }
}
