//! Mass of the world on the token types that p_t cannot draw: Σ p*(i) over the i with p_t(i) = 0.
//!
//! The test error of a memoriser, which is right wherever it has seen the type and wrong elsewhere.
//! Unit: probability. Range: [0, 1]; target 0.
//! Under collapse: grows with every type that is lost, and stays where it is under regimes that keep
//! all real samples. Of n real draws its mean is Σp(1 − p)ⁿ, and of Zipf's law with p_r ∝ r^−β it
//! falls like n^−(β−1)/β.
//! Cost: O(types). Exact where p_t knows its frequencies, else of the draws, which miss rare types:
//! then it is that of a memoriser of the draws. Of tokens that depend on one another it looks at the
//! share of each type alone.
//! Source: Dohmatob et al. 2024 (arXiv 2402.07043), the test error of Hutter's model (arXiv 2102.04074).
//! Not to be confused with `support`, which counts lost types however rare, or with `tail-mass`, the
//! mass of p_t on types that are rare in the world.

use super::marginal::{self, Typed};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MissingMass {}

impl<S: Typed> Metric<S> for MissingMass {
    fn card(&self) -> Card {
        Card {
            symbol: "p*(p_t = 0)",
            unit: "probability",
            target: Target::Floor(0.0),
            cost: "O(types)",
            source: "Dohmatob et al. 2024",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        Reading::exact(between(&marginal::of_world(now)?, &marginal::of_model(now)?))
    }
}

/// Σ p over the types without mass in q.
pub fn between(p: &[f64], q: &[f64]) -> f64 {
    // 0 + : the sum of nothing is −0.
    0.0 + p.iter().zip(q).filter(|(_, q)| **q == 0.0).map(|(p, _)| p).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_samples, of_world};
    use super::*;
    use crate::distribution::{Finite, Types};
    use crate::samples::Tokens;

    fn world() -> Types {
        Types::new(&[4., 2., 1., 1.], 1).expect("some weight")
    }

    #[test]
    fn two_lost_types_miss_their_share_of_the_world_and_no_more() {
        let model = Types::new(&[0., 5., 1e-9, 0.], 1).expect("some weight");
        let reading = measure(&MissingMass {}, &world(), &model);
        assert_eq!(reading, Reading::exact(0.625));
        assert_eq!(of_world(&MissingMass {}, &world()), Reading::exact(0.0));
    }

    #[test]
    fn samples_miss_whatever_they_do_not_show() {
        let seen = Finite::new(Tokens::of_length(vec![0, 0, 2], 1, 4)).expect("three");
        assert_eq!(of_samples(&MissingMass {}, &world(), seen), Reading::exact(0.375));
    }
}
