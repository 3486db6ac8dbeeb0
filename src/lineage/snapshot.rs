//! What an observer sees of one generation.

use super::{Life, Supply};
use crate::distribution::{Distribution, Finite};
use crate::numeric::memo::Memo;
use crate::samples::{Samples, TrainingSet};
use crate::stream::{Role, Stream, Streams};
use std::cell::{Cell, OnceCell};

/// What one trial knows of the world: the reference that every generation is measured against.
pub struct Truth<'a, S: Samples> {
    pub supply: &'a Supply<'a, S>,
    /// Draws of p_t and held-out samples made for measuring.
    pub evaluation: usize,
    /// Values that depend on the world alone, shared by all trials.
    pub world_memo: &'a Memo,
    /// Values that stay the same through this trial.
    pub memo: Memo,
    /// Questions that the world answered while offspring were curated: samples, or places of a
    /// sequence, whose truth a curator looked up. A lineage that was resumed counts from there on.
    pub oracle: Cell<u64>,
    /// Synthetic samples that were offered to curators, likewise.
    pub offered: Cell<u64>,
    held_out: OnceCell<S>,
    validation: OnceCell<Option<S>>,
}

impl<'a, S: Samples> Truth<'a, S> {
    pub fn new(supply: &'a Supply<'a, S>, evaluation: usize, world_memo: &'a Memo) -> Self {
        Truth {
            supply,
            evaluation,
            world_memo,
            memo: Memo::default(),
            oracle: Cell::new(0),
            offered: Cell::new(0),
            held_out: OnceCell::new(),
            validation: OnceCell::new(),
        }
    }

    /// p*.
    pub fn world(&self) -> &'a dyn Distribution<S> {
        self.supply.world
    }

    /// `evaluation` real samples that no model is trained on; the same in all generations.
    pub fn held_out(&self) -> &S {
        self.held_out.get_or_init(|| self.supply.held_out())
    }

    /// Real samples that a fit may look at, where its family wants some.
    pub fn validation(&self) -> Option<&S> {
        let some = || Some(self.supply.validation()).filter(|samples| !samples.is_empty());
        self.validation.get_or_init(some).as_ref()
    }
}

/// One generation: its model, its offspring, and the truth to hold them against.
pub struct Snapshot<'a, S: Samples> {
    pub generation: u32,
    pub truth: &'a Truth<'a, S>,
    /// p_t; the world itself at generation 0.
    pub model: &'a dyn Distribution<S>,
    /// p_1, the model of generation 1; nothing at generation 0.
    pub founder: Option<&'a dyn Distribution<S>>,
    /// What the next generation sees; the founders at generation 0.
    pub offspring: &'a S,
    /// What the model was fitted to; nothing at generation 0.
    pub training: Option<&'a TrainingSet<'a, S>>,
    /// Whether later generations will still be others.
    pub life: Life,
    /// Values that metrics share within this generation.
    pub memo: Memo,
    streams: Streams,
    draws: OnceCell<S>,
}

impl<'a, S: Samples> Snapshot<'a, S> {
    pub fn of_world(truth: &'a Truth<'a, S>, founders: &'a S, streams: Streams) -> Self {
        Snapshot {
            generation: 0,
            truth,
            model: truth.world(),
            founder: None,
            offspring: founders,
            training: None,
            life: Life::GoesOn,
            memo: Memo::default(),
            streams,
            draws: OnceCell::new(),
        }
    }

    pub fn of_model(
        generation: u32,
        truth: &'a Truth<'a, S>,
        model: &'a dyn Distribution<S>,
        training: &'a TrainingSet<'a, S>,
        offspring: &'a S,
        streams: Streams,
    ) -> Self {
        Snapshot {
            generation,
            truth,
            model,
            founder: (generation == 1).then_some(model),
            offspring,
            training: Some(training),
            life: Life::GoesOn,
            memo: Memo::default(),
            streams,
            draws: OnceCell::new(),
        }
    }

    /// The same generation, in a lineage whose generation 1 left this model.
    pub fn with_founder(self, founder: &'a dyn Distribution<S>) -> Self {
        Snapshot { founder: Some(founder), ..self }
    }

    /// The same generation, in a lineage that goes on or stands still.
    pub fn with_life(self, life: Life) -> Self {
        Snapshot { life, ..self }
    }

    /// The same generation, with a finite set of samples in the model's place.
    pub fn in_place_of_model<'b>(&'b self, samples: &'b Finite<S>) -> Snapshot<'b, S> {
        let draws = OnceCell::from(samples.samples().clone());
        Snapshot {
            generation: self.generation,
            truth: self.truth,
            model: samples,
            founder: self.founder,
            offspring: self.offspring,
            training: self.training,
            life: self.life,
            memo: Memo::default(),
            streams: self.streams,
            draws,
        }
    }

    /// `evaluation` draws of p_t made only for measuring; real ones at generation 0.
    pub fn draws(&self) -> &S {
        self.draws.get_or_init(|| match self.generation {
            0 => self.truth.supply.replica(),
            t => self.model.draw(self.truth.evaluation, &mut self.streams.at(t, Role::EVALUATE)),
        })
    }

    /// The randomness of the metric that carries this label.
    pub fn noise<'b>(&self, label: &'b str) -> Noise<'b> {
        Noise { streams: self.streams, generation: self.generation, label }
    }
}

/// A metric's own randomness, not yet asked for.
#[derive(Clone, Copy, Debug)]
pub struct Noise<'a> {
    streams: Streams,
    generation: u32,
    label: &'a str,
}

impl Noise<'_> {
    pub fn stream(&self) -> Stream {
        self.streams.at(self.generation, Role::measure(self.label))
    }
}
