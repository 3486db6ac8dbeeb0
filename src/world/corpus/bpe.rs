//! Byte pairs: the 256 bytes, and the most frequent pairs of neighbours, merged one after the other.
//!
//! Learnt and applied within words, as GPT-2's regular expression finds them, without a space put
//! before a text: what is decoded is what was encoded. Lines are encoded one by one, which is faster
//! than all at once. A pair must occur twice to be merged.
//! Source: Sennrich et al. 2016 (arXiv 1508.07909), Radford et al. 2019; the crate `tokenizers`.

use crate::samples::Lexicon;
use crate::world::WorldError;

#[cfg(feature = "neural")]
pub use learnt::Pairs;

#[cfg(feature = "neural")]
mod learnt {
    use super::{Lexicon, WorldError};
    use std::collections::HashMap;
    use tokenizers::models::bpe::{BPE, BpeTrainerBuilder};
    use tokenizers::pre_tokenizers::byte_level::ByteLevel;
    use tokenizers::{Model, OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer};
    use tokenizers::{Trainer, utils::parallelism};

    /// Types where the file does not say.
    const TYPES: usize = 1024;

    /// Learnt merges.
    pub struct Pairs {
        words: ByteLevel,
        merges: BPE,
        lexicon: Lexicon,
    }

    impl Pairs {
        /// At most so many types of the training part; fewer where no pair comes twice.
        pub fn learn(limit: Option<usize>, training: &[&[u8]]) -> Result<Self, WorldError> {
            let words = ByteLevel::new(false, false, true);
            // One thread: trials already run in parallel. For all of the program, and nothing else in
            // it uses the crate.
            parallelism::set_parallelism(false);
            let mut trainer = BpeTrainerBuilder::new()
                .vocab_size(limit.unwrap_or(TYPES))
                .min_frequency(2)
                .initial_alphabet(ByteLevel::alphabet().into_iter().collect())
                .show_progress(false)
                .build();
            let lines: Vec<String> = training.iter().flat_map(|run| lines(run)).collect();
            let mut merges = BPE::default();
            trainer.feed(lines.iter(), |line| Ok(words_of(&words, line))).map_err(broken)?;
            trainer.train(&mut merges).map_err(broken)?;
            let lexicon = spelling(&merges);
            Ok(Pairs { words, merges, lexicon })
        }

        pub fn encode(&self, text: &str) -> Vec<u32> {
            let mut types = Vec::new();
            for line in text.split_inclusive('\n') {
                for word in words_of(&self.words, line) {
                    let tokens = self.merges.tokenize(&word).unwrap_or_default();
                    types.extend(tokens.iter().map(|token| token.id));
                }
            }
            types
        }

        pub fn lexicon(&self) -> Lexicon {
            self.lexicon.clone()
        }
    }

    fn lines(run: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(run);
        text.split_inclusive('\n').map(str::to_owned).collect()
    }

    /// The words of a line, each byte of them as the printable character that stands for it.
    fn words_of(words: &ByteLevel, line: &str) -> Vec<String> {
        let mut line = PreTokenizedString::from(line);
        // It can fail for other pre-tokenizers alone; a line without words has no tokens.
        if words.pre_tokenize(&mut line).is_err() {
            return Vec::new();
        }
        let splits = line.get_splits(OffsetReferential::Normalized, OffsetType::None);
        splits.into_iter().map(|(word, _, _)| word.to_owned()).collect()
    }

    /// The bytes of every type.
    fn spelling(merges: &BPE) -> Lexicon {
        let bytes: HashMap<char, u8> = characters().zip(0..=u8::MAX).collect();
        let mut pieces = vec![Vec::new(); merges.get_vocab_size()];
        for (word, place) in merges.get_vocab() {
            if let Some(piece) = pieces.get_mut(place as usize) {
                *piece = word.chars().filter_map(|c| bytes.get(&c).copied()).collect();
            }
        }
        Lexicon::new(pieces, "")
    }

    /// The characters that stand for the bytes 0 … 255: themselves where they can be printed, and else
    /// the next ones from U+0100 on.
    fn characters() -> impl Iterator<Item = char> {
        let mut next = 0xff;
        (0..=u8::MAX).map(move |byte| match byte {
            b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff => char::from(byte),
            _ => {
                next += 1;
                char::from_u32(next).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
        })
    }

    fn broken(error: tokenizers::Error) -> WorldError {
        WorldError {
            key: Some("tokens"),
            reason: format!("no byte pairs can be learnt from this text: {error}"),
            help: "choose tokens = \"byte\", \"char\" or \"word\"".into(),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_characters_of_bytes_are_those_of_the_crate() {
            let ours: std::collections::HashSet<char> = characters().collect();
            assert_eq!(ours, ByteLevel::alphabet().into_iter().collect());
        }

        #[test]
        fn frequent_words_become_one_type_and_nothing_is_lost() {
            let text = "the cat and the hat and the rat\n".repeat(20);
            let pairs = Pairs::learn(Some(300), &[text.as_bytes()]).expect("learnt");
            let the = pairs.encode("a the");
            assert_eq!(pairs.lexicon().piece(the[1]), b" the");
            for other in ["", "\n\n  x\t", "çà ☃ \0 \u{feff}", "the\r\nhat"] {
                assert_eq!(pairs.lexicon().text(&pairs.encode(other)), other);
            }
            assert!(pairs.lexicon().len() <= 300);
        }

        #[test]
        fn learning_twice_gives_the_same_types() {
            let text = include_str!("bpe.rs");
            let learn = || Pairs::learn(None, &[text.as_bytes()]).expect("learnt");
            let (one, other) = (learn(), learn());
            assert_eq!(one.lexicon(), other.lexicon());
            assert_eq!(one.encode(text), other.encode(text));
        }
    }
}

/// Byte pairs in a build without them.
#[cfg(not(feature = "neural"))]
pub enum Pairs {}

#[cfg(not(feature = "neural"))]
impl Pairs {
    pub fn learn(_limit: Option<usize>, _training: &[&[u8]]) -> Result<Self, WorldError> {
        Err(WorldError {
            key: Some("tokens"),
            reason: "this program was built without byte pairs".into(),
            help: "build it with the feature `neural`, or choose tokens = \"byte\", \"char\" or \
                   \"word\""
                .into(),
        })
    }

    pub fn encode(&self, _text: &str) -> Vec<u32> {
        match *self {}
    }

    pub fn lexicon(&self) -> Lexicon {
        match *self {}
    }
}
