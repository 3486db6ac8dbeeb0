//! How long the lineages of each arm last until they collapse.
//!
//! A lineage is over at the first measured generation in which its metric is beyond a limit, or in
//! which it is extinct, whichever comes first; one that never is, is censored at the last generation
//! that its cell measures. The limit is a value of the metric, or a share of the value that the world has
//! in the same trial: below half of it, the time is the half-life of what the metric counts.
//! Lineages that failed for reasons of the program are left out.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Serialize;

use super::compare::CompareError;
use super::compare::arms::{Cells, Ends, ends, study_of_tables};
use crate::analysis::comparison::holm::holm;
use crate::analysis::lifetime::{Lifetime, kaplan_meier, log_rank};
use crate::archive::ArchiveError;
use crate::archive::csv::scan;
use crate::archive::picture::Threshold;
use crate::archive::table::places;

/// What is to be told.
#[derive(Clone, Debug)]
pub struct Request {
    /// What collapses, and where; extinction alone, if there is none.
    pub limit: Option<Limit>,
    /// The arm that the others are tested against.
    pub baseline: Option<String>,
    pub alpha: f64,
}

/// The end of a metric.
#[derive(Clone, Debug)]
pub struct Limit {
    pub metric: String,
    pub threshold: Threshold,
    /// Whether the threshold is a share of the world's own value.
    pub is_share: bool,
}

/// The lifetimes of every cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Lifetimes {
    pub question: String,
    /// What ends a lineage, in words.
    pub end: String,
    pub rows: Vec<Row>,
}

/// The lifetimes of one cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Row {
    pub arm: String,
    pub swept: String,
    pub lineages: usize,
    /// How many were seen to end.
    pub over: usize,
    /// The generation at which at most half are left; none where more than half outlast `last`.
    pub median: Option<u32>,
    pub median_low: Option<u32>,
    pub median_high: Option<u32>,
    /// The last measured generation.
    pub last: u32,
    /// The share that is left then.
    pub left: f64,
    pub left_low: f64,
    pub left_high: f64,
    /// Against the baseline: above 0 where lineages of this arm end sooner.
    pub z: Option<f64>,
    pub p: Option<f64>,
    /// By Holm over the rows.
    pub p_holm: Option<f64>,
}

/// Reads how long lineages lasted from the tables of a results folder.
pub fn lifetimes(folder: &Path, request: &Request) -> Result<Lifetimes, CompareError> {
    if !(request.alpha > 0.0 && request.alpha < 0.5) {
        let (what, allowed) = ("--alpha", "between 0 and 0.5, both excluded");
        return Err(CompareError::OutOfRange { what, allowed, value: request.alpha });
    }
    let study = study_of_tables(folder)?;
    let cells = Cells::of(folder, &*study)?;
    let limit = request.limit.as_ref().map(|limit| named(limit, &cells, folder)).transpose()?;
    let all = read(folder, &cells, limit.as_ref())?;
    let mut rows: Vec<Row> = Vec::with_capacity(all.len());
    for (place, lifetimes) in all.iter().enumerate() {
        rows.push(row(&cells, place, lifetimes, request.alpha));
    }
    if let Some(baseline) = &request.baseline {
        for pair in cells.pairs(baseline, folder)? {
            if let Some(found) = log_rank(&all[pair.cell], &all[pair.baseline]) {
                (rows[pair.cell].z, rows[pair.cell].p) = (Some(found.z), Some(found.p));
            }
        }
        adjust(&mut rows);
    }
    let end = match &limit {
        None => "extinct".to_owned(),
        Some(Limit { metric, threshold, is_share }) => {
            let (relation, value) = match threshold {
                Threshold::Below(value) => ("below", value),
                Threshold::Above(value) => ("above", value),
            };
            let of = if *is_share { " of the world's" } else { "" };
            format!("{metric} {relation} {value}{of}, or extinct")
        }
    };
    Ok(Lifetimes { question: study.question().to_owned(), end, rows })
}

/// The limit, its metric by its whole label.
fn named(limit: &Limit, cells: &Cells, folder: &Path) -> Result<Limit, CompareError> {
    let labels = cells.metrics(std::slice::from_ref(&limit.metric), folder)?;
    match &labels[..] {
        [label] => Ok(Limit { metric: label.clone(), ..limit.clone() }),
        _ => Err(CompareError::ManyMetrics {
            metric: limit.metric.clone(),
            labels: labels.join(", "),
        }),
    }
}

