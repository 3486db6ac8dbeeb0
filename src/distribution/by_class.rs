//! One distribution of points, or one for each class of labelled points.

use super::{Classes, Density, Distribution, Mode, Moments, NormalMixture, Part, Tail};
use crate::samples::{PointShape, Points};
use crate::stream::Stream;
use std::borrow::Cow;

/// What a family fits to points, whether or not they have labels.
#[derive(Clone, Debug)]
pub enum ByClass<P> {
    /// All points are of one kind.
    One(P),
    /// p(x, y) = share of y · p_y(x).
    Each(Classes<P>),
}

impl<P> ByClass<P> {
    /// The distribution, where all points are of one kind.
    pub fn one(self) -> Option<P> {
        match self {
            ByClass::One(one) => Some(one),
            ByClass::Each(_) => None,
        }
    }
}

impl<P: Part + 'static> ByClass<P> {
    fn whole(&self) -> &dyn Distribution<Points> {
        match self {
            ByClass::One(one) => one,
            ByClass::Each(classes) => classes,
        }
    }

    /// The distribution of points with this label; of all of them where there are no classes.
    pub fn part(&self, label: Option<f64>) -> Option<&P> {
        match (self, label) {
            (ByClass::One(one), None) => Some(one),
            (ByClass::Each(classes), Some(label)) => classes.part(label),
            _ => None,
        }
    }
}

impl<P: Part + 'static> Distribution<Points> for ByClass<P> {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        self.whole().draw(n, rng)
    }

    fn release(&self, n: usize, rng: &mut Stream) -> Points {
        self.whole().release(n, rng)
    }

    fn shape(&self) -> PointShape {
        self.whole().shape()
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        self.whole().density()
    }

    fn is_degenerate(&self) -> bool {
        self.whole().is_degenerate()
    }

    fn is_constant(&self) -> bool {
        self.whole().is_constant()
    }

    fn moments(&self) -> Option<Moments> {
        self.whole().moments()
    }

    fn entropy(&self) -> Option<f64> {
        self.whole().entropy()
    }

    fn normals(&self) -> Option<Cow<'_, NormalMixture>> {
        self.whole().normals()
    }

    fn modes(&self) -> Option<&[Mode]> {
        self.whole().modes()
    }

    fn tail(&self, q: f64) -> Option<Tail> {
        self.whole().tail(q)
    }
}
