//! What the missing part of an experiment will take: from what its trials took so far, or from a few
//! generations that are tried.

use super::need::Need;
use super::run::RunError;
use super::study::Cells;
use super::survey::Survey;
use super::trial;
use super::unfinished::Desk;
use super::worlds::{OpenWorld, open_world};
use super::{Cell, Space, memory};
use crate::regime::Reach;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Trying takes no longer than about this; cells that have no turn are taken to be like their likes.
const BUDGET: Duration = Duration::from_millis(1000);

/// A trial is tried until it took this long.
const LONG_ENOUGH: Duration = Duration::from_millis(60);

/// Trials that are read back to learn what a trial takes.
const READ_BACK: usize = 5;

/// What the missing part will take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Of one thread's work, and of the clock with all threads.
    pub thread_seconds: f64,
    pub seconds: f64,
    pub memory_bytes: f64,
    pub disk_bytes: f64,
    /// Whether a cell was tried, and whether one had no turn.
    pub is_tried: bool,
}

pub fn estimate<S: Space>(
    study: &Cells<S>,
    survey: &Survey,
    threads: usize,
) -> Result<Estimate, RunError> {
    let mut missing = vec![0_usize; study.cells.len()];
    survey.tasks.iter().for_each(|task| missing[task.cell as usize] += 1);
    let mut probe = Probe { study, open: BTreeMap::new(), left: BUDGET };
    let mut known: Vec<Option<f64>> = Vec::new();
    let mut is_tried = false;
    for (cell, missing) in study.cells.iter().zip(&missing) {
        let seconds = match past(cell, survey)? {
            _ if *missing == 0 => None,
            Some(seconds) => Some(seconds),
            None => {
                is_tried = true;
                probe.seconds(cell)?
            }
        };
        known.push(seconds);
    }
    let tried: Vec<f64> = known.iter().flatten().copied().collect();
    let typical = tried.iter().sum::<f64>() / tried.len().max(1) as f64;
    let of_cell =
        |(seconds, missing): (&Option<f64>, &usize)| seconds.unwrap_or(typical) * *missing as f64;
    // A sum of nothing is −0.
    let thread_seconds = known.iter().zip(&missing).map(of_cell).sum::<f64>() + 0.0;
    let busy = threads.clamp(1, survey.tasks.len().max(1)) as f64;
    Ok(Estimate {
        thread_seconds,
        seconds: thread_seconds / busy,
        memory_bytes: memory_bytes(study, threads)?,
        disk_bytes: disk_bytes(study, survey, &missing),
        is_tried,
    })
}

/// Mean seconds of the first trials that are there.
fn past<S: Space>(cell: &Cell<S>, survey: &Survey) -> Result<Option<f64>, RunError> {
    let whole = |found: &&crate::archive::journal::Found| {
        survey.journal.forms[found.form as usize].reached >= cell.header.last()
    };
    let found = survey.journal.trials_of(&cell.identity.key);
    let mut seconds = Vec::new();
    for found in found.iter().filter(whole).take(READ_BACK) {
        seconds.push(f64::from(survey.journal.trial(found)?.microseconds) / 1e6);
    }
    let n = seconds.len();
    Ok((n > 0).then(|| seconds.iter().sum::<f64>() / n as f64))
}

/// Tries lineages of few generations.
struct Probe<'a, S: Space> {
    study: &'a Cells<S>,
    open: BTreeMap<String, Arc<OpenWorld<S>>>,
    left: Duration,
}

