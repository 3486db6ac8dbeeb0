//! Sequences of one length in which a token depends on the n − 1 before it.
//!
//! P(w | c) for a context c is built up from its suffixes, the shortest first, by interpolation:
//! p_0(w) = 1/V; p_k(w | c) = (weight_k(c, w) + rest_k(c)·p_(k−1)(w | c without its oldest token)) /
//! (Σ_w weight_k(c, w) + rest_k(c)). A context that the tree does not have is passed over: its law is
//! that of its longest suffix there. Before a sequence lie n − 1 tokens of a type of their own, which is
//! never drawn, so that ln p(sequence) = Σ ln P(token | what lies before) sums to one over all
//! sequences of a length.
//! Cost: a draw finds its context by n − 1 look-ups and is O(1) in each; a density is as many bisections.
//! Source: Jelinek & Mercer 1980 (interpolation); Chen & Goodman 1998.

mod alias;
mod contexts;
mod exact;

pub use contexts::Contexts;

use super::{Base, Conditional, Density, Distribution, TypeLaw};
use crate::samples::{TokenShape, Tokens};
use crate::stream::Stream;
use exact::Exact;
use rand::RngExt;
use std::sync::OnceLock;

/// A tree of contexts: level k knows those of k − 1 tokens, k = 1 … n.
#[derive(Debug, Clone)]
pub struct NGram {
    levels: Vec<Contexts>,
    vocabulary: u32,
    length: usize,
    /// The node of each context of one token; [`NONE`] where there is none.
    newest: Vec<u32>,
    exact: OnceLock<Option<Exact>>,
}

const NONE: u32 = u32::MAX;

/// What lies before a token: the last tokens, and whether a sequence starts with them. Where it does
/// not, what is before them is not known, and the law is that of the context as far as it is.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub tokens: &'a [u32],
    pub starts: bool,
}

impl NGram {
    /// From levels whose nodes are the children, in turn, of those of the level before. `None` where
    /// there is no level, no type, or a first level that does not have its one node.
    pub fn new(levels: Vec<Contexts>, vocabulary: u32, length: usize) -> Option<Self> {
        let root = levels.first()?;
        if root.nodes() != 1 || vocabulary == 0 {
            return None;
        }
        let mut newest = Vec::new();
        if let Some(contexts) = levels.get(1) {
            newest.resize(vocabulary as usize + 1, NONE);
            for (node, token) in contexts.tokens().iter().enumerate() {
                newest[*token as usize] = u32::try_from(node).ok()?;
            }
        }
        Some(NGram { levels, vocabulary, length, newest, exact: OnceLock::new() })
    }

    /// n.
    pub fn order(&self) -> usize {
        self.levels.len()
    }

    /// Tokens in each sequence.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The levels, from no context to the longest.
    pub fn levels(&self) -> &[Contexts] {
        &self.levels
    }

    /// The nodes of a context and of its suffixes, the empty one first, as far as there are nodes.
    fn path(&self, context: Context<'_>, path: &mut Vec<usize>) {
        let before = context.tokens;
        let token = |back: usize| match before.len().checked_sub(back) {
            Some(i) => Some(before[i]),
            None => context.starts.then_some(self.vocabulary),
        };
        path.clear();
        path.push(0);
        let Some(newest) = token(1) else { return };
        let mut node = match self.newest.get(newest as usize) {
            Some(&node) if node != NONE => node as usize,
            _ => return,
        };
        path.push(node);
        for back in 2..self.levels.len() {
            let children = self.levels[back - 1].children(node);
            let child = token(back).and_then(|token| self.levels[back].find(children, token));
            match child {
                Some(child) => node = child,
                None => return,
            }
            path.push(node);
        }
    }

