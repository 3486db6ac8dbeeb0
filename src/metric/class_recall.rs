//! Share of a class of held-out real points that a judge trained on synthetic points recognises.
//!
//! The judge learns from draws of p_t. Without `class`, the class is the one of which the world has
//! fewest: the first that a lineage loses. It needs labels that are classes.
//!
//! Unit: share. Range: [0, 1]; the most is best, and generation 0, with a judge of as many real points, is
//! the band.
//! Under collapse: falls to 0 once the class is lost or lies within another; a rare class first. It rises
//! where offspring have more of the class than the world has, at the cost of other classes.
//! Standard error: over the held-out points of the class, given the judge.
//! Cost: "logistic": O(n·d²) a Newton step and class; "nearest-neighbour": O(n²·d). Once a generation for
//! this metric and `train-on-synthetic-test-on-real`.
//! Source: Esteban, Hyland & Rätsch 2017 (arXiv 1706.02633), for one class.
//! Not to be confused with `recall`, which asks for points near a draw, whatever their label.

use super::judge::{Judge, rarest_class, share};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Finite;
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClassRecall {
    /// "logistic" (default): regressions of one class against the rest, ridge 1; or "nearest-neighbour".
    pub judge: Judge,
    /// The label of the class; left out: the rarest of the world.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Finite>,
}

impl Metric<Points> for ClassRecall {
    fn card(&self) -> Card {
        Card {
            symbol: "recall of a class",
            unit: "share",
            target: Target::Most,
            cost: "O(n·d²)",
            source: "Esteban, Hyland & Rätsch 2017",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let labels = now.truth.held_out().labels()?;
        let class = self.class.map(Finite::get).or_else(|| rarest_class(now))?;
        let right = self.judge.trained_on_draws(now)?;
        share(&right, |i| labels[i] == class)
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_world};
    use super::*;
    use crate::distribution::{Classes, Gaussian};
    use ndarray::arr1;

    fn at(x: f64, y: f64) -> Gaussian {
        Gaussian::spherical(arr1(&[x, y]), 0.01)
    }

    /// Three classes far apart, the last one in fifty.
    fn world() -> Classes<Gaussian> {
        let classes = vec![(3., 0.6, at(-1., 0.)), (5., 0.38, at(1., 0.)), (8., 0.02, at(0., 2.))];
        Classes::weighted(classes).expect("weights")
    }

    fn of(class: Option<f64>, judge: Judge) -> ClassRecall {
        ClassRecall { class: class.and_then(|class| Finite::new(class).ok()), judge }
    }

    #[test]
    fn the_rarest_class_is_found_and_is_the_first_to_be_missed() {
        let without = vec![(3., 0.6, at(-1., 0.)), (5., 0.4, at(1., 0.))];
        let without = Classes::weighted(without).expect("weights");
        for judge in [Judge::Logistic, Judge::NearestNeighbour] {
            let value = |class, model: &Classes<Gaussian>| {
                let reading = measure(&of(class, judge), &world(), model);
                reading.map(|reading| reading.value)
            };
            assert_eq!(value(None, &without), Some(0.0));
            assert_eq!(value(None, &without), value(Some(8.0), &without));
            assert_eq!(value(Some(3.0), &without), Some(1.0));
            assert_eq!(value(None, &world()), Some(1.0));
            assert_eq!(value(Some(4.0), &world()), None);
        }
    }

    #[test]
    fn a_class_that_another_drowns_is_not_recognised() {
        let class = |label: f64, share, x: f64| (label, share, at(x, 0.));
        let of_world = |apart| {
            let classes = vec![class(0., 0.9, 0.), class(1., 0.1, apart)];
            of_world(&of(None, Judge::Logistic), &Classes::weighted(classes).expect("weights"))
        };
        assert_eq!(of_world(5.0).map(|reading| reading.value), Some(1.0));
        assert_eq!(of_world(0.0).map(|reading| reading.value), Some(0.0));
        let near = of_world(0.2).expect("labels");
        assert!((0.05..0.95).contains(&near.value) && near.standard_error > Some(0.0));
    }
}
