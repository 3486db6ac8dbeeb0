//! What the generations of a language wrote, a line of each, on the screen.

use super::screen;
use crate::archive::ArchiveError;
use crate::archive::csv::read_records;
use crate::report::{Excerpt, excerpts};
use std::path::Path;

/// More cells than this are left to the files.
const MOST_CELLS: usize = 4;

/// Characters of a line.
const WIDTH: usize = 96;

/// Prints the beginning of what each kept generation of trial 0 wrote, if it wrote text.
pub fn show_texts(target: &Path) -> Result<(), ArchiveError> {
    let excerpts = excerpts(target, 1)?;
    let mut cells: Vec<&[Excerpt]> = excerpts.chunk_by(|a, b| a.cell == b.cell).collect();
    if cells.is_empty() {
        return Ok(());
    }
    screen::say("\nwhat they write: the first sequence of each kept generation of trial 0");
    let more = cells.len().saturating_sub(MOST_CELLS);
    cells.truncate(MOST_CELLS);
    let (header, names) = read_records(target, "cells")?;
    for excerpts in cells {
        screen::say(&name(&header, &names, &excerpts[0]));
        for excerpt in excerpts {
            let text = excerpt.texts.first().map(|text| line(text)).unwrap_or_default();
            screen::say(&format!("{:>6}  {text}", excerpt.generation));
        }
    }
    let rest = if more > 0 { format!("{more} cells more, and more") } else { "more".into() };
    screen::say(&format!("{rest} of each in samples/\n"));
    Ok(())
}

/// "replace, temperature = 0.3".
fn name(header: &[String], cells: &[Vec<String>], excerpt: &Excerpt) -> String {
    let row = cells.iter().find(|row| row[0] == excerpt.cell && row[1] == excerpt.arm);
    let swept = header.iter().zip(row.into_iter().flatten()).skip(2);
    let last = |path: &str| path.rsplit('.').next().unwrap_or(path).to_owned();
    let swept = swept.filter(|(_, value)| !value.is_empty());
    let swept = swept.map(|(path, value)| format!(", {} = {value}", last(path)));
    std::iter::once(excerpt.arm.clone()).chain(swept).collect()
}

/// One line of text: what would break it is shown as a mark, and what is too long is cut.
fn line(text: &str) -> String {
    let shown = text.chars().map(|c| match c {
        '\n' => '⏎',
        c if c.is_control() => '·',
        c => c,
    });
    let mut shown: Vec<char> = shown.collect();
    if shown.len() > WIDTH {
        shown.truncate(WIDTH - 1);
        shown.push('…');
    }
    shown.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_whatever_is_in_it() {
        assert_eq!(line("to be\nor \u{1b}[31mnot"), "to be⏎or ·[31mnot");
        let long = line(&"é".repeat(500));
        assert_eq!((long.chars().count(), long.ends_with('…')), (WIDTH, true));
    }
}
