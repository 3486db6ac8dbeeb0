//! A trained language model, and the way from samples to it.

use super::network::{Decoder, Network};
use super::parameters::Parameters;
use super::train::{Lesson, Origin, Training, train};
use super::weights::Weights;
use super::{Error, device};
use crate::distribution::{Base, Conditional, Density, Distribution};
use crate::model::decoding::{Continue, Decoding, generate};
use crate::model::device::Device;
use crate::model::{Bench, FitError, Kin};
use crate::numeric::bounded::Fraction;
use crate::samples::{Samples, TokenShape, Tokens, TrainingSet};
use crate::stream::Stream;

/// A network with its weights: ln p(x₁ … x_L) = Σ ln p(x_t | x₁ … x_{t−1}) over the trained length L.
pub struct FittedLanguageModel<N: Network> {
    network: N,
    weights: Weights,
    decoding: Decoding,
    /// What prompts are taken from, where the decoding wants some.
    founders: Option<Tokens>,
}

impl<N: Network> FittedLanguageModel<N> {
    pub fn network(&self) -> &N {
        &self.network
    }

    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// A checkpoint.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        self.weights.to_bytes(&self.network.describe())
    }

    fn generate(&self, n: usize, decoding: &Decoding, rng: &mut Stream) -> Tokens {
        let (decoder, length) = (self.network.decoder(&self.weights), self.network.length());
        let types = generate(&decoder, n, length, decoding, self.founders.as_ref(), rng);
        Tokens::of_length(types, length, self.network.types() as u32)
    }
}

/// How a family trains, starts and draws.
pub struct Plan<'a> {
    pub training: &'a Training,
    pub start: Origin,
    pub decoding: &'a Decoding,
    /// The share of numbers that training drops; below 1.
    pub dropout: Fraction,
}

/// The network of the shape of the data, trained on it.
///
/// # Errors
/// Without samples, or where training diverges.
pub fn fit<N: Network>(
    plan: &Plan<'_>,
    network: impl FnOnce(usize, usize) -> N,
    data: &TrainingSet<'_, Tokens>,
    kin: &Kin<'_, FittedLanguageModel<N>>,
    bench: &Bench<'_, Tokens>,
    rng: &mut Stream,
) -> Result<FittedLanguageModel<N>, FitError> {
    let too_few = || FitError::TooFew { family: N::NAME, needs: 1, got: 0 };
    let (sequences, weights) = data.gathered().ok_or_else(too_few)?;
    let length = sequences.shape().length.filter(|length| *length > 0).ok_or_else(too_few)?;
    let network = network(sequences.vocabulary() as usize, length);
    let relative = match plan.start {
        Origin::Fresh => None,
        Origin::Parent => kin.parent,
        Origin::Founder => kin.founder,
    };
    let start = match relative.filter(|model| model.network == network) {
        Some(model) => model.weights.clone(),
        None => Parameters::initial(network.specifications(), rng),
    };
    let validation = bench.validation.filter(|tokens| tokens.shape().length == Some(length));
    let lesson = Lesson { sequences: &sequences, weights: weights.as_deref(), validation };
    let cause = |error: Error| FitError::Untrained { family: N::NAME, cause: error.to_string() };
    let device = device(Device::chosen().name()).map_err(cause)?;
    let weights = train(&network, plan.training, &start, &lesson, &device, rng).map_err(cause)?;
    let founders = plan.decoding.prompt.and(bench.founders).cloned();
    Ok(FittedLanguageModel { network, weights, decoding: plan.decoding.clone(), founders })
}

/// The model of a checkpoint, if it is one of the network that `expected` makes of its sizes.
pub fn load<N: Network>(
    bytes: &[u8],
    decoding: &Decoding,
    expected: impl FnOnce(usize, usize) -> N,
) -> Result<FittedLanguageModel<N>, Error> {
    let (network, weights) = N::restore(bytes)?;
    let expected = expected(network.types(), network.length());
    if expected != network {
        let (found, expected) = (network.describe(), expected.describe());
        return Err(Error::Architecture { found, expected });
    }
    Ok(FittedLanguageModel { network, weights, decoding: decoding.clone(), founders: None })
}

impl<N: Network> Distribution<Tokens> for FittedLanguageModel<N> {
    fn draw(&self, n: usize, rng: &mut Stream) -> Tokens {
        self.generate(n, &Decoding::default(), rng)
    }

    fn release(&self, n: usize, rng: &mut Stream) -> Tokens {
        self.generate(n, &self.decoding, rng)
    }

    fn shape(&self) -> TokenShape {
        let length = Some(self.network.length());
        TokenShape { vocabulary: self.network.types() as u32, length }
    }

    fn density(&self) -> Option<&dyn Density<Tokens>> {
        Some(self)
    }

    fn conditional(&self) -> Option<&dyn Conditional> {
        Some(self)
    }
}

impl<N: Network> Density<Tokens> for FittedLanguageModel<N> {
    fn base(&self) -> Base {
        Base::Counting
    }

    fn ln_density(&self, tokens: &Tokens) -> Vec<f64> {
        let length = self.network.length();
        let whole: Vec<&[u32]> = tokens.sequences().filter(|s| s.len() == length).collect();
        let mut ln = self.network.decoder(&self.weights).ln_probabilities(&whole).into_iter();
        // No sequence of another length is ever drawn.
        let one = |s: &[u32]| (s.len() == length).then(|| ln.next()).flatten();
        tokens.sequences().map(one).map(|ln| ln.unwrap_or(f64::NEG_INFINITY)).collect()
    }
}

impl<N: Network> Conditional for FittedLanguageModel<N> {
    fn order(&self) -> Option<usize> {
        None
    }

    fn next(&self, context: &[u32], probabilities: &mut [f64]) {
        // Beyond the trained length only the newest tokens are looked at.
        let kept = context.len().saturating_sub(self.network.length() - 1);
        let decoder = self.network.decoder(&self.weights);
        let state = decoder.begin(&[&context[kept..]]);
        normalised(&decoder, &state, probabilities);
    }

    fn along(&self, sequence: &[u32], probabilities: &mut [f64]) {
        let types = self.network.types();
        let decoder = self.network.decoder(&self.weights);
        let mut state = decoder.begin(&[&[]]);
        for (place, row) in probabilities.chunks_exact_mut(types).enumerate() {
            if place >= self.network.length() {
                self.next(&sequence[..place], row);
                continue;
            }
            normalised(&decoder, &state, row);
            if place + 1 < self.network.length() {
                decoder.push(&mut state, &sequence[place..=place]);
            }
        }
    }
}

/// The probabilities of what comes next in the one sequence of a state.
fn normalised<D: Continue>(decoder: &D, state: &D::State, probabilities: &mut [f64]) {
    let mut logits = vec![0.0; probabilities.len()];
    decoder.ln_next(state, 0, &mut logits);
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for (p, z) in probabilities.iter_mut().zip(&logits) {
        *p = f64::from(z - most).exp();
    }
    let total: f64 = probabilities.iter().sum();
    probabilities.iter_mut().for_each(|p| *p /= total);
}

#[cfg(test)]
mod tests;
