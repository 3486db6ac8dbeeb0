//! The corpus as a world: files of every kind, blocks, round trips, and what is refused.

use super::*;
use crate::samples::Samples;
use proptest::prelude::*;

/// A corpus over files of this content, in a folder of their own.
fn over(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Corpus) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    let path = Some(if files.len() == 1 { files[0].0.into() } else { PathBuf::from(".") });
    (folder, Corpus { path, block: Count::literal(4), ..Corpus::default() })
}

fn open(files: &[(&str, &[u8])], change: impl Fn(Corpus) -> Corpus) -> distribution::Corpus {
    let (folder, corpus) = over(files);
    change(corpus).corpus(folder.path()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(files: &[(&str, &[u8])], change: impl Fn(Corpus) -> Corpus) -> WorldError {
    let (folder, corpus) = over(files);
    let error = change(corpus).corpus(folder.path()).expect_err("refused");
    assert!(!error.help.is_empty(), "{error}");
    error
}

/// All blocks of a text of which nothing is held out, as text.
fn all(content: &str, tokens: Unit, block: usize) -> String {
    let nothing = Fraction::literal(0.0);
    let block = Count::literal(block);
    let corpus = open(&[("a.txt", content.as_bytes())], |corpus| Corpus {
        tokens,
        block,
        held_out: nothing,
        ..corpus
    });
    assert!(corpus.reserve().is_none());
    let stock = corpus.stock().expect("finite");
    corpus.lexicon().expect("spelling").text(stock.types())
}

#[test]
fn blocks_are_the_text_in_its_order_and_an_incomplete_one_is_left_out() {
    assert_eq!(all("abcdefghij", Unit::Char, 4), "abcdefgh");
    assert_eq!(all("one two, three four five", Unit::Word, 2), "one two, three four five");
    let two = open(&[("b.txt", b"bbbbbb"), ("a.txt", b"aaaaaa"), ("c.md", b"cccccccc")], |c| {
        Corpus { held_out: Fraction::literal(0.0), ..c }
    });
    let (stock, lexicon) = (two.stock().expect("finite"), two.lexicon().expect("spelling"));
    let blocks: Vec<String> = stock.sequences().map(|block| lexicon.text(block)).collect();
    assert_eq!(blocks, ["aaaa", "bbbb"], "blocks do not cross documents, names decide the order");
}

#[test]
fn held_out_blocks_are_never_among_those_to_train_on() {
    let text: String = (0..4000).map(|i| char::from(b'a' + (i / 4 % 26) as u8)).collect();
    let split = |seed| open(&[("a.txt", text.as_bytes())], |corpus| Corpus { seed, ..corpus });
    let corpus = split(0);
    let (stock, apart) = (corpus.stock().expect("finite"), corpus.reserve().expect("apart"));
    assert_eq!((stock.len(), apart.len()), (900, 100));
    assert_eq!(split(0).reserve(), Some(apart));
    assert_ne!(split(1).reserve(), Some(apart));
}

#[test]
fn marks_line_ends_and_nul_bytes_are_plain_text() {
    assert_eq!(all("\u{feff}one\r\ntwo\rthree\n", Unit::Char, 1), "one\ntwo\nthree\n");
    assert_eq!(all("a\0b\0", Unit::Byte, 1), "a\0b\0");
    let long = "x".repeat(1 << 20);
    assert_eq!(all(&long, Unit::Word, 1), long);
    assert_eq!(all(&long, Unit::Char, 1 << 20), long);
}

#[test]
fn what_is_no_text_is_refused_with_its_byte() {
    let same = |corpus| corpus;
    let error = refused(&[("a.txt", b"fine\nnot \xff")], same);
    assert!(error.reason.ends_with("byte 9 (line 2) is 0xff"), "{error}");
    // A lone surrogate, encoded as if it were a character.
    let error = refused(&[("a.txt", b"abc\xed\xa0\x80")], same);
    assert!(error.reason.contains("byte 3 (line 1) is 0xed"), "{error}");
    assert!(error.help.contains("iconv"));
    assert!(refused(&[("a.txt", b"")], same).reason.ends_with("is empty"));
    assert!(refused(&[("a.txt", b"\xef\xbb\xbf")], same).reason.ends_with("is empty"));
    let nowhere = |corpus| Corpus { path: Some("nowhere".into()), ..corpus };
    assert!(refused(&[("a.txt", b"x")], nowhere).reason.starts_with("there is no file or folder"));
    assert!(refused(&[("a.md", b"x"), ("b", b"y")], same).reason.ends_with("has no .txt file"));
}

#[test]
fn a_text_too_small_for_its_blocks_is_refused_with_their_number() {
    let same = |corpus| corpus;
    let error = refused(&[("a.txt", b"abc")], same);
    assert!(error.reason.contains("makes 0 blocks, and one is held out, with 4 tokens"), "{error}");
    assert!(refused(&[("a.txt", b"abcdefg")], same).reason.contains("makes 1 blocks"));
    assert_eq!(error.key, Some("block"));
    let whole = |corpus| Corpus { held_out: Fraction::literal(0.0), ..corpus };
    assert!(refused(&[("a.txt", b"abc")], whole).reason.contains("0 blocks to train on"));
    let least = open(&[("a.txt", b"abcdabcd")], same);
    assert_eq!(
        (least.stock().map(Samples::len), least.reserve().map(Samples::len)),
        (Some(1), Some(1))
    );
}

#[test]
fn hyperparameters_that_contradict_each_other_are_refused_by_name() {
    let text: &[(&str, &[u8])] = &[("a.txt", b"some text that is long enough")];
    let types = |n| Some(Count::literal(n));
    let key = |change: &dyn Fn(Corpus) -> Corpus| refused(text, change).key;
    assert_eq!(key(&|c| Corpus { name: Some(Name::Cicero), ..c }), Some("name"));
    assert_eq!(key(&|c| Corpus { held_out: Fraction::literal(1.0), ..c }), Some("held-out"));
    for vocabulary in [types(1), types(MOST_TYPES + 1)] {
        assert_eq!(key(&|c| Corpus { vocabulary, ..c }), Some("vocabulary"));
        let bpe = |c| Corpus { vocabulary, tokens: Unit::Bpe, ..c };
        assert_eq!(key(&bpe), Some("vocabulary"));
    }
    let bytes = |c| Corpus { vocabulary: types(256), tokens: Unit::Byte, ..c };
    assert_eq!(key(&bytes), Some("vocabulary"));
}

#[test]
#[cfg(not(feature = "neural"))]
fn byte_pairs_are_refused_with_the_feature_that_has_them() {
    let text = "some text ".repeat(500);
    let bpe = |c| Corpus { tokens: Unit::Bpe, ..c };
    assert!(refused(&[("a.txt", text.as_bytes())], bpe).help.contains("`neural`"));
}

#[test]
#[cfg(feature = "bundled-data")]
fn cicero_is_the_default_and_every_unit_opens() {
    let default = Corpus::default().corpus(Path::new("")).expect("bundled");
    let named = Corpus { name: Some(Name::Cicero), ..Corpus::default() };
    assert_eq!(named.corpus(Path::new("")).expect("bundled").stock(), default.stock());
    assert!(Corpus::default().files(Path::new("")).is_empty());
    let first = all(lipsum::LIBER_PRIMUS, Unit::Char, 64);
    assert!(first.starts_with("Non eram nescius, Brute, cum, quae summis"));
    let small = |vocabulary| Corpus {
        tokens: Unit::Word,
        vocabulary: Some(Count::literal(vocabulary)),
        ..Corpus::default()
    };
    let shape = small(500).shape(Path::new("")).expect("bundled");
    assert_eq!(shape, TokenShape { vocabulary: 500, length: Some(64) });
}

#[test]
#[cfg(not(feature = "bundled-data"))]
fn without_the_feature_the_error_names_it() {
    let error = Corpus::default().open(Path::new("")).err().expect("no text");
    assert!(error.help.contains("`bundled-data`"));
}

#[test]
fn the_files_are_those_that_are_read() {
    let (folder, corpus) = over(&[("b.txt", b"b"), ("a.TXT", b"a"), ("c.md", b"c")]);
    let names = corpus.files(folder.path());
    let ends: Vec<_> = names.iter().filter_map(|path| path.file_name()).collect();
    assert_eq!(ends, ["a.TXT", "b.txt"]);
    let missing = Corpus { path: Some("nowhere.txt".into()), ..Corpus::default() };
    assert_eq!(missing.files(folder.path()), [folder.path().join("nowhere.txt")]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_decoded_is_what_was_encoded(text in "\\PC{0,60}|[a-c \n\t\0é☃]{0,60}") {
        let bytes = text.as_bytes();
        let mut units = vec![Unit::Byte, Unit::Char];
        if cfg!(feature = "neural") {
            units.push(Unit::Bpe);
        }
        for unit in units {
            let vocabulary = Vocabulary::learn(unit, None, &[bytes], &[]).expect("a vocabulary");
            let types = vocabulary.encode(bytes);
            prop_assert_eq!(vocabulary.lexicon().text(&types), text.as_str());
        }
    }
}
