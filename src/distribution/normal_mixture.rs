//! A finite mixture of normals: Σ_k π_k N(μ_k, Σ_k).

use super::{Base, Density, Distribution, Gaussian, Mode, Moments, Tail};
use crate::numeric::kernel::{self, Columns, ZERO};
use crate::samples::{Image, PointShape, Points};
use crate::stream::Stream;
use ndarray::{Array1, Array2, Axis};
use rand::RngExt;
use std::borrow::Cow;

/// Σ_k π_k N(μ_k, Σ_k); weights sum to one.
#[derive(Clone, Debug)]
pub struct NormalMixture {
    weights: Vec<f64>,
    components: Vec<Gaussian>,
    modes: Vec<Mode>,
    image: Option<Image>,
}

impl NormalMixture {
    /// At least one component, and one weight each; weights are rescaled to sum to one.
    pub fn new(mut weights: Vec<f64>, components: Vec<Gaussian>) -> Self {
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= total);
        NormalMixture { weights, components, modes: Vec::new(), image: None }
    }

    /// Equal, spherical and well separated components: each of them is a mode.
    pub fn of_modes(centres: Vec<Array1<f64>>, variance: f64) -> Self {
        let radius = 3.0 * variance.sqrt();
        let modes = centres.iter().map(|c| Mode { centre: c.clone(), radius }).collect();
        let weights = vec![1.0; centres.len()];
        let components = centres.into_iter().map(|c| Gaussian::spherical(c, variance)).collect();
        NormalMixture { modes, ..NormalMixture::new(weights, components) }
    }

    pub fn with_modes(self, modes: Vec<Mode>) -> Self {
        NormalMixture { modes, ..self }
    }

    pub fn with_image(self, image: Option<Image>) -> Self {
        NormalMixture { image, ..self }
    }

    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    pub fn components(&self) -> &[Gaussian] {
        &self.components
    }

    fn dimension(&self) -> usize {
        self.components[0].dimension()
    }

    /// One sample, appended to `out`.
    pub fn draw_into(&self, out: &mut Vec<f64>, rng: &mut Stream) {
        let k = self.choose(rng.random::<f64>());
        self.components[k].draw_into(out, 1.0, rng);
    }

    /// The component that a uniform number falls to.
    fn choose(&self, u: f64) -> usize {
        let mut below = 0.0;
        for (k, weight) in self.weights.iter().enumerate() {
            below += weight;
            if u < below {
                return k;
            }
        }
        // Rounding can leave the sum just below one: the last component that has any weight.
        self.weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0)
    }
}

impl Distribution<Points> for NormalMixture {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let d = self.dimension();
        let mut values = Vec::with_capacity(n * d);
        (0..n).for_each(|_| self.draw_into(&mut values, rng));
        Points::from_rows(values, d).with_image(self.image)
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: self.dimension(), image: self.image, labelled: false }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        (!self.is_degenerate()).then_some(self)
    }

    fn is_degenerate(&self) -> bool {
        let mut live = self.weights.iter().zip(&self.components).filter(|(w, _)| **w > 0.0);
        live.any(|(_, component)| component.is_degenerate())
    }

    /// μ = Σ π_k μ_k and Σ = Σ π_k (Σ_k + (μ_k − μ)(μ_k − μ)ᵀ).
    fn moments(&self) -> Option<Moments> {
        let d = self.dimension();
        let mut mean = Array1::zeros(d);
        for (weight, component) in self.weights.iter().zip(&self.components) {
            mean.scaled_add(*weight, component.mean());
        }
        let mut covariance = Array2::zeros((d, d));
        for (weight, component) in self.weights.iter().zip(&self.components) {
            let shift = (component.mean() - &mean).insert_axis(Axis(1));
            covariance.scaled_add(*weight, &component.covariance());
            covariance.scaled_add(*weight, &shift.dot(&shift.t()));
        }
        Some(Moments { mean, covariance })
    }

    fn entropy(&self) -> Option<f64> {
        match self.components.as_slice() {
            [only] => only.entropy(),
            _ => None,
        }
    }

    fn normals(&self) -> Option<Cow<'_, NormalMixture>> {
        Some(Cow::Borrowed(self))
    }

    fn modes(&self) -> Option<&[Mode]> {
        (!self.modes.is_empty()).then_some(&self.modes)
    }

    fn tail(&self, q: f64) -> Option<Tail> {
        match self.components.as_slice() {
            [only] => only.tail(q),
            _ => None,
        }
    }
}

impl Density<Points> for NormalMixture {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    /// Components that are singular have no volume, and add nothing.
    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let live = self.weights.iter().zip(&self.components).filter(|(w, _)| **w > 0.0);
        let (constants, forms): (Vec<f64>, Vec<_>) = live
            .filter_map(|(weight, component)| {
                Some((weight.ln() + component.ln_normalisation(), component.quadratic()?))
            })
            .unzip();
        let d = self.dimension();
        let columns = Columns::new(points.as_slice(), d);
        let mut centred = vec![ZERO; columns.depth() * d];
        let mut squares = vec![ZERO; columns.depth() * forms.len()];
        let mut sums = vec![ZERO; columns.quads()];
        for (first, chunk) in columns.chunks() {
            let quads = chunk.len() / d;
            for (form, squares) in forms.iter().zip(squares.chunks_exact_mut(quads)) {
                form.squares(chunk, &mut centred, squares);
            }
            kernel::ln_sum_exp(&squares, &constants, &mut sums[first..][..quads]);
        }
        columns.flatten(&sums)
    }
}

/// ln Σ exp(l), with the largest term taken out first.
pub fn ln_sum_exp(terms: impl Iterator<Item = f64> + Clone) -> f64 {
    let largest = terms.clone().fold(f64::NEG_INFINITY, f64::max);
    if largest.is_infinite() {
        return largest;
    }
    largest + terms.map(|l| (l - largest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};
    use ndarray::arr1;

    fn two() -> NormalMixture {
        let parts =
            vec![Gaussian::spherical(arr1(&[-2.0]), 1.0), Gaussian::spherical(arr1(&[4.0]), 0.25)];
        NormalMixture::new(vec![3.0, 1.0], parts)
    }

    #[test]
    fn moments_by_hand() {
        let moments = two().moments().expect("exact");
        assert_eq!(moments.mean[0], -0.5);
        assert_eq!(moments.covariance[[0, 0]], 0.75 * (1.0 + 2.25) + 0.25 * (0.25 + 20.25));
    }

    #[test]
    fn draws_have_the_moments() {
        let n = 40_000;
        let sample = Moments::of(&two().draw(n, &mut stream(1, 0, 0, Role::DRAW))).expect("many");
        let exact = two().moments().expect("exact");
        let error = (exact.trace() / n as f64).sqrt();
        assert!((sample.mean[0] - exact.mean[0]).abs() < 4.0 * error);
    }

    #[test]
    fn a_point_far_from_everything_has_a_finite_density() {
        let ln = two().ln_density(&Points::from_rows(vec![60.0, -600.0], 1));
        assert!(ln.iter().all(|l| l.is_finite() && *l < -1000.0));
    }
}
