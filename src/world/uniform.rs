//! Numbers that are uniform between two ends.
//!
//! p*(x) = 1/(high − low) for low ≤ x ≤ high.
//! Exact: density, moments, entropy. No number is less likely than another: the tail region is all.
//! Source: the truth that the family `spike` is consistent for, after Barzilai & Shamir 2025 (arXiv
//! 2505.19046).
//! Not to be confused with a grid, whose points are modes.

use super::{World, WorldError, describe_covariance};
use crate::distribution::{Distribution, Piece, Uniforms};
use crate::numeric::bounded::Finite;
use crate::samples::{PointShape, Points};
use crate::theory::Setting;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Uniform {
    /// The lower end.
    pub low: Finite,
    /// The upper end, above the lower one.
    pub high: Finite,
}

impl Default for Uniform {
    fn default() -> Self {
        Uniform { low: Finite::literal(0.0), high: Finite::literal(1.0) }
    }
}

impl Uniform {
    fn law(&self) -> Result<Uniforms, WorldError> {
        let (low, high) = (self.low.get(), self.high.get());
        if high - low > 0.0 && (high - low).is_finite() {
            return Ok(Uniforms::new(vec![Piece::new(1.0, low, high - low)]));
        }
        Err(WorldError {
            key: Some("high"),
            reason: format!("nothing lies between {low} and {high}"),
            help: "make `high` larger than `low`, by at most 1e308".into(),
        })
    }
}

impl World<Points> for Uniform {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        Ok(self.law()?.shape())
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        Ok(Box::new(self.law()?))
    }

    fn describe(&self, setting: &mut Setting) {
        if let Ok(law) = self.law() {
            describe_covariance(&law, setting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_that_leave_nothing_between_them_are_refused() {
        let world = |text: &str| toml::from_str::<Uniform>(text).expect("legal");
        let error = world("low = 2").open(Path::new("")).err().expect("empty");
        assert_eq!((error.key, &*error.reason), (Some("high"), "nothing lies between 2 and 1"));
        let law = world("low = -1\nhigh = 3").law().expect("legal");
        let moments = law.moments().expect("exact");
        assert_eq!((moments.mean[0], law.entropy()), (1.0, Some(4.0_f64.ln())));
        assert!((moments.trace() - 16.0 / 12.0).abs() < 1e-14);
    }
}
