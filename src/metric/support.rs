//! Share of the world's token types that survive in p_t.
//!
//! |{i: p*(i) > 0, p_t(i) > 0}| / |{i: p*(i) > 0}|.
//! Unit: none. Range: [0, 1]; target 1.
//! Under collapse: falls type by type, the rare ones first; a type that is lost comes back only
//! through real data or smoothing. Types that p_t invents do not count.
//! Cost: O(types). Exact where p_t knows its frequencies, else of the draws (which miss rare types).
//! Source: Suresh et al. 2025 (arXiv 2412.17646).
//! Not to be confused with `distinct`, which counts what is in a sample.

use super::{
    Card, Metric, Reading, Target,
    marginal::{self, Typed},
};
use crate::lineage::{Noise, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Support {}

impl<S: Typed> Metric<S> for Support {
    fn card(&self) -> Card {
        Card {
            symbol: "types alive",
            unit: "",
            target: Target::Most,
            cost: "O(types)",
            source: "Suresh et al. 2025",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        Reading::exact(share(&marginal::of_world(now)?, &marginal::of_model(now)?)?)
    }
}

/// The share of the types of p that have mass in q. `None` where p has none.
pub fn share(p: &[f64], q: &[f64]) -> Option<f64> {
    let types = p.iter().zip(q).filter(|(p, _)| **p > 0.0);
    let alive = types.clone().filter(|(_, q)| **q > 0.0).count() as f64;
    Some(alive / types.count() as f64).filter(|share| !share.is_nan())
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_samples, of_world};
    use super::*;
    use crate::distribution::{Finite, Types};
    use crate::samples::Tokens;

    fn world() -> Types {
        Types::new(&[5., 3., 1., 1., 0.], 1).expect("some weight")
    }

    #[test]
    fn three_of_four_types_survive_and_an_invented_one_does_not_count() {
        let model = Types::new(&[5., 0., 1., 1e-9, 3.], 1).expect("some weight");
        assert_eq!(measure(&Support {}, &world(), &model), Reading::exact(0.75));
        assert_eq!(of_world(&Support {}, &world()), Reading::exact(1.0));
    }

    #[test]
    fn fixation_leaves_one_of_four() {
        let fixed = Finite::new(Tokens::of_length(vec![1; 7], 1, 5)).expect("seven");
        assert_eq!(of_samples(&Support {}, &world(), fixed), Reading::exact(0.25));
    }
}
