//! The chance that two tokens of p_t differ in type: 1 − Σp².
//!
//! Unit: probability. Range: [0, 1 − 1/types]; target: the world's value.
//! Under collapse: its mean falls by exactly (1 − 1/n) a generation under replace; 0 is fixation.
//! Cost: O(types). Exact where p_t knows its frequencies, else of the draws. Of tokens that depend on
//! one another: of two tokens taken from anywhere.
//! Source: population genetics (Wright–Fisher); Seddik et al. 2024 (S_m = Σp²).
//! Not to be confused with `entropy`, which weighs rare types more.

use super::{
    Card, Metric, Reading, Target,
    marginal::{self, Typed},
};
use crate::lineage::{Noise, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Heterozygosity {}

impl<S: Typed> Metric<S> for Heterozygosity {
    fn card(&self) -> Card {
        Card {
            symbol: "1 − Σp²",
            unit: "probability",
            target: Target::World,
            cost: "O(types)",
            source: "Seddik et al. 2024",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        Reading::exact(of_law(&marginal::of_model(now)?))
    }
}

/// 1 − Σp², not below 0.
pub fn of_law(p: &[f64]) -> f64 {
    (1.0 - p.iter().map(|p| p * p).sum::<f64>()).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_samples, of_world};
    use super::*;
    use crate::distribution::{Finite, Types};
    use crate::samples::Tokens;

    fn types(weights: &[f64]) -> Types {
        Types::new(weights, 1).expect("some weight")
    }

    #[test]
    fn a_half_and_two_quarters_differ_in_five_of_eight_pairs() {
        let reading = measure(&Heterozygosity {}, &types(&[1., 1., 0.]), &types(&[2., 1., 1.]));
        assert_eq!(reading, Reading::exact(0.625));
        assert_eq!(of_world(&Heterozygosity {}, &types(&[1., 1., 0.])), Reading::exact(0.5));
    }

    #[test]
    fn fixation_has_none_and_samples_have_that_of_their_frequencies() {
        let fixed = measure(&Heterozygosity {}, &types(&[1., 1.]), &types(&[0., 7.]));
        assert_eq!(fixed, Reading::exact(0.0));
        let text = Finite::new(Tokens::of_length(vec![0, 1, 1, 1], 2, 2)).expect("text");
        let reading = of_samples(&Heterozygosity {}, &types(&[1., 1.]), text);
        assert_eq!(reading, Reading::exact(0.375));
    }
}
