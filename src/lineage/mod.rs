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

use crate::curation::Curation;
use crate::model::Breed;
use crate::regime::{Reach, Regime, Sizes};
use crate::samples::{Kind, Pool, Samples};
use crate::stream::{Role, Streams};

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

/// Runs one lineage: all generations, or until it is extinct.
pub fn run<S: Samples>(
    rules: &Rules<'_, S>,
    truth: &Truth<'_, S>,
    streams: Streams,
    observer: &mut dyn Observer<S>,
) -> Outcome {
    let mut learner = rules.family.learner();
    let mut pool = Pool::new(truth.supply.founders());
    let mut sizes = Sizes { founders: pool.len(), offspring: vec![0] };
    observer.observe(&Snapshot::of_world(truth, pool.founders(), streams));
    for t in 1..=rules.generations {
        let extinct = |cause: String| Outcome::Extinct { generation: t, cause };
        compose::gather_fresh(rules.regime, t, truth.supply, streams, &mut pool);
        let training = compose::compose(rules.regime, t, &sizes, &pool, streams);
        let model = match learner.learn(&training, &mut streams.at(t, Role::FIT)) {
            Ok(model) => model,
            Err(error) => return extinct(error.to_string()),
        };
        let nest = breed::Nest { model, founders: pool.founders(), generation: t, streams };
        let offspring = match nest.breed(rules.curation, rules.schedule[t as usize + 1], truth) {
            Ok(offspring) => offspring,
            Err(error) => return extinct(error.to_string()),
        };
        observer.observe(&Snapshot::of_model(t, truth, model, &training, &offspring, streams));
        sizes.offspring.push(offspring.len());
        pool.push(Kind::Offspring, t, offspring);
        if let Reach::Last(generations) = rules.regime.reach() {
            pool.forget_before((t + 1).saturating_sub(generations));
        }
    }
    Outcome::Survived
}
