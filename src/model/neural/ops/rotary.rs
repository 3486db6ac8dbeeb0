//! Rotary positions: queries and keys are turned by an angle that grows with their place.
//!
//! Elements i and i + D/2 of a head of D turn by place·10000^(−2i/D), so that q·k depends on the
//! distance of two places alone. Nothing is learned, and no length is the longest.
//! Source: Su et al. 2021 (arXiv 2104.09864).

/// cos and sin of the angles: places × D/2 each.
#[derive(Clone, Debug)]
pub struct Rotation {
    pairs: usize,
    cos: Vec<f32>,
    sin: Vec<f32>,
}

impl Rotation {
    /// For the places 0 ≤ place < `places` and heads of `dimension` (even) numbers.
    pub fn new(places: usize, dimension: usize) -> Self {
        let pairs = dimension / 2;
        let angle = |k: usize| {
            let (place, i) = ((k / pairs) as f64, (k % pairs) as f64);
            place * 10_000f64.powf(-2.0 * i / dimension as f64)
        };
        let table = |f: fn(f64) -> f64| (0..places * pairs).map(|k| f(angle(k)) as f32).collect();
        Rotation { pairs, cos: table(f64::cos), sin: table(f64::sin) }
    }

    /// Turns one head's vector by the angles of a place, or back.
    pub fn turn(&self, vector: &mut [f32], place: usize, back: bool) {
        let at = place * self.pairs..(place + 1) * self.pairs;
        let (low, high) = vector.split_at_mut(self.pairs);
        let sign = if back { -1.0 } else { 1.0 };
        for ((x, y), (cos, sin)) in
            low.iter_mut().zip(high).zip(self.cos[at.clone()].iter().zip(&self.sin[at]))
        {
            let (a, b, sin) = (*x, *y, sign * sin);
            *x = a * cos - b * sin;
            *y = b * cos + a * sin;
        }
    }

    /// The tables as (cos, sin), each of `places` rows.
    pub fn tables(&self, places: usize) -> (&[f32], &[f32]) {
        (&self.cos[..places * self.pairs], &self.sin[..places * self.pairs])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_depend_on_the_distance_alone_and_turning_back_undoes() {
        let rotation = Rotation::new(20, 6);
        let at = |place| {
            let mut x = vec![0.3, -1.0, 2.0, 0.7, 0.1, -0.4];
            rotation.turn(&mut x, place, false);
            x
        };
        let dot = |a: usize, b: usize| at(a).iter().zip(at(b)).map(|(x, y)| x * y).sum::<f32>();
        assert!((dot(3, 7) - dot(11, 15)).abs() < 1e-5);
        let mut x = at(9);
        rotation.turn(&mut x, 9, true);
        assert!((x[2] - 2.0).abs() < 1e-6 && (x[5] + 0.4).abs() < 1e-6);
    }
}
