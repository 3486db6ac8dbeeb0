//! The share of each type and the entropy of a sequence, exactly, where that is quick.

use super::NGram;
use crate::distribution::Conditional;

/// Types of a chain whose V² steps may be kept, and operations that its exact law may cost.
const MOST_TYPES: usize = 1 << 10;
const MOST_STEPS: usize = 1 << 26;

/// Of sequences of one length.
#[derive(Debug, Clone)]
pub struct Exact {
    /// The share of each type, averaged over the places of a sequence.
    pub types: Vec<f64>,
    /// In nats a sequence.
    pub entropy: f64,
}

impl Exact {
    /// `None` where it would take long, or where tokens depend on more than the one before.
    pub fn of(law: &NGram) -> Option<Self> {
        let (vocabulary, length) = (law.vocabulary as usize, law.length);
        let mut first = vec![0.0; vocabulary];
        law.next(&[], &mut first);
        if length == 1 || law.order() == 1 {
            let entropy = length as f64 * shannon(&first);
            return Some(Exact { types: first, entropy });
        }
        let quick = vocabulary <= MOST_TYPES
            && (vocabulary * vocabulary).checked_mul(length).is_some_and(|n| n <= MOST_STEPS);
        (law.order() == 2 && quick).then(|| chain(law, first))
    }
}

/// Of a chain: P(token at place i), place after place, and the entropies of the steps.
fn chain(law: &NGram, first: Vec<f64>) -> Exact {
    let n = first.len();
    let mut steps = vec![0.0; n * n];
    for (kind, row) in steps.chunks_exact_mut(n).enumerate() {
        law.next(&[kind as u32], row);
    }
    let entropies: Vec<f64> = steps.chunks_exact(n).map(shannon).collect();
    let mut entropy = shannon(&first);
    let (mut types, mut here) = (first.clone(), first);
    for _ in 1..law.length {
        entropy += here.iter().zip(&entropies).map(|(share, h)| share * h).sum::<f64>();
        let mut next = vec![0.0; n];
        for (share, row) in
            here.iter().zip(steps.chunks_exact(n)).filter(|(share, _)| **share > 0.0)
        {
            next.iter_mut().zip(row).for_each(|(p, step)| *p += share * step);
        }
        types.iter_mut().zip(&next).for_each(|(sum, p)| *sum += p);
        here = next;
    }
    types.iter_mut().for_each(|sum| *sum /= law.length as f64);
    Exact { types, entropy }
}

/// −Σ p ln p; 0 − x, so that a certain type has entropy 0 and not −0.
fn shannon(probabilities: &[f64]) -> f64 {
    let live = probabilities.iter().filter(|p| **p > 0.0);
    0.0 - live.map(|p| p * p.ln()).sum::<f64>()
}
