//! C24, C25: kernels of fixed width refitted to their own samples.

use crate::check::refutes;
use crate::common::{agrees, run};
use model_collapse::theory::kde;

#[test]
fn kernels_under_replace_blur_until_the_width_times_n_minus_one() {
    let results = run(r#"
seed = 301
trials = 6000
generations = 40
founders = 7
evaluation = 10
measure = { every = 5 }
metrics = ["spread", "mean-shift"]
[world.normal]
sd = 2.0
[model.kde]
bandwidth = 1.2
"#);
    // v is the variance of the kernels' centres, h the width, both in units of the world.
    let (n, h) = (7.0, 0.6_f64);
    let mut v = 1.0 - 1.0 / n;
    for t in 2..=40 {
        v = (1.0 - 1.0 / n) * (v + h * h);
        if t == 5 || t == 40 {
            let spread = results.values("base", t, "spread");
            agrees(&spread, v + h * h, &format!("centres and width at {t}"));
            refutes(&spread, v, "without the width");
            refutes(&spread, n / (n - 1.0) * v + h * h, "the unbiased divisor");
        }
    }
    let limit = kde::replace_limit(7, h);
    assert!((v - limit).abs() < 0.01 * limit && (limit - 6.0 * h * h).abs() < 1e-12);
}

#[test]
fn kernels_under_accumulate_blur_without_end() {
    let results = run(r#"
seed = 302
trials = 4000
generations = 40
founders = 7
evaluation = 10
measure = { every = 10 }
metrics = ["spread"]
[world.normal]
[model.kde]
bandwidth = 0.6
[regime.accumulate]
"#);
    let (n, h2) = (7.0, 0.36);
    let mut v = 1.0 - 1.0 / n;
    for t in 2..=40 {
        let (old, new) = (f64::from(t - 1), f64::from(t));
        let drawn = v + h2;
        v = v * old / new + (1.0 - 1.0 / n) * drawn / new + old * drawn / (n * new * new);
        if t % 10 == 0 {
            let spread = results.values("base", t, "spread");
            agrees(&spread, v + h2, &format!("centres and width at {t}"));
            agrees(&spread, kde::accumulate(7, 0.6, t).expect("a value") + h2, "the recursion");
            refutes(&spread, v, "without the width");
        }
    }
    let gain = kde::accumulate(7, 0.6, 4000).zip(kde::accumulate(7, 0.6, 2000));
    let gain = gain.map(|(late, early)| late - early).expect("values");
    assert!(gain > 0.9 * h2 * 2_f64.ln(), "every doubling adds about h² ln 2, here {gain}");
}
