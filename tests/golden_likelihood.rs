//! Divergences, entropy and diversity against SciPy's values for the same inputs.

use model_collapse::distribution::{Density, Distribution, Finite, Gaussian, NormalMixture, Types};
use model_collapse::lineage::{Needs, Snapshot, Supply, Truth};
use model_collapse::metric::{self, Metric};
use model_collapse::numeric::memo::Memo;
use model_collapse::samples::{Points, Samples, Tokens, TrainingSet};
use model_collapse::stream::Streams;
use ndarray::{Array1, Array2};
use serde_json::Value;

fn golden(name: &str) -> Value {
    let path = format!("{}/tests/golden/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the file is part of the repository");
    serde_json::from_str(&text).expect("valid JSON")
}

fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some("inf") => f64::INFINITY,
        Some("-inf") => f64::NEG_INFINITY,
        _ => value.as_f64().expect("a number"),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

fn matrix(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = list(value).iter().map(numbers).collect();
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

fn normal(mean: &Value, covariance: &Value) -> Gaussian {
    Gaussian::full(Array1::from(numbers(mean)), matrix(covariance)).expect("finite")
}

/// Equal, or nearly so relative to the size of the value (and to 1).
fn close(found: f64, expected: f64, tolerance: f64) -> bool {
    found == expected || (found - expected).abs() <= tolerance * expected.abs().max(1.0)
}

/// The value of `model` as generation 1; a world of n rows is dealt out once in n held-out samples.
fn value<S: Samples>(
    metric: &dyn Metric<S>,
    world: &dyn Distribution<S>,
    model: &dyn Distribution<S>,
    evaluation: usize,
) -> Option<f64> {
    let streams = Streams { seed: 1, trial: 0 };
    let supply = Supply::new(
        world,
        Needs { founders: 0, evaluation, fresh: 0, ..Needs::default() },
        streams,
    );
    let memo = Memo::default();
    let truth = Truth::new(&supply, evaluation, &memo);
    let (training, nothing) = (TrainingSet::new(Vec::new()), truth.held_out().gather(&[]));
    let now = Snapshot::of_model(1, &truth, model, &training, &nothing, streams);
    metric.measure(&now, now.noise("golden")).map(|reading| reading.value)
}

#[test]
fn divergences_of_normals_are_those_of_scipy() {
    for pair in list(&golden("gaussian")["pairs"]) {
        let side = |name: &str| normal(&pair[name]["mean"], &pair[name]["covariance"]);
        let (a, b) = (side("a"), side("b"));
        for (metric, key) in [
            (&metric::kl::Kl {} as &dyn Metric<Points>, "kl"),
            (&metric::reverse_kl::ReverseKl {}, "reverse_kl"),
        ] {
            let expected = number(&pair["expected"][key]);
            let found = value(metric, &a, &b, 1).expect("closed");
            assert!(close(found, expected, 1e-10), "{key}: {found} is not {expected}");
        }
    }
    let case = &golden("gaussian")["closed_forms_mean_variance"]["kl"];
    let side = |name: &str| {
        let values = numbers(&case[name]);
        Gaussian::spherical(Array1::from(vec![values[0]]), values[1])
    };
    let found = metric::kl::between_normals(&side("a"), &side("b")).expect("regular");
    assert!(close(found, number(&case["value"]), 1e-14));
}

#[test]
fn cross_entropy_of_points_is_the_mean_of_scipys_log_densities() {
    for case in list(&golden("gaussian")["densities"]) {
        let points = Points::new(matrix(&case["points"]));
        let n = points.len();
        let world = Finite::new(points).expect("some points");
        let model = normal(&case["mean"], &case["covariance"]);
        let found = value(&metric::cross_entropy::CrossEntropy {}, &world, &model, n);
        let expected = -numbers(&case["log_density"]).iter().sum::<f64>() / n as f64;
        assert!(close(found.expect("a density"), expected, 1e-10));
    }
}

#[test]
fn l2_of_mixtures_is_that_of_scipy() {
    for case in list(&golden("mixture")["l2"]) {
        let side = |name: &str| {
            let mixture = &case[name];
            let (means, covariances) = (list(&mixture["means"]), list(&mixture["covariances"]));
            let parts = means.iter().zip(covariances).map(|(m, c)| normal(m, c)).collect();
            NormalMixture::new(numbers(&mixture["weights"]), parts)
        };
        let (f, g) = (side("f"), side("g"));
        let found = value(&metric::l2::L2 {}, &f, &g, 1).expect("closed");
        assert!(close(found, number(&case["l2"]), 1e-11), "{found} is not {}", case["l2"]);
        assert_eq!(metric::l2::between_mixtures(&f, &g), Some(found));
    }
}

#[test]
fn laws_of_single_tokens_compare_as_in_scipy() {
    for case in list(&golden("tokens")["categorical"]) {
        let types = |name: &str| Types::new(&numbers(&case[name]), 1).expect("some weight");
        let (p, q, expected) = (types("p"), types("q"), &case["expected"]);
        let metrics: [(&dyn Metric<Tokens>, &Value); 9] = [
            (&metric::kl::Kl {}, &expected["kl"]),
            (&metric::reverse_kl::ReverseKl {}, &expected["reverse_kl"]),
            (&metric::jensen_shannon::JensenShannon {}, &expected["jensen_shannon"]),
            (&metric::l2::L2 {}, &expected["l2"]),
            (&metric::total_variation::TotalVariation {}, &expected["total_variation"]),
            (&metric::support::Support {}, &expected["support"]),
            (&metric::missing_mass::MissingMass {}, &expected["missing_mass"]),
            (&metric::entropy::Entropy {}, &expected["entropy"]["q"]),
            (&metric::heterozygosity::Heterozygosity {}, &expected["heterozygosity"]["q"]),
        ];
        for (metric, expected) in metrics {
            let (symbol, found) = (metric.card().symbol, value(metric, &p, &q, 1));
            let (found, expected) = (found.expect("exact"), number(expected));
            assert!(close(found, expected, 1e-14), "{symbol}: {found} is not {expected}");
        }
    }
}

#[test]
fn cross_entropy_of_tokens_is_that_of_scipy() {
    for case in list(&golden("tokens")["categorical"]) {
        // All probabilities are multiples of 1/100: a hundred tokens have exactly these frequencies.
        let (p, q) = (numbers(&case["p"]), numbers(&case["q"]));
        let copies = |(kind, p): (usize, &f64)| vec![kind as u32; (100.0 * p).round() as usize];
        let tokens: Vec<u32> = p.iter().enumerate().flat_map(copies).collect();
        assert_eq!(tokens.len(), 100);
        let world = Finite::new(Tokens::of_length(tokens, 1, p.len() as u32)).expect("a hundred");
        let model = Types::new(&q, 1).expect("some weight");
        let found = value(&metric::cross_entropy::CrossEntropy {}, &world, &model, 100);
        let expected = number(&case["expected"]["cross_entropy"]);
        assert!(close(found.expect("a density"), expected, 1e-13));
    }
}

#[test]
fn the_rare_half_of_a_zipf_law_has_scipys_mass() {
    for case in list(&golden("tokens")["zipf"]) {
        let types = case["types"].as_u64().expect("a count");
        let (a, b) = (number(&case["exponent"]), number(&case["shift"]));
        let weights: Vec<f64> = (1..=types).map(|rank| (rank as f64 + b).powf(-a)).collect();
        let law = Types::new(&weights, 1).expect("some weight");
        let p = law.probabilities();
        let rare = metric::tail_mass::rare_types(p, number(&case["tail_half"]));
        assert_eq!(rare.len() as u64, types / 2);
        let mass: f64 = rare.iter().map(|&kind| p[kind]).sum();
        assert!(close(mass, number(&case["tail_half"]), 1e-14));
        assert!(close(metric::entropy::of_law(p), number(&case["entropy"]), 1e-14));
        let differ = number(&case["heterozygosity"]);
        assert!(close(metric::heterozygosity::of_law(p), differ, 1e-14));
        let ln = law.ln_density(&Tokens::of_length(vec![types as u32 - 1], 1, types as u32));
        assert!(close(ln[0].exp(), number(&case["last"]), 1e-14));
    }
}
