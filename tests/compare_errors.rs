//! How often the whole procedure errs, and how often it finds: sign flips and Holm on simulated tables.

use model_collapse::analysis::comparison::detectable::detectable;
use model_collapse::analysis::comparison::holm::holm;
use model_collapse::analysis::comparison::sign_flip::sign_flip;
use model_collapse::analysis::comparison::{bca::Bootstrap, difference};
use model_collapse::stream::{Role, Stream, stream};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{Beta, ContinuousCDF};

const REPEATS: usize = 2000;
const ARMS: usize = 3;
const METRICS: usize = 2;
const RESAMPLES: usize = 1999;

/// The loss of one lineage: what its trial shares with those of other arms, and its own noise.
type Law = fn(shared: f64, rng: &mut Stream) -> f64;

const LAWS: [(&str, Law); 4] = [
    ("normal", |shared, rng| shared + normal(rng)),
    ("log-normal", |shared, rng| (0.5 * shared + 1.5 * normal(rng)).exp()),
    ("tied", |shared, rng| ((shared + normal(rng)) * 1.5).round() / 8.0),
    ("with extinctions", |shared, rng| {
        let dies = rng.random::<f64>() < if shared > 0.0 { 0.35 } else { 0.05 };
        if dies { f64::INFINITY } else { shared + normal(rng) }
    }),
];

fn normal(rng: &mut Stream) -> f64 {
    StandardNormal.sample(rng)
}

/// The paired differences of every line of a table; arm 1 is worse by `shift`.
fn table(law: Law, trials: usize, shift: f64, rng: &mut Stream) -> Vec<Vec<f64>> {
    let mut lines = vec![Vec::new(); ARMS * METRICS];
    for _ in 0..trials {
        for metric in 0..METRICS {
            let shared = normal(rng);
            let baseline = law(shared, rng);
            for arm in 0..ARMS {
                let own = law(shared, rng) + if arm == 0 { shift } else { 0.0 };
                lines[arm * METRICS + metric].push(difference(own, baseline));
            }
        }
    }
    lines
}

fn adjusted(lines: &[Vec<f64>], rng: &mut Stream) -> Vec<f64> {
    let p = lines.iter().map(|line| sign_flip(line, RESAMPLES, rng).expect("differences"));
    holm(&p.collect::<Vec<_>>())
}

/// The upper 95 % confidence limit of a share (Clopper & Pearson, 1934).
fn upper_limit(hits: usize, of: usize) -> f64 {
    Beta::new(hits as f64 + 1.0, (of - hits) as f64).expect("shapes").inverse_cdf(0.95)
}

#[test]
fn of_tables_equal_in_law_at_most_five_in_a_hundred_have_a_false_finding() {
    for (name, law) in LAWS {
        for trials in [12, 25] {
            let mut rng = stream(20, trials as u32, 0, Role::compare(name));
            let errs = |_: &usize| {
                let lines = table(law, trials, 0.0, &mut rng);
                adjusted(&lines, &mut rng).iter().any(|p| *p <= 0.05)
            };
            let errors = (0..REPEATS).filter(errs).count();
            let (share, limit) = (errors as f64 / REPEATS as f64, upper_limit(errors, REPEATS));
            println!(
                "{name}, {trials} trials: {:.2} %, at most {:.2} %",
                share * 100.0,
                limit * 100.0
            );
            assert!(limit <= 0.05, "{name}, {trials} trials: {share} ≤ {limit}");
        }
    }
}

#[test]
fn a_shift_is_found_and_nothing_else_is() {
    let mut rng = stream(21, 0, 0, Role::compare("power"));
    let (repeats, trials) = (400, 40);
    let (mut found, mut false_findings) = (0, 0);
    for _ in 0..repeats {
        let p = adjusted(&table(LAWS[0].1, trials, 1.3, &mut rng), &mut rng);
        found += p[..METRICS].iter().filter(|p| **p <= 0.05).count();
        false_findings += usize::from(p[METRICS..].iter().any(|p| *p <= 0.05));
    }
    let power = found as f64 / (repeats * METRICS) as f64;
    println!(
        "a shift of 0.92 standard deviations in {trials} trials: found in {:.1} %",
        power * 100.0
    );
    assert!(power > 0.85, "{power}");
    assert!(upper_limit(false_findings, repeats) < 0.08, "{false_findings}");
}

#[test]
fn the_smallest_detectable_effect_is_found_four_times_in_five() {
    let (trials, repeats) = (30, 500);
    let mut rng = stream(22, 0, 0, Role::compare("detectable"));
    let noise = |rng: &mut Stream| (0..trials).map(|_| 2.0 * normal(rng)).collect::<Vec<f64>>();
    let mut effects: Vec<f64> = (0..41)
        .map(|_| detectable(&noise(&mut rng), 0.05, &mut rng.clone()).expect("an effect"))
        .collect();
    effects.sort_by(f64::total_cmp);
    let effect = effects[20];
    let finds = |_: &usize| {
        let shifted: Vec<f64> = noise(&mut rng).iter().map(|d| d + effect).collect();
        sign_flip(&shifted, RESAMPLES, &mut rng).expect("differences") <= 0.05
    };
    let power = (0..repeats).filter(finds).count() as f64 / repeats as f64;
    println!("{effect:.3} in {trials} trials of sd 2: found in {:.1} %", power * 100.0);
    assert!((power - 0.8).abs() < 0.08, "{power}");
}

#[test]
fn intervals_of_the_median_cover_it() {
    let mut rng = stream(23, 0, 0, Role::compare("cover"));
    let (trials, repeats) = (40, 1000);
    let covers = |_: &usize| {
        let values: Vec<f64> = (0..trials).map(|_| normal(&mut rng).exp()).collect();
        let bootstrap = Bootstrap::of(&values, 999, &mut rng).expect("a bootstrap");
        let (low, high) = bootstrap.of_median(0.05);
        low <= 1.0 && 1.0 <= high
    };
    let share = (0..repeats).filter(covers).count() as f64 / repeats as f64;
    println!("BCa intervals of the median of a log-normal cover in {:.1} %", share * 100.0);
    assert!(share > 0.91, "{share}");
}
