//! Least squares against NumPy's and scikit-learn's values; Poisson and exponential densities
//! against SciPy's.

use model_collapse::catalog;
use model_collapse::distribution::{Distribution, Exponential, Poisson, Regression};
use model_collapse::model::{self, Bench};
use model_collapse::samples::{Chunk, Kind, Part, Points, Samples, TrainingSet};
use model_collapse::stream::{Role, stream};
use serde_json::Value;
use toml::de::ValueDeserializer;

fn golden(name: &str) -> Value {
    let path = format!("{}/tests/golden/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file")).expect("JSON")
}

/// Numbers; "-inf" is a text.
fn vector(value: &Value) -> Vec<f64> {
    let number = |x: &Value| x.as_f64().unwrap_or(f64::NEG_INFINITY);
    value.as_array().expect("a list").iter().map(number).collect()
}

fn samples(case: &Value) -> Points {
    let rows: Vec<Vec<f64>> = case["x"].as_array().expect("rows").iter().map(vector).collect();
    let d = rows[0].len();
    Points::from_rows(rows.concat(), d).with_labels(vector(&case["y"]))
}

fn linear(data: &TrainingSet<'_, Points>, hyperparameters: &str) -> Regression {
    let table = ValueDeserializer::parse(hyperparameters).expect("a table");
    let linear = catalog::find(model::POINTS, "family", "linear").expect("registered");
    let family = linear.read(table).expect("legal").value;
    let mut learner = family.learner();
    let model = learner
        .learn(data, &Bench::default(), &mut stream(1, 0, 1, Role::FIT))
        .expect("labelled points");
    model.regression().expect("a regression").clone()
}

fn assert_close(found: &[f64], exact: &[f64], what: &str) {
    assert_eq!(found.len(), exact.len());
    for (a, b) in found.iter().zip(exact) {
        assert!(a == b || (a - b).abs() <= 1e-8 * b.abs().max(1.0), "{what}: {a} against {b}");
    }
}

#[test]
fn least_squares_and_their_residuals_are_those_of_numpy() {
    for case in golden("regression")["linear"].as_array().expect("cases") {
        let points = samples(case);
        let (n, d) = (points.len(), points.dimension());
        let name = case["name"].as_str().expect("a name");
        let found = linear(&TrainingSet::plain(&points), "{}");
        assert_close(&found.weights.to_vec(), &vector(&case["coefficients"]), name);
        let residual = case["residual_sum"].as_f64().expect("a number");
        let noise = if n <= d { 0.0 } else { (residual / (n - d) as f64).sqrt() };
        assert_close(&[found.noise], &[noise], name);
    }
}

#[test]
fn ridge_is_that_of_scikit_learn() {
    for case in golden("regression")["linear"].as_array().expect("cases") {
        let points = samples(case);
        for ridge in case["ridge"].as_array().expect("strengths") {
            let table = format!("{{ ridge = {} }}", ridge["lambda"]);
            let found = linear(&TrainingSet::plain(&points), &table);
            assert_close(&found.weights.to_vec(), &vector(&ridge["coefficients"]), &table);
        }
    }
}

#[test]
fn weighted_least_squares_are_those_of_scikit_learn() {
    let golden = golden("regression");
    let cases = golden["linear"].as_array().expect("cases").iter();
    let weighted: Vec<&Value> = cases.filter(|case| !case["weighted"].is_null()).collect();
    assert_eq!(weighted.len(), 2);
    for case in weighted {
        let points = samples(case);
        let weights = vector(&case["weighted"]["weights"]);
        let part = |i: usize| {
            let chunk = Chunk { kind: Kind::Founders, born: 0, samples: points.gather(&[i]) };
            Part::of(vec![chunk], weights[i])
        };
        let data = TrainingSet::new((0..weights.len()).map(part).collect());
        let found = linear(&data, "{}");
        let exact = vector(&case["weighted"]["coefficients"]);
        assert_close(&found.weights.to_vec(), &exact, "weighted");
    }
}

#[test]
fn poisson_and_exponential_densities_are_those_of_scipy() {
    let golden = golden("distributions");
    for name in ["poisson", "exponential"] {
        for case in golden[name].as_array().expect("cases") {
            let rate = case["rate"].as_f64().expect("a rate");
            let x = Points::from_rows(vector(&case["x"]), 1);
            let law: Box<dyn Distribution<Points>> = match name {
                "poisson" => Box::new(Poisson::new(rate).expect("a rate")),
                _ => Box::new(Exponential::of_mean(1.0 / rate).expect("a mean")),
            };
            let found = law.density().expect("not degenerate").ln_density(&x);
            assert_close(&found, &vector(&case["log_density"]), name);
        }
    }
}
