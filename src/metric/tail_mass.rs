//! Mass that p_t leaves in the tail of the world, over the true mass: p_t(T_q) / p*(T_q).
//!
//! Points: T_q = {x: p*(x) ≤ c_q} with c_q the q-quantile of p*(X); without a density, what lies
//! farther out than all but the share q of held-out points. Tokens: the least likely types while
//! their total mass is at most q, ties all in or all out; if the least likely types of the world are
//! together above q, just those.
//! Unit: none. Range: [0, 1/p*(T_q)]; target 1.
//! Under collapse: the typical lineage loses its tail, but the mean over trials need not fall (under
//! replace with neutral drift it stays): read the median.
//! Cost: exact for normals on a line and for types, else O(n) densities of the world at the draws.
//! Source: Shumailov et al. 2024 (early collapse: the tails go first); the region is ours.
//! Not to be confused with `tail-recall`, which asks whether held-out tail points are reached.

use super::marginal::{self, Typed};
use super::{Card, Metric, Reading, Target, tail};
use crate::distribution::NormalMixture;
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Quantile;
use crate::samples::{Counts, Points, Scatter, Tokens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use statrs::function::erf::erfc;
use std::f64::consts::SQRT_2;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TailMass {
    /// q: the mass of the world that counts as its tail.
    pub quantile: Quantile,
}

impl Default for TailMass {
    fn default() -> Self {
        TailMass { quantile: Quantile::literal(0.05) }
    }
}

const CARD: Card = Card {
    symbol: "p_t(T_q) / p*(T_q)",
    unit: "",
    target: Target::Value(1.0),
    cost: "O(components), O(types), or the world's density at n draws",
    source: "Shumailov et al. 2024",
};

impl Metric<Points> for TailMass {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let region = tail::region(now, self.quantile.get())?;
        let true_mass = Some(region.mass()).filter(|mass| *mass > 0.0)?;
        if let tail::Region::Density { interval: Some(interval), .. } = *region
            && let Some(mixture) = now.model.normals()
        {
            return Reading::exact(mass_outside(&mixture, interval) / true_mass);
        }
        let inside = region.contains(now.draws(), now.truth.world());
        let ratio = |inside| if inside { 1.0 / true_mass } else { 0.0 };
        Reading::mean_of(&inside.into_iter().map(ratio).collect::<Vec<_>>())
    }
}

impl Metric<Tokens> for TailMass {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, _noise: Noise<'_>) -> Option<Reading> {
        of_types(now, self.quantile.get())
    }
}

impl Metric<Scatter> for TailMass {
    fn card(&self) -> Card {
        CARD
    }

    /// Where the tail is known without a sample: on a line.
    fn measure(&self, now: &Snapshot<'_, Scatter>, _noise: Noise<'_>) -> Option<Reading> {
        let tail = now.truth.world().tail(self.quantile.get())?;
        Reading::exact(mass_outside(&*now.model.normals()?, tail.interval?) / tail.mass)
    }
}

impl Metric<Counts> for TailMass {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Counts>, _noise: Noise<'_>) -> Option<Reading> {
        of_types(now, self.quantile.get())
    }
}

fn of_types<S: Typed>(now: &Snapshot<'_, S>, q: f64) -> Option<Reading> {
    let (world, model) = (marginal::of_world(now)?, marginal::of_model(now)?);
    let rare = rare_types(&world, q);
    let mass = |law: &[f64]| rare.iter().map(|&kind| law[kind]).sum::<f64>();
    Reading::exact(mass(&model) / mass(&world))
}

/// What a mixture on a line leaves at or beyond the ends of an interval.
pub fn mass_outside(mixture: &NormalMixture, (low, high): (f64, f64)) -> f64 {
    let below = |z: f64| 0.5 * erfc(-z / SQRT_2);
    let outside = mixture.components().iter().map(|component| {
        let (mean, sd) = (component.mean()[0], component.covariance()[[0, 0]].sqrt());
        match sd > 0.0 {
            true => below((low - mean) / sd) + below((mean - high) / sd),
            false => f64::from(u8::from(mean <= low || mean >= high)),
        }
    });
    mixture.weights().iter().zip(outside).map(|(weight, mass)| weight * mass).sum()
}

/// The types of T_q, in ascending probability; at least one of them has mass.
pub fn rare_types(p: &[f64], q: f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    // A sum that should be q may miss it by rounding.
    let most = q * (1.0 + 1e-9);
    let (mut rare, mut total) = (Vec::new(), 0.0);
    for ties in order.chunk_by(|&a, &b| p[a] == p[b]) {
        let more: f64 = ties.iter().map(|&kind| p[kind]).sum();
        if total > 0.0 && total + more > most {
            break;
        }
        rare.extend_from_slice(ties);
        total += more;
    }
    rare
}

#[cfg(test)]
#[path = "tail_mass_tests.rs"]
mod tests;
