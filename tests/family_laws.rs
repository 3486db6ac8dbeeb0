//! What each family does to itself, generation after generation, against closed forms.

use model_collapse::catalog;
use model_collapse::distribution::{Distribution, Regression};
use model_collapse::model::{self, Bench, Breed};
use model_collapse::samples::{Kind, Part, Points, Pool, TrainingSet};
use model_collapse::stream::{Role, stream};
use model_collapse::world;
use ndarray::Array1;
use std::path::Path;
use toml::de::ValueDeserializer;

const SEED: u64 = 20_240_724;

fn family(name: &str, hyperparameters: &str) -> Box<dyn Breed<Points>> {
    let table = ValueDeserializer::parse(hyperparameters).expect("a table");
    let entry = catalog::find(model::POINTS, "family", name).expect("registered");
    entry.read(table).expect("legal hyperparameters").value
}

fn world(name: &str, hyperparameters: &str) -> Box<dyn Distribution<Points>> {
    let table = ValueDeserializer::parse(hyperparameters).expect("a table");
    let entry = catalog::find(world::POINTS, "world", name).expect("registered");
    let world = entry.read(table).expect("legal hyperparameters").value;
    world.open(Path::new(".")).expect("a world")
}

/// What becomes of one lineage: a number read off its last model.
struct Chain<'a> {
    world: &'a dyn Distribution<Points>,
    family: &'a dyn Breed<Points>,
    n: usize,
    generations: u32,
    accumulate: bool,
}

impl Chain<'_> {
    fn run(&self, trial: u32, read: &dyn Fn(&dyn Distribution<Points>) -> f64) -> f64 {
        let founders = self.world.draw(self.n, &mut stream(SEED, trial, 0, Role::WORLD));
        let mut learner = self.family.learner();
        let mut pool = Pool::new(founders.clone());
        let mut newest = founders;
        for t in 1.. {
            let data = match self.accumulate {
                true => TrainingSet::new(vec![Part::pool(&pool, 1.0)]),
                false => TrainingSet::plain(&newest),
            };
            let mut rng = stream(SEED, trial, t, Role::FIT);
            let model =
                learner.learn(&data, &Bench::default(), &mut rng).expect("a member of the family");
            if t == self.generations {
                return read(model);
            }
            newest = model.release(self.n, &mut stream(SEED, trial, t, Role::DRAW));
            if self.accumulate {
                pool.push(Kind::Offspring, t, newest.clone());
            }
        }
        unreachable!("some generation is the last")
    }

    /// The mean over trials is what the closed form says, within four standard errors.
    fn expect(&self, trials: u32, exact: f64, read: &dyn Fn(&dyn Distribution<Points>) -> f64) {
        let values: Vec<f64> = (0..trials).map(|trial| self.run(trial, read)).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let error = (variance / n).sqrt();
        assert!(error > 0.0, "a law that nothing can break is none");
        assert!((mean - exact).abs() < 4.0 * error, "{mean} ± {error} against {exact}");
    }
}

fn law(model: &dyn Distribution<Points>) -> &Regression {
    model.regression().expect("a linear model")
}

fn location(model: &dyn Distribution<Points>) -> f64 {
    model.moments().expect("exact").mean[0]
}

fn excess_risk(truth: Array1<f64>) -> impl Fn(&dyn Distribution<Points>) -> f64 {
    move |model| (&law(model).weights - &truth).mapv(|x| x * x).sum()
}

#[test]
fn least_squares_under_replace_add_their_risk_once_a_generation() {
    let world = world("linear", "{ dimension = 5 }");
    let family = family("linear", "{ noise = 1.0 }");
    let chain =
        Chain { world: &*world, family: &*family, n: 30, generations: 8, accumulate: false };
    // σ²d/(T − d − 1)·t
    chain.expect(2000, 5.0 / 24.0 * 8.0, &excess_risk(law(&*world).weights.clone()));
}

#[test]
fn least_squares_under_accumulate_add_one_over_the_square_of_the_generation() {
    let world = world("linear", "{ dimension = 5 }");
    let family = family("linear", "{ noise = 1.0 }");
    let chain =
        Chain { world: &*world, family: &*family, n: 30, generations: 20, accumulate: true };
    let sum: f64 = (1..=20).map(|t| 1.0 / f64::from(t * t)).sum();
    chain.expect(2000, 5.0 / 24.0 * sum, &excess_risk(law(&*world).weights.clone()));
}

#[test]
fn fresh_designs_too_small_for_the_dimension_forget_a_share_each_generation() {
    let world = world("linear", "{ dimension = 40, noise = 0, seed = 3 }");
    let family = family("linear", "{ noise = 0, design = \"fresh\" }");
    let chain =
        Chain { world: &*world, family: &*family, n: 30, generations: 3, accumulate: false };
    // E‖ŵ_t‖² = (T/d)^t‖w*‖²
    chain.expect(400, 0.75_f64.powi(3), &|model| law(model).weights.mapv(|w| w * w).sum());
}

