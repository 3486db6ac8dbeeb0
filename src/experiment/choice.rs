//! Reads what a file chooses from the catalogue: a bare name, or one table under its name.

use super::document::{Document, Table, Value};
use super::{Complaint, Space};
use crate::catalog::{self, Chosen, Entry};
use crate::samples::{Points, Samples, Tokens};
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

pub fn find<'a, 't>(table: &'a Table<'t>, key: &str) -> Option<&'a Value<'t>> {
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}

pub fn required<'t>(
    document: &Document,
    table: &Table<'t>,
    key: &str,
) -> Result<Value<'t>, Complaint> {
    find(table, key).cloned().ok_or_else(|| {
        document.complain(None, format!("the experiment names no {key}")).with_help(format!(
            "add a table like `[{key}.NAME]`; `collapse list {key}s` has the names"
        ))
    })
}

pub fn list<'t>(
    document: &Document,
    table: &Table<'t>,
    key: &str,
) -> Result<Option<Vec<Value<'t>>>, Complaint> {
    match find(table, key).map(|value| (value.get_ref(), value.span())) {
        None => Ok(None),
        Some((DeValue::Array(array), _)) => Ok(Some(array.iter().cloned().collect())),
        Some((_, span)) => Err(document
            .complain(Some(span), format!("`{key}` is a list"))
            .with_help(format!("write `{key} = [\"NAME\", {{ NAME = {{ … }} }}]`"))),
    }
}

/// Reads a choice: a bare name, or a table with one name.
pub fn choose<T: ?Sized>(
    document: &Document,
    value: Value<'_>,
    what: &'static str,
    entries: &'static [Entry<T>],
    elsewhere: &dyn Fn(&str) -> Option<Elsewhere>,
) -> Result<Chosen<T>, Complaint> {
    let span = value.span();
    let (name, place, table) = match value.into_inner() {
        DeValue::String(name) => (name.into_owned(), span, None),
        DeValue::Table(table) if table.len() == 1 => match table.into_iter().next() {
            Some((key, table)) => (key.get_ref().to_string(), key.span(), Some(table)),
            None => (String::new(), span, None),
        },
        _ => {
            let names: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
            let message = format!("a {what} is one name, or one table under its name");
            return Err(document
                .complain(Some(span), message)
                .with_help(format!("there are: {}", names.join(", "))));
        }
    };
    let entry = catalog::find(entries, what, &name).map_err(|unknown| {
        let (message, help) = match elsewhere(&name) {
            None => (unknown.to_string(), unknown.help),
            Some(Elsewhere { message, remedy: None }) => (message, unknown.help),
            Some(Elsewhere { message, remedy: Some(remedy) }) => {
                (message, format!("{}; or {remedy}", unknown.help))
            }
        };
        document.complain(Some(place.clone()), message).with_help(help)
    })?;
    let inner = table.unwrap_or_else(|| Spanned::new(place.clone(), DeValue::Table(Table::new())));
    entry.read(ValueDeserializer::from(inner)).map_err(|error| {
        let span = error.span().filter(|span| !span.is_empty()).or(Some(place));
        document.complain(span, format!("{what} `{name}`: {}", error.message()))
    })
}

pub fn by_name<T: ?Sized>(
    document: &Document,
    what: &'static str,
    entries: &'static [Entry<T>],
    name: &'static str,
) -> Result<Chosen<T>, Complaint> {
    let value = Spanned::new(0..0, DeValue::String(name.into()));
    choose(document, value, what, entries, &|_| None)
}

/// What to say of an entry that is not where it was looked for, and what else could be done.
pub struct Elsewhere {
    message: String,
    remedy: Option<&'static str>,
}

/// What to do where samples are needed and statistics are drawn.
pub const DRAW_SAMPLES: &str = "draw samples: `samples = \"drawn\"`";

/// What to say of an entry of this kind that lives in another space.
pub fn elsewhere<S: Space>(what: &str, name: &str) -> Option<Elsewhere> {
    let is_listed = |of_types| drawn(what, of_types).contains(&name);
    if is_listed(S::IS_OF_TYPES) {
        let message = format!("{what} `{name}` needs samples, and only their statistics are drawn");
        return Some(Elsewhere { message, remedy: Some(DRAW_SAMPLES) });
    }
    let other = if S::IS_OF_TYPES { Points::SPACE } else { Tokens::SPACE };
    (what == "model" && is_listed(!S::IS_OF_TYPES)).then(|| {
        let message = format!("model `{name}` lives on {other}, and the world makes {}", S::SPACE);
        Elsewhere { message, remedy: None }
    })
}

/// The names of the entries that live on samples.
fn drawn(what: &str, of_types: bool) -> Vec<&'static str> {
    fn names<T: ?Sized>(entries: &'static [Entry<T>]) -> Vec<&'static str> {
        entries.iter().map(|entry| entry.name).collect()
    }
    match (what, of_types) {
        ("world", false) => names(Points::worlds()),
        ("world", true) => names(Tokens::worlds()),
        ("model", false) => names(Points::models()),
        ("model", true) => names(Tokens::models()),
        (_, false) => names(Points::metrics()),
        (_, true) => names(Tokens::metrics()),
    }
}
