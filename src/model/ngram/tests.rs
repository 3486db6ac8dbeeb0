use super::*;
use crate::catalog::find;
use crate::distribution::{Conditional, Density, Distribution};
use crate::samples::{Chunk, Kind, Part, Samples};
use crate::stream::{Role, stream};
use std::collections::{BTreeMap, BTreeSet};
use toml::de::ValueDeserializer;

fn family(order: usize, smoothing: Smoothing) -> NGram {
    NGram { order: Order::new(order).expect("legal"), smoothing, ..NGram::default() }
}

fn additive(amount: f64) -> Smoothing {
    Smoothing::Additive(Additive { amount: crate::numeric::bounded::Positive::literal(amount) })
}

fn kneser_ney(discount: Option<f64>) -> Smoothing {
    let fixed = |d| Discount::Fixed(crate::numeric::bounded::Share::literal(d));
    Smoothing::KneserNey(KneserNey { discount: discount.map_or(Discount::Modified, fixed) })
}

fn every_smoothing() -> [Smoothing; 4] {
    [Smoothing::None, additive(0.3), kneser_ney(None), kneser_ney(Some(0.75))]
}

fn fit_parts(family: &NGram, parts: &[(&Tokens, f64)]) -> Result<Fitted, FitError> {
    let part = |(samples, weight): &(&Tokens, f64)| {
        let samples = (*samples).clone();
        Part::of(vec![Chunk { kind: Kind::Founders, born: 0, samples }], *weight)
    };
    let data = TrainingSet::new(parts.iter().map(part).collect());
    family.fit(&data, Kin::default(), &Bench::default(), &mut stream(1, 0, 1, Role::FIT))
}

fn fit(order: usize, smoothing: Smoothing, data: &Tokens) -> Fitted {
    fit_parts(&family(order, smoothing), &[(data, 1.0)]).expect("tokens")
}

/// Sequences in which small types are frequent, and follow one another in a way of their own.
fn text(count: usize, length: usize, vocabulary: u32) -> Tokens {
    use rand::RngExt;
    let mut rng = stream(33, 0, 0, Role::WORLD);
    let mut types: Vec<u32> = Vec::new();
    for i in 0..count * length {
        let drawn = rng.random::<f64>().powi(3) * f64::from(vocabulary);
        let shift = if i % length == 0 { 0 } else { types[i - 1] / 2 };
        types.push((drawn as u32 + shift) % vocabulary);
    }
    Tokens::of_length(types, length, vocabulary)
}

fn next(law: &Fitted, context: &[u32]) -> Vec<f64> {
    let mut probabilities = vec![f64::NAN; law.shape().vocabulary as usize];
    law.law().next(context, &mut probabilities);
    probabilities
}

fn all_sequences(length: u32, vocabulary: u32) -> Tokens {
    let digit = |k: u32, i: u32| k / vocabulary.pow(i) % vocabulary;
    let all = (0..vocabulary.pow(length)).flat_map(|k| (0..length).map(move |i| digit(k, i)));
    Tokens::of_length(all.collect(), length as usize, vocabulary)
}

type Gram = Vec<u32>;

/// The same law, gram by gram, from its definition.
struct Plain {
    order: usize,
    vocabulary: u32,
    smoothing: Smoothing,
    /// Occurrences of k-grams, oldest token first, for k = 1 … n.
    raw: Vec<BTreeMap<Gram, f64>>,
}

impl Plain {
    fn new(order: usize, smoothing: Smoothing, text: &Tokens) -> Self {
        let vocabulary = text.vocabulary();
        let mut raw = vec![BTreeMap::new(); order];
        for sequence in text.sequences() {
            let padded = [vec![vocabulary; order - 1], sequence.to_vec()].concat();
            for end in order..=padded.len() {
                for k in 1..=order {
                    *raw[k - 1].entry(padded[end - k..end].to_vec()).or_default() += 1.0;
                }
            }
        }
        Plain { order, vocabulary, smoothing, raw }
    }

    fn continuations(&self, k: usize) -> BTreeMap<Gram, f64> {
        let count = |(gram, occurrences): (&Gram, &f64)| {
            let before = self.raw.get(k).into_iter().flat_map(BTreeMap::keys);
            let before: BTreeSet<u32> =
                before.filter(|long| long[1..] == gram[..]).map(|long| long[0]).collect();
            let raw = k == self.order || (k > 1 && gram[0] == self.vocabulary);
            (gram.clone(), if raw { *occurrences } else { before.len() as f64 })
        };
        self.raw[k - 1].iter().map(count).collect()
    }

    /// The counts of all that follows a context.
    fn following(counts: &BTreeMap<Gram, f64>, context: &[u32]) -> BTreeMap<u32, f64> {
        let here = counts.iter().filter(|(gram, _)| gram[..context.len()] == *context);
        here.map(|(gram, count)| (gram[context.len()], *count)).collect()
    }

