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
    let text = format!("{BASE}{TOKENS}");
    let other = text.replace("seed = 11", "seed = 12");
    // The tables name their cells by a hash of the seed: only the numbers themselves can tell.
    let numbers = |text: &str| run(text).values("retain", 5, "heterozygosity");
    assert_ne!(numbers(&text), numbers(&other));
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
    let short = run(&format!("{BASE}{TOKENS}"));
    let text = format!("{BASE}{TOKENS}").replace("generations = 5", "generations = 8");
    let long = run(&text.replace("trials = 6", "trials = 9"));
    for generation in 0..=5 {
        let of = |results: &Results| results.values("decay", generation, "heterozygosity");
        let (few, many) = (of(&short), of(&long));
        assert_eq!((few.len(), many.len()), (6, 9));
        assert_eq!(few, many[..6]);
        assert!(generation == 0 || few[0] != few[1], "numbers that cannot move show nothing");
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
