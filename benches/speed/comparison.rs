//! A whole table of paired comparisons: tests, intervals, and what could have been found.

use crate::clock::{median, seconds};
use crate::table::{Bound, Row, duration};
use model_collapse::analysis::comparison::line::{Sample, Settings, judge};
use model_collapse::stream::{Role, stream};
use rand_distr::{Distribution, StandardNormal};

const ARMS: usize = 10;
const METRICS: usize = 10;
const TRIALS: usize = 200;
const ROUNDS: usize = 5;

fn samples() -> Vec<Sample> {
    let of = |line: usize| {
        let name = format!("line {line}");
        let mut rng = stream(1, 0, 0, Role::compare(&name));
        let noise = StandardNormal.sample_iter(&mut rng);
        let differences = noise.take(TRIALS).map(|noise: f64| 0.01 * line as f64 + noise).collect();
        Sample { name, generation: 1, differences }
    };
    (0..ARMS * METRICS).map(of).collect()
}

pub fn row() -> Row {
    let (samples, settings) = (samples(), Settings::default());
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let judged = || one.install(|| judge(&samples, &settings));
    judged();
    let time = median(&(0..ROUNDS).map(|_| seconds(judged)).collect::<Vec<_>>());
    Row {
        work: format!(
            "compare: {ARMS} arms × {METRICS} metrics × {TRIALS} trials, 10 000 resamples"
        ),
        ours: duration(time),
        peer: "–".into(),
        reached: Some(time),
        bound: Bound::AtMost(5.0),
        unit: "s",
    }
}
