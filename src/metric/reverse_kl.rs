//! Kullback–Leibler divergence of the world from p_t: KL(p_t‖p*) = E_p_t[ln p_t − ln p*].
//!
//! Unit: nats a sample (of tokens: a whole sequence). Range: [0, ∞]; target 0. An estimate from
//! densities can fall below 0 by its error.
//! Under collapse: grows, but stays finite where p_t only loses mass; infinite where p_t has mass
//! that the world has not, and for a point mass or a singular Σ on a continuous world.
//! Cost: closed between two normals, two laws of single tokens, and two languages in which what comes
//! next depends on few tokens; of other languages a mean over draws of p_t, token by token, as in
//! `kl`; else two densities on the draws of p_t. Empty where a density is not known, or the two are not of one kind.
//! Source: Kullback and Leibler 1951.
//! Not to be confused with `kl`, the other way round, which punishes what p_t has forgotten.

use super::kl::{between_singular, divergence};
use super::{Card, Metric, Reading, Target, sequence};
use crate::lineage::{Noise, Snapshot};
use crate::samples::{Counts, Points, Scatter, Tokens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReverseKl {}

const CARD: Card = Card {
    symbol: "KL(p_t‖p*)",
    unit: "nats",
    target: Target::Floor(0.0),
    cost: "O(d³) between normals, O(types^(order + 1)), or two densities of n draws",
    source: "Kullback and Leibler 1951",
};

impl Metric<Points> for ReverseKl {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        divergence(now.model, now.truth.world(), || now.draws()).or_else(|| between_singular(now))
    }
}

impl Metric<Tokens> for ReverseKl {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, _noise: Noise<'_>) -> Option<Reading> {
        let (model, world) = (now.model, now.truth.world());
        sequence::divergence(model, world, || now.draws())
            .or_else(|| divergence(model, world, || now.draws()))
    }
}

impl Metric<Scatter> for ReverseKl {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Scatter>, _noise: Noise<'_>) -> Option<Reading> {
        divergence(now.model, now.truth.world(), || now.draws())
    }
}

impl Metric<Counts> for ReverseKl {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Counts>, _noise: Noise<'_>) -> Option<Reading> {
        divergence(now.model, now.truth.world(), || now.draws())
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::measure;
    use super::*;
    use crate::distribution::{Gaussian, NormalMixture, Types};
    use ndarray::arr1;

    #[test]
    fn two_normals_by_hand() {
        let normal = |mean, variance| Gaussian::spherical(arr1(&[mean, 0.0]), variance);
        // ½ [2/4 + 1/4 − 2 + 2 ln 4]: the model is the first argument.
        let reading = measure(&ReverseKl {}, &normal(1.0, 4.0), &normal(0.0, 1.0));
        let expected = 0.5 * (0.75 - 2.0 + 2.0 * 4.0_f64.ln());
        assert!((reading.expect("closed").value - expected).abs() < 1e-14);
    }

    #[test]
    fn a_fixated_law_is_at_a_finite_distance() {
        let world = Types::new(&[1., 3.], 1).expect("some weight");
        let fixed = Types::new(&[1., 0.], 1).expect("some weight");
        let value = measure(&ReverseKl {}, &world, &fixed).map(|r| r.value);
        assert_eq!(value, Some(4.0_f64.ln()));
    }

    #[test]
    fn a_point_mass_on_a_continuous_world_is_infinite() {
        let world = NormalMixture::of_modes(vec![arr1(&[0.0]), arr1(&[9.0])], 1.0);
        let point = Gaussian::spherical(arr1(&[0.0]), 0.0);
        assert_eq!(measure(&ReverseKl {}, &world, &point), Reading::exact(f64::INFINITY));
    }

    #[test]
    fn a_lost_mode_costs_the_logarithm_of_what_is_left() {
        let world = NormalMixture::of_modes(vec![arr1(&[0.0]), arr1(&[40.0])], 1.0);
        let half = Gaussian::spherical(arr1(&[0.0]), 1.0);
        let reading = measure(&ReverseKl {}, &world, &half).expect("two densities");
        assert!((reading.value - 2.0_f64.ln()).abs() < 1e-9);
    }
}
