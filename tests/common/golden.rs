//! Reads numbers, and laws of tokens, out of golden files.

use model_collapse::distribution::{Distribution, Finite, Markov, Types};
use model_collapse::samples::Tokens;
use ndarray::Array2;
use serde_json::Value;

pub fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

pub fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(|x| x.as_f64().expect("a number")).collect()
}

pub fn matrix(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = list(value).iter().map(numbers).collect();
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).expect("a matrix")
}

pub type Law<S> = Box<dyn Distribution<S>>;

pub fn text(law: &Value) -> Tokens {
    let vocabulary = law["vocabulary"].as_u64().expect("a number") as u32;
    let (mut types, mut ends) = (Vec::new(), Vec::new());
    for sequence in list(&law["sequences"]) {
        types.extend(numbers(sequence).into_iter().map(|kind| kind as u32));
        ends.push(types.len());
    }
    Tokens::ragged(types, ends, vocabulary)
}

pub fn law_of_tokens(law: &Value) -> Law<Tokens> {
    let length = law["length"].as_u64().unwrap_or(1) as usize;
    if law.get("sequences").is_some() {
        return Box::new(Finite::new(text(law)).expect("some sequences"));
    } else if let Some(rows) = law.get("transitions") {
        return Box::new(Markov::new(matrix(rows), length).expect("irreducible"));
    }
    Box::new(Types::new(&numbers(&law["types"]), length).expect("some weight"))
}

pub fn is_of_tokens(law: &Value) -> bool {
    ["types", "sequences", "transitions"].iter().any(|kind| law.get(kind).is_some())
}
