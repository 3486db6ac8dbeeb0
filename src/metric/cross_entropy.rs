//! Cross-entropy of held-out real samples under p_t: −mean ln p_t(x).
//!
//! Of a model that says only how labels follow from points, in a world without a density: that of the
//! labels, −mean ln P_t(label | point), the log loss of `logistic` on a table.
//! Unit: nats a sample (of tokens: a whole sequence). Range: [H(p*), ∞] on average; of points it can
//! be negative, since a density can exceed 1.
//! Under collapse: grows; infinite where p_t gives a held-out sample no mass, and for a point mass or
//! a singular Σ on a continuous world.
//! Cost: one density on the held-out samples; it needs no density of the world.
//! Source: Shumailov et al. 2024 (perplexity); Gerstgrasser et al. 2024 (test cross-entropy); Dey & Donoho
//! 2024 (test log loss).
//! Not to be confused with `kl`, which takes the entropy of the world off, or with `perplexity`, its
//! exponential per token.

use super::{Card, Metric, Reading, Target};
use crate::distribution::Base;
use crate::lineage::{Noise, Snapshot};
use crate::samples::{Points, Samples};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CrossEntropy {}

impl<S: Samples> Metric<S> for CrossEntropy {
    fn card(&self) -> Card {
        Card {
            symbol: "−E_p* ln p_t",
            unit: "nats a sample",
            target: Target::Least,
            cost: "one density of n held-out samples",
            source: "Gerstgrasser et al. 2024",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        let world = now.truth.world().density().map(|density| density.base());
        match now.model.density() {
            Some(density) if world.is_none_or(|base| base == density.base()) => {
                mean_loss(density.ln_density(now.truth.held_out()))
            }
            None if now.model.is_degenerate() && is_continuous(now, world) => {
                Reading::exact(f64::INFINITY)
            }
            None if world.is_none() => {
                now.model.ln_labels(now.truth.held_out()).and_then(mean_loss)
            }
            _ => None,
        }
    }
}

fn mean_loss(ln: Vec<f64>) -> Option<Reading> {
    Reading::mean_of(&ln.into_iter().map(|l| -l).collect::<Vec<_>>())
}

/// Whether held-out samples come from a continuous law. A finite stock of points stands for one,
/// but has no cross-entropy of its own at generation 0.
fn is_continuous<S: Samples>(now: &Snapshot<'_, S>, world: Option<Base>) -> bool {
    match world {
        Some(base) => base.is_continuous(),
        None => S::SPACE == Points::SPACE && now.generation > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_samples, of_world};
    use super::*;
    use crate::distribution::{Finite, Gaussian, Types};
    use crate::samples::Tokens;
    use ndarray::arr1;

    fn table(values: &[f64]) -> Finite<Points> {
        Finite::new(Points::from_rows(values.to_vec(), 1)).expect("some rows")
    }

    #[test]
    fn a_table_under_a_normal_by_hand() {
        // The stock is dealt again and again: half of the held-out samples are 0 and half are 2.
        let model = Gaussian::spherical(arr1(&[0.0]), 1.0);
        let reading = measure(&CrossEntropy {}, &table(&[0., 2.]), &model).expect("a density");
        let expected = 0.5 * std::f64::consts::TAU.ln() + 0.5 * 2.0;
        assert!((reading.value - expected).abs() < 1e-12);
    }

    #[test]
    fn labels_of_a_table_under_a_regression_by_hand() {
        use crate::distribution::{Design, Logistic};
        let rows = || Points::from_rows(vec![0., 1.], 1).with_labels(vec![0., 1.]);
        let design = Design::new(&rows()).expect("two rows");
        let model = Logistic::new(arr1(&[2.0]), -1.0, design);
        let world = Finite::new(rows()).expect("two rows");
        let reading = measure(&CrossEntropy {}, &world, &model).expect("labels");
        // Both rows have odds e : 1 for their labels.
        assert!((reading.value - (1.0 + (-1.0_f64).exp()).ln()).abs() < 1e-12);
    }

    #[test]
    fn tokens_by_hand_and_a_lost_one() {
        let corpus = Finite::new(Tokens::of_length(vec![0, 1], 1, 2)).expect("two");
        let model = Types::new(&[1., 3.], 1).expect("some weight");
        let reading = measure(&CrossEntropy {}, &corpus, &model).expect("a density");
        assert!((reading.value - 0.5 * (16.0_f64 / 3.0).ln()).abs() < 1e-12);
        let fixed = Types::new(&[1., 0.], 1).expect("some weight");
        let reading = measure(&CrossEntropy {}, &corpus, &fixed);
        assert_eq!(reading, Reading::exact(f64::INFINITY));
    }

    #[test]
    fn the_world_scores_its_own_entropy() {
        let world = Gaussian::spherical(arr1(&[1.0]), 4.0);
        let reading = of_world(&CrossEntropy {}, &world).expect("a density");
        let exact = crate::distribution::Distribution::entropy(&world).expect("closed");
        assert!((reading.value - exact).abs() < 4.0 * reading.standard_error.expect("estimated"));
    }

    #[test]
    fn a_point_mass_is_infinite_on_a_density_and_on_a_table() {
        let point = Gaussian::spherical(arr1(&[0.0]), 0.0);
        let infinite = Reading::exact(f64::INFINITY);
        let normal = Gaussian::spherical(arr1(&[0.0]), 1.0);
        assert_eq!(measure(&CrossEntropy {}, &normal, &point), infinite);
        assert_eq!(measure(&CrossEntropy {}, &table(&[0., 0., 1.]), &point), infinite);
        assert_eq!(of_samples(&CrossEntropy {}, &normal, table(&[0., 1.])), infinite);
    }

    #[test]
    fn a_table_in_its_own_place_and_a_corpus_have_none() {
        assert_eq!(of_world(&CrossEntropy {}, &table(&[0., 1.])), None);
        let corpus = || Finite::new(Tokens::of_length(vec![0, 1], 1, 2)).expect("two");
        assert_eq!(of_world(&CrossEntropy {}, &corpus()), None);
        assert_eq!(measure(&CrossEntropy {}, &corpus(), &corpus()), None);
    }
}
