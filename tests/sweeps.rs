//! Sweeps, arms and settings of the command line: which cells there are, and what is refused.

mod common;

use common::place::{Place, contains};
use model_collapse::experiment::{Document, read};
use std::fs;

const BASE: &str = r#"question = "Which cells are there?"
trials = 2
generations = 2
founders = 30
evaluation = 40
metrics = ["spread"]
[world.blobs]
[model.mixture]
components = 2
[arms.replace.regime.replace]
[arms.retain.regime.retain]
fraction = 0.1
"#;

fn with(sweep: &str) -> String {
    format!("{BASE}[sweep]\n{sweep}\n")
}

/// The rows of cells.csv without their hashes.
fn cells(place: &Place, text: &str, arguments: &[&str]) -> Vec<String> {
    place.write("a.toml", text);
    place.succeeds(&[&["run", "a.toml"], arguments].concat());
    let table = fs::read_to_string(place.path().join("results/a/cells.csv")).expect("cells");
    table.lines().map(|line| line.split_once(',').expect("columns").1.to_owned()).collect()
}

#[test]
fn cells_are_arms_times_axes_with_a_column_for_each_path() {
    let text = with(
        "\"model.mixture.components\" = [1, 2]\n\
         \"regime.retain.fraction\" = { values = [0.2, 0.4], arms = [\"retain\"] }",
    );
    assert_eq!(
        cells(&Place::new(), &text, &[]),
        [
            "arm,model.mixture.components,regime.retain.fraction",
            "replace,1,",
            "replace,2,",
            "retain,1,0.2",
            "retain,1,0.4",
            "retain,2,0.2",
            "retain,2,0.4"
        ]
    );
}

#[test]
fn an_axis_may_be_a_choice_a_list_a_size_or_a_seed_with_or_without_quotes() {
    let regime = cells(
        &Place::new(),
        &BASE.replace("[arms", "[unused").replace(
            "[unused.replace.regime.replace]\n[unused.retain.regime.retain]\nfraction = 0.1\n",
            "[sweep]\nregime = [\"replace\", { window = { generations = 2 } }]\n",
        ),
        &[],
    );
    assert_eq!(regime[0], "arm,regime");
    assert_eq!(regime[1], "base,replace");
    assert!(regime[2].contains("window"), "{regime:?}");
    let text = with(
        "model.mixture.components = [1, 2]\noffspring = [{ start = 20, growth = 0.5 }, 25]\nseed = [1, 2]",
    );
    assert_eq!(cells(&Place::new(), &text, &[]).len(), 1 + 2 * 2 * 2 * 2);
    let curated = BASE.replace("metrics", "curation = [{ likeliest = { keep = 0.9 } }]\nmetrics");
    let text = format!("{curated}[sweep]\n\"curation.0.likeliest.keep\" = [0.5, 0.9]\n");
    let rows = cells(&Place::new(), &text, &[]);
    assert_eq!(rows[1..3], ["replace,0.5", "replace,0.9"]);
}

#[test]
fn a_resolved_sweep_is_a_file_that_gives_the_same_cells() {
    let texts = [
        with("founders = [20, 30]"),
        with("\"offspring.growth\" = [0.1, 0.2]")
            .replace("evaluation", "offspring = { start = 10, growth = 1 }\nevaluation"),
        with(
            "\"regime.retain.fraction\" = { values = [0.2, 0.4], arms = [\"retain\"] }\nworld = [\"blobs\", \"moons\"]",
        ),
        with("\"model.mixture.components\" = [1, 2]")
            + "[[figures]]\nkind = \"curves\"\nmetric = \"spread\"\n",
    ];
    for text in texts {
        let first = read(Document::new("a.toml", text)).unwrap_or_else(|c| panic!("{c}"));
        let again = read(Document::new("a.toml", first.resolved()))
            .unwrap_or_else(|c| panic!("{c}\n{}", first.resolved()));
        assert_eq!(first.resolved(), again.resolved());
        let home = tempfile::tempdir().expect("a folder");
        let ids = |study: &dyn model_collapse::experiment::Study| -> Vec<String> {
            let survey = study.survey(home.path(), false).expect("a survey");
            survey.cells.into_iter().map(|cell| cell.id).collect()
        };
        assert_eq!(ids(&*first), ids(&*again), "{}", first.resolved());
    }
}

#[test]
fn cells_of_one_trial_share_founders_and_noise() {
    let place = Place::new();
    let text = with("\"regime.retain.fraction\" = { values = [0.2, 0.4], arms = [\"retain\"] }");
    cells(&place, &text, &[]);
    let table = fs::read_to_string(place.path().join("results/a/measurements.csv")).expect("it");
    let first: Vec<&str> = table.lines().filter(|line| line.contains(",0,1,spread,")).collect();
    assert_eq!(first.len(), 3);
    let value = |line: &&str| line.split(',').nth(5).expect("a value").to_owned();
    assert!(first.iter().all(|line| value(line) == value(&first[0])), "{first:?}");
}

