//! A stationary Markov chain of order k ≥ 1 over types, as a table of all contexts of k types.
//!
//! ln p(sequence) = ln π(first k) + Σ ln P(next | last k), with π the stationary law of contexts; the
//! entropy of a sequence of length L ≥ k is H(π) + (L − k)·h with h = −Σ π_c P_cj ln P_cj. Shorter
//! sequences follow the first places of π.
//! π is worked out by elimination for up to 1000 contexts, and beyond by power iteration until a step
//! moves less than 1e-14 of the mass; the density is exact for the π that is drawn from.

use super::markov::{shannon, stationary};
use super::{Base, Conditional, Density, Distribution, Reducible, TypeLaw};
use crate::samples::{TokenShape, Tokens};
use crate::stream::Stream;
use ndarray::Array2;
use rand::RngExt;

/// The most contexts whose law is worked out by elimination, at the cost of their cube.
const ELIMINATED: usize = 1000;

/// Power iterations at most: a chain that needs more hardly moves.
const STEPS: usize = 20_000;

#[derive(Clone, Debug)]
pub struct Chain {
    order: usize,
    length: usize,
    types: usize,
    /// P(j | c), row after row; a context is a number whose digits are its types, oldest first.
    rows: Vec<f64>,
    /// Their sums from the left: draws are searched for in them.
    sums: Vec<f64>,
    stationary: Vec<f64>,
    stationary_sums: Vec<f64>,
    frequencies: Vec<f64>,
}

impl Chain {
    /// From types^order rows that are probability distributions over the types.
    ///
    /// # Panics
    /// If there are not as many numbers: a broken invariant of the caller.
    pub fn new(
        rows: Vec<f64>,
        types: usize,
        order: usize,
        length: usize,
    ) -> Result<Self, Reducible> {
        let contexts = rows.len() / types;
        assert_eq!(Some(contexts), types.checked_pow(order as u32), "a row for each context");
        let stationary = match contexts {
            0..=ELIMINATED => stationary(dense(&rows, types))?,
            _ => iterate(&rows, types)?,
        };
        let sums = rows.chunks(types).flat_map(cumulate).collect();
        let stationary_sums = cumulate(&stationary);
        let frequencies = stationary.chunks(contexts / types).map(|c| c.iter().sum()).collect();
        let (stationary, sums) = (stationary, sums);
        Ok(Chain { order, length, types, rows, sums, stationary, stationary_sums, frequencies })
    }

    pub fn order(&self) -> usize {
        self.order
    }

    /// π, of contexts.
    pub fn stationary(&self) -> &[f64] {
        &self.stationary
    }

    /// h, in nats a token.
    pub fn entropy_rate(&self) -> f64 {
        let rows = self.rows.chunks(self.types).zip(&self.stationary);
        rows.map(|(row, share)| share * shannon(row.iter())).sum()
    }

    /// The laws of the first `n` types of a context, as sums over the rest.
    fn firsts(&self, n: usize) -> impl Iterator<Item = f64> {
        let rest = self.types.pow((self.order - n) as u32);
        self.stationary.chunks(rest).map(|chunk| chunk.iter().sum())
    }

    /// The probability that a sequence starts with these types, at most `order` of them.
    fn start(&self, types: &[u32]) -> f64 {
        let rest = self.types.pow((self.order - types.len()) as u32);
        let first = self.context(types) * rest;
        self.stationary[first..first + rest].iter().sum()
    }

    fn context(&self, types: &[u32]) -> usize {
        types.iter().fold(0, |context, kind| context * self.types + *kind as usize)
    }

    fn row(&self, context: usize) -> &[f64] {
        &self.rows[context * self.types..][..self.types]
    }
}

/// The transition matrix of contexts.
fn dense(rows: &[f64], types: usize) -> Array2<f64> {
    let contexts = rows.len() / types;
    let mut matrix = Array2::zeros((contexts, contexts));
    for (i, p) in rows.iter().enumerate() {
        matrix[[i / types, i % contexts]] = *p;
    }
    matrix
}

/// π as the limit of π·P from the uniform law.
fn iterate(rows: &[f64], types: usize) -> Result<Vec<f64>, Reducible> {
    let contexts = rows.len() / types;
    let mut now = vec![1.0 / contexts as f64; contexts];
    for _ in 0..STEPS {
        let mut next = vec![0.0; contexts];
        for (context, row) in rows.chunks(types).enumerate() {
            // The number of a context without its oldest type, and with a new one.
            let into = &mut next[context * types % contexts..][..types];
            into.iter_mut().zip(row).for_each(|(sum, p)| *sum += now[context] * p);
        }
        let total: f64 = next.iter().sum();
        next.iter_mut().for_each(|p| *p /= total);
        let moved: f64 = next.iter().zip(&now).map(|(a, b)| (a - b).abs()).sum();
        now = next;
        if moved < 1e-14 {
            return Ok(now);
        }
    }
    Err(Reducible { state: contexts - 1 })
}

/// Sums from the left; from the last type that can come on they are infinite, so that rounding never
/// leads beyond it.
fn cumulate(shares: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let last = shares.iter().rposition(|p| *p > 0.0).unwrap_or(0);
    let add = |(i, p): (usize, &f64)| {
        sum += p;
        if i < last { sum } else { f64::INFINITY }
    };
    shares.iter().enumerate().map(add).collect()
}

/// Where a uniform number falls among sums from the left.
fn search(sums: &[f64], rng: &mut Stream) -> usize {
    let u: f64 = rng.random();
    sums.partition_point(|sum| *sum <= u)
}

