//! What Kneser–Ney smoothing takes off each count: the modified discounts of Chen & Goodman.

/// D(1), D(2) and D(3+) where the counts of counts give none.
const FALLBACK: [f64; 3] = [0.5, 1.0, 1.5];

/// Discounts of the grams of one length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Discounts {
    /// The same from every count.
    Fixed(f64),
    /// D(1), D(2) and D(3+).
    Modified([f64; 3]),
}

impl Discounts {
    /// D(i) = i − (i + 1)·Y·n_(i+1)/n_i with Y = n_1/(n_1 + 2·n_2), n_i the number of counts that are i
    /// (fractional ones are rounded). All three are taken from [`FALLBACK`] where one of them is not
    /// above 0 and at most i: where there are few counts.
    pub fn modified(counts: impl Iterator<Item = f64>) -> Self {
        let mut n = [0.0; 5];
        for count in counts {
            let rounded = count.round();
            if (1.0..=4.0).contains(&rounded) {
                n[rounded as usize] += 1.0;
            }
        }
        let y = n[1] / (n[1] + 2.0 * n[2]);
        let discounts = [1, 2, 3].map(|i| i as f64 - (i + 1) as f64 * y * n[i + 1] / n[i]);
        let legal = |i: usize| discounts[i] > 0.0 && discounts[i] <= (i + 1) as f64;
        Discounts::Modified(if (0..3).all(legal) { discounts } else { FALLBACK })
    }

    /// What is taken off a count: at most all of it. Between whole counts, in proportion.
    pub fn of(self, count: f64) -> f64 {
        match self {
            Discounts::Fixed(discount) => discount.min(count),
            Discounts::Modified(discounts) => {
                let at = |i: usize| if i == 0 { 0.0 } else { discounts[(i - 1).min(2)] };
                let below = count.min(3.0).floor();
                let (low, high) = (at(below as usize), at(below as usize + 1));
                (low + (high - low) * (count.min(3.0) - below)).min(count)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discounts_are_those_of_the_formula_by_hand() {
        // n1 = 8, n2 = 3, n3 = 2, n4 = 1: Y = 8/14.
        let counts = [vec![1.0; 8], vec![2.0; 3], vec![3.0; 2], vec![4.0], vec![9.0]].concat();
        let Discounts::Modified([one, two, three]) = Discounts::modified(counts.into_iter()) else {
            panic!("modified")
        };
        let y = 4.0 / 7.0;
        assert!((one - (1.0 - 2.0 * y * 3.0 / 8.0)).abs() < 1e-15);
        assert!((two - (2.0 - 3.0 * y * 2.0 / 3.0)).abs() < 1e-15);
        assert!((three - (3.0 - 4.0 * y * 1.0 / 2.0)).abs() < 1e-15);
    }

    #[test]
    fn few_counts_fall_back_and_no_discount_is_more_than_its_count() {
        for counts in
            [vec![], vec![1.0; 5], vec![7.0], [vec![1.0, 2.0, 3.0], vec![4.0; 20]].concat()]
        {
            let discounts = Discounts::modified(counts.into_iter());
            assert_eq!(discounts, Discounts::Modified(FALLBACK));
        }
        for discounts in [Discounts::Modified(FALLBACK), Discounts::Fixed(0.9)] {
            for count in [1e-9, 0.3, 0.9, 1.0, 1.5, 2.0, 2.9, 3.0, 3.5, 100.0] {
                let taken = discounts.of(count);
                assert!(taken > 0.0 && taken <= count, "{discounts:?} of {count}: {taken}");
            }
        }
    }

    #[test]
    fn a_fractional_count_is_discounted_between_its_neighbours() {
        let discounts = Discounts::Modified([0.6, 1.0, 1.2]);
        let of = |count| discounts.of(count);
        assert_eq!([of(1.0), of(2.0), of(3.0), of(50.0)], [0.6, 1.0, 1.2, 1.2]);
        assert!((of(1.25) - 0.7).abs() < 1e-15 && (of(0.5) - 0.3).abs() < 1e-15);
    }
}
