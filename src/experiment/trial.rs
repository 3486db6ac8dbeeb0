//! One trial of one cell: a lineage, and what was read off it.

use super::need::Need;
use super::unfinished::{Desk, Unfinished};
use super::worlds::OpenWorld;
use super::{Cell, Space, Stop, keepsake};
use crate::archive::ArchiveError;
use crate::archive::journal::{Bred, Ending, Keepsake, Number, Portion, Trial};
use crate::archive::shelf::Shelf;
use crate::distribution::Finite;
use crate::lineage::{self, Life, Observer, Outcome, Rules, Snapshot, State, Supply, Truth};
use crate::samples::Samples;
use crate::stream::Streams;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Runs one trial of a cell for what is needed of it; nothing where it was cut off, and can go on.
pub fn run<S: Space>(
    cell: &Cell<S>,
    world: &OpenWorld<S>,
    trial: u32,
    need: &Need,
    desk: &Desk<'_>,
) -> Result<Option<(Trial, Option<Keepsake>)>, ArchiveError> {
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
        ends_absorbed: cell.header.stop == Stop::Absorbed,
    };
    let mut notes = Notes::new(cell, need, trial, desk);
    let mut outcome = None;
    if let Some(unfinished) = Unfinished::take(desk, cell, trial, need)? {
        let state = notes.go_on(unfinished);
        match lineage::resume(&rules, &truth, streams, state, &mut notes) {
            Ok(end) => outcome = Some(end),
            Err(_is_no_model) => {
                desk.damaged.fetch_add(1, Ordering::Relaxed);
                notes = Notes::new(cell, need, trial, desk);
            }
        }
    }
    let outcome = match outcome {
        Some(outcome) => outcome,
        None => lineage::run(&rules, &truth, streams, &mut notes),
    };
    let ending = match outcome {
        Outcome::Survived => Ending::Survived,
        Outcome::Absorbed { generation } => Ending::Absorbed { generation },
        Outcome::Extinct { generation, cause } => Ending::Extinct { generation, cause },
        Outcome::CutOff => return notes.failure.map_or(Ok(None), Err),
    };
    let microseconds = u32::try_from(notes.microseconds()).unwrap_or(u32::MAX);
    let (readings, bred, kept) = (notes.readings, notes.bred, notes.kept.transpose()?);
    Ok(Some((Trial { number: trial, ending, microseconds, readings, bred }, kept)))
}

/// Reads off every generation what is needed of it.
struct Notes<'a, S: Space> {
    cell: &'a Cell<S>,
    need: &'a Need,
    /// The slots that are still to come.
    slots: std::slice::Iter<'a, (u32, Vec<u32>)>,
    readings: Vec<Number>,
    /// Of a curated cell alone: of others it follows from the file.
    bred: Vec<Bred>,
    /// What was drawn and asked until now, since the lineage began or was taken up.
    until_now: (u64, u64),
    kept: Option<Result<Keepsake, ArchiveError>>,
    trial: u32,
    desk: &'a Desk<'a>,
    /// Why the state could not be kept.
    failure: Option<ArchiveError>,
    started: Instant,
    /// When the state was last kept.
    rested: Instant,
    /// Spent before the lineage was cut off.
    before: u64,
}

impl<'a, S: Space> Notes<'a, S> {
    fn new(cell: &'a Cell<S>, need: &'a Need, trial: u32, desk: &'a Desk<'a>) -> Self {
        let empty = || {
            let (samples, composition, composed) = (Vec::new(), Vec::new(), Vec::new());
            Ok(Keepsake { cell: cell.identity.key, samples, composition, composed })
        };
        let kept = need.looks().then(empty);
        let (slots, started) = (need.slots.iter(), Instant::now());
        Notes {
            cell,
            need,
            slots,
            readings: Vec::new(),
            bred: Vec::new(),
            until_now: (0, 0),
            kept,
            trial,
            desk,
            failure: None,
            started,
            rested: started,
            before: 0,
        }
    }

