//! What is missing → the journal: trials handed out one by one to an explicit pool of threads.

use super::need::Need;
use super::study::Cells;
use super::survey::{Survey, Task, survey};
use super::trial;
use super::unfinished::Desk;
use super::worlds::{OpenWorld, open_worlds};
use super::{Cell, Space, Study};
use crate::archive::ArchiveError;
use crate::archive::growing::replace_file;
use crate::archive::journal::{self, Ending, Form, Keepsake, Trial, Writer, writer::Registered};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    pub done: usize,
    pub of: usize,
}

/// How to run.
#[derive(Clone, Copy)]
pub struct Orders<'a> {
    pub threads: usize,
    pub shard: Option<Shard>,
    /// Whether trials that failed are tried again.
    pub retry_failed: bool,
    /// Whether tables may be made of what there is.
    pub partial: bool,
    pub started: SystemTime,
    /// Set by whoever wants the run to end: no trial begins after that, and lineages that can go on
    /// later end with their generation.
    pub stop: &'a AtomicBool,
    /// How long a lineage runs before its newest generation is kept.
    pub rest_every: Duration,
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Told of every trial that begins; if it panics, so has the trial.
    pub witness: &'a (dyn Fn(&str, u32) + Sync),
}

impl Default for Orders<'_> {
    fn default() -> Self {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Orders {
            threads: 1,
            shard: None,
            retry_failed: false,
            partial: false,
            started: SystemTime::now(),
            stop: &NEVER,
            rest_every: Duration::from_secs(2),
            progress: &|_| (),
            witness: &|_, _| (),
        }
    }
}

/// A share of the trials: the `index`-th of `of`, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    pub index: usize,
    pub of: usize,
}

impl Shard {
    /// Dealt out in turns whatever is done already, so that shards share every cell and every trial.
    fn has(self, task: &Task) -> bool {
        (task.trial as usize + task.cell as usize) % self.of == self.index - 1
    }
}

/// What became of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunReport {
    /// Trials that there are now.
    pub trials: usize,
    pub extinct: usize,
    /// Lineages that could no longer change: they count among those that survived.
    pub absorbed: usize,
    pub failed: usize,
    /// Trials that were run just now.
    pub ran: usize,
    /// Of those, lineages that went on from a generation that was kept.
    pub resumed: usize,
    /// Lineages that had to begin again, since what was kept of them was damaged.
    pub restarted: usize,
    pub is_interrupted: bool,
}

/// A run whose records may still be on their way to the disk, where power cannot take them.
///
/// Dropped, it waits for that; tables may be made of them meanwhile.
pub struct Worked {
    pub report: RunReport,
    _journal: Writer,
}

/// Why a run could not be finished; what finished before is kept.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("{0}")]
    Archive(#[from] ArchiveError),
    #[error("{path}: {reason}", path = .0.path.display(), reason = .0.message)]
    World(Box<super::Complaint>),
    #[error("cannot start {threads} threads: {reason}")]
    Threads { threads: usize, reason: String },
    #[error(
        "adaptive trials are decided on all trials together, and a shard has a part of them: give \
         `trials` a number, or run without `--shard`"
    )]
    AdaptiveShard,
    #[error(
        "{missing} of {asked} trials are missing in {folder}: run what is missing, or make tables of \
         what there is with `--partial`"
    )]
    Incomplete { missing: usize, asked: usize, folder: String },
}

/// Where the request of the newest run lies, for whoever finishes the folder without its file.
pub const REQUEST: &str = "experiment.toml";

/// Runs what is missing, and appends it to the journal.
pub fn work<S: Space>(
    study: &Cells<S>,
    folder: &Path,
    orders: &Orders<'_>,
) -> Result<Worked, RunError> {
    let is_adaptive = study.cells.iter().any(|cell| cell.header.trials.adaptive().is_some());
    if is_adaptive && orders.shard.is_some() {
        return Err(RunError::AdaptiveShard);
    }
    let mut report = RunReport::default();
    let mut retry = orders.retry_failed;
    let writer = Writer::new(&folder.join(journal::FOLDER));
    let desk = Desk::of(folder, orders);
    loop {
        let survey = survey(study, folder, retry)?;
        survey.manifest.write(folder)?;
        let request = folder.join(journal::FOLDER).join(REQUEST);
        replace_file(&request, [Ok(study.resolved().into_bytes().into())])?;
        let is_mine = |task: &&Task| orders.shard.is_none_or(|shard| shard.has(task));
        let tasks: Vec<Task> = survey.tasks.iter().filter(is_mine).copied().collect();
        if tasks.is_empty() {
            report.failed += survey.failed();
            break;
        }
        let (done, failed) = execute(study, &writer, &desk, &survey, &tasks, orders)?;
        report.ran += done;
        report.is_interrupted = done < tasks.len();
        retry = false;
        if report.is_interrupted || !is_adaptive {
            report.failed += survey.failed() + failed;
            break;
        }
    }
    writer.sync_soon();
    (report.resumed, report.restarted) = (desk.resumed.into_inner(), desk.damaged.into_inner());
    if let Some(shelf) = desk.shelf.filter(|_| orders.shard.is_none() && !report.is_interrupted) {
        shelf.sweep()?;
    }
    Ok(Worked { report, _journal: writer })
}

