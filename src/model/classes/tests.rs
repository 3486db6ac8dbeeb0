use super::*;
use crate::distribution::{Distribution, Gaussian};
use crate::samples::{Kind, Pool};
use crate::stream::{Role, stream};
use ndarray::arr1;

/// A point mass at the mean of the points.
fn mean(data: &TrainingSet<'_, Points>, _label: Option<f64>) -> Result<Gaussian, FitError> {
    let too_few = FitError::TooFew { family: "mean", needs: 1, got: 0 };
    let (points, _) = data.gathered().ok_or(too_few)?;
    let mean = points.as_slice().iter().sum::<f64>() / points.len() as f64;
    Ok(Gaussian::spherical(arr1(&[mean]), 0.0))
}

/// Class 0 at 0, class 1 at 1, class 2 at 2, so many of each.
fn classes(sizes: [usize; 3]) -> Points {
    let of = |k: usize| std::iter::repeat_n(k as f64, sizes[k]);
    let values: Vec<f64> = (0..3).flat_map(of).collect();
    Points::from_rows(values.clone(), 1).with_labels(values)
}

fn each(member: Result<ByClass<Gaussian>, FitError>) -> Vec<(f64, f64, f64)> {
    let Ok(ByClass::Each(classes)) = member else { panic!("one member for each class") };
    let of = |(label, share): (&f64, f64)| {
        (*label, share, classes.part(*label).expect("its own").mean()[0])
    };
    classes.labels().iter().zip(classes.shares()).map(of).collect()
}

fn fit(shares: Shares, data: &Points, founders: &Points) -> Result<ByClass<Gaussian>, FitError> {
    let bench = Bench { founders: Some(founders), validation: None };
    shares.fit(&TrainingSet::plain(data), &bench, mean)
}

#[test]
fn every_class_is_fitted_to_its_own_points_and_drawn_as_often_as_asked() {
    let (data, founders) = (classes([6, 3, 1]), classes([2, 1, 1]));
    let shares = |shares| each(fit(shares, &data, &founders));
    assert_eq!(shares(Shares::Trained), [(0., 0.6, 0.), (1., 0.3, 1.), (2., 0.1, 2.)]);
    assert_eq!(shares(Shares::Founders), [(0., 0.5, 0.), (1., 0.25, 1.), (2., 0.25, 2.)]);
    let third = 1.0 / 3.0;
    assert_eq!(shares(Shares::Equal), [(0., third, 0.), (1., third, 1.), (2., third, 2.)]);
}

#[test]
fn a_draw_has_the_label_of_the_class_that_it_comes_from() {
    let model = fit(Shares::Trained, &classes([6, 3, 1]), &classes([1, 1, 1])).expect("fits");
    let n = 4000;
    let draws = model.release(n, &mut stream(1, 0, 0, Role::DRAW));
    let labels = draws.labels().expect("labelled");
    assert!(draws.as_slice().iter().zip(labels).all(|(x, label)| x == label));
    let rare = draws.rows_labelled(2.0).len() as f64 / n as f64;
    assert!((rare - 0.1).abs() < 4.0 * (0.1 * 0.9 / n as f64).sqrt());
}

#[test]
fn a_class_without_samples_is_lost_and_the_others_take_its_share() {
    let founders = classes([2, 1, 1]);
    let left = each(fit(Shares::Founders, &classes([5, 0, 5]), &founders));
    assert_eq!(left, [(0., 2.0 / 3.0, 0.), (2., 1.0 / 3.0, 2.)]);
    let new = fit(Shares::Founders, &classes([0, 0, 4]), &classes([4, 0, 0]));
    let error = new.expect_err("no founder has this label");
    assert!(error.to_string().starts_with("no class is left"), "{error}");
}

#[test]
fn a_class_that_cannot_be_fitted_is_lost_alone() {
    let picky = |data: &TrainingSet<'_, Points>, label: Option<f64>| match data.len() {
        got @ ..=2 => Err(FitError::TooFew { family: "picky", needs: 3, got }),
        _ => mean(data, label),
    };
    let bench = Bench::default();
    let of = |sizes| Shares::Trained.fit(&TrainingSet::plain(&classes(sizes)), &bench, picky);
    assert_eq!(each(of([6, 2, 3])).iter().map(|class| class.0).collect::<Vec<_>>(), [0., 2.]);
    assert!(matches!(of([2, 2, 2]), Err(FitError::TooFew { got: 2, .. })));
}

#[test]
fn weights_of_the_parts_are_weights_of_the_classes() {
    let mut pool = Pool::new(classes([2, 2, 0]));
    pool.push(Kind::Offspring, 1, classes([0, 4, 4]));
    let part = |i: usize, weight| Portion::of(pool.chunks()[i..=i].to_vec(), weight);
    let data = TrainingSet::new(vec![part(0, 3.0), part(1, 0.5)]);
    let shares = each(Shares::Trained.fit(&data, &Bench::default(), mean));
    assert_eq!(shares, [(0., 6.0 / 16.0, 0.), (1., 8.0 / 16.0, 1.), (2., 2.0 / 16.0, 2.)]);
}

#[test]
fn numbers_are_no_classes_and_labels_can_be_ignored() {
    let numbers = Points::from_rows(vec![1., 2., 3.], 1).with_labels(vec![0.1, 0.2, 0.3]);
    let ignored = fit(Shares::Ignored, &classes([5, 5, 5]), &numbers);
    for member in [ignored, fit(Shares::Trained, &numbers, &numbers)] {
        assert!(!member.expect("fits").shape().labelled);
    }
}
