//! The labels of one slice, in tiles.

use std::ops::Range;

use super::UNLABELLED;
use super::classes::Values;
use super::delta::Delta;
use super::ink::Ink;
use super::rect::Rect;
use super::tile::{SIDE, Tile};

/// How a plane is divided into tiles, numbered row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Grid {
    /// The whole plane.
    pub(super) fn bounds(&self) -> Rect {
        Rect::new(0, 0, self.width, self.height)
    }

    /// Number of tiles.
    pub(super) fn tiles(&self) -> usize {
        self.columns() * self.height.div_ceil(SIDE)
    }

    /// The pixels that tile `index` covers.
    pub(super) fn place(&self, index: usize) -> Rect {
        let (x, y) = (index % self.columns() * SIDE, index / self.columns() * SIDE);
        Rect::new(x, y, SIDE, SIDE).clipped(&self.bounds())
    }

    /// The tile that pixel (`x`, `y`) lies in.
    pub(super) fn tile_at(&self, x: usize, y: usize) -> usize {
        y / SIDE * self.columns() + x / SIDE
    }

    /// The tiles that share a pixel with `rect`, in order.
    pub(super) fn touched(&self, rect: Rect) -> impl Iterator<Item = usize> + use<> {
        let rect = rect.clipped(&self.bounds());
        let columns = self.columns();
        let over = |r: Range<usize>| if r.is_empty() { 0..0 } else { r.start / SIDE..r.end.div_ceil(SIDE) };
        let across = over(rect.columns());
        over(rect.rows()).flat_map(move |row| across.clone().map(move |column| row * columns + column))
    }

    /// Bytes of a plane besides the pixels of its tiles: the tiles and the counts.
    pub(super) fn plane_bytes(&self) -> usize {
        self.tiles() * size_of::<Tile>() + 256 * size_of::<u64>()
    }

    fn columns(&self) -> usize {
        self.width.div_ceil(SIDE)
    }
}

/// The values of one slice and how many pixels have which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plane {
    grid: Grid,
    tiles: Vec<Tile>,
    /// Pixels of each value.
    counts: Box<[u64; 256]>,
}

impl Plane {
    /// A plane that nobody painted on.
    pub(super) fn blank(grid: Grid) -> Self {
        let mut counts = Box::new([0; 256]);
        counts[usize::from(UNLABELLED)] = grid.bounds().area() as u64;
        Self { grid, tiles: vec![Tile::BLANK; grid.tiles()], counts }
    }

    /// Its size and its tiles.
    pub(super) fn grid(&self) -> Grid {
        self.grid
    }

    /// Pixels of each value.
    pub(super) fn counts(&self) -> &[u64; 256] {
        &self.counts
    }

    /// Whether nobody painted on it, or everything was taken away again.
    pub(super) fn is_blank(&self) -> bool {
        self.counts[usize::from(UNLABELLED)] == self.grid.bounds().area() as u64
    }

    /// All tiles in order.
    pub(super) fn tiles(&self) -> &[Tile] {
        &self.tiles
    }

    /// Changes the pixels of `part`, in the coordinates of tile `index`, as `ink` says.
    pub(super) fn fill(&mut self, index: usize, part: Rect, ink: Ink) {
        let place = self.grid.place(index);
        let Self { tiles, counts, .. } = self;
        tiles[index].fill(part, place.area(), place.width, ink, |old, pixels| {
            counts[usize::from(old)] -= pixels;
            counts[usize::from(ink.value)] += pixels;
        });
    }

    /// Puts `tile` in place of tile `index` and returns that.
    pub(super) fn replace(&mut self, index: usize, tile: Tile) -> Tile {
        let n = self.grid.place(index).area();
        let old = std::mem::replace(&mut self.tiles[index], tile);
        old.tally(n, |value, pixels| self.counts[usize::from(value)] -= pixels);
        self.tiles[index].tally(n, |value, pixels| self.counts[usize::from(value)] += pixels);
        old
    }

    /// Undoes or redoes a change of tile `index`.
    pub(super) fn apply(&mut self, index: usize, delta: &Delta) {
        let mut tile = self.tiles[index].clone();
        delta.apply(&mut tile, self.grid.place(index).area());
        self.replace(index, tile);
    }

    /// Gives every pixel of tile `index` the new value of its old one; returns the old tile if that changed anything.
    pub(super) fn remap(&mut self, index: usize, values: &Values) -> Option<Tile> {
        let mut tile = self.tiles[index].clone();
        match &mut tile {
            Tile::Solid(value) => *value = values[usize::from(*value)],
            Tile::Pixels(pixels) => pixels.iter_mut().for_each(|v| *v = values[usize::from(*v)]),
        }
        (tile != self.tiles[index]).then(|| self.replace(index, tile))
    }

    /// Makes tile `index` solid if it can be.
    pub(super) fn compact(&mut self, index: usize) {
        self.tiles[index].compact();
    }

    /// The value of pixel (`x`, `y`), which must lie inside.
    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        let index = self.grid.tile_at(x, y);
        let place = self.grid.place(index);
        self.tiles[index].at((y - place.y) * place.width + x - place.x)
    }

    /// The values of `rect`, which must lie inside, row by row.
    pub(super) fn read(&self, rect: Rect) -> Vec<u8> {
        let mut out = vec![UNLABELLED; rect.area()];
        for (y, to) in rect.rows().zip(out.chunks_exact_mut(rect.width.max(1))) {
            self.line(y, rect.x, to);
        }
        out
    }

    /// The values of a row from column `from` on, as many as `to` takes, which must lie inside.
    pub(super) fn line(&self, y: usize, from: usize, to: &mut [u8]) {
        let row = Rect::new(from, y, to.len(), 1);
        for index in self.grid.touched(row) {
            let place = self.grid.place(index);
            let part = place.clipped(&row);
            let to = &mut to[part.x - from..][..part.width];
            match &self.tiles[index] {
                Tile::Solid(value) => to.fill(*value),
                Tile::Pixels(values) => {
                    let first = (y - place.y) * place.width + part.x - place.x;
                    to.copy_from_slice(&values[first..first + part.width]);
                }
            }
        }
    }
}
