//! An entry as people and programs read it, whatever it is an entry of.

use super::Kind;
use crate::catalog::Entry;
use crate::metric::{Card, Target};
use serde_json::{Map, Value, json};

pub struct Page {
    pub kind: Kind,
    pub name: &'static str,
    pub spaces: Vec<&'static str>,
    pub summary: String,
    pub documentation: String,
    pub parameters: Vec<Parameter>,
    pub source: Option<String>,
    pub revision: u32,
    /// What only this kind of entry has: the recipe of a regime, the card of a metric, what the
    /// defaults of a curator come to.
    pub extra: Extra,
}

pub enum Extra {
    None,
    Recipe(String),
    Account(String),
    Card(Card),
}

/// A hyperparameter.
pub struct Parameter {
    pub name: String,
    pub documentation: String,
    /// Its schema: type, bounds, words, default.
    pub schema: Value,
    pub required: bool,
}

impl Page {
    pub fn new<T: ?Sized>(
        kind: Kind,
        space: &'static str,
        entry: &'static Entry<T>,
        extra: impl Fn(&T) -> Extra,
    ) -> Self {
        let schema = entry.schema();
        let required = |name: &str| {
            schema["required"].as_array().is_some_and(|keys| keys.iter().any(|key| key == name))
        };
        let parameter = |(name, documentation): (String, String)| Parameter {
            schema: schema["properties"][&name].clone(),
            required: required(&name),
            name,
            documentation,
        };
        Page {
            kind,
            name: entry.name,
            spaces: if space.is_empty() { Vec::new() } else { vec![space] },
            summary: entry.summary(),
            documentation: entry.documentation(),
            parameters: entry.parameters().into_iter().map(parameter).collect(),
            source: entry.cited(),
            revision: entry.revision,
            extra: entry.default().map_or(Extra::None, |chosen| extra(&chosen.value)),
        }
    }

    pub fn json(&self) -> Value {
        let mut page = json!({
            "name": self.name,
            "kind": self.kind.key(),
            "spaces": self.spaces,
            "summary": self.summary,
            "documentation": self.documentation,
            "parameters": self.parameters.iter().map(Parameter::json).collect::<Vec<_>>(),
            "source": self.source,
            "revision": self.revision,
        });
        if let Extra::Account(account) = &self.extra {
            page["account"] = json!(account);
        }
        if let Extra::Card(card) = self.extra {
            page["symbol"] = json!(card.symbol);
            page["unit"] = json!(card.unit);
            page["target"] = json!(target(card.target));
            page["cost"] = json!(card.cost);
            page["source"] = json!(card.source);
        }
        page
    }
}

/// What an ideal model would have.
pub fn target(target: Target) -> String {
    match target {
        Target::Value(value) | Target::Floor(value) => value.to_string(),
        Target::World | Target::WorldLogarithm => "the world's own value".into(),
        Target::Least => "the least possible".into(),
        Target::Most => "the most possible".into(),
    }
}

impl Parameter {
    fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("name".into(), json!(self.name));
        object.insert("documentation".into(), json!(self.documentation));
        object.insert("required".into(), json!(self.required));
        let described = |(key, _): &(&String, &Value)| key.as_str() != "description";
        let schema = self.schema.as_object().into_iter().flatten().filter(described);
        object.extend(schema.map(|(key, value)| (key.clone(), value.clone())));
        Value::Object(object)
    }

    /// What stands behind the name: its default, and what is allowed where that is a range.
    pub fn rule(&self) -> String {
        let default = match self.schema.get("default") {
            Some(value) => format!(" = {value}"),
            None if self.required => " (must be given)".into(),
            None => String::new(),
        };
        match allowed(&self.schema) {
            Some(allowed) => format!("{default}    {allowed}"),
            None => default,
        }
    }
}

/// The bounds or the words of a value.
fn allowed(schema: &Value) -> Option<String> {
    if let Some(alternatives) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let parts: Vec<String> = alternatives.iter().filter_map(allowed).collect();
        return (!parts.is_empty()).then(|| parts.join(" or "));
    }
    if let Some(word) = schema.get("const") {
        return Some(word.to_string());
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> = words.iter().map(Value::to_string).collect();
        return Some(words.join(" or "));
    }
    let bound = |key: &str| schema[key].as_f64();
    let low = bound("minimum").map(|b| (b, "≤", "≥"));
    let low = low.or(bound("exclusiveMinimum").map(|b| (b, "<", ">")));
    let high = bound("maximum").map(|b| (b, "≤"));
    let high = high.or(bound("exclusiveMaximum").map(|b| (b, "<")));
    let x = if schema["type"] == "integer" { "n" } else { "x" };
    match (low, high) {
        (Some((low, below, _)), Some((high, above))) => {
            Some(format!("{low} {below} {x} {above} {high}"))
        }
        (Some((low, _, above)), None) => Some(format!("{x} {above} {low}")),
        (None, Some((high, below))) => Some(format!("{x} {below} {high}")),
        (None, None) => None,
    }
}
