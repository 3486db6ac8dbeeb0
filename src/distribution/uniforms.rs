//! A mixture of uniforms on intervals: Σ_k π_k U[a_k, a_k + width_k], also of widths that no number holds.

use super::{Base, Density, Distribution, Moments, ln_sum_exp};
use crate::samples::{PointShape, Points};
use crate::stream::Stream;
use ndarray::{Array1, Array2};
use rand::RngExt;

/// One interval, and the mass on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    pub mass: f64,
    pub start: f64,
    /// The logarithm of the width: e^ln_width may be 0, and then all of its samples are one number.
    pub ln_width: f64,
}

impl Piece {
    pub fn new(mass: f64, start: f64, width: f64) -> Self {
        Piece { mass, start, ln_width: width.ln() }
    }

    fn width(&self) -> f64 {
        self.ln_width.exp()
    }

    fn contains(&self, x: f64) -> bool {
        (self.start..=self.start + self.width()).contains(&x)
    }
}

/// Masses sum to one; intervals may overlap.
#[derive(Clone, Debug, PartialEq)]
pub struct Uniforms(Vec<Piece>);

impl Uniforms {
    /// Of the pieces that have any mass, which must sum to one.
    pub fn new(mut pieces: Vec<Piece>) -> Self {
        pieces.retain(|piece| piece.mass > 0.0);
        Uniforms(pieces)
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    fn choose(&self, u: f64) -> &Piece {
        let mut below = 0.0;
        let found = self.0.iter().find(|piece| {
            below += piece.mass;
            u < below
        });
        // Rounding can leave the sum just below one.
        found.unwrap_or(&self.0[self.0.len() - 1])
    }
}

impl Distribution<Points> for Uniforms {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let one = |_| {
            let piece = self.choose(rng.random::<f64>());
            piece.start + piece.width() * rng.random::<f64>()
        };
        Points::from_rows((0..n).map(one).collect(), 1)
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: 1, image: None, labelled: false }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        Some(self)
    }

    fn moments(&self) -> Option<Moments> {
        let middle = |piece: &Piece| piece.start + 0.5 * piece.width();
        let mean: f64 = self.0.iter().map(|piece| piece.mass * middle(piece)).sum();
        let square = |p: &Piece| p.width().powi(2) / 12.0 + (middle(p) - mean).powi(2);
        let variance: f64 = self.0.iter().map(|piece| piece.mass * square(piece)).sum();
        Some(Moments {
            mean: Array1::from_elem(1, mean),
            covariance: Array2::from_elem((1, 1), variance),
        })
    }

    fn entropy(&self) -> Option<f64> {
        match self.0.as_slice() {
            [only] => Some(only.ln_width),
            _ => None,
        }
    }
}

impl Density<Points> for Uniforms {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let ln = |&x: &f64| {
            let here = self.0.iter().filter(|piece| piece.contains(x));
            ln_sum_exp(here.map(|piece| piece.mass.ln() - piece.ln_width))
        };
        points.as_slice().iter().map(ln).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check;

    fn two() -> Uniforms {
        Uniforms::new(vec![Piece::new(0.75, -1.0, 2.0), Piece::new(0.25, 0.5, 1.0)])
    }

    #[test]
    fn density_and_moments_by_hand() {
        let ln = two().ln_density(&Points::from_rows(vec![0.0, 0.7, 1.2, 1.6], 1));
        let exact = [0.375_f64, 0.625, 0.25].map(f64::ln);
        assert!(ln.iter().zip(exact).all(|(a, b)| (a - b).abs() < 1e-15));
        assert_eq!(ln[3], f64::NEG_INFINITY);
        let moments = two().moments().expect("exact");
        assert_eq!(moments.mean[0], 0.25);
        let exact = 0.75 * (4.0 / 12.0 + 0.0625) + 0.25 * (1.0 / 12.0 + 0.5625);
        assert!((moments.trace() - exact).abs() < 1e-15);
        check::moments_agree(&two(), 40_000);
        assert_eq!(two().entropy(), None);
    }

    #[test]
    fn a_width_that_no_number_holds_leaves_one_number_and_a_finite_logarithm() {
        let spike = Piece { mass: 0.5, start: 1.25, ln_width: -4000.0 };
        let law = Uniforms::new(vec![Piece::new(0.5, 0.0, 2.0), spike]);
        let draws = check::draws(&law, 1000);
        let there = draws.as_slice().iter().filter(|x| **x == 1.25).count();
        assert!((400..600).contains(&there));
        let ln = law.ln_density(&Points::from_rows(vec![1.25, 1.26], 1));
        assert!((ln[0] - (4000.0 + 0.5_f64.ln())).abs() < 1e-9 && ln[1] == 0.25_f64.ln());
    }
}
