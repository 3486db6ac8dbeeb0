//! From values to places: which part of an axis is shown, on which scale, and where its ticks are.

use super::tick::{Tick, decades, integers, nice};

/// More than this many decades ask for a logarithmic axis.
const DECADES_ON_A_LINEAR_AXIS: f64 = 2.0;

/// More generations than this ask for a logarithmic axis.
const GENERATIONS_ON_A_LINEAR_AXIS: u32 = 200;

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
    pub fn of_values(lines: &[f64], bands: &[f64], worlds: &[f64]) -> Self {
        let all = || lines.iter().chain(bands);
        let seen = extent(lines.iter().copied()).unwrap_or((0.0, 0.0));
        // A band that reaches zero is cut a decade below the lines; it cannot ask for decades.
        let asks =
            if all().all(|value| *value > 0.0) { extent(all().copied()) } else { Some(seen) };
        let (low, high) = asks.unwrap_or(seen);
        if seen.0 > 0.0 && low > 0.0 && high.log10() - low.log10() > DECADES_ON_A_LINEAR_AXIS {
            let shown = all().map(|value| value.max(seen.0 / 10.0));
            let worlds = worlds.iter().copied().filter(|world| *world > 0.0);
            let (low, high) = extent(shown.chain(worlds)).unwrap_or(seen);
            return Self::logarithmic(low, high);
        }
        let (low, high) = extent(all().chain(worlds).copied()).unwrap_or((0.0, 1.0));
        Self::linear(low, high)
    }

    /// An axis from the world, generation 0, to the last generation.
    pub fn of_generations(last: u32) -> Self {
        if last > GENERATIONS_ON_A_LINEAR_AXIS {
            let high = f64::from(last).log10();
            return Self { is_log: true, low: 0.0, high, ticks: decades(0.0, high) };
        }
        let high = f64::from(last.max(1));
        Self { is_log: false, low: 0.0, high, ticks: integers(last.max(1)) }
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
        let (low, high) = (low.log10(), high.log10());
        let room = 0.03 * (high - low);
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

/// The least and the largest of the finite values.
fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
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
        let is_log = |lines: &[f64], bands: &[f64]| Axis::of_values(lines, bands, &[0.0]).is_log;
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
            let axis = Axis::of_values(values, &[], &[]);
            let places: Vec<f64> = values.iter().map(|value| axis.place(*value)).collect();
            assert!(
                places.iter().all(|place| (0.0..=1.0).contains(place)),
                "{values:?} {places:?}"
            );
            assert!(!axis.ticks.is_empty() && axis.ticks.len() < 12, "{values:?} {axis:?}");
        }
    }

    #[test]
    fn a_constant_lies_in_the_middle() {
        for constant in [0.0, 1.0, -3.0, 1e-12] {
            let place = Axis::of_values(&[constant; 4], &[constant], &[]).place(constant);
            assert!((place - 0.5).abs() < 1e-9, "{constant} at {place}");
        }
    }

    #[test]
    fn generations_begin_with_the_world_on_a_linear_axis_and_with_the_first_fit_on_a_logarithmic() {
        let few = Axis::of_generations(30);
        assert_eq!((few.is_log, few.place(0.0), few.place(30.0)), (false, 0.0, 1.0));
        let many = Axis::of_generations(1000);
        assert_eq!((many.is_log, many.place(1.0), many.place(1000.0)), (true, 0.0, 1.0));
    }
}
