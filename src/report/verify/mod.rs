//! Claims against results: a verdict each, and why.
//!
//! Read from the tables of a results folder, so that whoever has them can verify. The claims are those of
//! the folder's own experiment, or of the file as it is now, as long as it describes the same cells.

pub mod words;

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::compare::CompareError;
use super::compare::arms::{Cells, study_of_tables};
use crate::analysis::claim::{
    Centre, Claim, Evidence, Look, Measured, Reading, Readings, judge, measure,
};
use crate::archive::ArchiveError;
use crate::archive::csv::write_table;
use crate::archive::table::Verdict;
use crate::experiment::Study;
use crate::experiment::claims::looks;
use crate::stream::{Role, stream};

/// Why claims could not be held against results.
#[derive(Debug, Error)]
pub enum VerifyError {
    #[error(transparent)]
    Folder(#[from] CompareError),
    #[error(transparent)]
    Table(#[from] ArchiveError),
    #[error(
        "{folder} has no results of this file: run `collapse run {file}` first", file = file.display()
    )]
    NotRun { folder: String, file: PathBuf },
    #[error(
        "{folder} has results of other cells than {file} describes: run `collapse run {file}` again",
        file = file.display()
    )]
    OtherCells { folder: String, file: PathBuf },
    #[error("{what} claims nothing: add `[[claims]]` to the experiment file")]
    NoClaims { what: String },
    #[error("claim `{claim}`: {message}")]
    Claim { claim: String, message: String },
}

/// The verdicts on an experiment's claims.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    pub question: String,
    pub rows: Vec<Verdict>,
}

impl Verification {
    /// How many claims have this verdict.
    pub fn count(&self, verdict: &str) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }

    /// Claims that fail, and nobody says why.
    pub fn unexplained(&self) -> usize {
        self.rows.iter().filter(|row| row.is_unexplained()).count()
    }
}

/// Verifies the claims of the experiment that a results folder was made of.
pub fn verify(folder: &Path) -> Result<Verification, VerifyError> {
    let study = study_of_tables(folder)?;
    verify_study(folder, &*study)
}

/// Verifies the claims of a file against the results that it has.
pub fn verify_file(
    file: &Path,
    study: &dyn Study,
    folder: &Path,
) -> Result<Verification, VerifyError> {
    let shown = || folder.display().to_string();
    let theirs = study_of_tables(folder)
        .map_err(|_| VerifyError::NotRun { folder: shown(), file: file.to_owned() })?;
    if theirs.cells() != study.cells() {
        return Err(VerifyError::OtherCells { folder: shown(), file: file.to_owned() });
    }
    verify_study(folder, study)
}

/// Writes `verdicts.csv` into the results folder.
pub fn write(verification: &Verification, folder: &Path) -> Result<(), VerifyError> {
    Ok(write_table(folder, "verdicts", &verification.rows)?)
}

fn verify_study(folder: &Path, study: &dyn Study) -> Result<Verification, VerifyError> {
    let claims = study.claims();
    if claims.is_empty() {
        return Err(VerifyError::NoClaims { what: folder.display().to_string() });
    }
    let cells = Cells::of(folder, study)?;
    let places = |claim: &Claim| {
        looks(claim, &cells.parties).map_err(|misplaced| VerifyError::Claim {
            claim: claim.name.clone(),
            message: format!("{} ({})", misplaced.message, misplaced.help),
        })
    };
    let pairs =
        claims.iter().map(|claim| Ok((places(claim)?, places(&claim.seen_at(&claim.foil))?)));
    let pairs: Vec<(Vec<Look>, Vec<Look>)> = pairs.collect::<Result<_, VerifyError>>()?;
    let all: Vec<Look> =
        pairs.iter().flat_map(|(own, foil)| own.iter().chain(foil)).cloned().collect();
    let readings = Readings::with_theory(folder, &cells.ids, &all)?;
    let judge = Judge { cells: &cells, readings: &readings, seed: study.seed() };
    let rows = claims.iter().zip(&pairs).map(|(claim, (own, foil))| judge.row(claim, own, foil));
    let rows = rows.collect::<Result<_, VerifyError>>()?;
    Ok(Verification { question: study.question().to_owned(), rows })
}

