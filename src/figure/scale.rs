//! From values to places: which part of an axis is shown, on which scale, and where its ticks are.

use super::tick::{Tick, decades, integers, nice};

/// More than this many decades ask for a logarithmic axis.
const DECADES_ON_A_LINEAR_AXIS: f64 = 2.0;

/// More generations than this ask for a logarithmic axis.
const GENERATIONS_ON_A_LINEAR_AXIS: u32 = 200;

/// More swept values than this have round ticks rather than their own.
const SWEPT_TICKS: usize = 12;

/// An axis, from `low` to `high` in its own units (decimal logarithms on a logarithmic one).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub is_log: bool,
    low: f64,
    high: f64,
    pub ticks: Vec<Tick>,
}

impl Axis {
    /// An axis for what lines pass through, what bands reach, and where the world lies.
    ///
    /// The world does not decide on the scale: its distance to itself is zero, and would forbid
    /// logarithms to every distance.
    /// `log` says what it should be: then values without a logarithm lie on its rim.
    pub fn of_values(lines: &[f64], bands: &[f64], worlds: &[f64], log: Option<bool>) -> Self {
        let all = || lines.iter().chain(bands);
        let is_shown = |value: &&f64| log != Some(true) || **value > 0.0;
        let seen = extent(lines.iter().filter(is_shown).copied()).unwrap_or((0.0, 0.0));
        // A band that reaches zero is cut a decade below the lines; it cannot ask for decades.
        let asks =
            if all().all(|value| *value > 0.0) { extent(all().copied()) } else { Some(seen) };
        let (low, high) = asks.unwrap_or(seen);
        let asks = low > 0.0 && high.log10() - low.log10() > DECADES_ON_A_LINEAR_AXIS;
        if seen.0 > 0.0 && log.unwrap_or(asks) {
            let shown = all().map(|value| value.max(seen.0 / 10.0));
            let worlds = worlds.iter().copied().filter(|world| *world > 0.0);
            let (low, high) = extent(shown.chain(worlds)).unwrap_or(seen);
            return Self::logarithmic(low, high);
        }
        let (low, high) = extent(all().chain(worlds).copied()).unwrap_or((0.0, 1.0));
        Self::linear(low, high)
    }

    /// An axis from the world, generation 0, to the last generation.
    pub fn of_generations(last: u32, log: Option<bool>) -> Self {
        if last > 1 && log.unwrap_or(last > GENERATIONS_ON_A_LINEAR_AXIS) {
            let high = f64::from(last).log10();
            return Self { is_log: true, low: 0.0, high, ticks: decades(0.0, high) };
        }
        let high = f64::from(last.max(1));
        Self { is_log: false, low: 0.0, high, ticks: integers(last.max(1)) }
    }

    /// An axis with room for a column of each generation from the first to the last.
    pub fn of_columns(first: u32, last: u32) -> Self {
        let axis = Self::of_generations(last, None);
        let (low, high) = (f64::from(first.max(1)) - 0.5, f64::from(last.max(1)) + 0.5);
        let ticks = axis.ticks.into_iter().filter(|tick| tick.value >= low).collect();
        match axis.is_log {
            true => Self { is_log: true, low: low.log10(), high: high.log10(), ticks },
            false => Self { is_log: false, low, high, ticks },
        }
    }

    /// An axis of swept numbers, with ticks at them where they are few.
    pub fn of_swept(values: &[f64], log: Option<bool>) -> Self {
        let positive = values.iter().copied().filter(|value| *value > 0.0);
        let mut axis = match extent(positive) {
            Some((low, high)) if log.unwrap_or(is_geometric(values)) => {
                Self::logarithmic(low, high.max(low * (1.0 + 1e-9)))
            }
            _ => {
                let (low, high) = extent(values.iter().copied()).unwrap_or((0.0, 1.0));
                Self::linear(low, high)
            }
        };
        if values.len() <= SWEPT_TICKS {
            axis.ticks = values.iter().map(|value| Tick::at(*value)).collect();
        }
        axis
    }

    /// The axis with ticks at powers of ten, where it has them.
    pub fn with_round_ticks(self) -> Self {
        match self.is_log {
            true => Self { ticks: decades(self.low, self.high), ..self },
            false => self,
        }
    }

    /// An axis from nothing to everything.
    pub fn of_shares() -> Self {
        Self { is_log: false, low: 0.0, high: 1.03, ticks: nice(0.0, 1.0) }
    }

    /// An axis that ends where the data do, for densities and scatters.
    pub fn between(low: f64, high: f64) -> Self {
        let axis = Self::linear(low, high);
        let few = |ticks: Vec<Tick>| ticks.into_iter().step_by(2).collect();
        Self { ticks: few(axis.ticks), ..axis }
    }

    /// The values at the ends of the axis.
    pub fn ends(&self) -> (f64, f64) {
        match self.is_log {
            true => (10f64.powf(self.low), 10f64.powf(self.high)),
            false => (self.low, self.high),
        }
    }

    fn linear(low: f64, high: f64) -> Self {
        let size = low.abs().max(high.abs());
        // Differences that rounding makes are no differences.
        let is_flat = high / 2.0 - low / 2.0 <= 1e-9 * size;
        let (low, high) = match (is_flat, low.midpoint(high)) {
            (true, 0.0) => (-1.0, 1.0),
            (true, centre) => (centre - centre.abs() / 2.0, centre + centre.abs() / 2.0),
            // Near zero, zero belongs into the picture: a share that halves should look halved.
            (false, _) if low > 0.0 && low < 0.4 * high => (0.0, high),
            (false, _) => (low, high),
        };
        let room = 0.04 * (high - low);
        let low = if low == 0.0 { low } else { low - room };
        let (low, high) = (low.max(f64::MIN / 4.0), (high + room).min(f64::MAX / 4.0));
        Self { is_log: false, low, high, ticks: nice(low, high) }
    }

