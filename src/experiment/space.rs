//! The spaces, and what the catalogue holds for each: chosen once, when a file is read.
//!
//! Points and tokens are drawn sample by sample; statistics of either are drawn at once.

use crate::catalog::Entry;
use crate::curation::{self, Curation};
use crate::lineage::Snapshot;
use crate::metric::{self, Metric, founder_perplexity};
use crate::model::{self, Breed};
use crate::samples::{Counts, Image, Lexicon, Points, Samples, Scatter, TokenShape, Tokens};
use crate::world::{self, World};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A space that experiments can live in.
pub trait Space: Samples + Serialize + DeserializeOwned {
    /// Whether its samples are made of types, of which a model may have some that the world has not.
    const IS_OF_TYPES: bool;

    /// Whether there are samples, one by one: to curate, to choose from and to look at.
    const HAS_SAMPLES: bool = true;

    fn worlds() -> &'static [Entry<dyn World<Self>>];
    fn models() -> &'static [Entry<dyn Breed<Self>>];
    fn curators() -> &'static [Entry<dyn Curation<Self>>];
    fn metrics() -> &'static [Entry<dyn Metric<Self>>];

    /// What is measured of samples that look like this, where a file does not say.
    fn usual_metrics(shape: &Self::Shape) -> &'static [&'static str];

    /// Samples as a table of text: a header, then a row each; nothing where there are none to look at.
    fn rows(&self, _lexicon: Option<&Lexicon>) -> (Vec<String>, Vec<Vec<String>>) {
        (Vec::new(), Vec::new())
    }

    /// One more column for them: what this generation knows of each.
    fn remark(&self, _now: &Snapshot<'_, Self>) -> Option<(&'static str, Vec<Option<f64>>)> {
        None
    }
}

impl Space for Points {
    const IS_OF_TYPES: bool = false;

    fn worlds() -> &'static [Entry<dyn World<Self>>] {
        world::POINTS
    }

    fn models() -> &'static [Entry<dyn Breed<Self>>] {
        model::POINTS
    }

    fn curators() -> &'static [Entry<dyn Curation<Self>>] {
        curation::POINTS
    }

    fn metrics() -> &'static [Entry<dyn Metric<Self>>] {
        metric::POINTS
    }

    fn usual_metrics(_shape: &Self::Shape) -> &'static [&'static str] {
        &["spread", "mean-shift", "frechet", "tail-mass", "tail-recall", "modes", "kl"]
    }

    fn rows(&self, _lexicon: Option<&Lexicon>) -> (Vec<String>, Vec<Vec<String>>) {
        let mut header: Vec<String> = match self.image() {
            // Results alone should tell the shape.
            Some(Image { height, width }) => (1..=height)
                .flat_map(|row| (1..=width).map(move |column| format!("r{row}c{column}")))
                .collect(),
            None => (1..=self.dimension()).map(|i| format!("x{i}")).collect(),
        };
        let mut rows: Vec<Vec<String>> =
            self.rows().map(|x| x.iter().map(f64::to_string).collect()).collect();
        if let Some(labels) = self.labels() {
            header.push("label".into());
            rows.iter_mut().zip(labels).for_each(|(row, y)| row.push(y.to_string()));
        }
        (header, rows)
    }
}

impl Space for Scatter {
    const IS_OF_TYPES: bool = false;
    const HAS_SAMPLES: bool = false;

    fn worlds() -> &'static [Entry<dyn World<Self>>] {
        world::SCATTERS
    }

    fn models() -> &'static [Entry<dyn Breed<Self>>] {
        model::SCATTERS
    }

    fn curators() -> &'static [Entry<dyn Curation<Self>>] {
        &[]
    }

    fn metrics() -> &'static [Entry<dyn Metric<Self>>] {
        metric::SCATTERS
    }

    fn usual_metrics(_shape: &Self::Shape) -> &'static [&'static str] {
        &["spread", "mean-shift", "frechet", "tail-mass", "kl"]
    }
}

impl Space for Counts {
    const IS_OF_TYPES: bool = true;
    const HAS_SAMPLES: bool = false;

    fn worlds() -> &'static [Entry<dyn World<Self>>] {
        world::COUNTS
    }

    fn models() -> &'static [Entry<dyn Breed<Self>>] {
        model::COUNTS
    }

    fn curators() -> &'static [Entry<dyn Curation<Self>>] {
        &[]
    }

    fn metrics() -> &'static [Entry<dyn Metric<Self>>] {
        metric::COUNTS
    }

    fn usual_metrics(_shape: &TokenShape) -> &'static [&'static str] {
        &["support", "heterozygosity", "entropy", "tail-mass", "total-variation", "kl"]
    }
}

impl Space for Tokens {
    const IS_OF_TYPES: bool = true;

    fn worlds() -> &'static [Entry<dyn World<Self>>] {
        world::TOKENS
    }

    fn models() -> &'static [Entry<dyn Breed<Self>>] {
        model::TOKENS
    }

    fn curators() -> &'static [Entry<dyn Curation<Self>>] {
        curation::TOKENS
    }

    fn metrics() -> &'static [Entry<dyn Metric<Self>>] {
        metric::TOKENS
    }

    /// Of single tokens the law of their types says everything, of texts it does not.
    fn usual_metrics(shape: &TokenShape) -> &'static [&'static str] {
        match shape.length {
            Some(1) => {
                &["support", "heterozygosity", "entropy", "tail-mass", "total-variation", "kl"]
            }
            _ => &["perplexity", "support", "tail-mass", "zipf", "distinct", "repetition", "kl"],
        }
    }

    /// The numbers of the types, and what they say where they stand for text.
    fn rows(&self, lexicon: Option<&Lexicon>) -> (Vec<String>, Vec<Vec<String>>) {
        let numbers =
            |types: &[u32]| types.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
        let row = |types: &[u32]| {
            let text = lexicon.map(|lexicon| lexicon.text(types));
            std::iter::once(numbers(types)).chain(text).collect()
        };
        let text = lexicon.map(|_| "text".to_owned());
        let header = std::iter::once("tokens".to_owned()).chain(text).collect();
        (header, self.sequences().map(row).collect())
    }

    /// The perplexity of each text under the model of generation 1.
    fn remark(&self, now: &Snapshot<'_, Self>) -> Option<(&'static str, Vec<Option<f64>>)> {
        Some(("founder-perplexity", founder_perplexity::of_each(now, self)?))
    }
}
