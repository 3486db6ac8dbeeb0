//! The page of the gallery, in Markdown.

use std::collections::BTreeSet;
use std::path::Path;

use super::Row;
use super::paper::{PAPERS, Paper};

/// Totals, then each paper with its figures, then what is missing.
pub fn text(papers: &[Paper], rows: &[Row], plots: &Path) -> String {
    let mut parts = vec![
        "# Gallery".to_owned(),
        "Published figures of the literature on model collapse, made anew from their seeds, and what their \
         claims come to. Every picture, number and verdict on this page is written by `collapse reproduce`; \
         [verdicts.csv](verdicts.csv) has all of them. A claim *holds* where the 95 % interval of what is measured \
         lies in what is accepted (or, against a closed form, within so many standard errors, se), *fails* \
         where it lies outside, and is *undecided* otherwise. Beside each stands its foil: the place where \
         the same sentence must fail."
            .to_owned(),
        totals(papers, rows),
    ];
    let shown = papers.iter().filter(|paper| rows.iter().any(|row| row.paper == paper.name));
    parts.extend(shown.map(|paper| section(paper, rows, plots)));
    parts.push(missing(papers));
    parts.join("\n\n") + "\n"
}

fn count<'a>(rows: impl Iterator<Item = &'a Row>, verdict: &str) -> usize {
    rows.filter(|row| row.verdict == verdict).count()
}

/// A line for each figure, and one for all.
fn totals(papers: &[Paper], rows: &[Row]) -> String {
    let figures: BTreeSet<(&str, &str)> =
        rows.iter().map(|row| (&*row.paper, &*row.figure)).collect();
    let mut lines = vec![
        "| paper | figure | claims | hold | fail | undecided | seconds on one core |".to_owned(),
        "|---|---|--:|--:|--:|--:|--:|".to_owned(),
    ];
    for (paper, figure) in &figures {
        let own = || rows.iter().filter(|row| row.paper == *paper && row.figure == *figure);
        let cited = papers.iter().find(|known| known.name == *paper).map(Paper::cited);
        lines.push(format!(
            "| {} | [{figure}](#{}) | {} | {} | {} | {} | {} |",
            cited.unwrap_or_else(|| (*paper).to_owned()),
            anchor(paper, figure),
            own().count(),
            count(own(), "holds"),
            count(own(), "fails"),
            count(own(), "undecided"),
            seconds(own().next().map_or(0.0, |row| row.seconds)),
        ));
    }
    let time: f64 = figures
        .iter()
        .filter_map(|(paper, figure)| {
            rows.iter().find(|r| r.paper == *paper && r.figure == *figure)
        })
        .map(|row| row.seconds)
        .sum();
    lines.push(format!(
        "| **all** | {} figures | {} | {} | {} | {} | {} |",
        figures.len(),
        rows.len(),
        count(rows.iter(), "holds"),
        count(rows.iter(), "fails"),
        count(rows.iter(), "undecided"),
        seconds(time)
    ));
    lines.join("\n")
}

fn seconds(seconds: f64) -> String {
    if seconds < 9.95 { format!("{seconds:.1}") } else { format!("{seconds:.0}") }
}

/// The anchor that a heading "paper: figure" gets.
fn anchor(paper: &str, figure: &str) -> String {
    format!("{paper}-{figure}")
}

fn section(paper: &Paper, rows: &[Row], plots: &Path) -> String {
    let source = match (&paper.card.arxiv, &paper.card.doi) {
        (Some(id), _) => format!(" (arXiv {id})"),
        (None, Some(doi)) => format!(" (doi {doi})"),
        _ => String::new(),
    };
    let page = format!("../{PAPERS}/{}/README.md", paper.name);
    let head = format!(
        "## {}\n\n{}{source}. What is run, and how it differs: [the paper's page]({page}).",
        paper.cited(),
        paper.card.title.trim_end_matches('.')
    );
    let figures: BTreeSet<&str> =
        rows.iter().filter(|row| row.paper == paper.name).map(|row| &*row.figure).collect();
    let shown = figures.into_iter().map(|figure| {
        let own: Vec<&Row> =
            rows.iter().filter(|row| row.paper == paper.name && row.figure == figure).collect();
        show(paper, figure, &own, plots)
    });
    std::iter::once(head).chain(shown).collect::<Vec<_>>().join("\n\n")
}

fn show(paper: &Paper, figure: &str, rows: &[&Row], plots: &Path) -> String {
    let mut parts = vec![format!("### {} {figure}", paper.name)];
    let question = rows.first().map_or("", |row| &row.question);
    let picture = format!("{}/{figure}.png", paper.name);
    if plots.join(&picture).is_file() {
        parts.push(format!("![{}]({picture})", question.replace(['[', ']'], "")));
    }
    parts.push(reading(question, paper.answer(figure).as_deref(), rows));
    parts.push(claims(rows));
    parts.join("\n\n")
}

/// A reading: the question, its answer, and what the claims come to.
fn reading(question: &str, answer: Option<&str>, rows: &[&Row]) -> String {
    let holds = count(rows.iter().copied(), "holds");
    let fails: Vec<&str> =
        rows.iter().filter(|row| row.verdict == "fails").map(|row| &*row.claim).collect();
    let open = count(rows.iter().copied(), "undecided");
    let answer = answer.map(|answer| format!(" {answer}")).unwrap_or_default();
    let mut text = format!("{question}{answer} {holds} of {} claims hold", rows.len());
    if !fails.is_empty() {
        text += &format!("; fails: {}", fails.join(", "));
    }
    if open > 0 {
        text += &format!("; {open} undecided");
    }
    text + "."
}

fn claims(rows: &[&Row]) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let line = |row: &&Row| {
        let remark = match (row.verdict.as_str(), row.known.as_str()) {
            ("fails", known) if !known.is_empty() => format!("**fails**: {known}"),
            ("fails", _) => "**fails**".into(),
            ("undecided", _) => format!("undecided: {}", row.reason),
            (verdict, _) => verdict.to_owned(),
        };
        format!(
            "| {} | {} ({}) | {} | {} | {} | {}: {} |",
            cell(&row.says),
            cell(&row.source),
            row.read,
            cell(&row.expected),
            cell(&row.measured),
            cell(&remark),
            cell(&row.foil),
            row.foil_verdict
        )
    };
    let head =
        "| claim | source | expected | measured | verdict | foil |\n|---|---|---|---|---|---|";
    std::iter::once(head.to_owned()).chain(rows.iter().map(line)).collect::<Vec<_>>().join("\n")
}

/// What nobody has reproduced here yet.
fn missing(papers: &[Paper]) -> String {
    let lines = papers.iter().flat_map(|paper| {
        let one = |missing: &super::Missing| {
            format!("| {} | {} | {} |", paper.cited(), missing.figure, missing.needs)
        };
        paper.card.missing.iter().map(one).collect::<Vec<_>>()
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return String::new();
    }
    let head =
        "## Not reproduced yet\n\n| paper | figure | what it needs |\n|---|---|---|".to_owned();
    std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
}
