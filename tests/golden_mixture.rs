//! EM against scikit-learn, from the same start, in all four forms of the covariance.

use model_collapse::distribution::Density;
use model_collapse::model::mixture::{Fit, Form, Mixture, Origin};
use model_collapse::numeric::bounded::{Count, NonNegative};
use model_collapse::samples::Points;
use model_collapse::stream::{Role, stream};
use ndarray::{Array1, Array2};
use serde_json::Value;

fn golden() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/mixture.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON")
}

fn vector(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn matrix(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = value.as_array().expect("rows").iter().map(vector).collect();
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

/// The covariance of component k as a matrix, from the compact form of its shape.
fn covariance(fit: &Value, form: Form, k: usize, d: usize) -> Array2<f64> {
    let all = &fit["covariances"];
    match form {
        Form::Full => matrix(&all[k]),
        Form::Tied => matrix(all),
        Form::Diagonal => Array2::from_diag(&Array1::from(vector(&all[k]))),
        Form::Spherical => Array2::from_diag_elem(d, all[k].as_f64().expect("a number")),
    }
}

fn form(fit: &Value) -> Form {
    match fit["covariance_type"].as_str() {
        Some("full") => Form::Full,
        Some("diag") => Form::Diagonal,
        Some("tied") => Form::Tied,
        _ => Form::Spherical,
    }
}

fn fitted(case: &Value, fit: &Value) -> Fit {
    let number = |value: &Value| NonNegative::new(value.as_f64().expect("a number")).expect("≥ 0");
    let means = matrix(&case["means_init"]);
    let mixture = Mixture {
        components: Count::new(means.nrows()).expect("some"),
        covariance: form(fit),
        tolerance: number(&case["tol"]),
        covariance_floor: number(&fit["reg_covar"]),
        iterations: Count::literal(20_000),
        ..Mixture::default()
    };
    let weights = case.get("weights").map(vector);
    let points = Points::new(matrix(&case["data"]));
    let rng = &mut stream(1, 0, 1, Role::FIT);
    let origin = Origin::Means(&means);
    mixture.fit_from(&points, weights.as_deref(), origin, rng).expect("a member")
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-7 * (1.0 + b.abs())
}

fn agrees(case: &Value, golden: &Value) {
    let fit = fitted(case, golden);
    let what = format!("{} {}", case["name"], golden["covariance_type"]);
    assert!(fit.converged, "{what}");
    assert_eq!(fit.iterations as u64, golden["n_iter"].as_u64().expect("a count"), "{what}");
    let bound = golden["lower_bound"].as_f64().expect("a number");
    assert!((fit.mean_ln_likelihood - bound).abs() < 1e-10, "{what}");
    let (weights, means) = (vector(&golden["weights"]), matrix(&golden["means"]));
    for (k, component) in fit.model.components().iter().enumerate() {
        assert!(near(fit.model.weights()[k], weights[k]), "{what}: weight {k}");
        let pairs = component.mean().iter().zip(means.row(k));
        assert!(pairs.into_iter().all(|(a, b)| near(*a, *b)), "{what}: mean {k}");
        let own = component.covariance();
        let expected = covariance(golden, form(golden), k, means.ncols());
        assert!(own.iter().zip(&expected).all(|(a, b)| near(*a, *b)), "{what}: covariance {k}");
    }
    let ln = fit.model.ln_density(&Points::new(matrix(&case["probes"])));
    let expected = vector(&golden["log_density"]);
    assert!(ln.iter().zip(&expected).all(|(a, b)| near(*a, *b)), "{what}: density");
}

#[test]
fn em_takes_the_steps_of_scikit_learn_and_ends_where_it_ends() {
    let golden = golden();
    for case in golden["cases"].as_array().expect("cases") {
        let fits = case["fits"].as_array().expect("fits");
        assert_eq!(fits.len(), 8);
        fits.iter().for_each(|fit| agrees(case, fit));
    }
}

#[test]
fn weighted_em_is_that_of_repeated_rows() {
    let case = &golden()["weighted"];
    case["fits"].as_array().expect("fits").iter().for_each(|fit| agrees(case, fit));
}
