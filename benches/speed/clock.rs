//! Wall-clock times of works that alternate, so that a busy machine burdens all of them alike.

use std::hint::black_box;
use std::time::Instant;

/// Seconds that one call takes.
pub fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    black_box(work());
    start.elapsed().as_secs_f64()
}

/// The median; of an even number of values the upper one in the middle.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// Median seconds of each work: all once unmeasured, then so many rounds of one after the other.
pub fn alternate<const K: usize>(rounds: usize, mut works: [&mut dyn FnMut(); K]) -> [f64; K] {
    works.iter_mut().for_each(|work| work());
    let times: Vec<[f64; K]> =
        (0..rounds).map(|_| works.each_mut().map(|work| seconds(&mut **work))).collect();
    std::array::from_fn(|k| median(&times.iter().map(|round| round[k]).collect::<Vec<_>>()))
}
