//! Pictures of what is read off lineages: their numbers are those of the claims, and lie beside them as a table.

mod common;

use common::place::Place;
use model_collapse::archive::csv::read_table;
use model_collapse::archive::table::{Drawn, Verdict};
use model_collapse::theory::{categorical, survival};

const RATE: &str = r#"question = "How long does a Poisson rate live?"
seed = 5
trials = 400
generations = 30
founders = 10
measure = { every = 5 }
metrics = ["spread"]

[world.poisson]

[model.poisson]

[regime.replace]

[sweep]
"world.poisson.rate" = [0.5, 1]
"#;

const FIXATION: &str = r#"question = "How long do ten types last?"
seed = 6
trials = 300
generations = 2000
samples = "statistics"
stop = "absorbed"
measure = { log = 4 }
metrics = ["support"]

[world.categorical]
types = 10

[model.categorical]

[arms.replace.regime.replace]

[sweep]
founders = [20, 40, 80]
"#;

const WORTH: &str = r#"question = "How many real samples are synthetic ones worth?"
seed = 7
trials = 50
generations = 4
metrics = ["mean-shift"]

[world.normal]

[model.gaussian]

[regime.fresh]
real = 50

[arms.loop]

# The measure: real samples and nothing else.
[arms.real]
founders = 800
regime.retain = { fraction = 1.0, redraw = true }

# The same cell under another name.
[arms.twin]
founders = 800
regime.retain = { fraction = 1.0, redraw = true }

[sweep]
offspring = [25, 50, 100, 200, 400, 800]
"#;

/// The numbers of the picture `p`, and the verdicts on the claims.
fn results(text: &str) -> (Vec<Drawn>, Vec<Verdict>) {
    let place = Place::of_results(text);
    let folder = place.path().join("results/a");
    let rows = read_table(&folder.join("figures"), "p").expect("numbers");
    let (code, out, message) = place.collapse(&["verify", "results/a"]);
    assert_eq!(code, 0, "{out}{message}");
    (rows, read_table(&folder, "verdicts").expect("verdicts"))
}

fn at<'a>(rows: &'a [Drawn], line: &str, of: &str, x: f64) -> &'a Drawn {
    let found = rows.iter().find(|row| row.line == line && row.of == of && row.x == x);
    found.unwrap_or_else(|| panic!("no {of} of {line} at {x}: {rows:#?}"))
}

/// What the claim says of the same place.
fn same(row: &Drawn, verdict: &Verdict) {
    assert_eq!((row.value, row.low, row.high), (verdict.measured, verdict.ci_low, verdict.ci_high));
    assert_eq!(row.lineages, Some(verdict.lineages));
}

#[test]
fn the_share_of_an_event_is_that_of_the_claim_and_theory_lies_beside_it() {
    let (rows, verdicts) = results(&format!(
        r#"{RATE}
[[figures]]
kind = "curves"
name = "p"
metric = "spread"
event = {{ above = 0.001 }}
log-y = true
lines = [
  {{ label = "exact", theory = {{ poisson-survival = {{ n = 10, rate = "world.poisson.rate", generation = "generation" }} }} }},
  {{ label = "half", value = 0.5 }},
]

[[claims]]
name = "alive"
says = "It is alive."
source = "Theorem 2"
read = "derived"
where = {{ "world.poisson.rate" = 1 }}
metric = "spread"
event = {{ above = 0.001 }}
generation = 20
expect = {{ theory = {{ poisson-survival = {{ n = 10, rate = 1, generation = 20 }} }}, z = 4 }}
foil = {{ where = {{ "world.poisson.rate" = 0.5 }} }}
"#
    ));
    let row = at(&rows, "rate=1", "measured", 20.0);
    same(row, &verdicts[0]);
    assert_eq!((verdicts[0].verdict.as_str(), row.lineages), ("holds", Some(400)));
    for (line, rate) in [("rate=0.5", 0.5), ("rate=1", 1.0)] {
        for t in [5, 20, 30] {
            let theory = at(&rows, line, "exact, half", f64::from(t));
            assert_eq!(theory.value, Some(survival::poisson(10, rate, t)));
        }
    }
    // A level is the same for all lines, and drawn once.
    let levels: Vec<&Drawn> = rows.iter().filter(|row| row.line.is_empty()).collect();
    assert!(levels.len() == 6 && levels.iter().all(|row| row.value == Some(0.5)), "{levels:?}");
}

