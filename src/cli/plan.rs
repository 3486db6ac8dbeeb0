//! `collapse plan` and `collapse status`: what a run would do, and how far one is.

use super::meter::duration;
use super::place::Choice;
use super::run::cores;
use super::screen;
use super::tell::tell;
use crate::experiment::{CellSurvey, Estimate, Survey, bytes};
use crate::report::{self, Status};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// More cells than this are summed up.
const MOST_CELLS: usize = 30;

/// Says what a run of a file would do; runs nothing but a probe.
pub fn plan(file: &Path, choice: &Choice, jobs: Option<u16>, as_json: bool) -> ExitCode {
    let job = match choice.open(file) {
        Ok(job) => job,
        Err(code) => return code,
    };
    let threads = jobs.map_or_else(cores, usize::from);
    let planned = job.study.survey(&job.target, false).and_then(|survey| {
        let estimate = job.study.estimate(&survey, threads)?;
        Ok((survey, estimate))
    });
    let (survey, estimate) = match planned {
        Ok(planned) => planned,
        Err(error) => {
            screen::error(&error.to_string());
            return ExitCode::from(2);
        }
    };
    if as_json {
        screen::say(&plan_json(&job.target, &survey, &estimate).to_string());
        return ExitCode::SUCCESS;
    }
    screen::note(&format!("{}: {}", job.file.display(), job.study.question()));
    tell(&survey);
    screen::say(&cells_table(&survey.cells));
    show_estimate(&survey, &estimate, threads);
    screen::say(&format!("results: {}", job.target.display()));
    ExitCode::SUCCESS
}

fn show_estimate(survey: &Survey, estimate: &Estimate, threads: usize) {
    let asked: usize = survey.trials.iter().sum();
    let cached: usize = survey.cells.iter().map(|cell| cell.complete).sum();
    let cells = survey.cells.len();
    screen::say(&format!(
        "{cells} cells, {asked} trials: {cached} there, {} failed, {} to run",
        survey.failed(),
        survey.missing()
    ));
    if survey.most > survey.trials.iter().copied().max().unwrap_or(0) {
        screen::say(&format!("adaptive: up to {} trials a cell", survey.most));
    }
    let source = if estimate.is_tried {
        "from a few generations tried now"
    } else {
        "from trials that are there"
    };
    let time = match survey.missing() {
        0 => "no time".into(),
        _ => format!(
            "about {} of trials on {threads} threads ({source})",
            duration(estimate.seconds)
        ),
    };
    screen::say(&format!(
        "{time}, at most {} of memory, about {} of disk",
        bytes(estimate.memory_bytes),
        bytes(estimate.disk_bytes)
    ));
}

fn cells_table(cells: &[CellSurvey]) -> String {
    let axes: Vec<&str> = axes(cells.iter().map(|cell| &cell.swept));
    let line = |cell: &CellSurvey| {
        let numbers = [cell.asked, cell.complete, cell.failed];
        line_of(&cell.arm, &cell.swept, &axes, &numbers.map(|n| n.to_string()))
    };
    let lines: Vec<Vec<String>> = cells.iter().take(MOST_CELLS).map(line).collect();
    table(&axes, &["trials", "there", "failed"], &lines, cells.len())
}

/// All swept paths, in the order of their first appearance.
fn axes<'a>(cells: impl Iterator<Item = &'a Vec<(String, String)>>) -> Vec<&'a str> {
    let mut axes: Vec<&str> = Vec::new();
    for (path, _) in cells.flatten() {
        if !axes.contains(&path.as_str()) {
            axes.push(path);
        }
    }
    axes
}

