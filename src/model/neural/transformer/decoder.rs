//! The transformer over plain buffers: whole sequences at once, or token by token with kept keys and
//! values.
//!
//! Attention looks back over as many inputs as a training
//! sequence had, so that no pair of places is further apart than any that was trained.

use super::look::{Shape, keep, look};
use super::{Transformer, name};
use crate::model::decoding::Continue;
use crate::model::neural::buffer::Buffer;
use crate::model::neural::matrix::{Matrix, multiply};
use crate::model::neural::network::{Decoder, ln_probability};
use crate::model::neural::ops::add;
use crate::model::neural::ops::attention::{self, Form};
use crate::model::neural::ops::linear::activate;
use crate::model::neural::ops::rotary::Rotation;
use crate::model::neural::ops::sublayer::Sublayer;
use crate::model::neural::plain::Norm;
use crate::model::neural::simd::LANES;
use crate::model::neural::weights::Weights;
use std::sync::Arc;

/// Sequences whose probabilities are computed together.
const BATCH: usize = 32;

pub struct TransformerDecoder<'a> {
    network: &'a Transformer,
    rotation: Option<Arc<Rotation>>,
    tokens: &'a [f32],
    places: Option<&'a [f32]>,
    /// Attention and what feeds forward, of each layer.
    layers: Vec<[Sublayer<'a>; 2]>,
    norm: Norm<'a>,
    head: Matrix<'a>,
}

impl<'a> TransformerDecoder<'a> {
    pub fn new(network: &'a Transformer, weights: &'a Weights) -> Self {
        let (c, columns) = (network.width, network.columns());
        let half = |layer: usize, part: &str| Sublayer::of(weights, &name(layer, part));
        let layer = |layer: usize| [half(layer, "attention"), half(layer, "feed")];
        let tokens = weights.get("tokens");
        TransformerDecoder {
            network,
            rotation: network.rotation(),
            tokens,
            places: (!network.rotary).then(|| weights.get("places")),
            layers: (0..network.layers).map(layer).collect(),
            norm: Norm::of(weights, "norm"),
            head: match network.tied {
                true => Matrix::new(tokens, columns, c).transposed(),
                false => Matrix::new(weights.get("head.weight"), c, columns),
            },
        }
    }

    /// Adds the row of a token at a place.
    fn embed(&self, token: u32, place: usize, x: &mut Vec<f32>) {
        let c = self.network.width;
        let row = &self.tokens[token as usize * c..][..c];
        match self.places {
            Some(places) => x.extend(row.iter().zip(&places[place * c..]).map(|(a, b)| a + b)),
            None => x.extend_from_slice(row),
        }
    }

    /// From embedded rows to the normalised rows of the last layer; `attend` turns the queries, keys
    /// and values of a layer into what its heads see.
    fn layers(
        &self,
        mut x: Vec<f32>,
        mut attend: impl FnMut(usize, &mut [f32]) -> Buffer,
    ) -> Buffer {
        let rows = x.len() / self.network.width;
        for (k, [attention, feed]) in self.layers.iter().enumerate() {
            let mut qkv = attention.inward.apply(&attention.norm.apply(&x).0, rows);
            add(&mut x, &attention.outward.apply(&attend(k, &mut qkv), rows));
            let mut hidden = feed.inward.apply(&feed.norm.apply(&x).0, rows);
            activate(&mut hidden);
            add(&mut x, &feed.outward.apply(&hidden, rows));
        }
        self.norm.apply(&x).0
    }

    fn head(&self, x: &[f32]) -> Vec<f32> {
        let (c, columns) = (self.network.width, self.network.columns());
        let rows = x.len() / c;
        let mut logits = vec![0.0; rows * columns];
        multiply(Matrix::new(x, rows, c), self.head, &mut logits, columns, false);
        logits
    }

    /// One more input for every row.
    fn step(&self, state: &mut State, tokens: impl Iterator<Item = u32>) -> Buffer {
        let c = self.network.width;
        let mut x = Vec::with_capacity(state.rows * c);
        tokens.for_each(|token| self.embed(token, state.inputs, &mut x));
        // A single row would be multiplied by another routine, with another order of its sums.
        x.resize(x.len().max(2 * c), 0.0);
        let (shape, place, rows) = (state.shape, state.inputs, state.rows);
        state.inputs += 1;
        let caches = &mut state.caches;
        let mut scores = Buffer::new(shape.places);
        self.layers(x, |layer, qkv| {
            let mut out = Buffer::new(qkv.len() / 3);
            // The row that only fills up has seen nothing.
            out[rows * c..].fill(0.0);
            let each = qkv.chunks_exact_mut(3 * c).zip(out.chunks_exact_mut(c));
            for ((qkv, out), cache) in each.zip(caches[layer].chunks_exact_mut(shape.cache())) {
                self.look_back(shape, place, qkv, cache, &mut scores, out);
            }
            out
        })
    }

