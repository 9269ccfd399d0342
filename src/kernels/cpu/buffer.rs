//! Memory for vectors: floats that begin on a cache line.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

/// One cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([f32; LINE]);

const LINE: usize = 16;

/// Floats whose first lies at a multiple of 64 bytes.
#[derive(Clone, Default)]
pub struct Buffer {
    lines: Vec<Line>,
    len: usize,
}

impl Buffer {
    /// `len` zeros.
    pub fn zeros(len: usize) -> Self {
        Self { lines: vec![Line([0.0; LINE]); len.div_ceil(LINE)], len }
    }

    /// Nothing.
    pub const fn new() -> Self {
        Self { lines: Vec::new(), len: 0 }
    }

    /// At least `len` floats, whatever is in them.
    pub fn grow(&mut self, len: usize) {
        if self.lines.len() * LINE < len {
            self.lines.resize(len.div_ceil(LINE), Line([0.0; LINE]));
        }
        self.len = self.len.max(len);
    }
}

/// Lines that are kept for the next maps.
const KEPT: usize = 256 * 1024 * 1024 / size_of::<Line>();

thread_local! {
    /// Memory of maps that are gone: asking the system for it anew costs as much as filling it.
    static POOL: RefCell<Vec<Vec<Line>>> = const { RefCell::new(Vec::new()) };
}

impl Buffer {
    /// `len` floats, whatever is in them; perhaps from memory that was given back.
    pub fn reused(len: usize) -> Self {
        let wanted = len.div_ceil(LINE);
        let found = POOL.with_borrow_mut(|pool| {
            let fits = |lines: &Vec<Line>| (wanted..=wanted + wanted / 2).contains(&lines.len());
            let best = pool
                .iter()
                .enumerate()
                .filter(|(_, lines)| fits(lines))
                .min_by_key(|(_, lines)| lines.len())?;
            Some(pool.swap_remove(best.0))
        });
        match found {
            Some(lines) => Self { lines, len },
            None => {
                // A page gives no memory back: what lies around is merged and cut anew before more is asked for.
                if cfg!(target_arch = "wasm32") {
                    forget();
                }
                Self::zeros(len)
            }
        }
    }

    /// Keeps the memory for [`Buffer::reused`].
    pub fn give_back(self) {
        if self.lines.is_empty() {
            return;
        }
        POOL.with_borrow_mut(|pool| {
            pool.push(self.lines);
            while pool.iter().map(Vec::len).sum::<usize>() > KEPT {
                pool.remove(0);
            }
        });
    }
}

/// Lets the memory go that is kept for the next maps of this thread.
pub fn forget() {
    POOL.take();
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // SAFETY: `Line` is `repr(C)` of floats without padding, and there are at least `len` of them.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.len) }
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        // SAFETY: as above, and `self` is borrowed mutably.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.len) }
    }
}
