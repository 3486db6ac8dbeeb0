//! What a metric's numbers are worth: its bias and its noise, found by simulation where the answer is
//! known, and what it says of point masses, repeats and ties.
//!
//! A reference world stands for the truth, and in the model's place stand in turn draws of that world
//! (what an ideal model leaves behind), draws of a law that collapsed a little, one point, and few
//! draws repeated. Metrics that draws say nothing to, since they ask for a density, are shown the
//! laws instead. All randomness comes from one seed, so a card is the same whenever it is made.

mod reference;

use super::stage::trial;
use super::{Metric, Reading, Target};
use crate::distribution::{Distribution, Finite};
use crate::lineage::{Needs, Snapshot};
use crate::numeric::memo::Memo;
use crate::samples::{Points, Samples, Tokens, TrainingSet};
use crate::stream::{Role, Streams};
use rayon::prelude::*;
use reference::Reference;

/// Of all randomness of the cards.
pub const SEED: u64 = 7;

/// Samples, and how often the world stands in the model's place with as many.
const OF_THE_WORLD: [(usize, u32); 3] = [(100, 160), (400, 24), (1600, 8)];

/// The same for everything else.
const OF_OTHERS: (usize, u32) = (400, 8);

/// A generation that is neither the world nor the first.
const GENERATION: u32 = 2;

/// How a metric behaves in one reference world.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    pub world: &'static str,
    pub shown: Shown,
    /// The value of an ideal model, where that is known.
    pub ideal: Option<f64>,
    pub rows: Vec<Row>,
}

/// What stands in the model's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// n draws, as they are.
    Draws,
    /// A law with all that it knows of itself, and n draws of it.
    Law,
}

/// One thing in the model's place, with n draws, n founders and n held-out samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub what: &'static str,
    pub n: usize,
    pub repeats: usize,
    /// Repeats in which the metric has a value: all others are over these.
    pub values: usize,
    pub mean: Option<f64>,
    /// Over repeats.
    pub sd: Option<f64>,
    /// The standard error that the metric states (root mean square), relative to the sd.
    pub stated: Option<f64>,
    /// The mean less the ideal value, and its standard error: of the world alone.
    pub bias: Option<(f64, f64)>,
    /// How far the mean lies from that of the world with as many samples, in its sd.
    pub away: Option<f64>,
}

/// The card of a metric of points. `None` where it has no value in any reference world.
pub fn of_points(metric: &dyn Metric<Points>) -> Option<Calibration> {
    reference::points().find_map(|reference| calibrate(metric, &reference))
}

/// The card of a metric of tokens.
pub fn of_tokens(metric: &dyn Metric<Tokens>) -> Option<Calibration> {
    reference::tokens().find_map(|reference| calibrate(metric, &reference))
}

/// Which draws stand in the model's place.
#[derive(Clone, Copy, PartialEq)]
enum Draws {
    Different,
    /// A tenth of them, each ten times.
    Tenfold,
    /// Copies of one sample.
    One,
}

/// Something to measure in a world.
struct Scene<'r, S: Samples> {
    metric: &'r dyn Metric<S>,
    world: &'r dyn Distribution<S>,
    memo: &'r Memo,
    mode: &'r S,
}

impl<S: Samples> Scene<'_, S> {
    fn readings(
        &self,
        (law, draws, shown): (&dyn Distribution<S>, Draws, Shown),
        (n, repeats): (usize, u32),
    ) -> Vec<Option<Reading>> {
        let one = |trial| self.reading(law, draws, shown, n, Streams { seed: SEED, trial });
        (0..repeats).into_par_iter().map(one).collect()
    }

    fn reading(
        &self,
        law: &dyn Distribution<S>,
        draws: Draws,
        shown: Shown,
        n: usize,
        streams: Streams,
    ) -> Option<Reading> {
        let mut rng = streams.at(GENERATION, Role::DRAW);
        let offspring = match draws {
            Draws::Different => law.draw(n, &mut rng),
            Draws::Tenfold => {
                let rows: Vec<usize> = (0..n).map(|i| i / 10).collect();
                law.draw(n.div_ceil(10), &mut rng).gather(&rows)
            }
            Draws::One => self.mode.gather(&vec![0; n]),
        };
        let needs = Needs { founders: n, evaluation: n, ..Needs::default() };
        trial(self.world, needs, streams, self.memo, |truth| {
            let training = TrainingSet::new(Vec::new());
            let now = Snapshot::of_model(GENERATION, truth, law, &training, &offspring, streams)
                .with_founder(truth.world());
            if shown == Shown::Law {
                return self.metric.measure(&now, now.noise("calibration"));
            }
            let finite = Finite::new(offspring.clone())?;
            let now = now.in_place_of_model(&finite);
            self.metric.measure(&now, now.noise("calibration"))
        })
    }
}

