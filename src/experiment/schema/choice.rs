//! A choice: the bare name of an entry, or a table with one name.

use crate::catalog::Entry;
use crate::{curation, metric, model, regime, world};
use serde_json::{Map, Value, json};

/// The entries of one kind, of both spaces.
pub struct Choice {
    pub key: &'static str,
    description: &'static str,
    options: Vec<Choosable>,
}

struct Choosable {
    name: &'static str,
    summary: String,
    table: Value,
    /// Whether nothing must be given, so that the name alone will do.
    bare: bool,
}

/// Every kind of choice that a file can make.
pub fn all() -> Vec<Choice> {
    vec![
        Choice::of("world", "What is real: p*.", world::POINTS).and(world::TOKENS),
        Choice::of("model", "The family that is fitted.", model::POINTS).and(model::TOKENS),
        Choice::of("regime", "What a generation is trained on.", regime::ALL),
        Choice::of("curator", "Which synthetic samples survive, and as what.", curation::POINTS)
            .and(curation::TOKENS),
        Choice::of("metric", "A number that is measured.", metric::POINTS)
            .and(metric::TOKENS)
            .looking(),
    ]
}

impl Choice {
    fn of<T: ?Sized>(
        key: &'static str,
        description: &'static str,
        entries: &'static [Entry<T>],
    ) -> Self {
        Choice { key, description, options: Vec::new() }.and(entries)
    }

    /// Adds entries; one that lives in both spaces is one option where its tables are the same.
    fn and<T: ?Sized>(mut self, entries: &'static [Entry<T>]) -> Self {
        for entry in entries {
            let (table, bare) = (entry.schema(), entry.default().is_some());
            match self.options.iter_mut().find(|option| option.name == entry.name) {
                Some(known) if known.table == table => {}
                Some(known) => known.table = json!({ "anyOf": [known.table, table] }),
                None => {
                    let (name, summary) = (entry.name, entry.summary());
                    self.options.push(Choosable { name, summary, table, bare });
                }
            }
        }
        self
    }

    /// Every metric says whether it looks at the model or at what the model left behind.
    fn looking(mut self) -> Self {
        let of = json!({
            "type": "string",
            "enum": ["model", "offspring"],
            "default": "model",
            "description": "What is measured: p_t, or the curated samples that the next generation \
                sees."
        });
        for option in &mut self.options {
            option.table["properties"]["of"] = of.clone();
        }
        self
    }

    /// What a choice must give where nothing else can: for each option its required keys.
    pub fn required(&self) -> Map<String, Value> {
        let needs = |option: &Choosable| {
            let required = option.table.get("required")?;
            Some((option.name.to_owned(), json!({ "required": required })))
        };
        self.options.iter().filter_map(needs).collect()
    }

    /// The schema; `partial` where another table may complete what this one says.
    pub fn schema(&self, partial: bool) -> Value {
        let bare: Vec<&Choosable> = self.options.iter().filter(|option| option.bare).collect();
        let names: Vec<&str> = bare.iter().map(|option| option.name).collect();
        let summaries: Vec<&str> = bare.iter().map(|option| option.summary.as_str()).collect();
        let table = |option: &Choosable| {
            let mut table = option.table.clone();
            if let Some(table) = table.as_object_mut().filter(|_| partial) {
                table.remove("required");
            }
            (option.name.to_owned(), table)
        };
        json!({
            "description": self.description,
            "anyOf": [
                {
                    "type": "string",
                    "enum": names,
                    // Where editors look for what each name means.
                    "enumDescriptions": summaries,
                    "x-taplo": { "docs": { "enumValues": summaries } }
                },
                {
                    "type": "object",
                    "properties": self.options.iter().map(table).collect::<Map<_, _>>(),
                    "additionalProperties": false,
                    "minProperties": 1,
                    "maxProperties": 1
                }
            ]
        })
    }
}
