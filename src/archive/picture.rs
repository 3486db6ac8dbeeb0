//! The `[[figures]]` of an experiment file: which pictures its results are to be drawn as.
//!
//! An entry names its `kind`; the other keys depend on that. `kind`, `name` and `title` are taken
//! out by hand, because a tag inside a table would make every error forget its place in the text.

mod kind;

pub use kind::{
    Against, Curves, Gallery, Heatmap, Kind, Line, Recipe, Ridgeline, Statistic, Survival,
    Threshold,
};

use std::convert::Infallible;
use std::fmt;
use std::ops::Range;

use super::reading::Worth;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Visitor};
use serde::{Deserialize as Deserializable, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

/// One picture that a file asks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Picture {
    #[serde(flatten)]
    pub kind: Kind,
    /// The stem of the picture's file.
    pub name: Option<String>,
    /// What stands over the picture instead of the question.
    pub title: Option<String>,
}

/// What every entry has.
#[derive(Deserializable)]
struct Head {
    kind: Word,
    name: Option<String>,
    title: Option<String>,
}

#[derive(Deserializable)]
#[serde(rename_all = "lowercase")]
enum Word {
    Curves,
    Heatmap,
    Against,
    Ridgeline,
    Gallery,
    Recipe,
    Survival,
}

impl Picture {
    /// Reads one element of the list `figures`; an error knows its place in the text.
    pub fn read(value: Spanned<DeValue<'_>>) -> Result<Self, Error> {
        let span = value.span();
        let (head, rest) = split(value);
        let Head { kind, name, title } = take(head)?;
        let kind = match kind {
            Word::Curves => Kind::Curves(take(rest)?),
            Word::Heatmap => Kind::Heatmap(take(rest)?),
            Word::Against => Kind::Against(take(rest)?),
            Word::Ridgeline => Kind::Ridgeline(take(rest)?),
            Word::Gallery => Kind::Gallery(take(rest)?),
            Word::Recipe => Kind::Recipe(take(rest)?),
            Word::Survival => Kind::Survival(take(rest)?),
        };
        match kind.flaw() {
            Some(flaw) => Err(refusal(span, flaw)),
            None => Ok(Self { kind, name, title }),
        }
    }

    /// The entry as a table that reads back as the same picture.
    pub fn to_table(&self) -> toml::Table {
        toml::Table::try_from(self).unwrap_or_default()
    }

    /// The labels of the metrics that it shows.
    pub fn metrics(&self) -> Vec<&str> {
        let metric = match &self.kind {
            Kind::Curves(Curves { metric, .. })
            | Kind::Heatmap(Heatmap { metric, .. })
            | Kind::Against(Against { metric, .. }) => Some(metric),
            Kind::Survival(survival) => survival.metric.as_ref(),
            Kind::Ridgeline(_) | Kind::Gallery(_) | Kind::Recipe(_) => None,
        };
        metric.into_iter().map(String::as_str).collect()
    }

    /// The swept paths that it names.
    pub fn axes(&self) -> Vec<&str> {
        let axes = match &self.kind {
            Kind::Heatmap(Heatmap { x, y, .. }) => [x.as_ref(), y.as_ref()],
            Kind::Against(Against { x, .. }) => [x.as_ref(), None],
            _ => [None, None],
        };
        let along = self.worth().map(|worth| &worth.along);
        axes.into_iter().flatten().chain(along).map(String::as_str).collect()
    }

    /// The arm that its values are worth something of.
    pub fn worth(&self) -> Option<&Worth> {
        match &self.kind {
            Kind::Heatmap(Heatmap { worth, .. }) | Kind::Against(Against { worth, .. }) => {
                worth.as_ref()
            }
            _ => None,
        }
    }

    /// The closed forms that it draws.
    pub fn lines(&self) -> &[Line] {
        match &self.kind {
            Kind::Curves(Curves { lines, .. }) | Kind::Against(Against { lines, .. }) => lines,
            _ => &[],
        }
    }

    /// Arms that it names beside those that it is about.
    pub fn other_arms(&self) -> Vec<&str> {
        let of_lines = self.lines().iter().flat_map(|line| line.arms.iter().flatten());
        self.worth()
            .map(|worth| &worth.arm)
            .into_iter()
            .chain(of_lines)
            .map(String::as_str)
            .collect()
    }

    /// The arms that it is about; none stands for all.
    pub fn arms(&self) -> &[String] {
        let arms = match &self.kind {
            Kind::Curves(Curves { arms, .. })
            | Kind::Heatmap(Heatmap { arms, .. })
            | Kind::Against(Against { arms, .. })
            | Kind::Ridgeline(Ridgeline { arms, .. })
            | Kind::Gallery(Gallery { arms, .. })
            | Kind::Recipe(Recipe { arms })
            | Kind::Survival(Survival { arms, .. }) => arms,
        };
        arms.as_deref().unwrap_or_default()
    }

