//! Lines over an axis: what a picture of them shows, before it has a place on a page.

use plotters::style::RGBColor;

use super::scale::Axis;
use crate::archive::picture::Statistic;
use crate::archive::table::{Drawn, Summary};

/// Lines with what surrounds them.
#[derive(Clone, Debug)]
pub(super) struct Chart {
    /// What is shown, over the axes.
    pub caption: String,
    /// What the axis across is called.
    pub across: String,
    pub x: Axis,
    pub log_y: Option<bool>,
    pub subject: Subject,
    pub shape: Shape,
    pub curves: Vec<Curve>,
    /// Distinct readings of the world, with the first curve that each belongs to.
    pub worlds: Vec<(usize, Point)>,
    /// A world that differs along the axis.
    pub world_line: Vec<(f64, f64)>,
    /// Whether there is room for bands and means beside the lines.
    pub is_detailed: bool,
    /// Closed forms and levels that are the same for all curves.
    pub levels: Vec<Vec<(f64, f64)>>,
    /// What the key calls closed forms and levels, where the picture says.
    pub theory_name: Option<String>,
    /// Whether its numbers are in no other table.
    pub is_source: bool,
}

/// What the lines are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Subject {
    Trials(Statistic),
    /// The share of lineages that are left.
    Share,
    /// The share of lineages of which something holds.
    Event,
    /// What that of the trials is worth.
    Worth(Statistic),
}

/// How what surrounds a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    Bands,
    /// Error bars, and markers on the line.
    Bars,
}

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    pub name: String,
    pub colour: RGBColor,
    pub points: Vec<Point>,
    /// One line per statistic.
    pub theory: Vec<Vec<(f64, f64)>>,
    /// Trials, and how many of them outlived the last generation.
    pub trials: u32,
    pub survivors: u32,
}

/// One place of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub x: f64,
    pub value: Option<f64>,
    /// A mean beside the median.
    pub mean: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Whether some trial had ended before, so that this speaks of survivors alone.
    pub is_survival: bool,
    /// How many lineages it is of, where not all of the curve's.
    pub lineages: Option<u32>,
}

impl Point {
    /// The median with the middle 90 % of the trials, or the mean with its interval.
    pub fn of(row: &Summary, x: f64, statistic: Statistic) -> Self {
        let (value, mean, low, high) = match statistic {
            Statistic::Median => (row.median, row.mean, row.q05, row.q95),
            Statistic::Mean => (row.mean, None, row.ci_low, row.ci_high),
        };
        let is_survival = row.alive < row.trials;
        let [value, mean, low, high] = [value, mean, low, high].map(number);
        Self { x, value, mean, low, high, is_survival, lineages: Some(row.alive) }
    }

    /// The median or the mean, each with its interval.
    pub fn estimate(row: &Summary, x: f64, statistic: Statistic) -> Self {
        let mut point = Self::of(row, x, statistic);
        if statistic == Statistic::Median {
            (point.low, point.high) = (number(row.median_low), number(row.median_high));
            point.mean = None;
        }
        point
    }

    /// Its numbers as a row of the table of a line's.
    pub fn row(&self, line: &str) -> Drawn {
        Drawn {
            line: line.to_owned(),
            of: "measured".into(),
            x: self.x,
            value: self.value,
            low: self.low,
            high: self.high,
            lineages: self.lineages,
        }
    }

    /// Whether the mean would be seen beside the median.
    pub fn has_mean_of_its_own(&self) -> bool {
        let median = self.value.unwrap_or(f64::INFINITY);
        let differs = |mean: f64| mean.is_infinite() || (mean - median).abs() > 1e-9 * mean.abs();
        self.mean.is_some_and(differs)
    }

    pub fn has_band(&self) -> bool {
        matches!((self.low, self.high), (Some(low), Some(high)) if low < high)
    }
}

impl Curve {
    pub fn new(name: String, colour: RGBColor) -> Self {
        Self { name, colour, points: Vec::new(), theory: Vec::new(), trials: 0, survivors: 0 }
    }

    pub fn is_extinct(&self) -> bool {
        self.trials > 0 && self.survivors == 0
    }

    /// The first place that some trial did not reach.
    pub fn first_death(&self) -> Option<f64> {
        self.points.iter().find(|point| point.is_survival).map(|point| point.x)
    }

