//! Lineages driven directly, for what no metric reads: the loop, families and regimes are the
//! runner's own.

use model_collapse::catalog::{Chosen, Entry, find};
use model_collapse::experiment::Space;
use model_collapse::lineage::{self, Needs, Observer, Outcome, Rules, Snapshot, Supply, Truth};
use model_collapse::numeric::memo::Memo;
use model_collapse::regime;
use model_collapse::samples::Samples;
use model_collapse::stream::Streams;
use std::path::Path;
use toml::de::ValueDeserializer;

/// An experiment without metrics; entries are names and inline tables.
pub struct Watched {
    pub world: (&'static str, &'static str),
    pub model: (&'static str, &'static str),
    pub regime: (&'static str, &'static str),
    pub founders: usize,
    pub offspring: usize,
    pub generations: u32,
    pub seed: u64,
    pub trials: u32,
    /// All trials descend from the same founders: expectations are then those given the founders.
    pub same_founders: bool,
}

struct Eyes<F>(F);

impl<S: Samples, F: FnMut(&Snapshot<'_, S>)> Observer<S> for Eyes<F> {
    fn observe(&mut self, now: &Snapshot<'_, S>) {
        (self.0)(now);
    }
}

fn chosen<T: ?Sized>(list: &'static [Entry<T>], (name, table): (&str, &str)) -> Chosen<T> {
    let entry = find(list, "entry", name).unwrap_or_else(|error| panic!("{error}"));
    let table = ValueDeserializer::parse(table).expect("toml");
    entry.read(table).unwrap_or_else(|error| panic!("{name}: {error}"))
}

impl Watched {
    /// Shows every generation of every trial.
    pub fn each<S: Space>(&self, mut see: impl FnMut(u32, &Snapshot<'_, S>)) {
        let world = chosen(S::worlds(), self.world).value.open(Path::new(""));
        let world = world.unwrap_or_else(|error| panic!("{}", error.reason));
        let (model, regime) = (chosen(S::models(), self.model), chosen(regime::ALL, self.regime));
        let schedule = vec![self.offspring; self.generations as usize + 2];
        let rules = Rules {
            family: &*model.value,
            regime: &*regime.value,
            curation: &[],
            generations: self.generations,
            schedule: &schedule,
            ends_absorbed: false,
        };
        let needs = Needs { founders: self.founders, evaluation: 1, fresh: 0, ..Needs::default() };
        for trial in 0..self.trials {
            let streams = Streams { seed: self.seed, trial };
            let origin = Streams { trial: if self.same_founders { 0 } else { trial }, ..streams };
            let (supply, memo) = (Supply::new(&*world, needs, origin), Memo::default());
            let truth = Truth::new(&supply, 1, &memo);
            let mut eyes = Eyes(|now: &Snapshot<'_, S>| see(trial, now));
            let outcome = lineage::run(&rules, &truth, streams, &mut eyes);
            assert_eq!(outcome, Outcome::Survived);
        }
    }
}
