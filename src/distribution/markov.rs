//! A stationary Markov chain of order 1: sequences of one length whose first token follows π = π·P.
//!
//! ln p(sequence) = ln π(first) + Σ ln P(next | current); the entropy of a sequence of length L is
//! H(π) + (L − 1)·h with the entropy rate h = −Σ π_i P_ij ln P_ij.

use super::{Base, Conditional, Density, Distribution, TypeLaw};
use crate::samples::{TokenShape, Tokens};
use crate::stream::Stream;
use ndarray::Array2;
use rand_distr::Distribution as _;
use rand_distr::weighted::WeightedAliasIndex;

/// A chain that does not find back from some of its states has no single stationary law.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the chain never comes back below state {state}: no single stationary distribution exists")]
pub struct Reducible {
    pub state: usize,
}

#[derive(Clone, Debug)]
pub struct Markov {
    transitions: Array2<f64>,
    stationary: Vec<f64>,
    length: usize,
    first: WeightedAliasIndex<f64>,
    next: Vec<WeightedAliasIndex<f64>>,
}

impl Markov {
    /// From a matrix whose rows are probability distributions.
    pub fn new(transitions: Array2<f64>, length: usize) -> Result<Self, Reducible> {
        let stationary = stationary(transitions.clone())?;
        let alias =
            |p: Vec<f64>, state| WeightedAliasIndex::new(p).map_err(|_| Reducible { state });
        let rows = transitions.rows().into_iter().enumerate();
        let next = rows.map(|(state, row)| alias(row.to_vec(), state)).collect::<Result<_, _>>()?;
        let first = alias(stationary.clone(), 0)?;
        Ok(Markov { transitions, stationary, length, first, next })
    }

    pub fn transitions(&self) -> &Array2<f64> {
        &self.transitions
    }

    /// π.
    pub fn stationary(&self) -> &[f64] {
        &self.stationary
    }

    /// h = −Σ π_i P_ij ln P_ij, in nats a token.
    pub fn entropy_rate(&self) -> f64 {
        let rows = self.transitions.rows().into_iter().zip(&self.stationary);
        rows.map(|(row, share)| share * shannon(row.iter())).sum()
    }
}

/// −Σ p ln p.
fn shannon<'a>(probabilities: impl Iterator<Item = &'a f64>) -> f64 {
    0.0 - probabilities.filter(|p| **p > 0.0).map(|p| p * p.ln()).sum::<f64>()
}

/// π of P by the elimination of Grassmann, Taksar and Heyman, which subtracts nothing.
fn stationary(mut p: Array2<f64>) -> Result<Vec<f64>, Reducible> {
    let n = p.nrows();
    for k in (1..n).rev() {
        let leaving: f64 = (0..k).map(|j| p[[k, j]]).sum();
        if leaving <= 0.0 {
            return Err(Reducible { state: k });
        }
        for i in 0..k {
            p[[i, k]] /= leaving;
            let through = p[[i, k]];
            for j in 0..k {
                p[[i, j]] += through * p[[k, j]];
            }
        }
    }
    let mut weights = vec![1.0; n];
    for k in 1..n {
        weights[k] = (0..k).map(|i| weights[i] * p[[i, k]]).sum();
    }
    let total: f64 = weights.iter().sum();
    Ok(weights.into_iter().map(|weight| weight / total).collect())
}

impl Distribution<Tokens> for Markov {
    fn draw(&self, n: usize, rng: &mut Stream) -> Tokens {
        let mut types = Vec::with_capacity(n * self.length);
        for _ in 0..n {
            let mut state = self.first.sample(rng);
            types.push(state as u32);
            for _ in 1..self.length {
                state = self.next[state].sample(rng);
                types.push(state as u32);
            }
        }
        Tokens::of_length(types, self.length, self.stationary.len() as u32)
    }

    fn shape(&self) -> TokenShape {
        TokenShape { vocabulary: self.stationary.len() as u32, length: Some(self.length) }
    }

    fn density(&self) -> Option<&dyn Density<Tokens>> {
        Some(self)
    }

    fn entropy(&self) -> Option<f64> {
        let steps = self.length.saturating_sub(1) as f64;
        Some(shannon(self.stationary.iter()) + steps * self.entropy_rate())
    }

    fn types(&self) -> Option<TypeLaw<'_>> {
        Some(TypeLaw { probabilities: &self.stationary, complete: self.length == 1 })
    }

    fn conditional(&self) -> Option<&dyn Conditional> {
        Some(self)
    }
}

