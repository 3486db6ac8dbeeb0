//! An isotropic normal N(mean·1, sd²·I) in `dimension` dimensions.
//!
//! Exact: density, moments, entropy, tail region (a χ² quantile).
//! Source: the standard test bed of Shumailov et al. 2024 and Kazdan et al. 2025.
//! Not to be confused with the family `gaussian`, which is fitted to it.

use super::{World, WorldError};
use crate::distribution::{Distribution, Gaussian};
use crate::numeric::bounded::{Count, Finite, Positive};
use crate::samples::{PointShape, Points};
use crate::theory::{Setting, Truth};
use ndarray::Array1;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Normal {
    /// d ≥ 1.
    pub dimension: Count,
    /// Every coordinate's mean.
    pub mean: Finite,
    /// Every coordinate's standard deviation.
    pub sd: Positive,
}

impl Default for Normal {
    fn default() -> Self {
        let (mean, sd) = (Finite::literal(0.0), Positive::literal(1.0));
        Normal { dimension: Count::literal(1), mean, sd }
    }
}

impl Normal {
    fn variance(&self) -> f64 {
        self.sd.get() * self.sd.get()
    }
}

impl World<Points> for Normal {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        Ok(PointShape { dimension: self.dimension.get(), image: None, labelled: false })
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        let mean = Array1::from_elem(self.dimension.get(), self.mean.get());
        Ok(Box::new(Gaussian::spherical(mean, self.variance())))
    }

    fn describe(&self, setting: &mut Setting) {
        let dimension = self.dimension.get();
        setting.truth = Truth::Normal { dimension, variance: self.variance() };
    }
}
