use super::super::bench::{at_the_world, value};
use super::*;
use crate::distribution::{Distribution, Finite, Gaussian, NormalMixture};
use crate::lineage::Snapshot;
use crate::samples::{Samples, TrainingSet};
use crate::stream::{Role, Streams, stream};
use ndarray::{Array1, arr1};

const BOTH: [Membership; 2] =
    [Membership { attack: Attack::Distance }, Membership { attack: Attack::Likelihood }];

fn plane() -> Gaussian {
    Gaussian::spherical(arr1(&[0.0, 0.0]), 1.0)
}

/// The reading of a model with a density, in the place of generation 1.
fn of_model(
    metric: &Membership,
    now: &Snapshot<'_, Points>,
    model: &dyn Distribution<Points>,
) -> Option<Reading> {
    let (training, nothing) = (TrainingSet::new(Vec::new()), now.draws().gather(&[]));
    let streams = Streams { seed: 7, trial: 0 };
    let now = Snapshot::of_model(1, now.truth, model, &training, &nothing, streams);
    metric.measure(&now, now.noise("test"))
}

#[test]
fn the_area_and_its_error_by_hand() {
    let area = |members: &[f64], others: &[f64]| auc(&mut members.to_vec(), &mut others.to_vec());
    // Of six pairs three are won and two are tied. The members beat 1/2, 3/4 and 3/4 of the others;
    // the others lie above 2/3 and 0 of the members: (1/48)/3 + (2/9)/2 = 17/144.
    let reading = area(&[2.0, 1.0, 2.0], &[2.0, 0.0]).expect("scores");
    assert!((reading.value - 2.0 / 3.0).abs() < 1e-15);
    let error = reading.standard_error.expect("several on either side");
    assert!((error - 17f64.sqrt() / 12.0).abs() < 1e-15);
    let lost = f64::NEG_INFINITY;
    assert_eq!(area(&[lost, lost], &[lost]), Reading::exact(0.5));
    assert_eq!(area(&[0.0], &[-0.0]), Reading::exact(0.5));
    assert_eq!(area(&[3.0], &[lost]), Reading::exact(1.0));
    assert_eq!(area(&[], &[1.0]), None);
    assert_eq!(area(&[1.0], &[]), None);
    assert_eq!(area(&[f64::NAN], &[1.0]), None);
}

#[test]
fn the_world_gives_no_founder_away() {
    at_the_world(&plane(), 1000, |now| {
        for metric in BOTH {
            let reading = metric.measure(now, now.noise("test")).expect("a density and draws");
            let error = reading.standard_error.expect("many points");
            assert!(error > 0.01 && error < 0.03, "{reading:?}");
            assert!((reading.value - 0.5).abs() < 4.0 * error, "{reading:?}");
        }
    });
}

#[test]
fn a_model_that_remembers_every_founder_gives_all_away() {
    at_the_world(&plane(), 2000, |now| {
        let founders = now.truth.supply.founders();
        assert_eq!(value(&BOTH[0], now, founders.clone()), Some(1.0));
        let narrow = |x: &[f64]| Gaussian::spherical(Array1::from(x.to_vec()), 1e-6);
        let parts: Vec<Gaussian> = founders.rows().map(narrow).collect();
        let memory = NormalMixture::new(vec![1.0; parts.len()], parts);
        for metric in BOTH {
            let reading = of_model(&metric, now, &memory).expect("a density and draws");
            assert!(reading.value > 0.95, "{metric:?}: {reading:?}");
        }
    });
}

#[test]
fn a_model_that_says_nothing_gives_nobody_away() {
    at_the_world(&plane(), 100, |now| {
        let far = Points::from_rows(vec![1e300; 2 * 40], 2);
        assert_eq!(value(&BOTH[0], now, far), Some(0.5));
        assert_eq!(value(&BOTH[0], now, Points::from_rows(vec![f64::INFINITY; 4], 2)), None);
        // A finite set of samples has no density.
        assert_eq!(value(&BOTH[1], now, now.draws().clone()), None);
    });
}

#[test]
fn in_a_world_of_few_values_all_scores_tie() {
    let coin = Finite::new(Points::from_rows([0.0, 1.0].repeat(600), 1)).expect("many points");
    at_the_world(&coin, 300, |now| {
        let reading = BOTH[0].measure(now, now.noise("test"));
        assert_eq!(reading, Some(Reading { value: 0.5, standard_error: Some(0.0) }));
    });
}

#[test]
fn the_standard_error_is_the_spread_over_repetitions() {
    let (repetitions, members, others) = (1000, 60, 40);
    let one = |r: u64| {
        let scores = |seed, n, shift: f64| -> Vec<f64> {
            let draws = plane().draw(n, &mut stream(seed, 0, 0, Role::DRAW));
            // Rounded: ties on both sides.
            draws.rows().map(|x| (2.0 * x[0] + shift).round()).collect()
        };
        auc(&mut scores(2 * r, members, 1.5), &mut scores(2 * r + 1, others, 0.0)).expect("scores")
    };
    let readings: Vec<Reading> = (0..repetitions).map(one).collect();
    let n = repetitions as f64;
    let mean = readings.iter().map(|r| r.value).sum::<f64>() / n;
    let spread = readings.iter().map(|r| (r.value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let stated = readings.iter().map(|r| r.standard_error.expect("many").powi(2)).sum::<f64>() / n;
    // A variance of 1000 repetitions has a relative standard error of √(2/1000) = 0.045.
    assert!((stated / spread - 1.0).abs() < 4.0 * 0.045, "{}", stated / spread);
}
