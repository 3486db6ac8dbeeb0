//! Generations that are drawn as sufficient statistics have the law of those that are drawn sample by
//! sample; what needs single samples is refused.

mod common;

use common::{Results, agrees, mean, run, run_on};
use model_collapse::analysis::summary::summarise;
use model_collapse::experiment::{Document, read};
use model_collapse::theory::categorical::fixation_time;
use std::path::PathBuf;

/// Kolmogorov's distance of two samples, times √(nm / (n + m)).
fn kolmogorov(mut a: Vec<f64>, mut b: Vec<f64>) -> f64 {
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    let (n, m) = (a.len() as f64, b.len() as f64);
    let below = |all: &[f64], x: f64| all.partition_point(|y| *y <= x) as f64;
    let apart = a.iter().chain(&b).map(|x| (below(&a, *x) / n - below(&b, *x) / m).abs());
    apart.fold(0.0, f64::max) * (n * m / (n + m)).sqrt()
}

/// Distances that equal laws pass once in 30,000 times: 2·e^(−2x²).
const FAR: f64 = 2.35;

/// Both ways of drawing give readings of one law, at every measured generation.
fn one_law(
    sizes: &str,
    metrics: &[&str],
    entries: &str,
    regimes: &[&str],
    transform: fn(f64) -> f64,
) {
    let listed =
        metrics.iter().map(|metric| format!("\"{metric}\"")).collect::<Vec<_>>().join(", ");
    let arms: String =
        (0..).zip(regimes).map(|(i, r)| format!("[arms.a{i}.regime.{r}\n")).collect();
    let of = |seed: u32, samples: &str| {
        run(&format!(
            "seed = {seed}\nsamples = \"{samples}\"\ntrials = 1500\ngenerations = 12\nevaluation = 2\n\
             measure = {{ every = 4 }}\nmetrics = [{listed}]\n{sizes}\n{entries}\n{arms}"
        ))
    };
    let (drawn, statistics) = (of(31, "drawn"), of(32, "statistics"));
    for (i, regime) in regimes.iter().enumerate() {
        for metric in metrics {
            for t in [4, 8, 12] {
                let what = format!("{metric} under {regime} at {t}: {entries}");
                let values = |results: &Results| -> Vec<f64> {
                    let values = results.values(&format!("a{i}"), t, metric);
                    values.into_iter().map(transform).collect()
                };
                let (a, b) = (values(&drawn), values(&statistics));
                assert_eq!((a.len(), b.len()), (1500, 1500), "{what}");
                let ((mean_a, error_a), (mean_b, error_b)) = (mean(&a), mean(&b));
                let z = (mean_a - mean_b) / error_a.hypot(error_b);
                assert!(z.abs() < 4.0, "{what}: {mean_a} ± {error_a} and {mean_b} ± {error_b}");
                let distance = kolmogorov(a, b);
                assert!(distance < FAR, "{what}: {distance}");
            }
        }
    }
}

const WHOLE: [&str; 7] = [
    "replace]",
    "accumulate]",
    "augment]",
    "fresh]\nreal = 5",
    "weighted]\nreal = 5",
    "window]\ngenerations = 2",
    "decay]",
];

#[test]
fn a_normal_has_one_law_however_its_generations_are_drawn() {
    let (metrics, sizes) = (["spread", "mean-shift"], "founders = 12\noffspring = 9");
    one_law(sizes, &metrics, "[world.normal]\n[model.gaussian]", &WHOLE, f64::ln);
    let entries = "[world.normal]\ndimension = 3\n[model.gaussian]\nvariance = \"unbiased\"\nsampling-bias = 0.9";
    let metrics = ["spread", "mean-shift", "generalized-variance"];
    one_law(sizes, &metrics, entries, &WHOLE[..3], f64::ln);
}

#[test]
fn a_mixture_of_normals_founds_lineages_of_one_law() {
    let entries = "[world.ring]\nmodes = 3\n[model.gaussian]\ncovariance = \"diagonal\"";
    one_law("founders = 4", &["spread", "mean-shift"], entries, &WHOLE[..2], f64::ln);
}

#[test]
fn types_have_one_law_however_their_generations_are_drawn() {
    let metrics = ["heterozygosity", "support", "total-variation"];
    let entries = "[world.zipf]\ntypes = 15\n[model.categorical]";
    one_law("founders = 40\noffspring = 30", &metrics, entries, &WHOLE, |x| x);
}

