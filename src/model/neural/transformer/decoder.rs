//! The transformer over plain buffers: whole sequences at once, or token by token with kept keys and
//! values.
//!
//! Kept keys lie as heads × D × places and values as heads × places × D, so that the product of one
//! query with all keys is a loop over places. Attention looks back over as many inputs as a training
//! sequence had, so that no pair of places is further apart than any that was trained.

use super::look::{Shape, look};
use super::{Transformer, name};
use crate::model::decoding::Continue;
use crate::model::neural::matrix::{Matrix, multiply};
use crate::model::neural::network::{Decoder, ln_probability};
use crate::model::neural::ops::attention::{self, Form};
use crate::model::neural::ops::layer_norm;
use crate::model::neural::ops::linear::activate;
use crate::model::neural::ops::rotary::Rotation;
use crate::model::neural::plain::Affine;
use crate::model::neural::simd::LANES;
use crate::model::neural::weights::Weights;
use std::sync::Arc;

/// Sequences whose probabilities are computed together.
const BATCH: usize = 32;

struct Norm<'a> {
    scale: &'a [f32],
    shift: &'a [f32],
}

impl Norm<'_> {
    fn apply(&self, x: &[f32]) -> Vec<f32> {
        let mut y = vec![0.0; x.len()];
        let mut rows = vec![[0.0; 2]; x.len() / self.scale.len()];
        layer_norm::forward(x, self.scale, self.shift, &mut y, &mut rows);
        y
    }
}

struct Layer<'a> {
    norms: [Norm<'a>; 2],
    attention_in: Affine<'a>,
    attention_out: Affine<'a>,
    feed_in: Affine<'a>,
    feed_out: Affine<'a>,
}

pub struct TransformerDecoder<'a> {
    network: &'a Transformer,
    rotation: Option<Arc<Rotation>>,
    tokens: &'a [f32],
    places: Option<&'a [f32]>,
    layers: Vec<Layer<'a>>,
    norm: Norm<'a>,
    head: Matrix<'a>,
}

impl<'a> TransformerDecoder<'a> {
    pub fn new(network: &'a Transformer, weights: &'a Weights) -> Self {
        let (c, columns) = (network.width, network.columns());
        let norm = |part: &str| Norm {
            scale: weights.get(&format!("{part}.scale")),
            shift: weights.get(&format!("{part}.shift")),
        };
        let affine = |part: &str| Affine::of(weights, part);
        let layer = |layer: usize| Layer {
            norms: [norm(&name(layer, "attention.norm")), norm(&name(layer, "feed.norm"))],
            attention_in: affine(&name(layer, "attention.in")),
            attention_out: affine(&name(layer, "attention.out")),
            feed_in: affine(&name(layer, "feed.in")),
            feed_out: affine(&name(layer, "feed.out")),
        };
        let tokens = weights.get("tokens");
        TransformerDecoder {
            network,
            rotation: network.rotation(),
            tokens,
            places: (!network.rotary).then(|| weights.get("places")),
            layers: (0..network.layers).map(layer).collect(),
            norm: norm("norm"),
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
        mut attend: impl FnMut(usize, &[f32]) -> Vec<f32>,
    ) -> Vec<f32> {
        let rows = x.len() / self.network.width;
        let add = |x: &mut [f32], y: &[f32]| x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
        for (k, layer) in self.layers.iter().enumerate() {
            let qkv = layer.attention_in.apply(&layer.norms[0].apply(&x), rows);
            add(&mut x, &layer.attention_out.apply(&attend(k, &qkv), rows));
            let mut hidden = layer.feed_in.apply(&layer.norms[1].apply(&x), rows);
            activate(&mut hidden);
            add(&mut x, &layer.feed_out.apply(&hidden, rows));
        }
        self.norm.apply(&x)
    }

    fn head(&self, x: &[f32]) -> Vec<f32> {
        let (c, columns) = (self.network.width, self.network.columns());
        let rows = x.len() / c;
        let mut logits = vec![0.0; rows * columns];
        multiply(Matrix::new(x, rows, c), self.head, &mut logits, columns, false);
        logits
    }

    /// One more input for every row.
    fn step(&self, state: &mut State, tokens: impl Iterator<Item = u32>) -> Vec<f32> {
        let c = self.network.width;
        let mut x = Vec::with_capacity(state.rows * c);
        tokens.for_each(|token| self.embed(token, state.inputs, &mut x));
        // A single row would be multiplied by another routine, with another order of its sums.
        x.resize(x.len().max(2 * c), 0.0);
        let (shape, place, rows) = (state.shape, state.inputs, state.rows);
        state.inputs += 1;
        let caches = &mut state.caches;
        self.layers(x, |layer, qkv| {
            let mut out = vec![0.0; qkv.len() / 3];
            for row in 0..rows {
                let cache = &mut caches[layer][row * shape.cache()..][..shape.cache()];
                let qkv = &qkv[row * 3 * c..][..3 * c];
                self.look_back(shape, place, qkv, cache, &mut out[row * c..][..c]);
            }
            out
        })
    }

    /// Keeps the newest key and value of one row, and lets its query look at what is kept.
    fn look_back(
        &self,
        shape: Shape,
        place: usize,
        qkv: &[f32],
        cache: &mut [f32],
        out: &mut [f32],
    ) {
        let c = self.network.width;
        let d = shape.d;
        let mut qkv = qkv.to_vec();
        if let Some(rotation) = &self.rotation {
            qkv[..2 * c].chunks_exact_mut(d).for_each(|head| rotation.turn(head, place, false));
        }
        let first = (place + 1).saturating_sub(self.network.length);
        for head in 0..self.network.heads {
            let (keys, values) =
                cache[head * shape.head()..][..shape.head()].split_at_mut(shape.d * shape.places);
            for i in 0..d {
                keys[i * shape.places + place] = qkv[c + head * d + i];
                values[place * shape.wide_d + i] = qkv[2 * c + head * d + i];
            }
            let query = &qkv[head * d..][..d];
            look(query, keys, values, shape, first, place, &mut out[head * d..][..d]);
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
            let mut out = vec![0.0; qkv.len() / 3];
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
