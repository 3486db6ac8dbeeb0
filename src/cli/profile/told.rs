//! A profile for a terminal, at most 100 columns wide, for papers and for programs.

use crate::archive::table::Judgement;
use crate::cli::infinite::object;
use crate::cli::paper;
use crate::cli::screen::{self, cut, hang, wrap};
use crate::cli::telling::confidence;
use crate::report::profile::{Definition, Profile, Request, name, short};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const WIDEST_NAME: usize = 58;
const NAME_BESIDE_WORDS: usize = 22;
const WIDEST_METRIC: usize = 18;

/// The matrix, the evidence of each cell, and what the words mean.
pub fn text(profile: &Profile, request: &Request) -> String {
    let (mut header, rows) = matrix(profile, Some(WIDEST_NAME));
    // Long names leave no room for words over the columns.
    if rows.iter().any(|row| row[0].chars().count() > NAME_BESIDE_WORDS) {
        let numbers = Definition::ALL.iter().map(|d| d.number().to_string());
        header = std::iter::once("arm".to_owned()).chain(numbers).collect();
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut parts = vec![screen::table(&header, &rows)];
    parts.extend(profile.cells().map(evidence));
    parts.push(wrap(&legend(profile, request)));
    if !profile.notes.is_empty() {
        parts.push(profile.notes.iter().map(|note| wrap(note)).collect::<Vec<_>>().join("\n"));
    }
    parts.join("\n\n")
}

/// A line for each cell, a column for each definition; names are cut to so many characters.
fn matrix(profile: &Profile, widest: Option<usize>) -> (Vec<String>, Vec<Vec<String>>) {
    let heads = Definition::ALL.iter().map(|d| format!("{} {}", d.number(), d.name()));
    let header = std::iter::once("arm".to_owned()).chain(heads).collect();
    let line = |cell: &[Judgement]| {
        let name = cell.first().map(name).unwrap_or_default();
        let name = widest.map_or(name.clone(), |most| cut(&name, most));
        std::iter::once(name).chain(cell.iter().map(|row| sign(&row.verdict))).collect()
    };
    (header, profile.cells().map(line).collect())
}

/// A verdict in as little room as there is.
fn sign(verdict: &str) -> String {
    match verdict {
        "undecided" => "?".into(),
        "not measured" => "-".into(),
        verdict => verdict.to_owned(),
    }
}

/// The eight lines of one cell, the evidence of each below itself where it is long.
fn evidence(cell: &[Judgement]) -> String {
    let Some(first) = cell.first() else { return String::new() };
    let extinct = match first.extinct {
        0 => String::new(),
        n => format!(", {n} of them extinct"),
    };
    let (lineages, last) = (first.lineages, first.generation);
    let title = format!("{}: {lineages} lineages{extinct}, generation {last}", name(first));
    let columns = |row: &Judgement| {
        let definition = format!("{} {}", row.definition, row.name);
        [definition, row.verdict.clone(), cut(&row.metric, WIDEST_METRIC)]
    };
    let rows: Vec<[String; 3]> = cell.iter().map(columns).collect();
    let width = |i: usize| rows.iter().map(|row| row[i].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    let room: usize = widths.iter().map(|width| width + 2).sum();
    let line = |(row, [a, b, c]): (&Judgement, &[String; 3])| {
        let [first, second, third] = widths;
        let text = hang(&row.evidence, room);
        format!("{a:<first$}  {b:<second$}  {c:<third$}  {text}").trim_end().to_owned()
    };
    let lines = cell.iter().zip(&rows).map(line);
    std::iter::once(wrap(&title)).chain(lines).collect::<Vec<_>>().join("\n")
}

fn legend(profile: &Profile, request: &Request) -> String {
    let Request { times, left, alpha, .. } = request;
    let family = profile.cells().count();
    let holm = match family {
        1 => String::new(),
        n => format!(", by Holm over {n} rows"),
    };
    format!(
        "?: undecided; -: not measured. R: risk of generation T, the last one, against that of the first. 1 \
         leap: R_T ≥ {times} R_1. 2 rise: R_T > R_1, sign test{holm}. 3 diverge: the course that \
         foretells the last third of R_t never ends, in 95 % of resamples. 4 variance: less than {} of the \
         world's is left, and still falls. 5 scaling: the exponent of R against n changes. 6 tail: less than {} of \
         the first fit's is left. 7 invent: more draws outside the world, sign test{holm}. 8 merge: modes \
         are lost and draws outside the world appear. Medians over lineages with {} intervals, which \
         decide 1, 4, 5, 6 and 8 for each row by itself; tests at {alpha}. Definitions: Schaeffer et al. \
         2025, arXiv 2503.03150.",
        short(*left),
        short(*left),
        confidence(*alpha),
    )
}

/// Definitions, verdicts and evidence, a line each.
fn long(profile: &Profile) -> (Vec<String>, Vec<Vec<String>>) {
    let header = ["arm", "definition", "verdict", "metric", "evidence"].map(str::to_owned);
    let line = |row: &Judgement| {
        let definition = format!("{} {}", row.definition, row.name);
        let (metric, evidence) = (row.metric.clone(), row.evidence.clone());
        vec![name(row), definition, row.verdict.clone(), metric, evidence]
    };
    (header.to_vec(), profile.rows.iter().map(line).collect())
}

pub fn markdown(profile: &Profile, request: &Request) -> String {
    let ((heads, matrix), (header, rows)) = (matrix(profile, None), long(profile));
    let tables = [paper::markdown(&heads, &matrix), paper::markdown(&header, &rows)];
    format!("{}\n\n{}", tables.join("\n\n"), legend(profile, request))
}

/// The matrix alone: evidence belongs into the text of a paper.
pub fn latex(profile: &Profile, request: &Request) -> String {
    let (header, rows) = matrix(profile, None);
    format!("% {}\n{}", legend(profile, request), paper::latex(&header, &rows))
}

pub fn json(profile: &Profile, request: &Request, folder: &Path, pictures: &[PathBuf]) -> String {
    let row = |row: &Judgement| {
        object(row, &[("value", row.value), ("low", row.low), ("high", row.high)])
    };
    json!({
        "question": profile.question,
        "times": request.times,
        "left": request.left,
        "alpha": request.alpha,
        "resamples": request.resamples,
        "seed": request.seed,
        "rows": profile.rows.iter().map(row).collect::<Vec<Value>>(),
        "notes": profile.notes,
        "folder": folder,
        "pictures": pictures,
    })
    .to_string()
}
