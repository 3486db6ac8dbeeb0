//! The program as its users meet it: what it prints, what it writes, and how it refuses.

mod common;

use common::place::{Place, contains};
use std::fs;

const GOOD: &str = r#"question = "Does the variance shrink?"
seed = 3
trials = 4
generations = 3
founders = 20
evaluation = 30
metrics = ["spread", "mean-shift"]

[world.normal]

[model.gaussian]

[regime.replace]
"#;

#[test]
fn a_run_writes_every_table_and_a_picture_for_each_metric() {
    let place = Place::new();
    place.write("a.toml", GOOD);
    let (code, out, err) = place.collapse(&["run", "a.toml", "--jobs", "1"]);
    assert_eq!(code, 0, "{err}");
    contains(&out, &["spread", "mean-shift", "4/4"]);
    contains(&err, &["Does the variance shrink?", "4 survived"]);
    let results = place.path().join("results/a");
    let tables = ["cells", "measurements", "summary", "theory", "composition", "outcomes"];
    for table in tables {
        assert!(results.join(format!("{table}.csv")).is_file(), "{table}");
    }
    for file in ["experiment.toml", "provenance.json", "figures/spread.svg", "figures/spread.png"] {
        assert!(results.join(file).is_file(), "{file}");
    }
    let header = fs::read_to_string(results.join("measurements.csv")).expect("a table");
    let header = header.lines().next().expect("a header");
    assert_eq!(header, "cell,arm,trial,generation,metric,value,standard_error");
    let samples = fs::read_dir(results.join("samples")).expect("samples").count();
    assert_eq!(samples, 1);
}

#[test]
fn jobs_do_not_change_a_byte() {
    let place = Place::new();
    place.write("a.toml", GOOD);
    let read = |out: &str, jobs: &str| {
        assert_eq!(place.collapse(&["run", "a.toml", "--out", out, "--jobs", jobs]).0, 0);
        let read = |name: &str| fs::read(place.path().join(out).join("a").join(name)).expect("it");
        ["measurements.csv", "summary.csv", "figures/spread.svg", "figures/spread.png"].map(read)
    };
    assert_eq!(read("one", "1"), read("three", "3"));
}

#[test]
fn a_second_run_replaces_the_first_only_after_it_succeeded() {
    let place = Place::new();
    place.write("a.toml", GOOD);
    assert_eq!(place.collapse(&["run", "a.toml"]).0, 0);
    let table = place.path().join("results/a/measurements.csv");
    let before = fs::read(&table).expect("a table");
    place.write("a.toml", &GOOD.replace("trials = 4", "trials = 0"));
    assert_eq!(place.collapse(&["run", "a.toml"]).0, 2);
    assert_eq!(fs::read(&table).expect("still there"), before);
    place.write("a.toml", &GOOD.replace("trials = 4", "trials = 5"));
    assert_eq!(place.collapse(&["run", "a.toml"]).0, 0);
    assert_ne!(fs::read(&table).expect("a new one"), before);
    let left = fs::read_dir(place.path().join("results")).expect("a folder").count();
    assert_eq!(left, 1, "no half-written folders stay behind");
}

#[test]
fn a_folder_of_somebody_else_is_never_replaced() {
    let place = Place::new();
    place.write("a.toml", GOOD);
    fs::create_dir_all(place.path().join("results/a")).expect("a folder");
    place.write("results/a/thesis.txt", "years of work");
    let (code, _, message) = place.collapse(&["run", "a.toml"]);
    assert_eq!(code, 2);
    contains(&message, &["results/a"]);
    assert!(place.path().join("results/a/thesis.txt").is_file());
}

#[test]
fn an_unknown_key_is_refused_with_its_place_and_the_nearest_name() {
    let message = Place::new().refused(&GOOD.replace("trials", "trails"));
    contains(&message, &["a.toml:3:1", "unknown key `trails`", "did you mean `trials`", "──"]);
    let message = Place::new().refused(&GOOD.replace("[world.normal]", "[world.normal]\nmeen = 1"));
    contains(&message, &["a.toml:10:1", "meen", "`mean`"]);
}

