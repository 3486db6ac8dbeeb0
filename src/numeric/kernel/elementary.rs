//! exp and ln, eight at a time, for the arguments that sums of densities have.

use super::vector::{ROUND, Vector};
use super::{Lane, kernel};

/// Below it, e^x rounds to nothing.
const LEAST: f64 = -745.133_219_101_941_1;

/// ln 2 = LN_2_HIGH + LN_2_LOW; the high part has its last 21 bits clear.
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// 1/i! for i from 2 on: the series of (e^r − 1 − r)/r² up to r¹¹, for |r| ≤ ½ ln 2.
const EXP: [f64; 12] = [
    1.0 / 2.0,
    1.0 / 6.0,
    1.0 / 24.0,
    1.0 / 120.0,
    1.0 / 720.0,
    1.0 / 5_040.0,
    1.0 / 40_320.0,
    1.0 / 362_880.0,
    1.0 / 3_628_800.0,
    1.0 / 39_916_800.0,
    1.0 / 479_001_600.0,
    1.0 / 6_227_020_800.0,
];

/// 2/(2i + 1) for i from 1 on: the series of 2·artanh(s) − 2s in s², for |s| ≤ 0.172.
const LN: [f64; 10] = [
    2.0 / 3.0,
    2.0 / 5.0,
    2.0 / 7.0,
    2.0 / 9.0,
    2.0 / 11.0,
    2.0 / 13.0,
    2.0 / 15.0,
    2.0 / 17.0,
    2.0 / 19.0,
    2.0 / 21.0,
];

#[inline(always)]
fn polynomial<V: Vector, const N: usize>(coefficients: &[f64; N], x: V) -> V {
    let mut sum = V::splat(coefficients[N - 1]);
    for i in 1..N {
        sum = sum.mul_add(x, V::splat(coefficients[N - 1 - i]));
    }
    sum
}

/// e^x of x ≤ 0, to one unit in the last place; 0 below −745.13, and of NaN.
///
/// x = k·ln 2 + r: e^x = 2^k·e^r. The power is taken in two steps, so that subnormal results are
/// rounded once.
#[inline(always)]
pub fn exp<V: Vector>(x: V) -> V {
    let round = V::splat(ROUND);
    let k = x.mul_add(V::splat(std::f64::consts::LOG2_E), round).sub(round);
    let r = k.sub_from(V::splat(LN_2_LOW), k.sub_from(V::splat(LN_2_HIGH), x));
    let power = polynomial(&EXP, r).mul_add(r.mul(r), r).add(V::splat(1.0));
    let large = k.max(V::splat(-1000.0));
    let result = power.mul(large.power_of_two()).mul(k.sub(large).power_of_two());
    x.choose(V::splat(LEAST), result, V::splat(0.0))
}

/// ln x of finite x ≥ 1, to two units in the last place.
///
/// x = m·2^e with m around 1, and ln m = 2·artanh((m − 1)/(m + 1)).
#[inline(always)]
pub fn ln<V: Vector>(x: V) -> V {
    let (m, e) = x.split();
    let one = V::splat(1.0);
    let root = V::splat(std::f64::consts::SQRT_2);
    let e = m.choose(root, e.add(one), e);
    let m = m.choose(root, m.mul(V::splat(0.5)), m);
    let s = m.sub(one).div(m.add(one));
    let square = s.mul(s);
    let tail = polynomial(&LN, square).mul(square).mul(s);
    let small = e.mul_add(V::splat(LN_2_LOW), tail).add(s.add(s));
    e.mul_add(V::splat(LN_2_HIGH), small)
}

kernel! {
    /// e^x of every x ≤ 0, in place; 0 below −745.13, and of NaN.
    pub fn exp_of_negatives<V>(values: &mut [Lane]) {
        for lane in values {
            exp(V::load(lane)).store(lane);
        }
    }
}

kernel! {
    /// ln x of every finite x ≥ 1, in place.
    pub fn ln_of_at_least_one<V>(values: &mut [Lane]) {
        for lane in values {
            ln(V::load(lane)).store(lane);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units_apart(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    #[test]
    fn exp_is_right_to_one_unit_in_the_last_place() {
        let mut worst = 0;
        for i in 0..200_000 {
            let x = -745.2 * (f64::from(i) / 200_000.0).powi(3);
            let mut lane = [[x; 8]];
            exp_of_negatives(&mut lane);
            worst = worst.max(units_apart(lane[0][3], x.exp()));
        }
        // The reference may itself be off by one.
        assert!(worst <= 2, "{worst} units");
    }

    #[test]
    fn exp_of_the_extremes() {
        let nan = f64::NAN;
        let mut lane = [[0.0, -0.0, f64::NEG_INFINITY, -1e300, nan, -745.2, -745.1, -5e-324]];
        exp_of_negatives(&mut lane);
        assert_eq!(lane[0], [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 5e-324, 1.0]);
    }

    #[test]
    fn ln_is_right_to_two_units_in_the_last_place() {
        for i in 0..200_000 {
            let x = (f64::from(i) * 1e-4).exp2().min(1e300) + f64::from(i % 7) * 1e-9;
            let mut lane = [[x; 8]];
            ln_of_at_least_one(&mut lane);
            assert!(units_apart(lane[0][5], x.ln()) <= 3, "{x}: {} {}", lane[0][5], x.ln());
        }
    }
}
