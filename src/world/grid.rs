//! Equal spherical normals in the plane on a square grid around the origin.
//!
//! Centres: spacing·(i − (side−1)/2, j − (side−1)/2), i and j = 0 … side−1. The total variance is
//! spacing²·(side² − 1)/6 + 2·sd²: 4.01 by default, of which 0.0098 within the modes. A mode's ball
//! has three sd; modes closer than six sd share ground.
//! Exact: density, moments, modes.
//! Source: Alemohammad et al. 2024 (arXiv 2307.01850), figure 14: 25 modes.
//! Not to be confused with `ring`, whose modes lie on a circle.

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
pub struct Grid {
    /// Modes along each side; their number is side².
    #[schemars(range(max = super::MOST_MODES.isqrt()))]
    pub side: Count,
    /// Distance between neighbouring modes.
    pub spacing: Positive,
    /// Standard deviation of every mode on both coordinates.
    pub sd: Positive,
}

impl Default for Grid {
    fn default() -> Self {
        let (spacing, sd) = (Positive::literal(1.0), Positive::literal(0.07));
        Grid { side: Count::literal(5), spacing, sd }
    }
}

impl Grid {
    fn mixture(&self) -> NormalMixture {
        let side = self.side.get();
        let at = |i: usize| self.spacing.get() * (i as f64 - 0.5 * (side - 1) as f64);
        let centre = |k: usize| arr1(&[at(k / side), at(k % side)]);
        let centres = (0..side * side).map(centre).collect();
        NormalMixture::of_modes(centres, self.sd.get().powi(2))
    }
}

impl World<Points> for Grid {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        check_modes("side", self.side.get().checked_mul(self.side.get()))?;
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
    fn the_default_is_the_published_layout() {
        let mixture = Grid::default().mixture();
        assert_eq!(mixture.modes().map(<[_]>::len), Some(25));
        let total = mixture.moments().expect("exact").trace();
        assert!((total - 4.0098).abs() < 1e-12);
        check::moments_agree(&mixture, 40_000);
    }

    #[test]
    fn the_density_integrates_to_one_and_its_entropy_is_what_held_out_draws_cost() {
        let mixture = Grid::default().mixture();
        assert!((check::mass_in_square(&mixture, 3.0, 300) - 1.0).abs() < 1e-9);
        check::cross_entropy_is_the_grid_entropy(&mixture, 3.0, 300);
    }

    #[test]
    fn a_side_whose_square_overflows_is_refused() {
        let grid = Grid { side: Count::literal(usize::MAX), ..Grid::default() };
        assert_eq!(grid.open(Path::new("")).err().and_then(|e| e.key), Some("side"));
    }
}
