//! Degenerate is legal, extinct is not fittable: what happens at the edge is data, never a crash.

mod common;

use common::{mean, run};

#[test]
fn a_hundred_dimensions_founded_on_a_hundred_samples_follow_the_published_curve() {
    // Alemohammad et al. 2023, figure 10: a singular first covariance, then a common limit.
    let results = run(r#"
        trials = 2
        generations = 10
        offspring = 900
        measure = { every = 5 }
        metrics = ["frechet", "generalized-variance", "kl", "spread"]
        [world.normal]
        dimension = 100
        [model.gaussian]
        variance = "unbiased"
        [regime.fresh]
        real = 100
        [arms.few]
        founders = 100
        [arms.many]
        founders = 1000
        [arms.first]
        founders = 100
        generations = 1
    "#);
    // Values of an independent simulation, 3 repetitions, ± 0.3.
    let published = [
        ("first", 1, 31.9),
        ("few", 5, 17.0),
        ("few", 10, 13.8),
        ("many", 5, 8.6),
        ("many", 10, 11.2),
    ];
    for (arm, generation, expected) in published {
        let (found, _) = mean(&results.values(arm, generation, "frechet"));
        assert!((found - expected).abs() < 0.4, "{arm} at {generation}: {found}, not {expected}");
    }
    assert!(results.values("first", 1, "generalized-variance").iter().all(|v| *v == 0.0));
    assert!(results.values("first", 1, "kl").iter().all(|v| *v == f64::INFINITY));
    assert!(results.outcomes.iter().all(|row| row.outcome == "survived"));
}

#[test]
fn a_poisson_lineage_that_reaches_zero_stays_there_and_lives() {
    let results = run(r#"
        trials = 60
        generations = 60
        founders = 3
        metrics = ["spread", "kl", "cross-entropy", "tail-mass", "entropy"]
        evaluation = 50
        [world.poisson]
        rate = 1.0
        [model.poisson]
        [regime.replace]
    "#);
    let last = results.values("base", 60, "spread");
    let dead = last.iter().filter(|v| **v == 0.0).count();
    // P(λ_t ≠ 0) = 1 − exp(−nλg_t), g_60 ≈ 2/60: about 10 % are left.
    assert!((45..60).contains(&dead), "{dead} of 60 have reached zero");
    assert_eq!(results.values("base", 60, "kl").iter().filter(|v| v.is_infinite()).count(), dead);
    assert!(results.outcomes.iter().all(|row| row.outcome == "survived"));
}

#[test]
fn one_sample_has_no_unbiased_variance_and_ends_the_lineage() {
    let results = run(r#"
        trials = 3
        generations = 4
        founders = 10
        offspring = 1
        metrics = ["spread"]
        evaluation = 20
        [world.normal]
        [model.gaussian]
        variance = "unbiased"
        [regime.replace]
    "#);
    for row in &results.outcomes {
        assert_eq!((row.outcome.as_str(), row.generation), ("extinct", Some(2)));
        assert_eq!(row.cause, "gaussian needs at least 2 samples, got 1");
    }
    assert_eq!(results.values("base", 1, "spread").len(), 3);
    assert!(results.values("base", 2, "spread").is_empty());
}

#[test]
fn one_sample_has_a_biased_variance_of_zero_and_the_lineage_is_a_point_mass_from_then_on() {
    let results = run(r#"
        trials = 3
        generations = 4
        founders = 10
        offspring = 1
        metrics = ["spread", "kl", "precision", "recall", "tail-mass", "energy", "mmd", "entropy"]
        evaluation = 20
        [world.normal]
        [model.gaussian]
        variance = "biased"
        [regime.replace]
    "#);
    assert!(results.outcomes.iter().all(|row| row.outcome == "survived"));
    assert_eq!(results.values("base", 4, "spread"), [0.0; 3]);
    assert_eq!(results.values("base", 4, "kl"), [f64::INFINITY; 3]);
    assert_eq!(results.values("base", 4, "entropy"), [f64::NEG_INFINITY; 3]);
    assert_eq!(results.values("base", 4, "energy").len(), 3);
    assert!(!results.text("measurements").contains("NaN"));
}

#[test]
fn a_lineage_that_dies_later_is_counted_only_while_it_lives() {
    let results = run(r#"
        trials = 40
        generations = 12
        founders = 12
        metrics = ["spread"]
        evaluation = 20
        curation = [{ reject-outliers = { distance = 0.8, draw = "offspring" } }]
        [world.normal]
        dimension = 2
        [model.gaussian]
        variance = "unbiased"
        [regime.replace]
    "#);
    let alive = |t: u32| {
        let dead = results.outcomes.iter().filter(|row| row.generation.is_some_and(|g| g <= t));
        40 - dead.count()
    };
    assert!(0 < alive(12) && alive(12) < alive(1), "some die, and not all at once: {}", alive(12));
    for t in 1..=12 {
        assert_eq!(results.values("base", t, "spread").len(), alive(t), "generation {t}");
    }
}
