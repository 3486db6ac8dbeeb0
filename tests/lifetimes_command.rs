//! `collapse lifetimes` as its users meet it.

mod common;

use common::place::{Place, contains};
use serde_json::Value;

const NORMAL: &str = r#"question = "How long does a variance last?"
seed = 3
trials = 30
generations = 20
founders = 8
metrics = ["spread", "mean-shift"]

[world.normal]

[model.gaussian]

[arms.replace.regime.replace]
[arms.accumulate.regime.accumulate]
[arms.same]
curation = []
[arms.doomed]
curation = [{ reject-outliers = { distance = 0.0001 } }]
"#;

fn lifetimes(place: &Place, more: &[&str]) -> (i32, String, String) {
    place.collapse(&[&["lifetimes", "results/a"], more].concat())
}

fn rows(place: &Place, more: &[&str]) -> Vec<Value> {
    let (code, out, message) = lifetimes(place, &[more, &["--json"]].concat());
    assert_eq!(code, 0, "{message}");
    let found: Value = serde_json::from_str(&out).expect("JSON");
    found["rows"].as_array().expect("rows").clone()
}

fn row<'a>(rows: &'a [Value], arm: &str) -> &'a Value {
    rows.iter().find(|row| row["arm"] == arm).expect("the arm")
}

#[test]
fn replace_is_over_sooner_than_accumulate_and_the_dead_soonest() {
    let place = Place::of_results(NORMAL);
    let half = ["--metric", "spread", "--below", "0.5", "--baseline", "replace"];
    let found = rows(&place, &half);
    let (replace, accumulate) = (row(&found, "replace"), row(&found, "accumulate"));
    // E ln of the variance falls by 0.135 a generation, n = 8: half is left after about five.
    let median = replace["median"].as_u64().expect("a median");
    assert!((3..=8).contains(&median), "{median}");
    assert!(accumulate["over"].as_u64() < replace["over"].as_u64());
    assert!(accumulate["z"].as_f64() < Some(-2.0) && accumulate["p"].as_f64() < Some(0.05));
    let doomed = row(&found, "doomed");
    assert_eq!((&doomed["median"], &doomed["left"]), (&1.into(), &0.0.into()));
    // A copy of the baseline lasts exactly as long.
    let same = row(&found, "same");
    assert_eq!((same["median"].as_u64(), same["z"].as_f64()), (Some(median), Some(0.0)));
}

#[test]
fn without_a_metric_extinction_is_the_end_and_a_share_is_one_of_the_world() {
    let place = Place::of_results(NORMAL);
    let found = rows(&place, &[]);
    assert_eq!(row(&found, "replace")["over"], 0);
    assert_eq!(row(&found, "replace")["median"], Value::Null);
    assert_eq!(row(&found, "doomed")["over"], 30);
    // The spread of the world is 1: a share of it is the value itself.
    let value = rows(&place, &["--metric", "spread", "--below", "0.3"]);
    let share = rows(&place, &["--metric", "spread", "--below", "0.3", "--of-real"]);
    assert_eq!(value, share);
}

#[test]
fn people_read_a_table() {
    let place = Place::of_results(NORMAL);
    let (code, out, _) = lifetimes(&place, &["--metric", "spread", "--above", "50"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("over: spread above 50, or extinct\n"), "{out}");
    contains(&out, &["> 20", "Kaplan"]);
    assert!(out.lines().all(|line| line.chars().count() <= 100), "{out}");
}

#[test]
fn what_is_asked_wrongly_is_refused_with_what_there_is() {
    let place = Place::of_results(NORMAL);
    let refused = |more: &[&str], words: &[&str]| {
        let (code, out, message) = lifetimes(&place, more);
        assert_eq!((code, out.as_str()), (2, ""), "{message}");
        for word in words {
            assert!(message.contains(word), "{message}");
        }
    };
    refused(&["--metric", "spread"], &["no limit", "--below X"]);
    refused(&["--metric", "spraed", "--below", "1"], &["spraed", "spread"]);
    refused(&["--below", "1"], &["--metric"]);
    refused(&["--baseline", "replac"], &["replac", "replace"]);
    refused(&["--alpha", "0.7"], &["--alpha", "0.7"]);
    let (code, _, message) = place.collapse(&["lifetimes", "nowhere"]);
    assert_eq!(code, 2);
    assert!(message.contains("nowhere"), "{message}");
}

#[test]
fn a_name_of_several_metrics_is_refused_with_their_labels() {
    let labels = "{ tail-mass = { of = \"offspring\" } }, { tail-mass = { quantile = 0.1 } }";
    let place = Place::of_results(&NORMAL.replace("\"mean-shift\"", labels));
    let (code, _, message) = lifetimes(&place, &["--metric", "tail-mass", "--below", "0.5"]);
    assert_eq!(code, 2);
    contains(&message, &["tail-mass(of=offspring)", "tail-mass(quantile=0.1)", "name one"]);
    let one = ["--metric", "tail-mass(quantile=0.1)", "--below", "0.5", "--of-real"];
    assert_eq!(rows(&place, &one).len(), 4);
}
