//! The lines of a chart in a frame: bands at the bottom, then the world, means, lines and theory,
//! and what is infinite.

use plotters::style::RGBColor;

use super::chart::{Chart, Curve, Point, Shape};
use super::frame::Frame;
use super::key::Sample;
use super::legend;
use super::mark::{Page, Place};
use super::palette::{INK, WORLD, darker, lighter};

const LINE_WIDTH: f64 = 2.2;

/// Draws a chart into a frame.
pub(super) fn draw(page: &mut Page, frame: &Frame, chart: &Chart) {
    let mut artist = Artist { page, frame, chart };
    artist.bands();
    artist.worlds();
    artist.means();
    artist.lines();
    artist.theory();
    artist.infinities();
    artist.crosses();
}

struct Artist<'a> {
    page: &'a mut Page,
    frame: &'a Frame,
    chart: &'a Chart,
}

impl Artist<'_> {
    fn curves(&self) -> impl Iterator<Item = (&Curve, RGBColor)> {
        self.chart.curves.iter().map(|curve| (curve, curve.colour))
    }

    fn bands(&mut self) {
        if !legend::shows(self.chart, Sample::Band) && !legend::shows(self.chart, Sample::Bar) {
            return;
        }
        let mut bands = Vec::new();
        for (index, (curve, colour)) in self.curves().enumerate() {
            for run in runs(&curve.points, |point| point.low.zip(point.high)) {
                bands.push((run, self.dodge(index), colour));
            }
        }
        for (run, dodge, colour) in bands {
            match self.chart.shape {
                Shape::Bands => {
                    let band = self.band(&run, dodge);
                    self.page.area(band, colour, 0.16);
                }
                Shape::Bars => self.bars(&run, dodge, colour),
            }
        }
    }

    fn bars(&mut self, run: &[(f64, (f64, f64))], dodge: f64, colour: RGBColor) {
        for &(x, (low, high)) in run {
            let ((x, low), (_, high)) = (self.frame.place(x, low), self.frame.place(x, high));
            let x = x + dodge;
            self.page.line(&[(x, low), (x, high)], 1.3, colour);
            for y in [low, high] {
                self.page.line(&[(x - 3.5, y), (x + 3.5, y)], 1.3, colour);
            }
        }
    }

    /// The outline of a band; one generation alone is a bar.
    fn band(&self, run: &[(f64, (f64, f64))], dodge: f64) -> Vec<Place> {
        let at = |x: f64, value: f64, aside: f64| {
            let (x, y) = self.frame.place(x, value);
            (x + dodge + aside, y)
        };
        if let [(x, (low, high))] = *run {
            let corners = [(low, -3.0), (high, -3.0), (high, 3.0), (low, 3.0)];
            return corners.map(|(value, aside)| at(x, value, aside)).to_vec();
        }
        let above = run.iter().map(|(x, (_, high))| at(*x, *high, 0.0));
        let below = run.iter().rev().map(|(x, (low, _))| at(*x, *low, 0.0));
        above.chain(below).collect()
    }

    /// Where there is but one place, and where they have bars, arms stand side by side.
    fn dodge(&self, index: usize) -> f64 {
        let curves = &self.chart.curves;
        let is_alone = curves.iter().all(|curve| curve.points.len() <= 1);
        let rest = curves.len() - 1 - index;
        match self.chart.shape {
            Shape::Bands if is_alone => -14.0 * (rest as f64 + 0.5),
            Shape::Bars if curves.len() <= 8 => {
                4.0 * (index as f64 - (curves.len() - 1) as f64 / 2.0)
            }
            _ => 0.0,
        }
    }

    fn worlds(&mut self) {
        let line: Vec<Place> =
            self.chart.world_line.iter().map(|(x, y)| self.frame.place(*x, *y)).collect();
        self.page.line(&line, 1.1, WORLD);
        if !self.chart.shows_worlds() {
            return;
        }
        let (left, right) = (self.frame.left, self.frame.right);
        let is_one = self.chart.worlds.len() == 1;
        for (curve, world) in &self.chart.worlds {
            let colour = self.chart.curves.get(*curve).map_or(WORLD, |curve| curve.colour);
            let tone = if is_one { WORLD } else { lighter(colour, 0.3) };
            if let (true, true, Some(low), Some(high)) =
                (is_one, world.has_band(), world.low, world.high)
            {
                let (low, high) = (self.frame.height(low), self.frame.height(high));
                let corners = vec![(left, low), (left, high), (right, high), (right, low)];
                self.page.area(corners, WORLD, 0.14);
            }
            if let Some(value) = world.value.filter(|value| value.is_finite()) {
                let y = self.frame.height(value);
                self.page.line(&[(left, y), (right, y)], 1.1, tone);
            }
        }
    }

    fn means(&mut self) {
        if !legend::shows(self.chart, Sample::Mean) {
            return;
        }
        let mut lines = Vec::new();
        for (index, (curve, colour)) in self.curves().enumerate() {
            for run in runs(&curve.points, finite(|point| point.mean)) {
                lines.push((run, colour, curve.first_death(), self.dodge(index)));
            }
        }
        for (run, colour, death, dodge) in lines {
            if let [(x, mean)] = run[..] {
                let (x, y) = self.frame.place(x, mean);
                let dash = [(x + dodge - 6.0, y), (x + dodge + 6.0, y)];
                self.page.line(&dash, 1.5, colour);
            }
            let split = run.partition_point(|(x, _)| death.is_none_or(|at| *x < at));
            let places = self.places(&run, dodge);
            self.page.dashes(&places[..split.min(places.len())], 1.5, colour);
            // The step into survival belongs to the marked part.
            let marked = &places[split.saturating_sub(1).min(places.len())..];
            if split < places.len() {
                self.page.dashes(marked, 1.5, lighter(colour, 0.45));
                self.open_markers(&places[split..], lighter(colour, 0.25));
            }
        }
    }

    /// Rings along a mean over survivors, sparse enough not to hide it.
    fn open_markers(&mut self, places: &[Place], colour: RGBColor) {
        let mut last: Option<f64> = None;
        for &place in places {
            if last.is_none_or(|last| place.0 - last >= 34.0) {
                self.page.ring(place, 3.4, colour);
                last = Some(place.0);
            }
        }
    }

    fn lines(&mut self) {
        let curves = &self.chart.curves;
        let mut lines = Vec::new();
        for (index, (curve, colour)) in self.curves().enumerate() {
            // Where a later arm has the same values, the earlier one shows at both sides of it.
            let twins = curves[index + 1..].iter().filter(|other| coincide(curve, other)).count();
            let width = LINE_WIDTH + 3.0 * twins.min(7) as f64;
            for run in runs(&curve.points, finite(|point| point.value)) {
                lines.push((self.places(&run, self.dodge(index)), width, colour));
            }
        }
        for (places, width, colour) in lines {
            self.page.line(&places, width, colour);
            if self.chart.shape == Shape::Bars {
                places.iter().for_each(|place| self.page.disc(*place, 3.0, colour));
            }
        }
        self.survivors();
    }

    /// Rings where an estimate is one of survivors.
    fn survivors(&mut self) {
        if !legend::shows(self.chart, Sample::Survivors) {
            return;
        }
        let mut rings = Vec::new();
        for (index, (curve, colour)) in self.curves().enumerate() {
            let of_survivors = |point: &Point| point.value.filter(|_| point.is_survival);
            for run in runs(&curve.points, finite(of_survivors)) {
                rings.push((self.places(&run, self.dodge(index)), colour));
            }
        }
        for (places, colour) in rings {
            self.open_markers(&places, colour);
        }
    }

    /// Marks the ends of the extinct.
    fn crosses(&mut self) {
        let extinct = self.chart.curves.iter().filter(|curve| curve.is_extinct());
        for (end, colour) in extinct.map(|curve| (curve.end(), curve.colour)) {
            if let Some((x, value)) = end {
                self.page.cross(self.frame.place(x, value), colour);
            }
        }
    }

    fn theory(&mut self) {
        let mut lines = Vec::new();
        for (curve, colour) in self.curves() {
            for line in &curve.theory {
                let line = line.iter().filter(|(_, value)| value.is_finite());
                let places: Vec<Place> =
                    line.map(|(x, value)| self.frame.place(*x, *value)).collect();
                lines.push((places, darker(colour, 0.4)));
            }
        }
        for level in &self.chart.levels {
            let places = level.iter().map(|(x, value)| self.frame.place(*x, *value));
            lines.push((places.collect(), INK));
        }
        for (places, colour) in lines {
            self.page.dots(&places, 1.25, colour);
        }
    }

    /// Arrow heads at the rim, a row of them for each arm that has any.
    fn infinities(&mut self) {
        let shows_mean = legend::shows(self.chart, Sample::Mean);
        let mut rows = Vec::new();
        for (curve, colour) in self.curves() {
            let infinite = curve.points.iter().filter_map(|point| {
                let median = point.value.filter(|value| value.is_infinite());
                let mean = point.mean.filter(|value| shows_mean && value.is_infinite());
                let tone = if median.is_some() { colour } else { lighter(colour, 0.5) };
                median.or(mean).map(|value| (self.frame.place(point.x, value), value, tone))
            });
            rows.push(infinite.collect::<Vec<_>>());
        }
        rows.retain(|row| !row.is_empty());
        for (depth, row) in rows.into_iter().enumerate() {
            let inwards = 11.0 * depth as f64;
            let mut last: Option<(f64, RGBColor)> = None;
            for ((x, y), value, tone) in row {
                let is_near = last.is_some_and(|(at, of)| of == tone && (x - at).abs() < 14.0);
                if !is_near {
                    self.page.arrow((x, y + inwards * value.signum()), value > 0.0, tone);
                    last = Some((x, tone));
                }
            }
        }
    }

    fn places(&self, run: &[(f64, f64)], dodge: f64) -> Vec<Place> {
        let places = run.iter().map(|(x, value)| self.frame.place(*x, *value));
        places.map(|(x, y)| (x + dodge, y)).collect()
    }
}

/// Consecutive points that have a value.
fn runs<T>(points: &[Point], value: impl Fn(&Point) -> Option<T>) -> Vec<Vec<(f64, T)>> {
    let mut runs = Vec::new();
    let mut run = Vec::new();
    for point in points {
        match value(point) {
            Some(value) => run.push((point.x, value)),
            None => runs.push(std::mem::take(&mut run)),
        }
    }
    runs.push(run);
    runs.retain(|run| !run.is_empty());
    runs
}

fn finite(statistic: impl Fn(&Point) -> Option<f64>) -> impl Fn(&Point) -> Option<f64> {
    move |point| statistic(point).filter(|value| value.is_finite())
}

fn coincide(one: &Curve, other: &Curve) -> bool {
    let values = |curve: &Curve| -> Vec<_> {
        curve.points.iter().map(|point| (point.x, point.value)).collect()
    };
    one.points.len() == other.points.len() && values(one) == values(other)
}
