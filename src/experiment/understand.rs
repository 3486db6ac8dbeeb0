//! The tables of a file → its cells: arms and axes laid over the base, and what must fit together.

use super::complaint::Complaint;
use super::document::{Document, Table, VARIANTS, Value, overlay, span_of};
use super::study::{ONLY_ARM, Sweep};
use super::sweep::{self, Axis};
use super::{Cell, Party, Space, claims, pictures};
use crate::analysis::claim::Claim;
use toml::Spanned;
use toml::de::{DeString, DeValue};

/// What a document says, without the document.
pub struct Understood<S: Space> {
    pub cells: Vec<Cell<S>>,
    pub has_arms: bool,
    pub sweeps: Vec<Sweep>,
    pub figures: Vec<toml::Value>,
    pub claims: Vec<Claim>,
}

/// Reads all cells of a document.
pub fn understand<S: Space>(document: &Document) -> Result<Understood<S>, Complaint> {
    let mut table = document.tables()?;
    let settings = document.settings()?;
    refuse_settings(document, &settings)?;
    let figures = pictures::take(document, &mut table)?;
    let claims = claims::take(document, &mut table)?;
    VARIANTS.iter().for_each(|key| drop(table.remove(*key)));
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
    refuse_twins(document, &cells)?;
    let parties: Vec<Party> = cells.iter().map(Party::of).collect();
    let axes: Vec<&str> = axes.iter().map(|axis| &*axis.name).collect();
    pictures::check(document, &figures, &parties, &axes)?;
    let figures =
        figures.iter().map(|(picture, _)| toml::Value::Table(picture.to_table())).collect();
    claims::check(document, &claims, &parties)?;
    let claims = claims.into_iter().map(|(claim, _)| claim).collect();
    Ok(Understood { cells, has_arms, sweeps, figures, claims })
}

/// Takes the arms out of a file's tables: each a name and the base with the arm laid over it.
pub fn arms_of<'t>(
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

/// Keys that a file has once, and no cell.
fn refuse_settings(document: &Document, settings: &Table<'_>) -> Result<(), Complaint> {
    for key in ["arms", "sweep", "figures", "claims"].iter().chain(&VARIANTS) {
        if let Some(span) = span_of(settings, &[key]) {
            let message = format!("the command line sets values of cells, and `{key}` is none");
            return Err(document.complain(Some(span), message).with_help("edit the file"));
        }
    }
    Ok(())
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
            return Err(document
                .complain(None, message)
                .with_help("set `trials` once, at the top"));
        }
    }
    Ok(())
}
