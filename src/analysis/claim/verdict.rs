//! The verdict on a measured value, given what is accepted.
//!
//! A region is *held* where the whole 95 % interval of the measured value lies in it, and *failed* where
//! none of it does. A closed form with `z` is failed where the value is more than z standard errors away,
//! and held only where the error is at most a quarter of the expected value: a wide bar proves nothing.

use super::weigh::Measured;

/// The largest standard error that decides a claim with `z`, as a share of the expected value.
const WIDEST_ERROR: f64 = 0.25;

/// Rounding that no statistic is blamed for, as a share.
const ROUNDING: f64 = 1e-9;

/// The values that are accepted, ends included, and how many standard errors stand for them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accepted {
    /// The number in the middle, where there is one.
    pub value: Option<f64>,
    pub low: f64,
    pub high: f64,
    pub z: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    Fails,
    Undecided,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::Undecided => "undecided",
        }
    }
}

impl Accepted {
    pub(super) fn region(value: Option<f64>, low: f64, high: f64) -> Self {
        Self { value, low, high, z: None }
    }

    /// The verdict, and why where it is none.
    pub fn verdict(&self, measured: &Measured) -> (Verdict, String) {
        match (self.value, self.z) {
            (Some(value), Some(z)) => self.by_error(value, z, measured),
            _ => self.by_interval(measured),
        }
    }

    fn by_interval(&self, measured: &Measured) -> (Verdict, String) {
        let Some((low, high)) = measured.interval else {
            return (Verdict::Undecided, measured.lack());
        };
        // A lone bound is not accepted itself: no step at all is none upwards.
        let is_open = self.low.is_infinite() || self.high.is_infinite();
        let within = |x: f64| match is_open {
            true => x > self.low && x < self.high,
            false => x >= self.low && x <= self.high,
        };
        let beyond = match is_open {
            true => low >= self.high || high <= self.low,
            false => low > self.high || high < self.low,
        };
        match () {
            () if within(low) && within(high) => (Verdict::Holds, String::new()),
            () if beyond => (Verdict::Fails, String::new()),
            () => (Verdict::Undecided, "the interval reaches over the bound".into()),
        }
    }

    fn by_error(&self, value: f64, z: f64, measured: &Measured) -> (Verdict, String) {
        let Some(error) = measured.error.filter(|_| measured.value.is_finite()) else {
            return (Verdict::Undecided, measured.lack());
        };
        let away = (measured.value - value).abs();
        match () {
            () if away > (z * error).max(ROUNDING * value.abs()) => (Verdict::Fails, String::new()),
            () if error > WIDEST_ERROR * value.abs() => (
                Verdict::Undecided,
                "the error is more than a quarter of the expected value".into(),
            ),
            () => (Verdict::Holds, String::new()),
        }
    }
}

/// The verdict on a claim: its own, unless its foil does not fail.
pub fn judge(
    accepted: &Accepted,
    measured: Option<&Measured>,
    foil: Option<&Measured>,
) -> (Verdict, Verdict, String) {
    let nothing = || (Verdict::Undecided, "the statistic does not exist here".to_owned());
    let (own, reason) = measured.map_or_else(nothing, |measured| accepted.verdict(measured));
    // Of a foil without a number the sentence is not true either.
    let foil = foil.map_or(Verdict::Fails, |measured| accepted.verdict(measured).0);
    if own == Verdict::Holds && foil != Verdict::Fails {
        let reason = "its foil does not fail: these results cannot refute it".to_owned();
        return (Verdict::Undecided, foil, reason);
    }
    (own, foil, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::claim::Expectation;

    fn measured(value: f64, error: f64) -> Measured {
        let interval = Some((value - 2.0 * error, value + 2.0 * error));
        Measured { value, error: Some(error), interval, lineages: 100, missing: 0 }
    }

    fn verdict(text: &str, value: f64, error: f64) -> Verdict {
        toml::from_str::<Expectation>(text)
            .unwrap()
            .accepted(None)
            .unwrap()
            .verdict(&measured(value, error))
            .0
    }

    #[test]
    fn a_region_holds_the_whole_interval_or_none_of_it() {
        let text = "value = 1.0\nabsolute = 0.1";
        assert_eq!(verdict(text, 1.02, 0.01), Verdict::Holds);
        assert_eq!(verdict(text, 1.02, 0.1), Verdict::Undecided);
        assert_eq!(verdict(text, 1.2, 0.01), Verdict::Fails);
        assert_eq!(verdict("value = 10\nrelative = 0.1", 10.9, 0.01), Verdict::Holds);
        assert_eq!(verdict("below = 0.5", 0.4, 0.01), Verdict::Holds);
        assert_eq!(verdict("above = 0.5", 0.4, 0.01), Verdict::Fails);
        assert_eq!(verdict("between = [0, 1]", 0.99, 0.01), Verdict::Undecided);
        assert_eq!(verdict("above = 0", 0.0, 0.0), Verdict::Fails, "no step is none upwards");
        assert_eq!(verdict("between = [0, 1]", 0.0, 0.0), Verdict::Holds);
    }

    #[test]
    fn a_wide_error_never_passes_for_agreement_with_theory() {
        let text = "value = 1.0\nz = 4";
        assert_eq!(verdict(text, 1.05, 0.02), Verdict::Holds);
        assert_eq!(verdict(text, 1.09, 0.02), Verdict::Fails);
        assert_eq!(verdict(text, 1.5, 0.3), Verdict::Undecided);
        assert_eq!(verdict(text, 1.0, 0.0), Verdict::Holds, "an exact value has no error");
        assert_eq!(verdict(text, 1.001, 0.0), Verdict::Fails);
    }

    #[test]
    fn a_claim_whose_foil_holds_too_is_not_decided() {
        let expect: Expectation = toml::from_str("below = 1.0").unwrap();
        let accepted = expect.accepted(None).unwrap();
        let at = |value| Measured {
            value,
            error: Some(0.01),
            interval: Some((value - 0.02, value + 0.02)),
            lineages: 9,
            missing: 0,
        };
        assert_eq!(judge(&accepted, Some(&at(0.5)), Some(&at(2.0))).0, Verdict::Holds);
        let (verdict, _, reason) = judge(&accepted, Some(&at(0.5)), Some(&at(0.6)));
        assert_eq!(verdict, Verdict::Undecided);
        assert!(reason.contains("foil"), "{reason}");
        assert_eq!(judge(&accepted, Some(&at(2.0)), Some(&at(0.6))).0, Verdict::Fails);
        assert_eq!(judge(&accepted, None, None).0, Verdict::Undecided);
    }
}
