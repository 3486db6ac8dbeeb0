//! The door: an experiment file becomes a study over one space, and the space is chosen here.

use super::choice::find;
use super::complaint::Complaint;
use super::document::{CHOICES, Document, Table, overlay};
use super::estimate::Estimate;
use super::run::{Orders, Progress, RunError, RunReport, Worked};
use super::survey::Survey;
use super::sweep;
use super::understand::{Understood, arms_of, understand};
use super::{Cell, Party, Sampling, Space, resolved};
use crate::analysis::claim::Claim;
use crate::archive::folder;
use crate::catalog;
use crate::samples::{Counts, Points, Scatter, Tokens};
use std::path::{Path, PathBuf};
use toml::de::DeValue;

/// The name of the only arm of a file without arms.
pub const ONLY_ARM: &str = "base";

/// An experiment that has been read and checked, over whichever space.
pub trait Study: Send + Sync {
    fn question(&self) -> &str;

    /// The experiment file, and the folder that its paths are relative to, absolute.
    fn source(&self) -> (PathBuf, PathBuf);

    /// The resolved experiment, as a file that gives the same run again.
    fn resolved(&self) -> String;

    /// The arms, in the order of the file.
    fn arms(&self) -> Vec<String>;

    /// The cells as parties of a comparison, in the order of `cells.csv`.
    fn parties(&self) -> Vec<Party>;

    fn seed(&self) -> u32;

    /// The sources of every entry that it uses, in words, each once.
    fn sources(&self) -> Vec<String>;

    /// The short hash and the arm of each cell, in the order of the file.
    fn cells(&self) -> Vec<(String, String)>;

    /// What the file claims of its results.
    fn claims(&self) -> &[Claim];

    /// Whether its samples are tokens, and not points.
    fn is_of_tokens(&self) -> bool;

    /// The loss of a metric's value, which is less where a model is better; `world` is what the metric
    /// reads off the world. None where it does not exist.
    fn loss(&self, metric: &str, value: f64, world: Option<f64>) -> Option<f64>;

    /// What a results folder has of what is asked, and what is missing and why.
    fn survey(&self, folder: &Path, retry_failed: bool) -> Result<Survey, RunError>;

    /// What the missing part will take, from what trials took so far or from a few that are tried.
    fn estimate(&self, survey: &Survey, threads: usize) -> Result<Estimate, RunError>;

    /// Runs what is missing, and appends it to the journal of `folder`.
    fn work(&self, folder: &Path, orders: &Orders<'_>) -> Result<Worked, RunError>;

    /// Makes the tables of the journal in `folder`, and writes them into `into`.
    fn compile(
        &self,
        folder: &Path,
        into: &Path,
        orders: &Orders<'_>,
    ) -> Result<RunReport, RunError>;

    /// Runs what is missing on `threads` threads, and writes all tables into `folder`.
    fn run(
        &self,
        folder: &Path,
        threads: usize,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<RunReport, RunError> {
        let orders = Orders { threads, progress, ..Orders::default() };
        let folder = folder::open(folder)?;
        let _on_its_way = self.work(&folder, &orders)?;
        self.compile(&folder, &folder, &orders)
    }
}

/// The cells of one experiment.
pub struct Cells<S: Space> {
    pub document: Document,
    /// In the order of arms and axes.
    pub cells: Vec<Cell<S>>,
    pub has_arms: bool,
    pub sweeps: Vec<Sweep>,
    /// The figures that the file asks for.
    pub figures: Vec<toml::Value>,
    /// What it claims of its results.
    pub claims: Vec<Claim>,
}

/// A swept axis, without its places.
pub struct Sweep {
    pub name: String,
    pub values: Vec<toml::Value>,
    pub arms: Option<Vec<String>>,
}

/// Reads and checks an experiment file.
pub fn open(path: &Path) -> Result<Box<dyn Study>, Complaint> {
    read(Document::read(path)?)
}

/// Understands and checks a document.
pub fn read(document: Document) -> Result<Box<dyn Study>, Complaint> {
    let place = place_of(&document)?;
    Ok(match (place.is_of_tokens, place.sampling) {
        (false, Sampling::Drawn) => Box::new(Cells::<Points>::read(document)?),
        (true, Sampling::Drawn) => Box::new(Cells::<Tokens>::read(document)?),
        (false, Sampling::Statistics) => Box::new(Cells::<Scatter>::read(document)?),
        (true, Sampling::Statistics) => Box::new(Cells::<Counts>::read(document)?),
    })
}

/// What decides the space of an experiment.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    is_of_tokens: bool,
    sampling: Sampling,
}

/// The one place of all worlds of a file.
fn place_of(document: &Document) -> Result<Place, Complaint> {
    let mut table = document.tables()?;
    let axes = sweep::take(document, &mut table)?;
    let mut arms = arms_of(document, &mut table)?;
    if arms.is_empty() {
        arms.push((ONLY_ARM.into(), table));
    }
    let settings = document.settings()?;
    let mut places = Vec::new();
    for (arm, table) in &mut arms {
        // A world may be swept; a wrong path is told when cells are made.
        for (axis, value) in sweep::combinations(&axes, arm).first().into_iter().flatten() {
            let _told_later = sweep::set(document, table, arm, axis, value);
        }
        overlay(table, &settings);
        places.push(place_of_arm(document, table)?);
    }
    let mixed = |message: &str| {
        document.complain(None, message).with_help("give each space a file of its own")
    };
    let first = places[0];
    if places.iter().any(|place| place.is_of_tokens != first.is_of_tokens) {
        return Err(mixed("some arms make points and others make tokens"));
    }
    match places.iter().all(|place| *place == first) {
        true => Ok(first),
        false => Err(mixed("some arms draw samples and others statistics")),
    }
}

fn place_of_arm(document: &Document, table: &Table<'_>) -> Result<Place, Complaint> {
    // Another word is told when the header is read.
    let says = |value: &DeValue<'_>| matches!(value, DeValue::String(word) if word == "statistics");
    let sampling = match find(table, "samples").is_some_and(|value| says(value.get_ref())) {
        true => Sampling::Statistics,
        false => Sampling::Drawn,
    };
    Ok(Place { is_of_tokens: makes_tokens(document, table)?, sampling })
}

/// Whether the world that a file names makes tokens.
fn makes_tokens(document: &Document, table: &Table<'_>) -> Result<bool, Complaint> {
    let Some(world) = find(table, CHOICES[0]) else { return Ok(false) };
    let (name, span) = match world.get_ref() {
        DeValue::String(name) => (name.as_ref(), world.span()),
        DeValue::Table(table) => match table.keys().next() {
            Some(key) => (key.get_ref().as_ref(), key.span()),
            None => return Ok(false),
        },
        _ => return Ok(false),
    };
    let tokens = || Tokens::worlds().iter().map(|entry| entry.name);
    let points = || Points::worlds().iter().map(|entry| entry.name);
    if tokens().any(|known| known == name) || points().any(|known| known == name) {
        return Ok(tokens().any(|known| known == name));
    }
    let all: Vec<&str> = points().chain(tokens()).collect();
    Err(document
        .complain(Some(span), format!("there is no world `{name}`"))
        .with_help(catalog::alternatives(name, all.into_iter())))
}

impl<S: Space> Cells<S> {
    fn read(document: Document) -> Result<Self, Complaint> {
        let Understood { cells, has_arms, sweeps, figures, claims } = understand(&document)?;
        Ok(Cells { document, cells, has_arms, sweeps, figures, claims })
    }
}

impl<S: Space> Study for Cells<S> {
    fn question(&self) -> &str {
        self.cells.first().map_or("", |cell| &cell.header.question)
    }

