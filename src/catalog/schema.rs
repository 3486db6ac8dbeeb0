//! The JSON Schema of an entry's table, from the struct that reads it.
//!
//! Bounds come from the types, descriptions from the comments on the fields, defaults from the entry
//! itself: nothing is written twice, so nothing can disagree.

use super::Entry;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

impl<T: ?Sized> Entry<T> {
    /// The schema of the table that holds the hyperparameters.
    pub fn schema(&'static self) -> Value {
        let mut schema = tidy((self.schema)(&mut generator()).to_value());
        let Some(object) = schema.as_object_mut() else { return schema };
        object.insert("description".into(), json!(self.documentation()));
        let defaults = self.default().map(|chosen| chosen.table).unwrap_or_default();
        let properties = object.entry("properties").or_insert_with(|| json!({}));
        for (name, meaning) in self.parameters() {
            let Some(property) = properties.get_mut(&name).and_then(Value::as_object_mut) else {
                continue;
            };
            property.insert("description".into(), json!(meaning));
            if let Some(default) = defaults.get(&name) {
                property.insert("default".into(), json!(default));
            }
        }
        schema
    }
}

/// The schema of a type that a file can hold.
pub fn of<T: JsonSchema>() -> Value {
    tidy(T::json_schema(&mut generator()).to_value())
}

/// Every schema stands where it is used, so that two types of one name cannot meet.
fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true).into()
}

/// TOML has no null, and the sizes of Rust's numbers are bounds, not formats.
fn tidy(schema: Value) -> Value {
    match schema {
        Value::Object(object) => Value::Object(tidy_object(object)),
        Value::Array(items) => Value::Array(items.into_iter().map(tidy).collect()),
        other => other,
    }
}

fn tidy_object(mut object: Map<String, Value>) -> Map<String, Value> {
    if let Some(types) = object.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".into(), only);
        }
    }
    for key in ["anyOf", "enum"] {
        if let Some(choices) = object.get_mut(key).and_then(Value::as_array_mut) {
            choices.retain(|choice| !choice.is_null() && choice["type"] != "null");
        }
    }
    if object.get("default").is_some_and(Value::is_null) {
        object.remove("default");
    }
    if object.get("format").is_some_and(|format| format == "uint32") {
        object.entry("maximum").or_insert(json!(u32::MAX));
    }
    // A hyperparameter of such a name is a table here, and stays.
    for word in ["format", "title", "$schema"] {
        if object.get(word).is_some_and(Value::is_string) {
            object.remove(word);
        }
    }
    object.into_iter().map(|(key, value)| (key, tidy(value))).collect()
}
