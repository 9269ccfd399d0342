//! Work in parts, on every core natively. What a part computes does not depend on who computes it.

/// A pointer that several threads write through, each to places of its own.
#[derive(Clone, Copy)]
pub struct Shared(pub *mut f32);

// SAFETY: who makes one promises that parts write to different places and nobody reads them meanwhile.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Shared {
    /// The pointer; a method, so that closures capture the whole.
    pub fn pointer(self) -> *mut f32 {
        self.0
    }
}

/// How many parts are computed at once.
pub fn threads() -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    {
        rayon::current_num_threads()
    }
    #[cfg(target_arch = "wasm32")]
    {
        1
    }
}

/// Calls `part` for 0 to `n`.
pub fn parts(n: usize, part: impl Fn(usize) + Sync + Send) {
    #[cfg(not(target_arch = "wasm32"))]
    if n > 1 && threads() > 1 {
        use rayon::prelude::*;
        (0..n).into_par_iter().with_max_len(1).for_each(&part);
        return;
    }
    (0..n).for_each(&part);
}
