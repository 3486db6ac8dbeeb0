//! `collapse compare` as its users meet it: every format, every budget, and every way to be wrong.

mod common;

use common::place::{Place, contains};
use serde_json::Value;
use std::fs;

const ARMS: &str = r#"question = "Does real data keep the variance?"
seed = 3
trials = 24
generations = 6
founders = 12
evaluation = 30
metrics = ["spread", "mean-shift", "kl"]

[world.normal]

[model.gaussian]

[arms.replace.regime.replace]
[arms.accumulate.regime.accumulate]
[arms.fresh.regime.fresh]
real = 12
[arms.same]
curation = []
[arms.doomed]
curation = [{ reject-outliers = { distance = 0.0001 } }]
"#;

fn compare(place: &Place, more: &[&str]) -> (i32, String, String) {
    place.collapse(&[&["compare", "results/a", "--baseline", "replace"], more].concat())
}

fn json(place: &Place, more: &[&str]) -> Value {
    let (code, out, message) = compare(place, &[more, &["--json"]].concat());
    assert_eq!(code, 0, "{message}");
    serde_json::from_str(&out).expect("JSON")
}

fn lines<'a>(comparison: &'a Value, arm: &str, metric: &str) -> Vec<&'a Value> {
    let all = comparison["lines"].as_array().expect("lines");
    all.iter().filter(|line| line["arm"] == arm && line["metric"] == metric).collect()
}

#[test]
fn arms_are_better_worse_or_not_found_and_the_dead_are_worst_and_named() {
    let place = Place::of_results(ARMS);
    let found = json(&place, &[]);
    let verdict = |arm: &str| lines(&found, arm, "spread")[0]["verdict"].clone();
    assert_eq!(verdict("accumulate"), "better");
    assert_eq!(verdict("fresh"), "better");
    assert_eq!(verdict("doomed"), "worse");
    assert_eq!(verdict("same"), "no difference found");
    let doomed = lines(&found, "doomed", "spread")[0];
    assert_eq!((doomed["median"].as_str(), doomed["extinct"].as_u64()), (Some("inf"), Some(24)));
    assert!(doomed["mean"].is_null() && doomed["cliff"].as_f64() == Some(1.0), "{doomed}");
    let notes = found["notes"].to_string();
    contains(&notes, &["doomed: 24 of 24 lineages extinct by generation", "ranked worst"]);
    // The arm that is the baseline under another name differs by nothing at all.
    let same = lines(&found, "same", "kl")[0];
    assert_eq!((same["median"].as_f64(), same["p"].as_f64()), (Some(0.0), Some(1.0)));
    let equivalent = json(&place, &["--within", "0.01", "--metric", "spread"]);
    assert_eq!(lines(&equivalent, "same", "spread")[0]["verdict"], "equivalent within 0.01");
    assert_eq!(lines(&equivalent, "accumulate", "spread")[0]["verdict"], "better");
}

#[test]
fn every_format_tells_every_line_and_the_pictures_lie_beside_their_tables() {
    let place = Place::of_results(ARMS);
    let (code, text, message) = compare(&place, &[]);
    assert_eq!(code, 0, "{message}");
    contains(&text, &["spread, generation 6: loss against replace, 24 pairs", "accumulate"]);
    contains(&text, &["better", "no difference found (all pairs alike)", "Holm over 12 lines"]);
    let (_, early, _) = compare(&place, &["--generation", "2"]);
    contains(&early, &["no difference found (finds ", "finds: the smallest shift"]);
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(!text.contains('\u{1b}'));
    let (_, markdown, _) = compare(&place, &["--format", "markdown"]);
    assert!(markdown.lines().filter(|line| line.starts_with("| ")).count() == 13, "{markdown}");
    let (_, latex, _) = compare(&place, &["--format", "latex"]);
    contains(&latex, &["\\begin{tabular}", "95 \\% interval", "\\\\", "\\end{tabular}"]);
    let (_, csv, _) = compare(&place, &["--format", "csv"]);
    let table = fs::read_to_string(place.path().join("results/a/comparison/comparison.csv"));
    assert_eq!(csv, table.expect("a table"));
    assert!(
        csv.starts_with("cell,swept,arm,generation,baseline,baseline_generation,metric,trials")
    );
    assert_eq!(csv.lines().count(), 13);
    for file in ["forest", "ranks", "frontier"] {
        for end in ["svg", "png"] {
            let path = format!("results/a/comparison/{file}.{end}");
            assert!(place.path().join(&path).is_file(), "{path}");
        }
    }
    assert_eq!(compare(&place, &["--out", "elsewhere/deep", "--metric", "kl"]).0, 0);
    assert!(place.path().join("elsewhere/deep/ranks.csv").is_file());
    let (code, _, _) = place.collapse(&["run", "a.toml"]);
    assert_eq!(code, 0, "a comparison does not stand in the way of the next run");
}

