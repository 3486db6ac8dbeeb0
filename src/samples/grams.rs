//! Weighted counts of n-grams: the sufficient statistic of a model that looks n − 1 tokens back.
//!
//! Every token of the data ends exactly one n-gram: the token, and the n − 1 before it. What would lie
//! before the start of a sequence is a type of its own, [`Grams::start`]. Counts of shorter grams are
//! sums of these. Grams are sorted by what lies before, newest token first, then by the token itself:
//! all that share a shorter context stand together.
//! Cost: O(m log m) for m tokens; 4·n + 8 bytes for each n-gram that differs.

use super::{Additive, Samples, Summary, Tokens};
use std::cmp::Ordering;

/// Tokens that are sorted at once: what bounds the memory of counting.
const BLOCK: usize = 1 << 21;

/// How often each n-gram occurs, and how long the sequences are.
#[derive(Clone, Debug, PartialEq)]
pub struct Grams {
    order: usize,
    vocabulary: u32,
    /// n numbers each: the context, newest token first, and then the token that it leads to.
    grams: Vec<u32>,
    /// Weighted count of each.
    counts: Vec<f64>,
    /// Sequences, whatever their weight.
    pub sequences: usize,
    /// Tokens, whatever their weight.
    pub tokens: usize,
    /// Sum of the weights of all tokens.
    pub weight: f64,
}

impl Grams {
    /// n.
    pub fn order(&self) -> usize {
        self.order
    }

    pub fn vocabulary(&self) -> u32 {
        self.vocabulary
    }

    /// What stands in a context for what lies before a sequence.
    pub fn start(&self) -> u32 {
        self.vocabulary
    }

    /// The number of n-grams that differ.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// One n-gram, its context newest token first and then its last token.
    pub fn gram(&self, i: usize) -> &[u32] {
        &self.grams[i * self.order..][..self.order]
    }

    /// Each n-gram, its context newest token first and then its last token, with its weighted count.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&[u32], f64)> {
        self.grams.chunks_exact(self.order).zip(self.counts.iter().copied())
    }

    fn empty(order: usize, vocabulary: u32) -> Self {
        let (grams, counts) = (Vec::new(), Vec::new());
        Grams { order, vocabulary, grams, counts, sequences: 0, tokens: 0, weight: 0.0 }
    }

    /// Counts the grams that end at these places of a text.
    fn of_places(text: &Text<'_>, places: impl Iterator<Item = Place>) -> Self {
        let mut counted = Grams::empty(text.order, text.start);
        if text.packed == text.order {
            let mut keys: Vec<u64> = places.map(|place| text.key(place)).collect();
            keys.sort_unstable();
            for same in keys.chunk_by(|a, b| a == b) {
                counted.grams.extend((0..text.order).map(|j| text.unpacked(same[0], j)));
                counted.counts.push(same.len() as f64);
            }
            return counted;
        }
        let keyed = |place| Keyed { key: text.key(place), place };
        let mut keyed: Vec<Keyed> = places.map(keyed).collect();
        keyed.sort_unstable_by(|a, b| text.compare(a, b));
        for same in keyed.chunk_by(|a, b| text.compare(a, b).is_eq()) {
            counted.grams.extend((0..text.order).map(|j| text.entry(same[0].place, j)));
            counted.counts.push(same.len() as f64);
        }
        counted
    }
}

/// A token of a text: where it stands in the text, and how far its sequence reaches back.
#[derive(Clone, Copy)]
struct Place {
    at: usize,
    before: usize,
}

/// A place, and the first entries of its gram in one number.
struct Keyed {
    key: u64,
    place: Place,
}

/// Tokens whose n-grams are looked at.
struct Text<'a> {
    types: &'a [u32],
    order: usize,
    start: u32,
    /// Entries that fit into a key, and the bits of each.
    packed: usize,
    bits: u32,
}

impl<'a> Text<'a> {
    fn new(tokens: &'a Tokens, order: usize) -> Self {
        let start = tokens.vocabulary();
        let bits = (u32::BITS - start.leading_zeros()).max(1);
        let packed = order.min((u64::BITS / bits) as usize);
        Text { types: tokens.types(), order, start, packed, bits }
    }

    /// Entry j of the gram that ends at a place: the token before last first, the last one last.
    fn entry(&self, place: Place, j: usize) -> u32 {
        match j + 1 {
            back if back == self.order => self.types[place.at],
            back if back <= place.before => self.types[place.at - back],
            _ => self.start,
        }
    }

    /// The first entries of a gram in one number, in the order of the grams.
    fn key(&self, place: Place) -> u64 {
        let pack = |key, j| (key << self.bits) | u64::from(self.entry(place, j));
        (0..self.packed).fold(0, pack)
    }

    /// Entry j of a gram that is all in its key.
    fn unpacked(&self, key: u64, j: usize) -> u32 {
        let shift = self.bits * (self.order - 1 - j) as u32;
        ((key >> shift) & ((1 << self.bits) - 1)) as u32
    }

