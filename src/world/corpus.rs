//! Blocks of a text: a finite world of real language, read from files or bundled.
//!
//! The text is taken apart into tokens, and every `block` of them is a sample; blocks do not cross
//! documents, and what is left at the end of one is dropped. A share of the text is held out, by
//! document where there are at least ten, else by block; the vocabulary is made from the rest. Each
//! trial deals the blocks out once, without replacement: founders, fresh draws and held-out samples
//! are disjoint. A document is a file; a byte order mark is dropped, and a line ends with \n.
//! Tokens: `byte`, 256 types; `char`, Unicode's characters; `word`, runs of letters and digits with the
//! apostrophes before a letter, single other characters, line breaks, and no spaces; `bpe`, byte pairs
//! merged by frequency, as in GPT-2. Types are ranked by frequency, those of `bpe` by their merges.
//! Exact: nothing but the blocks and the frequencies of their types; there is no density.
//! Source: Shumailov et al. 2024 (doi 10.1038/s41586-024-07566-y) and Gerstgrasser et al. 2024 (arXiv
//! 2404.01413) train on blocks of text; byte pairs: Sennrich et al. 2016 (arXiv 1508.07909). `cicero`
//! is the first book of De finibus, 45 BC, in the edition of the crate `lipsum`.
//! Not to be confused with `grammar` and `markov`, whose text has known probabilities.

mod bpe;
mod shakespeare;
mod source;
mod split;
mod vocabulary;
mod word;

pub use shakespeare::SHAKESPEARE;

use super::{World, WorldError};
use crate::distribution::{self, Distribution};
use crate::numeric::bounded::{Count, Fraction};
use crate::samples::{TokenShape, Tokens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use source::Document;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use vocabulary::Vocabulary;

/// The most types that a vocabulary may have.
const MOST_TYPES: usize = 1_000_000;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Corpus {
    /// A UTF-8 text file, or a folder whose .txt files are the documents, in the order of their names;
    /// relative to the folder of the experiment file. Left out: a text by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// A text by its name, instead of a path: cicero, which is bundled, or shakespeare, which `collapse
    /// data get shakespeare` brings. Left out, and without a path: cicero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// What a token is: byte, char, word or bpe.
    pub tokens: Unit,
    /// The largest number of types, from 2 to 1000000; rarer ones become `<unk>`. Of `bpe` the number of
    /// bytes and merges together, 1024 where left out; of `char` and `word` left out: all types. Not for
    /// `byte`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 2, max = MOST_TYPES))]
    pub vocabulary: Option<Count>,
    /// Tokens in each sequence.
    pub block: Count,
    /// The share of the text that nobody trains on; 0: held-out samples are dealt from all of it.
    pub held_out: Fraction,
    /// Decides what is held out, and nothing else.
    pub seed: u32,
    /// Whether blocks may be dealt out again once all have been used.
    pub reuse: bool,
}

/// A text that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Name {
    Cicero,
    Shakespeare,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    Byte,
    Char,
    Word,
    Bpe,
}

impl Default for Corpus {
    fn default() -> Self {
        Corpus {
            path: None,
            name: None,
            tokens: Unit::Char,
            vocabulary: None,
            block: Count::literal(64),
            held_out: Fraction::literal(0.1),
            seed: 0,
            reuse: false,
        }
    }
}

/// The texts that were opened last, by all that decides them. Every cell of a sweep opens its world,
/// and learning byte pairs takes seconds.
static RECENT: Mutex<Vec<(blake3::Hash, distribution::Corpus)>> = Mutex::new(Vec::new());

/// Texts to keep: a sweep over a few tokenizations should find each again.
const KEPT: usize = 4;

impl Corpus {
    fn corpus(&self, folder: &Path) -> Result<distribution::Corpus, WorldError> {
        self.check()?;
        let documents = source::documents(self, folder)?;
        let key = self.key(&documents);
        let mut recent = RECENT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, corpus)) = recent.iter().find(|(known, _)| *known == key) {
            return Ok(corpus.clone());
        }
        let corpus = self.make(&documents)?;
        recent.push((key, corpus.clone()));
        let surplus = recent.len().saturating_sub(KEPT);
        recent.drain(..surplus);
        Ok(corpus)
    }

    /// The hash of the texts and of all that is done to them.
    fn key(&self, documents: &[Document]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        let limit = self.vocabulary.map(Count::get);
        let how = (self.tokens, limit, self.block.get(), self.held_out.get().to_bits(), self.seed);
        hasher.update(format!("{how:?}").as_bytes());
        for document in documents {
            hasher.update(&(document.text.len() as u64).to_le_bytes());
            hasher.update(document.text.as_bytes());
        }
        hasher.finalize()
    }

    /// What is wrong with the hyperparameters, whatever the text.
    fn check(&self) -> Result<(), WorldError> {
        let error = |key, reason: &str, help: &str| {
            Err(WorldError { key: Some(key), reason: reason.into(), help: help.into() })
        };
        if self.path.is_some() && self.name.is_some() {
            return error("name", "a text has a `path` or a `name`, not both", "leave one out");
        }
        if self.held_out.get() >= 1.0 {
            return error("held-out", "nothing would be left to train on", "a share below 1");
        }
        let Some(types) = self.vocabulary.map(Count::get) else { return Ok(()) };
        let least = if self.tokens == Unit::Bpe { 256 } else { 2 };
        if self.tokens == Unit::Byte {
            return error("vocabulary", "bytes are always 256 types", "leave `vocabulary` out");
        }
        if !(least..=MOST_TYPES).contains(&types) {
            let what = if self.tokens == Unit::Bpe { "byte pairs" } else { "types" };
            let reason = format!("a vocabulary of {what} cannot have {types} types");
            return error("vocabulary", &reason, &format!("from {least} to {MOST_TYPES} types"));
        }
        Ok(())
    }

    fn make(&self, documents: &[Document]) -> Result<distribution::Corpus, WorldError> {
        let parts = split::split(self, documents)?;
        let limit = self.vocabulary.map(Count::get);
        let vocabulary = Vocabulary::learn(self.tokens, limit, &parts.training, &parts.held_out)?;
        let (lexicon, block) = (vocabulary.lexicon(), self.block.get());
        let blocks = |runs: &[&[u8]]| {
            let mut types = Vec::new();
            for run in runs {
                let tokens = vocabulary.encode(run);
                types.extend_from_slice(&tokens[..tokens.len() / block * block]);
            }
            Tokens::of_length(types, block, lexicon.len() as u32)
        };
        let (training, apart) = (blocks(&parts.training), blocks(&parts.held_out));
        split::check(self, &training, &apart)?;
        let apart = (self.held_out.get() > 0.0).then_some(apart);
        let corpus = distribution::Corpus::new(training, apart, lexicon);
        corpus.ok_or_else(|| split::too_small(self, "there is no block to train on".into()))
    }
}

impl World<Tokens> for Corpus {
    fn shape(&self, folder: &Path) -> Result<TokenShape, WorldError> {
        Ok(self.corpus(folder)?.shape())
    }

    fn open(&self, folder: &Path) -> Result<Box<dyn Distribution<Tokens>>, WorldError> {
        Ok(Box::new(self.corpus(folder)?))
    }

    fn reuse(&self) -> bool {
        self.reuse
    }

    fn files(&self, folder: &Path) -> Vec<PathBuf> {
        source::files(self, folder)
    }
}

#[cfg(test)]
mod tests;
