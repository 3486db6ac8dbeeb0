//! What a results folder has of what an experiment asks, what is missing, and why.

use super::identity::{difference, metric_key};
use super::need::{Asked, Need, Standing};
use super::run::RunError;
use super::study::{Cells, Study};
use super::{Cell, Space};
use crate::archive::journal::{Damage, Found, Journal};
use crate::archive::manifest::{self, Manifest};
use crate::archive::{ArchiveError, provenance};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Everything that is there, and everything that is not.
pub struct Survey {
    pub cells: Vec<CellSurvey>,
    /// Trials of every cell that are asked for now; adaptive replication may ask for more.
    pub trials: Vec<usize>,
    /// The most that adaptive replication can ask for.
    pub most: usize,
    /// What it decided: the trials that it took, and the widest half-width there.
    pub decision: Option<Decision>,
    /// Why trials are missing, each with their number and that of their cells.
    pub reasons: Vec<(String, usize, usize)>,
    /// Damage of the journal that has not been reported before.
    pub damage: Vec<Damage>,
    pub(super) tasks: Vec<Task>,
    pub(super) needs: Vec<Need>,
    pub(super) journal: Journal,
    pub(super) manifest: Manifest,
}

/// How far one cell is.
#[derive(Clone, Debug, PartialEq)]
pub struct CellSurvey {
    pub id: String,
    pub arm: String,
    /// Swept paths and their values.
    pub swept: Vec<(String, String)>,
    pub asked: usize,
    pub complete: usize,
    pub failed: usize,
}

/// What adaptive replication decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub trials: usize,
    /// The widest interval of any cell; none where one has no interval.
    pub half_width: Option<f64>,
    pub is_met: bool,
}

/// One trial to run, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    pub cell: u32,
    pub trial: u32,
    pub need: u32,
}

impl Survey {
    pub fn missing(&self) -> usize {
        self.tasks.len()
    }

    /// Names and lengths of the journal's files.
    pub fn journal_files(&self) -> &[(String, u64)] {
        &self.journal.lengths
    }

    pub fn failed(&self) -> usize {
        self.cells.iter().map(|cell| cell.failed).sum()
    }
}

/// Looks at a results folder; `retry` asks again for trials that failed.
pub fn survey<S: Space>(study: &Cells<S>, folder: &Path, retry: bool) -> Result<Survey, RunError> {
    let journal = Journal::read(folder)?;
    let former = Manifest::read(folder)?;
    let manifest = manifest_of(study, former.as_ref(), &journal.damage);
    if let Some(former) = &former
        && !former.belongs_to(&manifest)
    {
        let (folder, source_file) = (folder.to_owned(), former.source.clone());
        return Err(ArchiveError::OtherExperiment { folder, source_file }.into());
    }
    let is_new = |damage: &&Damage| former.as_ref().is_none_or(|former| !former.knows(damage));
    let damage: Vec<Damage> = journal.damage.iter().filter(is_new).cloned().collect();
    let (trials, decision) = super::decide::trials(study, &journal, retry)?;
    let most = study.cells.iter().map(|cell| cell.header.trials.most()).max().unwrap_or(0);
    let mut survey = Survey {
        cells: Vec::new(),
        trials,
        most,
        decision,
        reasons: Vec::new(),
        damage,
        tasks: Vec::new(),
        needs: Vec::new(),
        journal,
        manifest,
    };
    let mut inspector =
        Inspector { former, retry, needs: HashMap::new(), reasons: BTreeMap::new() };
    for (c, cell) in study.cells.iter().enumerate() {
        inspector.inspect(&mut survey, c, cell);
    }
    // Trial by trial, so that an interrupted run has the first trials of every cell.
    survey.tasks.sort_by_key(|task| (task.trial, task.cell));
    let told = inspector.reasons.into_iter();
    survey.reasons = told.map(|(reason, (trials, cells))| (reason, trials, cells)).collect();
    Ok(survey)
}

struct Inspector {
    former: Option<Manifest>,
    retry: bool,
    needs: HashMap<Need, u32>,
    /// Trials and cells by reason.
    reasons: BTreeMap<String, (usize, usize)>,
}

