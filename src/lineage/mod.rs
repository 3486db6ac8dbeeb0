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
mod supply;

pub use snapshot::{Noise, Snapshot, Truth};
pub use supply::{Needs, Supply};

use breed::Nest;
use compose::{compose, gather_fresh};

use crate::curation::Curation;
use crate::model::{Bench, Breed, FitError, Learner};
use crate::regime::{Reach, Regime, Sizes};
use crate::samples::{Kind, Pool, Samples};
use crate::stream::{Role, Streams};

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
}

/// Someone who looks at every generation, and cannot change it.
pub trait Observer<S: Samples> {
    fn observe(&mut self, now: &Snapshot<'_, S>);
}

/// How a lineage ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Survived,
    Extinct { generation: u32, cause: String },
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

/// Runs one lineage: all generations, or until it is extinct.
pub fn run<S: Samples>(
    rules: &Rules<'_, S>,
    truth: &Truth<'_, S>,
    streams: Streams,
    observer: &mut dyn Observer<S>,
) -> Outcome {
    let pool = Pool::new(truth.supply.founders());
    let sizes = Sizes { founders: pool.len(), offspring: vec![0] };
    let learner = rules.family.learner();
    let mut lineage = Lineage { rules, truth, streams, learner, pool, sizes };
    observer.observe(&Snapshot::of_world(truth, lineage.pool.founders(), streams));
    for generation in 1..=rules.generations {
        if let Err(cause) = lineage.live(generation, observer) {
            return Outcome::Extinct { generation, cause: cause.to_string() };
        }
    }
    Outcome::Survived
}

impl<S: Samples> Lineage<'_, S> {
    /// One generation: compose → fit → draw → curate → observe → remember.
    fn live(&mut self, t: u32, observer: &mut dyn Observer<S>) -> Result<(), Extinction> {
        let (rules, truth, streams) = (self.rules, self.truth, self.streams);
        gather_fresh(rules.regime, t, truth.supply, streams, &mut self.pool);
        let training = compose(rules.regime, t, &self.sizes, &self.pool, streams);
        let bench = Bench { founders: Some(self.pool.founders()), validation: truth.validation() };
        let model = self.learner.learn(&training, &bench, &mut streams.at(t, Role::FIT))?;
        let nest = Nest { model, founders: self.pool.founders(), generation: t, streams };
        let offspring =
            nest.draw_and_curate(rules.curation, rules.schedule[t as usize + 1], truth)?;
        observer.observe(&Snapshot::of_model(t, truth, model, &training, &offspring, streams));
        self.remember(t, offspring);
        Ok(())
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
