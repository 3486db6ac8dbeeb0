//! What a file says of training.

use crate::numeric::bounded::{Count, Fraction, NonNegative, Positive, Share};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a network is trained: AdamW on batches of whole sequences.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Training {
    /// Training ends after so many passes over the training set (default 10) …
    pub epochs: Positive,
    /// … or after so many batches (default 1000), whichever comes first.
    pub steps: Count,
    /// Sequences of one batch (default 16).
    pub batch: Count,
    /// The highest learning rate (default 0.003).
    pub learning_rate: Positive,
    /// The share of all steps over which the rate climbs (default 0.05).
    pub warm_up: Fraction,
    /// The rate at the end, as a share of the highest; a half cosine leads there (default 0.1).
    pub floor: Fraction,
    /// Of matrices, by AdamW (default 0.01).
    pub weight_decay: NonNegative,
    /// The largest norm of the gradient, 0 for none (default 1).
    pub clip: NonNegative,
    /// The memory of the gradient (default 0.9; below 1).
    pub beta1: Fraction,
    /// The memory of its square (default 0.99; below 1).
    pub beta2: Fraction,
    /// Ends training once real sequences that are held out become less likely.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early_stopping: Option<EarlyStopping>,
    /// γ: tokens that the network gives a higher probability cost nothing (truncated cross-entropy).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Share>,
}

/// When training ends early; the best weights are kept.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct EarlyStopping {
    /// Looks without a better value, after which training ends (default 5).
    pub patience: Count,
    /// Steps between two looks (default 20).
    pub every: Count,
    /// Real sequences that are looked at (default 256).
    pub sequences: Count,
}

/// The weights that a fit starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    Fresh,
    Parent,
    Founder,
}

impl Default for Training {
    fn default() -> Self {
        Training {
            epochs: Positive::literal(10.0),
            steps: Count::literal(1000),
            batch: Count::literal(16),
            learning_rate: Positive::literal(3e-3),
            warm_up: Fraction::literal(0.05),
            floor: Fraction::literal(0.1),
            weight_decay: NonNegative::literal(0.01),
            clip: NonNegative::literal(1.0),
            beta1: Fraction::literal(0.9),
            beta2: Fraction::literal(0.99),
            early_stopping: None,
            confidence: None,
        }
    }
}

impl Default for EarlyStopping {
    fn default() -> Self {
        EarlyStopping {
            patience: Count::literal(5),
            every: Count::literal(20),
            sequences: Count::literal(256),
        }
    }
}

impl Training {
    /// Steps over n sequences.
    pub fn steps(&self, n: usize) -> usize {
        let batch = self.batch.get().min(n).max(1);
        let whole = (self.epochs.get() * n as f64 / batch as f64).ceil();
        // A count that overflows saturates.
        (whole as usize).clamp(1, self.steps.get())
    }

    /// The learning rate of one of so many steps, from 0.
    pub fn rate(&self, step: usize, steps: usize) -> f64 {
        let (highest, floor) = (self.learning_rate.get(), self.floor.get());
        let climb = (self.warm_up.get() * steps as f64).ceil() as usize;
        if step < climb {
            return highest * (step + 1) as f64 / climb as f64;
        }
        let rest = (steps - climb).max(1) as f64;
        let done = (step - climb) as f64 / rest;
        let cosine = 0.5 * (1.0 + (std::f64::consts::PI * done).cos());
        highest * (floor + (1.0 - floor) * cosine)
    }

    /// What is wrong with the numbers taken together.
    pub fn check(&self) -> Result<(), crate::model::Misfit> {
        for (name, beta) in [("beta1", self.beta1), ("beta2", self.beta2)] {
            if beta.get() >= 1.0 {
                return Err(crate::model::Misfit {
                    reason: format!("{name} is 1, and then nothing is ever learned"),
                    help: format!("a {name} below 1, such as 0.9 or 0.99"),
                });
            }
        }
        Ok(())
    }
}
