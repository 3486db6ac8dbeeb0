//! Ranks: where each arm stands among all arms, a row per metric.

use super::super::font;
use super::super::frame::{AXIS_ROOM, Area, Frame, MARGIN, TEXT_EM, heading, name_across};
use super::super::key::{Key, Sample};
use super::super::mark::{Page, Side};
use super::super::palette::{GRID, INK, WORLD, colour};
use super::super::render::WIDTH;
use super::super::scale::Axis;
use super::{Subject, circumstances};
use crate::archive::table::Rank;

const WIDEST_NAME: f64 = 260.0;
/// From one arm of a row to the next, so that marks at one place do not hide each other.
const STEP: f64 = 9.0;
const BETWEEN: f64 = 16.0;
const MOST_ROWS: usize = 24;

/// The page; none without ranks.
pub(super) fn page(subject: &Subject<'_>) -> Option<Page> {
    let first = subject.ranks.first()?;
    let has_many = subject.ranks.iter().any(|rank| rank.generation != first.generation);
    let mut rows: Vec<Vec<&Rank>> = Vec::new();
    for rank in subject.ranks {
        let is_same = |other: &Rank| {
            (other.generation, &other.swept, &other.metric)
                == (rank.generation, &rank.swept, &rank.metric)
        };
        match rows.last_mut().filter(|row| row.first().is_some_and(|other| is_same(other))) {
            Some(row) => row.push(rank),
            None => rows.push(vec![rank]),
        }
    }
    let all = rows.len();
    rows.truncate(MOST_ROWS);
    let arms = arms(&rows);
    let key = key(subject, &arms);
    let height: f64 = rows.iter().map(|row| row.len() as f64 * STEP + BETWEEN).sum();
    let mut page = Page::default();
    let when =
        if has_many { String::new() } else { format!(" at generation {}", first.generation) };
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
        let own = row.len() as f64 * STEP + BETWEEN;
        let name = font::fit(name, TEXT_EM, false, WIDEST_NAME);
        let place = (area.left - 10.0, y + own / 2.0 + 0.36 * TEXT_EM);
        page.text(place, &name, (TEXT_EM, false, INK), Side::Right);
        page.line(&[(area.left, y + own), (area.right, y + own)], 0.8, GRID);
        let chance = frame.across((row.len() as f64 + 1.0) / 2.0);
        page.line(&[(chance, y), (chance, y + own)], 1.1, WORLD);
        for (place, rank) in row.iter().enumerate() {
            let own_y = y + BETWEEN / 2.0 + (place as f64 + 0.5) * STEP;
            let index = arms.iter().position(|arm| *arm == rank.arm).unwrap_or(0);
            let tint = colour(index, arms.len());
            if let (Some(low), Some(high)) = (rank.low, rank.high) {
                page.line(&[(frame.across(low), own_y), (frame.across(high), own_y)], 1.8, tint);
            }
            page.disc((frame.across(rank.rank), own_y), 4.0, tint);
        }
        y += own;
    }
    frame.draw_across(&mut page, true);
    name_across(&mut page, area, "mean rank");
    page.height = top + height + AXIS_ROOM + key.height() + 16.0;
    key.draw(&mut page, MARGIN);
    Some(page)
}

fn arms<'a>(rows: &[Vec<&'a Rank>]) -> Vec<&'a str> {
    let mut arms: Vec<&str> = Vec::new();
    for rank in rows.iter().flatten() {
        if !arms.contains(&rank.arm.as_str()) {
            arms.push(&rank.arm);
        }
    }
    arms
}

fn name(row: &[&Rank], has_many: bool) -> String {
    let Some(first) = row.first() else { return String::new() };
    let more = circumstances(first.generation, &first.swept, has_many);
    if more.is_empty() { first.metric.clone() } else { format!("{}, {more}", first.metric) }
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
