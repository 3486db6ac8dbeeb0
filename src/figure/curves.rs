//! A metric over the generations: a line per cell, and what theory says of it.
//!
//! More cells than fit one picture are set into panels, one for each of what else differs than the
//! swept number of most values, which then has the colours of the ramp.

use std::collections::HashMap;

use plotters::style::RGBColor;

use super::chart::{Chart, Curve, Point, Subject};
use super::labels::choose;
use super::lines;
use super::results::Results;
use super::scale::Axis;
use super::sheet::{Facets, Sheet};
use crate::archive::picture::{Curves, Statistic};
use crate::archive::table::{Prediction, Summary};

/// More lines than this and bands and means would hide them.
pub(super) const DETAILED: usize = 8;

/// More panels than this are too small to be read.
const MOST_PANELS: usize = 12;

/// The picture of one metric.
pub(super) fn sheet(results: &Results, spec: &Curves) -> Result<Sheet, String> {
    let places = results.cells.of_arms(&spec.arms.clone().unwrap_or_default())?;
    let last = results.summary(&spec.metric).iter().map(|(_, row)| row.generation).max();
    let x = Axis::of_generations(last.unwrap_or(0), spec.log_x);
    let caption = match spec.statistic {
        Statistic::Median => spec.metric.clone(),
        Statistic::Mean => format!("{}, mean", spec.metric),
    };
    let rows = Rows::of(results, spec, last.unwrap_or(0));
    let chart = |places: &[usize], colours: &[RGBColor], is_detailed: bool| {
        let mut chart = Chart {
            caption: caption.clone(),
            log_y: spec.log_y,
            subject: Subject::Trials(spec.statistic),
            is_detailed: is_detailed && spec.band,
            ..Chart::over("generation", x.clone())
        };
        let shown = rows.fill(&mut chart, results, spec, (places, colours));
        lines::draw(&mut chart, results, &spec.lines, (&shown, "generation"));
        chart
    };
    let sheet = facets(results, &places, chart);
    if !sheet.charts().any(Chart::has_values) {
        let known = results.metrics.join(", ");
        return Err(format!("values of the metric `{}` (there are: {known})", spec.metric));
    }
    Ok(sheet)
}

/// One chart, or panels where there are too many lines for one and a swept number to colour them by.
pub(super) fn facets(
    results: &Results,
    places: &[usize],
    chart: impl Fn(&[usize], &[RGBColor], bool) -> Chart,
) -> Sheet {
    let cells = &results.cells;
    if places.len() > DETAILED
        && let Some(&axis) = cells.numeric_axes(places).first()
    {
        let groups = cells.groups(places, &[axis]);
        let shown = choose(groups.len(), MOST_PANELS);
        if groups.len() > 1 && groups.len() < places.len() {
            let panels = shown.iter().map(|index| &groups[*index]);
            let panels = panels.map(|(name, places)| {
                (name.clone(), chart(places, &cells.along(places, axis), places.len() <= 3))
            });
            let swept = &cells.axes[axis];
            let (first, last) = (swept.values.first(), swept.values.last());
            let ramp = match first.zip(last) {
                Some((first, last)) => format!("{} from {first} to {last}", swept.name),
                None => swept.name.clone(),
            };
            let left_out = groups.len() - shown.len();
            let panels: Vec<(String, Chart)> = panels.collect();
            return Sheet::Panels(Facets { panels, ramp, left_out });
        }
    }
    Sheet::One(chart(places, &cells.colours(places), places.len() <= DETAILED))
}

/// The rows of a metric by cell.
struct Rows<'a> {
    summary: HashMap<usize, Vec<&'a Summary>>,
    theory: HashMap<usize, Vec<&'a Prediction>>,
    survivors: HashMap<usize, (u32, u32)>,
    last: u32,
}

impl<'a> Rows<'a> {
    fn of(results: &'a Results, spec: &Curves, last: u32) -> Self {
        let mut summary: HashMap<usize, Vec<&Summary>> = HashMap::new();
        for (place, row) in results.summary(&spec.metric) {
            summary.entry(*place).or_default().push(row);
        }
        let mut theory: HashMap<usize, Vec<&Prediction>> = HashMap::new();
        for (place, row) in results.theory(&spec.metric).iter().filter(|_| spec.theory) {
            theory.entry(*place).or_default().push(row);
        }
        Self { summary, theory, survivors: results.survivors(), last }
    }

    /// Fills a chart with the cells that have values, and says which.
    fn fill(
        &self,
        chart: &mut Chart,
        results: &Results,
        spec: &Curves,
        (places, colours): (&[usize], &[RGBColor]),
    ) -> Vec<usize> {
        let mut shown = Vec::new();
        for (place, colour) in places.iter().zip(colours) {
            let Some(rows) = self.summary.get(place) else { continue };
            let name = results.cells.name(*place);
            let mut curve = Curve::new(name, *colour);
            let index = chart.curves.len();
            for row in rows {
                (curve.trials, curve.survivors) = (row.trials, row.alive);
                let point = Point::of(row, f64::from(row.generation), spec.statistic);
                match row.generation {
                    0 => chart.see_world(index, point),
                    _ => curve.points.push(point),
                }
            }
            curve.points.sort_by(|one, other| one.x.total_cmp(&other.x));
            if let Some(&(trials, survivors)) = self.survivors.get(place) {
                (curve.trials, curve.survivors) = (trials, survivors);
            }
            curve.theory = self.predictions(*place, spec, chart.is_detailed);
            chart.curves.push(curve);
            shown.push(*place);
        }
        shown
    }

    /// Only the statistics that a curve shows have a place beside it.
    fn predictions(&self, place: usize, spec: &Curves, shows_means: bool) -> Vec<Vec<(f64, f64)>> {
        let line = |statistic: &str| -> Vec<(f64, f64)> {
            let rows = self.theory.get(&place).into_iter().flatten();
            let rows = rows.filter(|row| row.statistic == statistic);
            let rows = rows.filter(|row| (1..=self.last).contains(&row.generation));
            rows.map(|row| (f64::from(row.generation), row.value)).collect()
        };
        let statistics: &[&str] = match spec.statistic {
            Statistic::Median if shows_means => &["median", "mean"],
            Statistic::Median => &["median"],
            Statistic::Mean => &["mean"],
        };
        let lines = statistics.iter().map(|statistic| line(statistic));
        lines.filter(|line| !line.is_empty()).collect()
    }
}
