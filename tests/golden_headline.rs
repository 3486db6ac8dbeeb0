//! Every metric of the catalogue, asked for by name and measured through snapshots, against a value
//! that NumPy, SciPy, scikit-learn, POT, prdc, NLTK or sacrebleu gave. A metric without such a value fails here.

#[path = "common/golden.rs"]
mod texts;

use model_collapse::catalog::{Entry, find};
use model_collapse::distribution::{
    Density, Distribution, Finite, Gaussian, Inputs, Linear, Mode, Moments, NormalMixture,
    Regression, Tail,
};
use model_collapse::lineage::{Needs, Snapshot, Supply, Truth};
use model_collapse::metric::{self, Metric, Reading};
use model_collapse::numeric::memo::Memo;
use model_collapse::samples::{PointShape, Points, Samples, Tokens, TrainingSet};
use model_collapse::stream::{Stream, Streams};
use model_collapse::world;
use ndarray::Array1;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use texts::{Law, is_of_tokens, law_of_tokens, list, matrix, numbers, text};
use toml::de::ValueDeserializer;

fn golden(file: &str) -> Value {
    let path = format!("{}/tests/golden/{file}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("a golden file")).expect("JSON")
}

fn normal(mean: &Value, covariance: &Value) -> Gaussian {
    Gaussian::full(Array1::from(numbers(mean)), matrix(covariance)).expect("finite")
}

fn law_of_points(law: &Value) -> Law<Points> {
    if law.get("points").is_some() {
        return Box::new(Finite::new(labelled(law, "points")).expect("some points"));
    } else if let Some(normal_law) = law.get("normal") {
        return Box::new(normal(&normal_law["mean"], &normal_law["covariance"]));
    } else if let Some(mixture) = law.get("mixture") {
        let parts = list(&mixture["means"]).iter().zip(list(&mixture["covariances"]));
        let parts = parts.map(|(mean, covariance)| normal(mean, covariance)).collect();
        return Box::new(NormalMixture::new(numbers(&mixture["weights"]), parts));
    } else if let Some(regression) = law.get("regression") {
        let weights = Array1::from(numbers(&regression["weights"]));
        let noise = regression["noise"].as_f64().expect("a number");
        return Box::new(Linear::new(Regression { weights, noise }, Inputs::Normal));
    }
    let (name, table) = (law["world"].as_str(), law["table"].as_str());
    let entry = find(world::POINTS, "world", name.expect("a kind of law")).expect("listed");
    let table = ValueDeserializer::parse(table.expect("a table")).expect("TOML");
    entry.read(table).expect("legal").value.open(Path::new("")).expect("opens")
}

/// The points under a key of an object, with its labels where it has some.
fn labelled(object: &Value, key: &str) -> Points {
    let points = Points::new(matrix(&object[key]));
    match object.get("labels") {
        Some(labels) => points.with_labels(numbers(labels)),
        None => points,
    }
}

/// A world whose held-out points, and founders where it has some, are known: it deals them out, and is
/// otherwise what it was.
struct Known {
    law: Law<Points>,
    held_out: Points,
    founders: Option<Points>,
}

impl Distribution<Points> for Known {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        self.law.draw(n, rng)
    }
    fn shape(&self) -> PointShape {
        self.law.shape()
    }
    fn density(&self) -> Option<&dyn Density<Points>> {
        self.law.density()
    }
    fn moments(&self) -> Option<Moments> {
        self.law.moments()
    }
    fn modes(&self) -> Option<&[Mode]> {
        self.law.modes()
    }
    fn tail(&self, q: f64) -> Option<Tail> {
        self.law.tail(q)
    }
    fn stock(&self) -> Option<&Points> {
        self.founders.as_ref().or(Some(&self.held_out))
    }
    fn reserve(&self) -> Option<&Points> {
        self.founders.as_ref().map(|_| &self.held_out)
    }
}

/// What is held against the world.
enum Now<S: Samples> {
    Model(Law<S>),
    Samples(S),
    /// Offspring, in a lineage whose generation 1 left this model.
    Offspring(Law<S>, S),
}

