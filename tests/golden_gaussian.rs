//! Normals against SciPy's and NumPy's values: weighted fits and log densities.

use model_collapse::catalog;
use model_collapse::distribution::{Distribution, Gaussian, Moments};
use model_collapse::model::{self, Bench};
use model_collapse::samples::{Chunk, Kind, Part, Points, TrainingSet};
use model_collapse::stream::{Role, stream};
use ndarray::{Array1, Array2};
use serde_json::Value;
use toml::de::ValueDeserializer;

fn golden() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/gaussian.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file")).expect("JSON")
}

fn vector(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn matrix(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = value.as_array().expect("a list").iter().map(vector).collect();
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).expect("a matrix")
}

fn close<'a>(
    found: impl IntoIterator<Item = &'a f64>,
    exact: impl IntoIterator<Item = &'a f64>,
) -> bool {
    let mut pairs = found.into_iter().zip(exact).peekable();
    assert!(pairs.peek().is_some());
    pairs.all(|(a, b)| (a - b).abs() <= 1e-10 * b.abs().max(1.0))
}

/// The moments of the fit when every point is a part of its own weight.
fn fitted(points: &Points, weights: &[f64], hyperparameters: &str) -> Moments {
    let part = |i: usize| {
        let chunk = Chunk {
            kind: Kind::Founders,
            born: 0,
            samples: model_collapse::samples::Samples::gather(points, &[i]),
        };
        Part::of(vec![chunk], weights[i])
    };
    let data = TrainingSet::new((0..weights.len()).map(part).collect());
    let table = ValueDeserializer::parse(hyperparameters).expect("a table");
    let gaussian = catalog::find(model::POINTS, "family", "gaussian").expect("registered");
    let family = gaussian.read(table).expect("legal").value;
    let mut learner = family.learner();
    let model = learner
        .learn(&data, &Bench::default(), &mut stream(1, 0, 1, Role::FIT))
        .expect("seventeen points");
    model.moments().expect("a normal")
}

#[test]
fn weighted_fits_have_the_moments_of_numpy() {
    for case in golden()["samples"].as_array().expect("cases") {
        let points = Points::new(matrix(&case["points"]));
        let weights = vector(&case["weights"]);
        let equal = vec![1.0; weights.len()];
        for (name, weights) in [("plain", &equal), ("weighted", &weights)] {
            for variance in ["biased", "unbiased"] {
                let table = format!("{{ variance = \"{variance}\" }}");
                let found = fitted(&points, weights, &table);
                let exact = &case[name];
                assert!(close(&found.mean, &vector(&exact["mean"])), "{name}");
                let covariance = matrix(&exact[format!("covariance_{variance}")]);
                assert!(close(&found.covariance, &covariance), "{name} {variance}");
            }
        }
    }
}

#[test]
fn log_densities_are_those_of_scipy() {
    for case in golden()["densities"].as_array().expect("cases") {
        let mean = Array1::from(vector(&case["mean"]));
        let normal = Gaussian::full(mean, matrix(&case["covariance"])).expect("finite");
        let points = Points::new(matrix(&case["points"]));
        let found = normal.density().expect("not singular").ln_density(&points);
        assert!(close(&found, &vector(&case["log_density"])), "d = {}", case["d"]);
    }
}
