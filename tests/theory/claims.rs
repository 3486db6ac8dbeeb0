//! Everything that `theory.csv` says, held against the measurements beside it.

use crate::check::each;
use crate::common::{Results, mean, run};

const REGIMES: &[&str] = &[
    "replace]",
    "accumulate]",
    "subsample]\nsize = 14",
    "retain]\nfraction = 0.3",
    "retain]\nfraction = 0.3\nredraw = false",
    "augment]\nsynthetic = 9",
    "fresh]\nreal = 6",
    "fresh]\nreal = 6\npool = true",
    "weighted]\nreal = 6\nweight = 0.35",
    "weighted]\nreal = 10",
];
const CHAINS: &[&str] = &["replace]", "accumulate]"];
const SAME: &str = "founders = 20";
const GROWING: &str = "founders = 20\noffspring = { start = 14, growth = 0.4 }";
const MANY: &str = "founders = 400";
const MOMENTS: &str = r#""spread", "mean-shift""#;
const NORMAL: &str = r#""spread", "mean-shift", "generalized-variance", "frechet", "kl""#;
const TOKENS: &str = r#""heterozygosity", "support", "missing-mass", "l2""#;
const RISK: &str = r#""excess-risk""#;

/// Sizes, metrics, world, model, regimes.
type Experiment = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

const EXPERIMENTS: [Experiment; 16] = [
    (SAME, MOMENTS, "normal]\nsd = 2.0", "gaussian]", REGIMES),
    (
        SAME,
        MOMENTS,
        "normal]\nmean = 3.0",
        "gaussian]\nvariance = \"unbiased\"\nsampling-bias = 0.9",
        REGIMES,
    ),
    (SAME, NORMAL, "normal]\nsd = 2.0", "gaussian]", CHAINS),
    (GROWING, NORMAL, "normal]\ndimension = 2", "gaussian]\nvariance = \"unbiased\"", CHAINS),
    (
        GROWING,
        NORMAL,
        "normal]\ndimension = 3\nsd = 0.5",
        "gaussian]\ncovariance = \"diagonal\"",
        CHAINS,
    ),
    (SAME, MOMENTS, "ring]\nmodes = 5", "gaussian]", REGIMES),
    (SAME, MOMENTS, "student-t]\ndegrees = 9.0", "kde]\nbandwidth = 0.4", REGIMES),
    (
        SAME,
        r#""mean-shift", "kl""#,
        "normal]\ndimension = 2\nsd = 1.5",
        "location]\nsd = 1.5",
        REGIMES,
    ),
    (SAME, MOMENTS, "poisson]\nrate = 2.5", "poisson]", REGIMES),
    (SAME, MOMENTS, "exponential]\nrate = 0.4", "exponential]", REGIMES),
    (SAME, TOKENS, "categorical]\nweights = [5, 4, 2, 1]", "categorical]", REGIMES),
    (GROWING, TOKENS, "zipf]\ntypes = 12", "categorical]", CHAINS),
    (SAME, RISK, "linear]\ndimension = 3\nnoise = 0.8", "linear]\nnoise = 1.1", CHAINS),
    (
        GROWING,
        RISK,
        "linear]\ndimension = 2\nnoise = 0.8",
        "linear]\nnoise = 0.5\ndesign = \"fresh\"",
        CHAINS,
    ),
    (
        GROWING,
        RISK,
        "linear]\ndimension = 2\nnoise = 0.8",
        "linear]\nnoise = 0.5\ndesign = \"fresh\"\nshift = 0.7",
        &["replace]", "fresh]\nreal = 6"],
    ),
    (MANY, r#""mean-shift""#, "normal]", "location]\nestimator = \"median\"", CHAINS),
];

/// Standardised distance of a mean from what theory says, with Johnson's correction for skewness:
/// squared errors are skewed, and an ordinary z then strays too far below.
fn distance(values: &[f64], expected: f64) -> f64 {
    let n = values.len() as f64;
    let (mean, error) = mean(values);
    let skewness = values.iter().map(|x| ((x - mean) / error).powi(3)).sum::<f64>() / n.powf(2.5);
    let z = (mean - expected) / error;
    z + skewness / n.sqrt() * (1.0 / 6.0 + z * z / 3.0)
}

/// The distance of every claim that the trials can test.
fn distances(results: &Results, what: &str) -> Vec<f64> {
    let mut found = Vec::new();
    for claim in &results.theory {
        if claim.formula.ends_with("carried by rare trials") {
            continue;
        }
        let values = results.values(&claim.arm, claim.generation, &claim.metric);
        let values = match claim.statistic.as_str() {
            "mean" => values,
            "mean-log" => each(&values, f64::ln),
            other => panic!("{other} is a statistic that this test does not know"),
        };
        let z = distance(&values, claim.value);
        let (mean, error) = mean(&values);
        let place = format!("{what}\n{claim:?}: {mean} ± {error}, z = {z:.2}");
        if error < 1e-12 * mean.abs() {
            panic!("{place}: does not vary");
        }
        assert!(z.abs() < 4.5, "{place}");
        found.push(z);
    }
    found
}

#[test]
fn whatever_theory_claims_the_runner_shows() {
    let (mut claims, mut squares) = (0, Vec::new());
    let all = EXPERIMENTS.iter().flat_map(|e| e.4.iter().map(move |regime| (e, regime)));
    for (seed, ((sizes, metrics, world, model, _), regime)) in (901..).zip(all) {
        let text = format!(
            "seed = {seed}\ntrials = 2000\ngenerations = 6\nevaluation = 10\n{sizes}\n\
             measure = {{ every = 2 }}\nmetrics = [{metrics}]\n\
             [world.{world}\n[model.{model}\n[regime.{regime}\n"
        );
        let found = distances(&run(&text), &text);
        assert!(found.len() >= 3, "theory says nothing of\n{text}");
        claims += found.len();
        squares.push(mean(&each(&found, |z| z * z)).0);
    }
    assert!(claims > 550, "{claims} claims were tested");
    // Claims of one experiment share their trials, experiments share nothing: each counts once.
    let (square, error) = mean(&squares);
    println!("{claims} claims, mean z² = {square} ± {error}");
    assert!((square - 1.0).abs() < 4.0 * error && error < 0.25, "mean z² is {square} ± {error}");
}
