//! A lineage that is cut off after any of its generations goes on to the same bytes.

use model_collapse::distribution::{Distribution, Gaussian};
use model_collapse::experiment::Space;
use model_collapse::lineage::{
    self, Needs, Observer, Outcome, Rules, Snapshot, State, Supply, Truth,
};
use model_collapse::model::{Bench, Breed, Family, FitError, Kin};
use model_collapse::numeric::memo::Memo;
use model_collapse::regime::{self, Regime};
use model_collapse::samples::{PointShape, Points, Samples, Tokens, TrainingSet};
use model_collapse::stream::{Stream, Streams};
use model_collapse::world;
use ndarray::arr1;
use std::ops::ControlFlow;

/// N(mean of data + half of founder and a quarter of parent, 1): a fit that depends on both relatives.
struct Heirs;

struct Heir(f64);

impl Family for Heirs {
    type Data = Points;
    type Model = Heir;

    fn fit(
        &self,
        data: &TrainingSet<'_, Points>,
        kin: Kin<'_, Heir>,
        _bench: &Bench<'_, Points>,
        _rng: &mut Stream,
    ) -> Result<Heir, FitError> {
        let (all, _) = data.gathered().expect("some points");
        let mean = all.as_slice().iter().sum::<f64>() / all.len() as f64;
        let of = |model: Option<&Heir>, share: f64| model.map_or(0.0, |heir| share * heir.0);
        Ok(Heir(mean + of(kin.founder, 0.5) + of(kin.parent, 0.25)))
    }

    fn save(&self, model: &Heir) -> Option<Vec<u8>> {
        Some(model.0.to_le_bytes().to_vec())
    }

    fn load(&self, bytes: &[u8]) -> Result<Heir, String> {
        let bytes = bytes.try_into().map_err(|_| "eight bytes make a number".to_owned())?;
        Ok(Heir(f64::from_le_bytes(bytes)))
    }
}

impl Distribution<Points> for Heir {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        Gaussian::spherical(arr1(&[self.0]), 1.0).draw(n, rng)
    }

    fn shape(&self) -> PointShape {
        Gaussian::spherical(arr1(&[0.0]), 1.0).shape()
    }
}

/// Notes the offspring of every generation, and cuts the lineage off after one of them.
struct Cutter<S> {
    seen: Vec<(u32, S)>,
    after: u32,
    state: Option<Vec<u8>>,
}

impl<S: Space> Observer<S> for Cutter<S> {
    fn observe(&mut self, now: &Snapshot<'_, S>) {
        self.seen.push((now.generation, now.offspring.clone()));
    }

    fn rest(&mut self, state: &dyn Fn() -> Option<State<S>>) -> ControlFlow<()> {
        let last = self.seen.last().map_or(0, |(generation, _)| *generation);
        if last != self.after {
            return ControlFlow::Continue(());
        }
        let state = state().expect("a family that saves its models");
        self.state = Some(postcard::to_stdvec(&state).expect("bytes"));
        ControlFlow::Break(())
    }
}

/// Runs four generations in one go, and again cut off after each: the offspring must be the same.
fn law<S: Space + PartialEq + std::fmt::Debug>(
    family: &dyn Breed<S>,
    regime: &dyn Regime,
    world: &dyn Distribution<S>,
    about: &str,
) {
    let streams = Streams { seed: 3, trial: 1 };
    let needs = Needs { founders: 24, evaluation: 4, fresh: 0, validation: family.validation() };
    let (supply, memo) = (Supply::new(world, needs, streams), Memo::default());
    let truth = Truth::new(&supply, 4, &memo);
    let generations = 4;
    let rules = Rules {
        family,
        regime,
        curation: &[],
        generations,
        schedule: &[0, 0, 20, 20, 20, 20],
        ends_absorbed: false,
    };
    let cutter = |after| Cutter::<S> { seen: Vec::new(), after, state: None };
    let mut whole = cutter(99);
    assert_eq!(lineage::run(&rules, &truth, streams, &mut whole), Outcome::Survived);
    for after in 1..=generations {
        let mut first = cutter(after);
        assert_eq!(lineage::run(&rules, &truth, streams, &mut first), Outcome::CutOff);
        let bytes = first.state.take().expect("a state");
        let state = postcard::from_bytes(&bytes).expect("what was written");
        let mut second = cutter(99);
        let end = lineage::resume(&rules, &truth, streams, state, &mut second);
        assert_eq!(end, Ok(Outcome::Survived), "{about}");
        first.seen.extend(second.seen);
        assert_eq!(first.seen, whole.seen, "{about}: cut off after generation {after}");
    }
}

#[test]
fn founder_parent_and_pool_are_all_that_later_generations_need() {
    let world = Gaussian::spherical(arr1(&[0.0]), 1.0);
    for entry in regime::ALL {
        let regime = entry.default().expect("defaults").value;
        law(&Heirs, &*regime, &world, entry.name);
    }
}

#[test]
fn every_family_of_tokens_that_saves_its_models_goes_on_from_them() {
    let entry = world::TOKENS.iter().find(|entry| entry.name == "markov").expect("listed");
    let world = entry.default().expect("defaults").value.open(".".as_ref()).expect("open");
    let accumulate = regime::ALL.iter().find(|entry| entry.name == "accumulate").expect("listed");
    let accumulate = accumulate.default().expect("defaults").value;
    let mut saved = Vec::new();
    for entry in Tokens::models() {
        let family = entry.default().expect("defaults").value;
        let mut learner = family.learner();
        let founders = world.draw(24, &mut model_collapse::stream::of_parameters(1));
        let bench = Bench { founders: Some(&founders), validation: None };
        let rng = &mut model_collapse::stream::of_parameters(2);
        learner.learn(&TrainingSet::plain(&founders), &bench, rng).expect("a member");
        if learner.save().is_some() {
            law(&*family, &*accumulate, &*world, entry.name);
            saved.push(entry.name);
        }
    }
    let networks = if cfg!(feature = "neural") { &["transformer", "recurrent"][..] } else { &[] };
    assert_eq!(saved, networks, "families that take minutes must be resumable");
}

#[test]
fn a_state_without_founders_or_of_another_family_is_refused() {
    let world = Gaussian::spherical(arr1(&[0.0]), 1.0);
    let streams = Streams { seed: 3, trial: 1 };
    let needs = Needs { founders: 24, evaluation: 4, ..Needs::default() };
    let (supply, memo) = (Supply::new(&world, needs, streams), Memo::default());
    let truth = Truth::new(&supply, 4, &memo);
    let replace = regime::ALL[0].default().expect("defaults").value;
    let (family, schedule) = (&Heirs as &dyn Breed<Points>, &[0, 0, 20, 20][..]);
    let rules = Rules {
        family,
        regime: &*replace,
        curation: &[],
        generations: 2,
        schedule,
        ends_absorbed: false,
    };
    let mut cutter = Cutter { seen: Vec::new(), after: 1, state: None };
    lineage::run(&rules, &truth, streams, &mut cutter);
    let bytes = cutter.state.take().expect("a state");
    let good: State<Points> = postcard::from_bytes(&bytes).expect("what was written");
    let mut resume = |state| lineage::resume(&rules, &truth, streams, state, &mut cutter);
    let nobody = State { pool: Vec::new(), ..good.clone() };
    assert_eq!(resume(nobody).unwrap_err(), "it remembers no founders");
    let mut foreign = good;
    foreign.relatives.founder = b"not a number".to_vec();
    assert_eq!(resume(foreign).unwrap_err(), "eight bytes make a number");
}
