//! The Kaplan–Meier curve: the share of lineages that are left after each event.
//!
//! S(t) = Π_{s ≤ t} (1 − d_s/n_s), with d_s events among the n_s that were at risk at s. Greenwood's
//! variance is S²·Σ d/(n(n − d)), and the band is that of ln(−ln S), back on the scale of shares:
//! S^exp(±z·σ/ln S), σ² = Σ d/(n(n − d)). Where nobody is left there is no such band: its upper end is then
//! the largest share of which all n at the start would be gone with probability α/2, 1 − (α/2)^{1/n}.
//! Source: Kaplan & Meier 1958; Kalbfleisch & Prentice, *The Statistical Analysis of Failure Time Data*,
//! 1980, §1.3; the median's interval: Brookmeyer & Crowley 1982.

use super::Lifetime;
use statrs::distribution::{ContinuousCDF, Normal};

/// What is left after the events of one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub time: u32,
    pub at_risk: usize,
    pub events: usize,
    /// S(t).
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

/// The steps of a curve, in the order of time; before the first one everyone is left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    pub steps: Vec<Step>,
}

/// The curve of lifetimes in any order, its band with probability 1 − α at each time.
pub fn kaplan_meier(lifetimes: &[Lifetime], alpha: f64) -> Curve {
    let z = Normal::standard().inverse_cdf(1.0 - alpha / 2.0);
    let mut sorted = lifetimes.to_vec();
    sorted.sort_unstable_by_key(|lifetime| lifetime.time);
    let mut steps: Vec<Step> = Vec::new();
    let (mut share, mut variance, mut gone) = (1.0, 0.0, 0);
    for alike in sorted.chunk_by(|a, b| a.time == b.time) {
        let (time, at_risk) = (alike[0].time, sorted.len() - gone);
        let events = alike.iter().filter(|lifetime| lifetime.is_over).count();
        gone += alike.len();
        if events == 0 {
            continue;
        }
        let (n, d) = (at_risk as f64, events as f64);
        share *= 1.0 - d / n;
        variance += d / (n * (n - d));
        let (low, high) = match events == at_risk {
            true => (0.0, 1.0 - (alpha / 2.0).powf(1.0 / sorted.len() as f64)),
            false => {
                let reach = z * f64::sqrt(variance) / f64::ln(share);
                (share.powf((-reach).exp()), share.powf(reach.exp()))
            }
        };
        steps.push(Step { time, at_risk, events, share, low, high });
    }
    Curve { steps }
}

impl Curve {
    /// The first time at which at most half are left; none where more than half outlast what was seen.
    pub fn median(&self) -> Option<u32> {
        self.first(|step| step.share)
    }

    /// The times at which the ends of the band reach one half; none where they never do.
    pub fn median_interval(&self) -> (Option<u32>, Option<u32>) {
        (self.first(|step| step.low), self.first(|step| step.high))
    }

    fn first(&self, of: impl Fn(&Step) -> f64) -> Option<u32> {
        // Products of fractions that are one half may be a rounding above it.
        self.steps.iter().find(|step| of(step) <= 0.5 + 1e-12).map(|step| step.time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_censoring_the_curve_is_the_share_that_is_left() {
        let all: Vec<Lifetime> = [3, 1, 3, 8].map(Lifetime::over).to_vec();
        let curve = kaplan_meier(&all, 0.05);
        let seen: Vec<(u32, usize, f64)> =
            curve.steps.iter().map(|step| (step.time, step.at_risk, step.share)).collect();
        assert_eq!(seen, [(1, 4, 0.75), (3, 3, 0.25), (8, 1, 0.0)]);
        assert_eq!(curve.median(), Some(3));
    }

    #[test]
    fn who_is_censored_is_at_risk_until_then() {
        let all =
            [Lifetime::over(2), Lifetime::censored(2), Lifetime::over(5), Lifetime::censored(9)];
        let curve = kaplan_meier(&all, 0.05);
        assert_eq!(curve.steps.len(), 2);
        assert_eq!((curve.steps[0].at_risk, curve.steps[1].at_risk), (4, 2));
        assert!((curve.steps[1].share - 0.375).abs() < 1e-15);
        assert_eq!(curve.median(), Some(5));
    }

    #[test]
    fn where_all_or_none_collapse_the_median_is_known_or_beyond() {
        let curve = kaplan_meier(&[Lifetime::over(4); 40], 0.05);
        assert_eq!((curve.median(), curve.median_interval()), (Some(4), (Some(4), Some(4))));
        assert!((curve.steps[0].high - (1.0 - 0.025f64.powf(1.0 / 40.0))).abs() < 1e-15);
        let curve = kaplan_meier(&[Lifetime::censored(50); 40], 0.05);
        assert_eq!((curve.median(), curve.median_interval()), (None, (None, None)));
        assert_eq!(kaplan_meier(&[], 0.05), Curve::default());
        // One lineage that collapses says little.
        assert_eq!(kaplan_meier(&[Lifetime::over(4)], 0.05).median_interval(), (Some(4), None));
    }
}
