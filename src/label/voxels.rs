//! The labels of one channel at one time as a volume, for work in 3-D.

use super::ink::Ink;
use super::painting::Painting;
use super::rect::Rect;
use super::volume::Depths;
use crate::error::{Error, Result};
use crate::volume::LabelVolume;

/// Reads tiles where they are, and writes through the pen, so that what changes can be undone.
pub struct Voxels<'a> {
    painting: &'a mut Painting,
    depths: Depths,
}

impl Painting {
    /// The slices of a channel and time as a volume. What is written belongs to the command that is [open](Painting::begin).
    ///
    /// # Errors
    /// `label.slice` if there are no such slices.
    pub fn voxels(&mut self, depths: Depths) -> Result<Voxels<'_>> {
        let last = depths.count.checked_sub(1).and_then(|n| n.checked_mul(depths.step));
        let last = last.and_then(|n| n.checked_add(depths.first));
        if last.is_none_or(|last| last >= self.map().slices()) {
            return Err(Error::invalid("label.slice", "This image has no such slices."));
        }
        Ok(Voxels { painting: self, depths })
    }
}

impl Voxels<'_> {
    fn slice(&self, depth: usize) -> usize {
        self.depths.first + depth * self.depths.step
    }
}

impl LabelVolume for Voxels<'_> {
    fn size(&self) -> [usize; 3] {
        let map = self.painting.map();
        [map.width(), map.height(), self.depths.count]
    }

    fn read(&self, slice: usize, row: usize, from: usize, to: &mut [u8]) {
        self.painting.map().line(self.slice(slice), row, from, to);
    }

    fn write(&mut self, slice: usize, row: usize, from: usize, labels: &[u8]) {
        let slice = self.slice(slice);
        let written = self.painting.draw(slice, Ink::ERASER, |pen| {
            let mut at = from;
            for run in labels.chunk_by(|a, b| a == b) {
                pen.fill(Rect::new(at, row, run.len(), 1), Ink::new(run[0]));
                at += run.len();
            }
            Ok(())
        });
        debug_assert!(written.is_ok(), "the slices were checked");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{ClassTable, LabelMap, Region, UNLABELLED};
    use crate::volume::{Connectivity3, Tidied, Tidy};

    fn fill(painting: &mut Painting, slice: usize, rect: [usize; 4], value: u8) {
        let [x, y, width, height] = rect;
        painting.fill(slice, &Region::of(Rect::new(x, y, width, height)), Ink::new(value)).unwrap();
    }

    /// In every other slice of 12 a body with a cavity, and a speck on one of them; the others are of another channel.
    fn painted() -> (Painting, Depths) {
        let mut painting = Painting::new(LabelMap::new(90, 70, 12, ClassTable::default()).unwrap());
        painting.add_class("lung", None).unwrap();
        painting.add_class("heart", None).unwrap();
        for slice in (2..=10).step_by(2) {
            fill(&mut painting, slice, [10, 10, 60, 50], 1);
        }
        fill(&mut painting, 6, [60, 60, 4, 3], UNLABELLED);
        fill(&mut painting, 6, [62, 58, 2, 2], UNLABELLED);
        fill(&mut painting, 6, [30, 30, 3, 2], UNLABELLED);
        fill(&mut painting, 4, [31, 30, 2, 2], 0);
        fill(&mut painting, 6, [80, 5, 2, 2], 1);
        fill(&mut painting, 7, [80, 5, 2, 2], 1);
        (painting, Depths { first: 0, step: 2, count: 6, spacing: [0.5, 0.5, 2.0] })
    }

    #[test]
    fn tidying_is_one_command_on_the_slices_of_its_channel() {
        let (mut painting, depths) = painted();
        let before = painting.map().clone();
        let tidy = Tidy {
            connectivity: Connectivity3::Six,
            smallest: 2.1,
            largest: false,
            fill: true,
            smooth: 0.0,
            spacing: depths.spacing,
        };
        let mut done = Tidied::default();
        painting.begin();
        for step in tidy.steps() {
            tidy.step(&mut painting.voxels(depths).unwrap(), 1, step, &mut done).unwrap();
        }
        let changed = painting.end().unwrap();
        assert_eq!(changed.areas.iter().map(|area| area.slice).collect::<Vec<_>>(), [4, 6]);
        assert_eq!((done.removed.pieces, done.removed.voxels), (1, 4));
        assert_eq!((done.holes.pieces, done.holes.voxels), (1, 10));
        // What goes is background, what was not labelled elsewhere stays so, and the other channel is as it was.
        let value = |slice, x, y| painting.map().value(slice, x, y).unwrap();
        assert_eq!((value(6, 80, 5), value(6, 82, 5), value(7, 80, 5)), (0, UNLABELLED, 1));
        assert_eq!((value(6, 31, 30), value(4, 31, 30), value(6, 62, 60)), (1, 1, UNLABELLED));
        painting.undo();
        assert!(*painting.map() == before);
    }

    #[test]
    fn slices_that_are_not_there_are_refused() {
        let (mut painting, depths) = painted();
        for (count, step) in [(0, 1), (7, 2), (3, usize::MAX)] {
            let depths = Depths { count, step, ..depths };
            assert_eq!(painting.voxels(depths).err().unwrap().code(), "label.slice");
        }
    }
}
