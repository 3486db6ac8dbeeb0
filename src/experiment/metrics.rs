//! Metrics as a file lists them, each under the label that names its readings.

use super::choice::{choose, elsewhere};
use super::document::{Document, Table, Value};
use super::{Complaint, Space};
use crate::catalog::Chosen;
use crate::metric::Metric;
use toml::de::DeValue;

/// A metric, what it looks at, and its label.
pub struct Measured<S: Space> {
    pub metric: Chosen<dyn Metric<S>>,
    /// Whether it measures the curated samples that the next generation sees, not p_t.
    pub of_offspring: bool,
    /// The name, and `(key=value)` for every parameter that is not the default.
    pub label: String,
}

impl<S: Space> Measured<S> {
    /// Reads one element of the list `metrics`.
    pub fn read(document: &Document, mut element: Value<'_>) -> Result<Self, Complaint> {
        let of_offspring = take_of(document, &mut element)?;
        let elsewhere = |name: &str| elsewhere::<S>("metric", name);
        let metric = choose(document, element, "metric", S::metrics(), &elsewhere)?;
        let label = label(&metric, of_offspring);
        Ok(Measured { metric, of_offspring, label })
    }

    /// The metric as a file would write it.
    pub fn resolved(&self) -> toml::Value {
        let mut table = self.metric.table.clone();
        if self.of_offspring {
            table.insert("of".into(), "offspring".into());
        }
        let named = [(self.metric.entry.name.to_owned(), toml::Value::Table(table))];
        toml::Value::Table(named.into_iter().collect())
    }
}

/// Takes the key `of`, which every metric has, out of an element's table.
fn take_of(document: &Document, element: &mut Value<'_>) -> Result<bool, Complaint> {
    let DeValue::Table(outer) = element.get_mut() else { return Ok(false) };
    let Some((_, inner)) = outer.iter_mut().next() else { return Ok(false) };
    let DeValue::Table(parameters) = inner.get_mut() else { return Ok(false) };
    let Some(of) = remove(parameters, "of") else { return Ok(false) };
    match of.get_ref() {
        DeValue::String(text) if text == "offspring" => Ok(true),
        DeValue::String(text) if text == "model" => Ok(false),
        _ => Err(document.complain(Some(of.span()), "`of` says what a metric looks at").with_help(
            "it is \"model\" (p_t, the default) or \"offspring\" (the curated samples)",
        )),
    }
}

fn remove<'t>(table: &mut Table<'t>, key: &str) -> Option<Value<'t>> {
    let found = table.keys().find(|name| name.get_ref() == key).cloned()?;
    table.remove(&found)
}

fn label<T: ?Sized>(metric: &Chosen<T>, of_offspring: bool) -> String {
    let defaults = metric.entry.default().map(|default| default.table).unwrap_or_default();
    let changed = metric.table.iter().filter(|(key, value)| defaults.get(*key) != Some(value));
    let mut parts: Vec<String> =
        changed.map(|(key, value)| format!("{key}={}", plain(value))).collect();
    if of_offspring {
        parts.push("of=offspring".into());
    }
    match parts.is_empty() {
        true => metric.entry.name.to_owned(),
        false => format!("{}({})", metric.entry.name, parts.join(",")),
    }
}

/// A value without the quotes that TOML puts around words.
fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(word) => word.clone(),
        // 1e-300, where the digits would fill a page, and more than the name of a file holds.
        toml::Value::Float(number) => format!("{number:?}"),
        value => value.to_string(),
    }
}
