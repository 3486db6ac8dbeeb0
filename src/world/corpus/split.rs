//! What is trained on and what is held out, decided before a vocabulary is made.
//!
//! Bytes, characters and words do not depend on the vocabulary, and their blocks are known before it.
//! Byte pairs do: their text is cut at line ends into stretches of 16 bytes for each token of a block,
//! and neighbouring stretches of one kind are joined before blocks are made of them.

use super::source::Document;
use super::{Corpus, Unit, word};
use crate::samples::{Samples, Tokens};
use crate::stream;
use crate::world::WorldError;
use rand::seq::SliceRandom;

/// Documents from which on whole documents are held out.
const MANY: usize = 10;

/// Runs of text: no block goes from one to another.
#[derive(Debug, Default, PartialEq)]
pub struct Parts<'a> {
    pub training: Vec<&'a [u8]>,
    pub held_out: Vec<&'a [u8]>,
}

pub fn split<'a>(corpus: &Corpus, documents: &'a [Document]) -> Result<Parts<'a>, WorldError> {
    let texts: Vec<&[u8]> = documents.iter().map(|document| document.text.as_bytes()).collect();
    if corpus.held_out.get() <= 0.0 {
        return Ok(Parts { training: texts, held_out: Vec::new() });
    }
    if documents.len() >= MANY {
        return Ok(by_document(corpus, texts));
    }
    let cuts: Vec<Vec<usize>> = documents.iter().map(|d| cuts(corpus, &d.text)).collect();
    let pieces: usize = cuts.iter().map(|cuts| cuts.len() - 1).sum();
    if pieces < 2 {
        let what = match corpus.tokens {
            Unit::Bpe => "stretches of 16 bytes for each token of a block",
            _ => "blocks",
        };
        return Err(too_small(
            corpus,
            format!("the text makes {pieces} {what}, and one is held out"),
        ));
    }
    let held_out = (corpus.held_out.get() * pieces as f64).round() as usize;
    let mut apart = vec![false; pieces];
    apart[..held_out.clamp(1, pieces - 1)].fill(true);
    apart.shuffle(&mut stream::of_parameters(u64::from(corpus.seed)));
    let mut parts = Parts::default();
    let mut apart = apart.as_slice();
    for (text, cuts) in texts.into_iter().zip(cuts) {
        let (own, rest) = apart.split_at(cuts.len() - 1);
        join(text, &cuts, own, &mut parts);
        apart = rest;
    }
    Ok(parts)
}

/// Neighbouring pieces of one kind as one run.
fn join<'a>(text: &'a [u8], cuts: &[usize], apart: &[bool], parts: &mut Parts<'a>) {
    let mut start = 0;
    for same in apart.chunk_by(|a, b| a == b) {
        let run = &text[cuts[start]..cuts[start + same.len()]];
        let kind = if same[0] { &mut parts.held_out } else { &mut parts.training };
        kind.push(run);
        start += same.len();
    }
}

/// Documents in a random order, each held out where that brings the held-out share nearer to what is
/// asked for; at least one, and not all.
fn by_document<'a>(corpus: &Corpus, texts: Vec<&'a [u8]>) -> Parts<'a> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.shuffle(&mut stream::of_parameters(u64::from(corpus.seed)));
    let total: usize = texts.iter().map(|text| text.len()).sum();
    let (target, mut held, mut left) = (corpus.held_out.get() * total as f64, 0, texts.len());
    let mut apart = vec![false; texts.len()];
    for &i in &order {
        let nearer = held as f64 + texts[i].len() as f64 / 2.0 <= target;
        if nearer && left > 1 && !texts[i].is_empty() {
            (apart[i], held, left) = (true, held + texts[i].len(), left - 1);
        }
    }
    if held == 0 {
        let written = order.iter().filter(|i| !texts[**i].is_empty());
        written.min_by_key(|i| texts[**i].len()).into_iter().for_each(|i| apart[*i] = true);
    }
    let kind = |wanted: bool| {
        texts.iter().zip(&apart).filter(move |(_, apart)| **apart == wanted).map(|(text, _)| *text)
    };
    Parts { training: kind(false).collect(), held_out: kind(true).collect() }
}

/// Where a document is cut into pieces: 0, and the end of each.
fn cuts(corpus: &Corpus, text: &str) -> Vec<usize> {
    let block = corpus.block.get();
    let every = |starts: &mut dyn Iterator<Item = usize>| starts.step_by(block).collect();
    match corpus.tokens {
        Unit::Byte => every(&mut (0..=text.len())),
        Unit::Char => every(&mut text.char_indices().map(|(at, _)| at).chain([text.len()])),
        Unit::Word => {
            let starts = word::tokens(text).map(|token| token.start);
            let mut cuts: Vec<usize> = every(&mut starts.chain([text.len()]));
            // Spaces before the first word belong to it.
            cuts[0] = 0;
            cuts
        }
        Unit::Bpe => stretches(text, block.saturating_mul(16)),
    }
}

