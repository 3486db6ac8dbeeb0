//! The share of lineages that are left, with Wilson's 95 % interval (E. B. Wilson, "Probable
//! inference, the law of succession, and statistical inference", 1927).
//!
//! A lineage leaves at the generation that could not be fitted, or, with a threshold, at the first
//! measured generation at which its metric was beyond it. Lineages that failed for reasons of the
//! program are not counted.

use std::collections::{BTreeMap, HashMap};

use plotters::style::RGBColor;

use super::FigureError;
use super::chart::{Chart, Curve, Point, Subject};
use super::curves::facets;
use super::results::{Fates, Results};
use super::scale::Axis;
use super::sheet::Sheet;
use crate::archive::csv::scan;
use crate::archive::picture::{Survival, Threshold};

/// The lineages of a cell: how many there were, and how many ended at each generation.
struct Lineages {
    trials: u32,
    ends: BTreeMap<u32, u32>,
}

/// The end of every lineage by cell and trial; none where it is left.
type Ends = HashMap<usize, HashMap<u32, Option<u32>>>;

pub(super) fn sheet(
    results: &Results,
    spec: &Survival,
) -> Result<Result<Sheet, String>, FigureError> {
    let arms = spec.arms.clone().unwrap_or_default();
    let places = match results.cells.of_arms(&arms) {
        Ok(places) => places,
        Err(lack) => return Ok(Err(lack)),
    };
    let (lineages, caption) = match lineages(results, spec)? {
        Ok(found) => found,
        Err(lack) => return Ok(Err(lack)),
    };
    let named = lineages.values().filter_map(|of| of.ends.keys().max().copied()).max();
    let last = results.last_generation().max(named.unwrap_or(0));
    let chart = |places: &[usize], colours: &[RGBColor], is_detailed: bool| Chart {
        caption: caption.clone(),
        log_y: Some(false),
        subject: Subject::Share,
        curves: places
            .iter()
            .zip(colours)
            .filter_map(|(place, colour)| {
                let lineages = lineages.get(place)?;
                Some(curve(results.cells.name(*place), *colour, lineages, last))
            })
            .collect(),
        is_detailed,
        is_source: true,
        ..Chart::over("generation", Axis::of_generations(last, None))
    };
    Ok(Ok(facets(results, &places, chart)))
}

/// Lineages by their cell, and the caption that says what ended them.
type Found = (HashMap<usize, Lineages>, String);

fn lineages(results: &Results, spec: &Survival) -> Result<Result<Found, String>, FigureError> {
    let of = |fates: &Fates| Lineages { trials: fates.lineages(), ends: fates.extinct.clone() };
    let known = results.fates.iter().filter(|(_, fates)| fates.lineages() > 0);
    let lineages: HashMap<_, _> = known.map(|(place, fates)| (*place, of(fates))).collect();
    if lineages.is_empty() {
        return Ok(Err("outcomes of lineages in outcomes.csv".into()));
    }
    let Some((metric, threshold)) = spec.collapse() else {
        return Ok(Ok((lineages, "share of lineages that are not extinct".into())));
    };
    if !results.has_table("measurements") {
        return Ok(Err("measurements.csv".into()));
    }
    let mut ends = extinctions(results)?;
    if !collapse(results, &mut ends, metric, threshold)? {
        return Ok(Err(format!("measurements of `{metric}` in measurements.csv")));
    }
    let (relation, value) = match threshold {
        Threshold::Below(value) => ("below", value),
        Threshold::Above(value) => ("above", value),
    };
    let caption = format!("share of lineages neither extinct nor with {metric} {relation} {value}");
    Ok(Ok((ends.into_iter().map(|(place, ends)| (place, count(&ends))).collect(), caption)))
}

fn count(trials: &HashMap<u32, Option<u32>>) -> Lineages {
    let mut ends = BTreeMap::new();
    for end in trials.values().flatten() {
        *ends.entry(*end).or_default() += 1;
    }
    Lineages { trials: trials.len() as u32, ends }
}

