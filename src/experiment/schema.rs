//! The JSON Schema (draft 2020-12) of an experiment file, for editors.
//!
//! It is put together from the structs that read the file, so its bounds are theirs. It sees one
//! file and no world: that a model lives in the space of its world, that a recipe can be filled and
//! that a swept path exists is for the reader to say.

mod choice;

use super::Header;
use super::document::CHOICES;
use crate::analysis::claim::Claim;
use crate::catalog::schema as catalog;
use serde_json::{Map, Value, json};

/// What a figure can be.
const FIGURES: [&str; 7] =
    ["curves", "heatmap", "against", "ridgeline", "gallery", "recipe", "survival"];

/// The whole schema.
pub fn schema() -> Value {
    let choices = choice::all();
    let overlay = closed(properties(), "What this arm changes; all else is as in the file.");
    let mut whole = properties();
    whole.insert("sweep".into(), reference("axes"));
    whole.insert("figures".into(), figures());
    whole.insert("claims".into(), claims());
    for (key, size) in [("full", "of the published size"), ("quick", "in miniature")] {
        whole.insert(key.into(), variant(size));
    }
    whole.insert("arms".into(), arms());
    let about = "An experiment of collapse, a laboratory for model collapse.";
    let mut root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "collapse experiment",
        "description": about,
        "type": "object",
        "properties": whole,
        "additionalProperties": false
    });
    let incomplete = json!({ "anyOf": [{ "required": ["arms"] }, { "required": ["sweep"] }] });
    let chosen = || choices.iter().filter(|choice| CHOICES.contains(&choice.key));
    let given =
        chosen().map(|choice| (choice.key.to_owned(), json!({ "properties": choice.required() })));
    let complete = json!({
        "required": ["world", "model"],
        "properties": given.collect::<Map<_, _>>()
    });
    let definition = |choice: &choice::Choice| {
        (choice.key.to_owned(), choice.schema(CHOICES.contains(&choice.key)))
    };
    let mut definitions: Map<_, _> = choices.iter().map(definition).collect();
    definitions.insert("overlay".into(), overlay);
    definitions.insert("axes".into(), sweep());
    // Arms and sweeps may give what the file itself leaves out.
    root["if"] = incomplete;
    root["then"] = json!(true);
    root["else"] = complete;
    root["$defs"] = Value::Object(definitions);
    root
}

/// The keys that a file and its arms share.
fn properties() -> Map<String, Value> {
    let mut header = catalog::of::<Header>();
    let mut properties = match header["properties"].take() {
        Value::Object(properties) => properties,
        _ => Map::new(),
    };
    for key in ["trials", "generations"] {
        properties[key]["maximum"] = json!(Header::MOST);
    }
    let trials = properties["trials"].take();
    properties.insert("trials".into(), adaptive(trials));
    for key in CHOICES {
        properties.insert(key.into(), reference(key));
    }
    properties.insert(
        "curation".into(),
        json!({
            "type": "array",
            "items": reference("curator"),
            "description": "What happens to synthetic samples before anyone trains on them, in order.",
            "default": []
        }),
    );
    properties.insert(
        "metrics".into(),
        json!({
            "type": "array",
            "items": reference("metric"),
            "minItems": 1,
            "description": "What is measured; left out: a usual set for the space of the world."
        }),
    );
    properties
}

/// A number of trials, or as many as a half-width takes.
fn adaptive(fixed: Value) -> Value {
    let count = |description: &str, bound: &Value| {
        let (least, most) = (bound["minimum"].clone(), bound["maximum"].clone());
        json!({
            "type": "integer", "minimum": least, "maximum": most, "description": description
        })
    };
    let until = json!({
        "type": "object",
        "description": "The interval that has to become narrow enough, in every arm.",
        "properties": {
            "metric": { "type": "string", "description": "The label of a listed metric." },
            "generation": count("The generation that is looked at.", &fixed),
            "statistic": { "type": "string", "enum": ["median", "mean"] },
            "half-width": {
                "type": "number",
                "exclusiveMinimum": 0.0,
                "description": "Half the width of the 95 % interval, in units of the metric."
            }
        },
        "required": ["metric", "generation", "half-width"],
        "additionalProperties": false
    });
    let range = json!({
        "type": "object",
        "properties": {
            "at-least": count("Trials that are run in any case.", &fixed),
            "at-most": count("Trials after which no more are run.", &fixed),
            "until": until
        },
        "required": ["at-least", "at-most", "until"],
        "additionalProperties": false
    });
    let number = json!({
        "type": "integer", "minimum": fixed["minimum"], "maximum": fixed["maximum"]
    });
    json!({
        "anyOf": [number, range],
        "description": fixed["description"],
        "default": fixed["default"]
    })
}

fn sweep() -> Value {
    let values = json!({ "type": "array", "minItems": 1 });
    let of_arms = json!({
        "type": "object",
        "properties": {
            "values": values,
            "arms": {
                "type": "array",
                "items": { "type": "string" },
                "minItems": 1,
                "description": "The arms that this axis is for."
            }
        },
        "required": ["values"],
        "additionalProperties": false
    });
    // A path may be one quoted key, or tables within tables.
    let inner =
        json!({ "if": { "required": ["values"] }, "then": of_arms, "else": reference("axes") });
    json!({
        "type": "object",
        "description": "Every combination of these values is a cell: a path of this file, such as \
            \"model.mixture.components\", and its values.",
        "minProperties": 1,
        "additionalProperties": { "if": { "type": "array" }, "then": values, "else": inner }
    })
}

fn arms() -> Value {
    json!({
        "type": "object",
        "description": "Named alternatives, each laid over the rest of the file.",
        "minProperties": 1,
        "propertyNames": { "pattern": "\\S" },
        "additionalProperties": reference("overlay")
    })
}

fn figures() -> Value {
    json!({
        "type": "array",
        "description": "The pictures to draw, each a table `[[figures]]`.",
        "items": {
            "type": "object",
            "properties": { "kind": { "type": "string", "enum": FIGURES } },
            "required": ["kind"]
        }
    })
}

fn claims() -> Value {
    json!({
        "type": "array",
        "description": "What its results are held against, each a table `[[claims]]`.",
        "items": catalog::of::<Claim>()
    })
}

fn variant(size: &str) -> Value {
    json!({
        "type": "object",
        "description": format!("Paths of this file and the values that they have in a run {size}."),
        "minProperties": 1
    })
}

fn reference(definition: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{definition}") })
}

/// A table of these keys and no others.
fn closed(properties: Map<String, Value>, description: &str) -> Value {
    json!({
        "type": "object",
        "description": description,
        "properties": properties,
        "additionalProperties": false
    })
}
