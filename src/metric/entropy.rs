//! Entropy of p_t: −E_p_t[ln p_t].
//!
//! Of points the differential entropy, of tokens Shannon's, of a whole sequence.
//! Unit: nats a sample. Range: [−∞, ∞) for points, [0, ∞) for tokens; target: the world's value.
//! Under collapse: falls; −∞ is a point mass or a singular Σ, 0 a single type. A logarithm already:
//! its loss is the distance from the world's value.
//! Cost: exact where p_t knows it, else its density on its own draws. Points without a density take
//! the estimate of Kozachenko and Leonenko, H = ψ(n) − ψ(k) + ln c_d + (d/n) Σ ln r_k, k = 5, O(n²d),
//! where no draw repeats; draws that repeat say −∞ if p_t is degenerate, and nothing otherwise.
//! Source: Shi et al. 2025 (arXiv 2509.16499); Kozachenko and Leonenko 1987.
//! Not to be confused with `cross-entropy`, which scores real samples.

use super::marginal::{self, Typed};
use super::neighbour::Balls;
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::samples::{Counts, Points, Samples, Scatter, Tokens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use statrs::function::gamma::{digamma, ln_gamma};
use std::cmp::Ordering;
use std::f64::consts::PI;

/// The neighbour whose distance stands for the density around a point.
const NEIGHBOUR: usize = 5;

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Entropy {}

const CARD: Card = Card {
    symbol: "H(p_t)",
    unit: "nats a sample",
    target: Target::WorldLogarithm,
    cost: "O(d), else a density of n draws, else O(n²·d)",
    source: "Shi et al. 2025",
};

impl Metric<Points> for Entropy {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        if let Some(reading) = of_density(now) {
            return Some(reading);
        }
        let degenerate = now.model.is_degenerate();
        // A finite set without repeats stands for the continuous law that it may come from.
        if degenerate && now.model.stock().is_none() {
            return Reading::exact(f64::NEG_INFINITY);
        }
        match repeats(now.draws()) {
            // Distances are between points: they know nothing of labels.
            _ if now.draws().labels().is_some() => None,
            false => of_neighbours(now.draws()),
            true if degenerate && now.generation > 0 => Reading::exact(f64::NEG_INFINITY),
            true => None,
        }
    }
}

impl Metric<Tokens> for Entropy {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, _noise: Noise<'_>) -> Option<Reading> {
        of_types(now)
    }
}

impl Metric<Scatter> for Entropy {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Scatter>, _noise: Noise<'_>) -> Option<Reading> {
        of_density(now)
    }
}

impl Metric<Counts> for Entropy {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Counts>, _noise: Noise<'_>) -> Option<Reading> {
        of_types(now)
    }
}

fn of_types<S: Typed>(now: &Snapshot<'_, S>) -> Option<Reading> {
    of_density(now).or_else(|| Reading::exact(of_law(&marginal::complete(now)?)))
}

/// Exact, or the mean of −ln p_t over draws of p_t.
fn of_density<S: Samples>(now: &Snapshot<'_, S>) -> Option<Reading> {
    if let Some(exact) = now.model.entropy() {
        return Reading::exact(exact);
    }
    let ln = now.model.density()?.ln_density(now.draws());
    Reading::mean_of(&ln.into_iter().map(|l| -l).collect::<Vec<_>>())
}

/// −Σ p ln p, with 0·ln 0 = 0.
pub fn of_law(p: &[f64]) -> f64 {
    let live = p.iter().filter(|p| **p > 0.0);
    0.0 - live.map(|p| p * p.ln()).sum::<f64>()
}

/// The estimate of Kozachenko and Leonenko. `None` where there are too few points.
fn of_neighbours(points: &Points) -> Option<Reading> {
    let (n, d, k) = (points.len() as f64, points.dimension() as f64, NEIGHBOUR as f64);
    let balls = Balls::of(points, NEIGHBOUR)?;
    let ln_unit_ball = 0.5 * d * PI.ln() - ln_gamma(0.5 * d + 1.0);
    let constant = digamma(n) - digamma(k) + ln_unit_ball;
    let terms = balls.squares.iter().map(|square| constant + 0.5 * d * square.ln());
    Reading::mean_of(&terms.collect::<Vec<_>>())
}

/// Whether a point occurs twice.
fn repeats(points: &Points) -> bool {
    let mut rows: Vec<&[f64]> = points.rows().collect();
    let order = |a: &f64, b: &f64| a.partial_cmp(b).unwrap_or(Ordering::Equal);
    let compare = |a: &&[f64], b: &&[f64]| {
        let pairs = a.iter().zip(*b).map(|(a, b)| order(a, b));
        pairs.fold(Ordering::Equal, Ordering::then)
    };
    rows.sort_unstable_by(compare);
    rows.windows(2).any(|pair| compare(&pair[0], &pair[1]) == Ordering::Equal)
}

#[cfg(test)]
#[path = "entropy_tests.rs"]
mod tests;
