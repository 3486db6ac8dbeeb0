//! What n-gram models do to themselves, generation after generation, against closed forms.

use model_collapse::catalog::find;
use model_collapse::distribution::Distribution;
use model_collapse::model::{self, Bench, Breed};
use model_collapse::samples::{Samples, Tokens, TrainingSet};
use model_collapse::stream::{Role, stream};
use model_collapse::world;
use std::collections::BTreeSet;
use std::path::Path;
use toml::de::ValueDeserializer;

const SEED: u64 = 19_480_701;

fn family(hyperparameters: &str) -> Box<dyn Breed<Tokens>> {
    let entry = find(model::TOKENS, "family", "ngram").expect("listed");
    let table = ValueDeserializer::parse(hyperparameters).expect("TOML");
    entry.read(table).expect("legal").value
}

fn world(name: &str, hyperparameters: &str) -> Box<dyn Distribution<Tokens>> {
    let entry = find(world::TOKENS, "world", name).expect("listed");
    let table = ValueDeserializer::parse(hyperparameters).expect("TOML");
    entry.read(table).expect("legal").value.open(Path::new(".")).expect("a world")
}

/// Replaces so often, and shows every model with the data that it was fitted to.
fn replace(
    family: &dyn Breed<Tokens>,
    founders: Tokens,
    generations: u32,
    trial: u32,
    mut look: impl FnMut(&dyn Distribution<Tokens>, &Tokens),
) {
    let (mut learner, mut data) = (family.learner(), founders);
    for t in 1..=generations {
        let mut rng = stream(SEED, trial, t, Role::FIT);
        let training = TrainingSet::plain(&data);
        let model = learner.learn(&training, &Bench::default(), &mut rng).expect("tokens").model;
        look(model, &data);
        data = model.release(data.len(), &mut stream(SEED, trial, t, Role::DRAW));
    }
}

fn founders(world: &dyn Distribution<Tokens>, n: usize, trial: u32) -> Tokens {
    world.draw(n, &mut stream(SEED, trial, 0, Role::WORLD))
}

/// The mean is the expected number, within four standard errors and what it was rounded by.
fn agrees(values: &[f64], expected: f64, rounding: f64, what: &str) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let error = (variance / n).sqrt();
    assert!((mean - expected).abs() < 4.0 * error + rounding, "{what}: {mean} ± {error}");
}

fn grams(data: &Tokens, n: usize) -> BTreeSet<Vec<u32>> {
    data.sequences().flat_map(|s| s.windows(n).map(<[u32]>::to_vec)).collect()
}

#[test]
fn order_one_loses_heterozygosity_by_one_over_n_a_generation() {
    let world = world("zipf", "{ types = 20 }");
    let p = world.types().expect("exact").probabilities;
    let family = family("{ order = 1 }");
    let (n, generations) = (30, 25);
    let mut last = Vec::new();
    for trial in 0..4000 {
        let mut here = 0.0;
        replace(&*family, founders(&*world, n, trial), generations, trial, |model, _| {
            let shares = model.types().expect("exact").probabilities;
            here = 1.0 - shares.iter().map(|p| p * p).sum::<f64>();
        });
        last.push(here);
    }
    let start = 1.0 - p.iter().map(|p| p * p).sum::<f64>();
    let exact = start * (1.0 - 1.0 / n as f64).powi(generations as i32);
    agrees(&last, exact, 0.0, "heterozygosity");
}

#[test]
fn order_one_keeps_as_many_types_of_a_zipf_law_as_suresh_and_others_report() {
    let world = world("zipf", "{ types = 1000, exponent = 1, offset = 2.7 }");
    let family = family("{ order = 1 }");
    let mut shares = vec![Vec::new(); 10];
    for trial in 0..200 {
        let mut first = None;
        let mut t = 0;
        replace(&*family, founders(&*world, 1000, trial), 10, trial, |_, data| {
            let types = grams(data, 1).len() as f64;
            shares[t].push(types / *first.get_or_insert(types));
            t += 1;
        });
    }
    let reported = [1.0, 0.751, 0.615, 0.527, 0.463, 0.414, 0.376, 0.345, 0.320, 0.297];
    for (k, (values, expected)) in shares.iter().zip(reported).enumerate() {
        agrees(values, expected, 0.001, &format!("share after {k} generations"));
    }
}

#[test]
fn one_step_keeps_a_type_or_a_pair_unless_no_draw_has_it() {
    let world = world("markov", "{ types = 12, length = 2 }");
    let n = 60;
    for order in [1, 2] {
        let family = family(&format!("{{ order = {order} }}"));
        let data = founders(&*world, n, 1);
        let mut learner = family.learner();
        let mut rng = stream(SEED, 0, 1, Role::FIT);
        let model = learner.learn(&TrainingSet::plain(&data), &Bench::default(), &mut rng);
        let model = model.expect("tokens").model;
        let pairs = Tokens::of_length((0..144).flat_map(|k| [k / 12, k % 12]).collect(), 2, 12);
        let ln = model.density().expect("exact").ln_density(&pairs);
        // Σ 1 − (1 − p)ⁿ, over pairs and over types that either token of a pair may have.
        let kept = |p: f64| 1.0 - (1.0 - p).powi(n as i32);
        let expected_pairs: f64 = ln.iter().map(|l| kept(l.exp())).sum();
        let having = |kind: u32| {
            let here = pairs.sequences().zip(&ln).filter(|(pair, _)| pair.contains(&kind));
            here.map(|(_, l)| l.exp()).sum::<f64>()
        };
        let expected_types: f64 = (0..12).map(|kind| kept(having(kind))).sum();
        let draws = (0..3000).map(|i| model.draw(n, &mut stream(SEED, i, 1, Role::DRAW)));
        let (pairs, types): (Vec<f64>, Vec<f64>) =
            draws.map(|d| (grams(&d, 2).len() as f64, grams(&d, 1).len() as f64)).unzip();
        agrees(&pairs, expected_pairs, 0.0, "pairs");
        agrees(&types, expected_types, 0.0, "types");
    }
}

#[test]
fn replacement_never_brings_a_gram_back_that_one_generation_lost() {
    let world = world("markov", "{ types = 8, length = 12, concentration = 1.0 }");
    for order in [2, 3] {
        let family = family(&format!("{{ order = {order} }}"));
        let (mut before, mut counts) = (None::<BTreeSet<Vec<u32>>>, Vec::new());
        replace(&*family, founders(&*world, 40, 2), 12, 2, |_, data| {
            let now = grams(data, 1);
            assert!(before.as_ref().is_none_or(|before| now.is_subset(before)));
            counts.push(grams(data, order).len());
            before = Some(now);
        });
        assert!(counts.last() < counts.first(), "{counts:?}");
    }
}

#[test]
fn a_long_memory_repeats_its_founders_word_for_word() {
    let world = world("markov", "{ types = 5, length = 10, concentration = 1.0 }");
    let data = founders(&*world, 6, 3);
    let originals: BTreeSet<Vec<u32>> = grams(&data, 10);
    replace(&*family("{ order = 10 }"), data, 8, 3, |_, data| {
        assert!(grams(data, 10).is_subset(&originals));
    });
}