    /// The generations that it names.
    pub fn generations(&self) -> Vec<u32> {
        match &self.kind {
            Kind::Heatmap(Heatmap { generation, .. })
            | Kind::Against(Against { generation, .. }) => generation.iter().copied().collect(),
            Kind::Gallery(Gallery { generations, .. }) => generations.clone().unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

fn take<T: DeserializeOwned>(value: Spanned<DeValue<'_>>) -> Result<T, Error> {
    Deserialize::deserialize(ValueDeserializer::from(value))
}

/// What every entry has, and what its kind has; what is no table is all head, and refused as such.
fn split<'t>(value: Spanned<DeValue<'t>>) -> (Spanned<DeValue<'t>>, Spanned<DeValue<'t>>) {
    let span = value.span();
    let at = |table| Spanned::new(span.clone(), DeValue::Table(table));
    match value.into_inner() {
        DeValue::Table(table) => {
            let (mut head, mut rest) = (DeTable::new(), DeTable::new());
            for (key, value) in table {
                let is_head = ["kind", "name", "title"].contains(&key.get_ref().as_ref());
                if is_head { &mut head } else { &mut rest }.insert(key, value);
            }
            (at(head), at(rest))
        }
        other => (Spanned::new(span.clone(), other), at(DeTable::new())),
    }
}

/// An error of one's own at a place in the text, which only a deserializer can attach.
fn refusal(span: Range<usize>, message: String) -> Error {
    struct Refuser(String);
    impl Visitor<'_> for Refuser {
        type Value = Infallible;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&self.0)
        }

        fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Infallible, E> {
            Err(E::custom(self.0))
        }
    }
    let bait = Spanned::new(span, DeValue::Boolean(true));
    match ValueDeserializer::from(bait).deserialize_any(Refuser(message)) {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Picture, Error> {
        let value = DeValue::parse(text).unwrap();
        Picture::read(value)
    }

    #[test]
    fn an_entry_is_written_back_with_its_defaults_and_reads_as_the_same() {
        let entries = [
            "{ kind = 'curves', metric = 'spread' }",
            "{ kind = 'curves', metric = 'kl', statistic = 'mean', band = false, log-y = true }",
            "{ kind = 'heatmap', metric = 'kl', x = 'offspring', generation = 7, title = 'T' }",
            "{ kind = 'against', metric = 'kl', log-x = false, arms = ['a', 'b'], name = 'n' }",
            "{ kind = 'ridgeline', coordinate = 2 }",
            "{ kind = 'gallery', generations = [0, 5], coordinates = [1, 3], samples = 9 }",
            "{ kind = 'recipe' }",
            "{ kind = 'survival', metric = 'spread', below = 0.1 }",
            "{ kind = 'survival' }",
            "{ kind = 'curves', metric = 'spread', event = { above = 0.5 } }",
            "{ kind = 'against', metric = 'kl', passage = 'absorbed', lines = [{ arms = ['a'], \
             theory = { fixation-time = { n = 'founders', types = 10 } } }] }",
            "{ kind = 'against', metric = 'kl', passage = { below = 0.1 } }",
            "{ kind = 'heatmap', metric = 'kl', worth = { arm = 'a', along = 'n' } }",
            "{ kind = 'against', metric = 'kl', worth = { arm = 'a', along = 'n', per = 100.0 } }",
        ];
        for entry in entries {
            let picture = read(entry).unwrap();
            let table = picture.to_table();
            assert_eq!(table["kind"].as_str(), entry.split('\'').nth(1), "{table}");
            let inline = toml::Value::Table(table).to_string();
            assert_eq!(read(&inline).unwrap(), picture, "{inline}");
        }
        let table = read(entries[0]).unwrap().to_table();
        assert_eq!(table["statistic"].as_str(), Some("median"));
        assert_eq!(table["band"].as_bool(), Some(true));
    }

    #[test]
    fn a_picture_says_what_it_names() {
        let text = "{ kind = 'heatmap', metric = 'kl', x = 'a', y = 'b', generation = 3 }";
        let picture = read(text).unwrap();
        assert_eq!((picture.metrics(), picture.axes()), (vec!["kl"], vec!["a", "b"]));
        assert_eq!((picture.arms().len(), picture.generations()), (0, vec![3]));
        let picture = read("{ kind = 'recipe', arms = ['replace'] }").unwrap();
        assert_eq!((picture.metrics().len(), picture.arms()), (0, &["replace".to_owned()][..]));
    }

    #[test]
    fn an_error_points_at_the_word_that_is_wrong() {
        let wrong = [
            ("{ kind = 'pie' }", "'pie'", "unknown variant `pie`"),
            ("{ name = 'x' }", "{ name = 'x' }", "missing field `kind`"),
            ("{ kind = 'curves' }", "{ kind = 'curves' }", "missing field `metric`"),
            ("{ kind = 'recipe', metric = 'kl' }", "metric", "unknown field `metric`"),
            ("{ kind = 'ridgeline', coordinate = 0 }", "0", "nonzero"),
            ("{ kind = 'gallery', coordinates = [1, 'x'] }", "'x'", "invalid type"),
            ("'curves'", "'curves'", "invalid type"),
        ];
        for (text, place, message) in wrong {
            let error = read(text).unwrap_err();
            assert_eq!(error.span().map(|span| &text[span]), Some(place), "{error}");
            assert!(error.message().contains(message), "{error}");
        }
    }

    #[test]
    fn collapse_needs_a_metric_and_one_threshold() {
        for keys in ["metric = 'kl'", "above = 1", "metric = 'kl', above = 1, below = 0"] {
            let text = format!("{{ kind = 'survival', {keys} }}");
            let error = read(&text).unwrap_err();
            assert!(error.message().contains("`below` or `above`"), "{error}");
            assert_eq!(error.span(), Some(0..text.len()));
        }
        assert!(read("{ kind = 'survival', metric = 'kl', above = nan }").is_err());
    }
}
