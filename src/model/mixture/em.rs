//! Expectation-maximisation over columns of samples, in buffers made once for all starts.

use super::data::Data;
use super::moments::{add_moments, add_scatter, shift, write_covariance};
use super::precision::Precision;
use super::{Form, Mixture, NOT_FINITE, Parameters};
use crate::model::FitError;
use crate::numeric::kernel::{
    LANES, Lane, QUAD, Quad, ZERO, first_moments, packed, posterior, total,
};
use crate::stream::Stream;

/// A component that holds less than this many samples is empty.
const EMPTY: f64 = 1e-10;

/// How often a run puts an empty component back on a sample before it gives up.
const RESEEDS: usize = 10;

/// Variance that a singular component is given while EM goes on, as a share of the data's own.
const LITTLE: f64 = 1e-10;

/// The end of one run.
pub struct End {
    pub parameters: Parameters,
    pub iterations: usize,
    pub converged: bool,
    pub mean_ln_likelihood: f64,
    singular: bool,
}

impl End {
    /// A singular component has an unbounded likelihood: it counts less than any sound one.
    pub fn beats(&self, other: &End) -> bool {
        match (self.singular, other.singular) {
            (false, true) => true,
            (true, false) => false,
            _ => self.mean_ln_likelihood > other.mean_ln_likelihood,
        }
    }
}

/// The steps of EM, and their buffers.
pub struct Em<'a> {
    pub settings: &'a Mixture,
    pub data: &'a Data<'a>,
    /// wᵢr_ik: for each chunk of samples, one run of quads a component.
    responsibilities: Vec<Quad>,
    precision: Precision,
    centred: Vec<Quad>,
    /// N_k and Σwᵢr_ik(xᵢ − μ_k), with the means that the E-step used.
    moments: Vec<Lane>,
    scatter: Vec<Lane>,
}

impl<'a> Em<'a> {
    pub fn new(settings: &'a Mixture, data: &'a Data<'a>) -> Self {
        let (k, d) = (settings.components.get(), data.columns.dimension());
        let matrix = settings.covariance.is_matrix();
        let depth = data.columns.depth();
        Em {
            settings,
            data,
            responsibilities: vec![ZERO; k * data.columns.quads()],
            precision: Precision::new(k, d, matrix),
            centred: vec![ZERO; depth * d.next_multiple_of(4)],
            moments: vec![[0.0; LANES]; k * (1 + d)],
            scatter: vec![[0.0; LANES]; if matrix { packed(d) } else { d }],
        }
    }

    /// Iterates from these parameters until the likelihood stands still.
    pub fn run(&mut self, mut parameters: Parameters, rng: &mut Stream) -> Result<End, FitError> {
        let spread = self.spread();
        let little = self.little(&spread);
        let (cap, tolerance) = (self.settings.iterations.get(), self.settings.tolerance.get());
        let (mut before, mut reseeds) = (f64::NEG_INFINITY, 0);
        let mut iterations = 0;
        loop {
            iterations += 1;
            self.precision.update(&parameters, little).ok_or(NOT_FINITE)?;
            let now = self.expect(&parameters);
            if let Some(component) = self.empty(&parameters) {
                reseeds += 1;
                if reseeds > RESEEDS {
                    let restarts = self.settings.restarts.get();
                    return Err(FitError::EmptyComponent {
                        family: "mixture",
                        component,
                        restarts,
                    });
                }
                let x = self.data.row(self.data.pick(&self.data.weights, rng));
                parameters.reseed(component, x, &spread);
                before = f64::NEG_INFINITY;
                continue;
            }
            self.maximise(&mut parameters);
            let converged = (now - before).abs() < tolerance;
            if converged || iterations >= cap {
                let singular = self.precision.singular;
                let mean_ln_likelihood = now;
                return Ok(End { parameters, iterations, converged, mean_ln_likelihood, singular });
            }
            before = now;
        }
    }

    /// The covariance of the data (divisor Σw), in the form of the mixture.
    pub fn spread(&mut self) -> Vec<f64> {
        let whole = ndarray::Array2::zeros((1, self.data.columns.dimension()));
        let form = self.settings.covariance;
        let zero = vec![0.0; form.size(self.data.columns.dimension())];
        let mut one = Parameters::around(&whole, &zero, form);
        let (data, d) = (self.data, self.data.columns.dimension());
        // Twice: the second mean is taken around the first, and loses no digits.
        for _ in 0..2 {
            let sums = &mut self.moments[..=d];
            sums.fill([0.0; LANES]);
            for (first, chunk) in data.columns.chunks() {
                let weights = &data.weights[first..][..chunk.len() / d];
                first_moments(chunk, one.mean(0), weights, sums);
            }
            shift(one.mean_mut(0), sums);
        }
        self.scatter.fill([0.0; LANES]);
        for (first, chunk) in data.columns.chunks() {
            let weights = &data.weights[first..][..chunk.len() / d];
            add_scatter(form, chunk, one.mean(0), weights, &mut self.centred, &mut self.scatter);
        }
        write_covariance(&mut one, 0, &self.scatter, data.total, 0.0);
        one.covariance(0).to_vec()
    }

