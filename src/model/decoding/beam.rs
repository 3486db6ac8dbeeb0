//! Beam search: of all continuations of the kept partial sequences, the best are kept.

use super::{Continue, Decoding, truncate};
use std::cmp::Ordering;

/// A partial sequence with one more token.
#[derive(Clone, Copy)]
struct Candidate {
    score: f64,
    beam: usize,
    kind: u32,
}

impl Candidate {
    /// Better first; of equal ones the earlier beam, then the earlier type.
    fn order(&self, other: &Self) -> Ordering {
        let place = (self.beam, self.kind).cmp(&(other.beam, other.kind));
        other.score.total_cmp(&self.score).then(place)
    }
}

/// The continuation of each prompt with the highest Σ ln p that the search meets.
///
/// All beams of a prompt begin alike, so that at first only one of them counts.
pub fn search<M: Continue>(
    model: &M,
    length: usize,
    decoding: &Decoding,
    prompts: &[&[u32]],
) -> Vec<u32> {
    let beams = decoding.beams.get();
    let rows: Vec<&[u32]> =
        prompts.iter().flat_map(|prompt| std::iter::repeat_n(*prompt, beams)).collect();
    let mut texts: Vec<Vec<u32>> = rows.iter().map(|prompt| prompt.to_vec()).collect();
    let first = |row: usize| if row.is_multiple_of(beams) { 0.0 } else { f64::NEG_INFINITY };
    let mut scores: Vec<f64> = (0..rows.len()).map(first).collect();
    let mut state = model.begin(&rows);
    for t in 0..length {
        let mut from = Vec::with_capacity(rows.len());
        let mut next = Vec::with_capacity(rows.len());
        for first in (0..rows.len()).step_by(beams) {
            let here = first..first + beams;
            let best = best(model, &state, decoding, &texts[here.clone()], &scores[here], first);
            for (place, candidate) in best.iter().enumerate() {
                scores[first + place] = candidate.score;
                from.push(first + candidate.beam);
                next.push(candidate.kind);
            }
        }
        texts = from.iter().map(|&row| texts[row].clone()).collect();
        texts.iter_mut().zip(&next).for_each(|(text, kind)| text.push(*kind));
        if t + 1 < length {
            model.reorder(&mut state, &from);
            model.push(&mut state, &next);
        }
    }
    // Candidates were put in order, so that the first beam of each prompt is its best.
    let best = texts.iter().zip(&rows).step_by(beams);
    best.flat_map(|(text, prompt)| &text[prompt.len()..]).copied().collect()
}

/// The best candidates of one prompt, as many as it has beams, in order.
fn best<M: Continue>(
    model: &M,
    state: &M::State,
    decoding: &Decoding,
    texts: &[Vec<u32>],
    scores: &[f64],
    first: usize,
) -> Vec<Candidate> {
    let beams = texts.len();
    let mut logits = vec![0.0; model.vocabulary()];
    let mut candidates: Vec<Candidate> = Vec::with_capacity(beams * logits.len());
    for (beam, text) in texts.iter().enumerate() {
        if beam > 0 && scores[beam] == f64::NEG_INFINITY {
            continue;
        }
        model.ln_next(state, first + beam, &mut logits);
        normalise(&mut logits);
        truncate::penalise(&mut logits, text, decoding.repetition_penalty.get());
        candidates.extend(logits.iter().enumerate().map(|(kind, ln)| Candidate {
            score: scores[beam] + f64::from(*ln),
            beam,
            kind: kind as u32,
        }));
    }
    if candidates.len() > beams {
        candidates.select_nth_unstable_by(beams - 1, Candidate::order);
        candidates.truncate(beams);
    }
    candidates.sort_by(Candidate::order);
    // Fewer candidates than beams: the rest do not count.
    candidates.resize(beams, Candidate { score: f64::NEG_INFINITY, beam: 0, kind: 0 });
    candidates
}

/// z − ln Σ exp z.
fn normalise(logits: &mut [f32]) {
    let most = f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let sum: f64 = logits.iter().map(|z| (f64::from(*z) - most).exp()).sum();
    let ln = most + sum.ln();
    logits.iter_mut().for_each(|z| *z = (f64::from(*z) - ln) as f32);
}
