//! Pixels of a slice that a tool works on: a rectangle, a polygon, what a flood reached.

use std::ops::Range;

use super::rect::Rect;

/// A set of pixels inside a rectangle; one bit a pixel, none for the whole rectangle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    rect: Rect,
    /// Rows of 64-bit words, the first column in the lowest bit; `None`: every pixel of the rectangle.
    bits: Option<Vec<u64>>,
}

impl Region {
    /// Every pixel of `rect`.
    pub fn of(rect: Rect) -> Self {
        Self { rect, bits: None }
    }

    /// No pixel of `rect` yet.
    pub(super) fn empty(rect: Rect) -> Self {
        Self { rect, bits: Some(vec![0; words(rect.width).saturating_mul(rect.height)]) }
    }

    /// The rectangle that holds all its pixels; not always the smallest.
    pub fn rect(&self) -> Rect {
        self.rect
    }

    /// Whether it is all of [`rect`](Self::rect), by how it was made.
    pub(super) fn is_rect(&self) -> bool {
        self.bits.is_none()
    }

    /// Whether pixel (`x`, `y`) belongs to it.
    pub fn contains(&self, x: usize, y: usize) -> bool {
        self.rect.contains(x, y)
            && self.row(y).is_none_or(|row| row[(x - self.rect.x) / 64] >> ((x - self.rect.x) % 64) & 1 == 1)
    }

    /// Pixels.
    pub fn area(&self) -> usize {
        match &self.bits {
            None => self.rect.area(),
            Some(bits) => bits.iter().map(|word| word.count_ones() as usize).sum(),
        }
    }