/// Ends of lines about so many bytes from each other; ends of characters where lines are long.
fn stretches(text: &str, bytes: usize) -> Vec<usize> {
    let mut cuts = vec![0];
    let mut start = 0;
    while text.len() - start > bytes {
        let least = ceil_character(text, start + bytes);
        let line = text[least..].find('\n').filter(|at| *at < bytes);
        start = line.map_or(least, |at| least + at + 1);
        cuts.push(start);
    }
    if start < text.len() {
        cuts.push(text.len());
    }
    cuts
}

/// The first end of a character at or after a byte.
fn ceil_character(text: &str, byte: usize) -> usize {
    (byte..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// A text must have a block for each part.
pub fn check(corpus: &Corpus, training: &Tokens, apart: &Tokens) -> Result<(), WorldError> {
    let (train, held) = (training.len(), apart.len());
    if train > 0 && (held > 0 || corpus.held_out.get() <= 0.0) {
        return Ok(());
    }
    Err(too_small(corpus, format!("the text makes {train} blocks to train on and {held} held out")))
}

pub fn too_small(corpus: &Corpus, what: String) -> WorldError {
    let block = corpus.block.get();
    WorldError {
        key: Some("block"),
        reason: format!("{what}, with {block} tokens in a block"),
        help: "choose a smaller block, another share to hold out, or a longer text".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::bounded::{Count, Fraction};

    fn corpus(tokens: Unit, block: usize, held_out: f64) -> Corpus {
        let (block, held_out) = (Count::literal(block), Fraction::literal(held_out));
        Corpus { tokens, block, held_out, ..Corpus::default() }
    }

    fn documents(texts: &[String]) -> Vec<Document> {
        texts.iter().map(|text| Document { text: text.clone() }).collect()
    }

    #[test]
    fn blocks_are_held_out_whole_and_none_is_lost() {
        let text = documents(&["abcdefghijklmnopqrstuvw".into()]);
        let parts = split(&corpus(Unit::Char, 3, 0.3), &text).expect("seven blocks");
        let length = |runs: &[&[u8]]| runs.iter().map(|run| run.len()).sum::<usize>();
        assert_eq!((length(&parts.training), length(&parts.held_out)), (15, 6));
        let all = parts.training.iter().chain(&parts.held_out);
        assert!(
            all.clone().all(|run| run.len().is_multiple_of(3) && (run[0] - b'a').is_multiple_of(3))
        );
    }

    #[test]
    fn from_ten_documents_on_whole_ones_are_held_out() {
        let texts: Vec<String> = (0..20).map(|i| format!("{i:02}").repeat(50)).collect();
        let texts = documents(&texts);
        let parts = split(&corpus(Unit::Byte, 4, 0.1), &texts).expect("twenty documents");
        assert_eq!((parts.training.len(), parts.held_out.len()), (18, 2));
        assert!(parts.held_out.iter().all(|run| run.len() == 100));
        let other = Corpus { seed: 1, ..corpus(Unit::Byte, 4, 0.1) };
        assert_ne!(split(&other, &texts).expect("the same"), parts);
        let least = split(&corpus(Unit::Byte, 4, 1e-9), &texts).expect("the same");
        assert_eq!(least.held_out.len(), 1);
        let most = split(&corpus(Unit::Byte, 4, 0.999), &texts).expect("the same");
        assert_eq!(most.training.len(), 1);
    }

    #[test]
    fn stretches_end_at_line_ends_or_characters_and_cover_the_text() {
        let text = "one two\nthree\nfour five six\n".repeat(9) + &"é".repeat(200);
        let cuts = stretches(&text, 16);
        assert_eq!((cuts[0], cuts.last().copied()), (0, Some(text.len())));
        assert!(cuts.is_sorted() && cuts.iter().all(|at| text.is_char_boundary(*at)));
        let prose = cuts.iter().take(9).skip(1);
        assert!(prose.clone().all(|at| text.as_bytes()[at - 1] == b'\n'));
        assert_eq!(stretches("", 16), [0]);
        assert_eq!(stretches("short", usize::MAX), [0, 5]);
    }

    #[test]
    fn a_text_of_one_block_has_nothing_to_hold_out() {
        let text = documents(&["abcdef".into()]);
        let error = split(&corpus(Unit::Char, 4, 0.1), &text).expect_err("too small");
        assert!(error.reason.contains("makes 1 blocks"), "{}", error.reason);
        let error = split(&corpus(Unit::Char, 40, 0.1), &text).expect_err("too small");
        assert!(error.reason.contains("makes 0 blocks"), "{}", error.reason);
    }
}
