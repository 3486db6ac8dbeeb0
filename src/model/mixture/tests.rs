use super::*;
use crate::distribution::{Density, Distribution, Gaussian};
use crate::stream::{Role, stream};
use ndarray::arr1;

const FORMS: [Form; 4] = [Form::Full, Form::Diagonal, Form::Tied, Form::Spherical];

fn mixture(components: usize, covariance: Form, floor: f64) -> Mixture {
    Mixture {
        components: Count::literal(components),
        covariance,
        covariance_floor: NonNegative::literal(floor),
        ..Mixture::default()
    }
}

fn fit(mixture: &Mixture, points: &Points) -> Result<NormalMixture, FitError> {
    let rng = &mut stream(3, 0, 1, Role::FIT);
    mixture.mixture(&TrainingSet::plain(points), None, rng)
}

/// A ring of eight modes.
fn ring(n: usize, trial: u32) -> Points {
    let angle = |i: usize| i as f64 * std::f64::consts::FRAC_PI_4;
    let centres = (0..8).map(|i| arr1(&[2.0 * angle(i).cos(), 2.0 * angle(i).sin()])).collect();
    NormalMixture::of_modes(centres, 0.01).draw(n, &mut stream(5, trial, 0, Role::WORLD))
}

fn is_sound(model: &NormalMixture) -> bool {
    let components = model.components().iter();
    let mut numbers = components.flat_map(|c| c.mean().to_vec().into_iter().chain(c.covariance()));
    let weights: f64 = model.weights().iter().sum();
    numbers.all(f64::is_finite) && (weights - 1.0).abs() < 1e-12
}

#[test]
fn eight_modes_are_found_from_almost_every_start() {
    let found = (0..50).filter(|&trial| {
        let points = ring(400, trial);
        let rng = &mut stream(3, trial, 1, Role::FIT);
        let model = mixture(8, Form::Full, 1e-6)
            .mixture(&TrainingSet::plain(&points), None, rng)
            .expect("enough samples");
        model.components().iter().all(|c| c.covariance().diag().sum() < 0.1)
    });
    assert!(found.count() >= 48);
}

#[test]
fn one_component_is_the_maximum_likelihood_normal() {
    let points = ring(300, 0);
    for form in FORMS {
        let model = fit(&mixture(1, form, 0.0), &points).expect("enough samples");
        let exact = crate::distribution::Moments::of(&points).expect("many");
        let biased = exact.covariance * (299.0 / 300.0);
        let own = model.components()[0].covariance();
        assert!((own.diag().sum() - biased.diag().sum()).abs() < 1e-12);
        assert!((model.components()[0].mean() - &exact.mean).iter().all(|e| e.abs() < 1e-12));
    }
}

#[test]
fn a_sample_sixty_deviations_away_gives_no_nan() {
    let mut rows = ring(200, 1).as_slice().to_vec();
    rows.extend([60.0, -60.0, 1e6, 1e6]);
    for form in FORMS {
        let model = fit(&mixture(3, form, 1e-6), &Points::from_rows(rows.clone(), 2));
        assert!(is_sound(&model.expect("a member")), "{form:?}");
    }
}

#[test]
fn point_masses_are_singular_components() {
    let rows: Vec<f64> = (0..60).flat_map(|i| [f64::from(i % 3), 0.3]).collect();
    for form in FORMS {
        let model = fit(&mixture(3, form, 0.0), &Points::from_rows(rows.clone(), 2));
        let model = model.expect("degenerate is legal");
        assert!(is_sound(&model) && model.is_degenerate(), "{form:?} {model:?}");
        assert!(model.weights().iter().all(|w| (w - 1.0 / 3.0).abs() < 1e-9));
        assert!(model.moments().expect("exact").covariance[[1, 1]] < 1e-30);
    }
}

#[test]
fn one_value_repeated_is_a_member_for_any_number_of_components() {
    for (form, floor) in FORMS.into_iter().zip([0.0, 1e-6, 0.0, 1e-3]) {
        let model = fit(&mixture(4, form, floor), &Points::from_rows(vec![0.1; 30], 3));
        let model = model.expect("degenerate is legal");
        assert!(is_sound(&model));
        let variance = model.moments().expect("exact").covariance[[0, 0]];
        assert!((variance - floor).abs() < 1e-15, "{form:?} {variance}");
    }
}

#[test]
fn two_tiny_clusters_far_apart_keep_their_variance() {
    let rows: Vec<f64> =
        (0..40).map(|i| f64::from(i % 2) * 1000.0 + f64::from(i / 2 % 5) * 1e-9).collect();
    let model = fit(&mixture(2, Form::Full, 0.0), &Points::from_rows(rows, 1)).expect("a member");
    for component in model.components() {
        let variance = component.covariance()[[0, 0]];
        assert!((variance / 2e-18 - 1.0).abs() < 1e-3, "{variance}");
    }
}