fn row(cells: &Cells, place: usize, lifetimes: &[Lifetime], alpha: f64) -> Row {
    let curve = kaplan_meier(lifetimes, alpha);
    let end = curve.steps.last();
    let (median_low, median_high) = curve.median_interval();
    // Of lineages that all outlast what was seen, so many could still have ended.
    let n = lifetimes.len() as f64;
    let whole = if n > 0.0 { (alpha / 2.0).powf(1.0 / n) } else { 0.0 };
    Row {
        arm: cells.parties[place].arm.clone(),
        swept: cells.swept(&[place]),
        lineages: lifetimes.len(),
        over: lifetimes.iter().filter(|lifetime| lifetime.is_over).count(),
        median: curve.median(),
        median_low,
        median_high,
        last: cells.parties[place].measured.last().copied().unwrap_or(0),
        left: end.map_or(1.0, |step| step.share),
        left_low: end.map_or(whole, |step| step.low),
        left_high: end.map_or(1.0, |step| step.high),
        ..Row::default()
    }
}

fn adjust(rows: &mut [Row]) {
    let p: Vec<f64> = rows.iter().filter_map(|row| row.p).collect();
    let adjusted = holm(&p);
    for (row, p) in rows.iter_mut().filter(|row| row.p.is_some()).zip(adjusted) {
        row.p_holm = Some(p);
    }
}

/// The lifetimes of every cell, in the order of trials.
fn read(
    folder: &Path,
    cells: &Cells,
    limit: Option<&Limit>,
) -> Result<Vec<Vec<Lifetime>>, ArchiveError> {
    let mut ends = ends(folder, &cells.ids)?;
    if let Some(limit) = limit {
        let readings = readings(folder, &places(&cells.ids), &limit.metric)?;
        for ((place, trial), readings) in &readings {
            if let Some(end) = ends[*place].get_mut(trial)
                && let Some(collapse) = collapse(readings, limit)
            {
                *end = Some(end.map_or(collapse, |end| end.min(collapse)));
            }
        }
    }
    let lifetimes = |(place, ends): (usize, &Ends)| {
        let last = cells.parties[place].measured.last().copied().unwrap_or(0);
        ends.values().map(|end| end.map_or(Lifetime::censored(last), Lifetime::over)).collect()
    };
    Ok(ends.iter().enumerate().map(lifetimes).collect())
}

/// By cell and trial: the readings of a metric by generation.
type Readings = HashMap<(usize, u32), BTreeMap<u32, f64>>;

fn readings(
    folder: &Path,
    places: &HashMap<(&str, &str), usize>,
    metric: &str,
) -> Result<Readings, ArchiveError> {
    let mut readings = Readings::new();
    let columns = ["cell", "arm", "trial", "generation", "metric", "value"];
    scan(folder, "measurements", columns, |[cell, arm, trial, t, of, value]| {
        if of != metric {
            return;
        }
        let place = places.get(&(cell, arm)).copied();
        if let (Some(place), Ok(trial), Ok(t), Ok(value)) =
            (place, trial.parse(), t.parse(), value.parse())
        {
            readings.entry((place, trial)).or_default().insert(t, value);
        }
    })?;
    Ok(readings)
}

/// The first generation beyond the limit. Generation 0 is the world.
fn collapse(readings: &BTreeMap<u32, f64>, limit: &Limit) -> Option<u32> {
    let whole = if limit.is_share { *readings.get(&0)? } else { 1.0 };
    let is_beyond = |value: f64| limit.threshold.is_passed_by(value / whole);
    readings.range(1..).find(|(_, value)| is_beyond(**value)).map(|(t, _)| *t)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(threshold: Threshold, is_share: bool) -> Limit {
        Limit { metric: "spread".into(), threshold, is_share }
    }

    #[test]
    fn the_first_generation_beyond_the_limit_ends_a_lineage() {
        let readings = BTreeMap::from([(0, 4.0), (1, 3.0), (5, 1.9), (9, 2.5)]);
        assert_eq!(collapse(&readings, &limit(Threshold::Below(2.0), false)), Some(5));
        assert_eq!(collapse(&readings, &limit(Threshold::Below(0.5), true)), Some(5));
        assert_eq!(collapse(&readings, &limit(Threshold::Below(0.4), true)), None);
        assert_eq!(collapse(&readings, &limit(Threshold::Above(2.9), false)), Some(1));
        let blind = BTreeMap::from([(1, 3.0)]);
        assert_eq!(collapse(&blind, &limit(Threshold::Below(0.9), true)), None);
    }

    #[test]
    fn rows_without_a_test_are_no_part_of_the_family() {
        let of = |p: Option<f64>| Row { p, ..Row::default() };
        let mut rows = vec![of(None), of(Some(0.02)), of(Some(0.5))];
        adjust(&mut rows);
        let adjusted: Vec<Option<f64>> = rows.iter().map(|row| row.p_holm).collect();
        assert_eq!(adjusted, [None, Some(0.04), Some(0.5)]);
    }
}
