//! Two interleaved half circles in the plane, equally likely, with normal noise.
//!
//! Upper (cos a, sin a), lower (1 − cos a, ½ − sin a), a uniform on [0, π]; N(0, noise²) on both
//! coordinates. With a noise of 0 all mass lies on a set of area zero, and there is no density.
//! Exact: density (by quadrature, relative error below 1e-9 near the moons), moments.
//! Source: scikit-learn's make_moons; Kazdan et al. 2025 (noise 0.05).
//! Not to be confused with `circles`, whose classes enclose one another.

use super::{World, WorldError, describe_covariance};
use crate::distribution::{Classes, Distribution, NoisyCurve};
use crate::numeric::bounded::NonNegative;
use crate::samples::{PointShape, Points};
use crate::theory::Setting;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Moons {
    /// Standard deviation of the noise on both coordinates.
    pub noise: NonNegative,
    /// Whether points carry labels: 0 the upper moon, 1 the lower one.
    pub labels: bool,
}

impl Default for Moons {
    fn default() -> Self {
        Moons { noise: NonNegative::literal(0.05), labels: false }
    }
}

impl Moons {
    fn classes(&self) -> Classes<NoisyCurve> {
        let moon = |curve| NoisyCurve::new(curve, (0.0, PI), 1.0, self.noise.get());
        let upper = moon(|a| [a.cos(), a.sin()]);
        let lower = moon(|a| [1.0 - a.cos(), 0.5 - a.sin()]);
        Classes::new(vec![upper, lower], self.labels)
    }
}

impl World<Points> for Moons {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        Ok(PointShape { dimension: 2, image: None, labelled: self.labels })
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        Ok(Box::new(self.classes()))
    }

    fn describe(&self, setting: &mut Setting) {
        if !self.labels {
            describe_covariance(&self.classes(), setting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check;

    #[test]
    fn the_density_integrates_to_one_and_its_entropy_is_what_held_out_draws_cost() {
        let classes = Moons::default().classes();
        assert!((check::mass_in_square(&classes, 2.5, 250) - 1.0).abs() < 1e-6);
        check::cross_entropy_is_the_grid_entropy(&classes, 2.5, 250);
    }

    #[test]
    fn the_centre_is_between_the_moons_and_draws_have_the_moments() {
        let classes = Moons::default().classes();
        let mean = classes.moments().expect("exact").mean;
        assert!((mean[0] - 0.5).abs() < 1e-12 && (mean[1] - 0.25).abs() < 1e-12);
        check::moments_agree(&classes, 40_000);
    }

    #[test]
    fn without_noise_there_is_no_density() {
        let still = Moons { noise: NonNegative::literal(0.0), labels: true }.classes();
        assert!(still.is_degenerate() && still.density().is_none());
    }
}
