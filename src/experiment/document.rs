//! The text of an experiment file as tables that remember where every value stands.

use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table and a value whose places in the text are known.
pub type Table<'t> = DeTable<'t>;
pub type Value<'t> = Spanned<DeValue<'t>>;

/// The keys whose value is a choice: naming another entry replaces the whole table.
pub const CHOICES: [&str; 3] = ["world", "model", "regime"];

/// What is wrong with a file, where, and what would be right.
#[derive(Debug, Clone, PartialEq)]
pub struct Complaint {
    pub path: PathBuf,
    /// The whole text, where it could be read.
    pub text: String,
    pub span: Option<Range<usize>>,
    pub message: String,
    pub help: Option<String>,
}

impl Complaint {
    /// Line and column of the place, both counted from one.
    pub fn place(&self) -> Option<(usize, usize)> {
        let before = self.text.get(..self.span.as_ref()?.start)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Some((line, column))
    }
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some((line, column)) = self.place() {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Complaint {}

/// An experiment file that has been read, but not understood yet.
#[derive(Debug, Clone)]
pub struct Document {
    pub path: PathBuf,
    pub text: String,
}

impl Document {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, Complaint> {
        let refuse = |message: String, help: &str| Complaint {
            path: path.to_owned(),
            text: String::new(),
            span: None,
            message,
            help: Some(help.to_owned()),
        };
        if path.is_dir() {
            let help = "name a TOML file inside it; `experiments/` has examples";
            return Err(refuse("this is a directory, not an experiment file".into(), help));
        }
        let text = std::fs::read_to_string(path).map_err(|error| {
            refuse(format!("cannot read the file: {error}"), "name an existing TOML file in UTF-8")
        })?;
        Ok(Document { path: path.to_owned(), text })
    }

    /// The folder that paths in the file are relative to.
    pub fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// The tables of the file.
    pub fn tables(&self) -> Result<Table<'_>, Complaint> {
        DeTable::parse(&self.text).map(Spanned::into_inner).map_err(|error| self.because(error))
    }

    /// A complaint about a place in this file.
    pub fn complain(&self, span: Option<Range<usize>>, message: impl Into<String>) -> Complaint {
        let (path, text) = (self.path.clone(), self.text.clone());
        Complaint { path, text, span, message: message.into(), help: None }
    }

    /// A complaint that comes from the TOML reader, which knows the place.
    pub fn because(&self, error: toml::de::Error) -> Complaint {
        self.complain(error.span(), error.message())
    }
}

impl Complaint {
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Complaint { help: Some(help.into()), ..self }
    }
}

/// Lays one table over another. Tables are merged; a choice that names another entry, and any other
/// value, is replaced.
pub fn overlay<'t>(base: &mut Table<'t>, over: &Table<'t>) {
    for (key, value) in over.iter() {
        let replaced = CHOICES.contains(&key.get_ref().as_ref());
        lay(base, key, value, replaced);
    }
}

fn lay<'t>(
    base: &mut Table<'t>,
    key: &Spanned<toml::de::DeString<'t>>,
    value: &Value<'t>,
    choice: bool,
) {
    match (base.get_mut(key), value.get_ref()) {
        (Some(old), DeValue::Table(new)) if mergeable(old, new, choice) => {
            if let DeValue::Table(table) = old.get_mut() {
                for (key, value) in new.iter() {
                    lay(table, key, value, false);
                }
            }
        }
        (Some(old), _) => *old = value.clone(),
        (None, _) => {
            base.insert(key.clone(), value.clone());
        }
    }
}

/// Whether the new table adds to the old one, rather than taking its place.
fn mergeable(old: &Value<'_>, new: &Table<'_>, choice: bool) -> bool {
    match old.get_ref() {
        DeValue::Table(old) if choice => {
            old.len() == new.len() && new.keys().all(|name| old.contains_key(name))
        }
        DeValue::Table(_) => true,
        _ => false,
    }
}

/// The place of the value under a path of keys, or of the deepest key on the way to it.
pub fn span_of(table: &Table<'_>, path: &[&str]) -> Option<Range<usize>> {
    let (first, rest) = path.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref().as_ref() == *first)?;
    match value.get_ref() {
        DeValue::Table(inner) if rest.is_empty() || inner.is_empty() => Some(key.span()),
        DeValue::Table(inner) => span_of(inner, rest).or(Some(key.span())),
        _ => Some(value.span()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(base: &str, over: &str) -> String {
        let mut table = DeTable::parse(base).expect("toml").into_inner();
        overlay(&mut table, DeTable::parse(over).expect("toml").get_ref());
        let de = toml::de::ValueDeserializer::from(Spanned::new(0..0, DeValue::Table(table)));
        let value: toml::Table = serde::Deserialize::deserialize(de).expect("toml");
        value.to_string()
    }

    #[test]
    fn the_same_choice_is_merged_and_another_one_replaces_it() {
        let base = "[regime.retain]\nfraction = 0.1\nredraw = false\n";
        assert_eq!(
            merged(base, "[regime.retain]\nfraction = 0.5"),
            "[regime.retain]\nfraction = 0.5\nredraw = false\n"
        );
        assert_eq!(merged(base, "[regime.replace]"), "[regime.replace]\n");
    }

    #[test]
    fn a_place_is_counted_in_lines_and_columns() {
        let document = Document { path: "a.toml".into(), text: "x = 1\ny = µ".into() };
        assert_eq!(document.complain(Some(10..11), "").place(), Some((2, 5)));
        assert_eq!(document.tables().unwrap_err().place(), Some((2, 5)));
    }
}
