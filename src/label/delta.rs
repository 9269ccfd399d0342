//! What a command changed in one tile, small and usable in both directions.

use super::rect::{Rect, joined};
use super::tile::Tile;

/// The old values of a tile exclusive-or its new ones: applied to either it gives the other.
#[derive(Clone, Debug)]
pub(super) enum Delta {
    /// From the first pixel on, row by row; pixels after the last run stay as they are.
    Runs(Box<[Run]>),
    /// One value for each pixel, where runs would be longer.
    Pixels(Box<[u8]>),
}

/// Pixels one after the other that change alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// Pixels; a tile has 4096 at most.
    pub(super) length: u16,
    /// What their values are combined with.
    pub(super) flip: u8,
}

impl Delta {
    /// The difference of two states of a tile of `n` pixels; `None` if there is none.
    pub(super) fn between(before: &Tile, after: &Tile, n: usize) -> Option<Self> {
        if let (Tile::Solid(a), Tile::Solid(b)) = (before, after) {
            return (a != b).then(|| Delta::Runs([Run { length: n as u16, flip: a ^ b }].into()));
        }
        let mut runs: Vec<Run> = Vec::new();
        for i in 0..n {
            let flip = before.at(i) ^ after.at(i);
            match runs.last_mut() {
                Some(run) if run.flip == flip => run.length += 1,
                _ => runs.push(Run { length: 1, flip }),
            }
        }
        if runs.last().is_some_and(|run| run.flip == 0) {
            runs.pop();
        }
        if runs.is_empty() {
            None
        } else if runs.len() * size_of::<Run>() > n {
            Some(Delta::Pixels((0..n).map(|i| before.at(i) ^ after.at(i)).collect()))
        } else {
            Some(Delta::Runs(runs.into()))
        }
    }

    /// Turns one state of a tile of `n` pixels into the other.
    pub(super) fn apply(&self, tile: &mut Tile, n: usize) {
        match (self, &mut *tile) {
            (Delta::Runs(runs), Tile::Solid(value))
                if runs.len() == 1 && usize::from(runs[0].length) == n =>
            {
                *value ^= runs[0].flip;
                return;
            }
            _ => {}
        }
        let values = tile.pixels(n);
        match self {
            Delta::Runs(runs) => {
                let mut rest = values;
                for run in runs {
                    let length = usize::from(run.length).min(rest.len());
                    let (these, others) = rest.split_at_mut(length);
                    these.iter_mut().for_each(|v| *v ^= run.flip);
                    rest = others;
                }
            }
            Delta::Pixels(flips) => values.iter_mut().zip(flips).for_each(|(v, flip)| *v ^= flip),
        }
        tile.compact();
    }

    /// The smallest rectangle around what changes, in the coordinates of a tile of `width` columns.
    pub(super) fn around(&self, width: usize) -> Option<Rect> {
        let mut around = None;
        let mut add = |from: usize, length: usize, flip: u8| {
            if flip == 0 || length == 0 {
                return;
            }
            let (top, bottom) = (from / width, (from + length - 1) / width);
            let columns =
                if top == bottom { from % width..(from + length - 1) % width + 1 } else { 0..width };
            around = joined(around, Some(Rect::of(columns, top..bottom + 1)));
        };
        match self {
            Delta::Runs(runs) => {
                let mut from = 0;
                for run in runs {
                    add(from, usize::from(run.length), run.flip);
                    from += usize::from(run.length);
                }
            }
            Delta::Pixels(flips) => flips.iter().enumerate().for_each(|(i, flip)| add(i, 1, *flip)),
        }
        around
    }

    /// Bytes that it holds outside of itself.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Delta::Runs(runs) => size_of_val(&**runs),
            Delta::Pixels(flips) => flips.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(not(target_arch = "wasm32"))]
    use proptest::prelude::*;

    #[test]
    fn no_difference_is_nothing_to_keep() {
        let same = Tile::Pixels([4, 4, 7].into());
        assert!(Delta::between(&same, &same, 3).is_none());
        assert!(Delta::between(&Tile::Solid(4), &Tile::Pixels([4, 4, 4].into()), 3).is_none());
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest! {
        #[test]
        fn it_leads_from_either_state_to_the_other_and_tells_where(
            width in 1usize..9,
            pixels in prop::collection::vec((0u8..3, 0u8..3), 8..60),
            (solid_before, solid_after) in any::<(bool, bool)>(),
        ) {
            let n = pixels.len() / width * width;
            let state = |solid: bool, pick: fn(&(u8, u8)) -> u8| {
                let mut tile = Tile::Pixels(pixels[..n].iter().map(pick).collect());
                if solid {
                    tile = Tile::Solid(pick(&pixels[0]));
                }
                tile.compact();
                tile
            };
            let (before, after) = (state(solid_before, |p| p.0), state(solid_after, |p| p.1));
            let differs: Vec<usize> = (0..n).filter(|i| before.at(*i) != after.at(*i)).collect();
            match Delta::between(&before, &after, n) {
                None => prop_assert!(differs.is_empty()),
                Some(delta) => {
                    let mut tile = before.clone();
                    delta.apply(&mut tile, n);
                    prop_assert_eq!(&tile, &after);
                    delta.apply(&mut tile, n);
                    prop_assert_eq!(&tile, &before);
                    let around = delta.around(width).unwrap();
                    prop_assert!(differs.iter().all(|i| around.contains(i % width, i / width)));
                    prop_assert!(delta.bytes() <= n.max(size_of::<Run>()));
                }
            }
        }
    }
}
