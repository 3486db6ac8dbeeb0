//! Mean, standard deviation and skewness of a sample, safe at the ends of the range of `f64`.

/// The arithmetic mean; infinite where a value is, none of nothing and of both infinities.
pub fn mean(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    if are_equal(values) {
        return Some(first);
    }
    let n = values.len() as f64;
    let sum: f64 = values.iter().sum();
    if sum.is_infinite() && values.iter().all(|value| value.is_finite()) {
        // The sum of values near the largest f64 overflows where their mean does not.
        return Some(values.iter().map(|value| value / n).sum());
    }
    (!sum.is_nan()).then_some(sum / n)
}

/// The standard deviation with divisor n − 1; none of fewer than 2 values or of infinite ones.
pub fn standard_deviation(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let (scale, deviations) = deviations(values)?;
    let squares: f64 = deviations.iter().map(|deviation| deviation * deviation).sum();
    let sd = (squares / (values.len() - 1) as f64).sqrt() * scale;
    sd.is_finite().then_some(sd)
}

/// Fisher's skewness g₁ = m₃ / m₂^{3/2}, moments with divisor n; 0 of equal values.
pub fn skewness(values: &[f64]) -> Option<f64> {
    let (_, deviations) = deviations(values)?;
    let moment = |power| {
        let powers = deviations.iter().map(|deviation: &f64| deviation.powi(power));
        powers.sum::<f64>() / values.len() as f64
    };
    let variance: f64 = moment(2);
    Some(if variance > 0.0 { moment(3) / variance.powf(1.5) } else { 0.0 })
}

/// The standard error of g₁ in a normal sample (Fisher, 1930); infinite below 3 values.
pub fn skewness_error(n: usize) -> f64 {
    let n = n as f64;
    if n < 3.0 {
        return f64::INFINITY;
    }
    (6.0 * n * (n - 1.0) / ((n - 2.0) * (n + 1.0) * (n + 3.0))).sqrt()
}

/// Deviations from the mean in units of the largest of them, so that their powers stay in range.
fn deviations(values: &[f64]) -> Option<(f64, Vec<f64>)> {
    let mean = mean(values).filter(|mean| mean.is_finite())?;
    let mut deviations: Vec<f64> = values.iter().map(|value| value - mean).collect();
    // The rounding of a mean must not make a spread of values that are all the same.
    if are_equal(values) {
        deviations.fill(0.0);
    }
    let scale = largest(&deviations);
    if scale > 0.0 {
        deviations.iter_mut().for_each(|deviation| *deviation /= scale);
    }
    scale.is_finite().then_some((scale, deviations))
}

/// Whether there is but one value; the rounding of a sum must not hide it.
pub fn are_equal(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[0] == pair[1])
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [f64; 10] = [2.5, -1.0, 4.0, 0.5, 3.25, 7.75, 1.5, 0.25, 9.0, 2.0];

    #[test]
    fn moments_agree_with_scipy() {
        assert!((mean(&VALUES).unwrap() - 2.975).abs() < 1e-15);
        assert!((standard_deviation(&VALUES).unwrap() - 3.213361860177662).abs() < 1e-14);
        assert!((skewness(&VALUES).unwrap() - 0.7985798090956288).abs() < 1e-14);
    }

    #[test]
    fn equal_values_have_no_spread_whatever_their_mean_rounds_to() {
        assert_eq!(standard_deviation(&[0.1; 11]), Some(0.0));
        assert_eq!(skewness(&[0.1; 11]), Some(0.0));
        assert_eq!(mean(&[0.0; 3]), Some(0.0));
    }

    #[test]
    fn the_ends_of_the_range_do_not_overflow_or_vanish() {
        assert_eq!(mean(&[f64::MAX, f64::MAX]), Some(f64::MAX));
        assert!(standard_deviation(&[1e-300, 3e-300]).unwrap() > 1e-300);
        assert!((skewness(&[0.0, 0.0, 1e250]).unwrap() - 0.5_f64.sqrt()).abs() < 1e-12);
        assert_eq!(standard_deviation(&[f64::MAX, -f64::MAX]), None);
    }

    #[test]
    fn infinite_values_have_an_infinite_mean_and_no_spread() {
        let values = [1.0, f64::INFINITY];
        assert_eq!(mean(&values), Some(f64::INFINITY));
        assert_eq!((standard_deviation(&values), skewness(&values)), (None, None));
        assert_eq!(mean(&[f64::INFINITY, f64::NEG_INFINITY]), None);
        assert_eq!((mean(&[]), standard_deviation(&[1.0])), (None, None));
    }
}
