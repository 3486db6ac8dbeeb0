//! What is there is used again, what changed is not: identity, adaptive replication, failed trials.

mod common;

use common::place::{Place, contains};
use model_collapse::archive::csv::read_table;
use model_collapse::archive::folder;
use model_collapse::archive::table::Outcome;
use model_collapse::experiment::{Document, Orders, Study, read};
use std::fs;
use std::path::Path;

const BASE: &str = r#"question = "What is used again?"
seed = 5
trials = 8
generations = 4
founders = 30
evaluation = 60
metrics = ["spread", "energy"]
[world.moons]
[model.gaussian]
[sweep]
founders = [20, 30]
[arms.replace.regime.replace]
[arms.accumulate.regime.accumulate]
"#;

/// Runs one file after another over the same folder, and holds the end against a fresh run; gives what
/// the last run said.
fn grown(files: &[&str]) -> String {
    let place = Place::new();
    let mut said = String::new();
    for file in files {
        place.write("a.toml", file);
        said = place.succeeds(&["run", "a.toml"]);
    }
    place.succeeds(&["run", "a.toml", "--out", "fresh"]);
    place.same("fresh/a", "results/a");
    contains(&place.succeeds(&["run", "a.toml"]), &["nothing to do"]);
    said
}

#[test]
fn more_of_anything_runs_only_what_is_new_and_ends_as_if_it_had_been_asked_at_once() {
    let more = |from: &str, to: &str| grown(&[BASE, &BASE.replace(from, to)]);
    contains(
        &more("trials = 8", "trials = 11"),
        &["32 trials are there", "12 trials of 4 cells: new trial"],
    );
    contains(
        &more("generations = 4", "generations = 7"),
        &["32 trials of 4 cells: more generations: 4 → 7"],
    );
    contains(&more("\"energy\"", "\"energy\", \"kl\""), &["32 trials of 4 cells: new metric kl"]);
    contains(
        &more("[20, 30]", "[20, 25, 30]"),
        &["32 trials are there", "16 trials of 2 cells: new cell"],
    );
    let arm = "[arms.retain.regime.retain]\nfraction = 0.5\n";
    contains(
        &more("[arms.replace", &format!("{arm}[arms.replace")),
        &["16 trials of 2 cells: new cell"],
    );
    contains(&more("metrics", "measure = { every = 2 }\nmetrics"), &["results and figures"]);
    let all =
        BASE.replace("trials = 8", "trials = 9").replace("generations = 4", "generations = 6");
    let all =
        all.replace("[20, 30]", "[15, 20, 30]").replace("\"energy\"", "\"mean-shift\", \"energy\"");
    grown(&[BASE, &all]);
}

#[test]
fn less_of_anything_runs_nothing() {
    for (from, to) in [
        ("trials = 8", "trials = 3"),
        ("generations = 4", "generations = 2"),
        ("\"spread\", \"energy\"", "\"energy\""),
        ("[20, 30]", "[30]"),
        ("[arms.replace.regime.replace]\n", ""),
        ("What is used again?", "Another question?"),
        ("[arms.replace", "[arms.renamed"),
    ] {
        let said = grown(&[BASE, &BASE.replace(from, to)]);
        let runs_trials = said.contains("to run") && !said.contains("samples to look at");
        assert!(!runs_trials, "{from} → {to}: {said}");
    }
}

#[test]
fn generations_that_are_measured_more_often_measure_only_what_is_missing() {
    let sparse = BASE.replace("metrics", "measure = { every = 4 }\nmetrics");
    let said = grown(&[&sparse, BASE]);
    contains(&said, &["more generations measured by energy, more generations measured by spread"]);
}

#[test]
fn a_metric_with_other_parameters_is_another_metric() {
    let of =
        |q: &str| BASE.replace("\"energy\"", &format!("{{ tail-mass = {{ quantile = {q} }} }}"));
    let said = grown(&[&of("0.1"), &of("0.2")]);
    contains(&said, &["new metric tail-mass(quantile=0.2)"]);
}