#[test]
fn the_time_of_a_passage_is_that_of_the_claim() {
    let claim = |name: &str, passage: &str, of: &str| {
        format!(
            r#"
[[claims]]
name = "{name}"
says = "It takes so long."
source = "Diffusion limit"
read = "derived"
where = {{ founders = 40 }}
metric = "support"
passage = {passage}
of = "{of}"
expect = {{ between = [10, 110] }}
foil = {{ where = {{ founders = 80 }} }}
"#
        )
    };
    let figure = |passage: &str, statistic: &str| {
        format!(
            r#"
[[figures]]
kind = "against"
name = "p"
metric = "support"
passage = {passage}
statistic = "{statistic}"
log-x = true
log-y = true
lines = [{{ theory = {{ fixation-time = {{ n = "founders", types = 10 }} }} }}]
"#
        )
    };
    for (passage, of) in [("\"absorbed\"", "mean"), ("{ below = 0.35 }", "median")] {
        let text = format!("{FIXATION}{}{}", figure(passage, of), claim("time", passage, of));
        let (rows, verdicts) = results(&text);
        let line = "replace";
        same(at(&rows, line, "measured", 40.0), &verdicts[0]);
        let theory = at(&rows, line, "theory", 80.0).value.expect("a value");
        assert_eq!(theory, categorical::fixation_time(&[0.1; 10], 80));
    }
}

#[test]
fn real_samples_are_worth_themselves_and_fresh_ones_more_with_offspring() {
    let (rows, verdicts) = results(&format!(
        r#"{WORTH}
[[figures]]
kind = "against"
name = "p"
metric = "mean-shift"
worth = {{ arm = "real", along = "offspring", per = 50 }}
statistic = "mean"
x = "offspring"

[[claims]]
name = "worth"
says = "Beside fifty fresh samples as many synthetic ones are worth something."
source = "A test"
read = "derived"
arm = "loop"
where = {{ offspring = 50 }}
metric = "mean-shift"
statistic = {{ worth = {{ arm = "real", along = "offspring", per = 50 }} }}
expect = {{ between = [0.5, 3.5] }}
foil = {{ arm = "twin", where = {{ offspring = 800 }} }}
"#
    ));
    assert!(!rows.iter().any(|row| row.line == "real"), "the measure is no line");
    for n in [25.0, 50.0, 100.0, 200.0, 400.0, 800.0] {
        let twin = at(&rows, "twin", "measured", n).value.expect("a worth");
        assert!((twin * 50.0 / n - 1.0).abs() < 1e-9, "{twin} at {n}");
    }
    let row = at(&rows, "loop", "measured", 50.0);
    assert_eq!((row.value, row.lineages), (verdicts[0].measured, Some(50)));
    assert_eq!((verdicts[0].verdict.as_str(), &*verdicts[0].foil_verdict), ("holds", "fails"));
    assert!(verdicts[0].statistic.contains("offspring of real that come to as much"));
}

