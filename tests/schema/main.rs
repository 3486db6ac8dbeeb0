//! The JSON Schema of the experiment file says what its reader says.

mod entries;
mod files;
mod reader;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

/// A compiled schema.
pub struct Validator(Schemas, SchemaIndex);

impl Validator {
    pub fn new(schema: Value) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("schema.json", schema).expect("a schema");
        let index = compiler.compile("schema.json", &mut schemas).expect("a legal schema");
        Validator(schemas, index)
    }

    pub fn check(&self, value: &Value) -> Result<(), String> {
        self.0.validate(value, self.1).map_err(|error| format!("{error:#}"))
    }

    pub fn check_toml(&self, text: &str) -> Result<(), String> {
        let table: toml::Table = toml::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        self.check(&serde_json::to_value(table).expect("JSON"))
    }
}
