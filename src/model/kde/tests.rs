use super::*;
use crate::distribution::{Density, Distribution, Moments};
use crate::samples::{Chunk, Kind, Part};
use crate::stream::{Role, stream};

fn fitted(kde: &Kde, values: &[f64], d: usize) -> KernelDensity {
    let points = Points::from_rows(values.to_vec(), d);
    let data = TrainingSet::plain(&points);
    kde.estimate(&data).expect("some samples")
}

fn fixed(h: f64, kernel: Kernel) -> Kde {
    Kde { bandwidth: Bandwidth::Fixed(Positive::literal(h)), kernel, ..Kde::default() }
}

/// Three points of weight 1 and one of weight 3.
fn weighted(kde: &Kde) -> KernelDensity {
    let chunk = |values: Vec<f64>| Chunk {
        kind: Kind::Founders,
        born: 0,
        samples: Points::from_rows(values, 2),
    };
    let light = Part::of(vec![chunk(vec![0., 0., 1., 2., -1., 4.])], 1.0);
    let heavy = Part::of(vec![chunk(vec![5., -1.])], 3.0);
    let data = TrainingSet::new(vec![light, heavy]);
    kde.estimate(&data).expect("some samples")
}

#[test]
fn draws_have_the_exact_moments() {
    let n = 40_000;
    for kernel in [Kernel::Gaussian, Kernel::Tophat] {
        let kde = weighted(&fixed(1.5, kernel));
        let points = kde.draw(n, &mut stream(2, 0, 0, Role::DRAW));
        let (sample, exact) = (Moments::of(&points).expect("many"), kde.moments().expect("exact"));
        for i in 0..2 {
            let column = || points.rows().map(|x| x[i] - exact.mean[i]);
            let error = (exact.covariance[[i, i]] / n as f64).sqrt();
            assert!((sample.mean[i] - exact.mean[i]).abs() < 4.0 * error);
            for j in 0..2 {
                let other = points.rows().map(|x| x[j] - exact.mean[j]);
                let squares = column().zip(other).map(|(a, b)| (a * b).powi(2)).sum::<f64>();
                let error = (squares / n as f64 - exact.covariance[[i, j]].powi(2)) / n as f64;
                let gap = (sample.covariance[[i, j]] - exact.covariance[[i, j]]).abs();
                assert!(gap < 4.0 * error.sqrt(), "{kernel:?}: {gap} at {i}, {j}");
            }
        }
    }
}

#[test]
fn a_weight_counts_like_repeated_samples() {
    let kde = fixed(0.8, Kernel::Gaussian);
    let places = Points::from_rows(vec![0.3, 0.1, 4.0, 0.0, -60.0, 60.0], 2);
    for kernel in [Kernel::Gaussian, Kernel::Tophat] {
        let kde = Kde { kernel, ..kde.clone() };
        let repeated = fitted(&kde, &[0., 0., 1., 2., -1., 4., 5., -1., 5., -1., 5., -1.], 2);
        let (a, b) = (weighted(&kde).ln_density(&places), repeated.ln_density(&places));
        assert!(a.iter().zip(&b).all(|(a, b)| a == b || (a - b).abs() < 1e-12), "{a:?} {b:?}");
        let (a, b) = (weighted(&kde).moments().unwrap(), repeated.moments().unwrap());
        assert!((&a.covariance - &b.covariance).iter().all(|gap| gap.abs() < 1e-12));
    }
}

#[test]
fn far_away_the_gaussian_density_is_small_and_the_tophat_density_is_nothing() {
    let place = Points::from_rows(vec![600.0], 1);
    let gaussian = fitted(&fixed(0.1, Kernel::Gaussian), &[0.0, 0.0, 1.0], 1);
    let exact = (1.0f64 / 3.0).ln()
        - 0.5 * (5990.0f64).powi(2)
        - 0.5 * std::f64::consts::TAU.ln()
        - (0.1f64).ln();
    assert!((gaussian.ln_density(&place)[0] / exact - 1.0).abs() < 1e-12);
    let tophat = fitted(&fixed(0.1, Kernel::Tophat), &[0.0, 0.0, 1.0], 1);
    assert_eq!(tophat.ln_density(&place), [f64::NEG_INFINITY]);
}

#[test]
fn data_that_repeat_have_a_density() {
    let kde = fitted(&Kde::default(), &[2.0; 40], 2);
    assert!(!kde.is_degenerate() && (kde.bandwidth() - 20f64.powf(-1.0 / 6.0)).abs() < 1e-15);
    let ln = kde.ln_density(&Points::from_rows(vec![2.0, 2.0], 2))[0];
    let peak = -std::f64::consts::TAU.ln() - 2.0 * kde.bandwidth().ln();
    assert!((ln - peak).abs() < 1e-12);
}

#[test]
fn unequal_weights_count_as_fewer_samples() {
    let kde = weighted(&Kde { bandwidth: Bandwidth::Silverman, ..Kde::default() });
    // (1 + 1 + 1 + 3)² / (1 + 1 + 1 + 9) = 3, and (d + 2)/4 = 1.
    assert!((kde.bandwidth() - 3f64.powf(-1.0 / 6.0)).abs() < 1e-12);
}

#[test]
fn a_bandwidth_is_read_and_written_as_it_stands() {
    for text in ["bandwidth = 0.5", "bandwidth = \"silverman\"", "bandwidth = \"scott\""] {
        let kde: Kde = toml::from_str(text).expect("legal");
        assert!(toml::to_string(&kde).expect("a table").starts_with(text));
    }
    let error = toml::from_str::<Kde>("bandwidth = 0").expect_err("zero is no width").to_string();
    assert!(error.contains("finite and above 0"), "{error}");
    assert!(toml::from_str::<Kde>("bandwidth = \"wide\"").is_err());
}

#[test]
fn no_sample_and_no_number_are_no_estimate() {
    let fit = |values: Vec<f64>| {
        let points = Points::from_rows(values, 1);
        let data = TrainingSet::plain(&points);
        Kde::default()
            .fit(&data, Kin::default(), &Bench::default(), &mut stream(1, 0, 0, Role::FIT))
            .err()
    };
    assert_eq!(fit(vec![]), Some(FitError::TooFew { family: "kde", needs: 1, got: 0 }));
    assert_eq!(fit(vec![f64::NAN]), Some(FitError::NotFinite { family: "kde" }));
}
