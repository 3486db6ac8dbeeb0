//! A bigram model counted from words with Zipf frequencies, and as many words drawn from it.

use crate::clock::{median, seconds};
use crate::peers::Peer;
use crate::process;
use crate::table::{Bound, Row, duration};
use model_collapse::distribution::{Distribution, Types};
use model_collapse::model::ngram::NGram;
use model_collapse::model::{Bench, Family, Kin};
use model_collapse::samples::{Samples, Tokens, TrainingSet};
use model_collapse::stream::{Role, stream};

const WORDS: usize = 900_000;
const TYPES: usize = 74_000;
const ROUNDS: usize = 7;

/// The word that makes this program measure its memory.
pub const PROCESS: &str = "ngrams";

/// One text of independent words: more pairs differ than in any natural text of its size.
fn text() -> Tokens {
    let weights: Vec<f64> = (1..=TYPES).map(|rank| 1.0 / (rank as f64 + 2.7)).collect();
    let words = Types::new(&weights, WORDS).expect("some weight");
    words.draw(1, &mut stream(1, 0, 0, Role::WORLD))
}

fn count(text: &Tokens) -> <NGram as Family>::Model {
    let data = TrainingSet::plain(text);
    let mut rng = stream(1, 0, 1, Role::FIT);
    NGram::default().fit(&data, Kin::default(), &Bench::default(), &mut rng).expect("words")
}

fn generation(text: &Tokens) -> Tokens {
    count(text).release(text.len(), &mut stream(1, 0, 1, Role::DRAW))
}

pub fn rows(ask: bool) -> Vec<Row> {
    let text = text();
    let mut peer = ask.then(|| Peer::new("ngrams", None));
    generation(&text);
    let counting: Vec<f64> = (0..ROUNDS).map(|_| seconds(|| count(&text))).collect();
    let both: Vec<f64> = (0..ROUNDS).map(|_| seconds(|| generation(&text))).collect();
    if let Some(peer) = &mut peer {
        peer.run();
    }
    let (counting, both) = (median(&counting), median(&both));
    let theirs = peer.as_ref().and_then(Peer::median);
    let work = "bigrams, 900 000 words of 74 000 types, count and draw as many";
    let row = |what: &str, ours: String, reached, bound, unit| {
        let peer = theirs.map_or_else(|| "–".into(), duration);
        Row { work: format!("{work}{what}"), ours, peer, reached, bound, unit }
    };
    let parts = format!("{} ({} to count)", duration(both), duration(counting));
    let speed = Some(WORDS as f64 / both);
    let memory = process::ask(PROCESS).first().copied();
    vec![
        row(" (peer: nltk)", parts, speed, Bound::AtLeast(3e6), "words/s"),
        row(": peak memory", "–".into(), memory, Bound::AtMost(150.0), "MB"),
    ]
}

/// In a process of its own: prints the peak of its memory in MB, or nothing where the system does not
/// tell.
pub fn answer() {
    std::hint::black_box(generation(&text()));
    if let Some(peak) = process::kilobytes("VmHWM:") {
        println!("{}", peak * 1024.0 / 1e6);
    }
}
