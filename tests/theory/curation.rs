//! One round of each curator, and what rounds add up to.

use crate::check::{each, refutes, whether};
use crate::common::{agrees, mean, run};
use model_collapse::catalog::find;
use model_collapse::curation::{self, Curation, CurationBench};
use model_collapse::distribution::{Base, Density, Distribution, Gaussian, Types};
use model_collapse::numeric::memo::Memo;
use model_collapse::samples::{PointShape, Points, Samples, Tokens};
use model_collapse::stream::{Role, Stream, stream};
use model_collapse::theory::curation as theory;
use ndarray::arr1;
use rand::RngExt;
use rand_distr::StandardNormal;
use std::cell::Cell;
use toml::de::ValueDeserializer;

fn points(name: &str, table: &str) -> Box<dyn Curation<Points>> {
    let entry = find(curation::POINTS, "curator", name).expect("registered");
    entry.read(ValueDeserializer::parse(table).expect("toml")).expect("legal").value
}

fn tokens(name: &str, table: &str) -> Box<dyn Curation<Tokens>> {
    let entry = find(curation::TOKENS, "curator", name).expect("registered");
    entry.read(ValueDeserializer::parse(table).expect("toml")).expect("legal").value
}

/// What a curator makes of samples.
fn curated<S: Samples>(
    curator: &dyn Curation<S>,
    world: &dyn Distribution<S>,
    model: &dyn Distribution<S>,
    founders: &S,
    offered: S,
) -> S {
    let (memo, oracle) = (Memo::default(), Cell::new(0));
    let bench =
        CurationBench { world, model, founders, earlier: &[], memo: &memo, oracle: &oracle };
    curator.curate(offered, &bench, &mut stream(77, 0, 1, Role::curate("theory", 0)))
}

/// Draws of N(mean, variance), curated with the same normal as world and model.
fn of_normal(name: &str, table: &str, mean: f64, variance: f64, n: usize) -> Vec<f64> {
    let normal = Gaussian::spherical(arr1(&[mean]), variance);
    let founders = normal.draw(500, &mut stream(71, 0, 0, Role::WORLD));
    let offered = normal.draw(n, &mut stream(72, 0, 1, Role::DRAW));
    curated(&*points(name, table), &normal, &normal, &founders, offered).as_slice().to_vec()
}

fn squares(values: &[f64], centre: f64) -> Vec<f64> {
    each(values, |x| (x - centre).powi(2))
}

/// Labels 0 and 1 by the sign of the first coordinate, wrong with some probability.
struct Halves {
    d: usize,
    wrong: f64,
}

impl Distribution<Points> for Halves {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let values: Vec<f64> = (0..n * self.d).map(|_| rng.sample(StandardNormal)).collect();
        let points = Points::from_rows(values, self.d);
        let label =
            |x: &[f64]| f64::from(u8::from((x[0] > 0.0) != (rng.random::<f64>() < self.wrong)));
        let labels = points.rows().map(label).collect();
        points.with_labels(labels)
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: self.d, image: None, labelled: true }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        Some(self)
    }
}

impl Density<Points> for Halves {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    /// Up to what does not depend on the label.
    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let right = is_right(points);
        right.into_iter().map(|right| if right { 0.0 } else { f64::NEG_INFINITY }).collect()
    }
}

fn is_right(points: &Points) -> Vec<bool> {
    let labels = points.labels().expect("labels");
    points.rows().zip(labels).map(|(x, y)| (x[0] > 0.0) == (*y == 1.0)).collect()
}

/// n offers of which the share p is wrong, after a verifier with φ and ψ.
fn verified(n: usize, d: usize, p: f64, right: f64, wrong: f64) -> Points {
    let (world, model) = (Halves { d, wrong: 0.0 }, Halves { d, wrong: p });
    let founders = world.draw(50, &mut stream(73, 0, 0, Role::WORLD));
    let offered = model.draw(n, &mut stream(74, 0, 1, Role::DRAW));
    let verifier = points("verify", &format!("{{ right = {right}, wrong = {wrong} }}"));
    curated(&*verifier, &world, &model, &founders, offered)
}