#[test]
fn the_same_command_gives_the_same_bytes_and_another_seed_nearly_the_same() {
    let place = Place::of_results(ARMS);
    let (one, other) = (json(&place, &[]), json(&place, &[]));
    assert_eq!(one, other);
    let reseeded = json(&place, &["--seed", "9"]);
    let p = |found: &Value| lines(found, "accumulate", "kl")[0]["p"].as_f64().expect("a p-value");
    assert!(p(&one) != p(&reseeded) && (p(&one) - p(&reseeded)).abs() < 0.01);
    let alone = json(&place, &["--metric", "kl"]);
    assert_eq!(p(&one), p(&alone), "another line moves no randomness");
}

#[test]
fn swept_cells_and_generations_are_lines_of_one_family() {
    let text = ARMS.split("[arms.fresh").next().expect("the first part");
    let text = format!("{text}\n[sweep]\nfounders = [8, 16]\n");
    let place = Place::of_results(&text);
    let found = json(&place, &["--generation", "3", "--generation", "6", "--metric", "spread"]);
    let all = lines(&found, "accumulate", "spread");
    let said: Vec<String> =
        all.iter().map(|l| format!("{} {}", l["swept"], l["generation"])).collect();
    assert_eq!(
        said,
        ["\"founders=8\" 3", "\"founders=16\" 3", "\"founders=8\" 6", "\"founders=16\" 6"]
    );
    for line in all {
        assert!(line["p_holm"].as_f64() >= line["p"].as_f64());
    }
}

#[test]
fn a_budget_is_held_equal_or_told() {
    let place = Place::of_results(ARMS);
    let held = |budget: &str| json(&place, &["--match", budget, "--metric", "spread"]);
    let training = held("training-samples");
    // replace has trained on 6 × 12 samples, accumulate on 12, 36, 72 …
    let line = lines(&training, "accumulate", "spread")[0];
    assert_eq!((line["generation"].as_u64(), line["spent"].as_f64()), (Some(3), Some(72.0)));
    let real = held("real-samples");
    assert_eq!(lines(&real, "accumulate", "spread")[0]["generation"], 6);
    assert_eq!(lines(&real, "fresh", "spread")[0]["generation"], 1);
    let (code, text, _) = compare(&place, &["--match", "synthetic-drawn", "--metric", "spread"]);
    assert_eq!(code, 0);
    contains(&text, &["doomed", "budget differs: ? ≠ 72", "not compared"]);
    let (_, text, _) = compare(&place, &["--match", "seconds", "--metric", "spread"]);
    contains(&text, &["spread, generation 6"]);
    let (code, _, message) = compare(&place, &["--match", "seconds", "--generation", "3"]);
    assert_eq!(code, 2);
    contains(&message, &["whole lineages", "--generation"]);
    fs::remove_file(place.path().join("results/a/budget.csv")).expect("removed");
    let (code, _, message) = compare(&place, &["--match", "real-samples"]);
    assert_eq!(code, 2);
    contains(&message, &["budget.csv", "collapse collect"]);
}