    /// Takes up what was noted before the lineage was cut off.
    fn go_on(&mut self, unfinished: Unfinished<S>) -> State<S> {
        let Unfinished { state, readings, kept, microseconds, bred, .. } = unfinished;
        let ahead = self.need.slots.partition_point(|(t, _)| *t <= state.generation);
        self.slots = self.need.slots[ahead..].iter();
        (self.readings, self.bred, self.before) = (readings, bred, microseconds);
        self.kept = kept.map(Ok);
        self.desk.resumed.fetch_add(1, Ordering::Relaxed);
        state
    }

    fn microseconds(&self) -> u64 {
        self.before + self.started.elapsed().as_micros() as u64
    }

    fn keep(&self, shelf: &Shelf, state: State<S>) -> Result<(), ArchiveError> {
        // What could not be looked at ends the trial with its error, when it is over.
        let kept = self.kept.as_ref().and_then(|kept| kept.as_ref().ok());
        let (cell, need, spent) = (self.cell, self.need, self.microseconds());
        let noted = (&*self.readings, &*self.bred);
        let unfinished = Unfinished::new(cell, need, state, noted, kept, spent);
        unfinished.keep(shelf, cell, self.trial)
    }
}

impl<S: Space> Observer<S> for Notes<'_, S> {
    fn observe(&mut self, now: &Snapshot<'_, S>) {
        if let Some(Ok(kept)) = &mut self.kept
            && let Err(error) = look(kept, self.need, now)
        {
            self.kept = Some(Err(error));
        }
        if now.generation > 0 && !self.cell.curation.is_empty() {
            self.count(now);
        }
        if now.life == Life::StandsStill {
            self.measure_for_ever(now);
        } else if self.slots.as_slice().first().is_some_and(|(t, _)| *t == now.generation)
            && let Some((_, metrics)) = self.slots.next()
        {
            let readings = self.measure(now, metrics);
            self.readings.extend(readings);
        }
    }

    fn rest(&mut self, state: &dyn Fn() -> Option<State<S>>) -> ControlFlow<()> {
        let Some(shelf) = &self.desk.shelf else { return ControlFlow::Continue(()) };
        let is_over = self.desk.stop.load(Ordering::Relaxed);
        let is_due = self.rested.elapsed() >= self.desk.every;
        if !(is_over || is_due) || matches!(self.kept, Some(Err(_))) {
            return ControlFlow::Continue(());
        }
        // A family that saves no models is quick: its lineage is finished first.
        let Some(state) = state() else { return ControlFlow::Continue(()) };
        self.failure = self.keep(shelf, state).err();
        self.rested = Instant::now();
        match is_over || self.failure.is_some() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

impl<S: Space> Notes<'_, S> {
    /// Takes down what this generation took to leave its offspring.
    fn count(&mut self, now: &Snapshot<'_, S>) {
        let until_now = (now.truth.offered.get(), now.truth.oracle.get());
        let (drawn, asked) = std::mem::replace(&mut self.until_now, until_now);
        self.bred.push(Bred {
            offered: until_now.0 - drawn,
            kept: now.offspring.len() as u64,
            calls: until_now.1 - asked,
        });
    }

    /// All generations from here on read as this one does.
    fn measure_for_ever(&mut self, now: &Snapshot<'_, S>) {
        let all: BTreeSet<u32> = self.slots.clone().flat_map(|(_, m)| m).copied().collect();
        let all: Vec<u32> = all.into_iter().collect();
        let known: BTreeMap<u32, Number> =
            all.iter().copied().zip(self.measure(now, &all)).collect();
        let wanted = self.slots.by_ref().flat_map(|(_, metrics)| metrics);
        self.readings.extend(wanted.filter_map(|metric| known.get(metric).copied()));
    }

    fn measure(&self, now: &Snapshot<'_, S>, metrics: &[u32]) -> Vec<Number> {
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
        wanted().map(read).collect()
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
        kept.samples.push((t, keepsake::text(now)?));
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
