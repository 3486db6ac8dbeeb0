//! For tests: one generation whose model is any finite set of samples.

use super::Metric;
use crate::distribution::{Distribution, Finite};
use crate::lineage::{Needs, Snapshot, Supply, Truth};
use crate::numeric::memo::Memo;
use crate::samples::{Points, Samples};
use crate::stream::Streams;

/// Generation 0 of trial 0, with `evaluation` held-out points.
pub fn at_the_world<T>(
    world: &dyn Distribution<Points>,
    evaluation: usize,
    look: impl FnOnce(&Snapshot<'_, Points>) -> T,
) -> T {
    let streams = Streams { seed: 7, trial: 0 };
    let supply = Supply::new(world, Needs { founders: 10, evaluation, fresh: 0 }, streams);
    let memo = Memo::default();
    let truth = Truth::new(&supply, evaluation, &memo);
    look(&Snapshot::of_world(&truth, &supply.founders(), streams))
}

/// What a metric says of these samples in the model's place.
pub fn value(
    metric: &dyn Metric<Points>,
    now: &Snapshot<'_, Points>,
    samples: Points,
) -> Option<f64> {
    assert!(!samples.is_empty(), "a model needs a sample");
    let model = Finite::new(samples)?;
    let now = now.in_place_of_model(&model);
    metric.measure(&now, now.noise("test")).map(|reading| reading.value)
}
