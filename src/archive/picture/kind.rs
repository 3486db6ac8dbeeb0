//! What each kind of picture can be told.

use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use crate::archive::reading::{Bound, Passage, Worth};
use crate::numeric::bounded::Finite;

/// The kinds; reading goes through [`super::Picture::read`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Kind {
    Curves(Curves),
    Heatmap(Heatmap),
    Against(Against),
    Ridgeline(Ridgeline),
    Gallery(Gallery),
    Recipe(Recipe),
    Survival(Survival),
}

/// What stands for the trials of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Statistic {
    #[default]
    Median,
    Mean,
}

impl Statistic {
    pub fn name(self) -> &'static str {
        match self {
            Self::Median => "median",
            Self::Mean => "mean",
        }
    }
}

/// A closed form or a level that is drawn beside the lines of some arms; its words stand for numbers, see `theory::along`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Line {
    /// What the key calls it.
    pub label: Option<String>,
    pub arms: Option<Vec<String>>,
    pub theory: Option<toml::Table>,
    /// A level in the place of a closed form.
    pub value: Option<Finite>,
}

/// A metric over the generations, a line per cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Curves {
    pub metric: String,
    pub arms: Option<Vec<String>>,
    #[serde(default)]
    pub statistic: Statistic,
    #[serde(default = "yes")]
    pub band: bool,
    #[serde(default = "yes")]
    pub theory: bool,
    /// A logarithmic axis of generations; left to the data where it is not said.
    pub log_x: Option<bool>,
    pub log_y: Option<bool>,
    /// The share of lineages whose value lies there, in the place of the value.
    pub event: Option<Bound>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
}

impl Curves {
    pub fn of(metric: &str) -> Self {
        Self {
            metric: metric.to_owned(),
            arms: None,
            statistic: Statistic::Median,
            band: true,
            theory: true,
            log_x: None,
            log_y: None,
            event: None,
            lines: Vec::new(),
        }
    }
}

/// A metric at one generation over two swept paths, a panel per arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heatmap {
    pub metric: String,
    pub x: Option<String>,
    pub y: Option<String>,
    /// The last one where it is not said.
    pub generation: Option<u32>,
    #[serde(default)]
    pub statistic: Statistic,
    pub arms: Option<Vec<String>>,
    /// How much of another arm the value is worth, in the place of the value.
    pub worth: Option<Worth>,
}

impl Heatmap {
    pub fn of(metric: &str) -> Self {
        Self {
            metric: metric.to_owned(),
            x: None,
            y: None,
            generation: None,
            statistic: Statistic::Median,
            arms: None,
            worth: None,
        }
    }
}

/// A metric at one generation over one swept path, a line per arm and per value of the other paths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Against {
    pub metric: String,
    pub x: Option<String>,
    /// The last one where it is not said.
    pub generation: Option<u32>,
    #[serde(default)]
    pub statistic: Statistic,
    pub arms: Option<Vec<String>>,
    pub log_x: Option<bool>,
    pub log_y: Option<bool>,
    /// When the value first lies there, in the place of the value.
    pub passage: Option<Passage>,
    /// How much of another arm the value is worth, in the place of the value.
    pub worth: Option<Worth>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
}

impl Against {
    pub fn of(metric: &str) -> Self {
        Self {
            metric: metric.to_owned(),
            x: None,
            generation: None,
            statistic: Statistic::Median,
            arms: None,
            log_x: None,
            log_y: None,
            passage: None,
            worth: None,
            lines: Vec::new(),
        }
    }
}

/// The density of one coordinate of the kept samples, a ridge per generation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ridgeline {
    /// Counted from one.
    #[serde(default = "first")]
    pub coordinate: NonZeroUsize,
    pub arms: Option<Vec<String>>,
}

impl Default for Ridgeline {
    fn default() -> Self {
        Self { coordinate: first(), arms: None }
    }
}

/// Kept samples themselves, a row per arm and a column per generation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gallery {
    /// A readable number of those that were kept where it is not said.
    pub generations: Option<Vec<u32>>,
    /// Counted from one.
    #[serde(default = "first_two")]
    pub coordinates: [NonZeroUsize; 2],
    /// At most so many samples of a generation; as many as there is room for where it is not said.
    pub samples: Option<NonZeroUsize>,
    pub arms: Option<Vec<String>>,
}

impl Default for Gallery {
    fn default() -> Self {
        Self { generations: None, coordinates: first_two(), samples: None, arms: None }
    }
}

/// Where training sets came from, a panel per arm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    pub arms: Option<Vec<String>>,
}

/// The share of lineages that are neither extinct nor, with a metric, collapsed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survival {
    pub metric: Option<String>,
    pub below: Option<f64>,
    pub above: Option<f64>,
    pub arms: Option<Vec<String>>,
}

/// What a reading of a collapsed lineage is beyond.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    Below(f64),
    Above(f64),
}

impl Survival {
    /// The metric and the threshold of a collapse, or neither.
    pub fn collapse(&self) -> Option<(&str, Threshold)> {
        let threshold =
            self.below.map(Threshold::Below).or_else(|| self.above.map(Threshold::Above));
        self.metric.as_deref().zip(threshold)
    }
}

impl Threshold {
    pub fn is_passed_by(self, value: f64) -> bool {
        match self {
            Self::Below(threshold) => value < threshold,
            Self::Above(threshold) => value > threshold,
        }
    }
}

impl Kind {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Curves(_) => "curves",
            Self::Heatmap(_) => "heatmap",
            Self::Against(_) => "against",
            Self::Ridgeline(_) => "ridgeline",
            Self::Gallery(_) => "gallery",
            Self::Recipe(_) => "recipe",
            Self::Survival(_) => "survival",
        }
    }

    /// What keys contradict each other in, each being right for itself.
    pub(super) fn flaw(&self) -> Option<String> {
        match self {
            Self::Survival(survival) => {
                let Survival { metric, below, above, .. } = survival;
                let thresholds = usize::from(below.is_some()) + usize::from(above.is_some());
                let is_number = below.or(*above).is_none_or(|threshold| !threshold.is_nan());
                let is_right = thresholds == usize::from(metric.is_some()) && is_number;
                let help =
                    "a collapse is a `metric` and either `below` or `above` as its threshold";
                (!is_right).then(|| help.to_owned())
            }
            Self::Heatmap(Heatmap { x: Some(x), y: Some(y), .. }) if x == y => {
                Some(format!("`x` and `y` are both `{x}`: name two swept paths"))
            }
            Self::Against(Against { passage: Some(_), worth: Some(_), .. }) => {
                Some("`passage` and `worth` are two quantities: keep one".into())
            }
            Self::Against(Against { passage: Some(_), generation: Some(_), .. }) => {
                Some("a `passage` is looked for in all generations: leave `generation` out".into())
            }
            Self::Curves(Curves { lines, .. }) | Self::Against(Against { lines, .. }) => {
                let is_both = |line: &&Line| line.theory.is_some() == line.value.is_some();
                let flaw = "a line is either a closed form, `theory`, or a level, `value`";
                lines.iter().find(is_both).map(|_| flaw.into())
            }
            _ => None,
        }
    }
}

fn yes() -> bool {
    true
}

fn first() -> NonZeroUsize {
    NonZeroUsize::MIN
}

fn first_two() -> [NonZeroUsize; 2] {
    [NonZeroUsize::MIN, NonZeroUsize::MIN.saturating_add(1)]
}