    fn source(&self) -> (PathBuf, PathBuf) {
        let whole = |path: &Path| {
            path.canonicalize()
                .or_else(|_| std::path::absolute(path))
                .unwrap_or_else(|_| path.to_owned())
        };
        (whole(&self.document.path), whole(self.document.folder()))
    }

    fn resolved(&self) -> String {
        resolved::document(self)
    }

    fn arms(&self) -> Vec<String> {
        let mut arms: Vec<String> = self.cells.iter().map(|cell| cell.arm.clone()).collect();
        arms.dedup();
        arms
    }

    fn parties(&self) -> Vec<Party> {
        self.cells.iter().map(Party::of).collect()
    }

    fn seed(&self) -> u32 {
        self.cells.first().map_or(0, |cell| cell.header.seed)
    }

    fn sources(&self) -> Vec<String> {
        let sources = |cell: &Cell<S>| {
            let own =
                [cell.world.entry.cited(), cell.model.entry.cited(), cell.regime.entry.cited()];
            let curators = cell.curation.iter().map(|curator| curator.entry.cited());
            let metrics = cell.metrics.iter().map(|measured| measured.metric.entry.cited());
            own.into_iter().chain(curators).chain(metrics).flatten().collect::<Vec<_>>()
        };
        let mut all: Vec<String> = self.cells.iter().flat_map(sources).collect();
        let mut once = std::collections::BTreeSet::new();
        all.retain(|source| once.insert(source.clone()));
        all
    }

    fn cells(&self) -> Vec<(String, String)> {
        self.cells.iter().map(|cell| (cell.identity.short(), cell.arm.clone())).collect()
    }

    fn claims(&self) -> &[Claim] {
        &self.claims
    }

    fn is_of_tokens(&self) -> bool {
        S::IS_OF_TYPES
    }

    fn loss(&self, metric: &str, value: f64, world: Option<f64>) -> Option<f64> {
        let mut all = self.cells.iter().flat_map(|cell| &cell.metrics);
        let card = all.find(|measured| measured.label == metric)?.metric.value.card();
        card.loss(value, world.unwrap_or(f64::NAN))
    }

    fn survey(&self, folder: &Path, retry_failed: bool) -> Result<Survey, RunError> {
        super::survey::survey(self, folder, retry_failed)
    }

    fn estimate(&self, survey: &Survey, threads: usize) -> Result<Estimate, RunError> {
        super::estimate::estimate(self, survey, threads)
    }

    fn work(&self, folder: &Path, orders: &Orders<'_>) -> Result<Worked, RunError> {
        super::run::work(self, folder, orders)
    }

    fn compile(
        &self,
        folder: &Path,
        into: &Path,
        orders: &Orders<'_>,
    ) -> Result<RunReport, RunError> {
        super::compile::compile(self, folder, into, orders)
    }
}
