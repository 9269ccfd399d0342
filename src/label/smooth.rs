//! Smoothing of ragged labels by the majority around each pixel.

use super::plane::Plane;
use super::rect::Rect;
use super::region::Region;
use crate::error::{Error, Result};

/// Largest radius, pixels.
pub(super) const MAX_RADIUS: usize = 32;

/// A majority filter over the labels as they were when it was made.
pub(super) struct Smoothing {
    bounds: Rect,
    /// The values of `seen`, where the discs around the region's pixels reach.
    values: Vec<u8>,
    seen: Rect,
    /// Columns that the disc reaches to either side, for each row from its centre outwards.
    reach: Vec<usize>,
    /// Values that occur at all.
    present: Vec<u8>,
}

impl Smoothing {
    /// A filter for the pixels of `region`.
    ///
    /// # Errors
    /// `label.smooth` if the radius is not 1 to [`MAX_RADIUS`] pixels.
    pub(super) fn new(plane: &Plane, region: &Region, radius: usize) -> Result<Self> {
        if !(1..=MAX_RADIUS).contains(&radius) {
            return Err(Error::invalid(
                "label.smooth",
                format!("The radius of smoothing is 1 to {MAX_RADIUS} pixels, not {radius}."),
            ));
        }
        let bounds = plane.grid().bounds();
        let seen = region.rect().clipped(&bounds).grown(radius).clipped(&bounds);
        let present = (0..=255).filter(|v| plane.counts()[usize::from(*v)] > 0).collect();
        Ok(Self { bounds, values: plane.read(seen), seen, reach: reach(radius), present })
    }

    /// Tells `change(x, y, value)` for each pixel of the region that is outvoted: `value` is the commonest among the
    /// pixels of the image whose centres are at most radius + 1/2 pixels away, itself too. "Not labelled" is a value
    /// like the others. The pixel's own value wins a draw, else the smallest does.
    ///
    /// Time grows with the pixels of the region times the radius.
    pub(super) fn each(&self, region: &Region, mut change: impl FnMut(usize, usize, u8)) {
        for y in region.rect().clipped(&self.bounds).rows() {
            for columns in region.spans(y) {
                let mut votes = [0i32; 256];
                for x in columns.start..columns.end.min(self.bounds.width) {
                    if x == columns.start {
                        self.count(x, y, &mut votes);
                    } else {
                        self.step(x, y, &mut votes);
                    }
                    let of = |value: u8| votes[usize::from(value)];
                    let most = self.present.iter().map(|v| of(*v)).max().unwrap_or(0);
                    if of(self.at(x, y)) < most
                        && let Some(value) = self.present.iter().find(|v| of(**v) == most)
                    {
                        change(x, y, *value);
                    }
                }
            }
        }
    }

    fn at(&self, x: usize, y: usize) -> u8 {
        self.values[(y - self.seen.y) * self.seen.width + x - self.seen.x]
    }

    /// The rows of the disc around row `y` that the image has, each with its reach.
    fn rows(&self, y: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let farthest = self.reach.len() - 1;
        let rows = y.saturating_sub(farthest).max(self.seen.y)..(y + farthest + 1).min(self.seen.rows().end);
        rows.map(move |row| (row, self.reach[row.abs_diff(y)]))
    }

    /// Counts the disc around (`x`, `y`).
    fn count(&self, x: usize, y: usize, votes: &mut [i32; 256]) {
        for (row, reach) in self.rows(y) {
            for column in
                x.saturating_sub(reach).max(self.seen.x)..(x + reach + 1).min(self.seen.columns().end)
            {
                votes[usize::from(self.at(column, row))] += 1;
            }
        }
    }

    /// Moves the count from (`x` - 1, `y`) to (`x`, `y`).
    fn step(&self, x: usize, y: usize, votes: &mut [i32; 256]) {
        for (row, reach) in self.rows(y) {
            if x + reach < self.seen.columns().end {
                votes[usize::from(self.at(x + reach, row))] += 1;
            }
            if let Some(left) = x.checked_sub(reach + 1).filter(|left| *left >= self.seen.x) {
                votes[usize::from(self.at(left, row))] -= 1;
            }
        }
    }
}

fn reach(radius: usize) -> Vec<usize> {
    let square = (radius as f64 + 0.5) * (radius as f64 + 0.5);
    (0..=radius).map(|dy| (square - (dy * dy) as f64).sqrt().floor() as usize).collect()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::super::ink::Ink;
    use super::super::pen::{Before, Pen};
    use super::super::plane::Grid;
    use super::super::polygon::Point;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn radii_that_do_nothing_or_take_for_ever_are_refused() {
        let plane = Plane::blank(Grid { width: 9, height: 9 });
        let region = Region::of(Rect::new(0, 0, 9, 9));
        for radius in [0, MAX_RADIUS + 1, usize::MAX] {
            assert_eq!(Smoothing::new(&plane, &region, radius).err().unwrap().code(), "label.smooth");
        }
    }

    proptest! {
        #[test]
        fn a_pixel_becomes_what_most_around_it_are(
            width in 1usize..80,
            values in prop::collection::vec(prop::sample::select(vec![0u8, 1, 2, 255]), 80..300),
            radius in 1usize..5,
            corners in prop::collection::vec((-4.0..84.0f64, -2.0..30.0f64), 3..6),
        ) {
            let grid = Grid { width, height: values.len() / width };
            let (mut plane, mut before) = (Plane::blank(grid), Before::new());
            let mut pen = Pen::new(&mut plane, 0, &mut before);
            for y in 0..grid.height {
                for x in 0..width {
                    pen.fill(Rect::new(x, y, 1, 1), Ink::new(values[y * width + x]));
                }
            }
            let corners: Vec<Point> = corners.into_iter().map(|(x, y)| Point { x, y }).collect();
            let region = Region::polygon(&corners, Rect::new(0, 0, width + 9, 40)).unwrap();
            let mut smooth = values.clone();
            Smoothing::new(&plane, &region, radius).unwrap().each(&region, |x, y, value| smooth[y * width + x] = value);
            for y in 0..grid.height {
                for x in 0..width {
                    let own = values[y * width + x];
                    let mut votes = [0; 256];
                    for v in 0..grid.height {
                        for u in 0..width {
                            if (u.abs_diff(x) as f64).hypot(v.abs_diff(y) as f64) <= radius as f64 + 0.5 {
                                votes[usize::from(values[v * width + u])] += 1;
                            }
                        }
                    }
                    let most = *votes.iter().max().unwrap();
                    let first = votes.iter().position(|n| *n == most).unwrap() as u8;
                    let outvoted = region.contains(x, y) && votes[usize::from(own)] < most;
                    prop_assert_eq!(smooth[y * width + x], if outvoted { first } else { own });
                }
            }
        }
    }
}
