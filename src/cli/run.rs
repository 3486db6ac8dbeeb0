//! `collapse run` and `collapse collect`: what is missing → the journal → a finished folder.

use super::interrupt::{self, STOP};
use super::meter::Meter;
use super::outcome::{show_causes, show_last_generation};
use super::place::{Choice, Job};
use super::screen;
use crate::archive::folder;
use crate::archive::lock::Lock;
use crate::experiment::{Orders, Progress, RunReport, Shard, Survey};
use crate::report;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// How to run.
#[derive(Debug, Clone, clap::Args)]
pub struct How {
    /// Threads to run trials on; left out: one for each core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    jobs: Option<u16>,
    /// Run a share of the trials, the I-th of N; `collapse collect` makes the tables of all shares.
    ///
    /// Any number of processes, also on several machines that share a file system, may work on one
    /// folder like this at the same time.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<Shard>,
    /// Try trials again that failed.
    #[arg(long)]
    retry_failed: bool,
}

fn shard(text: &str) -> Result<Shard, String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match parts {
        Some((index, of)) if (1..=of).contains(&index) => Ok(Shard { index, of }),
        _ => Err("a share is written I/N with 1 ≤ I ≤ N, such as 2/3".into()),
    }
}

impl How {
    fn threads(&self) -> usize {
        self.jobs.map_or_else(cores, usize::from)
    }
}

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Why a run ended early.
enum End {
    Wrong(String),
    Interrupted,
}

impl<E: std::error::Error> From<E> for End {
    fn from(error: E) -> Self {
        End::Wrong(error.to_string())
    }
}

/// Runs every file. All of them are read and checked before the first one runs.
pub fn run(files: &[PathBuf], choice: &Choice, how: &How) -> ExitCode {
    let jobs = match choice.open_all(files) {
        Ok(jobs) => jobs,
        Err(code) => return code,
    };
    interrupt::listen();
    let mut failed = 0;
    for job in &jobs {
        match run_one(job, how) {
            Ok(report) => failed += report.failed,
            Err(end) => return exit(end),
        }
    }
    ExitCode::from(u8::from(failed > 0))
}

fn exit(end: End) -> ExitCode {
    match end {
        End::Wrong(message) => {
            screen::error(&message);
            ExitCode::from(2)
        }
        End::Interrupted => ExitCode::from(interrupt::EXIT),
    }
}

fn run_one(job: &Job, how: &How) -> Result<RunReport, End> {
    let started = Instant::now();
    let study = &*job.study;
    screen::note(&format!("{}: {}", job.file.display(), study.question()));
    let folder = folder::open(&job.target)?;
    // Shards work side by side, and make no tables.
    let _lock = if how.shard.is_none() { Some(lock(&folder)?) } else { None };
    let survey = study.survey(&folder, how.retry_failed)?;
    match how.shard {
        // What is missing is mostly the other shards' work.
        Some(_) => tell_damage(&survey),
        None => tell(&survey),
    }
    if how.shard.is_none() && report::is_finished(&folder, study, &survey) {
        screen::note("nothing to do: all trials are there, and tables and figures are theirs");
        return show(&job.target, RunReport { failed: survey.failed(), ..RunReport::default() });
    }
    drop(survey);
    let meter = Meter::new();
    let progress = |progress: Progress| meter.show(progress);
    let orders = Orders {
        threads: how.threads(),
        shard: how.shard,
        retry_failed: how.retry_failed,
        stop: &STOP,
        progress: &progress,
        ..Orders::default()
    };
    let worked = study.work(&folder, &orders);
    meter.finish();
    let worked = worked?;
    if worked.is_interrupted {
        let kept = "the finished ones are kept; the same command goes on from here";
        screen::note(&format!("interrupted after {} trials: {kept}", worked.ran));
        return Err(End::Interrupted);
    }
    let seconds = started.elapsed().as_secs_f64();
    if let Some(Shard { index, of }) = how.shard {
        screen::note(&format!("shard {index}/{of}: {} trials in {seconds:.1} s", worked.ran));
        screen::note(&format!("after all shards: collapse collect {}", job.target.display()));
        return Ok(worked);
    }
    tell_decision(&study.survey(&folder, false)?);
    let report = report::finish(&folder, study, &orders)?;
    let RunReport { trials, extinct, failed, .. } = report;
    let seconds = started.elapsed().as_secs_f64();
    screen::note(&format!(
        "{trials} trials ({} now, in {seconds:.1} s on {} threads): {} survived, {extinct} extinct, {failed} failed",
        worked.ran,
        how.threads(),
        trials - extinct - failed
    ));
    show(&job.target, report)
}

/// Waits for the folder where another run works on it.
fn lock(folder: &Path) -> Result<Lock, End> {
    let waiting = |holder: Option<&str>| {
        if let Some(holder) = holder {
            let who = if holder.is_empty() { "another run" } else { holder };
            screen::note(&format!("{who} works on {}: waiting for it", folder.display()));
        }
        !interrupt::is_asked()
    };
    Lock::wait(folder, &waiting)?.ok_or(End::Interrupted)
}

/// Says what is missing and why, and what is damaged.
pub fn tell(survey: &Survey) {
    tell_damage(survey);
    let there: usize = survey.cells.iter().map(|cell| cell.complete).sum();
    if there > 0 && survey.missing() > 0 {
        screen::note(&format!("  {there} trials are there"));
    }
    for (reason, trials, cells) in &survey.reasons {
        let (trials, cells) = (plural(*trials, "trial"), plural(*cells, "cell"));
        screen::note(&format!("  to run, {trials} of {cells}: {reason}"));
    }
}

fn tell_damage(survey: &Survey) {
    for damage in &survey.damage {
        let what = if damage.is_torn { "a record was not finished" } else { "records are damaged" };
        screen::note(&format!(
            "  journal/{}: {what}, bytes {} to {}; what they held is run again",
            damage.file, damage.from, damage.to
        ));
    }
}

fn plural(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Says what adaptive replication spent.
fn tell_decision(survey: &Survey) {
    let Some(decision) = &survey.decision else { return };
    let width = decision.half_width.map_or("unknown".into(), screen::number);
    let how = if decision.is_met { "narrow enough" } else { "not narrow enough" };
    screen::note(&format!(
        "adaptive: {} of at most {} trials in each of {}; the widest half-width is {width}, {how}",
        decision.trials,
        survey.most,
        plural(survey.cells.len(), "cell")
    ));
}

fn show(target: &Path, report: RunReport) -> Result<RunReport, End> {
    show_causes(target)?;
    show_last_generation(target)?;
    screen::note(&format!("results and figures: {}", target.display()));
    Ok(report)
}

/// Makes the tables of what all shards have left in a folder.
pub fn collect(folder: &Path, is_partial: bool) -> ExitCode {
    interrupt::listen();
    let collected = || -> Result<RunReport, End> {
        let study = report::study_of(folder)?;
        let folder = folder::open(folder)?;
        let _lock = lock(&folder)?;
        let orders = Orders { threads: cores(), partial: is_partial, ..Orders::default() };
        let report = report::finish(&folder, &*study, &orders)?;
        screen::note(&format!("{} trials: {} extinct, {} failed", report.trials, report.extinct, report.failed));
        show(&folder, report)
    };
    match collected() {
        Ok(report) => ExitCode::from(u8::from(report.failed > 0)),
        Err(end) => exit(end),
    }
}

/// Draws a folder again.
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
        Err(end) => exit(end),
    }
}
