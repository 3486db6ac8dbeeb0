//! Squared distance of the mean of p_t from the mean of the world: ‖μ_t − μ*‖².
//!
//! Unit: squared units of the data. Range: [0, ∞); target 0.
//! Under collapse: grows; replace with the biased variance saturates at tr Σ*, with the unbiased one
//! it diverges like t·trΣ*/n.
//! Cost: exact where p_t knows its moments, else one pass over the draws.
//! Source: Shumailov et al. 2024; Kazdan et al. 2025 (‖μ̂_t − μ₀‖²).
//! Not to be confused with `frechet`, which adds the distance of the covariances.

use super::reference::{Located, model_moments, world_moments};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MeanShift {}

impl<S: Located> Metric<S> for MeanShift {
    fn card(&self) -> Card {
        Card {
            symbol: "‖μ_t − μ*‖²",
            unit: "squared data units",
            target: Target::Floor(0.0),
            cost: "O(d), or O(n·d) from draws",
            source: "Shumailov et al. 2024",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        let (model, world) = (model_moments(now)?, world_moments(now)?);
        let shift = model.mean.iter().zip(&world.mean).map(|(a, b)| (a - b).powi(2)).sum();
        Reading::exact(shift)
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_samples, of_world};
    use super::*;
    use crate::distribution::{Finite, Gaussian};
    use crate::samples::Points;
    use ndarray::arr1;

    #[test]
    fn three_across_and_four_up_is_twenty_five() {
        let world = Gaussian::spherical(arr1(&[1.0, 1.0]), 1.0);
        let point = Gaussian::spherical(arr1(&[4.0, 5.0]), 0.0);
        assert_eq!(measure(&MeanShift {}, &world, &point), Reading::exact(25.0));
        assert_eq!(of_world(&MeanShift {}, &world), Reading::exact(0.0));
    }

    #[test]
    fn samples_and_tables_count_with_their_means() {
        let table = |values: &[f64]| Finite::new(Points::from_rows(values.to_vec(), 1));
        let world = table(&[0., 0., 3.]).expect("three");
        let reading = of_samples(&MeanShift {}, &world, table(&[2., 2., 5.]).expect("three"));
        assert_eq!(reading, Reading::exact(4.0));
    }
}
