//! `collapse collect` and `collapse plot`, and what a command says when it has finished a folder.

use super::interrupt;
use super::outcome::{show_causes, show_last_generation};
use super::run::cores;
use super::screen;
use super::texts::show_texts;
use crate::archive::folder;
use crate::archive::lock::Lock;
use crate::experiment::{Orders, RunReport};
use crate::report;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Why a command ended early.
pub enum End {
    Wrong(String),
    Interrupted,
}

impl<E: std::error::Error> From<E> for End {
    fn from(error: E) -> Self {
        End::Wrong(error.to_string())
    }
}

impl End {
    /// Says it, where that was not said yet.
    pub fn exit(self) -> ExitCode {
        match self {
            End::Wrong(message) => {
                screen::error(&message);
                ExitCode::from(2)
            }
            End::Interrupted => ExitCode::from(interrupt::EXIT),
        }
    }
}

/// Waits for the folder where another run works on it.
pub fn lock(folder: &Path) -> Result<Lock, End> {
    let waiting = |holder: Option<&str>| {
        if let Some(holder) = holder {
            let who = if holder.is_empty() { "another run" } else { holder };
            screen::note(&format!("{who} works on {}: waiting for it", folder.display()));
        }
        !interrupt::is_asked()
    };
    Lock::wait(folder, &waiting)?.ok_or(End::Interrupted)
}

/// Sums a finished folder up: for people, or as one line of JSON.
pub fn show(folder: &Path, report: &RunReport, as_json: bool) -> Result<(), End> {
    if as_json {
        let RunReport { trials, extinct, absorbed, failed, ran, .. } = report;
        let summary = json!({
            "results": folder, "trials": trials, "ran": ran, "absorbed": absorbed,
            "extinct": extinct, "failed": failed,
        });
        screen::say(&summary.to_string());
        return Ok(());
    }
    show_causes(folder)?;
    show_last_generation(folder)?;
    show_texts(folder)?;
    screen::note(&format!("results and figures: {}", folder.display()));
    Ok(())
}

/// Makes the tables of what all shards have left in a folder.
pub fn collect(folder: &Path, is_partial: bool, as_json: bool) -> ExitCode {
    interrupt::listen();
    let collected = || -> Result<RunReport, End> {
        let study = report::study_of(folder)?;
        let folder = folder::open(folder)?;
        let _lock = lock(&folder)?;
        let orders = Orders { threads: cores(), partial: is_partial, ..Orders::default() };
        let report = report::finish(&folder, &*study, &orders)?;
        let RunReport { trials, extinct, failed, .. } = report;
        screen::note(&format!("{trials} trials: {extinct} extinct, {failed} failed"));
        show(&folder, &report, as_json)?;
        Ok(report)
    };
    match collected() {
        Ok(report) => ExitCode::from(u8::from(report.failed > 0)),
        Err(end) => end.exit(),
    }
}

/// Summarises and draws a folder again, and lists its pictures.
pub fn plot(folder: &Path) -> ExitCode {
    if !folder::is_results(folder) {
        let message = "holds no results: name a folder that `collapse run` has written";
        screen::error(&format!("{} {message}", folder.display()));
        return ExitCode::from(2);
    }
    let drawn = || -> Result<Vec<PathBuf>, End> {
        let _lock = lock(folder)?;
        Ok(report::redraw(folder)?)
    };
    match drawn() {
        Ok(pictures) => {
            pictures.iter().for_each(|picture| screen::say(&picture.display().to_string()));
            ExitCode::SUCCESS
        }
        Err(end) => end.exit(),
    }
}
