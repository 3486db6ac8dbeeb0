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

use super::{Card, Metric, Reading, Target, marginal};
use crate::lineage::{Noise, Snapshot};
use crate::samples::{Points, Samples, Tokens};
use serde::{Deserialize, Serialize};
use statrs::function::gamma::{digamma, ln_gamma};
use std::f64::consts::PI;

/// The neighbour whose distance stands for the density around a point.
const NEIGHBOUR: usize = 5;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
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
        match of_neighbours(now.draws()) {
            Spacing::Estimate(reading) => reading,
            Spacing::Repeats if degenerate && now.generation > 0 => {
                Reading::exact(f64::NEG_INFINITY)
            }
            Spacing::Repeats => None,
        }
    }
}

impl Metric<Tokens> for Entropy {
    fn card(&self) -> Card {
        CARD
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, _noise: Noise<'_>) -> Option<Reading> {
        of_density(now).or_else(|| Reading::exact(of_law(&*marginal::complete(now)?)))
    }
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

/// What the distances between points say of the entropy.
enum Spacing {
    Repeats,
    /// `None` where there are too few points.
    Estimate(Option<Reading>),
}

/// The estimate of Kozachenko and Leonenko.
fn of_neighbours(points: &Points) -> Spacing {
    let (n, d) = (points.len() as f64, points.dimension() as f64);
    if points.len() <= NEIGHBOUR {
        return Spacing::Estimate(None);
    }
    let ln_ball = 0.5 * d * PI.ln() - ln_gamma(0.5 * d + 1.0);
    let constant = digamma(n) - digamma(NEIGHBOUR as f64) + ln_ball;
    let mut terms = Vec::with_capacity(points.len());
    for i in 0..points.len() {
        let mut squares = squares_from(points, i);
        let (nearer, reach, _) = squares.select_nth_unstable_by(NEIGHBOUR - 1, f64::total_cmp);
        if *reach == 0.0 || nearer.contains(&0.0) {
            return Spacing::Repeats;
        }
        terms.push(constant + 0.5 * d * reach.ln());
    }
    Spacing::Estimate(Reading::mean_of(&terms))
}

/// Squared distances of point i from all others.
fn squares_from(points: &Points, i: usize) -> Vec<f64> {
    let x = points.row(i);
    let square = |y: &[f64]| x.iter().zip(y).map(|(a, b)| (a - b).powi(2)).sum();
    points.rows().enumerate().filter(|(j, _)| *j != i).map(|(_, y)| square(y)).collect()
}

#[cfg(test)]
#[path = "entropy_tests.rs"]
mod tests;
