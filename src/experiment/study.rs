//! The door: an experiment file becomes a study over one space, and the space is chosen here.

use super::document::{CHOICES, Complaint, Document, Table, Value, overlay, span_of};
use super::estimate::Estimate;
use super::run::{Orders, Progress, RunError, RunReport};
use super::survey::Survey;
use super::sweep::{self, Axis};
use super::{Cell, Space, resolved};
use crate::archive::folder;
use crate::archive::picture::Picture;
use crate::catalog;
use crate::samples::{Points, Tokens};
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeString, DeValue};

/// The name of the only arm of a file without arms.
const ONLY_ARM: &str = "base";

/// An experiment that has been read and checked, over whichever space.
pub trait Study: Send + Sync {
    fn question(&self) -> &str;

    /// The experiment file, and the folder that its paths are relative to, absolute.
    fn source(&self) -> (PathBuf, PathBuf);

    /// The resolved experiment, as a file that gives the same run again.
    fn resolved(&self) -> String;

    /// The arms, in the order of the file.
    fn arms(&self) -> Vec<String>;

    /// What a results folder has of what is asked, and what is missing and why.
    fn survey(&self, folder: &Path, retry_failed: bool) -> Result<Survey, RunError>;

    /// What the missing part will take, from what trials took so far or from a few that are tried.
    fn estimate(&self, survey: &Survey, threads: usize) -> Result<Estimate, RunError>;

