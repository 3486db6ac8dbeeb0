//! Share of the world's modes that are still alive.
//!
//! A mode is alive while p_t gives the ball of 3σ around it at least `share` of the ball's true mass.
//! Unit: none. Range: [0, 1]; target 1.
//! Under collapse: falls in steps as modes die out or run into one another.
//! Cost: O(n·modes·d) on the draws of p_t; true masses from 10⁶ frozen draws, once for all trials.
//! Empty where the world has no known modes.
//! Source: Metz et al. 2017 (modes of a ring that a generator still covers); the threshold is ours.
//! Not to be confused with `recall`, which needs no modes, or `tail-mass`, the loss at the edges.

use super::reference::frozen_batches;
use super::{Card, Metric, Reading, Target};
use crate::distribution::Mode;
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Share;
use crate::samples::{Points, Samples};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Modes {
    /// The share of its true mass that keeps a mode alive.
    pub share: Share,
}

impl Default for Modes {
    fn default() -> Self {
        Modes { share: Share::literal(0.1) }
    }
}

impl Metric<Points> for Modes {
    fn card(&self) -> Card {
        Card {
            symbol: "modes alive",
            unit: "",
            target: Target::Most,
            cost: "O(n·modes·d)",
            source: "Metz et al. 2017",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let world = now.truth.world();
        let modes = world.modes()?;
        let compute = || masses(modes, frozen_batches(world));
        let truth = now.truth.world_memo.get("mode-masses", compute);
        let found = masses(modes, std::iter::once(now.draws().clone()));
        let lives = |(found, truth): &(f64, &f64)| *found >= self.share.get() * **truth;
        let alive = found.into_iter().zip(truth.iter()).filter(lives).count();
        Reading::exact(alive as f64 / modes.len() as f64)
    }
}

/// The share of all points that lies in each mode's ball.
fn masses(modes: &[Mode], batches: impl Iterator<Item = Points>) -> Vec<f64> {
    let (mut inside, mut n) = (vec![0.0; modes.len()], 0);
    for points in batches {
        n += points.len();
        for x in points.rows() {
            let counts = inside.iter_mut().zip(modes);
            counts.for_each(|(count, mode)| *count += f64::from(u8::from(mode.contains(x))));
        }
    }
    inside.into_iter().map(|count| count / n.max(1) as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_samples, of_world};
    use super::*;
    use crate::distribution::{Finite, Gaussian, NormalMixture};
    use ndarray::{Array1, arr1};

    /// Four modes of mass ¼ each, far apart.
    fn world() -> NormalMixture {
        NormalMixture::of_modes((0..4).map(|k| arr1(&[100.0 * f64::from(k), 0.0])).collect(), 1.0)
    }

    fn at(k: f64) -> Array1<f64> {
        arr1(&[100.0 * k, 0.0])
    }

    fn value(reading: Option<Reading>) -> f64 {
        reading.expect("the world has modes").value
    }

    #[test]
    fn a_model_of_two_of_four_modes_has_half_of_them_alive() {
        let two = NormalMixture::of_modes(vec![at(0.0), at(2.0)], 1.0);
        assert_eq!(value(measure(&Modes::default(), &world(), &two)), 0.5);
        assert_eq!(value(of_world(&Modes::default(), &world())), 1.0);
    }

    #[test]
    fn a_mode_lives_by_a_tenth_of_its_mass() {
        // Of 1000 points, a tenth of ¼·(mass within 3σ of a planar normal) is 24.7.
        let crowd = |few: usize| {
            let xs = (0..1000).flat_map(|i| [if i < few { 100.0 } else { 0.0 }, 0.0]);
            Finite::new(Points::from_rows(xs.collect(), 2)).expect("points")
        };
        assert_eq!(value(of_samples(&Modes::default(), &world(), crowd(30))), 0.5);
        assert_eq!(value(of_samples(&Modes::default(), &world(), crowd(20))), 0.25);
        let strict = Modes { share: Share::literal(1.0) };
        assert_eq!(value(of_samples(&strict, &world(), crowd(200))), 0.25);
    }

    #[test]
    fn point_masses_keep_the_modes_they_sit_in() {
        assert_eq!(value(measure(&Modes::default(), &world(), &point(at(1.0)))), 0.25);
        assert_eq!(value(measure(&Modes::default(), &world(), &point(at(0.5)))), 0.0);
    }

    fn point(centre: Array1<f64>) -> Gaussian {
        Gaussian::spherical(centre, 0.0)
    }

    #[test]
    fn a_world_without_modes_has_none_to_lose() {
        let normal = Gaussian::spherical(at(0.0), 1.0);
        assert_eq!(measure(&Modes::default(), &normal, &normal), None);
    }
}
