//! One picture: bands at the bottom, then the world, means, medians and theory, and what is infinite.

use plotters::style::RGBColor;

use super::curves::{Curve, Picture, Point};
use super::frame::Frame;
use super::key::{Key, Sample};
use super::mark::{Page, Place};
use super::palette::{WORLD, colour, darker, lighter};
use super::{ends, key};

const MEDIAN_WIDTH: f64 = 2.2;

/// Composes the page of one metric.
pub(super) fn page(picture: &Picture, question: &str) -> Page {
    let mut page = Page::default();
    let key = Key::of(picture);
    let room = (ends::room(picture), key.height());
    let frame = Frame::new(&mut page, picture, question, room);
    let mut artist = Artist { page, frame: &frame, picture };
    artist.bands();
    artist.worlds();
    artist.means();
    artist.medians();
    artist.theory();
    artist.infinities();
    let mut page = artist.page;
    ends::label(&mut page, &frame, picture);
    key.draw(&mut page, frame.left);
    page
}

struct Artist<'a> {
    page: Page,
    frame: &'a Frame,
    picture: &'a Picture,
}

impl Artist<'_> {
    fn curves(&self) -> impl Iterator<Item = (&Curve, RGBColor)> {
        let curves = &self.picture.curves;
        curves.iter().enumerate().map(|(index, curve)| (curve, colour(index, curves.len())))
    }

    fn bands(&mut self) {
        if !key::shows(self.picture, Sample::Band) {
            return;
        }
        let mut bands = Vec::new();
        for (index, (curve, colour)) in self.curves().enumerate() {
            for run in runs(&curve.points, |point| point.low.zip(point.high)) {
                bands.push((self.band(&run, self.dodge(index)), colour));
            }
        }
        for (band, colour) in bands {
            self.page.area(band, colour, 0.16);
        }
    }

    /// The outline of a band; one generation alone is a bar.
    fn band(&self, run: &[(u32, (f64, f64))], dodge: f64) -> Vec<Place> {
        let at = |generation: u32, value: f64, aside: f64| {
            let (x, y) = self.frame.place(generation, value);
            (x + dodge + aside, y)
        };
        if let [(generation, (low, high))] = *run {
            let corners = [(low, -3.0), (high, -3.0), (high, 3.0), (low, 3.0)];
            return corners.map(|(value, aside)| at(generation, value, aside)).to_vec();
        }
        let above = run.iter().map(|(generation, (_, high))| at(*generation, *high, 0.0));
        let below = run.iter().rev().map(|(generation, (low, _))| at(*generation, *low, 0.0));
        above.chain(below).collect()
    }

    /// Where there is but one generation, arms stand side by side.
    fn dodge(&self, index: usize) -> f64 {
        let is_alone = self.picture.curves.iter().all(|curve| curve.points.len() <= 1);
        let rest = self.picture.curves.len() - 1 - index;
        if is_alone { -14.0 * (rest as f64 + 0.5) } else { 0.0 }
    }

    fn worlds(&mut self) {
        let (left, right) = (self.frame.left, self.frame.right);
        let count = self.picture.curves.len();
        let is_one = self.picture.worlds.len() == 1;
        for (curve, world) in &self.picture.worlds {
            let tone = if is_one { WORLD } else { lighter(colour(*curve, count), 0.3) };
            if let (true, true, Some(low), Some(high)) =
                (is_one, world.has_band(), world.low, world.high)
            {
                let (low, high) = (self.frame.height(low), self.frame.height(high));
                let corners = vec![(left, low), (left, high), (right, high), (right, low)];
                self.page.area(corners, WORLD, 0.14);
            }
            if let Some(median) = world.median.filter(|median| median.is_finite()) {
                let y = self.frame.height(median);
                self.page.line(&[(left, y), (right, y)], 1.1, tone);
            }
        }
    }

    fn means(&mut self) {
        if !key::shows(self.picture, Sample::Mean) {
            return;
        }
        let mut lines = Vec::new();
        for (index, (curve, colour)) in self.curves().enumerate() {
            for run in runs(&curve.points, finite(|point| point.mean)) {
                lines.push((run, colour, first_death(curve), self.dodge(index)));
            }
        }
        for (run, colour, death, dodge) in lines {
            if let [(generation, mean)] = run[..] {
                let (x, y) = self.frame.place(generation, mean);
                let dash = [(x + dodge - 6.0, y), (x + dodge + 6.0, y)];
                self.page.line(&dash, 1.5, colour);
            }
            let split =
                run.partition_point(|(generation, _)| death.is_none_or(|at| *generation < at));
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

    fn medians(&mut self) {
        let curves = &self.picture.curves;
        let mut lines = Vec::new();
        for (index, (curve, colour)) in self.curves().enumerate() {
            // Where a later arm has the same values, the earlier one shows at both sides of it.
            let twins = curves[index + 1..].iter().filter(|other| coincide(curve, other)).count();
            let width = MEDIAN_WIDTH + 3.0 * twins as f64;
            for run in runs(&curve.points, finite(|point| point.median)) {
                lines.push((self.places(&run, self.dodge(index)), width, colour));
            }
        }
        for (places, width, colour) in lines {
            self.page.line(&places, width, colour);
        }
    }

    fn theory(&mut self) {
        let mut lines = Vec::new();
        for (curve, colour) in self.curves() {
            for line in &curve.theory {
                let line = line.iter().filter(|(_, value)| value.is_finite());
                let places: Vec<Place> =
                    line.map(|(at, value)| self.frame.place(*at, *value)).collect();
                lines.push((places, darker(colour, 0.4)));
            }
        }
        for (places, colour) in lines {
            self.page.dots(&places, 1.25, colour);
        }
    }

    /// Arrow heads at the rim, a row of them for each arm that has any.
    fn infinities(&mut self) {
        let shows_mean = key::shows(self.picture, Sample::Mean);
        let mut rows = Vec::new();
        for (curve, colour) in self.curves() {
            let infinite = curve.points.iter().filter_map(|point| {
                let median = point.median.filter(|value| value.is_infinite());
                let mean = point.mean.filter(|value| shows_mean && value.is_infinite());
                let tone = if median.is_some() { colour } else { lighter(colour, 0.5) };
                median
                    .or(mean)
                    .map(|value| (self.frame.place(point.generation, value), value, tone))
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

    fn places(&self, run: &[(u32, f64)], dodge: f64) -> Vec<Place> {
        let places = run.iter().map(|(generation, value)| self.frame.place(*generation, *value));
        places.map(|(x, y)| (x + dodge, y)).collect()
    }
}

/// Consecutive generations that have a value.
fn runs<T>(points: &[Point], value: impl Fn(&Point) -> Option<T>) -> Vec<Vec<(u32, T)>> {
    let mut runs = Vec::new();
    let mut run = Vec::new();
    for point in points {
        match value(point) {
            Some(value) => run.push((point.generation, value)),
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

/// The first generation that some trial did not reach.
fn first_death(curve: &Curve) -> Option<u32> {
    curve.points.iter().find(|point| point.is_survival).map(|point| point.generation)
}

fn coincide(one: &Curve, other: &Curve) -> bool {
    let medians = |curve: &Curve| -> Vec<_> {
        curve.points.iter().map(|point| (point.generation, point.median)).collect()
    };
    medians(one) == medians(other)
}
