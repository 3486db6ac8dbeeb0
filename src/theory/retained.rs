//! Founders that stay: fixed real data augmented with offspring, and a retained fraction of the
//! original set.
//!
//! Given the founders, D = E‖μ_t − x̄_R‖² and the trace v follow the recursion of `weighted` with
//! x̄_R in the place of μ*: with all founders kept the real part adds no noise, with k of N redrawn
//! each time it adds (N−k)/(k(N−1)) v_R. In units of trΣ*; collapse lowers v and raises D, and both
//! have a limit. Founders do not protect a fit that they are too few for. Sources: augmentation,
//! Alemohammad et al., arXiv 2307.01850; retention, Shumailov et al., arXiv 2305.17493 (10 % kept);
//! the recursions are our own.

use super::moments::{Moments, Response, first};
use super::weighted::{Real, mix};

/// All founders and `synthetic` offspring of the generation before.
pub fn augment(response: &Response, sizes: &[usize], synthetic: usize) -> Option<Moments> {
    let parts = |_| Some((sizes[0], synthetic));
    redrawn(response, sizes, parts)
}

/// round(fraction·n) founders among n training samples: a new random subset each generation, or
/// (`redraw` false) one fixed subset. None if that asks for more founders than there are, or for a
/// fixed subset that would have to grow.
pub fn retain(
    response: &Response,
    sizes: &[usize],
    fraction: f64,
    redraw: bool,
) -> Option<Moments> {
    if !(0.0..=1.0).contains(&fraction) {
        return None;
    }
    let parts = |n: usize| {
        let kept = (fraction * n as f64).round() as usize;
        (kept <= sizes[0]).then_some((kept, n - kept))
    };
    if redraw { redrawn(response, sizes, parts) } else { fixed(response, sizes, parts) }
}

/// The subset of founders is drawn anew each time, so that its error is independent of the past,
/// given the founders.
fn redrawn(
    response: &Response,
    sizes: &[usize],
    parts: impl Fn(usize) -> Option<(usize, usize)>,
) -> Option<Moments> {
    let (&founders, later) = sizes.split_first()?;
    let founding = 1.0 / founders as f64;
    let (mut now, mut distance) = (first(response, founders), 0.0);
    for &n in later {
        let (kept, synthetic) = parts(n)?;
        let noise = 1.0 / kept as f64 - founding;
        let mixed = mix(&part(kept, synthetic, noise), distance, now.trace, synthetic as f64);
        distance = mixed.distance;
        let mean_error = founding + distance;
        let trace = response.trace(mixed.scatter, mixed.concentration, mean_error);
        now = Moments { mean_error, trace };
    }
    Some(now)
}

/// One subset stays: distances are measured from its mean r, and generation 1 starts off it by x̄_R
/// − r, of which generation t still carries the product of its synthetic shares.
fn fixed(
    response: &Response,
    sizes: &[usize],
    parts: impl Fn(usize) -> Option<(usize, usize)>,
) -> Option<Moments> {
    let (&founders, later) = sizes.split_first()?;
    let subset = parts(*later.first()?)?.0;
    if subset == 0 {
        return redrawn(response, sizes, |n| parts(n).filter(|&(kept, _)| kept == 0));
    }
    let error = 1.0 / subset as f64;
    let off = error - 1.0 / founders as f64;
    let (mut now, mut distance, mut carried) = (first(response, founders), off, 1.0);
    for &n in later {
        let (kept, synthetic) = parts(n).filter(|&(kept, _)| kept == subset)?;
        let mixed = mix(&part(kept, synthetic, 0.0), distance, now.trace, synthetic as f64);
        distance = mixed.distance;
        carried *= synthetic as f64 / n as f64;
        let mean_error = error + distance - 2.0 * carried * off;
        let trace = response.trace(mixed.scatter, mixed.concentration, mean_error);
        now = Moments { mean_error, trace };
    }
    Some(now)
}

fn part(kept: usize, synthetic: usize, noise: f64) -> Real {
    if kept == 0 {
        return Real::NONE;
    }
    let count = kept as f64;
    let weight = count / (kept + synthetic) as f64;
    Real { weight, count, noise, scatter: 1.0 - 1.0 / count }
}

/// The limit of [`augment`] for the biased covariance, per unit of the founders' own variance v_R
/// (divisor n_r): v_∞/v_R = 1/(1 + n_s/(n_r(n_r + 2n_s))), and D_∞ = v_R − v_∞.
pub fn augment_limit(real: usize, synthetic: usize) -> f64 {
    let (r, s) = (real as f64, synthetic as f64);
    1.0 / (1.0 + s / (r * (r + 2.0 * s)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Divisor;
    use crate::theory::printed;

    fn biased() -> Response {
        Response::gaussian(Divisor::Biased, 1.0)
    }

    /// Trace and distance from the founders' mean, in units of the founders' own variance.
    fn given_founders(found: Moments, founders: usize) -> (f64, f64) {
        let own = 1.0 - 1.0 / founders as f64;
        (found.trace / own, (found.mean_error - 1.0 / founders as f64) / own)
    }

    #[test]
    fn augmentation_reproduces_the_printed_values_and_its_limit() {
        let sizes = |founders: usize, synthetic: usize, t: usize| {
            let mut sizes = vec![synthetic; t];
            sizes[0] = founders;
            sizes
        };
        let found = augment(&biased(), &sizes(20, 80, 20), 80).unwrap();
        let (variance, distance) = given_founders(found, 20);
        printed(variance, 0.97826, 5);
        // The distance is printed in units of the world's variance.
        printed(distance * 0.95, 0.02065, 5);
        let found = augment(&biased(), &sizes(50, 450, 40), 450).unwrap();
        // Here both are printed in units of the world's variance.
        printed(found.trace, 0.97081, 5);
        printed(found.mean_error - 1.0 / 50.0, 0.009_195, 6);
        let late = augment(&biased(), &sizes(50, 450, 4000), 450).unwrap();
        printed(given_founders(late, 50).0, augment_limit(50, 450), 10);
    }

    #[test]
    fn retention_of_a_tenth_reproduces_the_printed_values() {
        let found = retain(&biased(), &[100; 30], 0.1, true).unwrap();
        let (variance, distance) = given_founders(found, 100);
        printed(variance, 0.9503, 4);
        printed(distance, 0.0497, 4);
    }

    #[test]
    fn keeping_nothing_is_replace_and_keeping_everything_is_the_first_fit() {
        let replaced = crate::theory::weighted::replace(&biased(), &[40; 9]).unwrap();
        for redraw in [true, false] {
            assert_eq!(retain(&biased(), &[40; 9], 0.0, redraw), Some(replaced));
            let all = retain(&biased(), &[40; 9], 1.0, redraw).unwrap();
            printed(all.trace, 1.0 - 1.0 / 40.0, 12);
            printed(all.mean_error, 1.0 / 40.0, 12);
        }
        assert_eq!(retain(&biased(), &[40, 80], 0.9, true), None);
        assert_eq!(retain(&biased(), &[40, 40, 50], 0.5, false), None);
    }
}
