//! What holds for every metric of points, whatever a collapsed model leaves behind.

use super::POINTS;
use super::fixture::at_the_world;
use crate::distribution::{Distribution, Finite, Gaussian, NormalMixture};
use crate::lineage::Snapshot;
use crate::samples::{Points, Samples};
use ndarray::{Array1, arr1};

const N: usize = 60;

/// Sets of points that collapse is known to produce.
fn remains(now: &Snapshot<'_, Points>) -> Vec<(&'static str, Points)> {
    let draws = now.draws();
    let scaled = |s: f64| Points::new(draws.values().mapv(|x| s * x));
    let rows = |i: &[usize]| draws.gather(i);
    vec![
        ("one point", rows(&[3])),
        ("two points", rows(&[3, 4])),
        ("a point mass", rows(&[3; N])),
        ("two values", rows(&[3, 4].repeat(N / 2))),
        ("the origin", scaled(0.0)),
        ("whole numbers", Points::new(draws.values().mapv(f64::round))),
        ("held-out points", now.truth.held_out().clone()),
        ("shrunk", scaled(1e-200)),
        ("huge", scaled(1e200)),
        ("beyond huge", scaled(1.7e308)),
    ]
}

fn worlds() -> Vec<Box<dyn Distribution<Points>>> {
    let normal = Gaussian::spherical(arr1(&[0.5, -1.0]), 2.0);
    let modes = vec![arr1(&[-4.0]), arr1(&[4.0])];
    let repeated = Finite::new(normal.draw(5, &mut crate::stream::of_parameters(1)));
    let mut worlds: Vec<Box<dyn Distribution<Points>>> = vec![
        Box::new(NormalMixture::of_modes(modes, 0.25)),
        Box::new(Gaussian::spherical(Array1::zeros(64), 1.0)),
        Box::new(Gaussian::spherical(Array1::zeros(1), 0.0)),
        Box::new(normal),
    ];
    worlds.extend(repeated.map(|finite| Box::new(finite) as Box<dyn Distribution<Points>>));
    worlds
}

#[test]
fn no_metric_of_points_panics_or_gives_a_value_that_is_not_a_number() {
    for world in worlds() {
        at_the_world(&*world, N, |now| {
            for (what, points) in remains(now) {
                let model = Finite::new(points).expect("a point");
                let now = now.in_place_of_model(&model);
                for entry in POINTS {
                    let metric = entry.default().expect("defaults").value;
                    let Some(reading) = metric.measure(&now, now.noise(entry.name)) else {
                        continue;
                    };
                    let finite_error = reading.standard_error.is_none_or(f64::is_finite);
                    assert!(!reading.value.is_nan() && finite_error, "{} of {what}", entry.name);
                }
            }
        });
    }
}

#[test]
fn metrics_of_points_repeat_themselves_and_general_ones_exist_on_a_line() {
    let general = [
        "mean-shift",
        "spread",
        "generalized-variance",
        "frechet",
        "wasserstein",
        "sliced-wasserstein",
        "energy",
        "mmd",
        "precision",
        "recall",
        "density",
        "coverage",
        "tail-recall",
    ];
    let world = Gaussian::spherical(arr1(&[1.0]), 4.0);
    at_the_world(&world, 200, |now| {
        for entry in POINTS {
            let metric = entry.default().expect("defaults").value;
            let first = metric.measure(now, now.noise(entry.name));
            assert_eq!(first, metric.measure(now, now.noise(entry.name)), "{}", entry.name);
            assert!(first.is_some() || !general.contains(&entry.name), "{}", entry.name);
        }
    });
}
