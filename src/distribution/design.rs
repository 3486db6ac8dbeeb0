//! The inputs of labelled samples that are used again: rows of a fixed design.

use super::{Distribution, Finite, Moments};
use crate::samples::{PointShape, Points, Samples};
use crate::stream::Stream;
use std::sync::Arc;

/// Points without their labels, every row as likely as every other. Clones share memory.
#[derive(Clone, Debug)]
pub struct Design(Arc<Finite<Points>>);

impl Design {
    /// `None` where there is no row.
    pub fn new(samples: &Points) -> Option<Self> {
        let inputs = Points::new(samples.values().to_owned()).with_image(samples.image());
        Finite::new(inputs).map(|finite| Design(Arc::new(finite)))
    }

    /// Independent rows.
    pub fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        self.0.draw(n, rng)
    }

    /// All rows in their order, again and again until there are n.
    pub fn cycle(&self, n: usize) -> Points {
        let rows = self.0.samples();
        match n == rows.len() {
            true => rows.clone(),
            false => rows.gather(&(0..n).map(|i| i % rows.len()).collect::<Vec<_>>()),
        }
    }

    /// Mean and covariance (divisor: the number of rows).
    pub fn moments(&self) -> Option<Moments> {
        self.0.moments()
    }

    /// The shape of a row with its label.
    pub fn labelled_shape(&self) -> PointShape {
        PointShape { labelled: true, ..self.0.shape() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_used_again_in_their_order_and_lose_their_labels() {
        let founders = Points::from_rows(vec![1., 2., 3.], 1).with_labels(vec![7., 8., 9.]);
        let design = Design::new(&founders).expect("three rows");
        assert_eq!(design.cycle(7).as_slice(), [1., 2., 3., 1., 2., 3., 1.]);
        assert_eq!(design.cycle(2).as_slice(), [1., 2.]);
        assert!(design.cycle(3).labels().is_none() && design.labelled_shape().labelled);
    }
}