#[test]
fn too_few_samples_and_numbers_that_are_none_end_a_lineage() {
    let error = fit(&mixture(8, Form::Full, 0.0), &ring(7, 0)).unwrap_err();
    assert_eq!(error, FitError::TooFew { family: "mixture", needs: 8, got: 7 });
    let error = fit(&mixture(1, Form::Full, 0.0), &Points::from_rows(vec![f64::NAN], 1));
    assert_eq!(error.unwrap_err(), NOT_FINITE);
    let huge = Points::from_rows(vec![1e300, -1e300, 1e299], 1);
    assert_eq!(fit(&mixture(1, Form::Full, 0.0), &huge).unwrap_err(), NOT_FINITE);
}

#[test]
fn an_empty_component_is_put_back_on_a_sample() {
    let points = ring(200, 2);
    let means = ndarray::arr2(&[[0.0, 0.0], [1e9, 1e9]]);
    let rng = &mut stream(3, 0, 1, Role::FIT);
    let fit = mixture(2, Form::Full, 1e-6).fit_from(&points, None, Origin::Means(&means), rng);
    let model = fit.expect("a member").model;
    assert!(model.weights().iter().all(|w| *w > 0.01));
}

#[test]
fn from_its_parent_em_ends_where_the_parent_stands() {
    let points = ring(400, 3);
    let cold = Mixture { tolerance: NonNegative::literal(1e-9), ..mixture(8, Form::Full, 1e-6) };
    let parent = fit(&cold, &points).expect("a member");
    let rng = &mut stream(3, 0, 1, Role::FIT);
    let origin = Origin::Model(&parent);
    let warm = cold.fit_from(&points, None, origin, rng).expect("a member");
    assert!(warm.iterations <= 3 && warm.converged);
    for (a, b) in warm.model.components().iter().zip(parent.components()) {
        assert!((a.mean() - b.mean()).iter().all(|gap| gap.abs() < 1e-3));
    }
}

#[test]
fn a_file_can_ask_for_the_start_at_the_parent() {
    let points = ring(400, 3);
    let one = Mixture {
        start: Start::Parent,
        iterations: Count::literal(1),
        ..mixture(8, Form::Tied, 1e-6)
    };
    let parent = fit(&one, &ring(400, 8)).expect("without a parent it starts like any other");
    let rng = &mut stream(3, 0, 2, Role::FIT);
    let relative = ByClass::One(parent.clone());
    let kin = Kin { founder: None, parent: Some(&relative) };
    let child = one.fit(&TrainingSet::plain(&points), kin, &Bench::default(), rng);
    let child = child.ok().and_then(ByClass::one).expect("a member");
    let step = one.fit_from(&points, None, Origin::Model(&parent), rng).expect("a member").model;
    for (a, b) in child.components().iter().zip(step.components()) {
        assert_eq!((a.mean(), a.covariance()), (b.mean(), b.covariance()));
    }
}

#[test]
fn a_lineage_that_collapses_onto_points_stays_sound_to_its_end() {
    for form in FORMS {
        let mut points = ring(24, 9);
        for t in 1..=300 {
            let rng = &mut stream(3, 0, t, Role::FIT);
            let data = TrainingSet::plain(&points);
            let model = match mixture(3, form, 0.0).mixture(&data, None, rng) {
                Ok(model) => model,
                Err(FitError::EmptyComponent { .. }) => break,
                Err(error) => panic!("{form:?} at {t}: {error}"),
            };
            assert!(is_sound(&model), "{form:?} at {t}");
            let ln = model.ln_density(&points);
            assert!(!ln.iter().any(|l| l.is_nan()), "{form:?} at {t}");
            points = model.draw(24, &mut stream(3, 0, t, Role::DRAW));
        }
    }
}

#[test]
fn weights_count_like_repeated_samples_and_their_scale_does_not_matter() {
    let points = ring(120, 4);
    let weights: Vec<f64> = (0..120).map(|i| f64::from(1 + i % 3)).collect();
    let thrice: Vec<f64> = weights.iter().map(|w| w / 7.0).collect();
    let rows: Vec<usize> = (0..120).flat_map(|i| vec![i; 1 + i % 3]).collect();
    let means = points.gather(&[3, 50, 77]).values().to_owned();
    let run = |points: &Points, weights: Option<&[f64]>| {
        let rng = &mut stream(3, 0, 1, Role::FIT);
        let mixture = mixture(3, Form::Full, 1e-6);
        let fit = mixture.fit_from(points, weights, Origin::Means(&means), rng);
        fit.expect("a member")
    };
    let repeated = run(&points.gather(&rows), None);
    for weights in [&weights, &thrice] {
        let weighted = run(&points, Some(weights));
        assert_eq!(weighted.iterations, repeated.iterations);
        let gap = weighted.mean_ln_likelihood - repeated.mean_ln_likelihood;
        assert!(gap.abs() < 1e-9);
    }
}

