//! Small images in a square, in sixteen tones: runs of one tone are one rectangle.

use plotters::style::RGBColor;

use crate::figure::frame::Area;
use crate::figure::kept::Kept;
use crate::figure::mark::Page;
use crate::figure::palette::{AXIS, INK, mix};
use crate::figure::scale::extent;

/// More pixels than this make a drawing too large to be opened.
const MOST_PIXELS: usize = 40_000;
const TONES: f64 = 15.0;

/// How many images stand side by side in each of some panels.
pub(super) fn side(shape: (usize, usize), panels: usize, asked: Option<usize>) -> usize {
    let pixels = shape.0.saturating_mul(shape.1).saturating_mul(panels).max(1);
    let fits = ((MOST_PIXELS / pixels) as f64).sqrt().floor().clamp(1.0, 5.0) as usize;
    asked.map_or(fits, |asked| (asked as f64).sqrt().ceil().min(fits as f64) as usize)
}

/// The values of white and black.
pub(super) struct Contrast {
    low: f64,
    high: f64,
}

impl Contrast {
    /// From the least to the largest of the founders, or of all where there are none.
    pub fn of<'a>(all: impl Iterator<Item = &'a Kept>) -> Self {
        let all: Vec<&Kept> = all.collect();
        let is_founder = |kept: &&&Kept| kept.generation == 0;
        let founders = all.iter().any(|kept| kept.generation == 0);
        let shown = all.iter().filter(|kept| !founders || is_founder(kept));
        let values = shown.flat_map(|kept| kept.points(usize::MAX)).flatten();
        let (low, high) = extent(values).unwrap_or((0.0, 1.0));
        Self { low, high }
    }

    fn tone(&self, value: f64) -> u8 {
        let share = (value - self.low) / (self.high - self.low);
        (share.clamp(0.0, 1.0) * TONES).round() as u8
    }
}

/// Images of one generation, row by row.
pub(super) fn draw(
    page: &mut Page,
    area: Area,
    ((height, width), side): ((usize, usize), usize),
    kept: &Kept,
    contrast: &Contrast,
) {
    const GAP: f64 = 3.0;
    let step = (area.width() + GAP) / side as f64;
    let pixel = (step - GAP) / width as f64;
    for (index, values) in kept.points(side * side).enumerate() {
        let left = area.left + (index % side) as f64 * step;
        let top = area.top + (index / side) as f64 * (pixel * height as f64 + GAP);
        for (row, values) in values.chunks(width).enumerate() {
            let tones: Vec<u8> = values.iter().map(|value| contrast.tone(*value)).collect();
            let mut start = 0;
            for run in tones.chunk_by(|one, other| one == other) {
                let tile = Area {
                    left: left + start as f64 * pixel,
                    right: left + (start + run.len()) as f64 * pixel,
                    top: top + row as f64 * pixel,
                    bottom: top + (row + 1) as f64 * pixel,
                };
                if run[0] > 0 {
                    let white = RGBColor(255, 255, 255);
                    page.area(tile.corners(), mix(white, INK, f64::from(run[0]) / TONES), 1.0);
                }
                start += run.len();
            }
        }
        let whole = Area {
            left,
            right: left + pixel * width as f64,
            top,
            bottom: top + pixel * height as f64,
        };
        let mut rim = whole.corners();
        rim.push(rim[0]);
        page.line(&rim, 0.5, AXIS);
    }
}
