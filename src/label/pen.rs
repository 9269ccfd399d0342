//! How tools write: every change goes through one pen, which keeps what was there before.

use std::collections::BTreeMap;

use super::ink::Ink;
use super::plane::Plane;
use super::rect::{Rect, joined};
use super::region::Region;
use super::tile::Tile;

/// Tiles as they were before a command, by slice and number: each is copied once, before its first change, so that a
/// stroke costs what it covers however many events it has.
pub(super) type Before = BTreeMap<(usize, usize), Tile>;

/// Writes into one slice and records.
pub(super) struct Pen<'a> {
    plane: &'a mut Plane,
    slice: usize,
    before: &'a mut Before,
    changed: Option<Rect>,
}

impl<'a> Pen<'a> {
    pub(super) fn new(plane: &'a mut Plane, slice: usize, before: &'a mut Before) -> Self {
        Self { plane, slice, before, changed: None }
    }

    /// Changes the pixels of `rect` that lie in the plane.
    pub(super) fn fill(&mut self, rect: Rect, ink: Ink) {
        for index in self.plane.grid().touched(rect) {
            let place = self.plane.grid().place(index);
            let part = place.clipped(&rect);
            let part = Rect { x: part.x - place.x, y: part.y - place.y, ..part };
            let tile = &self.plane.tiles()[index];
            let Some(affected) = tile.affected(part, place.width, ink) else { continue };
            self.before.entry((self.slice, index)).or_insert_with(|| tile.clone());
            self.plane.fill(index, affected, ink);
            let affected = Rect { x: affected.x + place.x, y: affected.y + place.y, ..affected };
            self.changed = joined(self.changed, Some(affected));
        }
    }

    /// Changes the pixels of `region`.
    pub(super) fn fill_region(&mut self, region: &Region, ink: Ink) {
        if region.is_rect() {
            return self.fill(region.rect(), ink);
        }
        for y in region.rect().clipped(&self.plane.grid().bounds()).rows() {
            for columns in region.spans(y) {
                self.fill(Rect::of(columns, y..y + 1), ink);
            }
        }
    }

    /// The plane as it is now.
    pub(super) fn plane(&self) -> &Plane {
        self.plane
    }

    /// The smallest rectangle around what it changed.
    pub(super) fn changed(&self) -> Option<Rect> {
        self.changed
    }
}
