//! Brush and eraser: a disc that moves along a line and may change its size on the way.

use std::ops::Range;

use super::rect::{Rect, centres};
use crate::error::{Error, Result};

/// Where the brush was at one report of the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dab {
    /// Pixels from the left edge of the image; the first pixel covers 0..1.
    pub x: f64,
    /// Pixels from the upper edge.
    pub y: f64,
    /// Radius, pixels; less than half a pixel counts as half a pixel.
    pub radius: f64,
}

impl Dab {
    /// Largest radius, pixels.
    pub const MAX_RADIUS: f64 = 10_000.0;

    /// Farthest place on either side of the image's upper left corner, pixels.
    const MAX_PLACE: f64 = 1e7;

    fn checked(self) -> Result<Self> {
        let near = |v: f64| v.abs() <= Self::MAX_PLACE;
        if !near(self.x) || !near(self.y) || !(0.0..=Self::MAX_RADIUS).contains(&self.radius) {
            return Err(Error::invalid(
                "label.brush",
                format!(
                    "A brush of radius {} cannot paint at ({}, {}): radii run from 0 to {} pixels, and places are pixels of the image.",
                    self.radius,
                    self.x,
                    self.y,
                    Self::MAX_RADIUS
                ),
            ));
        }
        Ok(Self { radius: self.radius.max(0.5), ..self })
    }

    /// Where its disc meets the line of height `y`.
    fn chord(&self, y: f64) -> Option<(f64, f64)> {
        let square = self.radius * self.radius - (y - self.y) * (y - self.y);
        (square >= 0.0).then(|| (self.x - square.sqrt(), self.x + square.sqrt()))
    }
}

/// The pixels of `bounds` under a brush that moved from `from` to `to`, as runs `(columns, row)`: those whose centres
/// lie in the union of all discs between the two (the convex hull of both, or the larger if it holds the other), and
/// those that the two ends lie in. A run may be told twice.
pub(super) fn brush(
    from: Dab,
    to: Dab,
    bounds: Rect,
    mut run: impl FnMut(Range<usize>, usize),
) -> Result<()> {
    let (from, to) = (from.checked()?, to.checked()?);
    let sides = sides(from, to);
    let top = (from.y - from.radius).min(to.y - to.radius);
    let bottom = (from.y + from.radius).max(to.y + to.radius);
    for y in centres(top, bottom, bounds.height) {
        let line = y as f64 + 0.5;
        let chord = [from.chord(line), to.chord(line), sides.and_then(|s| crossing(&s, line))];
        // The hull is convex, so on a line it is one run.
        let hull = chord.into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let columns = hull.map_or(0..0, |(left, right)| centres(left, right, bounds.width));
        if !columns.is_empty() {
            run(columns, y);
        }
    }
    for end in [from, to] {
        if end.x >= 0.0 && end.y >= 0.0 && bounds.contains(end.x as usize, end.y as usize) {
            run(end.x as usize..end.x as usize + 1, end.y as usize);
        }
    }
    Ok(())
}

/// The four points where the common outer tangents touch the two discs, in order around; `None` if one disc holds
/// the other.
fn sides(from: Dab, to: Dab) -> Option<[(f64, f64); 4]> {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy);
    let shrink = from.radius - to.radius;
    if length <= shrink.abs() {
        return None;
    }
    // The unit vector along, turned until the tangent stands at right angles to it.
    let (ux, uy, sine) = (dx / length, dy / length, shrink / length);
    let cosine = (1.0 - sine * sine).sqrt();
    let point = |dab: Dab, side: f64| {
        (
            dab.x + dab.radius * (ux * sine - side * uy * cosine),
            dab.y + dab.radius * (uy * sine + side * ux * cosine),
        )
    };
    Some([point(from, 1.0), point(to, 1.0), point(to, -1.0), point(from, -1.0)])
}

