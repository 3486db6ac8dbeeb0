//! Everything that a run used, defaults included, as a file that gives the same run again.

use super::{Cell, Schedule, Space};
use crate::catalog::Chosen;
use toml::{Table, Value};

/// One cell as the tables of a file.
pub fn cell_table<S: Space>(cell: &Cell<S>) -> Table {
    let mut header = cell.header.clone();
    // As many as there are founders: said aloud.
    header.offspring.get_or_insert(Schedule::Constant(header.founders));
    let mut table = Table::try_from(&header).unwrap_or_default();
    let list = |values: Vec<Value>| Value::Array(values);
    table.insert("metrics".into(), list(cell.metrics.iter().map(|m| m.resolved()).collect()));
    if !cell.curation.is_empty() {
        table.insert("curation".into(), list(cell.curation.iter().map(named).collect()));
    }
    table.insert("world".into(), named(&cell.world));
    table.insert("model".into(), named(&cell.model));
    table.insert("regime".into(), named(&cell.regime));
    table
}

fn named<T: ?Sized>(chosen: &Chosen<T>) -> Value {
    let pair = (chosen.entry.name.to_owned(), Value::Table(chosen.table.clone()));
    Value::Table([pair].into_iter().collect())
}

/// The whole experiment: what all arms share at the top, what they differ in under `[arms]`.
pub fn document<S: Space>(cells: &[Cell<S>], has_arms: bool) -> String {
    let tables: Vec<Table> = cells.iter().map(cell_table).collect();
    let Some(first) = tables.first() else { return String::new() };
    let shared = |key: &String| tables.iter().all(|table| table.get(key) == first.get(key));
    let mut whole: Table =
        first.iter().filter(|(key, _)| shared(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
    if has_arms {
        let own = |table: &Table| -> Table {
            let differs = table.iter().filter(|(key, _)| !shared(key));
            differs.map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        let arms = cells.iter().zip(&tables).map(|(c, t)| (c.arm.clone(), Value::Table(own(t))));
        whole.insert("arms".into(), Value::Table(arms.collect()));
    }
    whole.to_string()
}

/// The short hash of a resolved cell: of all that decides one trial's lineage and its readings'
/// reference. Names, questions, counts of trials and generations, and what is measured are left out.
pub fn cell_id<S: Space>(cell: &Cell<S>, files: &[(String, Vec<u8>)]) -> String {
    let mut table = cell_table(cell);
    for key in ["question", "trials", "generations", "measure", "metrics"] {
        table.remove(key);
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(crate::stream::VERSION.as_bytes());
    hasher.update(canonical(&Value::Table(table)).as_bytes());
    let entries = [
        (cell.world.entry.name, cell.world.entry.revision),
        (cell.model.entry.name, cell.model.entry.revision),
        (cell.regime.entry.name, cell.regime.entry.revision),
    ];
    let curators = cell.curation.iter().map(|chosen| (chosen.entry.name, chosen.entry.revision));
    for (name, revision) in entries.into_iter().chain(curators) {
        hasher.update(format!("\n{name} {revision}").as_bytes());
    }
    for (name, content) in files {
        hasher.update(format!("\n{name} {}", blake3::hash(content)).as_bytes());
    }
    hasher.finalize().to_hex()[..10].to_owned()
}

/// A value as text in which the order of keys does not matter.
fn canonical(value: &Value) -> String {
    match value {
        Value::Table(table) => {
            let mut pairs: Vec<(&String, &Value)> = table.iter().collect();
            pairs.sort_by_key(|(key, _)| *key);
            let inside: Vec<String> =
                pairs.iter().map(|(key, value)| format!("{key:?}:{}", canonical(value))).collect();
            format!("{{{}}}", inside.join(","))
        }
        Value::Array(values) => {
            let inside: Vec<String> = values.iter().map(canonical).collect();
            format!("[{}]", inside.join(","))
        }
        scalar => scalar.to_string(),
    }
}
