//! C23: how long counts and rare symbols stay above zero under replace.

use crate::check::{each, lies_between, refutes, whether};
use crate::common::{agrees, run};
use model_collapse::theory::survival;

#[test]
fn a_poisson_rate_is_alive_with_the_probability_of_suresh() {
    let results = run(r#"
seed = 801
trials = 16000
generations = 30
founders = 8
evaluation = 10
metrics = ["spread", "mean-shift"]
[world.poisson]
rate = 0.6
[model.poisson]
"#);
    for k in [4, 12, 30] {
        let alive = whether(&results.values("base", k, "spread"), |rate| rate > 0.0);
        // g_1 = 1, g_{k+1} = 1 − e^{−g_k}.
        let g = (1..k).fold(1.0_f64, |g, _| 1.0 - (-g).exp());
        agrees(&alive, 1.0 - (-8.0 * 0.6 * g).exp(), &format!("P(λ ≠ 0) at {k}"));
        assert!((survival::forgetting(k) - g).abs() < 1e-12);
        if k < 30 {
            refutes(&alive, 1.0 - (-8.0 * 0.6 * 2.0 / f64::from(k)).exp(), "the limit 2/k");
        }
        if k == 4 {
            refutes(&alive, survival::poisson(8, 0.6, 3), "one generation less");
        }
    }
    let shift = results.values("base", 4, "mean-shift");
    agrees(&shift, survival::poisson_variance(8, 0.6, 4), "Var λ = kλ/n");
    refutes(&shift, 4.0 * 0.6 / 7.0, "n − 1 for n");
    agrees(&each(&results.values("base", 12, "spread"), |ratio| ratio), 1.0, "E λ stays");
}

#[test]
fn poisson_survival_with_growing_samples_follows_the_recursion_of_sizes() {
    let results = run(r#"
seed = 802
trials = 8000
generations = 8
founders = 3
offspring = { start = 2, growth = 0.8 }
evaluation = 10
metrics = ["spread"]
[world.poisson]
rate = 0.9
[model.poisson]
"#);
    let schedule = (2..=8).map(|t| model_collapse::theory::growing::size(2, 0.8, t));
    let sizes: Vec<usize> = std::iter::once(3).chain(schedule).collect();
    let alive = whether(&results.values("base", 8, "spread"), |rate| rate > 0.0);
    agrees(&alive, survival::poisson_sizes(&sizes, 0.9), "P(λ ≠ 0)");
    refutes(&alive, survival::poisson(3, 0.9, 8), "constant sizes");
    refutes(&alive, survival::poisson_sizes(&sizes[..4], 0.9), "four generations less");
}

#[test]
fn a_rare_symbol_is_alive_within_the_band_of_suresh() {
    let results = run(r#"
seed = 803
trials = 8000
generations = 8
founders = 80
evaluation = 10
metrics = ["support"]
[world.categorical]
weights = [1, 49]
[model.categorical]
"#);
    for k in [3, 8] {
        let alive = whether(&results.values("base", k, "support"), |share| share == 1.0);
        let (low, high) = survival::bernoulli_band(80, 0.02, k);
        lies_between(&alive, low, high, &format!("P(alive) at {k}"));
        // The lower end is the truth up to O(p).
        lies_between(&alive, low, low + 0.03, &format!("near the lower end at {k}"));
        refutes(&alive, 1.0 - 0.98_f64.powi(80), "the first generation");
    }
}
