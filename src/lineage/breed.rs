//! Draws and curates until a generation has its offspring.

use super::Truth;
use crate::curation::{Curation, CurationBench, Draw};
use crate::distribution::Distribution;
use crate::samples::Samples;
use crate::stream::{Role, Stream, Streams};

/// No sample may be offered more than this many times the number asked for.
const MOST_OFFERS: usize = 1000;

/// Why a generation leaves nothing behind.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Barren {
    #[error("a synthetic sample is not finite")]
    NotFinite,
    #[error("curation keeps nothing of {offered} samples")]
    NothingKept { offered: usize },
    #[error("curation kept {kept} of {offered} samples, and {asked} were asked for")]
    TooFewKept { kept: usize, offered: usize, asked: usize },
}

/// A fitted model, about to leave offspring.
pub struct Nest<'a, S: Samples> {
    pub model: &'a dyn Distribution<S>,
    pub founders: &'a S,
    pub generation: u32,
    pub streams: Streams,
}

impl<S: Samples> Nest<'_, S> {
    /// n curated samples; fewer where a curator was told to keep fewer.
    pub fn draw_and_curate(
        &self,
        curation: &[(&str, &dyn Curation<S>)],
        n: usize,
        truth: &Truth<'_, S>,
    ) -> Result<S, Barren> {
        let mut rng = self.streams.at(self.generation, Role::DRAW);
        if curation.is_empty() {
            return self.offer(n, &mut rng);
        }
        let mut benches: Vec<Stream> = (curation.iter().enumerate())
            .map(|(k, (name, _))| self.streams.at(self.generation, Role::curate(name, k)))
            .collect();
        let fewer = curation.iter().any(|(_, curator)| curator.draw() == Draw::Offspring);
        let (mut kept, mut offered, most) = (Vec::new(), 0, MOST_OFFERS.saturating_mul(n));
        loop {
            let missing = n - kept.iter().map(S::len).sum::<usize>();
            let request = if fewer { n } else { wanted(curation, missing).min(most) };
            let mut batch = self.offer(request, &mut rng)?;
            offered += request;
            let bench = CurationBench {
                world: truth.world(),
                model: self.model,
                founders: self.founders,
                earlier: &kept,
                memo: &truth.memo,
                oracle: &truth.oracle,
            };
            truth.offered.set(truth.offered.get() + request as u64);
            for ((_, curator), rng) in curation.iter().zip(&mut benches) {
                batch = curator.curate(batch, &bench, rng);
            }
            kept.push(first(batch, missing));
            let total: usize = kept.iter().map(S::len).sum();
            if total == n || (fewer && total > 0) {
                return S::concatenate(&kept.iter().collect::<Vec<_>>())
                    .ok_or(Barren::NothingKept { offered });
            }
            if fewer || offered >= most {
                return Err(match total {
                    0 => Barren::NothingKept { offered },
                    kept => Barren::TooFewKept { kept, offered, asked: n },
                });
            }
        }
    }

    fn offer(&self, n: usize, rng: &mut Stream) -> Result<S, Barren> {
        let samples = self.model.release(n, rng);
        if samples.is_finite() { Ok(samples) } else { Err(Barren::NotFinite) }
    }
}

/// How many to offer so that about n survive all curators.
fn wanted<S: Samples>(curation: &[(&str, &dyn Curation<S>)], n: usize) -> usize {
    curation.iter().rev().fold(n, |n, (_, curator)| curator.draws(n).max(1))
}

/// At most n samples, from the start.
fn first<S: Samples>(samples: S, n: usize) -> S {
    match samples.len() <= n {
        true => samples,
        false => samples.gather(&(0..n).collect::<Vec<_>>()),
    }
}
