//! Label volumes, wherever their voxels are kept.

use crate::error::{Error, Result};

/// The value of a voxel that nobody labelled: neither background nor of a class.
pub const UNLABELLED: u8 = 255;

/// A class of each voxel: 0 is the background, 1 to 254 are classes, 255 is not labelled ([`UNLABELLED`]). It is read and written in
/// pieces of rows, so that sparse volumes need not be unpacked.
pub trait LabelVolume {
    /// Columns, rows, slices.
    fn size(&self) -> [usize; 3];

    /// Labels of a row, from column `from` on, as many as `to` takes.
    fn read(&self, slice: usize, row: usize, from: usize, to: &mut [u8]);

    /// Puts labels into a row, from column `from` on. What changes a volume calls this slice by slice in rising order, and only
    /// for voxels that change and some between them.
    fn write(&mut self, slice: usize, row: usize, from: usize, labels: &[u8]);
}

/// Labels in memory, `[slice][row][column]`.
pub struct DenseLabels<'a> {
    size: [usize; 3],
    voxels: &'a mut [u8],
}

impl<'a> DenseLabels<'a> {
    /// # Errors
    /// `volume.size` if there are not `columns * rows * slices` voxels.
    pub fn new(size: [usize; 3], voxels: &'a mut [u8]) -> Result<Self> {
        if voxels_of(size)? == voxels.len() { Ok(Self { size, voxels }) } else { Err(wrong_size()) }
    }

    fn place(&self, slice: usize, row: usize, from: usize) -> usize {
        (slice * self.size[1] + row) * self.size[0] + from
    }
}

impl LabelVolume for DenseLabels<'_> {
    fn size(&self) -> [usize; 3] {
        self.size
    }

    fn read(&self, slice: usize, row: usize, from: usize, to: &mut [u8]) {
        let first = self.place(slice, row, from);
        if let Some(labels) = self.voxels.get(first..first + to.len()) {
            to.copy_from_slice(labels);
        }
    }

    fn write(&mut self, slice: usize, row: usize, from: usize, labels: &[u8]) {
        let first = self.place(slice, row, from);
        if let Some(voxels) = self.voxels.get_mut(first..first + labels.len()) {
            voxels.copy_from_slice(labels);
        }
    }
}

/// Labels in memory, a slice `[row][column]` at a time, such as those of one channel among others.
pub struct LabelSlices<'a> {
    width: usize,
    height: usize,
    slices: Vec<&'a mut [u8]>,
}

impl<'a> LabelSlices<'a> {
    /// # Errors
    /// `volume.size` if a slice does not have `width * height` pixels.
    pub fn new(width: usize, height: usize, slices: Vec<&'a mut [u8]>) -> Result<Self> {
        let area = voxels_of([width, height, slices.len()]).map(|_| width * height)?;
        if slices.iter().all(|slice| slice.len() == area) {
            Ok(Self { width, height, slices })
        } else {
            Err(wrong_size())
        }
    }
}

impl LabelVolume for LabelSlices<'_> {
    fn size(&self) -> [usize; 3] {
        [self.width, self.height, self.slices.len()]
    }

    fn read(&self, slice: usize, row: usize, from: usize, to: &mut [u8]) {
        let first = row * self.width + from;
        if let Some(labels) = self.slices.get(slice).and_then(|s| s.get(first..first + to.len())) {
            to.copy_from_slice(labels);
        }
    }

    fn write(&mut self, slice: usize, row: usize, from: usize, labels: &[u8]) {
        let first = row * self.width + from;
        if let Some(to) = self.slices.get_mut(slice).and_then(|s| s.get_mut(first..first + labels.len())) {
            to.copy_from_slice(labels);
        }
    }
}

/// How many voxels a volume has.
///
/// # Errors
/// `volume.size` if that is no number, or a side is longer than any image's.
pub(super) fn voxels_of([columns, rows, slices]: [usize; 3]) -> Result<usize> {
    let short = [columns, rows, slices].iter().all(|n| *n <= i32::MAX as usize);
    let voxels = columns.checked_mul(rows).and_then(|n| n.checked_mul(slices));
    voxels.filter(|_| short).ok_or_else(wrong_size)
}

pub(super) fn wrong_size() -> Error {
    Error::invalid(
        "volume.size",
        "The labels do not have as many voxels as the volume. Open the scan and its labels again.",
    )
}
