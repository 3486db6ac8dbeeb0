//! The JSON Schema of the experiment file says what its reader says.

use boon::{Compiler, SchemaIndex, Schemas};
use model_collapse::catalog::Entry;
use model_collapse::experiment::schema::schema;
use model_collapse::{curation, metric, model, regime, world};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// A compiled schema.
struct Validator(Schemas, SchemaIndex);

impl Validator {
    fn new(schema: Value) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("schema.json", schema).expect("a schema");
        let index = compiler.compile("schema.json", &mut schemas).expect("a legal schema");
        Validator(schemas, index)
    }

    fn check(&self, value: &Value) -> Result<(), String> {
        self.0.validate(value, self.1).map_err(|error| format!("{error:#}"))
    }

    fn check_toml(&self, text: &str) -> Result<(), String> {
        let table: toml::Table = toml::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        self.check(&serde_json::to_value(table).expect("JSON"))
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("it").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let within = folders.iter().flat_map(|folder| crate::files(folder));
    files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .chain(within)
        .collect()
}

#[test]
fn every_experiment_that_comes_with_the_program_is_legal() {
    let validator = Validator::new(schema());
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = files(&root.join("experiments"));
    assert!(files.len() >= 7, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).expect("a file");
        validator.check_toml(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    }
}

#[test]
fn every_experiment_of_the_readme_is_legal() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(readme).expect("the README");
    let blocks: Vec<&str> = text.split("```toml\n").skip(1).collect();
    assert!(!blocks.is_empty());
    let validator = Validator::new(schema());
    for block in blocks {
        let block = block.split("```").next().expect("its end");
        validator.check_toml(block).unwrap_or_else(|e| panic!("{e}\n{block}"));
    }
}

/// The text with each option switched on in turn: a line that starts with `#` and no space replaces
/// the line of its key, and one that starts with `#[` opens a table of the lines after it.
fn options(text: &str) -> Vec<String> {
    let is_option = |line: &str| line.starts_with('#') && !line[1..].starts_with([' ', ':']);
    let lines: Vec<&str> = text.lines().collect();
    let mut options = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let length = match lines[at] {
            line if !is_option(line) || line.len() == 1 => 0,
            line if line.starts_with("#[") => {
                lines[at..].iter().take_while(|line| is_option(line)).count()
            }
            _ => 1,
        };
        let own: Vec<&str> = lines[at..at + length].iter().map(|line| &line[1..]).collect();
        at += length.max(1);
        let Some(first) = own.first() else { continue };
        let key = first.split('=').next().expect("a key");
        let rest = lines.iter().copied().filter(|line| !line.starts_with(key));
        let table = first.starts_with('[');
        let parts: Vec<&str> =
            if table { rest.chain(own).collect() } else { own.into_iter().chain(rest).collect() };
        options.push(parts.join("\n"));
    }
    options
}

#[test]
fn the_templates_are_legal_with_each_of_their_options() {
    let validator = Validator::new(schema());
    for text in
        [include_str!("../src/cli/new/points.toml"), include_str!("../src/cli/new/tokens.toml")]
    {
        validator.check_toml(text).expect("the template");
        let options = options(text);
        assert_eq!(options.len(), 7, "{options:#?}");
        for option in options {
            validator.check_toml(&option).unwrap_or_else(|e| panic!("{e}\n{option}"));
        }
    }
}

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

/// Asks each entry of a list whether it agrees with its schema.
fn walk<T: ?Sized>(
    key: &str,
    entries: &'static [Entry<T>],
    whole: &Validator,
    refuses: impl Fn(&T) -> bool,
) {
    for entry in entries {
        let validator = Validator::new(entry.schema());
        if let Some(chosen) = entry.default() {
            let table = serde_json::to_value(&chosen.table).expect("JSON");
            validator.check(&table).unwrap_or_else(|e| panic!("{}: {e}", entry.name));
            for choice in [json!(entry.name), json!({ entry.name: table })] {
                let list = matches!(key, "metrics" | "curation");
                let choice = if list { json!([choice]) } else { choice };
                let mut file = json!({ "world": "ring", "model": "mixture" });
                file[key] = choice;
                whole.check(&file).unwrap_or_else(|e| panic!("{}: {e}", entry.name));
            }
        }
        for (name, documentation) in entry.parameters() {
            let described = &entry.schema()["properties"][&name]["description"];
            assert_eq!(described, &json!(documentation), "{}.{name}", entry.name);
            probe(entry, &name, &validator, &refuses);
        }
    }
}

/// Holds values of every kind and size against the schema and the reader of one hyperparameter.
fn probe<T: ?Sized>(
    entry: &'static Entry<T>,
    name: &str,
    validator: &Validator,
    refuses: &impl Fn(&T) -> bool,
) {
    let words =
        ["", "golden", "scott", "estimated", "full", "biased", "kept", "parent", "nonsense"];
    let values = ["-3", "-0.5", "-1e-300", "0", "0.0", "1e-300", "0.05", "0.1", "0.5", "0.999"]
        .into_iter()
        .chain(["1", "1.5", "2", "9", "10", "100", "101", "1000", "1001", "10000", "10001"])
        .chain(["10000001", "4294967295", "4294967296", "9223372036854775807", "1e30", "1e300"])
        .chain(["true", "[]", "[1]", "[-1]", "[10]", "{}"])
        .map(str::to_owned)
        .chain(words.map(|word| format!("{word:?}")));
    for value in values {
        // A table needs a path whatever else it says.
        let path = if entry.schema()["required"].is_array() && name != "path" {
            "path = 'x.csv'\n"
        } else {
            ""
        };
        let text = format!("{path}{name} = {value}");
        let legal = validator.check_toml(&text).is_ok();
        let read = entry.read(toml::de::ValueDeserializer::parse(&inline(&text)).expect("TOML"));
        // JSON does not tell 2.0 from 2, and TOML does.
        let whole_float =
            value.contains(['.', 'e']) && value.parse::<f64>().is_ok_and(|x| x.fract() == 0.0);
        match read {
            Err(error) => {
                assert!(!legal || whole_float, "{}: {text} is legal, but: {error}", entry.name)
            }
            Ok(chosen) => assert!(
                legal || refuses(&chosen.value),
                "{}: {text} is read, but the schema refuses it: {:?}",
                entry.name,
                validator.check_toml(&text)
            ),
        }
    }
}

fn inline(text: &str) -> String {
    format!("{{ {} }}", text.replace('\n', ", "))
}

#[test]
fn every_entry_is_bound_by_its_schema_as_by_its_reader() {
    let whole = Validator::new(schema());
    let here = Path::new("");
    walk("world", world::POINTS, &whole, |w| w.shape(here).is_err() || w.open(here).is_err());
    walk("world", world::TOKENS, &whole, |w| w.shape(here).is_err() || w.open(here).is_err());
    walk("model", model::POINTS, &whole, |_| false);
    walk("model", model::TOKENS, &whole, |_| false);
    walk("regime", regime::ALL, &whole, |_| false);
    walk("curation", curation::POINTS, &whole, |_| false);
    walk("curation", curation::TOKENS, &whole, |_| false);
    walk("metrics", metric::POINTS, &whole, |_| false);
    walk("metrics", metric::TOKENS, &whole, |_| false);
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
