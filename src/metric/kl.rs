//! Kullback–Leibler divergence of p_t from the world: KL(p*‖p_t) = E_p*[ln p* − ln p_t].
//!
//! Unit: nats a sample (of tokens: a whole sequence, as `cross-entropy` is). Range: [0, ∞]; target 0.
//! An estimate from densities can fall below 0 by its error.
//! Under collapse: grows without bound, and is infinite as soon as p_t misses mass of the world: a
//! lost type, a point mass, a singular Σ. A mean over trials is then infinite: read the median.
//! Cost: closed between two normals, between two laws of single tokens, and between two languages of
//! one length in which what comes next depends on few tokens (types^(order + 1) up to a million). Of
//! other languages that know their next token, a mean over held-out sequences of
//! Σ_i KL(p*(·|x_<i)‖p_t(·|x_<i)): exactly 0 where the model is the world, and infinite where a
//! sequence meets a token that p_t rules out; of fewer sequences where types·tokens are above
//! 5·10⁷. Else two densities on the held-out samples. Empty where a density is not known, or the two
//! are not of one kind.
//! Source: Kullback and Leibler 1951.
//! Not to be confused with `reverse-kl`, which is blind to lost mass, or `cross-entropy`, which adds
//! the entropy of the world.

use super::{Card, Metric, Reading, Target, sequence};
use crate::distribution::{Distribution, Gaussian, NormalMixture};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::linalg::{cholesky, invert_lower};
use crate::samples::{Counts, Points, Samples, Scatter, Tokens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Kl {}

const CARD: Card = Card {
    symbol: "KL(p*‖p_t)",
    unit: "nats",
    target: Target::Floor(0.0),
    cost: "O(d³) between normals, O(types^(order + 1)), or two densities of n samples",
    source: "Kullback and Leibler 1951",
};

impl Metric<Points> for Kl {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        divergence(now.truth.world(), now.model, || now.truth.held_out())
            .or_else(|| between_singular(now))
    }
}

impl Metric<Tokens> for Kl {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, _noise: Noise<'_>) -> Option<Reading> {
        let (world, model) = (now.truth.world(), now.model);
        sequence::divergence(world, model, || now.truth.held_out())
            .or_else(|| divergence(world, model, || now.truth.held_out()))
    }
}

impl Metric<Scatter> for Kl {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Scatter>, _noise: Noise<'_>) -> Option<Reading> {
        divergence(now.truth.world(), now.model, || now.truth.held_out())
    }
}

impl Metric<Counts> for Kl {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Counts>, _noise: Noise<'_>) -> Option<Reading> {
        divergence(now.truth.world(), now.model, || now.truth.held_out())
    }
}

/// KL(p‖q): closed where both allow it, else the mean of ln p − ln q over samples of p.
pub(super) fn divergence<'s, S: Samples>(
    p: &dyn Distribution<S>,
    q: &dyn Distribution<S>,
    samples: impl FnOnce() -> &'s S,
) -> Option<Reading> {
    if let (Some(a), Some(b)) = (p.normals(), q.normals())
        && let (Some(a), Some(b)) = (only(&a), only(&b))
    {
        return Reading::exact(between_normals(a, b)?);
    }
    if let (Some(a), Some(b)) = (p.types(), q.types())
        && a.complete
        && b.complete
    {
        return Reading::exact(between_laws(a.probabilities, b.probabilities));
    }
    match (p.density(), q.density()) {
        (Some(a), Some(b)) if a.base() == b.base() => {
            let samples = samples();
            let pairs = a.ln_density(samples).into_iter().zip(b.ln_density(samples));
            Reading::mean_of(&pairs.map(|(a, b)| a - b).collect::<Vec<_>>())
        }
        _ => None,
    }
}

/// Infinite either way where the world is spread over volume and p_t sits on none of it.
pub(super) fn between_singular<S: Samples>(now: &Snapshot<'_, S>) -> Option<Reading> {
    let continuous = now.truth.world().density()?.base().is_continuous();
    let singular = now.model.density().is_none() && now.model.is_degenerate();
    if continuous && singular { Reading::exact(f64::INFINITY) } else { None }
}

/// The one component that has any weight.
pub(super) fn only(mixture: &NormalMixture) -> Option<&Gaussian> {
    let mut live = mixture.weights().iter().zip(mixture.components()).filter(|(w, _)| **w > 0.0);
    let (_, first) = live.next()?;
    live.next().is_none().then_some(first)
}

/// ½ [tr(Σ_q⁻¹Σ_p) + (μ_p−μ_q)ᵀΣ_q⁻¹(μ_p−μ_q) − d + ln det Σ_q − ln det Σ_p].
///
/// Infinite where one of them is singular; `None` where both are.
pub fn between_normals(p: &Gaussian, q: &Gaussian) -> Option<f64> {
    match (p.is_degenerate(), q.is_degenerate()) {
        (true, true) => return None,
        (false, false) => {}
        _ => return Some(f64::INFINITY),
    }
    let (root_p, root_q) = (cholesky(&p.covariance())?, cholesky(&q.covariance())?);
    let whiten = invert_lower(&root_q);
    let trace: f64 = whiten.dot(&root_p).iter().map(|x| x * x).sum();
    let shift: f64 = whiten.dot(&(p.mean() - q.mean())).iter().map(|x| x * x).sum();
    let ln_ratio = q.ln_determinant() - p.ln_determinant();
    let divergence = 0.5 * (trace + shift - p.dimension() as f64 + ln_ratio);
    // Not a number only where a term has overflowed on its way to infinity.
    Some(if divergence.is_nan() { f64::INFINITY } else { divergence.max(0.0) })
}

