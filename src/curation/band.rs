//! Keeps the samples whose own density lies between two of its quantiles.
//!
//! Of m offered samples, ordered by rising ln p_t(x) (ties: the later sample first), those from place
//! round(low·m) up to place round(high·m) survive, in their order. A model without a density keeps
//! everything it offers.
//! Under collapse: drops the improbable and, unlike `likeliest`, the overly typical, too; each still
//! takes something from the next generation.
//! Cost: one density per offered sample.
//! Source: filtering by the middle of the perplexity, as in Marion et al. 2023 (arXiv 2309.04564).
//! Not to be confused with `nearest` and `reject-outliers`, which measure distances and not densities.

use super::{Curation, CurationBench, Draw, rank};
use crate::numeric::bounded::Fraction;
use crate::samples::Samples;
use crate::stream::Stream;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Band {
    /// Two quantile levels, 0 ≤ low < high ≤ 1: the share between them survives.
    pub between: Levels,
    /// "kept": draw enough that the schedule's number survives; "offspring": draw that number.
    pub draw: Draw,
}

/// Two quantile levels, the first below the second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Levels(f64, f64);

impl Default for Band {
    fn default() -> Self {
        Band { between: Levels(0.05, 0.95), draw: Draw::Kept }
    }
}

impl<S: Samples> Curation<S> for Band {
    fn draws(&self, n: usize) -> usize {
        let Levels(low, high) = self.between;
        self.draw.offers(n, high - low)
    }

    fn draw(&self) -> Draw {
        self.draw
    }

    fn curate(&self, offered: S, bench: &CurationBench<'_, S>, _rng: &mut Stream) -> S {
        let Some(mut rows) = rank::likeliest_first(&offered, bench) else { return offered };
        rows.reverse();
        let [from, to] =
            [self.between.0, self.between.1].map(|level| rank::part(level, offered.len()));
        rank::survivors(&offered, rows[from..to].to_vec())
    }
}

impl<'de> Deserialize<'de> for Levels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [low, high] = <[Fraction; 2]>::deserialize(deserializer)?.map(Fraction::get);
        match low < high {
            true => Ok(Levels(low, high)),
            false => Err(serde::de::Error::custom(format!(
                "the first of two levels must be below the second, got {low} and {high}"
            ))),
        }
    }
}

impl JsonSchema for Levels {
    fn schema_name() -> Cow<'static, str> {
        "Levels".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let level = generator.subschema_for::<Fraction>();
        json_schema!({ "type": "array", "items": level, "minItems": 2, "maxItems": 2 })
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::Gaussian;
    use crate::samples::Points;
    use ndarray::arr1;

    #[test]
    fn what_lies_between_the_quantiles_survives_in_its_order() {
        let curator = Band { between: Levels(0.2, 0.6), draw: Draw::Kept };
        let model = Gaussian::spherical(arr1(&[0.0]), 1.0);
        let place = Place::new(&model, Points::from_rows(vec![0.0], 1));
        let offered = Points::from_rows(vec![2., -1., 0.1, 3., 0.5], 1);
        assert_eq!(place.curate(&curator, offered).0.as_slice(), [2., -1.]);
    }

    #[test]
    fn levels_that_do_not_ascend_are_refused_with_both() {
        let error = toml::from_str::<Band>("between = [0.9, 0.1]").unwrap_err().to_string();
        assert!(error.contains("below the second, got 0.9 and 0.1"), "{error}");
        let error = toml::from_str::<Band>("between = [0, 1.5]").unwrap_err().to_string();
        assert!(error.contains("between 0 and 1") && error.contains("1.5"), "{error}");
    }
}
