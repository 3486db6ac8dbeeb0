//! Weighted fits of families with sufficient statistics, and densities of worlds, against SciPy,
//! scikit-learn and NumPy.

use model_collapse::catalog::{Entry, find};
use model_collapse::distribution::{Distribution, Inputs, Linear, Regression};
use model_collapse::model::{self, Bench, Breed};
use model_collapse::samples::{Chunk, Kind, Part, Points, Samples, Tokens, TrainingSet};
use model_collapse::stream::{Role, stream};
use model_collapse::world;
use ndarray::{Array1, Array2};
use serde_json::Value;
use std::path::Path;
use toml::de::ValueDeserializer;

fn golden() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/families.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file")).expect("JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn points(value: &Value) -> Points {
    let rows: Vec<Vec<f64>> = list(value).iter().map(numbers).collect();
    Points::new(Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).expect("rows"))
}

fn line(value: &Value) -> Points {
    Points::from_rows(numbers(value), 1)
}

fn tokens(case: &Value) -> Tokens {
    let kinds = numbers(&case["tokens"]).iter().map(|kind| *kind as u32).collect();
    Tokens::of_length(kinds, 1, case["types"].as_u64().expect("a count") as u32)
}

fn assert_close<'a>(
    ours: impl IntoIterator<Item = &'a f64>,
    theirs: impl IntoIterator<Item = &'a f64>,
    tolerance: f64,
    what: &str,
) {
    let (ours, theirs): (Vec<&f64>, Vec<&f64>) =
        (ours.into_iter().collect(), theirs.into_iter().collect());
    assert!(!theirs.is_empty() && ours.len() == theirs.len(), "{what}: as many");
    for (a, b) in ours.into_iter().zip(theirs) {
        assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "{what}: {a} is not {b}");
    }
}

/// Fits the family of this name to samples that are parts of their own weights, and looks at it.
fn fitted<S: Samples>(
    families: &'static [Entry<dyn Breed<S>>],
    (name, table): (&str, &str),
    samples: &S,
    weights: &[f64],
    look: impl FnOnce(&dyn Distribution<S>),
) {
    assert_eq!(weights.len(), samples.len());
    let part = |(i, weight): (usize, &f64)| {
        let chunk = Chunk { kind: Kind::Founders, born: 0, samples: samples.gather(&[i]) };
        Part::of(vec![chunk], *weight)
    };
    let data = TrainingSet::new(weights.iter().enumerate().map(part).collect());
    let entry = find(families, "family", name).expect("listed");
    let family = entry.read(ValueDeserializer::parse(table).expect("TOML")).expect("legal").value;
    let mut learner = family.learner();
    look(
        learner
            .learn(&data, &Bench::default(), &mut stream(1, 0, 1, Role::FIT))
            .expect("enough samples"),
    );
}

fn ln_density(law: &dyn Distribution<Points>, points: &Points) -> Vec<f64> {
    law.density().expect("a density").ln_density(points)
}

#[test]
fn poisson_and_exponential_fits_are_those_of_scipy() {
    for name in ["poisson", "exponential"] {
        let case = &golden()[name];
        let (values, weights) = (line(&case["values"]), numbers(&case["weights"]));
        fitted(model::POINTS, (name, "{}"), &values, &weights, |law| {
            let mean = law.moments().expect("exact").mean;
            assert_close(&mean, &[case["mean"].as_f64().expect("a number")], 1e-12, name);
            let ln = ln_density(law, &line(&case["probes"]));
            assert_close(&ln, &numbers(&case["log_density"]), 1e-12, name);
        });
    }
}

