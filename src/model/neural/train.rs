//! The training loop that all networks share.
//!
//! Sequences are shuffled anew each epoch, batches are cut from the row of all epochs, and the loss is
//! the mean over tokens of w·(−ln p), w the importance weight of a sequence. The rate climbs linearly
//! over the warm-up and falls as a half cosine to its floor. Everything random comes from one stream.

mod settings;

use super::Error;
use super::adam::{self, Adam, Rule};
use super::buffer;
use super::network::{Decoder, Network};
use super::ops::cross_entropy::{Target, cross_entropy};
use super::parameters::Parameters;
use super::weights::Weights;
use crate::samples::{Samples, Tokens};
use crate::stream::Stream;
use candle_core::Device;
use rand::RngExt;
pub use settings::{EarlyStopping, Origin, Training};
use std::sync::Arc;

/// Sequences that a network is trained on together.
#[derive(Clone, Debug)]
pub struct Batch {
    /// BOS and all tokens but the last, sequence after sequence.
    pub inputs: Arc<[u32]>,
    /// The place of each sequence's first input.
    pub offsets: Arc<[u32]>,
}

/// What is learned from.
pub struct Lesson<'a> {
    pub sequences: &'a Tokens,
    /// One for each sequence.
    pub weights: Option<&'a [f64]>,
    pub validation: Option<&'a Tokens>,
}

/// The rows of endless epochs, each in a new order.
struct Shuffle {
    order: Vec<usize>,
    next: usize,
}

impl Shuffle {
    fn take(&mut self, n: usize, rng: &mut Stream) -> Vec<usize> {
        let mut rows = Vec::with_capacity(n);
        while rows.len() < n {
            if self.next == 0 {
                for i in (1..self.order.len()).rev() {
                    self.order.swap(i, rng.random_range(0..=i));
                }
            }
            rows.push(self.order[self.next]);
            self.next = (self.next + 1) % self.order.len();
        }
        rows
    }
}

/// The batch of these rows, and what its logits are compared with.
fn batch<N: Network>(
    network: &N,
    lesson: &Lesson<'_>,
    rows: &[usize],
    confidence: Option<f64>,
    rng: &mut Stream,
) -> (Batch, Target) {
    let (length, types) = (network.length(), network.types());
    let mut inputs = Vec::with_capacity(rows.len() * length);
    let mut tokens = Vec::with_capacity(rows.len() * length);
    for &row in rows {
        let sequence = lesson.sequences.sequence(row);
        inputs.push(types as u32);
        inputs.extend_from_slice(&sequence[..length - 1]);
        tokens.extend_from_slice(sequence);
    }
    let offset = |rng: &mut Stream| match network.offsets() {
        1 => 0,
        most => rng.random_range(0..most as u32),
    };
    let offsets = rows.iter().map(|_| offset(rng)).collect();
    let weight = |weights: &[f64]| {
        rows.iter().flat_map(|row| std::iter::repeat_n(weights[*row] as f32, length)).collect()
    };
    let weights = lesson.weights.map(weight);
    let confidence = confidence.map(|most| most as f32);
    let target = Target { types, tokens: tokens.into(), weights, confidence };
    (Batch { inputs: inputs.into(), offsets }, target)
}

/// Trains from these weights, and returns the last ones, or with early stopping the best ones.
///
/// Every sequence has the network's length, and there is at least one.
pub fn train<N: Network>(
    network: &N,
    settings: &Training,
    start: &Weights,
    lesson: &Lesson<'_>,
    device: &Device,
    rng: &mut Stream,
) -> Result<Weights, Error> {
    let parameters = Parameters::from_weights(start, N::variable, device)?;
    let n = lesson.sequences.len();
    let size = settings.batch.get().min(n);
    let steps = settings.steps(n);
    let mut adam = Adam::new(Rule {
        beta1: settings.beta1.get(),
        beta2: settings.beta2.get(),
        decay: settings.weight_decay.get(),
    });
    let mut shuffle = Shuffle { order: (0..n).collect(), next: 0 };
    let mut watch = Watch::new(settings, lesson);
    let confidence = settings.confidence.map(|most| most.get());
    for step in 0..steps {
        let rows = shuffle.take(size, rng);
        let (batch, target) = batch(network, lesson, &rows, confidence, rng);
        let logits = network.logits(&parameters, &batch, Some(rng))?;
        let loss = cross_entropy(&logits, &target)?;
        let value = f64::from(loss.to_scalar::<f32>()?);
        if !value.is_finite() {
            return Err(Error::Diverged { step, loss: value });
        }
        let gradients = loss.backward()?;
        let norm = adam::norm(&parameters, &gradients)?;
        if !norm.is_finite() {
            return Err(Error::Exploded { step, norm });
        }
        let clip = settings.clip.get();
        let scale = if clip > 0.0 && norm > clip { clip / norm } else { 1.0 };
        adam.step(&parameters, &gradients, settings.rate(step, steps), scale)?;
        if watch.ends(network, &parameters, step + 1)? {
            break;
        }
    }
    buffer::forget();
    match watch.best {
        Some((_, weights)) => Ok(weights),
        None => parameters.weights(),
    }
}

/// Early stopping: the best weights so far, and how long ago that was.
struct Watch<'a> {
    rule: Option<(&'a EarlyStopping, Vec<&'a [u32]>)>,
    best: Option<(f64, Weights)>,
    since: usize,
}

impl<'a> Watch<'a> {
    fn new(settings: &'a Training, lesson: &Lesson<'a>) -> Self {
        let validation = lesson.validation.filter(|tokens| !tokens.is_empty());
        let rule = settings.early_stopping.as_ref().zip(validation);
        let rule = rule.map(|(rule, tokens)| (rule, tokens.sequences().collect()));
        Watch { rule, best: None, since: 0 }
    }

    /// Whether training ends after so many steps.
    fn ends<N: Network>(
        &mut self,
        network: &N,
        parameters: &Parameters,
        steps: usize,
    ) -> Result<bool, Error> {
        let Some((rule, sequences)) = &self.rule else { return Ok(false) };
        if !steps.is_multiple_of(rule.every.get()) {
            return Ok(false);
        }
        let weights = parameters.weights()?;
        let loss = -network.decoder(&weights).ln_probabilities(sequences).iter().sum::<f64>();
        if self.best.as_ref().is_none_or(|(best, _)| loss < *best) {
            self.best = Some((loss, weights));
            self.since = 0;
            return Ok(false);
        }
        self.since += 1;
        Ok(self.since >= rule.patience.get())
    }
}

#[cfg(test)]
mod tests;
