//! Least squares: labels y are a linear function of points x, without an intercept.
//!
//! ŵ = (XᵀWX + λI)⁻¹XᵀWy with weights rescaled to sum to n; with λ = 0 and fewer samples than
//! dimensions (or columns that depend on one another), the solution of least norm. Offspring have
//! y = x·ŵ + ε, ε ~ N(0, noise²). An estimated noise is √(Σw(y − x·ŵ)² / (n − d)), and 0 where n ≤ d.
//! With the same design a metric's draws take its rows at random, and no joint density exists; with a
//! fresh one p(x, y) = N(x; 0, I)·N(y; x·ŵ, noise²).
//! A `shift` c makes the generator wrong in one direction: offspring are labelled with ŵ + δ, where δ
//! ~ N(0, c²/d I) is drawn once a lineage, and the model that is measured stays ŵ. Strong collapse, n₁
//! real rows and n₂ that w* + δ labelled, is generation 2 of `[regime.fresh] real = n₁` with
//! `offspring = n₂`, `design = "fresh"`, the noise known, and so many founders that generation 1 is w*.
//! Under collapse: the excess risk grows by σ²d/(n − d − 1) a generation under replace (linearly in
//! t), and stays below π²/6 times its first value under accumulate. A shift leaves (n₂/n)²c² however
//! many rows there are.
//! Cost: O(n d²) a chunk, once, and O(d³) a generation.
//! Source: Gerstgrasser et al. 2024 (arXiv 2404.01413), whose design is the same in all generations;
//! Dohmatob et al. 2024 (arXiv 2402.07712), whose designs are independent; the shift: Dohmatob et al.
//! 2025 (arXiv 2410.04840).
//! Not to be confused with `logistic`, whose labels are 0 or 1.

use super::{Bench, Family, FitError, Kin, Misfit};
use crate::distribution::{Design, Inputs, Linear as Labelled, Regression};
use crate::numeric::bounded::{NonNegative, Number, number_or_word, number_or_word_schema};
use crate::numeric::linalg;
use crate::samples::{Equations, PointShape, Points, TrainingSet};
use crate::stream::Stream;
use crate::theory::{Estimator, Setting};
use ndarray::Array1;
use rand::RngExt;
use rand_distr::StandardNormal;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Linear {
    /// λ ≥ 0, added to the diagonal of XᵀWX.
    pub ridge: NonNegative,
    /// The standard deviation of the labels that offspring get: a number, or "estimated".
    pub noise: Noise,
    /// The points that offspring have: "same" (the founders', in their order, again and again) or
    /// "fresh" (drawn from N(0, I)).
    pub design: Reuse,
    /// c ≥ 0: the root mean square of ‖δ‖, which the labels of offspring are off by (default 0).
    pub shift: NonNegative,
}

/// How far labels of offspring scatter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Noise {
    Estimated,
    Known(NonNegative),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reuse {
    Same,
    Fresh,
}

impl Default for Linear {
    fn default() -> Self {
        let (ridge, shift) = (NonNegative::literal(0.0), NonNegative::literal(0.0));
        Linear { ridge, noise: Noise::Estimated, design: Reuse::Same, shift }
    }
}

impl Linear {
    fn inputs(
        &self,
        data: &TrainingSet<'_, Points>,
        founder: Option<&Labelled>,
    ) -> Result<Inputs, FitError> {
        match (self.design, founder) {
            (Reuse::Fresh, _) => Ok(Inputs::Normal),
            (Reuse::Same, Some(founder)) => Ok(founder.inputs().clone()),
            (Reuse::Same, None) => {
                let founders = data.gathered().and_then(|(founders, _)| Design::new(&founders));
                let too_few = FitError::TooFew { family: "linear", needs: 1, got: 0 };
                founders.map(Inputs::Design).ok_or(too_few)
            }
        }
    }

    /// δ ~ N(0, c²/d I), drawn with the first model of a lineage and then kept.
    fn offset(
        &self,
        d: usize,
        founder: Option<&Labelled>,
        rng: &mut Stream,
    ) -> Option<Array1<f64>> {
        if self.shift.get() == 0.0 {
            return None;
        }
        let sd = self.shift.get() / (d as f64).sqrt();
        match founder {
            Some(founder) => founder.shift().cloned(),
            None => Some((0..d).map(|_| sd * rng.sample::<f64, _>(StandardNormal)).collect()),
        }
    }

    /// The law that the equations of weighted samples choose.
    fn law(&self, equations: &Equations) -> Option<Regression> {
        let weights = solve(equations, self.ridge.get())?;
        let noise = match self.noise {
            Noise::Known(noise) => noise.get(),
            Noise::Estimated if equations.count <= weights.len() => 0.0,
            Noise::Estimated => {
                let free = (equations.count - weights.len()) as f64;
                (equations.residual_square(&weights) / free).sqrt()
            }
        };
        noise.is_finite().then_some(Regression { weights, noise })
    }
}

impl Family for Linear {
    type Data = Points;
    type Model = Labelled;

