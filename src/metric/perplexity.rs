//! Perplexity of held-out real sequences under p_t: exp(−Σ ln p_t(x) / Σ |x|), |x| tokens in x.
//!
//! Unit: equally likely types a token. Range: [1, ∞]; in a known language at least
//! exp(H(p*) / length) on average.
//! Under collapse: grows; infinite where p_t gives a held-out sequence no mass.
//! Standard error: by the delta method, of a ratio of two means over sequences.
//! Cost: one density on the held-out samples. Empty where p_t has none, as a finite text has not.
//! Source: Shumailov et al. 2024; Jelinek et al. 1977.
//! Not to be confused with `cross-entropy`, in nats a sequence: of sequences of length L this is
//! exp(cross-entropy / L). Nor with `founder-perplexity`, which scores synthetic text. Values compare
//! over one vocabulary only: of longer tokens there are fewer, and each is harder to guess.

use super::{Card, Metric, Reading, Target};
use crate::distribution::Distribution;
use crate::lineage::{Noise, Snapshot};
use crate::samples::Tokens;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Perplexity {}

impl Metric<Tokens> for Perplexity {
    fn card(&self) -> Card {
        Card {
            symbol: "exp(−E_p* ln p_t / length)",
            unit: "types a token",
            target: Target::Least,
            cost: "one density of n held-out sequences",
            source: "Shumailov et al. 2024",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, _noise: Noise<'_>) -> Option<Reading> {
        of(now.model, now.truth.held_out())
    }
}

/// The perplexity of a text under a model. `None` where the model has no density, or the text no
/// token.
pub fn of(model: &dyn Distribution<Tokens>, text: &Tokens) -> Option<Reading> {
    let ln = model.density()?.ln_density(text);
    let lengths: Vec<f64> = text.sequences().map(|sequence| sequence.len() as f64).collect();
    let (n, tokens) = (lengths.len() as f64, lengths.iter().sum::<f64>());
    if tokens == 0.0 {
        return None;
    }
    let nats = 0.0 - ln.iter().sum::<f64>() / tokens;
    let residuals = ln.iter().zip(&lengths).map(|(ln, length)| (ln + nats * length).powi(2));
    let variance = residuals.sum::<f64>() / (n - 1.0);
    let of_mean = (variance / n).sqrt() / (tokens / n);
    Reading::estimate(nats.exp(), nats.exp() * of_mean)
}

/// The perplexity of every sequence by itself, where it has any token.
pub fn of_each(model: &dyn Distribution<Tokens>, text: &Tokens) -> Option<Vec<Option<f64>>> {
    let ln = model.density()?.ln_density(text);
    let one = |(ln, sequence): (f64, &[u32])| {
        (!sequence.is_empty()).then(|| (0.0 - ln / sequence.len() as f64).exp())
    };
    Some(ln.into_iter().zip(text.sequences()).map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_world};
    use super::*;
    use crate::distribution::{Finite, Types};

    fn types(weights: &[f64], length: usize) -> Types {
        Types::new(weights, length).expect("some weight")
    }

    #[test]
    fn equally_likely_types_are_as_many_as_they_are() {
        let reading = measure(&Perplexity {}, &types(&[1., 2., 3.], 5), &types(&[1.; 3], 5));
        let Reading { value, standard_error } = reading.expect("a density");
        assert!((value - 3.0).abs() < 1e-12 && standard_error.is_some_and(|e| e < 1e-12));
    }

    #[test]
    fn the_world_scores_the_exponential_of_its_entropy_a_token() {
        let world = types(&[6., 3., 1.], 4);
        let reading = of_world(&Perplexity {}, &world).expect("a density");
        let exact = (world.entropy().expect("exact") / 4.0).exp();
        assert!((reading.value - exact).abs() < 4.0 * reading.standard_error.expect("drawn"));
    }

    #[test]
    fn sequences_count_by_their_tokens_and_each_has_its_own() {
        let text = Tokens::ragged(vec![0, 1, 1, 1], vec![1, 1, 4], 2);
        let model = types(&[1., 3.], 1);
        let pooled = ((4.0_f64).ln() / 4.0 + 0.75 * (4.0_f64 / 3.0).ln()).exp();
        assert!((of(&model, &text).expect("tokens").value - pooled).abs() < 1e-12);
        let each = of_each(&model, &text).expect("a density");
        assert!(each[0].is_some_and(|p| (p - 4.0).abs() < 1e-12) && each[1].is_none());
        assert!(each[2].is_some_and(|p| (p - 4.0 / 3.0).abs() < 1e-12));
    }

    #[test]
    fn the_error_of_a_ratio_is_that_of_its_repetitions() {
        // Lengths 1 and 3 in turn, so that numerator and denominator vary together.
        let (world, model) = (types(&[2., 1.], 1), types(&[1., 3.], 1));
        let mut rng = crate::stream::stream(3, 0, 0, crate::stream::Role::EVALUATE);
        let ends: Vec<usize> = (0..200).map(|i| 2 * i + 1 + i % 2).collect();
        let mut again = || {
            let types = world.draw(*ends.last().expect("200"), &mut rng).types().to_vec();
            of(&model, &Tokens::ragged(types, ends.clone(), 2)).expect("tokens")
        };
        let readings: Vec<Reading> = (0..2000).map(|_| again()).collect();
        let values: Vec<f64> = readings.iter().map(|reading| reading.value).collect();
        let spread = Reading::mean_of(&values).and_then(|r| r.standard_error).expect("spread");
        let claimed = readings.iter().filter_map(|r| r.standard_error).sum::<f64>() / 2000.0;
        let sd = spread * 2000.0_f64.sqrt();
        assert!((claimed / sd - 1.0).abs() < 4.0 / (2.0 * 2000.0_f64).sqrt(), "{claimed} {sd}");
    }

    #[test]
    fn a_lost_type_is_infinite_and_a_text_without_density_or_tokens_has_none() {
        let (world, fixed) = (types(&[1., 1.], 3), types(&[1., 0.], 3));
        assert_eq!(measure(&Perplexity {}, &world, &fixed), Reading::exact(f64::INFINITY));
        let text = || Finite::new(Tokens::of_length(vec![0, 1], 2, 2)).expect("one");
        assert_eq!(measure(&Perplexity {}, &world, &text()), None);
        let empty = Finite::new(Tokens::ragged(vec![], vec![0, 0], 2)).expect("two");
        assert_eq!(measure(&Perplexity {}, &empty, &fixed), None);
    }
}
