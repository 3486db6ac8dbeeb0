//! All contexts of one length: what each is followed by, and what each leaves to shorter ones.

use crate::stream::Stream;
use rand::RngExt;
use std::ops::Range;

/// Contexts of k − 1 tokens, those that share a suffix beside one another.
///
/// Nodes are added in order: the children of the first node of the level before, by their oldest
/// token; then those of the second; and so on.
#[derive(Debug, Clone, Default)]
pub struct Contexts {
    /// The oldest token of each context.
    tokens: Vec<u32>,
    /// Where the children of each node end in the next level.
    child_ends: Vec<usize>,
    /// Where the entries of each node end.
    ends: Vec<usize>,
    /// The weight that each node leaves to its suffix.
    rests: Vec<f64>,
    types: Vec<u32>,
    weights: Vec<f64>,
    /// Sums of the weights of a node up to and with this entry.
    cumulative: Vec<f64>,
}

impl Contexts {
    /// Adds a context by its oldest token, with its children in the next level, all after those of the
    /// nodes before. Its entries are what was [pushed](Self::push) since the node before.
    pub fn close(&mut self, token: u32, child_end: usize, rest: f64) {
        self.tokens.push(token);
        self.child_ends.push(child_end);
        self.ends.push(self.types.len());
        self.rests.push(rest);
    }

    /// Adds what follows the context that is closed next, in the order of the types.
    pub fn push(&mut self, kind: u32, weight: f64) {
        let first = self.ends.last().copied().unwrap_or(0);
        let before =
            if self.types.len() > first { self.cumulative[self.types.len() - 1] } else { 0.0 };
        self.types.push(kind);
        self.weights.push(weight);
        self.cumulative.push(before + weight);
    }

    pub fn nodes(&self) -> usize {
        self.tokens.len()
    }

    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    pub fn children(&self, node: usize) -> Range<usize> {
        span(&self.child_ends, node)
    }

    /// The types that follow a context, and their weights.
    pub fn entries(&self, node: usize) -> impl ExactSizeIterator<Item = (u32, f64)> {
        let span = span(&self.ends, node);
        self.types[span.clone()].iter().copied().zip(self.weights[span].iter().copied())
    }

    pub fn rest(&self, node: usize) -> f64 {
        self.rests[node]
    }

    /// Weights of all that follows a context, and its rest.
    pub fn total(&self, node: usize) -> f64 {
        self.sum(&span(&self.ends, node)) + self.rests[node]
    }

    /// The node of this oldest token among some.
    pub(super) fn find(&self, nodes: Range<usize>, token: u32) -> Option<usize> {
        let place = self.tokens[nodes.clone()].binary_search(&token).ok()?;
        Some(nodes.start + place)
    }

    pub(super) fn weight(&self, node: usize, kind: u32) -> f64 {
        let span = span(&self.ends, node);
        let place = self.types[span.clone()].binary_search(&kind);
        place.map_or(0.0, |place| self.weights[span.start + place])
    }

    /// A type in proportion to its weight; none with the probability that the rest has.
    pub(super) fn sample(&self, node: usize, rng: &mut Stream) -> Option<u32> {
        let span = span(&self.ends, node);
        let (sum, rest) = (self.sum(&span), self.rests[node]);
        if sum <= 0.0 {
            return None;
        }
        let place = rng.random::<f64>() * (sum + rest);
        if place >= sum && rest > 0.0 {
            return None;
        }
        let below = self.cumulative[span.clone()].partition_point(|c| *c <= place);
        Some(self.types[(span.start + below).min(span.end - 1)])
    }

    fn sum(&self, span: &Range<usize>) -> f64 {
        if span.is_empty() { 0.0 } else { self.cumulative[span.end - 1] }
    }
}

/// Of spans that follow one another, the one that ends at `ends[i]`.
fn span(ends: &[usize], i: usize) -> Range<usize> {
    let start = if i == 0 { 0 } else { ends[i - 1] };
    start..ends[i]
}
