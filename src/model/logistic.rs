//! Logistic regression: labels y ∈ {0, 1} given points x, P(y = 1) = 1 / (1 + e^−(x·w + b)).
//!
//! ŵ, b̂ maximise Σw ln p(y) − ½λ(‖w‖² + b²) by Newton's method, the weights rescaled to sum to n.
//! Offspring are the founders' points, in their order, with labels drawn anew, or with the likelier ones; some
//! of them can be turned, as by a generator that is wrong at times.
//! Under collapse: under replace the log loss drifts up and the classes come apart; labels that a
//! plane separates (or that are all equal) leave no maximum without a ridge, and the lineage ends.
//! Cost: O(n d²) a Newton step, about 5 to 10 steps a generation; it reads every sample each time.
//! Source: Dey & Donoho 2024 (arXiv 2410.22812); wrong labels: Feng et al. 2024 (arXiv 2406.07515).
//! Not to be confused with `linear`, whose labels are any numbers.

use super::{Bench, Family, FitError, Kin, Misfit};
use crate::distribution::{Design, Logistic as Labelled, Release};
use crate::numeric::bounded::{Fraction, NonNegative};
use crate::samples::{PointShape, Points, Samples, TrainingSet};
use crate::stream::Stream;
use ndarray::Array1;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod newton;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Logistic {
    /// Whether b is fitted; without, it is 0.
    pub intercept: bool,
    /// λ ≥ 0; above 0 a maximum exists for all labels.
    pub ridge: NonNegative,
    /// The labels of offspring: "sampled" with their probabilities (default), or the "likeliest".
    pub labels: Labels,
    /// The probability that the label of an offspring is turned into the other one (default 0). The model
    /// itself, which metrics measure, turns none.
    pub flip: Fraction,
}

/// How offspring get their labels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Labels {
    #[default]
    Sampled,
    Likeliest,
}

impl Default for Logistic {
    fn default() -> Self {
        let (ridge, flip) = (NonNegative::literal(0.0), Fraction::literal(0.0));
        Logistic { intercept: true, ridge, labels: Labels::Sampled, flip }
    }
}

impl Family for Logistic {
    type Data = Points;
    type Model = Labelled;

    fn fit(
        &self,
        data: &TrainingSet<'_, Points>,
        kin: Kin<'_, Labelled>,
        _bench: &Bench<'_, Points>,
        _rng: &mut Stream,
    ) -> Result<Labelled, FitError> {
        let too_few = FitError::TooFew { family: "logistic", needs: 1, got: 0 };
        let (points, weights) = data.gathered().ok_or(too_few.clone())?;
        let (coefficients, intercept) = self.coefficients(&points, weights)?;
        let design = kin.founder.map(|founder| founder.design().clone());
        let design = design.or_else(|| Design::new(&points)).ok_or(too_few)?;
        let likeliest = self.labels == Labels::Likeliest;
        let release = Release { likeliest, flip: self.flip.get() };
        Ok(Labelled::new(coefficients, intercept, design).released_as(release))
    }

    fn check(&self, shape: &PointShape) -> Result<(), Misfit> {
        let help = "choose a world whose labels are 0 and 1: two moons, circles or blobs with \
                    `labels = true`, or a table with a `label` column";
        Misfit::unless_labelled("logistic", help, shape)
    }
}