    fn fit(
        &self,
        data: &TrainingSet<'_, Points>,
        kin: Kin<'_, Labelled>,
        _bench: &Bench<'_, Points>,
        rng: &mut Stream,
    ) -> Result<Labelled, FitError> {
        let family = "linear";
        let equations: Equations = data
            .summary()
            .filter(|equations: &Equations| equations.count > 0)
            .ok_or(FitError::TooFew { family, needs: 1, got: 0 })?;
        if !equations.labelled {
            return Err(FitError::Unlabelled { family });
        }
        let law = self.law(&equations.rescaled()).ok_or(FitError::NotFinite { family })?;
        let shift = self.offset(law.weights.len(), kin.founder, rng);
        Ok(Labelled::new(law, self.inputs(data, kin.founder)?).shifted(shift))
    }

    fn check(&self, shape: &PointShape) -> Result<(), Misfit> {
        let help = "choose a world with labels, such as `linear`, or a table with a label column";
        Misfit::unless_labelled("linear", help, shape)
    }

    fn describe(&self, setting: &mut Setting) {
        if let Noise::Known(noise) = self.noise
            && self.ridge.get() == 0.0
        {
            let same_design = self.design == Reuse::Same;
            let (noise_variance, shift_square) = (noise.get().powi(2), self.shift.get().powi(2));
            setting.estimator =
                Estimator::LeastSquares { same_design, noise_variance, shift_square };
        }
    }
}

impl Serialize for Noise {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Noise::Estimated => serializer.serialize_str("estimated"),
            Noise::Known(noise) => noise.serialize(serializer),
        }
    }
}

impl JsonSchema for Noise {
    fn schema_name() -> Cow<'static, str> {
        "Noise".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        number_or_word_schema::<NonNegative>(generator, &["estimated"])
    }
}

impl<'de> Deserialize<'de> for Noise {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number_or_word(
            deserializer,
            "a number of at least 0, or \"estimated\"",
            |number: Number| NonNegative::try_from(number).map(Noise::Known),
            |word| (word == "estimated").then_some(Noise::Estimated),
        )
    }
}

/// (XᵀWX + λI)⁻¹XᵀWy; of the least norm where many solve the equations.
///
/// The equations square the condition number of X: directions in which X is 10⁷ times thinner than
/// in the widest count as not seen at all. `None` where a sum has overflowed.
fn solve(equations: &Equations, ridge: f64) -> Option<Array1<f64>> {
    let Equations { cross, square, .. } = equations;
    let mut matrix = equations.gram.clone();
    matrix.diag_mut().iter_mut().for_each(|x| *x += ridge);
    if !matrix.iter().chain(cross).chain([square]).all(|x| x.is_finite()) {
        return None;
    }
    let solution = linalg::solve_positive(&matrix, cross)
        .or_else(|| linalg::solve_semidefinite(&matrix, cross))?;
    solution.iter().all(|x| x.is_finite()).then_some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Summary;

    fn described(table: &str) -> Estimator {
        let family: Linear = toml::from_str(table).expect("legal");
        let mut setting = Setting::default();
        Family::describe(&family, &mut setting);
        setting.estimator
    }

    #[test]
    fn only_plain_least_squares_of_known_noise_has_closed_forms() {
        let plain = |same_design, shift_square| Estimator::LeastSquares {
            same_design,
            noise_variance: 0.25,
            shift_square,
        };
        assert_eq!(described("noise = 0.5"), plain(true, 0.0));
        assert_eq!(described("noise = 0.5\ndesign = \"fresh\""), plain(false, 0.0));
        assert_eq!(described("noise = 0.5\nshift = 3"), plain(true, 9.0));
        assert_eq!(described(""), Estimator::Unknown);
        assert_eq!(described("noise = 0.5\nridge = 1"), Estimator::Unknown);
    }

    #[test]
    fn a_noise_that_is_neither_a_number_nor_estimated_is_refused() {
        for (table, words) in [
            ("noise = \"loud\"", "`loud` is not a number of at least 0, or \"estimated\""),
            ("noise = -1", "must be finite and at least 0, got -1"),
        ] {
            let error = toml::from_str::<Linear>(table).expect_err("illegal").to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn defaults_are_written_out() {
        let text = toml::to_string(&Linear::default()).expect("TOML");
        assert_eq!(text, "ridge = 0.0\nnoise = \"estimated\"\ndesign = \"same\"\nshift = 0.0\n");
    }

    #[test]
    fn a_column_that_is_the_sum_of_two_others_is_solved_with_least_norm() {
        let row = |a: f64, b: f64| vec![a, b, a + b];
        let rows = [row(0.1, 0.7), row(1.3, -0.2), row(-0.4, 0.6), row(2.1, 0.9)].concat();
        let points = Points::from_rows(rows, 3);
        let labels = points.rows().map(|x| x[0] + x[1]).collect();
        let solution =
            solve(&Equations::of(&points.with_labels(labels), &()), 0.0).expect("finite");
        // a + b = ⅓a + ⅓b + ⅔(a + b)
        for (found, exact) in solution.iter().zip([1. / 3., 1. / 3., 2. / 3.]) {
            assert!((found - exact).abs() < 1e-9, "{solution}");
        }
    }

    #[test]
    fn sums_that_overflow_have_no_solution() {
        let line = |x: f64, y: f64| Points::from_rows(vec![x], 1).with_labels(vec![y]);
        assert_eq!(solve(&Equations::of(&line(1e200, 1.0), &()), 0.0), None);
        assert_eq!(solve(&Equations::of(&line(1.0, 1e200), &()), 0.0), None);
    }
}
