//! Least squares, medians, waiting times, counts and frequencies, each against real samples.

use super::{Average, generator};
use crate::theory::{Claim, Divisor, Estimator, Recipe, Setting, Truth, regression, survival};
use rand_distr::{Distribution, Exp1, Poisson, StandardNormal};
use rand_pcg::Pcg64Dxsm;

fn normal(rng: &mut Pcg64Dxsm) -> f64 {
    StandardNormal.sample(rng)
}

fn claimed(setting: &Setting, t: u32, metric: &str, statistic: &str) -> f64 {
    let claims = setting.claims(t);
    let wanted = |claim: &&Claim| claim.metric == metric && claim.statistic == statistic;
    claims.iter().find(wanted).map(|claim| claim.value).unwrap()
}

/// Least squares in two dimensions on rows (x₁, x₂, y).
fn least_squares(rows: &[[f64; 3]]) -> [f64; 2] {
    let sum = |i: usize, j: usize| rows.iter().map(|row| row[i] * row[j]).sum::<f64>();
    let (a, b, c) = (sum(0, 0), sum(0, 1), sum(1, 1));
    let determinant = a * c - b * b;
    [(c * sum(0, 2) - b * sum(1, 2)) / determinant, (a * sum(1, 2) - b * sum(0, 2)) / determinant]
}

fn regression_risk(setting: &Setting, t: u32, rng: &mut Pcg64Dxsm) -> f64 {
    let same = matches!(setting.estimator, Estimator::LeastSquares { same_design: true, .. });
    let truth = [1.0, -2.0];
    let (mut w, mut rows) = (truth, Vec::new());
    let inputs = |n: usize, rng: &mut Pcg64Dxsm| -> Vec<[f64; 2]> {
        (0..n).map(|_| [normal(rng), normal(rng)]).collect()
    };
    let design = inputs(setting.founders, rng);
    for (i, n) in setting.sizes(t).unwrap().into_iter().enumerate() {
        let x = if same { design.clone() } else { inputs(n, rng) };
        let deviation: f64 = if i == 0 { 1.0 } else { 0.5 };
        if setting.recipe == Recipe::Replace {
            rows.clear();
        }
        let label = |[u, v]: [f64; 2], rng: &mut Pcg64Dxsm| {
            [u, v, u * w[0] + v * w[1] + deviation * normal(rng)]
        };
        rows.extend(x.into_iter().map(|x| label(x, rng)));
        w = least_squares(&rows);
    }
    (w[0] - truth[0]).powi(2) + (w[1] - truth[1]).powi(2)
}

#[test]
fn least_squares_shows_the_claimed_risk_with_one_design_and_with_many() {
    let mut rng = generator(21);
    for same_design in [true, false] {
        for recipe in [Recipe::Replace, Recipe::Accumulate] {
            let setting = Setting {
                truth: Truth::Linear { dimension: 2, noise_variance: 1.0 },
                estimator: Estimator::LeastSquares {
                    same_design,
                    noise_variance: 0.25,
                    shift_square: 0.0,
                },
                recipe,
                founders: 12,
                offspring: if same_design { vec![12; 5] } else { vec![0, 0, 9, 15, 10] },
                curated: false,
            };
            let mut risk = Average::default();
            for _ in 0..40_000 {
                risk.push(regression_risk(&setting, 4, &mut rng));
            }
            let about = format!("risk under {:?}, same design {same_design}", setting.recipe);
            risk.agrees(claimed(&setting, 4, "excess-risk", "mean"), &about);
        }
    }
}

#[test]
fn the_first_rows_alone_carry_the_first_risk() {
    assert_eq!(regression::accumulate_anew(&[12], 2, 1.0, 0.0), regression::first_risk(12, 2, 1.0));
}

#[test]
fn medians_err_as_much_as_claimed() {
    let mut rng = generator(22);
    for recipe in [Recipe::Replace, Recipe::Accumulate] {
        let setting = Setting {
            truth: Truth::Normal { dimension: 1, variance: 1.0 },
            estimator: Estimator::LocationMedian { variance: 1.0 },
            recipe,
            founders: 201,
            offspring: vec![200; 5],
            curated: false,
        };
        let mut error = Average::default();
        for _ in 0..3000 {
            let (mut median, mut pool): (f64, Vec<f64>) = (0.0, Vec::new());
            for n in setting.sizes(4).unwrap() {
                if setting.recipe == Recipe::Replace {
                    pool.clear();
                }
                pool.extend((0..n).map(|_| median + normal(&mut rng)));
                pool.sort_by(f64::total_cmp);
                let half = pool.len() / 2;
                median = 0.5 * (pool[(pool.len() - 1) / 2] + pool[half]);
            }
            error.push(median * median);
        }
        error.agrees(claimed(&setting, 4, "mean-shift", "mean"), "squared error of the median");
    }
}

#[test]
fn waiting_times_show_the_claimed_logarithm_and_divergence() {
    let mut rng = generator(23);
    let setting = Setting {
        truth: Truth::Exponential { rate: 0.5 },
        estimator: Estimator::Exponential,
        recipe: Recipe::Replace,
        founders: 9,
        offspring: vec![0, 0, 7, 8],
        curated: false,
    };
    let (mut logs, mut kl) = (Average::default(), Average::default());
    for _ in 0..40_000 {
        let mut ratio = 1.0;
        for n in setting.sizes(3).unwrap() {
            let sum: f64 = (0..n).map(|_| -> f64 { Exp1.sample(&mut rng) }).sum();
            ratio *= sum / n as f64;
        }
        logs.push(2.0 * ratio.ln());
        kl.push(ratio.ln() + 1.0 / ratio - 1.0);
    }
    logs.agrees(claimed(&setting, 3, "spread", "mean-log"), "ln spread of waiting times");
    kl.agrees(claimed(&setting, 3, "kl", "mean"), "divergence of waiting times");
}

