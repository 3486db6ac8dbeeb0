//! The distribution that a kernel density estimate is.

use super::Kernel;
use crate::distribution::{Base, Density, Distribution, Finite, Moments, Part};
use crate::numeric::kernel::{Columns, ZERO, ball_sum, ln_gaussian_sum};
use crate::samples::{PointShape, Points, Samples, Scatter};
use crate::stream::Stream;
use ndarray::Array2;
use rand::RngExt;
use rand_distr::StandardNormal;
use statrs::function::gamma::ln_gamma;

/// A kernel of width h on every sample.
#[derive(Debug)]
pub struct KernelDensity {
    /// The centres, as likely as their weights.
    centres: Finite<Points>,
    /// wᵢ/Σw of the tophat, ln(wᵢ/Σw) of the Gaussian: what the density adds up.
    masses: Vec<f64>,
    kernel: Kernel,
    bandwidth: f64,
    moments: Moments,
}

impl KernelDensity {
    /// `None` where no weight is above zero, or a number is not finite.
    pub fn new(
        points: Points,
        weights: Option<Vec<f64>>,
        kernel: Kernel,
        bandwidth: f64,
        scatter: &Scatter,
    ) -> Option<Self> {
        let (n, d) = (points.len(), points.dimension());
        let total = weights.as_ref().map_or(n as f64, |weights| weights.iter().sum());
        let mass = |weight: f64| match kernel {
            Kernel::Gaussian => (weight / total).ln(),
            Kernel::Tophat => weight / total,
        };
        let masses = match &weights {
            Some(weights) => weights.iter().map(|weight| mass(*weight)).collect(),
            None => vec![mass(1.0); n],
        };
        let points = points.without_labels();
        let centres = match weights {
            Some(weights) => Finite::weighted(points, weights)?,
            None => Finite::new(points)?,
        };
        let own = match kernel {
            Kernel::Gaussian => bandwidth * bandwidth,
            Kernel::Tophat => bandwidth * bandwidth / (d as f64 + 2.0),
        };
        let within = &scatter.scatter / scatter.weight;
        let covariance = within + Array2::from_diag_elem(d, own);
        let moments = Moments { mean: scatter.mean.clone(), covariance };
        let finite = moments.mean.iter().chain(&moments.covariance).all(|x| x.is_finite());
        finite.then_some(KernelDensity { centres, masses, kernel, bandwidth, moments })
    }

    pub fn bandwidth(&self) -> f64 {
        self.bandwidth
    }

    pub fn centres(&self) -> &Points {
        self.centres.samples()
    }

    /// The length of one draw's noise along each of its coordinates.
    fn noise(&self, noise: &mut [f64], rng: &mut Stream) {
        noise.iter_mut().for_each(|z| *z = rng.sample(StandardNormal));
        let scale = match self.kernel {
            Kernel::Gaussian => self.bandwidth,
            Kernel::Tophat => {
                let length = noise.iter().map(|z| z * z).sum::<f64>().sqrt();
                let reach = rng.random::<f64>().powf(1.0 / noise.len() as f64);
                if length > 0.0 { self.bandwidth * reach / length } else { 0.0 }
            }
        };
        noise.iter_mut().for_each(|z| *z *= scale);
    }

    /// ln of what one kernel's integral is before it is divided by it: hᵈ(2π)^(d/2), or the volume of
    /// the ball.
    fn ln_volume(&self) -> f64 {
        let d = self.moments.mean.len() as f64;
        let unit = match self.kernel {
            Kernel::Gaussian => 0.5 * d * std::f64::consts::TAU.ln(),
            Kernel::Tophat => 0.5 * d * std::f64::consts::PI.ln() - ln_gamma(0.5 * d + 1.0),
        };
        unit + d * self.bandwidth.ln()
    }
}

impl Distribution<Points> for KernelDensity {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let shape = self.shape();
        let centres = self.centres.draw(n, rng);
        let mut values = Vec::with_capacity(n * shape.dimension);
        let mut noise = vec![0.0; shape.dimension];
        for centre in centres.rows() {
            self.noise(&mut noise, rng);
            values.extend(centre.iter().zip(&noise).map(|(x, z)| x + z));
        }
        Points::from_rows(values, shape.dimension).with_image(shape.image)
    }

    fn shape(&self) -> PointShape {
        self.centres().shape()
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        Some(self)
    }

    fn moments(&self) -> Option<Moments> {
        Some(self.moments.clone())
    }
}

impl Part for KernelDensity {
    fn draw_one(&self, out: &mut Vec<f64>, rng: &mut Stream) {
        let row = self.centres.draw_row(rng);
        let start = out.len();
        out.resize(start + self.centres().dimension(), 0.0);
        self.noise(&mut out[start..], rng);
        out[start..].iter_mut().zip(self.centres().row(row)).for_each(|(x, centre)| *x += centre);
    }
}

impl Density<Points> for KernelDensity {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let (data, d) = (self.centres().as_slice(), points.dimension());
        let columns = Columns::new(points.as_slice(), d);
        let mut sums = vec![ZERO; columns.quads()];
        let square = self.bandwidth * self.bandwidth;
        for (first, chunk) in columns.chunks() {
            let sums = &mut sums[first..][..chunk.len() / d];
            match self.kernel {
                Kernel::Gaussian => {
                    ln_gaussian_sum(chunk, d, data, &self.masses, 0.5 / square, sums);
                }
                Kernel::Tophat => ball_sum(chunk, d, data, &self.masses, square, sums),
            }
        }
        let volume = self.ln_volume();
        let ln = |sum: f64| match self.kernel {
            Kernel::Gaussian => sum - volume,
            Kernel::Tophat => sum.ln() - volume,
        };
        columns.flatten(&sums).into_iter().map(ln).collect()
    }
}
