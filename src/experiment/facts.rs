//! The tables that do not grow with the number of trials: what was asked, and what theory says of it.

use super::study::{Cells, Study, Sweep};
use super::survey::swept_of;
use super::{Cell, Space};
use crate::archive::csv::{write_records, write_table};
use crate::archive::growing::replace_file;
use crate::archive::{ArchiveError, table};
use std::path::Path;

/// Writes them; `cells.csv` keeps the order of the file, the others have that of `order`.
pub fn write<S: Space>(study: &Cells<S>, order: &[usize], into: &Path) -> Result<(), ArchiveError> {
    let text = study.resolved();
    replace_file(&into.join("experiment.toml"), [Ok(text.into_bytes().into())])?;
    let axes = study.sweeps.iter().map(|sweep| sweep.name.clone());
    let header: Vec<String> = ["cell".into(), "arm".into()].into_iter().chain(axes).collect();
    let row = |cell: &Cell<S>| {
        let swept = swept_of(cell);
        let value = |axis: &Sweep| {
            let found = swept.iter().find(|(path, _)| *path == axis.name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let names = [cell.identity.short(), cell.arm.clone()];
        names.into_iter().chain(study.sweeps.iter().map(value)).collect()
    };
    let rows: Vec<Vec<String>> = study.cells.iter().map(row).collect();
    write_records(into, "cells", &header, &rows)?;
    let theory: Vec<_> = order.iter().flat_map(|&c| theory_rows(&study.cells[c])).collect();
    write_table(into, "theory", &theory)
}

/// What theory says of the cell's metrics, in the generations that are measured.
fn theory_rows<S: Space>(cell: &Cell<S>) -> Vec<table::Prediction> {
    let setting = cell.setting();
    let (last, id) = (cell.header.last(), cell.identity.short());
    let measured = (1..=last).filter(|&t| cell.header.measure.includes(t, last));
    let claims = measured.flat_map(|t| setting.claims(t).into_iter().map(move |claim| (t, claim)));
    let mut rows: Vec<_> = claims
        .filter(|(_, claim)| cell.metrics.iter().any(|m| m.label == claim.metric))
        .map(|(generation, claim)| table::Prediction {
            cell: id.clone(),
            arm: cell.arm.clone(),
            generation,
            metric: claim.metric.to_owned(),
            statistic: claim.statistic.to_owned(),
            value: claim.value,
            formula: match claim.rare {
                true => format!("{}; carried by rare trials", claim.formula),
                false => claim.formula.to_owned(),
            },
        })
        .collect();
    rows.sort_by(|a, b| (a.generation, &a.metric).cmp(&(b.generation, &b.metric)));
    rows
}
