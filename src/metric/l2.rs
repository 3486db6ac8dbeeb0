//! Squared L2 distance of the densities, or of the type frequencies.
//!
//! Points: ∫(p* − p_t)² dx, closed between mixtures of normals: ∫pq = Σ_ij π_i ρ_j N(μ_i; ν_j, Σ_i + T_j),
//! and ∫(p−q)² = ∫p² − 2∫pq + ∫q². Tokens: Σ (p*(i) − p_t(i))², of tokens that depend on one another
//! that of the share of each type.
//! Unit: one over the volume of the data; of tokens probability². Range: [0, ∞], of tokens [0, 2];
//! target 0.
//! Under collapse: grows like 1/√det Σ_t as p_t narrows; infinite for a point mass or a singular Σ. Of
//! tokens it grows by what `heterozygosity` loses: the two add up to 1 − Σp*² in the mean under every
//! recipe of equal weights.
//! Cost: O(K² d³) for K components in all, empty unless world and p_t are mixtures of normals. Of
//! tokens O(types); exact where p_t knows its frequencies, else of the draws.
//! Source: Shumailov et al. 2024 (mixtures of normals); Seddik et al. 2024 (frequencies, against those of
//! the real sample).
//! Not to be confused with `energy` or `mmd`, which smooth before they square and stay finite, or with
//! the distance from the founders' own frequencies (theory: `categorical::partial_error`).