    /// P(kind | the last k − 1 tokens of a padded context).
    fn probability(&self, k: usize, context: &[u32], kind: u32) -> f64 {
        let uniform = 1.0 / f64::from(self.vocabulary);
        if k == 0 {
            return uniform;
        }
        let context = &context[context.len() + 1 - k..];
        let counts = match self.smoothing {
            Smoothing::KneserNey(_) => self.continuations(k),
            _ => self.raw[k - 1].clone(),
        };
        let following = Plain::following(&counts, context);
        let (total, count) =
            (following.values().sum::<f64>(), following.get(&kind).unwrap_or(&0.0));
        match self.smoothing {
            Smoothing::Additive(rule) => {
                let a = rule.amount.get();
                (count + a) / (total + a / uniform)
            }
            _ if total == 0.0 => self.probability(k - 1, context, kind),
            Smoothing::None => count / total,
            Smoothing::KneserNey(rule) => {
                let discount = |c: f64| discount(rule.discount, &counts, c);
                let rest: f64 = following.values().map(|c| discount(*c)).sum();
                let lower = self.probability(k - 1, context, kind);
                ((count - discount(*count)).max(0.0) + rest * lower) / total
            }
        }
    }
}

/// Of whole counts.
fn discount(rule: Discount, counts: &BTreeMap<Gram, f64>, count: f64) -> f64 {
    if let Discount::Fixed(share) = rule {
        return share.get().min(count);
    }
    let n = |i: u32| counts.values().filter(|c| **c == f64::from(i)).count() as f64;
    let y = n(1) / (n(1) + 2.0 * n(2));
    let all = [1, 2, 3].map(|i| f64::from(i) - f64::from(i + 1) * y * n(i + 1) / n(i));
    let legal = all.iter().zip([1.0, 2.0, 3.0]).all(|(d, i)| *d > 0.0 && *d <= i);
    let discounts = if legal { all } else { [0.5, 1.0, 1.5] };
    if count == 0.0 { 0.0 } else { discounts[(count as usize).min(3) - 1] }
}

#[test]
fn every_law_is_that_of_a_plain_implementation_after_every_context() {
    let text = text(60, 7, 6);
    for (order, smoothing) in (1..=3).flat_map(|n| every_smoothing().map(|s| (n, s))) {
        let (law, plain) = (fit(order, smoothing, &text), Plain::new(order, smoothing, &text));
        let mut contexts = vec![vec![]];
        contexts.extend((0..6).map(|a| vec![a]));
        contexts.extend((0..36).map(|ab| vec![ab / 6, ab % 6]));
        for context in contexts {
            let padded = [vec![6; order], context.clone()].concat();
            for (kind, p) in next(&law, &context).into_iter().enumerate() {
                let exact = plain.probability(order, &padded, kind as u32);
                let about = format!("{order} {smoothing:?} {context:?} {kind}");
                assert!((p - exact).abs() < 1e-13, "{about}: {p} is not {exact}");
            }
        }
    }
}

#[test]
fn the_discounts_of_that_text_are_not_all_the_fallback() {
    let plain = Plain::new(3, kneser_ney(None), &text(60, 7, 6));
    let of = |k| discount(Discount::Modified, &plain.continuations(k), 1.0);
    assert!([1, 2, 3].map(of).iter().any(|d| *d != 0.5));
}

#[test]
fn the_probabilities_of_all_sequences_of_a_length_sum_to_one() {
    let (data, all) = (text(9, 4, 3), all_sequences(4, 3));
    for (order, smoothing) in (1..=6).flat_map(|n| every_smoothing().map(|s| (n, s))) {
        let ln = fit(order, smoothing, &data).law().ln_density(&all);
        let mass: f64 = ln.iter().map(|l| l.exp()).sum();
        assert!((mass - 1.0).abs() < 1e-12, "{order} {smoothing:?}: {mass}");
        let everywhere = ln.iter().all(|l| l.is_finite());
        assert!(everywhere == (smoothing != Smoothing::None) || order < 3, "{order} {smoothing:?}");
    }
}

#[test]
fn draws_of_every_smoothing_follow_the_density() {
    let (data, all, n) = (text(30, 3, 3), all_sequences(3, 3), 30_000);
    for (order, smoothing) in [2, 3].into_iter().flat_map(|n| every_smoothing().map(|s| (n, s))) {
        let law = fit(order, smoothing, &data);
        let mut counts = BTreeMap::<&[u32], f64>::new();
        let draws = law.draw(n, &mut stream(4, 0, 1, Role::DRAW));
        draws.sequences().for_each(|s| *counts.entry(s).or_default() += 1.0);
        for (sequence, ln) in all.sequences().zip(law.law().ln_density(&all)) {
            let (p, share) = (ln.exp(), counts.get(sequence).unwrap_or(&0.0) / n as f64);
            let error = (p * (1.0 - p) / n as f64).sqrt();
            let about = format!("{order} {smoothing:?} {sequence:?}");
            assert!((share - p).abs() <= 4.0 * error, "{about}: {share} is not {p}");
        }
    }
}

