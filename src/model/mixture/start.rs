//! Where EM starts when nobody says where: k-means++, and a few rounds of k-means.

use super::Parameters;
use super::data::Data;
use super::em::Em;
use crate::numeric::kernel::{Quad, ZERO, scaled_squares};
use crate::stream::Stream;
use ndarray::Array2;

/// Rounds of k-means after the centres were chosen.
const ROUNDS: usize = 10;

/// Equal weights, the means of k-means clusters, and the pooled covariance within them.
pub fn k_means(em: &mut Em<'_>, rng: &mut Stream) -> Parameters {
    let form = em.settings.covariance;
    let (k, d) = (em.settings.components.get(), em.data.columns.dimension());
    let centres = plus_plus(em.data, k, rng);
    let centres = Array2::from_shape_fn((k, d), |(c, j)| centres[c][j]);
    let mut parameters = Parameters::around(&centres, &vec![0.0; form.size(d)], form);
    let mut labels = nearest(em.data, &parameters);
    for _ in 0..ROUNDS {
        em.move_means(&mut parameters, &labels);
        let moved = nearest(em.data, &parameters);
        if moved == labels {
            break;
        }
        labels = moved;
    }
    em.maximise_labels(&mut parameters, &labels);
    parameters.pool();
    parameters.weights.fill(1.0 / k as f64);
    parameters
}

/// k samples, each likely to be far from those before it: of 2 + ln k candidates, drawn by weight times
/// squared distance, the one that leaves the least sum of squares.
fn plus_plus<'a>(data: &Data<'a>, k: usize, rng: &mut Stream) -> Vec<&'a [f64]> {
    let candidates = 2 + (k as f64).ln() as usize;
    let mut centres = vec![data.row(data.pick(&data.weights, rng))];
    let mut masses = masses_to(data, centres[0]);
    while centres.len() < k {
        let mut best: Option<(f64, &[f64], Vec<Quad>)> = None;
        for _ in 0..candidates {
            let x = data.row(data.pick(&masses, rng));
            let mut left = masses_to(data, x);
            let (flat, old) = (left.as_flattened_mut(), masses.as_flattened());
            let pairs = flat.as_flattened_mut().iter_mut().zip(old.as_flattened());
            let sum = pairs.fold(0.0, |sum, (new, old)| {
                *new = new.min(*old);
                sum + *new
            });
            if best.as_ref().is_none_or(|(least, ..)| sum < *least) {
                best = Some((sum, x, left));
            }
        }
        let Some((_, x, left)) = best else { break };
        centres.push(x);
        masses = left;
    }
    centres
}

/// w·‖x − centre‖² of every sample.
fn masses_to(data: &Data<'_>, centre: &[f64]) -> Vec<Quad> {
    let mut masses = squares_to(data, centre);
    let weights = data.weights.as_flattened().as_flattened();
    let flat = masses.as_flattened_mut().as_flattened_mut();
    flat.iter_mut().zip(weights).for_each(|(square, w)| *square *= w);
    masses
}

fn squares_to(data: &Data<'_>, centre: &[f64]) -> Vec<Quad> {
    let ones = vec![1.0; centre.len()];
    let mut squares = vec![ZERO; data.columns.quads()];
    for (first, chunk) in data.columns.chunks() {
        let quads = chunk.len() / centre.len();
        scaled_squares(chunk, centre, &ones, &mut squares[first..][..quads]);
    }
    squares
}

/// The component whose mean is nearest, for every sample.
fn nearest(data: &Data<'_>, parameters: &Parameters) -> Vec<usize> {
    let mut labels = vec![0; data.columns.len()];
    let mut least = vec![f64::INFINITY; labels.len()];
    for k in 0..parameters.components() {
        let squares = squares_to(data, parameters.mean(k));
        let squares = squares.as_flattened().as_flattened();
        for ((label, least), &square) in labels.iter_mut().zip(&mut least).zip(squares) {
            if square < *least {
                (*label, *least) = (k, square);
            }
        }
    }
    labels
}