#[test]
fn settings_are_laid_over_every_cell_and_over_axes() {
    let place = Place::new();
    let text = with("founders = [20, 30]\n\"model.mixture.components\" = [1, 2]");
    let rows = cells(&place, &text, &["--set", "founders=25", "--trials", "3"]);
    assert_eq!(rows[1..], ["replace,1", "replace,2", "retain,1", "retain,2"]);
    let resolved = fs::read_to_string(place.path().join("results/a/experiment.toml")).expect("it");
    contains(&resolved, &["founders = 25", "trials = 3"]);
    let rows = cells(&Place::new(), &text, &["--set", "regime=accumulate", "--set", "world=moons"]);
    assert_eq!(rows.len(), 9, "a word needs no quotes");
}

#[test]
fn sweeps_that_make_no_sense_are_refused_where_they_stand() {
    let cases: [(&str, &[&str]); 13] = [
        ("founders = []", &["takes no value", "a.toml:14:1"]),
        ("founders = 3", &["`founders` is swept over a list of values"]),
        ("founders = [20, 20]", &["takes the value 20 twice", "a.toml:14:17"]),
        ("founders = [20, 0]", &["at least 1, got 0", "a.toml:14:17"]),
        ("fuonders = [20]", &["unknown key `fuonders`", "did you mean `founders`"]),
        (
            "\"model.gaussian.variance\" = [\"biased\"]",
            &["its model is mixture, not gaussian", "arms = "],
        ),
        ("\"regime.retain.fraction\" = [0.1]", &["arm `replace` has no `regime.retain.fraction`"]),
        (
            "\"regime.retain.fraction\" = { values = [0.1], arms = [\"retian\"] }",
            &["did you mean `retain`"],
        ),
        (
            "\"regime.retain.fraction\" = { values = [0.1], arm = [\"retain\"] }",
            &["a table of two lists"],
        ),
        ("\"model.mixture.componets\" = [1]", &["componets", "components"]),
        ("trials = [1, 2]", &["`trials` does not change what a lineage does"]),
        ("evaluation = [10, 20]", &["metrics are compared over cells"]),
        ("\"offspring.growth\" = [1, 2]", &["`offspring` of arm", "no `growth`"]),
    ];
    for (sweep, parts) in cases {
        let text = match sweep.starts_with("\"offspring") {
            true => with(sweep).replace("evaluation", "offspring = 9\nevaluation"),
            false => with(sweep),
        };
        contains(&Place::new().refused(&text), parts);
    }
    let message = Place::new().refused(&format!("{BASE}sweep = 3\n"));
    assert!(message.contains("sweep"), "{message}");
}

#[test]
fn settings_that_make_no_sense_are_refused_where_they_stand() {
    let place = Place::new();
    place.write("a.toml", &with("founders = [20, 30]"));
    let cases: [(&[&str], &[&str]); 7] = [
        (&["--set", "founders"], &["`founders` sets nothing", "--set founders=100"]),
        (&["--set", "foudners=3"], &["unknown key `foudners`", "set on the command line"]),
        (&["--set", "founders=many"], &["\"many\"", "a number"]),
        (&["--set", "sweep.founders=3"], &["`sweep` is none"]),
        (&["--set", "regime.retain.fraction=1.5"], &["between 0 and 1", "1.5"]),
        (&["--set", "founders=3", "--set", "founders=4"], &["founders"]),
        (&["--trials", "0"], &["at least 1, got 0"]),
    ];
    for (arguments, parts) in cases {
        let (code, _, message) = place.collapse(&[&["run", "a.toml"], arguments].concat());
        assert_eq!(code, 2, "{arguments:?}: {message}");
        contains(&message, parts);
        assert!(!place.path().join("results").exists());
    }
    let message = {
        let (code, _, message) = place.collapse(&[
            "run",
            "a.toml",
            "--set",
            "model=gaussian",
            "--set",
            "model.mixture.components=3",
        ]);
        assert_eq!(code, 2);
        message
    };
    contains(&message, &["model"]);
}

#[test]
fn arms_that_cannot_be_compared_are_refused() {
    let text = format!("{BASE}[arms.other]\nevaluation = 50\n");
    contains(&Place::new().refused(&text), &["metrics are compared over cells", "the same in all"]);
    let text = format!(
        "{BASE}[arms.other]\ntrials = {{ at-least = 2, at-most = 4, until = {{ metric = \"spread\", generation = 1, half-width = 1 }} }}\n"
    );
    contains(&Place::new().refused(&text), &["adaptive trials are decided for all arms together"]);
}
