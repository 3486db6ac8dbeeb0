//! Slow plain simulations of real samples, against which the closed forms that are our own are
//! held.

mod families;
mod normal;
mod recipes;

use rand::SeedableRng;
use rand_pcg::Pcg64Dxsm;

fn generator(seed: u64) -> Pcg64Dxsm {
    Pcg64Dxsm::seed_from_u64(seed)
}

/// Mean and standard error of what is pushed.
#[derive(Clone, Copy, Default)]
struct Average {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Average {
    fn push(&mut self, value: f64) {
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    fn mean(&self) -> f64 {
        self.sum / self.count
    }

    fn standard_error(&self) -> f64 {
        let mean = self.mean();
        ((self.squares / self.count - mean * mean).max(0.0) / self.count).sqrt()
    }

    /// Within four standard errors, and the simulation sharp enough for that to mean something.
    fn agrees(&self, wanted: f64, about: &str) {
        let (mean, error) = (self.mean(), self.standard_error());
        let z = (mean - wanted) / error.max(1e-12);
        assert!(z.abs() < 4.0, "{about}: simulated {mean} ± {error}, theory {wanted}, z = {z:.2}");
        assert!(error <= 0.05 * wanted.abs() + 1e-9, "{about}: ± {error} is blunt at {wanted}");
    }
}