#[test]
fn costs_say_what_every_trial_spent() {
    let text = ARMS.replace("curation = []", "curation = [{ likeliest = { keep = 0.5 } }]");
    let place = Place::of_results(&text);
    let table = fs::read_to_string(place.path().join("results/a/costs.csv")).expect("a table");
    let header = "cell,arm,trial,seconds,real_samples,fresh_samples,synthetic_drawn,synthetic_kept,\
                  verifier_calls,training_samples";
    assert_eq!(table.lines().next(), Some(header));
    let spent = |arm: &str| {
        let row = table.lines().find(|line| line.split(',').nth(1) == Some(arm)).expect("a row");
        row.split(',').skip(4).map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(spent("replace"), "12 0 72 72 0 72");
    assert_eq!(spent("accumulate"), "12 0 72 72 0 252");
    assert_eq!(spent("fresh"), "72 60 72 72 0 132");
    assert_eq!(spent("same"), "12 0 144 72 0 72");
    assert_eq!(spent("doomed"), "12 0 0 0 0 0");
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let place = Place::of_results(ARMS);
    let refused = |arguments: &[&str], parts: &[&str]| {
        let (code, out, message) = place.collapse(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {message}");
        contains(&message, parts);
    };
    let with =
        |more: &[&'static str]| [&["compare", "results/a", "--baseline", "replace"], more].concat();
    let baseline = ["compare", "results/a", "--baseline", "repalce"];
    refused(&baseline, &["repalce", "did you mean `replace`", "accumulate, fresh"]);
    refused(&with(&["--metric", "spred"]), &["spred", "did you mean `spread`", "mean-shift"]);
    refused(&with(&["--generation", "7"]), &["generation 7", "1, 2, 3, 4, 5, 6"]);
    refused(&with(&["--alpha", "0.7"]), &["--alpha", "between 0 and 0.5", "0.7"]);
    refused(&with(&["--within", "-1"]), &["--within", "at least 0", "-1"]);
    refused(&with(&["--resamples", "5"]), &["--resamples", "at least 100", "5"]);
    refused(&with(&["--match", "money"]), &["money", "real-samples"]);
    refused(&["compare", "nowhere", "--baseline", "replace"], &["nowhere", "holds no results"]);
    refused(&with(&["--json", "--format", "csv"]), &["--json", "--format"]);
}

#[test]
fn arms_that_share_no_noise_or_no_truth_are_no_pairs() {
    let two = |more: &str| ARMS.split("[arms.accumulate").next().expect("a part").to_owned() + more;
    let seeds = Place::of_results(&two("[arms.other]\nseed = 4\n"));
    let (code, _, message) = compare(&seeds, &[]);
    assert_eq!(code, 2);
    contains(&message, &["`other` cannot be paired with `replace`", "seed 3 → 4", "the same ones"]);
    let worlds = Place::of_results(&two("[arms.other.world.normal]\nsd = 2.0\n"));
    contains(&compare(&worlds, &[]).2, &["cannot be paired", "world.normal.sd"]);
    let alone = Place::of_results(&two(""));
    contains(&compare(&alone, &[]).2, &["one arm", "nothing to compare it with"]);
}

#[test]
fn one_trial_has_no_interval_and_says_so() {
    let place = Place::of_results(&ARMS.replace("trials = 24", "trials = 1"));
    let found = json(&place, &[]);
    let line = lines(&found, "accumulate", "spread")[0];
    assert!(line["median_low"].is_null() && line["mean_low"].is_null(), "{line}");
    assert_eq!((line["p"].as_f64(), line["trials"].as_u64()), (Some(1.0), Some(1)));
    contains(&found["notes"].to_string(), &["one trial has no interval"]);
    contains(&compare(&place, &[]).1, &["no difference found (finds none)", "one trial"]);
}
