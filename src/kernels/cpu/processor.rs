//! Which vectors this processor has, and running a piece of work with them.

use super::lanes::Lanes;
use super::parallel::parts;

/// Work in parts that is written once for all vectors.
pub trait Job: Sync {
    /// Computes one part. Implementations are `#[inline(always)]`, so that they are compiled for the processor that calls them. `M` rows
    /// of results at a time fit into the registers, two vectors wide.
    ///
    /// # Safety
    /// The features of `L`.
    unsafe fn part<L: Lanes, const M: usize>(&self, part: usize);
}

/// The vectors of a processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processor {
    #[cfg(target_arch = "wasm32")]
    Simd128,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(not(target_arch = "wasm32"))]
    Portable,
}

impl Processor {
    /// The best that this one has.
    pub fn here() -> Self {
        #[cfg(target_arch = "wasm32")]
        {
            Self::Simd128
        }
        #[cfg(not(target_arch = "wasm32"))]
        {
            Self::all()[0]
        }
    }

    /// All that this one has, the best first.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") {
                all.push(Self::Avx512);
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                all.push(Self::Avx2);
            }
        }
        all.push(Self::Portable);
        all
    }

    /// Floats of a vector.
    pub fn lanes(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => 16,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => 8,
            _ => 4,
        }
    }

    /// Rows of results that are computed at a time.
    pub fn rows(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => 12,
            _ => 6,
        }
    }

    /// What one core can do at most: billions of multiplications and additions a second, in registers alone.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn peak(self) -> f64 {
        const STEPS: usize = 1 << 20;
        let mut best = f64::INFINITY;
        for _ in 0..5 {
            let start = std::time::Instant::now();
            self.run(&Peak(STEPS), 1);
            best = best.min(start.elapsed().as_secs_f64());
        }
        (2 * STEPS * CHAINS * self.lanes()) as f64 / best / 1e9
    }

    /// All parts of a job, on every core.
    pub fn run(self, job: &impl Job, count: usize) {
        // SAFETY: a processor is only made where it has the features.
        match self {
            #[cfg(target_arch = "wasm32")]
            Self::Simd128 => parts(count, |part| unsafe { job.part::<super::lanes::Simd128, 6>(part) }),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => parts(count, |part| unsafe { avx512(job, part) }),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => parts(count, |part| unsafe { avx2(job, part) }),
            #[cfg(not(target_arch = "wasm32"))]
            Self::Portable => parts(count, |part| unsafe { job.part::<super::lanes::Portable, 6>(part) }),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
unsafe fn avx512(job: &impl Job, part: usize) {
    // SAFETY: the caller promises the feature.
    unsafe { job.part::<super::lanes::Avx512, 12>(part) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2(job: &impl Job, part: usize) {
    // SAFETY: the caller promises the features.
    unsafe { job.part::<super::lanes::Avx2, 6>(part) }
}

/// Sums that do not wait for each other: enough for two units that take four cycles.
#[cfg(not(target_arch = "wasm32"))]
const CHAINS: usize = 12;

/// So many steps of sums in registers.
#[cfg(not(target_arch = "wasm32"))]
struct Peak(usize);

#[cfg(not(target_arch = "wasm32"))]
impl Job for Peak {
    #[inline(always)]
    unsafe fn part<L: Lanes, const M: usize>(&self, _: usize) {
        // SAFETY: the caller promises the features; 16 floats hold any vector.
        unsafe {
            let mut sums = [L::splat(1.0); CHAINS];
            let (a, b) = (L::splat(std::hint::black_box(0.999)), L::splat(std::hint::black_box(1e-3)));
            for _ in 0..self.0 {
                for sum in &mut sums {
                    *sum = b.mul_add(*sum, a);
                }
            }
            let mut kept = [0.0f32; 16];
            for sum in sums {
                sum.store(kept.as_mut_ptr());
                std::hint::black_box(&kept);
            }
        }
    }
}
