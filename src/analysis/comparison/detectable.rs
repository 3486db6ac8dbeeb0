//! The smallest shift that these trials could have found: what "no difference found" is worth.
//!
//! The differences, moved so that their median is 0, stand for the law of the noise. A trial of the
//! experiment is a resample of n of them plus a shift s; the sign-flip test finds the shift where its
//! p-value, in closed form, is at most the level. The smallest detectable effect is the least s > 0
//! that is found in 80 % of [`EXPERIMENTS`] resamples, the same ones for every s, by bisection to four
//! digits. Infinite differences stay infinite: a death is noise that no shift undoes.
//!
//! The level is that which a line of a table must reach whatever the others say: α over the number of
//! lines, the hardest step of Holm. None where no shift could be found: too few trials, or too many deaths.
//! Source: power by simulation, Davison & Hinkley, *Bootstrap Methods and their Application*, 1997, §4.6.

use rand::Rng;

use super::limit::Limit;
use super::{median, middle};
use crate::stream::Stream;

/// How many resampled experiments a shift is tried on.
pub const EXPERIMENTS: usize = 400;

/// The share of them in which it must be found.
pub const POWER: f64 = 0.8;

/// The smallest effect that differences like these would have shown at this level.
pub fn detectable(differences: &[f64], level: f64, rng: &mut Stream) -> Option<f64> {
    let n = differences.len();
    if n == 0 || differences.iter().any(|d| d.is_nan()) {
        return None;
    }
    let trial = Trials { level, limit: Limit::of_size(n), samples: resample(differences, rng) };
    // A shift beyond all noise: what it does not show, nothing shows.
    let noise = trial.samples.iter().flatten().filter(|d| d.is_finite());
    let noise = noise.fold(0.0, |size: f64, d| size.max(d.abs()));
    let mut high = if noise > 0.0 { 4.0 * noise } else { 1.0 };
    if !trial.is_found(high) {
        return None;
    }
    let mut low = 0.0;
    while high - low > 1e-4 * high && high > f64::MIN_POSITIVE {
        let middle = low.midpoint(high);
        if trial.is_found(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

/// Resamples of the differences about their median, each in ascending order.
fn resample(differences: &[f64], rng: &mut Stream) -> Vec<Vec<f64>> {
    let n = differences.len();
    let mut centred = differences.to_vec();
    centred.sort_unstable_by(f64::total_cmp);
    let centre = Some(median(&centred)).filter(|centre| centre.is_finite()).unwrap_or(0.0);
    centred.iter_mut().for_each(|d| *d -= centre);
    let draw = |rng: &mut Stream| {
        let mut places: Vec<u64> =
            (0..n).map(|_| ((rng.next_u64() >> 32) * n as u64) >> 32).collect();
        places.sort_unstable();
        places.into_iter().map(|place| centred[place as usize]).collect()
    };
    (0..EXPERIMENTS).map(|_| draw(rng)).collect()
}

/// Experiments without an effect, waiting for one.
struct Trials {
    level: f64,
    limit: Limit,
    samples: Vec<Vec<f64>>,
}

impl Trials {
    /// Whether a shift is found often enough.
    fn is_found(&self, shift: f64) -> bool {
        let found = self.samples.iter().filter(|sample| self.finds(sample, shift)).count();
        found as f64 >= POWER * self.samples.len() as f64
    }

    /// Whether the test finds the shift in one of them, on the right side.
    fn finds(&self, sorted: &[f64], shift: f64) -> bool {
        let n = sorted.len();
        let far = middle(sorted[(n - 1) / 2] + shift, sorted[n / 2] + shift);
        if far <= 0.0 {
            return false;
        }
        // Of the sizes that equal the median's, one counts at least, and all of them at most.
        let upto = |value: f64| sorted.partition_point(|d| d + shift <= value);
        let below = |value: f64| sorted.partition_point(|d| d + shift < value);
        let (near, rim) = (far * (1.0 - 1e-9), far * (1.0 + 1e-9));
        let most = n - below(near) + upto(-near);
        let least = (n - upto(rim) + below(-rim)).max(n / 2);
        // The bounds of the closed form decide often, and cost nothing.
        match (self.limit.bounds(most), self.limit.bounds(least)) {
            ((_, high), _) if high <= self.level => true,
            (_, (low, _)) if low > self.level => false,
            _ => {
                let shifted: Vec<f64> = sorted.iter().map(|d| d + shift).collect();
                self.limit.p(&shifted).is_some_and(|p| p <= self.level)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};

    fn of(differences: &[f64], level: f64) -> Option<f64> {
        detectable(differences, level, &mut stream(1, 0, 0, Role::compare("test")))
    }

    /// Quantiles of a normal: the noise of an ideal sample.
    fn normal(n: usize) -> Vec<f64> {
        use statrs::distribution::{ContinuousCDF, Normal};
        let at = |i: usize| Normal::standard().inverse_cdf((i as f64 + 0.5) / n as f64);
        (0..n).map(at).collect()
    }

    #[test]
    fn more_trials_find_smaller_effects_and_harder_levels_larger_ones() {
        let effect = |n: usize| of(&normal(n), 0.05).expect("an effect");
        // (1.96 + 0.84) √(π/2) / √n for a median of normals, were n large.
        assert!((effect(100) - 0.351).abs() < 0.06, "{}", effect(100));
        assert!((effect(400) / effect(100) - 0.5).abs() < 0.1);
        assert!(of(&normal(100), 0.0005) > of(&normal(100), 0.05));
    }

    #[test]
    fn the_effect_scales_with_the_noise_and_does_not_move_with_the_median() {
        let one = of(&normal(31), 0.05).expect("an effect");
        let scaled: Vec<f64> = normal(31).iter().map(|d| 1000.0 * d + 7.0).collect();
        assert!((of(&scaled, 0.05).expect("an effect") / one - 1000.0).abs() < 1.0);
    }

    #[test]
    fn few_trials_could_have_found_nothing_and_trials_without_noise_find_everything() {
        assert_eq!(of(&normal(8), 0.05), None);
        assert!(of(&[0.25; 40], 0.05).is_some_and(|effect| effect < 1e-4));
        assert_eq!(of(&[1.0], 0.05), None);
        assert!(of(&normal(12), 0.05).is_some());
    }

    #[test]
    fn some_deaths_are_noise_and_many_are_too_much() {
        let with = |deaths: usize| {
            let mut differences = normal(60);
            differences[..deaths].fill(f64::INFINITY);
            of(&differences, 0.05)
        };
        assert!(with(2).is_some() && with(2) != with(0));
        let died = [normal(10), vec![f64::INFINITY; 25], vec![f64::NEG_INFINITY; 25]].concat();
        assert_eq!(of(&died, 0.05), None);
    }
}
