//! `collapse profile` as its users meet it.

mod common;

use common::place::{Place, contains};
use serde_json::Value;
use std::fs;

const ARMS: &str = "\n[arms.replace.regime.replace]\n[arms.accumulate.regime.accumulate]\n";

const NORMAL: &str = r#"question = "Which collapse is it?"
seed = 3
trials = 30
generations = 40
founders = 20
evaluation = 100
metrics = ["spread", "mean-shift", "tail-mass", "kl"]

[world.normal]

[model.gaussian]

[arms.replace.regime.replace]
[arms.accumulate.regime.accumulate]
[arms.doomed]
curation = [{ reject-outliers = { distance = 0.0001 } }]
"#;

fn profile(place: &Place, more: &[&str]) -> (i32, String, String) {
    place.collapse(&[&["profile", "results/a"], more].concat())
}

fn json(place: &Place, more: &[&str]) -> Value {
    let (code, out, message) = profile(place, &[more, &["--json"]].concat());
    assert_eq!(code, 0, "{message}");
    serde_json::from_str(&out).expect("JSON")
}

fn row<'a>(found: &'a Value, arm: &str, name: &str) -> &'a Value {
    let rows = found["rows"].as_array().expect("rows");
    rows.iter().find(|row| row["arm"] == arm && row["name"] == name).expect("the row")
}

fn verdicts(found: &Value, arm: &str) -> Vec<String> {
    let names = ["leap", "rise", "diverge", "variance", "scaling", "tail", "invent", "merge"];
    let word = |name: &&str| row(found, arm, name)["verdict"].as_str().expect("a word").to_owned();
    names.iter().map(word).collect()
}

fn evidence<'a>(found: &'a Value, arm: &str, name: &str) -> &'a str {
    row(found, arm, name)["evidence"].as_str().expect("evidence")
}

#[test]
fn replace_with_biased_variance_collapses_and_accumulate_does_not() {
    let place = Place::of_results(NORMAL);
    let found = json(&place, &[]);
    let none = "not measured";
    let replace = verdicts(&found, "replace");
    assert_eq!(replace, ["yes", "yes", "yes", "yes", none, "yes", none, none]);
    let accumulate = verdicts(&found, "accumulate");
    assert_eq!((&*accumulate[0], &*accumulate[3], &*accumulate[5]), ("no", "no", "no"), "{found}");
    // Thirty lineages may not see where it levels off, and never see it diverge.
    assert_ne!(accumulate[2], "yes", "{found}");
    // E ln σ² falls by ln 10 − ψ(9.5) = 0.1053 a generation: the variance halves in 6.6.
    let variance = row(&found, "replace", "variance");
    let (low, high) = (variance["low"].as_f64(), variance["high"].as_f64());
    let expected = (-0.1053_f64 * 40.0).exp();
    assert!(low < Some(expected) && high > Some(expected), "{variance}");
    assert_eq!(row(&found, "replace", "leap")["metric"], "kl");
    // Two tests of risk in one family of three arms.
    for arm in ["replace", "accumulate"] {
        let rise = row(&found, arm, "rise");
        assert!(rise["p_holm"].as_f64() >= rise["p"].as_f64(), "{rise}");
    }
}

#[test]
fn the_extinct_have_infinite_risk_and_nothing_left_and_are_named() {
    let place = Place::of_results(NORMAL);
    let found = json(&place, &[]);
    let doomed = verdicts(&found, "doomed");
    assert_eq!(doomed[..4], ["yes", "yes", "yes", "yes"], "{found}");
    assert_eq!(doomed[5], "yes");
    assert_eq!(row(&found, "doomed", "leap")["value"], "inf");
    assert_eq!(row(&found, "doomed", "tail")["value"], 0.0);
    contains(&found["notes"].to_string(), &["doomed: 30 of 30 lineages extinct by generation 40"]);
    let (_, text, _) = profile(&place, &["--arm", "doomed"]);
    contains(&text, &["doomed: 30 lineages, 30 of them extinct, generation 40"]);
}

