//! Expected squared error of a linear model beyond the best one: E(x·ŵ − x·w*)² = ‖ŵ − w*‖².
//!
//! For inputs x ~ N(0, I). Unit: squared units of the label. Range: [0, ∞); target 0.
//! Under collapse: grows linearly in t under replace, stays bounded under accumulate.
//! Cost: O(d), exact. Empty unless world and p_t are linear regressions.
//! Source: Gerstgrasser et al. 2024; Dohmatob et al. 2024 (arXiv 2402.07712, linear regression).
//! Not to be confused with the test error, which adds the noise of the label.

use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExcessRisk {}

impl Metric<Points> for ExcessRisk {
    fn card(&self) -> Card {
        Card {
            symbol: "‖ŵ_t − w*‖²",
            unit: "squared label units",
            target: Target::Floor(0.0),
            cost: "O(d)",
            source: "Gerstgrasser et al. 2024",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let (model, world) = (now.model.regression()?, now.truth.world().regression()?);
        let gaps = model.weights.iter().zip(&world.weights).map(|(a, b)| (a - b).powi(2));
        Reading::exact(gaps.sum())
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_world};
    use super::*;
    use crate::distribution::{Distribution, Gaussian, Regression};
    use crate::samples::PointShape;
    use crate::stream::Stream;
    use ndarray::{Array1, arr1};

    struct Line(Regression);

    impl Distribution<Points> for Line {
        fn draw(&self, n: usize, _rng: &mut Stream) -> Points {
            Points::from_rows(vec![0.0; n * 2], 2).with_labels(vec![0.0; n])
        }
        fn shape(&self) -> PointShape {
            PointShape { dimension: 2, image: None, labelled: true }
        }
        fn regression(&self) -> Option<&Regression> {
            Some(&self.0)
        }
    }

    fn line(weights: Array1<f64>) -> Line {
        Line(Regression { weights, noise: 1.0 })
    }

    #[test]
    fn weights_off_by_three_and_four_cost_twenty_five() {
        let reading = measure(&ExcessRisk {}, &line(arr1(&[1., 1.])), &line(arr1(&[4., -3.])));
        assert_eq!(reading, Reading::exact(25.0));
        assert_eq!(of_world(&ExcessRisk {}, &line(arr1(&[1., 1.]))), Reading::exact(0.0));
    }

    #[test]
    fn without_a_regression_there_is_no_risk() {
        let normal = Gaussian::spherical(arr1(&[0., 0.]), 1.0);
        assert_eq!(measure(&ExcessRisk {}, &line(arr1(&[1., 1.])), &normal), None);
    }
}
