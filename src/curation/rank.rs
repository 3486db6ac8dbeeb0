//! Samples in the order of a score, and those of them that survive.

use super::CurationBench;
use crate::samples::Samples;

/// Rows by falling score; of two alike the earlier comes first.
pub fn highest_first(scores: &[f64]) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..scores.len()).collect();
    rows.sort_by(|&i, &j| scores[j].total_cmp(&scores[i]).then(i.cmp(&j)));
    rows
}

/// Rows by falling ln p_t(x). `None` where the model has no density.
pub fn likeliest_first<S: Samples>(
    offered: &S,
    bench: &CurationBench<'_, S>,
) -> Option<Vec<usize>> {
    Some(highest_first(&bench.model.density()?.ln_density(offered)))
}

/// round(share·m)
pub fn part(share: f64, m: usize) -> usize {
    (share * m as f64).round() as usize
}

/// The samples at these rows, in the order in which they were offered.
pub fn survivors<S: Samples>(offered: &S, mut rows: Vec<usize>) -> S {
    rows.sort_unstable();
    offered.gather(&rows)
}
