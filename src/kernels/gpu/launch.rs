//! Memory of a GPU, and how many units work on it.

use cubecl::prelude::*;
use cubecl::server::Handle;

/// Units of a workgroup of the simple kernels. Every WebGPU device has 256.
pub(super) const UNITS: u32 = 128;
/// The most workgroups along one axis that every WebGPU device has.
const ACROSS: u32 = 65_535;

/// Memory of a GPU that holds so many numbers of 32 bits.
#[derive(Clone)]
pub struct Buffer {
    pub(super) handle: Handle,
    pub(super) length: usize,
}

impl Buffer {
    /// As an argument of a kernel that reads single numbers.
    pub(super) fn argument(&self) -> BufferArg {
        // SAFETY: the length is that which the memory was asked for with.
        unsafe { BufferArg::from_raw_parts(self.handle(), self.length) }
    }

    /// As an argument of a kernel that reads vectors of four.
    pub(super) fn vector_argument(&self) -> BufferArg {
        // SAFETY: as above.
        unsafe { BufferArg::from_raw_parts(self.handle(), self.vectors()) }
    }

    /// Vectors of four in it.
    pub(super) fn vectors(&self) -> usize {
        self.length / 4
    }
}

/// Workgroups for so many units.
pub(super) fn cubes(units: usize) -> CubeCount {
    let count = units.div_ceil(UNITS as usize).max(1) as u32;
    let rows = count.div_ceil(ACROSS);
    CubeCount::Static(count.div_ceil(rows), rows, 1)
}
