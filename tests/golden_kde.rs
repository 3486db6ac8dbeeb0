//! Kernel density estimates against scikit-learn and SciPy.

use model_collapse::distribution::Density;
use model_collapse::model::kde::{Bandwidth, Kde, Kernel, KernelDensity};
use model_collapse::numeric::bounded::Positive;
use model_collapse::samples::{Points, TrainingSet};
use ndarray::Array2;
use serde_json::Value;

fn cases() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/kde.json");
    let text = std::fs::read_to_string(path).expect("a file");
    let golden: Value = serde_json::from_str(&text).expect("JSON");
    golden["cases"].as_array().expect("cases").clone()
}

/// Numbers, and "-inf" where JSON has none.
fn vector(value: &Value) -> Vec<f64> {
    let number = |x: &Value| x.as_f64().unwrap_or(f64::NEG_INFINITY);
    value.as_array().expect("a list").iter().map(number).collect()
}

fn points(value: &Value) -> Points {
    let rows: Vec<Vec<f64>> = value.as_array().expect("rows").iter().map(vector).collect();
    Points::new(Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j]))
}

fn fitted(case: &Value, bandwidth: Bandwidth, kernel: Kernel) -> KernelDensity {
    let data = points(&case["data"]);
    let kde = Kde { bandwidth, kernel, ..Kde::default() };
    kde.estimate(&TrainingSet::plain(&data)).expect("some samples")
}

fn agrees(kde: &KernelDensity, case: &Value, golden: &Value) {
    let what = format!("{} {} {}", case["name"], golden["kernel"], golden["rule"]);
    let h = golden["bandwidth"].as_f64().expect("a number");
    assert!((kde.bandwidth() - h).abs() < 1e-14, "{what}");
    let ln = kde.ln_density(&points(&case["probes"]));
    for (own, expected) in ln.iter().zip(vector(&golden["log_density"])) {
        assert!(*own == expected || (own - expected).abs() < 1e-10, "{what}: {own} {expected}");
    }
}

#[test]
fn densities_and_bandwidths_are_those_of_scikit_learn() {
    for case in cases() {
        let estimates = case["estimates"].as_array().expect("estimates");
        assert_eq!(estimates.len(), 6);
        for golden in estimates {
            let rule = match golden["rule"].as_str() {
                Some("scott") => Bandwidth::Scott,
                Some(_) => Bandwidth::Silverman,
                None => Bandwidth::Fixed(Positive::literal(golden["rule"].as_f64().expect("h"))),
            };
            let kernel = match golden["kernel"].as_str() {
                Some("tophat") => Kernel::Tophat,
                _ => Kernel::Gaussian,
            };
            agrees(&fitted(&case, rule, kernel), &case, golden);
        }
    }
}

#[test]
fn with_its_bandwidth_the_density_is_that_of_scipy() {
    let cases = cases();
    let case = cases.iter().find(|case| case.get("scipy").is_some()).expect("one dimension");
    let golden = &case["scipy"];
    let h = Positive::literal(golden["bandwidth"].as_f64().expect("h"));
    agrees(&fitted(case, Bandwidth::Fixed(h), Kernel::Gaussian), case, golden);
}
