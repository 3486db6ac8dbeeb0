//! Total variation distance of the type frequencies: ½ Σ |p*(i) − p_t(i)|.
//!
//! Unit: probability. Range: [0, 1]; target 0.
//! Under collapse: grows to the mass of all types but the one that is left.
//! Cost: O(types). Exact where p_t knows its frequencies, else of the draws. Of tokens that depend on
//! one another it compares the share of each type and sees no order.
//! Source: Levin, Peres and Wilmer 2009.
//! Not to be confused with the L1 distance, which is twice as large.

use super::{
    Card, Metric, Reading, Target,
    marginal::{self, Typed},
};
use crate::lineage::{Noise, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TotalVariation {}

impl<S: Typed> Metric<S> for TotalVariation {
    fn card(&self) -> Card {
        Card {
            symbol: "TV(p*, p_t)",
            unit: "probability",
            target: Target::Floor(0.0),
            cost: "O(types)",
            source: "Levin, Peres and Wilmer 2009",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        Reading::exact(between(&marginal::of_world(now)?, &marginal::of_model(now)?))
    }
}

/// ½ Σ |p − q|.
pub fn between(p: &[f64], q: &[f64]) -> f64 {
    0.5 * p.iter().zip(q).map(|(p, q)| (p - q).abs()).sum::<f64>()
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
    fn a_fixated_law_is_as_far_as_all_that_it_lost() {
        let reading = measure(&TotalVariation {}, &types(&[1., 1., 2.]), &types(&[1., 0., 0.]));
        assert_eq!(reading, Reading::exact(0.75));
        let zero = of_world(&TotalVariation {}, &types(&[1., 1., 2.]));
        assert_eq!(zero, Reading::exact(0.0));
    }

    #[test]
    fn samples_count_with_their_frequencies_and_a_corpus_with_all_of_its_tokens() {
        let text = Tokens::ragged(vec![0, 0, 0, 1], vec![1, 4], 2);
        let even = types(&[1., 1.]);
        let found = of_samples(&TotalVariation {}, &even, Finite::new(text.clone()).expect("two"));
        assert_eq!(found, Reading::exact(0.25));
        let corpus = Finite::new(text).expect("two");
        assert_eq!(measure(&TotalVariation {}, &corpus, &even), Reading::exact(0.25));
    }
}
