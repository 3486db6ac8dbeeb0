//! C6–C12: a normal with real data beside its own samples, kept or new.

use crate::check::{each, pairs, refutes};
use crate::common::{Results, agrees, run};
use model_collapse::theory::moments::Response;
use model_collapse::theory::{Divisor, golden_weight, pooled, retained, weighted};

fn biased(header: &str, regime: &str) -> Results {
    run(&format!(
        "{header}\nevaluation = 10\nmetrics = [\"spread\", \"mean-shift\"]\n\
         [world.normal]\nmean = 1.0\n[model.gaussian]\n[regime.{regime}"
    ))
}

fn response() -> Response {
    Response::gaussian(Divisor::Biased, 1.0)
}

#[test]
fn accumulate_keeps_the_product_of_one_minus_one_over_n_k_squared() {
    let header =
        "seed = 401\ntrials = 5000\ngenerations = 150\nfounders = 4\nmeasure = { every = 10 }";
    let results = biased(header, "accumulate]");
    for t in [10, 150] {
        let kept: f64 = (1..=t).map(|k| 1.0 - 1.0 / (4.0 * f64::from(k).powi(2))).product();
        let spread = results.values("base", t, "spread");
        let shift = results.values("base", t, "mean-shift");
        agrees(&spread, kept, &format!("E σ² at {t}"));
        agrees(&shift, 1.0 - kept, &format!("E μ² at {t}"));
        refutes(&spread, 1.0 - 1.0 / 4.0, "the first fit");
        refutes(&spread, pooled::accumulate_limit(3), "n − 1 for n");
    }
    // π/√n = π/2: the limit is 2/π.
    let limit = 2.0 / std::f64::consts::PI;
    assert!((pooled::accumulate_limit(4) - limit).abs() < 1e-12);
    agrees(&results.values("base", 150, "spread"), limit, "the limit");
}

#[test]
fn a_subsample_of_the_pool_loses_more_than_the_pool() {
    let header =
        "seed = 402\ntrials = 8000\ngenerations = 20\nfounders = 7\nmeasure = { every = 10 }";
    let results = biased(header, "subsample]");
    for t in [10_u32, 20] {
        let sizes = vec![7; t as usize];
        let found = pooled::subsample(&response(), &sizes, 7).expect("a form").model;
        let spread = results.values("base", t, "spread");
        agrees(&spread, found.trace, &format!("E σ² at {t}"));
        agrees(&results.values("base", t, "mean-shift"), found.mean_error, &format!("E μ² at {t}"));
        refutes(&spread, pooled::accumulate_variance(7, t), "the whole pool");
        refutes(&spread, (1.0 - 1.0 / 7.0_f64).powi(t as i32), "no pool");
    }
}

#[test]
fn subsamples_of_many_samples_near_three_times_the_first_error() {
    let header =
        "seed = 403\ntrials = 2500\ngenerations = 60\nfounders = 100\nmeasure = { every = 60 }";
    let results = biased(header, "subsample]");
    let shift = each(&results.values("base", 60, "mean-shift"), |error| 100.0 * error);
    let found = pooled::subsample(&response(), &[100; 60], 100).expect("a form").model;
    agrees(&shift, 100.0 * found.mean_error, "n E μ²");
    let limit = pooled::SUBSAMPLE_MODEL_ERROR;
    // At t = 60 and n = 100 the recursion is four percent short of the limit of both.
    assert!((100.0 * found.mean_error / limit - 1.0).abs() < 0.05);
    refutes(&shift, pooled::SUBSAMPLE_POOL_ERROR, "the pool's error");
    refutes(&shift, std::f64::consts::PI.powi(2) / 6.0, "accumulate");
}

