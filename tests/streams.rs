//! Golden draws: the same address gives the same numbers, in every version that calls itself v1.

use model_collapse::distribution::{Distribution, Gaussian, NormalMixture, Types};
use model_collapse::stream::{Role, Streams, VERSION, of_parameters, stream};
use rand::{Rng, RngExt};
use rand_distr::{Exp1, StandardNormal};
use std::collections::BTreeSet;

#[test]
fn raw_draws_of_version_one_never_change() {
    assert_eq!(VERSION, "model-collapse stream v1");
    let mut rng = stream(7, 3, 2, Role::DRAW);
    let drawn = [rng.next_u64(), rng.next_u64(), rng.next_u64()];
    assert_eq!(drawn, GOLDEN_RAW, "{drawn:#x?}");
    let mut rng = of_parameters(7);
    let drawn = [rng.next_u64(), rng.next_u64()];
    assert_eq!(drawn, GOLDEN_PARAMETERS, "{drawn:#x?}");
}

#[test]
fn draws_of_every_kind_never_change() {
    let mut rng = stream(1, 0, 1, Role::FIT);
    let normal: f64 = rng.sample(StandardNormal);
    let uniform: f64 = rng.random();
    let waiting: f64 = rng.sample(Exp1);
    let index: usize = rng.random_range(0..1000);
    let drawn = [normal, uniform, waiting, index as f64];
    assert_eq!(drawn, GOLDEN_KINDS, "{drawn:?}");
    let mut rng = stream(1, 0, 1, Role::COMPOSE);
    let rows = rand::seq::index::sample(&mut rng, 100, 5).into_vec();
    assert_eq!(rows, GOLDEN_ROWS);
}

#[test]
fn distributions_draw_the_same_for_ever() {
    let mut rng = stream(2, 0, 1, Role::DRAW);
    let gaussian = Gaussian::spherical(ndarray::arr1(&[1.0, -1.0]), 4.0);
    let points = gaussian.draw(1, &mut rng);
    assert_eq!(points.as_slice(), GOLDEN_POINTS, "{:?}", points.as_slice());
    let far = Gaussian::spherical(ndarray::arr1(&[100.0, 100.0]), 4.0);
    let two = NormalMixture::new(vec![1.0, 1.0], vec![gaussian, far]);
    let points = two.draw(4, &mut rng);
    assert_eq!(points.as_slice(), GOLDEN_MIXTURE, "{:?}", points.as_slice());
    let types = Types::new(&[1.0, 2.0, 3.0, 4.0], 1).expect("weights");
    let types = types.draw(10, &mut rng);
    assert_eq!(types.types(), GOLDEN_TYPES);
}

#[test]
fn components_of_a_mixture_are_drawn_by_their_weights_and_with_their_own_spread_for_ever() {
    let narrow = Gaussian::spherical(ndarray::arr1(&[-10.0]), 0.25);
    let wide = Gaussian::spherical(ndarray::arr1(&[10.0]), 4.0);
    let drawn = |weights: [f64; 2]| {
        let mixture = NormalMixture::new(weights.to_vec(), vec![narrow.clone(), wide.clone()]);
        mixture.draw(8, &mut stream(3, 0, 1, Role::DRAW)).as_slice().to_vec()
    };
    let (even, uneven) = (drawn([1.0, 1.0]), drawn([3.0, 1.0]));
    assert_eq!(even, GOLDEN_EVEN, "{even:?}");
    assert_eq!(uneven, GOLDEN_UNEVEN, "{uneven:?}");
    // All that differs is which component a draw fell to: more of them to the heavier one.
    let of_wide = |draws: &[f64]| draws.iter().filter(|x| **x > 0.0).count();
    assert!(0 < of_wide(&uneven) && of_wide(&uneven) < of_wide(&even) && of_wide(&even) < 8);
}