#[test]
fn fresh_designs_add_the_same_risk_as_the_founders_own() {
    let world = world("linear", "{ dimension = 5 }");
    let family = family("linear", "{ noise = 1.0, design = \"fresh\" }");
    let chain =
        Chain { world: &*world, family: &*family, n: 30, generations: 4, accumulate: false };
    chain.expect(2000, 5.0 / 24.0 * 4.0, &excess_risk(law(&*world).weights.clone()));
}

#[test]
fn an_estimated_noise_is_unbiased_in_its_square() {
    let world = world("linear", "{ dimension = 4, noise = 0.5 }");
    let family = family("linear", "{}");
    let chain =
        Chain { world: &*world, family: &*family, n: 12, generations: 4, accumulate: false };
    chain.expect(3000, 0.25, &|model| law(model).noise.powi(2));
}

#[test]
fn poisson_lineages_die_out_as_the_branching_process_does() {
    let world = world("poisson", "{}");
    let family = family("poisson", "{}");
    for generations in [5, 20] {
        let (n, accumulate) = (10, false);
        let chain = Chain { world: &*world, family: &*family, n, generations, accumulate };
        // P(Λ_t ≠ 0) = 1 − e^(−n·g_t) with g_1 = 1 and g_(t+1) = 1 − e^(−g_t).
        let g = (1..generations).fold(1.0_f64, |g, _| 1.0 - (-g).exp());
        let alive = 1.0 - (-10.0 * g).exp();
        let exact = if generations == 5 { 0.9559 } else { 0.6001 };
        assert!((alive - exact).abs() < 1e-4, "{alive}");
        chain.expect(4000, alive, &|model| f64::from(location(model) > 0.0));
        // A martingale whose variance grows by rate/n a generation.
        chain.expect(4000, f64::from(generations) / 10.0, &|model| (location(model) - 1.0).powi(2));
    }
}

#[test]
fn a_poisson_rate_of_zero_stays_zero() {
    let family = family("poisson", "{}");
    let mut learner = family.learner();
    let mut data = Points::from_rows(vec![0.0; 4], 1);
    for t in 1..4 {
        let mut rng = stream(SEED, 0, t, Role::FIT);
        let model =
            learner.learn(&TrainingSet::plain(&data), &Bench::default(), &mut rng).expect("legal");
        data = model.release(4, &mut rng);
        assert_eq!(data.as_slice(), [0.0; 4]);
        assert_eq!(location(model), 0.0);
    }
}

#[test]
fn the_log_of_an_exponential_mean_drifts_as_its_gamma_factors_do() {
    let world = world("exponential", "{ rate = 0.5 }");
    let family = family("exponential", "{}");
    let chain =
        Chain { world: &*world, family: &*family, n: 5, generations: 10, accumulate: false };
    // E ln(mean of n) − ln(mean) = ψ(n) − ln n, with ψ(5) = 1 + 1/2 + 1/3 + 1/4 − γ.
    let digamma = 25.0 / 12.0 - 0.577_215_664_901_532_9;
    let exact = 2.0_f64.ln() + 10.0 * (digamma - 5.0_f64.ln());
    chain.expect(4000, exact, &|model| location(model).ln());
}

#[test]
fn a_mean_adds_its_variance_under_replace_and_a_harmonic_square_under_accumulate() {
    let world = world("normal", "{ sd = 2 }");
    let family = family("location", "{ sd = 2 }");
    let square = |model: &dyn Distribution<Points>| location(model).powi(2);
    for (accumulate, exact) in [(false, 10.0), (true, 1.549_767_731_166_540_7)] {
        let (n, generations) = (20, 10);
        let chain = Chain { world: &*world, family: &*family, n, generations, accumulate };
        chain.expect(4000, exact * 4.0 / 20.0, &square);
    }
}

#[test]
fn a_median_adds_its_larger_variance_under_replace() {
    let world = world("normal", "{}");
    let family = family("location", "{ estimator = \"median\" }");
    let chain = Chain { world: &*world, family: &*family, n: 3, generations: 6, accumulate: false };
    // The variance of the median of three standard normals: 1 − √3/π.
    let exact = 6.0 * (1.0 - 3.0_f64.sqrt() / std::f64::consts::PI);
    chain.expect(6000, exact, &|model| location(model).powi(2));
}

#[test]
fn resampling_keeps_the_mean_square_and_loses_variance_by_one_over_n() {
    let world = world("normal", "{}");
    let family = family("empirical", "{}");
    let chain =
        Chain { world: &*world, family: &*family, n: 10, generations: 8, accumulate: false };
    let exact = 0.9_f64.powi(8);
    chain.expect(4000, exact, &|model| model.moments().expect("exact").trace());
    chain.expect(4000, 1.0 - exact, &|model| location(model).powi(2));
}
