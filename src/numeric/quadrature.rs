//! Gauss–Legendre quadrature: n nodes and weights on [−1, 1], exact for polynomials of degree 2n − 1.
//!
//! Source: the roots of the Legendre polynomial by Newton's method from Tricomi's first guess.

/// The nodes in ascending order and their weights, which sum to 2.
pub fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    (1..=n).rev().map(|i| node(n, i)).collect()
}

/// The i-th node from the right, with its weight.
fn node(n: usize, i: usize) -> (f64, f64) {
    let count = n as f64;
    let mut x = (std::f64::consts::PI * (i as f64 - 0.25) / (count + 0.5)).cos();
    for _ in 0..100 {
        let (value, slope) = legendre(n, x);
        let step = value / slope;
        x -= step;
        if step.abs() < 1e-15 {
            break;
        }
    }
    let (_, slope) = legendre(n, x);
    (x, 2.0 / ((1.0 - x * x) * slope * slope))
}

/// P_n(x) and its derivative.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, x);
    for k in 2..=n {
        let k = k as f64;
        let next = ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k;
        (before, value) = (value, next);
    }
    (value, n as f64 * (x * value - before) / (x * x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_nodes_are_those_of_scipy() {
        let golden = [
            (-0.906179845938664, 0.23692688505618908),
            (-0.538469310105683, 0.47862867049936647),
            (0.0, 0.5688888888888889),
        ];
        for ((x, w), (node, weight)) in gauss_legendre(5).into_iter().zip(golden) {
            assert!((x - node).abs() < 1e-14 && (w - weight).abs() < 1e-14);
        }
    }

    #[test]
    fn sixteen_nodes_integrate_degree_thirty_one_but_not_an_odd_one_out() {
        let rule = gauss_legendre(16);
        let integral = |power: i32| rule.iter().map(|(x, w)| w * x.powi(power)).sum::<f64>();
        assert!((integral(30) - 2.0 / 31.0).abs() < 1e-14);
        assert!((integral(32) - 2.0 / 33.0).abs() > 1e-12);
    }
}
