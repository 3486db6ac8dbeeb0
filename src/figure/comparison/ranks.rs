//! Ranks: where each arm stands among all arms, a row per metric.

use super::super::font;
use super::super::frame::{AXIS_ROOM, Area, Frame, MARGIN, TEXT_EM, heading, name_across};
use super::super::key::{Key, Sample};
use super::super::mark::{Page, Side};
use super::super::palette::{GRID, INK, WORLD, colour};
use super::super::render::WIDTH;
use super::super::scale::Axis;
use super::{Subject, arms, groups, name, when};
use crate::archive::table::Rank;

const WIDEST_NAME: f64 = 260.0;
/// From one arm of a row to the next, so that marks at one place do not hide each other.
const STEP: f64 = 9.0;
const BETWEEN: f64 = 16.0;
const MOST_ROWS: usize = 24;

/// The page; none without ranks.
pub(super) fn page(subject: &Subject<'_>) -> Option<Page> {
    let first = subject.ranks.first()?;
    let (mut rows, has_many) = groups(subject.ranks);
    let all = rows.len();
    rows.truncate(MOST_ROWS);
    let arms = arms(&rows);
    let key = key(subject, &arms);
    let height: f64 = rows.iter().map(|row| row.len() as f64 * STEP + BETWEEN).sum();
    let mut page = Page::default();
    let when = when(first.generation, has_many);
    let mut caption = format!(
        "mean rank of the loss over trials{when}, {} % interval; 1 is the least loss",
        subject.percent
    );
    if all > rows.len() {
        caption += &format!(", {} of {all} rows", rows.len());
    }
    let top = heading(&mut page, subject.title, &caption) + 8.0;
    let names: Vec<String> = rows.iter().map(|row| name(row, has_many)).collect();
    let widths = names.iter().map(|name| font::width(name, TEXT_EM, false));
    let room = widths.fold(40.0, f64::max).min(WIDEST_NAME) + 12.0;
    let most = rows.iter().map(Vec::len).max().unwrap_or(1);
    let area = Area { left: MARGIN + room, right: WIDTH - MARGIN - 8.0, top, bottom: top + height };
    let frame = Frame::new(area, Axis::of_columns(1, most as u32), Axis::of_shares());
    for tick in &frame.x.ticks {
        let x = frame.across(tick.value);
        page.line(&[(x, area.top), (x, area.bottom)], 0.8, GRID);
    }
    let mut y = top;
    for (row, name) in rows.iter().zip(&names) {
        let bottom = y + row.len() as f64 * STEP + BETWEEN;
        draw(&mut page, &frame, Area { top: y, bottom, ..area }, (row, name), &arms);
        y = bottom;
    }
    frame.draw_across(&mut page, true);
    name_across(&mut page, area, "mean rank");
    page.height = top + height + AXIS_ROOM + key.height() + 16.0;
    key.draw(&mut page, MARGIN);
    Some(page)
}

/// One row: its name, its arms one below the other, and the line that stays under it.
fn draw(page: &mut Page, frame: &Frame, own: Area, (row, name): (&[&Rank], &str), arms: &[&str]) {
    let name = font::fit(name, TEXT_EM, false, WIDEST_NAME);
    let place = (own.left - 10.0, f64::midpoint(own.top, own.bottom) + 0.36 * TEXT_EM);
    page.text(place, &name, (TEXT_EM, false, INK), Side::Right);
    page.line(&[(own.left, own.bottom), (own.right, own.bottom)], 0.8, GRID);
    let chance = frame.across((row.len() as f64 + 1.0) / 2.0);
    page.line(&[(chance, own.top), (chance, own.bottom)], 1.1, WORLD);
    for (place, rank) in row.iter().enumerate() {
        let y = own.top + BETWEEN / 2.0 + (place as f64 + 0.5) * STEP;
        let index = arms.iter().position(|arm| *arm == rank.arm).unwrap_or(0);
        let tint = colour(index, arms.len());
        if let (Some(low), Some(high)) = (rank.low, rank.high) {
            page.line(&[(frame.across(low), y), (frame.across(high), y)], 1.8, tint);
        }
        page.disc((frame.across(rank.rank), y), 4.0, tint);
    }
}

fn key(subject: &Subject<'_>, arms: &[&str]) -> Key {
    let entry = |(index, arm): (usize, &&str)| {
        let is_baseline = *arm == subject.baseline;
        let text = if is_baseline { format!("{arm} (baseline)") } else { (*arm).to_owned() };
        (Sample::Fill(colour(index, arms.len())), text)
    };
    let mut entries: Vec<(Sample, String)> = arms.iter().enumerate().map(entry).collect();
    entries.push((Sample::Worlds, "what chance gives".into()));
    Key::new(entries)
}
