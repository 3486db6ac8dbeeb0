//! `collapse verify` as its users meet it.

mod common;

use common::place::Place;
use model_collapse::archive::csv::read_table;
use model_collapse::archive::table::Verdict;
use serde_json::Value;

const NORMAL: &str = r#"question = "How fast does the variance fall?"
seed = 3
trials = 200
generations = 20
measure = { every = 5 }
metrics = ["spread", "mean-shift"]

[world.normal]

[model.gaussian]

[arms.replace.regime.replace]
[arms.accumulate.regime.accumulate]

[sweep]
founders = [20, 40, 80]
"#;

/// A claim about the arm `replace` with 20 founders, whose foil is `accumulate`.
fn claim(name: &str, rest: &str) -> String {
    format!(
        "\n[[claims]]\nname = \"{name}\"\nsays = \"It is so.\"\nsource = \"Theorem 1\"\nread = \"derived\"\n{rest}\n"
    )
}

const HERE: &str = "arm = \"replace\"\nwhere = { founders = 20 }\nmetric = \"spread\"\n\
                    foil = { arm = \"accumulate\" }\n";

fn here(name: &str, rest: &str) -> String {
    claim(name, &format!("{HERE}{rest}"))
}

fn verdicts(claims: &str) -> (i32, Vec<Verdict>, String) {
    let place = Place::of_results(&format!("{NORMAL}{claims}"));
    let (code, out, _) = place.collapse(&["verify", "results/a"]);
    (code, read_table(&place.path().join("results/a"), "verdicts").expect("verdicts"), out)
}

fn verdict<'a>(rows: &'a [Verdict], name: &str) -> &'a str {
    &rows.iter().find(|row| row.claim == name).expect("the claim").verdict
}

#[test]
fn every_statistic_is_decided_as_theory_says() {
    // E σ²_t = (1 − 1/n)^t under replace: 0.3585 at n = 20 and t = 20.
    let mean = "expect = { value = 0.3585, z = 4 }";
    let table = "expect = { theory = \"table\", z = 4 }";
    let form = "expect = { theory = { variance-left = { n = 20, generation = 20 } }, z = 4 }";
    let claims = [
        here("value", mean),
        here("table", table),
        here("form", form),
        here("median", "of = \"median\"\nexpect = { below = 0.36 }"),
        // Var σ²_t is large: the mean of the logarithm is exact and light.
        here("mean-log", &format!("of = \"mean-log\"\n{table}")),
        here("event", "event = { below = 0.5 }\nexpect = { above = 0.6 }"),
        here("passage", "passage = { below = 0.5 }\nof = \"median\"\nexpect = { below = 20 }"),
        here("average", "average = [10, 20]\nexpect = { between = [0.3, 0.6] }"),
        here("ratio", "statistic = { ratio = { generation = 10 } }\nexpect = { below = 0.8 }"),
        here(
            "difference",
            "statistic = { difference = { where = { founders = 80 } } }\nexpect = { below = -0.2 }",
        ),
        // ln(1 − 1/n).
        here(
            "rate",
            "statistic = { log-slope = \"generation\" }\nexpect = { value = -0.0513, z = 4 }",
        ),
        here(
            "falls",
            "statistic = { decreasing = \"generation\" }\nat = [5, 20]\nexpect = { above = 0.2 }",
        ),
        here(
            "crossing",
            "statistic = { crossing = { along = \"generation\", level = 0.6 } }\nexpect = { between = [5, 15] }",
        ),
        here("argmin", "statistic = { argmin = \"founders\" }\nexpect = { below = 30 }")
            .replace("where = { founders = 20 }\n", "")
            .replace(
                "foil = { arm = \"accumulate\" }",
                "foil = { arm = \"accumulate\", metric = \"mean-shift\" }",
            ),
        here("rises", "statistic = { increasing = \"founders\" }\nexpect = { above = 0.05 }")
            .replace("where = { founders = 20 }\n", ""),
        claim(
            "order",
            "where = { founders = 20 }\nmetric = \"spread\"\nstatistic = { order = [\"replace\", \"accumulate\"] }\n\
             expect = { above = 0.2 }\nfoil = { metric = \"mean-shift\" }",
        ),
    ];
    let (code, rows, out) = verdicts(&claims.concat());
    assert_eq!(code, 0, "{out}");
    let open: Vec<&Verdict> = rows.iter().filter(|row| row.verdict != "holds").collect();
    assert!(open.is_empty(), "{open:#?}\n{out}");
    assert!(rows.iter().all(|row| row.foil_verdict == "fails"), "{rows:#?}");
    assert!(out.ends_with("16 claims: 16 hold, 0 fail, 0 undecided\n"), "{out}");
}