/// Runs these trials; returns how many finished, and how many of them failed.
fn execute<S: Space>(
    study: &Cells<S>,
    writer: &Writer,
    desk: &Desk<'_>,
    survey: &Survey,
    tasks: &[Task],
    orders: &Orders<'_>,
) -> Result<(usize, usize), RunError> {
    let worlds = open_worlds(study, tasks)?;
    let mut forms = BTreeMap::new();
    for task in tasks {
        forms.entry((task.cell, task.need)).or_insert_with(OnceLock::new);
    }
    let failed = AtomicUsize::new(0);
    let crew = Crew { study, survey, worlds, forms, writer, desk, orders, failed };
    // A thread without a trial would only get in the way of the others.
    let threads = orders.threads.min(tasks.len()).max(1);
    let refuse = |error: rayon::ThreadPoolBuildError| RunError::Threads {
        threads,
        reason: error.to_string(),
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(refuse)?;
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let failure: Mutex<Option<ArchiveError>> = Mutex::new(None);
    let is_over = AtomicBool::new(false);
    pool.broadcast(|_| {
        while !is_over.load(Ordering::Relaxed) && !orders.stop.load(Ordering::Relaxed) {
            let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            match crew.run(task) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(error) => {
                    is_over.store(true, Ordering::Relaxed);
                    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                    break;
                }
            }
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            (orders.progress)(Progress { done, of: tasks.len() });
        }
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error.into()),
        None => Ok((done.into_inner(), crew.failed.into_inner())),
    }
}

/// All that the threads of a run share.
struct Crew<'a, S: Space> {
    study: &'a Cells<S>,
    survey: &'a Survey,
    worlds: Vec<Option<Arc<OpenWorld<S>>>>,
    forms: BTreeMap<(u32, u32), OnceLock<Registered>>,
    writer: &'a Writer,
    desk: &'a Desk<'a>,
    orders: &'a Orders<'a>,
    failed: AtomicUsize,
}

impl<S: Space> Crew<'_, S> {
    /// Runs one trial, or takes down the message that it panicked with; false where it was cut off.
    fn run(&self, task: &Task) -> Result<bool, ArchiveError> {
        let (cell, need) =
            (&self.study.cells[task.cell as usize], &self.survey.needs[task.need as usize]);
        let Some(world) = &self.worlds[task.cell as usize] else { return Ok(false) };
        let attempt = || {
            (self.orders.witness)(&cell.arm, task.trial);
            trial::run(cell, world, task.trial, need, self.desk)
        };
        let (trial, kept) = match catch_unwind(AssertUnwindSafe(attempt)) {
            Ok(trial) => match trial? {
                Some(done) => done,
                None => return Ok(false),
            },
            Err(panic) => {
                self.failed.fetch_add(1, Ordering::Relaxed);
                (failed(task.trial, message_of(panic)), None)
            }
        };
        self.record(task, cell, need, &trial, kept.as_ref())?;
        if let Some(shelf) = &self.desk.shelf {
            shelf.clear(&cell.identity.key, task.trial)?;
        }
        Ok(true)
    }

    fn record(
        &self,
        task: &Task,
        cell: &Cell<S>,
        need: &Need,
        trial: &Trial,
        kept: Option<&Keepsake>,
    ) -> Result<(), ArchiveError> {
        let Some(place) = self.forms.get(&(task.cell, task.need)) else { return Ok(()) };
        if place.get().is_none() {
            let metrics: Vec<String> =
                cell.metrics.iter().map(super::identity::metric_key).collect();
            let form = with_constants(need.form(cell, &metrics), trial);
            // Two threads may both be the first: the form of the second is one too many, no harm.
            let _is_taken = place.set(self.writer.register(form)?);
        }
        match place.get() {
            Some(form) => self.writer.record(form, trial, kept),
            None => Ok(()),
        }
    }
}

/// What the world reads at generation 0 is often the same in all trials.
fn with_constants(form: Form, trial: &Trial) -> Form {
    let of_world = form.places().take_while(|(generation, _)| *generation == 0).count();
    let exact = |(i, number): (usize, &Option<(f64, Option<f64>)>)| match number {
        Some((value, None)) => Some((i as u32, *value)),
        _ => None,
    };
    let constants = trial.readings.iter().take(of_world).enumerate().filter_map(exact).collect();
    Form { constants, ..form }
}

fn failed(number: u32, message: String) -> Trial {
    let ending = Ending::Failed { message };
    Trial { number, ending, microseconds: 0, readings: Vec::new(), bred: Vec::new() }
}

/// The words of a panic.
fn message_of(panic: Box<dyn std::any::Any + Send>) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "the trial panicked without a message".into())
}
