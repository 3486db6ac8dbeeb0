//! Real samples for one trial: founders, fresh draws, and two held-out sets that nobody trains on.
//!
//! They all come from one world. An infinite world is drawn from, each time from the stream of that
//! place; a finite one is shuffled once per trial and dealt out without replacement.

use crate::distribution::Distribution;
use crate::samples::Samples;
use crate::stream::{Role, Stream, Streams};
use rand::seq::SliceRandom;

/// How many real samples a trial needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    pub founders: usize,
    /// Held-out samples, and again as many that stand for generation 0.
    pub evaluation: usize,
    /// All fresh draws of the lineage.
    pub fresh: usize,
}

impl Needs {
    /// Samples that a finite world must have to meet them without using one twice.
    pub fn total(&self) -> usize {
        self.founders.saturating_add(2 * self.evaluation).saturating_add(self.fresh)
    }
}

/// The real samples of one trial.
pub struct Supply<'a, S: Samples> {
    pub world: &'a dyn Distribution<S>,
    needs: Needs,
    streams: Streams,
    /// The rows of a finite world in this trial's order.
    deck: Option<Vec<usize>>,
}

impl<'a, S: Samples> Supply<'a, S> {
    pub fn new(world: &'a dyn Distribution<S>, needs: Needs, streams: Streams) -> Self {
        let deck = world.stock().map(|stock| {
            let mut rows: Vec<usize> = (0..stock.len()).collect();
            rows.shuffle(&mut streams.at(0, Role::WORLD));
            rows
        });
        Supply { world, needs, streams, deck }
    }

    /// The samples that found the lineage.
    pub fn founders(&self) -> S {
        let mut rng = self.streams.at(0, Role::WORLD.occurrence(1));
        self.deal(0, self.needs.founders, &mut rng)
    }

    /// Real samples that no model is trained on.
    pub fn held_out(&self) -> S {
        let mut rng = self.streams.at(0, Role::HELD_OUT);
        self.deal(self.needs.founders, self.needs.evaluation, &mut rng)
    }

    /// Another set of them: the world in the model's place.
    pub fn replica(&self) -> S {
        let mut rng = self.streams.at(0, Role::EVALUATE);
        let start = self.needs.founders + self.needs.evaluation;
        self.deal(start, self.needs.evaluation, &mut rng)
    }

    /// n new samples for generation t ≥ 2, where every generation takes as many.
    pub fn fresh(&self, t: u32, n: usize, rng: &mut Stream) -> S {
        let start = self.needs.founders + 2 * self.needs.evaluation;
        self.deal(start + (t as usize - 2) * n, n, rng)
    }

    /// n samples; of a finite world those from place `start` of the deck, which wraps around where
    /// the file allows a world to be used again.
    fn deal(&self, start: usize, n: usize, rng: &mut Stream) -> S {
        match (&self.deck, self.world.stock()) {
            (Some(deck), Some(stock)) if !deck.is_empty() => {
                let rows: Vec<usize> = (start..start + n).map(|i| deck[i % deck.len()]).collect();
                stock.gather(&rows)
            }
            _ => self.world.draw(n, rng),
        }
    }
}
