//! One query's look at the keys and values that are kept of its sequence.
//!
//! For every head, keys lie in blocks of 16 places (blocks × D × 16) and values place after place
//! (places × D, D filled up to 16), so that both are read from front to back.

use crate::model::neural::ops::tile::fan;
use crate::model::neural::simd::{self, LANES, dispatch};

/// Sizes of what is kept of one row.
#[derive(Clone, Copy)]
pub struct Shape {
    pub d: usize,
    pub wide_d: usize,
    pub places: usize,
    pub heads: usize,
}

impl Shape {
    pub fn head(self) -> usize {
        (self.d + self.wide_d) * self.places
    }

    pub fn cache(self) -> usize {
        self.heads * self.head()
    }
}

dispatch! {
    /// Keeps the key and the value of one head at a place.
    pub fn keep(cache: &mut [f32], shape: Shape, place: usize, key: &[f32], value: &[f32]) {
        let (keys, values) = cache.split_at_mut(shape.d * shape.places);
        let block = &mut keys[place / LANES * LANES * shape.d..][..LANES * shape.d];
        for (lanes, key) in block.chunks_exact_mut(LANES).zip(key) {
            lanes[place % LANES] = *key;
        }
        for (kept, value) in values[place * shape.wide_d..].iter_mut().zip(value) {
            *kept = *value;
        }
    }
}

dispatch! {
    /// One query's attention to the places from `first` to `last`; `scores` has room for all places.
    pub fn look(
        query: &[f32],
        cache: &[f32],
        shape: Shape,
        first: usize,
        last: usize,
        scores: &mut [f32],
        out: &mut [f32],
    ) {
        let (keys, values) = cache.split_at(shape.d * shape.places);
        let start = first - first % LANES;
        let scores = &mut scores[..(last + 1 - start).next_multiple_of(LANES)];
        match_keys(query, &keys[start * shape.d..], shape.d, scores);
        let (from, to) = (first - start, last + 1 - start);
        let scale = 1.0 / (shape.d as f32).sqrt();
        let most = simd::maximum(&scores[from..to]);
        scores.iter_mut().for_each(|s| *s = simd::exp((*s - most) * scale));
        scores[..from].fill(0.0);
        scores[to..].fill(0.0);
        let total = 1.0 / simd::sum(scores.len(), |i| scores[i]);
        let mut c = 0;
        while c < shape.wide_d {
            let values = &values[start * shape.wide_d + c..];
            let out = &mut out[c..];
            c += match (shape.wide_d - c) / LANES {
                1 => blend::<1>(&scores[..to], values, shape.wide_d, total, out),
                2 | 3 => blend::<2>(&scores[..to], values, shape.wide_d, total, out),
                _ => blend::<4>(&scores[..to], values, shape.wide_d, total, out),
            };
        }
    }
}

/// The products of a query with all keys from the first block on.
#[inline(always)]
fn match_keys(query: &[f32], keys: &[f32], d: usize, scores: &mut [f32]) {
    let (block, mut done) = (LANES * d, 0);
    while done < scores.len() {
        let (keys, scores) = (&keys[done * d..], &mut scores[done..]);
        done += match scores.len() / LANES {
            1 => write(fan::<1>(query, keys, block, LANES, d), scores),
            2 | 3 => write(fan::<2>(query, keys, block, LANES, d), scores),
            _ => write(fan::<4>(query, keys, block, LANES, d), scores),
        };
    }
}

/// Returns how many were written.
#[inline(always)]
fn write<const B: usize>(blocks: [simd::Lanes; B], to: &mut [f32]) -> usize {
    for (to, lanes) in to.chunks_exact_mut(LANES).zip(&blocks) {
        to.copy_from_slice(lanes);
    }
    B * LANES
}

/// The weighted values of B times 16 columns; returns how many columns.
#[inline(always)]
fn blend<const B: usize>(
    weights: &[f32],
    values: &[f32],
    next: usize,
    total: f32,
    out: &mut [f32],
) -> usize {
    let sums = fan::<B>(weights, values, LANES, next, weights.len());
    for (out, sum) in out.iter_mut().zip(sums.as_flattened()) {
        *out = sum * total;
    }
    B * LANES
}
