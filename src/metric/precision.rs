//! Share of draws of p_t that look real: that lie in the ball of some held-out real point.
//!
//! 1/m · Σ_y 1[∃x: ‖x − y‖ ≤ r_k(x)], r_k(x) the distance of x to its k-th nearest other real point.
//! Repeated points are fair: a ball of radius 0 holds its copies, and a model equal to the world
//! scores 1 where data repeat. Held-out points that are only k or fewer have no balls and no value.
//!
//! Unit: share. Range: [0, 1]; the most is best, and generation 0 is the band.
//! Under collapse: stays near 1 or rises to it: a point mass inside the world has precision 1.
//! It falls where p_t drifts away or broadens.
//! Standard error: over draws, given the held-out points;
//! about 0.7 of the spread over both, as its calibration shows.
//! Cost: O(n²·d), shared by `precision`, `recall`, `density`, `coverage` and `tail-recall`.
//! Source: Kynkäänniemi et al. 2019; k = 5 as Naeem et al. 2020.
//! Not to be confused with `recall`, the same question with real points and draws exchanged, or with
//! prdc, whose `<` makes everything 0 where data repeat.

use super::neighbour::{overlap, share};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Count;
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Precision {
    /// k: the ball of a held-out point reaches to its k-th nearest other held-out point.
    pub neighbours: Count,
}

impl Default for Precision {
    fn default() -> Self {
        Precision { neighbours: Count::literal(5) }
    }
}

impl Metric<Points> for Precision {
    fn card(&self) -> Card {
        Card {
            symbol: "precision",
            unit: "share",
            target: Target::Most,
            cost: "O(n²·d)",
            source: "Kynkäänniemi et al. 2019",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let overlap = overlap(now, self.neighbours.get())?;
        share(overlap.precision(), overlap.holding.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{at_the_world, value};
    use super::super::{coverage::Coverage, density::Density, recall::Recall};
    use super::*;
    use crate::distribution::{Distribution, Finite, Gaussian};
    use ndarray::arr1;

    fn scores(now: &Snapshot<'_, Points>, draws: &Points) -> [Option<f64>; 4] {
        let metrics: [&dyn Metric<Points>; 4] =
            [&Precision::default(), &Recall::default(), &Density::default(), &Coverage::default()];
        metrics.map(|metric| value(metric, now, draws.clone()))
    }

    #[test]
    fn a_point_mass_has_precision_one_and_recall_zero() {
        let world = Gaussian::spherical(arr1(&[0.0, 0.0]), 1.0);
        at_the_world(&world, 500, |now| {
            let [precision, recall, density, coverage] =
                scores(now, &Points::from_rows(vec![0.1; 2 * 500], 2));
            assert_eq!((precision, recall), (Some(1.0), Some(0.0)));
            assert!(density > Some(0.0) && coverage < Some(0.1));
        });
    }

    #[test]
    fn a_world_of_few_values_is_not_held_against_a_model_equal_to_it() {
        let sides = Points::from_rows([0.0, 1.0].repeat(600), 1);
        let coin = Finite::new(sides).expect("many points");
        at_the_world(&coin, 400, |now| {
            let [precision, recall, density, coverage] = scores(now, now.draws());
            assert_eq!((precision, recall, coverage), (Some(1.0), Some(1.0), Some(1.0)));
            assert!((density.expect("draws") - 1.0).abs() < 0.02, "{density:?}");
        });
    }

    #[test]
    fn new_draws_of_a_continuous_world_have_the_known_scores() {
        let world = Gaussian::spherical(arr1(&[0.0, 0.0]), 1.0);
        at_the_world(&world, 2000, |now| {
            let [.., density, coverage] = scores(now, now.draws());
            // Among real points and draws alike, the k nearest of a point are all real with chance
            // 2^(−k). Balls that overlap succeed together: at worst k of them count as one.
            let expected: f64 = 1.0 - 0.5f64.powi(5);
            let error = (expected * (1.0 - expected) * 5.0 / 2000.0).sqrt();
            assert!((coverage.expect("draws") - expected).abs() < 4.0 * error, "{coverage:?}");
            assert!((density.expect("draws") - 1.0).abs() < 0.1, "{density:?}");
        });
    }

    #[test]
    fn data_shrunk_to_a_hundredth_are_seen() {
        let world = Gaussian::spherical(arr1(&[0.0, 0.0]), 1.0);
        at_the_world(&world, 500, |now| {
            let shrunk = Points::new(now.draws().values().mapv(|x| 0.01 * x));
            let [_, recall, _, coverage] = scores(now, &shrunk);
            assert!(recall < Some(0.05) && coverage < Some(0.1));
        });
    }

    #[test]
    fn few_draws_have_precision_but_no_recall() {
        let world = Gaussian::spherical(arr1(&[0.0]), 1.0);
        at_the_world(&world, 100, |now| {
            let [precision, recall, _, coverage] =
                scores(now, &world.draw(5, &mut now.noise("test").stream()));
            assert!(precision.is_some() && recall.is_none() && coverage.is_some());
        });
    }
}
