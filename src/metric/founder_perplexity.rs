//! Perplexity of a generation's synthetic text under the model of generation 1.
//!
//! exp(−Σ ln p_1(x) / Σ |x|) over the offspring x of generation t, |x| tokens in x: what the first
//! model, which has seen real text, thinks of what its descendants write. It is always of the text
//! that was left behind, released and curated, whether or not a file says `of = "offspring"`. At
//! generation 0 it is that of the founders' text under the world.
//! Unit: equally likely types a token. Range: [1, ∞]; target: the world's value, above which a poor
//! first model begins: read it against generation 1.
//! Under collapse: falls, as text gathers where the first model finds it likely; a tail of sequences
//! that it would never write can grow at the same time, and turns the mean around. So the samples
//! that are kept of trial 0 carry the perplexity of each sequence of theirs, in the column
//! `founder-perplexity`.
//! Standard error: by the delta method, over the offspring.
//! Cost: one density on the offspring. Empty where the first model has none.
//! Source: Shumailov et al. 2024 (figure 1, the left panels: a histogram over sequences).
//! Not to be confused with `perplexity`, which scores real text under the newest model.

use super::{Card, Metric, Reading, Target, perplexity};
use crate::distribution::Distribution;
use crate::lineage::{Noise, Snapshot};
use crate::samples::Tokens;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct FounderPerplexity {}

impl Metric<Tokens> for FounderPerplexity {
    fn card(&self) -> Card {
        Card {
            symbol: "exp(−E_p_t ln p_1 / length)",
            unit: "types a token",
            target: Target::World,
            cost: "one density of the offspring",
            source: "Shumailov et al. 2024",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, _noise: Noise<'_>) -> Option<Reading> {
        perplexity::of(judge(now)?, now.offspring)
    }
}

/// Whose opinion it is.
fn judge<'a>(now: &Snapshot<'a, Tokens>) -> Option<&'a dyn Distribution<Tokens>> {
    if now.generation == 0 { Some(now.truth.world()) } else { now.founder }
}

/// The perplexity of each of some texts of this generation; of single tokens nobody asks it.
pub fn of_each(now: &Snapshot<'_, Tokens>, texts: &Tokens) -> Option<Vec<Option<f64>>> {
    let long = texts.sequences().any(|sequence| sequence.len() > 1);
    long.then(|| perplexity::of_each(judge(now)?, texts)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Types;
    use crate::lineage::{Needs, Supply, Truth};
    use crate::numeric::memo::Memo;
    use crate::samples::TrainingSet;
    use crate::stream::Streams;

    fn types(weights: &[f64]) -> Types {
        Types::new(weights, 2).expect("some weight")
    }

    #[test]
    fn the_first_model_judges_the_newest_text() {
        let (world, streams) = (types(&[1., 1., 1.]), Streams { seed: 1, trial: 0 });
        let needs = Needs { founders: 5, evaluation: 10, ..Needs::default() };
        let (supply, memo) = (Supply::new(&world, needs, streams), Memo::default());
        let truth = Truth::new(&supply, 10, &memo);
        let (founders, training) = (supply.founders(), TrainingSet::new(Vec::new()));
        let value = |now: &Snapshot<'_, Tokens>| {
            FounderPerplexity {}.measure(now, now.noise("it")).map(|reading| reading.value)
        };
        let ideal = value(&Snapshot::of_world(&truth, &founders, streams)).expect("a density");
        assert!((ideal - 3.0).abs() < 1e-12);
        let (first, third) = (types(&[2., 1., 1.]), types(&[1., 0., 0.]));
        let offspring = Tokens::of_length(vec![0, 0, 0, 1], 2, 3);
        let now = |t, model| Snapshot::of_model(t, &truth, model, &training, &offspring, streams);
        let expected = 2.0_f64.powf(5.0 / 4.0);
        let at_first = value(&now(1, &first)).expect("a density");
        let later = value(&now(3, &third).with_founder(&first)).expect("a density");
        assert!((at_first - expected).abs() < 1e-12 && at_first == later);
        assert_eq!(value(&now(3, &third)), None, "nobody is left to judge");
        let each = of_each(&now(1, &first), &offspring).expect("long enough");
        assert!((each[0].expect("tokens") - 2.0).abs() < 1e-12);
        assert!((each[1].expect("tokens") - 8.0_f64.sqrt()).abs() < 1e-12);
    }
}
