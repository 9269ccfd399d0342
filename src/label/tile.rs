//! A square of a plane: one value throughout, or a value for each pixel.

use super::UNLABELLED;
use super::ink::Ink;
use super::rect::Rect;

/// Pixels along a side of a tile; tiles at the right and lower edge of a plane are smaller.
pub(super) const SIDE: usize = 64;

/// The values of a tile. Between two commands a tile of one value is always [`Solid`](Tile::Solid), so that equal
/// planes compare equal and cost the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tile {
    /// Every pixel has this value.
    Solid(u8),
    /// Row by row, as many as the tile has.
    Pixels(Box<[u8]>),
}

impl Tile {
    /// A tile that nobody painted on.
    pub(super) const BLANK: Tile = Tile::Solid(UNLABELLED);

    /// The value of pixel `i`.
    pub(super) fn at(&self, i: usize) -> u8 {
        match self {
            Tile::Solid(value) => *value,
            Tile::Pixels(values) => values[i],
        }
    }

    /// Its `n` values, to be changed one by one.
    pub(super) fn pixels(&mut self, n: usize) -> &mut [u8] {
        if let Tile::Solid(value) = *self {
            *self = Tile::Pixels(vec![value; n].into());
        }
        match self {
            Tile::Pixels(values) => values,
            Tile::Solid(_) => &mut [],
        }
    }

    /// Becomes solid if all its values are the same.
    pub(super) fn compact(&mut self) {
        if let Tile::Pixels(values) = self
            && let Some(first) = values.first().copied()
            && values.iter().all(|v| *v == first)
        {
            *self = Tile::Solid(first);
        }
    }

    /// Tells how many of its `n` pixels have which value; a value may be told more than once.
    pub(super) fn tally(&self, n: usize, mut add: impl FnMut(u8, u64)) {
        match self {
            Tile::Solid(value) => add(*value, n as u64),
            Tile::Pixels(values) => values.iter().for_each(|value| add(*value, 1)),
        }
    }

    /// The smallest rectangle around the pixels of `part` that `ink` would change, in the tile's own coordinates;
    /// `width` is the tile's.
    pub(super) fn affected(&self, part: Rect, width: usize, ink: Ink) -> Option<Rect> {
        let values = match self {
            Tile::Solid(value) => return ink.changes(*value).then_some(part),
            Tile::Pixels(values) => values,
        };
        let mut around: Option<(usize, usize, usize, usize)> = None;
        for y in part.rows() {
            let row = &values[y * width..][part.columns()];
            let Some(first) = row.iter().position(|v| ink.changes(*v)) else { continue };
            let last = row.iter().rposition(|v| ink.changes(*v)).unwrap_or(first);
            let (left, right) = (part.x + first, part.x + last + 1);
            around = Some(match around {
                None => (left, right, y, y + 1),
                Some((l, r, top, _)) => (l.min(left), r.max(right), top, y + 1),
            });
        }
        around.map(|(left, right, top, bottom)| Rect::of(left..right, top..bottom))
    }

    /// Changes the pixels of `part` as `ink` says. `n` and `width` are the tile's number of pixels and of columns;
    /// `changed` is told of old values and how many pixels had them.
    pub(super) fn fill(
        &mut self,
        part: Rect,
        n: usize,
        width: usize,
        ink: Ink,
        mut changed: impl FnMut(u8, u64),
    ) {
        if let Tile::Solid(value) = *self
            && part.area() == n
        {
            if ink.changes(value) {
                changed(value, n as u64);
                *self = Tile::Solid(ink.value);
            }
            return;
        }
        let values = self.pixels(n);
        for y in part.rows() {
            for value in &mut values[y * width..][part.columns()] {
                if ink.changes(*value) {
                    changed(*value, 1);
                    *value = ink.value;
                }
            }
        }
    }
}
