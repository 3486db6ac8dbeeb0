//! Self-BLEU: how much each of m synthetic texts resembles the others, by mean BLEU-4.
//!
//! BLEU of one text against the other m − 1: B·exp(¼ Σ_{n=1..4} ln p_n). p_n is the share of its
//! n-grams that the others have too, each counted as often as in the text that has it most; a p_n
//! without any match is 0.1 / (number of n-grams, at least 1), and without a match at n = 1 the score
//! is 0. B = exp(min(0, 1 − r/c)) for a text of c tokens, r the nearest length among the others, the
//! shorter of two.
//! Unit: none. Range: [0, 1]; target: the world's value.
//! Under collapse: grows; 1 where all texts are one, of at least four tokens.
//! It grows with m too, since more texts match more. Of the draws of p_t `samples` are taken at
//! random, all of them where there are fewer; empty below two.
//! Cost: O(m·length), since the most and the second most that texts have of an n-gram serve all.
//! Source: Zhu et al. 2018 (Texygen); Papineni et al. 2002; the smoothing is method 1 of Chen and
//! Cherry 2014.
//! Not to be confused with BLEU against real text, which measures quality and not diversity, or with
//! `distinct`, which does not ask who says it.

use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Count;
use crate::samples::{Samples, Tokens};
use rand::seq::index;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The longest n-gram.
const ORDER: usize = 4;

/// What stands for a match where there is none.
const FLOOR: f64 = 0.1;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SelfBleu {
    /// m: the texts that are held against one another.
    pub samples: Count,
}

impl Default for SelfBleu {
    fn default() -> Self {
        SelfBleu { samples: Count::literal(100) }
    }
}

impl Metric<Tokens> for SelfBleu {
    fn card(&self) -> Card {
        Card {
            symbol: "self-BLEU-4",
            unit: "",
            target: Target::World,
            cost: "O(samples·length)",
            source: "Zhu et al. 2018",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, noise: Noise<'_>) -> Option<Reading> {
        let (draws, m) = (now.draws(), self.samples.get());
        if draws.len() <= m {
            return Reading::exact(mean_bleu(draws)?);
        }
        let rows = index::sample(&mut noise.stream(), draws.len(), m).into_vec();
        Reading::exact(mean_bleu(&draws.gather(&rows))?)
    }
}

/// Mean BLEU-4 of each text against the others. `None` where there are no others.
pub fn mean_bleu(texts: &Tokens) -> Option<f64> {
    if texts.len() < 2 {
        return None;
    }
    let orders: Vec<Matches> = (1..=ORDER).map(|n| Matches::among(texts, n)).collect();
    let mut lengths: Vec<usize> = texts.sequences().map(<[u32]>::len).collect();
    lengths.sort_unstable();
    let score = |(i, text): (usize, &[u32])| bleu(i, text, &orders) * brevity(text.len(), &lengths);
    Some(texts.sequences().enumerate().map(score).sum::<f64>() / texts.len() as f64)
}

/// exp(¼ Σ ln p_n) of the i-th text.
fn bleu(i: usize, text: &[u32], orders: &[Matches<'_>]) -> f64 {
    let mut ln = 0.0;
    for (n, matches) in (1..).zip(orders) {
        let all = (text.len() + 1).saturating_sub(n).max(1) as f64;
        match matches.of(i) {
            0 if n == 1 => return 0.0,
            0 => ln += (FLOOR / all).ln(),
            matched => ln += (matched as f64 / all).ln(),
        }
    }
    (ln / ORDER as f64).exp()
}

/// The penalty of a text that is shorter than the others; `lengths` ascend, and its own is one of
/// them.
fn brevity(length: usize, lengths: &[usize]) -> f64 {
    let own = lengths.partition_point(|other| *other < length);
    let others = lengths.iter().take(own).chain(lengths.iter().skip(own + 1));
    // The first of the nearest is the shorter one.
    match others.min_by_key(|other| other.abs_diff(length)) {
        Some(&nearest) if nearest > length && length > 0 => {
            (1.0 - nearest as f64 / length as f64).exp()
        }
        _ => 1.0,
    }
}

/// Which n-grams texts have, and how many of them others have too.
struct Matches<'t> {
    counts: Vec<HashMap<&'t [u32], usize>>,
    most: HashMap<&'t [u32], Most>,
}

/// The largest count of an n-gram in one text, that text, and the largest in any other.
#[derive(Clone, Copy, Default)]
struct Most {
    first: usize,
    holder: usize,
    second: usize,
}

impl<'t> Matches<'t> {
    fn among(texts: &'t Tokens, n: usize) -> Self {
        let count = |text: &'t [u32]| {
            let mut counts: HashMap<&[u32], usize> = HashMap::new();
            text.windows(n).for_each(|gram| *counts.entry(gram).or_default() += 1);
            counts
        };
        let counts: Vec<_> = texts.sequences().map(count).collect();
        let mut most: HashMap<&[u32], Most> = HashMap::new();
        for (i, (gram, &count)) in
            counts.iter().enumerate().flat_map(|(i, c)| c.iter().map(move |x| (i, x)))
        {
            let most = most.entry(gram).or_default();
            if count > most.first {
                *most = Most { first: count, holder: i, second: most.first };
            } else {
                most.second = most.second.max(count);
            }
        }
        Matches { counts, most }
    }