#[test]
fn a_million_samples_cost_nothing_and_follow_the_closed_forms() {
    let text = |variance: &str| {
        format!(
            "samples = \"statistics\"\ntrials = 400\ngenerations = 100\nfounders = 1000000\n\
             measure = {{ every = 100 }}\nmetrics = [\"spread\", \"mean-shift\"]\n\
             [world.normal]\n[model.gaussian]\nvariance = \"{variance}\"\n"
        )
    };
    let n = 1e6_f64;
    for (variance, shrinks) in [("biased", (1.0 - 1.0 / n).powi(100)), ("unbiased", 1.0)] {
        let results = run(&text(variance));
        let spread = results.values("base", 100, "spread");
        agrees(&spread, shrinks, "E σ²");
        let square: Vec<f64> = spread.iter().map(|s| (s - shrinks).powi(2)).collect();
        // A product of 100 factors χ²/n: its variance is nearly 100·2/n.
        agrees(&square, 200.0 / n, "Var σ²");
        agrees(&results.values("base", 100, "mean-shift"), 100.0 / n, "E μ²");
    }
}

#[test]
fn augmented_statistics_follow_their_recursion() {
    let (real, synthetic) = (20.0, 80.0);
    let results =
        run("seed = 5\nsamples = \"statistics\"\ntrials = 6000\ngenerations = 20\nfounders = 20\n\
         offspring = 80\nmeasure = { every = 20 }\nmetrics = [\"spread\"]\n[world.normal]\n\
         [model.gaussian]\n[regime.augment]\n");
    let (b, a, q) = (synthetic / 100.0, real / 100.0, 1.0 / synthetic);
    // In units of the founders' own variance, which is 1 − 1/20 on average.
    let (mut shift, mut variance) = (0.0, 1.0);
    for _ in 1..20 {
        let next = a + b * variance * (1.0 - q) + a * b * (shift + q * variance);
        shift = b * b * (shift + q * variance);
        variance = next;
    }
    agrees(&results.values("base", 20, "spread"), variance * (1.0 - 1.0 / real), "E σ²");
}

/// The trials of an arm that were absorbed, and when.
fn absorbed(results: &Results) -> Vec<f64> {
    let absorbed = results.outcomes.iter().filter(|row| row.outcome == "absorbed");
    absorbed.map(|row| f64::from(row.generation.expect("since when"))).collect()
}

const FIXATION: &str = "founders = 50\ntrials = 600\ngenerations = 2000\nstop = \"absorbed\"\n\
     measure = { every = 500 }\nmetrics = [\"heterozygosity\", \"support\"]\nevaluation = 2\n\
     [world.categorical]\ntypes = 4\n[model.categorical]\n";

#[test]
fn lineages_are_absorbed_at_the_mean_time_to_fixation_in_both_ways_of_drawing() {
    let mut both = Vec::new();
    for samples in ["drawn", "statistics"] {
        let results = run(&format!("samples = \"{samples}\"\n{FIXATION}"));
        let times = absorbed(&results);
        assert_eq!(times.len(), 600, "all of them within 2000 generations");
        // The diffusion's time is 3 to 4 % too long for n = 50.
        let (time, _) = mean(&times);
        let expected = fixation_time(&[0.25; 4], 50);
        assert!((time / expected - 1.0).abs() < 0.12, "{samples}: {time} is not {expected}");
        // What was read then stands for all later generations.
        for (metric, last) in [("heterozygosity", 0.0), ("support", 0.25)] {
            assert_eq!(results.values("base", 2000, metric), vec![last; 600]);
        }
        both.push(times);
    }
    assert!(kolmogorov(both.remove(0), both.remove(0)) < FAR);
}

#[test]
fn heterozygosity_falls_as_it_should_whether_or_not_lineages_stop() {
    let text = FIXATION.replace("every = 500", "every = 40").replace("2000", "200");
    let results = run(&format!("seed = 3\nsamples = \"statistics\"\n{text}"));
    for t in [40, 80, 200] {
        let expected = 0.75 * (1.0 - 1.0 / 50.0_f64).powi(t);
        agrees(&results.values("base", t as u32, "heterozygosity"), expected, "E H");
    }
}

#[test]
fn a_normal_without_variance_and_a_rate_of_zero_are_absorbed() {
    let normal = "founders = 1\ntrials = 3\ngenerations = 9\nstop = \"absorbed\"\nmetrics = [\"spread\"]\n\
         [world.normal]\n[model.gaussian]\n";
    for samples in ["drawn", "statistics"] {
        let results = run(&format!("samples = \"{samples}\"\n{normal}"));
        assert_eq!(absorbed(&results), [1.0; 3]);
        assert_eq!(results.values("base", 9, "spread"), [0.0; 3]);
    }
    let results = run("founders = 5\ntrials = 50\ngenerations = 60\nstop = \"absorbed\"\n\
         metrics = [\"spread\"]\n[world.poisson]\nrate = 1.0\n[model.poisson]\n");
    let gone = absorbed(&results).len();
    assert!(gone > 25, "{gone} of 50 rates are 0");
    let zero = results.values("base", 60, "spread").iter().filter(|s| **s == 0.0).count();
    assert_eq!(zero, gone);
}

