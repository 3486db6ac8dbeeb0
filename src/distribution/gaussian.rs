//! The multivariate normal N(μ, Σ), singular or not.

#[cfg(test)]
mod tests;
mod wishart;

use super::quadratic::Quadratic;
use super::{Base, Density, Distribution, Moments, NormalMixture, Tail};
use crate::numeric::linalg;
use crate::samples::{Image, PointShape, Points};
use crate::stream::Stream;
use ndarray::{Array1, Array2};
use rand::RngExt;
use rand_distr::StandardNormal;
use statrs::distribution::{ChiSquared, ContinuousCDF};
use std::borrow::Cow;

/// N(μ, Σ) over points of dimension d.
#[derive(Clone, Debug)]
pub struct Gaussian {
    mean: Array1<f64>,
    covariance: Covariance,
    image: Option<Image>,
    /// λ: released samples come from N(μ, λΣ).
    release: f64,
}

/// Σ, in the least form that holds it.
#[derive(Clone, Debug)]
enum Covariance {
    /// σ²·I
    Spherical { variance: f64 },
    /// diag(σ²)
    Diagonal { variances: Array1<f64> },
    /// Σ = F·Fᵀ; `whiten` = F⁻¹ where F is a Cholesky factor, `None` where Σ is singular.
    Full { matrix: Array2<f64>, factor: Array2<f64>, whiten: Option<Array2<f64>> },
}

impl Gaussian {
    /// N(μ, variance·I). The variance is finite and not negative.
    pub fn spherical(mean: Array1<f64>, variance: f64) -> Self {
        Gaussian { mean, covariance: Covariance::Spherical { variance }, image: None, release: 1.0 }
    }

    /// N(μ, diag(variances)). The variances are finite and not negative.
    pub fn diagonal(mean: Array1<f64>, variances: Array1<f64>) -> Self {
        if variances.len() == 1 {
            return Gaussian::spherical(mean, variances[0]);
        }
        Gaussian { mean, covariance: Covariance::Diagonal { variances }, image: None, release: 1.0 }
    }

    /// N(μ, Σ) of a positive semi-definite Σ; `None` where Σ or μ is not finite.
    pub fn full(mean: Array1<f64>, matrix: Array2<f64>) -> Option<Self> {
        if !mean.iter().chain(&matrix).all(|x| x.is_finite()) {
            return None;
        }
        if mean.len() == 1 {
            return Some(Gaussian::spherical(mean, matrix[[0, 0]]));
        }
        let (factor, whiten) = match linalg::cholesky(&matrix) {
            Some(lower) => (lower.clone(), Some(linalg::invert_lower(&lower))),
            None => (linalg::semidefinite_factor(&matrix)?, None),
        };
        let covariance = Covariance::Full { matrix, factor, whiten };
        Some(Gaussian { mean, covariance, image: None, release: 1.0 })
    }

    pub fn with_image(self, image: Option<Image>) -> Self {
        Gaussian { image, ..self }
    }

    /// The same normal, whose released samples come from N(μ, λΣ).
    pub fn released_at(self, sampling_bias: f64) -> Self {
        Gaussian { release: sampling_bias, ..self }
    }

    pub fn dimension(&self) -> usize {
        self.mean.len()
    }

    pub fn mean(&self) -> &Array1<f64> {
        &self.mean
    }

    pub fn covariance(&self) -> Array2<f64> {
        match &self.covariance {
            Covariance::Spherical { variance } => {
                Array2::from_diag_elem(self.dimension(), *variance)
            }
            Covariance::Diagonal { variances } => Array2::from_diag(variances),
            Covariance::Full { matrix, .. } => matrix.clone(),
        }
    }

    /// One sample of N(μ, scale²·Σ), appended to `out`.
    pub fn draw_into(&self, out: &mut Vec<f64>, scale: f64, rng: &mut Stream) {
        let start = out.len();
        let noise = std::iter::repeat_with(|| scale * rng.sample::<f64, _>(StandardNormal));
        match &self.covariance {
            Covariance::Spherical { variance } => {
                let sd = variance.sqrt();
                out.extend(self.mean.iter().zip(noise).map(|(mean, z)| mean + sd * z));
            }
            Covariance::Diagonal { variances } => {
                let pairs = self.mean.iter().zip(variances).zip(noise);
                out.extend(pairs.map(|((mean, variance), z)| mean + variance.sqrt() * z));
            }
            Covariance::Full { factor, .. } => {
                let z: Vec<f64> = noise.take(self.dimension()).collect();
                out.extend(&self.mean);
                for (x, row) in out[start..].iter_mut().zip(factor.rows()) {
                    *x += row.iter().zip(&z).map(|(f, z)| f * z).sum::<f64>();
                }
            }
        }
    }

    /// One sample as it is released, appended to `out`.
    pub fn release_into(&self, out: &mut Vec<f64>, rng: &mut Stream) {
        self.draw_into(out, self.release.sqrt(), rng);
    }

