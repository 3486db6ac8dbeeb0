//! C18 and C20 for classes: shares of labels refitted to their own samples drift like frequencies.

use crate::check::{refutes, whether};
use crate::common::agrees;
use crate::watch::Watched;
use model_collapse::lineage::Snapshot;
use model_collapse::samples::Points;

const TRIALS: u32 = 6000;

/// The share of each of three classes among the offspring of each generation, trial by trial.
fn shares(model: (&'static str, &'static str), n: usize, generations: u32) -> Vec<[Vec<f64>; 3]> {
    let watched = Watched {
        world: ("blobs", "{ labels = true, seed = 4 }"),
        model,
        regime: ("replace", "{}"),
        founders: n,
        offspring: n,
        generations,
        seed: 711,
        trials: TRIALS,
        same_founders: false,
    };
    let mut found = vec![[const { Vec::new() }; 3]; generations as usize + 1];
    watched.each(|_, now: &Snapshot<'_, Points>| {
        for (class, kept) in found[now.generation as usize].iter_mut().enumerate() {
            let own = now.offspring.rows_labelled(class as f64).len();
            kept.push(own as f64 / now.offspring.labels().expect("labelled").len() as f64);
        }
    });
    found
}

fn squares([a, b, c]: &[Vec<f64>; 3]) -> Vec<f64> {
    (0..a.len()).map(|i| 1.0 - a[i].powi(2) - b[i].powi(2) - c[i].powi(2)).collect()
}

#[test]
fn classes_drawn_as_trained_drift_apart_by_one_over_n() {
    let n = 24.0_f64;
    for family in ["gaussian", "kde"] {
        let found = shares((family, "{}"), 24, 10);
        for t in [0, 4, 10] {
            // The founders are the first of t + 1 samples of size n.
            let expected = 2.0 / 3.0 * (1.0 - 1.0 / n).powi(t + 1);
            agrees(&squares(&found[t as usize]), expected, &format!("{family}: 1 − Σπ² at {t}"));
            for class in &found[t as usize] {
                agrees(class, 1.0 / 3.0, &format!("{family}: a share at {t}"));
            }
        }
        refutes(&squares(&found[10]), 2.0 / 3.0 * (1.0 - 1.0 / n).powi(10), "a sample less");
    }
}

#[test]
fn classes_drawn_alike_vary_as_one_draw_does_and_are_lost_by_chance_alone() {
    let n = 9.0_f64;
    let found = shares(("gaussian", "{ classes = \"equal\" }"), 9, 6);
    // Founders may lack a class: look at lineages that have all three until then.
    let whole = |t: usize, i: usize| (0..t).all(|s| found[s].iter().all(|class| class[i] > 0.0));
    for t in [1, 6] {
        let alive: Vec<usize> = (0..TRIALS as usize).filter(|i| whole(t, *i)).collect();
        let [a, b, c] = &found[t];
        let of = |class: &Vec<f64>| alive.iter().map(|i| class[*i]).collect::<Vec<f64>>();
        let alive = [of(a), of(b), of(c)];
        agrees(&squares(&alive), 2.0 / 3.0 * (1.0 - 1.0 / n), &format!("1 − Σπ² at {t}"));
        // P(class not drawn) = (1 − 1/K)^n.
        let lost = whether(&alive[0], |share| share == 0.0);
        agrees(&lost, (2.0 / 3.0_f64).powi(9), &format!("a class lost at {t}"));
    }
    let drifting = squares(&shares(("gaussian", "{}"), 9, 6)[6]);
    refutes(&drifting, 2.0 / 3.0 * (1.0 - 1.0 / n), "no drift as trained");
}
