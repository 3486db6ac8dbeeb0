//! Share of n-grams in a text of p_t that are different ones: unique n-grams / all n-grams.
//!
//! Unit: none. Range: (0, 1]; target: the world's value in as much text.
//! Under collapse: falls, as one phrase takes the place of many.
//! It falls with the size of the text too, since phrases come back: it is of the `evaluation` draws,
//! which are as many in all generations and arms. With `of = "offspring"` it compares only where
//! generations leave equally many sequences behind.
//! No n-gram reaches over the end of a sequence; empty where no sequence is as long as n.
//! Cost: O(n·tokens).
//! Source: Li et al. 2016 (distinct-1 and distinct-2).
//! Not to be confused with `repetition`, which looks inside one sequence at a time, or with
//! `support`, which counts the types that are still possible.

use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Count;
use crate::samples::Tokens;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Distinct {
    /// Tokens in an n-gram.
    pub n: Count,
}

impl Default for Distinct {
    fn default() -> Self {
        Distinct { n: Count::literal(2) }
    }
}

impl Metric<Tokens> for Distinct {
    fn card(&self) -> Card {
        Card {
            symbol: "unique n-grams / n-grams",
            unit: "",
            target: Target::World,
            cost: "O(n·tokens)",
            source: "Li et al. 2016",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, _noise: Noise<'_>) -> Option<Reading> {
        Reading::exact(share(now.draws().sequences(), self.n.get())?)
    }
}

/// Unique n-grams of some sequences over all of theirs. `None` where there is no n-gram.
pub fn share<'t>(sequences: impl Iterator<Item = &'t [u32]>, n: usize) -> Option<f64> {
    let (mut unique, mut all) = (HashSet::new(), 0_usize);
    for gram in sequences.flat_map(|sequence| sequence.windows(n)) {
        unique.insert(gram);
        all += 1;
    }
    (all > 0).then(|| unique.len() as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use super::super::bench::{EVALUATION, of_samples, of_world};
    use super::*;
    use crate::distribution::{Finite, Types};

    fn of(text: Tokens, n: usize) -> Option<Reading> {
        let world = Types::new(&[1.; 4], 3).expect("some weight");
        let metric = Distinct { n: Count::new(n).expect("at least one") };
        of_samples(&metric, &world, Finite::new(text).expect("some text"))
    }

    #[test]
    fn pairs_by_hand_never_reach_over_an_end() {
        // ab bc | bc ca: three of four.
        let text = || Tokens::of_length(vec![0, 1, 2, 1, 2, 0], 3, 4);
        assert_eq!(of(text(), 2), Reading::exact(0.75));
        assert_eq!(of(text(), 1), Reading::exact(0.5));
        assert_eq!(of(text(), 3), Reading::exact(1.0));
        assert_eq!(of(text(), 4), None);
    }

    #[test]
    fn one_repeated_sequence_has_as_many_as_one() {
        let text = Tokens::of_length([0, 1, 2].repeat(10), 3, 4);
        assert_eq!(of(text, 2), Reading::exact(0.1));
        assert_eq!(of(Tokens::of_length(vec![3; 30], 3, 4), 2), Reading::exact(0.05));
    }

    #[test]
    fn the_world_is_as_distinct_as_so_much_of_its_text() {
        let world = Types::new(&[1.; 4], 3).expect("some weight");
        let all = (2 * EVALUATION) as f64;
        assert_eq!(of_world(&Distinct::default(), &world), Reading::exact(16.0 / all));
    }
}
