//! Holm's step-down adjustment: p-values of a family of tests, to be held against one level.
//!
//! With p₍₁₎ ≤ … ≤ p₍ₘ₎, the adjusted value of the i-th is max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎).
//! Rejecting all tests whose adjusted value is at most α makes any false rejection in the family at
//! most α likely, whatever the dependence between tests.
//! Source: Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979.

/// The adjusted p-values, in the order of the given ones.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut largest: f64 = 0.0;
    for (rank, &place) in order.iter().enumerate() {
        largest = largest.max(((p.len() - rank) as f64 * p[place]).min(1.0));
        adjusted[place] = largest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_is_multiplied_most_and_the_order_is_kept() {
        assert_eq!(holm(&[0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
        assert_eq!(holm(&[0.6, 0.5]), [1.0, 1.0]);
        assert_eq!(holm(&[0.2]), [0.2]);
        assert!(holm(&[]).is_empty());
    }
}
