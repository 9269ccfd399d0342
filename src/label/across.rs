//! On which planes of a volume somebody painted.

use super::map::LabelMap;
use super::rect::Rect;
use super::volume::Depths;
use crate::error::Result;
use crate::volume::{LabelVolume, Painted};

/// The labels of one channel at one time, to be read.
struct Read<'a> {
    map: &'a LabelMap,
    depths: &'a Depths,
}

impl LabelVolume for Read<'_> {
    fn size(&self) -> [usize; 3] {
        [self.map.width(), self.map.height(), self.depths.count]
    }

    fn read(&self, slice: usize, row: usize, from: usize, to: &mut [u8]) {
        let slice = self.depths.first + slice * self.depths.step;
        if let Ok(labels) = self.map.read(slice, Rect::new(from, row, to.len(), 1)) {
            to.copy_from_slice(&labels);
        }
    }

    fn write(&mut self, _: usize, _: usize, _: usize, _: &[u8]) {
        // Nobody who looks for planes writes.
    }
}

/// The planes that were painted on, slices by their depth; see [`Painted::of`].
///
/// # Errors
/// As [`Painted::of`].
pub fn painted_planes(map: &LabelMap, depths: &Depths) -> Result<Painted> {
    Painted::of(&Read { map, depths })
}
