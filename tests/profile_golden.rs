//! Courses of a risk, sign tests and slopes of a collapse profile against SciPy.

#[path = "common/golden.rs"]
#[allow(dead_code)]
mod golden_file;

use golden_file::{list, numbers};
use model_collapse::analysis::profile::Signs;
use model_collapse::analysis::profile::decline::line;
use model_collapse::analysis::profile::shape::{Course, Family};
use serde_json::Value;

fn golden(part: &str) -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/profile.json");
    let text = std::fs::read_to_string(path).expect("a file");
    let golden: Value = serde_json::from_str(&text).expect("JSON");
    list(&golden[part]).to_vec()
}

fn number(case: &Value, name: &str) -> f64 {
    case[name].as_f64().expect("a number")
}

#[test]
fn courses_are_those_of_curve_fit() {
    let cases = golden("courses");
    assert_eq!(cases.len(), 7);
    for case in cases {
        let (t, y) = (numbers(&case["t"]), numbers(&case["y"]));
        let family = match case["family"].as_str() {
            Some("power") => Family::powers(&t),
            _ => Family::levelling(&t),
        };
        let fit = family.fit(&y);
        let (Course::Power(shape) | Course::Levelling(shape)) = fit.course else {
            panic!("{}: a course without a shape", case["name"]);
        };
        let near = |found: f64, name: &str, tolerance: f64| {
            let expected = number(&case, name);
            let gap = (found - expected).abs();
            assert!(gap < tolerance * expected.abs().max(1.0), "{}: {name} {found}", case["name"]);
        };
        near(fit.squares, "squares", 1e-10);
        near(shape, "shape", 1e-4);
        near(fit.a, "a", 1e-3);
        near(fit.b, "b", 1e-3);
        // What is foretold hardly depends on how exactly the shape was found.
        let last = 2.0 * t[t.len() - 1];
        let (a, b, shape) = (number(&case, "a"), number(&case, "b"), number(&case, "shape"));
        let expected = match fit.course {
            Course::Power(_) => a + b * last.powf(shape),
            _ => a + b * (1.0 - (-last / shape).exp()),
        };
        assert!((fit.at(last) / expected - 1.0).abs() < 1e-4, "{}", case["name"]);
    }
}

#[test]
fn sign_tests_and_slopes_are_those_of_scipy() {
    for case in golden("signs") {
        let count = |name: &str| case[name].as_u64().expect("a count") as usize;
        let signs = Signs { up: count("up"), down: count("down") };
        assert!((signs.p() / number(&case, "p") - 1.0).abs() < 1e-9, "{case}");
    }
    let cases = golden("slopes");
    assert_eq!(cases.len(), 2);
    for case in cases {
        let logs = numbers(&case["y"]).into_iter().map(f64::ln);
        let points: Vec<(f64, f64)> = numbers(&case["t"]).into_iter().zip(logs).collect();
        let slope = line(&points).expect("a line");
        assert!((slope - number(&case, "slope")).abs() < 1e-12, "{case}");
    }
}
