//! `collapse run`: what is missing → the journal → a finished folder.

use super::finish::{End, lock, show};
use super::interrupt::{self, STOP};
use super::meter::Meter;
use super::place::{Choice, Job};
use super::screen;
use super::tell::{tell, tell_damage, tell_decision, tell_resumed};
use crate::archive::folder;
use crate::experiment::{Orders, Progress, RunReport, Shard, Study, Worked};
use crate::model::device::Device;
use crate::report;
use crate::report::bibliography::cited;
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
    /// Where networks are trained; cuda needs a build with the feature `cuda`.
    #[arg(long, value_name = "DEVICE", value_parser = ["cpu", "cuda"], default_value = "cpu")]
    device: String,
    /// Print JSON to standard output, a line for each file.
    #[arg(long, conflicts_with = "bibtex")]
    json: bool,
    /// Print the sources of all that was used, as BibTeX, instead of results.
    #[arg(long)]
    bibtex: bool,
}

fn shard(text: &str) -> Result<Shard, String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match parts {
        Some((index, of)) if (1..=of).contains(&index) => Ok(Shard { index, of }),
        _ => Err("a share is written I/N with 1 ≤ I ≤ N, such as 2/3".into()),
    }
}

impl How {
    /// On so many threads, or on all cores.
    pub fn on(jobs: Option<u16>) -> Self {
        let device = "cpu".to_owned();
        How { jobs, shard: None, retry_failed: false, device, json: false, bibtex: false }
    }

    fn threads(&self) -> usize {
        self.jobs.map_or_else(cores, usize::from)
    }
}

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Runs every file. All of them are read and checked before the first one runs.
pub fn run(files: &[PathBuf], choice: &Choice, how: &How) -> ExitCode {
    let jobs = match choice.open_all(files) {
        Ok(jobs) => jobs,
        Err(code) => return code,
    };
    let device = if how.device == "cuda" { Device::Cuda } else { Device::Cpu };
    if let Err(error) = device.choose() {
        screen::error(&error.to_string());
        return ExitCode::from(2);
    }
    interrupt::listen();
    let mut failed = 0;
    for job in &jobs {
        match run_one(job, how) {
            Ok(report) => failed += report.failed,
            Err(end) => return end.exit(),
        }
    }
    ExitCode::from(u8::from(failed > 0))
}

fn run_one(job: &Job, how: &How) -> Result<RunReport, End> {
    screen::note(&format!("{}: {}", job.file.display(), job.study.question()));
    if how.shard.is_some() {
        return run_shard(job, &folder::open(&job.target)?, how);
    }
    let report = finish(job, how)?;
    let sources = job.study.sources();
    let works = cited(sources.iter().map(String::as_str));
    if how.bibtex {
        let entries: Vec<&str> = works.iter().map(|work| work.entry).collect();
        screen::say(&entries.join("\n\n"));
        return Ok(report);
    }
    show(&job.target, &report, how.json)?;
    if !works.is_empty() {
        let keys: Vec<&str> = works.iter().map(|work| work.key).collect();
        screen::note(&format!("used: {} (`--bibtex` prints them)", keys.join(", ")));
    }
    Ok(report)
}

/// Runs what is missing of a file, and makes its tables and figures where they are not there yet.
pub fn finish(job: &Job, how: &How) -> Result<RunReport, End> {
    let started = Instant::now();
    let study = &*job.study;
    let folder = folder::open(&job.target)?;
    let _lock = lock(&folder)?;
    let survey = study.survey(&folder, how.retry_failed)?;
    tell(&survey);
    if report::is_finished(&folder, study, &survey) {
        screen::note("nothing to do: all trials are there, and tables and figures are theirs");
        let (trials, failed) = (survey.trials.iter().sum(), survey.failed());
        return Ok(RunReport { trials, failed, ..RunReport::default() });
    }
    drop(survey);
    let worked = work(study, &folder, how)?;
    tell_decision(&study.survey(&folder, false)?);
    let orders = Orders { threads: how.threads(), ..Orders::default() };
    let RunReport { ran, resumed, restarted, .. } = worked.report;
    let report = RunReport { ran, resumed, restarted, ..report::finish(&folder, study, &orders)? };
    let RunReport { trials, extinct, absorbed, failed, ran, .. } = report;
    let absorbed = if absorbed > 0 { format!(", {absorbed} absorbed") } else { String::new() };
    screen::note(&format!(
        "{trials} trials ({ran} now, in {:.1} s on {} threads): {} survived{absorbed}, {extinct} extinct, {failed} failed",
        started.elapsed().as_secs_f64(),
        how.threads(),
        trials - extinct - report.absorbed - failed
    ));
    Ok(report)
}

/// Shards work side by side, without a lock, and make no tables.
fn run_shard(job: &Job, folder: &Path, how: &How) -> Result<RunReport, End> {
    let started = Instant::now();
    // What is missing is mostly the other shards' work.
    tell_damage(&job.study.survey(folder, how.retry_failed)?);
    let worked = work(&*job.study, folder, how)?.report;
    screen::note(&format!("{} trials in {:.1} s", worked.ran, started.elapsed().as_secs_f64()));
    screen::note(&format!("after all shards: collapse collect {}", job.target.display()));
    Ok(worked)
}

/// Runs what is missing, and shows how far it is.
fn work(study: &dyn Study, folder: &Path, how: &How) -> Result<Worked, End> {
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
    let worked = study.work(folder, &orders);
    meter.finish();
    let worked = worked?;
    tell_resumed(&worked.report);
    if worked.report.is_interrupted {
        let kept = "finished ones are kept, and the same command goes on from here";
        screen::note(&format!("interrupted after {} trials: {kept}", worked.report.ran));
        return Err(End::Interrupted);
    }
    Ok(worked)
}
