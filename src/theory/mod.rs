//! stub until the real one lands
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setting {
    pub truth: Truth,
    pub estimator: Estimator,
    pub recipe: Recipe,
    pub founders: usize,
    pub offspring: Vec<usize>,
    pub curated: bool,
}
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Truth {
    #[default]
    Unknown,
    Normal {
        dimension: usize,
        variance: f64,
    },
    OtherContinuous {
        covariance_trace: f64,
        dimension: usize,
    },
    Linear {
        dimension: usize,
        noise: f64,
    },
    Poisson {
        rate: f64,
    },
    Exponential {
        rate: f64,
    },
    Categorical {
        probabilities: Vec<f64>,
    },
}
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Divisor {
    Biased,
    Unbiased,
}
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Estimator {
    #[default]
    Unknown,
    Gaussian {
        divisor: Divisor,
        full: bool,
        sampling_bias: f64,
    },
    Kde {
        bandwidth: f64,
    },
    LeastSquares {
        same_design: bool,
        noise: f64,
    },
    Poisson,
    Exponential,
    LocationMean {
        variance: f64,
    },
    LocationMedian {
        variance: f64,
    },
    Categorical,
}
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Recipe {
    #[default]
    Unknown,
    Replace,
    Accumulate,
    Subsample {
        size: usize,
    },
    Retain {
        fraction: f64,
        redraw: bool,
    },
    Augment {
        synthetic: usize,
    },
    Fresh {
        real: usize,
        pool: bool,
    },
    Weighted {
        real: usize,
        weight: f64,
    },
}
pub struct Claim {
    pub metric: &'static str,
    pub statistic: &'static str,
    pub value: f64,
    pub formula: &'static str,
}
impl Setting {
    pub fn claims(&self, _generation: u32) -> Vec<Claim> {
        Vec::new()
    }
}
pub fn golden_weight(k: f64) -> f64 {
    ((k * k + 4.0 * k).sqrt() - k) / 2.0
}
