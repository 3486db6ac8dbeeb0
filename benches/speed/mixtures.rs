//! Expectation-maximisation from given means, and draws of the fit.

use crate::clock::seconds;
use crate::peers::read_points;
use model_collapse::distribution::{Density, Distribution};
use model_collapse::model::mixture::{Fit, Mixture, Origin};
use model_collapse::numeric::bounded::{Count, NonNegative};
use model_collapse::samples::{Points, Samples};
use model_collapse::stream::{Role, stream};
use ndarray::Array2;
use std::path::Path;

/// Data and starting means, as the peers have them.
pub struct Work {
    points: Points,
    means: Array2<f64>,
    family: Mixture,
}

impl Work {
    pub fn read(folder: &Path) -> Self {
        let means = read_points(&folder.join("means.csv")).values().to_owned();
        let family = Mixture {
            components: Count::new(means.nrows()).expect("some"),
            tolerance: NonNegative::literal(1e-6),
            iterations: Count::literal(10_000),
            covariance_floor: NonNegative::literal(1e-6),
            ..Mixture::default()
        };
        Work { points: read_points(&folder.join("x.csv")), means, family }
    }

    pub fn fit(&self) -> Fit {
        let (origin, rng) = (Origin::Means(&self.means), &mut stream(1, 0, 1, Role::FIT));
        self.family.fit_from(&self.points, None, origin, rng).expect("a member")
    }

    /// Seconds of a fit and as many draws as there are data.
    pub fn seconds(&self) -> f64 {
        let rng = &mut stream(1, 0, 1, Role::DRAW);
        seconds(|| self.fit().model.draw(self.points.len(), rng))
    }

    /// Mean ln p of a sample under the fit.
    pub fn mean_ln_likelihood(&self) -> f64 {
        self.fit().model.ln_density(&self.points).iter().sum::<f64>() / self.points.len() as f64
    }
}
