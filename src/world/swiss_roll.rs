//! A rolled-up sheet in three dimensions, with normal noise.
//!
//! (a·cos a, 21·v, a·sin a), a uniform on [3π/2, 9π/2] and v on [0, 1]; N(0, noise²) on all three
//! coordinates. With a noise of 0 all mass lies on a set of volume zero, and there is no density.
//! Exact: density (the spiral by quadrature, the height in closed form; relative error below 1e-8 near
//! the sheet), moments.
//! Source: scikit-learn's make_swiss_roll; Kazdan et al. 2025 (noise 0.05).
//! Not to be confused with its flat map: distances here are those of the space around the sheet.

use super::{World, WorldError, describe_covariance};
use crate::distribution::{Distribution, NoisyCurve, NoisySheet};
use crate::numeric::bounded::NonNegative;
use crate::samples::{PointShape, Points};
use crate::theory::Setting;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;
use std::path::Path;

/// The extent of the sheet along y.
const HEIGHT: f64 = 21.0;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SwissRoll {
    /// Standard deviation of the noise on all three coordinates.
    pub noise: NonNegative,
}

impl Default for SwissRoll {
    fn default() -> Self {
        SwissRoll { noise: NonNegative::literal(0.05) }
    }
}

impl SwissRoll {
    fn sheet(&self) -> NoisySheet {
        let (range, noise) = ((1.5 * PI, 4.5 * PI), self.noise.get());
        // The spiral moves √(1 + a²) per unit of a.
        let spiral = NoisyCurve::new(spiral, range, range.1.hypot(1.0), noise);
        NoisySheet::new(spiral, HEIGHT, noise)
    }
}

fn spiral(a: f64) -> [f64; 2] {
    [a * a.cos(), a * a.sin()]
}

impl World<Points> for SwissRoll {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        Ok(PointShape { dimension: 3, image: None, labelled: false })
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        Ok(Box::new(self.sheet()))
    }

    fn describe(&self, setting: &mut Setting) {
        describe_covariance(&self.sheet(), setting);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check;
    use crate::stream::of_parameters;
    use rand::RngExt;

    #[test]
    fn draws_have_the_exact_moments() {
        check::moments_agree(&SwissRoll::default().sheet(), 40_000);
    }

    #[test]
    fn the_density_integrates_to_one_over_a_uniform_box() {
        let sheet = SwissRoll { noise: NonNegative::literal(0.8) }.sheet();
        let (n, mut rng) = (200_000, of_parameters(4));
        let sides = [(-14.0, 18.0), (-4.0, 25.0), (-16.0, 19.0)];
        let volume: f64 = sides.iter().map(|(low, high)| high - low).product();
        let mut uniform = |(low, high): (f64, f64)| low + (high - low) * rng.random::<f64>();
        let values = (0..n).flat_map(|_| sides.map(&mut uniform)).collect();
        let ln = sheet.density().expect("noisy").ln_density(&Points::from_rows(values, 3));
        let mass: Vec<f64> = ln.iter().map(|l| l.exp() * volume).collect();
        let mean = mass.iter().sum::<f64>() / n as f64;
        let variance = mass.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / n as f64;
        let error = (variance / n as f64).sqrt();
        assert!(error < 0.01 && (mean - 1.0).abs() < 4.0 * error, "{mean} ± {error}");
    }

    #[test]
    fn held_out_draws_cost_what_a_thin_uniform_sheet_costs() {
        // Across the sheet a normal, along it one over area: the entropy up to terms of order σ.
        let roll = SwissRoll::default().sheet();
        let (mean, error) = check::cross_entropy(&roll, 20_000);
        let ln_speed = |k: usize| (1.5 * PI + 3.0 * PI * (k as f64 + 0.5) / 1e4).hypot(1.0).ln();
        let along = (3.0 * PI * HEIGHT).ln() + (0..10_000).map(ln_speed).sum::<f64>() / 1e4;
        let across = 0.5 * (2.0 * PI * std::f64::consts::E * 0.0025).ln();
        assert!(
            (mean - along - across).abs() < 4.0 * error + 0.01,
            "{mean} and {}",
            along + across
        );
    }

    #[test]
    fn without_noise_there_is_no_density() {
        let still = SwissRoll { noise: NonNegative::literal(0.0) }.sheet();
        assert!(still.is_degenerate() && still.density().is_none());
    }
}
