//! How sequences are made from a model of the next token: temperature, truncation, greedy, beams.
//!
//! From the model's logits z (logarithms of unnormalised probabilities), in this order: repetition
//! penalty r (z > 0 is divided by r and z < 0 multiplied, for every type already in the sequence or its
//! prompt), temperature z/T, then top-k, top-p (nucleus), min-p, each on what the one before left; then
//! one draw, or the largest (greedy). Beam search keeps the `beams` partial sequences of the highest
//! Σ ln p and gives the best; there the penalty applies to ln p, as in Hugging Face's transformers.
//! Every setting but a temperature above 1 and a penalty above 1 takes mass from rare tokens.
//! Sequences of one batch do not know of each other: the size of a batch changes no token.
//! Source: Holtzman et al. 2020 (top-p); Keskar et al. 2019 (repetition penalty); Shumailov et al. 2024
//! (five beams, penalty 2).

mod beam;
mod truncate;

use super::Misfit;
use crate::numeric::bounded::{Count, Positive, Share};
use crate::samples::Tokens;
use crate::stream::Stream;
use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sequences that are continued at the same time.
const BATCH: usize = 64;

/// How the offspring are made from the model; without any setting, by drawing from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Decoding {
    /// T: logits are divided by it (default 1).
    pub temperature: Positive,
    /// Only the k most likely types, and those that tie with the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_k: Option<Count>,
    /// Only the fewest most likely types whose mass reaches this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<Share>,
    /// Only types at least this many times as likely as the most likely one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_p: Option<Share>,
    /// Always the most likely type, the first of several (default false).
    pub greedy: bool,
    /// The number of partial sequences that beam search keeps (default 1: no beam search).
    pub beams: Count,
    /// r: makes types that occurred less likely (default 1: no penalty).
    pub repetition_penalty: Positive,
    /// Offspring i continues the last so many tokens of founder i mod n; only the continuation is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<Count>,
}

impl Default for Decoding {
    fn default() -> Self {
        Decoding {
            temperature: Positive::literal(1.0),
            top_k: None,
            top_p: None,
            min_p: None,
            greedy: false,
            beams: Count::literal(1),
            repetition_penalty: Positive::literal(1.0),
            prompt: None,
        }
    }
}

impl Decoding {
    /// The settings of beam search and of drawing exclude one another, and a prompt is a part of a
    /// sequence of this length.
    pub fn check(&self, length: usize) -> Result<(), Misfit> {
        let truncates = self.top_k.is_some() || self.top_p.is_some() || self.min_p.is_some();
        let draws = truncates || self.temperature.get() != 1.0;
        let chooses = if self.greedy { "greedy" } else { "beams" };
        if draws && (self.greedy || self.beams.get() > 1) {
            return Err(Misfit {
                reason: format!("{chooses} draws nothing, and a temperature or truncation is set"),
                help: format!("leave out `{chooses}`, or temperature, top-k, top-p and min-p"),
            });
        }
        if self.greedy && self.beams.get() > 1 {
            return Err(Misfit {
                reason: format!("greedy keeps one sequence, and beams is {}", self.beams.get()),
                help: "leave out `greedy` or `beams`".into(),
            });
        }
        match self.prompt {
            Some(prompt) if prompt.get() > length => Err(Misfit {
                reason: format!("a prompt of {} tokens from sequences of {length}", prompt.get()),
                help: format!("choose a prompt of at most {length} tokens"),
            }),
            _ => Ok(()),
        }
    }

    /// The tokens that each founder gives a continuation to start from. Founders that are shorter than
    /// `prompt` give none.
    pub fn prompts<'a>(&self, founders: Option<&'a Tokens>) -> Vec<&'a [u32]> {
        let (Some(founders), Some(prompt)) = (founders, self.prompt) else { return Vec::new() };
        let last =
            |sequence: &'a [u32]| Some(&sequence[sequence.len().checked_sub(prompt.get())?..]);
        founders.sequences().filter_map(last).collect()
    }
}

/// A model that says how sequences go on: rows are sequences that are continued together.
pub trait Continue {
    type State;

    /// The number of types.
    fn vocabulary(&self) -> usize;

    /// One row for each prompt; all prompts have one length, which may be 0.
    fn begin(&self, prompts: &[&[u32]]) -> Self::State;

    /// The logits of the next token of one row (`vocabulary` of them), up to a constant of the row.
    fn ln_next(&self, state: &Self::State, row: usize, out: &mut [f32]);

    /// Appends one token to each row.
    fn push(&self, state: &mut Self::State, tokens: &[u32]);

    /// Row i becomes a copy of what row `rows[i]` was.
    fn reorder(&self, state: &mut Self::State, rows: &[usize]);
}

/// n sequences of `length` tokens, end to end. Draws one number for each token, sequence after sequence.
pub fn generate<M: Continue>(
    model: &M,
    n: usize,
    length: usize,
    decoding: &Decoding,
    prompts: Option<&Tokens>,
    rng: &mut Stream,
) -> Vec<u32> {
    in_batches(model, n, length, decoding, &decoding.prompts(prompts), rng, BATCH)
}

fn in_batches<M: Continue>(
    model: &M,
    n: usize,
    length: usize,
    decoding: &Decoding,
    prompts: &[&[u32]],
    rng: &mut Stream,
    most: usize,
) -> Vec<u32> {
    let beams = decoding.beams.get();
    let batch = (most / beams).max(1);
    let prompt = |i: usize| if prompts.is_empty() { &[][..] } else { prompts[i % prompts.len()] };
    let mut types = Vec::with_capacity(n * length);
    for first in (0..n).step_by(batch) {
        let prompts: Vec<&[u32]> = (first..n.min(first + batch)).map(prompt).collect();
        types.extend(match beams {
            1 => one_by_one(model, length, decoding, &prompts, rng),
            _ => beam::search(model, length, decoding, &prompts),
        });
    }
    types
}

/// Continues every prompt token by token, by drawing or greedily.
fn one_by_one<M: Continue>(
    model: &M,
    length: usize,
    decoding: &Decoding,
    prompts: &[&[u32]],
    rng: &mut Stream,
) -> Vec<u32> {
    let numbers = if decoding.greedy { 0 } else { prompts.len() * length };
    let uniform: Vec<f64> = (0..numbers).map(|_| rng.random()).collect();
    let mut texts: Vec<Vec<u32>> = prompts.iter().map(|prompt| prompt.to_vec()).collect();
    let mut logits = vec![0.0; model.vocabulary()];
    let mut next = vec![0; prompts.len()];
    let mut state = model.begin(prompts);
    for t in 0..length {
        for (row, text) in texts.iter_mut().enumerate() {
            model.ln_next(&state, row, &mut logits);
            truncate::penalise(&mut logits, text, decoding.repetition_penalty.get());
            next[row] = match uniform.get(row * length + t) {
                None => truncate::largest(&logits),
                Some(uniform) => {
                    truncate::truncate(&mut logits, decoding);
                    truncate::pick(&logits, *uniform)
                }
            } as u32;
            text.push(next[row]);
        }
        if t + 1 < length {
            model.push(&mut state, &next);
        }
    }
    texts.iter().zip(prompts).flat_map(|(text, prompt)| &text[prompt.len()..]).copied().collect()
}

#[cfg(test)]
mod tests;