#[test]
fn weighted_means_and_medians_are_those_of_numpy() {
    let golden = golden();
    assert!(list(&golden["location"]).len() >= 4);
    for case in list(&golden["location"]) {
        let (data, weights) = (points(&case["points"]), numbers(&case["weights"]));
        for estimator in ["mean", "median"] {
            let table = format!("{{ estimator = \"{estimator}\", sd = {} }}", case["sd"]);
            fitted(model::POINTS, ("location", &table), &data, &weights, |law| {
                let mean = law.moments().expect("exact").mean;
                assert_close(&mean, &numbers(&case[estimator]), 1e-12, estimator);
                let ln = ln_density(law, &points(&case["probes"]));
                assert_close(&ln, &numbers(&case["log_density"][estimator]), 1e-12, estimator);
            });
        }
    }
}

#[test]
fn smoothed_frequencies_are_those_of_scikit_learn() {
    for case in list(&golden()["categorical"]) {
        let table = format!("{{ smoothing = {} }}", case["smoothing"]);
        let weights = numbers(&case["weights"]);
        fitted(model::TOKENS, ("categorical", &table), &tokens(case), &weights, |law| {
            let types = law.types().expect("known");
            assert!(types.complete);
            assert_close(types.probabilities, &numbers(&case["probabilities"]), 1e-12, &table);
        });
    }
}

#[test]
fn the_bootstrap_has_the_weighted_moments_and_frequencies_of_numpy() {
    let case = &golden()["empirical"];
    let weights = numbers(&case["weights"]);
    fitted(model::POINTS, ("empirical", "{}"), &points(&case["points"]), &weights, |law| {
        let moments = law.moments().expect("exact");
        assert_close(&moments.mean, &numbers(&case["mean"]), 1e-12, "mean");
        let covariance = points(&case["covariance"]);
        assert_close(&moments.covariance, covariance.as_slice(), 1e-12, "covariance");
    });
    fitted(model::TOKENS, ("empirical", "{}"), &tokens(case), &weights, |law| {
        let shares = law.types().expect("known").probabilities;
        assert_close(shares, &numbers(&case["probabilities"]), 1e-12, "frequencies");
    });
}

fn world(name: &str, table: &str) -> Box<dyn Distribution<Points>> {
    let entry = find(world::POINTS, "world", name).expect("listed");
    let table = ValueDeserializer::parse(table).expect("TOML");
    entry.read(table).expect("legal").value.open(Path::new("")).expect("opens")
}

/// What the worlds' documentation promises: nine digits of a moon, eight of a roll, else rounding.
#[test]
fn worlds_have_the_densities_of_scipy() {
    let golden = golden();
    for case in list(&golden["densities"]) {
        let (name, table) = (case["world"].as_str(), case["table"].as_str());
        let (name, table) = (name.expect("a name"), table.expect("a table"));
        let place = match case.get("labels") {
            Some(labels) => points(&case["points"]).with_labels(numbers(labels)),
            None => points(&case["points"]),
        };
        let tolerance = match name {
            "moons" => 1e-9,
            "swiss-roll" => 1e-8,
            _ => 1e-11,
        };
        let ours = ln_density(&*world(name, table), &place);
        assert_close(&ours, &numbers(&case["log_density"]), tolerance, &format!("{name} {table}"));
    }
}

#[test]
fn a_blob_has_the_density_of_scipy_around_its_centre() {
    let case = &golden()["blob"];
    let world = world("blobs", "{ modes = 1, dimension = 3, sd = 0.7 }");
    let centre = world.modes().expect("known")[0].centre.clone();
    let offsets = points(&case["offsets"]);
    let place = Points::new(&offsets.values() + &centre);
    assert_close(&ln_density(&*world, &place), &numbers(&case["log_density"]), 1e-11, "blob");
}

#[test]
fn points_and_labels_of_a_line_have_the_joint_density_of_scipy() {
    let case = &golden()["regression"];
    let noise = case["noise"].as_f64().expect("a number");
    let law = Regression { weights: Array1::from(numbers(&case["weights"])), noise };
    let labelled = points(&case["points"]).with_labels(numbers(&case["labels"]));
    let ours = ln_density(&Linear::new(law, Inputs::Normal), &labelled);
    assert_close(&ours, &numbers(&case["log_density"]), 1e-12, "regression");
}
