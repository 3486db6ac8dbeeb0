//! How token types are written: the text of each, and what stands between two of them.
//!
//! Words read as prose: a space between two of them, none around a line break or before a closing
//! mark. It is a way to show text, not the inverse of how a text was taken apart.

use std::sync::Arc;

/// The spelling of a vocabulary. Clones share memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lexicon {
    pieces: Arc<[Vec<u8>]>,
    between: Between,
}

/// What stands between two pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Between {
    Always(&'static str),
    /// A space, where prose has one.
    Prose,
}

/// Marks without a space before them, and without one after them.
const CLOSING: &str = ".,;:!?)]}'’”…-–—";
const OPENING: &str = "([{“‘-–—";

impl Lexicon {
    /// One piece of text for each type; pieces may be parts of a character.
    pub fn new(pieces: Vec<Vec<u8>>, separator: &'static str) -> Self {
        Lexicon { pieces: pieces.into(), between: Between::Always(separator) }
    }

    /// Words, punctuation marks and line breaks, which are set as prose.
    pub fn prose(pieces: Vec<Vec<u8>>) -> Self {
        Lexicon { pieces: pieces.into(), between: Between::Prose }
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
        let mut text: Vec<u8> = Vec::new();
        for (i, &kind) in types.iter().enumerate() {
            let piece = self.piece(kind);
            if i > 0 {
                let before = self.piece(types[i - 1]);
                text.extend_from_slice(self.between.of(before, piece).as_bytes());
            }
            text.extend_from_slice(piece);
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}

impl Between {
    fn of(self, before: &[u8], after: &[u8]) -> &'static str {
        // The empty text is within every text, and is no mark.
        let within = |marks: &str, piece: &[u8]| {
            std::str::from_utf8(piece).is_ok_and(|p| !p.is_empty() && marks.contains(p))
        };
        let is_break = before == b"\n" || after == b"\n";
        match self {
            Between::Always(separator) => separator,
            Between::Prose if is_break => "",
            Between::Prose if within(CLOSING, after) || within(OPENING, before) => "",
            Between::Prose => " ",
        }
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

    #[test]
    fn prose_has_no_space_before_closing_marks_and_none_around_line_breaks() {
        let pieces = ["To", "be", ",", "\n", "(", "or", "not", ")", "self", "-", "."];
        let prose = Lexicon::prose(pieces.iter().map(|p| p.as_bytes().to_vec()).collect());
        let types: Vec<u32> = (0..pieces.len() as u32).collect();
        assert_eq!(prose.text(&types), "To be,\n(or not) self-.");
        assert_eq!(prose.text(&[8, 9, 8]), "self-self");
    }
}
