//! `collapse reproduce`: the papers of the gallery, run, verified and hung.

mod list;
mod told;

pub use list::list;

use super::finish::End;
use super::interrupt;
use super::place::{Choice, Job, Size};
use super::run::{self, How};
use super::screen;
use crate::catalog::alternatives;
use crate::experiment::RunReport;
use crate::report::gallery::{self, GalleryError, PAPERS, PLOTS, Paper, name_of};
use crate::report::verify::{Verification, verify_file, write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// What to reproduce, and how.
#[derive(Debug, clap::Args)]
pub struct Request {
    /// Papers, or figures of papers, as `collapse list papers` names them; left out: all.
    #[arg(value_name = "PAPER[/FIGURE]")]
    wanted: Vec<String>,
    /// Run every figure in miniature: a few trials of each, in `results/quick`. No verdict is claimed and
    /// nothing is put into the gallery.
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// Run the size that was published, where a file has it under `[full]`.
    #[arg(long)]
    full: bool,
    /// The folder that gets a results folder for each figure.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads to run trials on; left out: one for each core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    jobs: Option<u16>,
    /// Print JSON to standard output.
    #[arg(long, conflicts_with = "bibtex")]
    json: bool,
    /// Print the bibliography of what was reproduced as BibTeX.
    #[arg(long)]
    bibtex: bool,
}

/// One figure, and what came of it.
struct Shown {
    paper: String,
    figure: String,
    found: Option<Verification>,
    /// Of all that it used, in words.
    sources: Vec<String>,
    seconds: f64,
    wrong: Option<String>,
}

/// Runs what is missing of each figure, verifies it, hangs it, and tells; one that goes wrong does not keep
/// the others from being made. Exit code 1 where a claim fails and nobody says why, or a trial fails.
pub fn run(request: &Request) -> ExitCode {
    let papers = match papers() {
        Ok(papers) => papers,
        Err(error) => return End::from(error).exit(),
    };
    let figures = match chosen(&papers, &request.wanted) {
        Ok(figures) => figures,
        Err(error) => return End::from(error).exit(),
    };
    interrupt::listen();
    let mut all = Vec::new();
    for (paper, file) in figures {
        let figure = name_of(file);
        screen::note(&format!("{}/{figure}", paper.name));
        let started = Instant::now();
        let made = make(paper, file, request);
        let seconds = started.elapsed().as_secs_f64();
        let ((found, sources), wrong) = match made {
            Ok(made) => (made, None),
            Err(End::Interrupted) => return End::Interrupted.exit(),
            Err(End::Wrong(message)) => {
                screen::error(&message);
                ((None, Vec::new()), Some(message))
            }
        };
        all.push(Shown { paper: paper.name.clone(), figure, found, sources, seconds, wrong });
    }
    if !request.quick {
        match gallery::write_page(Path::new(PLOTS), &papers) {
            Ok(page) => screen::note(&format!("gallery: {}", page.display())),
            Err(error) => return End::from(error).exit(),
        }
    }
    told::tell(&all, request, &papers);
    // A miniature claims nothing.
    let fails = |found: &Verification| !request.quick && found.unexplained() > 0;
    let is_wrong = |shown: &Shown| shown.wrong.is_some() || shown.found.as_ref().is_some_and(fails);
    ExitCode::from(u8::from(all.iter().any(is_wrong)))
}

/// The papers of this repository.
pub fn papers() -> Result<Vec<Paper>, GalleryError> {
    gallery::read_all(Path::new(PAPERS))
}

/// The figures that are asked for, or all.
fn chosen<'p>(
    papers: &'p [Paper],
    wanted: &[String],
) -> Result<Vec<(&'p Paper, &'p Path)>, GalleryError> {
    let all: Vec<(&Paper, &Path)> = papers
        .iter()
        .flat_map(|paper| paper.figures.iter().map(move |file| (paper, file.as_path())))
        .collect();
    let name = |(paper, file): &(&Paper, &Path)| format!("{}/{}", paper.name, name_of(file));
    let is = |wanted: &str, one: &(&Paper, &Path)| {
        let wanted = wanted.trim_end_matches('/');
        one.0.name == wanted || name(one) == wanted
    };
    if let Some(lost) = wanted.iter().find(|wanted| !all.iter().any(|one| is(wanted, one))) {
        let names: Vec<String> = match lost.contains('/') {
            true => all.iter().map(name).collect(),
            false => papers.iter().map(|paper| paper.name.clone()).collect(),
        };
        let known = alternatives(lost, names.iter().map(String::as_str));
        return Err(GalleryError::NoPaper { name: lost.clone(), known });
    }
    let is_wanted =
        |one: &(&Paper, &Path)| wanted.is_empty() || wanted.iter().any(|wanted| is(wanted, one));
    Ok(all.into_iter().filter(is_wanted).collect())
}

/// Runs, verifies and hangs one figure.
fn make(
    paper: &Paper,
    file: &Path,
    request: &Request,
) -> Result<(Option<Verification>, Vec<String>), End> {
    let job = open(file, request)?;
    let report: RunReport = run::finish(&job, &How::on(request.jobs))?;
    if report.failed > 0 {
        return Err(End::Wrong(format!(
            "{} trials of {} failed: see outcomes.csv in {}",
            report.failed,
            file.display(),
            job.target.display()
        )));
    }
    if job.study.claims().is_empty() {
        return Ok((None, job.study.sources()));
    }
    let found = verify_file(file, &*job.study, &job.target)?;
    write(&found, &job.target)?;
    if !request.quick {
        let seconds = spent(&job.target);
        let name = (paper.name.as_str(), &*name_of(file));
        gallery::hang(Path::new(PLOTS), name, &found, seconds, &job.target)?;
    }
    Ok((Some(found), job.study.sources()))
}

fn open(file: &Path, request: &Request) -> Result<Job, End> {
    let quick = Path::new("results/quick");
    let out = request.out.clone().or_else(|| request.quick.then(|| quick.to_owned()));
    let size = match (request.quick, request.full) {
        (true, _) => Size::Quick,
        (_, true) => Size::Full,
        _ => Size::Own,
    };
    let choice = Choice { out, ..Choice::of_nothing() };
    choice.read(file, size).map_err(|complaint| End::Wrong(complaint.to_string()))
}

/// Seconds that the trials of a results folder took, all threads together.
fn spent(results: &Path) -> f64 {
    let mut seconds = 0.0;
    let read = crate::archive::csv::scan(results, "costs", ["seconds"], |[text]| {
        seconds += text.parse::<f64>().unwrap_or(0.0);
    });
    if read.is_ok() { seconds } else { 0.0 }
}
