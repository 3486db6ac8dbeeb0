//! What came of figures, as a table, as JSON, or as a bibliography.

use super::{Request, Shown};
use crate::cli::screen;
use crate::report::bibliography::{Work, cited};
use crate::report::gallery::Paper;
use serde_json::{Value, json};

/// Says it in the form that was asked for.
pub(super) fn tell(all: &[Shown], request: &Request, papers: &[Paper]) {
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
