//! `collapse profile`: eight definitions of model collapse side by side, for people, papers and programs.

mod told;

use super::finish::End;
use super::screen;
use crate::report::profile::{Request as Wanted, profile, write};
use std::path::PathBuf;
use std::process::ExitCode;

/// What is profiled, where lines are drawn, and how it is told.
#[derive(Debug, clap::Args)]
pub struct Request {
    /// A results folder.
    dir: PathBuf,
    /// An arm; may be repeated. Left out: all.
    #[arg(long = "arm", value_name = "ARM")]
    arms: Vec<String>,
    /// A metric that definitions are read off where they can be; may be repeated. Left out: the first one
    /// of each definition's list that is measured.
    #[arg(long = "metric", value_name = "METRIC")]
    metrics: Vec<String>,
    /// Definition 1: so many times the risk of generation 1 are a catastrophe.
    #[arg(long, value_name = "C", default_value_t = 10.0, allow_hyphen_values = true)]
    times: f64,
    /// Definitions 4 and 6: a variance or a tail is lost below this share.
    #[arg(long, value_name = "SHARE", default_value_t = 0.5, allow_hyphen_values = true)]
    left: f64,
    /// One minus the probability of each interval, and the probability of any false finding among all
    /// arms and cells by definition 2, and by definition 7.
    #[arg(long, default_value_t = 0.05, allow_hyphen_values = true)]
    alpha: f64,
    /// Definition 3: resamples of lineages.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    resamples: usize,
    /// The seed of the resamples.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How it is told on standard output.
    #[arg(long, value_enum, default_value = "text", conflicts_with = "json")]
    format: Format,
    /// Print JSON to standard output.
    #[arg(long)]
    json: bool,
    /// The folder that gets the table and the picture. Left out: `profile` in the results folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Tables for a terminal of 100 columns.
    Text,
    Markdown,
    /// The rows of profile.csv.
    Csv,
    /// The matrix as a `tabular` for a paper, with the rules of booktabs.
    Latex,
}

/// Profiles, writes table and picture, and tells what was found.
pub fn run(request: &Request) -> ExitCode {
    match tell(request) {
        Ok(()) => ExitCode::SUCCESS,
        Err(end) => end.exit(),
    }
}

fn tell(request: &Request) -> Result<(), End> {
    let wanted = Wanted {
        arms: request.arms.clone(),
        metrics: request.metrics.clone(),
        times: request.times,
        left: request.left,
        alpha: request.alpha,
        resamples: request.resamples,
        seed: request.seed,
    };
    let found = profile(&request.dir, &wanted)?;
    let folder = request.out.clone().unwrap_or_else(|| request.dir.join("profile"));
    let pictures = write(&found, &folder)?;
    match (request.json, request.format) {
        (true, _) => screen::say(&told::json(&found, &wanted, &folder, &pictures)),
        (_, Format::Text) => screen::say(&told::text(&found, &wanted)),
        (_, Format::Markdown) => screen::say(&told::markdown(&found, &wanted)),
        (_, Format::Latex) => screen::say(&told::latex(&found, &wanted)),
        (_, Format::Csv) => {
            let table = folder.join("profile.csv");
            let text = std::fs::read_to_string(&table)
                .map_err(|error| End::Wrong(format!("cannot read {}: {error}", table.display())))?;
            screen::say(text.trim_end());
        }
    }
    if request.json || request.format != Format::Text {
        found.notes.iter().for_each(|note| screen::note(note));
    }
    screen::note(&format!("table and picture: {}", folder.display()));
    Ok(())
}