#[test]
fn founders_that_stay_hold_variance_and_mean() {
    let (real, synthetic) = (15.0, 40.0);
    let results = biased(
        "seed = 404\ntrials = 6000\ngenerations = 12\nfounders = 15\noffspring = 40",
        "augment]",
    );
    let own = 1.0 - 1.0 / real;
    let limit = own / (1.0 + synthetic / (real * (real + 2.0 * synthetic)));
    let spread = results.values("base", 12, "spread");
    agrees(&spread, limit, "v");
    agrees(&results.values("base", 12, "mean-shift"), 1.0 / real + own - limit, "1/n + D");
    // The first fit is the founders' own variance: what is lost since is seen trial by trial.
    let lost = pairs(&spread, &results.values("base", 1, "spread"), |late, first| late - first);
    agrees(&lost, limit - own, "v − v_R");
    refutes(&lost, 0.0, "nothing lost");
    let less = own / (1.0 + synthetic / (real * (real + synthetic)));
    refutes(&lost, less - own, "another limit");
}

#[test]
fn part_of_the_offspring_beside_the_founders_follows_its_own_recursion() {
    let results = biased(
        "seed = 405\ntrials = 6000\ngenerations = 6\nfounders = 10\noffspring = 30",
        "augment]\nsynthetic = 12",
    );
    let (a, b, q, own) = (10.0 / 22.0, 12.0 / 22.0, 1.0 / 12.0, 0.9);
    let (mut drift, mut v) = (0.0, own);
    for _ in 2..=6 {
        let next = a * own + b * v * (1.0 - q) + a * b * (drift + q * v);
        (drift, v) = (b * b * (drift + q * v), next);
    }
    let spread = results.values("base", 6, "spread");
    agrees(&spread, v, "v");
    agrees(&results.values("base", 6, "mean-shift"), 0.1 + drift, "1/n + D");
    let lost = pairs(&spread, &results.values("base", 1, "spread"), |late, first| late - first);
    agrees(&lost, v - own, "v − v_R");
    refutes(&lost, 0.0, "nothing lost");
}

#[test]
fn a_retained_fraction_of_the_founders_follows_its_recursion() {
    let (n, t) = (40.0_f64, 10);
    for (seed, redraw) in [(406, true), (407, false)] {
        let results = biased(
            &format!("seed = {seed}\ntrials = 6000\ngenerations = {t}\nfounders = 40"),
            &format!("retain]\nfraction = 0.15\nredraw = {redraw}"),
        );
        let sizes = vec![40; t as usize];
        let found = retained::retain(&response(), &sizes, 0.15, redraw).expect("a form");
        let spread = results.values("base", t, "spread");
        agrees(&spread, found.trace, "v");
        agrees(&results.values("base", t, "mean-shift"), found.mean_error, "1/n + D");
        let other = retained::retain(&response(), &sizes, 0.15, !redraw).expect("a form");
        refutes(&spread, other.trace, "the other way to choose founders");
        refutes(&spread, (1.0 - 1.0 / n).powi(t as i32), "no founders");
        if redraw {
            // In units of v_R: C9 as it is written.
            let (real, q) = (6.0, 1.0 / 34.0);
            let (a, b) = (real / n, 1.0 - real / n);
            let miss = (n - real) / (real * (n - 1.0));
            let seen = n * (real - 1.0) / ((n - 1.0) * real);
            let (mut drift, mut v) = (0.0, 1.0);
            for _ in 2..=t {
                let next = a * seen + b * v * (1.0 - q) + a * b * (miss + drift + q * v);
                (drift, v) = (a * a * miss + b * b * (drift + q * v), next);
            }
            agrees(&spread, (1.0 - 1.0 / n) * v, "v as written");
        }
    }
}

