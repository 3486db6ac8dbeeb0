//! A text as a finite world: its blocks, some of them set apart, and how its tokens are written.
//!
//! Draws are blocks of the training part, with replacement; whatever is held out comes from the
//! reserve alone. There is no density: a text knows nothing of the text that was not written.

use super::{Distribution, Finite, TypeLaw};
use crate::samples::{Lexicon, Samples, TokenShape, Tokens};
use crate::stream::Stream;
use std::sync::Arc;

/// Blocks of a text. Clones share memory.
#[derive(Clone, Debug)]
pub struct Corpus {
    training: Arc<Finite<Tokens>>,
    reserve: Option<Tokens>,
    lexicon: Lexicon,
}

impl Corpus {
    /// Blocks to train on, blocks set apart, if any, and the spelling of their types. `None` without a
    /// block to train on.
    pub fn new(training: Tokens, reserve: Option<Tokens>, lexicon: Lexicon) -> Option<Self> {
        let reserve = reserve.filter(|apart| !apart.is_empty());
        Some(Corpus { training: Arc::new(Finite::new(training)?), reserve, lexicon })
    }
}

impl Distribution<Tokens> for Corpus {
    fn draw(&self, n: usize, rng: &mut Stream) -> Tokens {
        self.training.draw(n, rng)
    }

    fn shape(&self) -> TokenShape {
        self.training.shape()
    }

    fn is_degenerate(&self) -> bool {
        true
    }

    fn types(&self) -> Option<TypeLaw<'_>> {
        self.training.types()
    }

    fn lexicon(&self) -> Option<&Lexicon> {
        Some(&self.lexicon)
    }

    fn stock(&self) -> Option<&Tokens> {
        self.training.stock()
    }

    fn reserve(&self) -> Option<&Tokens> {
        self.reserve.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};

    #[test]
    fn draws_come_from_the_training_blocks_alone() {
        let blocks = |types: Vec<u32>| Tokens::of_length(types, 2, 4);
        let lexicon = Lexicon::new(vec![b"a".to_vec(); 4], "");
        let corpus = Corpus::new(blocks(vec![0, 1, 1, 2]), Some(blocks(vec![3, 3])), lexicon);
        let corpus = corpus.expect("two blocks");
        let draws = corpus.draw(200, &mut stream(1, 0, 0, Role::WORLD));
        assert!(draws.sequences().all(|s| s == [0, 1] || s == [1, 2]));
        assert_eq!(corpus.reserve().map(Samples::len), Some(1));
        let law = corpus.types().expect("tokens");
        assert!(!law.complete && law.probabilities == [0.25, 0.5, 0.25, 0.0]);
        assert!(Corpus::new(blocks(vec![]), None, Lexicon::new(vec![], "")).is_none());
    }
}
