//! Metrics over generations: bands, means, theory, worlds, extinctions and infinities.

use std::fs;
use std::path::{Path, PathBuf};

use model_collapse::analysis::summarise;
use model_collapse::archive::csv::{write_records, write_table};
use model_collapse::archive::table::{Measurement, Outcome, Prediction};
use model_collapse::figure::draw;
use rand::SeedableRng;
use rand_distr::{ChiSquared, Distribution, Normal};
use rand_pcg::Pcg64Dxsm;

use super::contents;

const QUESTION: &str = "Does replacing real data by synthetic data make a model forget the spread of \
                        its world, and does it matter how many samples each generation leaves behind?";

/// The tables of a results folder, filled trial by trial.
struct Tables {
    dir: PathBuf,
    rng: Pcg64Dxsm,
    measurements: Vec<Measurement>,
    outcomes: Vec<Outcome>,
    theory: Vec<Prediction>,
    /// What `experiment.toml` asks for.
    figures: String,
}

impl Tables {
    fn new(case: &str) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures").join(case);
        fs::create_dir_all(&dir).unwrap();
        let rng = Pcg64Dxsm::seed_from_u64(case.len() as u64);
        Self {
            dir,
            rng,
            measurements: Vec::new(),
            outcomes: Vec::new(),
            theory: Vec::new(),
            figures: String::new(),
        }
    }

    /// One trial from the world on; a lineage may end early.
    fn trial(&mut self, arm: &str, metric: &str, trial: u32, values: &[f64], is_extinct: bool) {
        for (generation, value) in values.iter().enumerate() {
            self.measurements.push(Measurement {
                cell: format!("cell-{arm}").into(),
                arm: arm.to_owned().into(),
                trial,
                generation: generation as u32,
                metric: metric.to_owned().into(),
                value: Some(*value),
                standard_error: None,
            });
        }
        self.outcomes.push(Outcome {
            cell: format!("cell-{arm}"),
            arm: arm.into(),
            trial,
            outcome: if is_extinct { "extinct" } else { "survived" }.into(),
            generation: is_extinct.then_some(values.len() as u32),
            cause: String::new(),
        });
    }

    fn predict(&mut self, arm: &str, statistic: &str, last: u32, value: impl Fn(u32) -> f64) {
        for generation in 1..=last {
            self.theory.push(Prediction {
                cell: format!("cell-{arm}"),
                arm: arm.into(),
                generation,
                metric: "spread".into(),
                statistic: statistic.into(),
                value: value(generation),
                formula: "(1 − 1/n)^t".into(),
            });
        }
    }

    /// The variance of a Gaussian lineage, world first; `n` samples with divisor n.
    fn variances(&mut self, n: f64, generations: usize) -> Vec<f64> {
        let factor = ChiSquared::new(n - 1.0).unwrap();
        let mut variance = 1.0;
        let mut values = vec![1.0];
        for _ in 0..generations {
            variance *= factor.sample(&mut self.rng) / n;
            values.push(variance);
        }
        values
    }

    fn noise(&mut self, centre: f64, sd: f64) -> f64 {
        Normal::new(centre, sd).unwrap().sample(&mut self.rng)
    }

    /// Draws twice; the pictures must be those expected, the same, and say (and not say) these texts.
    /// The SVG is left to be looked at.
    fn draw(self, expected: &[&str], says: &[&str], hides: &[&str]) -> String {
        let figures = self.dir.join("figures");
        fs::remove_dir_all(&figures).ok();
        write_table(&self.dir, "measurements", &self.measurements).unwrap();
        write_table(&self.dir, "outcomes", &self.outcomes).unwrap();
        write_table(&self.dir, "theory", &self.theory).unwrap();
        let summary = summarise(&self.measurements, &self.outcomes);
        write_table(&self.dir, "summary", &summary).unwrap();
        let experiment = format!("question = {QUESTION:?}\n{}", self.figures);
        fs::write(self.dir.join("experiment.toml"), experiment).unwrap();
        let written = draw(&self.dir, &figures).unwrap();
        let first = contents(&figures);
        assert_eq!(draw(&self.dir, &figures).unwrap(), written);
        assert!(contents(&figures) == first, "a second drawing differs from the first");
        let names: Vec<_> = first.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, expected);
        assert_eq!(written.len(), names.len());
        let drawings = first.iter().filter(|(name, _)| name.ends_with("svg"));
        let drawing: String =
            drawings.map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap()).collect();
        let lacks = |text: &&&str| !drawing.contains(**text);
        assert_eq!(says.iter().find(lacks), None, "a text is missing");
        assert_eq!(hides.iter().find(|text| !lacks(text)), None, "a text should not be there");
        for (name, bytes) in &first {
            assert!(bytes.len() > 2000, "{name} is empty");
            let text = String::from_utf8_lossy(bytes);
            assert!(!name.ends_with("svg") || !text.contains("NaN") && text.contains("</svg>"));
        }
        drawing
    }
}

