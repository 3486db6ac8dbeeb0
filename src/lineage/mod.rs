//! The loop: compose → fit → draw → curate → observe → remember, generation after generation.
//!
//! **Generation 0 is the world, generation 1 is the first fit.** In generation t ≥ 1 a lineage
//!
//! 1. **composes** the training set: the founders for t = 1, the regime's recipe from then on;
//! 2. **fits** the family to it, and goes *extinct* if no member of the family exists;
//! 3. **draws** synthetic samples from the fit;
//! 4. **curates** them: the survivors are the generation's offspring;
//! 5. lets the observer **observe** model and offspring, without touching them;
//! 6. **remembers** the offspring, and forgets what no later generation can be trained on.
//!
//! The loop does no I/O, starts no thread, knows no metric and no concrete world or model.

mod breed;
mod compose;
mod snapshot;
mod state;
mod supply;

pub use snapshot::{Noise, Snapshot, Truth};
pub use state::State;
pub use supply::{Needs, Supply};

use breed::Nest;
use compose::{compose, gather_fresh};

use crate::curation::Curation;
use crate::model::{Bench, Breed, FitError, Fitted, Learner};
use crate::regime::{Reach, Regime, Sizes};
use crate::samples::{Kind, Pool, Samples};
use crate::stream::{Role, Streams};
use std::ops::ControlFlow;

/// Version of what the loop does: part of every result's identity, and raised whenever the same rules
/// and streams give other numbers.
pub const VERSION: u32 = 1;

/// Everything that decides how a lineage runs, given its streams.
pub struct Rules<'a, S: Samples> {
    pub family: &'a dyn Breed<S>,
    pub regime: &'a dyn Regime,
    /// Curators and the names that address their streams, in order.
    pub curation: &'a [(&'a str, &'a dyn Curation<S>)],
    pub generations: u32,
    /// `schedule[t]` = synthetic samples kept to train generation t ≥ 2.
    pub schedule: &'a [usize],
    /// Whether a lineage ends where all draws of its model are one sample, and nothing else trains the
    /// next: it can no longer change.
    pub ends_absorbed: bool,
}

/// Someone who looks at every generation, and cannot change it.
pub trait Observer<S: Samples> {
    fn observe(&mut self, now: &Snapshot<'_, S>);

    /// Told that a generation is over: it may ask for the state from which the lineage can go on, which
    /// exists where the family saves its models, and may cut the lineage off.
    fn rest(&mut self, _state: &dyn Fn() -> Option<State<S>>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// How a lineage ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Survived,
    /// It can no longer change since this generation.
    Absorbed {
        generation: u32,
    },
    Extinct {
        generation: u32,
        cause: String,
    },
    /// Its observer cut it off: it can go on from the state that was taken.
    CutOff,
}

/// Whether a lineage that lives can still change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    GoesOn,
    /// It is absorbed: all later generations would be this one.
    StandsStill,
}

impl Life {
    fn of(is_absorbed: bool) -> Self {
        if is_absorbed { Life::StandsStill } else { Life::GoesOn }
    }
}

/// Why a lineage ends: no member of the family fits, or the fit leaves nothing behind.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
enum Extinction {
    Unfit(#[from] FitError),
    Barren(#[from] breed::Barren),
}

/// A lineage on its way: its models, and all that it remembers.
struct Lineage<'a, S: Samples> {
    rules: &'a Rules<'a, S>,
    truth: &'a Truth<'a, S>,
    streams: Streams,
    learner: Box<dyn Learner<S> + 'a>,
    pool: Pool<S>,
    sizes: Sizes,
}

/// Runs one lineage: all generations, or until it is absorbed or extinct.
pub fn run<S: Samples>(
    rules: &Rules<'_, S>,
    truth: &Truth<'_, S>,
    streams: Streams,
    observer: &mut dyn Observer<S>,
) -> Outcome {
    let lineage = Lineage::found(rules, truth, streams);
    observer.observe(&Snapshot::of_world(truth, lineage.pool.founders(), streams));
    lineage.run(observer)
}

/// Goes on with a lineage after its generation t; a state that its family did not save is an error.
pub fn resume<S: Samples>(
    rules: &Rules<'_, S>,
    truth: &Truth<'_, S>,
    streams: Streams,
    state: State<S>,
    observer: &mut dyn Observer<S>,
) -> Result<Outcome, String> {
    Ok(Lineage::restored(rules, truth, streams, state)?.run(observer))
}

impl<'a, S: Samples> Lineage<'a, S> {
    fn found(rules: &'a Rules<'a, S>, truth: &'a Truth<'a, S>, streams: Streams) -> Self {
        let pool = Pool::new(truth.supply.founders());
        let sizes = Sizes { founders: pool.len(), offspring: vec![0] };
        Lineage { rules, truth, streams, learner: rules.family.learner(), pool, sizes }
    }

    fn run(mut self, observer: &mut dyn Observer<S>) -> Outcome {
        // Generation 0 has no offspring, and its place in the sizes.
        for generation in self.sizes.offspring.len() as u32..=self.rules.generations {
            match self.live(generation, observer) {
                Ok(Life::GoesOn) => {}
                Ok(Life::StandsStill) => return Outcome::Absorbed { generation },
                Err(cause) => return Outcome::Extinct { generation, cause: cause.to_string() },
            }
            if observer.rest(&|| self.state(generation)).is_break() {
                return Outcome::CutOff;
            }
        }
        Outcome::Survived
    }

    /// One generation: compose → fit → draw → curate → observe → remember.
    fn live(&mut self, t: u32, observer: &mut dyn Observer<S>) -> Result<Life, Extinction> {
        let (rules, truth, streams) = (self.rules, self.truth, self.streams);
        gather_fresh(rules.regime, t, truth.supply, streams, &mut self.pool);
        let training = compose(rules.regime, t, &self.sizes, &self.pool, streams);
        let bench = Bench { founders: Some(self.pool.founders()), validation: truth.validation() };
        let mut rng = streams.at(t, Role::FIT);
        let Fitted { model, founder } = self.learner.learn(&training, &bench, &mut rng)?;
        let nest = Nest { model, founders: self.pool.founders(), generation: t, streams };
        let offspring =
            nest.draw_and_curate(rules.curation, rules.schedule[t as usize + 1], truth)?;
        let life = Life::of(rules.ends_absorbed && model.is_constant());
        let now = Snapshot::of_model(t, truth, model, &training, &offspring, streams);
        observer.observe(&now.with_founder(founder).with_life(life));
        self.remember(t, offspring);
        Ok(life)
    }

    /// Keeps what generation t leaves behind, and forgets what nobody can be trained on any more.
    fn remember(&mut self, t: u32, offspring: S) {
        self.sizes.offspring.push(offspring.len());
        self.pool.push(Kind::Offspring, t, offspring);
        if let Reach::Last(generations) = self.rules.regime.reach() {
            self.pool.forget_before((t + 1).saturating_sub(generations));
        }
    }
}