/// Whoever weighs the claims of one folder.
struct Judge<'a> {
    cells: &'a Cells,
    readings: &'a Readings,
    seed: u32,
}

impl Judge<'_> {
    fn row(&self, claim: &Claim, own: &[Look], foil: &[Look]) -> Result<Verdict, VerifyError> {
        let reading = claim.reading();
        let measured = self.measure(claim, own);
        let elsewhere = self.measure(claim, foil);
        let accepted = claim
            .expect
            .accepted(self.theory(claim, own))
            .map_err(|message| VerifyError::Claim { claim: claim.name.clone(), message })?;
        let (verdict, foil_verdict, reason) =
            judge(&accepted, measured.as_ref(), elsewhere.as_ref());
        let finite = |value: f64| Some(value).filter(|_| accepted.z.is_none() && value.is_finite());
        let first = &own[0];
        let all: Vec<usize> = own.iter().map(|look| look.cell).collect();
        let is_one = own.iter().all(|look| look.generations == first.generations);
        let generation = match (is_one, &first.generations[..], reading) {
            (true, [t], Reading::Value | Reading::Event(_)) => Some(*t),
            _ => None,
        };
        Ok(Verdict {
            claim: claim.name.clone(),
            says: claim.says.clone(),
            source: claim.source.clone(),
            read: claim.read.name().into(),
            arm: self.cells.parties[first.cell].arm.clone(),
            swept: if all.len() == 1 { self.cells.swept(&all) } else { String::new() },
            metric: claim.metric.clone().unwrap_or_default(),
            generation,
            statistic: statistic(claim),
            expected: accepted.value,
            low: finite(accepted.low),
            high: finite(accepted.high),
            z: accepted.z,
            measured: measured.map(|measured| measured.value),
            standard_error: measured.and_then(|measured| measured.error),
            ci_low: measured.and_then(|measured| Some(measured.interval?.0)),
            ci_high: measured.and_then(|measured| Some(measured.interval?.1)),
            lineages: measured.map_or(0, |measured| measured.lineages as u32),
            missing: measured.map_or(0, |measured| measured.missing as u32),
            verdict: verdict.name().into(),
            reason,
            foil: claim.foil_name(),
            foil_measured: elsewhere.map(|measured| measured.value),
            foil_verdict: foil_verdict.name().into(),
            known: claim.known.clone().unwrap_or_default(),
        })
    }

    fn measure(&self, claim: &Claim, looks: &[Look]) -> Option<Measured> {
        let evidence: Evidence = self.readings.evidence(looks, claim.reading());
        let mut rng = stream(u64::from(self.seed), 0, 0, Role::verify(&claim.name));
        measure(&evidence, (claim.of, &claim.statistic, claim.reading()), &mut rng)
    }

    /// The claim's statistic of what theory says.
    fn theory(&self, claim: &Claim, looks: &[Look]) -> Option<f64> {
        let statistic = match claim.of {
            Centre::Mean => "mean",
            Centre::MeanLog => "mean-log",
            Centre::Median | Centre::Quantile(_) => return None,
        };
        let x: Vec<f64> = looks.iter().map(|look| look.x).collect();
        claim.statistic.of(&x, &self.readings.theory(looks, statistic)?)
    }
}

/// What a claim is about, in words: "mean", "probability of at most 0.1", "median, log-log slope along n".
fn statistic(claim: &Claim) -> String {
    let of = match claim.of {
        Centre::Mean => "mean".to_owned(),
        Centre::MeanLog => "mean of the logarithm".to_owned(),
        Centre::Median => "median".to_owned(),
        Centre::Quantile(q) => format!("{} quantile", q.get()),
    };
    let of = match claim.reading() {
        Reading::Value => of,
        Reading::Event(bound) if claim.of == Centre::Mean => {
            format!("probability of {}", bound.name())
        }
        Reading::Event(bound) => format!("{of} of whether {}", bound.name()),
        Reading::Passage(passage) => format!("{of} of the {}", passage.name()),
        Reading::Average(first, last) => format!("{of} over generations {first} to {last}"),
    };
    match &claim.statistic {
        crate::analysis::claim::Statistic::Value => of,
        statistic => format!("{of}, {}", statistic.name()),
    }
}
