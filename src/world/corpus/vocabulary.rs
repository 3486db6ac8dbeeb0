//! Which types a text has, and a text as types.

use super::{MOST_TYPES, Unit, bpe, word};
use crate::samples::Lexicon;
use crate::world::WorldError;
use std::borrow::Cow;
use std::collections::HashMap;

/// How the type of all that the vocabulary does not know is written.
const UNKNOWN: &str = "<unk>";

pub enum Vocabulary {
    Bytes,
    Listed(Listed),
    Pairs(Box<bpe::Pairs>),
}

/// Characters or words, from the most frequent one to the rarest.
pub struct Listed {
    unit: Unit,
    types: Vec<String>,
    places: HashMap<String, u32>,
    /// Whether one more type stands for all others.
    has_unknown: bool,
}

impl Vocabulary {
    /// The types of the training part, at most `limit`.
    pub fn learn(
        unit: Unit,
        limit: Option<usize>,
        training: &[&[u8]],
        held_out: &[&[u8]],
    ) -> Result<Self, WorldError> {
        match unit {
            Unit::Byte => Ok(Vocabulary::Bytes),
            Unit::Bpe => Ok(Vocabulary::Pairs(Box::new(bpe::Pairs::learn(limit, training)?))),
            Unit::Char | Unit::Word => {
                Listed::learn(unit, limit, training, held_out).map(Vocabulary::Listed)
            }
        }
    }

    pub fn encode(&self, run: &[u8]) -> Vec<u32> {
        match self {
            Vocabulary::Bytes => run.iter().map(|byte| u32::from(*byte)).collect(),
            Vocabulary::Listed(listed) => listed.encode(&text(run)),
            Vocabulary::Pairs(pairs) => pairs.encode(&text(run)),
        }
    }

    pub fn lexicon(&self) -> Lexicon {
        match self {
            Vocabulary::Bytes => Lexicon::new((0..=u8::MAX).map(|byte| vec![byte]).collect(), ""),
            Vocabulary::Listed(listed) => listed.lexicon(),
            Vocabulary::Pairs(pairs) => pairs.lexicon(),
        }
    }
}

/// A run as text: runs are cut between characters, except those of bytes.
fn text(run: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(run)
}

/// The characters or words of a text.
fn pieces(unit: Unit, text: &str) -> Box<dyn Iterator<Item = &str> + '_> {
    match unit {
        Unit::Word => Box::new(word::tokens(text).map(|range| &text[range])),
        _ => Box::new(text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()])),
    }
}

impl Listed {
    fn learn(
        unit: Unit,
        limit: Option<usize>,
        training: &[&[u8]],
        held_out: &[&[u8]],
    ) -> Result<Self, WorldError> {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for run in training {
            for piece in pieces(unit, &text(run)) {
                match counts.get_mut(piece) {
                    Some(count) => *count += 1,
                    None => drop(counts.insert(piece.to_owned(), 1)),
                }
            }
        }
        let is_new = |run: &&[u8]| pieces(unit, &text(run)).any(|p| !counts.contains_key(p));
        let most = limit.unwrap_or(MOST_TYPES);
        let has_unknown = counts.len() > most || held_out.iter().any(is_new);
        if limit.is_none() && counts.len() + usize::from(has_unknown) > most {
            return Err(WorldError {
                key: Some("vocabulary"),
                reason: format!("the text has {} types, more than {MOST_TYPES}", counts.len()),
                help: "keep the most frequent ones, such as with vocabulary = 50000".into(),
            });
        }
        let mut ranked: Vec<(String, usize)> = counts.into_iter().collect();
        ranked.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
        ranked.truncate(most - usize::from(has_unknown));
        let types: Vec<String> = ranked.into_iter().map(|(piece, _)| piece).collect();
        let places = types.iter().cloned().zip(0..).collect();
        Ok(Listed { unit, types, places, has_unknown })
    }

    fn encode(&self, text: &str) -> Vec<u32> {
        let unknown = self.has_unknown.then_some(self.types.len() as u32);
        let place = |piece| self.places.get(piece).copied().or(unknown);
        pieces(self.unit, text).filter_map(place).collect()
    }

    fn lexicon(&self) -> Lexicon {
        let mut pieces: Vec<Vec<u8>> = self.types.iter().map(|t| t.as_bytes().to_vec()).collect();
        if self.has_unknown {
            pieces.push(UNKNOWN.as_bytes().to_vec());
        }
        match self.unit {
            Unit::Word => Lexicon::prose(pieces),
            _ => Lexicon::new(pieces, ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(unit: Unit, limit: Option<usize>, text: &str, other: &str) -> Vocabulary {
        let (training, held_out) = ([text.as_bytes()], [other.as_bytes()]);
        Vocabulary::learn(unit, limit, &training, &held_out).expect("a vocabulary")
    }

    fn shown(vocabulary: &Vocabulary, text: &str) -> String {
        vocabulary.lexicon().text(&vocabulary.encode(text.as_bytes()))
    }

    #[test]
    fn types_are_ranked_by_frequency_and_then_by_spelling() {
        let words = learn(Unit::Word, None, "b a c a b a d", "");
        assert_eq!(words.encode(b"a b c d"), [0, 1, 2, 3]);
        assert_eq!(words.lexicon().len(), 4);
    }

    #[test]
    fn rare_and_unseen_types_become_unknown() {
        let words = learn(Unit::Word, Some(3), "to be, or not to be", "");
        assert_eq!(shown(&words, "to be or not"), "to be <unk> <unk>");
        assert_eq!(words.lexicon().len(), 3);
        let unseen = learn(Unit::Char, None, "abc", "abd");
        assert_eq!((shown(&unseen, "abd"), unseen.lexicon().len()), ("ab<unk>".into(), 4));
        let full = learn(Unit::Char, Some(3), "abc", "abc");
        assert_eq!(shown(&full, "cab"), "cab");
    }

    #[test]
    fn bytes_are_256_types_whatever_the_text() {
        let bytes = learn(Unit::Byte, None, "", "");
        assert_eq!(bytes.lexicon().len(), 256);
        assert_eq!(shown(&bytes, "naïve\r\0"), "naïve\r\0");
    }

    #[test]
    fn words_read_well_when_they_are_put_together_again() {
        let text = "'Tis so: to be,\n(or not) to be. The players' self-love!";
        assert_eq!(shown(&learn(Unit::Word, None, text, ""), text), text);
    }
}
