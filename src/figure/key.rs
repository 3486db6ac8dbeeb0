//! The key below a picture: what solid, dashed and dotted mean, and nothing that is not drawn.

use super::curves::{Curve, Picture, Point};
use super::font;
use super::mark::{Page, Side};
use super::palette::{FAINT_INK, INK, WORLD, lighter};
use super::render::{HEIGHT, WIDTH};

const EM: f64 = 11.0;
const ROW: f64 = 18.0;
const SWATCH: f64 = 26.0;
const BETWEEN: f64 = 22.0;
const LOWEST: f64 = HEIGHT - 20.0;

/// Something that a picture may contain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sample {
    Median,
    Band,
    Mean,
    SurvivorsMean,
    Theory,
    Worlds,
    InfiniteMedian,
    InfiniteMean,
    Extinct,
    /// Ends of trials, which have no sign of their own but change what others mean.
    Deaths,
}

/// Whether a picture contains it.
pub(super) fn shows(picture: &Picture, sample: Sample) -> bool {
    let points = |test: &dyn Fn(&Point) -> bool| {
        picture.curves.iter().any(|curve| curve.points.iter().any(test))
    };
    let curves = |test: &dyn Fn(&Curve) -> bool| picture.curves.iter().any(test);
    let has_trials = curves(&|curve| curve.trials > 1);
    let has_means = picture.shows_details() && has_trials && points(&Point::has_mean_of_its_own);
    let infinite = |value: Option<f64>| value.is_some_and(f64::is_infinite);
    match sample {
        Sample::Median => points(&|point| point.median.is_some()),
        Sample::Band => picture.shows_details() && points(&Point::has_band),
        Sample::Mean => has_means,
        Sample::SurvivorsMean => {
            has_means && points(&|point| point.is_survival && point.mean.is_some())
        }
        Sample::Theory => curves(&|curve| !curve.theory.is_empty()),
        Sample::Worlds => picture.worlds.len() > 1,
        Sample::InfiniteMedian => points(&|point| infinite(point.median)),
        Sample::InfiniteMean => has_means && points(&|point| infinite(point.mean)),
        Sample::Deaths => points(&|point| point.is_survival),
        Sample::Extinct => curves(&|curve| curve.trials > 0 && curve.survivors == 0),
    }
}

/// The entries of a key in rows that fit the page.
pub(super) struct Key {
    rows: Vec<Vec<(Sample, String)>>,
}

impl Key {
    pub fn of(picture: &Picture) -> Self {
        let all = [
            Sample::Median,
            Sample::Band,
            Sample::Mean,
            Sample::SurvivorsMean,
            Sample::Theory,
            Sample::Worlds,
            Sample::InfiniteMedian,
            Sample::InfiniteMean,
            Sample::Extinct,
        ];
        let mut rows: Vec<Vec<(Sample, String)>> = vec![Vec::new()];
        let mut used = 0.0;
        for sample in all.into_iter().filter(|sample| shows(picture, *sample)) {
            let text = text(picture, sample);
            let width = SWATCH + 6.0 + font::width(&text, EM, false) + BETWEEN;
            if used + width > WIDTH - 100.0 {
                rows.push(Vec::new());
                used = 0.0;
            }
            used += width;
            rows.last_mut().into_iter().for_each(|row| row.push((sample, text.clone())));
        }
        Self { rows }
    }

    pub fn height(&self) -> f64 {
        self.rows.len() as f64 * ROW + 8.0
    }

    pub fn draw(&self, page: &mut Page, left: f64) {
        for (row, entries) in self.rows.iter().rev().enumerate() {
            let baseline = LOWEST - row as f64 * ROW;
            let mut x = left;
            for (sample, text) in entries {
                swatch(page, *sample, x, baseline - 0.36 * EM);
                x += SWATCH + 6.0;
                page.text((x, baseline), text, (EM, false, FAINT_INK), Side::Left);
                x += font::width(text, EM, false) + BETWEEN;
            }
        }
    }
}

fn text(picture: &Picture, sample: Sample) -> String {
    let trials = picture.curves.iter().map(|curve| curve.trials).max().unwrap_or(0);
    match sample {
        Sample::Median if trials == 1 => "the one trial".into(),
        Sample::Median if shows(picture, Sample::Deaths) => {
            format!("median of the survivors of {trials} trials")
        }
        Sample::Median => format!("median of {trials} trials"),
        Sample::Band => "5–95 % of trials".into(),
        Sample::Mean => "mean".into(),
        Sample::SurvivorsMean => "mean over survivors only".into(),
        Sample::Theory => "theory".into(),
        Sample::Worlds => "world of each arm".into(),
        Sample::InfiniteMedian => "median infinite".into(),
        Sample::InfiniteMean => "mean infinite".into(),
        Sample::Deaths => String::new(),
        Sample::Extinct => "no trial left".into(),
    }
}

fn swatch(page: &mut Page, sample: Sample, x: f64, y: f64) {
    let line = [(x, y), (x + SWATCH, y)];
    let middle = x + SWATCH / 2.0;
    match sample {
        Sample::Median => page.line(&line, 2.2, INK),
        Sample::Band => {
            let (right, top, bottom) = (x + SWATCH, y - 5.0, y + 5.0);
            page.area(vec![(x, top), (right, top), (right, bottom), (x, bottom)], INK, 0.16);
        }
        Sample::Mean => page.dashes(&line, 1.5, INK),
        Sample::SurvivorsMean => {
            page.dashes(&line, 1.5, lighter(INK, 0.45));
            page.ring((middle, y), 3.4, lighter(INK, 0.25));
        }
        Sample::Theory => page.dots(&line, 1.25, INK),
        Sample::Worlds => page.line(&line, 1.1, WORLD),
        Sample::InfiniteMedian => page.arrow((middle, y - 4.0), true, INK),
        Sample::InfiniteMean => page.arrow((middle, y - 4.0), true, lighter(INK, 0.5)),
        Sample::Extinct => page.cross((middle, y), INK),
        Sample::Deaths => {}
    }
}
