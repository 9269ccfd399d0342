//! The labels of an image or a stack.

use std::collections::BTreeMap;

use super::classes::{ClassTable, Values};
use super::pen::Before;
use super::plane::{Grid, Plane};
use super::rect::{Area, Rect, joined};
use super::tile::Tile;
use super::{BACKGROUND, UNLABELLED};
use crate::error::{Error, Result};
use crate::scan::Limits;

/// A class for each pixel of each slice, and what the classes are called. Slices that nobody painted on take no memory.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelMap {
    grid: Grid,
    slices: usize,
    pub(super) classes: ClassTable,
    planes: BTreeMap<usize, Plane>,
}

impl LabelMap {
    /// Labels for `slices` slices of `width` x `height` pixels, all of them [`UNLABELLED`].
    ///
    /// # Errors
    /// `label.shape` if a number is 0, `label.limit.pixels` for more pixels than a scan can have.
    pub fn new(width: usize, height: usize, slices: usize, classes: ClassTable) -> Result<Self> {
        if width == 0 || height == 0 || slices == 0 {
            return Err(Error::invalid("label.shape", "An image without pixels cannot have labels."));
        }
        let most = Limits::default().pixels;
        let pixels = (width as u64).checked_mul(height as u64).and_then(|n| n.checked_mul(slices as u64));
        if pixels.is_none_or(|n| n > most) {
            return Err(Error::limit(
                "label.limit.pixels",
                format!(
                    "{width} x {height} x {slices} pixels are more than the limit of {} million.",
                    most / 1_000_000
                ),
            ));
        }
        Ok(Self { grid: Grid { width, height }, slices, classes, planes: BTreeMap::new() })
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.grid.width
    }

    /// Rows of a slice.
    pub fn height(&self) -> usize {
        self.grid.height
    }

    /// Slices.
    pub fn slices(&self) -> usize {
        self.slices
    }

    /// A whole slice.
    pub fn bounds(&self) -> Rect {
        self.grid.bounds()
    }

    /// What the values mean.
    pub fn classes(&self) -> &ClassTable {
        &self.classes
    }