#[test]
fn likelihood_never_falls_and_more_restarts_never_lose() {
    let points = ring(200, 6);
    let likelihood = |iterations: usize| {
        let mixture = Mixture {
            iterations: Count::literal(iterations),
            tolerance: NonNegative::literal(0.0),
            ..mixture(5, Form::Full, 0.0)
        };
        let rng = &mut stream(3, 0, 1, Role::FIT);
        let fit = mixture.fit_from(&points, None, Origin::KMeans, rng).expect("a member");
        fit.mean_ln_likelihood
    };
    let path: Vec<f64> = (1..30).map(likelihood).collect();
    assert!(path.windows(2).all(|pair| pair[1] >= pair[0] - 1e-12), "{path:?}");
    let mean = |restarts: usize| {
        let many = Mixture { restarts: Count::literal(restarts), ..mixture(5, Form::Full, 1e-6) };
        let model = fit(&many, &points).expect("a member");
        model.ln_density(&points).iter().sum::<f64>() / 200.0
    };
    assert!(mean(6) >= mean(1) - 1e-3);
}

#[test]
fn a_lone_normal_equals_the_gaussian_of_its_moments() {
    let points = ring(100, 7);
    let model = fit(&mixture(1, Form::Full, 0.0), &points).expect("a member");
    let moments = model.moments().expect("exact");
    let normal = Gaussian::full(moments.mean, moments.covariance).expect("finite");
    let (a, b) = (model.ln_density(&points), normal.ln_density(&points));
    assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-10));
}

#[test]
fn the_start_has_the_name_that_the_field_uses() {
    let mixture: Mixture = toml::from_str("start = \"k-means++\"\ncovariance = \"tied\"").unwrap();
    assert_eq!((mixture.start, mixture.covariance), (Start::KMeans, Form::Tied));
    assert!(toml::from_str::<Mixture>("components = 0").is_err());
}

/// The ring, its first mode labelled 1 and all others 0.
fn labelled_ring(n: usize, trial: u32) -> Points {
    let points = ring(n, trial);
    let label = |x: &[f64]| f64::from(u8::from((x[0] - 2.0).hypot(x[1]) < 0.5));
    let labels = points.rows().map(label).collect();
    points.with_labels(labels)
}

fn fit_classes(
    mixture: &Mixture,
    points: &Points,
    kin: Kin<'_, ByClass<NormalMixture>>,
) -> Classes {
    let rng = &mut stream(3, 0, 1, Role::FIT);
    match mixture.fit(&TrainingSet::plain(points), kin, &Bench::default(), rng) {
        Ok(ByClass::Each(classes)) => classes,
        other => panic!("{other:?}"),
    }
}

type Classes = crate::distribution::Classes<NormalMixture>;

#[test]
fn each_class_has_a_mixture_of_its_own_points_with_no_more_components_than_points() {
    let points = labelled_ring(40, 1);
    let rare = points.rows_labelled(1.0).len();
    assert!((2..8).contains(&rare), "{rare}");
    let classes = fit_classes(&mixture(8, Form::Spherical, 1e-6), &points, Kin::default());
    let part = |label| classes.part(label).expect("a class");
    assert_eq!((part(0.0).components().len(), part(1.0).components().len()), (8, rare));
    let near = |c: &Gaussian| (c.mean()[0] - 2.0).hypot(c.mean()[1]) < 0.5;
    assert!(part(1.0).components().iter().all(near));
    assert!(!part(0.0).components().iter().any(near));
}

#[test]
fn each_class_starts_at_the_same_class_of_the_parent() {
    let one = Mixture {
        start: Start::Parent,
        iterations: Count::literal(1),
        ..mixture(2, Form::Spherical, 1e-6)
    };
    let (old, new) = (labelled_ring(200, 2), labelled_ring(200, 3));
    let parent = ByClass::Each(fit_classes(&one, &old, Kin::default()));
    let child = fit_classes(&one, &new, Kin { founder: None, parent: Some(&parent) });
    for label in [0.0, 1.0] {
        let own = new.gather(&new.rows_labelled(label)).without_labels();
        let origin = Origin::Model(parent.part(Some(label)).expect("a class"));
        let step = one.fit_from(&own, None, origin, &mut stream(3, 0, 1, Role::FIT));
        let step = step.expect("a member").model;
        for (a, b) in child.part(label).expect("a class").components().iter().zip(step.components())
        {
            assert_eq!((a.mean(), a.covariance()), (b.mean(), b.covariance()));
        }
    }
}
