//! The journal → tables: sorted, and the same bytes whatever order and company trials ran in.

mod tables;

use super::budget::{self, Spent, Sums};
use super::decide::of_trial;
use super::need::{Asked, Readings, Standing};
use super::run::{Orders, RunError, RunReport};
use super::study::Cells;
use super::{Cell, Space, decide, facts, keepsake};
use crate::archive::journal::{Ending, Found, Journal, Keepsake, Portion};
use crate::archive::lines::Lines;
use crate::archive::provenance::Provenance;
use crate::archive::{ArchiveError, table};
use crate::stream;
use rayon::prelude::*;
use std::path::Path;
use tables::{Open, Tables, Written};

/// Trials whose lines are made at once by all threads before any is written.
const BATCH: usize = 256;

/// Writes every table of the journal in `folder` into `into`.
pub fn compile<S: Space>(
    study: &Cells<S>,
    folder: &Path,
    into: &Path,
    orders: &Orders<'_>,
) -> Result<RunReport, RunError> {
    let journal = Journal::read(folder)?;
    let (trials, _) = decide::trials(study, &journal, false)?;
    let pool = pool(orders.threads)?;
    let mut order: Vec<usize> = (0..study.cells.len()).collect();
    order.sort_by_key(|&c| (study.cells[c].identity.short(), &study.cells[c].arm));
    let tables = Tables::at(into);
    let mut open = Open::begin(&tables)?;
    let mut report = RunReport::default();
    for &c in &order {
        let (cell, journal, tables) = (&study.cells[c], &journal, &tables);
        let (id, asked) = (cell.identity.short(), Asked::of(cell, journal));
        let labels = cell.metrics.iter().map(|measured| measured.label.as_str());
        let path = tables.measurements.path().to_owned();
        let lines = Lines::of(path, &id, &cell.arm, labels);
        let founders = cell.header.founders.get();
        let regime = &*cell.regime.value;
        let by_plan = budget::account(regime, founders, &budget::uncurated(cell));
        open.sums = Sums::of(&asked.generations);
        let clerk = Clerk { cell, id: &id, asked, lines, journal, tables, by_plan };
        let numbers: Vec<u32> = (0..trials[c] as u32).collect();
        // While the lines of one batch go to the disk, those of the next are made.
        let mut made: Vec<Written> = Vec::new();
        for batch in numbers.chunks(BATCH).chain([&[][..]]) {
            let put = || made.iter().try_for_each(|lines| open.put(lines, &mut report));
            let make = || batch.par_iter().with_max_len(16).map(|t| clerk.write(*t)).collect();
            let (is_put, next): (_, Result<_, ArchiveError>) =
                pool.install(|| rayon::join(put, make));
            is_put?;
            made = next?;
        }
        clerk.keepsakes(into, &mut open)?;
        open.budget.put(&tables.budget.text(&open.sums.rows(&id, &cell.arm))?)?;
    }
    let asked: usize = trials.iter().sum();
    if report.trials < asked && !orders.partial {
        let (missing, folder) = (asked - report.trials, folder.display().to_string());
        return Err(RunError::Incomplete { missing, asked, folder });
    }
    open.finish()?;
    facts::write(study, &order, into)?;
    Provenance::gather(stream::VERSION, orders.started, orders.threads).write(into)?;
    Ok(report)
}

/// Lines are cheap: more threads than cores would only get in each other's way.
fn pool(threads: usize) -> Result<rayon::ThreadPool, RunError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.clamp(1, cores)).build();
    pool.map_err(|error| RunError::Threads { threads, reason: error.to_string() })
}

/// Whoever writes the lines of one cell.
struct Clerk<'a, S: Space> {
    cell: &'a Cell<S>,
    id: &'a str,
    asked: Asked,
    lines: Lines,
    journal: &'a Journal,
    tables: &'a Tables,
    /// What its lineages spend where nothing is curated.
    by_plan: Vec<Spent>,
}

