//! Two courses that a risk can take, fitted by least squares: a power of time, and levelling off.
//!
//! R_t = a + b·t^c, which grows without bound for b, c > 0 and levels off at a for c < 0; and
//! R_t = a + b·(1 − e^{−t/τ}), which levels off at a + b. For each c or τ the best a and b are those of
//! a line, so that only one number is searched for: on a grid, then by golden sections around its best
//! point (variable projection). −4 ≤ c ≤ 6; τ from a fiftieth of the last t to a hundred times it.
//! With c → 0 the power is a logarithm, with τ → ∞ the other one is a line.
//! Source: Golub & Pereyra, "The Differentiation of Pseudo-Inverses and Nonlinear Least Squares Problems
//! Whose Variables Separate", 1973.

/// A course, with its exponent or its time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Course {
    /// a, whatever t.
    Flat,
    /// t^c.
    Power(f64),
    /// 1 − e^{−t/τ}.
    Levelling(f64),
}

impl Course {
    fn at(self, t: f64) -> f64 {
        match self {
            Self::Flat => 0.0,
            Self::Power(c) => t.powf(c),
            Self::Levelling(tau) => -(-t / tau).exp_m1(),
        }
    }

    /// The same to within a factor and a constant, which stays apart from constants where c is near 0.
    fn basis(self, t: f64) -> f64 {
        match self {
            Self::Power(c) if c.abs() < 1e-9 => t.ln(),
            Self::Power(c) => (c * t.ln()).exp_m1() / c,
            other => other.at(t),
        }
    }
}

/// A course with its constants: a + b·course(t).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    pub course: Course,
    pub a: f64,
    pub b: f64,
    /// The sum of squared residuals.
    pub squares: f64,
}

impl Fit {
    pub fn at(&self, t: f64) -> f64 {
        self.a + self.b * self.course.at(t)
    }

    /// The squared errors of what it foretells.
    pub fn error(&self, points: &[(f64, f64)]) -> f64 {
        points.iter().map(|(t, y)| (y - self.at(*t)).powi(2)).sum()
    }
}

/// The courses of one family at the times of a curve.
pub struct Family {
    times: Vec<f64>,
    courses: Vec<(Course, Basis)>,
    of: fn(f64) -> Course,
    /// The parameter of each course on the grid: c, or ln τ.
    grid: Vec<f64>,
}

/// A course less its mean, and its squares.
struct Basis {
    values: Vec<f64>,
    mean: f64,
    squares: f64,
}

impl Basis {
    fn of(course: Course, times: &[f64]) -> Self {
        let values: Vec<f64> = times.iter().map(|t| course.basis(*t)).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let values: Vec<f64> = values.into_iter().map(|value| value - mean).collect();
        let squares = values.iter().map(|value| value * value).sum();
        Self { values, mean, squares }
    }

    /// The best factor, the mean of what is fitted, and what is left of its squares.
    fn fit(&self, y: &[f64]) -> (f64, f64, f64) {
        let mean = y.iter().sum::<f64>() / y.len() as f64;
        let products: f64 = self.values.iter().zip(y).map(|(x, y)| x * (y - mean)).sum();
        let factor = if self.squares > 0.0 { products / self.squares } else { 0.0 };
        let residual = |(x, y): (&f64, &f64)| (y - mean - factor * x).powi(2);
        (factor, mean, self.values.iter().zip(y).map(residual).sum())
    }
}

impl Family {
    /// Powers of time.
    pub fn powers(times: &[f64]) -> Self {
        // Between the points lies 0, where the power is a logarithm.
        let grid = (0..100).map(|i| -3.95 + 0.1 * f64::from(i)).collect();
        Self::on(times, grid, Course::Power)
    }

    /// Courses that level off.
    pub fn levelling(times: &[f64]) -> Self {
        let last = times.iter().fold(1.0, |last: f64, t| last.max(*t));
        let (low, high) = ((0.02 * last).ln(), (100.0 * last).ln());
        let grid = (0..60).map(|i| low + (high - low) * f64::from(i) / 59.0).collect();
        Self::on(times, grid, |ln| Course::Levelling(ln.exp()))
    }

    fn on(times: &[f64], grid: Vec<f64>, of: fn(f64) -> Course) -> Self {
        let course = |parameter: &f64| (of(*parameter), Basis::of(of(*parameter), times));
        Self { times: times.to_vec(), courses: grid.iter().map(course).collect(), of, grid }
    }

