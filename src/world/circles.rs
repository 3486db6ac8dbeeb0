//! Two circles around the origin in the plane, equally likely, with normal noise.
//!
//! Outer radius 1, inner radius `factor`, uniform in the angle; N(0, noise²) on both coordinates.
//! With a noise of 0 all mass lies on a set of area zero, and there is no density.
//! Exact: density (a Bessel function), moments.
//! Source: scikit-learn's make_circles; Kazdan et al. 2025 (noise 0.05).
//! Not to be confused with `ring`, whose mass sits in separate modes.

use super::{World, WorldError, describe_covariance};
use crate::distribution::{Classes, Distribution, NoisyCircle};
use crate::numeric::bounded::{Fraction, NonNegative};
use crate::samples::{PointShape, Points};
use crate::theory::Setting;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Circles {
    /// Standard deviation of the noise on both coordinates.
    pub noise: NonNegative,
    /// Radius of the inner circle; that of the outer is 1.
    pub factor: Fraction,
    /// Whether points carry labels: 0 the outer circle, 1 the inner one.
    pub labels: bool,
}

impl Default for Circles {
    fn default() -> Self {
        let (noise, factor) = (NonNegative::literal(0.05), Fraction::literal(0.8));
        Circles { noise, factor, labels: false }
    }
}

impl Circles {
    fn classes(&self) -> Classes<NoisyCircle> {
        let circle = |radius| NoisyCircle::new(radius, self.noise.get());
        Classes::new(vec![circle(1.0), circle(self.factor.get())], self.labels)
    }
}

impl World<Points> for Circles {
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
        let classes = Circles::default().classes();
        assert!((check::mass_in_square(&classes, 1.5, 200) - 1.0).abs() < 1e-6);
        check::cross_entropy_is_the_grid_entropy(&classes, 1.5, 200);
    }

    #[test]
    fn the_trace_is_the_mean_squared_radius_and_twice_the_noise() {
        let classes = Circles::default().classes();
        let trace = classes.moments().expect("exact").trace();
        assert!((trace - (0.5 * (1.0 + 0.64) + 2.0 * 0.0025)).abs() < 1e-12);
        check::moments_agree(&classes, 40_000);
    }

    #[test]
    fn without_noise_there_is_no_density() {
        let still = Circles { noise: NonNegative::literal(0.0), ..Circles::default() }.classes();
        assert!(still.is_degenerate() && still.density().is_none());
        assert!(check::draws(&still, 100).rows().all(|x| x[0].hypot(x[1]) > 0.79));
    }
}