    fn draw_scaled(&self, n: usize, scale: f64, rng: &mut Stream) -> Points {
        let d = self.dimension();
        let mut values = Vec::with_capacity(n * d);
        match (&self.covariance, self.mean.as_slice()) {
            (Covariance::Spherical { variance }, Some(&[mean])) => {
                let sd = scale * variance.sqrt();
                values.extend((0..n).map(|_| mean + sd * rng.sample::<f64, _>(StandardNormal)));
            }
            _ => (0..n).for_each(|_| self.draw_into(&mut values, scale, rng)),
        }
        Points::from_rows(values, d).with_image(self.image)
    }

    /// The squared Mahalanobis distance (x−μ)ᵀΣ⁻¹(x−μ) of every point. `None` where Σ is singular.
    pub fn square_distances(&self, points: &Points) -> Option<Vec<f64>> {
        Some(self.quadratic()?.all(points.as_slice()))
    }

    /// The squared Mahalanobis distance as a function. `None` where Σ is singular.
    pub(super) fn quadratic(&self) -> Option<Quadratic<'_>> {
        let mean = self.mean.as_slice().filter(|_| !self.is_degenerate())?;
        match &self.covariance {
            Covariance::Spherical { variance } => {
                Some(Quadratic::diagonal(mean, std::iter::repeat_n(*variance, mean.len())))
            }
            Covariance::Diagonal { variances } => {
                Some(Quadratic::diagonal(mean, variances.iter().copied()))
            }
            Covariance::Full { whiten, .. } => Some(Quadratic::full(mean, whiten.as_ref()?)),
        }
    }

    /// ln det Σ: −∞ where Σ is singular.
    pub fn ln_determinant(&self) -> f64 {
        match &self.covariance {
            Covariance::Spherical { variance } => self.dimension() as f64 * variance.ln(),
            Covariance::Diagonal { variances } => variances.iter().map(|v| v.ln()).sum(),
            Covariance::Full { whiten: Some(whiten), .. } => {
                -2.0 * whiten.diag().iter().map(|w| w.ln()).sum::<f64>()
            }
            Covariance::Full { whiten: None, .. } => f64::NEG_INFINITY,
        }
    }

    /// −½·ln det 2πΣ: the log density at the mean.
    pub(super) fn ln_normalisation(&self) -> f64 {
        -0.5 * (self.dimension() as f64 * std::f64::consts::TAU.ln() + self.ln_determinant())
    }
}

impl Distribution<Points> for Gaussian {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        self.draw_scaled(n, 1.0, rng)
    }

    fn release(&self, n: usize, rng: &mut Stream) -> Points {
        self.draw_scaled(n, self.release.sqrt(), rng)
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: self.dimension(), image: self.image, labelled: false }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        (!self.is_degenerate()).then_some(self)
    }

    fn is_degenerate(&self) -> bool {
        match &self.covariance {
            Covariance::Spherical { variance } => *variance <= 0.0,
            Covariance::Diagonal { variances } => variances.iter().any(|v| *v <= 0.0),
            Covariance::Full { whiten, .. } => whiten.is_none(),
        }
    }

    fn is_constant(&self) -> bool {
        match &self.covariance {
            Covariance::Spherical { variance } => *variance == 0.0,
            Covariance::Diagonal { variances } => variances.iter().all(|v| *v == 0.0),
            Covariance::Full { matrix, .. } => matrix.iter().all(|v| *v == 0.0),
        }
    }

    fn moments(&self) -> Option<Moments> {
        Some(Moments { mean: self.mean.clone(), covariance: self.covariance() })
    }

    fn entropy(&self) -> Option<f64> {
        Some(0.5 * self.dimension() as f64 - self.ln_normalisation())
    }

    fn normals(&self) -> Option<Cow<'_, NormalMixture>> {
        Some(Cow::Owned(self.clone().into()))
    }

    /// T_q = {x: (x−μ)ᵀΣ⁻¹(x−μ) ≥ the 1−q quantile of χ²_d}.
    fn tail(&self, q: f64) -> Option<Tail> {
        if self.is_degenerate() {
            return None;
        }
        let square = ChiSquared::new(self.dimension() as f64).ok()?.inverse_cdf(1.0 - q);
        let interval = match (&self.covariance, self.mean.as_slice()) {
            (Covariance::Spherical { variance }, Some(&[mean])) => {
                let reach = (square * variance).sqrt();
                Some((mean - reach, mean + reach))
            }
            _ => None,
        };
        let ln_threshold = self.ln_normalisation() - 0.5 * square;
        Some(Tail { ln_threshold, mass: q, interval })
    }
}

impl Density<Points> for Gaussian {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let constant = self.ln_normalisation();
        let squares = self.square_distances(points).unwrap_or_default();
        squares.into_iter().map(|square| constant - 0.5 * square).collect()
    }
}

impl From<Gaussian> for NormalMixture {
    fn from(gaussian: Gaussian) -> Self {
        NormalMixture::new(vec![1.0], vec![gaussian])
    }
}