/// A finite world is dealt out once; of any other 20 000 samples are held out.
fn measure<S: Samples>(
    metric: &dyn Metric<S>,
    world: &dyn Distribution<S>,
    now: &Now<S>,
) -> Option<Reading> {
    let streams = Streams { seed: 1, trial: 0 };
    let evaluation = world.reserve().or(world.stock()).map_or(20_000, Samples::len);
    let founders = world.reserve().and(world.stock()).map_or(0, Samples::len);
    let needs = Needs { founders, evaluation, fresh: 0, ..Needs::default() };
    let (supply, memo) = (Supply::new(world, needs, streams), Memo::default());
    let truth = Truth::new(&supply, evaluation, &memo);
    let (training, nothing) = (TrainingSet::new(Vec::new()), truth.held_out().gather(&[]));
    let of = |model| Snapshot::of_model(1, &truth, model, &training, &nothing, streams);
    match now {
        Now::Model(model) => metric.measure(&of(&**model), of(&**model).noise("golden")),
        Now::Samples(samples) => {
            let sample = Finite::new(samples.clone()).expect("some samples");
            let now = of(&sample);
            metric.measure(&now.in_place_of_model(&sample), now.noise("golden"))
        }
        Now::Offspring(founder, samples) => {
            let now = Snapshot::of_model(9, &truth, world, &training, samples, streams);
            metric.measure(&now.with_founder(&**founder), of(world).noise("golden"))
        }
    }
}

fn read<S: Samples>(entries: &'static [Entry<dyn Metric<S>>], case: &Value) -> Box<dyn Metric<S>> {
    let name = case["metric"].as_str().expect("a name");
    let table = case["parameters"].as_str().unwrap_or("{}");
    let entry = find(entries, "metric", name).expect("in the catalogue");
    entry.read(ValueDeserializer::parse(table).expect("TOML")).expect("legal").value
}

fn found(case: &Value) -> Option<Reading> {
    if is_of_tokens(&case["world"]) {
        let now = match (case.get("founder"), case.get("samples")) {
            (Some(law), Some(samples)) => Now::Offspring(law_of_tokens(law), text(samples)),
            (None, Some(samples)) => Now::Samples(text(samples)),
            _ => Now::Model(law_of_tokens(&case["model"])),
        };
        return measure(&*read(metric::TOKENS, case), &*law_of_tokens(&case["world"]), &now);
    }
    let now = match case.get("samples") {
        Some(_) => Now::Samples(labelled(case, "samples")),
        None => Now::Model(law_of_points(&case["model"])),
    };
    let law = law_of_points(&case["world"]);
    let rows = |key: &str| case.get(key).map(|rows| Points::new(matrix(rows)));
    let world = match rows("held_out") {
        Some(held_out) => Box::new(Known { law, held_out, founders: rows("founders") }),
        None => law,
    };
    measure(&*read(metric::POINTS, case), &*world, &now)
}

/// Asserts that the catalogue's metric gives the golden value; says in which space it was measured.
fn check(case: &Value) -> (&'static str, String) {
    let reading = found(case).unwrap_or_else(|| panic!("{} does not exist", case["metric"]));
    let expected = case["value"].as_f64().expect("a golden number");
    // Only draws leave an error: none where the rows of world and samples are known.
    let known = ["points", "sequences"].iter().any(|rows| case["world"].get(rows).is_some())
        || case.get("founders").is_some();
    let drawn = case.get("model").is_some() && !known;
    let of_draws = reading.standard_error.filter(|_| drawn).unwrap_or(0.0);
    let of_region = expected * case["relative_error"].as_f64().unwrap_or(0.0);
    let rounding = case["tolerance"].as_f64().unwrap_or(1e-9) * expected.abs().max(1.0);
    let (gap, error) = ((reading.value - expected).abs(), 4.0 * of_draws.hypot(of_region));
    assert!(error <= 0.1 * expected.abs(), "{}: {error} allows too much", case["metric"]);
    let allowed = rounding + error;
    assert!(gap <= allowed, "{}: {} is not {expected}", case["metric"], reading.value);
    let space = if is_of_tokens(&case["world"]) { Tokens::SPACE } else { Points::SPACE };
    (space, case["metric"].as_str().expect("a name").to_owned())
}

/// The two-sample metrics on real and fake points of one case; one table gives the golden names.
fn two_sample_cases() -> Vec<Value> {
    let file = golden("metrics_points");
    let case = |name: &str| {
        let named = list(&file["cases"]).iter().find(|case| case["name"] == name);
        named.expect("a case").clone()
    };
    let (line, plane) = (case("normal-1d"), case("shifted-2d"));
    let as_case = |case: &Value, metric: &str, key: &str| {
        let pointer = format!("/expected/{key}");
        let parameters = match metric {
            "mmd" => format!("{{ bandwidth = {} }}", case["expected"]["bandwidth"]),
            _ => "{}".to_owned(),
        };
        json!({ "metric": metric, "world": { "points": case["real"] }, "samples": case["fake"],
            "parameters": parameters, "value": case.pointer(&pointer).expect("a golden value"),
            "tolerance": if metric == "frechet" { 1e-7 } else { 1e-9 } })
    };
    let of_line = [
        ("wasserstein", "wasserstein"),
        // On a line there is one direction.
        ("sliced-wasserstein", "sliced_wasserstein_exact_directions"),
    ];
    let of_plane = [
        ("frechet", "frechet"),
        ("energy", "energy_u"),
        ("mmd", "mmd_unbiased"),
        ("recall", "recall"),
        ("density", "density_calibrated_without_self"),
        ("coverage", "coverage"),
        ("entropy", "entropy/fake"),
    ];
    let of_line = of_line.iter().map(|(metric, key)| as_case(&line, metric, key));
    of_line.chain(of_plane.iter().map(|(metric, key)| as_case(&plane, metric, key))).collect()
}

