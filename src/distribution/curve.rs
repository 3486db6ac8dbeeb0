//! A curve in the plane, uniform in its parameter, with normal noise on both coordinates.
//!
//! p(x) = (1 / (b − a)) · ∫_a^b N(x; γ(s), σ²·I) ds, by Gauss–Legendre quadrature with 16 nodes on
//! panels no longer than 3σ; panels that cannot reach e⁻⁴⁰ of the largest are left out. The relative
//! error is below 1e-9 within ten σ of the curve; far out ln p is off by less than 1 part in 10⁴.
//! Cost: one distance a panel, then about 16 × 10 exponentials, a point.

use super::{Base, Density, Distribution, Moments, Part};
use crate::numeric::quadrature::gauss_legendre;
use crate::samples::{PointShape, Points};
use crate::stream::Stream;
use ndarray::{arr1, arr2};
use rand::RngExt;
use rand_distr::StandardNormal;

/// A point of the plane.
pub type Plane = [f64; 2];

/// A panel's share of the weight below which it counts for nothing: 40 nats.
const CUT: f64 = 40.0;
/// Beyond this many panels the noise is too fine for the density to be affordable.
const MOST_PANELS: usize = 1 << 16;

#[derive(Clone, Debug)]
pub struct NoisyCurve {
    curve: fn(f64) -> Plane,
    range: (f64, f64),
    sd: f64,
    moments: Moments,
    panels: Vec<Panel>,
    /// How far a panel's nodes can be from its centre.
    reach: f64,
}

#[derive(Clone, Debug)]
struct Panel {
    centre: Plane,
    /// Positions, and ln of their share of the whole weight.
    nodes: Vec<(Plane, f64)>,
}

impl NoisyCurve {
    /// `curve` over the parameters of `range`, where it moves at most `speed` per unit.
    ///
    /// A noise of 0 is legal and leaves no density; so does one that would need too many panels.
    pub fn new(curve: fn(f64) -> Plane, range: (f64, f64), speed: f64, sd: f64) -> Self {
        let length = speed * (range.1 - range.0);
        let count = (length / (3.0 * sd)).ceil().max(8.0);
        let legal = sd > 0.0 && count <= MOST_PANELS as f64;
        let panels = if legal { panels(curve, range, count as usize) } else { Vec::new() };
        let moments = moments(curve, range, sd);
        NoisyCurve { curve, range, sd, moments, panels, reach: 0.5 * length / count }
    }

    /// ln p at a point of the plane. The density exists.
    pub fn ln_density_at(&self, x: Plane) -> f64 {
        let doubled = 2.0 * self.sd * self.sd;
        let near = |panel: &Panel| square_distance(x, panel.centre);
        let least = self.panels.iter().map(near).fold(f64::INFINITY, f64::min);
        let most = (least + CUT * doubled).sqrt() + self.reach;
        let mut sum = RunningSum::default();
        for panel in self.panels.iter().filter(|panel| near(panel) <= most * most) {
            sum.add(panel.nodes.iter().map(|(at, ln)| ln - square_distance(x, *at) / doubled));
        }
        sum.ln() - (std::f64::consts::PI * doubled).ln()
    }

    fn place(&self, rng: &mut Stream) -> Plane {
        let (a, b) = self.range;
        let [x, y] = (self.curve)(a + (b - a) * rng.random::<f64>());
        let mut noise = || self.sd * rng.sample::<f64, _>(StandardNormal);
        [x + noise(), y + noise()]
    }
}

fn square_distance(x: Plane, y: Plane) -> f64 {
    (x[0] - y[0]).powi(2) + (x[1] - y[1]).powi(2)
}

/// Equal panels of the parameter.
fn panels(curve: fn(f64) -> Plane, (a, b): (f64, f64), count: usize) -> Vec<Panel> {
    let rule = gauss_legendre(16);
    let half = 0.5 * (b - a) / count as f64;
    let panel = |k: usize| {
        let middle = a + (2 * k + 1) as f64 * half;
        let share = |weight: f64| (0.5 * weight / count as f64).ln();
        let nodes = rule.iter().map(|(x, weight)| (curve(middle + half * x), share(*weight)));
        Panel { centre: curve(middle), nodes: nodes.collect() }
    };
    (0..count).map(panel).collect()
}

