//! The mean and the scatter of n samples of a normal, drawn at once.
//!
//! x̄ ~ N(μ, Σ/n) and S = Σ(x − x̄)(x − x̄)ᵀ ~ Wishart(Σ, n − 1) are independent. With Σ = F·Fᵀ,
//! S = (F·A)(F·A)ᵀ for a lower trapezoidal A of d rows and min(d, n − 1) columns: Aᵢᵢ² ~ χ²(n − 1 − i),
//! counted from 0, and standard normals below. It is exact for every n, singular or not.
//! Cost: O(d³), whatever n is.
//! Source: Bartlett 1933; Srivastava 2003 (fewer samples than dimensions).

use super::{Covariance, Gaussian};
use crate::distribution::Sufficient;
use crate::samples::{Points, Scatter};
use crate::stream::Stream;
use ndarray::{Array1, Array2};
use rand::RngExt;
use rand_distr::{ChiSquared, Distribution as _, StandardNormal};

impl Sufficient for Gaussian {
    type Sample = Points;
    type Statistic = Scatter;

    fn statistic(&self, n: usize, rng: &mut Stream) -> Scatter {
        self.statistic_scaled(n, 1.0, rng)
    }

    fn released(&self, n: usize, rng: &mut Stream) -> Scatter {
        self.statistic_scaled(n, self.release.sqrt(), rng)
    }
}

impl Gaussian {
    /// The statistic of n samples of N(μ, scale²·Σ).
    fn statistic_scaled(&self, n: usize, scale: f64, rng: &mut Stream) -> Scatter {
        let d = self.dimension();
        if n == 0 {
            return Scatter::nothing(d);
        }
        let noise = (0..d).map(|_| rng.sample::<f64, _>(StandardNormal)).collect();
        let mut mean = self.stretched(noise, scale / (n as f64).sqrt());
        mean += &self.mean;
        let scatter = match &self.covariance {
            Covariance::Spherical { variance } if d == 1 => {
                let square = if n > 1 { chi_squared(n - 1, rng) } else { 0.0 };
                Array2::from_elem((1, 1), scale * scale * variance * square)
            }
            _ => {
                let columns = trapezoid(d, n - 1, rng);
                let mut root = Array2::zeros(columns.raw_dim());
                for (column, mut into) in columns.columns().into_iter().zip(root.columns_mut()) {
                    into.assign(&self.stretched(column.to_owned(), scale));
                }
                root.dot(&root.t())
            }
        };
        Scatter { count: n, weight: n as f64, square_weight: n as f64, mean, scatter }
    }

    /// scale·F·z, where Σ = F·Fᵀ.
    fn stretched(&self, mut z: Array1<f64>, scale: f64) -> Array1<f64> {
        match &self.covariance {
            Covariance::Spherical { variance } => z *= scale * variance.sqrt(),
            Covariance::Diagonal { variances } => {
                z.zip_mut_with(variances, |z, variance| *z *= scale * variance.sqrt());
            }
            Covariance::Full { factor, .. } => z = factor.dot(&z) * scale,
        }
        z
    }
}

/// A of d rows, for so many degrees of freedom.
fn trapezoid(d: usize, freedom: usize, rng: &mut Stream) -> Array2<f64> {
    Array2::from_shape_fn((d, d.min(freedom)), |(i, j)| match i.cmp(&j) {
        std::cmp::Ordering::Less => 0.0,
        std::cmp::Ordering::Equal => chi_squared(freedom - i, rng).sqrt(),
        std::cmp::Ordering::Greater => rng.sample(StandardNormal),
    })
}

fn chi_squared(freedom: usize, rng: &mut Stream) -> f64 {
    // It exists for every positive number of degrees of freedom.
    ChiSquared::new(freedom as f64).map_or(0.0, |law| law.sample(rng))
}
