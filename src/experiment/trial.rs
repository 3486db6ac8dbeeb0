//! One trial of one cell: a lineage, and what was read off it.

use super::need::Need;
use super::worlds::OpenWorld;
use super::{Cell, Space, keepsake};
use crate::archive::ArchiveError;
use crate::archive::journal::{Ending, Keepsake, Number, Portion, Trial};
use crate::distribution::Finite;
use crate::lineage::{self, Observer, Outcome, Rules, Snapshot, Supply, Truth};
use crate::samples::Samples;
use crate::stream::Streams;
use std::time::Instant;

/// Runs one trial of a cell for what is needed of it.
pub fn run<S: Space>(
    cell: &Cell<S>,
    world: &OpenWorld<S>,
    trial: u32,
    need: &Need,
) -> Result<(Trial, Option<Keepsake>), ArchiveError> {
    let started = Instant::now();
    let streams = Streams { seed: u64::from(cell.header.seed), trial };
    let supply = Supply::new(&*world.distribution, cell.needs, streams);
    let truth = Truth::new(&supply, cell.needs.evaluation, &world.memo);
    let curation: Vec<_> =
        cell.curation.iter().map(|chosen| (chosen.entry.name, &*chosen.value)).collect();
    let rules = Rules {
        family: &*cell.model.value,
        regime: &*cell.regime.value,
        curation: &curation,
        generations: need.last,
        schedule: &cell.schedule,
    };
    let mut notes = Notes::new(cell, need);
    let outcome = lineage::run(&rules, &truth, streams, &mut notes);
    let ending = match outcome {
        Outcome::Survived => Ending::Survived,
        Outcome::Extinct { generation, cause } => Ending::Extinct { generation, cause },
    };
    let microseconds = u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX);
    let (readings, kept) = (notes.readings, notes.kept.transpose()?);
    Ok((Trial { number: trial, ending, microseconds, readings }, kept))
}

/// Reads off every generation what is needed of it.
struct Notes<'a, S: Space> {
    cell: &'a Cell<S>,
    need: &'a Need,
    /// The slots that are still to come.
    slots: std::slice::Iter<'a, (u32, Vec<u32>)>,
    readings: Vec<Number>,
    kept: Option<Result<Keepsake, ArchiveError>>,
}

impl<'a, S: Space> Notes<'a, S> {
    fn new(cell: &'a Cell<S>, need: &'a Need) -> Self {
        let empty = || {
            let (samples, composition, composed) = (Vec::new(), Vec::new(), Vec::new());
            Ok(Keepsake { cell: cell.identity.key, samples, composition, composed })
        };
        let kept = need.looks().then(empty);
        Notes { cell, need, slots: need.slots.iter(), readings: Vec::new(), kept }
    }
}

impl<S: Space> Observer<S> for Notes<'_, S> {
    fn observe(&mut self, now: &Snapshot<'_, S>) {
        if let Some(Ok(kept)) = &mut self.kept
            && let Err(error) = look(kept, self.need, now)
        {
            self.kept = Some(Err(error));
        }
        if self.slots.as_slice().first().is_some_and(|(t, _)| *t == now.generation)
            && let Some((_, metrics)) = self.slots.next()
        {
            self.measure(now, metrics);
        }
    }
}

impl<S: Space> Notes<'_, S> {
    fn measure(&mut self, now: &Snapshot<'_, S>, metrics: &[u32]) {
        let wanted = || metrics.iter().map(|m| &self.cell.metrics[*m as usize]);
        let offspring = match wanted().any(|measured| measured.of_offspring) {
            true => Finite::new(now.offspring.clone()),
            false => None,
        };
        let seen = offspring.as_ref().map(|finite| now.in_place_of_model(finite));
        let read = |measured: &super::Measured<S>| {
            let noise = now.noise(&measured.label);
            let looked_at = if measured.of_offspring { seen.as_ref()? } else { now };
            let reading = measured.metric.value.measure(looked_at, noise)?;
            (!reading.value.is_nan()).then_some((reading.value, reading.standard_error))
        };
        let readings: Vec<Number> = wanted().map(read).collect();
        self.readings.extend(readings);
    }
}

/// Keeps samples, and where the training set came from.
fn look<S: Space>(
    kept: &mut Keepsake,
    need: &Need,
    now: &Snapshot<'_, S>,
) -> Result<(), ArchiveError> {
    let t = now.generation;
    if need.samples.contains(&t) {
        kept.samples.push((t, keepsake::text(now.offspring, now.truth.world().lexicon())?));
    }
    if need.composed.contains(&t) {
        kept.composed.push(t);
        kept.composition.extend(composition(now));
    }
    Ok(())
}

/// What a training set consists of: weights are those of whole portions, and sum to one.
fn composition<S: Samples>(now: &Snapshot<'_, S>) -> Vec<Portion> {
    let parts = now.training.map(|training| training.parts()).unwrap_or_default();
    let chunks = || parts.iter().flat_map(|p| p.chunks.iter().map(move |c| (c, p.weight)));
    let total: f64 = chunks().map(|(chunk, weight)| chunk.samples.len() as f64 * weight).sum();
    let mut portions: Vec<Portion> = Vec::new();
    for (chunk, weight) in chunks().filter(|(chunk, _)| !chunk.samples.is_empty()) {
        let next = Portion {
            generation: now.generation,
            origin: chunk.kind.name().to_owned(),
            born: chunk.born,
            births: 1,
            count: chunk.samples.len() as u64,
            weight: chunk.samples.len() as f64 * weight / total,
        };
        // Under `accumulate` there are as many births as generations, nearly all of them alike.
        if !portions.last_mut().is_some_and(|last| absorb(last, &next)) {
            portions.push(next);
        }
    }
    portions
}

/// Takes the next portion into the last, where it differs in nothing but its later birth.
fn absorb(last: &mut Portion, next: &Portion) -> bool {
    let alike = |p: &Portion| (p.generation, p.origin.clone(), p.count, p.weight.to_bits());
    let follows = alike(last) == alike(next) && next.born == last.born + last.births;
    last.births += if follows { next.births } else { 0 };
    follows
}
