//! A language with known probabilities: a chain of word classes over a Zipfian vocabulary.
//!
//! Every word belongs to one class. Classes follow a stationary Markov chain whose rows are drawn from
//! Dirichlet(concentration, …, concentration); within its class the word of rank r has a weight of
//! r^−exponent. Of every `classes` words that follow each other in rank, each class gets one, at random.
//! The chain and the classes come from `seed` alone, the same in all trials.
//! P(w′ | w) = T[c(w), c(w′)]·E[w′ | c(w′)].
//! Exact: density, entropy, frequencies of types, the law of the next token.
//! Cost: O(types + classes³) once, O(1) a token; memory types + classes².
//! Source: class-based models of Brown et al. 1992 (Computational Linguistics 18, 467–479), read as a
//! source of text.
//! Not to be confused with `markov`, which has a transition probability for every pair of types.

use super::markov::dirichlet;
use super::{World, WorldError, single_tokens};
use crate::distribution::{self, Distribution};
use crate::numeric::bounded::{Count, NonNegative, Positive};
use crate::samples::{TokenShape, Tokens};
use crate::stream::{self, Stream};
use ndarray::Array2;
use rand::seq::SliceRandom;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Classes at most: their square is kept, and their cube is worked.
const MOST_CLASSES: usize = 1000;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Grammar {
    /// The number of word classes, at most 1000 and at most as many as there are types.
    #[schemars(range(max = MOST_CLASSES))]
    pub classes: Count,
    /// The number of types, from the rank of the most frequent word to that of the rarest.
    #[schemars(range(max = super::MOST_TYPES))]
    pub types: Count,
    /// a ≥ 0 of the weights r^−a; 0: all words of a class are equally likely.
    pub exponent: NonNegative,
    /// Tokens in each sequence.
    pub length: Count,
    /// The Dirichlet's parameter: small ones let few classes follow a class.
    pub concentration: Positive,
    /// Decides the chain and which words belong to a class; the same in all trials.
    pub seed: u32,
}

impl Default for Grammar {
    fn default() -> Self {
        Grammar {
            classes: Count::literal(8),
            types: Count::literal(1000),
            exponent: NonNegative::literal(1.0),
            length: Count::literal(32),
            concentration: Positive::literal(0.3),
            seed: 0,
        }
    }
}

impl Grammar {
    fn check(&self) -> Result<TokenShape, WorldError> {
        let (classes, types) = (self.classes.get(), self.types.get());
        let shape = TokenShape { length: Some(self.length.get()), ..single_tokens(types)? };
        let reason = match classes {
            _ if classes > MOST_CLASSES => {
                format!("{classes} classes need {classes}² transition probabilities")
            }
            _ if classes > types => format!("{types} types cannot fill {classes} classes"),
            _ => return Ok(shape),
        };
        let most = MOST_CLASSES.min(types);
        Err(WorldError { key: Some("classes"), reason, help: format!("at most {most} classes") })
    }

    fn grammar(&self) -> Result<distribution::Grammar, WorldError> {
        self.check()?;
        let (classes, concentration) = (self.classes.get(), self.concentration.get());
        let mut rng = stream::of_parameters(u64::from(self.seed));
        let rows: Option<Vec<_>> =
            (0..classes).map(|_| dirichlet(classes, concentration, &mut rng)).collect();
        let matrix = rows.and_then(|r| Array2::from_shape_vec((classes, classes), r.concat()).ok());
        let chain = matrix.and_then(|p| distribution::Markov::new(p, self.length.get()).ok());
        let class_of = deal(self.types.get(), classes, &mut rng);
        let weights = self.weights(&class_of);
        let grammar = chain.and_then(|c| distribution::Grammar::new(c, class_of, &weights));
        grammar.ok_or_else(|| WorldError {
            key: Some("concentration"),
            reason: format!(
                "a concentration of {concentration} makes a chain that does not come back to all \
                 of its classes"
            ),
            help: "choose a concentration of at least 0.01 and at most 1e6, or another seed".into(),
        })
    }

    /// r^−a, in units of the first word of each class: no class is without weight, however large a is.
    fn weights(&self, class_of: &[u32]) -> Vec<f64> {
        let mut first = vec![0.0; self.classes.get()];
        let weight = |(i, class): (usize, &u32)| {
            let (rank, first) = ((i + 1) as f64, &mut first[*class as usize]);
            if *first == 0.0 {
                *first = rank;
            }
            (rank / *first).powf(-self.exponent.get())
        };
        class_of.iter().enumerate().map(weight).collect()
    }
}

/// The class of each word, dealt out in rounds that give every class one.
fn deal(types: usize, classes: usize, rng: &mut Stream) -> Vec<u32> {
    let mut round: Vec<u32> = (0..classes as u32).collect();
    let mut class_of = Vec::with_capacity(types + classes);
    while class_of.len() < types {
        round.shuffle(rng);
        class_of.extend_from_slice(&round);
    }
    class_of.truncate(types);
    class_of
}

impl World<Tokens> for Grammar {
    fn shape(&self, _folder: &Path) -> Result<TokenShape, WorldError> {
        self.check()
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Tokens>>, WorldError> {
        Ok(Box::new(self.grammar()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};

    fn grammar(change: impl Fn(&mut Grammar)) -> distribution::Grammar {
        let mut world = Grammar::default();
        change(&mut world);
        world.grammar().expect("legal")
    }

    #[test]
    fn words_of_a_class_follow_zipf_and_every_class_has_its_share_of_them() {
        let law = grammar(|world| world.exponent = NonNegative::literal(1.5));
        let types = law.types().expect("exact").probabilities.to_vec();
        for class in 0..8 {
            let words: Vec<u32> = (0..1000).filter(|w| law.class_of(*w) == class).collect();
            assert_eq!(words.len(), 125);
            let (a, b) = (words[0], words[99]);
            let ratio = types[a as usize] / types[b as usize];
            let exact = (f64::from(b + 1) / f64::from(a + 1)).powf(1.5);
            assert!((ratio / exact - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_hundred_thousand_types_are_no_burden() {
        let law = grammar(|world| world.types = Count::literal(100_000));
        let draws = law.draw(200, &mut stream(1, 0, 0, Role::WORLD));
        let ln = law.density().expect("exact").ln_density(&draws);
        assert!(ln.iter().all(|l| l.is_finite()));
        assert!((law.types().expect("exact").probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_seed_alone_decides_the_grammar_and_no_exponent_breaks_it() {
        let chain = |seed| grammar(|world| world.seed = seed).classes().transitions().clone();
        assert_eq!(chain(1), chain(1));
        assert_ne!(chain(1), chain(2));
        let steep = grammar(|world| world.exponent = NonNegative::literal(1e6));
        let live = steep.types().expect("exact").probabilities.iter().filter(|p| **p > 0.0);
        assert_eq!(live.count(), 8);
    }

    #[test]
    fn what_cannot_be_a_grammar_names_its_key() {
        let key = |world: Grammar| world.grammar().err().and_then(|error| error.key);
        let with = |classes, types| Grammar {
            classes: Count::literal(classes),
            types: Count::literal(types),
            ..Grammar::default()
        };
        assert_eq!(key(with(1001, 5000)), Some("classes"));
        assert_eq!(key(with(9, 8)), Some("classes"));
        assert_eq!(key(with(2, 10_000_001)), Some("types"));
        let tiny = Positive::literal(1e-5);
        let broken = Grammar { concentration: tiny, ..Grammar::default() };
        assert_eq!(key(broken), Some("concentration"));
    }
}
