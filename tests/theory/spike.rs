//! A consistent family whose lineages collapse although every sample is kept.

use crate::check::{refutes, whether};
use crate::common::{agrees, run};
use model_collapse::theory::spike;

fn lineages(seed: u64, n: usize, regime: &str) -> crate::common::Results {
    run(&format!(
        "seed = {seed}\ntrials = 3000\ngenerations = 4\nfounders = {n}\nevaluation = 10\n\
         metrics = [\"mean-shift\"]\n[world.uniform]\n[model.spike]\n[regime.{regime}]"
    ))
}

#[test]
fn accumulation_does_not_spare_a_family_with_spikes_however_many_samples_there_are() {
    for (seed, n) in [(801, 40), (802, 400)] {
        let results = lineages(seed, n, "accumulate");
        // A spike takes the mean from about 1/2 to at least 1.
        let spared = |t| whether(&results.values("base", t, "mean-shift"), |square| square < 0.2);
        assert!(spared(1).iter().all(|alive| *alive == 1.0), "the first fit is consistent");
        for t in [2, 3, 4] {
            agrees(&spared(t), spike::spared(n, t), &format!("spared at {t} of {n}"));
            refutes(&spared(t), spike::spared(n, t + 1), "one generation more");
        }
    }
}

#[test]
fn the_first_fit_nears_the_world_like_one_over_n() {
    let drift = |seed, n| {
        let results = lineages(seed, n, "accumulate");
        crate::common::mean(&results.values("base", 1, "mean-shift")).0
    };
    let (few, many) = (drift(803, 40), drift(804, 400));
    // The mean is off by about -α/2 to first order, so its square falls like 1/n².
    assert!(few > 50.0 * many && many > 0.0, "{few} and {many}");
}