#[test]
fn a_changed_value_is_told_and_runs_again() {
    for (from, to, told) in [
        ("seed = 5", "seed = 6", "changed: seed 5 → 6"),
        (
            "[model.gaussian]",
            "[model.gaussian]\nvariance = \"unbiased\"",
            "model.gaussian.variance",
        ),
        ("[world.moons]", "[world.moons]\nnoise = 0.2", "world.moons.noise"),
    ] {
        contains(
            &grown(&[BASE, &BASE.replace(from, to)]),
            &["32 trials of 4 cells: changed:", told],
        );
    }
}

#[test]
fn an_edited_data_file_does_not_slip_through() {
    let place = Place::new();
    place.write(
        "a.toml",
        &BASE.replace("[world.moons]", "[world.table]\npath = \"d.csv\"\nreuse = true"),
    );
    let rows = |n: u32| (0..n).map(|i| format!("{},{}\n", i % 7, i % 5)).collect::<String>();
    place.write("d.csv", &format!("x,y\n{}", rows(300)));
    place.succeeds(&["run", "a.toml"]);
    contains(&place.succeeds(&["run", "a.toml"]), &["nothing to do"]);
    place.write("d.csv", &format!("x,y\n{}", rows(301)));
    let said = place.succeeds(&["run", "a.toml"]);
    contains(&said, &["32 trials of 4 cells: changed: content of d.csv"]);
    place.write("d.csv", &format!("x,y\n{}", rows(300)));
    contains(&place.succeeds(&["plan", "a.toml"]), &[]);
    let said = place.succeeds(&["run", "a.toml"]);
    assert!(!said.contains("to run"), "the former data are known still: {said}");
}

#[test]
fn results_of_shards_are_collected_where_the_data_file_lies_elsewhere() {
    let place = Place::new();
    fs::create_dir_all(place.path().join("here")).expect("a folder");
    place.write(
        "here/a.toml",
        &BASE.replace("[world.moons]", "[world.table]\npath = \"d.csv\"\nreuse = true"),
    );
    let rows: String = (0..300).map(|i| format!("{},{}\n", i % 7, i % 5)).collect();
    place.write("here/d.csv", &format!("x,y\n{rows}"));
    place.succeeds(&["run", "here/a.toml", "--shard", "1/1"]);
    place.succeeds(&["collect", "results/a"]);
    place.succeeds(&["run", "here/a.toml", "--out", "fresh"]);
    place.same("fresh/a", "results/a");
}

const ADAPTIVE: &str = r#"question = "How many trials?"
trials = { at-least = 20, at-most = 200, until = { metric = "spread", generation = 3, half-width = 0.13 } }
generations = 3
founders = 40
metrics = ["spread"]
[world.normal]
[model.gaussian]
[arms.replace.regime.replace]
[arms.accumulate.regime.accumulate]
"#;

#[test]
fn adaptive_replication_stops_at_the_same_count_however_it_was_run() {
    let place = Place::new();
    place.write("a.toml", ADAPTIVE);
    let said = place.succeeds(&["run", "a.toml", "--out", "one", "--jobs", "1"]);
    contains(&said, &["adaptive: ", "of at most 200 trials in each of 2 cells", ", narrow enough"]);
    let summary = fs::read_to_string(place.path().join("one/a/summary.csv")).expect("a summary");
    let trials = |row: &str| row.split(',').nth(4).and_then(|n| n.parse::<u32>().ok());
    let counts: Vec<u32> = summary.lines().skip(1).filter_map(trials).collect();
    assert!(counts.iter().all(|n| *n == counts[0]), "the same count for all paired cells");
    assert!([40, 80, 160].contains(&counts[0]), "decided at a fixed count: {}", counts[0]);
    // Interrupted as if after 25 trials, and on two threads.
    place.write("a.toml", &ADAPTIVE.replace("{ at-least = 20, at-most = 200, until = { metric = \"spread\", generation = 3, half-width = 0.13 } }", "25"));
    place.succeeds(&["run", "a.toml", "--out", "two"]);
    place.write("a.toml", ADAPTIVE);
    place.succeeds(&["run", "a.toml", "--out", "two", "--jobs", "2"]);
    place.same("one/a", "two/a");
    contains(&place.succeeds(&["run", "a.toml", "--out", "two"]), &["nothing to do"]);
    let (code, _, message) = place.collapse(&["run", "a.toml", "--shard", "1/2"]);
    assert_eq!(code, 2);
    contains(&message, &["give `trials` a number", "without `--shard`"]);
}

