//! The key below a picture: rows of samples and what they mean.

use plotters::style::RGBColor;

use super::font;
use super::mark::{Page, Side};
use super::palette::{FAINT_INK, INK, WORLD, lighter, ramp};
use super::render::WIDTH;

const EM: f64 = 11.0;
const ROW: f64 = 18.0;
const SWATCH: f64 = 26.0;
const BETWEEN: f64 = 22.0;
const RAMP: f64 = 110.0;
/// From the lowest row to the end of the page.
const BELOW: f64 = 20.0;

/// Something that a picture may contain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sample {
    Median,
    Band,
    Bar,
    Mean,
    SurvivorsMean,
    Theory,
    Worlds,
    InfiniteMedian,
    InfiniteMean,
    Extinct,
    /// A marker of those who are left.
    Survivors,
    Fill(RGBColor),
    /// From the dark to the light end of the ramp.
    Ramp,
    /// A remark, which has no sign.
    Nothing,
}

impl Sample {
    fn width(self) -> f64 {
        match self {
            Self::Ramp => RAMP,
            Self::Fill(_) => 14.0,
            Self::Nothing => -6.0,
            _ => SWATCH,
        }
    }
}

/// The entries of a key in rows that fit the page.
pub(super) struct Key {
    rows: Vec<Vec<(Sample, String)>>,
}

impl Key {
    pub fn new(entries: Vec<(Sample, String)>) -> Self {
        let mut rows: Vec<Vec<(Sample, String)>> = vec![Vec::new()];
        let mut used = 0.0;
        for (sample, text) in entries {
            let text = font::fit(&text, EM, false, WIDTH - 180.0);
            let width = sample.width() + 6.0 + font::width(&text, EM, false) + BETWEEN;
            if used + width > WIDTH - 100.0 && used > 0.0 {
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
            let baseline = page.height - BELOW - row as f64 * ROW;
            let mut x = left;
            for (sample, text) in entries {
                swatch(page, *sample, x, baseline - 0.36 * EM);
                x += sample.width() + 6.0;
                page.text((x, baseline), text, (EM, false, FAINT_INK), Side::Left);
                x += font::width(text, EM, false) + BETWEEN;
            }
        }
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
        Sample::Bar => {
            page.line(&[(middle, y - 6.0), (middle, y + 6.0)], 1.3, INK);
            for y in [y - 6.0, y + 6.0] {
                page.line(&[(middle - 3.5, y), (middle + 3.5, y)], 1.3, INK);
            }
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
        Sample::Survivors => {
            page.line(&line, 2.2, INK);
            page.ring((middle, y), 3.4, INK);
        }
        Sample::Fill(colour) => {
            let (right, top, bottom) = (x + 14.0, y - 5.0, y + 5.0);
            page.area(vec![(x, top), (right, top), (right, bottom), (x, bottom)], colour, 1.0);
        }
        Sample::Ramp => {
            for step in 0..55 {
                let (left, right) = (x + 2.0 * f64::from(step), x + 2.0 * f64::from(step + 1));
                let corners =
                    vec![(left, y - 5.0), (right, y - 5.0), (right, y + 5.0), (left, y + 5.0)];
                page.area(corners, ramp(f64::from(step) / 54.0), 1.0);
            }
        }
        Sample::Nothing => {}
    }
}
