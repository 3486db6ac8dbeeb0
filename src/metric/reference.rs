//! What metrics hold a generation against: moments of the world and of p_t, computed once.

use crate::distribution::{Distribution, Moments};
use crate::lineage::Snapshot;
use crate::samples::{Points, Samples, Scatter};
use crate::stream::{Role, Stream, stream};
use std::sync::Arc;

/// Draws that stand for a world whose exact value is not known: the same in every trial.
pub const FROZEN_DRAWS: usize = 1_000_000;

const BATCH: usize = 10_000;

/// Samples that have a mean and a covariance (divisor n − 1), where there are at least two.
pub trait Located: Samples {
    fn unbiased_moments(&self) -> Option<Moments>;
}

impl Located for Points {
    fn unbiased_moments(&self) -> Option<Moments> {
        Moments::of(self)
    }
}

impl Located for Scatter {
    fn unbiased_moments(&self) -> Option<Moments> {
        let covariance = || &self.scatter / (self.count - 1) as f64;
        (self.count > 1).then(|| Moments { mean: self.mean.clone(), covariance: covariance() })
    }
}

/// Mean and covariance of the world: exact, or of its whole stock. `None` where they do not exist.
pub fn world_moments<S: Located>(now: &Snapshot<'_, S>) -> Option<Arc<Moments>> {
    let world = now.truth.world();
    let compute = || world.moments().or_else(|| world.stock()?.unbiased_moments());
    // A copy for each trial: threads that count references to one value wait for one another.
    let copy = || now.truth.world_memo.get("moments", compute).as_ref().clone().map(Arc::new);
    now.truth.memo.get("moments of the world", copy).as_ref().clone()
}

/// The frozen draws, a batch at a time.
pub fn frozen_batches<S: Samples>(world: &dyn Distribution<S>) -> impl Iterator<Item = S> {
    let mut rng = frozen_stream();
    (0..FROZEN_DRAWS / BATCH).map(move |_| world.draw(BATCH, &mut rng))
}

/// An address of its own: the first occurrence belongs to the draws of trial 0 under seed 0.
fn frozen_stream() -> Stream {
    stream(0, 0, 0, Role::EVALUATE.occurrence(1))
}

/// Mean and covariance of p_t: exact, or (divisor n − 1) of its draws.
pub fn model_moments<S: Located>(now: &Snapshot<'_, S>) -> Option<Arc<Moments>> {
    let compute = || now.model.moments().or_else(|| now.draws().unbiased_moments());
    let moments = now.memo.get("moments", || compute().map(Arc::new));
    moments.as_ref().clone()
}
