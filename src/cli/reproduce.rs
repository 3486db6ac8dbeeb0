//! `collapse reproduce`: the papers of the gallery, run, verified and hung.

use super::finish::End;
use super::interrupt;
use super::place::{Choice, Job, Size};
use super::run::{self, How};
use super::screen;
use crate::catalog::alternatives;
use crate::experiment::RunReport;
use crate::report::bibliography::{Work, cited};
use crate::report::gallery::{self, GalleryError, PAPERS, PLOTS, Paper, name_of};
use crate::report::verify::{Verification, verify_file, write};
use serde_json::{Value, json};
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
    tell(&all, request, &papers);
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
        let names: Vec<String> =
            papers.iter().map(|paper| paper.name.clone()).chain(all.iter().map(name)).collect();
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

fn tell(all: &[Shown], request: &Request, papers: &[Paper]) {
    let used = |paper: &&Paper| all.iter().any(|shown| shown.paper == paper.name);
    if request.bibtex {
        return screen::say(&bibliography(all, &papers.iter().filter(used).collect::<Vec<_>>()));
    }
    if request.json {
        let row = |shown: &Shown| -> Value {
            let count = |verdict: &str| shown.found.as_ref().map(|found| found.count(verdict));
            json!({
                "paper": shown.paper, "figure": shown.figure, "seconds": shown.seconds,
                "holds": count("holds"), "fails": count("fails"), "undecided": count("undecided"),
                "wrong": shown.wrong,
            })
        };
        return screen::say(&Value::from_iter(all.iter().map(row)).to_string());
    }
    screen::say(&table(all, request.quick));
    let cited: Vec<String> = papers.iter().filter(used).map(Paper::cited).collect();
    screen::note(&format!("from {}; `--bibtex` prints the bibliography", cited.join(", ")));
    if request.quick {
        screen::note("in miniature: the machinery was run, and no verdict is claimed");
    }
}

/// The papers, and the works that their figures used besides.
fn bibliography(all: &[Shown], papers: &[&Paper]) -> String {
    let sources = all.iter().flat_map(|shown| shown.sources.iter().map(String::as_str));
    let is_paper = |work: &Work<'_>| {
        let numbers =
            papers.iter().flat_map(|paper| paper.card.arxiv.iter().chain(&paper.card.doi));
        numbers.into_iter().any(|number| work.has_number(number))
    };
    let others = cited(sources).into_iter().filter(|work| !is_paper(work));
    let others = others.map(|work| work.entry.to_owned());
    let own = papers.iter().map(|paper| paper.bibtex());
    own.chain(others).collect::<Vec<_>>().join("\n\n")
}

fn table(all: &[Shown], is_quick: bool) -> String {
    let count = |shown: &Shown, verdict: &str| match &shown.found {
        Some(found) => found.count(verdict).to_string(),
        None => String::new(),
    };
    let row = |shown: &Shown| {
        let claims = shown.found.as_ref().map_or(0, |found| found.rows.len()).to_string();
        let names = [shown.paper.clone(), shown.figure.clone()];
        let counts = match is_quick {
            true => vec![claims],
            false => ["holds", "fails", "undecided"].map(|word| count(shown, word)).to_vec(),
        };
        let wrong = if shown.wrong.is_some() { "went wrong" } else { "" };
        let end = [format!("{:.1}", shown.seconds), wrong.to_owned()];
        names.into_iter().chain(counts).chain(end).collect::<Vec<String>>()
    };
    let mut rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let columns = rows.first().map_or(0, Vec::len);
    let sum = |i: usize| rows.iter().filter_map(|row| row[i].parse::<f64>().ok()).sum::<f64>();
    if rows.len() > 1 {
        let counts = (2..columns - 2).map(|i| sum(i).to_string());
        let figures = format!("{} figures", rows.len());
        let total = ["all".to_owned(), figures].into_iter().chain(counts);
        let total = total.chain([format!("{:.1}", sum(columns - 2)), String::new()]);
        let total: Vec<String> = total.collect();
        rows.push(total);
    }
    match is_quick {
        true => screen::table(&["paper", "figure", "claims", "seconds", ""], &rows),
        false => {
            screen::table(&["paper", "figure", "hold", "fail", "undecided", "seconds", ""], &rows)
        }
    }
}

/// Prints what there is of each paper, and what is missing.
pub fn list(as_json: bool) -> ExitCode {
    let papers = match papers() {
        Ok(papers) => papers,
        Err(error) => return End::from(error).exit(),
    };
    if as_json {
        let one = |paper: &Paper| {
            let figures: Vec<String> = paper.figures.iter().map(|file| name_of(file)).collect();
            let missing: Vec<Value> = (paper.card.missing.iter())
                .map(|missing| json!({ "figure": missing.figure, "needs": missing.needs }))
                .collect();
            json!({
                "paper": paper.name, "cited": paper.cited(), "title": paper.card.title,
                "arxiv": paper.card.arxiv, "doi": paper.card.doi, "figures": figures,
                "missing": missing,
            })
        };
        screen::say(&format!("{:#}", Value::from_iter(papers.iter().map(one))));
        return ExitCode::SUCCESS;
    }
    let row = |paper: &Paper| {
        let figures: Vec<String> = paper.figures.iter().map(|file| name_of(file)).collect();
        vec![paper.name.clone(), paper.cited(), figures.join(", ")]
    };
    let rows: Vec<Vec<String>> = papers.iter().map(row).collect();
    screen::say(&screen::table(&["paper", "", "figures"], &rows));
    let missing = papers.iter().flat_map(|paper| {
        let line = |missing: &gallery::Missing| {
            let text = format!("{}: {}; needs {}", paper.name, missing.figure, missing.needs);
            screen::hang(&text, 2)
        };
        paper.card.missing.iter().map(line).collect::<Vec<_>>()
    });
    let missing: Vec<String> = missing.collect();
    if !missing.is_empty() {
        screen::say(&format!("\nnot reproduced yet\n{}", missing.join("\n")));
    }
    ExitCode::SUCCESS
}
