//! Share of the world's types of one frequency band that survive in p_t.
//!
//! Types are put in order of their probability under the world and cut into thirds of its mass:
//! `rare` holds the least likely, `frequent` the few that make up the last third. A type belongs
//! where the middle of its own mass lies, and types that are equally likely stay together.
//! Unit: none. Range: [0, 1]; target 1.
//! Under collapse: falls, first and farthest in the rare band; the frequent one goes last.
//! Empty where no type of the world is in the band, as in a world of equally likely types, which are
//! all in the middle.
//! Cost: O(types·ln types). Exact where p_t knows its frequencies, else of the draws, which miss
//! rare types: generation 0 then says 1 where draws of the world would not.
//! Source: the bands are ours; the share of types is that of Suresh et al. 2025 (arXiv 2412.17646).
//! Not to be confused with `support`, which is over all types, or with `tail-mass`, which asks how
//! likely the rare ones still are.

use super::{
    Card, Metric, Reading, Target,
    marginal::{self, Typed},
    support,
};
use crate::lineage::{Noise, Snapshot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A third of the world's mass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Band {
    #[default]
    Rare,
    Middle,
    Frequent,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct BandSurvival {
    /// Which types: the `rare`, `middle` or `frequent` third of the world's mass.
    pub band: Band,
}

impl<S: Typed> Metric<S> for BandSurvival {
    fn card(&self) -> Card {
        Card {
            symbol: "types of the band alive",
            unit: "",
            target: Target::Most,
            cost: "O(types·ln types)",
            source: "Suresh et al. 2025",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        let (mut world, model) = (marginal::of_world(now)?.to_vec(), marginal::of_model(now)?);
        let bands = bands(&world);
        world.iter_mut().zip(bands).filter(|(_, b)| *b != self.band).for_each(|(p, _)| *p = 0.0);
        Reading::exact(support::share(&world, &model)?)
    }
}

/// The band of each type.
pub fn bands(p: &[f64]) -> Vec<Band> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let total: f64 = p.iter().sum();
    let (mut bands, mut below) = (vec![Band::Rare; p.len()], 0.0);
    for ties in order.chunk_by(|&a, &b| p[a] == p[b]) {
        let mass: f64 = ties.iter().map(|&kind| p[kind]).sum();
        let band = match (below + 0.5 * mass) / total * 3.0 {
            thirds if thirds < 1.0 => Band::Rare,
            thirds if thirds < 2.0 => Band::Middle,
            _ => Band::Frequent,
        };
        ties.iter().for_each(|&kind| bands[kind] = band);
        below += mass;
    }
    bands
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_world};
    use super::*;
    use crate::distribution::{Distribution, Finite, Types};
    use crate::samples::TokenShape;
    use crate::samples::Tokens;
    use crate::stream::Stream;

    fn types(weights: &[f64]) -> Types {
        Types::new(weights, 1).expect("some weight")
    }

    fn alive(
        band: Band,
        world: &dyn Distribution<Tokens>,
        model: &dyn Distribution<Tokens>,
    ) -> Option<f64> {
        measure(&BandSurvival { band }, world, model).map(|reading| reading.value)
    }

    #[test]
    fn thirds_of_mass_by_hand() {
        use Band::{Frequent, Middle, Rare};
        assert_eq!(bands(&[0.4, 0.1, 0.1, 0.3, 0.1]), [Frequent, Rare, Rare, Middle, Rare]);
        assert_eq!(bands(&[0.25; 4]), [Middle; 4]);
        assert_eq!(bands(&[0.0, 1.0]), [Rare, Middle]);
    }

    #[test]
    fn each_band_counts_its_own_types() {
        let world = types(&[4., 1., 1., 3., 1., 0.]);
        let model = types(&[5., 0., 1., 0., 0., 4.]);
        assert_eq!(alive(Band::Rare, &world, &model), Some(1.0 / 3.0));
        assert_eq!(alive(Band::Middle, &world, &model), Some(0.0));
        assert_eq!(alive(Band::Frequent, &world, &model), Some(1.0));
        assert_eq!(of_world(&BandSurvival::default(), &world), Reading::exact(1.0));
        assert_eq!(alive(Band::Rare, &types(&[1., 1.]), &types(&[1., 0.])), None);
    }

    /// A model that can be drawn from, and knows nothing of itself.
    struct Mute(Types);

    impl Distribution<Tokens> for Mute {
        fn draw(&self, n: usize, rng: &mut Stream) -> Tokens {
            self.0.draw(n, rng)
        }

        fn shape(&self) -> TokenShape {
            self.0.shape()
        }
    }

    #[test]
    fn a_text_and_a_model_that_knows_no_frequencies_are_compared_by_its_draws() {
        let text = Finite::new(Tokens::of_length(vec![0, 0, 0, 0, 3, 3, 3, 1, 2, 4], 2, 6));
        let (text, model) = (text.expect("five"), Mute(types(&[5., 0., 1., 0., 0., 4.])));
        assert_eq!(alive(Band::Rare, &text, &model), Some(1.0 / 3.0));
        assert_eq!(alive(Band::Frequent, &text, &model), Some(1.0));
        let share = measure(&support::Support {}, &text, &model).map(|reading| reading.value);
        assert_eq!(share, Some(0.4));
        let rare = super::super::tail_mass::TailMass {
            quantile: crate::numeric::bounded::Quantile::literal(0.3),
        };
        let mass = measure(&rare, &text, &model).expect("draws").value * 0.3;
        // Of the three rarest types one is left, and one is there that the world has not.
        assert!((mass - 0.5).abs() < 4.0 * (0.25_f64 / 2000.0).sqrt());
    }
}
