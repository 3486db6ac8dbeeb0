//! The loop without an experiment around it: one-dimensional normals, fitted and drawn from.

use crate::clock::seconds;
use model_collapse::catalog::{Chosen, Entry, find};
use model_collapse::distribution::Distribution;
use model_collapse::lineage::{self, Needs, Observer, Outcome, Rules, Snapshot, Supply, Truth};
use model_collapse::metric::{self, Metric, Reading};
use model_collapse::model::{self, Breed};
use model_collapse::numeric::memo::Memo;
use model_collapse::regime::{self, Regime};
use model_collapse::samples::Points;
use model_collapse::stream::Streams;
use model_collapse::world::{self, World};
use std::path::Path;
use std::time::Instant;

/// A world, a family and a regime with all their defaults.
pub struct Setup {
    world: Box<dyn Distribution<Points>>,
    world_memo: Memo,
    family: Chosen<dyn Breed<Points>>,
    regime: Chosen<dyn Regime>,
    founders: usize,
    schedule: Vec<usize>,
}

fn default<T: ?Sized>(entries: &'static [Entry<T>], name: &str) -> Chosen<T> {
    find(entries, "entry", name).expect("a name").default().expect("defaults")
}

impl Setup {
    /// A standard normal world, and normals fitted to n samples in each generation.
    pub fn gaussian(regime: &str, n: usize, generations: usize) -> Self {
        let world: Chosen<dyn World<Points>> = default(world::POINTS, "normal");
        Setup {
            world: world.value.open(Path::new(".")).expect("a world"),
            world_memo: Memo::default(),
            family: default(model::POINTS, "gaussian"),
            regime: default(regime::ALL, regime),
            founders: n,
            schedule: vec![n; generations + 2],
        }
    }

    /// One lineage.
    pub fn run(&self, trial: u32, observer: &mut dyn Observer<Points>) {
        let streams = Streams { seed: 1, trial };
        let needs = Needs { founders: self.founders, evaluation: 1, fresh: 0, ..Needs::default() };
        let supply = Supply::new(&*self.world, needs, streams);
        let truth = Truth::new(&supply, needs.evaluation, &self.world_memo);
        let rules = Rules {
            family: &*self.family.value,
            regime: &*self.regime.value,
            curation: &[],
            generations: self.schedule.len() as u32 - 2,
            schedule: &self.schedule,
            ends_absorbed: false,
        };
        let outcome = lineage::run(&rules, &truth, streams, observer);
        assert_eq!(outcome, Outcome::Survived);
    }
}

/// Looks away.
pub struct Nobody;

impl Observer<Points> for Nobody {
    fn observe(&mut self, _now: &Snapshot<'_, Points>) {}
}

/// Reads two exact metrics off every generation.
pub struct Reader {
    metrics: [Chosen<dyn Metric<Points>>; 2],
    readings: Vec<[Option<Reading>; 2]>,
}

impl Reader {
    pub fn new() -> Self {
        let metrics = ["mean-shift", "spread"].map(|name| default(metric::POINTS, name));
        Reader { metrics, readings: Vec::new() }
    }
}

impl Observer<Points> for Reader {
    fn observe(&mut self, now: &Snapshot<'_, Points>) {
        let read = |metric: &Chosen<dyn Metric<Points>>| {
            metric.value.measure(now, now.noise(metric.entry.name))
        };
        self.readings.push(self.metrics.each_ref().map(read));
    }
}

/// Notes when it was called.
struct Watch(Vec<Instant>);

impl Observer<Points> for Watch {
    fn observe(&mut self, _now: &Snapshot<'_, Points>) {
        self.0.push(Instant::now());
    }
}

/// Seconds of each of 1000 accumulating generations.
pub fn watch() -> Vec<f64> {
    let mut watch = Watch(Vec::with_capacity(1001));
    Setup::gaussian("accumulate", 1000, 1000).run(0, &mut watch);
    watch.0.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64()).collect()
}

/// Seconds of one generation of n = 1000.
pub fn generation() -> f64 {
    const GENERATIONS: usize = 5000;
    let setup = Setup::gaussian("replace", 1000, GENERATIONS);
    seconds(|| setup.run(0, &mut Nobody)) / GENERATIONS as f64
}

/// The numbers that `accumulate` remembers after 1000 generations.
pub const POOL_BYTES: usize = 1001 * 1000 * size_of::<f64>();

/// One lineage that keeps the samples of all its generations, 1000 each.
pub fn accumulate(generations: usize) {
    Setup::gaussian("accumulate", 1000, generations).run(0, &mut Nobody);
}
