//! Dropout: elements become zero with probability p, the others are divided by 1 − p.
//!
//! The mask is drawn here, from a stream of the laboratory, on every device; a product does the rest.
//! Source: Srivastava et al. 2014.

use crate::stream::Stream;
use candle_core::{Result, Tensor};
use rand::RngExt;

/// 0 with probability p, and else 1/(1 − p), for n elements; none where p = 0.
pub fn mask(n: usize, p: f64, rng: &mut Stream) -> Option<Vec<f32>> {
    if p <= 0.0 {
        return None;
    }
    let scale = if p < 1.0 { (1.0 / (1.0 - p)) as f32 } else { 0.0 };
    let mut element = || if rng.random::<f64>() < p { 0.0 } else { scale };
    Some((0..n).map(|_| element()).collect())
}

/// Elements of x kept with probability 1 − p; x itself where p = 0.
pub fn dropout(x: &Tensor, p: f64, rng: &mut Stream) -> Result<Tensor> {
    match mask(x.elem_count(), p, rng) {
        Some(mask) => x.mul(&Tensor::from_vec(mask, x.shape(), x.device())?),
        None => Ok(x.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};
    use candle_core::{DType, Device};

    #[test]
    fn a_share_of_elements_is_dropped_and_the_mean_is_kept() {
        let x = Tensor::ones((100, 100), DType::F32, &Device::Cpu).expect("ones");
        let mut rng = stream(1, 0, 1, Role::FIT);
        let y = dropout(&x, 0.25, &mut rng).and_then(|y| y.flatten_all()?.to_vec1::<f32>());
        let y = y.expect("numbers");
        let zeros = y.iter().filter(|y| **y == 0.0).count() as f64 / 1e4;
        assert!((zeros - 0.25).abs() < 4.0 * (0.25f64 * 0.75 / 1e4).sqrt());
        assert!(y.iter().all(|y| *y == 0.0 || (*y - 4.0 / 3.0).abs() < 1e-6));
    }
}
