//! Every recipe with every family of one dimension, unequal sizes, real samples.

use super::{Average, generator};
use crate::theory::moments::{Response, moments};
use crate::theory::{Divisor, Recipe};
use rand::RngExt;
use rand::seq::{IndexedRandom, index};
use rand_distr::{Distribution, Exp, Normal, Poisson, StandardNormal, Uniform};
use rand_pcg::Pcg64Dxsm;

#[derive(Clone, Copy, Debug)]
enum Family {
    Gaussian { divisor: Divisor, bias: f64, uniform_world: bool },
    Kde { bandwidth: f64 },
    Location,
    Poisson,
    Exponential,
}

const RATE: f64 = 2.0;

impl Family {
    /// The world's mean and variance.
    fn world(self) -> (f64, f64) {
        match self {
            Family::Poisson => (RATE, RATE),
            Family::Exponential => (1.0, 1.0),
            _ => (0.0, 1.0),
        }
    }

    fn real(self, n: usize, rng: &mut Pcg64Dxsm) -> Vec<f64> {
        let half = 3f64.sqrt();
        (0..n)
            .map(|_| match self {
                Family::Poisson => Poisson::new(RATE).unwrap().sample(rng),
                Family::Exponential => Exp::new(1.0).unwrap().sample(rng),
                Family::Gaussian { uniform_world: true, .. } => {
                    Uniform::new(-half, half).unwrap().sample(rng)
                }
                _ => StandardNormal.sample(rng),
            })
            .collect()
    }

    fn response(self) -> Response {
        match self {
            Family::Gaussian { divisor, bias, .. } => Response::gaussian(divisor, bias),
            Family::Kde { bandwidth } => Response::kde(bandwidth * bandwidth),
            Family::Location | Family::Poisson => Response::location(1.0),
            Family::Exponential => Response::scale(),
        }
    }
}

struct Fitted {
    family: Family,
    mean: f64,
    variance: f64,
    centres: Vec<(f64, f64)>,
}

fn fit(family: Family, data: &[(f64, f64)]) -> Fitted {
    let total: f64 = data.iter().map(|(_, w)| w).sum();
    let squares: f64 = data.iter().map(|(_, w)| w * w).sum();
    let mean = data.iter().map(|(x, w)| x * w).sum::<f64>() / total;
    let scatter = data.iter().map(|(x, w)| w * (x - mean).powi(2)).sum::<f64>();
    let variance = match family {
        Family::Gaussian { divisor: Divisor::Biased, bias, .. } => bias * scatter / total,
        Family::Gaussian { divisor: Divisor::Unbiased, bias, .. } => {
            bias * scatter / (total - squares / total)
        }
        Family::Kde { bandwidth } => scatter / total + bandwidth * bandwidth,
        Family::Location => 1.0,
        Family::Poisson => mean,
        Family::Exponential => mean * mean,
    };
    Fitted { family, mean, variance, centres: data.to_vec() }
}

impl Fitted {
    fn draw(&self, n: usize, rng: &mut Pcg64Dxsm) -> Vec<f64> {
        let one = |_| match self.family {
            Family::Kde { bandwidth } => {
                let centre = self.centres.choose_weighted(rng, |&(_, w)| w).unwrap().0;
                Normal::new(centre, bandwidth).unwrap().sample(rng)
            }
            Family::Poisson if self.mean <= 0.0 => 0.0,
            Family::Poisson => Poisson::new(self.mean).unwrap().sample(rng),
            Family::Exponential => self.mean * -(1.0 - rng.random::<f64>()).ln(),
            _ => Normal::new(self.mean, self.variance.sqrt()).unwrap().sample(rng),
        };
        (0..n).map(one).collect()
    }
}

fn equal(samples: &[f64]) -> Vec<(f64, f64)> {
    samples.iter().map(|&x| (x, 1.0)).collect()
}

fn subset(samples: &[f64], n: usize, rng: &mut Pcg64Dxsm) -> Vec<f64> {
    index::sample(rng, samples.len(), n).iter().map(|i| samples[i]).collect()
}

