//! One line of a comparison: all that the differences of one arm and one metric say, and a verdict.
//!
//! Lines are judged together: a difference is found where the sign-flip p-value, adjusted by Holm over
//! all lines, is at most α, and its side is that of the median. With a margin δ, a line whose
//! (1 − 2α) interval lies within ±δ is `equivalent within δ` whatever its p-value: who names a margin
//! says that smaller differences do not matter.

use rayon::prelude::*;

use super::bca::{Bootstrap, Interval};
use super::cliff::{Cliff, cliff};
use super::detectable::detectable;
use super::equivalence::is_equivalent;
use super::holm::holm;
use super::sign_flip::sign_flip;
use super::wilcoxon::wilcoxon;
use crate::stream::{Role, Stream, stream};

/// How lines are judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The error that the whole family of lines may make.
    pub alpha: f64,
    /// The margin of equivalence, where one was named.
    pub within: Option<f64>,
    pub resamples: usize,
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { alpha: 0.05, within: None, resamples: 10_000, seed: 1 }
    }
}

/// The differences of one line, and the name and generation that address its randomness.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub name: String,
    pub generation: u32,
    /// One for each trial: the loss of the arm minus that of its baseline.
    pub differences: Vec<f64>,
}

/// What is said of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    Better,
    Worse,
    NotFound,
    EquivalentWithin(f64),
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Better => f.write_str("better"),
            Self::Worse => f.write_str("worse"),
            Self::NotFound => f.write_str("no difference found"),
            Self::EquivalentWithin(margin) => write!(f, "equivalent within {margin}"),
        }
    }
}

/// What one line says.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub median: f64,
    /// One trial has no interval.
    pub median_interval: Option<Interval>,
    /// None where a difference is infinite.
    pub mean: Option<f64>,
    pub mean_interval: Option<Interval>,
    pub cliff: Cliff,
    pub p: f64,
    /// Adjusted by Holm over all lines.
    pub p_holm: f64,
    pub p_wilcoxon: f64,
    /// The smallest effect that could have been found; none where none could.
    pub detectable: Option<f64>,
    pub verdict: Verdict,
}

/// Judges all lines of a table together; a line without a difference is none, and counts for nothing.
pub fn judge(samples: &[Sample], settings: &Settings) -> Vec<Option<Line>> {
    let family = samples.iter().filter(|sample| !sample.differences.is_empty()).count();
    let level = settings.alpha / family.max(1) as f64;
    let judged = samples.par_iter().map(|sample| sample.look(settings, level));
    let mut lines: Vec<Option<Line>> = judged.collect();
    let p: Vec<f64> = lines.iter().flatten().map(|line| line.p).collect();
    for ((line, sample), p) in
        lines.iter_mut().zip(samples).filter_map(|(l, s)| Some((l.as_mut()?, s))).zip(holm(&p))
    {
        line.p_holm = p;
        line.verdict = verdict(sample, line, settings);
    }
    lines
}

fn verdict(sample: &Sample, line: &Line, settings: &Settings) -> Verdict {
    let is_within =
        |margin: &f64| is_equivalent(&sample.differences, *margin, settings.alpha) == Some(true);
    match settings.within.filter(is_within) {
        Some(margin) => Verdict::EquivalentWithin(margin),
        None if line.p_holm > settings.alpha => Verdict::NotFound,
        None if line.median < 0.0 => Verdict::Better,
        None => Verdict::Worse,
    }
}

impl Sample {
    /// Everything but what depends on other lines.
    fn look(&self, settings: &Settings, level: f64) -> Option<Line> {
        let (d, alpha) = (&self.differences, settings.alpha);
        let mut sorted = d.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let bootstrap = Bootstrap::of(d, settings.resamples, &mut self.stream(settings, 1));
        let mean = super::super::moment::mean(d).filter(|mean| mean.is_finite());
        Some(Line {
            cliff: cliff(d, alpha)?,
            p: sign_flip(d, settings.resamples, &mut self.stream(settings, 0))?,
            p_holm: 1.0,
            p_wilcoxon: wilcoxon(d)?,
            median: super::median(&sorted),
            median_interval: bootstrap.as_ref().map(|bootstrap| bootstrap.of_median(alpha)),
            mean,
            mean_interval: bootstrap.and_then(|bootstrap| bootstrap.of_mean(alpha)),
            detectable: detectable(d, level, &mut self.stream(settings, 2)),
            verdict: Verdict::NotFound,
        })
    }

    fn stream(&self, settings: &Settings, use_of: usize) -> Stream {
        let role = Role::compare(&self.name).occurrence(use_of);
        stream(settings.seed, 0, self.generation, role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(name: &str, differences: Vec<f64>) -> Sample {
        Sample { name: name.into(), generation: 9, differences }
    }

    fn spread(centre: f64, n: usize) -> Vec<f64> {
        (0..n).map(|i| centre + (i * 17 % n) as f64 / n as f64 - 0.5).collect()
    }

    fn verdicts(samples: &[Sample], within: Option<f64>) -> Vec<Option<Verdict>> {
        let settings = Settings { within, resamples: 2000, ..Settings::default() };
        judge(samples, &settings).into_iter().map(|line| Some(line?.verdict)).collect()
    }

    #[test]
    fn lines_are_better_worse_not_found_or_equivalent() {
        let lines = [
            sample("a", spread(-1.0, 40)),
            sample("b", spread(0.7, 40)),
            sample("c", spread(0.02, 40)),
            sample("d", Vec::new()),
        ];
        use Verdict::*;
        let found = verdicts(&lines, None);
        assert_eq!(found, [Some(Better), Some(Worse), Some(NotFound), None]);
        let found = verdicts(&lines, Some(0.25));
        assert_eq!(found[2], Some(EquivalentWithin(0.25)));
        assert_eq!(EquivalentWithin(0.25).to_string(), "equivalent within 0.25");
    }

    #[test]
    fn a_margin_speaks_before_a_difference_that_is_smaller() {
        let small = [sample("a", (0..30).map(|i| 0.01 + 0.0001 * f64::from(i)).collect())];
        assert_eq!(verdicts(&small, None), [Some(Verdict::Worse)]);
        assert_eq!(verdicts(&small, Some(0.5)), [Some(Verdict::EquivalentWithin(0.5))]);
    }

    #[test]
    fn one_trial_has_no_interval_and_a_death_no_mean() {
        let lines = [sample("a", vec![1.0]), sample("b", vec![1.0, f64::INFINITY, 2.0])];
        let found = judge(&lines, &Settings::default());
        let one = found[0].as_ref().expect("a line");
        assert_eq!((one.median_interval, one.mean_interval, one.p), (None, None, 1.0));
        let died = found[1].as_ref().expect("a line");
        assert_eq!((died.mean, died.mean_interval, died.median), (None, None, 2.0));
        assert!(died.median_interval.is_some());
    }

    #[test]
    fn another_line_changes_nothing_but_the_adjustment() {
        let one = judge(&[sample("a", spread(-0.3, 30))], &Settings::default());
        let two = [sample("b", spread(0.4, 30)), sample("a", spread(-0.3, 30))];
        let two = judge(&two, &Settings::default());
        let (alone, beside) = (one[0].clone().expect("it"), two[1].clone().expect("it"));
        let blind = |line: &Line| Line { p_holm: 0.0, detectable: None, ..line.clone() };
        assert_eq!(blind(&alone), blind(&beside));
        assert!(beside.p_holm >= alone.p_holm);
    }
}
