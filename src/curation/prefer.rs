//! Keeps one of every K samples, chosen by Bradley–Terry with a reward.
//!
//! The offered samples are taken K at a time, in their order (a last, smaller group too), and sample i of
//! a group is kept with probability e^{r(xᵢ)/T} / Σⱼ e^{r(xⱼ)/T}. Rewards: "world" ln p*(x); "model"
//! ln p_t(x); "square" −½‖x − c‖²; "distance" −‖x − c‖. Where the world or the model has no density all
//! rewards are alike. Among samples that all have reward −∞ the choice is free.
//! One round makes p'(x) = p(x)·E[K e^{r(x)/T} / (e^{r(x)/T} + Σ_{i<K} e^{r(xᵢ)/T})]; K → ∞ makes it
//! p(x) e^{r(x)/T} / E e^{r/T}. A normal N(μ, σ²) under "square" then has 1/σ'² = 1/σ² + 1/T.
//! Under collapse: E e^r never falls, and the variance of the reward goes to 0: p_t ends on what is
//! preferred most. Real data in the training set keeps it near p*.
//! Cost: one reward per offered sample; with "world" each is a question to the oracle.
//! Source: Ferbach et al. 2024 (arXiv 2407.09499).
//! Not to be confused with `likeliest`, which keeps a share and draws nothing.

use super::centre::Centre;
use super::{Curation, CurationBench, Draw, rank};
use crate::distribution::Distribution;
use crate::model::Misfit;
use crate::numeric::bounded::{Count, Positive};
use crate::samples::{PointShape, Points, Samples, TokenShape, Tokens};
use crate::stream::Stream;
use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Prefer {
    /// K: one of so many samples is kept.
    pub among: Count,
    /// What is preferred: "world", "model"; of points also "square" and "distance" (to the centre).
    pub reward: Reward,
    /// c: a list of one number for all coordinates or of one for each; [] is the founders' mean.
    pub centre: Centre,
    /// T: rewards are divided by it; the colder, the surer the best of K is kept.
    pub temperature: Positive,
    /// "kept": draw K times the schedule's number; "offspring": draw that number.
    pub draw: Draw,
}

/// What is preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reward {
    /// ln p*(x)
    World,
    /// ln p_t(x)
    Model,
    /// −½‖x − c‖²
    Square,
    /// −‖x − c‖
    Distance,
}

impl Default for Prefer {
    fn default() -> Self {
        Prefer {
            among: Count::literal(4),
            reward: Reward::World,
            centre: Centre::default(),
            temperature: Positive::literal(1.0),
            draw: Draw::Kept,
        }
    }
}

/// Samples that can be nearer to a place or farther from it, or not.
pub trait Placed: Samples {
    fn check(prefer: &Prefer, shape: &Self::Shape) -> Result<(), Misfit>;

    /// The squared distance of each sample to the centre.
    fn squares(samples: &Self, centre: &Centre, founders: &Self) -> Vec<f64>;
}

impl Placed for Points {
    fn check(prefer: &Prefer, shape: &PointShape) -> Result<(), Misfit> {
        prefer.centre.check("prefer", shape)
    }

    fn squares(samples: &Points, centre: &Centre, founders: &Points) -> Vec<f64> {
        let centre = centre.or_mean_of(founders);
        let square = |x: &[f64]| x.iter().zip(&centre).map(|(a, b)| (a - b).powi(2)).sum();
        samples.rows().map(square).collect()
    }
}

impl Placed for Tokens {
    fn check(prefer: &Prefer, _shape: &TokenShape) -> Result<(), Misfit> {
        match prefer.reward {
            Reward::World | Reward::Model => Ok(()),
            Reward::Square | Reward::Distance => Err(Misfit {
                reason: "tokens have no distance to a centre".into(),
                help: "choose the reward \"world\" or \"model\"".into(),
            }),
        }
    }

    fn squares(samples: &Tokens, _centre: &Centre, _founders: &Tokens) -> Vec<f64> {
        vec![0.0; samples.len()]
    }
}

