//! Words of a text: runs of letters and digits, single other characters, line breaks.
//!
//! An apostrophe before a letter belongs to the word (don't, 'tis, lov'd), another one is a mark of its
//! own (the players' parts). Spaces are between tokens and are none.

use std::ops::Range;

/// The bytes of each token of a text.
pub fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let start = at + rest.find(|c: char| c == '\n' || !c.is_whitespace())?;
        at = start + length(&text[start..]);
        Some(start..at)
    })
}

/// Bytes of the first token of a text that starts with one.
fn length(text: &str) -> usize {
    let mut rest = text.chars();
    let mut bytes = 0;
    while let Some(c) = rest.next() {
        let is_apostrophe = matches!(c, '\'' | '’');
        let goes_on = rest.as_str().chars().next().is_some_and(char::is_alphabetic);
        if is_of_a_word(c) || (is_apostrophe && goes_on) {
            bytes += c.len_utf8();
        } else if bytes == 0 {
            return c.len_utf8();
        } else {
            break;
        }
    }
    bytes
}

/// Letters, digits, and the accents that follow a letter as characters of their own.
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn apostrophes_before_letters_belong_to_words() {
        assert_eq!(words("'Tis lov'd,  don't!"), ["'Tis", "lov'd", ",", "don't", "!"]);
        assert_eq!(words("players' parts"), ["players", "'", "parts"]);
    }

    #[test]
    fn line_breaks_and_marks_are_tokens_and_spaces_are_none() {
        assert_eq!(words(" a\tb\n\n-- c\u{a0}"), ["a", "b", "\n", "\n", "-", "-", "c"]);
        assert_eq!(words("e\u{301}te\u{301}\0"), ["e\u{301}te\u{301}", "\0"]);
        assert!(words("  \t ").is_empty());
    }
}
