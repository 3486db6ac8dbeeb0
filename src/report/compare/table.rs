//! Lines: the differences of each, their statistics, and what a reader must know beside them.

use std::collections::BTreeSet;

use super::arms::{Cells, Pair};
use super::losses::Losses;
use super::{Budget, NO_LOSS, OTHER_BUDGET, Place, Request};
use crate::analysis::comparison::difference;
use crate::analysis::comparison::line::{Line, Sample, judge};
use crate::archive::table::Contrast;

/// Everything that lines, ranks and frontiers are made of.
pub struct Table<'a> {
    pub cells: &'a Cells,
    pub losses: &'a Losses<'a>,
    pub metrics: &'a [String],
    pub request: &'a Request,
}

impl Table<'_> {
    /// The lines, judged together, and what must be known beside them.
    pub fn lines(&self, plan: &[Place]) -> (Vec<Contrast>, Vec<String>) {
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
        for trial in self.losses.pairs(cell, baseline) {
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
            notes.extend(place.own.and_then(|t| self.note_deaths(place.pair.cell, t)));
            notes.extend(self.note_deaths(place.pair.baseline, place.generation));
            notes.extend(place.own.is_none().then(|| self.note_budget(place)));
        }
        let left_out = rows.iter().filter(|row| row.left_out > 0 && row.trials > 0);
        notes.extend(left_out.map(|row| {
            format!(
                "{}, {}: {} trials left out, in which one of both has no loss or did not finish",
                row.arm, row.metric, row.left_out
            )
        }));
        if rows.iter().any(|row| row.trials == 1) {
            notes.push("one trial has no interval, and no test finds anything in it".into());
        }
        let (family, settings) = (rows.iter().filter(|r| r.trials > 0), &self.request.settings);
        let family = family.count();
        let least = family as f64 / (1.0 + settings.resamples as f64);
        if least > settings.alpha {
            notes.push(format!(
                "{} resamples are too coarse for {family} lines, of which none can be found: raise \
                 --resamples, or show fewer lines",
                settings.resamples
            ));
        }
        notes.extend(self.without_loss(rows));
        let mut once = BTreeSet::new();
        notes.retain(|note| once.insert(note.clone()));
        notes
    }

    fn note_deaths(&self, cell: usize, t: u32) -> Option<String> {
        let trials = || self.losses.trials(cell);
        let dead = trials().filter(|trial| self.losses.is_extinct(cell, *trial, t)).count();
        let (name, all) = (self.name(cell), trials().count());
        (dead > 0).then(|| {
            format!("{name}: {dead} of {all} lineages extinct by generation {t}, ranked worst")
        })
    }

    fn note_budget(&self, place: &Place) -> String {
        let said = |spent: Option<f64>| spent.map_or("nothing known".into(), whole);
        format!(
            "{}: {} is {} by generation {}, and {} of {}, which no generation of it meets: not compared",
            self.name(place.pair.cell),
            self.request.hold.map_or("", Budget::name),
            said(place.spent),
            place.generation,
            said(place.baseline_spent),
            self.request.baseline,
        )
    }

    fn without_loss(&self, rows: &[Contrast]) -> Option<String> {
        let is_empty = |metric: &&String| {
            rows.iter().filter(|row| row.metric == **metric).all(|row| row.verdict == NO_LOSS)
        };
        let names: Vec<&str> = self.metrics.iter().filter(is_empty).map(String::as_str).collect();
        (!names.is_empty()).then(|| format!("without a loss in any pair: {}", names.join(", ")))
    }

    /// An arm, and what is swept in its cell.
    pub fn name(&self, cell: usize) -> String {
        let swept = self.cells.swept(&[cell]);
        let arm = &self.cells.ids[cell].1;
        if swept.is_empty() { arm.clone() } else { format!("{arm} ({swept})") }
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
