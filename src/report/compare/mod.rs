//! Arms of a results folder against a baseline, paired by trial, on the loss of each metric.
//!
//! A line is one arm in one cell, one metric, one generation. Its differences are those of the losses
//! of the same trial: smaller is better, an extinct lineage has an infinite loss and so ranks worst,
//! and two extinct ones are equal. Trials that failed, or in which one of both has no loss, are left
//! out and counted. All lines that are shown are one family, whose false findings Holm's procedure
//! holds to α.

mod arms;
mod budget;
mod error;
mod losses;
mod pictures;

pub use budget::Budget;
pub use error::CompareError;
pub use pictures::write;

use std::collections::BTreeSet;
use std::path::Path;

use arms::{Cells, Pair};
use budget::Ledger;
use losses::Losses;

use crate::analysis::comparison::difference;
use crate::analysis::comparison::line::{Line, Sample, Settings, judge};
use crate::analysis::comparison::rank::mean_ranks;
use crate::analysis::quantile::{median_interval, quantile};
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
    let has_pairs = |pair: &Pair| losses.pairs(*pair).next().is_some();
    if !pairs.iter().any(has_pairs) {
        let (folder, baseline) = (folder.display().to_string(), request.baseline.clone());
        return Err(CompareError::NoTrials { folder, baseline });
    }
    let table = Table { cells: &cells, losses: &losses, metrics: &metrics, request };
    let (lines, notes) = table.lines(&plan);
    let ranks = table.ranks(&pairs, &generations);
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

impl Losses<'_> {
    /// The trials that finished on both sides.
    fn pairs(&self, pair: Pair) -> impl Iterator<Item = u32> + '_ {
        let others: BTreeSet<u32> = self.trials(pair.baseline).collect();
        self.trials(pair.cell).filter(move |trial| others.contains(trial))
    }
}

/// Everything that lines, ranks and frontiers are made of.
struct Table<'a> {
    cells: &'a Cells,
    losses: &'a Losses<'a>,
    metrics: &'a [String],
    request: &'a Request,
}

