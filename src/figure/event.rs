//! The share of lineages of which something holds, over the generations, with Wilson's 95 % interval.

use plotters::style::RGBColor;

use super::chart::{Chart, Curve, Subject};
use super::curves::facets;
use super::reading::Seen;
use super::results::Results;
use super::scale::Axis;
use super::sheet::Sheet;
use super::{FigureError, lines};
use crate::archive::picture::Curves;
use crate::archive::reading::Bound;

pub(super) fn sheet(
    results: &Results,
    spec: &Curves,
    bound: Bound,
) -> Result<Result<Sheet, String>, FigureError> {
    let places = match results.cells.of_arms(&spec.arms.clone().unwrap_or_default()) {
        Ok(places) => places,
        Err(lack) => return Ok(Err(lack)),
    };
    if let Err(lack) = results.generation_of(&spec.metric, None) {
        return Ok(Err(lack));
    }
    let events = Seen::new(results, &spec.metric, spec.statistic).events(&places, bound)?;
    let last = events.values().flatten().map(|point| point.x as u32).max().unwrap_or(0);
    let survivors = results.survivors();
    let chart = |places: &[usize], colours: &[RGBColor], is_detailed: bool| {
        let mut chart = Chart {
            caption: format!("share of lineages with {} {}", spec.metric, bound.name()),
            log_y: spec.log_y.or(Some(false)),
            subject: Subject::Event,
            is_detailed: is_detailed && spec.band,
            is_source: true,
            ..Chart::over("generation", Axis::of_generations(last, spec.log_x))
        };
        let mut shown = Vec::new();
        for (place, colour) in places.iter().zip(colours) {
            let Some(points) = events.get(place) else { continue };
            let mut curve = Curve::new(results.cells.name(*place), *colour);
            curve.points.clone_from(points);
            (curve.trials, curve.survivors) = survivors.get(place).copied().unwrap_or_default();
            chart.curves.push(curve);
            shown.push(*place);
        }
        lines::draw(&mut chart, results, &spec.lines, (&shown, "generation"));
        chart
    };
    Ok(Ok(facets(results, &places, chart)))
}