#[test]
fn a_misspelt_regime_is_refused_with_the_list() {
    let message = Place::new().refused(&GOOD.replace("regime.replace", "regime.repalce"));
    contains(
        &message,
        &["a.toml:13:9", "repalce", "did you mean `replace`", "accumulate, subsample"],
    );
}

#[test]
fn a_value_out_of_bounds_is_refused_with_the_bounds() {
    let text = GOOD.replace("[regime.replace]", "[regime.retain]\nfraction = 1.3");
    let message = Place::new().refused(&text);
    contains(&message, &["a.toml:14:12", "1.3", "between 0 and 1"]);
    let message = Place::new().refused(&GOOD.replace("trials = 4", "trials = 0"));
    contains(&message, &["a.toml:3:10", "at least 1, got 0"]);
}

#[test]
fn a_recipe_that_cannot_be_filled_is_refused_when_the_file_is_read() {
    let text = GOOD.replace("founders = 20", "founders = 20\noffspring = 500");
    let text = text.replace("[regime.replace]", "[regime.retain]\nfraction = 0.5");
    let message = Place::new().refused(&text);
    contains(&message, &["a.toml:14:9", "250 samples of the founders", "there are 20"]);
}

#[test]
fn files_that_are_not_there_or_not_readable_are_refused() {
    let place = Place::new();
    fs::create_dir(place.path().join("folder")).expect("a folder");
    for (name, part) in [("nowhere.toml", "cannot read"), ("folder", "is a directory")] {
        let (code, _, message) = place.collapse(&["run", name]);
        assert_eq!(code, 2);
        contains(&message, &[name, part]);
    }
    let message = place.refused("trials = ");
    contains(&message, &["a.toml:1:10"]);
    place.write("b.toml", GOOD);
    let (code, _, message) = place.collapse(&["run", "b.toml", "nowhere.toml"]);
    assert_eq!(code, 2, "{message}");
    assert!(!place.path().join("results").exists(), "every file is checked before the first runs");
}

#[test]
fn a_table_that_does_not_hold_numbers_is_refused() {
    let place = Place::new();
    let text = GOOD.replace("[world.normal]", "[world.table]\npath = \"d.csv\"");
    contains(&place.refused(&text), &["d.csv", "a.toml:10:"]);
    place.write("d.csv", "x,y\n1,2\n3,apple\n");
    contains(&place.refused(&text), &["d.csv", "line 3", "apple"]);
    place.write("d.csv", "x,y\n1,2\n3,NaN\n");
    contains(&place.refused(&text), &["d.csv", "line 3", "NaN"]);
    place.write("d.csv", "x,y\n1,2\n3,4\n");
    contains(&place.refused(&text), &["2 samples", "20 founders", "reuse = true"]);
}

#[test]
fn a_model_of_the_other_space_is_refused() {
    let message = Place::new().refused(&GOOD.replace("model.gaussian", "model.categorical"));
    contains(&message, &["a.toml:11:8", "lives on tokens", "makes points", "gaussian"]);
}

#[test]
fn a_huge_request_is_refused_with_its_memory() {
    let text = GOOD.replace("founders = 20", "founders = 1000000000");
    let text = text.replace("[world.normal]", "[world.normal]\ndimension = 10000");
    let message = Place::new().refused(&text);
    contains(&message, &["a.toml:5", "TB of memory", "founders"]);
}

#[test]
fn a_missing_world_is_asked_for() {
    let message = Place::new().refused("trials = 3\n[model.gaussian]\n");
    contains(&message, &["a.toml", "names no world", "collapse list worlds"]);
}

