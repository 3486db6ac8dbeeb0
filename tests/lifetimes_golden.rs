//! Curves of survival and the log-rank test against SciPy.

#[path = "common/golden.rs"]
#[allow(dead_code)]
mod golden_file;

use golden_file::{list, numbers};
use model_collapse::analysis::lifetime::{Lifetime, kaplan_meier, log_rank};
use serde_json::Value;

fn golden(part: &str) -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/lifetimes.json");
    let text = std::fs::read_to_string(path).expect("a file");
    let golden: Value = serde_json::from_str(&text).expect("JSON");
    list(&golden[part]).to_vec()
}

fn lifetimes(case: &Value, times: &str, over: &str) -> Vec<Lifetime> {
    let over = list(&case[over]).iter().map(|over| over.as_bool().expect("a boolean"));
    let times = numbers(&case[times]).into_iter().map(|time| time as u32);
    times.zip(over).map(|(time, is_over)| Lifetime { time, is_over }).collect()
}

#[test]
fn curves_and_bands_are_those_of_scipy() {
    let cases = golden("curves");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let curve = kaplan_meier(&lifetimes(&case, "times", "over"), 0.05);
        let steps = list(&case["steps"]);
        assert_eq!(curve.steps.len(), steps.len(), "{}", case["name"]);
        for (found, expected) in curve.steps.iter().zip(steps) {
            let expected = list(expected);
            let near = |found: f64, place: usize| {
                // Where nobody is left, SciPy has no band, and ours is another.
                let Some(value) = expected[place].as_f64() else { return place > 1 };
                (found - value).abs() < 1e-12
            };
            let all = [f64::from(found.time), found.share, found.low, found.high];
            let is_near = all.into_iter().enumerate().all(|(place, value)| near(value, place));
            assert!(is_near, "{}: {found:?}, {expected:?}", case["name"]);
        }
    }
}

#[test]
fn the_log_rank_test_is_that_of_scipy() {
    let cases = golden("tests");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let one = lifetimes(&case, "times", "over");
        let other = lifetimes(&case, "other_times", "other_over");
        let found = log_rank(&one, &other).expect("events");
        let (z, p) = (case["z"].as_f64().expect("z"), case["p"].as_f64().expect("p"));
        assert!((found.z - z).abs() < 1e-10 && (found.p / p - 1.0).abs() < 1e-8, "{found:?}");
    }
}