impl Inspector {
    fn inspect<S: Space>(&mut self, survey: &mut Survey, c: usize, cell: &Cell<S>) {
        let (asked_trials, swept) = (survey.trials[c], swept_of(cell));
        let asked = Asked::of(cell, &survey.journal);
        let (mut complete, mut failed) = (0, 0);
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        let all = survey.journal.trials_of(&cell.identity.key);
        let why = Why { former: self.former.as_ref(), cell, known: all, survey };
        let mut tasks = Vec::new();
        let mut from = 0;
        for trial in 0..asked_trials as u32 {
            from += all[from..].partition_point(|found| found.trial < trial);
            let length = all[from..].partition_point(|found| found.trial == trial);
            let found = &all[from..from + length];
            match asked.standing(trial, found, &survey.journal, self.retry) {
                Standing::Complete => complete += 1,
                Standing::Failed => failed += 1,
                Standing::Missing(need) => {
                    *reasons.entry(why.reason(trial, found, &asked, &need)).or_default() += 1;
                    let next = self.needs.len() as u32;
                    let need = *self.needs.entry(need).or_insert(next);
                    tasks.push(Task { cell: c as u32, trial, need });
                }
            }
        }
        for (reason, trials) in reasons {
            let (all_trials, cells) = self.reasons.entry(reason).or_default();
            (*all_trials, *cells) = (*all_trials + trials, *cells + 1);
        }
        survey.tasks.extend(tasks);
        let mut needs: Vec<(&Need, &u32)> = self.needs.iter().collect();
        needs.sort_by_key(|(_, place)| **place);
        let known = survey.needs.len();
        survey.needs.extend(needs[known..].iter().map(|(need, _)| (*need).clone()));
        let (id, arm) = (cell.identity.short(), cell.arm.clone());
        survey.cells.push(CellSurvey { id, arm, swept, asked: asked_trials, complete, failed });
    }
}

/// Why trials of a cell are missing.
struct Why<'a, S: Space> {
    former: Option<&'a Manifest>,
    cell: &'a Cell<S>,
    known: &'a [Found],
    survey: &'a Survey,
}

impl<S: Space> Why<'_, S> {
    fn reason(&self, trial: u32, found: &[Found], asked: &Asked, need: &Need) -> String {
        let swept = swept_of(self.cell).into_iter().collect();
        let before = self.former.and_then(|former| former.asked(&self.cell.arm, &swept));
        let same = before.filter(|before| before.key == self.cell.identity.hex());
        match (self.former, before, same) {
            (None, ..) if self.known.is_empty() => "first run".into(),
            (Some(_), None, _) if self.known.is_empty() => "new cell".into(),
            (Some(_), Some(before), None) if self.known.is_empty() => {
                format!("changed: {}", difference(&before.decides, &self.cell.identity.decides))
            }
            _ if found.iter().any(Found::has_failed) => "failed before".into(),
            _ if !found.is_empty() => self.more(found, asked, need),
            (_, _, Some(same)) if trial >= same.trials => "new trial".into(),
            _ if !self.survey.damage.is_empty() => "damaged record, or not finished before".into(),
            _ => "not finished before".into(),
        }
    }

    /// What a trial that is there lacks.
    fn more(&self, found: &[Found], asked: &Asked, need: &Need) -> String {
        let forms = || found.iter().map(|found| &self.survey.journal.forms[found.form as usize]);
        let reached = forms().map(|form| form.reached).max().unwrap_or(0);
        if reached < asked.last && found.iter().all(|found| found.extinct().is_none()) {
            return format!("more generations: {reached} → {}", asked.last);
        }
        let wanted = need.slots.iter().flat_map(|(_, metrics)| metrics);
        let label = |key: &str| key.rsplit_once('#').map_or(key, |(label, _)| label).to_owned();
        let mut told: Vec<String> = Vec::new();
        for key in wanted.map(|m| &asked.metrics[*m as usize]) {
            let is_known = forms().any(|form| form.metrics.contains(key));
            let was_other = forms().any(|form| form.metrics.iter().any(|m| label(m) == label(key)));
            let word = match (is_known, was_other) {
                (true, _) => "more generations measured by",
                (false, true) => "changed metric",
                (false, false) => "new metric",
            };
            told.push(format!("{word} {}", label(key)));
        }
        told.sort();
        told.dedup();
        match told.is_empty() {
            true => "samples to look at".into(),
            false => told.join(", "),
        }
    }
}

/// The swept values of a cell as tables show them.
pub fn swept_of<S: Space>(cell: &Cell<S>) -> Vec<(String, String)> {
    let shown = |value: &toml::Value| match value {
        toml::Value::String(word) => word.clone(),
        value => value.to_string(),
    };
    cell.swept.iter().map(|(path, value)| (path.clone(), shown(value))).collect()
}

/// What is asked now, with what earlier runs reported.
fn manifest_of<S: Space>(
    study: &Cells<S>,
    former: Option<&Manifest>,
    damage: &[Damage],
) -> Manifest {
    let (source, folder) = study.source();
    let cells = study.cells.iter().map(|cell| manifest::Asked {
        key: cell.identity.hex(),
        arm: cell.arm.clone(),
        swept: swept_of(cell).into_iter().collect(),
        trials: cell.header.trials.most() as u32,
        generations: cell.header.last(),
        metrics: cell.metrics.iter().map(metric_key).collect(),
        is_adaptive: cell.header.trials.adaptive().is_some(),
        decides: cell.identity.decides.clone(),
    });
    let mut known_damage = former.map(|former| former.known_damage.clone()).unwrap_or_default();
    known_damage.extend(damage.iter().map(|damage| (damage.file.clone(), damage.from)));
    known_damage.sort();
    known_damage.dedup();
    Manifest {
        format: provenance::FORMAT,
        question: study.question().to_owned(),
        source,
        folder,
        cells: cells.collect(),
        known_damage,
    }
}