    fn logarithmic(low: f64, high: f64) -> Self {
        // A tenth of the least double is zero, which has no logarithm.
        let (low, high) = (low.max(f64::MIN_POSITIVE).log10(), high.max(f64::MIN_POSITIVE).log10());
        let room = if high - low > 1e-6 { 0.03 * (high - low) } else { 0.5 };
        let (low, high) = (low - room, high + room);
        Self { is_log: true, low, high, ticks: decades(low, high) }
    }

    /// The place of a value, 0 at the beginning of the axis and 1 at its end; infinite values and
    /// those beyond lie on the rim.
    pub fn place(&self, value: f64) -> f64 {
        let value = match self.is_log {
            true if value <= 0.0 => f64::NEG_INFINITY,
            true => value.log10(),
            false => value,
        };
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// Whether numbers that someone chose rise by factors rather than by steps.
pub(super) fn is_geometric(values: &[f64]) -> bool {
    let (low, high) = extent(values.iter().copied()).unwrap_or((0.0, 0.0));
    low > 0.0 && high / low >= 20.0
}

/// The least and the largest of the finite values.
pub(super) fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|value| value.is_finite()).fold(None, |seen, value| {
        let (low, high) = seen.unwrap_or((value, value));
        Some((value.min(low), value.max(high)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_decades_of_positive_values_are_shown_on_a_logarithmic_axis() {
        let is_log =
            |lines: &[f64], bands: &[f64]| Axis::of_values(lines, bands, &[0.0], None).is_log;
        assert!(is_log(&[1.0, 1e-3], &[]) && is_log(&[1.0, 0.1], &[500.0]));
        assert!(is_log(&[1.0, 1e-3, f64::INFINITY], &[0.0]));
        assert!(!is_log(&[1.0, 0.02], &[]) && !is_log(&[1.0, 0.1], &[500.0, 0.0]));
        assert!(!is_log(&[1.0, 1e-3, 0.0], &[]) && !is_log(&[1.0, 1e-3, -1.0], &[]));
    }

    #[test]
    fn every_value_has_a_place_on_the_axis() {
        let cases: [&[f64]; 9] = [
            &[],
            &[0.0],
            &[1.0; 3],
            &[-5.0],
            &[1.0, 1.0 + 1e-16],
            &[f64::MAX, f64::MIN],
            &[5e-324, f64::MAX],
            &[f64::INFINITY, f64::NEG_INFINITY],
            &[-2.0, f64::INFINITY, 3.0],
        ];
        for values in cases {
            let axis = Axis::of_values(values, &[], &[], None);
            let places: Vec<f64> = values.iter().map(|value| axis.place(*value)).collect();
            assert!(
                places.iter().all(|place| (0.0..=1.0).contains(place)),
                "{values:?} {places:?}"
            );
            assert!(!axis.ticks.is_empty() && axis.ticks.len() < 12, "{values:?} {axis:?}");
        }
    }

    #[test]
    fn a_scale_that_is_asked_for_is_given_where_there_is_something_to_show() {
        let is_log = |lines: &[f64], log| Axis::of_values(lines, &[], &[], log).is_log;
        assert!(is_log(&[1.0, 2.0], Some(true)) && is_log(&[1.0, 2.0, 0.0], Some(true)));
        assert!(!is_log(&[-1.0, 0.0], Some(true)) && !is_log(&[1.0, 1e-9], Some(false)));
        assert!(Axis::of_generations(10, Some(true)).is_log);
        assert!(!Axis::of_generations(1000, Some(false)).is_log);
    }

    #[test]
    fn swept_numbers_that_rise_by_factors_are_evenly_apart_and_have_their_own_ticks() {
        let axis = Axis::of_swept(&[10.0, 100.0, 1000.0], None);
        assert!(axis.is_log && (axis.place(100.0) - 0.5).abs() < 1e-9);
        let texts: Vec<&str> = axis.ticks.iter().map(|tick| tick.text.as_str()).collect();
        assert_eq!(texts, ["10", "100", "1000"]);
        assert!(!Axis::of_swept(&[0.1, 0.5, 0.9], None).is_log);
        assert!(!Axis::of_swept(&[0.0, 5.0, 900.0], None).is_log);
        for values in [&[][..], &[0.0], &[5.0], &[f64::MAX, 1.0], &[-1.0, 3.0]] {
            for log in [None, Some(true), Some(false)] {
                let axis = Axis::of_swept(values, log);
                assert!(values.iter().all(|v| (0.0..=1.0).contains(&axis.place(*v))), "{axis:?}");
            }
        }
    }

    #[test]
    fn a_constant_lies_in_the_middle() {
        for constant in [0.0, 1.0, -3.0, 1e-12] {
            let place = Axis::of_values(&[constant; 4], &[constant], &[], None).place(constant);
            assert!((place - 0.5).abs() < 1e-9, "{constant} at {place}");
        }
    }

    #[test]
    fn generations_begin_with_the_world_on_a_linear_axis_and_with_the_first_fit_on_a_logarithmic() {
        let few = Axis::of_generations(30, None);
        assert_eq!((few.is_log, few.place(0.0), few.place(30.0)), (false, 0.0, 1.0));
        let many = Axis::of_generations(1000, None);
        assert_eq!((many.is_log, many.place(1.0), many.place(1000.0)), (true, 0.0, 1.0));
    }
}