#[test]
fn adaptive_replication_that_finds_no_end_says_so() {
    let place = Place::new();
    place.write("a.toml", &ADAPTIVE.replace("half-width = 0.13", "half-width = 1e-6"));
    let said = place.succeeds(&["run", "a.toml"]);
    contains(&said, &["adaptive: 200 of at most 200 trials", "not narrow enough"]);
}

fn study() -> Box<dyn Study> {
    read(Document::new("a.toml", BASE)).unwrap_or_else(|complaint| panic!("{complaint}"))
}

fn outcomes(folder: &Path) -> Vec<Outcome> {
    read_table(folder, "outcomes").expect("outcomes")
}

#[test]
fn a_trial_that_panics_is_recorded_with_its_message_and_taken_up_again_on_request() {
    let home = tempfile::tempdir().expect("a folder");
    let target = folder::open(&home.path().join("a")).expect("a folder");
    let fault = |arm: &str, trial: u32| {
        assert!(!(arm == "replace" && trial == 3), "index out of bounds: the len is 2");
    };
    let faulty = Orders { threads: 2, witness: &fault, ..Orders::default() };
    let report = study().work(&target, &faulty).expect("the others go on").report;
    assert_eq!((report.ran, report.is_interrupted), (32, false));
    let report = study().compile(&target, &target, &faulty).expect("tables");
    assert_eq!((report.trials, report.failed), (32, 2));
    let failed: Vec<Outcome> =
        outcomes(&target).into_iter().filter(|o| o.outcome == "failed").collect();
    assert_eq!(failed.len(), 2, "one in each cell of the arm");
    assert!(failed.iter().all(|o| o.trial == 3 && o.cause.contains("the len is 2")), "{failed:?}");
    // Nobody asked again: nothing is run.
    let report = study().work(&target, &Orders::default()).expect("nothing to do").report;
    assert_eq!((report.ran, report.failed), (0, 2));
    let again = Orders { retry_failed: true, ..Orders::default() };
    assert_eq!(study().work(&target, &again).expect("both").report.ran, 2);
    study().compile(&target, &target, &again).expect("tables");
    let whole = home.path().join("whole");
    study().run(&whole, 1, &|_| ()).expect("a run");
    for table in ["measurements.csv", "outcomes.csv", "composition.csv", "theory.csv"] {
        let read = |folder: &Path| fs::read(folder.join(table)).expect("a table");
        assert!(read(&target) == read(&whole), "{table}");
    }
}

#[test]
fn plan_and_status_agree_on_what_is_there() {
    let place = Place::new();
    place.write("a.toml", BASE);
    let (_, out, err) = place.collapse(&["plan", "a.toml"]);
    contains(&out, &["4 cells, 32 trials: 0 there, 0 failed, 32 to run", "of memory", "of disk"]);
    contains(&err, &["32 trials of 4 cells: first run"]);
    assert!(!place.path().join("results").exists(), "a plan writes nothing");
    place.succeeds(&["run", "a.toml", "--shard", "1/2"]);
    let (_, out, _) = place.collapse(&["plan", "a.toml", "--json"]);
    let plan: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let (_, out, _) = place.collapse(&["status", "results/a", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&plan["missing"], &status["done"]), (&16.into(), &16.into()));
    for (planned, is) in [("cached", "done"), ("trials", "trials")] {
        let of = |document: &serde_json::Value, key: &str| -> Vec<u64> {
            let cells = document["cells"].as_array().expect("cells");
            cells.iter().filter_map(|cell| cell[key].as_u64()).collect()
        };
        assert_eq!(of(&plan, planned), of(&status, is));
    }
    assert!(plan["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0));
}
