//! Distances of points against the values that reference libraries give: tests/golden/README.md.

use model_collapse::distribution::Moments;
use model_collapse::metric::neighbour::Overlap;
use model_collapse::metric::{discrepancy, frechet, transport};
use model_collapse::samples::Points;
use ndarray::{Array1, Array2};
use serde_json::Value;

fn golden(file: &str) -> Value {
    let path = format!("{}/tests/golden/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the golden file is there");
    serde_json::from_str(&text).expect("it is JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn points(value: &Value) -> Points {
    let rows: Vec<Vec<f64>> = list(value).iter().map(numbers).collect();
    Points::from_rows(rows.concat(), rows[0].len())
}

fn moments(mean: &Value, covariance: &Value) -> Moments {
    let matrix = points(covariance);
    Moments { mean: Array1::from(numbers(mean)), covariance: matrix.values().to_owned() }
}

fn assert_close(ours: Option<f64>, theirs: &Value, relative: f64, what: &str) {
    match (ours, theirs.as_f64()) {
        (Some(a), Some(b)) => {
            assert!((a - b).abs() <= relative * b.abs().max(1.0), "{what}: {a} is not {b}");
        }
        (None, None) => {}
        (a, _) => panic!("{what}: {a:?} is not {theirs}"),
    }
}

struct Case {
    name: String,
    real: Points,
    fake: Points,
    directions: Points,
    expected: Value,
}

fn cases() -> Vec<Case> {
    let read = |case: &Value| Case {
        name: case["name"].to_string(),
        real: points(&case["real"]),
        fake: points(&case["fake"]),
        directions: points(&case["directions"]),
        expected: case["expected"].clone(),
    };
    let cases: Vec<Case> = list(&golden("metrics_points.json")["cases"]).iter().map(read).collect();
    assert!(cases.len() >= 11);
    cases
}

#[test]
fn wasserstein_is_that_of_scipy() {
    for case in cases() {
        let ours = transport::wasserstein(&case.real, &case.fake);
        assert_close(ours, &case.expected["wasserstein"], 1e-12, &case.name);
    }
}

#[test]
fn sliced_wasserstein_is_that_of_pot() {
    for case in cases() {
        let ours = transport::sliced(&case.real, &case.fake, &case.directions);
        let theirs = &case.expected["sliced_wasserstein_exact_directions"];
        assert_close(ours, theirs, 1e-12, &case.name);
    }
}

#[test]
fn energy_and_mmd_are_the_unbiased_ones() {
    for case in cases() {
        let energy = discrepancy::energy(&case.real, &case.fake).map(|reading| reading.value);
        assert_close(energy, &case.expected["energy_u"], 1e-12, &case.name);
        let bandwidth = discrepancy::median_distance(&case.real);
        assert_close(bandwidth, &case.expected["bandwidth"], 1e-12, &case.name);
        let mmd = bandwidth.and_then(|h| discrepancy::mmd(&case.real, &case.fake, h));
        let mmd = mmd.map(|reading| reading.value);
        assert_close(mmd, &case.expected["mmd_unbiased"], 1e-12, &case.name);
    }
}

#[test]
fn frechet_is_that_of_pot() {
    for case in cases() {
        let m = &case.expected["moments"];
        let real = moments(&m["real_mean"], &m["real_covariance"]);
        let fake = moments(&m["fake_mean"], &m["fake_covariance"]);
        let ours = frechet::bures_wasserstein(&real, &fake);
        assert_close(ours, &case.expected["frechet"], 1e-7, &case.name);
    }
    for pair in list(&golden("gaussian.json")["pairs"]) {
        let of = |side: &str| moments(&pair[side]["mean"], &pair[side]["covariance"]);
        let ours = frechet::bures_wasserstein(&of("a"), &of("b"));
        assert_close(ours, &pair["expected"]["wasserstein2_squared"], 1e-10, "pair");
    }
}

#[test]
fn neighbours_agree_with_exact_integers_and_with_prdc() {
    for case in cases() {
        let overlap = Overlap::between(&case.real, &case.fake, 5).expect("enough points");
        let (expected, name) = (&case.expected, &case.name);
        assert_close(Some(overlap.precision()), &expected["precision"], 1e-12, name);
        assert_close(overlap.recall(), &expected["recall"], 1e-12, name);
        assert_close(Some(overlap.coverage()), &expected["coverage"], 1e-12, name);
        let density = &expected["density_calibrated_without_self"];
        assert_close(Some(overlap.density()), density, 1e-12, name);
        if let Some(prdc) = expected.get("prdc") {
            assert_close(Some(overlap.density()), &prdc["density"], 1e-12, name);
        }
    }
}

/// The ratio has no reference library: the determinant by cofactors, as far as that is simple.
#[test]
fn the_ratio_of_determinants_is_that_of_cofactors() {
    let determinant = |m: &Array2<f64>| m[[0, 0]] * m[[1, 1]] - m[[0, 1]] * m[[1, 0]];
    let pair = &golden("gaussian.json")["pairs"][1];
    let of = |side: &str| moments(&pair[side]["mean"], &pair[side]["covariance"]).covariance;
    let (a, b) = (of("a"), of("b"));
    let ours = model_collapse::metric::generalized_variance::determinant_ratio(&a, &b);
    let theirs = determinant(&a) / determinant(&b);
    assert!((ours.expect("regular") / theirs - 1.0).abs() < 1e-12);
}
