//! Polygons to pixels, row by row (Wylie et al. 1967), by the even-odd rule.

use std::ops::Range;

use super::rect::Rect;
use super::region::Region;
use crate::error::{Error, Result};
use crate::scan::Limits;
use crate::sorting::sort_by_key;

/// A place in an image, in pixels from its upper left corner; the first pixel covers 0..1 along both axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// An edge that crosses at least the lines `rows`, from its upper end down.
struct Edge {
    rows: Range<usize>,
    top: Point,
    /// Columns for each row down.
    slope: f64,
}

impl Region {
    /// Corners of a polygon, at most.
    pub const MAX_CORNERS: usize = 1 << 20;

    /// The pixels of `within` whose centres lie inside a polygon; the last corner is joined to the first.
    ///
    /// Where the outline crosses itself the even-odd rule decides, as in ImageJ and a canvas's `fill('evenodd')`: what
    /// it surrounds twice is outside. A centre on a left or upper edge is inside and one on a right or lower edge is
    /// not, so that polygons that share an edge neither overlap nor leave a gap.
    ///
    /// # Errors
    /// `label.polygon` for fewer than 3 corners, for more than [`MAX_CORNERS`](Self::MAX_CORNERS), and for corners
    /// that are not numbers or farther than 10 million pixels from the image; `label.limit.pixels` if it is larger, within `within`,
    /// than an image can be.
    pub fn polygon(corners: &[Point], within: Rect) -> Result<Region> {
        if !(3..=Self::MAX_CORNERS).contains(&corners.len()) {
            return Err(Error::invalid(
                "label.polygon",
                format!(
                    "A polygon needs 3 corners or more, at most {}; this one has {}.",
                    Self::MAX_CORNERS,
                    corners.len()
                ),
            ));
        }
        if corners.iter().any(|p| !(p.x.abs() <= 1e7 && p.y.abs() <= 1e7)) {
            return Err(Error::invalid(
                "label.polygon",
                "A corner of this polygon is not a place in the image.",
            ));
        }
        let mut waiting: Vec<Edge> = (0..corners.len())
            .filter_map(|i| Edge::between(corners[i], corners[(i + 1) % corners.len()], within.rows()))
            .collect();
        let rows = waiting.iter().map(|e| e.rows.start).min().unwrap_or(within.y)
            ..waiting.iter().map(|e| e.rows.end).max().unwrap_or(within.y);
        let columns = columns(corners, within);
        let around = Rect::of(columns.clone(), rows.clone());
        if around.area() as u64 > Limits::default().pixels {
            return Err(Error::limit("label.limit.pixels", "This polygon is larger than any image can be."));
        }
        let mut region = Region::empty(around);
        // The next to start is the last.
        sort_by_key(&mut waiting, |edge| std::cmp::Reverse(edge.rows.start));
        let mut active: Vec<Edge> = Vec::new();
        let mut crossings = Vec::new();
        for y in rows {
            active.retain(|edge| edge.rows.contains(&y));
            while waiting.last().is_some_and(|edge| edge.rows.start <= y) {
                active.extend(waiting.pop());
            }
            crossings.clear();
            crossings.extend(active.iter().map(|edge| edge.at(y)));
            crossings.sort_unstable_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                let run = first_centre(pair[0], &columns)..first_centre(pair[1], &columns);
                if !run.is_empty() {
                    region.insert_run(run, y);
                }
            }
        }
        Ok(region)
    }
}

impl Edge {
    /// The edge between two corners, unless no line through pixel centres of these rows crosses it.
    fn between(a: Point, b: Point, rows: Range<usize>) -> Option<Self> {
        // Always from the upper end, so that both polygons at a shared edge compute the same crossings.
        let (top, bottom) = if a.y <= b.y { (a, b) } else { (b, a) };
        let crossed = first_centre(top.y, &rows)..first_centre(bottom.y, &rows);
        (!crossed.is_empty()).then(|| Self {
            rows: crossed,
            top,
            slope: (bottom.x - top.x) / (bottom.y - top.y),
        })
    }

    /// Where it crosses the line through the centres of row `y`.
    fn at(&self, y: usize) -> f64 {
        self.top.x + (y as f64 + 0.5 - self.top.y) * self.slope
    }
}

/// The columns of `within` that the corners lie between.
fn columns(corners: &[Point], within: Rect) -> Range<usize> {
    let left = corners.iter().map(|p| p.x).fold(f64::INFINITY, f64::min);
    let right = corners.iter().map(|p| p.x).fold(f64::NEG_INFINITY, f64::max);
    // One more to either side: crossings are rounded.
    first_centre(left - 1.0, &within.columns())..first_centre(right + 1.0, &within.columns())
}