#[test]
fn a_map_has_the_worths_of_the_lines() {
    let figure = |kind: &str, name: &str| {
        format!(
            r#"
[[figures]]
kind = "{kind}"
name = "{name}"
metric = "mean-shift"
worth = {{ arm = "real", along = "offspring", per = 50 }}
statistic = "mean"
x = "offspring"
"#
        )
    };
    let biases = "\"model.gaussian.sampling-bias\" = [0.5, 1.0]\n";
    let (lines, map) = (figure("against", "lines"), figure("heatmap", "map"));
    let place = Place::of_results(&format!("{WORTH}{biases}{lines}{map}"));
    let read = |name: &str| -> Vec<Drawn> {
        let mut rows: Vec<Drawn> =
            read_table(&place.path().join("results/a/figures"), name).expect("numbers");
        rows.sort_by(|a, b| (&a.line, a.x as u32).cmp(&(&b.line, b.x as u32)));
        rows
    };
    let (lines, map) = (read("lines"), read("map"));
    assert!(map.iter().any(|row| row.line == "loop, sampling-bias=0.5"), "{map:#?}");
    assert!(map.len() > 15 && map == lines, "{map:#?}\n{lines:#?}");
}

#[test]
fn the_numbers_are_drawn_anew_from_the_tables_alone() {
    let figure = "\n[[figures]]\nkind = \"curves\"\nname = \"p\"\nmetric = \"spread\"\n\
                  event = { above = 0.001 }\n";
    let place = Place::of_results(&format!("{RATE}{figure}"));
    let path = place.path().join("results/a/figures/p.csv");
    let before = std::fs::read(&path).expect("numbers");
    std::fs::remove_dir_all(place.path().join("results/a/figures")).expect("no pictures");
    place.succeeds(&["plot", "results/a"]);
    assert_eq!(std::fs::read(&path).expect("numbers"), before);
}

#[test]
fn pictures_of_what_is_not_there_are_refused_with_a_remedy() {
    let figure = |keys: &str| format!("\n[[figures]]\nmetric = \"spread\"\n{keys}\n");
    let wrong = [
        (
            "kind = \"curves\"\nlines = [{ theory = { poisson-survival = { n = 10, rate = \"rate\", generation = \"generation\" } } }]",
            ["`rate` in a closed form", "world.poisson.rate"],
        ),
        (
            "kind = \"curves\"\nlines = [{ theory = { poison-survival = { n = 10 } } }]",
            ["unknown variant `poison-survival`", "poisson-survival"],
        ),
        (
            "kind = \"curves\"\nlines = [{ theory = { poisson-survival = { n = \"world.poisson.rate\", rate = 1, generation = 3 } } }]",
            ["a closed form of the figure has no value", "expect = { theory"],
        ),
        ("kind = \"curves\"\nlines = [{ label = \"nothing\" }]", ["`theory`", "`value`"]),
        ("kind = \"curves\"\nlines = [{ value = nan }]", ["NaN", "finite"]),
        (
            "kind = \"curves\"\nlines = [{ theory = { table = {} } }]",
            ["a closed form of the figure has no value", "claims takes"],
        ),
        (
            "kind = \"curves\"\nlines = [{ value = 1, arms = [\"b\"] }]",
            ["the arm `b`, which there is not", "base"],
        ),
        (
            "kind = \"against\"\npassage = \"absorbed\"",
            ["where it is absorbed", "stop = \"absorbed\""],
        ),
        (
            "kind = \"against\"\npassage = { below = 1 }\nworth = { arm = \"base\", along = \"world.poisson.rate\" }",
            ["two quantities", "keep one"],
        ),
        (
            "kind = \"against\"\nworth = { arm = \"bass\", along = \"world.poisson.rate\" }",
            ["the arm `bass`", "base"],
        ),
        ("kind = \"against\"\nworth = { arm = \"base\", along = \"n\" }", ["the axis `n`", "rate"]),
        ("kind = \"curves\"\nevent = { beyond = 1 }", ["unknown variant `beyond`", "below"]),
    ];
    for (keys, words) in wrong {
        let message = Place::new().refused(&format!("{RATE}{}", figure(keys)));
        let flat: Vec<&str> = message.split_whitespace().collect();
        let flat = flat.join(" ");
        for word in words {
            assert!(flat.contains(word), "{keys}: {word} is not in\n{message}");
        }
    }
}
