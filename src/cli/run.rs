//! `collapse run`: experiment files → results folders.

use super::screen;
use crate::archive::csv::read_table;
use crate::archive::folder::Staging;
use crate::archive::table::{Cell, Outcome, Summary};
use crate::experiment::{self, RunReport, Study};
use crate::report;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// Runs every file. All of them are read and checked before the first one runs.
pub fn run(files: &[PathBuf], out: Option<&Path>, jobs: Option<u16>) -> ExitCode {
    let mut studies: Vec<(PathBuf, Box<dyn Study>)> = Vec::new();
    for file in files {
        match experiment::open(file) {
            Ok(study) => studies.push((target(file, out), study)),
            Err(complaint) => {
                screen::complain(&complaint);
                return ExitCode::from(2);
            }
        }
    }
    for (i, (target, _)) in studies.iter().enumerate() {
        let clash =
            |(other, _): &&(PathBuf, _)| other.starts_with(target) || target.starts_with(other);
        if let Some((other, _)) = studies[..i].iter().find(clash) {
            let outer = if target.starts_with(other) { other } else { target };
            screen::error(&format!(
                "two files would write {}: rename one of them, or give each an `--out` of its own",
                outer.display()
            ));
            return ExitCode::from(2);
        }
    }
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = jobs.map_or_else(cores, usize::from);
    let mut failed = 0;
    for (file, (target, study)) in files.iter().zip(&studies) {
        match run_one(file, study.as_ref(), target, threads) {
            Ok(report) => failed += report.failed,
            Err(message) => {
                screen::error(&message);
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::from(u8::from(failed > 0))
}

/// `results/<path below experiments/, without extension>`, or the file's stem where it lies
/// elsewhere; `--out DIR` puts that folder into DIR.
fn target(file: &Path, out: Option<&Path>) -> PathBuf {
    let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let parts: Vec<_> = whole.components().collect();
    let below = parts.iter().rposition(|part| part.as_os_str() == "experiments");
    let name = match below {
        Some(i) if i + 1 < parts.len() => parts[i + 1..].iter().collect::<PathBuf>(),
        _ => PathBuf::from(whole.file_name().unwrap_or_default()),
    };
    out.unwrap_or(Path::new("results")).join(name.with_extension(""))
}

fn run_one(
    file: &Path,
    study: &dyn Study,
    target: &Path,
    threads: usize,
) -> Result<RunReport, String> {
    let started = Instant::now();
    screen::note(&format!("{}: {}", file.display(), study.question()));
    let staging = Staging::begin(target).map_err(|error| error.to_string())?;
    let meter = screen::Meter::new();
    let progress = |progress: experiment::Progress| meter.show(progress.done, progress.of);
    let report = study.run(staging.path(), threads, &progress);
    meter.finish();
    let report = report.map_err(|error| error.to_string())?;
    report::finish(staging.path()).map_err(|error| error.to_string())?;
    staging.commit().map_err(|error| error.to_string())?;
    let seconds = started.elapsed().as_secs_f64();
    let RunReport { trials, extinct, failed } = report;
    screen::note(&format!(
        "{trials} trials in {seconds:.1} s on {threads} threads: {} survived, {extinct} extinct, {failed} failed",
        trials - extinct - failed
    ));
    show_causes(target)?;
    show_last_generation(target)?;
    screen::note(&format!("results and figures: {}", target.display()));
    Ok(report)
}

/// Prints why lineages ended early, where any did: the commonest cause of each outcome.
fn show_causes(target: &Path) -> Result<(), String> {
    let rows: Vec<Outcome> = read_table(target, "outcomes").map_err(|error| error.to_string())?;
    let mut causes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.outcome != "survived") {
        *causes.entry((&row.outcome, &row.cause)).or_default() += 1;
    }
    for outcome in ["extinct", "failed"] {
        let of = causes.iter().filter(|((name, _), _)| *name == outcome);
        if let Some(((_, cause), count)) = of.max_by_key(|(_, count)| **count) {
            screen::note(&format!("  {outcome}, {count} times: {cause} (all in outcomes.csv)"));
        }
    }
    Ok(())
}

/// Prints the medians of each arm's last generation with any lineage alive, one line a metric.
fn show_last_generation(target: &Path) -> Result<(), String> {
    let cells: Vec<Cell> = read_table(target, "cells").map_err(|error| error.to_string())?;
    let rows: Vec<Summary> = read_table(target, "summary").map_err(|error| error.to_string())?;
    let shown = |value: Option<f64>| value.map(screen::number).unwrap_or_default();
    let mut lines = Vec::new();
    for cell in &cells {
        let here = || rows.iter().filter(|row| row.cell == cell.cell && row.arm == cell.arm);
        let last = here().filter(|row| row.alive > 0).map(|row| row.generation).max();
        // A metric that does not exist for this world and model has nothing to show.
        let exists = |row: &&Summary| row.median.is_some();
        for row in here().filter(|row| Some(row.generation) == last).filter(exists) {
            lines.push(vec![
                row.arm.clone(),
                row.generation.to_string(),
                row.metric.clone(),
                shown(row.median),
                shown(row.median_low),
                shown(row.median_high),
                format!("{}/{}", row.alive, row.trials),
            ]);
        }
    }
    let header = ["arm", "generation", "metric", "median", "low", "high", "alive"];
    screen::say("last generation, medians with 95 % intervals");
    screen::say(&screen::table(&header, &lines));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_mirror_the_experiments_folder() {
        let at = |file: &str, out| target(Path::new(file), out);
        assert_eq!(at("experiments/a.toml", None), Path::new("results/a"));
        assert_eq!(at("x/experiments/papers/b/c.toml", None), Path::new("results/papers/b/c"));
        assert_eq!(at("elsewhere/d.toml", Some(Path::new("o"))), Path::new("o/d"));
    }
}
