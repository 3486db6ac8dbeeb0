//! Equal spherical normals in the plane, their centres evenly spaced on a circle around the origin.
//!
//! p = (1/K)·Σ_k N(radius·(cos 2πk/K, sin 2πk/K), sd²·I). The covariance of the centres is radius²/2·I
//! from three modes on. A mode's ball has three sd; modes closer than six sd share ground.
//! Exact: density, moments, modes.
//! Source: the eight Gaussians of Metz et al. 2017 (arXiv 1611.02163).
//! Not to be confused with `circles`, whose mass lies on the whole circle.

use super::{World, WorldError, check_modes, describe_covariance};
use crate::distribution::{Distribution, NormalMixture};
use crate::numeric::bounded::{Count, Positive};
use crate::samples::{PointShape, Points};
use crate::theory::Setting;
use ndarray::arr1;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ring {
    /// The number of modes, all equally likely.
    #[schemars(range(max = super::MOST_MODES))]
    pub modes: Count,
    /// Distance of every mode from the origin.
    pub radius: Positive,
    /// Standard deviation of every mode on both coordinates.
    pub sd: Positive,
}

impl Default for Ring {
    fn default() -> Self {
        let (radius, sd) = (Positive::literal(2.0), Positive::literal(0.1));
        Ring { modes: Count::literal(8), radius, sd }
    }
}

impl Ring {
    fn mixture(&self) -> NormalMixture {
        let modes = self.modes.get();
        let angle = |k: usize| std::f64::consts::TAU * k as f64 / modes as f64;
        let radius = self.radius.get();
        let centre = |k: usize| arr1(&[radius * angle(k).cos(), radius * angle(k).sin()]);
        NormalMixture::of_modes((0..modes).map(centre).collect(), self.sd.get().powi(2))
    }
}

impl World<Points> for Ring {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        check_modes("modes", Some(self.modes.get()))?;
        Ok(PointShape { dimension: 2, image: None, labelled: false })
    }

    fn open(&self, folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        self.shape(folder)?;
        Ok(Box::new(self.mixture()))
    }

    fn describe(&self, setting: &mut Setting) {
        if self.shape(Path::new("")).is_ok() {
            describe_covariance(&self.mixture(), setting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check;

    #[test]
    fn the_covariance_is_half_the_squared_radius_and_the_modes_variance() {
        let moments = Ring::default().mixture().moments().expect("exact");
        assert!(moments.mean.iter().all(|m| m.abs() < 1e-15));
        assert!((moments.trace() - 2.0 * (2.0 + 0.01)).abs() < 1e-12);
        check::moments_agree(&Ring::default().mixture(), 40_000);
    }

    #[test]
    fn the_density_integrates_to_one_and_its_entropy_is_what_held_out_draws_cost() {
        let mixture = Ring::default().mixture();
        assert!((check::mass_in_square(&mixture, 3.0, 400) - 1.0).abs() < 1e-9);
        check::cross_entropy_is_the_grid_entropy(&mixture, 3.0, 400);
    }

    #[test]
    fn every_mode_holds_an_eighth_of_a_normals_mass_within_three_sd() {
        let (mixture, n) = (Ring::default().mixture(), 40_000);
        let draws = check::draws(&mixture, n);
        let modes = mixture.modes().expect("known");
        assert_eq!(modes.len(), 8);
        let p = (1.0 - (-4.5f64).exp()) / 8.0;
        for mode in modes {
            let share = draws.rows().filter(|x| mode.contains(x)).count() as f64 / n as f64;
            assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt());
        }
    }

    #[test]
    fn a_million_modes_are_refused() {
        let ring = Ring { modes: Count::literal(1_000_000), ..Ring::default() };
        assert_eq!(ring.open(Path::new("")).err().and_then(|e| e.key), Some("modes"));
    }
}