#[test]
fn an_absorbed_lineage_counts_as_alive() {
    let results = run(&format!("samples = \"statistics\"\n{FIXATION}"));
    let summary = summarise(&results.measurements, &results.outcomes);
    let last = summary.into_iter().filter(|row| row.generation == 2000);
    assert!(last.map(|row| (row.trials, row.alive)).all(|counts| counts == (600, 600)));
}

#[test]
fn more_generations_go_on_from_an_absorbed_lineage() {
    let text = |last: &str| format!("samples = \"statistics\"\n{}", FIXATION.replace("2000", last));
    let whole = run(&text("2000"));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("experiments/test.toml");
    let folder = tempfile::tempdir().expect("a folder");
    for last in ["500", "2000"] {
        let study = read(Document::new(&path, text(last))).unwrap_or_else(|e| panic!("{e}"));
        study.run(folder.path(), 2, &|_| ()).expect("a run");
    }
    for table in ["measurements", "outcomes", "composition"] {
        let now = std::fs::read_to_string(folder.path().join(format!("{table}.csv")));
        assert_eq!(now.expect("a table"), whole.text(table), "{table}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let text = "samples = \"statistics\"\ntrials = 9\ngenerations = 30\nfounders = 5000\n\
         [world.normal]\ndimension = 2\n[model.gaussian]\n[arms.a.regime.replace]\n\
         [arms.b.regime.accumulate]\n[arms.c.regime.weighted]\n";
    let one = run_on(1, text);
    for threads in [2, 5] {
        let other = run_on(threads, text);
        for table in ["measurements", "outcomes", "composition", "budget"] {
            assert_eq!(one.text(table), other.text(table), "{table} on {threads} threads");
        }
    }
}

fn refusal(text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("experiments/test.toml");
    match read(Document::new(path, text)) {
        Ok(_) => panic!("this is not refused:\n{text}"),
        Err(complaint) => format!("{} | {}", complaint.message, complaint.help.unwrap_or_default()),
    }
}

#[test]
fn what_needs_single_samples_is_refused_with_what_is_possible() {
    let of = |world: &str, model: &str, more: &str| {
        let quoted = format!("\"{world}\"");
        let world = if world.starts_with('{') { world } else { &quoted };
        refusal(&format!("samples = \"statistics\"\n{more}\nworld = {world}\nmodel = \"{model}\""))
    };
    let cases = [
        (
            of("{ blobs = { labels = true } }", "gaussian", ""),
            "the statistics of points say nothing of their labels",
            "leave `labels` out",
        ),
        (of("moons", "gaussian", ""), "world `moons` needs samples", "there are: normal, ring"),
        (
            of("normal", "kde", ""),
            "model `kde` needs samples",
            "there are: gaussian; or draw samples",
        ),
        (of("zipf", "ngram", ""), "model `ngram` needs samples", "categorical; or draw samples"),
        (of("normal", "gaussian", "metrics = [\"mmd\"]"), "metric `mmd` needs samples", "spread"),
        (
            of("normal", "gaussian", "curation = [\"noise\"]"),
            "curators need samples",
            "leave `curation` out",
        ),
        (
            of("normal", "gaussian", "regime = \"subsample\""),
            "generation 2 takes 500 of the 1000 samples of the pool",
            "choose one of replace, accumulate, augment, fresh, window, weighted, decay; or draw samples",
        ),
        (
            of("normal", "gaussian", "regime = { augment = { synthetic = 100 } }"),
            "generation 2 takes 100 of the 500 samples of the offspring",
            "draw samples",
        ),
        (
            of("normal", "gaussian", "sweep = { samples = [\"statistics\", \"drawn\"] }"),
            "some cells draw samples and others statistics",
            "a file of its own",
        ),
    ];
    for (said, message, help) in cases {
        assert!(said.contains(message) && said.contains(help), "{said}");
    }
}

#[test]
fn a_regime_that_never_stands_still_cannot_stop_absorbed() {
    let of = |more: &str| {
        refusal(&format!("stop = \"absorbed\"\n{more}\nworld = \"normal\"\nmodel = \"gaussian\""))
    };
    let said = of("regime = \"accumulate\"");
    assert!(said.contains("generation 2 also trains on the pool"), "{said}");
    assert!(said.contains("choose the regime replace"), "{said}");
    assert!(of("regime = \"window\"\ngenerations = 5").contains("older offspring"));
    assert!(of("curation = [\"noise\"]").contains("curators may change what is left"));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("experiments/test.toml");
    let window = "stop = \"absorbed\"\nworld = \"normal\"\nmodel = \"gaussian\"\n\
         [regime.window]\ngenerations = 1\n";
    assert!(read(Document::new(path, window)).is_ok());
}