    /// What a singular component is given so that EM can go on.
    fn little(&self, spread: &[f64]) -> f64 {
        let d = self.data.columns.dimension();
        let step = if self.settings.covariance.is_matrix() { d + 1 } else { 1 };
        let variance = spread.iter().step_by(step).sum::<f64>() / d as f64;
        let little = LITTLE * variance;
        if little.is_normal() { little } else { 1.0 }
    }

    /// The E-step: responsibilities and their first moments. Returns the mean ln p of a sample.
    fn expect(&mut self, parameters: &Parameters) -> f64 {
        let (k, data) = (parameters.components(), self.data);
        let mut bound = [0.0; LANES];
        self.moments.fill([0.0; LANES]);
        for (first, chunk) in data.columns.chunks() {
            let quads = chunk.len() / parameters.dimension();
            let shares = &mut self.responsibilities[k * first..][..k * quads];
            for (c, squares) in shares.chunks_exact_mut(quads).enumerate() {
                self.precision.squares(parameters, c, chunk, &mut self.centred, squares);
            }
            let weights = &data.weights[first..][..quads];
            posterior(shares, &self.precision.constants, weights, &mut bound);
            add_moments(parameters, chunk, shares, &mut self.moments);
        }
        total(&bound) / data.total
    }

    /// The component that nothing belongs to.
    fn empty(&self, parameters: &Parameters) -> Option<usize> {
        let least = EMPTY * self.data.total / self.data.columns.len() as f64;
        let held = self.moments.iter().step_by(1 + parameters.dimension()).map(total);
        let lost = |held: f64| held.is_nan() || held < least;
        held.enumerate().find(|(_, held)| lost(*held)).map(|(component, _)| component)
    }

    /// The M-step.
    pub fn maximise(&mut self, parameters: &mut Parameters) {
        let (k, d, data) = (parameters.components(), parameters.dimension(), self.data);
        let floor = self.settings.covariance_floor.get();
        for (c, sums) in self.moments.chunks_exact(1 + d).enumerate() {
            parameters.weights[c] = total(&sums[0]) / data.total;
            shift(parameters.mean_mut(c), sums);
        }
        for c in 0..k {
            self.scatter.fill([0.0; LANES]);
            for (first, chunk) in data.columns.chunks() {
                let quads = chunk.len() / d;
                let shares = &self.responsibilities[k * first + c * quads..][..quads];
                let (form, mean) = (parameters.form(), parameters.mean(c));
                add_scatter(form, chunk, mean, shares, &mut self.centred, &mut self.scatter);
            }
            let held = total(&self.moments[c * (1 + d)]);
            write_covariance(parameters, c, &self.scatter, held, floor);
        }
        if parameters.form() == Form::Tied {
            parameters.pool();
        }
    }

    /// Moves the means to those of the samples labelled with each component.
    pub fn move_means(&mut self, parameters: &mut Parameters, labels: &[usize]) {
        self.share(parameters, labels);
        for (c, sums) in self.moments.chunks_exact(1 + parameters.dimension()).enumerate() {
            shift(parameters.mean_mut(c), sums);
        }
    }

    /// The M-step after every sample was given to the component that its label says.
    pub fn maximise_labels(&mut self, parameters: &mut Parameters, labels: &[usize]) {
        self.share(parameters, labels);
        self.maximise(parameters);
    }

    /// In place of an E-step: every sample belongs wholly to its label.
    fn share(&mut self, parameters: &Parameters, labels: &[usize]) {
        let (k, d, data) = (parameters.components(), parameters.dimension(), self.data);
        self.responsibilities.fill(ZERO);
        let weights = data.weights.as_flattened().as_flattened();
        self.moments.fill([0.0; LANES]);
        for (first, chunk) in data.columns.chunks() {
            let quads = chunk.len() / d;
            let shares = &mut self.responsibilities[k * first..][..k * quads];
            let numbers = shares.as_flattened_mut().as_flattened_mut();
            let rows = first * QUAD..data.columns.len().min((first + quads) * QUAD);
            for (i, row) in rows.enumerate() {
                numbers[labels[row] * quads * QUAD + i] = weights[row];
            }
            add_moments(parameters, chunk, shares, &mut self.moments);
        }
    }
}
