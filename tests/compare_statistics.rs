//! Paired statistics against SciPy and plain counting.

#[path = "common/golden.rs"]
#[allow(dead_code)]
mod golden_file;

use golden_file::{list, numbers};
use model_collapse::analysis::comparison::bca::{Bootstrap, bca};
use model_collapse::analysis::comparison::holm::holm;
use model_collapse::analysis::comparison::limit::limit;
use model_collapse::analysis::comparison::sign_flip::sign_flip;
use model_collapse::analysis::comparison::wilcoxon::wilcoxon;
use model_collapse::stream::{Role, Stream, stream};
use serde_json::Value;

fn golden(part: &str) -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/comparison.json");
    let text = std::fs::read_to_string(path).expect("a file");
    let golden: Value = serde_json::from_str(&text).expect("JSON");
    list(&golden[part]).to_vec()
}

/// Numbers, and texts where JSON has none.
fn differences(case: &Value) -> Vec<f64> {
    let number = |x: &Value| match x.as_str() {
        Some(text) => text.parse().expect("an infinity"),
        None => x.as_f64().expect("a number"),
    };
    list(&case["differences"]).iter().map(number).collect()
}

fn rng() -> Stream {
    stream(1, 0, 0, Role::compare("golden"))
}

#[test]
fn sign_flips_of_the_median_are_those_of_scipy_and_of_enumeration() {
    let mut counted = 0;
    for case in golden("tests") {
        let Some(expected) = case["sign_flip"].as_f64() else { continue };
        let d = differences(&case);
        let exact = sign_flip(&d, 1 << d.len(), &mut rng()).expect("differences");
        assert_eq!(exact, expected, "{}", case["name"]);
        let closed = limit(&d).expect("differences");
        assert!((closed - expected).abs() < 1e-12, "{}: {closed}", case["name"]);
        // Random signs: within four standard errors, and never 0.
        let some = sign_flip(&d, (1 << d.len()) - 1, &mut rng()).expect("differences");
        let error = (expected * (1.0 - expected) / f64::from(1 << d.len())).sqrt();
        assert!(some > 0.0 && (some - expected).abs() <= 4.0 * error + 0.002, "{}", case["name"]);
        counted += 1;
    }
    assert!(counted >= 8, "{counted}");
}

#[test]
fn many_random_signs_agree_with_the_closed_form_where_nobody_can_enumerate() {
    for case in golden("tests") {
        let d = differences(&case);
        if d.len() > 13 {
            let (some, all) = (sign_flip(&d, 40_000, &mut rng()).unwrap(), limit(&d).unwrap());
            let error = (all * (1.0 - all) / 40_000.0).sqrt() + 1.0 / 40_000.0;
            assert!((some - all).abs() < 4.0 * error, "{}: {some} {all}", case["name"]);
        }
    }
}

#[test]
fn signed_ranks_are_those_of_scipy() {
    for case in golden("tests") {
        let (found, expected) = (wilcoxon(&differences(&case)), case["wilcoxon"].as_f64());
        let (found, expected) = (found.expect("differences"), expected.expect("a number"));
        assert!((found - expected).abs() < 1e-10, "{}: {found} {expected}", case["name"]);
    }
}

#[test]
fn intervals_from_the_same_resamples_are_those_of_scipy() {
    for case in golden("intervals") {
        let observed = case["observed"].as_f64().expect("a number");
        let (resampled, jackknife) = (numbers(&case["resampled"]), numbers(&case["jackknife"]));
        let (low, high) = bca(&resampled, observed, &jackknife, 0.05);
        for (found, end) in [(low, "low"), (high, "high")] {
            let expected = case[end].as_f64().expect("a number");
            assert!((found - expected).abs() < 1e-9, "{}: {found} {expected}", case["name"]);
        }
    }
}

#[test]
fn intervals_from_other_resamples_are_nearly_the_same() {
    for case in golden("intervals") {
        let values = numbers(&case["values"]);
        let spread = case["high"].as_f64().unwrap() - case["low"].as_f64().unwrap();
        let bootstrap = Bootstrap::of(&values, 20_000, &mut rng()).expect("a bootstrap");
        let (low, high) = match case["name"].as_str().expect("a name").starts_with("mean") {
            true => bootstrap.of_mean(0.05).expect("a mean"),
            false => bootstrap.of_median(0.05),
        };
        for (found, end) in [(low, "low"), (high, "high")] {
            // 299 resamples place an end of theirs within a fifth of the width.
            let gap = (found - case[end].as_f64().unwrap()).abs();
            assert!(gap < 0.2 * spread, "{}: {found}", case["name"]);
        }
    }
}

#[test]
fn families_are_adjusted_step_by_step() {
    for case in golden("holm") {
        let found = holm(&numbers(&case["p"]));
        for (found, expected) in found.iter().zip(numbers(&case["adjusted"])) {
            assert!((found - expected).abs() < 1e-14);
        }
    }
}