impl Logistic {
    /// ŵ and b̂ of labelled points, each with its weight or all with the same.
    pub fn coefficients(
        &self,
        points: &Points,
        weights: Option<Vec<f64>>,
    ) -> Result<(Array1<f64>, f64), FitError> {
        let family = "logistic";
        let labels = points.labels().ok_or(FitError::Unlabelled { family })?;
        if !points.is_finite() {
            return Err(FitError::NotFinite { family });
        }
        if let Some(&got) = labels.iter().find(|y| **y != 0.0 && **y != 1.0) {
            return Err(FitError::OutOfRange { family, needs: "labels 0 and 1", got });
        }
        let weights = weights.unwrap_or_else(|| vec![1.0; points.len()]);
        let problem = newton::Problem::new(
            points.values(),
            labels,
            weights,
            self.intercept,
            self.ridge.get(),
        );
        let mut coefficients = problem.maximum()?;
        let intercept = if self.intercept { coefficients.pop().unwrap_or(0.0) } else { 0.0 };
        Ok((coefficients.into(), intercept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::samples::{Chunk, Kind, Part};
    use crate::stream::{Role, stream};
    use serde_json::Value;

    fn golden() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/regression.json");
        serde_json::from_str(&std::fs::read_to_string(path).expect("the file")).expect("JSON")
    }

    fn vector(value: &Value) -> Vec<f64> {
        value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
    }

    fn samples(case: &Value) -> Points {
        let rows: Vec<Vec<f64>> = case["x"].as_array().expect("rows").iter().map(vector).collect();
        let d = rows[0].len();
        Points::from_rows(rows.concat(), d).with_labels(vector(&case["y"]))
    }

    fn fit(
        family: &Logistic,
        points: &Points,
        weights: Option<&[f64]>,
    ) -> Result<Labelled, FitError> {
        let part = |i: usize| {
            let chunk = Chunk { kind: Kind::Founders, born: 0, samples: points.gather(&[i]) };
            Part::of(vec![chunk], weights.map_or(1.0, |weights| weights[i]))
        };
        let data = TrainingSet::new((0..points.len()).map(part).collect());
        family.fit(&data, Kin::default(), &Bench::default(), &mut stream(1, 0, 1, Role::FIT))
    }

    fn line(x: &[f64], y: &[f64]) -> Points {
        Points::from_rows(x.to_vec(), 1).with_labels(y.to_vec())
    }

    #[test]
    fn the_maximum_is_that_of_statsmodels() {
        for case in golden()["logistic"].as_array().expect("cases") {
            let (points, weights) = (samples(case), vector(&case["weights"]));
            for exact in case["fits"].as_array().expect("fits") {
                let intercept = !exact["intercept"].is_null();
                let weighted = exact["weighted"] == true;
                let family = Logistic { intercept, ..Logistic::default() };
                let found = fit(&family, &points, weighted.then_some(&weights)).expect("a maximum");
                let mut coefficients = vector(&exact["coefficients"]);
                coefficients.extend(exact["intercept"].as_f64());
                let b = intercept.then_some(found.intercept());
                for (a, b) in found.weights().iter().copied().chain(b).zip(coefficients) {
                    assert!((a - b).abs() < 1e-8, "{a} against {b}");
                }
                let labels = points.labels().expect("labelled");
                let p_of = |(x, y): (_, &f64)| (1.0 - y - found.probability(x)).abs().ln();
                let rows = points.values();
                let ln: f64 = rows.rows().into_iter().zip(labels).map(p_of).sum();
                let loss = -ln / points.len() as f64;
                assert!((loss - exact["mean_log_loss"].as_f64().expect("a loss")).abs() < 1e-8);
            }
        }
    }

    #[test]
    fn labels_that_a_plane_separates_have_no_maximum_without_a_ridge() {
        let separable = samples(&golden()["separable"]);
        let ties = line(&[-1., 0., 0., 1.], &[0., 0., 1., 1.]);
        let one_class = line(&[-1., 0.5, 2.], &[1., 1., 1.]);
        let far_ties = line(&[2., 3., 3., 4.], &[0., 0., 1., 1.]);
        for points in [separable, ties, far_ties, one_class] {
            let error = fit(&Logistic::default(), &points, None).unwrap_err();
            assert!(matches!(error, FitError::NoMaximum { .. }), "{error}");
            let ridge = Logistic { ridge: NonNegative::literal(0.1), ..Logistic::default() };
            let model = fit(&ridge, &points, None).expect("a ridge gives a maximum");
            assert!(model.weights().iter().all(|w| w.is_finite()));
        }
    }

    #[test]
    fn whole_weights_count_like_repeated_rows() {
        let points = line(&[-1., 0.3, 0.7, 2., -0.2], &[0., 1., 0., 1., 1.]);
        let family = Logistic { ridge: NonNegative::literal(0.5), ..Logistic::default() };
        let weighted = fit(&family, &points, Some(&[2., 1., 1., 3., 1.])).expect("a maximum");
        let repeated = points.gather(&[0, 0, 1, 2, 3, 3, 3, 4]);
        // Weights are rescaled to sum to the number of rows, 5 and not 8.
        let ridge = NonNegative::literal(0.5 * 8.0 / 5.0);
        let repeated = fit(&Logistic { ridge, ..family }, &repeated, None).expect("a maximum");
        assert!((weighted.weights()[0] - repeated.weights()[0]).abs() < 1e-9);
        assert!((weighted.intercept() - repeated.intercept()).abs() < 1e-9);
    }

    #[test]
    fn points_that_say_nothing_leave_the_share_of_the_labels() {
        let constant = line(&[2., 2., 2., 2.], &[1., 0., 1., 1.]);
        let model = fit(&Logistic::default(), &constant, None).expect("a maximum");
        assert!((model.probability(ndarray::aview1(&[2.0])) - 0.75).abs() < 1e-9);
        let copies = Points::from_rows(vec![1., 1., -1., -1., 0.5, 0.5], 2);
        let copies = copies.with_labels(vec![1., 1., 0.]);
        let model = fit(&Logistic::default(), &copies, None).expect("a maximum");
        assert!((model.weights()[0] - model.weights()[1]).abs() < 1e-9);
        let nothing = line(&[0., 0.], &[1., 1.]);
        let family = Logistic { intercept: false, ..Logistic::default() };
        assert_eq!(fit(&family, &nothing, None).expect("a maximum").weights()[0], 0.0);
    }

    #[test]
    fn foreign_labels_and_values_end_the_lineage_with_their_cause() {
        let error = fit(&Logistic::default(), &line(&[1., 2.], &[0., 2.]), None).unwrap_err();
        assert_eq!(error.to_string(), "logistic needs labels 0 and 1, got 2");
        let error = fit(&Logistic::default(), &line(&[1e200, -1e200, 1.], &[0., 1., 1.]), None);
        assert!(error.is_err());
        let unlabelled = Points::from_rows(vec![1.0], 1);
        assert!(fit(&Logistic::default(), &unlabelled, None).is_err());
        assert!(Family::check(&Logistic::default(), &unlabelled.shape()).is_err());
    }

    #[test]
    fn offspring_have_the_founders_points() {
        let points = line(&[-1., 0.3, 0.7, 2., -0.2], &[0., 1., 0., 1., 1.]);
        let model = fit(&Logistic::default(), &points, None).expect("a maximum");
        let offspring = model.release(5, &mut stream(1, 0, 1, Role::DRAW));
        assert_eq!(offspring.as_slice(), points.as_slice());
        assert!(offspring.labels().is_some_and(|y| y.iter().all(|y| *y == 0.0 || *y == 1.0)));
    }
}
