//! Which metrics each definition can be read off, the best one first.
//!
//! Risks: what the literature calls population risk (excess risk, divergence, cross-entropy, perplexity),
//! then distances of whole laws, then those that see a part of them. Cross-entropy has no zero of its own,
//! so a ratio is one of its excess over the world's value in the same trial, and does not exist where that
//! is unknown; a perplexity is a number of types, and its ratio is one.
//! What is bounded cannot diverge, and may be unable to leap.
//! Tails: what of the real tail is still reached or left, before the mass that a model has there, which may
//! be that of a few survivors, or of something else.
//! Outside the world: draws beyond all balls of real points; of tokens, whether the model writes what the
//! world never does (an infinite reverse divergence), then how unlikely its text is to the first model.
//! The divergence of p_t from the world does not stand in for it where it is finite, or of points: it grows
//! when p_t narrows, too.

/// One of the eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definition {
    Leap,
    Rise,
    Diverge,
    Variance,
    Scaling,
    Tail,
    Invent,
    Merge,
}

impl Definition {
    pub const ALL: [Self; 8] = [
        Self::Leap,
        Self::Rise,
        Self::Diverge,
        Self::Variance,
        Self::Scaling,
        Self::Tail,
        Self::Invent,
        Self::Merge,
    ];

    /// 1 to 8.
    pub fn number(self) -> u32 {
        Self::ALL.iter().position(|known| *known == self).map_or(0, |place| place as u32 + 1)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Leap => "leap",
            Self::Rise => "rise",
            Self::Diverge => "diverge",
            Self::Variance => "variance",
            Self::Scaling => "scaling",
            Self::Tail => "tail",
            Self::Invent => "invent",
            Self::Merge => "merge",
        }
    }

    /// What can be read, the best one first.
    pub fn uses(self, is_of_tokens: bool) -> &'static [Use] {
        match (self, is_of_tokens) {
            (Self::Leap | Self::Rise | Self::Diverge | Self::Scaling, _) => RISKS,
            (Self::Variance, false) => VARIANCES,
            (Self::Variance, true) => DIVERSITIES,
            (Self::Tail, false) => TAILS,
            (Self::Tail, true) => RARITIES,
            (Self::Invent, false) => OUTSIDE,
            (Self::Invent, true) => UNHEARD,
            (Self::Merge, false) => MODES,
            (Self::Merge, true) => &[],
        }
    }

    /// What to add to an experiment in which nothing can be read.
    pub fn advice(self, is_of_tokens: bool) -> &'static str {
        match (self, is_of_tokens) {
            (Self::Leap | Self::Rise | Self::Diverge | Self::Scaling, false) => {
                "add \"kl\" or \"energy\" to metrics"
            }
            (Self::Leap | Self::Diverge, true) => "add \"kl\" or \"perplexity\" to metrics",
            (Self::Rise | Self::Scaling, true) => "add \"kl\" or \"total-variation\" to metrics",
            (Self::Variance, false) => "add \"spread\" to metrics",
            (Self::Variance, true) => "add \"heterozygosity\" to metrics",
            (Self::Tail, false) => "add \"tail-recall\" or \"tail-mass\" to metrics",
            (Self::Tail, true) => "add \"support\" to metrics",
            (Self::Invent, false) => "add \"precision\" to metrics",
            (Self::Invent, true) => "add \"reverse-kl\" or \"founder-perplexity\" to metrics",
            (Self::Merge, false) => "add \"modes\" and \"precision\", in a world of modes",
            (Self::Merge, true) => "no metric of tokens sees modes",
        }
    }
}

/// How a reading becomes what a definition speaks of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    Plain,
    /// Less the world's own value.
    Excess,
    /// 1 less the reading.
    Lack,
    /// The exponential of the excess: a volume, of a differential entropy.
    Volume,
    /// 1 where it is infinite, 0 elsewhere.
    IsInfinite,
}

impl Scale {
    pub fn of(self, value: f64, world: Option<f64>) -> Option<f64> {
        let scaled = match self {
            Self::Plain => value,
            Self::Excess => value - world?,
            Self::Lack => 1.0 - value,
            Self::Volume => (value - world?).exp(),
            Self::IsInfinite => f64::from(u8::from(value == f64::INFINITY)),
        };
        (!scaled.is_nan()).then_some(scaled)
    }
}