/// The card in one world. `None` where the metric has no finite value there, or none that is exact
/// where the reference is for exact ones only.
fn calibrate<S: Samples>(metric: &dyn Metric<S>, reference: &Reference<S>) -> Option<Calibration> {
    let (world, memo) = (&*reference.world, Memo::default());
    let scene = Scene { metric, world, memo: &memo, mode: &reference.mode };
    let value = |shown, n, trial| {
        let streams = Streams { seed: SEED, trial };
        scene.reading(world, Draws::Different, shown, n, streams)
    };
    let is_value = |shown: &Shown| value(*shown, 50, 0).is_some_and(|r| r.value.is_finite());
    let shown = [Shown::Draws, Shown::Law].into_iter().find(is_value)?;
    // What depends neither on the draws nor on how many there are is exact.
    let exact = value(Shown::Law, 50, 0)
        .filter(|one| one.standard_error.is_none() && value(Shown::Law, 60, 1) == Some(*one))
        .map(|exact| exact.value);
    if reference.only_exact && exact.is_none() {
        return None;
    }
    let ideal = exact.or(match metric.card().target {
        Target::Value(value) | Target::Floor(value) => Some(value),
        _ => None,
    });
    let of_world = |size| {
        let readings = scene.readings((world, Draws::Different, shown), size);
        Row::of("the world itself", size.0, &readings).against(ideal)
    };
    let mut rows: Vec<Row> = OF_THE_WORLD.into_iter().map(of_world).collect();
    rows.extend(others(&scene, reference, shown, &rows));
    Some(Calibration { world: reference.name, shown, ideal, rows })
}

/// What is not the world, against the row of the world that has as many samples.
fn others<S: Samples>(
    scene: &Scene<'_, S>,
    reference: &Reference<S>,
    shown: Shown,
    of_world: &[Row],
) -> Vec<Row> {
    let same_size = of_world.iter().find(|row| row.n == OF_OTHERS.0);
    let scenes: [(&'static str, &dyn Distribution<S>, Draws, Shown); 3] = [
        (reference.collapse, &*reference.collapsed, Draws::Different, shown),
        ("one sample n times", scene.world, Draws::One, Shown::Draws),
        ("a tenth, ten times each", scene.world, Draws::Tenfold, Shown::Draws),
    ];
    let row = |(what, law, draws, shown)| {
        let readings = scene.readings((law, draws, shown), OF_OTHERS);
        Row::of(what, OF_OTHERS.0, &readings).away_from(same_size)
    };
    let of_ties = reference.ties.as_ref().map(|ties| {
        let scene = Scene { world: &**ties, memo: &Memo::default(), ..*scene };
        let readings = scene.readings((&**ties, Draws::Different, Shown::Draws), OF_OTHERS);
        Row::of("whole numbers, as p*", OF_OTHERS.0, &readings)
    });
    scenes.into_iter().map(row).chain(of_ties).collect()
}

impl Row {
    fn of(what: &'static str, n: usize, readings: &[Option<Reading>]) -> Row {
        let found: Vec<Reading> = readings.iter().flatten().copied().collect();
        let mean_of = |terms: &[f64]| {
            let mean = terms.iter().sum::<f64>() / terms.len() as f64;
            (!mean.is_nan()).then_some(mean)
        };
        let values: Vec<f64> = found.iter().map(|reading| reading.value).collect();
        let mean = mean_of(&values);
        let sd = mean.filter(|mean| mean.is_finite() && values.len() > 1).map(|mean| {
            let square: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
            let sd = (square / (values.len() - 1) as f64).sqrt();
            // Rounding is no noise.
            if sd > 1e-12 * mean.abs() { sd } else { 0.0 }
        });
        let squares: Vec<f64> =
            found.iter().filter_map(|reading| Some(reading.standard_error?.powi(2))).collect();
        let stated = mean_of(&squares).zip(sd.filter(|sd| *sd > 0.0));
        Row {
            what,
            n,
            repeats: readings.len(),
            values: found.len(),
            mean,
            sd,
            stated: stated.map(|(square, sd)| square.sqrt() / sd),
            bias: None,
            away: None,
        }
    }

    fn against(self, ideal: Option<f64>) -> Row {
        let bias = |ideal| Some((self.mean? - ideal, self.sd? / (self.values as f64).sqrt()));
        Row { bias: ideal.and_then(bias), ..self }
    }

    fn away_from(self, world: Option<&Row>) -> Row {
        let away = |world: &Row| {
            let away = (self.mean? - world.mean?) / world.sd.filter(|sd| *sd > 0.0)?;
            (!away.is_nan()).then_some(away)
        };
        Row { away: world.and_then(away), ..self }
    }
}

#[cfg(test)]
#[path = "calibration_tests.rs"]
mod tests;