impl Table<'_> {
    fn lines(&self, plan: &[Place]) -> (Vec<Contrast>, Vec<String>) {
        let (mut rows, mut samples) = (Vec::new(), Vec::new());
        for of_generation in plan.chunk_by(|a, b| a.generation == b.generation) {
            for metric in 0..self.metrics.len() {
                for place in of_generation {
                    let (row, differences) = self.row(place, metric);
                    let name = format!("{} | {} | {}", row.arm, row.swept, row.metric);
                    let generation = row.baseline_generation;
                    samples.push(Sample { name, generation, differences });
                    rows.push(row);
                }
            }
        }
        let judged = judge(&samples, &self.request.settings);
        for (row, line) in rows.iter_mut().zip(&judged) {
            match line {
                Some(line) => fill(row, line),
                None if row.verdict.is_empty() => row.verdict = NO_LOSS.into(),
                None => {}
            }
        }
        let notes = self.notes(&rows, plan);
        if self.request.metrics.is_empty() {
            let has_loss = |metric: &str| {
                rows.iter().any(|row| row.metric == metric && row.verdict != NO_LOSS)
            };
            let kept: BTreeSet<&String> = self.metrics.iter().filter(|m| has_loss(m)).collect();
            let kept: BTreeSet<String> = kept.into_iter().cloned().collect();
            rows.retain(|row| kept.contains(&row.metric));
        }
        (rows, notes)
    }

    /// A line without its statistics, and the differences that they are made of.
    fn row(&self, place: &Place, metric: usize) -> (Contrast, Vec<f64>) {
        let Pair { cell, baseline } = place.pair;
        let mut row = Contrast {
            cell: self.cells.ids[cell].0.clone(),
            swept: self.cells.swept(&[cell, baseline]),
            arm: self.cells.ids[cell].1.clone(),
            generation: place.own.unwrap_or(place.generation),
            baseline: self.request.baseline.clone(),
            baseline_generation: place.generation,
            metric: self.metrics[metric].clone(),
            spent: place.spent,
            baseline_spent: place.baseline_spent,
            ..Contrast::default()
        };
        let Some(own) = place.own else {
            row.verdict = OTHER_BUDGET.into();
            return (row, Vec::new());
        };
        let mut differences = Vec::new();
        for trial in self.losses.pairs(place.pair) {
            row.extinct += u32::from(self.losses.is_extinct(cell, trial, own));
            row.baseline_extinct +=
                u32::from(self.losses.is_extinct(baseline, trial, place.generation));
            let loss = self.losses.loss(cell, trial, own, metric);
            let other = self.losses.loss(baseline, trial, place.generation, metric);
            differences.extend(loss.zip(other).map(|(loss, other)| difference(loss, other)));
        }
        let trials: BTreeSet<u32> =
            self.losses.trials(cell).chain(self.losses.trials(baseline)).collect();
        row.trials = differences.len() as u32;
        row.left_out = (trials.len() - differences.len()) as u32;
        (row, differences)
    }

    fn notes(&self, rows: &[Contrast], plan: &[Place]) -> Vec<String> {
        let mut notes = Vec::new();
        for place in plan {
            let sides =
                [(place.pair.cell, place.own), (place.pair.baseline, Some(place.generation))];
            for (cell, t) in sides.into_iter().filter_map(|(cell, t)| Some((cell, t?))) {
                let all = self.losses.trials(cell).count();
                let dead = self
                    .losses
                    .trials(cell)
                    .filter(|i| self.losses.is_extinct(cell, *i, t))
                    .count();
                if dead > 0 {
                    let name = self.name(cell);
                    notes.push(format!(
                        "{name}: {dead} of {all} lineages extinct by generation {t}, ranked worst"
                    ));
                }
            }
            if place.own.is_none() {
                let budget = self.request.hold.map_or("", Budget::name);
                let said = |spent: Option<f64>| spent.map_or("nothing known".into(), whole);
                notes.push(format!(
                    "{}: spends {} {budget} by generation {}, {} spends {}, and no generation of it \
                     meets that: not compared",
                    self.name(place.pair.cell),
                    said(place.spent),
                    place.generation,
                    self.request.baseline,
                    said(place.baseline_spent),
                ));
            }
        }
        let left_out = rows.iter().filter(|row| row.left_out > 0 && row.trials > 0);
        for row in left_out {
            notes.push(format!(
                "{}, {}: {} trials left out, in which one of both has no loss or did not finish",
                row.arm, row.metric, row.left_out
            ));
        }
        if rows.iter().any(|row| row.trials == 1) {
            notes.push("one trial has no interval, and no test finds anything in it".into());
        }
        notes.extend(self.without_loss(rows));
        let mut once = BTreeSet::new();
        notes.retain(|note| once.insert(note.clone()));
        notes
    }

    fn without_loss(&self, rows: &[Contrast]) -> Option<String> {
        let is_empty = |metric: &&String| {
            rows.iter().filter(|row| row.metric == **metric).all(|row| row.verdict == NO_LOSS)
        };
        let names: Vec<&str> = self.metrics.iter().filter(is_empty).map(String::as_str).collect();
        (!names.is_empty()).then(|| format!("without a loss in any pair: {}", names.join(", ")))
    }

    fn name(&self, cell: usize) -> String {
        let swept = self.cells.swept(&[cell]);
        let arm = &self.cells.ids[cell].1;
        if swept.is_empty() { arm.clone() } else { format!("{arm} ({swept})") }
    }

    /// The cells that are seen together: each cell of the baseline with those beside it.
    fn groups(&self, pairs: &[Pair]) -> Vec<Vec<usize>> {
        let baselines: BTreeSet<usize> = pairs.iter().map(|pair| pair.baseline).collect();
        let of = |baseline: usize| {
            let others = pairs.iter().filter(|pair| pair.baseline == baseline);
            let mut cells: Vec<usize> = others.map(|pair| pair.cell).chain([baseline]).collect();
            cells.sort_unstable();
            cells
        };
        baselines.into_iter().map(of).collect()
    }

    /// An arm's name in a group, with what it alone sweeps.
    fn name_within(&self, group: &[usize], cell: usize) -> String {
        let arm = &self.cells.ids[cell].1;
        let is_alone = group.iter().filter(|place| self.cells.ids[**place].1 == *arm).count() == 1;
        if is_alone { arm.clone() } else { self.name(cell) }
    }

    fn ranks(&self, pairs: &[Pair], generations: &[u32]) -> Vec<Rank> {
        let mut rows = Vec::new();
        for group in self.groups(pairs) {
            for (&t, metric) in
                generations.iter().flat_map(|t| (0..self.metrics.len()).map(move |m| (t, m)))
            {
                let row = |trial| -> Option<Vec<f64>> {
                    group.iter().map(|cell| self.losses.loss(*cell, trial, t, metric)).collect()
                };
                let losses: Vec<Vec<f64>> = self.losses.trials(group[0]).filter_map(row).collect();
                let ranks = mean_ranks(&losses, self.request.settings.alpha).unwrap_or_default();
                let shared = self.shared(&group);
                rows.extend(group.iter().zip(ranks).map(|(cell, mean)| Rank {
                    swept: shared.clone(),
                    generation: t,
                    metric: self.metrics[metric].clone(),
                    arm: self.name_within(&group, *cell),
                    arms: group.len() as u32,
                    trials: losses.len() as u32,
                    rank: mean.rank,
                    low: mean.interval.map(|(low, _)| low),
                    high: mean.interval.map(|(_, high)| high),
                }));
            }
        }
        rows
    }

    /// What the baseline's cell of a group sweeps.
    fn shared(&self, group: &[usize]) -> String {
        let is_baseline = |cell: &&usize| self.cells.ids[**cell].1 == self.request.baseline;
        group.iter().find(is_baseline).map(|cell| self.cells.swept(&[*cell])).unwrap_or_default()
    }

    fn frontier(&self, pairs: &[Pair], generations: &[u32], ledger: &Ledger) -> Vec<Outlay> {
        let mut rows = Vec::new();
        for group in self.groups(pairs) {
            for (&t, metric) in
                generations.iter().flat_map(|t| (0..self.metrics.len()).map(move |m| (t, m)))
            {
                rows.extend(group.iter().filter_map(|cell| {
                    let of = |trial| self.losses.loss(*cell, trial, t, metric);
                    let mut losses: Vec<f64> = self.losses.trials(*cell).filter_map(of).collect();
                    losses.sort_unstable_by(f64::total_cmp);
                    let interval = median_interval(&losses);
                    Some(Outlay {
                        swept: self.shared(&group),
                        generation: t,
                        metric: self.metrics[metric].clone(),
                        arm: self.name_within(&group, *cell),
                        budget: ledger.budget.name().into(),
                        spent: ledger.spent(*cell, t)?,
                        trials: losses.len() as u32,
                        loss: quantile(&losses, 0.5)?,
                        low: interval.map(|(low, _)| low),
                        high: interval.map(|(_, high)| high),
                    })
                }));
            }
        }
        rows
    }
}

fn fill(row: &mut Contrast, line: &Line) {
    row.median = Some(line.median);
    (row.median_low, row.median_high) = ends(line.median_interval);
    row.mean = line.mean;
    (row.mean_low, row.mean_high) = ends(line.mean_interval);
    (row.cliff, row.cliff_low) = (Some(line.cliff.delta), Some(line.cliff.low));
    row.cliff_high = Some(line.cliff.high);
    (row.p, row.p_holm) = (Some(line.p), Some(line.p_holm));
    row.p_wilcoxon = Some(line.p_wilcoxon);
    row.detectable = line.detectable;
    row.verdict = line.verdict.to_string();
}

fn ends(interval: Option<(f64, f64)>) -> (Option<f64>, Option<f64>) {
    (interval.map(|(low, _)| low), interval.map(|(_, high)| high))
}

/// A number of things, without a fraction where it has none.
fn whole(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value}") } else { format!("{value:.4}") }
}