#[test]
fn wrong_words_on_the_command_line_exit_with_two() {
    let place = Place::new();
    assert_eq!(place.collapse(&["fly"]).0, 2);
    assert_eq!(place.collapse(&["run"]).0, 2);
    assert_eq!(place.collapse(&["run", "a.toml", "--jobs", "0"]).0, 2);
    assert_eq!(place.collapse(&["--version"]).0, 0);
}

#[test]
fn list_names_every_kind_and_explain_knows_every_name() {
    let place = Place::new();
    let (code, all, _) = place.collapse(&["list"]);
    assert_eq!(code, 0);
    contains(&all, &["worlds", "models", "regimes", "curation", "metrics", "tail-mass", "zipf"]);
    let (_, regimes, _) = place.collapse(&["list", "regimes"]);
    assert!(regimes.contains("accumulate") && !regimes.contains("zipf"));
    for name in ["retain", "mixture", "tail-mass", "model.linear", "world.linear", "likeliest"] {
        let (code, page, _) = place.collapse(&["explain", name]);
        assert_eq!(code, 0, "{name}");
        contains(&page, &["Source:", "Not to be confused with"]);
    }
    contains(&place.collapse(&["explain", "retain"]).1, &["fraction = 0.1"]);
    let (code, _, message) = place.collapse(&["explain", "retian"]);
    assert_eq!(code, 2);
    contains(&message, &["did you mean `retain`"]);
}

