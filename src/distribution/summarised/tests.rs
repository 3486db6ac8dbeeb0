use super::*;
use crate::samples::Summary;
use crate::stream::{Role, stream};
use ndarray::{arr1, arr2};

/// Means of what is read off many statistics, and off the statistics of as many sets of samples, differ
/// by less than four standard errors of their difference.
fn agree<D>(law: &D, n: usize, read: impl Fn(&D::Statistic) -> Vec<f64>)
where
    D: Sufficient,
    D::Statistic: Summary<D::Sample, How = ()>,
{
    let repeats = 4000;
    let (mut at_once, mut one_by_one) = (Vec::new(), Vec::new());
    for k in 0..repeats {
        at_once.push(read(&law.released(n, &mut stream(1, k, 1, Role::DRAW))));
        let samples = law.release(n, &mut stream(1, k, 2, Role::DRAW));
        one_by_one.push(read(&D::Statistic::of(&samples, &())));
    }
    for i in 0..at_once[0].len() {
        let of = |all: &[Vec<f64>]| {
            let mean = all.iter().map(|x| x[i]).sum::<f64>() / f64::from(repeats);
            let square = all.iter().map(|x| (x[i] - mean).powi(2)).sum::<f64>();
            (mean, square / f64::from(repeats).powi(2))
        };
        let ((a, variance_a), (b, variance_b)) = (of(&at_once), of(&one_by_one));
        let error = (variance_a + variance_b).sqrt();
        assert!((a - b).abs() <= 4.0 * error + 1e-12, "reading {i} of n = {n}: {a} and {b}");
    }
}

/// Mean, scatter, and products that tell their second moments.
fn of_scatter(statistic: &Scatter) -> Vec<f64> {
    let (mean, scatter) = (&statistic.mean, &statistic.scatter);
    let mut read: Vec<f64> = mean.iter().chain(scatter).copied().collect();
    for x in mean.iter().chain(scatter) {
        read.extend([x * x, x * mean[0], x * scatter[[0, 0]]]);
    }
    read
}

fn skewed() -> Gaussian {
    let covariance = arr2(&[[2.0, 0.8, 0.0], [0.8, 1.0, -0.3], [0.0, -0.3, 0.5]]);
    Gaussian::full(arr1(&[1.0, -2.0, 0.5]), covariance).expect("finite")
}

#[test]
fn normals_have_the_statistics_of_their_samples_whatever_n() {
    for n in [1, 2, 3, 4, 9] {
        agree(&skewed(), n, of_scatter);
        agree(&skewed().released_at(0.5), n, of_scatter);
        agree(&Gaussian::diagonal(arr1(&[0.0, 1.0]), arr1(&[2.0, 0.25])), n, of_scatter);
        agree(&Gaussian::spherical(arr1(&[3.0]), 4.0), n, of_scatter);
    }
}

#[test]
fn singular_normals_and_mixtures_have_the_statistics_of_their_samples() {
    let line = Gaussian::full(arr1(&[0., 0.]), arr2(&[[1., 2.], [2., 4.]])).expect("finite");
    agree(&line, 5, of_scatter);
    let modes = vec![skewed(), Gaussian::spherical(arr1(&[4.0, 0.0, 0.0]), 0.5)];
    agree(&NormalMixture::new(vec![0.3, 0.7], modes), 6, of_scatter);
}

#[test]
fn laws_of_types_have_the_counts_of_their_samples() {
    let read = |counts: &Counts| {
        let counts = &counts.counts;
        let lost = counts.iter().filter(|count| **count == 0.0).count() as f64;
        let squares = counts.iter().map(|count| count * count).sum();
        [vec![lost, squares, counts[0] * counts[1]], counts.clone()].concat()
    };
    for n in [1, 5, 60] {
        agree(&Types::new(&[5.0, 1.0, 0.0, 0.1], 1).expect("some weight"), n, read);
        agree(&Types::new(&[1.0, 2.0], 3).expect("some weight"), n, read);
    }
}

#[test]
fn a_statistic_says_how_many_samples_it_is_of_and_what_they_look_like() {
    let mut rng = stream(2, 0, 0, Role::DRAW);
    let scatter = Summarised(skewed()).draw(7, &mut rng);
    assert_eq!((scatter.len(), scatter.shape()), (7, skewed().shape()));
    let types = Types::new(&[1.0, 2.0], 3).expect("some weight");
    let counts = Summarised(types.clone()).draw(7, &mut rng);
    assert_eq!((counts.len(), counts.tokens, counts.shape()), (7, 21, types.shape()));
    assert_eq!(Summarised(skewed()).draw(0, &mut rng), Scatter::nothing(3));
}

#[test]
fn fewer_samples_than_dimensions_leave_a_scatter_of_their_rank() {
    let scatter = Summarised(skewed()).draw(2, &mut stream(3, 0, 0, Role::DRAW)).scatter;
    let minor = scatter[[0, 0]] * scatter[[1, 1]] - scatter[[0, 1]] * scatter[[1, 0]];
    assert!(scatter[[0, 0]] > 0.0 && minor.abs() < 1e-12 * scatter[[0, 0]] * scatter[[1, 1]]);
}