/// Where a convex polygon meets the line of height `y`.
fn crossing(corners: &[(f64, f64); 4], y: f64) -> Option<(f64, f64)> {
    let mut hull: Option<(f64, f64)> = None;
    for (i, a) in corners.iter().enumerate() {
        let b = corners[(i + 1) % corners.len()];
        if (a.1 > y) == (b.1 > y) {
            continue;
        }
        let x = a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0);
        hull = Some(hull.map_or((x, x), |(left, right)| (left.min(x), right.max(x))));
    }
    hull
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    #[cfg(not(target_arch = "wasm32"))]
    use proptest::prelude::*;

    const WIDTH: usize = 30;
    const HEIGHT: usize = 24;

    fn painted(from: Dab, to: Dab) -> Vec<bool> {
        let mut is = vec![false; WIDTH * HEIGHT];
        brush(from, to, Rect::new(0, 0, WIDTH, HEIGHT), |columns, y| {
            columns.for_each(|x| is[y * WIDTH + x] = true);
        })
        .unwrap();
        is
    }

    #[test]
    fn the_smallest_brush_paints_the_pixel_under_the_pointer() {
        for (x, y) in [(3.0, 4.0), (3.01, 4.99), (3.5, 4.5), (3.99, 4.0)] {
            let dab = Dab { x, y, radius: 0.0 };
            let is = painted(dab, dab);
            assert_eq!(is.iter().filter(|is| **is).count(), 1);
            assert!(is[4 * WIDTH + 3]);
        }
    }

    #[test]
    fn small_brushes_on_a_pixels_centre_are_a_cross_and_a_square() {
        let dab = Dab { x: 5.5, y: 5.5, radius: 1.5 };
        assert_eq!(painted(dab, dab).iter().filter(|is| **is).count(), 9);
        let dab = Dab { radius: 1.2, ..dab };
        assert_eq!(painted(dab, dab).iter().filter(|is| **is).count(), 5);
    }

    #[test]
    fn places_outside_the_image_paint_what_reaches_into_it() {
        let (from, to) = (Dab { x: -50.0, y: 3.5, radius: 1.0 }, Dab { x: 900.0, y: 3.5, radius: 1.0 });
        let is = painted(from, to);
        assert_eq!(is.iter().filter(|is| **is).count(), 3 * WIDTH);
        let outside = Dab { x: -5.0, y: -5.0, radius: 3.0 };
        assert!(painted(outside, outside).iter().all(|is| !is));
    }

    #[test]
    fn numbers_that_are_no_places_are_refused() {
        let good = Dab { x: 1.0, y: 1.0, radius: 1.0 };
        for bad in [
            Dab { x: f64::NAN, ..good },
            Dab { y: f64::INFINITY, ..good },
            Dab { x: 1e300, ..good },
            Dab { radius: -1.0, ..good },
            Dab { radius: f64::NAN, ..good },
            Dab { radius: 1e9, ..good },
        ] {
            for (from, to) in [(good, bad), (bad, good)] {
                let error = brush(from, to, Rect::new(0, 0, 9, 9), |_, _| panic!("painted")).unwrap_err();
                assert_eq!((error.kind(), error.code()), (Kind::Invalid, "label.brush"));
            }
        }
    }

    /// How far (`x`, `y`) lies outside all discs between the two, by looking for the nearest of them.
    #[cfg(not(target_arch = "wasm32"))]
    fn outside(x: f64, y: f64, from: Dab, to: Dab) -> f64 {
        let at = |t: f64| {
            let (cx, cy) = (from.x + t * (to.x - from.x), from.y + t * (to.y - from.y));
            (x - cx).hypot(y - cy) - (from.radius + t * (to.radius - from.radius))
        };
        // Convex in t, so thirds close in on the least.
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..80 {
            let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if at(a) < at(b) { high = b } else { low = a }
        }
        at(low).min(at(0.0)).min(at(1.0))
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn dab() -> impl Strategy<Value = Dab> {
        // Also places on pixel centres and corners, and brushes smaller than a pixel.
        let place = || prop_oneof![-5.0..35.0f64, (-8i32..64).prop_map(|v| f64::from(v) / 2.0)];
        let radius = prop_oneof![0.5..9.0f64, (1i32..18).prop_map(|v| f64::from(v) / 2.0)];
        (place(), place(), radius).prop_map(|(x, y, radius)| Dab { x, y, radius })
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest! {
        #[test]
        fn a_pixel_is_painted_when_its_centre_lies_under_the_brush(from in dab(), to in dab()) {
            let is = painted(from, to);
            for y in 0..HEIGHT {
                for x in 0..WIDTH {
                    let under = [from, to].iter().any(|d| d.x.floor() == x as f64 && d.y.floor() == y as f64);
                    let far = outside(x as f64 + 0.5, y as f64 + 0.5, from, to);
                    // On the rim itself rounding decides.
                    if far.abs() > 1e-6 {
                        prop_assert_eq!(is[y * WIDTH + x], far < 0.0 || under, "({}, {}): {}", x, y, far);
                    }
                }
            }
        }
    }
}
