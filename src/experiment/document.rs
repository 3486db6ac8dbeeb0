//! The text of an experiment file as tables that remember where every value stands.

use super::Complaint;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table and a value whose places in the text are known.
pub type Table<'t> = DeTable<'t>;
pub type Value<'t> = Spanned<DeValue<'t>>;

/// The keys whose value is a choice: naming another entry replaces the whole table.
pub const CHOICES: [&str; 3] = ["world", "model", "regime"];

/// Tables of values that a run of another size lays over every cell.
pub const VARIANTS: [&str; 2] = ["full", "quick"];

/// An experiment file that has been read, but not understood yet.
#[derive(Debug, Clone)]
pub struct Document {
    pub path: PathBuf,
    /// The file, followed by what the command line sets.
    pub text: String,
    /// What paths in the file are relative to.
    folder: PathBuf,
    /// What the command line sets, behind as many blanks as the file has bytes: so that places in it
    /// are places in `text`.
    settings: String,
}

impl Document {
    /// A document of this text, as if it had been read from `path`.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        let path = path.into();
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        Document { path, text: text.into(), folder, settings: String::new() }
    }

    /// The same document with its paths relative to another folder.
    pub fn in_folder(self, folder: &Path) -> Self {
        Document { folder: folder.to_owned(), ..self }
    }

    /// The same document with values laid over every cell, each written `path=value`.
    pub fn with_settings(mut self, settings: &[String]) -> Result<Self, Complaint> {
        let mut lines = String::new();
        for setting in settings {
            let Some((path, value)) = setting.split_once('=') else {
                let wrong = format!("`{setting}` sets nothing");
                let help = "write a path of the file and a value, such as `--set founders=100`";
                return Err(self.complain(None, wrong).with_help(help));
            };
            let (path, value) = (path.trim(), value.trim());
            // A bare word is text that a shell took the quotes from.
            let quoted = match toml::from_str::<toml::Table>(&format!("x = {value}")) {
                Ok(_) => value.to_owned(),
                Err(_) => toml::Value::String(value.to_owned()).to_string(),
            };
            lines += &format!("{path} = {quoted}\n");
        }
        if !lines.is_empty() {
            let head = "\n# set on the command line\n";
            self.settings = " ".repeat(self.text.len() + head.len()) + &lines;
            self.text += head;
            self.text += &lines;
        }
        Ok(self)
    }

    /// What the command line sets.
    pub fn settings(&self) -> Result<Table<'_>, Complaint> {
        DeTable::parse(&self.settings).map(Spanned::into_inner).map_err(|error| self.because(error))
    }

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
        Ok(Document::new(path, text))
    }

    /// What a variant of the file sets, each as `path=value`; nothing where it has none.
    pub fn variant(&self, name: &str) -> Result<Vec<String>, Complaint> {
        let table = self.tables()?;
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == name) else {
            return Ok(Vec::new());
        };
        let DeValue::Table(_) = value.get_ref() else {
            return Err(self
                .complain(Some(key.span()), format!("`{name}` is a table of paths and values"))
                .with_help(format!("write `[{name}]` and below it for example `trials = 1000`")));
        };
        let plain: toml::Table =
            serde::Deserialize::deserialize(toml::de::ValueDeserializer::from(value.clone()))
                .map_err(|error| self.because(error))?;
        let mut settings = Vec::new();
        flatten("", &plain, &mut settings);
        Ok(settings)
    }

    /// The folder that paths in the file are relative to.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The tables of the file.
    pub fn tables(&self) -> Result<Table<'_>, Complaint> {
        let file = match self.settings.is_empty() {
            true => &self.text[..],
            // The blanks before the settings are the file and a line of comment.
            false => &self.text[..self.settings.len() - self.settings.trim_start().len()],
        };
        DeTable::parse(file).map(Spanned::into_inner).map_err(|error| self.because(error))
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

/// Every value of a table with its path, as `path=value`.
fn flatten(before: &str, table: &toml::Table, settings: &mut Vec<String>) {
    for (key, value) in table {
        let path = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
        match value {
            toml::Value::Table(inner) => flatten(&path, inner, settings),
            value => settings.push(format!("{path}={value}")),
        }
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

/// Takes a list of tables out of a file's tables; `example` is the first key of each.
pub fn take_list<'t>(
    document: &Document,
    table: &mut Table<'t>,
    key: &str,
    example: &str,
) -> Result<Vec<Value<'t>>, Complaint> {
    let Some((key, value)) = table.remove_entry(key) else { return Ok(Vec::new()) };
    match value.into_inner() {
        DeValue::Array(list) => Ok(list.into_iter().collect()),
        _ => Err(document
            .complain(Some(key.span()), format!("`{}` is a list of tables", key.get_ref()))
            .with_help(format!("write `[[{}]]` and a `{example}`", key.get_ref()))),
    }
}

/// Where a word stands in a value.
pub fn place_of_word(value: &Value<'_>, word: &str) -> Option<Range<usize>> {
    match value.get_ref() {
        DeValue::String(text) if text == word => Some(value.span()),
        DeValue::Array(list) => list.iter().find_map(|inner| place_of_word(inner, word)),
        DeValue::Table(table) => table.values().find_map(|inner| place_of_word(inner, word)),
        _ => None,
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
        let document = Document::new("a.toml", "x = 1\ny = µ");
        assert_eq!(document.complain(Some(10..11), "").place(), Some((2, 5)));
        assert_eq!(document.tables().unwrap_err().place(), Some((2, 5)));
    }
    #[test]
    fn what_the_command_line_sets_has_a_place_behind_the_file() {
        let document = Document::new("a.toml", "x = 1").with_settings(&[
            "a.b=2".into(),
            "regime=accumulate".into(),
            "x = [1, 2]".into(),
        ]);
        let document = document.unwrap();
        assert_eq!(document.tables().unwrap().len(), 1);
        let settings = document.settings().unwrap();
        assert_eq!(settings.len(), 3);
        let span = span_of(&settings, &["regime"]).unwrap();
        assert_eq!(&document.text[span], "\"accumulate\"");
        let refusal = Document::new("a.toml", "").with_settings(&["fast".into()]).unwrap_err();
        assert!(refusal.message.contains("`fast`"), "{refusal}");
    }
}
