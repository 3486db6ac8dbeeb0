//! Eight numbers at once on x86-64: one AVX-512 register, or two of AVX2.
//!
//! Values of these types exist only inside functions that were compiled for their instructions, and
//! that run only where the processor has them: see `kernel!`. That is what makes every call here safe.
#![allow(clippy::undocumented_unsafe_blocks)]

use super::Lane;
use super::vector::{MANTISSA, ROUND, TWO_52, Vector};
use std::arch::x86_64::*;
use std::mem::transmute;

#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Avx512(__m512d);

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Avx2(__m256d, __m256d);

impl Vector for Avx512 {
    #[inline(always)]
    fn splat(x: f64) -> Self {
        unsafe { Avx512(_mm512_set1_pd(x)) }
    }

    #[inline(always)]
    fn load(from: &Lane) -> Self {
        // By value: the pointer loads of the standard library check themselves in debug builds.
        unsafe { Avx512(transmute::<Lane, __m512d>(*from)) }
    }

    #[inline(always)]
    fn store(self, to: &mut Lane) {
        unsafe { *to = transmute::<__m512d, Lane>(self.0) }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        unsafe { Avx512(_mm512_add_pd(self.0, other.0)) }
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        unsafe { Avx512(_mm512_sub_pd(self.0, other.0)) }
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        unsafe { Avx512(_mm512_mul_pd(self.0, other.0)) }
    }

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        unsafe { Avx512(_mm512_div_pd(self.0, other.0)) }
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, more: Self) -> Self {
        unsafe { Avx512(_mm512_fmadd_pd(self.0, factor.0, more.0)) }
    }

    #[inline(always)]
    fn sub_from(self, factor: Self, more: Self) -> Self {
        unsafe { Avx512(_mm512_fnmadd_pd(self.0, factor.0, more.0)) }
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        unsafe { Avx512(_mm512_max_pd(self.0, other.0)) }
    }

    #[inline(always)]
    fn choose(self, bound: Self, yes: Self, no: Self) -> Self {
        unsafe {
            let above = _mm512_cmp_pd_mask::<_CMP_GT_OQ>(self.0, bound.0);
            Avx512(_mm512_mask_blend_pd(above, no.0, yes.0))
        }
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        unsafe {
            let sum = _mm512_add_pd(self.0, _mm512_set1_pd(ROUND + 1023.0));
            Avx512(_mm512_castsi512_pd(_mm512_slli_epi64::<52>(_mm512_castpd_si512(sum))))
        }
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        unsafe {
            let bits = _mm512_castpd_si512(self.0);
            let fraction = _mm512_and_si512(bits, _mm512_set1_epi64(MANTISSA as i64));
            let one = _mm512_castpd_si512(_mm512_set1_pd(1.0));
            let two_52 = _mm512_castpd_si512(_mm512_set1_pd(TWO_52));
            let field = _mm512_or_si512(_mm512_srli_epi64::<52>(bits), two_52);
            let exponent =
                _mm512_sub_pd(_mm512_castsi512_pd(field), _mm512_set1_pd(TWO_52 + 1023.0));
            (Avx512(_mm512_castsi512_pd(_mm512_or_si512(fraction, one))), Avx512(exponent))
        }
    }
}

/// The same instruction on both halves.
macro_rules! halves {
    ($instruction:ident($($vector:expr),+)) => {
        unsafe { Avx2($instruction($($vector.0),+), $instruction($($vector.1),+)) }
    };
}

impl Vector for Avx2 {
    #[inline(always)]
    fn splat(x: f64) -> Self {
        unsafe { Avx2(_mm256_set1_pd(x), _mm256_set1_pd(x)) }
    }

    #[inline(always)]
    fn load(from: &Lane) -> Self {
        unsafe { transmute::<Lane, Avx2>(*from) }
    }

    #[inline(always)]
    fn store(self, to: &mut Lane) {
        unsafe { *to = transmute::<Avx2, Lane>(self) }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        halves!(_mm256_add_pd(self, other))
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        halves!(_mm256_sub_pd(self, other))
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        halves!(_mm256_mul_pd(self, other))
    }

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        halves!(_mm256_div_pd(self, other))
    }

    #[inline(always)]
    fn mul_add(self, factor: Self, more: Self) -> Self {
        halves!(_mm256_fmadd_pd(self, factor, more))
    }

    #[inline(always)]
    fn sub_from(self, factor: Self, more: Self) -> Self {
        halves!(_mm256_fnmadd_pd(self, factor, more))
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        halves!(_mm256_max_pd(self, other))
    }

    #[inline(always)]
    fn choose(self, bound: Self, yes: Self, no: Self) -> Self {
        let above = unsafe {
            let low = _mm256_cmp_pd::<_CMP_GT_OQ>(self.0, bound.0);
            Avx2(low, _mm256_cmp_pd::<_CMP_GT_OQ>(self.1, bound.1))
        };
        halves!(_mm256_blendv_pd(no, yes, above))
    }

    #[inline(always)]
    fn power_of_two(self) -> Self {
        let sum = self.add(Avx2::splat(ROUND + 1023.0));
        unsafe { Avx2(shifted_left(sum.0), shifted_left(sum.1)) }
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        unsafe {
            let (low, high) = (split(self.0), split(self.1));
            (Avx2(low.0, high.0), Avx2(low.1, high.1))
        }
    }
}

#[inline(always)]
unsafe fn shifted_left(x: __m256d) -> __m256d {
    unsafe { _mm256_castsi256_pd(_mm256_slli_epi64::<52>(_mm256_castpd_si256(x))) }
}

#[inline(always)]
unsafe fn split(x: __m256d) -> (__m256d, __m256d) {
    unsafe {
        let bits = _mm256_castpd_si256(x);
        let fraction = _mm256_and_si256(bits, _mm256_set1_epi64x(MANTISSA as i64));
        let one = _mm256_castpd_si256(_mm256_set1_pd(1.0));
        let two_52 = _mm256_castpd_si256(_mm256_set1_pd(TWO_52));
        let field = _mm256_or_si256(_mm256_srli_epi64::<52>(bits), two_52);
        let exponent = _mm256_sub_pd(_mm256_castsi256_pd(field), _mm256_set1_pd(TWO_52 + 1023.0));
        (_mm256_castsi256_pd(_mm256_or_si256(fraction, one)), exponent)
    }
}
