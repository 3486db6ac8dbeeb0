//! Pictures of a comparison of arms, from the rows of its tables alone: an SVG and a PNG each.

mod forest;
mod frontier;
mod ranks;

use std::fs;
use std::path::{Path, PathBuf};

use super::mark::{Page, Place};
use super::palette::INK;
use super::{FigureError, font, render};
use crate::archive::table::{Contrast, Outlay, Rank};

/// More panels than this would be too small to read, or a page too long.
const MOST_PANELS: usize = 12;

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub title: &'a str,
    pub baseline: &'a str,
    /// The confidence of all intervals, in percent.
    pub percent: f64,
    pub lines: &'a [Contrast],
    pub ranks: &'a [Rank],
    pub frontier: &'a [Outlay],
}

/// Draws what there are rows for into a folder, and says which files it wrote.
pub fn draw(subject: &Subject<'_>, folder: &Path) -> Result<Vec<PathBuf>, FigureError> {
    font::register()?;
    fs::create_dir_all(folder).map_err(|error| FigureError::drawing(folder, error))?;
    let pages = [
        ("forest", forest::page(subject)),
        ("ranks", ranks::page(subject)),
        ("frontier", frontier::page(subject)),
    ];
    let mut written = Vec::new();
    for (name, page) in pages.into_iter().filter_map(|(name, page)| Some((name, page?))) {
        written.extend(render::both(&page, folder, name)?);
    }
    Ok(written)
}

/// A row of a table that stands with others of its metric, generation and swept values.
trait Located {
    fn metric(&self) -> &str;
    fn generation(&self) -> u32;
    fn swept(&self) -> &str;
    fn arm(&self) -> &str;
}

macro_rules! located {
    ($($row:ty),*) => {$(
        impl Located for $row {
            fn metric(&self) -> &str {
                &self.metric
            }
            fn generation(&self) -> u32 {
                self.generation
            }
            fn swept(&self) -> &str {
                &self.swept
            }
            fn arm(&self) -> &str {
                &self.arm
            }
        }
    )*};
}
located!(Rank, Outlay);

/// Rows that stand together, in the order of the table, and whether they are of several generations.
fn groups<R: Located>(rows: &[R]) -> (Vec<Vec<&R>>, bool) {
    let place = |row: &R| (row.generation(), row.swept().to_owned(), row.metric().to_owned());
    let groups = rows.chunk_by(|a, b| place(a) == place(b)).map(|group| group.iter().collect());
    let has_many = rows.windows(2).any(|pair| pair[0].generation() != pair[1].generation());
    (groups.collect(), has_many)
}

/// The arms of some groups, in the order of their first appearance.
fn arms<'a, R: Located>(groups: &[Vec<&'a R>]) -> Vec<&'a str> {
    let mut arms: Vec<&str> = Vec::new();
    for row in groups.iter().flatten() {
        if !arms.contains(&row.arm()) {
            arms.push(row.arm());
        }
    }
    arms
}

/// The metric of a group, and what else it is about.
fn name<R: Located>(group: &[&R], has_many: bool) -> String {
    let Some(first) = group.first() else { return String::new() };
    let more = circumstances(first.generation(), first.swept(), has_many);
    if more.is_empty() { first.metric().to_owned() } else { format!("{}, {more}", first.metric()) }
}

/// The generation, where it is the only one.
fn when(generation: u32, has_many: bool) -> String {
    if has_many { String::new() } else { format!(" at generation {generation}") }
}

/// What a panel or a row is about besides its metric.
fn circumstances(generation: u32, swept: &str, has_many: bool) -> String {
    let mut parts = Vec::new();
    if has_many {
        parts.push(format!("generation {generation}"));
    }
    if !swept.is_empty() {
        parts.push(swept.to_owned());
    }
    parts.join(", ")
}

/// A head that points out of a panel, to the right or to the left.
fn beyond(page: &mut Page, (x, y): Place, to_the_right: bool) {
    let reach = if to_the_right { -8.0 } else { 8.0 };
    page.area(vec![(x + reach, y - 4.5), (x + reach, y + 4.5), (x, y)], INK, 1.0);
}
