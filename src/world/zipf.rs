//! Single tokens with Zipf–Mandelbrot frequencies: p_r ∝ 1 / (r + offset)^exponent, r = 1 … types.
//!
//! Exact: probabilities, entropy, rare types.
//! Source: Suresh et al. 2025 (arXiv 2412.17646) with (exponent, offset) = (1, 2.7) and (2, 5).
//! Not to be confused with natural text, whose tokens depend on one another.

use super::{World, WorldError, single_tokens};
use crate::distribution::{Distribution, Types};
use crate::numeric::bounded::{Count, NonNegative};
use crate::samples::{TokenShape, Tokens};
use crate::theory::{Setting, Truth};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Zipf {
    /// The number of types.
    #[schemars(range(max = super::MOST_TYPES))]
    pub types: Count,
    /// a ≥ 0; 0 is uniform.
    pub exponent: NonNegative,
    /// b ≥ 0, which flattens the head.
    pub offset: NonNegative,
}

impl Default for Zipf {
    fn default() -> Self {
        let (exponent, offset) = (NonNegative::literal(1.0), NonNegative::literal(2.7));
        Zipf { types: Count::literal(1000), exponent, offset }
    }
}

impl Zipf {
    fn weights(&self) -> Vec<f64> {
        let (a, b) = (self.exponent.get(), self.offset.get());
        (1..=self.types.get()).map(|rank| (rank as f64 + b).powf(-a)).collect()
    }

    fn types(&self) -> Result<Types, WorldError> {
        Types::new(&self.weights(), 1).ok_or_else(|| WorldError {
            key: Some("exponent"),
            reason: format!("an exponent of {:?} leaves no type any weight", self.exponent.get()),
            help: "choose a smaller exponent or offset".into(),
        })
    }
}

impl World<Tokens> for Zipf {
    fn shape(&self, _folder: &Path) -> Result<TokenShape, WorldError> {
        single_tokens(self.types.get())
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Tokens>>, WorldError> {
        Ok(Box::new(self.types()?))
    }

    fn describe(&self, setting: &mut Setting) {
        if let Ok(types) = self.types() {
            setting.truth = Truth::Categorical { probabilities: types.probabilities().to_vec() };
        }
    }
}