    /// The best course for values at these times.
    ///
    /// # Panics
    /// If there are not as many values as times: whoever asks has both from one curve.
    pub fn fit(&self, y: &[f64]) -> Fit {
        assert_eq!(y.len(), self.times.len(), "a value for each time");
        let squares = self.courses.iter().map(|(_, basis)| basis.fit(y).2);
        let best = squares.enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(i, _)| i);
        let ends =
            (self.grid[best.saturating_sub(1)], self.grid[(best + 1).min(self.grid.len() - 1)]);
        let left = |parameter: f64| Basis::of((self.of)(parameter), &self.times).fit(y).2;
        let near = least(ends, left);
        let own = self.courses[best].1.fit(y).2;
        let parameter = if left(near) < own { near } else { self.grid[best] };
        self.at(parameter, y)
    }

    fn at(&self, parameter: f64, y: &[f64]) -> Fit {
        let course = (self.of)(parameter);
        let basis = Basis::of(course, &self.times);
        let (factor, mean, squares) = basis.fit(y);
        let (mut a, mut b) = (mean - factor * basis.mean, factor);
        if let Course::Power(c) = course
            && c.abs() >= 1e-9
        {
            // From (t^c − 1)/c to t^c.
            (a, b) = (a - b / c, b / c);
        }
        Fit { course, a, b, squares }
    }
}

/// The mean of values, as a course.
pub fn flat(y: &[f64]) -> Fit {
    let a = y.iter().sum::<f64>() / y.len().max(1) as f64;
    let squares = y.iter().map(|y| (y - a).powi(2)).sum();
    Fit { course: Course::Flat, a, b: 0.0, squares }
}

/// Where a function with one valley is least, by golden sections.
fn least((mut low, mut high): (f64, f64), of: impl Fn(f64) -> f64) -> f64 {
    let golden = f64::midpoint(5.0_f64.sqrt(), -1.0);
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_left, mut at_right) = (of(left), of(right));
    for _ in 0..40 {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - golden * (high - low);
            at_left = of(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + golden * (high - low);
            at_right = of(right);
        }
    }
    low.midpoint(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(n: u32) -> Vec<f64> {
        (1..=n).map(f64::from).collect()
    }

    #[test]
    fn exact_courses_are_found_again() {
        let t = times(20);
        for c in [-1.3, 0.5, 1.0, 2.2] {
            let y: Vec<f64> = t.iter().map(|t| 3.0 + 0.7 * t.powf(c)).collect();
            let fit = Family::powers(&t).fit(&y);
            let Course::Power(found) = fit.course else { panic!("a power") };
            assert!((found - c).abs() < 1e-5, "{found} {c}");
            assert!((fit.a - 3.0).abs() < 1e-3 && (fit.b - 0.7).abs() < 1e-3, "{fit:?}");
            assert!((fit.at(40.0) / (3.0 + 0.7 * 40_f64.powf(c)) - 1.0).abs() < 1e-4);
        }
        for tau in [1.5, 6.0, 30.0] {
            let y: Vec<f64> = t.iter().map(|t| 1.0 + 2.0 * (1.0 - (-t / tau).exp())).collect();
            let fit = Family::levelling(&t).fit(&y);
            let Course::Levelling(found) = fit.course else { panic!("it levels off") };
            assert!((found / tau - 1.0).abs() < 1e-4 && (fit.a + fit.b - 3.0).abs() < 1e-3);
        }
    }

    #[test]
    fn a_logarithm_is_the_power_of_nothing() {
        let t = times(30);
        let y: Vec<f64> = t.iter().map(|t| 1.0 + t.ln()).collect();
        let fit = Family::powers(&t).fit(&y);
        assert!(matches!(fit.course, Course::Power(c) if c.abs() < 1e-4), "{fit:?}");
        assert!(fit.squares < 1e-12);
    }

    #[test]
    fn a_line_needs_a_time_beyond_all_that_is_seen() {
        let t = times(12);
        let fit = Family::levelling(&t).fit(&t);
        assert!(matches!(fit.course, Course::Levelling(tau) if tau > 1000.0), "{fit:?}");
        assert_eq!(flat(&[1.0, 3.0]), Fit { course: Course::Flat, a: 2.0, b: 0.0, squares: 2.0 });
        assert_eq!(flat(&[1.0, 3.0]).error(&[(3.0, 5.0), (4.0, 1.0)]), 10.0);
    }
}
