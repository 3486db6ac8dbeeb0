//! C18–C22: frequencies refitted to their own samples.

use crate::check::{each, lies_between, refutes, whether};
use crate::common::{agrees, run};
use crate::watch::Watched;
use model_collapse::lineage::Snapshot;
use model_collapse::samples::Tokens;
use model_collapse::theory::categorical;

/// Zipf's law of fifteen types.
fn zipf() -> Vec<f64> {
    let total: f64 = (1..=15).map(|rank| 1.0 / f64::from(rank)).sum();
    (1..=15).map(|rank| 1.0 / f64::from(rank) / total).collect()
}

const ZIPF: &str = "[world.zipf]\ntypes = 15\noffset = 0.0\n[model.categorical]";

/// The probabilities of a model's types.
fn probabilities<'a>(now: &'a Snapshot<'_, Tokens>) -> &'a [f64] {
    now.model.types().expect("types").probabilities
}

#[test]
fn heterozygosity_under_replace_falls_by_one_over_n() {
    let results = run(&format!(
        "seed = 701\ntrials = 8000\ngenerations = 12\nfounders = 18\nevaluation = 10\n\
         metrics = [\"heterozygosity\"]\n{ZIPF}"
    ));
    let first = 1.0 - zipf().iter().map(|p| p * p).sum::<f64>();
    for t in [1, 4, 12] {
        let h = results.values("base", t, "heterozygosity");
        agrees(&h, first * (1.0 - 1.0 / 18.0_f64).powi(t as i32), &format!("E H at {t}"));
        refutes(&h, first * (1.0 - 1.0 / 18.0_f64).powi(t as i32 - 1), "one generation less");
    }
    let h = results.values("base", 12, "heterozygosity");
    refutes(&h, first * (1.0 - 1.0 / 17.0_f64).powi(12), "n − 1 for n");
}

#[test]
fn no_type_gains_or_loses_on_average() {
    let watched = Watched {
        world: ("categorical", "{ weights = [8, 4, 2, 1] }"),
        model: ("categorical", "{}"),
        regime: ("replace", "{}"),
        founders: 12,
        offspring: 12,
        generations: 15,
        seed: 702,
        trials: 6000,
        same_founders: false,
    };
    let mut kinds = vec![Vec::new(); 4];
    watched.each(|_, now: &Snapshot<'_, Tokens>| {
        if now.generation == 15 {
            kinds.iter_mut().zip(probabilities(now)).for_each(|(kind, &p)| kind.push(p));
        }
    });
    for (kind, weight) in kinds.iter().zip([8.0, 4.0, 2.0, 1.0]) {
        agrees(kind, weight / 15.0, "E p");
        // Var p_t = p(1 − p)[1 − (1 − 1/n)^t].
        let p = weight / 15.0;
        let spread = p * (1.0 - p) * (1.0 - (11.0 / 12.0_f64).powi(15));
        agrees(&each(kind, |q| (q - p).powi(2)), spread, "Var p");
    }
    refutes(&kinds[0], 0.25, "all alike");
}

#[test]
fn the_first_fit_sees_as_many_types_as_n_draws_show_and_later_ones_stay_within_bounds() {
    let results = run(&format!(
        "seed = 703\ntrials = 16000\ngenerations = 12\nfounders = 25\nevaluation = 10\n\
         metrics = [\"support\"]\n{ZIPF}"
    ));
    let p = zipf();
    let count = |t| each(&results.values("base", t, "support"), |share| 15.0 * share);
    let first: f64 = p.iter().map(|p| 1.0 - (1.0 - p).powi(25)).sum();
    agrees(&count(1), first, "Σ 1 − (1 − p)^n");
    refutes(&count(1), p.iter().map(|p| 1.0 - (1.0 - p).powi(24)).sum(), "n − 1 for n");
    refutes(&count(1), p.iter().map(|p| 1.0 - (-25.0 * p).exp()).sum(), "the Poisson limit");
    for t in [2, 5, 12] {
        let (low, high) = categorical::types_bounds(&p, 25, t);
        lies_between(&count(t), low, high, &format!("types at {t}"));
        // The lower bound is near: at most a fifth of the types that are left.
        assert!(crate::common::mean(&count(t)).0 < 1.25 * low, "{low} types at {t}");
    }
}

#[test]
fn types_in_real_data_that_stay_are_never_lost() {
    let results = run(&format!(
        "seed = 704\ntrials = 6000\ngenerations = 6\nfounders = 12\nevaluation = 10\n\
         metrics = [\"support\"]\n{ZIPF}\n[arms.accumulate.regime.accumulate]\n\
         [arms.augment.regime.augment]\n[arms.pool.regime.fresh]\nreal = 4\npool = true"
    ));
    for (arm, real) in [("accumulate", 12), ("augment", 12), ("pool", 12 + 4 * 5)] {
        let shown: f64 = zipf().iter().map(|p| 1.0 - (1.0 - p).powi(real)).sum();
        agrees(&results.values(arm, 6, "support"), shown / 15.0, arm);
    }
}