/// One lineage; returns the last model.
fn lineage(family: Family, recipe: &Recipe, sizes: &[usize], rng: &mut Pcg64Dxsm) -> Fitted {
    let founders = family.real(sizes[0], rng);
    let mut pool = founders.clone();
    let mut model = fit(family, &equal(&founders));
    let mut fixed: Option<Vec<f64>> = None;
    for &n in &sizes[1..] {
        let offspring = model.draw(n, rng);
        pool.extend(&offspring);
        let data = match *recipe {
            Recipe::Unknown => unreachable!(),
            Recipe::Replace => equal(&offspring),
            Recipe::Accumulate => equal(&pool),
            Recipe::Subsample { size } => equal(&subset(&pool, size, rng)),
            Recipe::Retain { fraction, redraw } => {
                let kept = (fraction * n as f64).round() as usize;
                let mut real = subset(&founders, kept, rng);
                if !redraw {
                    real = fixed.get_or_insert(real).clone();
                }
                real.extend(subset(&offspring, n - kept, rng));
                equal(&real)
            }
            Recipe::Augment { synthetic } => {
                let mut data = founders.clone();
                data.extend(subset(&offspring, synthetic, rng));
                equal(&data)
            }
            Recipe::Fresh { real, pool: false } => {
                equal(&[family.real(real, rng), offspring].concat())
            }
            Recipe::Fresh { real, pool: true } => {
                pool.extend(family.real(real, rng));
                equal(&pool)
            }
            Recipe::Weighted { real, weight } => {
                let fresh = family.real(real, rng);
                let real = fresh.iter().map(|&x| (x, weight / real as f64));
                real.chain(offspring.iter().map(|&x| (x, (1.0 - weight) / n as f64))).collect()
            }
        };
        model = fit(family, &data);
    }
    model
}

const RECIPES: [Recipe; 11] = [
    Recipe::Replace,
    Recipe::Accumulate,
    Recipe::Subsample { size: 6 },
    Recipe::Retain { fraction: 0.4, redraw: true },
    Recipe::Retain { fraction: 0.4, redraw: false },
    Recipe::Augment { synthetic: 4 },
    Recipe::Fresh { real: 3, pool: false },
    Recipe::Fresh { real: 3, pool: true },
    Recipe::Weighted { real: 4, weight: 0.618 },
    Recipe::Retain { fraction: 1.0, redraw: true },
    Recipe::Fresh { real: 0, pool: false },
];

fn all_recipes_agree(family: Family, seed: u64) {
    let mut rng = generator(seed);
    let (centre, scale) = family.world();
    for recipe in &RECIPES {
        // A fixed subset is one size; everything else is tried with sizes that differ.
        let fixed = matches!(recipe, Recipe::Retain { redraw: false, .. });
        let sizes = if fixed { [9, 8, 8, 8] } else { [9, 6, 8, 7] };
        let (mut error, mut trace) = (Average::default(), Average::default());
        for _ in 0..16_000 {
            let model = lineage(family, recipe, &sizes, &mut rng);
            error.push((model.mean - centre).powi(2) / scale);
            trace.push(model.variance / scale);
        }
        let found = moments(&family.response(), recipe, &sizes).unwrap();
        error.agrees(found.mean_error, &format!("mean error of {family:?} under {recipe:?}"));
        trace.agrees(found.trace, &format!("trace of {family:?} under {recipe:?}"));
    }
}

#[test]
fn the_biased_normal_follows_the_recursion_in_every_recipe() {
    let divisor = Divisor::Biased;
    all_recipes_agree(Family::Gaussian { divisor, bias: 1.0, uniform_world: false }, 1);
}

#[test]
fn the_unbiased_normal_with_sampling_bias_follows_the_recursion_in_every_recipe() {
    let divisor = Divisor::Unbiased;
    all_recipes_agree(Family::Gaussian { divisor, bias: 0.8, uniform_world: false }, 2);
}

#[test]
fn the_recursion_needs_no_normal_world() {
    let divisor = Divisor::Biased;
    all_recipes_agree(Family::Gaussian { divisor, bias: 1.0, uniform_world: true }, 3);
}

#[test]
fn kernels_follow_the_recursion_in_every_recipe() {
    all_recipes_agree(Family::Kde { bandwidth: 0.5 }, 4);
}

#[test]
fn a_mean_of_known_variance_follows_the_recursion_in_every_recipe() {
    all_recipes_agree(Family::Location, 5);
}

#[test]
fn poisson_rates_follow_the_recursion_in_every_recipe() {
    all_recipes_agree(Family::Poisson, 6);
}

#[test]
fn exponential_scales_follow_the_recursion_in_every_recipe() {
    all_recipes_agree(Family::Exponential, 7);
}