/// Divergences of known laws of points.
fn divergence_cases() -> Vec<Value> {
    let (normals, mixtures) = (golden("gaussian"), golden("mixture"));
    let mut cases = Vec::new();
    for pair in list(&normals["pairs"]) {
        let side = |name: &str| json!({ "normal": pair[name] });
        for (metric, key) in [("kl", "kl"), ("reverse-kl", "reverse_kl")] {
            cases.push(json!({ "metric": metric, "world": side("a"), "model": side("b"),
                "value": pair["expected"][key] }));
        }
    }
    for case in list(&normals["densities"]) {
        let ln = numbers(&case["log_density"]);
        let points = json!({ "points": case["points"] });
        cases.push(json!({ "metric": "cross-entropy", "world": points,
            "model": { "normal": case }, "value": -ln.iter().sum::<f64>() / ln.len() as f64 }));
    }
    for case in list(&mixtures["l2"]) {
        let side = |name: &str| json!({ "mixture": case[name] });
        cases.push(json!({ "metric": "l2", "world": side("f"), "model": side("g"),
            "value": case["l2"] }));
    }
    cases
}

/// Every metric of two laws of single tokens.
fn token_cases() -> Vec<Value> {
    let file = golden("tokens");
    let case = list(&file["categorical"]).iter().find(|case| case["name"] == "same-support");
    let lost = list(&file["categorical"]).iter().find(|case| case["name"] == "lost-types");
    let as_case = |case: &Value, metric: &str, pointer: &str| {
        json!({ "metric": metric, "world": { "types": case["p"] }, "model": { "types": case["q"] },
            "value": case["expected"].pointer(pointer).expect("a golden value") })
    };
    let of_same = [
        ("kl", "/kl"),
        ("reverse-kl", "/reverse_kl"),
        ("total-variation", "/total_variation"),
        ("l2", "/l2"),
        ("jensen-shannon", "/jensen_shannon"),
        ("entropy", "/entropy/q"),
        ("heterozygosity", "/heterozygosity/q"),
        ("cross-entropy", "/cross_entropy"),
    ];
    let case = case.expect("a case");
    let of_lost = [("support", "/support"), ("missing-mass", "/missing_mass")];
    let of_lost = of_lost.iter().map(|(m, key)| as_case(lost.expect("a case"), m, key));
    of_same.iter().map(|(m, key)| as_case(case, m, key)).chain(of_lost).collect()
}

#[test]
fn metrics_of_text_are_those_of_nltk_and_sacrebleu() {
    let file = golden("text");
    assert!(list(&file["cases"]).len() >= 20);
    list(&file["cases"]).iter().for_each(|case| {
        check(case);
    });
}

#[test]
fn judges_say_what_those_of_scikit_learn_say() {
    let file = golden("utility");
    assert!(list(&file["cases"]).len() >= 16);
    list(&file["cases"]).iter().for_each(|case| {
        check(case);
    });
}

#[test]
fn headline_metrics_are_those_of_numpy_and_scipy() {
    let file = golden("headline");
    assert!(list(&file["cases"]).len() >= 20);
    list(&file["cases"]).iter().for_each(|case| {
        check(case);
    });
}

/// A name counts only where the catalogue's own metric was measured and met a golden number that is
/// neither 0 nor 1, which an empty measurement would meet too.
#[test]
fn every_metric_of_the_catalogue_meets_a_golden_value() {
    let mut met: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let files = ["headline", "text", "utility"].map(golden);
    let cases = files.iter().flat_map(|file| list(&file["cases"])).cloned();
    for case in cases.chain(two_sample_cases()).chain(divergence_cases()).chain(token_cases()) {
        let telling = case["value"].as_f64().is_some_and(|value| value != 0.0 && value != 1.0);
        *met.entry(check(&case)).or_default() += usize::from(telling);
    }
    let points = metric::POINTS.iter().map(|entry| (Points::SPACE, entry.name));
    let tokens = metric::TOKENS.iter().map(|entry| (Tokens::SPACE, entry.name));
    for (space, name) in points.chain(tokens) {
        let count = met.get(&(space, name.to_owned())).copied().unwrap_or(0);
        assert!(count > 0, "the metric {name} of {space} has no golden value: see tests/golden");
    }
}
