//! One trial of one cell: a lineage, and what was read off it.

use super::keepsake::{Keepsakes, Kept};
use super::{Cell, Space};
use crate::archive::table;
use crate::distribution::{Distribution, Finite};
use crate::lineage::{self, Observer, Outcome, Rules, Snapshot, Supply, Truth};
use crate::metric::Reading;
use crate::numeric::memo::Memo;
use crate::samples::Samples;
use crate::stream::Streams;

/// A world that is open, and what has been computed about it.
pub struct OpenWorld<S: Samples> {
    pub distribution: Box<dyn Distribution<S>>,
    pub memo: Memo,
}

/// All that one trial leaves behind.
pub struct Trial<S> {
    /// Of each measured generation, one reading per metric of the cell.
    pub readings: Vec<(u32, Vec<Option<Reading>>)>,
    pub outcome: Outcome,
    /// Where the training sets came from; of trial 0 alone.
    pub composition: Vec<Portion>,
    /// Samples to look at; of trial 0 alone.
    pub kept: Vec<Kept<S>>,
}

/// Samples of one origin in one training set: of one birth, or of several in a row that are alike.
pub struct Portion {
    pub generation: u32,
    pub origin: &'static str,
    /// The first birth, and how many there are.
    pub born: u32,
    pub births: u32,
    /// Of each birth.
    pub count: u64,
    pub weight: f64,
}

impl Portion {
    /// A row for each birth; the outcome of the trial says which cell this is.
    pub fn rows<'a>(
        &'a self,
        of: &'a table::Outcome,
    ) -> impl Iterator<Item = table::Composition> + 'a {
        (self.born..self.born + self.births).map(|born| table::Composition {
            cell: of.cell.clone(),
            arm: of.arm.clone(),
            generation: self.generation,
            origin: self.origin.to_owned(),
            born,
            count: self.count,
            weight: self.weight,
        })
    }

    /// Takes in the next portion, where it differs in nothing but its later birth.
    fn absorb(&mut self, next: &Portion) -> bool {
        let alike = |p: &Portion| (p.generation, p.origin, p.count, p.weight.to_bits());
        let follows = alike(self) == alike(next) && next.born == self.born + self.births;
        self.births += if follows { next.births } else { 0 };
        follows
    }
}

/// Runs one trial of a cell.
pub fn run<S: Space>(cell: &Cell<S>, world: &OpenWorld<S>, trial: u32) -> Trial<S> {
    let streams = Streams { seed: u64::from(cell.header.seed), trial };
    let supply = Supply::new(&*world.distribution, cell.needs, streams);
    let truth = Truth::new(&supply, cell.needs.evaluation, &world.memo);
    let curation: Vec<_> =
        cell.curation.iter().map(|chosen| (chosen.entry.name, &*chosen.value)).collect();
    let rules = Rules {
        family: &*cell.model.value,
        regime: &*cell.regime.value,
        curation: &curation,
        generations: cell.header.last(),
        schedule: &cell.schedule,
    };
    let keepsakes = (trial == 0).then(|| Keepsakes::new(cell.header.last()));
    let mut notes = Notes { cell, readings: Vec::new(), composition: Vec::new(), keepsakes };
    let outcome = lineage::run(&rules, &truth, streams, &mut notes);
    let kept = notes.keepsakes.map(|keepsakes| keepsakes.kept).unwrap_or_default();
    Trial { readings: notes.readings, outcome, composition: notes.composition, kept }
}

/// Reads every metric off every measured generation.
struct Notes<'a, S: Space> {
    cell: &'a Cell<S>,
    readings: Vec<(u32, Vec<Option<Reading>>)>,
    composition: Vec<Portion>,
    /// Only trial 0 has them.
    keepsakes: Option<Keepsakes<S>>,
}

impl<S: Space> Observer<S> for Notes<'_, S> {
    fn observe(&mut self, now: &Snapshot<'_, S>) {
        let header = &self.cell.header;
        if let Some(keepsakes) = &mut self.keepsakes {
            keepsakes.observe(now);
        }
        if !header.measure.includes(now.generation, header.last()) {
            return;
        }
        self.readings.push((now.generation, self.measure(now)));
        if self.keepsakes.is_some() {
            self.composition.extend(composition(now));
        }
    }
}

impl<S: Space> Notes<'_, S> {
    fn measure(&self, now: &Snapshot<'_, S>) -> Vec<Option<Reading>> {
        let offspring = match self.cell.metrics.iter().any(|measured| measured.of_offspring) {
            true => Finite::new(now.offspring.clone()),
            false => None,
        };
        let seen = offspring.as_ref().map(|finite| now.in_place_of_model(finite));
        let read = |measured: &super::Measured<S>| {
            let noise = now.noise(&measured.label);
            let looked_at = if measured.of_offspring { seen.as_ref()? } else { now };
            let reading = measured.metric.value.measure(looked_at, noise)?;
            (!reading.value.is_nan()).then_some(reading)
        };
        self.cell.metrics.iter().map(read).collect()
    }
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
            origin: chunk.kind.name(),
            born: chunk.born,
            births: 1,
            count: chunk.samples.len() as u64,
            weight: chunk.samples.len() as f64 * weight / total,
        };
        // Under `accumulate` there are as many births as generations, nearly all of them alike.
        if !portions.last_mut().is_some_and(|last| last.absorb(&next)) {
            portions.push(next);
        }
    }
    portions
}