use super::{Card, Metric, Reading, Target, marginal};
use crate::distribution::{Distribution, Gaussian, NormalMixture, ln_sum_exp};
use crate::lineage::{Noise, Snapshot};
use crate::samples::{Points, Tokens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct L2 {}

impl Metric<Points> for L2 {
    fn card(&self) -> Card {
        Card {
            symbol: "∫(p* − p_t)²",
            unit: "1 / volume",
            target: Target::Floor(0.0),
            cost: "O(K²·d³) for K components in all",
            source: "Shumailov et al. 2024",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let (world, model) = (now.truth.world().normals()?, now.model.normals()?);
        if world.is_degenerate() {
            return None;
        }
        let of_world = now.truth.world_memo.get("l2", || ln_overlap(&world, &world));
        Reading::exact(combine((*of_world)?, &world, &model)?)
    }
}

impl Metric<Tokens> for L2 {
    fn card(&self) -> Card {
        Card {
            symbol: "Σ(p* − p_t)²",
            unit: "probability²",
            target: Target::Floor(0.0),
            cost: "O(types)",
            source: "Seddik et al. 2024",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, _noise: Noise<'_>) -> Option<Reading> {
        Reading::exact(of_laws(&marginal::of_world(now)?, &marginal::of_model(now)?))
    }
}

/// Σ (p − q)².
pub fn of_laws(p: &[f64], q: &[f64]) -> f64 {
    // 0 + : the sum of nothing is −0.
    0.0 + p.iter().zip(q).map(|(p, q)| (p - q).powi(2)).sum::<f64>()
}

/// ∫(p − q)²: infinite where one of them is singular. `None` where both are, or where rounding
/// leaves a sum of covariances singular.
pub fn between_mixtures(p: &NormalMixture, q: &NormalMixture) -> Option<f64> {
    match p.is_degenerate() {
        true => (!q.is_degenerate()).then_some(f64::INFINITY),
        false => combine(ln_overlap(p, p)?, p, q),
    }
}

/// The three integrals, added with the largest taken out first.
fn combine(ln_pp: f64, p: &NormalMixture, q: &NormalMixture) -> Option<f64> {
    if q.is_degenerate() {
        return Some(f64::INFINITY);
    }
    let (ln_pq, ln_qq) = (ln_overlap(p, q)?, ln_overlap(q, q)?);
    let scale = ln_pp.max(ln_qq);
    let share = |ln: f64| (ln - scale).exp();
    let sum = (share(ln_pp) - share(ln_pq)) + (share(ln_qq) - share(ln_pq));
    // Rounding alone takes equal mixtures below zero; zero times an overflow is still zero.
    Some(if sum > 0.0 { (scale + sum.ln()).exp() } else { 0.0 })
}

/// ln ∫pq of two mixtures without singular components.
fn ln_overlap(p: &NormalMixture, q: &NormalMixture) -> Option<f64> {
    let mut terms = Vec::with_capacity(p.weights().len() * q.weights().len());
    for (a, f) in live(p) {
        for (b, g) in live(q) {
            let sum = Gaussian::full(g.mean().clone(), f.covariance() + g.covariance())?;
            let at = Points::from_rows(f.mean().to_vec(), f.dimension());
            terms.push(a.ln() + b.ln() + sum.density()?.ln_density(&at).first()?);
        }
    }
    Some(ln_sum_exp(terms.iter().copied()))
}

fn live(mixture: &NormalMixture) -> impl Iterator<Item = (f64, &Gaussian)> {
    let all = mixture.weights().iter().copied().zip(mixture.components());
    all.filter(|(weight, _)| *weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_world};
    use super::*;
    use crate::distribution::Density;
    use ndarray::arr1;
    use std::f64::consts::PI;

    fn normal(mean: f64, variance: f64) -> Gaussian {
        Gaussian::spherical(arr1(&[mean]), variance)
    }

    #[test]
    fn two_normals_by_hand() {
        // 1/√(4π) + 1/√(4π) − 2 e^{−m²/4}/√(4π) for N(0, 1) and N(m, 1)
        let value = measure(&L2 {}, &normal(0.0, 1.0), &normal(2.0, 1.0)).map(|r| r.value);
        let expected = 2.0 * (1.0 - (-1.0_f64).exp()) / (4.0 * PI).sqrt();
        assert!((value.expect("closed") - expected).abs() < 1e-15);
    }

    #[test]
    fn frequencies_by_hand() {
        use crate::distribution::{Finite, Types};
        let types = |weights: &[f64]| Types::new(weights, 1).expect("some weight");
        let reading = measure(&L2 {}, &types(&[2., 1., 1.]), &types(&[1., 0., 0.]));
        assert_eq!(reading, Reading::exact(0.375));
        let disjoint = measure(&L2 {}, &types(&[1., 0.]), &types(&[0., 1.]));
        assert_eq!(disjoint, Reading::exact(2.0));
        assert_eq!(of_world(&L2 {}, &types(&[2., 1., 1.])), Reading::exact(0.0));
        let text = Finite::new(Tokens::of_length(vec![0, 1, 1, 1], 2, 2)).expect("text");
        let reading = super::super::bench::of_samples(&L2 {}, &types(&[1., 1.]), text);
        assert_eq!(reading, Reading::exact(0.125));
    }

    #[test]
    fn it_agrees_with_a_sum_over_a_grid() {
        let p = NormalMixture::new(vec![3., 1.], vec![normal(-2.0, 1.0), normal(4.0, 0.25)]);
        let q = NormalMixture::new(vec![1., 2.], vec![normal(-1.0, 2.0), normal(3.0, 1.0)]);
        let step = 0.01;
        let grid = Points::from_rows((-1500..1500).map(|i| step * f64::from(i)).collect(), 1);
        let pairs = p.ln_density(&grid).into_iter().zip(q.ln_density(&grid));
        let sum: f64 = pairs.map(|(a, b)| step * (a.exp() - b.exp()).powi(2)).sum();
        assert!((between_mixtures(&p, &q).expect("regular") - sum).abs() < 1e-10);
    }

    #[test]
    fn a_point_mass_is_infinite_and_a_dead_component_does_not_count() {
        let point = NormalMixture::new(vec![1., 1.], vec![normal(0.0, 0.0), normal(1.0, 1.0)]);
        let infinite = Reading::exact(f64::INFINITY);
        assert_eq!(measure(&L2 {}, &normal(0.0, 1.0), &point), infinite);
        let dead = NormalMixture::new(vec![0., 1.], vec![normal(0.0, 0.0), normal(0.0, 1.0)]);
        assert_eq!(measure(&L2 {}, &normal(0.0, 1.0), &dead), Reading::exact(0.0));
    }

    #[test]
    fn the_world_is_at_no_distance_from_itself_and_a_needle_far_from_it() {
        assert_eq!(of_world(&L2 {}, &normal(0.3, 2.0)), Reading::exact(0.0));
        let needle = measure(&L2 {}, &normal(0.0, 1.0), &normal(0.0, 1e-300));
        let expected = 1.0 / (4.0 * PI * 1e-300).sqrt();
        assert!((needle.expect("closed").value / expected - 1.0).abs() < 1e-9);
    }
}
