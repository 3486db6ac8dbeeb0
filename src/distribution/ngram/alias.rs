//! Draws in constant time from weights that are given once: the alias method.
//!
//! Of m types each has a slot that is drawn as often as every other; a slot gives its own type below its
//! threshold, and its alias above.
//! Source: Walker 1977; Vose 1991.

/// A type, the share of its slot that is its own, and the type that has the rest: side by side in memory.
#[derive(Debug, Clone)]
pub struct Slot {
    threshold: f64,
    pub kind: u32,
    alias: u32,
}

impl Slot {
    pub fn new(kind: u32) -> Self {
        Slot { threshold: 1.0, kind, alias: kind }
    }

    /// The type of a number from 0 to below 1. There must be a slot.
    pub fn pick(slots: &[Slot], uniform: f64) -> u32 {
        let place = uniform * slots.len() as f64;
        // A product may be rounded up to the number of slots.
        let i = (place as usize).min(slots.len() - 1);
        let slot = &slots[i];
        if place - (i as f64) < slot.threshold { slot.kind } else { slot.alias }
    }
}

/// What filling slots needs besides, kept for the next time.
#[derive(Debug, Clone, Default)]
pub struct Aliases {
    shares: Vec<f64>,
    small: Vec<usize>,
    large: Vec<usize>,
}

impl Aliases {
    /// Gives the slots thresholds and aliases, so that each type is drawn in proportion to its weight.
    pub fn fill(&mut self, slots: &mut [Slot], weights: &[f64], sum: f64) {
        if slots.len() < 2 {
            return;
        }
        let n = slots.len() as f64;
        self.shares.clear();
        self.shares.extend(weights.iter().map(|weight| weight / sum * n));
        self.small.clear();
        self.large.clear();
        for (i, share) in self.shares.iter().enumerate() {
            if *share < 1.0 { self.small.push(i) } else { self.large.push(i) }
        }
        // What is left when one list is empty is 1 but for rounding: such slots keep their threshold.
        while let (Some(&large), Some(small)) = (self.large.last(), self.small.pop()) {
            slots[small].threshold = self.shares[small];
            slots[small].alias = slots[large].kind;
            self.shares[large] = (self.shares[large] + self.shares[small]) - 1.0;
            if self.shares[large] < 1.0 {
                self.large.pop();
                self.small.push(large);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exact probability of each type under the slots.
    fn probabilities(slots: &[Slot]) -> Vec<f64> {
        let mut sums = vec![0.0; slots.len()];
        for slot in slots {
            sums[slot.kind as usize] += slot.threshold / slots.len() as f64;
            sums[slot.alias as usize] += (1.0 - slot.threshold) / slots.len() as f64;
        }
        sums
    }

    #[test]
    fn slots_have_the_probabilities_of_their_weights() {
        let zipf: Vec<f64> = (1..=1000).map(|rank| 1.0 / f64::from(rank)).collect();
        let cases = [vec![3.0], vec![1.0, 1.0, 1.0], vec![1e-300, 5.0, 1e-9, 2.0], zipf];
        for weights in cases {
            let sum: f64 = weights.iter().sum();
            let mut slots: Vec<Slot> = (0..weights.len() as u32).map(Slot::new).collect();
            Aliases::default().fill(&mut slots, &weights, sum);
            for (p, weight) in probabilities(&slots).iter().zip(&weights) {
                assert!((p - weight / sum).abs() < 1e-14, "{p} is not {}", weight / sum);
            }
        }
    }

    #[test]
    fn a_pick_is_below_or_above_the_threshold_of_its_slot() {
        let mut slots: Vec<Slot> = (0..2).map(Slot::new).collect();
        Aliases::default().fill(&mut slots, &[1.0, 3.0], 4.0);
        let picked = [0.0, 0.249, 0.251, 0.5, 0.999].map(|u| Slot::pick(&slots, u));
        assert_eq!(picked, [0, 0, 1, 1, 1]);
    }
}
