//! The recurrent network over plain buffers, token by token.

use super::{Recurrent, name};
use crate::model::decoding::Continue;
use crate::model::neural::network::{Decoder, ln_probability};
use crate::model::neural::ops::gru;
use crate::model::neural::plain::Affine;
use crate::model::neural::weights::Weights;

/// Sequences whose probabilities are computed together.
const BATCH: usize = 64;

pub struct RecurrentDecoder<'a> {
    network: &'a Recurrent,
    tokens: &'a [f32],
    layers: Vec<[Affine<'a>; 2]>,
    head: Affine<'a>,
}

/// Sequences that are continued together. One row more than one is computed at least: a single row
/// would be multiplied by another routine, with another order of its sums.
pub struct State {
    rows: usize,
    layers: Vec<Vec<f32>>,
    logits: Vec<f32>,
}

impl<'a> RecurrentDecoder<'a> {
    pub fn new(network: &'a Recurrent, weights: &'a Weights) -> Self {
        let layer = |layer: usize| {
            [Affine::of(weights, &name(layer, "in")), Affine::of(weights, &name(layer, "state"))]
        };
        RecurrentDecoder {
            network,
            tokens: weights.get("tokens"),
            layers: (0..network.layers).map(layer).collect(),
            head: Affine::of(weights, "head"),
        }
    }

    fn start(&self, rows: usize) -> State {
        let rows = rows.max(2);
        let layers = vec![vec![0.0; rows * self.network.width]; self.network.layers];
        State { rows, layers, logits: Vec::new() }
    }

    /// One more input for every row; rows without a token of their own get BOS.
    fn step(&self, state: &mut State, tokens: impl Iterator<Item = u32>) -> Vec<f32> {
        let (d, h) = (self.network.embedding, self.network.width);
        let bos = self.network.types as u32;
        let tokens = tokens.chain(std::iter::repeat(bos)).take(state.rows);
        let mut x: Vec<f32> =
            tokens.flat_map(|token| &self.tokens[token as usize * d..][..d]).copied().collect();
        let mut gates = vec![0.0; 4 * h];
        for ([input, own], old) in self.layers.iter().zip(&mut state.layers) {
            let (a, b) = (input.apply(&x, state.rows), own.apply(old, state.rows));
            x = vec![0.0; state.rows * h];
            let rows = x.chunks_exact_mut(h).zip(old.chunks_exact(h));
            for ((new, old), (a, b)) in rows.zip(a.chunks_exact(3 * h).zip(b.chunks_exact(3 * h))) {
                gru::step(a, b, old, &mut gates, new);
            }
            old.copy_from_slice(&x);
        }
        x
    }

    fn ln_batch(&self, batch: &[&[u32]]) -> Vec<f64> {
        let (bos, types) = (self.network.types as u32, self.network.types);
        let mut state = self.start(batch.len());
        let mut totals = vec![0.0; batch.len()];
        for t in 0..batch.first().map_or(0, |sequence| sequence.len()) {
            let input = |sequence: &&[u32]| if t == 0 { bos } else { sequence[t - 1] };
            let x = self.step(&mut state, batch.iter().map(input));
            let logits = self.head.apply(&x, state.rows);
            let rows = logits.chunks_exact(self.network.columns()).zip(batch);
            for (total, (row, sequence)) in totals.iter_mut().zip(rows) {
                *total += ln_probability(&row[..types], sequence[t]);
            }
        }
        totals
    }
}

impl Continue for RecurrentDecoder<'_> {
    type State = State;

    fn vocabulary(&self) -> usize {
        self.network.types
    }

    fn begin(&self, prompts: &[&[u32]]) -> State {
        let mut state = self.start(prompts.len());
        let mut x = self.step(&mut state, std::iter::empty());
        for t in 0..prompts.first().map_or(0, |prompt| prompt.len()) {
            x = self.step(&mut state, prompts.iter().map(|prompt| prompt[t]));
        }
        state.logits = self.head.apply(&x, state.rows).to_vec();
        state
    }

    fn ln_next(&self, state: &State, row: usize, out: &mut [f32]) {
        let columns = self.network.columns();
        out.copy_from_slice(&state.logits[row * columns..][..out.len()]);
    }

    fn push(&self, state: &mut State, tokens: &[u32]) {
        let x = self.step(state, tokens.iter().copied());
        state.logits = self.head.apply(&x, state.rows).to_vec();
    }

    fn reorder(&self, state: &mut State, rows: &[usize]) {
        let mut rows = rows.to_vec();
        rows.resize(rows.len().max(2), 0);
        let take = |values: &[f32], size: usize| -> Vec<f32> {
            rows.iter().flat_map(|&row| &values[row * size..][..size]).copied().collect()
        };
        for layer in &mut state.layers {
            *layer = take(layer, self.network.width);
        }
        state.logits = take(&state.logits, self.network.columns());
        state.rows = rows.len();
    }
}

impl Decoder for RecurrentDecoder<'_> {
    fn ln_probabilities(&self, sequences: &[&[u32]]) -> Vec<f64> {
        sequences.chunks(BATCH).flat_map(|batch| self.ln_batch(batch)).collect()
    }
}
