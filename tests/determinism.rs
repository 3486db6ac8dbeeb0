//! Same file, same bytes: on any number of threads, whatever is added beside it.

mod common;

use common::{Results, run, run_on};

const BASE: &str = r#"
seed = 11
trials = 6
generations = 5
founders = 30
evaluation = 40
"#;

const POINTS: &str = r#"
metrics = ["spread", "mean-shift", "energy", { tail-mass = { of = "offspring" } }]
[world.blobs]
[model.mixture]
components = 3
[arms.replace.regime.replace]
[arms.subsample.regime.subsample]
[arms.fresh.regime.fresh]
real = 10
"#;

const TOKENS: &str = r#"
metrics = ["heterozygosity", "support", "kl"]
curation = [{ likeliest = { keep = 0.8 } }]
[world.zipf]
types = 50
[model.categorical]
[arms.retain.regime.retain]
fraction = 0.2
[arms.decay.regime.decay]
"#;

fn bytes(results: &Results) -> Vec<String> {
    let tables = ["cells", "measurements", "outcomes", "theory", "composition"];
    tables.iter().map(|table| results.text(table)).collect()
}

#[test]
fn one_two_and_four_threads_give_the_same_bytes() {
    for space in [POINTS, TOKENS] {
        let text = format!("{BASE}{space}");
        let one = bytes(&run_on(1, &text));
        assert_eq!(one, bytes(&run_on(2, &text)));
        assert_eq!(one, bytes(&run_on(4, &text)));
    }
}

#[test]
fn another_seed_gives_other_numbers() {
    let results = |space: &str| {
        let text = format!("{BASE}{space}");
        let other = run(&text.replace("seed = 11", "seed = 12"));
        (run(&text), other)
    };
    // The tables name their cells by a hash of the seed: only the numbers themselves can tell.
    let differ = |(one, other): &(Results, Results), arm, generation, metric| {
        let values = |results: &Results| results.values(arm, generation, metric);
        let pairs: Vec<_> = values(one).into_iter().zip(values(other)).collect();
        assert_eq!(pairs.len(), 6, "{metric} of {arm}");
        assert!(pairs.iter().all(|(a, b)| a != b), "{metric} of {arm} at {generation}: {pairs:?}");
    };
    let points = POINTS.replace("\"energy\"", "\"cross-entropy\", \"entropy\"");
    let (points, tokens) = (results(&points), results(TOKENS));
    // Held-out points alone, those alone that stand for the world, the founders, and what follows.
    differ(&points, "replace", 0, "cross-entropy");
    differ(&points, "replace", 0, "entropy");
    for arm in ["retain", "decay"] {
        differ(&tokens, arm, 1, "heterozygosity");
        differ(&tokens, arm, 5, "heterozygosity");
    }
    for arm in ["replace", "subsample", "fresh"] {
        differ(&points, arm, 1, "spread");
        differ(&points, arm, 5, "spread");
    }
}

#[test]
fn another_metric_disturbs_nothing() {
    let few = run(&format!("{BASE}{POINTS}"));
    let more =
        POINTS.replace("\"energy\"", "\"energy\", \"mmd\", \"recall\", \"sliced-wasserstein\"");
    let more = run(&format!("{BASE}{more}"));
    for metric in ["spread", "energy", "tail-mass(of=offspring)"] {
        for arm in ["replace", "subsample", "fresh"] {
            assert!(!few.values(arm, 5, metric).is_empty(), "{metric} of {arm} was measured");
            assert_eq!(
                few.values(arm, 5, metric),
                more.values(arm, 5, metric),
                "{metric} of {arm}"
            );
        }
    }
}

#[test]
fn more_generations_and_more_trials_only_append() {
    // Every metric of an arm at a generation, trial after trial.
    let rows = |results: &Results, arm: &str, generation: u32, trials: u32| {
        let here = results.measurements.iter();
        let here =
            here.filter(|row| row.arm == arm && row.generation == generation && row.trial < trials);
        here.map(|row| (row.metric.to_string(), row.trial, row.value)).collect::<Vec<_>>()
    };
    for (space, arms, metrics) in
        [(POINTS, &["replace", "subsample", "fresh"][..], 4), (TOKENS, &["retain", "decay"], 3)]
    {
        let text = format!("{BASE}{space}");
        let short = run(&text);
        let text = text.replace("generations = 5", "generations = 8");
        let long = run(&text.replace("trials = 6", "trials = 9"));
        for (arm, generation) in arms.iter().flat_map(|arm| (0..=5).map(move |t| (arm, t))) {
            let few = rows(&short, arm, generation, 6);
            assert_eq!(few.len(), 6 * metrics, "{arm} at {generation}");
            assert_eq!(few, rows(&long, arm, generation, 6), "{arm} at {generation}");
            assert_eq!(rows(&long, arm, generation, 9).len(), 9 * metrics);
            // Numbers that cannot move show nothing.
            let moving = |metric: &str| {
                let values = short.values(arm, generation, metric);
                values.len() == 6 && values[0] != values[1]
            };
            let metric = if space == POINTS { "energy" } else { "heterozygosity" };
            assert!(moving(metric) || (generation == 0 && space == TOKENS), "{arm}");
        }
    }
}

#[test]
fn arms_share_generation_one() {
    let results = run(&format!("{BASE}{POINTS}"));
    for metric in ["spread", "mean-shift", "energy"] {
        let first = results.values("replace", 1, metric);
        assert_eq!(first, results.values("subsample", 1, metric));
        assert_eq!(first, results.values("fresh", 1, metric));
        assert_ne!(first, results.values("replace", 2, metric));
    }
}

#[test]
fn the_order_of_arms_moves_no_number() {
    let forward = run(&format!("{BASE}{TOKENS}"));
    let (head, arms) = TOKENS.split_once("[arms.retain").expect("arms");
    let (first, second) = arms.split_once("[arms.decay").expect("two arms");
    let backward = run(&format!("{BASE}{head}[arms.decay{second}[arms.retain{first}"));
    assert_eq!(forward.text("measurements"), backward.text("measurements"));
}
