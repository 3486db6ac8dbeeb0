//! Equal spherical normals around centres that are drawn once, uniformly in a cube.
//!
//! The centres come from `seed` alone: founders, fresh draws and held-out samples of all trials share
//! them. A mode's ball has three sd; modes closer than six sd share ground.
//! Exact: density (with labels that of point and label), moments, modes.
//! Source: scikit-learn's make_blobs (two dimensions, three centres, box 10, sd 1); the blobs of
//! Kazdan et al. 2025, but with one set of centres for training and testing.
//! Not to be confused with make_blobs called twice, which makes two different worlds.

use super::{World, WorldError, check_modes, describe_covariance};
use crate::distribution::{Classes, Distribution, Gaussian, Mode, NormalMixture};
use crate::numeric::bounded::{Count, Positive};
use crate::samples::{PointShape, Points};
use crate::stream;
use crate::theory::Setting;
use ndarray::Array1;
use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Blobs {
    /// The number of blobs, all equally likely.
    #[schemars(range(max = super::MOST_MODES))]
    pub modes: Count,
    /// d ≥ 1.
    pub dimension: Count,
    /// Every coordinate of a centre is uniform between −box and box.
    pub r#box: Positive,
    /// Standard deviation of every blob on every coordinate.
    pub sd: Positive,
    /// Decides the centres; the same in all trials.
    pub seed: u32,
    /// Whether every point carries the number of its blob, from 0, as its label.
    pub labels: bool,
}

impl Default for Blobs {
    fn default() -> Self {
        let (modes, dimension) = (Count::literal(3), Count::literal(2));
        let (r#box, sd) = (Positive::literal(10.0), Positive::literal(1.0));
        Blobs { modes, dimension, r#box, sd, seed: 0, labels: false }
    }
}

impl Blobs {
    fn centres(&self) -> Vec<Array1<f64>> {
        let mut rng = stream::of_parameters(u64::from(self.seed));
        let mut uniform = || self.r#box.get() * (2.0 * rng.random::<f64>() - 1.0);
        let mut centre = || (0..self.dimension.get()).map(|_| uniform()).collect();
        (0..self.modes.get()).map(|_| centre()).collect()
    }

    fn mixture(&self) -> NormalMixture {
        NormalMixture::of_modes(self.centres(), self.sd.get().powi(2))
    }

    fn classes(&self) -> Classes<Gaussian> {
        let (sd, centres) = (self.sd.get(), self.centres());
        let modes = centres.iter().map(|c| Mode { centre: c.clone(), radius: 3.0 * sd }).collect();
        let parts = centres.into_iter().map(|centre| Gaussian::spherical(centre, sd * sd));
        Classes::new(parts.collect(), true).with_modes(modes)
    }
}

impl World<Points> for Blobs {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        check_modes("modes", Some(self.modes.get()))?;
        let dimension = self.dimension.get();
        Ok(PointShape { dimension, image: None, labelled: self.labels })
    }

    fn open(&self, folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        self.shape(folder)?;
        Ok(if self.labels { Box::new(self.classes()) } else { Box::new(self.mixture()) })
    }

    fn describe(&self, setting: &mut Setting) {
        if !self.labels && self.shape(Path::new("")).is_ok() {
            describe_covariance(&self.mixture(), setting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check;

    #[test]
    fn the_seed_alone_decides_the_centres() {
        let centres = |seed| Blobs { seed, ..Blobs::default() }.centres();
        assert_eq!(centres(3), centres(3));
        assert_ne!(centres(3), centres(4));
        assert!(centres(3).iter().flatten().all(|x| x.abs() <= 10.0));
        let more = Blobs { seed: 3, modes: Count::literal(5), ..Blobs::default() }.centres();
        assert_eq!(more[..3], centres(3));
    }

    #[test]
    fn draws_have_the_moments_and_held_out_draws_cost_the_entropy() {
        let mixture = Blobs::default().mixture();
        check::moments_agree(&mixture, 40_000);
        assert!((check::mass_in_square(&mixture, 16.0, 200) - 1.0).abs() < 1e-9);
        check::cross_entropy_is_the_grid_entropy(&mixture, 16.0, 200);
    }

    #[test]
    fn labels_number_the_blobs_and_change_nothing_else() {
        let plain = Blobs::default();
        let labelled = Blobs { labels: true, ..Blobs::default() };
        assert_eq!(plain.mixture().moments(), labelled.classes().moments());
        assert_eq!(plain.mixture().modes(), labelled.classes().modes());
        let draws = check::draws(&labelled.classes(), 3000);
        let labels = draws.labels().expect("labelled");
        let centres = plain.centres();
        for (k, centre) in centres.iter().enumerate() {
            let own: Vec<_> = draws.rows().zip(labels).filter(|(_, y)| **y == k as f64).collect();
            let mean = own.iter().map(|(x, _)| x[0]).sum::<f64>() / own.len() as f64;
            assert!((mean - centre[0]).abs() < 4.0 / (own.len() as f64).sqrt());
        }
    }
}
