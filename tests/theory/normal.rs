//! C1–C4, C13: a normal refitted to its own samples.

use crate::check::{each, pairs, refutes, whether};
use crate::common::{Results, agrees, run};
use model_collapse::numeric::special::{deviation_ratio, digamma, normal_cdf, trigamma};
use model_collapse::theory::{gaussian::Chain, growing, survival};

const METRICS: &str = r#"metrics = ["spread", "mean-shift", "frechet"]
evaluation = 10
[world.normal]
"#;

fn replaced(header: &str, model: &str) -> Results {
    run(&format!("{header}\n{METRICS}[model.gaussian]\n{model}"))
}

/// Eight samples, three generations, many trials: means that rare trials do not carry.
fn short(model: &str) -> Results {
    replaced("seed = 101\ntrials = 20000\ngenerations = 3\nfounders = 8", model)
}

/// Six samples, sixty generations.
fn long(model: &str) -> Results {
    let measure = "measure = { every = 20 }";
    replaced(
        &format!("seed = 102\ntrials = 5000\ngenerations = 60\nfounders = 6\n{measure}"),
        model,
    )
}

#[test]
fn replace_with_biased_variance_shrinks_by_one_minus_one_over_n() {
    let spread = short("").values("base", 3, "spread");
    agrees(&spread, (1.0 - 1.0 / 8.0_f64).powi(3), "E σ²");
    refutes(&spread, (1.0 - 1.0 / 7.0_f64).powi(3), "n − 1 for n");
    refutes(&spread, (1.0 - 1.0 / 8.0_f64).powi(2), "one generation less");
    refutes(&spread, 1.0, "the unbiased divisor");
}

#[test]
fn replace_with_biased_variance_moves_the_mean_by_what_the_variance_loses() {
    let results = short("");
    let shift = results.values("base", 3, "mean-shift");
    agrees(&shift, 1.0 - (1.0 - 1.0 / 8.0_f64).powi(3), "E μ²");
    refutes(&shift, 3.0 / 8.0, "the unbiased divisor");
    let ratio = deviation_ratio(8, 8.0);
    let distance = results.values("base", 3, "frechet");
    agrees(&distance, 2.0 * (1.0 - ratio.powi(3)), "E W2²");
    refutes(&distance, 2.0 * (1.0 - ratio.powi(2)), "one generation less");
}

#[test]
fn replace_with_unbiased_variance_keeps_its_mean_and_lets_the_mean_wander() {
    let results = short("variance = \"unbiased\"");
    let (spread, shift) =
        (results.values("base", 3, "spread"), results.values("base", 3, "mean-shift"));
    agrees(&spread, 1.0, "E σ²");
    refutes(&spread, 7.0 / 8.0, "one biased generation");
    agrees(&shift, 3.0 / 8.0, "E μ²");
    refutes(&shift, 3.0 / 7.0, "n − 1 for n");
    agrees(&pairs(&spread, &shift, |v, m| v + m), 1.0 + 3.0 / 8.0, "variance of a sample");
    let ratio = deviation_ratio(8, 7.0);
    let deviation = each(&spread, f64::sqrt);
    agrees(&deviation, ratio.powi(3), "E σ");
    refutes(&deviation, ratio.powi(2), "one generation less");
    let distance = results.values("base", 3, "frechet");
    agrees(&distance, 3.0 / 8.0 + 2.0 * (1.0 - ratio.powi(3)), "E W2²");
}

#[test]
fn the_logarithm_of_the_variance_walks_down_by_the_digamma_of_the_degrees_of_freedom() {
    for (model, divisor) in [("", 6.0), ("variance = \"unbiased\"", 5.0)] {
        let results = long(model);
        for t in [20_u32, 60] {
            let logs = each(&results.values("base", t, "spread"), f64::ln);
            let step = digamma(2.5) - (divisor / 2.0_f64).ln();
            let (t, expected) = (f64::from(t), f64::from(t) * step);
            agrees(&logs, expected, "E ln σ²");
            refutes(&logs, expected + t * (1.0 / divisor), "another divisor");
            if t == 20.0 && divisor == 6.0 {
                refutes(&logs, expected - step, "one generation less");
            }
            let squares = each(&logs, |log| (log - expected).powi(2));
            agrees(&squares, t * trigamma(2.5), "Var ln σ²");
            refutes(&squares, t * trigamma(3.0), "n for n − 1 degrees of freedom");
        }
    }
}

#[test]
fn a_deviation_survives_by_the_central_limit_theorem_and_below_the_bound_of_suresh() {
    let spread = long("variance = \"unbiased\"").values("base", 60, "spread");
    let sizes = [6; 60];
    let divisor = model_collapse::theory::Divisor::Unbiased;
    let chain = Chain { sizes: &sizes, dimension: 1, divisor, full: true, bias: 1.0 };
    // Where the skewness of ln σ² does not matter: one standard deviation off the centre.
    let (centre, sd) = (chain.log_determinant(), chain.log_variance_variance().sqrt());
    for z in [-1.0, 1.0] {
        let epsilon = (0.5 * (centre + z * sd)).exp();
        let alive = whether(&spread, |v| v.sqrt() > epsilon);
        assert!((chain.survival(epsilon) - normal_cdf(-z)).abs() < 1e-9);
        agrees(&alive, chain.survival(epsilon), "P(σ > ε)");
        refutes(&alive, normal_cdf(-z) + 0.05, "five percent more");
    }
    for epsilon in [0.3, 0.5] {
        let alive = whether(&spread, |v| v.sqrt() > epsilon);
        let share = alive.iter().sum::<f64>() / alive.len() as f64;
        assert!(share > 0.002, "something survives for the bound to hold against");
        let tight = survival::gaussian_moment_bound(6, epsilon, 60, 0.7);
        assert!(share <= tight && tight < 0.2, "{share} survive, {tight} at most");
        assert!(tight <= survival::gaussian_bound(6, epsilon, 60));
    }
}

