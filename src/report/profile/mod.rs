//! The collapse profile: which of the eight definitions of model collapse each arm meets, and why.
//!
//! Read from the tables of a results folder alone. A cell is one arm at one combination of swept values;
//! each stands by itself, but that p-values of definitions 2 and 7 are adjusted by Holm over all cells
//! that are told together, and that definition 5 looks along a swept size. A definition is read off the
//! first metric of its list that serves in every cell, so that arms are held against one measure.
//! Lineages that failed for reasons of the program are left out.

mod judge;
mod metric;
mod readings;
mod scaling;
mod words;
mod write;

pub use metric::Definition;
pub use words::short;
pub use write::write;

use std::collections::BTreeSet;
use std::path::Path;

use super::compare::CompareError;
use super::compare::arms::{Cells, study_of_tables};
use crate::archive::table::Judgement;
use judge::Judge;
use readings::Readings;

/// What is to be told, and where lines are drawn.
#[derive(Clone, Debug)]
pub struct Request {
    /// All, where none is named.
    pub arms: Vec<String>,
    /// Metrics that definitions are read off where they can be, by label or bare name.
    pub metrics: Vec<String>,
    /// How often the first risk a catastrophe is.
    pub times: f64,
    /// Below which share of it a variance or a tail is lost.
    pub left: f64,
    pub alpha: f64,
    /// Of lineages, for definition 3.
    pub resamples: usize,
    pub seed: u64,
}

/// The profile of every cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub question: String,
    /// Eight for each cell.
    pub rows: Vec<Judgement>,
    /// What a reader must know beside them.
    pub notes: Vec<String>,
}

impl Profile {
    /// The rows of each cell, in the order of the table.
    pub fn cells(&self) -> impl Iterator<Item = &[Judgement]> {
        self.rows.chunks(Definition::ALL.len())
    }
}

/// The arm of a row, and what is swept in its cell.
pub fn name(row: &Judgement) -> String {
    if row.swept.is_empty() { row.arm.clone() } else { format!("{} ({})", row.arm, row.swept) }
}

/// Reads the collapse profile of a results folder.
pub fn profile(folder: &Path, request: &Request) -> Result<Profile, CompareError> {
    check(request)?;
    let study = study_of_tables(folder)?;
    let cells = Cells::of(folder, &*study)?;
    let chosen = cells.of_arms(&request.arms, folder)?;
    let is_of_tokens = study.is_of_tokens();
    let asked = match request.metrics.is_empty() {
        true => Vec::new(),
        false => cells.metrics(&request.metrics, folder)?,
    };
    let is_used = |label: &str| {
        let uses = Definition::ALL.iter().flat_map(|definition| definition.uses(is_of_tokens));
        uses.into_iter().any(|known| known.metric == metric::bare(label))
    };
    if let Some(label) = asked.iter().find(|label| !is_used(label)) {
        let known = known_uses(is_of_tokens);
        return Err(CompareError::NoDefinition { metric: label.clone(), known });
    }
    let all = chosen.iter().flat_map(|place| &cells.parties[*place].metrics);
    let labels: BTreeSet<String> = all.filter(|label| is_used(label)).cloned().collect();
    let readings = Readings::read(folder, &cells, &chosen, &labels)?;
    if chosen.iter().all(|place| readings.lineages(*place).lineages.is_empty()) {
        return Err(CompareError::NoLineages { folder: folder.display().to_string() });
    }
    let judge = Judge {
        cells: &cells,
        chosen: &chosen,
        readings: &readings,
        request,
        asked: &asked,
        is_of_tokens,
    };
    let rows = judge.rows();
    let mut notes = notes(&rows);
    let first = chosen.iter().map(|place| readings.lineages(*place).first()).max().unwrap_or(0);
    if first > 1 {
        notes.push(format!(
            "generation 1 is not measured: R_1 is of generation {first}. `measure = {{ log = 8 }}` measures \
             it, and few others"
        ));
    }
    Ok(Profile { question: study.question().to_owned(), rows, notes })
}

fn check(request: &Request) -> Result<(), CompareError> {
    let refuse = |what, allowed, value| Err(CompareError::OutOfRange { what, allowed, value });
    match request {
        r if !(r.alpha > 0.0 && r.alpha < 0.5) => {
            refuse("--alpha", "between 0 and 0.5, both excluded", r.alpha)
        }
        r if !(r.times > 1.0 && r.times.is_finite()) => {
            refuse("--times", "a finite number above 1", r.times)
        }
        r if !(r.left > 0.0 && r.left <= 1.0) => {
            refuse("--left", "a share above 0 and at most 1", r.left)
        }
        r if r.resamples < 100 => refuse("--resamples", "at least 100", r.resamples as f64),
        _ => Ok(()),
    }
}

/// What definitions are read off, as one list.
fn known_uses(is_of_tokens: bool) -> String {
    let mut known: Vec<&str> = Vec::new();
    for used in Definition::ALL.iter().flat_map(|definition| definition.uses(is_of_tokens)) {
        if !known.contains(&used.metric) {
            known.push(used.metric);
        }
    }
    format!("they are read off {}", known.join(", "))
}

fn notes(rows: &[Judgement]) -> Vec<String> {
    let mut notes = Vec::new();
    for cell in rows.chunks(Definition::ALL.len()) {
        let Some(first) = cell.first() else { continue };
        if first.extinct > 0 {
            let (name, Judgement { extinct, lineages, generation, .. }) = (name(first), first);
            notes.push(format!(
                "{name}: {extinct} of {lineages} lineages extinct by generation {generation}: infinite \
                 risk, nothing left, no draws"
            ));
        }
        if first.lineages == 1 {
            notes.push(format!("{}: one trial has no interval, and no test", name(first)));
        }
    }
    notes
}
