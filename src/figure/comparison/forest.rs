//! Forest: the median difference of each arm with its interval, a panel per metric on its own scale.

use plotters::style::RGBColor;

use super::super::font;
use super::super::frame::{AXIS_ROOM, Area, Frame, MARGIN, TEXT_EM, heading, name_panel};
use super::super::key::{Key, Sample};
use super::super::mark::{Page, Side};
use super::super::palette::{FAINT_INK, GRID, INK, WORLD, colour};
use super::super::render::WIDTH;
use super::super::scale::Axis;
use super::{MOST_PANELS, Subject, beyond, circumstances, when};
use crate::archive::table::Contrast;

const ROW: f64 = 19.0;
const WIDEST_NAME: f64 = 190.0;
const GAP: f64 = 26.0;

/// A metric, and the lines that are about it.
type Panel<'a> = (&'a str, Vec<&'a Contrast>);

/// The page; none without a difference.
pub(super) fn page(subject: &Subject<'_>) -> Option<Page> {
    let shown = || subject.lines.iter().filter(|line| line.median.is_some());
    let mut panels: Vec<Panel<'_>> = Vec::new();
    for line in shown() {
        match panels.iter_mut().find(|(metric, _)| *metric == line.metric) {
            Some((_, lines)) => lines.push(line),
            None => panels.push((&line.metric, vec![line])),
        }
    }
    let all = panels.len();
    panels.truncate(MOST_PANELS);
    let has_many = shown().any(|line| {
        line.baseline_generation != shown().next().map_or(0, |f| f.baseline_generation)
    });
    let columns = if panels.len() > 1 { 2 } else { 1 };
    let rows: Vec<&[Panel<'_>]> = panels.chunks(columns).collect();
    let height = |row: &[Panel<'_>]| {
        row.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0) as f64 * ROW
    };
    let first = shown().next()?;
    let key = key(subject);
    let mut page = Page::default();
    let generation = when(first.baseline_generation, has_many);
    let mut caption = format!(
        "difference of the loss from {}{generation}: median over trials, {} % interval",
        subject.baseline, subject.percent
    );
    if all > panels.len() {
        caption += &format!(", {} of {all} metrics", panels.len());
    }
    let mut top = heading(&mut page, subject.title, &caption) + 16.0;
    let width = (WIDTH - 2.0 * MARGIN - GAP * (columns - 1) as f64) / columns as f64;
    for row in rows {
        for (column, panel) in row.iter().enumerate() {
            let left = MARGIN + column as f64 * (width + GAP);
            let bottom = top + panel.1.len() as f64 * ROW;
            draw(&mut page, panel, Area { left, right: left + width, top, bottom }, has_many);
        }
        top += height(row) + AXIS_ROOM + 18.0;
    }
    page.height = top + key.height() + 4.0;
    key.draw(&mut page, MARGIN);
    Some(page)
}

fn draw(page: &mut Page, (metric, lines): &Panel<'_>, whole: Area, has_many: bool) {
    let names: Vec<String> = lines.iter().map(|line| name(line, has_many)).collect();
    let widths = names.iter().map(|name| font::width(name, TEXT_EM, false));
    let room = widths.fold(30.0, f64::max).min(WIDEST_NAME) + 10.0;
    let area = Area { left: whole.left + room, right: whole.right - 12.0, ..whole };
    let values = lines.iter().flat_map(|line| [line.median, line.median_low, line.median_high]);
    let finite: Vec<f64> =
        values.flatten().filter(|value| value.is_finite()).chain([0.0]).collect();
    let (low, high) = finite.iter().fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(*v), h.max(*v)));
    let frame =
        Frame::new(area, Axis::of_values(&[low, high], &[], &[], Some(false)), Axis::of_shares());
    name_panel(page, whole, metric);
    for tick in &frame.x.ticks {
        let x = frame.across(tick.value);
        page.line(&[(x, area.top), (x, area.bottom)], 0.8, GRID);
    }
    let zero = frame.across(0.0);
    page.line(&[(zero, area.top - 2.0), (zero, area.bottom)], 1.4, WORLD);
    for (row, (line, name)) in lines.iter().zip(&names).enumerate() {
        let y = area.top + (row as f64 + 0.5) * ROW;
        let name = font::fit(name, TEXT_EM, false, WIDEST_NAME);
        page.text((area.left - 8.0, y + 0.36 * TEXT_EM), &name, (TEXT_EM, false, INK), Side::Right);
        mark(page, &frame, line, y);
    }
    frame.draw_across(page, true);
}

fn mark(page: &mut Page, frame: &Frame, line: &Contrast, y: f64) {
    let colour = tint(&line.verdict);
    if let (Some(low), Some(high)) = (line.median_low, line.median_high) {
        page.line(&[(frame.across(low), y), (frame.across(high), y)], 2.0, colour);
        for end in [low, high].into_iter().filter(|end| end.is_finite()) {
            let x = frame.across(end);
            page.line(&[(x, y - 3.5), (x, y + 3.5)], 1.3, colour);
        }
        for end in [low, high].into_iter().filter(|end| end.is_infinite()) {
            beyond(page, (frame.across(end), y), end > 0.0);
        }
    }
    let Some(median) = line.median else { return };
    match median.is_finite() {
        true => page.disc((frame.across(median), y), 4.2, colour),
        false => {
            let text = if median > 0.0 { "∞" } else { "−∞" };
            beyond(page, (frame.across(median), y), median > 0.0);
            let side = if median > 0.0 { (-14.0, Side::Right) } else { (14.0, Side::Left) };
            let place = (frame.across(median) + side.0, y - 3.0);
            page.text(place, text, (TEXT_EM, false, colour), side.1);
        }
    }
}

fn name(line: &Contrast, has_many: bool) -> String {
    let more = circumstances(line.generation, &line.swept, has_many);
    let own = match line.generation == line.baseline_generation || has_many {
        true => line.arm.clone(),
        false => format!("{} at {}", line.arm, line.generation),
    };
    if more.is_empty() { own } else { format!("{own}, {more}") }
}

const VERDICTS: [(&str, usize); 3] = [("better", 2), ("worse", 1), ("equivalent", 0)];

fn tint(verdict: &str) -> RGBColor {
    let own = VERDICTS.iter().find(|(word, _)| verdict.starts_with(word));
    own.map_or(FAINT_INK, |(_, index)| colour(*index, 7))
}

fn key(subject: &Subject<'_>) -> Key {
    let said = |word: &str| {
        let mut verdicts = subject.lines.iter().map(|line| &line.verdict);
        verdicts.find(|verdict| verdict.starts_with(word)).cloned()
    };
    let words = ["better", "worse", "equivalent", "no difference found"];
    let found = words.into_iter().filter_map(|word| Some((word, said(word)?)));
    let mut entries: Vec<(Sample, String)> =
        found.map(|(word, text)| (Sample::Fill(tint(word)), text)).collect();
    let remark = format!("left of 0: less loss than {}", subject.baseline);
    entries.push((Sample::Nothing, remark));
    Key::new(entries)
}
