//! What a file may say and what it may not.

use crate::Validator;
use model_collapse::experiment::schema::schema;
use serde_json::json;

const GOOD: &str = r#"
trials = 4
metrics = ["spread", { tail-mass = { quantile = 0.1, of = "offspring" } }]

[world.normal]

[model.gaussian]

[regime.retain]
fraction = 0.5
"#;

#[test]
fn what_a_file_may_say_is_legal() {
    let validator = Validator::new(schema());
    let head = "question = \"?\"\nseed = 4294967295\nfounders = 10\nevaluation = 10\n";
    for more in [
        "",
        "generations = 10000000",
        "offspring = 5",
        "offspring = { start = 5, growth = -0.5 }",
        "measure = \"all\"",
        "measure = { every = 3 }",
        "measure = { log = 3 }",
        "curation = [\"likeliest\", { reject-outliers = { distance = 2 } }]",
        "sweep.\"model.gaussian.variance\" = [\"biased\", \"unbiased\"]",
        "sweep.offspring = { values = [5, 50], arms = [\"a\"] }",
        "arms.a = {}",
        "arms.a.trials = 3",
        "arms.a.world = \"ring\"",
        "arms.a.world.table = { standardise = true }",
        "figures = [{ kind = \"curves\", metrics = [\"spread\"] }]",
    ] {
        validator
            .check_toml(&format!("{head}{more}\n{GOOD}"))
            .unwrap_or_else(|e| panic!("{more}: {e}"));
    }
    let until =
        "until = { metric = \"spread\", generation = 30, statistic = \"mean\", half-width = 0.02 }";
    let trials = format!("trials = {{ at-least = 20, at-most = 500, {until} }}");
    validator.check_toml(&GOOD.replace("trials = 4", &trials)).expect("adaptive trials");
    let short = "world = \"ring\"\nmodel = \"mixture\"\nregime = \"accumulate\"";
    validator.check_toml(short).expect("bare names");
    let partial = "[world.table]\nstandardise = true\n[arms.a.world.table]\npath = \"a.csv\"\n[arms.a.model.kde]";
    validator.check_toml(partial).expect("an arm may complete the file");
}

#[test]
fn what_the_reader_refuses_is_illegal() {
    let validator = Validator::new(schema());
    validator.check_toml(GOOD).expect("the file is legal as it stands");
    for (legal, broken) in [
        ("trials = 4", "trails = 4"),
        ("trials = 4", "trials = 0"),
        ("trials = 4", "trials = 2.5"),
        ("trials = 4", "trials = \"four\""),
        ("trials = 4", "trials = 10000001"),
        ("trials = 4", "trials = { at-least = 4 }"),
        ("trials = 4", "seed = -1"),
        ("trials = 4", "seed = 4294967296"),
        ("trials = 4", "question = 3"),
        ("trials = 4", "founders = 0"),
        ("trials = 4", "offspring = { start = 5 }"),
        ("trials = 4", "offspring = { start = 5, growth = 1, shrink = 2 }"),
        ("trials = 4", "measure = \"some\""),
        ("trials = 4", "measure = { every = 0 }"),
        ("trials = 4", "measure = { every = 2, log = 2 }"),
        ("trials = 4", "curation = \"likeliest\""),
        ("trials = 4", "curation = [{ likeliest = { keep = 0 } }]"),
        ("trials = 4", "curation = [{ likeliest = { keep = 1.1 } }]"),
        ("trials = 4", "arms.a.arms.b = {}"),
        ("trials = 4", "arms.\" \" = {}"),
        ("trials = 4", "arms = {}"),
        ("trials = 4", "arms.a.trails = 3"),
        ("trials = 4", "sweep.offspring = 3"),
        ("trials = 4", "sweep.offspring = []"),
        ("trials = 4", "figures = [{ kind = \"pie\" }]"),
        ("metrics = [", "metrics = [] #"),
        ("\"spread\"", "\"sprad\""),
        ("\"spread\"", "{ spread = {}, modes = {} }"),
        ("\"offspring\"", "\"parents\""),
        ("quantile = 0.1", "quantile = 1"),
        ("quantile = 0.1", "quantil = 0.1"),
        ("[world.normal]", "[world.nromal]"),
        ("[world.normal]", ""),
        ("[world.normal]", "[world.table]"),
        ("[world.normal]", "[world.normal]\nsd = 0"),
        ("[world.normal]", "[world.normal]\ndimension = \"two\""),
        ("[world.normal]", "[world.markov]\ntypes = 1001"),
        ("[world.normal]", "[world.normal]\n[world.ring]"),
        ("[model.gaussian]", "[model.gaussian]\nvariance = \"Biased\""),
        ("[model.gaussian]", "[model.kde]\nbandwidth = \"scot\""),
        ("[model.gaussian]", "[model.kde]\nbandwidth = 0"),
        ("fraction = 0.5", "fraction = 1.5"),
        ("fraction = 0.5", "fraction = true"),
        ("fraction = 0.5", "redraw = 1"),
    ] {
        let text = GOOD.replacen(legal, broken, 1);
        assert_ne!(text, GOOD);
        assert!(validator.check_toml(&text).is_err(), "this is not legal:\n{text}");
    }
}

#[test]
fn the_header_shows_its_defaults() {
    let schema = schema();
    let default = |key: &str| schema["properties"][key]["default"].clone();
    assert_eq!(["seed", "trials", "founders"].map(default), [json!(1), json!(20), json!(500)]);
    assert_eq!(default("measure"), json!("all"));
    let keys = schema["properties"].as_object().expect("keys");
    for (key, property) in keys {
        assert!(property["description"].is_string() || property["$ref"].is_string(), "{key}");
    }
}