impl Conditional for Markov {
    fn order(&self) -> Option<usize> {
        Some(1)
    }

    fn next(&self, context: &[u32], probabilities: &mut [f64]) {
        let row = context.last().map(|state| self.transitions.row(*state as usize));
        let stationary = ndarray::ArrayView1::from(&self.stationary);
        row.unwrap_or(stationary).iter().zip(probabilities).for_each(|(p, next)| *next = *p);
    }
}

impl Density<Tokens> for Markov {
    fn base(&self) -> Base {
        Base::Counting
    }

    fn ln_density(&self, tokens: &Tokens) -> Vec<f64> {
        let first =
            |sequence: &[u32]| sequence.first().map_or(1.0, |k| self.stationary[*k as usize]);
        let step = |pair: &[u32]| self.transitions[[pair[0] as usize, pair[1] as usize]].ln();
        let ln = |s: &[u32]| first(s).ln() + s.windows(2).map(step).sum::<f64>();
        tokens.sequences().map(ln).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};
    use ndarray::arr2;

    fn weather(length: usize) -> Markov {
        Markov::new(arr2(&[[0.9, 0.1, 0.0], [0.4, 0.4, 0.2], [0.0, 0.7, 0.3]]), length)
            .expect("irreducible")
    }

    #[test]
    fn one_step_leaves_the_stationary_law_as_it_is() {
        let chain = weather(4);
        for (j, share) in chain.stationary().iter().enumerate() {
            let after: f64 =
                (0..3).map(|i| chain.stationary()[i] * chain.transitions()[[i, j]]).sum();
            assert!((after - share).abs() < 1e-15);
        }
    }

    #[test]
    fn the_probabilities_of_all_sequences_sum_to_one_and_give_the_entropy() {
        let all = (0..81u32).flat_map(|k| [k / 27, k / 9 % 3, k / 3 % 3, k % 3]).collect();
        let ln = weather(4).ln_density(&Tokens::of_length(all, 4, 3));
        let mass: f64 = ln.iter().map(|l| l.exp()).sum();
        let entropy: f64 = ln.iter().filter(|l| l.is_finite()).map(|l| -l * l.exp()).sum();
        assert!((mass - 1.0).abs() < 1e-12);
        assert!((entropy - weather(4).entropy().expect("exact")).abs() < 1e-12);
    }

    #[test]
    fn draws_cost_their_entropy_and_never_take_an_impossible_step() {
        let (chain, n) = (weather(6), 20_000);
        let draws = chain.draw(n, &mut stream(5, 0, 0, Role::DRAW));
        let ln = chain.ln_density(&draws);
        let mean = -ln.iter().sum::<f64>() / n as f64;
        let variance = ln.iter().map(|l| (l + mean).powi(2)).sum::<f64>() / n as f64;
        let four_errors = 4.0 * (variance / n as f64).sqrt();
        assert!((mean - chain.entropy().expect("exact")).abs() < four_errors);
        assert!(draws.sequences().all(|s| s.windows(2).all(|w| w != [0, 2] && w != [2, 0])));
    }

    #[test]
    fn every_place_of_a_sequence_follows_the_stationary_law() {
        let (chain, n) = (weather(5), 20_000);
        let draws = chain.draw(n, &mut stream(6, 0, 0, Role::DRAW));
        for place in [0, 4] {
            let share = draws.sequences().filter(|s| s[place] == 1).count() as f64 / n as f64;
            let p = chain.stationary()[1];
            assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt(), "place {place}");
        }
    }

    #[test]
    fn the_first_token_is_stationary_and_the_rest_depend_on_the_last_alone() {
        let (chain, mut next) = (weather(4), [0.0; 3]);
        chain.next(&[], &mut next);
        assert_eq!(next.as_slice(), chain.stationary());
        chain.next(&[0, 2, 1], &mut next);
        assert_eq!(next, [0.4, 0.4, 0.2]);
    }

    #[test]
    fn a_chain_in_two_pieces_is_refused_and_a_single_type_is_not() {
        let split = Markov::new(Array2::eye(2), 3);
        assert_eq!(split.err(), Some(Reducible { state: 1 }));
        let single = Markov::new(arr2(&[[1.0]]), 3).expect("one state");
        assert_eq!(single.entropy(), Some(0.0));
    }
}
