//! C11 (regression), C14, C15, C17: least squares refitted to labels of its own.

use crate::check::{each, refutes};
use crate::common::{Results, agrees, run};
use model_collapse::theory::{growing, regression, strong, weighted};

fn linear(header: &str, world: &str, model: &str) -> Results {
    run(&format!(
        "{header}\nevaluation = 10\nmetrics = [\"excess-risk\"]\n\
         [world.linear]\n{world}\n[model.linear]\n{model}"
    ))
}

#[test]
fn replaced_labels_add_one_first_risk_per_generation() {
    let header = "seed = 501\ntrials = 10000\ngenerations = 6\nfounders = 20";
    let unit = 0.49 * 4.0 / (20.0 - 4.0 - 1.0);
    for design in ["same", "fresh"] {
        let model = format!("noise = 0.7\ndesign = \"{design}\"");
        let results = linear(header, "dimension = 4\nnoise = 0.7", &model);
        for t in [1, 6] {
            let risk = results.values("base", t, "excess-risk");
            agrees(&risk, f64::from(t) * unit, &format!("{design} at {t}"));
            refutes(&risk, f64::from(t) * unit * 15.0 / 17.0, "n − d + 1");
            refutes(&risk, f64::from(t) * unit * 15.0 / 14.0, "n − d − 2");
        }
    }
}

#[test]
fn accumulated_labels_add_the_squares_of_reciprocals() {
    let header = "seed = 502\ntrials = 10000\ngenerations = 10\nfounders = 15";
    let unit = 3.0 / (15.0 - 3.0 - 1.0);
    let model = "noise = 1.0\ndesign = \"same\"\n[regime.accumulate]";
    let results = linear(header, "dimension = 3\nnoise = 1.0", model);
    let squares: f64 = (1..=10).map(|i| f64::from(i).powi(-2)).sum();
    let risk = results.values("base", 10, "excess-risk");
    agrees(&risk, unit * squares, "Σ 1/i²");
    refutes(&risk, unit, "the first risk");
    refutes(&risk, unit * (1..=10).map(|i| 1.0 / f64::from(i)).sum::<f64>(), "Σ 1/i");
    refutes(&risk, 3.0 / 12.0 * squares, "n − d");
}

#[test]
fn accumulated_designs_that_differ_average_over_all_rows_so_far() {
    let header = "seed = 503\ntrials = 10000\ngenerations = 5\nfounders = 9\noffspring = { start = 5, growth = 0.8 }";
    let model = "noise = 1.2\ndesign = \"fresh\"\n[regime.accumulate]";
    let results = linear(header, "dimension = 3\nnoise = 0.6", model);
    let sizes: Vec<usize> =
        std::iter::once(9).chain((2..=5).map(|t| growing::size(5, 0.8, t))).collect();
    let risk = results.values("base", 5, "excess-risk");
    agrees(&risk, regression::accumulate_anew(&sizes, 3, 0.36, 1.44), "Σ (n_i/N_i) d/(N_i−d−1)");
    refutes(&risk, regression::accumulate(9, 5, 3, 0.36, 1.44), "one design");
    refutes(&risk, regression::replace(&sizes, 3, 0.36, 1.44), "replace");
}

#[test]
fn independent_designs_of_other_size_and_noise_add_their_own_risks() {
    let header = "seed = 504\ntrials = 10000\ngenerations = 4\nfounders = 25\noffspring = { start = 10, growth = 0.6 }";
    let results = linear(header, "dimension = 4\nnoise = 0.5", "noise = 1.1\ndesign = \"fresh\"");
    let one = |n: usize, noise: f64| noise * noise * 4.0 / (n as f64 - 5.0);
    let sizes: Vec<usize> = (2..=4).map(|t| growing::size(10, 0.6, t)).collect();
    assert_eq!(sizes, [15, 19, 23]);
    let expected = one(25, 0.5) + sizes.iter().map(|&n| one(n, 1.1)).sum::<f64>();
    let risk = results.values("base", 4, "excess-risk");
    agrees(&risk, expected, "Σ σ_i²d/(n_i−d−1)");
    refutes(&risk, one(25, 1.1) + expected - one(25, 0.5), "the founders' noise is the world's");
    refutes(&risk, one(25, 0.5) + 3.0 * one(15, 1.1), "constant sizes");
}

