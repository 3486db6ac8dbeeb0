//! Fréchet distance of the moments of p_t and the world: squared W₂ between normals that have them.
//!
//! ‖μ_t − μ*‖² + tr(Σ_t + Σ* − 2·(Σ*^½·Σ_t·Σ*^½)^½); on a line (μ_t − μ*)² + (σ_t − σ*)².
//!
//! Unit: squared units of the data. Range: [0, ∞); target 0.
//! Under collapse: grows; a point mass at the world's mean has tr Σ*.
//! From draws it is biased upwards by an amount that falls with n: compare equal `evaluation` alone.
//! Cost: O(d³); the moments are exact where p_t knows them, else one pass over the draws.
//! Source: Dowson & Landau 1982; the squared Bures–Wasserstein distance of POT.
//! Not to be confused with FID, its value on features of a trained network; and it sees moments
//! alone: `sliced-wasserstein` sees shape.

use super::reference::{Located, model_moments, world_moments};
use super::{Card, Metric, Reading, Target};
use crate::distribution::Moments;
use crate::lineage::{Noise, Snapshot};
use crate::numeric::linalg;
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Frechet {}

impl<S: Located> Metric<S> for Frechet {
    fn card(&self) -> Card {
        Card {
            symbol: "W₂²(moments of p_t, moments of p*)",
            unit: "squared data units",
            target: Target::Floor(0.0),
            cost: "O(d³), and O(n·d²) from draws",
            source: "Dowson & Landau 1982",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        let (model, world) = (model_moments(now)?, world_moments(now)?);
        Reading::exact(bures_wasserstein(&model, &world)?)
    }
}

/// Squared Bures–Wasserstein distance: never negative, and finite where the moments are.
pub fn bures_wasserstein(a: &Moments, b: &Moments) -> Option<f64> {
    let shift: f64 = a.mean.iter().zip(&b.mean).map(|(a, b)| (a - b).powi(2)).sum();
    let (of_a, of_b) = (a.trace(), b.trace());
    let largest = of_a.max(of_b);
    if (of_a + of_b).is_nan() || shift.is_nan() {
        return None;
    }
    if largest == 0.0 || largest.is_infinite() {
        return Some(shift + largest);
    }
    if a.mean.len() == 1 {
        return Some(shift + (of_a.max(0.0).sqrt() - of_b.max(0.0).sqrt()).powi(2));
    }
    // In units of the larger trace, so that no product leaves the range of numbers.
    let fidelity = fidelity(&(&a.covariance / largest), &(&b.covariance / largest))?;
    let apart = (of_a / largest + of_b / largest - 2.0 * fidelity).max(0.0);
    Some(shift + largest * apart)
}

/// tr (A^½·B·A^½)^½, as the roots of the eigenvalues of FᵀBF with A = FFᵀ.
fn fidelity(a: &Array2<f64>, b: &Array2<f64>) -> Option<f64> {
    let factor = rank_factor(a)?;
    let (values, _) = linalg::symmetric_eigen(&factor.t().dot(b).dot(&factor))?;
    let zero = rounding(values.iter().copied());
    Some(values.iter().filter(|value| **value > zero).map(|value| value.sqrt()).sum())
}

/// F with A = F·Fᵀ, without what rounding adds to a singular A: the root would magnify it.
fn rank_factor(a: &Array2<f64>) -> Option<Array2<f64>> {
    let (values, vectors) = linalg::symmetric_eigen(a)?;
    let zero = rounding(values.iter().copied());
    Some(&vectors * &values.mapv(|value| if value > zero { value.sqrt() } else { 0.0 }))
}

/// Eigenvalues up to here cannot be told from 0.
fn rounding(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let d = values.len() as f64;
    4.0 * d * f64::EPSILON * values.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr1, arr2};

    fn moments(mean: [f64; 2], covariance: [[f64; 2]; 2]) -> Moments {
        Moments { mean: arr1(&mean), covariance: arr2(&covariance) }
    }

    #[test]
    fn commuting_covariances_differ_by_their_roots() {
        let a = moments([0.0, 1.0], [[4.0, 0.0], [0.0, 9.0]]);
        let b = moments([2.0, 1.0], [[1.0, 0.0], [0.0, 0.0]]);
        assert!((bures_wasserstein(&a, &b).unwrap() - (4.0 + 1.0 + 9.0)).abs() < 1e-12);
        assert_eq!(bures_wasserstein(&a, &b), bures_wasserstein(&b, &a));
    }

    #[test]
    fn a_singular_covariance_is_at_distance_zero_from_itself() {
        let line = moments([0.3, 0.1], [[1.0, 3.0], [3.0, 9.0]]);
        assert!(bures_wasserstein(&line, &line).unwrap() < 1e-14);
        let point = moments([0.3, 0.1], [[0.0, 0.0], [0.0, 0.0]]);
        assert_eq!(bures_wasserstein(&point, &point), Some(0.0));
        assert_eq!(bures_wasserstein(&line, &point), Some(10.0));
    }

    #[test]
    fn extreme_variances_neither_overflow_nor_vanish() {
        let scaled = |s: f64| moments([0.0, 0.0], [[s, 0.0], [0.0, s]]);
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
        close(bures_wasserstein(&scaled(1e200), &scaled(1.0)).unwrap(), 2e200);
        close(bures_wasserstein(&scaled(1e-200), &scaled(4e-200)).unwrap(), 2e-200);
        let wild = moments([0.0, 0.0], [[f64::INFINITY, f64::NAN], [f64::NAN, 1.0]]);
        assert_eq!(bures_wasserstein(&wild, &scaled(1.0)), Some(f64::INFINITY));
    }
}
