//! What collapse produces is measured, never refused: every metric of the catalogue, with its
//! defaults, on point masses, repeats, constants, needles and fixated laws. No value may be NaN, no
//! error negative, and nothing may panic.

use model_collapse::catalog::Entry;
use model_collapse::distribution::{Distribution, Finite, Gaussian, NormalMixture, Types};
use model_collapse::lineage::{Needs, Snapshot, Supply, Truth};
use model_collapse::metric::{self, Metric, Reading};
use model_collapse::numeric::memo::Memo;
use model_collapse::samples::{Points, Samples, Tokens, TrainingSet};
use model_collapse::stream::Streams;
use ndarray::{arr1, arr2};

type Law<S> = Box<dyn Distribution<S>>;

fn sound(name: &str, reading: Option<Reading>) {
    if let Some(Reading { value, standard_error }) = reading {
        assert!(!value.is_nan(), "{name} is not a number");
        let error = standard_error.unwrap_or(0.0);
        assert!(error >= 0.0 && error.is_finite(), "{name} has the standard error {error}");
    }
}

/// Every metric on every world at generation 0, and on every model and sample in every world.
fn measure_all<S: Samples>(entries: &'static [Entry<dyn Metric<S>>], laws: &[Law<S>]) {
    let streams = Streams { seed: 1, trial: 0 };
    for world in laws {
        let needs = Needs { founders: 7, evaluation: 60, fresh: 0, ..Needs::default() };
        let (supply, memo) = (Supply::new(&**world, needs, streams), Memo::default());
        let truth = Truth::new(&supply, 60, &memo);
        let founders = supply.founders();
        let training = TrainingSet::plain(&founders);
        let look = |now: &Snapshot<'_, S>| {
            for entry in entries {
                let metric = entry.default().expect("every metric has defaults").value;
                let reading = metric.measure(now, now.noise(entry.name));
                sound(entry.name, reading);
            }
        };
        look(&Snapshot::of_world(&truth, &founders, streams));
        for model in laws {
            let now = Snapshot::of_model(1, &truth, &**model, &training, &founders, streams);
            look(&now);
            for n in [1, 2, 20] {
                let rows: Vec<usize> = (0..n).collect();
                let sample = Finite::new(now.draws().gather(&rows)).expect("at least one");
                look(&now.in_place_of_model(&sample));
            }
        }
    }
}

#[test]
fn points_of_every_degeneracy_are_measured() {
    let points = |values: &[f64]| Points::from_rows(values.to_vec(), 2);
    let spherical = |x, y, variance| Gaussian::spherical(arr1(&[x, y]), variance);
    let singular = Gaussian::full(arr1(&[0., 0.]), arr2(&[[1., 2.], [2., 4.]])).expect("finite");
    let two = |a, b| NormalMixture::new(vec![1.0, 1.0], vec![a, b]);
    let stock = |values: &[f64]| Finite::new(points(values)).expect("some rows");
    let laws: Vec<Law<Points>> = vec![
        Box::new(spherical(0., 0., 1.)),
        Box::new(spherical(0., 0., 0.)),
        Box::new(spherical(1., 0., 1e-310)),
        Box::new(spherical(1e150, -1e150, 1.)),
        Box::new(spherical(0., 0., 1e300)),
        Box::new(Gaussian::diagonal(arr1(&[0., 0.]), arr1(&[1., 0.]))),
        Box::new(singular),
        Box::new(two(spherical(0., 0., 1.), spherical(0., 0., 0.))),
        Box::new(NormalMixture::of_modes(vec![arr1(&[0., 0.]), arr1(&[9., 0.])], 0.5)),
        Box::new(stock(&[1., 2.])),
        Box::new(stock(&[1., 2., 1., 2., 0., 0.])),
        Box::new(stock(&[0., 0., 1., 1., 2., 3., -4., 4., 0., 1e-300])),
    ];
    measure_all(metric::POINTS, &laws);
}

#[test]
fn tokens_of_every_poverty_are_measured() {
    let types = |weights: &[f64], n| Types::new(weights, n).expect("some weight");
    let text = |kinds: &[u32], n| Finite::new(Tokens::of_length(kinds.to_vec(), n, 4));
    let ragged = Tokens::ragged(vec![0, 1, 1, 1], vec![1, 1, 4], 4);
    let laws: Vec<Law<Tokens>> = vec![
        Box::new(types(&[4., 3., 2., 1.], 1)),
        Box::new(types(&[1., 1., 1., 1.], 3)),
        Box::new(types(&[0., 1., 0., 0.], 1)),
        Box::new(types(&[1., 0., 0., 1e-300], 1)),
        Box::new(types(&[0., 0., 1., 0.], 4)),
        Box::new(text(&[0, 0, 1, 2], 1).expect("four")),
        Box::new(text(&[3, 3, 3, 3], 2).expect("two")),
        Box::new(Finite::new(ragged).expect("three")),
        Box::new(Finite::new(Tokens::ragged(vec![], vec![0, 0], 4)).expect("two empty")),
    ];
    measure_all(metric::TOKENS, &laws);
}