    /// Runs what is missing, and appends it to the journal of `folder`.
    fn work(&self, folder: &Path, orders: &Orders<'_>) -> Result<RunReport, RunError>;

    /// Makes the tables of the journal in `folder`, and writes them into `into`.
    fn compile(&self, folder: &Path, into: &Path, orders: &Orders<'_>)
    -> Result<RunReport, RunError>;

    /// Runs what is missing on `threads` threads, and writes all tables into `folder`.
    fn run(
        &self,
        folder: &Path,
        threads: usize,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<RunReport, RunError> {
        let orders = Orders { threads, progress, ..Orders::default() };
        let folder = folder::open(folder)?;
        self.work(&folder, &orders)?;
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
    match makes_tokens(&document)? {
        true => Ok(Box::new(Cells::<Tokens>::read(document)?)),
        false => Ok(Box::new(Cells::<Points>::read(document)?)),
    }
}

/// Whether the worlds of a file make tokens, and not points.
fn makes_tokens(document: &Document) -> Result<bool, Complaint> {
    let mut table = document.tables()?;
    let axes = sweep::take(document, &mut table)?;
    let mut arms = arms_of(document, &mut table)?;
    if arms.is_empty() {
        arms.push((ONLY_ARM.into(), table));
    }
    let settings = document.settings()?;
    for (arm, table) in &mut arms {
        // A world may be swept; a wrong path is told when cells are made.
        for (axis, value) in sweep::combinations(&axes, arm).first().into_iter().flatten() {
            let _told_later = sweep::set(document, table, arm, axis, value);
        }
        overlay(table, &settings);
    }
    let spaces =
        arms.iter().map(|(_, arm)| space_of(document, arm)).collect::<Result<Vec<_>, _>>()?;
    match spaces.windows(2).all(|pair| pair[0] == pair[1]) {
        true => Ok(spaces[0]),
        false => Err(document
            .complain(None, "some arms make points and others make tokens")
            .with_help("give each space a file of its own")),
    }
}

/// Takes the arms out of a file's tables: each a name and the base with the arm laid over it.
fn arms_of<'t>(
    document: &Document,
    table: &mut Table<'t>,
) -> Result<Vec<(String, Table<'t>)>, Complaint> {
    let Some(key) = table.keys().find(|key| key.get_ref() == "arms").cloned() else {
        return Ok(Vec::new());
    };
    let wrong = |span| {
        document
            .complain(Some(span), "an arm is a table laid over the experiment")
            .with_help("write for example `[arms.accumulate.regime.accumulate]`")
    };
    let Some(arms) = table.remove(&key) else { return Ok(Vec::new()) };
    let span = arms.span();
    let DeValue::Table(arms) = arms.into_inner() else { return Err(wrong(span)) };
    if arms.is_empty() {
        return Err(wrong(key.span()));
    }
    let lay = |(name, over): (&Spanned<DeString<'t>>, &Value<'t>)| {
        let DeValue::Table(over) = over.get_ref() else { return Err(wrong(over.span())) };
        let label = name.get_ref();
        if label.trim().is_empty() || label.chars().any(char::is_control) {
            let message = "an arm needs a name that tables and figures can show";
            return Err(document.complain(Some(name.span()), message).with_help("give it a word"));
        }
        let mut cell = table.clone();
        overlay(&mut cell, over);
        Ok((name.get_ref().to_string(), cell))
    };
    arms.iter().map(lay).collect()
}

/// Whether the world that a file names makes tokens.
fn space_of(document: &Document, table: &Table<'_>) -> Result<bool, Complaint> {
    let find = |key: &str| table.iter().find(|(name, _)| name.get_ref() == key);
    let Some((_, world)) = find(CHOICES[0]) else { return Ok(false) };
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

/// Keys that a file has once, and no cell.
fn refuse_settings(document: &Document, settings: &Table<'_>) -> Result<(), Complaint> {
    for key in ["arms", "sweep", "figures", "claims"] {
        if let Some(span) = span_of(settings, &[key]) {
            let message = format!("the command line sets values of cells, and `{key}` is none");
            return Err(document.complain(Some(span), message).with_help("edit the file"));
        }
    }
    Ok(())
}

/// Takes the figures out of a file's tables, each with the places of what it names.
fn figures_of<'t>(
    document: &Document,
    table: &mut Table<'t>,
) -> Result<Vec<(Picture, Value<'t>)>, Complaint> {
    let Some(key) = table.keys().find(|key| key.get_ref() == "figures").cloned() else {
        return Ok(Vec::new());
    };
    let Some(figures) = table.remove(&key) else { return Ok(Vec::new()) };
    let DeValue::Array(figures) = figures.into_inner() else {
        return Err(document
            .complain(Some(key.span()), "`figures` is a list of tables")
            .with_help("write `[[figures]]` and a `kind`"));
    };
    let read = |value: Value<'t>| {
        let picture = Picture::read(value.clone()).map_err(|error| document.because(error))?;
        Ok((picture, value))
    };
    figures.into_iter().map(read).collect()
}

/// Refuses figures of what is not there: metrics, axes and arms.
fn check_figures<S: Space>(
    document: &Document,
    figures: &[(Picture, Value<'_>)],
    cells: &[Cell<S>],
    axes: &[Axis<'_>],
) -> Result<(), Complaint> {
    let distinct = |names: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        let names: std::collections::BTreeSet<&str> = names.collect();
        names.into_iter().map(str::to_owned).collect()
    };
    let metrics = distinct(&mut cells.iter().flat_map(|c| c.metrics.iter().map(|m| &*m.label)));
    let arms = distinct(&mut cells.iter().map(|cell| &*cell.arm));
    let axes = distinct(&mut axes.iter().map(|axis| &*axis.name));
    for (picture, value) in figures {
        let arms_named: Vec<&str> = picture.arms().iter().map(String::as_str).collect();
        let named = [
            ("metric", picture.metrics(), &metrics),
            ("axis", picture.axes(), &axes),
            ("arm", arms_named, &arms),
        ];
        for (what, names, known) in named {
            if let Some(name) = names.into_iter().find(|name| !known.iter().any(|k| k == name)) {
                let span = place_of_word(value, name).unwrap_or(value.span());
                let message = format!("the figure is about the {what} `{name}`, which there is not");
                let help = match known.is_empty() {
                    true => format!("the file has no {what}"),
                    false => catalog::alternatives(name, known.iter().map(String::as_str)),
                };
                return Err(document.complain(Some(span), message).with_help(help));
            }
        }
    }
    Ok(())
}

/// Where a word stands in a value.
fn place_of_word(value: &Value<'_>, word: &str) -> Option<std::ops::Range<usize>> {
    match value.get_ref() {
        DeValue::String(text) if text == word => Some(value.span()),
        DeValue::Array(list) => list.iter().find_map(|inner| place_of_word(inner, word)),
        DeValue::Table(table) => table.values().find_map(|inner| place_of_word(inner, word)),
        _ => None,
    }
}

/// What a document says, without the document.
struct Understood<S: Space> {
    cells: Vec<Cell<S>>,
    has_arms: bool,
    sweeps: Vec<Sweep>,
    figures: Vec<toml::Value>,
}

impl<S: Space> Cells<S> {
    fn read(document: Document) -> Result<Self, Complaint> {
        let Understood { cells, has_arms, sweeps, figures } = understand(&document)?;
        refuse_twins(&document, &cells)?;
        Ok(Cells { document, cells, has_arms, sweeps, figures })
    }
}

fn understand<S: Space>(document: &Document) -> Result<Understood<S>, Complaint> {
    let mut table = document.tables()?;
    let settings = document.settings()?;
    refuse_settings(document, &settings)?;
    let figures = figures_of(document, &mut table)?;
    let mut axes = sweep::take(document, &mut table)?;
    let mut arms = arms_of(document, &mut table)?;
    let has_arms = !arms.is_empty();
    if !has_arms {
        arms.push((ONLY_ARM.into(), table));
    }
    sweep::check(document, &axes, &arms.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>())?;
    axes.retain(|axis| !is_overridden(axis, &settings));
    let mut cells = Vec::new();
    for (arm, table) in &arms {
        for values in sweep::combinations(&axes, arm) {
            let mut table = table.clone();
            for (axis, value) in &values {
                sweep::set(document, &mut table, arm, axis, value)?;
            }
            overlay(&mut table, &settings);
            let plain =
                |(axis, value): &(&Axis<'_>, &Value<'_>)| (axis.name.clone(), sweep::plain(value));
            let swept = values.iter().map(plain).collect();
            cells.push(Cell::read(document, arm, swept, &table)?);
        }
    }
    let plain = |axis: &Axis<'_>| Sweep {
        name: axis.name.clone(),
        values: axis.values.iter().map(sweep::plain).collect(),
        arms: axis.arms.clone(),
    };
    let sweeps = axes.iter().map(plain).collect();
    check_figures(document, &figures, &cells, &axes)?;
    let figures =
        figures.iter().map(|(picture, _)| toml::Value::Table(picture.to_table())).collect();
    Ok(Understood { cells, has_arms, sweeps, figures })
}

/// Whether the command line gives one value to all that an axis would sweep.
fn is_overridden(axis: &Axis<'_>, settings: &Table<'_>) -> bool {
    let path: Vec<&str> = axis.name.split('.').collect();
    let mut table = settings;
    for (i, part) in path.iter().enumerate() {
        match table.iter().find(|(key, _)| key.get_ref() == part).map(|(_, v)| v.get_ref()) {
            Some(DeValue::Table(inner)) if i + 1 < path.len() => table = inner,
            Some(_) => return true,
            None => return false,
        }
    }
    false
}

/// Cells of one arm that do the same could not be told apart, and what is compared must be comparable.
fn refuse_twins<S: Space>(document: &Document, cells: &[Cell<S>]) -> Result<(), Complaint> {
    let told = |cell: &Cell<S>| {
        let values = cell.swept.iter().map(|(path, value)| format!("{path} = {value}"));
        values.collect::<Vec<_>>().join(", ")
    };
    let mut known = std::collections::BTreeMap::new();
    for cell in cells {
        if let Some(twin) = known.insert((&cell.arm, cell.identity.key), cell) {
            let message = format!(
                "two cells of arm `{}` are the same: {} and {}",
                cell.arm,
                told(twin),
                told(cell)
            );
            let help = "something else in the file overrides an axis; sweep what differs";
            return Err(document.complain(None, message).with_help(help));
        }
        if cell.header.evaluation != cells[0].header.evaluation {
            let message = "metrics are compared over cells, and many depend on `evaluation`";
            return Err(document
                .complain(None, message)
                .with_help("keep it the same in all arms and cells"));
        }
        if cell.header.trials.adaptive() != cells[0].header.trials.adaptive() {
            let message = "adaptive trials are decided for all arms together";
            return Err(document.complain(None, message).with_help("set `trials` once, at the top"));
        }
    }
    Ok(())
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

    fn survey(&self, folder: &Path, retry_failed: bool) -> Result<Survey, RunError> {
        super::survey::survey(self, folder, retry_failed)
    }

    fn estimate(&self, survey: &Survey, threads: usize) -> Result<Estimate, RunError> {
        super::estimate::estimate(self, survey, threads)
    }

    fn work(&self, folder: &Path, orders: &Orders<'_>) -> Result<RunReport, RunError> {
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
