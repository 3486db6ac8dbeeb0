//! From tables to what one picture shows: a curve per cell, the world, and what theory says.

use std::collections::HashMap;

use super::arms::Arms;
use crate::archive::table::{Outcome, Prediction, Summary};

/// One metric over the generations of every cell.
#[derive(Debug)]
pub(super) struct Picture {
    pub metric: String,
    pub curves: Vec<Curve>,
    /// Distinct readings of generation 0, with the first curve that each belongs to.
    pub worlds: Vec<(usize, Point)>,
    pub last_generation: u32,
}

/// One cell.
#[derive(Debug, Default)]
pub(super) struct Curve {
    place: usize,
    pub name: String,
    pub points: Vec<Point>,
    /// One line per statistic.
    pub theory: Vec<Vec<(u32, f64)>>,
    /// Trials, and how many of them outlived the last generation.
    pub trials: u32,
    pub survivors: u32,
}

/// One generation of one cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Point {
    pub generation: u32,
    pub mean: Option<f64>,
    pub median: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Whether some trial had ended before, so that this speaks of survivors alone.
    pub is_survival: bool,
}

impl Point {
    fn of(row: &Summary) -> Self {
        Self {
            generation: row.generation,
            mean: number(row.mean),
            median: number(row.median),
            low: number(row.q05),
            high: number(row.q95),
            is_survival: row.alive < row.trials,
        }
    }

    /// Whether the mean would be seen beside the median.
    pub fn has_mean_of_its_own(&self) -> bool {
        let median = self.median.unwrap_or(f64::INFINITY);
        let differs = |mean: f64| mean.is_infinite() || (mean - median).abs() > 1e-9 * mean.abs();
        self.mean.is_some_and(differs)
    }

    pub fn has_band(&self) -> bool {
        matches!((self.low, self.high), (Some(low), Some(high)) if low < high)
    }
}

/// A table that others have touched may hold what no place on a page has.
fn number(value: Option<f64>) -> Option<f64> {
    value.filter(|value| !value.is_nan())
}

/// The pictures of a results folder, one per metric, in the order of the table.
pub(super) fn pictures(
    mut arms: Arms,
    summary: &[Summary],
    theory: &[Prediction],
    outcomes: &[Outcome],
) -> Vec<Picture> {
    let mut metrics: Vec<&str> = Vec::new();
    let mut rows: HashMap<&str, Vec<(usize, &Summary)>> = HashMap::new();
    for row in summary {
        let place = arms.place(&row.cell, &row.arm);
        let of_metric = rows.entry(&row.metric).or_insert_with(|| {
            metrics.push(&row.metric);
            Vec::new()
        });
        of_metric.push((place, row));
    }
    let survival = Survival::of(&mut arms, outcomes);
    let mut pictures = Vec::new();
    for metric in metrics {
        let mut picture = picture(metric, &rows[metric], &arms, &survival);
        for row in theory.iter().filter(|row| row.metric == metric) {
            let place = arms.place(&row.cell, &row.arm);
            picture.predict(place, row);
        }
        picture.curves.iter_mut().for_each(|curve| curve.theory.retain(|line| !line.is_empty()));
        if picture.curves.iter().any(|curve| curve.points.iter().any(|p| p.median.is_some())) {
            pictures.push(picture);
        }
    }
    pictures
}

fn picture(metric: &str, rows: &[(usize, &Summary)], arms: &Arms, survival: &Survival) -> Picture {
    let mut places: Vec<usize> = rows.iter().map(|(place, _)| *place).collect();
    places.sort_unstable();
    places.dedup();
    let mut picture = Picture {
        metric: metric.into(),
        curves: Vec::new(),
        worlds: Vec::new(),
        last_generation: 0,
    };
    for (index, place) in places.into_iter().enumerate() {
        let mut curve = Curve { place, name: arms.name(place).into(), ..Curve::default() };
        for (_, row) in rows.iter().filter(|(of, _)| *of == place) {
            picture.last_generation = picture.last_generation.max(row.generation);
            (curve.trials, curve.survivors) = (row.trials, row.alive);
            match row.generation {
                0 => picture.see_world(index, Point::of(row)),
                _ => curve.points.push(Point::of(row)),
            }
        }
        curve.points.sort_by_key(|point| point.generation);
        if let Some(&(trials, survivors)) = survival.0.get(&place) {
            (curve.trials, curve.survivors) = (trials, survivors);
        }
        picture.curves.push(curve);
    }
    picture
}

/// More arms than this and bands and means would hide the medians.
const DETAILED_ARMS: usize = 8;

impl Picture {
    /// Whether there is room for bands and means beside the medians.
    pub fn shows_details(&self) -> bool {
        self.curves.len() <= DETAILED_ARMS
    }

    fn see_world(&mut self, curve: usize, world: Point) {
        let is_known = self.worlds.iter().any(|(_, known)| {
            (known.median, known.low, known.high) == (world.median, world.low, world.high)
        });
        if !is_known && world.median.is_some() {
            self.worlds.push((curve, world));
        }
    }

    /// Only the statistics that a curve shows have a place beside it.
    fn predict(&mut self, place: usize, row: &Prediction) {
        let slot = match row.statistic.as_str() {
            "median" => 0,
            "mean" => 1,
            _ => return,
        };
        let Some(curve) = self.curves.iter_mut().find(|curve| curve.place == place) else { return };
        curve.theory.resize(2, Vec::new());
        if row.generation > 0 && row.generation <= self.last_generation {
            curve.theory[slot].push((row.generation, row.value));
        }
    }
}

/// Trials and survivors of every cell, from the one table that knows how each lineage ended.
struct Survival(HashMap<usize, (u32, u32)>);

impl Survival {
    fn of(arms: &mut Arms, outcomes: &[Outcome]) -> Self {
        let mut counts: HashMap<usize, (u32, u32)> = HashMap::new();
        for row in outcomes {
            let (trials, survivors) = counts.entry(arms.place(&row.cell, &row.arm)).or_default();
            *trials += 1;
            *survivors += u32::from(row.outcome == "survived");
        }
        Self(counts)
    }
}
