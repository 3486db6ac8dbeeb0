//! Waiting times: p(x) = rate·e^(−rate·x) for x ≥ 0.
//!
//! Exact: density, moments (mean 1/rate, variance 1/rate²), entropy, tail region (x ≥ −ln q / rate).
//! Source: one of the families of Dey & Donoho 2024 (arXiv 2410.22812).
//! Not to be confused with the family `exponential`, which is fitted to it.

use super::{World, WorldError};
use crate::distribution::{Distribution, Exponential as Times};
use crate::numeric::bounded::Positive;
use crate::samples::{PointShape, Points};
use crate::theory::{Setting, Truth};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exponential {
    /// One over the mean.
    pub rate: Positive,
}

impl Default for Exponential {
    fn default() -> Self {
        Exponential { rate: Positive::literal(1.0) }
    }
}

impl World<Points> for Exponential {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        Ok(PointShape { dimension: 1, image: None, labelled: false })
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        let rate = self.rate.get();
        let times = Times::of_mean(1.0 / rate).ok_or_else(|| WorldError {
            key: Some("rate"),
            reason: format!("a rate of {rate:e} has draws that overflow"),
            help: format!("choose a rate of at least {:e}", 1.0 / Times::LARGEST_MEAN),
        })?;
        Ok(Box::new(times))
    }

    fn describe(&self, setting: &mut Setting) {
        setting.truth = Truth::Exponential { rate: self.rate.get() };
    }
}
