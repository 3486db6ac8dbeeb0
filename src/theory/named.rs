//! Closed forms by name, for claims that expect what theory says: of the place itself, as theory.csv has
//! it, or at values that the claim gives.

use super::{categorical, curation, kde, pooled, survival, universality, weighted};
use crate::numeric::bounded::{Count, Fraction, Positive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A closed form and its arguments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// What theory.csv says of this cell, generation and metric.
    Table,
    /// (1 − 1/n)^t: the mean variance of a normal under replace, divisor n; likewise heterozygosity.
    VarianceLeft(Generation),
    /// sin(π/√n)/(π/√n): the same under accumulate, in the limit.
    AccumulateLimit(Size),
    /// Σ 1/i² up to t, towards π²/6: the risk under accumulate over that of the first fit.
    SquareSum(Time),
    /// (√(k² + 4k) − k)/2, k the number of real samples over that of synthetic ones: the best weight of
    /// fresh real samples.
    GoldenWeight(Ratio),
    /// (w² + k(1 − w)²)/(w(2 − w)): the steady risk at weight w, in units of that of real samples alone.
    WeightedRisk(Weight),
    /// 1/(1 + ψ/φ): the share of wrong labels up to which a verifier saves the classifier that keeps right
    /// ones with probability φ and wrong ones with ψ.
    VerifierThreshold(Verifier),
    /// 1 − e^{−nλg_t}: the probability that a Poisson rate is not 0.
    PoissonSurvival(Poisson),
    /// 1 − e^{−npg_t}: a lower bound on the probability that a symbol is alive.
    SymbolSurvivalLeast(Symbol),
    /// 1 − max(0, 1 − 3np² − 3tp) e^{−npg_t}: an upper bound on the same.
    SymbolSurvivalMost(Symbol),
    /// e^{−t/(4n − 1)}/ε, or the tighter bound through a moment: at most so often is the standard deviation of a
    /// normal above ε, divisor n − 1, σ = 1 at first.
    NormalSurvivalMost(Spread),
    /// e^{−t/4n}/ε: the same of a balanced mixture of two normals.
    MixtureSurvivalMost(Components),
    /// −2n(K − 1) ln(1 − 1/K): the mean time to the loss of all types but one of K, all alike at first.
    FixationTime(Types),
    /// (n − 1)h²: the variance of a kernel estimate of width h under replace, in the limit.
    KernelLimit(Kernel),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Generation {
    /// Samples of each generation.
    pub n: Count,
    pub generation: Count,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Size {
    /// Samples of each generation.
    pub n: Count,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Time {
    pub generations: Count,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ratio {
    /// Real samples over synthetic ones.
    pub ratio: Positive,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Weight {
    /// The total weight of the real samples.
    pub weight: Fraction,
    /// Real samples over synthetic ones.
    pub ratio: Positive,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Verifier {
    /// The probability of keeping a right label.
    pub right: Fraction,
    /// The probability of keeping a wrong one.
    pub wrong: Fraction,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Poisson {
    /// Samples of each generation.
    pub n: Count,
    /// The rate of the world.
    pub rate: Positive,
    pub generation: Count,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Symbol {
    /// Samples of each generation.
    pub n: Count,
    /// Its probability in the world.
    pub probability: Fraction,
    pub generation: Count,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Spread {
    /// Samples of each generation.
    pub n: Count,
    /// The standard deviation ε, in units of the world's.
    pub level: Positive,
    pub generation: Count,
    /// The order of a moment, for the bound through it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moment: Option<Fraction>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Components {
    /// Samples of each generation.
    pub n: Count,
    /// The standard deviation ε, in units of the world's.
    pub level: Positive,
    pub generation: Count,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Types {
    /// Samples of each generation.
    pub n: Count,
    pub types: Count,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Kernel {
    /// Samples of each generation.
    pub n: Count,
    pub bandwidth: Positive,
}

fn time(t: &Count) -> Result<u32, String> {
    u32::try_from(t.get()).map_err(|_| "no such generation".to_owned())
}

impl Symbol {
    fn band(&self) -> Result<(f64, f64), String> {
        let t = time(&self.generation)?;
        Ok(survival::bernoulli_band(self.n.get(), self.probability.get(), t))
    }
}

impl Form {
    /// Its value; an error where its arguments do not give one.
    pub fn value(&self) -> Result<f64, String> {
        let value = match self {
            Form::Table => return Err("theory.csv has no closed form for this place".into()),
            Form::VarianceLeft(form) => {
                categorical::replace_ratio(form.n.get(), time(&form.generation)?)
            }
            Form::AccumulateLimit(form) => pooled::accumulate_limit(form.n.get()),
            Form::SquareSum(form) => universality::keep_ratio(time(&form.generations)?),
            Form::GoldenWeight(form) => weighted::golden_weight(form.ratio.get()),
            Form::WeightedRisk(form) => weighted::steady_risk(form.weight.get(), form.ratio.get()),
            Form::VerifierThreshold(form) => {
                curation::critical_share(form.right.get(), form.wrong.get())
            }
            Form::PoissonSurvival(form) => {
                survival::poisson(form.n.get(), form.rate.get(), time(&form.generation)?)
            }
            Form::SymbolSurvivalLeast(form) => form.band()?.0,
            Form::SymbolSurvivalMost(form) => form.band()?.1,
            Form::NormalSurvivalMost(form) => {
                let (n, level, t) = (form.n.get(), form.level.get(), time(&form.generation)?);
                match form.moment {
                    Some(s) => survival::gaussian_moment_bound(n, level, t, s.get()),
                    None => survival::gaussian_bound(n, level, t),
                }
            }
            Form::MixtureSurvivalMost(form) => {
                survival::mixture_bound(form.n.get(), form.level.get(), time(&form.generation)?)
            }
            Form::FixationTime(form) => {
                let types = form.types.get();
                categorical::fixation_time(&vec![1.0 / types as f64; types], form.n.get())
            }
            Form::KernelLimit(form) => kde::replace_limit(form.n.get(), form.bandwidth.get()),
        };
        match value.is_finite() {
            true => Ok(value),
            false => Err(format!("its closed form is {value} at these arguments")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::printed;

    fn value(text: &str) -> f64 {
        #[derive(Deserialize)]
        struct File {
            theory: Form,
        }
        toml::from_str::<File>(text).unwrap().theory.value().unwrap()
    }

    #[test]
    fn forms_have_the_values_that_their_sources_print() {
        printed(value("theory.golden-weight.ratio = 1"), 0.618, 3);
        printed(value("theory.weighted-risk = { weight = 0.5, ratio = 1 }"), 0.6667, 4);
        printed(value("theory.verifier-threshold = { right = 0.9, wrong = 0.3 }"), 0.75, 6);
        printed(
            value("theory.poisson-survival = { n = 10, rate = 1, generation = 20 }"),
            0.6001,
            4,
        );
        printed(
            value("theory.normal-survival-most = { n = 10, level = 0.1, generation = 200 }"),
            0.0593,
            4,
        );
        printed(
            value(
                "theory.normal-survival-most = { n = 10, level = 0.1, generation = 100, moment = 0.7 }",
            ),
            // By Python's lgamma; no source prints it.
            0.3910,
            4,
        );
        printed(
            value("theory.mixture-survival-most = { n = 10, level = 0.1, generation = 150 }"),
            0.235,
            3,
        );
        let symbol = "{ n = 100, probability = 0.01, generation = 10 }";
        printed(value(&format!("theory.symbol-survival-least = {symbol}")), 0.158, 3);
        printed(value(&format!("theory.symbol-survival-most = {symbol}")), 0.436, 3);
        printed(value("theory.variance-left = { n = 50, generation = 50 }"), 0.3642, 4);
        printed(value("theory.square-sum.generations = 10"), 1.55, 2);
        printed(value("theory.accumulate-limit.n = 10"), 0.8434, 4);
        // −2n·9·ln 0.9 at n = 200.
        printed(value("theory.fixation-time = { n = 200, types = 10 }"), 379.0, 0);
        printed(value("theory.kernel-limit = { n = 20, bandwidth = 0.5 }"), 4.75, 6);
    }
}
