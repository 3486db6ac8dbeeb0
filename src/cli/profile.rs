//! `collapse profile`: eight definitions of model collapse side by side, for people, papers and programs.

mod told;

use super::finish::End;
use super::telling::{Findings, Telling};
use crate::report::profile::{Profile, Request as Wanted, profile, write};
use std::path::{Path, PathBuf};
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
    #[command(flatten)]
    telling: Telling,
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
    let profile = profile(&request.dir, &wanted)?;
    let folder = request.telling.folder::<Told>(&request.dir);
    let pictures = write(&profile, &folder)?;
    request.telling.tell(&Told { profile, wanted }, &folder, &pictures)
}

/// A profile, and where its lines were drawn.
struct Told {
    profile: Profile,
    wanted: Wanted,
}

impl Findings for Told {
    const NAME: &'static str = "profile";

    fn text(&self) -> String {
        told::text(&self.profile, &self.wanted)
    }

    fn markdown(&self) -> String {
        told::markdown(&self.profile, &self.wanted)
    }

    fn latex(&self) -> String {
        told::latex(&self.profile, &self.wanted)
    }

    fn json(&self, folder: &Path, pictures: &[PathBuf]) -> String {
        told::json(&self.profile, &self.wanted, folder, pictures)
    }

    fn notes(&self) -> &[String] {
        &self.profile.notes
    }
}