#[test]
fn people_papers_and_programs_read_the_same() {
    let place = Place::of_results(NORMAL);
    let (code, text, message) = profile(&place, &[]);
    assert_eq!(code, 0, "{message}");
    let head =
        "arm         1 leap  2 rise  3 diverge  4 variance  5 scaling  6 tail  7 invent  8 merge";
    assert_eq!(text.lines().next(), Some(head));
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    contains(&text, &["replace: 30 lineages, generation 40", "by Holm over 3 rows", "2503.03150"]);
    let (_, markdown, _) = profile(&place, &["--format", "markdown"]);
    assert_eq!(markdown.lines().filter(|line| line.starts_with("| ")).count(), 1 + 3 + 1 + 24);
    let (_, latex, _) = profile(&place, &["--format", "latex"]);
    contains(&latex, &["\\begin{tabular}{lllllllll}", "accumulate & no", "\\end{tabular}"]);
    let (_, csv, _) = profile(&place, &["--format", "csv"]);
    let path = place.path().join("results/a/profile/profile.csv");
    assert_eq!(csv, fs::read_to_string(&path).expect("a table"));
    assert!(csv.starts_with("cell,swept,arm,definition,name,verdict,metric,generation,lineages"));
    assert_eq!(csv.lines().count(), 25);
    for end in ["svg", "png"] {
        assert!(path.with_extension(end).is_file(), "{end}");
    }
    assert_eq!(json(&place, &[]), json(&place, &[]), "the same command gives the same words");
    assert_eq!(profile(&place, &["--out", "elsewhere/deep"]).0, 0);
    assert!(place.path().join("elsewhere/deep/profile.csv").is_file());
    let (code, _, _) = place.collapse(&["run", "a.toml"]);
    assert_eq!(code, 0, "a profile does not stand in the way of the next run");
}

#[test]
fn lines_are_drawn_where_they_are_asked_for() {
    let place = Place::of_results(NORMAL);
    let found = json(&place, &["--times", "1.0001", "--left", "0.00001", "--metric", "mean-shift"]);
    assert_eq!(verdicts(&found, "replace")[0], "yes");
    assert_eq!(verdicts(&found, "replace")[3], "no");
    assert_eq!(row(&found, "accumulate", "leap")["metric"], "mean-shift");
    // An arm by itself is a family by itself.
    let alone = json(&place, &["--arm", "replace"]);
    let rise = row(&alone, "replace", "rise");
    assert_eq!((alone["rows"].as_array().map(Vec::len), &rise["p"]), (Some(8), &rise["p_holm"]));
}

#[test]
fn one_trial_decides_nothing() {
    let place = Place::of_results(&NORMAL.replace("trials = 30", "trials = 1"));
    let found = json(&place, &["--arm", "replace"]);
    let words = verdicts(&found, "replace");
    assert!(words.iter().all(|word| word == "undecided" || word == "not measured"), "{words:?}");
    contains(evidence(&found, "replace", "leap"), &["one lineage has no interval"]);
    contains(evidence(&found, "replace", "diverge"), &["one lineage, and 6 are needed"]);
    contains(&found["notes"].to_string(), &["one trial has no interval, and no test"]);
}

#[test]
fn what_is_not_measured_says_what_would_have_to_be() {
    let text = NORMAL.replace("[\"spread\", \"mean-shift\", \"tail-mass\", \"kl\"]", "[\"mmd\"]");
    let place = Place::of_results(&text);
    let found = json(&place, &["--arm", "accumulate"]);
    for (name, word) in [
        ("variance", "\"spread\""),
        ("scaling", "\"offspring\""),
        ("tail", "\"tail-mass\""),
        ("invent", "\"precision\""),
        ("merge", "\"modes\""),
    ] {
        assert_eq!(row(&found, "accumulate", name)["verdict"], "not measured");
        contains(evidence(&found, "accumulate", name), &[word]);
    }
    // A bounded risk cannot diverge.
    assert_eq!(row(&found, "accumulate", "rise")["metric"], "mmd");
    contains(evidence(&found, "accumulate", "diverge"), &["mmd begins at", "never exceeds 2.00"]);
}

#[test]
fn without_generation_1_nothing_is_refused_that_is_held_against_it() {
    let place = Place::of_results(&NORMAL.replace("founders", "measure = { every = 5 }\nfounders"));
    let found = json(&place, &[]);
    let leap = row(&found, "accumulate", "leap");
    assert_eq!(leap["verdict"], "undecided");
    contains(evidence(&found, "accumulate", "leap"), &["R_5", "before generation 5"]);
    assert_eq!(row(&found, "accumulate", "variance")["verdict"], "no");
    contains(&found["notes"].to_string(), &["generation 1 is not measured", "log = 8"]);
}

const SWEPT: &str = r#"question = "Does the law of sizes change?"
seed = 5
trials = 30
generations = 30
founders = 10
metrics = ["frechet"]

[world.normal]
dimension = 5

[model.gaussian]

[sweep]
founders = [10, 30, 100, 300]
"#;

