//! Share of n-grams that repeat within one sequence: mean over sequences of 1 − unique / all n-grams.
//!
//! Unit: none. Range: [0, 1); least in text that never says anything twice. Real text repeats itself
//! too: the band to read it against is generation 0.
//! Under collapse: grows, as a model falls into loops.
//! Sequences shorter than n have no n-gram, and do not count; empty where all are.
//! Cost: O(n·tokens).
//! Source: Welleck et al. 2020 (seq-rep-n); Su et al. 2022 (rep-n).
//! Not to be confused with `distinct`, which pools all sequences: it falls when sequences repeat one
//! another, of which this one knows nothing.

use super::{Card, Metric, Reading, Target, distinct};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Count;
use crate::samples::Tokens;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Repetition {
    /// Tokens in an n-gram.
    pub n: Count,
}

impl Default for Repetition {
    fn default() -> Self {
        Repetition { n: Count::literal(4) }
    }
}

impl Metric<Tokens> for Repetition {
    fn card(&self) -> Card {
        Card {
            symbol: "1 − unique / n-grams of a sequence",
            unit: "",
            target: Target::Least,
            cost: "O(n·tokens)",
            source: "Welleck et al. 2020",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, _noise: Noise<'_>) -> Option<Reading> {
        let one = |sequence| distinct::share(std::iter::once(sequence), self.n.get());
        let terms = now.draws().sequences().filter_map(one).map(|unique| 1.0 - unique);
        Reading::mean_of(&terms.collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{of_samples, of_world};
    use super::*;
    use crate::distribution::{Finite, Types};

    fn of(text: Tokens, n: usize) -> Option<f64> {
        let world = Types::new(&[1.; 4], 3).expect("some weight");
        let metric = Repetition { n: Count::new(n).expect("at least one") };
        of_samples(&metric, &world, Finite::new(text).expect("some text")).map(|r| r.value)
    }

    #[test]
    fn a_loop_repeats_and_another_sequence_does_not_matter() {
        // abab has the pairs ab, ba, ab; abcd has three.
        assert_eq!(of(Tokens::of_length(vec![0, 1, 0, 1], 4, 4), 2), Some(1.0 - 2.0 / 3.0));
        assert_eq!(of(Tokens::of_length([0, 1, 2, 3].repeat(5), 4, 4), 2), Some(0.0));
        assert_eq!(of(Tokens::of_length(vec![2; 10], 10, 4), 1), Some(0.9));
    }

    #[test]
    fn sequences_shorter_than_n_do_not_count() {
        let text = || Tokens::ragged(vec![3, 0, 0, 0], vec![1, 1, 4], 4);
        assert_eq!(of(text(), 2), Some(0.5));
        assert_eq!(of(text(), 4), None);
    }

    #[test]
    fn independent_pairs_of_tokens_repeat_as_often_as_they_agree() {
        let world = Types::new(&[3., 1.], 2).expect("some weight");
        let metric = Repetition { n: Count::literal(1) };
        let reading = of_world(&metric, &world).expect("tokens");
        // Half of the tokens are a repetition where both agree.
        let exact = 0.5 * (0.75 * 0.75 + 0.25 * 0.25);
        assert!((reading.value - exact).abs() < 4.0 * reading.standard_error.expect("drawn"));
    }
}
