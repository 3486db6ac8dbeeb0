//! Rows as JSON, which has no number for an infinite value: it is the text "inf" or "-inf".

use serde::Serialize;
use serde_json::Value;

/// A row, with the numbers that JSON would lose.
pub fn object<R: Serialize>(row: &R, numbers: &[(&str, Option<f64>)]) -> Value {
    let mut value = serde_json::to_value(row).unwrap_or_default();
    for (name, number) in numbers {
        if let Some(number) = number.filter(|number| number.is_infinite()) {
            value[*name] = Value::String(number.to_string());
        }
    }
    value
}
