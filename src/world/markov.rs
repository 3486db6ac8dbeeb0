//! Sequences of a stationary Markov chain whose transition matrix is drawn once.
//!
//! Each row of P ~ Dirichlet(concentration, …, concentration); the first token follows π = π·P. Rows
//! come from `seed` alone, the same in all trials. A small concentration makes rows of few likely
//! successors (low entropy), a large one nearly equal rows.
//! Exact: density, entropy H(π) + (length − 1)·h, frequencies of types (π).
//! Cost: O(types³) once.
//! Not to be confused with `zipf`, whose tokens are independent.
//! Source: the order-1 case of n-gram worlds, as in Suresh et al. 2025 (arXiv 2412.17646).

use super::{World, WorldError};
use crate::distribution::{self, Distribution};
use crate::numeric::bounded::{Count, Positive};
use crate::samples::{TokenShape, Tokens};
use crate::stream::{self, Stream};
use ndarray::Array2;
use rand::RngExt;
use rand_distr::{Distribution as _, Gamma};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Types of a chain at most: their square is kept, and their cube is worked.
const MOST_TYPES: usize = 1000;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Markov {
    /// The number of types, at most 1000.
    #[schemars(range(max = MOST_TYPES))]
    pub types: Count,
    /// Tokens in each sequence.
    pub length: Count,
    /// The Dirichlet's parameter, the same for all types.
    pub concentration: Positive,
    /// Decides the transition matrix; the same in all trials.
    pub seed: u32,
}

impl Default for Markov {
    fn default() -> Self {
        let concentration = Positive::literal(0.3);
        Markov { types: Count::literal(20), length: Count::literal(32), concentration, seed: 0 }
    }
}

impl Markov {
    fn chain(&self) -> Result<distribution::Markov, WorldError> {
        self.check_types()?;
        let (types, concentration) = (self.types.get(), self.concentration.get());
        let mut rng = stream::of_parameters(u64::from(self.seed));
        let rows: Option<Vec<_>> =
            (0..types).map(|_| dirichlet(types, concentration, &mut rng)).collect();
        let matrix = rows.and_then(|r| Array2::from_shape_vec((types, types), r.concat()).ok());
        let chain = matrix.and_then(|p| distribution::Markov::new(p, self.length.get()).ok());
        chain.ok_or_else(|| WorldError {
            key: Some("concentration"),
            reason: format!(
                "a concentration of {concentration} makes a chain that does not come back to all \
                 of its types"
            ),
            help: "choose a concentration of at least 0.01 and at most 1e6, or another seed".into(),
        })
    }

    fn check_types(&self) -> Result<u32, WorldError> {
        let types = self.types.get();
        let legal = u32::try_from(types).ok().filter(|_| types <= MOST_TYPES);
        legal.ok_or_else(|| WorldError {
            key: Some("types"),
            reason: format!("a chain over {types} types needs {types}² transition probabilities"),
            help: format!("at most {MOST_TYPES} types"),
        })
    }
}

/// One draw of a symmetric Dirichlet distribution. By logarithms, so that a small parameter leaves
/// small shares and not a row of zeros: Gamma(a) = Gamma(a + 1)·U^(1/a).
fn dirichlet(n: usize, concentration: f64, rng: &mut Stream) -> Option<Vec<f64>> {
    let gamma = Gamma::new(concentration + 1.0, 1.0).ok()?;
    let mut draw = || gamma.sample(rng).ln() + (1.0 - rng.random::<f64>()).ln() / concentration;
    let ln: Vec<f64> = (0..n).map(|_| draw()).collect();
    let largest = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let shares: Vec<f64> = ln.iter().map(|l| (l - largest).exp()).collect();
    let total: f64 = shares.iter().sum();
    total.is_finite().then(|| shares.into_iter().map(|share| share / total).collect())
}

impl World<Tokens> for Markov {
    fn shape(&self, _folder: &Path) -> Result<TokenShape, WorldError> {
        Ok(TokenShape { vocabulary: self.check_types()?, length: Some(self.length.get()) })
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Tokens>>, WorldError> {
        Ok(Box::new(self.chain()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dirichlet_shares_have_mean_one_over_n_and_the_textbook_variance() {
        let (n, a, draws) = (4.0, 0.3, 20_000);
        let mut rng = stream::of_parameters(1);
        let shares: Vec<f64> =
            (0..draws).filter_map(|_| dirichlet(4, a, &mut rng)).map(|row| row[0]).collect();
        let count = shares.len() as f64;
        let mean = shares.iter().sum::<f64>() / count;
        let variance = shares.iter().map(|s| (s - 0.25).powi(2)).sum::<f64>() / count;
        let exact = (n - 1.0) / (n * n * (n * a + 1.0));
        assert!((mean - 0.25).abs() < 4.0 * (exact / count).sqrt());
        let fourth = shares.iter().map(|s| (s - 0.25).powi(4)).sum::<f64>() / count;
        assert!((variance - exact).abs() < 4.0 * ((fourth - exact * exact) / count).sqrt());
    }

    #[test]
    fn the_seed_alone_decides_the_chain() {
        let chain = |seed| Markov { seed, ..Markov::default() }.chain().expect("irreducible");
        assert_eq!(chain(1).transitions(), chain(1).transitions());
        assert_ne!(chain(1).transitions(), chain(2).transitions());
    }

    #[test]
    fn only_sequences_of_one_token_are_said_completely_by_their_types() {
        let complete = |length| {
            let chain = Markov { length: Count::literal(length), ..Markov::default() }.chain();
            chain.expect("irreducible").types().map(|law| law.complete)
        };
        assert_eq!((complete(1), complete(2)), (Some(true), Some(false)));
    }

    #[test]
    fn what_cannot_be_a_chain_names_its_key() {
        let key = |markov: Markov| markov.chain().err().and_then(|error| error.key);
        let tiny = Positive::literal(1e-5);
        let broken = Markov { concentration: tiny, ..Markov::default() };
        assert_eq!(key(broken), Some("concentration"));
        assert_eq!(key(Markov { types: Count::literal(5000), ..Markov::default() }), Some("types"));
    }
}
