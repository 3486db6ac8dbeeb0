//! How well a judge trained on synthetic points labels real ones, relative to one trained on real points.
//!
//! score(judge of draws of p_t) / score(judge of as many new real points), both on the same held-out real
//! points; the score is the accuracy, or with "balanced" the mean of the recalls of all classes. It needs
//! labels that are classes: a world that has them, and a family that keeps them.
//!
//! Unit: ratio. Range: [0, 1/score of the real judge]; the most is best, and generation 0, where both
//! judges are the same one, is 1.
//! Under collapse: falls towards the score of a guess, over that of the real judge, when classes are lost or
//! run into one another; the accuracy hardly sees a class of one in a hundred, the balanced score does.
//! Standard error: over held-out points, given both judges.
//! Cost: "logistic": O(n·d²) a Newton step and class; "nearest-neighbour": O(n²·d). Once a generation for
//! this metric and `class-recall`.
//! Source: Esteban, Hyland & Rätsch 2017 (arXiv 1706.02633).
//! Not to be confused with `precision`, which asks whether points are real and not what they teach.

use super::judge::Judge;
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TrainOnSynthetic {
    /// "logistic" (default): regressions of one class against the rest, ridge 1; or "nearest-neighbour".
    pub judge: Judge,
    /// "accuracy" (default), or "balanced": the mean recall of the classes.
    pub score: Score,
}

/// What makes a judge good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Score {
    #[default]
    Accuracy,
    Balanced,
}

impl Score {
    /// What each held-out point adds to the score when it is right.
    fn weights(self, held_out: &Points) -> Option<Vec<f64>> {
        let (labels, classes) = (held_out.labels()?, held_out.classes()?);
        let size = |class: f64| held_out.rows_labelled(class).len() as f64;
        let sizes: Vec<(f64, f64)> = classes.iter().map(|class| (*class, size(*class))).collect();
        let weight = |label: &f64| match self {
            Score::Accuracy => 1.0 / labels.len() as f64,
            Score::Balanced => {
                let own = sizes.iter().find(|(class, _)| class == label);
                own.map_or(0.0, |(_, size)| 1.0 / (size * sizes.len() as f64))
            }
        };
        Some(labels.iter().map(weight).collect())
    }
}

impl Metric<Points> for TrainOnSynthetic {
    fn card(&self) -> Card {
        Card {
            symbol: "score(p_t) / score(p*)",
            unit: "ratio",
            target: Target::Most,
            cost: "O(n·d²)",
            source: "Esteban, Hyland & Rätsch 2017",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let weights = self.score.weights(now.truth.held_out())?;
        let (own, real) = (self.judge.trained_on_draws(now)?, self.judge.trained_on_real(now)?);
        ratio(&weights, &own, &real)
    }
}

/// Σw·own / Σw·real; its standard error by the delta method, point by point.
fn ratio(weights: &[f64], own: &[bool], real: &[bool]) -> Option<Reading> {
    let number = |right: &bool| f64::from(u8::from(*right));
    let score = |right: &[bool]| -> f64 {
        right.iter().zip(weights).map(|(right, weight)| weight * number(right)).sum()
    };
    let (above, below) = (score(own), score(real));
    if below <= 0.0 {
        return None;
    }
    let value = above / below;
    let terms = own.iter().zip(real).zip(weights);
    let square = |((own, real), weight): ((&bool, &bool), &f64)| {
        (weight * (number(own) - value * number(real)) / below).powi(2)
    };
    Reading::estimate(value, terms.map(square).sum::<f64>().sqrt())
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_world};
    use super::*;
    use crate::distribution::{Classes, Gaussian};
    use ndarray::arr1;

    /// Class 0 around −1 and class 1, one in ten, around 1.
    fn world(apart: f64) -> Classes<Gaussian> {
        let at = |x: f64| Gaussian::spherical(arr1(&[x]), 0.04);
        Classes::weighted(vec![(0., 0.9, at(-apart)), (1., 0.1, at(apart))]).expect("weights")
    }

    fn value(score: Score, model: &Classes<Gaussian>) -> Reading {
        let metric = TrainOnSynthetic { score, judge: Judge::Logistic };
        measure(&metric, &world(1.0), model).expect("labels")
    }

    #[test]
    fn by_hand() {
        let found = ratio(&[0.25; 4], &[true, false, true, false], &[true, true, true, false]);
        let found = found.expect("a real judge that is right at times");
        assert!((found.value - 2.0 / 3.0).abs() < 1e-12);
        // Terms (own − ⅔·real)/3: 1/9 twice, −2/9, 0.
        let error = (6.0_f64 / 81.0).sqrt();
        assert!((found.standard_error.expect("estimated") - error).abs() < 1e-12);
        assert_eq!(ratio(&[0.5; 2], &[true, true], &[false, false]), None);
    }

    #[test]
    fn the_world_teaches_as_well_as_itself_and_a_model_of_one_class_what_a_guess_is_worth() {
        for judge in [Judge::Logistic, Judge::NearestNeighbour] {
            let metric = TrainOnSynthetic { judge, ..TrainOnSynthetic::default() };
            let own = of_world(&metric, &world(1.0)).expect("labels");
            assert_eq!((own.value, own.standard_error), (1.0, Some(0.0)));
        }
        let common = Classes::weighted(vec![(0., 1., Gaussian::spherical(arr1(&[-1.0]), 0.04))]);
        let common = common.expect("one class");
        assert!(
            (value(Score::Accuracy, &common).value - 0.9).abs() < 4.0 * (0.09 / 2000f64).sqrt()
        );
        assert!((value(Score::Balanced, &common).value - 0.5).abs() < 1e-12);
    }

    #[test]
    fn labels_the_wrong_way_round_teach_nothing() {
        let at = |x: f64| Gaussian::spherical(arr1(&[x]), 0.04);
        let swapped = Classes::weighted(vec![(0., 0.9, at(1.0)), (1., 0.1, at(-1.0))]);
        assert!(value(Score::Accuracy, &swapped.expect("weights")).value < 0.01);
    }

    #[test]
    fn without_labels_there_is_nothing_to_teach() {
        let plain = Gaussian::spherical(arr1(&[0.0]), 1.0);
        assert_eq!(measure(&TrainOnSynthetic::default(), &plain, &plain), None);
        assert_eq!(measure(&TrainOnSynthetic::default(), &world(1.0), &plain), None);
        let point = Classes::weighted(vec![(0., 1., Gaussian::spherical(arr1(&[0.0]), 0.0))]);
        assert!(measure(&TrainOnSynthetic::default(), &world(1.0), &point.expect("one")).is_some());
    }
}
