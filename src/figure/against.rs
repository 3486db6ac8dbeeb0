//! A metric at one generation over a swept number, with the intervals of its estimates.

use std::collections::HashMap;

use super::chart::{Chart, Curve, Point, Shape, Subject};
use super::curves::DETAILED;
use super::reading::Seen;
use super::results::Results;
use super::scale::Axis;
use super::sheet::Sheet;
use super::{FigureError, lines};
use crate::archive::picture::Against;
use crate::archive::reading::Passage;

/// What is shown, where it is known to be there.
struct Asked {
    places: Vec<usize>,
    axis: usize,
    generation: u32,
}

pub(super) fn sheet(
    results: &Results,
    spec: &Against,
) -> Result<Result<Sheet, String>, FigureError> {
    let asked = match asked(results, spec) {
        Ok(asked) => asked,
        Err(lack) => return Ok(Err(lack)),
    };
    let points = points(results, spec, &asked)?;
    Ok(draw(results, spec, &asked, &points))
}

fn asked(results: &Results, spec: &Against) -> Result<Asked, String> {
    let places = results.cells.shown(&spec.arms, spec.worth.as_ref())?;
    let axis = axis_of(results, spec, &places)?;
    let generation = results.generation_of(&spec.metric, spec.generation)?;
    Ok(Asked { places, axis, generation })
}

/// What each cell has at its place of the axis.
fn points(
    results: &Results,
    spec: &Against,
    asked: &Asked,
) -> Result<HashMap<usize, Point>, FigureError> {
    let number = |place: &usize| Some((*place, results.cells.number(*place, asked.axis)?));
    let places: Vec<(usize, f64)> = asked.places.iter().filter_map(number).collect();
    let seen = Seen::new(results, &spec.metric, spec.statistic);
    match (&spec.passage, &spec.worth) {
        (Some(passage), _) => seen.passages(&places, *passage),
        (None, Some(worth)) => seen.worths(&places, worth, asked.generation),
        (None, None) => {
            let rows = results.at(&spec.metric, asked.generation);
            let point = |(place, x)| {
                let row = rows.get(&place)?;
                Some((place, Point::estimate(row, x, spec.statistic)))
            };
            Ok(places.into_iter().filter_map(point).collect())
        }
    }
}

fn caption(spec: &Against, generation: u32) -> String {
    match (&spec.passage, &spec.worth) {
        (Some(Passage::Absorbed), _) => Passage::Absorbed.name(),
        (Some(passage), _) => format!("{}: {}", spec.metric, passage.name()),
        (None, Some(worth)) => {
            format!("{} at generation {generation}: {}", spec.metric, worth.name())
        }
        (None, None) => format!("{} at generation {generation}", spec.metric),
    }
}

fn draw(
    results: &Results,
    spec: &Against,
    asked: &Asked,
    points: &HashMap<usize, Point>,
) -> Result<Sheet, String> {
    let (cells, &Asked { ref places, axis, generation }) = (&results.cells, asked);
    let is_value = spec.passage.is_none() && spec.worth.is_none();
    let mut values: Vec<f64> = places.iter().filter_map(|at| cells.number(*at, axis)).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let groups = cells.groups(places, &[axis]);
    let first: Vec<usize> =
        groups.iter().filter_map(|(_, places)| places.first().copied()).collect();
    let mut chart = Chart {
        caption: caption(spec, generation),
        log_y: spec.log_y,
        subject: match spec.worth {
            Some(_) => Subject::Worth(spec.statistic),
            None => Subject::Trials(spec.statistic),
        },
        shape: Shape::Bars,
        is_detailed: groups.len() <= DETAILED,
        is_source: !is_value,
        ..Chart::over(&cells.axes[axis].name, Axis::of_swept(&values, spec.log_x))
    };
    let survivors = results.survivors();
    for ((name, places), colour) in groups.iter().zip(cells.colours(&first)) {
        let mut curve = Curve::new(name.clone(), colour);
        curve.points = places.iter().filter_map(|place| points.get(place).copied()).collect();
        curve.points.sort_by(|one, other| one.x.total_cmp(&other.x));
        let trials = places.iter().filter_map(|place| Some(survivors.get(place)?.0));
        // What is said at the end of a line is about the line, and not about its last point.
        curve.trials = trials.max().unwrap_or(0);
        curve.survivors = curve.trials;
        if is_value {
            curve.theory = predictions(results, spec, generation, (places, axis));
        }
        chart.curves.push(curve);
    }
    lines::draw(&mut chart, results, &spec.lines, (&first, &cells.axes[axis].path));
    if is_value {
        draw_worlds(&mut chart, worlds(results, spec, asked));
    }
    if !chart.has_values() {
        return Err(format!("values of {}", chart.caption));
    }
    Ok(Sheet::One(chart))
}

/// What the world of each cell has at its place of the axis.
fn worlds(results: &Results, spec: &Against, asked: &Asked) -> Vec<Point> {
    let rows = results.at(&spec.metric, 0);
    let point = |place: &usize| {
        let x = results.cells.number(*place, asked.axis)?;
        Some(Point::estimate(rows.get(place)?, x, spec.statistic))
    };
    asked.places.iter().filter_map(point).collect()
}

/// The swept number: the one that is named, or the first that tells these cells apart.
fn axis_of(results: &Results, spec: &Against, places: &[usize]) -> Result<usize, String> {
    let cells = &results.cells;
    let Some(path) = &spec.x else {
        let first = cells.numeric_axes(places).first().copied();
        return first.ok_or("a swept number in cells.csv".into());
    };
    let axis = cells.axis(path).ok_or_else(|| results.no_axis(path))?;
    let is_number = cells.axes[axis].is_numeric;
    is_number.then_some(axis).ok_or(format!("numbers in the swept path `{path}`"))
}

/// One world is a line across; a world that the swept number changes is a line of its own.
fn draw_worlds(chart: &mut Chart, mut worlds: Vec<Point>) {
    worlds.sort_by(|one, other| one.x.total_cmp(&other.x));
    worlds.dedup_by(|one, other| (one.x, one.value) == (other.x, other.value));
    let is_function = worlds.windows(2).all(|pair| pair[0].x < pair[1].x);
    let is_constant = worlds.windows(2).all(|pair| pair[0].value == pair[1].value);
    if is_constant && let Some(world) = worlds.first() {
        chart.see_world(0, *world);
    } else if is_function {
        let line = worlds.iter().filter_map(|point| point.value.map(|value| (point.x, value)));
        chart.world_line = line.filter(|(_, value)| value.is_finite()).collect();
    }
}

fn predictions(
    results: &Results,
    spec: &Against,
    generation: u32,
    (places, axis): (&[usize], usize),
) -> Vec<Vec<(f64, f64)>> {
    let rows = results.theory(&spec.metric).iter();
    let rows = rows.filter(|(place, row)| {
        row.generation == generation
            && row.statistic == spec.statistic.name()
            && places.contains(place)
    });
    let line =
        rows.filter_map(|(place, row)| Some((results.cells.number(*place, axis)?, row.value)));
    let mut line: Vec<(f64, f64)> = line.collect();
    line.sort_by(|one, other| one.0.total_cmp(&other.0));
    if line.is_empty() { Vec::new() } else { vec![line] }
}
