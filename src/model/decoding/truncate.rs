//! What happens to the logits of one token before it is drawn, and the draw.

use super::Decoding;

/// The repetition penalty: z > 0 is divided by it, z < 0 multiplied, once for each type in `text`.
pub fn penalise(logits: &mut [f32], text: &[u32], penalty: f64) {
    if penalty == 1.0 {
        return;
    }
    let mut seen = vec![false; logits.len()];
    for &kind in text {
        let kind = kind as usize;
        if !std::mem::replace(&mut seen[kind], true) {
            let z = f64::from(logits[kind]);
            logits[kind] = if z < 0.0 { z * penalty } else { z / penalty } as f32;
        }
    }
}

/// Temperature, top-k, top-p and min-p; what is cut off becomes −∞.
pub fn truncate(logits: &mut [f32], decoding: &Decoding) {
    let temperature = decoding.temperature.get();
    if temperature != 1.0 {
        logits.iter_mut().for_each(|z| *z = (f64::from(*z) / temperature) as f32);
    }
    if let Some(k) = decoding.top_k {
        top_k(logits, k.get());
    }
    if let Some(p) = decoding.top_p {
        top_p(logits, p.get());
    }
    if let Some(p) = decoding.min_p {
        let least = f64::from(maximum(logits)) + p.get().ln();
        keep(logits, |z| f64::from(z) >= least);
    }
}

fn top_k(logits: &mut [f32], k: usize) {
    if k < logits.len() {
        let mut sorted = logits.to_vec();
        let (_, kth, _) = sorted.select_nth_unstable_by(k - 1, |a, b| b.total_cmp(a));
        let least = *kth;
        keep(logits, |z| z >= least);
    }
}

/// A type is kept while those more likely than it (equal ones in the order of types) have less than p.
fn top_p(logits: &mut [f32], p: f64) {
    let weights = weights(logits);
    let enough = p * weights.iter().sum::<f64>();
    let mut order: Vec<usize> = (0..logits.len()).collect();
    order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    let mut before = 0.0;
    for kind in order {
        if before >= enough {
            logits[kind] = f32::NEG_INFINITY;
        }
        before += weights[kind];
    }
}

fn keep(logits: &mut [f32], kept: impl Fn(f32) -> bool) {
    logits.iter_mut().filter(|z| !kept(**z)).for_each(|z| *z = f32::NEG_INFINITY);
}

fn maximum(logits: &[f32]) -> f32 {
    logits.iter().copied().fold(f32::NEG_INFINITY, f32::max)
}

/// exp(z − max z).
fn weights(logits: &[f32]) -> Vec<f64> {
    let most = f64::from(maximum(logits));
    logits.iter().map(|&z| (f64::from(z) - most).exp()).collect()
}

/// The type of the largest logit, the first of several.
pub fn largest(logits: &[f32]) -> usize {
    let better = |best: usize, kind: usize| if logits[kind] > logits[best] { kind } else { best };
    (0..logits.len()).reduce(better).unwrap_or(0)
}

/// The type at which the cumulated probability passes `uniform` (0 ≤ uniform < 1).
pub fn pick(logits: &[f32], uniform: f64) -> usize {
    let weights = weights(logits);
    let mut left = uniform * weights.iter().sum::<f64>();
    for (kind, weight) in weights.iter().enumerate() {
        if left < *weight {
            return kind;
        }
        left -= weight;
    }
    // The sum was rounded: the last type that has any mass.
    weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::bounded::{Count, Positive, Share};

    /// Logits of probabilities 0.4, 0.3, 0.2, 0.1 in another order.
    fn logits() -> Vec<f32> {
        [0.1f32, 0.4, 0.2, 0.3].iter().map(|p| p.ln() + 5.0).collect()
    }

    fn kept(decoding: &Decoding) -> Vec<usize> {
        let mut logits = logits();
        truncate(&mut logits, decoding);
        (0..4).filter(|&kind| logits[kind].is_finite()).collect()
    }

    #[test]
    fn top_k_keeps_the_most_likely_and_ties_with_the_last() {
        let top = |k| Decoding { top_k: Some(Count::literal(k)), ..Decoding::default() };
        assert_eq!(kept(&top(1)), [1]);
        assert_eq!(kept(&top(3)), [1, 2, 3]);
        assert_eq!(kept(&top(9)), [0, 1, 2, 3]);
        let mut ties = vec![1.0, 2.0, 1.0, 0.0];
        top_k(&mut ties, 2);
        assert_eq!(ties, [1.0, 2.0, 1.0, f32::NEG_INFINITY]);
    }

    #[test]
    fn top_p_keeps_the_fewest_that_reach_the_mass() {
        let top = |p| Decoding { top_p: Some(Share::literal(p)), ..Decoding::default() };
        assert_eq!(kept(&top(0.01)), [1]);
        assert_eq!(kept(&top(0.39)), [1]);
        assert_eq!(kept(&top(0.41)), [1, 3]);
        assert_eq!(kept(&top(0.71)), [1, 2, 3]);
        assert_eq!(kept(&top(1.0)), [0, 1, 2, 3]);
    }

    #[test]
    fn min_p_is_a_share_of_the_largest_probability() {
        let min = |p| Decoding { min_p: Some(Share::literal(p)), ..Decoding::default() };
        assert_eq!(kept(&min(0.26)), [1, 2, 3]);
        assert_eq!(kept(&min(0.76)), [1]);
        assert_eq!(kept(&min(0.24)), [0, 1, 2, 3]);
    }

    #[test]
    fn each_truncation_sees_what_the_one_before_left() {
        // Of 4/7 and 3/7 the first alone reaches one half; of all four it would not.
        let two = Some(Count::literal(2));
        let both = Decoding { top_k: two, top_p: Some(Share::literal(0.5)), ..Decoding::default() };
        assert_eq!(kept(&both), [1]);
    }

    #[test]
    fn temperature_divides_the_logits() {
        let mut logits = vec![1.0, -2.0];
        let cold = Decoding { temperature: Positive::literal(0.5), ..Decoding::default() };
        truncate(&mut logits, &cold);
        assert_eq!(logits, [2.0, -4.0]);
    }

    #[test]
    fn the_penalty_divides_what_is_positive_and_multiplies_what_is_negative_once() {
        let mut logits = vec![3.0, -1.0, 2.0, f32::NEG_INFINITY];
        penalise(&mut logits, &[0, 1, 0, 3], 2.0);
        assert_eq!(logits, [1.5, -2.0, 2.0, f32::NEG_INFINITY]);
    }

    #[test]
    fn a_pick_inverts_the_cumulated_probabilities() {
        let expected =
            [(0.0, 0), (0.05, 0), (0.12, 1), (0.49, 1), (0.51, 2), (0.71, 3), (0.9999, 3)];
        for (uniform, kind) in expected {
            assert_eq!(pick(&logits(), uniform), kind, "{uniform}");
        }
        assert_eq!(pick(&[f32::NEG_INFINITY, 0.0, f32::NEG_INFINITY], 0.999_999), 1);
        assert_eq!(largest(&[1.0, 3.0, 3.0]), 1);
    }
}