#[test]
fn fresh_data_with_sampling_bias_follow_their_recursion() {
    let results = run(r#"
seed = 408
trials = 6000
generations = 12
founders = 20
offspring = 30
evaluation = 10
metrics = ["spread", "mean-shift"]
[world.normal]
[model.gaussian]
[regime.fresh]
real = 12
[arms.fair.model.gaussian]
[arms.shrunk.model.gaussian]
sampling-bias = 0.8
"#);
    for (arm, lambda) in [("fair", 1.0), ("shrunk", 0.8)] {
        let (a, b, real, q) = (12.0 / 42.0, 30.0 / 42.0, 12.0, 1.0 / 30.0);
        let (mut error, mut v) = (1.0 / 20.0, 1.0 - 1.0 / 20.0);
        for _ in 2..=12 {
            let gap = 1.0 / real + error + q * lambda * v;
            let next = a * (1.0 - 1.0 / real) + b * lambda * v * (1.0 - q) + a * b * gap;
            (error, v) = (a * a / real + b * b * (error + q * lambda * v), next);
        }
        let (spread, shift) =
            (results.values(arm, 12, "spread"), results.values(arm, 12, "mean-shift"));
        agrees(&spread, v, &format!("{arm}: v"));
        agrees(&shift, error, &format!("{arm}: A"));
        refutes(&spread, 1.0, "nothing lost");
        refutes(&shift, 1.0 / 42.0, "as if all were real");
    }
}

#[test]
fn a_weighted_mean_settles_at_the_risk_of_he_and_the_golden_weight_is_its_own_risk() {
    let arms = [
        ("golden", 1.0, "\"golden\""),
        ("half", 1.0, "0.5"),
        ("heavy", 1.0, "0.9"),
        ("many", 0.25, "\"golden\""),
        ("pooled", 0.25, "0.2"),
    ];
    let mut text = String::from(
        "seed = 409\ntrials = 8000\ngenerations = 30\nfounders = 20\nevaluation = 10\n\
         measure = { every = 30 }\nmetrics = [\"mean-shift\"]\n\
         [world.normal]\nsd = 2.0\n[model.location]\nsd = 2.0\n",
    );
    for (arm, ratio, weight) in arms {
        let offspring = 20.0 / ratio;
        text += &format!(
            "[arms.{arm}]\noffspring = {offspring}\n[arms.{arm}.regime.weighted]\nreal = 20\nweight = {weight}\n"
        );
    }
    let results = run(&text);
    let risk = |arm| each(&results.values(arm, 30, "mean-shift"), |error| error * 20.0 / 4.0);
    for (arm, ratio, weight) in arms {
        let w = weight.parse().unwrap_or(golden_weight(ratio));
        let steady = (w * w + ratio * (1.0 - w) * (1.0 - w)) / (w * (2.0 - w));
        agrees(&risk(arm), steady, arm);
        assert!((weighted::steady_risk(w, ratio) - steady).abs() < 1e-12);
    }
    let golden = 0.5 * (5_f64.sqrt() - 1.0);
    agrees(&risk("golden"), golden, "1/φ");
    refutes(&risk("golden"), golden * golden, "its square");
    agrees(&risk("many"), golden_weight(0.25), "w* is its own risk");
    refutes(&risk("heavy"), golden, "a weight that is too heavy");
}

#[test]
fn a_pool_that_fresh_data_join_forgets_its_first_error_slowly() {
    for (seed, real, synthetic) in [(410, 6, 14), (411, 15, 5)] {
        let results = biased(
            &format!(
                "seed = {seed}\ntrials = 6000\ngenerations = 25\nfounders = 20\noffspring = {synthetic}"
            ),
            &format!("fresh]\nreal = {real}\npool = true"),
        );
        let (n_r, n_s) = (f64::from(real), f64::from(synthetic));
        let share = n_r / 20.0;
        let (mut error, mut v) = (1.0 / 20.0, 1.0 - 1.0 / 20.0);
        for t in 1..25 {
            let next = f64::from(t + 1);
            let noise = share * share / n_r + (1.0 - share).powi(2) * v / n_s;
            let total = error + v + share * (1.0 - error - v) / next;
            error = error * (1.0 - share / next).powi(2) + noise / next.powi(2);
            v = total - error;
        }
        let (spread, shift) =
            (results.values("base", 25, "spread"), results.values("base", 25, "mean-shift"));
        agrees(&shift, error, "A");
        agrees(&spread, v, "v");
        refutes(&shift, 1.0 / (25.0 * 20.0), "as if all were real");
        refutes(&shift, 1.0 - pooled::accumulate_variance(20, 25), "no fresh data");
    }
}
