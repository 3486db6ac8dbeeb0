//! What a finished folder is summed up with on the screen.

use super::screen;
use crate::archive::ArchiveError;
use crate::archive::csv::{read_records, stream_table};
use crate::archive::table::{Outcome, Summary};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// More lines than this are left to the tables.
const MOST_LINES: usize = 40;

/// Prints why lineages ended early, where any did: the commonest cause of each outcome.
pub fn show_causes(target: &Path) -> Result<(), ArchiveError> {
    let mut causes: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in stream_table::<Outcome>(target, "outcomes")? {
        let row = row?;
        if ["extinct", "failed"].contains(&&*row.outcome) {
            *causes.entry((row.outcome, row.cause)).or_default() += 1;
        }
    }
    for outcome in ["extinct", "failed"] {
        let of = causes.iter().filter(|((name, _), _)| name == outcome);
        if let Some(((_, cause), count)) = of.max_by_key(|(_, count)| **count) {
            screen::note(&format!("  {outcome}, {count} times: {cause} (all in outcomes.csv)"));
        }
    }
    Ok(())
}

/// Prints the medians of each cell's last generation with any lineage alive, one line a metric.
pub fn show_last_generation(target: &Path) -> Result<(), ArchiveError> {
    let (header, cells) = read_records(target, "cells")?;
    let last = last_generations(target)?;
    let mut lines = Vec::new();
    for cell in &cells {
        let key = (cell[0].clone(), cell[1].clone());
        // A metric that does not exist for this world and model has nothing to show.
        let rows = last.get(&key).into_iter().flatten().filter(|row| row.median.is_some());
        for row in rows {
            let shown = |value: Option<f64>| value.map(screen::number).unwrap_or_default();
            let numbers = [
                row.generation.to_string(),
                row.metric.clone(),
                shown(row.median),
                shown(row.median_low),
                shown(row.median_high),
                format!("{}/{}", row.alive, row.trials),
            ];
            lines.push(cell[1..].iter().cloned().chain(numbers).collect());
        }
    }
    let swept = header[2..].iter().map(|path| path.rsplit('.').next().unwrap_or(path));
    let columns = ["generation", "metric", "median", "low", "high", "alive"];
    let columns: Vec<&str> = ["arm"].into_iter().chain(swept).chain(columns).collect();
    screen::say("last generation, medians with 95 % intervals");
    let more = lines.len().saturating_sub(MOST_LINES);
    lines.truncate(MOST_LINES);
    screen::say(&screen::table(&columns, &lines));
    if more > 0 {
        screen::say(&format!("… and {more} lines more in summary.csv"));
    }
    Ok(())
}

/// The rows of each cell's last generation that any lineage lived to see.
fn last_generations(
    target: &Path,
) -> Result<HashMap<(String, String), Vec<Summary>>, ArchiveError> {
    let mut last: HashMap<(String, String), Vec<Summary>> = HashMap::new();
    for row in stream_table::<Summary>(target, "summary")? {
        let row = row?;
        let rows = last.entry((row.cell.clone(), row.arm.clone())).or_default();
        if row.alive > 0 {
            rows.retain(|known| known.generation >= row.generation);
            rows.push(row);
        }
    }
    Ok(last)
}
