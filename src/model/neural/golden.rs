//! Loss and gradients against PyTorch's: `tests/golden/neural.json`.

use super::network::Network;
use super::ops::cross_entropy::{Target, cross_entropy};
use super::parameters::{Parameters, Specification};
use super::train::Batch;
use super::weights::{Array, Weights};
use super::{Recurrent, Transformer};
use candle_core::Device;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().filter_map(Value::as_f64).collect()
}

/// Rows and columns of a golden array; a vector is one column.
fn sides(value: &Value) -> (usize, usize) {
    let shape = numbers(&value["shape"]);
    (shape[0] as usize, shape.get(1).map_or(1, |columns| *columns as usize))
}

/// The golden numbers, with zeros where our array only fills up.
fn filled(one: &Specification, value: &Value) -> Vec<f64> {
    let (rows, columns) = sides(value);
    let given = numbers(&value["data"]);
    let wide = one.shape.get(1).copied().unwrap_or(1);
    let at = |k: usize| (k / wide, k % wide);
    let total = one.shape.iter().product();
    let inside = |(i, j): (usize, usize)| i < rows && j < columns;
    (0..total)
        .map(|k| if inside(at(k)) { given[at(k).0 * columns + at(k).1] } else { 0.0 })
        .collect()
}

fn compare<N: Network>(network: N) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/neural.json");
    let golden: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON");
    let cases = golden["cases"].as_array().expect("cases");
    let case = cases.iter().find(|case| case["name"] == N::NAME).expect("the network's case");
    let all = network.specifications();
    let array = |one: &Specification| {
        let data = filled(one, &case["weights"][&one.name]).iter().map(|x| *x as f32).collect();
        (one.name.clone(), Array { shape: one.shape.clone(), data })
    };
    let weights: Weights = all.iter().map(array).collect();
    let parameters =
        Parameters::from_weights(&weights, N::variable, &Device::Cpu).expect("parameters");
    let (mut inputs, mut tokens) = (Vec::new(), Vec::new());
    let sequences = golden["sequences"].as_array().expect("sequences");
    for sequence in sequences {
        let sequence: Vec<u32> = numbers(sequence).iter().map(|kind| *kind as u32).collect();
        inputs.push(network.types() as u32);
        inputs.extend_from_slice(&sequence[..sequence.len() - 1]);
        tokens.extend(sequence);
    }
    let batch = Batch { inputs: inputs.into(), offsets: vec![0; sequences.len()].into() };
    let types = network.types();
    let target = Target { types, tokens: tokens.into(), weights: None, confidence: None };
    let logits = network.logits(&parameters, &batch, None).expect("logits");
    let loss = cross_entropy(&logits, &target).expect("a loss");
    let value = f64::from(loss.to_scalar::<f32>().expect("a number"));
    let exact = case["loss"].as_f64().expect("a number");
    assert!((value - exact).abs() < 1e-5 * exact, "loss {value}, {exact}");
    let gradients = loss.backward().expect("gradients");
    let gradients = parameters.arrays(|var| Ok(gradients.get(var).expect("a gradient").clone()));
    let gradients = gradients.expect("numbers");
    for one in &all {
        let gradient = gradients.get(&one.name);
        let exact = filled(one, &case["gradients"][&one.name]);
        let scale = exact.iter().fold(0.0, |most: f64, g| most.max(g.abs()));
        for (k, (found, exact)) in gradient.iter().zip(&exact).enumerate() {
            let error = (f64::from(*found) - exact).abs();
            assert!(error < 1e-4 * scale, "{} [{k}]: {found}, {exact}", one.name);
        }
    }
}

#[test]
fn loss_and_gradients_of_the_transformer_are_those_of_pytorch() {
    compare(Transformer {
        types: 5,
        length: 6,
        context: 6,
        layers: 2,
        width: 8,
        heads: 2,
        rotary: false,
        tied: false,
        dropout: 0.0,
    });
}

#[test]
fn loss_and_gradients_of_the_recurrent_network_are_those_of_pytorch() {
    compare(Recurrent { types: 5, length: 6, layers: 1, width: 8, embedding: 4, dropout: 0.0 });
}