#[test]
fn whole_weights_count_like_repeated_sequences_and_their_sum_does_not_matter() {
    let (one, two) = (text(8, 5, 4), text(20, 5, 4).gather(&[9, 12, 17, 18]));
    let repeated = Tokens::concatenate(&[&one, &two, &two, &two]).expect("parts");
    for smoothing in [Smoothing::None, kneser_ney(Some(0.5))] {
        let family = family(3, smoothing);
        let plain = fit_parts(&family, &[(&repeated, 1.0)]).expect("tokens");
        // Twelve sequences stand for twenty: so do their counts, after rescaling.
        let weigh = |w: f64| fit_parts(&family, &[(&one, w), (&two, 3.0 * w)]).expect("tokens");
        let (a, b) = (weigh(1.0), weigh(0.01));
        for context in [&[][..], &[0], &[1, 0], &[2, 3]] {
            for (p, q) in next(&a, context).iter().zip(next(&b, context)) {
                assert!((p - q).abs() < 1e-12);
            }
            if smoothing == Smoothing::None {
                for (p, q) in next(&a, context).iter().zip(next(&plain, context)) {
                    assert!((p - q).abs() < 1e-12);
                }
            }
        }
    }
}

#[test]
fn weights_too_small_to_matter_leave_a_legal_member() {
    let (one, two) = (text(8, 5, 4), text(20, 5, 4));
    for smoothing in every_smoothing() {
        let law = fit_parts(&family(3, smoothing), &[(&one, 1.0), (&two, 1e-310)]).expect("tokens");
        for context in [&[][..], &[0], &[1, 0], &[3, 3]] {
            assert!((next(&law, context).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        assert!(law.law().ln_density(&one).iter().all(|ln| ln.is_finite()));
    }
}

#[test]
fn maximum_likelihood_gives_unseen_tokens_nothing_and_unseen_contexts_their_longest_suffix() {
    let data = Tokens::of_length(vec![0, 1, 2, 0, 1, 3], 3, 5);
    let law = fit(3, Smoothing::None, &data);
    assert_eq!(next(&law, &[0, 1]), [0.0, 0.0, 0.5, 0.5, 0.0]);
    assert_eq!(next(&law, &[4, 1]), next(&law, &[0, 1]));
    // 2 stands at an end only: nothing followed it, and the law is that of all tokens.
    for (p, exact) in next(&law, &[1, 2]).iter().zip([2.0, 2.0, 1.0, 1.0, 0.0]) {
        assert!((p - exact / 6.0).abs() < 1e-15);
    }
    assert_eq!(law.law().ln_density(&Tokens::of_length(vec![0, 1, 0], 3, 5)), [f64::NEG_INFINITY]);
}

#[test]
fn one_type_alone_is_a_legal_member_and_no_token_at_all_is_too_few() {
    let fixed = fit(2, Smoothing::None, &Tokens::of_length(vec![2; 8], 4, 3));
    assert_eq!(fixed.entropy(), Some(0.0));
    assert!(fixed.draw(5, &mut stream(5, 0, 1, Role::DRAW)).types().iter().all(|k| *k == 2));
    let family = family(2, Smoothing::None);
    let too_few = Err(FitError::TooFew { family: "ngram", needs: 1, got: 0 });
    let none = Tokens::ragged(vec![], vec![], 3);
    assert_eq!(fit_parts(&family, &[(&none, 1.0)]).map(|_| ()), too_few);
    assert_eq!(fit_parts(&family, &[]).map(|_| ()), too_few);
    let ragged = TokenShape { vocabulary: 3, length: None };
    assert!(Family::check(&family, &ragged).is_err());
}

#[test]
fn a_smoothing_is_read_by_its_name_alone_or_with_its_table() {
    let entry = find(super::super::TOKENS, "family", "ngram").expect("listed");
    let read = |text: &str| {
        let table = ValueDeserializer::parse(text).expect("TOML");
        entry.read(table).map(|chosen| chosen.table.to_string()).map_err(|e| e.to_string())
    };
    let name = read("{ smoothing = \"kneser-ney\" }").expect("legal");
    assert_eq!(read("{ smoothing = { kneser-ney = {} } }"), Ok(name.clone()));
    assert!(name.contains("modified"), "{name}");
    assert!(read("{ smoothing = { additive = { amount = 2 } } }").is_ok_and(|t| t.contains("2.0")));
    assert!(read("{ smoothing = { kneser-ney = { discount = 0.1 } } }").is_ok());
    for wrong in [
        "\"witten-bell\"",
        "{ additive = { amount = 0 } }",
        "{}",
        "3",
        "{ none = 1 }",
        "{ additive = [2] }",
    ] {
        assert!(read(&format!("{{ smoothing = {wrong} }}")).is_err(), "{wrong}");
    }
    assert!(read("{ order = 33 }").is_err() && read("{ order = 0 }").is_err());
}