    /// Where the curve ends: its last value.
    pub fn end(&self) -> Option<(f64, f64)> {
        let ends = self.points.iter().rev();
        ends.filter_map(|point| point.value.map(|value| (point.x, value))).next()
    }
}

/// A table that others have touched may hold what no place on a page has.
pub(super) fn number(value: Option<f64>) -> Option<f64> {
    value.filter(|value| !value.is_nan())
}

impl Chart {
    /// A chart of medians and bands with nothing in it.
    pub fn over(across: &str, x: Axis) -> Self {
        Self {
            caption: String::new(),
            across: across.to_owned(),
            x,
            log_y: None,
            subject: Subject::Trials(Statistic::Median),
            shape: Shape::Bands,
            curves: Vec::new(),
            worlds: Vec::new(),
            world_line: Vec::new(),
            is_detailed: true,
            levels: Vec::new(),
            theory_name: None,
            is_source: false,
        }
    }

    /// What lines pass through, what bands reach, and where the world lies.
    fn values(&self) -> [Vec<f64>; 3] {
        let (mut lines, mut bands, mut worlds) = (Vec::new(), Vec::new(), Vec::new());
        for curve in &self.curves {
            for point in &curve.points {
                lines.extend(point.value);
                if self.is_detailed {
                    lines.extend(point.mean);
                    bands.extend(point.low.into_iter().chain(point.high));
                }
            }
        }
        let closed = self.curves.iter().flat_map(|curve| &curve.theory).chain(&self.levels);
        lines.extend(closed.flatten().map(|(_, value)| *value));
        for (_, world) in &self.worlds {
            worlds.extend(world.value);
            if self.worlds.len() == 1 {
                worlds.extend(world.low.into_iter().chain(world.high));
            }
        }
        if !self.shows_worlds() {
            worlds.clear();
        }
        worlds.extend(self.world_line.iter().map(|(_, value)| *value));
        [lines, bands, worlds]
    }

    /// The axis of values that all of these charts fit.
    pub fn value_axis<'a>(charts: impl IntoIterator<Item = &'a Self>) -> Axis {
        let mut all: [Vec<f64>; 3] = Default::default();
        let (mut log, mut is_share) = (None, false);
        for chart in charts {
            for (all, own) in all.iter_mut().zip(chart.values()) {
                all.extend(own);
            }
            log = log.or(chart.log_y);
            is_share |= matches!(chart.subject, Subject::Share | Subject::Event);
        }
        let [lines, bands, worlds] = &all;
        let is_share = is_share && log != Some(true);
        if is_share { Axis::of_shares() } else { Axis::of_values(lines, bands, worlds, log) }
    }

    /// Its numbers as a table.
    pub fn rows(&self) -> Vec<Drawn> {
        let mut rows = Vec::new();
        let of = self.theory_name.clone().unwrap_or_else(|| "theory".into());
        let closed = |line: &str, points: &[(f64, f64)]| {
            let row = |&(x, value)| Drawn {
                line: line.to_owned(),
                of: of.clone(),
                x,
                value: Some(value),
                low: None,
                high: None,
                lineages: None,
            };
            points.iter().map(row).collect::<Vec<_>>()
        };
        for curve in &self.curves {
            rows.extend(curve.points.iter().map(|point| Drawn {
                lineages: Some(point.lineages.unwrap_or(curve.trials)),
                ..point.row(&curve.name)
            }));
            rows.extend(curve.theory.iter().flat_map(|points| closed(&curve.name, points)));
        }
        rows.extend(self.levels.iter().flat_map(|points| closed("", points)));
        rows
    }

    /// Whether points of survivors need a marker: a mean over them, and every estimate with a bar.
    pub fn marks_survivors(&self) -> bool {
        self.shape == Shape::Bars || self.subject == Subject::Trials(Statistic::Mean)
    }

    /// Beyond some, lines of worlds would be all that one sees.
    pub fn shows_worlds(&self) -> bool {
        self.worlds.len() <= 8
    }

    pub fn has_values(&self) -> bool {
        self.curves.iter().any(|curve| curve.points.iter().any(|point| point.value.is_some()))
    }

    /// Takes note of a reading of the world by the curve at an index.
    pub fn see_world(&mut self, curve: usize, world: Point) {
        let is_known = self.worlds.iter().any(|(_, known)| {
            (known.value, known.low, known.high) == (world.value, world.low, world.high)
        });
        if !is_known && world.value.is_some() {
            self.worlds.push((curve, world));
        }
    }
}
