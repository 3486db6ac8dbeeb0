//! Keeps the samples that the model itself gives the highest density.
//!
//! Of m offered samples the round(keep·m) with the largest ln p_t(x) survive, in their order; ties go
//! to the earlier sample. A model without a density keeps everything it offers.
//! Under collapse: speeds it up; filtering by one's own likelihood cuts the tails each generation.
//! Cost: one density per offered sample.
//! Source: own-likelihood filtering, the selection studied by Feng et al. 2024 (arXiv 2406.07515).
//! Not to be confused with truncated sampling, which changes the model's own draws.

use super::{Curation, CurationBench, Draw};
use crate::numeric::bounded::Share;
use crate::samples::Samples;
use crate::stream::Stream;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Likeliest {
    /// The share that survives, 0 < keep ≤ 1.
    pub keep: Share,
    /// "kept": draw enough that the schedule's number survives; "offspring": draw that number.
    pub draw: Draw,
}

impl Default for Likeliest {
    fn default() -> Self {
        Likeliest { keep: Share::literal(0.9), draw: Draw::Kept }
    }
}

impl<S: Samples> Curation<S> for Likeliest {
    fn draws(&self, n: usize) -> usize {
        match self.draw {
            Draw::Kept => (n as f64 / self.keep.get()).ceil() as usize,
            Draw::Offspring => n,
        }
    }

    fn draw(&self) -> Draw {
        self.draw
    }

    fn curate(&self, offered: S, bench: &CurationBench<'_, S>, _rng: &mut Stream) -> S {
        let Some(density) = bench.model.density() else { return offered };
        let ln = density.ln_density(&offered);
        let mut rows: Vec<usize> = (0..offered.len()).collect();
        rows.sort_by(|&i, &j| ln[j].total_cmp(&ln[i]).then(i.cmp(&j)));
        rows.truncate((self.keep.get() * offered.len() as f64).round() as usize);
        rows.sort_unstable();
        offered.gather(&rows)
    }
}