    /// Matched n-grams of the i-th text.
    fn of(&self, i: usize) -> usize {
        let elsewhere = |gram: &&[u32]| {
            let most = self.most.get(*gram).copied().unwrap_or_default();
            if most.holder == i { most.second } else { most.first }
        };
        self.counts[i].iter().map(|(gram, &count)| count.min(elsewhere(gram))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{of_samples, of_world};
    use super::*;
    use crate::distribution::{Finite, Types};

    #[test]
    fn two_texts_by_hand() {
        // abcd and abce: p = 3/4, 2/3, 1/2, and 0.1/1 for the four-gram that they do not share.
        let texts = Tokens::of_length(vec![0, 1, 2, 3, 0, 1, 2, 4], 4, 5);
        let by_hand = (0.75 * (2.0 / 3.0) * 0.5 * 0.1_f64).powf(0.25);
        assert!((mean_bleu(&texts).expect("two") - by_hand).abs() < 1e-12);
    }

    #[test]
    fn counts_are_clipped_by_the_text_that_has_an_n_gram_most() {
        // aaaa against aab and b: two of its four a's, one of its three aa's, nothing longer.
        let texts = Tokens::ragged(vec![0, 0, 0, 0, 0, 0, 1, 1], vec![4, 7, 8], 2);
        let first = bleu(
            0,
            texts.sequence(0),
            &(1..=4).map(|n| Matches::among(&texts, n)).collect::<Vec<_>>(),
        );
        let by_hand = (0.5 * (1.0 / 3.0) * (0.1 / 2.0) * 0.1_f64).powf(0.25);
        assert!((first - by_hand).abs() < 1e-12);
    }

    #[test]
    fn shorter_texts_pay_and_the_nearer_of_the_others_counts() {
        assert_eq!(brevity(4, &[2, 4, 6]), 1.0);
        assert_eq!(brevity(4, &[4, 6, 9]), (1.0 - 1.5_f64).exp());
        assert_eq!(brevity(4, &[4, 4, 9]), 1.0);
    }

    #[test]
    fn one_text_again_and_again_is_one_and_strangers_are_zero() {
        assert_eq!(mean_bleu(&Tokens::of_length([0, 1, 2, 3, 0].repeat(9), 5, 4)), Some(1.0));
        let strangers = Tokens::of_length((0..20).collect(), 5, 20);
        assert_eq!(mean_bleu(&strangers), Some(0.0));
        assert_eq!(mean_bleu(&Tokens::of_length(vec![0, 1], 2, 4)), None);
        assert_eq!(mean_bleu(&Tokens::ragged(vec![], vec![0, 0, 0], 4)), Some(0.0));
    }

    #[test]
    fn of_many_draws_only_so_many_are_compared() {
        let world = Types::new(&[1.; 9], 6).expect("some weight");
        let value = |samples| {
            let metric = SelfBleu { samples: Count::new(samples).expect("at least one") };
            of_world(&metric, &world).expect("many").value
        };
        assert!(value(10) < value(100), "more texts match more");
        let all = Finite::new(Tokens::of_length([0, 1, 2, 3].repeat(500), 4, 9)).expect("many");
        assert_eq!(of_samples(&SelfBleu::default(), &world, all), Reading::exact(1.0));
    }
}
