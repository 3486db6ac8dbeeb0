//! Weights, means and covariances of a mixture, in flat buffers that EM overwrites.

use super::Form;
use crate::distribution::{Gaussian, NormalMixture};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

/// π_k, μ_k and Σ_k of k components.
#[derive(Clone, Debug)]
pub struct Parameters {
    form: Form,
    d: usize,
    pub weights: Vec<f64>,
    means: Vec<f64>,
    /// d × d numbers a component where the form is a matrix ("tied" repeats the one), else d.
    covariances: Vec<f64>,
}

impl Form {
    /// Whether a covariance has entries off its diagonal.
    pub fn is_matrix(self) -> bool {
        matches!(self, Form::Full | Form::Tied)
    }

    /// Numbers that hold one covariance.
    pub fn size(self, d: usize) -> usize {
        if self.is_matrix() { d * d } else { d }
    }
}

impl Parameters {
    /// Equal weights, the means given, and `covariance` for every component.
    pub fn around(means: &Array2<f64>, covariance: &[f64], form: Form) -> Self {
        let (k, d) = means.dim();
        let weights = vec![1.0 / k as f64; k];
        let means = means.iter().copied().collect();
        Parameters { form, d, weights, means, covariances: covariance.repeat(k) }
    }

    /// Those of a model; what its covariances have beyond the form is left out.
    pub fn of(model: &NormalMixture, form: Form) -> Self {
        let d = model.components()[0].dimension();
        let mut parameters = Parameters {
            form,
            d,
            weights: model.weights().to_vec(),
            means: vec![],
            covariances: vec![],
        };
        for component in model.components() {
            parameters.means.extend(component.mean());
            let covariance = component.covariance();
            match form.is_matrix() {
                true => parameters.covariances.extend(&covariance),
                false => parameters.covariances.extend(covariance.diag()),
            }
        }
        parameters
    }

    /// The distribution. `None` where a number is not finite.
    pub fn model(&self) -> Option<NormalMixture> {
        let component = |k: usize| {
            let mean = Array1::from_iter(self.mean(k).iter().copied());
            let covariance = self.covariance(k);
            if !covariance.iter().all(|v| v.is_finite()) || !mean.iter().all(|m| m.is_finite()) {
                return None;
            }
            match self.form {
                Form::Spherical => Some(Gaussian::spherical(mean, covariance[0])),
                Form::Diagonal => {
                    Some(Gaussian::diagonal(mean, ArrayView1::from(covariance).to_owned()))
                }
                Form::Full | Form::Tied => {
                    let shape = (self.d, self.d);
                    let matrix = ArrayView2::from_shape(shape, covariance).ok()?.to_owned();
                    Gaussian::full(mean, matrix)
                }
            }
        };
        let components = (0..self.weights.len()).map(component).collect::<Option<Vec<_>>>()?;
        Some(NormalMixture::new(self.weights.clone(), components))
    }

    pub fn form(&self) -> Form {
        self.form
    }

    pub fn dimension(&self) -> usize {
        self.d
    }

    pub fn components(&self) -> usize {
        self.weights.len()
    }

    pub fn mean(&self, k: usize) -> &[f64] {
        &self.means[k * self.d..][..self.d]
    }

    pub fn mean_mut(&mut self, k: usize) -> &mut [f64] {
        &mut self.means[k * self.d..][..self.d]
    }

    pub fn covariance(&self, k: usize) -> &[f64] {
        let size = self.form.size(self.d);
        &self.covariances[k * size..][..size]
    }

    /// The mean of component k, and its covariance to be written.
    pub fn around_mean(&mut self, k: usize) -> (&[f64], &mut [f64]) {
        let size = self.form.size(self.d);
        (&self.means[k * self.d..][..self.d], &mut self.covariances[k * size..][..size])
    }

    fn covariance_mut(&mut self, k: usize) -> &mut [f64] {
        let size = self.form.size(self.d);
        &mut self.covariances[k * size..][..size]
    }

    /// Gives every component the mean of all covariances, Σ π_k Σ_k.
    pub fn pool(&mut self) {
        let size = self.form.size(self.d);
        let mut pooled = vec![0.0; size];
        for (weight, covariance) in self.weights.iter().zip(self.covariances.chunks_exact(size)) {
            pooled.iter_mut().zip(covariance).for_each(|(p, c)| *p += weight * c);
        }
        self.covariances.chunks_exact_mut(size).for_each(|slot| slot.copy_from_slice(&pooled));
    }

    /// Makes component k a wide one around x, with an equal share of the weight.
    pub fn reseed(&mut self, k: usize, x: &[f64], covariance: &[f64]) {
        let share = 1.0 / self.weights.len() as f64;
        let rest = 1.0 - self.weights[k].min(1.0);
        for weight in &mut self.weights {
            *weight *= if rest > 0.0 { (1.0 - share) / rest } else { 0.0 };
        }
        self.weights[k] = share;
        self.mean_mut(k).copy_from_slice(x);
        self.covariance_mut(k).copy_from_slice(covariance);
    }
}