/// When each lineage became extinct; those that failed are left out.
fn extinctions(results: &Results) -> Result<Ends, FigureError> {
    let mut ends = Ends::new();
    let columns = ["cell", "arm", "trial", "outcome", "generation"];
    scan(&results.dir, "outcomes", columns, |[cell, arm, trial, outcome, generation]| {
        let Some(place) = results.cells.find(cell, arm).filter(|_| outcome != "failed") else {
            return;
        };
        let Ok(trial) = trial.parse() else { return };
        let end = (outcome == "extinct").then(|| generation.parse().unwrap_or(0));
        ends.entry(place).or_default().insert(trial, end);
    })?;
    Ok(ends)
}

/// Lets lineages end where their readings pass the threshold; says whether there were any readings.
fn collapse(
    results: &Results,
    ends: &mut Ends,
    metric: &str,
    threshold: Threshold,
) -> Result<bool, FigureError> {
    let mut are_there = false;
    let columns = ["cell", "arm", "trial", "generation", "metric", "value"];
    scan(&results.dir, "measurements", columns, |[cell, arm, trial, generation, of, value]| {
        if of != metric {
            return;
        }
        are_there = true;
        let is_beyond = value.parse().is_ok_and(|value: f64| threshold.is_passed_by(value));
        let (Ok(trial), Ok(generation)) = (trial.parse(), generation.parse()) else { return };
        // Generation 0 is the world.
        if is_beyond
            && generation > 0
            && let Some(place) = results.cells.find(cell, arm)
            && let Some(end) = ends.get_mut(&place).and_then(|ends| ends.get_mut(&trial))
        {
            *end = Some(end.map_or(generation, |end: u32| end.min(generation)));
        }
    })?;
    Ok(are_there)
}

/// Steps from everyone at generation 0 down at every end.
fn curve(name: String, colour: RGBColor, lineages: &Lineages, last: u32) -> Curve {
    let mut curve = Curve::new(name, colour);
    let trials = lineages.trials;
    let mut left = trials;
    curve.points.push(share(0, left, trials));
    for (generation, ended) in &lineages.ends {
        curve.points.push(share(*generation, left, trials));
        left -= ended;
        curve.points.push(share(*generation, left, trials));
    }
    curve.points.push(share(last, left, trials));
    (curve.trials, curve.survivors) = (trials, left);
    curve
}

fn share(generation: u32, left: u32, trials: u32) -> Point {
    let (low, high) = wilson(left, trials);
    Point {
        x: f64::from(generation),
        value: Some(f64::from(left) / f64::from(trials.max(1))),
        mean: None,
        low: Some(low),
        high: Some(high),
        is_survival: false,
        lineages: None,
    }
}

/// Wilson's 95 % interval of a share.
fn wilson(successes: u32, trials: u32) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let n = f64::from(trials.max(1));
    let share = f64::from(successes) / n;
    let centre = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let reach = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    // The ends are exact, whatever rounding makes of them.
    let low = if successes == 0 { 0.0 } else { centre - reach };
    let high = if successes == trials { 1.0 } else { centre + reach };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_share_is_wilsons_and_stays_within_bounds() {
        // The roots of (p − 0.8)² = z² p (1 − p)/10.
        let (low, high) = wilson(8, 10);
        assert!((low - 0.490_162_471_5).abs() < 1e-9 && (high - 0.943_317_848_5).abs() < 1e-9);
        assert_eq!((wilson(0, 10).0, wilson(10, 10).1), (0.0, 1.0));
        assert!(wilson(0, 10).1 > 0.2 && wilson(0, 0).1 <= 1.0);
    }

    #[test]
    fn a_lineage_is_left_until_the_generation_that_ends_it() {
        let ends = [(0, Some(3)), (1, Some(3)), (2, None), (3, Some(5))].into_iter().collect();
        let curve = curve("replace".into(), RGBColor(0, 0, 0), &count(&ends), 8);
        let points: Vec<(f64, f64)> =
            curve.points.iter().map(|point| (point.x, point.value.unwrap_or(-1.0))).collect();
        let steps = [(0.0, 1.0), (3.0, 1.0), (3.0, 0.5), (5.0, 0.5), (5.0, 0.25), (8.0, 0.25)];
        assert_eq!(points, steps);
        assert_eq!((curve.trials, curve.survivors), (4, 1));
    }
}
