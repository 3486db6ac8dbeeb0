//! `collapse compare`: arms against a baseline, for people, papers and programs.

mod json;
mod paper;
mod terminal;

use super::finish::End;
use super::telling::{Findings, Telling};
use crate::analysis::comparison::line::Settings;
use crate::report::compare::{Budget, Comparison, compare, write};
use clap::builder::PossibleValue;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where a smallest detectable effect is at most this, no pair differs from another.
const NO_NOISE: f64 = 1e-300;

/// What is compared, and how it is told.
#[derive(Debug, clap::Args)]
pub struct Request {
    /// A results folder.
    dir: PathBuf,
    /// The arm that the others are compared with.
    #[arg(long, value_name = "ARM")]
    baseline: String,
    /// A metric, by its label or its bare name; may be repeated. Left out: all that have a loss.
    #[arg(long = "metric", value_name = "METRIC")]
    metrics: Vec<String>,
    /// A measured generation; may be repeated. Left out: the last one.
    #[arg(long = "generation", value_name = "T")]
    generations: Vec<u32>,
    /// A difference of the loss that is too small to matter: lines that are surely smaller are
    /// `equivalent within` it.
    #[arg(long, value_name = "DELTA", allow_hyphen_values = true)]
    within: Option<f64>,
    /// Hold a budget equal: look at each arm in the generation in which it has spent what the baseline
    /// has spent, and tell the numbers where there is none.
    #[arg(long = "match", value_enum, value_name = "BUDGET")]
    hold: Option<Budget>,
    /// The probability of any false finding among all lines.
    #[arg(long, default_value_t = 0.05, allow_hyphen_values = true)]
    alpha: f64,
    /// Random assignments of signs of each test, and resamples of each interval.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    resamples: usize,
    /// The seed of both.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    telling: Telling,
}

impl clap::ValueEnum for Budget {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.what()))
    }
}

/// Compares, writes tables and pictures, and tells the lines.
pub fn run(request: &Request) -> ExitCode {
    match tell(request) {
        Ok(()) => ExitCode::SUCCESS,
        Err(end) => end.exit(),
    }
}

fn tell(request: &Request) -> Result<(), End> {
    let (alpha, within, resamples, seed) =
        (request.alpha, request.within, request.resamples, request.seed);
    let asked = crate::report::compare::Request {
        baseline: request.baseline.clone(),
        metrics: request.metrics.clone(),
        generations: request.generations.clone(),
        hold: request.hold,
        settings: Settings { alpha, within, resamples, seed },
    };
    let comparison = compare(&request.dir, &asked)?;
    let folder = request.telling.folder::<Comparison>(&request.dir);
    let pictures = write(&comparison, &folder)?;
    request.telling.tell(&comparison, &folder, &pictures)
}

impl Findings for Comparison {
    const NAME: &'static str = "comparison";

    fn text(&self) -> String {
        terminal::text(self)
    }

    fn markdown(&self) -> String {
        paper::markdown(self)
    }

    fn latex(&self) -> String {
        paper::latex(self)
    }

    fn json(&self, folder: &Path, pictures: &[PathBuf]) -> String {
        json::text(self, folder, pictures)
    }

    fn notes(&self) -> &[String] {
        &self.notes
    }
}
