//! The table of mitigations names what there is, in lines that a file can hold.

mod common;

use model_collapse::catalog::Entry;
use model_collapse::experiment::mitigations::{ALL, Mitigation};
use model_collapse::experiment::{Document, read};
use model_collapse::{curation, model, regime};
use std::path::Path;

/// A small experiment around a line.
fn around(mitigation: &Mitigation, space: &str) -> String {
    let sizes = "trials = 2\ngenerations = 3\nfounders = 60\nevaluation = 50\n";
    let offspring = if mitigation.place() == "offspring" { "" } else { "offspring = 60\n" };
    let world = match (space, mitigation.line.contains("linear")) {
        ("tokens", _) => "world.markov = { }\n",
        (_, true) => "world.linear = { }\n",
        _ => "world = \"normal\"\n",
    };
    let model = match (mitigation.place(), space) {
        ("model", _) => "",
        (_, "tokens") => "model = \"ngram\"\n",
        _ => "model = \"gaussian\"\n",
    };
    format!("{sizes}{offspring}{}\n{world}{model}", mitigation.line)
}

fn spaces(mitigation: &Mitigation) -> Vec<&'static str> {
    match mitigation.space {
        "" => vec!["points", "tokens"],
        space => vec![space],
    }
}

/// Networks may have been left out of this build.
fn is_here(mitigation: &Mitigation) -> bool {
    cfg!(feature = "neural") || !mitigation.line.contains("transformer")
}

#[test]
fn every_line_is_one_of_a_file_that_can_be_read() {
    for mitigation in ALL.iter().filter(|m| is_here(m)) {
        for space in spaces(mitigation) {
            let text = around(mitigation, space);
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments").join("test.toml");
            if let Err(complaint) = read(Document::new(&path, &text)) {
                panic!("{complaint}\n{text}");
            }
        }
    }
}

#[test]
fn every_line_runs() {
    for mitigation in ALL.iter().filter(|m| is_here(m) && !m.line.contains("transformer")) {
        for space in spaces(mitigation) {
            let text = around(mitigation, space);
            let results = common::run(&text);
            assert!(results.outcomes.iter().all(|o| o.outcome == "survived"), "{text}");
        }
    }
}

#[test]
fn every_curator_is_in_the_table_and_every_entry_in_the_catalogue() {
    let names = |place: &str| -> Vec<&str> {
        ALL.iter().filter(|m| m.place() == place).filter_map(Mitigation::entry).collect()
    };
    let curators = names("curation");
    for name in names_of(curation::POINTS).into_iter().chain(names_of(curation::TOKENS)) {
        assert!(curators.contains(&name), "the curator `{name}` is in no line");
    }
    let known = [names_of(curation::POINTS), names_of(curation::TOKENS)].concat();
    assert!(curators.iter().all(|name| known.contains(name)), "{curators:?}");
    let regimes = names("regime");
    for name in names_of(regime::ALL).into_iter().filter(|name| *name != "replace") {
        assert!(regimes.contains(&name), "the regime `{name}` is in no line");
    }
    let mut families = [names_of(model::POINTS), names_of(model::TOKENS)].concat();
    families.push("transformer");
    assert!(names("model").iter().all(|name| families.contains(name)), "{:?}", names("model"));
}

fn names_of<T: ?Sized>(entries: &'static [Entry<T>]) -> Vec<&'static str> {
    entries.iter().map(|entry| entry.name).collect()
}

#[test]
fn the_paper_of_a_curator_is_cited_in_its_file() {
    fn cited<T: ?Sized>(entries: &'static [Entry<T>]) {
        for entry in entries {
            let documentation =
                entry.documentation().split_whitespace().collect::<Vec<_>>().join(" ");
            for mitigation in ALL.iter().filter(|m| m.entry() == Some(entry.name)) {
                if let Some((_, number)) = mitigation.paper.split_once("arXiv ") {
                    assert!(
                        documentation.contains(number),
                        "{} does not cite {number}",
                        entry.name
                    );
                }
            }
        }
    }
    cited(curation::POINTS);
    cited(curation::TOKENS);
}

#[test]
fn the_readme_has_the_same_table() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
    assert!(
        readme.expect("the file").contains(&Mitigation::markdown()),
        "the table of mitigations in README.md must be:\n{}",
        Mitigation::markdown()
    );
}