#[test]
fn fewer_rows_than_dimensions_project_the_truth_away() {
    let header = "seed = 505\ntrials = 3000\ngenerations = 4\nfounders = 12";
    let results = linear(
        header,
        "dimension = 20\nnoise = 0.0\nnorm = 1.5",
        "noise = 0.0\ndesign = \"fresh\"",
    );
    for t in 1..=4 {
        let kept = 0.6_f64.powi(t);
        assert!((regression::minimum_norm(12, 20, t as u32) - kept).abs() < 1e-12);
        let lost = each(&results.values("base", t as u32, "excess-risk"), |risk| risk / 2.25);
        agrees(&lost, 1.0 - kept, &format!("‖w_t − w*‖² at {t}"));
        refutes(&lost, 1.0 - 0.6_f64.powi(t + 1), "one generation more");
        if t > 1 {
            refutes(&lost, 1.0 - 0.6, "one design for all");
        }
    }
    let same = linear(header, "dimension = 20\nnoise = 0.0", "noise = 0.0\ndesign = \"same\"");
    agrees(&same.values("base", 4, "excess-risk"), 0.4, "a design that stays loses once");
}

#[test]
fn weighted_labels_settle_at_the_golden_share_of_the_first_risk() {
    let header =
        "seed = 506\ntrials = 3000\ngenerations = 10\nfounders = 200\nmeasure = { every = 10 }";
    let model = "noise = 1.0\ndesign = \"fresh\"\n[regime.weighted]\nreal = 200";
    let risk =
        linear(header, "dimension = 2\nnoise = 1.0", model).values("base", 10, "excess-risk");
    // Exact for n → ∞; at 200 rows of two dimensions the difference is below one standard error.
    agrees(&risk, weighted::steady_regression(0.618, 200, 2, 1.0), "0.618 σ²d/(n−d−1)");
    refutes(&risk, regression::first_risk(200, 2, 1.0), "real data alone");
    refutes(&risk, 0.5 * regression::first_risk(200, 2, 1.0), "twice as much real data");
}

/// C17: n₂ of n rows are labelled by a generator that knows w* but for its shift.
#[test]
fn a_shifted_generator_costs_what_strong_collapse_says() {
    for (seed, n, synthetic) in [(508, 200, 20), (509, 400, 120), (510, 2000, 200)] {
        let real = n - synthetic;
        let header = format!(
            "seed = {seed}\ntrials = 2500\ngenerations = 2\nfounders = 4000\noffspring = {synthetic}"
        );
        let model =
            format!("noise = 1.0\ndesign = \"fresh\"\nshift = 1.0\n[regime.fresh]\nreal = {real}");
        let results = linear(&header, "dimension = 20\nnoise = 1.0", &model);
        let risk = results.values("base", 2, "excess-risk");
        let exact = strong::fresh(&[4000, synthetic], real, 20, (1.0, 1.0), 1.0).expect("sizes");
        agrees(&risk, exact, "exact");
        let limit = strong::strong_collapse((real, synthetic), 20, 1.0, 1.0);
        let found = crate::common::mean(&risk).0;
        println!("n = {n}, n2 = {synthetic}: {found}, exact {exact}, limit {limit}");
        assert!((found / limit - 1.0).abs() < 0.03, "{found} is not within 3 % of {limit}");
        refutes(&risk, regression::first_risk(n, 20, 1.0), "no shift");
        agrees(&results.values("base", 1, "excess-risk"), 20.0 / 3979.0, "the measured model");
    }
}
