//! The gallery: published figures, reproduced, and what their claims come to.
//!
//! A figure's verdicts and its picture are put beside those of all others in `plots/`: `verdicts.csv` has
//! every claim of every figure, and the page is made of that table alone, so that one figure can be made
//! anew without the rest.

mod page;
mod paper;

pub use paper::{Card, Missing, PAPERS, Paper, name_of, read_all};

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::verify::{Verification, VerifyError};
use crate::archive::ArchiveError;
use crate::archive::csv::{read_table, write_table};
use crate::archive::table::Verdict;

/// Where pictures and the page go, seen from the top of the repository.
pub const PLOTS: &str = "plots";

/// Why the gallery could not be read or made.
#[derive(Debug, Error)]
pub enum GalleryError {
    #[error(
        "there is no {folder}: run this in a clone of the repository, where papers lie in {PAPERS}",
        folder = folder.display()
    )]
    NoPapers { folder: PathBuf },
    #[error("cannot read {path}: {reason}", path = path.display())]
    Card { path: PathBuf, reason: String },
    #[error("cannot read the folder {folder}: {reason}", folder = folder.display())]
    Folder { folder: PathBuf, reason: String },
    #[error("cannot write {path}: {reason}", path = path.display())]
    Write { path: PathBuf, reason: String },
    #[error("`{name}` is no paper and no figure of one: {known}")]
    NoPaper { name: String, known: String },
    #[error(transparent)]
    Table(#[from] ArchiveError),
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

/// One claim of the gallery, in `plots/verdicts.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub paper: String,
    pub figure: String,
    /// The question of its file.
    pub question: String,
    /// What running it took, on all threads.
    pub seconds: f64,
    pub claim: String,
    pub says: String,
    pub source: String,
    pub read: String,
    pub place: String,
    pub statistic: String,
    pub expected: String,
    pub measured: String,
    pub verdict: String,
    pub reason: String,
    pub foil: String,
    pub foil_verdict: String,
    pub known: String,
}

impl Row {
    fn of(paper: &str, figure: &str, question: &str, seconds: f64, row: &Verdict) -> Self {
        use super::verify::words;
        Row {
            paper: paper.to_owned(),
            figure: figure.to_owned(),
            question: question.to_owned(),
            seconds,
            claim: row.claim.clone(),
            says: row.says.clone(),
            source: row.source.clone(),
            read: row.read.clone(),
            place: words::place(row),
            statistic: row.statistic.clone(),
            expected: words::expected(row),
            measured: words::measured(row),
            verdict: row.verdict.clone(),
            reason: row.reason.clone(),
            foil: row.foil.clone(),
            foil_verdict: row.foil_verdict.clone(),
            known: row.known.clone(),
        }
    }
}

/// Every claim that the gallery has.
pub fn rows(plots: &Path) -> Result<Vec<Row>, GalleryError> {
    match plots.join("verdicts.csv").is_file() {
        true => Ok(read_table(plots, "verdicts")?),
        false => Ok(Vec::new()),
    }
}

/// Hangs a figure: its picture and its verdicts in the place of those that were there.
pub fn hang(
    plots: &Path,
    (paper, figure): (&str, &str),
    found: &Verification,
    seconds: f64,
    results: &Path,
) -> Result<(), GalleryError> {
    let mut all = rows(plots)?;
    all.retain(|row| row.paper != paper || row.figure != figure);
    let new = found.rows.iter();
    all.extend(new.map(|row| Row::of(paper, figure, &found.question, seconds, row)));
    all.sort_by(|a, b| (&a.paper, &a.figure).cmp(&(&b.paper, &b.figure)));
    let folder = plots.join(paper);
    fs::create_dir_all(&folder).map_err(|error| written(&folder, error))?;
    if let Some(picture) = first_picture(results) {
        let target = folder.join(figure).with_extension("png");
        fs::copy(&picture, &target).map_err(|error| written(&target, error))?;
    }
    Ok(write_table(plots, "verdicts", &all)?)
}

/// Writes the page that shows all figures, those of papers that there are.
pub fn write_page(plots: &Path, papers: &[Paper]) -> Result<PathBuf, GalleryError> {
    let path = plots.join("README.md");
    let text = page::text(papers, &rows(plots)?, plots);
    fs::write(&path, text).map_err(|error| written(&path, error))?;
    Ok(path)
}

fn written(path: &Path, error: std::io::Error) -> GalleryError {
    GalleryError::Write { path: path.to_owned(), reason: error.to_string() }
}

/// The picture that a results folder's experiment asks for first.
fn first_picture(results: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(results.join("experiment.toml")).ok()?;
    let table: toml::Table = toml::from_str(&text).ok()?;
    let name = table.get("figures")?.get(0)?.get("name")?.as_str()?.to_owned();
    let path = results.join("figures").join(name).with_extension("png");
    path.is_file().then_some(path)
}
