//! Several floats at once: one trait over the vector registers of each processor.

/// A vector of 32-bit floats in one register.
///
/// # Safety
/// All methods need the processor's feature that the type is made for; pointers must be good for `N` floats. They need not be
/// aligned.
#[allow(clippy::missing_safety_doc)] // said once, above
pub trait Lanes: Copy {
    /// Floats in a vector.
    const N: usize;
    unsafe fn splat(value: f32) -> Self;
    unsafe fn load(from: *const f32) -> Self;
    unsafe fn store(self, to: *mut f32);
    unsafe fn add(self, other: Self) -> Self;
    unsafe fn sub(self, other: Self) -> Self;
    unsafe fn mul(self, other: Self) -> Self;
    /// `self + a * b`, fused where the processor can.
    unsafe fn mul_add(self, a: Self, b: Self) -> Self;
    unsafe fn max(self, other: Self) -> Self;
    unsafe fn min(self, other: Self) -> Self;
    /// What stands where `gate` is above 0, and 0 elsewhere.
    unsafe fn where_positive(self, gate: Self) -> Self;
}

/// Implements [`Lanes`] by the intrinsics named.
macro_rules! lanes {
    ($(#[$doc:meta])* $name:ident($register:ty, $n:literal): $splat:path, $load:path, $store:path, $add:path, $sub:path, $mul:path, $max:path, $min:path, |$c:ident, $a:ident, $b:ident| $mul_add:expr, |$x:ident, $gate:ident| $positive:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name($register);

        // On some targets these intrinsics are safe to call.
        #[allow(unused_unsafe)]
        impl Lanes for $name {
            const N: usize = $n;
            #[inline(always)]
            unsafe fn splat(value: f32) -> Self {
                // SAFETY: the caller promises the feature.
                Self(unsafe { $splat(value) })
            }
            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                // SAFETY: the caller promises the feature and `N` floats.
                Self(unsafe { $load(from.cast()) })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut f32) {
                // SAFETY: as for `load`.
                unsafe { $store(to.cast(), self.0) }
            }
            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                // SAFETY: the caller promises the feature.
                Self(unsafe { $add(self.0, other.0) })
            }
            #[inline(always)]
            unsafe fn sub(self, other: Self) -> Self {
                // SAFETY: the caller promises the feature.
                Self(unsafe { $sub(self.0, other.0) })
            }
            #[inline(always)]
            unsafe fn mul(self, other: Self) -> Self {
                // SAFETY: the caller promises the feature.
                Self(unsafe { $mul(self.0, other.0) })
            }
            #[inline(always)]
            unsafe fn mul_add(self, a: Self, b: Self) -> Self {
                let ($c, $a, $b) = (self.0, a.0, b.0);
                // SAFETY: the caller promises the feature.
                Self(unsafe { $mul_add })
            }
            #[inline(always)]
            unsafe fn max(self, other: Self) -> Self {
                // SAFETY: the caller promises the feature.
                Self(unsafe { $max(self.0, other.0) })
            }
            #[inline(always)]
            unsafe fn min(self, other: Self) -> Self {
                // SAFETY: the caller promises the feature.
                Self(unsafe { $min(self.0, other.0) })
            }
            #[inline(always)]
            unsafe fn where_positive(self, gate: Self) -> Self {
                let ($x, $gate) = (self.0, gate.0);
                // SAFETY: the caller promises the feature.
                Self(unsafe { $positive })
            }
        }
    };
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use super::Lanes;
    use core::arch::wasm32::*;

    lanes!(
        /// SIMD128 of WebAssembly.
        Simd128(v128, 4): f32x4_splat,
        v128_load, v128_store,
        f32x4_add, f32x4_sub, f32x4_mul, f32x4_pmax, f32x4_pmin,
        |c, a, b| f32x4_add(c, f32x4_mul(a, b)),
        |x, gate| v128_and(x, f32x4_gt(gate, f32x4_splat(0.0)))
    );
}
#[cfg(target_arch = "wasm32")]
pub use wasm::Simd128;

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Lanes;
    use core::arch::x86_64::*;

    lanes!(
        /// AVX2 with FMA.
        Avx2(__m256, 8): _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps,
        _mm256_add_ps, _mm256_sub_ps, _mm256_mul_ps, _mm256_max_ps, _mm256_min_ps,
        |c, a, b| _mm256_fmadd_ps(a, b, c),
        |x, gate| _mm256_and_ps(x, _mm256_cmp_ps::<_CMP_GT_OQ>(gate, _mm256_setzero_ps()))
    );
    lanes!(
        /// AVX-512F.
        Avx512(__m512, 16): _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps,
        _mm512_add_ps, _mm512_sub_ps, _mm512_mul_ps, _mm512_max_ps, _mm512_min_ps,
        |c, a, b| _mm512_fmadd_ps(a, b, c),
        |x, gate| _mm512_maskz_mov_ps(_mm512_cmp_ps_mask::<_CMP_GT_OQ>(gate, _mm512_setzero_ps()), x)
    );
}
#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512};

/// Four floats that the compiler puts into whatever registers there are: NEON, SSE2.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy)]
pub struct Portable([f32; 4]);

#[cfg(not(target_arch = "wasm32"))]
impl Portable {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Lanes for Portable {
    const N: usize = 4;
    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        Self([value; 4])
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller promises four floats.
        Self(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller promises four floats.
        unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
    #[inline(always)]
    unsafe fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
    #[inline(always)]
    unsafe fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
    #[inline(always)]
    unsafe fn mul_add(self, a: Self, b: Self) -> Self {
        self.zip(a.zip(b, |a, b| a * b), |c, ab| c + ab)
    }
    #[inline(always)]
    unsafe fn max(self, other: Self) -> Self {
        self.zip(other, f32::max)
    }
    #[inline(always)]
    unsafe fn min(self, other: Self) -> Self {
        self.zip(other, f32::min)
    }
    #[inline(always)]
    unsafe fn where_positive(self, gate: Self) -> Self {
        self.zip(gate, |x, gate| if gate > 0.0 { x } else { 0.0 })
    }
}
