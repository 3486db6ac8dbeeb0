//! Everything that a run used, defaults included, as a file that gives the same run again.

use super::study::{Cells, Sweep};
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

/// The whole experiment: what all arms share at the top, what they differ in under `[arms]`, and the
/// axes under `[sweep]`.
pub fn document<S: Space>(study: &Cells<S>) -> String {
    let mut arms: Vec<(&str, Vec<&Cell<S>>)> = Vec::new();
    for cell in &study.cells {
        match arms.last_mut() {
            Some((arm, cells)) if *arm == cell.arm => cells.push(cell),
            _ => arms.push((&cell.arm, vec![cell])),
        }
    }
    let tables: Vec<Table> = arms.iter().map(|(_, cells)| arm_table(cells)).collect();
    let Some(first) = tables.first() else { return String::new() };
    let shared = |key: &String| tables.iter().all(|table| table.get(key) == first.get(key));
    let mut whole: Table =
        first.iter().filter(|(key, _)| shared(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
    if !study.figures.is_empty() {
        whole.insert("figures".into(), Value::Array(study.figures.clone()));
    }
    if !study.claims.is_empty() {
        let tables = study.claims.iter().filter_map(|claim| Value::try_from(claim).ok());
        whole.insert("claims".into(), Value::Array(tables.collect()));
    }
    if study.has_arms {
        let own = |table: &Table| -> Table {
            let differs = table.iter().filter(|(key, _)| !shared(key));
            differs.map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        let named = arms
            .iter()
            .zip(&tables)
            .map(|((arm, _), table)| ((*arm).to_owned(), Value::Table(own(table))));
        whole.insert("arms".into(), Value::Table(named.collect()));
    }
    if !study.sweeps.is_empty() {
        let as_tables = study.sweeps.iter().any(|sweep| sweep.arms.is_some());
        let axis = |sweep: &Sweep| (sweep.name.clone(), axis(sweep, as_tables));
        let axes = study.sweeps.iter().map(axis);
        whole.insert("sweep".into(), Value::Table(axes.collect()));
    }
    whole.to_string()
}

/// A file has its lists before its tables: so all axes are written alike, or they would change places.
fn axis(sweep: &Sweep, as_table: bool) -> Value {
    let values = Value::Array(sweep.values.clone());
    if !as_table {
        return values;
    }
    let names = |arms: &Vec<String>| arms.iter().cloned().map(Value::String).collect();
    let arms = sweep.arms.as_ref().map(|arms| ("arms".to_owned(), Value::Array(names(arms))));
    Value::Table([("values".to_owned(), values)].into_iter().chain(arms).collect())
}

/// What the cells of an arm share, and the first value of what is swept.
///
/// A default that follows a swept value (offspring follow the founders) is left out, as it was.
fn arm_table<S: Space>(cells: &[&Cell<S>]) -> Table {
    let Some((first, others)) = cells.split_first() else { return Table::new() };
    let table = cell_table(first);
    let follows = |key: &str| {
        let is_swept = |(path, _): &(String, toml::Value)| path.split('.').next() == Some(key);
        let differs = |cell: &&Cell<S>| cell_table(cell).get(key) != table.get(key);
        others.iter().any(differs) && !first.swept.iter().any(is_swept)
    };
    table.iter().filter(|(key, _)| !follows(key)).map(|(k, v)| (k.clone(), v.clone())).collect()
}
