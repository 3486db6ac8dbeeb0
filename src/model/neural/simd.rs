//! Loops over 16 lanes that are compiled for each width of vector and chosen when the program runs.
//!
//! A result may not depend on the machine: sums run over 16 fixed lanes that are added up in a fixed
//! tree, and `mul_add` is one rounding everywhere. So AVX2, AVX-512 and NEON give the same bytes.

/// Lanes of every sum.
pub const LANES: usize = 16;

/// One number for each lane.
pub type Lanes = [f32; LANES];

/// Defines a function whose body is compiled for AVX-512, for AVX2 and for the baseline.
macro_rules! dispatch {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)?
     $body:block) => {
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)]
        $vis fn $name($($arg: $type),*) $(-> $result)? {
            #[inline(always)]
            #[allow(clippy::too_many_arguments)]
            fn body($($arg: $type),*) $(-> $result)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn wide($($arg: $type),*) $(-> $result)? { body($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn narrow($($arg: $type),*) $(-> $result)? { body($($arg),*) }

                match $crate::model::neural::simd::level() {
                    // SAFETY: the level says that the processor has the features.
                    $crate::model::neural::simd::Level::Avx512 => return unsafe { wide($($arg),*) },
                    // SAFETY: as above.
                    $crate::model::neural::simd::Level::Avx2 => return unsafe { narrow($($arg),*) },
                    $crate::model::neural::simd::Level::Baseline => {}
                }
            }
            body($($arg),*)
        }
    };
}
pub(super) use dispatch;

/// The widest instructions that the processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "x86_64"), expect(dead_code))]
pub enum Level {
    Avx512,
    Avx2,
    Baseline,
}

/// What the processor has; the answer is remembered.
#[cfg(target_arch = "x86_64")]
#[inline]
pub fn level() -> Level {
    use std::arch::is_x86_feature_detected as has;
    if has!("avx512f") && has!("avx512vl") && has!("avx512dq") && has!("avx512bw") && has!("fma") {
        Level::Avx512
    } else if has!("avx2") && has!("fma") {
        Level::Avx2
    } else {
        Level::Baseline
    }
}

/// The sum of the lanes, as a tree of halves.
#[inline(always)]
pub fn reduce(mut lanes: Lanes) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for l in 0..half {
            lanes[l] += lanes[l + half];
        }
        half /= 2;
    }
    lanes[0]
}

/// Σ f(i) over 0 ≤ i < n, in lanes.
#[inline(always)]
pub fn sum(n: usize, f: impl Fn(usize) -> f32) -> f32 {
    let [sum] = sums(n, |i| [f(i)]);
    sum
}

/// Several sums over the same 0 ≤ i < n, in lanes.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "plain indices become vectors, iterators do not")]
pub fn sums<const K: usize>(n: usize, f: impl Fn(usize) -> [f32; K]) -> [f32; K] {
    let mut lanes = [[0.0; LANES]; K];
    let whole = n - n % LANES;
    let mut i = 0;
    while i < whole {
        for l in 0..LANES {
            let values = f(i + l);
            for k in 0..K {
                lanes[k][l] += values[k];
            }
        }
        i += LANES;
    }
    for l in 0..n - whole {
        let values = f(whole + l);
        for k in 0..K {
            lanes[k][l] += values[k];
        }
    }
    lanes.map(reduce)
}

/// The largest element; −∞ of none. What is not a number is passed over.
#[inline(always)]
pub fn maximum(x: &[f32]) -> f32 {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let (chunks, rest) = x.as_chunks::<LANES>();
    for chunk in chunks {
        for l in 0..LANES {
            lanes[l] = larger(lanes[l], chunk[l]);
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane = larger(*lane, *x);
    }
    lanes.into_iter().fold(f32::NEG_INFINITY, larger)
}

/// exp(x) to within 2 units in the last place for −87 ≤ x ≤ 88, clamped beyond; NaN stays NaN.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// 1.5·2²³: adding it rounds to a whole number and leaves that in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let shifted = x.mul_add(std::f32::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    let r = n.mul_add(-LN_2_LOW, n.mul_add(-LN_2_HIGH, x));
    let mut p = 1.0f32 / 720.0;
    for c in [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        p = p.mul_add(r, c);
    }
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    p * f32::from_bits(exponent)
}

/// 1 / (1 + exp(−x)).
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// tanh x, to within 2⁻²² of it.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    2.0f32.mul_add(sigmoid(2.0 * x), -1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_exact_to_two_units_in_the_last_place() {
        for k in -8600..8700 {
            let x = k as f32 * 0.01;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 2.4e-7, "{x}");
        }
        assert!(exp(f32::NAN).is_nan() && exp(-1e9) > 0.0 && exp(1e9).is_finite());
    }

    #[test]
    fn sums_and_maxima_of_any_length() {
        for n in [0, 1, 15, 16, 17, 100] {
            let x: Vec<f32> = (0..n).map(|i| (i * 7 % 11) as f32).collect();
            assert_eq!(sum(n, |i| x[i]), x.iter().sum::<f32>());
            assert_eq!(maximum(&x), x.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        }
    }

    #[test]
    fn tanh_is_odd_and_saturates() {
        for x in [-3.0f32, -0.1, 0.0, 0.7, 20.0] {
            assert!((tanh(x) - x.tanh()).abs() < 3e-7);
        }
    }
}
