//! Checks that the tests of several laws of sequences share.

use crate::distribution::Distribution;
use crate::samples::Tokens;
use crate::stream::{Role, stream};

fn draws(law: &dyn Distribution<Tokens>, n: usize) -> Tokens {
    law.draw(n, &mut stream(13, 0, 0, Role::DRAW))
}

/// ln p of a sequence is the sum of ln P(token | those before), and those sum to one.
pub fn conditionals_multiply_to_the_density(law: &dyn Distribution<Tokens>) {
    let conditional = law.conditional().expect("a conditional law");
    let samples = draws(law, 40);
    let ln = law.density().expect("a density").ln_density(&samples);
    let mut next = vec![0.0; law.shape().vocabulary as usize];
    for (sequence, ln) in samples.sequences().zip(ln) {
        let mut sum = 0.0;
        for (i, token) in sequence.iter().enumerate() {
            conditional.next(&sequence[..i], &mut next);
            assert!((next.iter().sum::<f64>() - 1.0).abs() < 1e-10);
            sum += next[*token as usize].ln();
            let from = conditional.order().map_or(0, |order| i.saturating_sub(order));
            let from_all = next.clone();
            conditional.next(&sequence[from..i], &mut next);
            assert_eq!(next, from_all, "tokens before the order matter");
        }
        assert!((sum - ln).abs() < 1e-9 * ln.abs().max(1.0), "{sum} and {ln}");
    }
}

/// The probabilities of all sequences sum to one, and −Σ p ln p is the entropy; Σ p over those with a
/// type at a place is the law of types.
pub fn all_sequences_sum_to_one(law: &dyn Distribution<Tokens>) {
    let (shape, density) = (law.shape(), law.density().expect("a density"));
    let (types, length) = (shape.vocabulary as usize, shape.length.expect("one length"));
    let all = types.pow(length as u32);
    let digit = |k: usize, place: usize| k / types.pow((length - 1 - place) as u32) % types;
    let tokens = (0..all).flat_map(|k| (0..length).map(move |place| digit(k, place) as u32));
    let ln = density.ln_density(&Tokens::of_length(tokens.collect(), length, shape.vocabulary));
    let mass: f64 = ln.iter().map(|l| l.exp()).sum();
    assert!((mass - 1.0).abs() < 1e-10, "{mass}");
    let entropy: f64 = ln.iter().filter(|l| l.is_finite()).map(|l| -l * l.exp()).sum();
    assert!((entropy - law.entropy().expect("exact")).abs() < 1e-9, "{entropy}");
    let law = law.types().expect("types");
    assert_eq!(law.complete, length == 1);
    for place in [0, length - 1] {
        for (kind, p) in law.probabilities.iter().enumerate() {
            let here = (0..all).filter(|k| digit(*k, place) == kind).map(|k| ln[k].exp());
            assert!((here.sum::<f64>() - p).abs() < 1e-9, "type {kind} at place {place}");
        }
    }
}

/// Draws cost their entropy, and their types have their frequencies, within four standard errors.
pub fn draws_follow_the_law(law: &dyn Distribution<Tokens>, n: usize) {
    let samples = draws(law, n);
    let ln = law.density().expect("a density").ln_density(&samples);
    let mean = -ln.iter().sum::<f64>() / n as f64;
    let variance = ln.iter().map(|l| (l + mean).powi(2)).sum::<f64>() / n as f64;
    let off = (mean - law.entropy().expect("exact")).abs();
    assert!(off < 4.0 * (variance / n as f64).sqrt() + 1e-9, "{mean}");
    let length = law.shape().length.expect("one length");
    let law = law.types().expect("types");
    for place in [0, length - 1] {
        for kind in 0..law.probabilities.len().min(3) {
            let p = law.probabilities[kind];
            let here = samples.sequences().filter(|s| s[place] as usize == kind).count();
            let off = (here as f64 / n as f64 - p).abs();
            assert!(off < 4.0 * (p * (1.0 - p) / n as f64).sqrt(), "type {kind} at {place}");
        }
    }
}
