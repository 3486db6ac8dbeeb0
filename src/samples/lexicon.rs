//! How token types are written: the text of each, and what stands between two of them.

use std::sync::Arc;

/// The spelling of a vocabulary. Clones share memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lexicon {
    pieces: Arc<[Vec<u8>]>,
    separator: &'static str,
}

impl Lexicon {
    /// One piece of text for each type; pieces may be parts of a character.
    pub fn new(pieces: Vec<Vec<u8>>, separator: &'static str) -> Self {
        Lexicon { pieces: pieces.into(), separator }
    }

    /// The number of types.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The bytes of one type; nothing for a type that there is not.
    pub fn piece(&self, kind: u32) -> &[u8] {
        self.pieces.get(kind as usize).map_or(&[], Vec::as_slice)
    }

    /// A sequence as text; what is not UTF-8 becomes U+FFFD.
    pub fn text(&self, types: &[u32]) -> String {
        let pieces: Vec<&[u8]> = types.iter().map(|kind| self.piece(*kind)).collect();
        String::from_utf8_lossy(&pieces.join(self.separator.as_bytes())).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_may_be_parts_of_a_character() {
        let halves = Lexicon::new(vec![vec![0xc3], vec![0xa9], b"t".to_vec()], "");
        assert_eq!(halves.text(&[0, 1, 2, 0, 1]), "été");
        assert_eq!(halves.text(&[1, 2]), "\u{fffd}t");
    }

    #[test]
    fn words_are_set_apart_and_unknown_types_are_nothing() {
        let words = Lexicon::new(vec![b"to".to_vec(), b"be".to_vec()], " ");
        assert_eq!((words.text(&[0, 1]), words.text(&[7])), ("to be".into(), String::new()));
        assert_eq!((words.len(), words.is_empty()), (2, false));
    }
}
