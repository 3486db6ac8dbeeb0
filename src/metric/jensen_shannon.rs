//! Jensen–Shannon divergence of the type frequencies: ½ KL(p*‖m) + ½ KL(p_t‖m), m = (p* + p_t)/2.
//!
//! Unit: nats. Range: [0, ln 2]; target 0.
//! Under collapse: grows, and stays finite whatever p_t has lost.
//! Cost: O(types). Exact where p_t knows its frequencies, else of the draws. Of tokens that depend on
//! one another it compares the share of each type and sees no order.
//! Source: Lin 1991.
//! Not to be confused with the Jensen–Shannon distance, its square root, or its value in bits.

use super::kl::between_laws;
use super::{
    Card, Metric, Reading, Target,
    marginal::{self, Typed},
};
use crate::lineage::{Noise, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct JensenShannon {}

impl<S: Typed> Metric<S> for JensenShannon {
    fn card(&self) -> Card {
        Card {
            symbol: "JS(p*, p_t)",
            unit: "nats",
            target: Target::Floor(0.0),
            cost: "O(types)",
            source: "Lin 1991",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        Reading::exact(between(&marginal::of_world(now)?, &marginal::of_model(now)?))
    }
}

/// ½ KL(p‖m) + ½ KL(q‖m) with m = (p + q)/2.
pub fn between(p: &[f64], q: &[f64]) -> f64 {
    let middle: Vec<f64> = p.iter().zip(q).map(|(p, q)| 0.5 * p + 0.5 * q).collect();
    0.5 * (between_laws(p, &middle) + between_laws(q, &middle))
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_world};
    use super::*;
    use crate::distribution::Types;
    use std::f64::consts::LN_2;

    fn types(weights: &[f64]) -> Types {
        Types::new(weights, 1).expect("some weight")
    }

    #[test]
    fn laws_without_a_common_type_are_ln_two_apart() {
        let reading = measure(&JensenShannon {}, &types(&[1., 0.]), &types(&[0., 1.]));
        assert!((reading.expect("exact").value - LN_2).abs() < 1e-15);
        assert_eq!(of_world(&JensenShannon {}, &types(&[1., 3.])), Reading::exact(0.0));
    }

    #[test]
    fn a_lost_type_by_hand() {
        // p = (½, ½), q = (1, 0), m = (¾, ¼): ½ (½ ln ⅔ + ½ ln 2) + ½ ln 4/3
        let reading = measure(&JensenShannon {}, &types(&[1., 1.]), &types(&[1., 0.]));
        let expected = 0.25 * (4.0_f64 / 3.0).ln() + 0.5 * (4.0_f64 / 3.0).ln();
        assert!((reading.expect("exact").value - expected).abs() < 1e-15);
    }
}
