//! Where a lineage can be taken up again: all that generations after t depend on.

use super::{Lineage, Rules, Truth};
use crate::model::Relatives;
use crate::regime::Sizes;
use crate::samples::{Chunk, Pool, Samples};
use crate::stream::Streams;
use serde::{Deserialize, Serialize};

/// A lineage after its generation t.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State<S> {
    /// t: the last generation that is over.
    pub generation: u32,
    /// What later generations may be trained on, oldest first.
    pub pool: Vec<Chunk<S>>,
    /// Offspring of every generation so far, those that are forgotten included.
    pub offspring: Vec<usize>,
    /// The models that later fits start from.
    pub relatives: Relatives,
}

impl<'a, S: Samples> Lineage<'a, S> {
    /// What there is of it after generation t, where its family saves its models.
    pub(super) fn state(&self, generation: u32) -> Option<State<S>> {
        let relatives = self.learner.save()?;
        let (pool, offspring) = (self.pool.chunks().to_vec(), self.sizes.offspring.clone());
        Some(State { generation, pool, offspring, relatives })
    }

    /// The lineage as it was.
    pub(super) fn restored(
        rules: &'a Rules<'a, S>,
        truth: &'a Truth<'a, S>,
        streams: Streams,
        state: State<S>,
    ) -> Result<Self, String> {
        let mut learner = rules.family.learner();
        learner.restore(&state.relatives)?;
        let pool = Pool::of(state.pool).ok_or("it remembers no founders")?;
        let sizes = Sizes { founders: pool.founders().len(), offspring: state.offspring };
        Ok(Lineage { rules, truth, streams, learner, pool, sizes })
    }
}
