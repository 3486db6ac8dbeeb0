//! Total variance of p_t relative to the world: tr Σ_t / tr Σ*.
//!
//! Unit: none. Range: [0, ∞); target 1.
//! Under collapse: falls to 0; growth instead is the mark of a kernel that is too wide.
//! Its mean over trials is carried by rare runs: read the median.
//! Cost: exact where p_t knows its moments, else one pass over the draws.
//! Source: Kazdan et al. 2025 (tr Σ̂_t / tr Σ₀).
//! Not to be confused with `generalized-variance`, the ratio of determinants.

use super::reference::{Located, model_moments, world_moments};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Spread {}

impl<S: Located> Metric<S> for Spread {
    fn card(&self) -> Card {
        Card {
            symbol: "tr Σ_t / tr Σ*",
            unit: "",
            target: Target::Value(1.0),
            cost: "O(d), or O(n·d) from draws",
            source: "Kazdan et al. 2025",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        Reading::exact(model_moments(now)?.trace() / world_moments(now)?.trace())
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
    fn half_the_variance_in_one_of_two_directions_is_three_quarters() {
        let world = Gaussian::spherical(arr1(&[0.0, 0.0]), 4.0);
        let flat = Gaussian::diagonal(arr1(&[9.0, 9.0]), arr1(&[4.0, 2.0]));
        assert_eq!(measure(&Spread {}, &world, &flat), Reading::exact(0.75));
        assert_eq!(of_world(&Spread {}, &world), Reading::exact(1.0));
    }

    #[test]
    fn a_point_mass_has_none_and_two_samples_have_the_variance_of_the_pair() {
        let world = Gaussian::spherical(arr1(&[0.0]), 4.0);
        let point = Gaussian::spherical(arr1(&[1.0]), 0.0);
        assert_eq!(measure(&Spread {}, &world, &point), Reading::exact(0.0));
        let pair = |a, b| Finite::new(Points::from_rows(vec![a, b], 1)).expect("two");
        assert_eq!(of_samples(&Spread {}, &world, pair(0.0, 4.0)), Reading::exact(1.0));
        assert_eq!(of_samples(&Spread {}, &world, pair(3.0, 3.0)), Reading::exact(0.0));
    }

    #[test]
    fn of_a_constant_world_there_is_no_share() {
        let constant = Finite::new(Points::from_rows(vec![1.0; 3], 1)).expect("three");
        assert_eq!(of_world(&Spread {}, &constant), None);
    }
}
