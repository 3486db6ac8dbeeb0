//! Single tokens with given frequencies: all types equally likely, or in proportion to `weights`.
//!
//! Exact: probabilities, entropy, rare types.
//! Source: ten equally likely types are the discrete case of Kazdan et al. 2025, where replacement
//! fixates after about 1.9·n generations.
//! Not to be confused with the family `categorical`, which is fitted to it.

use super::{World, WorldError, single_tokens};
use crate::distribution::{Distribution, Types};
use crate::numeric::bounded::{Count, NonNegative};
use crate::samples::{TokenShape, Tokens};
use crate::theory::{Setting, Truth};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Written", rename_all = "kebab-case")]
pub struct Categorical {
    /// The number of types: 10, or as many as there are weights.
    pub types: Count,
    /// The relative frequency of each type, at least 0; left out: all equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<NonNegative>>,
}

/// What a file says, before the number of types follows from it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    #[schemars(range(max = super::MOST_TYPES))]
    types: Option<Count>,
    #[schemars(length(min = 1))]
    weights: Option<Vec<NonNegative>>,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
enum Contradiction {
    #[error("`types` says {types}, but there are {weights} weights; leave `types` out")]
    Numbers { types: usize, weights: usize },
    #[error("`weights` is empty; give each type its weight, or leave `weights` out")]
    Empty,
}

impl TryFrom<Written> for Categorical {
    type Error = Contradiction;

    fn try_from(Written { types, weights }: Written) -> Result<Self, Contradiction> {
        let given = weights.as_ref().map(Vec::len);
        let types = match (types, given) {
            (Some(types), Some(weights)) if types.get() != weights => {
                return Err(Contradiction::Numbers { types: types.get(), weights });
            }
            (_, Some(weights)) => Count::new(weights).map_err(|_| Contradiction::Empty)?,
            (types, None) => types.unwrap_or(Count::literal(10)),
        };
        Ok(Categorical { types, weights })
    }
}

impl Categorical {
    fn law(&self) -> Result<Types, WorldError> {
        let weights = match &self.weights {
            Some(weights) => weights.iter().map(|weight| weight.get()).collect(),
            None => vec![1.0; self.types.get()],
        };
        Types::new(&weights, 1).ok_or_else(|| WorldError {
            key: Some("weights"),
            reason: "no type has any weight that counts".into(),
            help: "give at least one type a weight above 0, and none beyond 1e300".into(),
        })
    }
}

impl World<Tokens> for Categorical {
    fn shape(&self, _folder: &Path) -> Result<TokenShape, WorldError> {
        single_tokens(self.types.get())
    }

    fn open(&self, folder: &Path) -> Result<Box<dyn Distribution<Tokens>>, WorldError> {
        self.shape(folder)?;
        Ok(Box::new(self.law()?))
    }

    fn describe(&self, setting: &mut Setting) {
        if let (Ok(_), Ok(law)) = (self.shape(Path::new("")), self.law()) {
            setting.truth = Truth::Categorical { probabilities: law.probabilities().to_vec() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Categorical, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn ten_equal_types_are_the_default_and_weights_bring_their_own_number() {
        let law = read("").expect("legal").law().expect("some weight");
        assert_eq!(law.probabilities(), [0.1; 10]);
        let weighted = read("weights = [1, 3, 0]").expect("legal");
        assert_eq!(weighted.types.get(), 3);
        assert_eq!(weighted.law().expect("some weight").probabilities(), [0.25, 0.75, 0.0]);
    }

    #[test]
    fn what_was_read_is_read_again_as_the_same() {
        for text in ["", "types = 4", "weights = [1, 2]"] {
            let first = toml::to_string(&read(text).expect("legal")).expect("text");
            let second = toml::to_string(&read(&first).expect("legal")).expect("text");
            assert_eq!(first, second);
        }
    }

    #[test]
    fn contradictions_are_errors() {
        let message = |text| read(text).expect_err("illegal").to_string();
        assert!(message("types = 3\nweights = [1, 2]").contains("there are 2 weights"));
        assert!(message("weights = []").contains("`weights` is empty"));
        assert!(message("weights = [-1]").contains("at least 0, got -1"));
        assert!(message("weigths = [1]").contains("unknown field `weigths`"));
        let none = read("weights = [0, 0]").expect("legal to write").law();
        assert_eq!(none.err().and_then(|error| error.key), Some("weights"));
    }
}
