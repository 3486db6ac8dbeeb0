//! Tables to pictures: those that the experiment's `[[figures]]` ask for, or a set that its tables
//! suggest; an SVG and a PNG each, and a CSV of the numbers that no other table has.
//!
//! Everything is read from one results folder, `experiment.toml` included, and the same tables give
//! the same bytes. Of many cells, pictures with a panel per cell show the first, the last and some
//! evenly between, and say so.

mod against;
mod artist;
mod cells;
mod chart;
pub mod comparison;
mod curves;
mod ends;
mod event;
mod font;
mod frame;
mod gallery;
mod heatmap;
mod kept;
mod key;
mod labels;
mod legend;
mod lines;
mod mark;
mod palette;
mod panels;
mod plan;
pub mod profile;
mod reading;
mod recipe;
mod render;
mod results;
mod ridgeline;
mod scale;
mod sheet;
mod survival;
mod tick;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use thiserror::Error;

use crate::archive::ArchiveError;
use crate::archive::csv::write_table;
use crate::archive::picture::{Kind, Picture};
use crate::archive::table::Drawn;
use mark::Page;
use plan::Plan;
use results::Results;

/// Why a picture could not be drawn.
#[derive(Debug, Error)]
pub enum FigureError {
    #[error(transparent)]
    Table(#[from] ArchiveError),
    #[error("cannot write {}: {cause}", path.display())]
    Io { path: PathBuf, cause: String },
    #[error("{} does not say what to draw: {cause}", path.display())]
    Experiment { path: PathBuf, cause: String },
    #[error(
        "the figure `{picture}` needs {lack}, which {} does not have: change or remove its entry \
         under [[figures]], or run the experiment again", dir.display()
    )]
    Lacking { picture: String, lack: String, dir: PathBuf },
    #[error("the drawing library refused: {0}")]
    Backend(String),
    #[error("the font inside this program cannot be read: build it again")]
    Font,
}

impl FigureError {
    fn drawing(path: &Path, cause: impl ToString) -> Self {
        Self::Io { path: path.to_path_buf(), cause: cause.to_string() }
    }
}

/// Draws the results folder `tables` into the folder `figures`, and says which files it wrote.
///
/// Without `[[figures]]` in `experiment.toml`, what the tables cannot give is passed over. A picture
/// that is asked for and cannot be given is an error, after all others are drawn.
pub fn draw(tables: &Path, figures: &Path) -> Result<Vec<PathBuf>, FigureError> {
    font::register()?;
    let results = Results::read(tables)?;
    let plan = Plan::read(tables)?;
    fs::create_dir_all(figures).map_err(|error| FigureError::drawing(figures, error))?;
    let mut taken = BTreeSet::new();
    let (pictures, are_asked_for) = match plan.pictures.is_empty() {
        true => (plan::defaults(&results)?, false),
        false => (plan.pictures, true),
    };
    let named: Vec<(String, Picture)> = pictures
        .into_iter()
        .map(|picture| (file_name(&stem(&picture), &mut taken), picture))
        .collect();
    let drawn: Vec<Result<Vec<PathBuf>, FigureError>> = named
        .par_iter()
        .map(|(name, picture)| match page(&results, picture, &plan.question)? {
            Ok((page, rows)) => {
                let mut paths = Vec::new();
                if !rows.is_empty() {
                    write_table(figures, name, &rows)?;
                    paths.push(figures.join(format!("{name}.csv")));
                }
                paths.extend(render::both(&page, figures, name)?);
                Ok(paths)
            }
            Err(_) if !are_asked_for => Ok(Vec::new()),
            Err(lack) => {
                let (picture, dir) = (name.clone(), tables.to_path_buf());
                Err(FigureError::Lacking { picture, lack, dir })
            }
        })
        .collect();
    let drawn: Result<Vec<_>, _> = drawn.into_iter().collect();
    Ok(drawn?.into_iter().flatten().collect())
}

/// A page and the numbers in it that no other table has.
type Drawing = (Page, Vec<Drawn>);

/// A drawing, or what it would need; an error where a table cannot be read.
fn page(
    results: &Results,
    picture: &Picture,
    question: &str,
) -> Result<Result<Drawing, String>, FigureError> {
    let alone = |page: Result<Page, String>| page.map(|page| (page, Vec::new()));
    let title = picture.title.as_deref().unwrap_or(question);
    let sheet = match &picture.kind {
        Kind::Curves(spec) => match spec.event {
            Some(bound) => event::sheet(results, spec, bound)?,
            None => curves::sheet(results, spec),
        },
        Kind::Against(spec) => against::sheet(results, spec)?,
        Kind::Survival(spec) => survival::sheet(results, spec)?,
        Kind::Heatmap(spec) => return heatmap::page(results, spec, title),
        Kind::Ridgeline(spec) => return Ok(alone(ridgeline::page(results, spec, title)?)),
        Kind::Gallery(spec) => return Ok(alone(gallery::page(results, spec, title)?)),
        Kind::Recipe(spec) => return Ok(alone(recipe::page(results, spec, title)?)),
    };
    Ok(sheet.map(|sheet| (sheet.page(title), sheet.rows())))
}

/// What a picture's file is called where its entry does not say.
fn stem(picture: &Picture) -> String {
    let own = match &picture.kind {
        Kind::Curves(spec) => spec.metric.clone(),
        Kind::Ridgeline(spec) => format!("ridgeline-x{}", spec.coordinate),
        kind => {
            let metric = picture.metrics().first().map(|metric| format!("-{metric}"));
            format!("{}{}", kind.name(), metric.unwrap_or_default())
        }
    };
    picture.name.clone().unwrap_or(own)
}

/// A label as the name of a file, different from those taken: "tail-mass-quantile-0.01" of
/// "tail-mass(quantile=0.01)".
fn file_name(label: &str, taken: &mut BTreeSet<String>) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let parts = label.split(|c| !is_plain(c)).filter(|part| !part.is_empty());
    let plain = parts.collect::<Vec<_>>().join("-");
    let plain = plain.trim_start_matches('.');
    // File systems end somewhere between 143 and 255 bytes.
    let plain = &plain[..plain.len().min(100)];
    let plain = if plain.is_empty() { "figure" } else { plain };
    let mut name = plain.to_owned();
    let mut copy = 1;
    // Some file systems do not tell upper from lower case.
    while !taken.insert(name.to_lowercase()) {
        copy += 1;
        name = format!("{plain}-{copy}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_has_a_file_name_of_its_own() {
        let mut taken = BTreeSet::new();
        let labels =
            ["tail-mass(quantile=0.01)", "tail-mass-quantile-0.01", "KL", "kl", "../π", "π"];
        let names = labels.map(|label| file_name(label, &mut taken));
        let expected = [
            "tail-mass-quantile-0.01",
            "tail-mass-quantile-0.01-2",
            "KL",
            "kl-2",
            "figure",
            "figure-2",
        ];
        assert_eq!(names, expected);
        assert_eq!(file_name(&"n".repeat(400), &mut taken).len(), 100);
    }
}
