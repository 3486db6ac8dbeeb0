//! A metric at one generation over a swept number, with the intervals of its estimates.

use super::chart::{Chart, Curve, Point, Shape, Subject};
use super::curves::DETAILED;
use super::results::Results;
use super::scale::Axis;
use super::sheet::Sheet;
use crate::archive::picture::Against;

pub(super) fn sheet(results: &Results, spec: &Against) -> Result<Sheet, String> {
    let cells = &results.cells;
    let places = cells.of_arms(&spec.arms.clone().unwrap_or_default())?;
    let axis = axis_of(results, spec, &places)?;
    let generation = results.generation_of(&spec.metric, spec.generation)?;
    let (rows, worlds) = (results.at(&spec.metric, generation), results.at(&spec.metric, 0));
    let mut values: Vec<f64> = places.iter().filter_map(|at| cells.number(*at, axis)).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let groups = cells.groups(&places, &[axis]);
    let first: Vec<usize> =
        groups.iter().filter_map(|(_, places)| places.first().copied()).collect();
    let mut chart = Chart {
        caption: format!("{} at generation {generation}", spec.metric),
        across: cells.axes[axis].name.clone(),
        x: Axis::of_swept(&values, spec.log_x),
        log_y: spec.log_y,
        subject: Subject::Trials(spec.statistic),
        shape: Shape::Bars,
        curves: Vec::new(),
        worlds: Vec::new(),
        world_line: Vec::new(),
        is_detailed: groups.len() <= DETAILED,
    };
    let mut world: Vec<Point> = Vec::new();
    for ((name, places), colour) in groups.iter().zip(cells.colours(&first)) {
        let mut curve = Curve::new(name.clone(), colour);
        for &place in places {
            let Some(x) = cells.number(place, axis) else { continue };
            if let Some(row) = rows.get(&place) {
                curve.trials = curve.trials.max(row.trials);
                curve.points.push(Point::estimate(row, x, spec.statistic));
            }
            world.extend(worlds.get(&place).map(|row| Point::estimate(row, x, spec.statistic)));
        }
        // What is said at the end of a line is about the line, and not about its last point.
        curve.survivors = curve.trials;
        curve.points.sort_by(|one, other| one.x.total_cmp(&other.x));
        curve.theory = predictions(results, spec, generation, (places, axis));
        chart.curves.push(curve);
    }
    draw_worlds(&mut chart, world);
    if !chart.has_values() {
        return Err(format!("values of `{}` at generation {generation}", spec.metric));
    }
    Ok(Sheet::One(chart))
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
