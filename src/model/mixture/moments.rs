//! Means and covariances from the sums that kernels leave in lanes.

use super::{Form, Parameters};
use crate::numeric::kernel::{
    Lane, Quad, first_moments, packed, square_sums, total, weighted_scatter,
};

/// Adds N_k and Σwᵢr_ik(xᵢ − μ_k) of a chunk, for every component.
pub fn add_moments(parameters: &Parameters, chunk: &[Quad], shares: &[Quad], moments: &mut [Lane]) {
    let d = parameters.dimension();
    let components = shares.chunks_exact(chunk.len() / d).zip(moments.chunks_exact_mut(1 + d));
    for (k, (shares, sums)) in components.enumerate() {
        first_moments(chunk, parameters.mean(k), shares, sums);
    }
}

/// Adds the scatter around `mean` of a chunk: its packed lower triangle, or its diagonal.
pub fn add_scatter(
    form: Form,
    chunk: &[Quad],
    mean: &[f64],
    shares: &[Quad],
    centred: &mut [Quad],
    scatter: &mut [Lane],
) {
    match form.is_matrix() {
        true => weighted_scatter(chunk, mean, shares, centred, scatter),
        false => square_sums(chunk, mean, shares, scatter),
    }
}

/// μ + Σw(x − μ)/Σw, in place: the mean, taken around a guess so that no digits are lost.
pub fn shift(mean: &mut [f64], sums: &[Lane]) {
    let held = total(&sums[0]);
    if held > 0.0 {
        mean.iter_mut().zip(&sums[1..]).for_each(|(m, sum)| *m += total(sum) / held);
    }
}

/// Σ_k = scatter/N_k + floor·I.
///
/// A variance that is no more than the rounding of the mean counts as zero: a component whose samples
/// are all the same is a point mass, however the mean was rounded.
pub fn write_covariance(
    parameters: &mut Parameters,
    k: usize,
    scatter: &[Lane],
    held: f64,
    floor: f64,
) {
    let (form, d) = (parameters.form(), parameters.dimension());
    let (mean, covariance) = parameters.around_mean(k);
    let of = |sum: &Lane| if held > 0.0 { total(sum) / held } else { 0.0 };
    let rounding = |i: usize| 4.0 * f64::EPSILON * mean[i].abs();
    let settled = |i: usize, v: f64| if v.sqrt() <= rounding(i) { 0.0 } else { v };
    match form {
        Form::Diagonal => {
            for (i, (v, sum)) in covariance.iter_mut().zip(scatter).enumerate() {
                *v = settled(i, of(sum)) + floor;
            }
        }
        Form::Spherical => {
            let each = scatter.iter().enumerate().map(|(i, sum)| settled(i, of(sum)));
            covariance.fill(each.sum::<f64>() / d as f64 + floor);
        }
        Form::Full | Form::Tied => {
            let variance = |i: usize| settled(i, of(&scatter[packed(i) + i]));
            for i in 0..d {
                for j in 0..i {
                    let live = variance(i) > 0.0 && variance(j) > 0.0;
                    let value = if live { of(&scatter[packed(i) + j]) } else { 0.0 };
                    covariance[i * d + j] = value;
                    covariance[j * d + i] = value;
                }
                covariance[i * d + i] = variance(i) + floor;
            }
        }
    }
}
