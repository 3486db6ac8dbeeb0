//! `collapse compare`: arms against a baseline, for people, papers and programs.

mod json;
mod paper;
mod terminal;

use super::finish::End;
use super::screen;
use crate::analysis::comparison::line::Settings;
use crate::report::compare::{Budget, Comparison, compare, write};
use clap::builder::PossibleValue;
use std::path::PathBuf;
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
    /// How the lines are told on standard output.
    #[arg(long, value_enum, default_value = "text", conflicts_with = "json")]
    format: Format,
    /// Print JSON to standard output.
    #[arg(long)]
    json: bool,
    /// The folder that gets tables and pictures. Left out: `comparison` in the results folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A table for a terminal of 100 columns.
    Text,
    Markdown,
    /// The rows of comparison.csv.
    Csv,
    /// A `tabular` for a paper, with the rules of booktabs.
    Latex,
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
    let folder = request.out.clone().unwrap_or_else(|| request.dir.join("comparison"));
    let pictures = write(&comparison, &folder)?;
    match (request.json, request.format) {
        (true, _) => screen::say(&json::text(&comparison, &folder, &pictures)),
        (_, Format::Text) => screen::say(&terminal::text(&comparison)),
        (_, Format::Markdown) => screen::say(&paper::markdown(&comparison)),
        (_, Format::Latex) => screen::say(&paper::latex(&comparison)),
        (_, Format::Csv) => {
            let table = folder.join("comparison.csv");
            let text = std::fs::read_to_string(&table)
                .map_err(|error| End::Wrong(format!("cannot read {}: {error}", table.display())))?;
            screen::say(text.trim_end());
        }
    }
    if request.json || request.format != Format::Text {
        comparison.notes.iter().for_each(|note| screen::note(note));
    }
    screen::note(&format!("tables and pictures: {}", folder.display()));
    Ok(())
}

/// How sure the intervals are, as people write it: "95 %".
fn confidence(comparison: &Comparison) -> String {
    let percent = 100.0 * (1.0 - comparison.settings.alpha);
    format!("{} %", (percent * 1000.0).round() / 1000.0)
}
