//! Replaces the tokens that a law of text finds most predictable.
//!
//! Every token with P(xᵢ | x_<i) ≥ `above`, given the sequence as it was offered, is drawn anew from the
//! `top` likeliest types after x_<i (ties: the first types), with their probabilities; all others stay.
//! P is the model's own conditional law, or the world's. Without one, everything stays.
//! Under collapse: breaks up the most predictable stretches, so that less is lost than under replace;
//! how much depends on the share that is edited. The published bound does not hold for the literal
//! recursion of its proof.
//! Cost: one conditional law (V probabilities) per token; with the world's, each is a question to the
//! oracle.
//! Source: Zhu et al. 2024 (arXiv 2412.14689), "ToEdit": above = 0.99, top = 8.
//! Not to be confused with a temperature or top-k of `decoding`, which act while a sequence is made.

use super::{Curation, CurationBench};
use crate::distribution::Conditional;
use crate::numeric::bounded::{Count, Share};
use crate::samples::Tokens;
use crate::stream::Stream;
use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Edit {
    /// p: tokens at least as probable as this are drawn anew.
    pub above: Share,
    /// k: they are drawn from so many likeliest types.
    pub top: Count,
    /// Whose law it is: the "model"'s own, or the "world"'s.
    pub by: By,
}

/// Whose conditional law edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    Model,
    World,
}

impl Default for Edit {
    fn default() -> Self {
        Edit { above: Share::literal(0.99), top: Count::literal(8), by: By::Model }
    }
}

impl Edit {
    /// One sequence, edited; `probabilities` is room for a row for each token.
    fn edit(
        &self,
        sequence: &[u32],
        law: &dyn Conditional,
        probabilities: &mut [f64],
        types: &mut Vec<u32>,
        rng: &mut Stream,
    ) {
        law.along(sequence, probabilities);
        let vocabulary = probabilities.len() / sequence.len();
        for (&kind, row) in sequence.iter().zip(probabilities.chunks(vocabulary)) {
            types.push(match row[kind as usize] >= self.above.get() {
                true => self.again(row, rng),
                false => kind,
            });
        }
    }

    /// One of the likeliest types.
    fn again(&self, row: &[f64], rng: &mut Stream) -> u32 {
        let k = self.top.get().min(row.len());
        let mut order: Vec<usize> = (0..row.len()).collect();
        let likelier = |&i: &usize, &j: &usize| row[j].total_cmp(&row[i]).then(i.cmp(&j));
        order.select_nth_unstable_by(k - 1, likelier);
        order.truncate(k);
        order.sort_unstable();
        let mut left = rng.random::<f64>() * order.iter().map(|&kind| row[kind]).sum::<f64>();
        for &kind in &order {
            if left < row[kind] {
                return kind as u32;
            }
            left -= row[kind];
        }
        // Only rounding comes here.
        order.into_iter().rfind(|&kind| row[kind] > 0.0).unwrap_or(0) as u32
    }
}

impl Curation<Tokens> for Edit {
    fn curate(
        &self,
        offered: Tokens,
        bench: &CurationBench<'_, Tokens>,
        rng: &mut Stream,
    ) -> Tokens {
        let judge = if self.by == By::World { bench.world } else { bench.model };
        let Some(law) = judge.conditional() else { return offered };
        if self.by == By::World {
            bench.ask(offered.types().len());
        }
        let vocabulary = offered.vocabulary() as usize;
        let mut types = Vec::with_capacity(offered.types().len());
        let mut ends = Vec::new();
        let mut room = Vec::new();
        for sequence in offered.sequences() {
            room.resize(sequence.len() * vocabulary, 0.0);
            if !sequence.is_empty() {
                self.edit(sequence, law, &mut room, &mut types, rng);
            }
            ends.push(types.len());
        }
        Tokens::ragged(types, ends, offered.vocabulary())
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::Types;
    use crate::samples::Samples;

    fn edited(table: &str, weights: &[f64], offered: &Tokens) -> (Tokens, u64) {
        let curator: Edit = toml::from_str(table).expect("legal");
        let model = Types::new(weights, 4).expect("weights");
        Place::new(&model, offered.clone()).curate(&curator, offered.clone())
    }

    #[test]
    fn only_predictable_tokens_change_and_only_to_the_likeliest() {
        let offered = Tokens::of_length((0..4000).map(|i| i % 4).collect(), 4, 4);
        let (kept, asked) =
            edited("above = 0.5\ntop = 2\nby = 'world'", &[6., 3., 0.9, 0.1], &offered);
        let mut changed = 0.0;
        for (before, after) in offered.types().iter().zip(kept.types()) {
            assert!(*before == 0 || before == after, "{before} became {after}");
            assert!(*before != 0 || *after < 2);
            changed += f64::from(u8::from(before != after));
        }
        // Of the thousand zeros a third becomes 1.
        assert!((changed / 1000.0 - 1.0 / 3.0).abs() < 4.0 * (2.0_f64 / 9.0 / 1000.0).sqrt());
        assert_eq!((kept.len(), asked), (1000, 4000));
    }

    #[test]
    fn nothing_that_no_token_reaches_changes() {
        let offered = Tokens::of_length(vec![0, 1, 2, 3], 4, 4);
        assert_eq!(edited("", &[6., 3., 0.9, 0.1], &offered), (offered, 0));
    }
}