    /// The slices on which something is labelled, in order.
    pub fn labelled_slices(&self) -> impl Iterator<Item = usize> + '_ {
        self.planes.iter().filter(|(_, plane)| !plane.is_blank()).map(|(slice, _)| *slice)
    }

    /// The value of a pixel; `None` outside of the image.
    pub fn value(&self, slice: usize, x: usize, y: usize) -> Option<u8> {
        let inside = slice < self.slices && self.bounds().contains(x, y);
        inside.then(|| self.planes.get(&slice).map_or(UNLABELLED, |plane| plane.at(x, y)))
    }

    /// The values of a rectangle, `[row][column]`; of a whole slice with [`bounds`](Self::bounds).
    ///
    /// # Errors
    /// `label.slice` and `label.place` if the slice or a part of the rectangle lies outside of the image.
    pub fn read(&self, slice: usize, rect: Rect) -> Result<Vec<u8>> {
        self.check_slice(slice)?;
        if rect.clipped(&self.bounds()) != rect {
            return Err(Error::invalid("label.place", "This rectangle reaches over the edge of the image."));
        }
        Ok(match self.planes.get(&slice) {
            Some(plane) => plane.read(rect),
            None => vec![UNLABELLED; rect.area()],
        })
    }

    /// The values of a row of a slice from column `from` on, as many as `to` takes, which must lie inside.
    pub(super) fn line(&self, slice: usize, row: usize, from: usize, to: &mut [u8]) {
        match self.planes.get(&slice) {
            Some(plane) => plane.line(row, from, to),
            None => to.fill(UNLABELLED),
        }
    }

    /// Rectangles that together hold everything that is labelled on a slice, without what nobody painted near: whole
    /// tiles, those side by side in one.
    ///
    /// # Errors
    /// `label.slice` if there is no such slice.
    pub fn painted(&self, slice: usize) -> Result<Vec<Rect>> {
        self.check_slice(slice)?;
        let Some(plane) = self.planes.get(&slice) else { return Ok(Vec::new()) };
        let mut rects: Vec<Rect> = Vec::new();
        for (index, tile) in plane.tiles().iter().enumerate() {
            if *tile == Tile::BLANK {
                continue;
            }
            let place = self.grid.place(index);
            match rects.last_mut() {
                Some(last) if last.y == place.y && last.columns().end == place.x => {
                    last.width += place.width;
                }
                _ => rects.push(place),
            }
        }
        Ok(stacked(rects))
    }

    /// Labelled pixels of a slice: of the background, then of each class. Counted while painting, so it costs nothing.
    ///
    /// # Errors
    /// `label.slice` if there is no such slice.
    pub fn counts(&self, slice: usize) -> Result<Vec<u64>> {
        self.check_slice(slice)?;
        Ok(self.count(self.planes.get(&slice).as_slice()))
    }

    /// Labelled pixels of all slices together: of the background, then of each class.
    pub fn total_counts(&self) -> Vec<u64> {
        self.count(&self.planes.values().collect::<Vec<_>>())
    }

    fn count(&self, planes: &[&Plane]) -> Vec<u64> {
        (usize::from(BACKGROUND)..=self.classes.len())
            .map(|value| planes.iter().map(|plane| plane.counts()[value]).sum())
            .collect()
    }

    pub(super) fn check_slice(&self, slice: usize) -> Result<()> {
        if slice < self.slices {
            return Ok(());
        }
        Err(Error::invalid(
            "label.slice",
            format!("There is no slice {}; this image has {}.", slice.saturating_add(1), self.slices),
        ))
    }

    /// The tiles of a slice.
    pub(super) fn grid(&self) -> Grid {
        self.grid
    }

    /// The planes that are there.
    pub(super) fn planes(&self) -> &BTreeMap<usize, Plane> {
        &self.planes
    }

    /// The plane of a slice, to be changed.
    pub(super) fn plane(&mut self, slice: usize) -> &mut Plane {
        let grid = self.grid;
        self.planes.entry(slice).or_insert_with(|| Plane::blank(grid))
    }

    /// Puts a tile where another is, and returns that.
    pub(super) fn replace(&mut self, slice: usize, index: usize, tile: Tile) -> Tile {
        self.plane(slice).replace(index, tile)
    }

    /// Forgets planes without labels.
    pub(super) fn drop_blank(&mut self) {
        self.planes.retain(|_, plane| !plane.is_blank());
    }

    /// Gives every pixel the new value of its old one; tells the tiles that changed.
    pub(super) fn remap(&mut self, values: &Values, before: &mut Before) -> Vec<Area> {
        let mut areas = Vec::new();
        for (slice, plane) in &mut self.planes {
            let mut changed = None;
            for index in 0..self.grid.tiles() {
                if let Some(old) = plane.remap(index, values) {
                    before.entry((*slice, index)).or_insert(old);
                    changed = joined(changed, Some(self.grid.place(index)));
                }
            }
            areas.extend(changed.map(|rect| Area { slice: *slice, rect }));
        }
        areas
    }
}

/// Rectangles in the order of their rows, those of the same columns that touch made one.
fn stacked(rects: Vec<Rect>) -> Vec<Rect> {
    let mut out: Vec<Rect> = Vec::new();
    // By their columns, the lowest so far.
    let mut lowest: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for rect in rects {
        let columns = (rect.x, rect.width);
        match lowest.get(&columns).and_then(|i| out.get_mut(*i)) {
            Some(above) if above.rows().end == rect.y => above.height += rect.height,
            _ => {
                lowest.insert(columns, out.len());
                out.push(rect);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{Ink, Painting, Region};

    #[test]
    fn what_is_painted_lies_in_few_rectangles_and_the_rest_in_none() {
        let mut painting = Painting::new(LabelMap::new(300, 200, 2, ClassTable::default()).unwrap());
        let mut fill = |rect| painting.fill(1, &Region::of(rect), Ink::new(0)).unwrap();
        fill(Rect::new(0, 0, 70, 130));
        fill(Rect::new(290, 70, 10, 10));
        let map = painting.map();
        assert_eq!(map.painted(1).unwrap(), [Rect::new(0, 0, 128, 192), Rect::new(256, 64, 44, 64)]);
        assert!(map.painted(0).unwrap().is_empty());
        assert_eq!(map.painted(2).unwrap_err().code(), "label.slice");
    }
}
