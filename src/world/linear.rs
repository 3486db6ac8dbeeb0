//! Labelled points: x ~ N(0, I) in `dimension` dimensions, and y = x·w* + ε with ε ~ N(0, noise²).
//!
//! w* has length `norm` and a direction that `seed` decides, the same in all trials.
//! Exact: w* (for the excess risk), the density of point and label together, the moments of x.
//! Source: the linear model of Gerstgrasser et al. 2024 (arXiv 2404.01413).
//! Not to be confused with the family `linear`, which is fitted to it.

use super::{World, WorldError};
use crate::distribution::{Distribution, Inputs, Linear as Labelled, Regression};
use crate::numeric::bounded::{Count, NonNegative};
use crate::samples::{PointShape, Points};
use crate::stream::of_parameters;
use crate::theory::{Setting, Truth};
use ndarray::Array1;
use rand::RngExt;
use rand_distr::StandardNormal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Linear {
    /// d ≥ 1, the number of coordinates of x.
    pub dimension: Count,
    /// The standard deviation of the labels around x·w*.
    pub noise: NonNegative,
    /// ‖w*‖.
    pub norm: NonNegative,
    /// Decides the direction of w*.
    pub seed: u64,
}

impl Default for Linear {
    fn default() -> Self {
        let (noise, norm) = (NonNegative::literal(1.0), NonNegative::literal(1.0));
        Linear { dimension: Count::literal(10), noise, norm, seed: 0 }
    }
}

impl Linear {
    fn weights(&self) -> Array1<f64> {
        let mut rng = of_parameters(self.seed);
        let direction = (0..self.dimension.get()).map(|_| rng.sample::<f64, _>(StandardNormal));
        let direction: Array1<f64> = direction.collect();
        let length = direction.dot(&direction).sqrt();
        direction * (self.norm.get() / length)
    }
}

impl World<Points> for Linear {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        Ok(PointShape { dimension: self.dimension.get(), image: None, labelled: true })
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        let law = Regression { weights: self.weights(), noise: self.noise.get() };
        Ok(Box::new(Labelled::new(law, Inputs::Normal)))
    }

    fn describe(&self, setting: &mut Setting) {
        let dimension = self.dimension.get();
        setting.truth = Truth::Linear { dimension, noise_variance: self.noise.get().powi(2) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_turns_the_weights_and_keeps_their_length() {
        let with = |seed| Linear { seed, norm: NonNegative::literal(2.0), ..Linear::default() };
        let (a, b) = (with(0).weights(), with(1).weights());
        assert_ne!(a, b);
        assert_eq!(a, with(0).weights());
        assert!((a.dot(&a) - 4.0).abs() < 1e-12 && (b.dot(&b) - 4.0).abs() < 1e-12);
    }
}