fn line_of(
    arm: &str,
    swept: &[(String, String)],
    axes: &[&str],
    numbers: &[String],
) -> Vec<String> {
    let value = |axis: &&str| {
        let found = swept.iter().find(|(path, _)| path == axis);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let arm = [arm.to_owned()].into_iter();
    arm.chain(axes.iter().map(value)).chain(numbers.iter().cloned()).collect()
}

fn table(axes: &[&str], numbers: &[&str], lines: &[Vec<String>], cells: usize) -> String {
    let header: Vec<&str> =
        ["arm"].into_iter().chain(axes.iter().copied()).chain(numbers.iter().copied()).collect();
    let table = screen::table(&header, lines);
    match cells.saturating_sub(lines.len()) {
        0 => table,
        more => format!("{table}\n… and {more} cells more"),
    }
}

fn plan_json(target: &Path, survey: &Survey, estimate: &Estimate) -> Value {
    let cells = survey.cells.iter().map(|cell| {
        json!({
            "cell": cell.id, "arm": cell.arm, "swept": swept_json(&cell.swept),
            "trials": cell.asked, "cached": cell.complete, "failed": cell.failed,
        })
    });
    let reasons = survey.reasons.iter().map(
        |(reason, trials, cells)| json!({ "reason": reason, "trials": trials, "cells": cells }),
    );
    json!({
        "results": target, "cells": cells.collect::<Vec<_>>(),
        "trials": survey.trials.iter().sum::<usize>(), "missing": survey.missing(),
        "most_trials_per_cell": survey.most, "reasons": reasons.collect::<Vec<_>>(),
        "seconds": estimate.seconds, "thread_seconds": estimate.thread_seconds,
        "memory_bytes": estimate.memory_bytes, "disk_bytes": estimate.disk_bytes,
    })
}

fn swept_json(swept: &[(String, String)]) -> Value {
    Value::Object(swept.iter().map(|(path, value)| (path.clone(), json!(value))).collect())
}

/// Says how far one results folder is, or all below `results/`.
pub fn status(folder: Option<&Path>, as_json: bool) -> ExitCode {
    let all = match folder {
        Some(folder) => vec![folder.to_owned()],
        None => folders(Path::new("results")),
    };
    if all.is_empty() {
        screen::error("there are no results below results/: name a folder, or run an experiment");
        return ExitCode::from(2);
    }
    let mut documents = Vec::new();
    for place in &all {
        match report::status(place) {
            Ok(status) if as_json => documents.push(status_json(place, &status)),
            Ok(status) => show_status(place, &status, folder.is_some()),
            Err(error) => {
                screen::error(&error.to_string());
                return ExitCode::from(2);
            }
        }
    }
    if as_json {
        let one = folder.is_some().then(|| documents.pop()).flatten();
        screen::say(&one.unwrap_or(Value::Array(documents)).to_string());
    }
    ExitCode::SUCCESS
}

/// Results folders below a folder, in the order of their names.
fn folders(below: &Path) -> Vec<PathBuf> {
    let (mut found, mut left) = (Vec::new(), vec![below.to_owned()]);
    while let Some(folder) = left.pop() {
        if folder.join("journal/manifest.json").is_file() {
            found.push(folder);
            continue;
        }
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        left.extend(entries.map(|entry| entry.path()).filter(|path| path.is_dir()));
    }
    found.sort();
    found
}

fn show_status(place: &Path, status: &Status, in_full: bool) {
    let (done, asked) = (status.done(), status.asked());
    let up_to = if status.cells.iter().any(|cell| cell.is_adaptive) { "up to " } else { "" };
    let failed = match status.failed() {
        0 => String::new(),
        n => format!(", {n} failed"),
    };
    let pace = match (status.is_running, status.rate) {
        (true, Some(rate)) if rate > 0.0 => {
            let left = f64::from(asked.saturating_sub(done)) / rate;
            format!(", running: {} a second, {} left", screen::number(rate), duration(left))
        }
        (true, _) => ", running".into(),
        (false, _) => match status.quiet_for {
            Some(quiet) => format!(", last record {} ago", duration(quiet.as_secs_f64())),
            None => String::new(),
        },
    };
    screen::say(&format!("{}: {done} of {up_to}{asked} trials{failed}{pace}", place.display()));
    if !in_full {
        return;
    }
    let axes = axes(status.cells.iter().map(|cell| &cell.swept));
    let line = |cell: &report::CellStatus| {
        let numbers = [cell.asked, cell.done, cell.failed].map(|n| n.to_string());
        line_of(&cell.arm, &cell.swept, &axes, &numbers)
    };
    let lines: Vec<Vec<String>> = status.cells.iter().take(MOST_CELLS).map(line).collect();
    screen::say(&table(&axes, &["trials", "done", "failed"], &lines, status.cells.len()));
    for damage in status.damage.iter().filter(|damage| !(damage.is_torn && status.is_running)) {
        let (file, from, to) = (&damage.file, damage.from, damage.to);
        screen::say(&format!("journal/{file}: bytes {from} to {to} are no good record"));
    }
}

fn status_json(place: &Path, status: &Status) -> Value {
    let cells = status.cells.iter().map(|cell| {
        json!({
            "arm": cell.arm, "swept": swept_json(&cell.swept), "trials": cell.asked,
            "done": cell.done, "failed": cell.failed, "adaptive": cell.is_adaptive,
        })
    });
    json!({
        "results": place, "question": status.question, "trials": status.asked(),
        "done": status.done(), "failed": status.failed(), "running": status.is_running,
        "trials_per_second": status.rate, "damaged": status.damage.len(),
        "quiet_seconds": status.quiet_for.map(|quiet| quiet.as_secs_f64()),
        "cells": cells.collect::<Vec<_>>(),
    })
}
