//! For tests: measuring without a lineage, with something in the place of generation 1.

use super::stage::trial;
use super::{Metric, Reading};
use crate::distribution::{Distribution, Finite};
use crate::lineage::{Needs, Snapshot, Truth};
use crate::numeric::memo::Memo;
use crate::samples::{Points, Samples, TrainingSet};
use crate::stream::Streams;

/// Held-out samples and draws in a measurement.
pub const EVALUATION: usize = 2000;

/// Founders of a trial that is looked at from generation 0.
const FOUNDERS: usize = 400;

/// The metric's value of `model` as generation 1.
pub fn measure<S: Samples>(
    metric: &dyn Metric<S>,
    world: &dyn Distribution<S>,
    model: &dyn Distribution<S>,
) -> Option<Reading> {
    with_truth(world, |truth, streams| {
        let (training, nothing) = (TrainingSet::new(Vec::new()), truth.held_out().gather(&[]));
        let now = Snapshot::of_model(1, truth, model, &training, &nothing, streams);
        metric.measure(&now, now.noise("bench"))
    })
}

/// Its value of the world itself, at generation 0.
pub fn of_world<S: Samples>(
    metric: &dyn Metric<S>,
    world: &dyn Distribution<S>,
) -> Option<Reading> {
    with_truth(world, |truth, streams| {
        let nothing = truth.held_out().gather(&[]);
        let now = Snapshot::of_world(truth, &nothing, streams);
        metric.measure(&now, now.noise("bench"))
    })
}

/// Its value of a finite set of samples, as `of = "offspring"` measures them.
pub fn of_samples<S: Samples>(
    metric: &dyn Metric<S>,
    world: &dyn Distribution<S>,
    samples: Finite<S>,
) -> Option<Reading> {
    with_truth(world, |truth, streams| {
        let (training, nothing) = (TrainingSet::new(Vec::new()), truth.held_out().gather(&[]));
        let now = Snapshot::of_model(1, truth, &samples, &training, &nothing, streams);
        let now = now.in_place_of_model(&samples);
        metric.measure(&now, now.noise("bench"))
    })
}

fn with_truth<S: Samples, R>(
    world: &dyn Distribution<S>,
    look: impl FnOnce(&Truth<'_, S>, Streams) -> R,
) -> R {
    let streams = Streams { seed: 1, trial: 0 };
    let needs = Needs { founders: 0, evaluation: EVALUATION, fresh: 0, ..Needs::default() };
    trial(world, needs, streams, &Memo::default(), |truth| look(truth, streams))
}

/// Generation 0 of trial 0, with `evaluation` held-out points.
pub fn at_the_world<T>(
    world: &dyn Distribution<Points>,
    evaluation: usize,
    look: impl FnOnce(&Snapshot<'_, Points>) -> T,
) -> T {
    let streams = Streams { seed: 7, trial: 0 };
    let needs = Needs { founders: FOUNDERS, evaluation, fresh: 0, ..Needs::default() };
    trial(world, needs, streams, &Memo::default(), |truth| {
        look(&Snapshot::of_world(truth, &truth.supply.founders(), streams))
    })
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
