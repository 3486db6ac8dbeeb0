//! Counts: whole numbers k from 0 with p(k) = rate^k·e^(−rate) / k!, kept as points on a line.
//!
//! Exact: probabilities, moments (mean = variance = rate), Shannon entropy, tail region (the least
//! likely counts whose total mass is at most q).
//! Source: Suresh et al. 2025 (arXiv 2412.17646).
//! Not to be confused with the family `poisson`, which is fitted to it.

use super::{World, WorldError};
use crate::distribution::{Distribution, Poisson as Counts};
use crate::numeric::bounded::Positive;
use crate::samples::{PointShape, Points};
use crate::theory::{Setting, Truth};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Poisson {
    /// The mean count.
    #[schemars(range(max = Counts::LARGEST_RATE))]
    pub rate: Positive,
}

impl Default for Poisson {
    fn default() -> Self {
        Poisson { rate: Positive::literal(1.0) }
    }
}

impl World<Points> for Poisson {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        Ok(PointShape { dimension: 1, image: None, labelled: false })
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        let rate = self.rate.get();
        let counts = Counts::new(rate).ok_or_else(|| WorldError {
            key: Some("rate"),
            reason: format!("counts of mean {rate:e} are too large to be drawn"),
            help: format!("choose a rate of at most {:e}", Counts::LARGEST_RATE),
        })?;
        Ok(Box::new(counts))
    }

    fn describe(&self, setting: &mut Setting) {
        setting.truth = Truth::Poisson { rate: self.rate.get() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_that_cannot_be_drawn_is_refused_with_the_largest() {
        let world = Poisson { rate: Positive::literal(1e30) };
        let error = world.open(Path::new(".")).err().expect("too large");
        assert_eq!(error.key, Some("rate"));
        assert!(error.help.contains("1.844e19"), "{}", error.help);
    }
}
