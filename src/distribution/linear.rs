//! Linear regression: inputs x, and labels y = x·w + ε with ε ~ N(0, noise²).

use super::{Base, Density, Design, Distribution, Moments, Regression};
use crate::samples::{PointShape, Points, Samples};
use crate::stream::Stream;
use ndarray::{Array1, Array2};
use rand::RngExt;
use rand_distr::StandardNormal;

/// Labelled points whose label is a linear function of the point, up to noise.
#[derive(Clone, Debug)]
pub struct Linear {
    law: Regression,
    inputs: Inputs,
    shift: Option<Array1<f64>>,
}

/// Where the points come from.
#[derive(Clone, Debug)]
pub enum Inputs {
    /// N(0, I).
    Normal,
    /// The rows of a design: drawn at random for measuring, released in their order.
    Design(Design),
}

impl Linear {
    /// From finite weights and a finite noise that is not negative.
    pub fn new(law: Regression, inputs: Inputs) -> Self {
        Linear { law, inputs, shift: None }
    }

    /// With labels that follow w + δ wherever samples are released; the law itself stays.
    pub fn shifted(self, shift: Option<Array1<f64>>) -> Self {
        Linear { shift, ..self }
    }

    /// δ, where there is one.
    pub fn shift(&self) -> Option<&Array1<f64>> {
        self.shift.as_ref()
    }

    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    fn label(&self, points: Points, weights: &Array1<f64>, rng: &mut Stream) -> Points {
        let exact = points.values().dot(weights);
        let noise = |y: f64| y + self.law.noise * rng.sample::<f64, _>(StandardNormal);
        let labels = exact.into_iter().map(noise).collect();
        points.with_labels(labels)
    }

    fn normal(&self, n: usize, rng: &mut Stream) -> Points {
        let d = self.law.weights.len();
        let values = (0..n * d).map(|_| rng.sample(StandardNormal)).collect();
        // A world of dimension 0 does not exist, so the rows always fill.
        Points::from_rows(values, d)
    }
}

impl Distribution<Points> for Linear {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let points = match &self.inputs {
            Inputs::Normal => self.normal(n, rng),
            Inputs::Design(design) => design.draw(n, rng),
        };
        self.label(points, &self.law.weights, rng)
    }

    fn release(&self, n: usize, rng: &mut Stream) -> Points {
        let points = match &self.inputs {
            Inputs::Normal => self.normal(n, rng),
            Inputs::Design(design) => design.cycle(n),
        };
        match &self.shift {
            Some(shift) => self.label(points, &(&self.law.weights + shift), rng),
            None => self.label(points, &self.law.weights, rng),
        }
    }

    fn shape(&self) -> PointShape {
        match &self.inputs {
            Inputs::Design(design) => design.labelled_shape(),
            Inputs::Normal => {
                PointShape { dimension: self.law.weights.len(), image: None, labelled: true }
            }
        }
    }

    /// Of point and label together. A finite design has none.
    fn density(&self) -> Option<&dyn Density<Points>> {
        let exists = matches!(self.inputs, Inputs::Normal) && self.law.noise > 0.0;
        exists.then_some(self)
    }

    /// Of the points, without their labels.
    fn moments(&self) -> Option<Moments> {
        let d = self.law.weights.len();
        match &self.inputs {
            Inputs::Design(design) => design.moments(),
            Inputs::Normal => Some(Moments { mean: Array1::zeros(d), covariance: Array2::eye(d) }),
        }
    }

    /// Of point and label together.
    fn entropy(&self) -> Option<f64> {
        self.density()?;
        let coordinates = self.law.weights.len() as f64 + 1.0;
        let of_standard_normals = 0.5 * coordinates * (std::f64::consts::TAU.ln() + 1.0);
        Some(of_standard_normals + self.law.noise.ln())
    }

    fn regression(&self) -> Option<&Regression> {
        Some(&self.law)
    }
}

impl Density<Points> for Linear {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let Some(labels) = points.labels() else {
            return vec![f64::NEG_INFINITY; points.len()];
        };
        let coordinates = points.dimension() as f64 + 1.0;
        let constant = -0.5 * coordinates * std::f64::consts::TAU.ln() - self.law.noise.ln();
        let residuals = &labels - &points.values().dot(&self.law.weights);
        let ln = |(x, residual): (&[f64], &f64)| {
            let square: f64 = x.iter().map(|x| x * x).sum();
            constant - 0.5 * (square + (residual / self.law.noise).powi(2))
        };
        points.rows().zip(&residuals).map(ln).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};
    use ndarray::arr1;

    fn law() -> Regression {
        Regression { weights: arr1(&[2.0, -1.0]), noise: 0.5 }
    }

    #[test]
    fn the_density_is_that_of_the_point_times_that_of_the_label() {
        let linear = Linear::new(law(), Inputs::Normal);
        let point = Points::from_rows(vec![0.3, 1.0], 2).with_labels(vec![0.1]);
        let normal = |x: f64| -0.5 * (x * x + std::f64::consts::TAU.ln());
        let exact = normal(0.3) + normal(1.0) + normal((0.1 - (0.6 - 1.0)) / 0.5) - 0.5_f64.ln();
        assert!((linear.ln_density(&point)[0] - exact).abs() < 1e-12);
    }

    #[test]
    fn the_mean_of_the_density_of_draws_is_minus_the_entropy() {
        let linear = Linear::new(law(), Inputs::Normal);
        let n = 40_000;
        let ln = linear.ln_density(&linear.draw(n, &mut stream(3, 0, 0, Role::DRAW)));
        let mean = ln.iter().sum::<f64>() / n as f64;
        // The variance of ln p of three independent normals is 3/2.
        let exact = linear.entropy().expect("noise");
        assert!((mean + exact).abs() < 4.0 * (1.5 / n as f64).sqrt());
    }

    #[test]
    fn a_design_is_released_in_order_and_drawn_at_random() {
        let rows = Points::from_rows(vec![0., 0., 1., 0., 0., 1.], 2);
        let design = Design::new(&rows).expect("three rows");
        let exact = Regression { noise: 0.0, ..law() };
        let linear = Linear::new(exact, Inputs::Design(design));
        let mut rng = stream(1, 0, 0, Role::DRAW);
        let released = linear.release(4, &mut rng);
        assert_eq!(released.labels().map(|l| l.to_vec()), Some(vec![0., 2., -1., 0.]));
        assert_ne!(linear.draw(30, &mut rng), linear.release(30, &mut rng));
        assert!(linear.density().is_none() && linear.entropy().is_none());
    }

    #[test]
    fn a_shift_moves_the_labels_that_are_released_and_no_others() {
        let exact = || Linear::new(Regression { noise: 0.0, ..law() }, Inputs::Normal);
        let shifted = exact().shifted(Some(arr1(&[0.5, 3.0])));
        let rng = || stream(1, 0, 0, Role::DRAW);
        assert_eq!(shifted.draw(5, &mut rng()), exact().draw(5, &mut rng()));
        let (plain, moved) = (exact().release(5, &mut rng()), shifted.release(5, &mut rng()));
        assert_eq!(plain.as_slice(), moved.as_slice());
        let labels = |points: &Points| points.labels().expect("labelled").to_vec();
        for ((x, y), z) in plain.rows().zip(labels(&plain)).zip(labels(&moved)) {
            assert!((z - y - (0.5 * x[0] + 3.0 * x[1])).abs() < 1e-12);
        }
        assert_eq!(shifted.regression(), exact().regression());
    }
}
