//! The steps of a generation happen in the order that the loop names.

use model_collapse::curation::{Curation, CurationBench};
use model_collapse::distribution::{Distribution, Gaussian};
use model_collapse::lineage::{self, Needs, Observer, Outcome, Rules, Snapshot, Supply, Truth};
use model_collapse::model::{Bench, Family, FitError, Kin};
use model_collapse::numeric::memo::Memo;
use model_collapse::regime::{Origin, Portion, Reach, Regime, Sizes};
use model_collapse::samples::{PointShape, Points, Samples, TrainingSet};
use model_collapse::stream::{Stream, Streams};
use ndarray::arr1;
use std::sync::{Arc, Mutex};

/// What happened, in order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn write(&self, line: impl Into<String>) {
        self.0.lock().expect("one thread").push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().expect("one thread").clone()
    }
}

struct LoggedRegime(Log);

impl Regime for LoggedRegime {
    fn recipe(&self, t: u32, sizes: &Sizes) -> Vec<Portion> {
        self.0.write(format!("compose {t} from {}", sizes.newest(t)));
        vec![Portion::all(Origin::Fresh(t)), Portion::all(Origin::Offspring(t - 1))]
    }

    fn fresh(&self, t: u32) -> usize {
        self.0.write(format!("fresh {t}"));
        2
    }

    fn reach(&self) -> Reach {
        Reach::Last(1)
    }
}

struct LoggedFamily(Log);

struct LoggedModel(Log, Gaussian);

impl Family for LoggedFamily {
    type Data = Points;
    type Model = LoggedModel;

    fn fit(
        &self,
        data: &TrainingSet<'_, Points>,
        kin: Kin<'_, LoggedModel>,
        _bench: &Bench<'_, Points>,
        _rng: &mut Stream,
    ) -> Result<LoggedModel, FitError> {
        let kin = (kin.founder.is_some(), kin.parent.is_some());
        self.0.write(format!("fit to {} with kin {kin:?}", data.len()));
        Ok(LoggedModel(self.0.clone(), Gaussian::spherical(arr1(&[0.0]), 1.0)))
    }
}

impl Distribution<Points> for LoggedModel {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        self.0.write(format!("draw {n}"));
        self.1.draw(n, rng)
    }

    fn shape(&self) -> PointShape {
        self.1.shape()
    }
}

struct LoggedCurator(Log);

impl Curation<Points> for LoggedCurator {
    fn draws(&self, n: usize) -> usize {
        2 * n
    }

    fn curate(
        &self,
        offered: Points,
        _bench: &CurationBench<'_, Points>,
        _rng: &mut Stream,
    ) -> Points {
        self.0.write(format!("curate {}", offered.len()));
        offered.gather(&(0..offered.len() / 2).collect::<Vec<_>>())
    }
}

struct LoggedObserver(Log);

impl Observer<Points> for LoggedObserver {
    fn observe(&mut self, now: &Snapshot<'_, Points>) {
        self.0.write(format!("observe {} with {}", now.generation, now.offspring.len()));
    }
}

fn run(generations: u32, curator: &dyn Curation<Points>, log: &Log) -> Outcome {
    let world = Gaussian::spherical(arr1(&[0.0]), 1.0);
    let streams = Streams { seed: 1, trial: 0 };
    let needs =
        Needs { founders: 7, evaluation: 5, fresh: 2 * generations as usize, ..Needs::default() };
    let supply = Supply::new(&world, needs, streams);
    let memo = Memo::default();
    let truth = Truth::new(&supply, 5, &memo);
    let (family, regime) = (LoggedFamily(log.clone()), LoggedRegime(log.clone()));
    let rules = Rules {
        family: &family,
        regime: &regime,
        curation: &[("logged", curator)],
        generations,
        schedule: &[0, 0, 4, 6],
        ends_absorbed: false,
    };
    lineage::run(&rules, &truth, streams, &mut LoggedObserver(log.clone()))
}

#[test]
fn a_generation_composes_fits_draws_curates_and_is_observed() {
    let log = Log::default();
    assert_eq!(run(2, &LoggedCurator(log.clone()), &log), Outcome::Survived);
    let expected = [
        "observe 0 with 7",
        "fit to 7 with kin (false, false)",
        "draw 8",
        "curate 8",
        "observe 1 with 4",
        "fresh 2",
        "compose 2 from 4",
        "fit to 6 with kin (true, true)",
        "draw 12",
        "curate 12",
        "observe 2 with 6",
    ];
    assert_eq!(log.lines(), expected);
}

/// Keeps nothing, ever.
struct Nothing;

impl Curation<Points> for Nothing {
    fn curate(
        &self,
        offered: Points,
        _bench: &CurationBench<'_, Points>,
        _rng: &mut Stream,
    ) -> Points {
        offered.gather(&[])
    }
}

#[test]
fn a_curator_that_keeps_nothing_ends_the_lineage_with_its_cause() {
    let log = Log::default();
    let outcome = run(2, &Nothing, &log);
    let cause = "curation keeps nothing of 4000 samples".to_owned();
    assert_eq!(outcome, Outcome::Extinct { generation: 1, cause });
    assert!(!log.lines().iter().any(|line| line.starts_with("observe 1")));
}
