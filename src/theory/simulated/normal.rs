//! The normal chain in two dimensions, with its claims read through a setting, and conservation.

use super::{Average, generator};
use crate::theory::moments::{Response, moments};
use crate::theory::{Divisor, Estimator, Recipe, Setting, Truth};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Dxsm;
use std::collections::BTreeMap;

const VARIANCE: f64 = 4.0;

/// Mean, and covariance as (xx, xy, yy).
#[derive(Clone, Copy)]
struct Plane {
    mean: [f64; 2],
    covariance: [f64; 3],
}

impl Plane {
    fn refit(&self, n: usize, divisor: Divisor, full: bool, rng: &mut Pcg64Dxsm) -> Plane {
        let [xx, xy, yy] = self.covariance;
        let (a, b) = (xx.sqrt(), xy / xx.sqrt());
        let c = (yy - b * b).max(0.0).sqrt();
        let mut one = || {
            let (u, v): (f64, f64) = (StandardNormal.sample(rng), StandardNormal.sample(rng));
            [self.mean[0] + a * u, self.mean[1] + b * u + c * v]
        };
        let points: Vec<[f64; 2]> = (0..n).map(|_| one()).collect();
        let mean = [0, 1].map(|j| points.iter().map(|p| p[j]).sum::<f64>() / n as f64);
        let moment = |i: usize, j: usize| {
            let sum: f64 = points.iter().map(|p| (p[i] - mean[i]) * (p[j] - mean[j])).sum();
            sum / divisor.of(n)
        };
        let cross = if full { moment(0, 1) } else { 0.0 };
        Plane { mean, covariance: [moment(0, 0), cross, moment(1, 1)] }
    }

    fn scaled(mut self, bias: f64) -> Plane {
        self.covariance = self.covariance.map(|entry| bias * entry);
        self
    }

    fn readings(&self) -> [(&'static str, f64); 5] {
        let [xx, xy, yy] = self.covariance;
        let shift = self.mean[0].powi(2) + self.mean[1].powi(2);
        let determinant = xx * yy - xy * xy;
        let (root, inverse) = (determinant.sqrt(), 1.0 / determinant);
        let deviations = (xx + yy + 2.0 * root).sqrt();
        let bend = yy * self.mean[0].powi(2) + xx * self.mean[1].powi(2)
            - 2.0 * xy * self.mean[0] * self.mean[1];
        let world = VARIANCE;
        let kl = 0.5
            * (inverse * (world * (xx + yy) + bend) - 2.0 + (determinant / (world * world)).ln());
        [
            ("mean-shift", shift),
            ("spread", (xx + yy) / (2.0 * world)),
            ("generalized-variance", determinant / (world * world)),
            ("frechet", shift + xx + yy + 2.0 * world - 2.0 * world.sqrt() * deviations),
            ("kl", kl),
        ]
    }
}

fn claims_agree(divisor: Divisor, full: bool, bias: f64, seed: u64) {
    let offspring = vec![0, 0, 14, 18];
    let setting = Setting {
        truth: Truth::Normal { dimension: 2, variance: VARIANCE },
        estimator: Estimator::Gaussian { divisor, full, sampling_bias: bias },
        recipe: Recipe::Replace,
        founders: 16,
        offspring,
        curated: false,
    };
    let mut rng = generator(seed);
    let mut seen: BTreeMap<(&str, &str), Average> = BTreeMap::new();
    for _ in 0..40_000 {
        let mut model = Plane { mean: [0.0; 2], covariance: [VARIANCE, 0.0, VARIANCE] };
        for (t, n) in setting.sizes(3).unwrap().into_iter().enumerate() {
            let released = if t == 0 { model } else { model.scaled(bias) };
            model = released.refit(n, divisor, full, &mut rng);
        }
        for (metric, value) in model.readings() {
            seen.entry((metric, "mean")).or_default().push(value);
            seen.entry((metric, "mean-log")).or_default().push(value.ln());
        }
    }
    let claims = setting.claims(3);
    let frechet = claims.iter().any(|claim| claim.metric == "frechet");
    assert_eq!((claims.len(), frechet), if full { (5, false) } else { (6, true) });
    for claim in claims {
        let about = format!("{} of {} for full = {full}", claim.statistic, claim.metric);
        seen[&(claim.metric, claim.statistic)].agrees(claim.value, &about);
    }
}

#[test]
fn a_full_covariance_with_sampling_bias_shows_what_is_claimed() {
    claims_agree(Divisor::Unbiased, true, 0.9, 11);
}

#[test]
fn a_biased_full_covariance_shows_what_is_claimed() {
    claims_agree(Divisor::Biased, true, 1.0, 12);
}

#[test]
fn a_diagonal_covariance_with_sampling_bias_shows_what_is_claimed() {
    claims_agree(Divisor::Biased, false, 0.9, 13);
}

#[test]
fn error_and_trace_are_conserved_by_every_biased_recipe_of_founders_and_offspring() {
    for recipe in [
        Recipe::Replace,
        Recipe::Accumulate,
        Recipe::Subsample { size: 20 },
        Recipe::Retain { fraction: 0.3, redraw: true },
        Recipe::Retain { fraction: 0.3, redraw: false },
        Recipe::Augment { synthetic: 15 },
        Recipe::Fresh { real: 5, pool: false },
        Recipe::Fresh { real: 5, pool: true },
        Recipe::Weighted { real: 5, weight: 0.4 },
    ] {
        for response in [Response::gaussian(Divisor::Biased, 1.0), Response::frequencies()] {
            let found = moments(&response, &recipe, &[20; 50]).unwrap();
            let total = found.mean_error + found.trace;
            assert!((total - 1.0).abs() < 1e-12, "{recipe:?} keeps {total}");
            assert!(found.trace < 0.999, "{recipe:?} loses nothing");
        }
    }
}
