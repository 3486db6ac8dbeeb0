//! Where a claim looks: cells, metrics and generations.

use crate::analysis::claim::{Along, Claim, Look, Other, Passage, Reading, Statistic};
use crate::catalog::alternatives;
use crate::experiment::Party;
use std::collections::{BTreeMap, BTreeSet};

/// What a claim names and the file does not have.
#[derive(Clone, Debug, PartialEq)]
pub struct Misplaced {
    pub message: String,
    pub help: String,
    /// The word that is wrong.
    pub word: Option<String>,
}

/// Where a claim looks, in the order of its axis.
pub fn looks(claim: &Claim, parties: &[Party]) -> Result<Vec<Look>, Misplaced> {
    let at = |other: &Other| -> Result<Look, Misplaced> {
        let seen = claim.seen_at(other);
        let cell = one_cell(&seen, parties)?;
        look(&seen, parties, cell, 0.0)
    };
    let here = Other::default();
    let is_line = claim.statistic.along().is_some()
        || matches!(claim.statistic, Statistic::Order(_) | Statistic::Worth(_));
    let looks = match (&claim.statistic, claim.statistic.along()) {
        (Statistic::Order(arms), _) => {
            let one = |(i, arm): (usize, &String)| {
                let look = at(&Other { arm: Some(arm.clone()), ..Other::default() })?;
                Ok(Look { x: i as f64, ..look })
            };
            arms.iter().enumerate().map(one).collect::<Result<Vec<_>, _>>()?
        }
        (Statistic::Worth(worth), _) => {
            let mut measure = Claim { arm: Some(worth.arm.clone()), ..claim.clone() };
            (measure.range, measure.at) = (None, None);
            let own = std::iter::once(at(&here)?);
            own.chain(through_cells(&measure, &Along(worth.along.clone()), parties)?).collect()
        }
        (_, Some(along)) if along.is_generation() => through_time(claim, parties)?,
        (_, Some(along)) => through_cells(claim, along, parties)?,
        (statistic, None) => {
            let others = statistic.other();
            let all = std::iter::once(&here).chain(others).enumerate();
            all.map(|(i, other)| Ok(Look { x: i as f64, ..at(other)? }))
                .collect::<Result<_, _>>()?
        }
    };
    let fewest = if is_line { 2 } else { 1 };
    match looks.len() < fewest {
        true => Err(Misplaced::new(
            format!("its statistic needs two places or more, and finds {}", looks.len()),
            "widen `range` or `at`, or choose another axis",
        )),
        false => Ok(looks),
    }
}

/// Every measured generation of the one cell.
fn through_time(claim: &Claim, parties: &[Party]) -> Result<Vec<Look>, Misplaced> {
    let cell = one_cell(claim, parties)?;
    let measured = &parties[cell].measured;
    let chosen = chosen(claim, measured.iter().map(|t| f64::from(*t)).collect())?;
    let one = |x: f64| {
        let seen = Claim { generation: Some(x as u32), ..claim.clone() };
        look(&seen, parties, cell, x)
    };
    chosen.into_iter().map(one).collect()
}

/// The cells that differ in one swept path alone, by its values.
fn through_cells(claim: &Claim, along: &Along, parties: &[Party]) -> Result<Vec<Look>, Misplaced> {
    let mut by_value: BTreeMap<u64, (f64, usize)> = BTreeMap::new();
    let mut seen = claim.clone();
    seen.place.0.remove(&along.0);
    for cell in all_cells(&seen, parties)? {
        let Some((_, text)) = parties[cell].swept.iter().find(|(path, _)| *path == along.0) else {
            let known: BTreeSet<&str> = parties
                .iter()
                .flat_map(|party| party.swept.iter().map(|(path, _)| path.as_str()))
                .chain(["generation"])
                .collect();
            return Err(Misplaced::word(
                &along.0,
                format!("it runs along `{}`, which is not swept", along.0),
                alternatives(&along.0, known.iter().copied()),
            ));
        };
        let Ok(x) = text.parse::<f64>() else {
            return Err(Misplaced::word(
                &along.0,
                format!("it runs along `{}`, and {text} is no number", along.0),
                "choose an axis of numbers",
            ));
        };
        // Ordered like the numbers.
        let bits = x.to_bits();
        let order = if x < 0.0 { !bits } else { bits | 1 << 63 };
        if by_value.insert(order, (x, cell)).is_some() {
            return Err(Misplaced::new(
                format!("two cells have {} = {text}", along.0),
                "say which with `where`",
            ));
        }
    }
    let kept = chosen(claim, by_value.values().map(|(x, _)| *x).collect())?;
    let kept = by_value.values().filter(|(x, _)| kept.contains(x));
    kept.map(|(x, cell)| look(&seen, parties, *cell, *x)).collect()
}

