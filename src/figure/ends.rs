//! Names at the right ends of the curves, instead of a legend over the data.

use plotters::style::RGBColor;

use super::chart::{Chart, Curve};
use super::font;
use super::frame::Frame;
use super::labels::{choose, spread};
use super::mark::{Page, Place, Side};
use super::palette::{FAINT_INK, WORLD, lighter};

const EM: f64 = 12.0;
const GAP: f64 = 16.0;
const LONGEST: f64 = 190.0;
/// From the end of the axis to the text.
const DISTANCE: f64 = 22.0;

/// A name that belongs to the end of a line.
pub(super) struct Label {
    end: Place,
    name: String,
    remark: String,
    colour: RGBColor,
}

impl Label {
    pub fn new(end: Place, name: &str, remark: String, colour: RGBColor) -> Self {
        Self { end, name: font::fit(name, EM, true, LONGEST), remark, colour }
    }

    fn width(&self) -> f64 {
        font::width(&self.name, EM, true) + self.remark_width()
    }

    fn remark_width(&self) -> f64 {
        if self.remark.is_empty() { 0.0 } else { 6.0 + font::width(&self.remark, EM - 1.0, false) }
    }
}

/// The room that the names of a chart need at its right.
pub(super) fn room(chart: &Chart) -> f64 {
    room_of(&labels(chart, None))
}

/// The room that labels need at the right of a frame.
pub(super) fn room_of(labels: &[Label]) -> f64 {
    DISTANCE + labels.iter().map(Label::width).fold(0.0, f64::max)
}

/// Writes the names of a chart.
pub(super) fn label(page: &mut Page, frame: &Frame, chart: &Chart) {
    write(page, frame, &labels(chart, Some(frame)));
}

/// Writes labels, moved apart where they would overlap.
pub(super) fn write(page: &mut Page, frame: &Frame, labels: &[Label]) {
    let room = ((frame.bottom - frame.top) / GAP) as usize;
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|&a, &b| labels[a].end.1.total_cmp(&labels[b].end.1));
    let shown: Vec<&Label> =
        choose(order.len(), room).iter().map(|&rank| &labels[order[rank]]).collect();
    let wanted: Vec<f64> = shown.iter().map(|label| label.end.1).collect();
    let places = spread(&wanted, GAP, frame.top + 4.0, frame.bottom - 4.0);
    for (label, y) in shown.into_iter().zip(places) {
        draw(page, frame, label, y);
    }
}

fn draw(page: &mut Page, frame: &Frame, label: &Label, y: f64) {
    let left = frame.right + DISTANCE;
    let start = label.end.0.max(frame.right);
    if label.end.0 < frame.right - 1.0 {
        // The way from an early end to the margin stays behind what is drawn there.
        let from = label.end.0 + 9.0;
        page.dots(&[(from, label.end.1), (start, label.end.1)], 0.6, lighter(label.colour, 0.35));
    }
    if (y - label.end.1).abs() > 2.0 || label.end.0 < frame.right - 1.0 {
        let elbow = [
            (start + 3.0, label.end.1),
            (start + 7.0, label.end.1),
            (left - 6.0, y),
            (left - 3.0, y),
        ];
        page.line(&elbow, 0.9, lighter(label.colour, 0.35));
    }
    let baseline = y + 0.36 * EM;
    page.text((left, baseline), &label.name, (EM, true, label.colour), Side::Left);
    let after = left + label.width() - label.remark_width() + 6.0;
    page.text((after, baseline), &label.remark, (EM - 1.0, false, FAINT_INK), Side::Left);
}

/// Before there is a frame, labels have a width and no place.
fn labels(chart: &Chart, frame: Option<&Frame>) -> Vec<Label> {
    let place = |x: f64, value| frame.map_or((0.0, 0.0), |frame| frame.place(x, value));
    let named = chart.curves.iter().filter_map(|curve| {
        let (x, value) = curve.end()?;
        Some(Label::new(place(x, value), &curve.name, survival(curve), curve.colour))
    });
    let mut labels: Vec<Label> = named.collect();
    let right = frame.map_or(0.0, |frame| frame.right);
    let mut add = |x: f64, value: f64, name: &str| {
        labels.push(Label::new((x, place(0.0, value).1), name, String::new(), WORLD));
    };
    if let [(_, world)] = &chart.worlds[..]
        && let Some(value) = world.value
    {
        // Zero has no place on a logarithmic axis: its line is the rim, its value the name.
        add(right, value, if value == 0.0 { "world = 0" } else { "world" });
    }
    if let Some(&(x, value)) = chart.world_line.last() {
        add(place(x, value).0, value, "world");
    }
    labels
}

/// The surviving share, once it is not everyone.
fn survival(curve: &Curve) -> String {
    if curve.survivors >= curve.trials {
        return String::new();
    }
    let share = 100.0 * f64::from(curve.survivors) / f64::from(curve.trials);
    match share {
        0.0 => "none alive".into(),
        share if share < 1.0 => "alive < 1 %".into(),
        // Rounding must not say that everyone lives.
        share => format!("alive {} %", share.floor()),
    }
}
