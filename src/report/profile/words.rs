//! Numbers and evidence as people read them.

use crate::analysis::profile::decline::{Decline, GONE};
use crate::analysis::profile::divergence::{Divergence, TooFew};
use crate::analysis::profile::leap::Leap;
use crate::analysis::profile::rise::Rise;
use crate::analysis::profile::scaling::Scaling;
use crate::analysis::profile::shape::Course;
use crate::analysis::profile::{Centre, Flaw, Verdict, divergence};

/// A number with three significant digits.
pub fn short(value: f64) -> String {
    match value.abs() {
        0.0 => "0".into(),
        size if !size.is_finite() => value.to_string(),
        size if (1e-3..1e4).contains(&size) => {
            let digits = (2 - size.log10().floor() as i32).max(0) as usize;
            format!("{value:.digits$}")
        }
        _ => format!("{value:.1e}"),
    }
}

/// A median and its interval.
fn centre(centre: &Centre) -> String {
    match centre.interval {
        Some((low, high)) => format!("{} {}", short(centre.median), interval(low, high)),
        None => short(centre.median),
    }
}

fn interval(low: f64, high: f64) -> String {
    format!("[{}, {}]", short(low), short(high))
}

/// What must be known of the lineages behind a median.
fn remark(centre: &Centre, left_out: usize) -> String {
    let mut text = String::new();
    if centre.interval.is_none() {
        text += &match centre.n {
            1 => "; one lineage has no interval".into(),
            n => format!("; {n} lineages are too few for an interval"),
        };
    }
    if left_out > 0 {
        text += &format!("; {left_out} left out");
    }
    text
}

pub fn leap(found: &Leap, times: f64, first: u32) -> String {
    let reached = match found.reached {
        Some(t) => format!("{times} × at generation {t}"),
        None => format!("never {times} ×"),
    };
    let ratio = centre(&found.ratio);
    format!("{ratio} × R_{first}; {reached}{}", remark(&found.ratio, found.left_out))
}

pub fn rise(found: &Rise, p: f64) -> String {
    let Rise { difference, signs, left_out, .. } = found;
    let more = if difference.median > 0.0 { "+" } else { "" };
    format!(
        "{more}{}; up in {} of {}, p = {}{}",
        centre(difference),
        signs.up,
        difference.n,
        short(p),
        remark(difference, *left_out)
    )
}

pub fn course(found: &Divergence) -> String {
    let percent = (100.0 * found.share).round();
    let often = format!("diverges in {percent} % of {} resamples", found.resamples);
    if let Some(t) = found.infinite {
        return format!("{often}; infinite from generation {t} on");
    }
    let Some((best, is_endless)) = found.best else { return often };
    let what = match best.course {
        Course::Flat => format!("flat at {}", short(best.a)),
        Course::Power(c) if is_endless => format!("like t^{c:.2}"),
        Course::Levelling(_) if is_endless => "like a line".to_owned(),
        Course::Levelling(_) if best.b > 0.0 => format!("levels off at {}", short(best.a + best.b)),
        Course::Power(c) if best.b < 0.0 && c < 0.0 => format!("levels off at {}", short(best.a)),
        _ => "falls".to_owned(),
    };
    format!("{often}; {what}")
}

/// Why a metric that is measured cannot serve.
pub fn flaw(label: &str, flaw: Flaw, first: u32) -> String {
    match flaw {
        Flaw::Missing => format!("{label} has no values here"),
        Flaw::NotFinite => format!("{label} is not finite at generation {first} in most lineages"),
        Flaw::NotPositive => {
            format!("{label} is not above 0 at generation {first} in all lineages")
        }
    }
}

pub fn bound(label: &str, bound: f64, beginning: Option<f64>) -> String {
    match beginning {
        Some(first) if bound.is_finite() => {
            format!("{label} begins at {} and never exceeds {}", short(first), short(bound))
        }
        _ => format!("{label} has nothing to be held against"),
    }
}

pub fn too_few(few: TooFew) -> String {
    match few {
        TooFew::Generations(n) => {
            format!(
                "{n} generations are measured, and {} are needed",
                divergence::FEWEST_GENERATIONS
            )
        }
        TooFew::Lineages(1) => {
            format!("one lineage, and {} are needed", divergence::FEWEST_LINEAGES)
        }
        TooFew::Lineages(n) => {
            format!("{n} lineages, and {} are needed", divergence::FEWEST_LINEAGES)
        }
    }
}

pub fn variance(found: &Decline) -> String {
    let pace = match found.half_life() {
        Some(life) if life.median == 0.0 => String::new(),
        Some(life) if life.median.is_infinite() => "; does not fall at the end".to_owned(),
        Some(life) => format!("; half-life {}", centre(&life)),
        None => "; too few generations for a pace".to_owned(),
    };
    format!("{} left{pace}{}", centre(&found.left), remark(&found.left, found.left_out))
}

pub fn tail(found: &Decline) -> String {
    format!(
        "{} left; below {GONE} in {} of {}{}",
        centre(&found.left),
        found.gone,
        found.left.n,
        remark(&found.left, found.left_out)
    )
}

pub fn scaling(found: &Scaling, (first, last): (u32, u32), path: &str, sizes: &[f64]) -> String {
    let (low, high) = (sizes.first().copied(), sizes.last().copied());
    format!(
        "n^{:.2} at generation {first}, n^{:.2} at {last}: {}; n: {path} {} to {}{}",
        found.first.median,
        found.last.median,
        centre(&found.change),
        low.unwrap_or_default(),
        high.unwrap_or_default(),
        remark(&found.change, found.left_out)
    )
}

pub fn merging(modes: &Decline, outside: Verdict) -> String {
    let why = match outside {
        Verdict::Yes => "draws outside the world appear: between modes, or beyond",
        Verdict::No => "none outside the world: if modes go, they die apart",
        _ => "open whether draws outside the world appear",
    };
    format!("{} of modes left; {why}{}", centre(&modes.left), remark(&modes.left, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let shown: Vec<String> =
            [0.0, 1.0, -0.0123456, 1234.5, 12345.6, 1e-9, f64::INFINITY].map(short).into();
        assert_eq!(shown, ["0", "1.00", "-0.0123", "1234", "1.2e4", "1.0e-9", "inf"]);
    }

    #[test]
    fn what_rests_on_one_lineage_says_so() {
        let one = Centre { n: 1, median: 12.0, interval: None };
        let found = Leap { ratio: one, reached: Some(3), left_out: 2 };
        assert_eq!(
            leap(&found, 10.0, 1),
            "12.0 × R_1; 10 × at generation 3; one lineage has no interval; 2 left out"
        );
        assert_eq!(too_few(TooFew::Lineages(1)), "one lineage, and 6 are needed");
    }
}