impl<S: Space> Probe<'_, S> {
    /// Seconds of a whole trial, continued from 1, 2, 4 … generations; none where no time is left.
    fn seconds(&mut self, cell: &Cell<S>) -> Result<Option<f64>, RunError> {
        if self.left.is_zero() {
            return Ok(None);
        }
        let begun = Instant::now();
        let world = open_world(self.study, cell, &mut self.open)?;
        let last = cell.header.last();
        // The first one also computes what is shared by all trials.
        self.try_generations(cell, &world, 1)?;
        let (mut few, mut many) = (1, (last.min(2)));
        let mut times = (0.0, 0.0);
        loop {
            times.0 = if few == many / 2 && times.1 > 0.0 {
                times.1
            } else {
                self.try_generations(cell, &world, few)?
            };
            times.1 = self.try_generations(cell, &world, many)?;
            if many == last || times.1 > LONG_ENOUGH.as_secs_f64() || begun.elapsed() > self.left {
                break;
            }
            (few, many) = (many, many.saturating_mul(2).min(last));
        }
        self.left = self.left.saturating_sub(begun.elapsed());
        let grows = cell.regime.value.reach() == Reach::Everything;
        Ok(Some(continued(
            (f64::from(few), times.0),
            (f64::from(many), times.1),
            f64::from(last),
            grows,
        )))
    }

    fn try_generations(
        &self,
        cell: &Cell<S>,
        world: &OpenWorld<S>,
        last: u32,
    ) -> Result<f64, RunError> {
        let metrics: Vec<u32> = (0..cell.metrics.len() as u32).collect();
        let measured = (0..=last).filter(|&t| cell.header.measure.includes(t, cell.header.last()));
        let slots = measured.map(|t| (t, metrics.clone())).collect();
        let need = Need { slots, last, ..Need::default() };
        let begun = Instant::now();
        trial::run(cell, world, 0, &need, &Desk::none(&AtomicBool::new(false)))?;
        Ok(begun.elapsed().as_secs_f64())
    }
}

/// Continues two times to the last generation: evenly, or where training sets grow, as a parabola
/// through nothing, where that is more.
fn continued(few: (f64, f64), many: (f64, f64), last: f64, grows: bool) -> f64 {
    let slope = ((many.1 - few.1) / (many.0 - few.0).max(1.0)).max(0.0);
    let line = many.1 + slope * (last - many.0);
    let (a, b) = (few.1 / few.0, many.1 / many.0);
    let bend = ((b - a) / (many.0 - few.0).max(1.0)).max(0.0);
    let parabola = last * (b + bend * (last - many.0));
    if grows { line.max(parabola) } else { line }
}

/// One lineage for each thread at the most, and what the program is without any.
fn memory_bytes<S: Space>(study: &Cells<S>, threads: usize) -> Result<f64, RunError> {
    const PROGRAM: f64 = 20e6;
    let mut most: f64 = 0.0;
    for cell in &study.cells {
        if let Ok(shape) = cell.world.value.shape(study.document.folder()) {
            most = most.max(memory::of_lineage(cell, &shape));
        }
    }
    Ok(PROGRAM + most * threads as f64)
}

/// Journal and tables of all trials that are asked for, less the journal that is there.
fn disk_bytes<S: Space>(study: &Cells<S>, survey: &Survey, missing: &[usize]) -> f64 {
    let mut bytes = 0.0;
    for ((cell, asked), missing) in study.cells.iter().zip(&survey.trials).zip(missing) {
        let last = cell.header.last();
        let measured = (0..=last).filter(|&t| cell.header.measure.includes(t, last)).count();
        let readings = (measured * cell.metrics.len()) as f64;
        let label = cell.metrics.iter().map(|m| m.label.len()).max().unwrap_or(0);
        // The digits of trial, generation, value and commas; half of all values have an error.
        let line = (10 + cell.arm.len() + label + 40) as f64;
        bytes += *missing as f64 * (16.0 + 12.0 * readings);
        bytes += *asked as f64 * (readings * line + 60.0);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_costs_are_continued_evenly_and_growing_ones_as_they_grow() {
        // 2 s at the start, and 3 s a generation.
        assert!((continued((1.0, 5.0), (2.0, 8.0), 10.0, false) - 32.0).abs() < 1e-9);
        // t² seconds in t generations.
        assert!((continued((4.0, 16.0), (8.0, 64.0), 100.0, true) - 10_000.0).abs() < 1e-6);
        // One generation alone.
        assert!((continued((1.0, 5.0), (1.0, 5.0), 1.0, false) - 5.0).abs() < 1e-9);
    }
}
