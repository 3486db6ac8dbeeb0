//! Fast loops over f64 that give the same bits on every machine.
//!
//! Each kernel is one generic body over [`Vector`]s of eight lanes, compiled for AVX-512, for AVX2
//! with FMA, and portably; which of them runs is decided at run time. Every operation is correctly
//! rounded and keeps its order: products are fused (`mul_add`), sums run in eight lanes and end in one
//! fixed tree. (Squared distances are the exception: nothing is fused there, so that ties stay.) So results depend neither on the processor nor on the path.
//!
//! Samples lie in [`Columns`]: coordinate after coordinate, 32 samples at a time.

mod columns;
mod distance;
mod elementary;
mod kernel_sum;
mod normal;
mod scatter;
mod vector;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use columns::Columns;
pub use distance::{square_roots, squared_distances};
pub use elementary::{exp_of_negatives, ln_of_at_least_one};
pub use kernel_sum::{ball_sum, ln_gaussian_sum};
pub use normal::{ln_sum_exp, posterior, scaled_squares, whitened_squares};
pub use scatter::{first_moments, packed, square_sums, weighted_scatter};
use vector::Vector;

/// Numbers in one vector.
pub const LANES: usize = 8;

/// One vector in memory.
pub type Lane = [f64; LANES];

/// Vectors that a kernel works on at once, to hide the latency of each.
const VECTORS: usize = 4;

/// What samples are counted in: 32 numbers of one coordinate.
pub type Quad = [Lane; VECTORS];

/// Samples in a [`Quad`].
pub const QUAD: usize = LANES * VECTORS;

pub const ZERO: Quad = [[0.0; LANES]; VECTORS];

/// The sum of the lanes, in one fixed tree.
pub fn total(l: &Lane) -> f64 {
    ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

/// The instructions that a kernel can be compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

/// The best path that this processor has.
fn path() -> Path {
    #[cfg(test)]
    if let Some(path) = FORCED.get() {
        return path;
    }
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            return Path::Avx512;
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return Path::Avx2;
        }
    }
    Path::Portable
}

/// `kernel! { pub fn name<V>(…) { … } }`: the body is written once, for any vector type `V`.
macro_rules! kernel {
    ($(#[$doc:meta])* pub fn $name:ident<V>($($arg:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$doc])*
        pub fn $name($($arg: $type),*) {
            #[inline(always)]
            fn body<V: $crate::numeric::kernel::Vector>($($arg: $type),*) $body

            match $crate::numeric::kernel::path() {
                #[cfg(target_arch = "x86_64")]
                $crate::numeric::kernel::Path::Avx512 => {
                    #[target_feature(enable = "avx512f")]
                    fn wide($($arg: $type),*) {
                        body::<$crate::numeric::kernel::x86::Avx512>($($arg),*)
                    }
                    // SAFETY: `path` found AVX-512F.
                    unsafe { wide($($arg),*) }
                }
                #[cfg(target_arch = "x86_64")]
                $crate::numeric::kernel::Path::Avx2 => {
                    #[target_feature(enable = "avx2,fma")]
                    fn narrow($($arg: $type),*) {
                        body::<$crate::numeric::kernel::x86::Avx2>($($arg),*)
                    }
                    // SAFETY: `path` found AVX2 and FMA.
                    unsafe { narrow($($arg),*) }
                }
                $crate::numeric::kernel::Path::Portable => {
                    body::<$crate::numeric::kernel::Lane>($($arg),*)
                }
            }
        }
    };
}
use kernel;

#[cfg(test)]
thread_local! {
    static FORCED: std::cell::Cell<Option<Path>> = const { std::cell::Cell::new(None) };
}

#[cfg(test)]
mod tests;