/// The first of these pixels whose centre is not before `place`; their end if there is none.
fn first_centre(place: f64, pixels: &Range<usize>) -> usize {
    ((place - 0.5).ceil().max(0.0) as usize).clamp(pixels.start, pixels.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(not(target_arch = "wasm32"))]
    use proptest::prelude::*;

    const IMAGE: Rect = Rect { x: 0, y: 0, width: 24, height: 20 };

    fn points(corners: &[(f64, f64)]) -> Vec<Point> {
        corners.iter().map(|(x, y)| Point { x: *x, y: *y }).collect()
    }

    fn pixels(region: &Region) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        for y in 0..IMAGE.height {
            all.extend(region.spans(y).flatten().map(|x| (x, y)));
        }
        all
    }

    #[test]
    fn a_rectangle_along_pixel_edges_is_its_pixels() {
        let region =
            Region::polygon(&points(&[(2.0, 1.0), (5.0, 1.0), (5.0, 3.0), (2.0, 3.0)]), IMAGE).unwrap();
        assert_eq!(pixels(&region), [(2, 1), (3, 1), (4, 1), (2, 2), (3, 2), (4, 2)]);
    }

    #[test]
    fn polygons_that_share_edges_through_pixel_centres_share_no_pixel_and_leave_no_gap() {
        let corners = [(0.5, 0.5), (8.5, 0.5), (8.5, 8.5), (0.5, 8.5)];
        let middle = (3.5, 4.5);
        let mut all = Vec::new();
        for i in 0..4 {
            let triangle = points(&[corners[i], corners[(i + 1) % 4], middle]);
            all.extend(pixels(&Region::polygon(&triangle, IMAGE).unwrap()));
        }
        all.sort_unstable();
        let mut square = pixels(&Region::polygon(&points(&corners), IMAGE).unwrap());
        square.sort_unstable();
        assert_eq!(square.len(), 64);
        assert_eq!(all, square);
    }

    #[test]
    fn what_is_surrounded_twice_is_outside() {
        let twice = [
            (1.0, 1.0),
            (9.0, 1.0),
            (9.0, 9.0),
            (1.0, 9.0),
            (1.0, 1.0),
            (3.0, 3.0),
            (6.0, 3.0),
            (6.0, 6.0),
            (3.0, 6.0),
            (3.0, 3.0),
        ];
        let region = Region::polygon(&points(&twice), IMAGE).unwrap();
        assert!(region.contains(2, 4) && !region.contains(4, 4) && region.contains(7, 4));
        assert_eq!(region.area(), 64 - 9);
    }

    #[test]
    fn corners_outside_the_image_are_cut_off() {
        let huge = points(&[(-9e6, -9e6), (9e6, -9e6), (9e6, 9e6), (-9e6, 9e6)]);
        assert_eq!(Region::polygon(&huge, IMAGE).unwrap().area(), IMAGE.area());
        let nowhere_cut = Region::polygon(&huge, Rect::new(0, 0, usize::MAX, usize::MAX));
        assert_eq!(nowhere_cut.unwrap_err().code(), "label.limit.pixels");
        let away = points(&[(-9.0, -9.0), (-2.0, -9.0), (-2.0, -3.0)]);
        assert_eq!(Region::polygon(&away, IMAGE).unwrap().area(), 0);
        let part = Rect::new(5, 6, 3, 2);
        assert_eq!(Region::polygon(&huge, part).unwrap().area(), 6);
    }

    #[test]
    fn what_is_no_polygon_is_refused() {
        for corners in [
            points(&[]),
            points(&[(1.0, 1.0), (2.0, 2.0)]),
            points(&[(1.0, 1.0), (2.0, 2.0), (f64::NAN, 1.0)]),
            points(&[(1.0, 1.0), (2.0, 2.0), (1.0, f64::NEG_INFINITY)]),
        ] {
            assert_eq!(Region::polygon(&corners, IMAGE).unwrap_err().code(), "label.polygon");
        }
        assert_eq!(Region::polygon(&points(&[(4.0, 4.0); 3]), IMAGE).unwrap().area(), 0);
    }

    /// Whether a ray from the point to the right crosses the outline an odd number of times, and how near an edge is.
    #[cfg(not(target_arch = "wasm32"))]
    fn inside(x: f64, y: f64, corners: &[Point]) -> (bool, f64) {
        let (mut odd, mut nearest) = (false, f64::INFINITY);
        for (i, a) in corners.iter().enumerate() {
            let b = corners[(i + 1) % corners.len()];
            let (dx, dy) = (b.x - a.x, b.y - a.y);
            let t = (((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy).max(1e-300)).clamp(0.0, 1.0);
            nearest = nearest.min((x - a.x - t * dx).hypot(y - a.y - t * dy));
            // The turn from a to b as seen from the point tells on which side of it the edge passes.
            let turn = (a.x - x) * (b.y - y) - (b.x - x) * (a.y - y);
            odd ^= (a.y > y) != (b.y > y) && (turn > 0.0) == (b.y > a.y);
        }
        (odd, nearest)
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest! {
        #[test]
        fn a_pixel_belongs_to_a_polygon_when_its_centre_does(
            corners in prop::collection::vec((-6.0..30.0f64, -6.0..26.0f64), 3..12),
        ) {
            let corners = points(&corners);
            let region = Region::polygon(&corners, IMAGE).unwrap();
            for y in 0..IMAGE.height {
                for x in 0..IMAGE.width {
                    let (inside, near) = inside(x as f64 + 0.5, y as f64 + 0.5, &corners);
                    if near > 1e-9 {
                        prop_assert_eq!(region.contains(x, y), inside, "({}, {})", x, y);
                    }
                }
            }
        }

        #[test]
        fn half_pixel_corners_split_the_plane_without_gap_or_overlap(
            corners in prop::collection::vec((0i32..48, 0i32..40), 3..9),
            cut in (0i32..48, 0i32..40),
        ) {
            // A polygon is the symmetric difference of the triangles from any point to its edges.
            let place = |p: &(i32, i32)| Point { x: f64::from(p.0) / 2.0, y: f64::from(p.1) / 2.0 };
            let whole: Vec<Point> = corners.iter().map(place).collect();
            let mut odd = std::collections::BTreeSet::new();
            for i in 0..whole.len() {
                let triangle = [whole[i], whole[(i + 1) % whole.len()], place(&cut)];
                for pixel in pixels(&Region::polygon(&triangle, IMAGE).unwrap()) {
                    if !odd.remove(&pixel) {
                        odd.insert(pixel);
                    }
                }
            }
            let mut whole = pixels(&Region::polygon(&whole, IMAGE).unwrap());
            whole.sort_unstable();
            prop_assert_eq!(odd.into_iter().collect::<Vec<_>>(), whole);
        }
    }
}
