//! Which pictures a results folder is drawn as: what its experiment asks for, or what its tables
//! suggest.

use std::fs;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::kept::{self, Kept, Nature};
use super::results::Results;
use super::{FigureError, recipe};
use crate::archive::picture::{
    Against, Curves, Gallery, Heatmap, Kind, Picture, Recipe, Ridgeline, Survival,
};

const FILE: &str = "experiment.toml";

/// What the experiment says.
#[derive(Default)]
pub(super) struct Plan {
    pub question: String,
    pub pictures: Vec<Picture>,
}

impl Plan {
    /// Reads `experiment.toml`; without one, there is no question and no wish.
    pub fn read(dir: &Path) -> Result<Self, FigureError> {
        let path = dir.join(FILE);
        if !path.is_file() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(&path).map_err(|error| FigureError::Experiment {
            path: path.clone(),
            cause: error.to_string(),
        })?;
        Self::parse(&text).map_err(|mut error| {
            error.set_input(Some(&text));
            FigureError::Experiment { path, cause: error.to_string().trim_end().to_owned() }
        })
    }

    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let mut plan = Self::default();
        for (key, value) in DeTable::parse(text)?.into_inner() {
            match (key.get_ref().as_ref(), value.into_inner()) {
                ("question", DeValue::String(question)) => plan.question = question.into_owned(),
                ("figures", DeValue::Array(entries)) => {
                    for entry in entries {
                        plan.pictures.push(Picture::read(entry)?);
                    }
                }
                // One entry by itself is refused with its place.
                ("figures", other) => {
                    plan.pictures.push(Picture::read(Spanned::new(key.span(), other))?);
                }
                _ => {}
            }
        }
        Ok(plan)
    }
}

/// What the tables of a results folder suggest.
pub(super) fn defaults(results: &Results) -> Result<Vec<Picture>, FigureError> {
    let metrics: Vec<&String> =
        results.metrics.iter().filter(|metric| results.has_values(metric)).collect();
    let mut kinds: Vec<Kind> =
        metrics.iter().map(|metric| Kind::Curves(Curves::of(metric))).collect();
    let all: Vec<usize> = (0..results.cells.len()).collect();
    let swept = results.cells.axes.iter().filter(|axis| axis.values.len() > 1).count();
    let numeric = results.cells.numeric_axes(&all).len();
    for metric in metrics {
        if swept >= 2 {
            kinds.push(Kind::Heatmap(Heatmap::of(metric)));
        } else if numeric == 1 {
            kinds.push(Kind::Against(Against::of(metric)));
        }
    }
    if results.fates.values().any(|fates| !fates.extinct.is_empty()) {
        kinds.push(Kind::Survival(Survival::default()));
    }
    if results.has_table("composition") && recipe::is_mixed(results)? {
        kinds.push(Kind::Recipe(Recipe::default()));
    }
    kinds.extend(of_samples(results)?);
    Ok(kinds.into_iter().map(|kind| Picture { kind, name: None, title: None }).collect())
}

/// Points on a line are all said by ridges, and one pixel says nothing of an image. Of texts ridges
/// show what the first model thinks of each.
fn of_samples(results: &Results) -> Result<Vec<Kind>, FigureError> {
    let Ok(first) = kept::read(results, None, 1)? else { return Ok(Vec::new()) };
    let kept = first.cells.first().map(|(_, kept)| kept.as_slice()).unwrap_or_default();
    let judged = kept.iter().any(|kept| !kept.quantity(1).is_empty());
    let (gallery, ridgeline) =
        (Kind::Gallery(Gallery::default()), Kind::Ridgeline(Ridgeline::default()));
    Ok(match kept.first().map(Kept::nature) {
        Some(Nature::Points { dimension: 1 }) => vec![ridgeline],
        Some(Nature::Points { .. }) => vec![gallery, ridgeline],
        Some(Nature::Tokens) if judged => vec![gallery, ridgeline],
        Some(Nature::Image { .. } | Nature::Tokens) => vec![gallery],
        None => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_and_the_wishes_are_taken_and_the_rest_is_passed_over() {
        let text = "question = 'Why?'\nseed = 1\n[world.ring]\nmodes = 8\n\
                    [[figures]]\nkind = 'recipe'\n[[figures]]\nkind = 'curves'\nmetric = 'kl'";
        let plan = Plan::parse(text).unwrap();
        assert_eq!((plan.question.as_str(), plan.pictures.len()), ("Why?", 2));
        assert_eq!(plan.pictures[1].metrics(), ["kl"]);
        assert!(Plan::parse("figures = 'curves'").is_err());
        assert!(Plan::parse("figures = [3]").is_err());
    }
}
