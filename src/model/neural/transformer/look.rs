//! One query's look at the keys and values that are kept of its sequence.

use crate::model::neural::ops::tile::{store, tile};
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
    /// One query's attention to the places from `first` to `last`.
    pub fn look(
        query: &[f32],
        keys: &[f32],
        values: &[f32],
        shape: Shape,
        first: usize,
        last: usize,
        out: &mut [f32],
    ) {
        let start = first - first % LANES;
        let mut scores = vec![0.0; (last + 1 - start).next_multiple_of(LANES)];
        for (block, scores) in scores.chunks_exact_mut(LANES).enumerate() {
            let keys = &keys[start + block * LANES..];
            store(tile::<1>(query, (0, 1), keys, shape.places, shape.d), scores, LANES);
        }
        let (from, to) = (first - start, last + 1 - start);
        let scale = 1.0 / (shape.d as f32).sqrt();
        let most = simd::maximum(&scores[from..to]);
        scores.iter_mut().for_each(|s| *s = simd::exp((*s - most) * scale));
        scores[..from].fill(0.0);
        scores[to..].fill(0.0);
        let total = 1.0 / simd::sum(scores.len(), |i| scores[i]);
        for c in (0..shape.wide_d).step_by(LANES) {
            let values = &values[start * shape.wide_d + c..];
            let [sums] = tile::<1>(&scores, (0, 1), values, shape.wide_d, to);
            for (out, sum) in out[c..].iter_mut().zip(sums) {
                *out = sum * total;
            }
        }
    }
}