/// The places of an axis that `range` and `at` leave.
fn chosen(claim: &Claim, all: Vec<f64>) -> Result<Vec<f64>, Misplaced> {
    let same = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    let within =
        |x: &f64| claim.range.is_none_or(|[low, high]| low.get() <= *x && *x <= high.get());
    let Some(at) = &claim.at else { return Ok(all.into_iter().filter(within).collect()) };
    for wanted in at {
        if !all.iter().any(|x| same(*x, wanted.get())) {
            return Err(Misplaced::new(
                format!("`at` names {}, where nothing is measured", wanted.get()),
                "name values of the axis, or generations that are measured",
            ));
        }
    }
    let wanted = |x: &f64| at.iter().any(|wanted| same(*x, wanted.get()));
    Ok(all.into_iter().filter(within).filter(wanted).collect())
}

/// What is read in a cell.
fn look(claim: &Claim, parties: &[Party], cell: usize, x: f64) -> Result<Look, Misplaced> {
    let party = &parties[cell];
    let last = party.measured.last().copied().unwrap_or(0);
    if let Some(metric) = claim.metric.as_ref().filter(|name| !party.metrics.contains(name)) {
        return Err(Misplaced::word(
            metric,
            format!("`{metric}` is not measured"),
            alternatives(metric, party.metrics.iter().map(String::as_str)),
        ));
    }
    let generations: Vec<u32> = match claim.reading() {
        Reading::Passage(Passage::Absorbed) if !party.ends_absorbed => {
            return Err(Misplaced::word(
                "absorbed",
                "no lineage of this file ends where it is absorbed",
                "add `stop = \"absorbed\"` to the file",
            ));
        }
        Reading::Passage(Passage::Absorbed) => Vec::new(),
        Reading::Passage(_) => party.measured.clone(),
        Reading::Average(first, end) => {
            party.measured.iter().copied().filter(|t| (first..=end).contains(t)).collect()
        }
        Reading::Value | Reading::Event(_) => {
            let t = claim.generation.unwrap_or(last);
            party.measured.iter().copied().filter(|known| *known == t).collect()
        }
    };
    if generations.is_empty() && claim.reading() != Reading::Passage(Passage::Absorbed) {
        return Err(Misplaced::new(
            format!("none of its generations is measured: the last one is {last}"),
            "name generations that `measure` includes, from 1 on",
        ));
    }
    Ok(Look { x, cell, metric: claim.metric.clone(), generations })
}

/// The one cell that a claim is about.
fn one_cell(claim: &Claim, parties: &[Party]) -> Result<usize, Misplaced> {
    match &all_cells(claim, parties)?[..] {
        [cell] => Ok(*cell),
        cells => {
            let paths: BTreeSet<&str> = cells
                .iter()
                .flat_map(|cell| parties[*cell].swept.iter().map(|(p, _)| &**p))
                .collect();
            let paths: Vec<&str> = paths.into_iter().collect();
            Err(Misplaced::new(
                format!("it is about {} cells: {} differ", cells.len(), paths.join(", ")),
                "say which with `where = { path = value }`",
            ))
        }
    }
}

/// The cells of an arm at the swept values that are named; there is one at least.
fn all_cells(claim: &Claim, parties: &[Party]) -> Result<Vec<usize>, Misplaced> {
    let mut arms: Vec<&str> = parties.iter().map(|party| &*party.arm).collect();
    arms.dedup();
    let arm = match (&claim.arm, &arms[..]) {
        (Some(arm), _) if arms.contains(&&**arm) => arm.as_str(),
        (Some(arm), _) => {
            let known = alternatives(arm, arms.iter().copied());
            return Err(Misplaced::word(arm, format!("there is no arm `{arm}`"), known));
        }
        (None, [arm]) => arm,
        (None, arms) => {
            let message = format!("it does not say which of {} arms it is about", arms.len());
            return Err(Misplaced::new(message, format!("add `arm`: {}", arms.join(", "))));
        }
    };
    let place = claim.place.values();
    let has = |party: &Party| {
        place.iter().all(|(path, value)| {
            party.swept.iter().any(|(known, own)| known == path && is_same(own, value))
        })
    };
    let found: Vec<usize> =
        (0..parties.len()).filter(|i| parties[*i].arm == arm && has(&parties[*i])).collect();
    if found.is_empty() {
        let told: Vec<String> =
            place.iter().map(|(path, value)| format!("{path} = {value}")).collect();
        let known: BTreeSet<String> = parties
            .iter()
            .filter(|party| party.arm == arm)
            .flat_map(|party| party.swept.iter().map(|(path, value)| format!("{path} = {value}")))
            .collect();
        let known: Vec<String> = known.into_iter().collect();
        let help = match known.len() {
            0 => format!("arm `{arm}` sweeps nothing"),
            _ => format!("there are {}", known.join(", ")),
        };
        let message = format!("arm `{arm}` has no cell with {}", told.join(", "));
        return Err(Misplaced::new(message, help));
    }
    Ok(found)
}

/// Whether two values are the same word or the same number.
fn is_same(a: &str, b: &str) -> bool {
    a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

impl Misplaced {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Misplaced { message: message.into(), help: help.into(), word: None }
    }

    fn word(word: &str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Misplaced { word: Some(word.to_owned()), ..Misplaced::new(message, help) }
    }
}
