//! Gradients of both halves against differences of their composites.

use super::super::check::gradients;
use super::*;

fn check(middle: &Middle, batch: usize, length: usize, width: usize, mask: Option<Vec<f32>>) {
    let parameters = middle.lengths(width).iter().sum();
    gradients(
        &[&[batch, length, width], &[parameters]],
        |t| sublayer(&t[0], &t[1], middle, mask.clone()),
        |t| composite(&t[0], &t[1], middle, mask.clone()),
    );
}

fn attention(length: usize, width: usize, heads: usize, rotary: bool) -> Middle {
    let rotation = rotary.then(|| Arc::new(Rotation::new(length, width / heads)));
    Middle::Attention { heads, rotation }
}

#[test]
fn gradients_of_the_half_with_gelu() {
    check(&Middle::Gelu, 2, 3, 5, None);
}

#[test]
fn gradients_of_the_half_with_attention_for_lengths_and_heads_of_any_size() {
    for (batch, length, width, heads) in [(2, 5, 6, 3), (1, 18, 8, 2), (1, 1, 4, 1)] {
        check(&attention(length, width, heads, false), batch, length, width, None);
    }
}

#[test]
fn gradients_with_rotary_positions_and_under_dropout() {
    check(&attention(6, 8, 2, true), 2, 6, 8, None);
    let mask = (0..60).map(|k| if k % 3 == 0 { 0.0 } else { 1.5 }).collect();
    check(&Middle::Gelu, 2, 5, 6, Some(mask));
}

#[test]
fn parameters_of_another_width_are_an_error() {
    let zeros = |shape: &[usize]| {
        Tensor::zeros(shape, candle_core::DType::F32, &candle_core::Device::Cpu).expect("zeros")
    };
    assert!(sublayer(&zeros(&[1, 2, 4]), &zeros(&[7]), &Middle::Gelu, None).is_err());
}

/// The result, and the gradients of x and of the parameters for a loss of Σ y²/2.
fn passes(middle: &Middle, x: &[f32], dims: [usize; 3], parameters: &[f32]) -> [Vec<f32>; 3] {
    let run = || -> Result<[Vec<f32>; 3]> {
        let device = candle_core::Device::Cpu;
        let x = candle_core::Var::from_slice(x, &dims, &device)?;
        let row = candle_core::Var::from_slice(parameters, parameters.len(), &device)?;
        let y = sublayer(&x, &row, middle, None)?;
        let store = (y.sqr()?.sum_all()? * 0.5)?.backward()?;
        let gradient = |of: &Tensor| store.get(of).expect("a gradient").flatten_all()?.to_vec1();
        Ok([y.flatten_all()?.to_vec1()?, gradient(&x)?, gradient(&row)?])
    };
    run().expect("both passes")
}

#[test]
fn many_samples_give_what_each_gives_alone() {
    let (batch, length, width) = (5, 33, 16);
    let number = |k: usize| (k * 37 % 101) as f32 / 101.0 - 0.5;
    let x: Vec<f32> = (0..batch * length * width).map(number).collect();
    for middle in [Middle::Gelu, attention(length, width, 2, true)] {
        let parameters: Vec<f32> = (0..middle.lengths(width).iter().sum()).map(number).collect();
        let all = passes(&middle, &x, [batch, length, width], &parameters);
        let each: Vec<_> = x
            .chunks(length * width)
            .map(|x| passes(&middle, x, [1, length, width], &parameters))
            .collect();
        for k in 0..2 {
            assert_eq!(all[k], each.iter().flat_map(|one| one[k].clone()).collect::<Vec<_>>());
        }
        let most = all[2].iter().fold(0.0, |most: f32, g| most.max(g.abs()));
        for (i, sum) in all[2].iter().enumerate() {
            let expected: f32 = each.iter().map(|one| one[2][i]).sum();
            assert!((sum - expected).abs() < 1e-5 * most, "parameter {i}: {sum}, {expected}");
        }
    }
}