    /// Keeps the newest key and value of one row, and lets its query look at what is kept.
    fn look_back(
        &self,
        shape: Shape,
        place: usize,
        qkv: &mut [f32],
        cache: &mut [f32],
        scores: &mut [f32],
        out: &mut [f32],
    ) {
        let c = self.network.width;
        let d = shape.d;
        if let Some(rotation) = &self.rotation {
            qkv[..2 * c].chunks_exact_mut(d).for_each(|head| rotation.turn(head, place, false));
        }
        let first = (place + 1).saturating_sub(self.network.length);
        for (head, cache) in cache.chunks_exact_mut(shape.head()).enumerate() {
            let part = |k: usize| &qkv[k * c + head * d..][..d];
            keep(cache, shape, place, part(1), part(2));
            look(part(0), cache, shape, first, place, scores, &mut out[head * d..][..d]);
        }
    }
}

/// Sequences that are continued together.
pub struct State {
    rows: usize,
    /// Inputs so far, BOS among them.
    inputs: usize,
    shape: Shape,
    /// Keys and values of each layer, row after row.
    caches: Vec<Vec<f32>>,
    logits: Vec<f32>,
}

impl Continue for TransformerDecoder<'_> {
    type State = State;

    fn vocabulary(&self) -> usize {
        self.network.types
    }

    fn begin(&self, prompts: &[&[u32]]) -> State {
        let (rows, d) = (prompts.len(), self.network.width / self.network.heads);
        let shape = Shape {
            d,
            wide_d: d.next_multiple_of(LANES),
            places: self.network.context.next_multiple_of(LANES),
            heads: self.network.heads,
        };
        let caches = vec![vec![0.0; rows * shape.cache()]; self.network.layers];
        let mut state = State { rows, inputs: 0, shape, caches, logits: Vec::new() };
        let bos = self.network.types as u32;
        let mut x = self.step(&mut state, (0..rows).map(|_| bos));
        for t in 0..prompts.first().map_or(0, |prompt| prompt.len()) {
            x = self.step(&mut state, prompts.iter().map(|prompt| prompt[t]));
        }
        state.logits = self.head(&x);
        state
    }

    fn ln_next(&self, state: &State, row: usize, out: &mut [f32]) {
        let columns = self.network.columns();
        out.copy_from_slice(&state.logits[row * columns..][..out.len()]);
    }

    fn push(&self, state: &mut State, tokens: &[u32]) {
        let x = self.step(state, tokens.iter().copied());
        state.logits = self.head(&x);
    }

    fn reorder(&self, state: &mut State, rows: &[usize]) {
        let take = |values: &[f32], size: usize| -> Vec<f32> {
            rows.iter().flat_map(|&row| &values[row * size..][..size]).copied().collect()
        };
        for cache in &mut state.caches {
            *cache = take(cache, state.shape.cache());
        }
        state.logits = take(&state.logits, self.network.columns());
        state.rows = rows.len();
    }
}

impl Decoder for TransformerDecoder<'_> {
    fn ln_probabilities(&self, sequences: &[&[u32]]) -> Vec<f64> {
        sequences.chunks(BATCH).flat_map(|batch| self.ln_batch(batch)).collect()
    }
}

impl TransformerDecoder<'_> {
    fn ln_batch(&self, batch: &[&[u32]]) -> Vec<f64> {
        let Transformer { width, heads, types, .. } = *self.network;
        let length = batch.first().map_or(0, |sequence| sequence.len());
        if length == 0 {
            return vec![0.0; batch.len()];
        }
        let mut x = Vec::with_capacity((batch.len() * length).max(2) * width);
        for sequence in batch {
            let inputs =
                std::iter::once(types as u32).chain(sequence[..length - 1].iter().copied());
            inputs.enumerate().for_each(|(place, token)| self.embed(token, place, &mut x));
        }
        let rotation = self.rotation.clone();
        let form = Form { batch: batch.len(), length, width, heads, rotation };
        let x = self.layers(x, |_, qkv| {
            let mut out = Buffer::new(qkv.len() / 3);
            attention::forward(qkv, &form, &mut out);
            out
        });
        let logits = self.head(&x);
        let rows = logits.chunks_exact(self.network.columns() * length).zip(batch);
        rows.map(|(rows, sequence)| {
            let places = rows.chunks_exact(self.network.columns()).zip(*sequence);
            places.map(|(row, kind)| ln_probability(&row[..types], *kind)).sum()
        })
        .collect()
    }
}