    /// The levels and nodes of a path, the longest context first.
    fn deepest_first<'a>(
        &'a self,
        path: &'a [usize],
    ) -> impl Iterator<Item = (&'a Contexts, usize)> {
        self.levels[..path.len()].iter().zip(path.iter().copied()).rev()
    }

    fn sample(&self, path: &[usize], rng: &mut Stream) -> u32 {
        let drawn = self.deepest_first(path).find_map(|(level, node)| level.sample(node, rng));
        drawn.unwrap_or_else(|| rng.random_range(0..self.vocabulary))
    }

    /// P(kind | the context of this path).
    fn probability(&self, path: &[usize], kind: u32) -> f64 {
        let (mut mass, mut probability) = (1.0, 0.0);
        for (level, node) in self.deepest_first(path) {
            let total = level.total(node);
            probability += mass * (level.weight(node, kind) / total);
            mass *= level.rest(node) / total;
            if mass == 0.0 {
                return probability;
            }
        }
        probability + mass / f64::from(self.vocabulary)
    }

    /// n sequences, each token from its exact law; sequence i goes on from prompt i mod their number,
    /// which it does not repeat. Without any prompt, sequences start anew.
    pub fn draw_after(&self, prompts: &[&[u32]], n: usize, rng: &mut Stream) -> Tokens {
        let mut types: Vec<u32> = Vec::with_capacity(n * self.length);
        let (mut text, mut path) = (Vec::new(), Vec::with_capacity(self.order()));
        let starts = prompts.is_empty();
        for i in 0..n {
            text.clear();
            if !starts {
                text.extend_from_slice(prompts[i % prompts.len()]);
            }
            let prompt = text.len();
            for _ in 0..self.length {
                self.path(Context { tokens: &text, starts }, &mut path);
                text.push(self.sample(&path, rng));
            }
            types.extend_from_slice(&text[prompt..]);
        }
        Tokens::of_length(types, self.length, self.vocabulary)
    }

    /// P(next = i | context), for every type i.
    pub fn next_after(&self, context: Context<'_>, probabilities: &mut [f64]) {
        let mut path = Vec::with_capacity(self.order());
        self.path(context, &mut path);
        probabilities.fill(0.0);
        let mut mass = 1.0;
        for (level, node) in self.deepest_first(&path) {
            // Weights may be so small that one over their sum is too large for a number.
            let total = level.total(node);
            for (kind, weight) in level.entries(node) {
                probabilities[kind as usize] += mass * (weight / total);
            }
            mass *= level.rest(node) / total;
            if mass == 0.0 {
                return;
            }
        }
        let base = mass / f64::from(self.vocabulary);
        probabilities.iter_mut().for_each(|p| *p += base);
    }

    fn exact(&self) -> Option<&Exact> {
        self.exact.get_or_init(|| Exact::of(self)).as_ref()
    }
}

impl Distribution<Tokens> for NGram {
    fn draw(&self, n: usize, rng: &mut Stream) -> Tokens {
        self.draw_after(&[], n, rng)
    }

    fn shape(&self) -> TokenShape {
        TokenShape { vocabulary: self.vocabulary, length: Some(self.length) }
    }

    fn density(&self) -> Option<&dyn Density<Tokens>> {
        Some(self)
    }

    /// Exact where the law of the types is.
    fn entropy(&self) -> Option<f64> {
        Some(self.exact()?.entropy)
    }

    /// The share of each type among all tokens, averaged over the places of a sequence. Exact where
    /// tokens are independent, where a sequence is one token, and for n = 2 where V is at most 1024 and
    /// length·V² at most 2²⁶; otherwise not known.
    fn types(&self) -> Option<TypeLaw<'_>> {
        let probabilities = &self.exact()?.types;
        Some(TypeLaw { probabilities, complete: self.length == 1 })
    }

    fn conditional(&self) -> Option<&dyn Conditional> {
        Some(self)
    }
}

impl Density<Tokens> for NGram {
    fn base(&self) -> Base {
        Base::Counting
    }

    fn ln_density(&self, tokens: &Tokens) -> Vec<f64> {
        let mut path = Vec::with_capacity(self.order());
        let mut ln = |sequence: &[u32]| {
            let mut sum = 0.0;
            for (i, kind) in sequence.iter().enumerate() {
                self.path(Context { tokens: &sequence[..i], starts: true }, &mut path);
                sum += self.probability(&path, *kind).ln();
            }
            sum
        };
        tokens.sequences().map(&mut ln).collect()
    }
}

impl Conditional for NGram {
    fn order(&self) -> Option<usize> {
        Some(self.levels.len() - 1)
    }

    fn next(&self, context: &[u32], probabilities: &mut [f64]) {
        self.next_after(Context { tokens: context, starts: true }, probabilities);
    }
}

#[cfg(test)]
mod tests;