/// A metric by its bare name, and what is made of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Use {
    pub metric: &'static str,
    pub scale: Scale,
    /// Beyond which it never is.
    pub bound: f64,
}

const fn plain(metric: &'static str) -> Use {
    Use { metric, scale: Scale::Plain, bound: f64::INFINITY }
}

const fn bounded(metric: &'static str, bound: f64) -> Use {
    Use { bound, ..plain(metric) }
}

const fn scaled(metric: &'static str, scale: Scale) -> Use {
    Use { scale, ..plain(metric) }
}

const RISKS: &[Use] = &[
    plain("excess-risk"),
    plain("kl"),
    scaled("cross-entropy", Scale::Excess),
    plain("perplexity"),
    plain("wasserstein"),
    plain("sliced-wasserstein"),
    plain("frechet"),
    plain("energy"),
    bounded("mmd", 2.0),
    plain("l2"),
    bounded("jensen-shannon", std::f64::consts::LN_2),
    bounded("total-variation", 1.0),
    plain("mean-shift"),
];

const VARIANCES: &[Use] =
    &[plain("spread"), plain("generalized-variance"), scaled("entropy", Scale::Volume)];

const DIVERSITIES: &[Use] = &[plain("heterozygosity"), plain("entropy")];

const TAILS: &[Use] = &[plain("tail-recall"), plain("tail-mass"), plain("recall"), plain("modes")];

const RARITIES: &[Use] = &[plain("band-survival"), plain("support"), plain("tail-mass")];

const OUTSIDE: &[Use] = &[scaled("precision", Scale::Lack)];

const UNHEARD: &[Use] = &[scaled("reverse-kl", Scale::IsInfinite), plain("founder-perplexity")];

const MODES: &[Use] = &[plain("modes")];

/// The bare name of a label.
pub fn bare(label: &str) -> &str {
    label.split('(').next().unwrap_or(label)
}

/// The labels that a definition can use, the best one first: those that were asked for, then by the
/// order of metrics; of one metric the plain label, then others, those of offspring last.
pub fn candidates(
    definition: Definition,
    is_of_tokens: bool,
    labels: &[String],
    asked: &[String],
) -> Vec<(String, Use)> {
    let uses = definition.uses(is_of_tokens);
    let place = |label: &str| uses.iter().position(|known| known.metric == bare(label));
    let mut found: Vec<(String, Use)> =
        labels.iter().filter_map(|label| Some((label.clone(), uses[place(label)?]))).collect();
    let rank = |label: &str| {
        let of_asked = asked.iter().position(|own| own == label).unwrap_or(asked.len());
        let is_odd = (label.contains("of=offspring"), label.contains('('));
        (of_asked, place(label), is_odd)
    };
    found.sort_by_key(|(label, _)| rank(label));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(of: &[&str]) -> Vec<String> {
        of.iter().map(|label| (*label).to_owned()).collect()
    }

    #[test]
    fn the_best_metric_comes_first_and_what_was_asked_for_before_it() {
        let known = labels(&["mean-shift", "spread", "kl(of=offspring)", "kl", "frechet"]);
        let of = |asked: &[&str]| -> Vec<String> {
            let found = candidates(Definition::Rise, false, &known, &labels(asked));
            found.into_iter().map(|(label, _)| label).collect()
        };
        assert_eq!(of(&[]), ["kl", "kl(of=offspring)", "frechet", "mean-shift"]);
        assert_eq!(of(&["frechet"])[..2], ["frechet", "kl"]);
        assert_eq!(candidates(Definition::Merge, true, &known, &[]), []);
    }

    #[test]
    fn readings_become_what_a_definition_speaks_of() {
        assert_eq!(Scale::Excess.of(5.0, Some(3.0)), Some(2.0));
        assert_eq!(Scale::Excess.of(5.0, None), None);
        assert_eq!(Scale::Excess.of(f64::INFINITY, Some(f64::INFINITY)), None);
        assert_eq!(Scale::Lack.of(0.75, None), Some(0.25));
        assert_eq!(Scale::Volume.of(1.0, Some(1.0)), Some(1.0));
        assert_eq!(Scale::IsInfinite.of(f64::INFINITY, None), Some(1.0));
        assert_eq!(Scale::IsInfinite.of(7.0, None), Some(0.0));
    }

    #[test]
    fn definitions_are_numbered_as_the_paper_counts_them() {
        let numbers: Vec<u32> = Definition::ALL.iter().map(|d| d.number()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
