//! Keeps right samples with probability φ and wrong ones with probability ψ: an oracle, or a noisy one.
//!
//! The world says what is right. Labelled samples: the label is the likeliest one given the point,
//! argmax over the founders' labels of p*(x, y); labels that are numbers of a linear law: the residual
//! |y − x·w*| is at most what the share 1 − tail of the founders have. Other samples: ln p*(x) is at least
//! the tail-quantile of the founders'. A world without a density is asked by its founders: the nearest
//! one has the same label, or is as near as to other founders; a text shares as many of its pairs of
//! tokens (of single tokens: its types) with founders as these with one another.
//! With p the share of wrong samples, (1−p)φ / ((1−p)φ + pψ) of those kept are right: most are where
//! p < p* = 1 / (1 + ψ/φ).
//! Under collapse: what is trained on verified labels becomes accurate below p* and learns the errors
//! above it. An oracle (φ = 1, ψ = 0) of a density cuts the share `tail` off the world itself.
//! Cost: one density of the world per offered sample, one for each class; O(n·d) without a density.
//! Each offered sample is one question to the oracle.
//! Source: Feng et al. 2024 (arXiv 2406.07515).
//! Not to be confused with `likeliest`, where the model judges itself.

mod judge;

use super::{Curation, CurationBench, Draw, rank};
use crate::numeric::bounded::{Fraction, Quantile};
use crate::stream::Stream;
use judge::Judged;
use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Verify {
    /// φ: the probability that a right sample is kept.
    pub right: Fraction,
    /// ψ: the probability that a wrong sample is kept.
    pub wrong: Fraction,
    /// The share of the founders, the least likely of them, that would count as wrong.
    pub tail: Quantile,
    /// "kept": draw until the schedule's number survives; "offspring": draw that number.
    pub draw: Draw,
}

impl Default for Verify {
    fn default() -> Self {
        Verify {
            right: Fraction::literal(1.0),
            wrong: Fraction::literal(0.0),
            tail: Quantile::literal(0.01),
            draw: Draw::Kept,
        }
    }
}

impl<S: Judged> Curation<S> for Verify {
    fn draw(&self) -> Draw {
        self.draw
    }

    fn curate(&self, offered: S, bench: &CurationBench<'_, S>, rng: &mut Stream) -> S {
        if offered.is_empty() {
            return offered;
        }
        bench.ask(offered.len());
        let right = judge::right(&offered, self.tail.get(), bench);
        let kept = |&(_, right): &(usize, bool)| {
            // One draw a sample, whatever becomes of it: verifiers of one trial are paired.
            rng.random::<f64>() < if right { self.right.get() } else { self.wrong.get() }
        };
        let rows = right.into_iter().enumerate().filter(kept).map(|(i, _)| i).collect();
        rank::survivors(&offered, rows)
    }
}

#[cfg(test)]
mod tests;
