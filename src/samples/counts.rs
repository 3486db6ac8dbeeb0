//! Weighted counts of token types: the sufficient statistic of a categorical distribution.

use super::{Additive, Samples, Summary, Tokens};
use serde::{Deserialize, Serialize};

/// How often each type occurs, and how long the sequences are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Weighted count of each type.
    pub counts: Vec<f64>,
    /// Sequences, whatever their weight.
    pub sequences: usize,
    /// Tokens, whatever their weight.
    pub tokens: usize,
    /// Sum of the weights of all tokens.
    pub weight: f64,
}

impl Counts {
    /// Of no sequence at all.
    pub fn nothing(types: usize) -> Self {
        Counts { counts: vec![0.0; types], sequences: 0, tokens: 0, weight: 0.0 }
    }
}

impl Summary<Tokens> for Counts {
    type How = ();

    fn of(samples: &Tokens, (): &()) -> Self {
        let tokens = samples.types().len();
        Counts { counts: samples.counts(), sequences: samples.len(), tokens, weight: tokens as f64 }
    }
}

impl Additive for Counts {
    fn scale(&mut self, weight: f64) {
        self.counts.iter_mut().for_each(|count| *count *= weight);
        self.weight *= weight;
    }

    fn merge(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
        self.sequences += other.sequences;
        self.tokens += other.tokens;
        self.weight += other.weight;
    }
}