#[test]
fn a_verifier_keeps_the_share_and_the_precision_of_feng() {
    for (p, right, wrong) in [(0.6, 0.9, 0.3), (0.8, 0.7, 0.5), (0.3, 1.0, 0.0)] {
        let (n, kept) = (20_000, verified(20_000, 1, p, right, wrong));
        let flags: Vec<f64> = is_right(&kept).into_iter().map(|r| f64::from(u8::from(r))).collect();
        agrees(&flags, theory::verified_precision(p, right, wrong), "precision");
        let survives: Vec<f64> = (0..n).map(|i| f64::from(u8::from(i < flags.len()))).collect();
        agrees(&survives, theory::verified_share(p, right, wrong), "share kept");
        if wrong > 0.0 {
            refutes(&flags, 1.0 - p, "no verifier");
        }
    }
}

#[test]
fn accuracy_steps_at_the_critical_share_of_wrong_labels() {
    let critical = theory::critical_share(0.9, 0.3);
    // A linear classifier of what was kept: the direction Σ(2y − 1)x, its accuracy 1 − angle/π.
    let accuracy = |p: f64| {
        let kept = verified(40_000, 20, p, 0.9, 0.3);
        let mut direction = [0.0; 20];
        for (x, y) in kept.rows().zip(kept.labels().expect("labels")) {
            direction.iter_mut().zip(x).for_each(|(w, x)| *w += (2.0 * y - 1.0) * x);
        }
        let norm = direction.iter().map(|w| w * w).sum::<f64>().sqrt();
        1.0 - (direction[0] / norm).acos() / std::f64::consts::PI
    };
    let (below, above) = (accuracy(critical - 0.1), accuracy(critical + 0.1));
    assert!(below > 0.9 && above < 0.1, "{below} below and {above} above {critical}");
    assert!(accuracy(critical - 0.03) > 0.75 && accuracy(critical + 0.03) < 0.25);
}

#[test]
fn one_of_two_follows_the_map_of_ferbach() {
    let weights = [0.4, 0.3, 0.2, 0.1];
    let rewards: Vec<f64> = [1.0, 2.0, 3.0, 4.0_f64].iter().map(|r| (r / 10.0).ln()).collect();
    let world = Types::new(&[1.0, 2.0, 3.0, 4.0], 1).expect("weights");
    let model = Types::new(&weights, 1).expect("weights");
    let offered = model.draw(200_000, &mut stream(75, 0, 1, Role::DRAW));
    let founders = world.draw(9, &mut stream(76, 0, 0, Role::WORLD));
    let next = |k: usize| {
        let prefer = tokens("prefer", &format!("{{ among = {k}, reward = 'world' }}"));
        let kept = curated(&*prefer, &world, &model, &founders, offered.clone());
        each(&kept.types().iter().map(|&kind| f64::from(kind)).collect::<Vec<_>>(), |kind| kind)
    };
    let two = next(2);
    for (kind, p) in theory::preferred_of_two(&weights, &rewards).into_iter().enumerate() {
        let here = whether(&two, |other| other == kind as f64);
        agrees(&here, p, "one of two");
        refutes(&here, theory::preferred_of_all(&weights, &rewards)[kind], "one of all");
    }
    let one = next(1);
    weights.iter().enumerate().for_each(|(kind, p)| {
        agrees(&whether(&one, |other| other == kind as f64), *p, "one of one");
    });
}

#[test]
fn one_of_many_adds_to_the_precision_of_a_normal() {
    let k = 400;
    let table = format!("{{ among = {k}, reward = 'square', centre = [2], temperature = 2 }}");
    let kept = of_normal("prefer", &table, 0.0, 1.0, 4000 * k);
    let (mean, variance) = theory::preferred_normal(0.0, 1.0, 2.0, 2.0);
    // The choice of finitely many is biased by about 1/K.
    let (got, error) = crate::common::mean(&kept);
    assert!((got - mean).abs() < 4.0 * error + 2.0 / k as f64, "{got} is not {mean}");
    let (got, error) = crate::common::mean(&squares(&kept, mean));
    assert!((got - variance).abs() < 4.0 * error + 2.0 / k as f64, "{got} is not {variance}");
    refutes(&kept, 2.0, "the preferred place itself");
}

