//! Arms of a results folder against a baseline, paired by trial, on the loss of each metric.
//!
//! A line is one arm in one cell, one metric, one generation. Its differences are those of the losses
//! of the same trial: smaller is better, an extinct lineage has an infinite loss and so ranks worst,
//! and two extinct ones are equal. Trials that failed, or in which one of both has no loss, are left
//! out and counted. All lines that are shown are one family, whose false findings Holm's procedure
//! holds to α.

pub(super) mod arms;
mod budget;
mod error;
mod losses;
mod pictures;
mod standing;
mod table;

pub use budget::Budget;
pub use error::CompareError;
pub use pictures::write;

use std::collections::BTreeSet;
use std::path::Path;

use arms::{Cells, Pair};
use budget::Ledger;
use losses::Losses;

use table::Table;

use crate::analysis::comparison::line::Settings;
use crate::archive::table::{Contrast, Outlay, Rank};

/// What is to be compared.
#[derive(Clone, Debug)]
pub struct Request {
    pub baseline: String,
    /// All that have a loss, where none is named.
    pub metrics: Vec<String>,
    /// The last one, where none is named.
    pub generations: Vec<u32>,
    /// A budget that is to be the same on both sides.
    pub hold: Option<Budget>,
    pub settings: Settings,
}

/// What a comparison found.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub question: String,
    pub baseline: String,
    pub settings: Settings,
    pub lines: Vec<Contrast>,
    pub ranks: Vec<Rank>,
    pub frontier: Vec<Outlay>,
    /// What a reader must know beside the lines.
    pub notes: Vec<String>,
}

/// What a line is told as where a budget could not be held equal, and where there is nothing to tell.
pub const OTHER_BUDGET: &str = "budget differs";
pub const NO_LOSS: &str = "no loss";

/// Compares the arms of a results folder, from its tables alone.
pub fn compare(folder: &Path, request: &Request) -> Result<Comparison, CompareError> {
    check(&request.settings)?;
    let study = arms::study_of_tables(folder)?;
    let cells = Cells::of(folder, &*study)?;
    let pairs = cells.pairs(&request.baseline, folder)?;
    let metrics = cells.metrics(&request.metrics, folder)?;
    if request.hold == Some(Budget::Seconds) && !request.generations.is_empty() {
        return Err(CompareError::SecondsOfPart);
    }
    let generations = cells.generations(&request.generations, folder)?;
    let budget = request.hold.unwrap_or(Budget::TrainingSamples);
    let ledger = Ledger::read(folder, &cells.ids, &cells.parties, budget)?;
    if request.hold.is_some() && ledger.is_none() {
        return Err(CompareError::NoBudget { folder: folder.display().to_string() });
    }
    let held = ledger.as_ref().filter(|_| request.hold.is_some());
    let plan = plan(&cells, &pairs, &generations, held);
    let read: BTreeSet<u32> =
        generations.iter().copied().chain(plan.iter().filter_map(|place| place.own)).collect();
    let losses = Losses::read(folder, &*study, &cells.ids, &metrics, &read)?;
    let has_pairs = |pair: &Pair| losses.pairs(pair.cell, pair.baseline).next().is_some();
    if !pairs.iter().any(has_pairs) {
        let (folder, baseline) = (folder.display().to_string(), request.baseline.clone());
        return Err(CompareError::NoTrials { folder, baseline });
    }
    let table = Table { cells: &cells, losses: &losses, metrics: &metrics, request };
    let (lines, notes) = table.lines(&plan);
    let ranks = table.ranks(&pairs, &plan);
    let frontier =
        ledger.map(|ledger| table.frontier(&pairs, &generations, &ledger)).unwrap_or_default();
    let (question, baseline) = (study.question().to_owned(), request.baseline.clone());
    Ok(Comparison { question, baseline, settings: request.settings, lines, ranks, frontier, notes })
}

fn check(settings: &Settings) -> Result<(), CompareError> {
    let refuse = |what, allowed, value| Err(CompareError::OutOfRange { what, allowed, value });
    match settings {
        s if !(s.alpha > 0.0 && s.alpha < 0.5) => {
            refuse("--alpha", "between 0 and 0.5, both excluded", s.alpha)
        }
        s if s.within.is_some_and(|within| !(within >= 0.0 && within.is_finite())) => {
            refuse("--within", "a finite loss, at least 0", s.within.unwrap_or_default())
        }
        s if s.resamples < 100 => refuse("--resamples", "at least 100", s.resamples as f64),
        _ => Ok(()),
    }
}

/// A pair of cells, and the generation that each is looked at in.
#[derive(Clone, Copy, Debug)]
struct Place {
    pair: Pair,
    generation: u32,
    /// None where no generation has spent as much.
    own: Option<u32>,
    spent: Option<f64>,
    baseline_spent: Option<f64>,
}

fn plan(cells: &Cells, pairs: &[Pair], generations: &[u32], held: Option<&Ledger>) -> Vec<Place> {
    let place = |generation: u32, pair: &Pair| {
        let (mut own, mut spent, mut baseline_spent) = (Some(generation), None, None);
        if let Some(ledger) = held {
            let measured = &cells.parties[pair.cell].measured;
            baseline_spent = ledger.spent(pair.baseline, generation);
            own = baseline_spent.and_then(|s| ledger.meets(pair.cell, measured, generation, s));
            spent = ledger.spent(pair.cell, own.unwrap_or(generation));
        }
        Place { pair: *pair, generation, own, spent, baseline_spent }
    };
    generations.iter().flat_map(|t| pairs.iter().map(move |pair| place(*t, pair))).collect()
}