#[test]
fn replace_flattens_the_law_of_sizes_and_swept_cells_stand_apart() {
    let place = Place::of_results(&format!("{SWEPT}{ARMS}"));
    let found = json(&place, &[]);
    assert_eq!(found["rows"].as_array().map(Vec::len), Some(64));
    let replace = row(&found, "replace", "scaling");
    assert_eq!((&replace["verdict"], &replace["metric"]), (&"yes".into(), &"frechet".into()));
    assert!(replace["low"].as_f64() > Some(0.0), "{replace}");
    contains(evidence(&found, "replace", "scaling"), &["founders 10 to 300", "at generation 1"]);
    // π²/6 of the first risk at every size: the level changes, the law does not.
    let accumulate = row(&found, "accumulate", "scaling");
    assert_ne!(accumulate["verdict"], "yes", "{accumulate}");
    assert!(accumulate["value"].as_f64().is_some_and(|v| v.abs() < 0.1), "{accumulate}");
    let (_, text, _) = profile(&place, &[]);
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    contains(&text, &["arm                        1 ", "accumulate (founders=300)"]);
    let two = Place::of_results(&format!("{SWEPT}{ARMS}").replace(", 100, 300]", "]"));
    let found = json(&two, &[]);
    assert_eq!(row(&found, "replace", "scaling")["verdict"], "not measured");
    contains(evidence(&found, "replace", "scaling"), &["2 sizes of founders", "three"]);
}

#[test]
fn modes_need_precision_beside_them() {
    let text = r#"question = "Do modes merge?"
seed = 3
trials = 12
generations = 8
founders = 60
evaluation = 200
metrics = ["modes", "precision", "tail-recall", "tail-mass"]

[world.ring]

[model.mixture]
components = 8
"#;
    let text = format!("{text}{ARMS}");
    let place = Place::of_results(&text);
    let found = json(&place, &[]);
    let metric = |name: &str| row(&found, "replace", name)["metric"].clone();
    assert_eq!((metric("tail"), metric("invent")), ("tail-recall".into(), "precision".into()));
    let merge = row(&found, "replace", "merge");
    assert_ne!(merge["verdict"], "not measured", "{merge}");
    contains(evidence(&found, "replace", "merge"), &["of modes left"]);
    let place = Place::of_results(&text.replace("\"precision\", ", ""));
    let found = json(&place, &[]);
    assert_eq!(row(&found, "replace", "merge")["verdict"], "not measured");
    contains(evidence(&found, "replace", "merge"), &["look alike", "precision"]);
}

#[test]
fn types_lose_their_rare_ones_and_invent_none() {
    let text = r#"question = "Do rare words go?"
seed = 3
trials = 20
generations = 12
founders = 100
metrics = ["support", "tail-mass", "heterozygosity", "total-variation", "reverse-kl"]

[world.zipf]
types = 200

[model.categorical]
"#;
    let place = Place::of_results(&format!("{text}{ARMS}"));
    let found = json(&place, &[]);
    let tail = row(&found, "replace", "tail");
    assert_eq!((&tail["metric"], &tail["verdict"]), (&"support".into(), &"yes".into()), "{tail}");
    assert_eq!(row(&found, "accumulate", "tail")["verdict"], "no");
    let invent = row(&found, "replace", "invent");
    assert_eq!((&invent["metric"], &invent["verdict"]), (&"reverse-kl".into(), &"no".into()));
    contains(
        evidence(&found, "replace", "leap"),
        &["total-variation begins at", "never exceeds 1"],
    );
}

#[test]
fn what_is_asked_wrongly_is_refused_with_what_there_is() {
    let place = Place::of_results(NORMAL);
    let refused = |more: &[&str], words: &[&str]| {
        let (code, out, message) = profile(&place, more);
        assert_eq!((code, out.as_str()), (2, ""), "{message}");
        contains(&message, words);
    };
    refused(&["--arm", "replac"], &["replac", "did you mean `replace`", "accumulate, doomed"]);
    refused(&["--metric", "spraed"], &["spraed", "did you mean `spread`"]);
    refused(&["--times", "1"], &["--times", "above 1"]);
    refused(&["--left", "0"], &["--left", "share"]);
    refused(&["--alpha", "0.7"], &["--alpha", "0.7"]);
    refused(&["--resamples", "5"], &["--resamples", "at least 100"]);
    refused(&["--json", "--format", "csv"], &["--json", "--format"]);
    let (code, _, message) = place.collapse(&["profile", "nowhere"]);
    assert_eq!(code, 2);
    contains(&message, &["nowhere", "holds no results"]);
    let text = NORMAL.replace("\"kl\"]", "\"coverage\"]");
    let coverage = Place::of_results(&text);
    let (code, _, message) = profile(&coverage, &["--metric", "coverage"]);
    assert_eq!(code, 2);
    contains(&message, &["coverage", "they are read off", "tail-mass"]);
}

#[test]
fn results_without_a_finished_lineage_are_refused() {
    let place = Place::of_results(NORMAL);
    let path = place.path().join("results/a/outcomes.csv");
    let table = fs::read_to_string(&path).expect("a table");
    fs::write(&path, table.replace(",survived,", ",failed,").replace(",extinct,", ",failed,"))
        .expect("written");
    let (code, out, message) = profile(&place, &[]);
    assert_eq!((code, out.as_str()), (2, ""), "{message}");
    contains(&message, &["no lineage that finished", "outcomes.csv"]);
}