impl Distribution<Tokens> for Chain {
    fn draw(&self, n: usize, rng: &mut Stream) -> Tokens {
        let mut tokens = Vec::with_capacity(n * self.length);
        let contexts = self.stationary.len();
        for _ in 0..n {
            let mut context = search(&self.stationary_sums, rng);
            let mut rest = contexts;
            for _ in 0..self.order.min(self.length) {
                rest /= self.types;
                tokens.push((context / rest % self.types) as u32);
            }
            for _ in self.order..self.length {
                let next = search(&self.sums[context * self.types..][..self.types], rng);
                tokens.push(next as u32);
                context = (context * self.types + next) % contexts;
            }
        }
        Tokens::of_length(tokens, self.length, self.types as u32)
    }

    fn shape(&self) -> TokenShape {
        TokenShape { vocabulary: self.types as u32, length: Some(self.length) }
    }

    fn density(&self) -> Option<&dyn Density<Tokens>> {
        Some(self)
    }

    fn entropy(&self) -> Option<f64> {
        if self.length < self.order {
            let firsts: Vec<f64> = self.firsts(self.length).collect();
            return Some(shannon(firsts.iter()));
        }
        let steps = (self.length - self.order) as f64;
        Some(shannon(self.stationary.iter()) + steps * self.entropy_rate())
    }

    fn types(&self) -> Option<TypeLaw<'_>> {
        Some(TypeLaw { probabilities: &self.frequencies, complete: self.length == 1 })
    }

    fn conditional(&self) -> Option<&dyn Conditional> {
        Some(self)
    }
}

impl Conditional for Chain {
    fn order(&self) -> Option<usize> {
        Some(self.order)
    }

    fn next(&self, context: &[u32], probabilities: &mut [f64]) {
        if let Some(from) = context.len().checked_sub(self.order) {
            return probabilities.copy_from_slice(self.row(self.context(&context[from..])));
        }
        let (first, before) = (self.context(context) * self.types, self.start(context));
        let rest = self.types.pow((self.order - context.len() - 1) as u32);
        for (kind, p) in probabilities.iter_mut().enumerate() {
            let start = (first + kind) * rest;
            *p = self.stationary[start..start + rest].iter().sum::<f64>() / before;
        }
    }
}

impl Density<Tokens> for Chain {
    fn base(&self) -> Base {
        Base::Counting
    }

    fn ln_density(&self, tokens: &Tokens) -> Vec<f64> {
        let step = |window: &[u32]| {
            let (next, context) = (window[self.order] as usize, &window[..self.order]);
            self.row(self.context(context))[next].ln()
        };
        let ln = |sequence: &[u32]| {
            let first = self.start(&sequence[..self.order.min(sequence.len())]).ln();
            first + sequence.windows(self.order + 1).map(step).sum::<f64>()
        };
        tokens.sequences().map(ln).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Markov;
    use crate::distribution::check::sequence;
    use crate::stream::{Role, of_parameters, stream};

    /// Rows of random shares.
    fn random(types: usize, order: usize, length: usize) -> Chain {
        let mut rng = of_parameters(3);
        let mut row = || {
            let weights: Vec<f64> = (0..types).map(|_| rng.random::<f64>().powi(3)).collect();
            let total: f64 = weights.iter().sum();
            weights.into_iter().map(|w| w / total).collect::<Vec<f64>>()
        };
        let rows = (0..types.pow(order as u32)).flat_map(|_| row()).collect();
        Chain::new(rows, types, order, length).expect("irreducible")
    }

    #[test]
    fn the_probabilities_of_all_sequences_sum_to_one_and_give_the_entropy() {
        for (types, order, length) in
            [(3, 2, 4), (2, 3, 6), (4, 1, 3), (3, 2, 2), (3, 3, 1), (1, 2, 3)]
        {
            sequence::all_sequences_sum_to_one(&random(types, order, length));
        }
    }

    #[test]
    fn draws_follow_the_law_and_conditionals_multiply_to_it() {
        for (order, length) in [(2, 6), (3, 5), (3, 2)] {
            sequence::draws_follow_the_law(&random(3, order, length), 20_000);
            sequence::conditionals_multiply_to_the_density(&random(3, order, length));
        }
    }

    #[test]
    fn order_one_is_the_markov_chain() {
        let rows = vec![0.9, 0.1, 0.0, 0.4, 0.4, 0.2, 0.0, 0.7, 0.3];
        let matrix = Array2::from_shape_vec((3, 3), rows.clone()).expect("nine numbers");
        let markov = Markov::new(matrix, 5).expect("irreducible");
        let chain = Chain::new(rows, 3, 1, 5).expect("irreducible");
        let draws = chain.draw(50, &mut stream(1, 0, 0, Role::DRAW));
        for (a, b) in chain.ln_density(&draws).iter().zip(markov.ln_density(&draws)) {
            assert!((a - b).abs() < 1e-12);
        }
        assert!((chain.entropy().expect("exact") - markov.entropy().expect("exact")).abs() < 1e-12);
        assert!(draws.sequences().all(|s| s.windows(2).all(|w| w != [0, 2] && w != [2, 0])));
    }

    #[test]
    fn iteration_and_elimination_agree() {
        let chain = random(5, 4, 4);
        let iterated = iterate(&chain.rows, 5).expect("mixes");
        for (a, b) in chain.stationary().iter().zip(iterated) {
            assert!((a - b).abs() < 1e-13);
        }
        assert!(random(11, 3, 3).stationary().len() > ELIMINATED);
    }
}
