//! Every entry is bound by its schema as by its reader.

use crate::Validator;
use model_collapse::catalog::Entry;
use model_collapse::experiment::schema::schema;
use model_collapse::{curation, metric, model, regime, world};
use serde_json::json;
use std::path::Path;

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
