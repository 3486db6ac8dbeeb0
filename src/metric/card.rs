//! What a metric is, and what a value of it loses.

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A positive value of an ideal model; the loss is |ln(value / target)|.
    Value(f64),
    /// The world's own value; the loss is |ln(value / value of the world)|.
    World,
    /// The world's own value of something that is a logarithm already; the loss is the distance.
    WorldLogarithm,
    /// A value that an ideal model stays at and others exceed, as 0 of a distance; the loss is what
    /// lies above it, and is below 0 where chance left less.
    Floor(f64),
    /// The least possible; the loss is the value itself.
    Least,
    /// The most possible; the loss is the value with its sign turned.
    Most,
}

/// What a metric is, for tables, figures and comparisons.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Card {
    pub symbol: &'static str,
    pub unit: &'static str,
    pub target: Target,
    /// What one measurement costs, in n evaluation samples of dimension d.
    pub cost: &'static str,
    pub source: &'static str,
}

impl Card {
    /// The loss of a value; `world` is the metric's value of the world.
    ///
    /// `None` where it does not exist: a ratio of values that are not both positive.
    pub fn loss(&self, value: f64, world: f64) -> Option<f64> {
        let ratio = |target: f64| match value > 0.0 && target > 0.0 {
            true => Some((value / target).ln().abs()),
            false if value == 0.0 && target > 0.0 => Some(f64::INFINITY),
            false => None,
        };
        let loss = match self.target {
            Target::Value(target) => ratio(target),
            Target::World => ratio(world),
            Target::WorldLogarithm => Some((value - world).abs()),
            Target::Floor(floor) => Some(value - floor),
            Target::Least => Some(value),
            Target::Most => Some(-value),
        };
        loss.filter(|loss| !loss.is_nan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(target: Target, value: f64, world: f64) -> Option<f64> {
        Card { symbol: "", unit: "", target, cost: "", source: "" }.loss(value, world)
    }

    #[test]
    fn twice_and_half_of_a_target_are_one_loss() {
        let ln_2 = Some(2.0_f64.ln());
        assert_eq!(loss(Target::Value(1.0), 2.0, 9.0), ln_2);
        assert_eq!(loss(Target::Value(1.0), 0.5, 9.0), ln_2);
        assert_eq!(loss(Target::World, 6.0, 3.0), ln_2);
        assert_eq!(loss(Target::World, 1.5, 3.0), ln_2);
        assert_eq!(loss(Target::World, 3.0, 3.0), Some(0.0));
    }

    #[test]
    fn nothing_left_of_a_ratio_is_an_infinite_loss() {
        assert_eq!(loss(Target::Value(1.0), 0.0, 9.0), Some(f64::INFINITY));
        assert_eq!(loss(Target::World, f64::INFINITY, 3.0), Some(f64::INFINITY));
    }

    #[test]
    fn a_ratio_of_values_that_are_not_positive_is_no_loss() {
        assert_eq!(loss(Target::World, -1.0, 3.0), None);
        assert_eq!(loss(Target::World, 0.0, 0.0), None);
        assert_eq!(loss(Target::World, f64::INFINITY, f64::INFINITY), None);
        assert_eq!(loss(Target::Value(1.0), f64::NAN, 1.0), None);
    }

    #[test]
    fn a_logarithm_loses_its_distance_from_the_world() {
        assert_eq!(loss(Target::WorldLogarithm, -1.5, 1.0), Some(2.5));
        let gone = f64::NEG_INFINITY;
        assert_eq!(loss(Target::WorldLogarithm, gone, 1.0), Some(f64::INFINITY));
        assert_eq!(loss(Target::WorldLogarithm, gone, gone), None);
    }

    #[test]
    fn the_least_and_the_most_lose_by_their_sign() {
        assert_eq!(loss(Target::Least, 0.3, 9.0), Some(0.3));
        assert_eq!(loss(Target::Most, 0.3, 9.0), Some(-0.3));
        assert_eq!(loss(Target::Floor(0.5), 0.75, 9.0), Some(0.25));
        assert_eq!(loss(Target::Floor(0.5), 0.25, 9.0), Some(-0.25));
    }
}
