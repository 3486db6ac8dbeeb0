//! Sequences of a stationary Markov chain whose transition probabilities are drawn once.
//!
//! Of every context of `order` types, the row of P ~ Dirichlet(concentration, …, concentration); the
//! first `order` tokens follow π = π·P. Rows come from `seed` alone, the same in all trials. A small
//! concentration makes rows of few likely successors (low entropy), a large one nearly equal rows.
//! Exact: density, entropy H(π) + (length − order)·h, frequencies of types, the law of the next token.
//! Cost: O(types^(3·order)) once up to 1000 contexts, and beyond O(types^(order + 1)) a power iteration;
//! memory types^(order + 1).
//! Not to be confused with `zipf`, whose tokens are independent.
//! Source: n-gram worlds, as in Suresh et al. 2025 (arXiv 2412.17646).

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

/// Tokens that the next one can depend on, at most.
const MOST_ORDER: usize = 16;

/// Contexts of a chain of higher order at most, and transition probabilities: 160 MB.
const MOST_CONTEXTS: usize = 100_000;
const MOST_PROBABILITIES: usize = 10_000_000;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Markov {
    /// The number of types, at most 1000.
    #[schemars(range(max = MOST_TYPES))]
    pub types: Count,
    /// How many tokens the next one depends on, at most 16; types^order is at most 100000.
    #[schemars(range(max = MOST_ORDER))]
    pub order: Count,
    /// Tokens in each sequence.
    pub length: Count,
    /// The Dirichlet's parameter, the same for all types.
    pub concentration: Positive,
    /// Decides the transition matrix; the same in all trials.
    pub seed: u32,
}

impl Default for Markov {
    fn default() -> Self {
        Markov {
            types: Count::literal(20),
            order: Count::literal(1),
            length: Count::literal(32),
            concentration: Positive::literal(0.3),
            seed: 0,
        }
    }
}

impl Markov {
    /// The chain of order 1, with a matrix.
    fn chain(&self) -> Result<distribution::Markov, WorldError> {
        let (types, rows) = (self.types.get(), self.rows()?);
        let matrix = rows.and_then(|rows| Array2::from_shape_vec((types, types), rows).ok());
        let chain = matrix.and_then(|p| distribution::Markov::new(p, self.length.get()).ok());
        chain.ok_or_else(|| self.reducible())
    }

    /// The chain of a higher order, with a table.
    fn higher_chain(&self) -> Result<distribution::Chain, WorldError> {
        let (types, order) = (self.types.get(), self.order.get());
        let new = |rows| distribution::Chain::new(rows, types, order, self.length.get()).ok();
        self.rows()?.and_then(new).ok_or_else(|| self.reducible())
    }

    /// The row of every context, one after the other. `None` where the concentration allows no row.
    fn rows(&self) -> Result<Option<Vec<f64>>, WorldError> {
        let contexts = self.check()?;
        let (types, concentration) = (self.types.get(), self.concentration.get());
        let mut rng = stream::of_parameters(u64::from(self.seed));
        let mut rows = Vec::with_capacity(contexts * types);
        for _ in 0..contexts {
            let Some(row) = dirichlet(types, concentration, &mut rng) else { return Ok(None) };
            rows.extend(row);
        }
        Ok(Some(rows))
    }

    fn reducible(&self) -> WorldError {
        let concentration = self.concentration.get();
        WorldError {
            key: Some("concentration"),
            reason: format!(
                "a concentration of {concentration} makes a chain that does not come back to all \
                 of its types"
            ),
            help: "choose a concentration of at least 0.01 and at most 1e6, or another seed".into(),
        }
    }

    /// The number of contexts, where there are not too many.
    fn check(&self) -> Result<usize, WorldError> {
        let (types, order) = (self.types.get(), self.order.get());
        let error = |key, reason, help| Err(WorldError { key: Some(key), reason, help });
        if types > MOST_TYPES {
            let reason =
                format!("a chain over {types} types needs {types}² transition probabilities");
            return error("types", reason, format!("at most {MOST_TYPES} types"));
        }
        if order > MOST_ORDER {
            let reason = format!("a chain cannot look back on {order} tokens");
            return error("order", reason, format!("at most {MOST_ORDER}"));
        }
        let contexts = types.saturating_pow(order as u32);
        let probabilities = contexts.saturating_mul(types);
        if order > 1 && (contexts > MOST_CONTEXTS || probabilities > MOST_PROBABILITIES) {
            let reason = format!(
                "a chain of order {order} over {types} types has {contexts} contexts \
                 and {probabilities} transition probabilities"
            );
            let help = format!(
                "at most {MOST_CONTEXTS} contexts and {MOST_PROBABILITIES} \
                 probabilities: choose fewer types or a lower order, or the world `grammar`"
            );
            return error("order", reason, help);
        }
        Ok(contexts)
    }
}

/// One draw of a symmetric Dirichlet distribution. By logarithms, so that a small parameter leaves
/// small shares and not a row of zeros: Gamma(a) = Gamma(a + 1)·U^(1/a).
pub fn dirichlet(n: usize, concentration: f64, rng: &mut Stream) -> Option<Vec<f64>> {
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
        self.check()?;
        Ok(TokenShape { vocabulary: self.types.get() as u32, length: Some(self.length.get()) })
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Tokens>>, WorldError> {
        match self.order.get() {
            1 => Ok(Box::new(self.chain()?)),
            _ => Ok(Box::new(self.higher_chain()?)),
        }
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

    #[test]
    fn a_chain_looks_back_as_far_as_its_table_allows() {
        let with = |types, order| Markov {
            types: Count::literal(types),
            order: Count::literal(order),
            length: Count::literal(12),
            ..Markov::default()
        };
        for (types, order) in [(1000, 2), (11, 5), (2, 17), (300, 2)] {
            let error = with(types, order).check().err();
            assert_eq!(error.and_then(|e| e.key), Some("order"), "{types}^{order}");
        }
        assert!(with(2, 16).check().is_ok() && with(200, 2).check().is_ok());
        let world = with(20, 3).open(Path::new("")).expect("8000 contexts");
        assert_eq!(world.conditional().and_then(|c| c.order()), Some(3));
        assert_eq!(world.shape(), with(20, 3).shape(Path::new("")).expect("legal"));
    }

    #[test]
    fn a_higher_order_adds_rows_and_changes_none() {
        // The rows are drawn in the order of the contexts, whatever the order of the chain.
        let one = Markov { types: Count::literal(3), ..Markov::default() };
        let two = Markov { order: Count::literal(2), ..one.clone() };
        let (one, two) = (one.rows().expect("legal"), two.rows().expect("legal"));
        assert_eq!(one.as_deref(), two.as_deref().map(|rows| &rows[..9]));
    }
}