#[test]
fn three_dimensions_with_sampling_bias_shrink_by_lambda_and_lose_volume_beyond_it() {
    let results = run(r#"
seed = 103
trials = 12000
generations = 4
founders = 15
evaluation = 10
metrics = ["spread", "mean-shift", "generalized-variance"]
[world.normal]
dimension = 3
mean = -2.0
[model.gaussian]
variance = "unbiased"
sampling-bias = 0.7
[arms.shrinks]
[arms.stays.model.gaussian]
sampling-bias = 1.0
[arms.biased.model.gaussian]
sampling-bias = 1.0
variance = "biased"
"#);
    let (n, d) = (15.0, 3.0);
    for (arm, lambda, divisor) in
        [("shrinks", 0.7_f64, 14.0), ("stays", 1.0, 14.0), ("biased", 1.0, 15.0)]
    {
        let kept: f64 = lambda * 14.0 / divisor;
        // Founders are real: λ enters from the second generation on.
        let spread = results.values(arm, 4, "spread");
        agrees(&spread, kept.powi(4) / lambda, &format!("{arm}: E trΣ"));
        let shift = results.values(arm, 4, "mean-shift");
        let sum: f64 = (0..4).map(|i| kept.powi(i)).sum();
        agrees(&shift, d / n * sum, &format!("{arm}: E‖μ‖²"));
        refutes(&shift, d / (n - 1.0) * sum, "n − 1 for n");
        let volume: f64 = (1..=3).map(|j| (n - f64::from(j)) / divisor).product();
        let determinant = lambda.powi(3 * 3) * volume.powi(4);
        let logs: f64 = (1..=3).map(|j| digamma((n - f64::from(j)) / 2.0)).sum();
        let logs = 4.0 * (logs - d * (divisor / 2.0_f64).ln()) + 9.0 * lambda.ln();
        let determinants = results.values(arm, 4, "generalized-variance");
        agrees(&determinants, determinant, &format!("{arm}: E det Σ"));
        refutes(&determinants, lambda.powi(9) * (14.0 / divisor).powi(12), "no loss of volume");
        agrees(&each(&determinants, f64::ln), logs, &format!("{arm}: E ln det Σ"));
    }
}

#[test]
fn the_first_fit_diverges_by_half_a_nat_per_lost_degree_of_freedom() {
    let results = run(r#"
seed = 104
trials = 20000
generations = 2
founders = 15
evaluation = 10
metrics = ["kl"]
[world.normal]
sd = 3.0
[model.gaussian]
"#);
    let n = 15.0;
    let logs = digamma(7.0) + (2.0_f64 / n).ln();
    let first = 0.5 * (n / (n - 3.0) * (1.0 + 1.0 / n) - 1.0 + logs);
    let divergence = results.values("base", 1, "kl");
    agrees(&divergence, first, "E KL of the first fit");
    refutes(&divergence, 0.5 * (16.0 / (n - 3.0) * (14.0 / n) - 1.0 + logs), "n − 1 for n");
    let sizes = [15; 2];
    let divisor = model_collapse::theory::Divisor::Biased;
    let chain = Chain { sizes: &sizes, dimension: 1, divisor, full: true, bias: 1.0 };
    let second = results.values("base", 2, "kl");
    agrees(&second, chain.kl().expect("finite"), "E KL of the second fit");
    refutes(&second, 2.0 * first, "twice the first");
}

#[test]
fn growing_samples_keep_the_distance_below_a_bound() {
    let results = run(r#"
seed = 105
trials = 12000
generations = 12
founders = 8
offspring = { start = 8, growth = 1.3 }
evaluation = 10
metrics = ["frechet"]
[world.normal]
[model.gaussian]
variance = "unbiased"
"#);
    let sizes: Vec<usize> = (1..=12).map(|t| growing::size(8, 1.3, t)).collect();
    let distance = results.values("base", 12, "frechet");
    let ratios: f64 = sizes.iter().map(|&n| deviation_ratio(n, n as f64 - 1.0)).product();
    let sum: f64 = sizes.iter().map(|&n| 1.0 / n as f64).sum();
    agrees(&distance, sum + 2.0 * (1.0 - ratios), "E W2²");
    agrees(&distance, growing::frechet(&sizes), "E W2²");
    refutes(&distance, growing::frechet(&[8; 12]), "constant sizes");
    let late: Vec<usize> =
        std::iter::once(8).chain((1..12).map(|t| growing::size(8, 1.3, t))).collect();
    refutes(&distance, growing::frechet(&late), "a schedule that lags by one");
}