#[test]
fn a_false_claim_fails_and_only_an_explained_one_is_forgiven() {
    let wrong = here("wrong", "expect = { value = 0.9, absolute = 0.1 }").replace(
        "{ arm = \"accumulate\" }",
        "{ metric = \"mean-shift\", where = { founders = 80 } }",
    );
    let (code, rows, out) = verdicts(&wrong);
    assert_eq!((code, verdict(&rows, "wrong")), (1, "fails"), "{out}");
    assert!(rows[0].is_unexplained() && out.contains("1 claims: 0 hold, 1 fail, 0 undecided"));
    let (code, rows, out) = verdicts(&format!("{wrong}known = \"Our estimator is another one.\""));
    assert_eq!((code, verdict(&rows, "wrong")), (0, "fails"), "{out}");
    assert!(
        out.contains("fails (known)") && out.contains("Our estimator is another one."),
        "{out}"
    );
}

#[test]
fn neither_a_wide_error_nor_a_foil_that_holds_passes_silently() {
    let claims = [
        here(
            "wide",
            "statistic = { difference = { where = { founders = 40 } } }\nexpect = { value = -0.2, absolute = 0.01 }",
        ),
        here("toothless", "expect = { below = 3 }"),
    ];
    let (code, rows, out) = verdicts(&claims.concat());
    assert_eq!(code, 0, "{out}");
    assert_eq!(verdict(&rows, "wide"), "undecided");
    assert_eq!(verdict(&rows, "toothless"), "undecided");
    assert!(out.contains("its foil does not fail"), "{out}");
}

#[test]
fn claims_are_edited_without_running_anything_again() {
    let place = Place::of_results(&format!("{NORMAL}{}", here("a", "expect = { below = 0.5 }")));
    place.write("a.toml", &format!("{NORMAL}{}", here("b", "expect = { above = 0.5 }")));
    let (code, out, message) = place.collapse(&["verify", "a.toml", "--json"]);
    assert_eq!(code, 1, "{message}");
    let found: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&found["claims"][0]["claim"], &found["fails"]), (&"b".into(), &1.into()));
    // Another experiment is another matter.
    place.write(
        "a.toml",
        &format!(
            "{}{}",
            NORMAL.replace("seed = 3", "seed = 4"),
            here("b", "expect = { above = 0.5 }")
        ),
    );
    let (code, _, message) = place.collapse(&["verify", "a.toml"]);
    assert!(code == 2 && message.contains("run `collapse run a.toml` again"), "{message}");
}

#[test]
fn verdicts_can_go_elsewhere_and_leave_the_results_as_they_are() {
    let place = Place::of_results(&format!("{NORMAL}{}", here("a", "expect = { below = 0.5 }")));
    place.succeeds(&["verify", "results/a", "--out", "verdicts"]);
    let rows: Vec<Verdict> = read_table(&place.path().join("verdicts"), "verdicts").expect("rows");
    assert_eq!(verdict(&rows, "a"), "holds");
    assert!(!place.path().join("results/a/verdicts.csv").exists());
}

