//! A comparison as one line of JSON; infinite numbers are the texts "inf" and "-inf".

use crate::cli::infinite::object;
use crate::report::compare::Comparison;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub fn text(comparison: &Comparison, folder: &Path, pictures: &[PathBuf]) -> String {
    let lines = comparison.lines.iter().map(|line| {
        let numbers = [
            ("median", line.median),
            ("median_low", line.median_low),
            ("median_high", line.median_high),
        ];
        object(line, &numbers)
    });
    let frontier = comparison
        .frontier
        .iter()
        .map(|row| object(row, &[("loss", Some(row.loss)), ("low", row.low), ("high", row.high)]));
    let settings = &comparison.settings;
    json!({
        "question": comparison.question,
        "baseline": comparison.baseline,
        "alpha": settings.alpha,
        "within": settings.within,
        "resamples": settings.resamples,
        "seed": settings.seed,
        "lines": lines.collect::<Vec<Value>>(),
        "ranks": comparison.ranks.iter().map(|row| object(row, &[])).collect::<Vec<Value>>(),
        "frontier": frontier.collect::<Vec<Value>>(),
        "notes": comparison.notes,
        "folder": folder,
        "pictures": pictures,
    })
    .to_string()
}