    fn compare(&self, a: &Keyed, b: &Keyed) -> Ordering {
        let rest = |one: &Keyed| {
            let place = one.place;
            (self.packed..self.order).map(move |j| self.entry(place, j))
        };
        a.key.cmp(&b.key).then_with(|| rest(a).cmp(rest(b)))
    }
}

impl Summary<Tokens> for Grams {
    /// n, at least 1.
    type How = usize;

    fn of(samples: &Tokens, order: &usize) -> Self {
        let text = Text::new(samples, (*order).max(1));
        let mut at = 0;
        let mut places = samples.sequences().flat_map(|sequence| {
            let first = at;
            at += sequence.len();
            (0..sequence.len()).map(move |before| Place { at: first + before, before })
        });
        let tokens = samples.types().len();
        let mut all = Grams::of_places(&text, places.by_ref().take(BLOCK));
        for _ in 1..tokens.div_ceil(BLOCK) {
            all.add(&Grams::of_places(&text, places.by_ref().take(BLOCK)));
        }
        Grams { sequences: samples.len(), tokens, weight: tokens as f64, ..all }
    }
}

impl Additive for Grams {
    fn scale(&mut self, weight: f64) {
        self.counts.iter_mut().for_each(|count| *count *= weight);
        self.weight *= weight;
    }

    fn merge(&mut self, other: &Self) {
        self.add(other);
        self.sequences += other.sequences;
        self.tokens += other.tokens;
        self.weight += other.weight;
    }
}

impl Grams {
    /// Adds the counts of others, in one pass over both.
    fn add(&mut self, other: &Self) {
        let mut merged = Grams::empty(self.order, self.vocabulary);
        merged.counts.reserve(self.len().max(other.len()));
        merged.grams.reserve(self.order * self.len().max(other.len()));
        let (mut ours, mut theirs) = (self.iter().peekable(), other.iter().peekable());
        while let Some(order) = match (ours.peek(), theirs.peek()) {
            (Some((a, _)), Some((b, _))) => Some(a.cmp(b)),
            (Some(_), None) => Some(Ordering::Less),
            (None, Some(_)) => Some(Ordering::Greater),
            (None, None) => None,
        } {
            let ours = if order.is_le() { ours.next() } else { None };
            let theirs = if order.is_ge() { theirs.next() } else { None };
            if let Some((gram, _)) = ours.or(theirs) {
                merged.grams.extend_from_slice(gram);
                merged.counts.push([ours, theirs].into_iter().flatten().map(|(_, c)| c).sum());
            }
        }
        drop((ours, theirs));
        (self.grams, self.counts) = (merged.grams, merged.counts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// The same counts, token by token.
    fn plain(tokens: &Tokens, order: usize) -> BTreeMap<Vec<u32>, f64> {
        let mut counts = BTreeMap::new();
        for sequence in tokens.sequences() {
            let padded = [vec![tokens.vocabulary(); order - 1], sequence.to_vec()].concat();
            for gram in padded.windows(order) {
                let mut gram = gram.to_vec();
                gram[..order - 1].reverse();
                *counts.entry(gram).or_default() += 1.0;
            }
        }
        counts
    }

    fn text(n: u32, vocabulary: u32, length: usize) -> Tokens {
        let types = (0..n).map(|i| (i * i + i / 7) % 31 % vocabulary).collect();
        Tokens::of_length(types, length, vocabulary)
    }

    #[test]
    fn grams_are_those_of_a_plain_count_in_the_order_of_their_contexts() {
        for (order, vocabulary) in [(1, 5), (2, 5), (3, 31), (7, 3), (16, 31), (3, 4_000_000_000)] {
            let text = text(600, vocabulary, 12);
            let grams = Grams::of(&text, &order);
            let ours: Vec<_> = grams.iter().map(|(gram, c)| (gram.to_vec(), c)).collect();
            let theirs: Vec<_> = plain(&text, order).into_iter().collect();
            assert_eq!(ours, theirs, "order {order}");
        }
    }

    #[test]
    fn parts_add_up_to_the_whole_and_weights_multiply() {
        let whole = text(240, 6, 8);
        let rows = |from, to| whole.gather(&(from..to).collect::<Vec<_>>());
        let mut merged = Grams::of(&rows(0, 11), &3);
        merged.merge(&Grams::of(&rows(11, 30), &3));
        assert_eq!(merged, Grams::of(&whole, &3));
        merged.scale(0.5);
        assert_eq!(merged.weight, 120.0);
        assert_eq!(merged.tokens, 240);
        assert!((merged.iter().map(|(_, c)| c).sum::<f64>() - 120.0).abs() < 1e-12);
    }

    #[test]
    fn sequences_of_any_length_and_none_at_all_are_counted() {
        let ragged = Tokens::ragged(vec![0, 1, 1], vec![1, 1, 3], 2);
        let grams = Grams::of(&ragged, &2);
        let rows: Vec<_> = grams.iter().map(|(gram, c)| (gram.to_vec(), c)).collect();
        assert_eq!(rows, [(vec![1, 1], 1.0), (vec![2, 0], 1.0), (vec![2, 1], 1.0)]);
        assert!(Grams::of(&Tokens::ragged(vec![], vec![], 2), &2).is_empty());
    }
}
