//! Reads what a file chooses from the catalogue: a bare name, or one table under its name.

use super::document::{Document, Table, Value};
use super::{Complaint, Space};
use crate::catalog::{self, Chosen, Entry};
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
    elsewhere: &dyn Fn(&str) -> Option<String>,
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
        let message = elsewhere(&name).unwrap_or_else(|| unknown.to_string());
        document.complain(Some(place.clone()), message).with_help(unknown.help)
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

/// What to say of a model that lives in the other space.
pub fn elsewhere<S: Space>(name: &str) -> Option<String> {
    let points = crate::model::POINTS.iter().map(|entry| (entry.name, "points"));
    let tokens = crate::model::TOKENS.iter().map(|entry| (entry.name, "tokens"));
    let (_, space) = points.chain(tokens).find(|(known, _)| *known == name)?;
    Some(format!("model `{name}` lives on {space}, and the world makes {}", S::SPACE))
}
