//! Closed forms that a picture asks for by name, at what each of its lines stands for.

use super::chart::Chart;
use super::results::Results;
use crate::archive::picture::Line;
use crate::numeric::bounded::Finite;
use crate::theory::along;

/// Adds closed forms to a chart whose curves are those of these cells.
///
/// In a form the generation is called so where it is the axis; other words are swept paths, of which the axis may be
/// one. What is the same for all curves is drawn once.
pub(super) fn draw(
    chart: &mut Chart,
    results: &Results,
    lines: &[Line],
    (places, across): (&[usize], &str),
) {
    let mut labels: Vec<&str> = lines.iter().filter_map(|line| line.label.as_deref()).collect();
    labels.dedup();
    if !labels.is_empty() && chart.curves.iter().any(|curve| !curve.theory.is_empty()) {
        labels.insert(0, "theory");
    }
    if !labels.is_empty() {
        chart.theory_name = Some(labels.join(", "));
    }
    for line in lines {
        let all: Vec<Vec<(f64, f64)>> = chart
            .curves
            .iter()
            .zip(places)
            .map(|(curve, place)| {
                let is_its =
                    |arms: &Vec<String>| arms.iter().any(|arm| arm == results.cells.arm(*place));
                if !line.arms.as_ref().is_none_or(is_its) {
                    return Vec::new();
                }
                let xs = curve.points.iter().map(|point| point.x);
                let value = |x: f64| Some((x, value(line, results, (across, x), *place)?));
                xs.filter_map(value).collect()
            })
            .collect();
        let drawn: Vec<&Vec<(f64, f64)>> = all.iter().filter(|points| !points.is_empty()).collect();
        let Some(first) = drawn.first() else { continue };
        match line.arms.is_none() && drawn.len() > 1 && drawn.iter().all(|points| points == first) {
            true => chart.levels.push((*first).clone()),
            false => {
                for (curve, points) in chart.curves.iter_mut().zip(all) {
                    curve.theory.extend(Some(points).filter(|points| !points.is_empty()));
                }
            }
        }
        chart.is_source = true;
    }
}

/// The value of a line at a place of the axis; none where it has none.
fn value(line: &Line, results: &Results, (across, x): (&str, f64), place: usize) -> Option<f64> {
    let known = |word: &str| match word == across {
        true => Some(x),
        false => results.cells.number(place, results.cells.axis(word)?),
    };
    match (&line.theory, line.value) {
        (Some(form), _) => along::value(form, known).ok(),
        (None, value) => value.map(Finite::get),
    }
}