impl Prefer {
    fn rewards<S: Placed>(&self, offered: &S, bench: &CurationBench<'_, S>) -> Vec<f64> {
        let ln = |of: &dyn Distribution<S>| {
            of.density().map_or_else(|| vec![0.0; offered.len()], |p| p.ln_density(offered))
        };
        let each = |of: fn(f64) -> f64| {
            let squares = S::squares(offered, &self.centre, bench.founders);
            squares.into_iter().map(of).collect()
        };
        match self.reward {
            Reward::World => {
                bench.ask(offered.len());
                ln(bench.world)
            }
            Reward::Model => ln(bench.model),
            Reward::Square => each(|square| -0.5 * square),
            Reward::Distance => each(|square| -square.sqrt()),
        }
    }

    /// The place of the one that is kept among these rewards: a single draw, whatever they are.
    fn best(&self, rewards: &[f64], rng: &mut Stream) -> usize {
        let most = rewards.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weight = |reward: f64| match reward == most {
            true => 1.0,
            false => ((reward - most) / self.temperature.get()).exp(),
        };
        let weights: Vec<f64> = rewards.iter().map(|&reward| weight(reward)).collect();
        let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            if left < *weight {
                return place;
            }
            left -= weight;
        }
        // Only rounding comes here.
        weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0)
    }
}

impl<S: Placed> Curation<S> for Prefer {
    fn draws(&self, n: usize) -> usize {
        match self.draw {
            Draw::Kept => n.saturating_mul(self.among.get()),
            Draw::Offspring => n,
        }
    }

    fn draw(&self) -> Draw {
        self.draw
    }

    fn check(&self, shape: &S::Shape) -> Result<(), Misfit> {
        S::check(self, shape)
    }

    fn curate(&self, offered: S, bench: &CurationBench<'_, S>, rng: &mut Stream) -> S {
        let rewards = self.rewards(&offered, bench);
        let k = self.among.get();
        let one = |(group, rewards): (usize, &[f64])| group * k + self.best(rewards, rng);
        let rows = rewards.chunks(k).enumerate().map(one).collect();
        rank::survivors(&offered, rows)
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::Gaussian;
    use ndarray::arr1;

    fn kept(table: &str, offered: &[f64]) -> (Vec<f64>, u64) {
        let curator: Prefer = toml::from_str(table).expect("legal");
        let model = Gaussian::spherical(arr1(&[0.0]), 1.0);
        let place = Place::new(&model, Points::from_rows(vec![0.0], 1));
        let (kept, asked) = place.curate(&curator, Points::from_rows(offered.to_vec(), 1));
        (kept.as_slice().to_vec(), asked)
    }

    #[test]
    fn a_cold_choice_is_the_best_of_each_group_and_of_the_last_that_is_smaller() {
        let offered = [3., 1., 2., -5., -0.5, 9., 7.];
        let cold = "among = 3\ntemperature = 1e-9\n";
        assert_eq!(kept(&format!("{cold}reward = 'world'"), &offered), (vec![1., -0.5, 7.], 7));
        assert_eq!(kept(&format!("{cold}reward = 'model'"), &offered), (vec![1., -0.5, 7.], 0));
        for reward in ["square", "distance"] {
            let text = format!("{cold}centre = [10]\nreward = '{reward}'");
            assert_eq!(kept(&text, &offered).0, [3., 9., 7.], "{reward}");
        }
    }

    #[test]
    fn as_many_are_drawn_as_leave_the_number_asked_for() {
        let curator = Prefer { among: Count::literal(7), ..Prefer::default() };
        assert_eq!(Curation::<Points>::draws(&curator, 30), 210);
    }

    #[test]
    fn tokens_have_no_centre_to_be_near() {
        let curator: Prefer = toml::from_str("reward = 'square'").expect("legal");
        let shape = TokenShape { vocabulary: 3, length: Some(1) };
        assert!(Curation::<Tokens>::check(&curator, &shape).is_err());
    }
}
