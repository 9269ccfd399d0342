//! The unit of change: a rectangle of pixels, and the slice that it lies in.

use std::ops::Range;

/// A rectangle of pixels. One without width or height holds no pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rect {
    /// First column.
    pub x: usize,
    /// First row.
    pub y: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// A rectangle of one slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Area {
    /// The slice, from 0.
    pub slice: usize,
    pub rect: Rect,
}

impl Rect {
    /// The rectangle of `width` x `height` pixels whose first pixel is (`x`, `y`).
    pub fn new(x: usize, y: usize, width: usize, height: usize) -> Self {
        Self { x, y, width, height }
    }

    /// The columns and rows of these ranges.
    pub(super) fn of(columns: Range<usize>, rows: Range<usize>) -> Self {
        Self::new(columns.start, rows.start, columns.len(), rows.len())
    }

    /// Columns.
    pub fn columns(&self) -> Range<usize> {
        self.x..self.x.saturating_add(self.width)
    }

    /// Rows.
    pub fn rows(&self) -> Range<usize> {
        self.y..self.y.saturating_add(self.height)
    }

    /// Pixels.
    pub fn area(&self) -> usize {
        self.width.saturating_mul(self.height)
    }

    /// Whether it holds no pixel.
    pub fn is_empty(&self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// Whether pixel (`x`, `y`) lies in it.
    pub fn contains(&self, x: usize, y: usize) -> bool {
        self.columns().contains(&x) && self.rows().contains(&y)
    }

    /// The part that lies in `other` too; may be empty.
    pub fn clipped(&self, other: &Rect) -> Rect {
        let part = |a: Range<usize>, b: Range<usize>| {
            let start = a.start.max(b.start);
            start..a.end.min(b.end).max(start)
        };
        Rect::of(part(self.columns(), other.columns()), part(self.rows(), other.rows()))
    }

    /// The smallest rectangle that holds both; an empty one adds nothing.
    pub fn union(&self, other: &Rect) -> Rect {
        if self.is_empty() {
            return *other;
        }
        if other.is_empty() {
            return *self;
        }
        let hull = |a: Range<usize>, b: Range<usize>| a.start.min(b.start)..a.end.max(b.end);
        Rect::of(hull(self.columns(), other.columns()), hull(self.rows(), other.rows()))
    }

    /// It, grown by `pixels` to all sides, where the image has room.
    pub(super) fn grown(&self, pixels: usize) -> Rect {
        let grow = |r: Range<usize>| r.start.saturating_sub(pixels)..r.end.saturating_add(pixels);
        Rect::of(grow(self.columns()), grow(self.rows()))
    }
}

/// `a` with `b` added to it.
pub(super) fn joined(a: Option<Rect>, b: Option<Rect>) -> Option<Rect> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.union(&b)),
        (a, b) => a.or(b),
    }
}

/// The pixels of `0..n` whose centres lie in `low..=high`.
pub(super) fn centres(low: f64, high: f64, n: usize) -> Range<usize> {
    // Casts saturate, so places far outside become the image's edges.
    let start = ((low - 0.5).ceil().max(0.0) as usize).min(n);
    let end = (((high - 0.5).floor() + 1.0).max(0.0) as usize).min(n);
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_that_do_not_meet_share_no_pixel_and_have_a_hull() {
        let (a, b) = (Rect::new(1, 2, 3, 4), Rect::new(10, 0, 2, 1));
        assert!(a.clipped(&b).is_empty());
        assert_eq!(a.union(&b), Rect::new(1, 0, 11, 6));
        assert_eq!(a.union(&Rect::new(90, 90, 0, 5)), a);
        assert_eq!(a.clipped(&Rect::new(2, 0, 100, 3)), Rect::new(2, 2, 2, 1));
    }

    #[test]
    fn rectangles_at_the_end_of_the_numbers_do_not_wrap() {
        let far = Rect::new(usize::MAX - 1, usize::MAX, 9, 9);
        assert!(far.clipped(&Rect::new(0, 0, 5, 5)).is_empty());
        assert!(!far.contains(3, 3));
        assert_eq!(Rect::new(0, 0, usize::MAX, usize::MAX).area(), usize::MAX);
    }

    #[test]
    fn a_pixel_belongs_to_an_interval_when_its_centre_does() {
        assert_eq!(centres(0.5, 2.5, 9), 0..3);
        assert_eq!(centres(0.51, 2.49, 9), 1..2);
        assert_eq!(centres(-1e300, 1e300, 9), 0..9);
        assert!(centres(20.0, 30.0, 9).is_empty());
        assert!(centres(3.0, 1.0, 9).is_empty());
    }
}