#[test]
fn correlated_normals_draw_the_same_for_ever() {
    let covariance = ndarray::arr2(&[[4.0, 2.0], [2.0, 5.0]]);
    let gaussian = Gaussian::full(ndarray::arr1(&[1.0, -1.0]), covariance).expect("finite");
    let points = gaussian.draw(1, &mut stream(2, 0, 1, Role::DRAW));
    // Σ = F·Fᵀ with F = [[2, 0], [1, 2]]: the same two normal numbers as those of GOLDEN_POINTS.
    let z: Vec<f64> =
        GOLDEN_POINTS.iter().zip([1.0, -1.0]).map(|(x, mean)| (x - mean) / 2.0).collect();
    let exact = [1.0 + 2.0 * z[0], -1.0 + z[0] + 2.0 * z[1]];
    let close = |(a, b): (&f64, f64)| (a - b).abs() < 1e-12;
    assert!(points.as_slice().iter().zip(exact).all(close), "{:?}", points.as_slice());
}

#[test]
fn no_two_places_share_a_stream() {
    let curators =
        [Role::curate("likeliest", 0), Role::curate("likeliest", 1), Role::curate("a", 0)];
    let metrics = [Role::measure("likeliest"), Role::measure("spread")];
    let plain = [
        Role::WORLD,
        Role::FRESH,
        Role::COMPOSE,
        Role::FIT,
        Role::DRAW,
        Role::HELD_OUT,
        Role::EVALUATE,
        Role::COMPOSE.occurrence(1),
    ];
    let roles: Vec<Role> = plain.into_iter().chain(curators).chain(metrics).collect();
    let mut first = BTreeSet::new();
    let mut places = 0;
    for (seed, trial, generation) in [(0, 0, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0), (256, 0, 0)] {
        for role in &roles {
            first.insert(stream(seed, trial, generation, *role).next_u64());
            places += 1;
        }
    }
    assert_eq!(first.len(), places);
}

#[test]
fn streams_of_neighbouring_trials_are_not_correlated() {
    let n = 2000_u32;
    let draw = |trial: u32| -> f64 { stream(5, trial, 1, Role::DRAW).sample(StandardNormal) };
    let products: Vec<f64> = (0..n).map(|trial| draw(trial) * draw(trial + 1)).collect();
    let mean = products.iter().sum::<f64>() / f64::from(n);
    assert!(mean.abs() < 4.0 / f64::from(n).sqrt(), "{mean}");
}

#[test]
fn a_trial_s_streams_are_the_addresses_themselves() {
    let streams = Streams { seed: 9, trial: 4 };
    assert_eq!(streams.at(2, Role::FIT).next_u64(), stream(9, 4, 2, Role::FIT).next_u64());
}

/// The same three numbers come from NumPy's PCG64DXSM, seeded by Python's blake3 of the same bytes.
const GOLDEN_RAW: [u64; 3] = [0xc885f85942753280, 0x7a395b6d7e7f9dd0, 0xf317f73990d7d411];
const GOLDEN_PARAMETERS: [u64; 2] = [0x7287e3356d8e36c5, 0x6276d6040bcca2fd];
const GOLDEN_KINDS: [f64; 4] =
    [-0.7639560599566546, 0.0069006635554305085, 0.2292502550416131, 216.0];
const GOLDEN_ROWS: [usize; 5] = [16, 43, 0, 75, 39];
const GOLDEN_POINTS: [f64; 2] = [1.166641716512733, -0.2236630095931137];
const GOLDEN_MIXTURE: [f64; 8] = [
    103.1677312291666,
    99.41100999583227,
    98.15186224353228,
    101.38223208653226,
    102.39868238370364,
    99.02988648791374,
    102.34189292055066,
    100.99867252730905,
];
const GOLDEN_EVEN: [f64; 8] = [
    8.874953219473998,
    9.005470139529526,
    8.547188998872752,
    10.525988538832191,
    -10.434032239429932,
    11.668143514403512,
    -9.761088491103402,
    -9.76436112268187,
];
const GOLDEN_UNEVEN: [f64; 8] = [
    8.874953219473998,
    -10.248632465117618,
    8.547188998872752,
    -9.868502865291951,
    -10.434032239429932,
    11.668143514403512,
    -9.761088491103402,
    -9.76436112268187,
];
const GOLDEN_TYPES: [u32; 10] = [1, 3, 3, 3, 3, 0, 3, 1, 2, 1];
