//! Tokens: sequences of token types over one vocabulary; n counts sequences.

use super::Samples;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// n sequences over the types 0 … vocabulary − 1, stored end to end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Tokens {
    types: Arc<[u32]>,
    ends: Arc<[usize]>,
    vocabulary: u32,
}

/// Tokens as they are kept in a file.
#[derive(Serialize, Deserialize)]
struct Stored {
    types: Vec<u32>,
    ends: Vec<usize>,
    vocabulary: u32,
}

impl From<Tokens> for Stored {
    fn from(tokens: Tokens) -> Self {
        let (types, ends) = (tokens.types.to_vec(), tokens.ends.to_vec());
        Stored { types, ends, vocabulary: tokens.vocabulary }
    }
}

impl TryFrom<Stored> for Tokens {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { types, ends, vocabulary } = stored;
        let is_whole = ends.is_sorted() && ends.last().copied().unwrap_or(0) == types.len();
        match is_whole && types.iter().all(|kind| *kind < vocabulary) {
            true => Ok(Tokens::ragged(types, ends, vocabulary)),
            false => Err("these are no sequences over the vocabulary"),
        }
    }
}

/// What two sets of sequences must agree in.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenShape {
    pub vocabulary: u32,
    /// The length of every sequence, where it is one and the same.
    pub length: Option<usize>,
}

impl std::fmt::Display for TokenShape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "tokens of {} types", self.vocabulary)?;
        match self.length {
            Some(length) => write!(f, " in sequences of {length}"),
            None => write!(f, " in sequences of any length"),
        }
    }
}

/// How often each token type occurs.
#[derive(Clone, Debug, PartialEq)]
pub struct Frequencies {
    /// The share of each type among all tokens.
    pub shares: Vec<f64>,
    /// Whether every sequence is a single token, so that the shares say everything.
    pub complete: bool,
}

impl Tokens {
    /// Sequences of one length each.
    pub fn of_length(types: Vec<u32>, length: usize, vocabulary: u32) -> Self {
        let length = length.max(1);
        let ends = (1..=types.len() / length).map(|i| i * length).collect();
        Tokens { types: types.into(), ends, vocabulary }
    }

    /// Sequences of any length; `ends[i]` is where sequence i ends in `types`.
    ///
    /// # Panics
    /// If the ends do not ascend to the number of tokens: a broken invariant of the caller.
    pub fn ragged(types: Vec<u32>, ends: Vec<usize>, vocabulary: u32) -> Self {
        assert!(ends.is_sorted() && ends.last().copied().unwrap_or(0) == types.len());
        Tokens { types: types.into(), ends: ends.into(), vocabulary }
    }

    pub fn vocabulary(&self) -> u32 {
        self.vocabulary
    }

    /// All tokens, sequence after sequence.
    pub fn types(&self) -> &[u32] {
        &self.types
    }

    pub fn sequence(&self, i: usize) -> &[u32] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.types[start..self.ends[i]]
    }

    pub fn sequences(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.ends.len()).map(|i| self.sequence(i))
    }

    /// How often each type occurs.
    pub fn counts(&self) -> Vec<f64> {
        let mut counts = vec![0.0; self.vocabulary as usize];
        for &kind in self.types.iter() {
            counts[kind as usize] += 1.0;
        }
        counts
    }
}

impl Samples for Tokens {
    type Shape = TokenShape;

    const SPACE: &'static str = "tokens";

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn shape(&self) -> TokenShape {
        let mut lengths = self.sequences().map(<[u32]>::len);
        let first = lengths.next();
        let length = first.filter(|&first| lengths.all(|length| length == first));
        TokenShape { vocabulary: self.vocabulary, length }
    }

    fn numbers(shape: &TokenShape, n: f64) -> f64 {
        // Half a number for the token itself, one for where the sequence ends.
        n * (shape.length.unwrap_or(1).div_ceil(2) + 1) as f64
    }

    fn gather(&self, rows: &[usize]) -> Self {
        let mut types = Vec::new();
        let mut ends = Vec::with_capacity(rows.len());
        for &i in rows {
            types.extend_from_slice(self.sequence(i));
            ends.push(types.len());
        }
        Tokens::ragged(types, ends, self.vocabulary)
    }

    fn concatenate(parts: &[&Self]) -> Option<Self> {
        let first = *parts.first()?;
        if parts.len() == 1 {
            return Some(first.clone());
        }
        let mut types = Vec::new();
        let mut ends = Vec::new();
        for part in parts {
            let before = types.len();
            types.extend_from_slice(&part.types);
            ends.extend(part.ends.iter().map(|end| before + end));
        }
        Some(Tokens::ragged(types, ends, first.vocabulary))
    }

    fn is_finite(&self) -> bool {
        true
    }

    fn frequencies(&self, weights: Option<&[f64]>) -> Option<Frequencies> {
        let mut shares = match weights {
            None => self.counts(),
            Some(weights) => {
                let mut counts = vec![0.0; self.vocabulary as usize];
                for (sequence, weight) in self.sequences().zip(weights) {
                    sequence.iter().for_each(|&kind| counts[kind as usize] += weight);
                }
                counts
            }
        };
        let total: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|count| *count /= total);
        let complete = self.shape().length == Some(1);
        (total > 0.0 && total.is_finite()).then_some(Frequencies { shares, complete })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gathering_keeps_sequences_whole() {
        let text = Tokens::ragged(vec![0, 1, 2, 2], vec![1, 4], 3);
        let taken = text.gather(&[1, 0, 1]);
        assert_eq!(taken.types(), [1, 2, 2, 0, 1, 2, 2]);
        assert_eq!(taken.sequence(1), [0]);
    }

    #[test]
    fn concatenation_moves_the_ends() {
        let a = Tokens::ragged(vec![0, 1, 2], vec![1, 3], 3);
        let both = Tokens::concatenate(&[&a, &a]).expect("two parts");
        assert_eq!(both.len(), 4);
        assert_eq!(both.sequence(3), [1, 2]);
    }

    #[test]
    fn counts_cover_types_that_never_occur() {
        assert_eq!(Tokens::of_length(vec![2, 0, 2], 1, 4).counts(), [1., 0., 2., 0.]);
    }

    #[test]
    fn frequencies_weigh_sequences_and_count_their_tokens() {
        let text = Tokens::ragged(vec![0, 1, 2], vec![1, 3], 4);
        let frequencies = text.frequencies(Some(&[2., 1.])).expect("weight");
        assert_eq!(frequencies.shares, [0.5, 0.25, 0.25, 0.0]);
        assert!(!frequencies.complete);
        assert_eq!(text.frequencies(Some(&[0., 0.])), None);
        assert_eq!(Tokens::ragged(vec![], vec![], 4).frequencies(None), None);
    }
}
