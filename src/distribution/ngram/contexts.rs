//! All contexts of one length: what each is followed by, and what each leaves to shorter ones.

use super::alias::{Aliases, Slot};
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
    /// Where the entries of each context end.
    ends: Vec<usize>,
    /// Where the children of each end in the next level.
    child_ends: Vec<usize>,
    /// The weight of the entries of each.
    sums: Vec<f64>,
    /// The weight that each leaves to its suffix.
    rests: Vec<f64>,
    /// Whether any leaves something: where none does, a draw need not look.
    leaves: bool,
    slots: Vec<Slot>,
    weights: Vec<f64>,
    aliases: Aliases,
}

impl Contexts {
    /// Adds a context by its oldest token, with its children in the next level, all after those of the
    /// nodes before. Its entries are what was [pushed](Self::push) since the node before.
    pub fn close(&mut self, token: u32, child_end: usize, rest: f64) {
        let first = self.ends.last().copied().unwrap_or(0);
        let weights = &self.weights[first..];
        let sum = weights.iter().sum();
        self.aliases.fill(&mut self.slots[first..], weights, sum);
        self.tokens.push(token);
        self.ends.push(self.slots.len());
        self.child_ends.push(child_end);
        self.sums.push(sum);
        self.rests.push(rest);
        self.leaves |= rest > 0.0;
    }

    /// Adds what follows the context that is closed next, in the order of the types.
    pub fn push(&mut self, kind: u32, weight: f64) {
        self.slots.push(Slot::new(kind));
        self.weights.push(weight);
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
        let kinds = self.slots[span.clone()].iter().map(|slot| slot.kind);
        kinds.zip(self.weights[span].iter().copied())
    }

    pub fn rest(&self, node: usize) -> f64 {
        self.rests[node]
    }

    /// Weights of all that follows a context, and its rest.
    pub fn total(&self, node: usize) -> f64 {
        self.sums[node] + self.rests[node]
    }

    /// The node of this oldest token among some.
    pub(super) fn find(&self, nodes: Range<usize>, token: u32) -> Option<usize> {
        let place = self.tokens[nodes.clone()].binary_search(&token).ok()?;
        Some(nodes.start + place)
    }

    pub(super) fn weight(&self, node: usize, kind: u32) -> f64 {
        let span = span(&self.ends, node);
        let place = self.slots[span.clone()].binary_search_by_key(&kind, |slot| slot.kind);
        place.map_or(0.0, |place| self.weights[span.start + place])
    }

    /// A type in proportion to its weight; none with the probability that the rest has.
    pub(super) fn sample(&self, node: usize, rng: &mut Stream) -> Option<u32> {
        let slots = &self.slots[span(&self.ends, node)];
        if slots.is_empty() {
            return None;
        }
        let mut uniform: f64 = rng.random();
        if self.leaves {
            uniform *= self.total(node) / self.sums[node];
            if uniform >= 1.0 && self.rests[node] > 0.0 {
                return None;
            }
        }
        Some(Slot::pick(slots, uniform))
    }
}

/// Of spans that follow one another, the one that ends at `ends[i]`.
fn span(ends: &[usize], i: usize) -> Range<usize> {
    let start = if i == 0 { 0 } else { ends[i - 1] };
    start..ends[i]
}
