//! A collapse profile as a matrix: a row for each cell, a column for each definition, from the rows of
//! its table alone.

use std::path::{Path, PathBuf};

use plotters::style::RGBColor;

use super::frame::{Area, MARGIN, TEXT_EM, heading};
use super::heatmap::hatch;
use super::key::{Key, Sample};
use super::mark::{Page, Side};
use super::palette::{FAINT_INK, GRID, INK, colour, ink_on, lighter};
use super::render::{self, WIDTH};
use super::{FigureError, font};
use crate::archive::table::Judgement;

const WIDEST_NAME: f64 = 230.0;
const ROW: f64 = 26.0;
const MOST_ROWS: usize = 40;
const GAP: f64 = 2.0;
const COLUMNS: usize = 8;

/// Draws the matrix as `profile.svg` and `profile.png`; eight rows of the table are a row of it.
pub fn draw(title: &str, rows: &[Judgement], folder: &Path) -> Result<Vec<PathBuf>, FigureError> {
    font::register()?;
    render::both(&page(title, rows), folder, "profile").map(Vec::from)
}

fn page(title: &str, rows: &[Judgement]) -> Page {
    let all: Vec<&[Judgement]> = rows.chunks(COLUMNS).collect();
    let shown = &all[..all.len().min(MOST_ROWS)];
    let some = match all.len() > shown.len() {
        true => format!(", {} of {} rows", shown.len(), all.len()),
        false => String::new(),
    };
    let last = rows.iter().map(|row| row.generation).max().unwrap_or(0);
    let caption = format!("eight definitions of model collapse at generation {last}{some}");
    let mut page = Page::default();
    let top = heading(&mut page, title, &caption) + 34.0;
    let names: Vec<String> = shown.iter().map(|cell| name(cell)).collect();
    let widths = names.iter().map(|name| font::width(name, TEXT_EM, false));
    let room = widths.fold(40.0, f64::max).min(WIDEST_NAME) + 12.0;
    let bottom = top + ROW * shown.len() as f64;
    let area = Area { left: MARGIN + room, right: WIDTH - MARGIN, top, bottom };
    if let Some(first) = shown.first() {
        heads(&mut page, area, first);
    }
    for (row, (cell, name)) in shown.iter().zip(&names).enumerate() {
        let top = area.top + row as f64 * ROW;
        let name = font::fit(name, TEXT_EM, false, WIDEST_NAME);
        let place = (area.left - 10.0, top + 0.5 * ROW + 0.36 * TEXT_EM);
        page.text(place, &name, (TEXT_EM, false, INK), Side::Right);
        tiles(&mut page, Area { top, bottom: top + ROW, ..area }, cell);
    }
    let key = key();
    page.height = bottom + 14.0 + key.height() + 8.0;
    key.draw(&mut page, MARGIN);
    page
}

fn name(cell: &[Judgement]) -> String {
    let Some(first) = cell.first() else { return String::new() };
    match first.swept.is_empty() {
        true => first.arm.clone(),
        false => format!("{}, {}", first.arm, first.swept),
    }
}

fn column(area: Area, index: usize) -> Area {
    let width = area.width() / COLUMNS as f64;
    let left = area.left + index as f64 * width;
    Area { left, right: left + width, ..area }
}

fn heads(page: &mut Page, area: Area, cell: &[Judgement]) {
    for (index, row) in cell.iter().enumerate() {
        let tile = column(area, index);
        let centre = tile.left.midpoint(tile.right);
        let number = row.definition.to_string();
        page.text((centre, area.top - 20.0), &number, (TEXT_EM, true, INK), Side::Centre);
        page.text((centre, area.top - 6.0), &row.name, (10.5, false, FAINT_INK), Side::Centre);
    }
}

fn tiles(page: &mut Page, area: Area, cell: &[Judgement]) {
    for (index, row) in cell.iter().enumerate() {
        let Area { left, right, top, bottom } = column(area, index);
        let tile = Area { left, right: right - GAP, top, bottom: bottom - GAP };
        let Some((tint, word)) = look(&row.verdict) else {
            hatch(page, tile);
            continue;
        };
        page.area(tile.corners(), tint, 1.0);
        let place =
            (tile.left.midpoint(tile.right), tile.top.midpoint(tile.bottom) + 0.36 * TEXT_EM);
        page.text(place, word, (TEXT_EM, false, ink_on(tint)), Side::Centre);
    }
}

/// The colour and the word of what was measured.
fn look(verdict: &str) -> Option<(RGBColor, &'static str)> {
    match verdict {
        "yes" => Some((colour(1, 7), "yes")),
        "no" => Some((lighter(colour(0, 7), 0.55), "no")),
        "undecided" => Some((GRID, "?")),
        _ => None,
    }
}

fn key() -> Key {
    let known = ["yes", "no", "undecided"].into_iter();
    let mut entries: Vec<(Sample, String)> =
        known.filter_map(|word| Some((Sample::Fill(look(word)?.0), word.to_owned()))).collect();
    entries.push((Sample::Nothing, "hatched: not measured".into()));
    Key::new(entries)
}

#[cfg(test)]
mod tests {
    use super::super::mark::Mark;
    use super::*;

    fn rows(verdicts: [&str; COLUMNS]) -> Vec<Judgement> {
        let row = |(verdict, number): (&str, u32)| Judgement {
            arm: "replace".into(),
            definition: number,
            verdict: verdict.into(),
            ..Judgement::default()
        };
        verdicts.into_iter().zip(1..).map(row).collect()
    }

    #[test]
    fn every_verdict_has_its_tile_and_what_was_not_measured_is_hatched() {
        let none = "not measured";
        let known = rows(["yes", "no", "undecided", "yes", "no", "yes", "no", none]);
        let count = |page: &Page, word: &str| {
            let is_word = |mark: &&Mark| matches!(mark, Mark::Text { text, .. } if text == word);
            page.marks.iter().filter(is_word).count()
        };
        let drawn = page("Which?", &[known.clone(), known].concat());
        // One more of each is in the key.
        assert_eq!((count(&drawn, "yes"), count(&drawn, "no"), count(&drawn, "?")), (7, 7, 2));
        assert_eq!(count(&drawn, "replace"), 2);
        let all = page("Which?", &rows([none; COLUMNS]));
        assert_eq!(count(&all, "yes"), 1);
        let many: Vec<Judgement> = (0..50).flat_map(|_| rows([none; COLUMNS])).collect();
        assert!(count(&page("Which?", &many), "replace") == MOST_ROWS);
    }
}