#[test]
fn correcting_contracts_the_distance_to_the_world() {
    let world = Gaussian::spherical(arr1(&[1.0]), 4.0);
    let model = Gaussian::spherical(arr1(&[-2.0]), 0.25);
    let founders = world.draw(5, &mut stream(71, 0, 0, Role::WORLD));
    for strength in [0.25, 1.0, 3.0] {
        let offered = model.draw(50_000, &mut stream(72, 0, 1, Role::DRAW));
        let correct = points("correct", &format!("{{ strength = {strength} }}"));
        let kept = curated(&*correct, &world, &model, &founders, offered).as_slice().to_vec();
        let left = theory::corrected_share(strength);
        let (centre, deviation) = (1.0 - 3.0 * left, 2.0 - 1.5 * left);
        agrees(&kept, centre, "mean");
        agrees(&squares(&kept, centre), deviation * deviation, "variance");
        refutes(&kept, -2.0, "no correction");
    }
}

#[test]
fn correction_bounds_what_a_lineage_loses() {
    let results =
        run("seed = 911\ntrials = 200\ngenerations = 40\nfounders = 10\nevaluation = 10\n\
         metrics = [\"spread\"]\n[world.normal]\n[model.gaussian]\n\
         [arms.free]\n[arms.corrected]\ncuration = [{ correct = { strength = 1 } }]");
    let median = |arm: &str| {
        let mut values = results.values(arm, 40, "spread");
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    assert!(median("free") < 0.1 && median("corrected") > 0.6, "{}", median("corrected"));
}

/// What the curator itself says that it adds.
fn grown_variance(noise: &dyn Curation<Points>) -> f64 {
    let account = noise.account().expect("an account");
    let number = account.rsplit("grows by ").next().and_then(|text| text.split(' ').next());
    number.and_then(|text| text.parse().ok()).expect("a variance")
}

#[test]
fn private_noise_adds_its_variance() {
    // An unclipped release: far within the norm.
    let noise = points("noise", "{ epsilon = 50, clip = 20 }");
    let grown = grown_variance(&*noise);
    let kept = of_normal("noise", "{ epsilon = 50, clip = 20 }", 0.5, 2.0, 50_000);
    agrees(&kept, 0.5, "mean");
    agrees(&squares(&kept, 0.5), 2.0 + grown, "variance");
    refutes(&squares(&kept, 0.5), 2.0, "no noise");
    let kept =
        of_normal("noise", "{ epsilon = 50, clip = 20, mechanism = 'laplace' }", 0.5, 2.0, 50_000);
    agrees(&squares(&kept, 0.5), 2.0 + 2.0 * (40.0_f64 / 50.0).powi(2), "Laplace");
}

#[test]
fn private_noise_in_a_lineage_is_a_kernel_that_widens() {
    let text = "seed = 912\ntrials = 4000\ngenerations = 6\nfounders = 20\nevaluation = 10\n\
         metrics = [\"spread\"]\ncuration = [{ noise = { epsilon = 1000, clip = 30 } }]\n\
         [world.normal]\n[model.gaussian]";
    let results = run(text);
    let grown = grown_variance(&*points("noise", "{ epsilon = 1000, clip = 30 }"));
    // v' = (1 − 1/n)(v + σ²), the first fit without noise.
    let shrink = 1.0 - 1.0 / 20.0;
    let v = (2..=6).fold(shrink, |v, _| shrink * (v + grown));
    agrees(&results.values("base", 6, "spread"), v, "variance after five releases");
    refutes(&results.values("base", 6, "spread"), shrink.powi(6), "no noise");
}

#[test]
fn mixing_leaves_the_share_of_the_beta_law() {
    for alpha in [0.2, 1.0, 8.0] {
        let kept = of_normal("mixup", &format!("{{ alpha = {alpha} }}"), 1.0, 3.0, 40_000);
        let squares = squares(&kept, 1.0);
        // Two mixtures may share a sample: the error of their mean is at most √3 of that without.
        let (got, error) = mean(&squares);
        let wanted = 3.0 * theory::mixed_share(alpha);
        assert!((got - wanted).abs() < 4.0 * 3_f64.sqrt() * error, "{got} ± {error}: {wanted}");
        refutes(&squares, 3.0, "no mixing");
    }
}

#[test]
fn a_temperature_multiplies_the_variance_and_tempers_types() {
    let kept = of_normal("truncate", "{ temperature = 0.6 }", 1.0, 3.0, 40_000);
    agrees(&squares(&kept, 1.0), 1.8, "variance");
    let weights = [0.5, 0.3, 0.15, 0.05];
    let model = Types::new(&weights, 1).expect("weights");
    for temperature in [0.5, 0.8, 1.5] {
        let offered = model.draw(60_000, &mut stream(75, 0, 1, Role::DRAW));
        let truncate = tokens("truncate", &format!("{{ temperature = {temperature} }}"));
        let kept = curated(&*truncate, &model, &model, &offered.clone(), offered);
        let kinds: Vec<f64> = kept.types().iter().map(|&kind| f64::from(kind)).collect();
        for (kind, p) in theory::tempered(&weights, temperature).into_iter().enumerate() {
            agrees(&whether(&kinds, |other| other == kind as f64), p, "tempered");
        }
        refutes(&whether(&kinds, |kind| kind == 0.0), 0.5, "temperature 1");
    }
}

#[test]
fn the_likeliest_share_of_a_normal_is_its_middle() {
    let kept = of_normal("likeliest", "{ keep = 0.7 }", 1.0, 3.0, 40_000);
    let wanted = 3.0 * theory::middle_share(0.7);
    let (got, error) = mean(&squares(&kept, 1.0));
    // The quantile is that of the draws, and has an error of its own.
    assert!((got - wanted).abs() < 8.0 * error, "{got} ± {error} is not {wanted}");
    let rest = of_normal("least-likely", "{ keep = 0.3 }", 1.0, 3.0, 40_000);
    let (outer, error) = mean(&squares(&rest, 1.0));
    // 0.7 of the inner variance and 0.3 of the outer one are the whole.
    assert!((0.7 * wanted + 0.3 * outer - 3.0).abs() < 8.0 * error, "{outer} ± {error}");
}

#[test]
fn a_lineage_that_keeps_its_likeliest_shrinks_by_the_middle_of_a_normal() {
    let results =
        run("seed = 913\ntrials = 300\ngenerations = 4\nfounders = 4000\nevaluation = 10\n\
         metrics = [\"spread\"]\ncuration = [{ likeliest = { keep = 0.8 } }]\n\
         [world.normal]\n[model.gaussian]");
    let ratio = theory::middle_share(0.8).powi(3);
    let spread = results.values("base", 4, "spread");
    let (got, error) = mean(&spread);
    assert!((got / ratio - 1.0).abs() < 0.01, "{got} ± {error} is not {ratio}");
}

#[test]
fn biased_selection_breaks_accumulation() {
    // d = 10, n = 100, 100 generations, a tenth kept around a biased centre. Published (10 runs): trace
    // 0.76, 1.01, 3.9e−5 and 0.136 of the start for replace, accumulate, and both with selection.
    let results =
        run("seed = 914\ntrials = 10\ngenerations = 100\nfounders = 100\nevaluation = 10\n\
         measure = { every = 100 }\nmetrics = [\"spread\"]\n[world.normal]\ndimension = 10\n\
         [model.gaussian]\nvariance = \"unbiased\"\n\
         [arms.replace]\n[arms.accumulate.regime.accumulate]\n\
         [arms.replace-select]\n\
         curation = [{ nearest = { centre = [0.5], keep = 0.1 } }]\n\
         [arms.accumulate-select]\n\
         curation = [{ nearest = { centre = [0.5], keep = 0.1 } }]\n\
         [arms.accumulate-select.regime.accumulate]");
    let spread = |arm: &str| mean(&results.values(arm, 100, "spread")).0;
    let shown = ["replace", "accumulate", "replace-select", "accumulate-select"].map(spread);
    assert!(shown[0] > 0.3 && shown[1] > 0.9, "{shown:?}");
    assert!(shown[2] < 1e-3 && shown[3] < 0.3, "{shown:?}");
}