#[test]
fn counts_survive_as_claimed_when_sizes_differ() {
    let (mut rng, sizes) = (generator(24), [6, 11, 4, 9]);
    let mut alive = Average::default();
    for _ in 0..40_000 {
        let mut rate = 0.3;
        for n in sizes {
            if rate > 0.0 {
                let total: f64 = Poisson::new(n as f64 * rate).unwrap().sample(&mut rng);
                rate = total / n as f64;
            }
        }
        alive.push(f64::from(rate > 0.0));
    }
    alive.agrees(survival::poisson_sizes(&sizes, 0.3), "survival of counts");
}

fn frequencies(p: &[f64], n: usize, rng: &mut Pcg64Dxsm) -> Vec<f64> {
    use rand::RngExt;
    let mut counts = vec![0.0; p.len()];
    for _ in 0..n {
        let (mut u, mut i): (f64, usize) = (rng.random(), 0);
        while i + 1 < p.len() && u >= p[i] {
            u -= p[i];
            i += 1;
        }
        counts[i] += 1.0;
    }
    counts
}

#[test]
fn frequencies_show_the_claimed_heterozygosity_and_support() {
    let mut rng = generator(25);
    let world = vec![0.5, 0.3, 0.15, 0.05, 0.0];
    for recipe in [Recipe::Replace, Recipe::Accumulate] {
        let setting = Setting {
            truth: Truth::Categorical { probabilities: world.clone() },
            estimator: Estimator::Categorical,
            recipe,
            founders: 12,
            offspring: vec![0, 0, 7, 9, 8],
            curated: false,
        };
        let [mut diversity, mut error, mut support, mut missing] =
            [(); 4].map(|()| Average::default());
        for _ in 0..30_000 {
            let (mut p, mut counts) = (world.clone(), vec![0.0; 5]);
            for n in setting.sizes(4).unwrap() {
                if setting.recipe == Recipe::Replace {
                    counts.fill(0.0);
                }
                let new = frequencies(&p, n, &mut rng);
                counts.iter_mut().zip(&new).for_each(|(count, n)| *count += n);
                let total: f64 = counts.iter().sum();
                p = counts.iter().map(|count| count / total).collect();
            }
            error.push(world.iter().zip(&p).map(|(w, p)| (w - p).powi(2)).sum());
            diversity.push(1.0 - p.iter().map(|p| p * p).sum::<f64>());
            support.push(p.iter().filter(|&&p| p > 0.0).count() as f64 / 4.0);
            missing.push(world.iter().zip(&p).filter(|(_, p)| **p == 0.0).map(|(w, _)| w).sum());
        }
        error.agrees(claimed(&setting, 4, "l2", "mean"), "squared error of frequencies");
        diversity.agrees(claimed(&setting, 4, "heterozygosity", "mean"), "heterozygosity");
        if setting.recipe == Recipe::Accumulate {
            support.agrees(claimed(&setting, 4, "support", "mean"), "support");
            missing.agrees(claimed(&setting, 4, "missing-mass", "mean"), "missing mass");
        }
    }
}

#[test]
fn means_that_rare_trials_carry_are_marked_and_logarithms_never() {
    let setting = Setting {
        truth: Truth::Normal { dimension: 1, variance: 1.0 },
        estimator: Estimator::Gaussian {
            divisor: Divisor::Unbiased,
            full: true,
            sampling_bias: 1.0,
        },
        recipe: Recipe::Replace,
        founders: 100,
        offspring: vec![100; 200],
        curated: false,
    };
    assert!(setting.claims(20).iter().all(|claim| !claim.rare));
    assert!(setting.claims(100).iter().all(|c| c.rare == (c.statistic == "mean")));
    let kept = Setting { recipe: Recipe::Accumulate, ..setting };
    assert!(kept.claims(100).iter().all(|claim| !claim.rare));
}

#[test]
fn nothing_is_claimed_of_the_world_under_curation_or_without_knowledge() {
    let known = Setting {
        truth: Truth::Normal { dimension: 1, variance: 1.0 },
        estimator: Estimator::LocationMean { variance: 1.0 },
        recipe: Recipe::Replace,
        founders: 5,
        offspring: vec![5; 4],
        curated: false,
    };
    assert_eq!(known.claims(3).len(), 3);
    assert_eq!(known.claims(0), []);
    assert_eq!(known.claims(9), [], "sizes end at generation 3");
    assert_eq!(Setting { curated: true, ..known.clone() }.claims(1), []);
    assert_eq!(Setting { recipe: Recipe::Unknown, ..known.clone() }.claims(2), []);
    assert_eq!(Setting { recipe: Recipe::Unknown, ..known.clone() }.claims(1).len(), 3);
    assert_eq!(Setting { truth: Truth::Unknown, ..known.clone() }.claims(1), []);
    assert_eq!(Setting { founders: 0, ..known }.claims(1), []);
    assert_eq!(Setting::default().claims(1), []);
}
