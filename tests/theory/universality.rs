//! C16: one pathway for all estimators that are asymptotically linear.
//!
//! Risks in units of the first one's asymptotic value, at sizes where what is left of 1/n is below
//! one standard error.

use crate::check::{each, refutes};
use crate::common::{Results, agrees, run};
use model_collapse::theory::universality::{MEDIAN_INEFFICIENCY, discard_ratio, keep_ratio};

const T: u32 = 8;

fn both(header: &str, rest: &str) -> Results {
    run(&format!(
        "{header}\ntrials = 2500\ngenerations = {T}\nevaluation = 10\nmeasure = {{ every = {T} }}\n\
         {rest}\n[arms.discard.regime.replace]\n[arms.keep.regime.accumulate]"
    ))
}

/// `unit` turns a reading into n times the squared error over the asymptotic variance.
fn pathway(results: &Results, metric: &str, what: &str, unit: impl Fn(f64) -> f64) {
    let ratios = |arm| each(&results.values(arm, T, metric), &unit);
    let (discard, keep) = (ratios("discard"), ratios("keep"));
    agrees(&discard, discard_ratio(T), &format!("{what}, discarded"));
    refutes(&discard, discard_ratio(T - 2), "two generations less");
    agrees(&keep, (1..=T).map(|i| f64::from(i).powi(-2)).sum(), &format!("{what}, kept"));
    refutes(&keep, 1.0, "one generation");
    refutes(&keep, (1..=T).map(|i| 1.0 / f64::from(i)).sum(), "Σ 1/i");
    assert!((keep_ratio(T) - 1.5274).abs() < 1e-4);
}

#[test]
fn medians_cost_t_or_the_sum_of_inverse_squares() {
    let results = both(
        "seed = 601\nfounders = 401\nmetrics = [\"mean-shift\"]",
        "[world.normal]\n[model.location]\nestimator = \"median\"",
    );
    let unit = |error: f64| error * 401.0 / MEDIAN_INEFFICIENCY;
    pathway(&results, "mean-shift", "median", unit);
    let first = each(&results.values("keep", T, "mean-shift"), |error| error * 401.0);
    refutes(&first, keep_ratio(T), "the efficiency of the mean");
}

#[test]
fn waiting_times_cost_t_or_the_sum_of_inverse_squares() {
    let results = both(
        "seed = 602\nfounders = 600\nmetrics = [\"mean-shift\"]",
        "[world.exponential]\nrate = 0.5\n[model.exponential]",
    );
    pathway(&results, "mean-shift", "scale", |error| error * 600.0 / 4.0);
}

#[test]
fn the_logit_of_a_coin_costs_t_or_the_sum_of_inverse_squares() {
    let results = both(
        "seed = 603\nfounders = 3000\nmetrics = [\"heterozygosity\"]",
        "[world.categorical]\nweights = [3, 7]\n[model.categorical]",
    );
    // p < ½ stays below ½: ten standard deviations away; so 2p(1 − p) tells p.
    let logit = |p: f64| (p / (1.0 - p)).ln();
    let unit = |h: f64| {
        let p = 0.5 * (1.0 - (1.0 - 2.0 * h).sqrt());
        3000.0 * 0.21 * (logit(p) - logit(0.3)).powi(2)
    };
    pathway(&results, "heterozygosity", "logit", unit);
}