#[test]
fn a_type_takes_all_with_its_own_probability() {
    let watched = Watched {
        world: ("categorical", "{ weights = [5, 3, 2] }"),
        model: ("categorical", "{}"),
        regime: ("replace", "{}"),
        founders: 8,
        offspring: 8,
        generations: 110,
        seed: 705,
        trials: 4000,
        same_founders: false,
    };
    let mut winners = Vec::new();
    watched.each(|_, now: &Snapshot<'_, Tokens>| {
        if now.generation == watched.generations {
            winners.extend(probabilities(now).iter().position(|&p| p == 1.0));
        }
    });
    assert!(winners.len() >= 3996, "{} of 4000 have only one type left", winners.len());
    let winners: Vec<f64> = winners.into_iter().map(|kind| kind as f64).collect();
    for (kind, p) in [(0.0, 0.5), (1.0, 0.3), (2.0, 0.2)] {
        let share = whether(&winners, |winner| winner == kind);
        agrees(&share, p, "probability of fixation");
    }
    refutes(&whether(&winners, |winner| winner == 0.0), 1.0 / 3.0, "all alike");
}

#[test]
fn fixation_takes_about_two_n_generations() {
    let n = 150;
    let watched = Watched {
        world: ("categorical", "{ weights = [5, 3, 2] }"),
        model: ("categorical", "{}"),
        regime: ("replace", "{}"),
        founders: n,
        offspring: n,
        generations: 1500,
        seed: 706,
        trials: 600,
        same_founders: false,
    };
    let mut times = vec![f64::from(watched.generations); watched.trials as usize];
    watched.each(|trial, now: &Snapshot<'_, Tokens>| {
        let time = &mut times[trial as usize];
        if now.generation > 0 && probabilities(now).contains(&1.0) {
            *time = time.min(f64::from(now.generation));
        }
    });
    let expected = categorical::fixation_time(&[0.5, 0.3, 0.2], n);
    let written: f64 = [0.5_f64, 0.3, 0.2].iter().map(|p| (1.0 - p) * (1.0 - p).ln()).sum();
    assert!((expected + 2.0 * n as f64 * written).abs() < 1e-9);
    agrees(&times, expected, "−2n Σ (1 − p) ln(1 − p)");
    refutes(&times, 0.5 * expected, "n instead of 2n");
    let alike = categorical::fixation_time(&[0.1; 10], n);
    refutes(&times, alike, "ten types alike");
}

#[test]
fn heterozygosity_under_accumulate_stops_falling() {
    let results =
        run("seed = 707\ntrials = 8000\ngenerations = 30\nfounders = 6\nevaluation = 10\n\
         measure = { every = 10 }\nmetrics = [\"heterozygosity\"]\n[world.categorical]\n\
         weights = [4, 3, 2, 1]\n[model.categorical]\n[regime.accumulate]");
    for t in [10, 30] {
        let kept: f64 = (1..=t).map(|k| 1.0 - 1.0 / (6.0 * f64::from(k).powi(2))).product();
        let h = results.values("base", t, "heterozygosity");
        agrees(&h, 0.7 * kept, &format!("E H at {t}"));
        refutes(&h, 0.7 * (1.0 - 1.0 / 6.0), "the first fit");
        refutes(&h, 0.7 * categorical::accumulate_ratio(5, t), "n − 1 for n");
    }
}

#[test]
fn frequencies_stay_near_founders_that_stay() {
    let watched = Watched {
        world: ("categorical", "{ weights = [4, 3, 2, 1] }"),
        model: ("categorical", "{}"),
        regime: ("augment", "{}"),
        founders: 30,
        offspring: 50,
        generations: 9,
        seed: 708,
        trials: 6000,
        same_founders: false,
    };
    let mut own = Vec::new();
    let (mut early, mut late) = (Vec::new(), Vec::new());
    watched.each(|_, now: &Snapshot<'_, Tokens>| {
        let p = probabilities(now);
        let error = |own: &[f64]| -> f64 {
            let square: f64 = p.iter().zip(own).map(|(a, b)| (a - b).powi(2)).sum();
            square / categorical::heterozygosity(own)
        };
        match now.generation {
            1 => own = p.to_vec(),
            3 => early.push(error(&own)),
            9 => late.push(error(&own)),
            _ => {}
        }
    });
    // Generation 1 is the founders' own frequencies; m = t − 1 generations are partly synthetic.
    let (share, n) = (50.0 / 80.0, 50.0);
    let r: f64 = share * share * (1.0 - 1.0 / n);
    for (errors, m) in [(early, 2), (late, 8)] {
        let written = share * share / n * (1.0 - r.powi(m)) / (1.0 - r);
        agrees(&errors, written, &format!("E‖p − p̂‖²/h after {m}"));
        assert!((categorical::partial_error(30, 50, m as u32, 1.0) - written).abs() < 1e-15);
        refutes(&errors, share * share / n * f64::from(m), "errors that add up");
        refutes(&errors, share * share / n, "the error of one generation");
    }
}
