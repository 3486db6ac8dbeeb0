//! The door: an experiment file becomes a study over one space, and the space is chosen here.

use super::document::{CHOICES, Complaint, Document, Table, Value, overlay};
use super::run::{Progress, RunError, RunReport};
use super::{Cell, Space, resolved};
use crate::catalog;
use crate::samples::{Points, Tokens};
use std::path::Path;
use toml::Spanned;
use toml::de::{DeString, DeValue};

/// The name of the only arm of a file without arms.
const ONLY_ARM: &str = "base";

/// An experiment that has been read and checked, over whichever space.
pub trait Study: Send + Sync {
    fn question(&self) -> &str;

    /// The resolved experiment, as a file that gives the same run again.
    fn resolved(&self) -> String;

    /// The arms, in the order of the file.
    fn arms(&self) -> Vec<String>;

    /// Runs every trial of every cell on `threads` threads, and writes all tables into `folder`.
    fn run(
        &self,
        folder: &Path,
        threads: usize,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<RunReport, RunError>;
}

/// The cells of one experiment.
pub struct Cells<S: Space> {
    pub document: Document,
    pub cells: Vec<Cell<S>>,
    pub has_arms: bool,
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
    let mut arms = arms_of(document, &mut table)?;
    if arms.is_empty() {
        arms.push((ONLY_ARM.into(), table));
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

impl<S: Space> Cells<S> {
    fn read(document: Document) -> Result<Self, Complaint> {
        let mut table = document.tables()?;
        let mut arms = arms_of(&document, &mut table)?;
        let has_arms = !arms.is_empty();
        if !has_arms {
            arms.push((ONLY_ARM.into(), table));
        }
        let read = |(name, table): &(String, Table<'_>)| Cell::read(&document, name, table);
        let cells = arms.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        drop(arms);
        Ok(Cells { document, cells, has_arms })
    }
}

impl<S: Space> Study for Cells<S> {
    fn question(&self) -> &str {
        self.cells.first().map_or("", |cell| &cell.header.question)
    }

    fn resolved(&self) -> String {
        resolved::document(&self.cells, self.has_arms)
    }

    fn arms(&self) -> Vec<String> {
        self.cells.iter().map(|cell| cell.arm.clone()).collect()
    }

    fn run(
        &self,
        folder: &Path,
        threads: usize,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<RunReport, RunError> {
        super::run::run(self, folder, threads, progress)
    }
}