/// Mean and covariance, by the same quadrature on 64 panels: exact up to rounding.
fn moments(curve: fn(f64) -> Plane, range: (f64, f64), sd: f64) -> Moments {
    let panels = panels(curve, range, 64);
    let nodes = || panels.iter().flat_map(|panel| &panel.nodes).map(|(at, ln)| (at, ln.exp()));
    let mean = |i: usize| nodes().map(|(at, weight)| weight * at[i]).sum::<f64>();
    let centre = [mean(0), mean(1)];
    let product = |i: usize, j: usize| -> f64 {
        nodes().map(|(at, weight)| weight * (at[i] - centre[i]) * (at[j] - centre[j])).sum()
    };
    let (xx, xy, yy) = (product(0, 0), product(0, 1), product(1, 1));
    let covariance = arr2(&[[xx + sd * sd, xy], [xy, yy + sd * sd]]);
    Moments { mean: arr1(&centre), covariance }
}

/// ln Σ exp, term after term, with the largest so far taken out.
struct RunningSum {
    largest: f64,
    sum: f64,
}

impl Default for RunningSum {
    fn default() -> Self {
        RunningSum { largest: f64::NEG_INFINITY, sum: 0.0 }
    }
}

impl RunningSum {
    fn add(&mut self, terms: impl Iterator<Item = f64> + Clone) {
        let largest = terms.clone().fold(self.largest, f64::max);
        if largest > self.largest {
            self.sum *= (self.largest - largest).exp();
            self.largest = largest;
        }
        self.sum += terms.map(|term| (term - self.largest).exp()).sum::<f64>();
    }

    fn ln(&self) -> f64 {
        self.largest + self.sum.ln()
    }
}

impl Part for NoisyCurve {
    fn draw_one(&self, out: &mut Vec<f64>, rng: &mut Stream) {
        out.extend(self.place(rng));
    }
}

impl Distribution<Points> for NoisyCurve {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        Points::from_rows((0..n).flat_map(|_| self.place(rng)).collect(), 2)
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: 2, image: None, labelled: false }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        (!self.panels.is_empty()).then_some(self)
    }

    fn is_degenerate(&self) -> bool {
        self.sd <= 0.0
    }

    fn moments(&self) -> Option<Moments> {
        Some(self.moments.clone())
    }
}

impl Density<Points> for NoisyCurve {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        points.rows().map(|x| self.ln_density_at([x[0], x[1]])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{NoisyCircle, check};
    use std::f64::consts::TAU;

    fn circle(sd: f64) -> NoisyCurve {
        NoisyCurve::new(|a| [a.cos(), a.sin()], (0.0, TAU), 1.0, sd)
    }

    #[test]
    fn a_closed_circle_has_the_density_with_the_bessel_function() {
        for sd in [0.005, 0.02, 0.3] {
            let points = [0.0, 0.5, 0.9, 0.99, 1.0, 1.1, 1.5].map(|r| [0.6 * r, 0.8 * r]).concat();
            let points = Points::from_rows(points, 2);
            let exact = NoisyCircle::new(1.0, sd).ln_density(&points);
            for (i, (a, b)) in circle(sd).ln_density(&points).iter().zip(exact).enumerate() {
                let near = (points.row(i)[0] / 0.6 - 1.0).abs() <= 10.0 * sd;
                let allowed = if near { 1e-9 } else { 1e-6 * b.abs() };
                assert!((a - b).abs() < allowed, "sd {sd}, point {i}: {a} and {b}");
            }
        }
    }

    #[test]
    fn far_beyond_an_end_the_density_is_finite_and_close() {
        let segment = NoisyCurve::new(|s| [s, 0.0], (0.0, 1.0), 1.0, 0.02);
        let exact =
            crate::numeric::interval::ln_normal_mass(-150.0, -100.0) - (TAU * 0.0004).sqrt().ln();
        let ln = segment.ln_density_at([3.0, 0.0]);
        assert!((ln - exact).abs() < 1e-4 * exact.abs(), "{ln} and {exact}");
        assert!(segment.ln_density_at([1e3, 1e3]).is_finite());
    }

    #[test]
    fn the_moments_of_a_half_circle_are_those_of_the_textbook() {
        let half = NoisyCurve::new(|a| [a.cos(), a.sin()], (0.0, TAU / 2.0), 1.0, 0.1);
        let (moments, pi) = (half.moments().expect("exact"), TAU / 2.0);
        assert!((moments.mean[1] - 2.0 / pi).abs() < 1e-12 && moments.mean[0].abs() < 1e-12);
        assert!((moments.covariance[[0, 0]] - 0.51).abs() < 1e-12);
        assert!((moments.covariance[[1, 1]] - 0.51 + 4.0 / (pi * pi)).abs() < 1e-12);
        check::moments_agree(&half, 20_000);
    }

    #[test]
    fn noise_that_is_zero_or_too_fine_leaves_no_density() {
        assert!(circle(0.0).density().is_none() && circle(0.0).is_degenerate());
        assert!(circle(1e-9).density().is_none() && !circle(1e-9).is_degenerate());
    }
}
