//! Exact first Wasserstein distance of p_t from the world on a line: W₁ = ∫ |F_t(x) − F*(x)| dx.
//!
//! Between draws of p_t and held-out real points; it does not exist in more than one dimension.
//!
//! Unit: the unit of the data. Range: [0, ∞); target 0.
//! Under collapse: grows, by drift of the mean and by loss of spread alike; a point mass at the
//! world's mean has E|X − μ|. Generation 0 is not 0 but of the order of sd/√n: compare with that
//! band, and never between different sizes of `evaluation`.
//! Cost: O(n log n).
//! Source: Vallender 1974; as scipy.stats.wasserstein_distance.
//! Not to be confused with `sliced-wasserstein`, a mean of squared W₂, or `frechet`, which sees
//! moments alone.

use super::{Card, Metric, Reading, Target, kl, transport};
use crate::distribution::Gaussian;
use crate::lineage::{Noise, Snapshot};
use crate::samples::{Points, Scatter};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use statrs::function::erf::erf;
use std::f64::consts::{FRAC_2_PI, SQRT_2};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Wasserstein {}

impl Metric<Points> for Wasserstein {
    fn card(&self) -> Card {
        Card {
            symbol: "W₁(p_t, p*)",
            unit: "data units",
            target: Target::Floor(0.0),
            cost: "O(n log n), d = 1 only",
            source: "Vallender 1974",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        // Asked before anything is drawn: in more dimensions there is nothing to do.
        if now.model.shape().dimension != 1 {
            return None;
        }
        Reading::exact(transport::wasserstein(now.truth.held_out(), now.draws())?)
    }
}

impl Metric<Scatter> for Wasserstein {
    fn card(&self) -> Card {
        let (cost, source) = ("O(1), d = 1 and normals only", "Vallender 1974");
        Card { cost, source, ..Metric::<Points>::card(self) }
    }

    /// Quantile by quantile two normals differ by a normal: E|N(Δμ, Δσ²)|.
    fn measure(&self, now: &Snapshot<'_, Scatter>, _noise: Noise<'_>) -> Option<Reading> {
        let (world, model) = (now.truth.world().normals()?, now.model.normals()?);
        let (Some(p), Some(q)) = (kl::only(&world), kl::only(&model)) else { return None };
        let sd = |normal: &Gaussian| normal.covariance()[[0, 0]].sqrt();
        let is_on_a_line = p.dimension() == 1 && q.dimension() == 1;
        let apart = || mean_distance(q.mean()[0] - p.mean()[0], (sd(q) - sd(p)).abs());
        is_on_a_line.then(apart).and_then(Reading::exact)
    }
}

/// E|N(m, s²)| = s·√(2/π)·e^(−m²/2s²) + m·erf(m/(s√2)).
fn mean_distance(m: f64, s: f64) -> f64 {
    if s == 0.0 {
        return m.abs();
    }
    let z = m / (s * SQRT_2);
    s * FRAC_2_PI.sqrt() * (-z * z).exp() + m * erf(z)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_distance_of_normals_by_hand() {
        assert_eq!(mean_distance(-3.0, 0.0), 3.0);
        assert!((mean_distance(0.0, 2.0) - 2.0 * FRAC_2_PI.sqrt()).abs() < 1e-15);
        // Far from 0, a normal is on one side of it.
        assert!((mean_distance(-50.0, 1.0) - 50.0).abs() < 1e-12);
    }
}