#[test]
fn what_cannot_be_verified_is_refused_with_its_remedy() {
    let place = Place::of_results(NORMAL);
    let (code, _, message) = place.collapse(&["verify", "results/a"]);
    assert!(code == 2 && message.contains("add `[[claims]]`"), "{message}");
    let (code, _, message) = place.collapse(&["verify", "elsewhere"]);
    assert!(code == 2 && message.contains("collapse run"), "{message}");
    place.write("b.toml", &format!("{NORMAL}{}", here("a", "expect = { below = 0.5 }")));
    let (code, _, message) = place.collapse(&["verify", "b.toml"]);
    assert!(code == 2 && message.contains("run `collapse run b.toml` first"), "{message}");
}

#[test]
fn claims_that_say_nothing_are_refused_when_the_file_is_read() {
    let fine = here("a", "expect = { below = 0.5 }");
    let wrong = [
        (fine.replace("metric = \"spread\"\n", ""), "it names no `metric`"),
        (fine.replace("\"spread\"", "\"spred\""), "`spred` is not measured"),
        (fine.replace("\"replace\"", "\"replce\""), "there is no arm `replce`"),
        (fine.replace("arm = \"replace\"\n", ""), "it does not say which of 2 arms"),
        (fine.replace("founders = 20", "founders = 21"), "no cell with founders = 21"),
        (fine.replace("where = { founders = 20 }\n", ""), "it is about 3 cells: founders differ"),
        (fine.replace("{ arm = \"accumulate\" }", "{}"), "its foil is where it looks itself"),
        (fine.replace("{ arm = \"accumulate\" }", "{ arm = \"replace\" }"), "its foil looks where"),
        (
            fine.replace("{ arm = \"accumulate\" }", "{ arm = \"fresh\" }"),
            "its foil: there is no arm",
        ),
        (fine.replace("foil = { arm = \"accumulate\" }\n", ""), "missing field `foil`"),
        (fine.replace("{ below = 0.5 }", "{ value = 0.5 }"), "needs a tolerance"),
        (fine.replace("{ below = 0.5 }", "{ value = 0, z = 4 }"), "a share of 0 is 0"),
        (
            fine.replace("{ below = 0.5 }", "{ theory = \"tabel\", z = 4 }"),
            "unknown variant `tabel`",
        ),
        (format!("{fine}generation = 7"), "none of its generations is measured"),
        (format!("{fine}event = {{ below = 1 }}\npassage = {{ below = 1 }}"), "keep one"),
        (format!("{fine}statistic = {{ slope = \"offspring\" }}"), "which is not swept"),
        (format!("{fine}statistic = {{ slope = \"generation\" }}\nat = [3]"), "`at` names 3"),
        (format!("{fine}statistic = {{ slope = \"generation\" }}\nat = [5]"), "needs two places"),
        (format!("{fine}passage = \"absorbed\""), "ends where it is absorbed"),
        (format!("{fine}{fine}"), "another claim has its name"),
    ];
    for (claims, reason) in wrong {
        let text = format!("{NORMAL}{claims}");
        let message = Place::new().refused(&text);
        assert!(message.contains(reason), "{reason}: {message}\n{claims}");
    }
}

#[test]
fn claims_that_are_no_list_are_refused() {
    let message = Place::new().refused(&format!("claims = 3\n{NORMAL}"));
    assert!(message.contains("write `[[claims]]` and a `name`"), "{message}");
}

#[test]
fn the_published_size_is_one_flag_away() {
    let place = Place::new();
    place.write("a.toml", &format!("{NORMAL}\n[full]\ntrials = 4\n\"founders\" = 30\n"));
    place.succeeds(&["run", "a.toml", "--full", "--set", "generations=2"]);
    let outcomes =
        std::fs::read_to_string(place.path().join("results/a/outcomes.csv")).expect("rows");
    assert_eq!(outcomes.lines().count(), 1 + 2 * 4, "two arms of four trials");
    place.succeeds(&["run", "a.toml", "--full", "--trials", "3", "--out", "b"]);
    let outcomes = std::fs::read_to_string(place.path().join("b/a/outcomes.csv")).expect("rows");
    assert_eq!(outcomes.lines().count(), 1 + 2 * 3, "the command line has the last word");
}