impl<S: Space> Clerk<'_, S> {
    fn write(&self, trial: u32) -> Result<Written, ArchiveError> {
        let found = of_trial(self.journal.trials_of(&self.cell.identity.key), trial);
        match self.asked.standing(trial, found, self.journal, false) {
            Standing::Missing(_) => Ok(Written { is_missing: true, ..Written::default() }),
            Standing::Failed => self.failed(trial, found),
            Standing::Complete => self.complete(trial, &self.asked.readings(found, self.journal)?),
        }
    }

    fn complete(&self, trial: u32, readings: &Readings) -> Result<Written, ArchiveError> {
        let outcome = match (&readings.extinct, readings.absorbed) {
            (Some((end, cause)), _) => self.outcome(trial, "extinct", Some(*end), cause),
            (None, Some(since)) => self.outcome(trial, "absorbed", Some(since), ""),
            (None, None) => self.outcome(trial, "survived", None, ""),
        };
        let spent = self.spent(readings);
        let founders = self.cell.header.founders.get();
        let cost = table::Cost {
            cell: self.id.to_owned(),
            arm: self.cell.arm.clone(),
            trial,
            seconds: readings.microseconds as f64 / 1e6,
            ..budget::cost(founders, spent.as_deref())
        };
        let measurements = self.measurements(trial, readings)?;
        let cost = self.tables.costs.text(&[cost])?;
        let outcome = self.tables.outcomes.text(&[outcome])?;
        let is_extinct = readings.extinct.is_some();
        let is_absorbed = !is_extinct && readings.absorbed.is_some();
        let is_counted = true;
        Ok(Written {
            measurements,
            outcome,
            cost,
            is_extinct,
            is_absorbed,
            is_counted,
            spent,
            ..Written::default()
        })
    }

    /// What the lineage had spent by the end of each generation that it lived through.
    fn spent(&self, readings: &Readings) -> Option<Vec<Spent>> {
        let whole = readings.absorbed.unwrap_or(self.asked.last);
        let lived = readings.extinct.as_ref().map_or(whole, |(end, _)| end - 1) as usize;
        if self.cell.curation.is_empty() {
            return Some(self.by_plan[..lived.min(self.by_plan.len())].to_vec());
        }
        let bred = readings.bred.get(..lived)?;
        Some(budget::account(&*self.cell.regime.value, self.cell.header.founders.get(), bred))
    }

    /// A trial that panicked has an outcome, and nothing else.
    fn failed(&self, trial: u32, found: &[Found]) -> Result<Written, ArchiveError> {
        let mut message = String::new();
        for found in found.iter().filter(|found| found.has_failed()) {
            if let Ending::Failed { message: words } = self.journal.trial(found)?.ending {
                message = words;
            }
        }
        let outcome =
            self.tables.outcomes.text(&[self.outcome(trial, "failed", None, &message)])?;
        Ok(Written { outcome, is_failed: true, ..Written::default() })
    }

    fn outcome(
        &self,
        trial: u32,
        outcome: &str,
        generation: Option<u32>,
        cause: &str,
    ) -> table::Outcome {
        let (cell, arm) = (self.id.to_owned(), self.cell.arm.clone());
        table::Outcome {
            cell,
            arm,
            trial,
            outcome: outcome.into(),
            generation,
            cause: cause.into(),
        }
    }

    /// One line per generation and metric: generations as they come, metrics in the order of their
    /// labels. A generation that was not lived through has none.
    fn measurements(&self, trial: u32, readings: &Readings) -> Result<Vec<u8>, ArchiveError> {
        let end = readings.extinct.as_ref().map_or(u32::MAX, |(generation, _)| *generation);
        let metrics = self.asked.metrics.len();
        let mut lines = Vec::with_capacity(64 * readings.numbers.len());
        let by_generation = self.asked.generations.iter().zip(readings.numbers.chunks(metrics));
        for (generation, numbers) in by_generation.take_while(|(t, _)| **t < end) {
            for &metric in &self.asked.order {
                self.lines.push(&mut lines, (trial, *generation), metric, numbers[metric])?;
            }
        }
        Ok(lines)
    }

    /// What trial 0 leaves to look at, and where its training sets came from.
    fn keepsakes(&self, into: &Path, open: &mut Open) -> Result<(), ArchiveError> {
        let held = self.journal.keepsakes_of(&self.cell.identity.key);
        let kept: Vec<Keepsake> =
            held.map(|held| self.journal.keepsake(held)).collect::<Result<_, _>>()?;
        if kept.is_empty() {
            return Ok(());
        }
        keepsake::write(into, self.id, &kept, self.asked.last)?;
        let trained = self.asked.generations.iter().filter(|t| **t > 0);
        for t in trained {
            let with = kept.iter().find(|kept| kept.composed.contains(t));
            let portions = with.iter().flat_map(|kept| &kept.composition);
            let rows: Vec<_> = portions
                .filter(|portion| portion.generation == *t)
                .flat_map(|portion| self.births(portion))
                .collect();
            open.composition.put(&self.tables.composition.text(&rows)?)?;
        }
        Ok(())
    }

    /// A row for each birth.
    fn births<'p>(&self, portion: &'p Portion) -> impl Iterator<Item = table::Composition> + 'p {
        let (cell, arm) = (self.id.to_owned(), self.cell.arm.clone());
        (portion.born..portion.born + portion.births).map(move |born| table::Composition {
            cell: cell.clone(),
            arm: arm.clone(),
            generation: portion.generation,
            origin: portion.origin.clone(),
            born,
            count: portion.count,
            weight: portion.weight,
        })
    }
}
