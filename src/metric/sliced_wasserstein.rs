//! Sliced Wasserstein distance: W₂² of the projections of p_t and the world, averaged over directions.
//!
//! SW₂² = 1/L · Σ_r W₂²(⟨r, X⟩, ⟨r, Y⟩) over L directions r, between draws of p_t and held-out real
//! points. The directions are uniform on the sphere and frozen: the same in all generations, trials
//! and cells, so that differences never come from them. On a line it is W₂² itself.
//!
//! Unit: squared units of the data. Range: [0, ∞); target 0.
//! Under collapse: grows; N(m, s²·I) against N(0, I) has ‖m‖²/d + (s − 1)². Generation 0 is small
//! but not 0: compare with that band. The column of largest scale dominates.
//! Cost: O(L·n·(d + log n)).
//! Source: Bonneel et al. 2015; the square of POT's sliced_wasserstein_distance.
//! Not to be confused with `wasserstein` (W₁, exact, on a line) or with the root of this value.

use super::transport::{frozen_directions, projections, sliced_onto};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Count;
use crate::samples::{Points, Samples};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SlicedWasserstein {
    /// L, the number of directions.
    pub directions: Count,
}

impl Default for SlicedWasserstein {
    fn default() -> Self {
        SlicedWasserstein { directions: Count::literal(200) }
    }
}

/// Directions, and the sorted projections of the held-out points onto them.
struct Slices {
    directions: Points,
    real: Vec<Vec<f64>>,
}

impl Metric<Points> for SlicedWasserstein {
    fn card(&self) -> Card {
        Card {
            symbol: "SW₂²(p_t, p*)",
            unit: "squared data units",
            target: Target::Floor(0.0),
            cost: "O(directions·n·(d + log n))",
            source: "Bonneel et al. 2015",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let (real, draws, count) = (now.truth.held_out(), now.draws(), self.directions.get());
        if real.is_empty() || draws.is_empty() || !draws.is_finite() {
            return None;
        }
        let slices = now.truth.memo.get(&format!("slices, L = {count}"), || {
            let directions = frozen_directions(count, real.dimension());
            Slices { real: projections(real, &directions), directions }
        });
        Reading::exact(sliced_onto(&slices.real, draws, &slices.directions))
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{at_the_world, value};
    use super::*;
    use crate::distribution::{Distribution, Gaussian};
    use crate::stream::{Role, stream};
    use ndarray::arr1;

    #[test]
    fn shifted_and_scaled_normals_meet_the_closed_form() {
        let world = Gaussian::spherical(arr1(&[0.0; 5]), 1.0);
        let model = Gaussian::spherical(arr1(&[1.0, -0.5, 0.5, 1.0, 0.5]), 0.36);
        at_the_world(&world, 4000, |now| {
            let draws = model.draw(4000, &mut stream(3, 0, 0, Role::DRAW));
            let metric = SlicedWasserstein { directions: Count::literal(400) };
            // ‖m‖² = 2.75, so 0.55 + 0.16. Along a random direction ‖m‖² meets a Beta(½, 2), whose
            // standard deviation is 0.214: 0.59/√400 for the directions.
            let sliced = value(&metric, now, draws).expect("finite");
            assert!((sliced - 0.71).abs() < 4.0 * 0.59 / 20.0, "{sliced}");
        });
    }

    #[test]
    fn data_shrunk_to_a_hundredth_are_seen() {
        let world = Gaussian::spherical(arr1(&[0.0; 3]), 1.0);
        at_the_world(&world, 500, |now| {
            let metric = SlicedWasserstein::default();
            let shrunk = now.draws().values().mapv(|x| 0.01 * x);
            let equal = value(&metric, now, now.draws().clone());
            assert!(value(&metric, now, Points::new(shrunk)) > equal.map(|v| 20.0 * v));
        });
    }
}