/// Where the shapes of an SVG lie that have all of these marks, in their order.
fn shapes(drawing: &str, marks: &[&str]) -> Vec<Vec<(f64, f64)>> {
    let place = |x: &str, y: &str| (x.parse().unwrap(), y.parse().unwrap());
    let attribute = |line: &str, name: &str| {
        let (_, rest) = line.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    let marked = drawing.lines().filter(|line| marks.iter().all(|mark| line.contains(mark)));
    let places = |line| match (attribute(line, "points"), attribute(line, "cx")) {
        (Some(points), _) => {
            let pairs = points.split_whitespace().map(|pair| pair.split_once(',').unwrap());
            pairs.map(|(x, y)| place(x, y)).collect()
        }
        (None, Some(x)) => vec![place(&x, &attribute(line, "cy").unwrap())],
        (None, None) => vec![],
    };
    marked.map(places).collect()
}

const SPREAD: [&str; 2] = ["spread.png", "spread.svg"];

#[test]
fn one_arm_with_theory() {
    let mut tables = Tables::new("one-arm");
    for trial in 0..100 {
        let values = tables.variances(100.0, 30);
        tables.trial("replace", "spread", trial, &values, false);
    }
    tables.predict("replace", "mean", 30, |t| 0.99f64.powi(t as i32));
    tables.draw(&SPREAD, &["theory", "world", "5–95 %", "mean", "replace"], &["alive", "infinite"]);
}

#[test]
fn everything_is_drawn_at_the_place_of_its_value() {
    let mut tables = Tables::new("places");
    // Of t − 0.5, t and t + 2 the median is t, the mean t + 0.5, and the band t − 0.45 … t + 1.8.
    for (trial, aside) in [-0.5, 0.0, 2.0].into_iter().enumerate() {
        let values = [1.0, 1.0 + aside, 2.0 + aside, 3.0 + aside];
        tables.trial("replace", "spread", trial as u32, &values, false);
    }
    tables.predict("replace", "mean", 3, |t| f64::from(t) + 1.0);
    let drawing = tables.draw(&SPREAD, &["theory", "5–95 %", "mean", "median of 3 trials"], &[]);
    let of = |marks: &[&str]| shapes(&drawing, marks);
    let [world] = &of(&["<polyline", "stroke=\"#7D7D7D\""])[..] else { panic!("one world") };
    let [median] = &of(&["<polyline", "stroke=\"#0072B2\"", "stroke-width=\"9\""])[..] else {
        panic!("one median");
    };
    // The world is 1, as the first median is; steps are even, and more is higher up.
    assert_eq!((median.len(), world[0].1, world[1].1), (3, median[0].1, median[0].1));
    let (right, up) = (median[1].0 - median[0].0, median[0].1 - median[1].1);
    assert!(right > 100.0 && up > 100.0, "{median:?}");
    let at =
        |t: f64, value: f64| (median[0].0 + (t - 1.0) * right, median[0].1 - (value - 1.0) * up);
    let near = |(a, b): (&(f64, f64), (f64, f64))| (a.0 - b.0).hypot(a.1 - b.1) < 4.0;
    assert!(median.iter().zip([1.0, 2.0, 3.0].map(|t| at(t, t))).all(near), "{median:?}");
    let outline = [(1.0, 1.8), (2.0, 1.8), (3.0, 1.8), (3.0, -0.45), (2.0, -0.45), (1.0, -0.45)];
    let [band] = &of(&["<polygon", "fill=\"#0072B2\""])[..] else { panic!("one band") };
    assert!(band.iter().zip(outline.map(|(t, aside)| at(t, t + aside))).all(near), "{band:?}");
    let ends = |dashes: &[Vec<(f64, f64)>]| {
        [*dashes.first().unwrap().first().unwrap(), *dashes.last().unwrap().last().unwrap()]
    };
    let means = of(&["<polyline", "stroke=\"#0072B2\"", "stroke-width=\"6\""]);
    assert!(means.len() > 20 && near((&ends(&means)[0], at(1.0, 1.5))), "{means:?}");
    let theory = of(&["<circle", "fill=\"#00446B\""]);
    assert!(theory.len() > 50 && near((&ends(&theory)[0], at(1.0, 2.0))), "{theory:?}");
    // The end may fall into a gap between dashes or dots; both lines rise by 1 a generation.
    for (last, above) in [(ends(&means)[1], 0.5), (ends(&theory)[1], 1.0)] {
        let t = 1.0 + (last.0 - median[0].0) / right;
        assert!(t > 2.9 && near((&last, at(t, t + above))), "{last:?}");
    }
}

#[test]
fn three_arms_of_which_two_end_close_together() {
    let mut tables = Tables::new("three-arms");
    for trial in 0..60 {
        let world = tables.noise(0.002, 0.0007).abs();
        for (arm, growth, level) in
            [("replace", 0.02, 0.01), ("accumulate", 0.0, 0.03), ("retain-10", 0.0, 0.035)]
        {
            let mut values = vec![world];
            for generation in 1..=20 {
                let value = tables.noise(level + growth * f64::from(generation), 0.01).abs();
                values.push(value);
            }
            tables.trial(arm, "kl", trial, &values, false);
        }
    }
    tables.draw(&["kl.png", "kl.svg"], &["accumulate", "retain-10"], &["theory"]);
}

#[test]
fn decades_of_decay_over_a_thousand_generations() {
    let mut tables = Tables::new("decades");
    for trial in 0..40 {
        let values = tables.variances(20.0, 1000);
        tables.trial("replace, n = 20", "spread", trial, &values, false);
        let values = tables.variances(200.0, 1000);
        tables.trial("replace, n = 200", "spread", trial, &values, false);
    }
    tables.predict("replace, n = 20", "mean", 1000, |t| 0.95f64.powi(t as i32));
    tables.draw(&SPREAD, &["10⁻²⁰", "200"], &["1e-"]);
}

#[test]
fn lineages_that_die() {
    let mut tables = Tables::new("extinction");
    for trial in 0..50 {
        let values = tables.variances(60.0, 40);
        let last = 12 + trial as usize * 5 / 4;
        tables.trial("replace", "spread", trial, &values[..last.min(41)], last < 41);
        let values = tables.variances(30.0, 40);
        tables.trial("replace-curated", "spread", trial, &values[..5 + trial as usize / 4], true);
        let values = tables.variances(1000.0, 40);
        tables.trial("accumulate", "spread", trial, &values, false);
    }
    tables.draw(
        &["spread.png", "spread.svg", "survival.csv", "survival.png", "survival.svg"],
        &["alive 52 %", "none alive", "mean over survivors only"],
        &["alive 100 %"],
    );
}

#[test]
fn infinite_values_and_metrics_without_values() {
    let mut tables = Tables::new("infinite");
    for trial in 0..21 {
        let mut values: Vec<f64> = (0..=15).map(|t| 0.1 * f64::from(t)).collect();
        for value in values.iter_mut().skip(1) {
            *value += tables.noise(0.0, 0.05);
        }
        let finite_until = 5 + trial as usize / 2;
        for value in values.iter_mut().skip(finite_until) {
            *value = f64::INFINITY;
        }
        tables.trial("replace", "kl", trial, &values, false);
        tables.trial("window-2", "kl", trial, &values, false);
        let mut values: Vec<f64> = (0..=15).map(|_| tables.noise(0.3, 0.05)).collect();
        values[0] = 0.0;
        tables.trial("accumulate", "kl", trial, &values, false);
    }
    let nothing =
        Measurement { metric: "entropy".into(), value: None, ..tables.measurements[0].clone() };
    tables.measurements.push(nothing);
    let drawing = tables.draw(
        &["kl.png", "kl.svg"],
        &["median infinite", "mean infinite", "world = 0"],
        &["NaN"],
    );
    // Two more trials a generation are infinite from the fifth on: with them the mean, and from the
    // tenth on the median of 21. An arrow head each; those in the key have no arm's colour.
    let arrows = |colour: &str| {
        let heads = shapes(&drawing, &["<polygon opacity=\"1\"", colour]);
        assert!(heads.iter().all(|head| head.len() == 3 && head[2].1 < head[0].1), "they point up");
        heads.len()
    };
    assert_eq!(["#0072B2", "#80B9D9"].map(arrows), [6, 5]);
    assert_eq!(["#D55E00", "#EAAF80", "#009E73"].map(arrows), [6, 5, 0]);
}

#[test]
fn coinciding_arms_of_one_trial_and_one_generation() {
    let mut tables = Tables::new("coincide");
    for arm in ["replace", "window-1", "retain-0"] {
        tables.trial(arm, "modes", 0, &[1.0, 0.875, 0.75, 0.75, 0.5], false);
    }
    tables.draw(&["modes.png", "modes.svg"], &["the one trial", "window-1"], &["mean"]);
    let mut tables = Tables::new("one-generation");
    for trial in 0..20 {
        for (arm, centre) in [("replace", 0.9), ("accumulate", 0.93)] {
            let value = tables.noise(centre, 0.05);
            tables.trial(arm, "spread", trial, &[1.0, value], false);
        }
    }
    tables.draw(&SPREAD, &["median of 20 trials"], &[]);
}

#[test]
fn constant_values() {
    let mut tables = Tables::new("constant");
    for trial in 0..5 {
        tables.trial("augment", "support", trial, &[1.0; 11], false);
    }
    tables.draw(&["support.png", "support.svg"], &["median of 5 trials"], &["mean", "5–95 %"]);
}

#[test]
fn distances_over_decades_from_a_world_at_zero_and_two_worlds() {
    let mut tables = Tables::new("distances");
    for trial in 0..30 {
        for (arm, rate, world) in [("gaussian", 0.4, 0.0), ("mixture", 0.2, 0.0)] {
            let mut values = vec![world];
            for generation in 1..=25 {
                values.push((-6.0 + rate * f64::from(generation) + tables.noise(0.0, 0.5)).exp());
            }
            tables.trial(arm, "frechet", trial, &values, false);
        }
    }
    tables.draw(&["frechet.png", "frechet.svg"], &["world = 0", "0.001"], &[]);
    let mut tables = Tables::new("two-worlds");
    for trial in 0..30 {
        for (arm, world) in [("a world of ring, d = 2, eight modes, far apart", 3.0), ("grid", 4.0)]
        {
            let mut values = vec![world];
            for _ in 1..=10 {
                values.push(world + tables.noise(-0.3, 0.2));
            }
            tables.trial(arm, "entropy", trial, &values, false);
        }
    }
    tables.draw(&["entropy.png", "entropy.svg"], &["world of each arm"], &[">\nworld\n"]);
}

#[test]
fn a_sweep_of_many_cells() {
    let mut tables = Tables::new("sweep");
    let sizes = [10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 1000];
    let mut rows = Vec::new();
    for size in sizes {
        rows.push(vec![format!("cell-{size}"), "replace".into(), size.to_string()]);
        for trial in 0..25 {
            let values = tables.variances(f64::from(size), 50);
            tables.trial(&size.to_string(), "spread", trial, &values, false);
        }
    }
    let header = ["cell", "arm", "offspring"].map(String::from);
    write_records(&tables.dir, "cells", &header, &rows).unwrap();
    tables.measurements.iter_mut().for_each(|row| row.arm = "replace".into());
    tables.outcomes.iter_mut().for_each(|row| row.arm = "replace".into());
    tables.draw(
        &["against-spread.png", "against-spread.svg", "spread.png", "spread.svg"],
        &["offspring=1000", "offspring=10\n", "95 % interval of the median"],
        &["5–95 %", "mean"],
    );
}
