//! What families make of data at the edge of what they can be fitted to.

use model_collapse::catalog;
use model_collapse::distribution::Distribution;
use model_collapse::model::{self, Bench, Breed, FitError};
use model_collapse::samples::{Chunk, Kind, Part, Points, Samples, Tokens, TrainingSet};
use model_collapse::stream::{Role, stream};
use toml::de::ValueDeserializer;

const SEED: u64 = 20_240_724;

fn family(name: &str, hyperparameters: &str) -> Box<dyn Breed<Points>> {
    let table = ValueDeserializer::parse(hyperparameters).expect("a table");
    let entry = catalog::find(model::POINTS, "family", name).expect("registered");
    entry.read(table).expect("legal hyperparameters").value
}

fn location(model: &dyn Distribution<Points>) -> f64 {
    model.moments().expect("exact").mean[0]
}

#[test]
fn resampled_tokens_keep_exact_frequencies_and_weights() {
    let entry = catalog::find(model::TOKENS, "family", "empirical").expect("registered");
    let family = entry.default().expect("no hyperparameters").value;
    let part = |types: Vec<u32>, weight| {
        let samples = Tokens::of_length(types, 1, 3);
        Part::of(vec![Chunk { kind: Kind::Founders, born: 0, samples }], weight)
    };
    let data = TrainingSet::new(vec![part(vec![0, 1], 1.0), part(vec![1], 2.0)]);
    let mut learner = family.learner();
    let model = learner
        .learn(&data, &Bench::default(), &mut stream(SEED, 0, 1, Role::FIT))
        .expect("tokens");
    let law = model.types().expect("tokens");
    assert!(law.complete);
    for (p, exact) in law.probabilities.iter().zip([0.25, 0.75, 0.0]) {
        assert!((p - exact).abs() < 1e-12);
    }
}

fn fit(name: &str, hyperparameters: &str, points: &Points) -> Result<(), FitError> {
    let family = family(name, hyperparameters);
    let mut learner = family.learner();
    let mut rng = stream(SEED, 0, 1, Role::FIT);
    let model = learner.learn(&TrainingSet::plain(points), &Bench::default(), &mut rng)?;
    let draws = model.release(7, &mut rng);
    assert!(draws.len() == 7 && draws.is_finite(), "{name}");
    assert!(model.draw(7, &mut rng).is_finite(), "{name}");
    assert_eq!(draws.shape(), model.shape(), "{name}");
    let numbers = model.moments().into_iter().flat_map(|m| [m.mean.sum(), m.trace()]);
    assert!(numbers.chain(model.entropy()).all(|x| !x.is_nan()), "{name}");
    let ln = model.density().map(|density| density.ln_density(&draws));
    assert!(ln.iter().flatten().all(|ln| !ln.is_nan()), "{name}");
    Ok(())
}

#[test]
fn no_family_panics_or_says_nan_on_few_equal_or_huge_numbers() {
    let families = [
        ("empirical", "{}"),
        ("linear", "{}"),
        ("linear", "{ design = \"fresh\", ridge = 0.1, noise = 2 }"),
        ("logistic", "{}"),
        ("logistic", "{ ridge = 1, intercept = false }"),
        ("location", "{}"),
        ("location", "{ estimator = \"median\" }"),
        ("poisson", "{}"),
        ("exponential", "{}"),
    ];
    for (name, table) in families {
        assert!(fit(name, table, &Points::from_rows(vec![], 1)).is_err(), "{name} of nothing");
        for x in [0.0, 1.0, 3.0, 1e15, 1e160, 1e200, f64::MAX, -2.0, 5e-324, 0.1] {
            for n in [1, 2, 9] {
                let labels = (0..n).map(|i| f64::from(i % 2 == 0)).collect();
                let points = Points::from_rows(vec![x; n], 1).with_labels(labels);
                // Either is a finding; neither a panic nor a number that is none.
                let _ = fit(name, table, &points);
            }
        }
    }
    let zeros = Points::from_rows(vec![0.0; 3], 1).with_labels(vec![1.0; 3]);
    for (name, table) in families.into_iter().filter(|(name, _)| *name != "logistic") {
        assert_eq!(fit(name, table, &zeros), Ok(()), "{name} of zeros");
    }
}