#[test]
fn mitigations_are_listed_with_their_papers_and_lines() {
    let place = Place::new();
    let (code, text, _) = place.collapse(&["list", "mitigations"]);
    assert_eq!(code, 0);
    contains(&text, &["Feng et al. 2024", "regime.retain.fraction = 0.1", "confidence = 0.9"]);
    let (_, json, _) = place.collapse(&["list", "mitigations", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let verify = list.as_array().expect("a list").iter().find(|m| m["entry"] == "verify");
    assert_eq!(verify.expect("an entry")["place"], "curation");
    let (_, page, _) = place.collapse(&["explain", "noise"]);
    contains(&page, &["With the defaults:", "(8, 0.00001)-private"]);
}

#[test]
fn a_curator_that_does_not_fit_the_samples_is_refused_where_it_stands() {
    let list = "trials = 4\ncuration = [\"likeliest\", { nearest = { centre = [1, 2] } }]";
    let message = Place::new().refused(&GOOD.replace("trials = 4", list));
    contains(&message, &["a.toml:4:26", "has 2 numbers, the points have 1", "give 1 number"]);
}

#[test]
fn numbers_beyond_every_machine_are_refused_where_they_stand() {
    for n in ["4294967295", "4294967296", "9223372036854775807"] {
        for key in ["trials = 4", "generations = 3"] {
            let name = key.split(' ').next().expect("a key");
            let message = Place::new().refused(&GOOD.replace(key, &format!("{name} = {n}")));
            contains(&message, &[n, "a.toml:", "at most 10000000"]);
        }
    }
    let huge = "[regime.fresh]\nreal = 9223372036854775807";
    let message = Place::new().refused(&GOOD.replace("[regime.replace]", huge));
    contains(&message, &["a.toml:14:8", "TB of memory", "lower `real`"]);
    let text = GOOD.replace("[world.normal]", "[world.zipf]\ntypes = 1000000000");
    let text = text.replace("[model.gaussian]", "[model.categorical]");
    let text = text.replace("\"spread\", \"mean-shift\"", "\"support\"");
    contains(&Place::new().refused(&text), &["a.toml:10:9", "at most 10000000 types"]);
}

#[test]
fn a_seed_and_a_count_say_what_they_may_be() {
    for seed in ["-3", "3.5", "4294967296"] {
        let message = Place::new().refused(&GOOD.replace("seed = 3", &format!("seed = {seed}")));
        contains(&message, &["a.toml:2:8", "a whole number from 0 to 4294967295", seed]);
    }
    let message = Place::new().refused(&GOOD.replace("trials = 4", "trials = 2.5"));
    contains(&message, &["a.toml:3:10", "a whole number, at least 1, got 2.5"]);
}

#[test]
fn an_empty_list_of_metrics_is_refused() {
    let message = Place::new().refused(&GOOD.replace("\"spread\", \"mean-shift\"", ""));
    contains(&message, &["a.toml:7:11", "nothing to measure", "leave `metrics` out"]);
}

#[test]
fn an_arm_has_a_name_that_can_be_shown_and_no_arms_of_its_own() {
    for name in [r#""""#, r#"" ""#, r#""a\nb""#] {
        let arm = format!("[arms.{name}.regime.replace]");
        let message = Place::new().refused(&GOOD.replace("[regime.replace]", &arm));
        contains(&message, &["a.toml:13:7", "needs a name"]);
    }
    let message = Place::new().refused(&GOOD.replace("[regime.replace]", "[arms.a.arms.b]"));
    contains(&message, &["a.toml:13:9", "no arms of its own"]);
}

#[test]
fn two_regimes_in_one_file_are_one_too_many() {
    let message = Place::new().refused(&format!("{GOOD}[regime.retain]\n"));
    contains(&message, &["a.toml:13:2", "a regime is one name", "retain"]);
}

#[test]
fn a_tiny_quantile_is_short_in_labels_and_in_names_of_files() {
    let place = Place::new();
    let metric = "{ tail-mass = { quantile = 1e-300 } }";
    place.write("a.toml", &GOOD.replace("\"spread\", \"mean-shift\"", metric));
    let (code, out, err) = place.collapse(&["run", "a.toml"]);
    assert_eq!(code, 0, "{err}");
    contains(&out, &["tail-mass(quantile=1e-300)"]);
}

#[test]
fn curation_that_keeps_next_to_nothing_ends_lineages_and_not_the_program() {
    for keep in ["1e-9", "1e-300"] {
        let place = Place::new();
        let list = format!("trials = 4\ncuration = [{{ likeliest = {{ keep = {keep} }} }}]");
        place.write("a.toml", &GOOD.replace("trials = 4", &list));
        let (code, _, err) = place.collapse(&["run", "a.toml"]);
        assert_eq!(code, 0, "{err}");
        contains(&err, &["4 extinct, 0 failed"]);
    }
}

#[test]
fn more_threads_than_trials_are_not_started() {
    let place = Place::new();
    place.write("a.toml", GOOD);
    let started = std::time::Instant::now();
    assert_eq!(place.collapse(&["run", "a.toml", "--jobs", "4096"]).0, 0);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn results_within_results_are_refused_before_anything_runs() {
    let place = Place::new();
    fs::create_dir_all(place.path().join("experiments/sub")).expect("folders");
    place.write("experiments/sub.toml", GOOD);
    place.write("experiments/sub/b.toml", GOOD);
    let (inner, outer) = ("experiments/sub/b.toml", "experiments/sub.toml");
    for files in [[inner, outer], [outer, inner]] {
        let (code, _, message) = place.collapse(&["run", files[0], files[1]]);
        assert_eq!(code, 2);
        contains(&message, &["two files would write results/sub"]);
        assert!(!place.path().join("results").exists());
    }
}

#[test]
fn lineages_that_die_are_named_with_their_commonest_cause() {
    let place = Place::new();
    let text = GOOD.replace("founders = 20", "founders = 20\noffspring = 1");
    place.write(
        "a.toml",
        &text.replace("[model.gaussian]", "[model.gaussian]\nvariance = \"unbiased\""),
    );
    let (code, out, message) = place.collapse(&["run", "a.toml"]);
    assert_eq!(code, 0, "extinction is a finding, not a failure");
    contains(&message, &["4 extinct", "4 times: gaussian needs at least 2 samples, got 1"]);
    contains(&out, &["base", "spread", "4/4"]);
}
