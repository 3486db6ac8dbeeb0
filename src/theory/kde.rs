//! Normal kernels of fixed width refitted to their own samples: the trace grows instead of falling.
//!
//! v is the variance of the kernel centres (divisor n), in units of the world's, h the bandwidth in
//! units of its deviation; what the model draws has variance v + h². Under replace v tends to (n −
//! 1)h², under accumulate it grows like h² ln t without bound. One coordinate; the others are
//! alike. Source: setting of Kazdan et al., arXiv 2410.16713; recursions our own.

use super::moments::{Response, moments};
use super::setting::Recipe;

/// E v after t fits under replace: v_1 = 1 − 1/n, then v' = (1 − 1/n)(v + h²).
pub fn replace(n: usize, bandwidth: f64, t: u32) -> Option<f64> {
    centres(n, bandwidth, t, &Recipe::Replace)
}

/// The limit (n − 1)h² of [`replace`].
pub fn replace_limit(n: usize, bandwidth: f64) -> f64 {
    (n as f64 - 1.0) * bandwidth * bandwidth
}

/// E v after t fits under accumulate: v' = vt/(t+1) + (1 − 1/n)(v + h²)/(t+1) + t(v +
/// h²)/(n(t+1)²).
pub fn accumulate(n: usize, bandwidth: f64, t: u32) -> Option<f64> {
    centres(n, bandwidth, t, &Recipe::Accumulate)
}

fn centres(n: usize, bandwidth: f64, t: u32, recipe: &Recipe) -> Option<f64> {
    let kernel = bandwidth * bandwidth;
    let sizes = vec![n; t as usize];
    if n == 0 || t == 0 {
        return None;
    }
    moments(&Response::kde(kernel), recipe, &sizes).map(|found| found.trace - kernel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_reproduce_the_printed_values_and_their_limit() {
        assert!((replace(20, 0.5, 20).unwrap() - 3.316).abs() < 0.0005);
        assert!((accumulate(20, 0.5, 20).unwrap() - 1.559).abs() < 0.0005);
        assert!((replace(20, 0.5, 1000).unwrap() - replace_limit(20, 0.5)).abs() < 1e-9);
        assert_eq!(replace(20, 0.5, 0), None);
    }

    #[test]
    fn accumulate_follows_the_written_recursion() {
        let (n, h2) = (20.0, 0.25);
        let mut v = 1.0 - 1.0 / n;
        for t in 1..20 {
            let t = f64::from(t);
            let drawn = v + h2;
            v = v * t / (t + 1.0)
                + (1.0 - 1.0 / n) * drawn / (t + 1.0)
                + t * drawn / (n * (t + 1.0) * (t + 1.0));
        }
        assert!((accumulate(20, 0.5, 20).unwrap() - v).abs() < 1e-12);
    }
}