#[test]
fn data_that_no_member_could_have_left_end_the_lineage_with_their_cause() {
    let cause = |name, values: &[f64]| {
        let points = Points::from_rows(values.to_vec(), 1);
        fit(name, "{}", &points).map_err(|error| error.to_string()).expect_err("foreign data")
    };
    assert_eq!(cause("poisson", &[1., 2.5]), "poisson needs whole numbers from 0, got 2.5");
    assert_eq!(cause("poisson", &[1., -2.]), "poisson needs whole numbers from 0, got -2");
    let negative = "exponential needs numbers that are not negative, got -0.5";
    assert_eq!(cause("exponential", &[1., -0.5]), negative);
    assert_eq!(cause("linear", &[1.]), "linear needs a label with every sample");
    assert_eq!(cause("location", &[f64::MAX; 4]), "location met a value that is not finite");
}

#[test]
fn a_world_of_another_shape_is_refused_when_the_file_is_read() {
    let plane = Points::from_rows(vec![0.0, 1.0], 2).shape();
    for name in ["poisson", "exponential", "linear", "logistic"] {
        let misfit = family(name, "{}").check(&plane).expect_err("another shape");
        assert!(misfit.reason.starts_with(&format!("{name} needs")), "{}", misfit.reason);
        assert!(!misfit.help.is_empty());
    }
    assert!(family("location", "{}").check(&plane).is_ok());
}

#[test]
fn a_whole_weight_counts_like_repeated_rows() {
    // Half of the weight lies on either side of the middle of the first; the weights of the second
    // move its mean and its median.
    as_repeated_rows(&[0., 3., 1., 4.], false);
    as_repeated_rows(&[0., 3., 5., 1.], true);
}

/// Fits to these four points, the second and third of which weigh 3, and to their repetition.
fn as_repeated_rows(values: &[f64; 4], are_moved: bool) {
    let points = Points::from_rows(values.to_vec(), 1).with_labels(vec![0.5, 2., 2., 5.]);
    let heavy = Chunk { kind: Kind::Fresh, born: 2, samples: points.gather(&[1, 2]) };
    let light = Chunk { kind: Kind::Offspring, born: 1, samples: points.gather(&[0, 3]) };
    let weighted = TrainingSet::new(vec![Part::of(vec![heavy], 3.0), Part::of(vec![light], 1.0)]);
    let repeated = points.gather(&[1, 2, 1, 2, 1, 2, 0, 3]);
    let repeated = TrainingSet::plain(&repeated);
    for (name, table) in [
        ("poisson", "{}"),
        ("exponential", "{}"),
        ("location", "{}"),
        ("location", "{ estimator = \"median\" }"),
        ("empirical", "{}"),
    ] {
        let family = family(name, table);
        let located = |data| {
            let mut learner = family.learner();
            let mut rng = stream(SEED, 0, 1, Role::FIT);
            location(learner.learn(data, &Bench::default(), &mut rng).expect("a member"))
        };
        assert!((located(&weighted) - located(&repeated)).abs() < 1e-12, "{name}");
        let moves = (located(&weighted) - located(&TrainingSet::plain(&points))).abs() > 0.1;
        assert_eq!(moves, are_moved, "{name}: whether weights can be seen at all");
    }
    let slope = |data| {
        let family = family("linear", "{}");
        let mut learner = family.learner();
        let model = learner
            .learn(data, &Bench::default(), &mut stream(SEED, 0, 1, Role::FIT))
            .expect("a line");
        model.regression().expect("a linear model").weights[0]
    };
    assert!((slope(&weighted) - slope(&repeated)).abs() < 1e-12);
}
