//! What makes the program pleasant: templates, schema, completions, calibrations, export, JSON, and
//! silence.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Place(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Exit code, standard output and standard error.
    fn collapse(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_collapse"));
        let output = command.current_dir(self.path()).args(arguments).output().expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    /// Asserts that a command line is refused with all of these words, and gives nothing out.
    fn refuses(&self, arguments: &[&str], words: &[&str]) {
        let (code, out, message) = self.collapse(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{message}");
        for word in words {
            assert!(message.contains(word), "{word:?} is not in:\n{message}");
        }
    }
}

/// A template in miniature: few trials and generations, so that it runs at once.
fn small(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once(" = ").map_or("", |(key, _)| key) {
        "trials" | "generations" => format!("{} = 2", line.split(' ').next().unwrap_or("")),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_new_experiment_runs_and_is_never_written_over() {
    for flags in [&[][..], &["--tokens"]] {
        let place = Place::new();
        let (code, _, message) = place.collapse(&[&["new", "ask"], flags].concat());
        assert_eq!(code, 0, "{message}");
        assert!(message.contains("wrote ask.toml") && message.contains("collapse run ask.toml"));
        place.refuses(&["new", "ask"], &["ask.toml is there already", "another name"]);
        let text = fs::read_to_string(place.path().join("ask.toml")).expect("the template");
        fs::write(place.path().join("small.toml"), small(&text)).expect("a file");
        let (code, _, message) = place.collapse(&["run", "small.toml"]);
        assert_eq!(code, 0, "{message}");
    }
}

#[test]
fn a_new_experiment_needs_a_name_and_a_folder() {
    let place = Place::new();
    place.refuses(&["new", "nowhere/ask"], &["there is no folder nowhere", "mkdir -p nowhere"]);
    place.refuses(&["new", "."], &["does not name a file"]);
    place.refuses(&["new", "a/"], &["does not name a file"]);
    place.refuses(&["new", "a\nb"], &["control character"]);
    place.refuses(&["new"], &["<NAME>"]);
}

#[test]
fn completions_exist_for_every_shell_and_the_schema_is_json() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, script, _) = place.collapse(&["completions", shell]);
        assert_eq!(code, 0);
        assert!(script.contains("export") && script.contains("explain"), "{shell}");
    }
    place.refuses(&["completions", "tcsh"], &["bash", "zsh"]);
    let (code, schema, _) = place.collapse(&["schema"]);
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    assert_eq!(code, 0);
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

#[test]
fn list_and_explain_speak_json() {
    let place = Place::new();
    let json = |arguments: &[&str]| -> Vec<Value> {
        let (code, out, message) = place.collapse(arguments);
        assert_eq!(code, 0, "{message}");
        serde_json::from_str(&out).expect("a list")
    };
    let all = json(&["list", "--json"]);
    let regimes = json(&["list", "regimes", "--json"]);
    assert!(all.len() > 50 && regimes.len() == 9);
    for entry in all {
        for key in ["name", "kind", "summary", "documentation", "source"] {
            assert!(entry[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {entry}");
        }
        let is_metric = entry["kind"] == "metric";
        for key in ["symbol", "unit", "target", "cost"] {
            assert_eq!(entry[key].is_string(), is_metric, "{key}: {entry}");
        }
    }
    assert_eq!(json(&["explain", "linear", "--json"]).len(), 2);
    let retain = &json(&["explain", "retain", "--json"])[0];
    let fraction = &retain["parameters"][0];
    assert_eq!((&fraction["default"], &fraction["maximum"]), (&0.1.into(), &1.0.into()));
    let table = &json(&["explain", "table", "--json"])[0];
    assert_eq!(table["parameters"][0]["required"], true);
    place.refuses(&["explain", "retian", "--json"], &["did you mean `retain`"]);
}

#[test]
fn explain_shows_recipes_cards_bounds_and_what_must_be_given() {
    let place = Place::new();
    for (name, parts) in [
        ("accumulate", &["100 founders and 80 offspring", "all samples so far      260"][..]),
        ("retain", &["fraction = 0.1    0 ≤ x ≤ 1", "a new choice of founders"]),
        ("spread", &["Card:", "target  1", "tr Σ_t / tr Σ*"]),
        ("table", &["path (must be given)"]),
        ("kde", &["x > 0 or \"scott\" or \"silverman\""]),
    ] {
        let (_, page, _) = place.collapse(&["explain", name]);
        parts.iter().for_each(|part| assert!(page.contains(part), "{part:?} is not in:\n{page}"));
    }
}

fn calibration(page: &str) -> &str {
    &page[page.find("\nCalibration").expect("a calibration")..]
}

#[test]
fn a_metric_is_calibrated_on_its_page_the_same_each_time() {
    let place = Place::new();
    for name in ["mmd", "membership", "entropy", "distinct"] {
        let (code, page, _) = place.collapse(&["explain", name]);
        assert_eq!(code, 0);
        let table = calibration(&page);
        for part in ["the world itself", "one sample n times", "stated", "seed 7"] {
            assert!(table.contains(part), "{part:?} is not in:\n{table}");
        }
        assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
        assert!(!table.contains("NaN"), "{table}");
        assert_eq!(calibration(&place.collapse(&["explain", name]).1), table);
    }
}

#[test]
fn programs_read_the_same_numbers_and_lists_simulate_nothing() {
    let place = Place::new();
    let json = |arguments: &[&str]| -> Vec<Value> {
        serde_json::from_str(&place.collapse(arguments).1).expect("a list")
    };
    let page = &json(&["explain", "metric.kl", "--json"])[0];
    let cards = page["calibration"].as_array().expect("a card for each space");
    assert_eq!(cards.len(), 2);
    assert_eq!((&cards[0]["ideal"], &cards[0]["shown"]), (&0.0.into(), &"law".into()));
    let one = &cards[0]["rows"][4];
    assert_eq!(one["place"], "one sample n times");
    assert_eq!((&one["mean"], &one["sd"]), (&"inf".into(), &Value::Null));
    assert!(json(&["list", "metrics", "--json"]).iter().all(|m| m.get("calibration").is_none()));
    assert!(json(&["explain", "model.gaussian", "--json"])[0].get("calibration").is_none());
}

/// A results folder as small as one can be.
fn results(place: &Place) {
    place.collapse(&["new", "ask"]);
    let text = fs::read_to_string(place.path().join("ask.toml")).expect("the template");
    fs::write(place.path().join("ask.toml"), small(&text)).expect("a file");
    let (code, out, message) = place.collapse(&["run", "ask.toml", "--quiet"]);
    assert_eq!((code, message.as_str()), (0, ""), "quiet means quiet");
    assert!(out.contains("spread"), "and results stay: {out}");
}

#[test]
fn every_table_of_a_run_can_be_exported() {
    let place = Place::new();
    results(&place);
    for table in ["measurements", "summary", "theory", "composition", "outcomes", "cells"] {
        for format in ["csv", "jsonl"] {
            let to = ["--format", format, "--table", table, "--output", "-"];
            let (code, out, message) =
                place.collapse(&[&["export", "results/ask"][..], &to].concat());
            assert_eq!((code, message.as_str()), (0, ""));
            let rows = fs::read_to_string(place.path().join(format!("results/ask/{table}.csv")));
            let rows = rows.expect("a table").lines().count() - usize::from(format == "jsonl");
            assert_eq!(out.lines().count(), rows, "{table} as {format}");
        }
    }
    let (code, _, message) = place.collapse(&["export", "results/ask", "--format", "jsonl"]);
    assert_eq!(code, 0);
    assert!(message.contains("rows: results/ask/measurements.jsonl"), "{message}");
    assert!(place.path().join("results/ask/measurements.jsonl").is_file());
}

#[test]
fn an_export_that_cannot_be_is_refused_with_the_remedy() {
    let place = Place::new();
    results(&place);
    let export = |more: &[&'static str]| [&["export", "results/ask", "--format"], more].concat();
    place.refuses(&["export", "nowhere", "--format", "csv"], &["nowhere is not a results folder"]);
    place.refuses(&["export", "results", "--format", "csv"], &["has no measurements.csv"]);
    place.refuses(&export(&["xlsx"]), &["parquet", "jsonl"]);
    place.refuses(&export(&["csv", "--table", "costs"]), &["measurements", "summary"]);
    place.refuses(&export(&["csv", "-o", "results"]), &["is a folder"]);
    place.refuses(&export(&["csv", "-o", "no/m.csv"]), &["there is no folder no"]);
    let table = "results/ask/measurements.csv";
    place.refuses(&export(&["csv", "-o", table]), &["belongs to the results"]);
    place.refuses(&export(&["parquet", "-o", "-"]), &["--output FILE"]);
    #[cfg(not(feature = "parquet"))]
    place.refuses(&export(&["parquet"]), &["--features parquet"]);
}

#[cfg(unix)]
#[test]
fn a_device_is_written_to_and_not_replaced() {
    let place = Place::new();
    results(&place);
    let export = ["export", "results/ask", "--format", "csv", "-o", "/dev/null"];
    assert_eq!(place.collapse(&export).0, 0);
    assert!(!Path::new("/dev/null").is_file());
}

#[test]
fn a_closed_pipe_ends_the_output_in_peace() {
    let place = Place::new();
    for arguments in [&["list"][..], &["list", "--json"], &["schema"], &["completions", "bash"]] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_collapse"));
        command.args(arguments).current_dir(place.path());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn quiet_keeps_errors_and_every_command_has_an_example() {
    let place = Place::new();
    place.refuses(&["--quiet", "run", "nowhere.toml"], &["nowhere.toml", "cannot read"]);
    place.refuses(&["explain", "retian", "-q"], &["did you mean"]);
    for command in ["run", "list", "explain", "new", "export", "schema", "completions"] {
        let (code, help, _) = place.collapse(&[command, "--help"]);
        assert_eq!(code, 0);
        assert!(help.contains(&format!("Example: collapse {command}")), "{help}");
    }
}
