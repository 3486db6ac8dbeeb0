//! Independent tokens: every token of a sequence is drawn from one distribution over types.

use super::{Base, Conditional, Density, Distribution, TypeLaw};
use crate::samples::{TokenShape, Tokens};
use crate::stream::Stream;
use rand_distr::Distribution as _;
use rand_distr::weighted::WeightedAliasIndex;
use std::sync::OnceLock;

/// Sequences of one length of independent tokens.
#[derive(Clone, Debug)]
pub struct Types {
    probabilities: Vec<f64>,
    length: usize,
    /// Made when a token is first drawn: counts are drawn without it.
    alias: OnceLock<Option<WeightedAliasIndex<f64>>>,
}

impl Types {
    /// From weights that are finite and not negative, at least one of them above zero: `None`
    /// otherwise.
    pub fn new(weights: &[f64], length: usize) -> Option<Self> {
        let total: f64 = weights.iter().sum();
        let probabilities: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
        let is_law = total > 0.0 && weights.iter().all(|weight| *weight >= 0.0);
        (is_law && total.is_finite()).then(|| Types {
            probabilities,
            length,
            alias: OnceLock::new(),
        })
    }

    /// Tokens of each sequence.
    pub fn length(&self) -> usize {
        self.length
    }

    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }
}

impl Distribution<Tokens> for Types {
    fn draw(&self, n: usize, rng: &mut Stream) -> Tokens {
        let alias = || WeightedAliasIndex::new(self.probabilities.clone()).ok();
        let types = match self.alias.get_or_init(alias) {
            Some(alias) => (0..n * self.length).map(|_| alias.sample(rng) as u32).collect(),
            // Weights that make a law make an alias table, too.
            None => Vec::new(),
        };
        Tokens::of_length(types, self.length, self.probabilities.len() as u32)
    }

    fn shape(&self) -> TokenShape {
        TokenShape { vocabulary: self.probabilities.len() as u32, length: Some(self.length) }
    }

    fn is_constant(&self) -> bool {
        self.probabilities.iter().filter(|p| **p > 0.0).count() == 1
    }

    fn density(&self) -> Option<&dyn Density<Tokens>> {
        Some(self)
    }

    /// −Σ p ln p of a token, times the length.
    fn entropy(&self) -> Option<f64> {
        let live = self.probabilities.iter().filter(|p| **p > 0.0);
        // 0 − x, so that a single type has entropy 0 and not −0.
        Some(self.length as f64 * (0.0 - live.map(|p| p * p.ln()).sum::<f64>()))
    }

    fn types(&self) -> Option<TypeLaw<'_>> {
        Some(TypeLaw { probabilities: &self.probabilities, complete: self.length == 1 })
    }

    fn conditional(&self) -> Option<&dyn Conditional> {
        Some(self)
    }
}

impl Conditional for Types {
    fn order(&self) -> Option<usize> {
        Some(0)
    }

    fn next(&self, _context: &[u32], probabilities: &mut [f64]) {
        probabilities.copy_from_slice(&self.probabilities);
    }
}

impl Density<Tokens> for Types {
    fn base(&self) -> Base {
        Base::Counting
    }

    fn ln_density(&self, tokens: &Tokens) -> Vec<f64> {
        let ln = |kind: &u32| self.probabilities[*kind as usize].ln();
        tokens.sequences().map(|sequence| sequence.iter().map(ln).sum()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check::sequence;
    use crate::stream::{Role, stream};

    #[test]
    fn a_fixated_distribution_draws_its_one_type_and_has_entropy_zero() {
        let fixed = Types::new(&[0., 3., 0.], 1).expect("some weight");
        assert!(fixed.draw(50, &mut stream(1, 0, 0, Role::DRAW)).types().iter().all(|k| *k == 1));
        assert_eq!(fixed.entropy(), Some(0.0));
        let ln = fixed.ln_density(&Tokens::of_length(vec![1, 0], 1, 3));
        assert_eq!(ln, [0.0, f64::NEG_INFINITY]);
    }

    #[test]
    fn conditionals_multiply_to_the_density() {
        let types = Types::new(&[1., 2., 7.], 4).expect("some weight");
        sequence::conditionals_multiply_to_the_density(&types);
    }

    #[test]
    fn no_weight_at_all_is_no_distribution() {
        assert!(Types::new(&[0., 0.], 1).is_none());
        assert!(Types::new(&[f64::NAN, 1.], 1).is_none());
    }

    #[test]
    fn draws_follow_the_probabilities() {
        let types = Types::new(&[1., 2., 7.], 2).expect("some weight");
        let n = 30_000.0;
        let counts = types.draw(n as usize / 2, &mut stream(2, 0, 0, Role::DRAW)).counts();
        for (count, p) in counts.iter().zip(types.probabilities()) {
            assert!((count / n - p).abs() < 4.0 * (p * (1.0 - p) / n).sqrt());
        }
    }
}
