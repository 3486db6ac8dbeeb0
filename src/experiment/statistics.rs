//! What an experiment whose samples are never drawn can ask for: nothing that needs single samples.

use super::choice::{DRAW_SAMPLES, find};
use super::document::{Document, Table, span_of};
use super::{Cell, Complaint, Header, Sampling, Space};
use crate::regime;
use std::ops::Range;

/// All cells of a file live in one space, and statistics have no curators.
pub fn check_space<S: Space>(
    document: &Document,
    table: &Table<'_>,
    header: &Header,
) -> Result<(), Complaint> {
    if S::HAS_SAMPLES != (header.samples == Sampling::Drawn) {
        let message = "some cells draw samples and others statistics";
        let span = span_of(table, &["samples"]);
        return Err(document.complain(span, message).with_help("give each a file of its own"));
    }
    match find(table, "curation") {
        Some(curation) if !S::HAS_SAMPLES => {
            let message = "curators need samples, and only their statistics are drawn";
            let help = format!("leave `curation` out, or {DRAW_SAMPLES}");
            Err(document.complain(Some(curation.span()), message).with_help(help))
        }
        _ => Ok(()),
    }
}

/// Of a statistic, a regime takes all or nothing.
pub fn check_regime<S: Space>(
    cell: &Cell<S>,
    document: &Document,
    span: Option<Range<usize>>,
) -> Result<(), Complaint> {
    if S::HAS_SAMPLES {
        return Ok(());
    }
    let (sizes, last) = (cell.sizes(), cell.header.last());
    regime::undivided(&*cell.regime.value, &sizes, last).map_err(|division| {
        let name = cell.regime.entry.name;
        let message = format!(
            "regime `{name}` chooses among samples, and only statistics are drawn: {division}"
        );
        let is_whole = |value: &dyn regime::Regime| regime::undivided(value, &sizes, last).is_ok();
        let all = regime::ALL.iter().filter(|entry| entry.name != name);
        let possible = all.filter(|entry| entry.default().is_some_and(|it| is_whole(&*it.value)));
        let possible: Vec<&str> = possible.map(|entry| entry.name).collect();
        let help = format!("choose one of {}; or {DRAW_SAMPLES}", possible.join(", "));
        document.complain(span, message).with_help(help)
    })
}
