//! How often each token type occurs: under the world, and under p_t.
//!
//! Of a law whose tokens depend on one another, this is the share of each type among all tokens.

use super::reference::frozen_batches;
use crate::lineage::Snapshot;
use crate::samples::{Counts, Samples, TokenShape, Tokens};
use std::sync::Arc;

/// Samples that are made of token types.
pub trait Typed: Samples<Shape = TokenShape> {
    /// How often each type occurs.
    fn type_counts(&self) -> Vec<f64>;
}

impl Typed for Tokens {
    fn type_counts(&self) -> Vec<f64> {
        self.counts()
    }
}

impl Typed for Counts {
    fn type_counts(&self) -> Vec<f64> {
        self.counts.clone()
    }
}

/// Shares of the types under p_t: exact, or of the draws.
pub fn of_model<S: Typed>(now: &Snapshot<'_, S>) -> Option<Arc<Vec<f64>>> {
    match now.model.types() {
        Some(law) => Some(Arc::new(law.probabilities.to_vec())),
        None => shares(now.draws().type_counts()).map(Arc::new),
    }
}

/// Shares of the types in the world: exact, of the whole stock, or of the frozen draws.
pub fn of_world<S: Typed>(now: &Snapshot<'_, S>) -> Option<Arc<Vec<f64>>> {
    let world = now.truth.world();
    let compute = || match (world.types(), world.stock()) {
        (Some(law), _) => Some(law.probabilities.to_vec()),
        (None, Some(stock)) => shares(stock.type_counts()),
        (None, None) => {
            frozen_batches(world).map(|batch| batch.type_counts()).reduce(add).and_then(shares)
        }
    };
    let marginal = now.truth.world_memo.get("marginal", || compute().map(Arc::new));
    marginal.as_ref().clone()
}

/// The marginal of p_t where it says everything: where draws are single tokens.
pub fn complete<S: Typed>(now: &Snapshot<'_, S>) -> Option<Arc<Vec<f64>>> {
    let is_complete = match now.model.types() {
        Some(law) => law.complete,
        None => now.draws().shape().length == Some(1),
    };
    is_complete.then(|| of_model(now)).flatten()
}

fn add(mut all: Vec<f64>, more: Vec<f64>) -> Vec<f64> {
    all.iter_mut().zip(more).for_each(|(count, more)| *count += more);
    all
}

fn shares(mut counts: Vec<f64>) -> Option<Vec<f64>> {
    let total: f64 = counts.iter().sum();
    counts.iter_mut().for_each(|count| *count /= total);
    (total > 0.0).then_some(counts)
}
