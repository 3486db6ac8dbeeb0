//! Eight numbers at once, and the portable way to compute with them.

use super::{LANES, Lane};

/// 1.5·2⁵²: added to a small number, it leaves the nearest integer in the lowest bits.
pub const ROUND: f64 = 6_755_399_441_055_744.0;

/// 2⁵², whose bits take an exponent field as its lowest bits.
pub const TWO_52: f64 = 4_503_599_627_370_496.0;

/// The bits of a number's mantissa.
pub const MANTISSA: u64 = (1 << 52) - 1;

/// Eight numbers; every operation is correctly rounded, lane by lane.
pub trait Vector: Copy {
    fn splat(x: f64) -> Self;
    fn load(from: &Lane) -> Self;
    fn store(self, to: &mut Lane);
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    /// self·factor + more, rounded once.
    fn mul_add(self, factor: Self, more: Self) -> Self;
    /// more − self·factor, rounded once.
    fn sub_from(self, factor: Self, more: Self) -> Self;
    /// The greater one; `other` where `self` is NaN.
    fn max(self, other: Self) -> Self;
    /// `yes` where self > bound, else `no`.
    fn choose(self, bound: Self, yes: Self, no: Self) -> Self;
    /// 2^self of whole numbers between −1022 and 1023.
    fn power_of_two(self) -> Self;
    /// m in [1, 2) and a whole e with self = m·2^e, of positive normal numbers.
    fn split(self) -> (Self, Self);
}

#[inline(always)]
fn each(f: impl Fn(usize) -> f64) -> Lane {
    let mut lane = [0.0; LANES];
    for (i, x) in lane.iter_mut().enumerate() {
        *x = f(i);
    }
    lane
}

impl Vector for Lane {
    #[inline(always)]
    fn splat(x: f64) -> Self {
        [x; LANES]
    }

    #[inline(always)]
    fn load(from: &Lane) -> Self {
        *from
    }

    #[inline(always)]
    fn store(self, to: &mut Lane) {
        *to = self;
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        each(|i| self[i] + other[i])
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        each(|i| self[i] - other[i])
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        each(|i| self[i] * other[i])
    }

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        each(|i| self[i] / other[i])
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, more: Self) -> Self {
        each(|i| self[i].mul_add(factor[i], more[i]))
    }

    #[inline(always)]
    fn sub_from(self, factor: Self, more: Self) -> Self {
        each(|i| (-self[i]).mul_add(factor[i], more[i]))
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        each(|i| if self[i] > other[i] { self[i] } else { other[i] })
    }

    #[inline(always)]
    fn choose(self, bound: Self, yes: Self, no: Self) -> Self {
        each(|i| if self[i] > bound[i] { yes[i] } else { no[i] })
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        each(|i| f64::from_bits((self[i] + (ROUND + 1023.0)).to_bits() << 52))
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let one = 1.0_f64.to_bits();
        let mantissa = each(|i| f64::from_bits(self[i].to_bits() & MANTISSA | one));
        let field = |i: usize| f64::from_bits(self[i].to_bits() >> 52 | TWO_52.to_bits());
        (mantissa, each(|i| field(i) - (TWO_52 + 1023.0)))
    }
}
