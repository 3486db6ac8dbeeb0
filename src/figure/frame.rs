//! Heading, axes and grid, and where in a rectangle of the page a value lies.

use super::font;
use super::mark::{Page, Place, Side};
use super::palette::{AXIS, FAINT_INK, GRID, INK};
use super::render::WIDTH;
use super::scale::Axis;

pub(super) const MARGIN: f64 = 24.0;
pub(super) const TEXT_EM: f64 = 11.5;
const TITLE_EM: f64 = 15.0;
const TITLE_LINE: f64 = 21.0;
/// Below an axis: its ticks and its name.
pub(super) const AXIS_ROOM: f64 = 44.0;

/// A rectangle of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Area {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub fn corners(&self) -> Vec<Place> {
        let Self { left, right, top, bottom } = *self;
        vec![(left, top), (right, top), (right, bottom), (left, bottom)]
    }
}

/// The rectangle that values lie in, and its axes.
pub(super) struct Frame {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub x: Axis,
    pub y: Axis,
}

impl Frame {
    pub fn new(area: Area, x: Axis, y: Axis) -> Self {
        let Area { left, right, top, bottom } = area;
        Self { left, right, top, bottom, x, y }
    }

    pub fn place(&self, x: f64, y: f64) -> Place {
        (self.across(x), self.height(y))
    }

    pub fn across(&self, value: f64) -> f64 {
        self.left + self.x.place(value) * (self.right - self.left)
    }

    pub fn height(&self, value: f64) -> f64 {
        self.bottom - self.y.place(value) * (self.bottom - self.top)
    }

    /// The grid, the axes, and their texts where `texts` (across, up) says so.
    pub fn draw(&self, page: &mut Page, texts: (bool, bool)) {
        let style = (TEXT_EM, false, FAINT_INK);
        for tick in &self.y.ticks {
            let y = self.height(tick.value);
            page.line(&[(self.left, y), (self.right, y)], 0.8, GRID);
            if texts.1 {
                let place = (self.left - 8.0, y + 0.36 * TEXT_EM);
                page.text(place, &tick.text, style, Side::Right);
            }
        }
        self.draw_across(page, texts.0);
    }

    /// The axis across, whose ticks lose their text where it would touch the one before.
    pub fn draw_across(&self, page: &mut Page, has_texts: bool) {
        page.line(&[(self.left, self.bottom), (self.right, self.bottom)], 1.0, AXIS);
        let mut end = f64::NEG_INFINITY;
        for tick in &self.x.ticks {
            let x = self.across(tick.value);
            page.line(&[(x, self.bottom), (x, self.bottom + 4.0)], 1.0, AXIS);
            let half = font::width(&tick.text, TEXT_EM, false) / 2.0;
            if has_texts && x - half > end + 3.0 {
                let style = (TEXT_EM, false, FAINT_INK);
                page.text((x, self.bottom + 17.0), &tick.text, style, Side::Centre);
                end = x + half;
            }
        }
    }
}

/// The room that the texts of an axis need at its left.
pub(super) fn tick_room(axis: &Axis) -> f64 {
    let widths = axis.ticks.iter().map(|tick| font::width(&tick.text, TEXT_EM, false));
    widths.fold(12.0, f64::max) + 9.0
}

/// The gap between panels side by side, in which the last tick of one and the first of the next have room.
pub(super) fn gap_across(x: &Axis) -> f64 {
    let ends = [x.ticks.last(), x.ticks.first()].into_iter().flatten();
    let halves: f64 = ends.map(|tick| font::width(&tick.text, TEXT_EM, false) / 2.0).sum();
    (halves + 9.0).max(18.0)
}

/// The name of the axis below an area.
pub(super) fn name_across(page: &mut Page, area: Area, name: &str) {
    let place = (area.left.midpoint(area.right), area.bottom + 34.0);
    page.text(place, name, (12.0, false, INK), Side::Centre);
}

/// The name of what an area shows, over it.
pub(super) fn name_panel(page: &mut Page, area: Area, name: &str) {
    name_panel_in_lines(page, area, &[font::fit(name, TEXT_EM, true, area.width())]);
}

/// The same where there is room for several lines.
pub(super) fn name_panel_in_lines(page: &mut Page, area: Area, lines: &[String]) {
    for (above, line) in lines.iter().rev().enumerate() {
        let baseline = area.top - 7.0 - NAME_LINE * above as f64;
        page.text((area.left, baseline), line, (TEXT_EM, true, INK), Side::Left);
    }
}

/// From one line of a panel's name to the next.
pub(super) const NAME_LINE: f64 = 14.0;

/// Writes title and caption over the picture and says where there is room below them.
pub(super) fn heading(page: &mut Page, title: &str, caption: &str) -> f64 {
    let lines = font::wrap(title, TITLE_EM, true, WIDTH - 2.0 * MARGIN, 3);
    for (line, text) in lines.iter().enumerate() {
        let baseline = MARGIN + 10.0 + line as f64 * TITLE_LINE;
        page.text((MARGIN, baseline), text, (TITLE_EM, true, INK), Side::Left);
    }
    let below_title = MARGIN - 8.0 + lines.len() as f64 * TITLE_LINE;
    let caption = font::fit(caption, 12.5, false, WIDTH - 2.0 * MARGIN);
    page.text((MARGIN, below_title + 22.0), &caption, (12.5, false, INK), Side::Left);
    below_title + 40.0
}
