//! Real samples for one trial: founders, fresh draws, and two held-out sets that nobody trains on.
//!
//! They all come from one world. An infinite world is drawn from, each time from the stream of that
//! place; a finite one is shuffled once per trial and dealt out without replacement.

use crate::distribution::Distribution;
use crate::samples::Samples;
use crate::stream::{Role, Stream, Streams};
use rand::seq::SliceRandom;

/// How many real samples a trial needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    pub founders: usize,
    /// Held-out samples, and again as many that stand for generation 0.
    pub evaluation: usize,
    /// All fresh draws of the lineage.
    pub fresh: usize,
    /// Held-out samples that fits may look at to decide when to stop.
    pub validation: usize,
}

impl Needs {
    /// Samples that models are trained on.
    pub fn training(&self) -> usize {
        self.founders.saturating_add(self.fresh)
    }

    /// Samples that no model is trained on.
    pub fn held_out(&self) -> usize {
        self.evaluation.saturating_mul(2).saturating_add(self.validation)
    }

    /// Samples that a finite world must have to meet them without using one twice.
    pub fn total(&self) -> usize {
        self.training().saturating_add(self.held_out())
    }
}

/// The real samples of one trial.
pub struct Supply<'a, S: Samples> {
    pub world: &'a dyn Distribution<S>,
    needs: Needs,
    streams: Streams,
    /// The rows of a finite world in this trial's order.
    deck: Option<Vec<usize>>,
    /// The rows of its reserve, where it has one.
    reserve: Option<Vec<usize>>,
}

impl<'a, S: Samples> Supply<'a, S> {
    pub fn new(world: &'a dyn Distribution<S>, needs: Needs, streams: Streams) -> Self {
        let shuffled = |rows: &S, role| {
            let mut rows: Vec<usize> = (0..rows.len()).collect();
            rows.shuffle(&mut streams.at(0, role));
            rows
        };
        let deck = world.stock().map(|stock| shuffled(stock, Role::WORLD));
        let reserve = world.reserve().map(|apart| shuffled(apart, Role::WORLD.occurrence(2)));
        Supply { world, needs, streams, deck, reserve }
    }

    /// The samples that found the lineage.
    pub fn founders(&self) -> S {
        let mut rng = self.streams.at(0, Role::WORLD.occurrence(1));
        self.deal(0, self.needs.founders, &mut rng)
    }

    /// Real samples that no model is trained on.
    pub fn held_out(&self) -> S {
        let mut rng = self.streams.at(0, Role::HELD_OUT);
        self.withhold(0, self.needs.evaluation, &mut rng)
    }

    /// Another set of them: the world in the model's place.
    pub fn replica(&self) -> S {
        let mut rng = self.streams.at(0, Role::EVALUATE);
        self.withhold(self.needs.evaluation, self.needs.evaluation, &mut rng)
    }

    /// Held-out samples for fits to look at, apart from those that measure them.
    pub fn validation(&self) -> S {
        let mut rng = self.streams.at(0, Role::VALIDATE);
        self.withhold(2 * self.needs.evaluation, self.needs.validation, &mut rng)
    }

    /// n new samples for generation t ≥ 2, where every generation takes as many.
    pub fn fresh(&self, t: u32, n: usize, rng: &mut Stream) -> S {
        let held_out = if self.reserve.is_some() { 0 } else { self.needs.held_out() };
        self.deal(self.needs.founders + held_out + (t as usize - 2) * n, n, rng)
    }

    /// n samples that nobody trains on, from place `start` of what is held out.
    fn withhold(&self, start: usize, n: usize, rng: &mut Stream) -> S {
        match (&self.reserve, self.world.reserve()) {
            (Some(deck), Some(apart)) if !deck.is_empty() => deal(deck, apart, start, n),
            _ => self.deal(self.needs.founders + start, n, rng),
        }
    }

    /// n samples; of a finite world those from place `start` of the deck.
    fn deal(&self, start: usize, n: usize, rng: &mut Stream) -> S {
        match (&self.deck, self.world.stock()) {
            (Some(deck), Some(stock)) if !deck.is_empty() => deal(deck, stock, start, n),
            _ => self.world.draw(n, rng),
        }
    }
}

/// n rows from place `start` of a deck, which wraps around where the file allows a world to be used
/// again.
fn deal<S: Samples>(deck: &[usize], stock: &S, start: usize, n: usize) -> S {
    let rows: Vec<usize> = (start..start + n).map(|i| deck[i % deck.len()]).collect();
    stock.gather(&rows)
}
