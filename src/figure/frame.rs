//! The empty picture: title, axes and grid, and where in them a value lies.

use super::curves::Picture;
use super::font;
use super::mark::{Page, Place, Side};
use super::palette::{AXIS, FAINT_INK, GRID, INK};
use super::render::{HEIGHT, WIDTH};
use super::scale::Axis;

const MARGIN: f64 = 24.0;
const TITLE_EM: f64 = 15.0;
const TITLE_LINE: f64 = 21.0;
const TEXT_EM: f64 = 11.5;

/// The rectangle of a picture that values lie in, and its axes.
pub(super) struct Frame {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub x: Axis,
    pub y: Axis,
}

impl Frame {
    /// A frame that leaves `label_room` at its right and `footer` below for the key.
    pub fn new(page: &mut Page, picture: &Picture, question: &str, room: (f64, f64)) -> Self {
        let (label_room, footer) = room;
        let (lines, bands, worlds) = values(picture);
        let (x, y) = (
            Axis::of_generations(picture.last_generation),
            Axis::of_values(&lines, &bands, &worlds),
        );
        let below_title = title(page, question);
        let widths = y.ticks.iter().map(|tick| font::width(&tick.text, TEXT_EM, false));
        let frame = Self {
            left: MARGIN + widths.fold(12.0, f64::max) + 9.0,
            right: WIDTH - MARGIN - label_room,
            top: below_title + 40.0,
            bottom: HEIGHT - footer - 52.0,
            x,
            y,
        };
        page.text((MARGIN, below_title + 22.0), &picture.metric, (12.5, false, INK), Side::Left);
        frame.grid(page);
        frame
    }

    pub fn place(&self, generation: u32, value: f64) -> Place {
        (self.across(f64::from(generation)), self.height(value))
    }

    pub fn across(&self, generation: f64) -> f64 {
        self.left + self.x.place(generation) * (self.right - self.left)
    }

    pub fn height(&self, value: f64) -> f64 {
        self.bottom - self.y.place(value) * (self.bottom - self.top)
    }

    fn grid(&self, page: &mut Page) {
        for tick in &self.y.ticks {
            let y = self.height(tick.value);
            page.line(&[(self.left, y), (self.right, y)], 0.8, GRID);
            let style = (TEXT_EM, false, FAINT_INK);
            page.text((self.left - 8.0, y + 0.36 * TEXT_EM), &tick.text, style, Side::Right);
        }
        page.line(&[(self.left, self.bottom), (self.right, self.bottom)], 1.0, AXIS);
        for tick in &self.x.ticks {
            let x = self.across(tick.value);
            page.line(&[(x, self.bottom), (x, self.bottom + 4.0)], 1.0, AXIS);
            let style = (TEXT_EM, false, FAINT_INK);
            page.text((x, self.bottom + 17.0), &tick.text, style, Side::Centre);
        }
        let middle = self.left.midpoint(self.right);
        page.text((middle, self.bottom + 34.0), "generation", (12.0, false, INK), Side::Centre);
    }
}

/// Writes the question over the picture and says where it ends.
fn title(page: &mut Page, question: &str) -> f64 {
    let lines = font::wrap(question, TITLE_EM, true, WIDTH - 2.0 * MARGIN, 3);
    for (line, text) in lines.iter().enumerate() {
        let baseline = MARGIN + 10.0 + line as f64 * TITLE_LINE;
        page.text((MARGIN, baseline), text, (TITLE_EM, true, INK), Side::Left);
    }
    MARGIN - 8.0 + lines.len() as f64 * TITLE_LINE
}

/// What lines pass through, what bands reach, and where the world lies.
fn values(picture: &Picture) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let (mut lines, mut bands, mut worlds) = (Vec::new(), Vec::new(), Vec::new());
    for curve in &picture.curves {
        for point in &curve.points {
            lines.extend(point.median);
            if picture.shows_details() {
                lines.extend(point.mean);
                bands.extend(point.low.into_iter().chain(point.high));
            }
        }
        lines.extend(curve.theory.iter().flatten().map(|(_, value)| *value));
    }
    for (_, world) in &picture.worlds {
        worlds.extend(world.median);
        if picture.worlds.len() == 1 {
            worlds.extend(world.low.into_iter().chain(world.high));
        }
    }
    (lines, bands, worlds)
}
