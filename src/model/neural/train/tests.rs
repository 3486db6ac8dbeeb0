use super::*;
use crate::model::neural::Transformer;
use crate::stream::{Role, stream};

fn tiny() -> Transformer {
    Transformer {
        types: 4,
        length: 6,
        context: 6,
        layers: 1,
        width: 16,
        heads: 2,
        rotary: false,
        tied: false,
        dropout: 0.0,
    }
}

/// 0 1 2 3 0 1 …, from a place that differs.
fn cycle(n: u32) -> Tokens {
    Tokens::of_length((0..n).flat_map(|i| (0..6).map(move |t| (i + t) % 4)).collect(), 6, 4)
}

fn settings(text: &str) -> Training {
    toml::from_str(text).expect("legal settings")
}

fn trained(settings: &Training, lesson: &Lesson<'_>) -> Result<Weights, Error> {
    let mut rng = stream(5, 0, 1, Role::FIT);
    let start = Parameters::initial(tiny().specifications(), &mut rng);
    train(&tiny(), settings, &start, lesson, &Device::Cpu, &mut rng)
}

fn plain(sequences: &Tokens) -> Lesson<'_> {
    Lesson { sequences, weights: None, validation: None }
}

fn ln(weights: &Weights, sequence: &[u32]) -> f64 {
    tiny().decoder(weights).ln_probabilities(&[sequence])[0]
}

#[test]
fn a_cycle_is_learned_and_only_its_start_stays_uncertain() {
    let data = cycle(32);
    let weights = trained(&settings("epochs = 60\nlearning-rate = 0.01"), &plain(&data));
    let ln = ln(&weights.expect("trained"), &[2, 3, 0, 1, 2, 3]);
    assert!((ln + 4f64.ln()).abs() < 0.1, "{ln}");
}

#[test]
fn weights_of_sequences_decide_which_are_learned() {
    let data = cycle(32);
    let weights: Vec<f64> = (0..32).map(|i| if i % 4 == 1 { 4.0 } else { 1e-6 }).collect();
    let lesson = Lesson { weights: Some(&weights), ..plain(&data) };
    let learned =
        trained(&settings("epochs = 60\nlearning-rate = 0.01"), &lesson).expect("trained");
    assert!(ln(&learned, &[1, 2, 3, 0, 1, 2]) > -0.2);
}

#[test]
fn a_learning_rate_without_measure_ends_in_an_error() {
    let data = cycle(8);
    let wild = settings("learning-rate = 1e30\nclip = 0\nwarm-up = 0\nepochs = 50");
    let error = trained(&wild, &plain(&data)).unwrap_err();
    assert!(matches!(error, Error::Diverged { .. } | Error::Exploded { .. }), "{error}");
}

#[test]
fn early_stopping_keeps_the_weights_that_real_sequences_like_best() {
    let (data, other) = (cycle(8), Tokens::of_length(vec![3, 2, 1, 0, 3, 2], 6, 4));
    let early = settings("epochs = 60\n[early-stopping]\npatience = 2\nevery = 5");
    let lesson = Lesson { validation: Some(&other), ..plain(&data) };
    let stopped = trained(&early, &lesson).expect("trained");
    let late = trained(&settings("epochs = 60"), &plain(&data)).expect("trained");
    assert!(ln(&stopped, other.sequence(0)) > ln(&late, other.sequence(0)) + 1.0);
}

#[test]
fn a_confidence_keeps_certain_tokens_from_becoming_more_certain() {
    let data = cycle(32);
    let text = "epochs = 60\nlearning-rate = 0.01\n";
    let careful = trained(&settings(&format!("{text}confidence = 0.6")), &plain(&data));
    let all = trained(&settings(text), &plain(&data)).expect("trained");
    let sequence = [2, 3, 0, 1, 2, 3];
    assert!(ln(&careful.expect("trained"), &sequence) < ln(&all, &sequence) - 0.5);
}

#[test]
fn rates_climb_and_fall_to_the_floor() {
    let rule = settings("learning-rate = 1\nwarm-up = 0.1\nfloor = 0.2");
    assert_eq!((rule.rate(0, 100), rule.rate(9, 100), rule.rate(10, 100)), (0.1, 1.0, 1.0));
    assert!((rule.rate(55, 100) - 0.6).abs() < 1e-9 && rule.rate(99, 100) < 0.21);
    assert_eq!((rule.steps(160), rule.steps(1), rule.steps(1 << 40)), (100, 10, 1000));
}

#[test]
fn every_sequence_comes_once_an_epoch() {
    let mut shuffle = Shuffle { order: (0..5).collect(), next: 0 };
    let mut rows = shuffle.take(10, &mut stream(1, 0, 1, Role::FIT));
    rows[..5].sort_unstable();
    rows[5..].sort_unstable();
    assert_eq!(rows, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
}
