//! `collapse list papers`.

use super::papers;
use crate::cli::finish::End;
use crate::cli::screen;
use crate::report::gallery::{Missing, Paper, name_of};
use serde_json::{Value, json};
use std::process::ExitCode;

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
        let line = |missing: &Missing| {
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