    /// The runs of its pixels in row `y`, from left to right.
    pub fn spans(&self, y: usize) -> impl Iterator<Item = Range<usize>> + '_ {
        let inside = self.rect.rows().contains(&y);
        let row = if inside { self.row(y) } else { None };
        // Not the width: a rectangle may reach over the end of the numbers.
        let width = if inside { self.rect.columns().len() } else { 0 };
        let mut at = 0;
        std::iter::from_fn(move || {
            let start = next(row, at, width, true);
            at = next(row, start, width, false);
            (start < width).then(|| self.rect.x + start..self.rect.x + at)
        })
    }

    /// The pixels that belong to both.
    pub fn met(&self, other: &Region) -> Region {
        let rect = self.rect.clipped(&other.rect);
        if self.is_rect() && other.is_rect() {
            return Region::of(rect);
        }
        let mut both = Region::empty(rect);
        for y in rect.rows() {
            let mut theirs = other.spans(y).peekable();
            for ours in self.spans(y) {
                // Runs come from left to right: one that ends before ours is over for good.
                while theirs.next_if(|run| run.end <= ours.start).is_some() {}
                while let Some(run) = theirs.peek() {
                    let columns = run.start.max(ours.start)..run.end.min(ours.end);
                    if columns.is_empty() {
                        break;
                    }
                    both.insert_run(columns, y);
                    if run.end > ours.end {
                        break;
                    }
                    theirs.next();
                }
            }
        }
        both
    }

    /// Adds a pixel of the rectangle; false if it was there.
    pub(super) fn insert(&mut self, x: usize, y: usize) -> bool {
        let (x, y, words) = (x - self.rect.x, y - self.rect.y, words(self.rect.width));
        let Some(word) = self.bits.as_mut().and_then(|bits| bits.get_mut(y * words + x / 64)) else {
            return false;
        };
        let bit = 1 << (x % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Adds the pixels of row `y` in `columns`, all of the rectangle.
    pub(super) fn insert_run(&mut self, columns: Range<usize>, y: usize) {
        let (from, to) = (columns.start - self.rect.x, columns.end - self.rect.x);
        let (y, words) = (y - self.rect.y, words(self.rect.width));
        let Some(row) = self.bits.as_mut().map(|bits| &mut bits[y * words..][..words]) else { return };
        for (i, word) in row.iter_mut().enumerate().take(to.div_ceil(64)).skip(from / 64) {
            let below = |bit: usize| match bit.saturating_sub(i * 64) {
                64.. => u64::MAX,
                bit => (1 << bit) - 1,
            };
            *word |= below(to) & !below(from);
        }
    }

    /// The words of row `y` of the rectangle, if it has any.
    fn row(&self, y: usize) -> Option<&[u64]> {
        let words = words(self.rect.width);
        self.bits.as_deref().map(|bits| &bits[(y - self.rect.y) * words..][..words])
    }
}

fn words(width: usize) -> usize {
    width.div_ceil(64)
}

/// The first column from `from` on that belongs to the row (or does not), `width` if there is none.
fn next(row: Option<&[u64]>, from: usize, width: usize, belongs: bool) -> usize {
    let Some(row) = row else { return if belongs { from } else { width } };
    let mut at = from;
    while at < width {
        let word = if belongs { row[at / 64] } else { !row[at / 64] } >> (at % 64);
        if word != 0 {
            return width.min(at + word.trailing_zeros() as usize);
        }
        at = (at / 64 + 1) * 64;
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(not(target_arch = "wasm32"))]
    use proptest::prelude::*;

    #[test]
    fn a_rectangle_is_one_run_a_row() {
        let region = Region::of(Rect::new(3, 4, 200, 2));
        assert!(region.spans(5).eq(std::iter::once(3..203)));
        assert_eq!(region.spans(6).count() + region.spans(3).count(), 0);
        assert_eq!(region.area(), 400);
        assert_eq!(Region::of(Rect::new(3, 4, 0, 2)).spans(4).count(), 0);
        assert!(Region::of(Rect::new(3, 4, usize::MAX, 2)).spans(4).eq(std::iter::once(3..usize::MAX)));
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest! {
        #[test]
        fn a_run_is_its_pixels(width in 1usize..200, ends in (0usize..200, 0usize..200)) {
            let (from, to) = (ends.0.min(ends.1).min(width), ends.0.max(ends.1).min(width));
            let (mut run, mut pixels) = (Region::empty(Rect::new(7, 0, width, 1)), Region::empty(Rect::new(7, 0, width, 1)));
            run.insert_run(7 + from..7 + to, 0);
            (from..to).for_each(|x| assert!(pixels.insert(7 + x, 0)));
            prop_assert_eq!(run, pixels);
        }

        #[test]
        fn what_two_regions_share_belongs_to_both(
            places in prop::collection::vec((0usize..90, 0usize..4, 0u8..4), 0..400),
            whole in any::<bool>(),
        ) {
            let pick = |bit: u8, rect: Rect| {
                let mut region = Region::empty(rect);
                let these = places.iter().filter(|(x, y, bits)| bits & bit != 0 && rect.contains(*x, *y));
                these.for_each(|(x, y, _)| region.insert_run(*x..*x + 1, *y));
                region
            };
            let a = pick(1, Rect::new(0, 0, 80, 4));
            let b = if whole { Region::of(Rect::new(5, 1, 70, 9)) } else { pick(2, Rect::new(9, 1, 81, 3)) };
            let (met, other) = (a.met(&b), b.met(&a));
            for (x, y) in (0..95).flat_map(|x| (0..6).map(move |y| (x, y))) {
                prop_assert_eq!(met.contains(x, y), a.contains(x, y) && b.contains(x, y));
                prop_assert_eq!(other.contains(x, y), met.contains(x, y));
            }
        }

        #[test]
        fn runs_hold_the_pixels_that_were_added(
            width in 1usize..200,
            pixels in prop::collection::btree_set((0usize..200, 0usize..3), 0..300),
        ) {
            let mut region = Region::empty(Rect::new(10, 5, width, 3));
            let pixels: Vec<_> = pixels.into_iter().filter(|(x, _)| *x < width).collect();
            for (x, y) in &pixels {
                prop_assert!(region.insert(10 + x, 5 + y));
                prop_assert!(!region.insert(10 + x, 5 + y));
            }
            let mut found = Vec::new();
            for y in 0..9 {
                let runs: Vec<_> = region.spans(y).collect();
                prop_assert!(runs.windows(2).all(|w| w[0].end < w[1].start));
                found.extend(runs.into_iter().flatten().map(|x| (x - 10, y - 5)));
            }
            found.sort_unstable();
            prop_assert_eq!(&found, &pixels);
            prop_assert_eq!(region.area(), pixels.len());
            prop_assert!((0..230).all(|x| region.contains(x, 6) == pixels.contains(&(x.wrapping_sub(10), 1))));
        }
    }
}
