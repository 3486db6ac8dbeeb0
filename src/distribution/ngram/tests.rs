use super::*;
use crate::samples::Samples;
use crate::stream::{Role, stream};

/// Two types, n = 2: 0 or 1 first (3 to 1), 0 → 0 or 1 (1 to 1, rest 2), 1 is unknown as a context.
fn small(length: usize) -> NGram {
    let (mut root, mut pairs) = (Contexts::default(), Contexts::default());
    root.push(0, 1.0);
    root.push(1, 3.0);
    root.close(2, 2, 1.0);
    pairs.push(0, 1.0);
    pairs.push(1, 1.0);
    pairs.close(0, 0, 2.0);
    pairs.push(0, 3.0);
    pairs.push(1, 1.0);
    pairs.close(2, 0, 0.0);
    NGram::new(vec![root, pairs], 2, length).expect("a tree")
}

fn next(law: &NGram, context: &[u32]) -> Vec<f64> {
    let mut p = vec![0.0; 2];
    law.next(context, &mut p);
    p
}

fn all_sequences(length: u32) -> Tokens {
    let types = (0..1 << length).flat_map(|k| (0..length).map(move |i| (k >> i) & 1)).collect();
    Tokens::of_length(types, length as usize, 2)
}

#[test]
fn interpolated_probabilities_are_those_by_hand() {
    let law = small(3);
    assert_eq!(next(&law, &[]), [0.75, 0.25]);
    let lowest = [(1.0 + 0.5) / 5.0, (3.0 + 0.5) / 5.0];
    for (p, exact) in next(&law, &[1]).iter().zip(lowest) {
        assert!((p - exact).abs() < 1e-15);
    }
    let mixed = lowest.map(|p| (1.0 + 2.0 * p) / 4.0);
    for (p, exact) in next(&law, &[1, 0]).iter().zip(mixed) {
        assert!((p - exact).abs() < 1e-15);
    }
}

#[test]
fn the_probabilities_of_all_sequences_sum_to_one_and_give_the_entropy() {
    let law = small(6);
    let ln = law.ln_density(&all_sequences(6));
    let mass: f64 = ln.iter().map(|l| l.exp()).sum();
    let entropy: f64 = ln.iter().map(|l| -l * l.exp()).sum();
    assert!((mass - 1.0).abs() < 1e-12);
    assert!((entropy - law.entropy().expect("exact")).abs() < 1e-12);
}

#[test]
fn the_share_of_a_type_is_its_average_over_all_places() {
    let (law, all) = (small(5), all_sequences(5));
    let ones = all.sequences().map(|s| s.iter().sum::<u32>() as f64 / 5.0);
    let share: f64 = ones.zip(law.ln_density(&all)).map(|(share, ln)| share * ln.exp()).sum();
    let types = law.types().expect("exact");
    assert!((types.probabilities[1] - share).abs() < 1e-12 && !types.complete);
    assert!(small(1).types().expect("exact").complete);
}

#[test]
fn draws_follow_the_probabilities_of_whole_sequences() {
    let (law, all, n) = (small(3), all_sequences(3), 40_000);
    let draws = law.draw(n, &mut stream(21, 0, 0, Role::DRAW));
    assert_eq!(draws.shape(), law.shape());
    for (sequence, ln) in all.sequences().zip(law.ln_density(&all)) {
        let share = draws.sequences().filter(|s| *s == sequence).count() as f64 / n as f64;
        let p = ln.exp();
        let error = (p * (1.0 - p) / n as f64).sqrt();
        assert!((share - p).abs() < 4.0 * error, "{sequence:?}: {share} is not {p}");
    }
}

#[test]
fn what_is_no_tree_is_none() {
    let mut root = Contexts::default();
    assert!(NGram::new(vec![], 2, 1).is_none());
    assert!(NGram::new(vec![root.clone()], 2, 1).is_none());
    root.close(0, 0, 1.0);
    assert!(NGram::new(vec![root.clone()], 0, 1).is_none());
    let uniform = NGram::new(vec![root], 2, 4).expect("one context");
    assert_eq!(next(&uniform, &[1, 1]), [0.5, 0.5]);
    assert!((uniform.entropy().expect("exact") - 4.0 * 2.0_f64.ln()).abs() < 1e-15);
}