/// Σ p ln(p/q) over the types, with 0·ln 0 = 0; infinite where q misses a type of p.
pub fn between_laws(p: &[f64], q: &[f64]) -> f64 {
    let live = p.iter().zip(q).filter(|(p, _)| **p > 0.0);
    live.map(|(p, q)| p * (p / q).ln()).sum::<f64>().max(0.0)
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_world};
    use super::*;
    use crate::distribution::Types;
    use ndarray::{arr1, arr2};

    fn normal(mean: f64, variance: f64) -> Gaussian {
        Gaussian::spherical(arr1(&[mean]), variance)
    }

    #[test]
    fn two_normals_by_hand() {
        // ½ [1/4 + 1/4 − 1 + ln 4]
        let reading = measure(&Kl {}, &normal(0.0, 1.0), &normal(1.0, 4.0));
        let expected = 0.5 * (0.5 - 1.0 + 4.0_f64.ln());
        assert!((reading.expect("closed").value - expected).abs() < 1e-14);
        assert_eq!(reading.and_then(|r| r.standard_error), None);
    }

    #[test]
    fn two_laws_by_hand() {
        let types = |weights: &[f64]| Types::new(weights, 1).expect("some weight");
        let reading = measure(&Kl {}, &types(&[1., 1., 0.]), &types(&[1., 3., 0.]));
        // ½ ln 2 + ½ ln ⅔
        let expected = 0.5 * (4.0_f64 / 3.0).ln();
        assert!((reading.expect("exact").value - expected).abs() < 1e-15);
    }

    #[test]
    fn a_lost_type_is_infinite_and_an_invented_one_is_not() {
        assert_eq!(between_laws(&[0.5, 0.5], &[1.0, 0.0]), f64::INFINITY);
        assert_eq!(between_laws(&[1.0, 0.0], &[0.5, 0.5]), 2.0_f64.ln());
    }

    #[test]
    fn a_point_mass_and_a_singular_covariance_are_infinitely_far() {
        let infinite = Reading::exact(f64::INFINITY);
        assert_eq!(measure(&Kl {}, &normal(0.0, 1.0), &normal(0.0, 0.0)), infinite);
        let plane = Gaussian::spherical(arr1(&[0., 0.]), 1.0);
        let line = Gaussian::full(arr1(&[0., 0.]), arr2(&[[1., 2.], [2., 4.]])).expect("finite");
        assert_eq!(measure(&Kl {}, &plane, &line), infinite);
        let modes = NormalMixture::of_modes(vec![arr1(&[0.0]), arr1(&[9.0])], 1.0);
        let points = NormalMixture::new(vec![1., 1.], vec![normal(0.0, 0.0), normal(9.0, 1.0)]);
        assert_eq!(measure(&Kl {}, &modes, &points), infinite);
    }

    #[test]
    fn nearly_a_point_mass_is_finite_or_infinite_but_a_number() {
        for variance in [1e-30, 1e-200, 1e-310, 5e-324] {
            let value = between_normals(&normal(0.5, 1.0), &normal(0.0, variance));
            assert!(value.expect("one is a normal") > 1e20);
        }
    }

    #[test]
    fn the_estimate_agrees_with_the_closed_form() {
        // Two equal components are a normal that `only` does not recognise.
        let twice = |g: Gaussian| NormalMixture::new(vec![1., 1.], vec![g.clone(), g]);
        let reading = measure(&Kl {}, &twice(normal(0.0, 1.0)), &twice(normal(0.7, 1.5)));
        let reading = reading.expect("two densities");
        let exact = between_normals(&normal(0.0, 1.0), &normal(0.7, 1.5)).expect("regular");
        let error = reading.standard_error.expect("estimated");
        assert!(error > 0.0 && (reading.value - exact).abs() < 4.0 * error);
    }

    #[test]
    fn the_world_is_at_no_distance_from_itself() {
        let world = NormalMixture::of_modes(vec![arr1(&[0.0]), arr1(&[9.0])], 1.0);
        assert_eq!(of_world(&Kl {}, &world).map(|r| r.value), Some(0.0));
    }

    #[test]
    fn without_a_density_of_the_world_there_is_no_divergence() {
        let stock = Points::from_rows(vec![0., 1., 2.], 1);
        let table = crate::distribution::Finite::new(stock).expect("three");
        assert_eq!(measure(&Kl {}, &table, &normal(0.0, 1.0)), None);
        let pairs = Tokens::of_length(vec![0, 1, 1, 1], 2, 2);
        let corpus = crate::distribution::Finite::new(pairs).expect("two");
        let model = Types::new(&[1., 1.], 2).expect("some weight");
        assert_eq!(measure(&Kl {}, &corpus, &model), None);
    }

    #[test]
    fn single_tokens_of_a_finite_text_have_an_exact_divergence() {
        let text = Tokens::of_length(vec![0, 1, 1, 1], 1, 2);
        let corpus = crate::distribution::Finite::new(text).expect("four");
        let model = Types::new(&[1., 1.], 1).expect("some weight");
        let by_hand = 0.25 * 0.5_f64.ln() + 0.75 * 1.5_f64.ln();
        let reading = measure(&Kl {}, &corpus, &model).expect("exact");
        assert!((reading.value - by_hand).abs() < 1e-12);
    }
}
