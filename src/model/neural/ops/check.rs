//! The gradient test of every operation.

use crate::stream::{Role, Stream, stream};
use candle_core::{DType, Device, Result, Tensor, Var};
use rand::RngExt;

fn numbers(n: usize, rng: &mut Stream) -> Vec<f64> {
    (0..n).map(|_| rng.random_range(-1.5..1.5)).collect()
}

/// Σ weights·f(inputs), in f64.
fn loss(out: &Tensor, weights: &[f64]) -> f64 {
    let out = out.to_dtype(DType::F64).and_then(|out| out.flatten_all()?.to_vec1::<f64>());
    out.expect("numbers").iter().zip(weights).map(|(out, w)| out * w).sum()
}

/// Compares value and gradients of `fused` (f32) with `plain` (f64) and its central differences, at
/// random inputs of these shapes.
///
/// # Panics
/// If they differ by more than 2e-4 of the largest gradient.
pub fn gradients(
    shapes: &[&[usize]],
    fused: impl Fn(&[Tensor]) -> Result<Tensor>,
    plain: impl Fn(&[Tensor]) -> Result<Tensor>,
) {
    let device = Device::Cpu;
    let mut rng = stream(11, 0, 0, Role::FIT);
    let sizes = shapes.iter().map(|shape| shape.iter().product());
    let inputs: Vec<Vec<f64>> = sizes.map(|n| numbers(n, &mut rng)).collect();
    let tensors = |inputs: &[Vec<f64>]| -> Vec<Tensor> {
        let tensor = |(x, shape): (&Vec<f64>, &&[usize])| {
            Tensor::from_slice(x, *shape, &device).expect("a tensor")
        };
        inputs.iter().zip(shapes).map(tensor).collect()
    };
    let exact = plain(&tensors(&inputs)).expect("a value");
    let weights = numbers(exact.elem_count(), &mut rng);
    let vars: Vec<Var> = tensors(&inputs)
        .iter()
        .map(|t| Var::from_tensor(&t.to_dtype(DType::F32).expect("f32")).expect("a variable"))
        .collect();
    let as_tensors: Vec<Tensor> = vars.iter().map(|var| var.as_tensor().clone()).collect();
    let value = fused(&as_tensors).expect("a value");
    let (got, expected) = (loss(&value, &weights), loss(&exact, &weights));
    assert!((got - expected).abs() < 1e-4 * (1.0 + expected.abs()), "value {got}, {expected}");
    let projection: Vec<f32> = weights.iter().map(|w| *w as f32).collect();
    let projection = Tensor::from_vec(projection, value.shape(), &device).expect("a tensor");
    let total = value.mul(&projection).and_then(|product| product.sum_all()).expect("a sum");
    let store = total.backward().expect("gradients");
    for (k, var) in vars.iter().enumerate() {
        let gradient = store.get(var).expect("a gradient").flatten_all().expect("flat");
        let gradient = gradient.to_vec1::<f32>().expect("numbers");
        let mut differences = Vec::new();
        for i in 0..inputs[k].len() {
            let at = |step: f64| {
                let mut moved = inputs.clone();
                moved[k][i] += step;
                loss(&plain(&tensors(&moved)).expect("a value"), &weights)
            };
            differences.push((at(1e-5) - at(-1e-5)) / 2e-5);
        }
        let scale = differences.iter().fold(1e-3, |most: f64, d| most.max(d.abs()));
        for (i, (got, expected)) in gradient.iter().zip(&differences).enumerate() {
            let error = (f64::from(*got) - expected).abs() / scale;
            assert!(error < 2e-4, "input {k}, element {i}: {got}, and {expected} by differences");
        }
    }
}
