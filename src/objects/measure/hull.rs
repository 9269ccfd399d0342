//! The convex hull of an object's pixels, and what is measured of it.

use serde::Serialize;

use super::Region;

/// A point of the grid of half pixels: twice the column, twice the row.
type Point = [i64; 2];

/// The longest distance between two points of the convex hull's border.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Feret {
    /// Pixels.
    pub length: f64,
    /// `[x, y]` of both ends.
    pub ends: [[f64; 2]; 2],
}

/// The convex hull of the middles of all pixels' edges, as pixels: those whose middle lies in it or on its border
/// (scikit-image's `convex_hull_image`).
pub struct Hull {
    /// First and last column of each row, from the top one on.
    rows: Vec<(i64, i64)>,
    top: i64,
}

impl Hull {
    pub fn around(region: &Region) -> Self {
        // The first and the last pixel of a row hold all corners of the hull.
        let mut ends: Vec<(i64, i64, i64)> = Vec::new();
        for (y, from, to) in region.runs() {
            let (y, from, last) = (y as i64, from as i64, to as i64 - 1);
            match ends.last_mut() {
                Some((row, _, right)) if *row == y => *right = last,
                _ => ends.push((y, from, last)),
            }
        }
        let diamond = |x: i64, y: i64| {
            let (x, y) = (2 * x, 2 * y);
            [[x - 1, y], [x + 1, y], [x, y - 1], [x, y + 1]]
        };
        let points = ends.iter().flat_map(|(y, left, right)| [diamond(*left, *y), diamond(*right, *y)]);
        let corners = convex(points.flatten().collect());
        let (top, bottom) = (region.bounds.top as i64, region.bounds.bottom as i64);
        let rows = (top..bottom).map(|y| columns(&corners, y)).collect();
        Self { rows, top }
    }

    /// Pixels.
    pub fn area(&self) -> usize {
        self.rows.iter().map(|(left, right)| (right - left + 1).max(0) as usize).sum()
    }

    /// The longest distance between middles of edges of its pixels that border on the outside (scikit-image's
    /// `feret_diameter_max`: points of the contour at one half).
    pub fn feret(&self) -> Feret {
        let mut points = Vec::with_capacity(4 * self.rows.len());
        for (i, (left, right)) in self.rows.iter().enumerate() {
            if left > right {
                continue;
            }
            let y = 2 * (self.top + i as i64);
            points.extend([[2 * left - 1, y], [2 * right + 1, y]]);
            // Upper and lower edges of what the next row does not cover: their ends are enough.
            let mut edges = |other: Option<&(i64, i64)>, y: i64| {
                let (from, to) = other.copied().unwrap_or((i64::MAX, i64::MAX));
                let free = |x: i64| x < from || x > to;
                points.extend([*left, *right].into_iter().filter(|x| free(*x)).map(|x| [2 * x, y]));
            };
            edges(i.checked_sub(1).and_then(|i| self.rows.get(i)), y - 1);
            edges(self.rows.get(i + 1), y + 1);
        }
        let corners = convex(points);
        let away = |a: Point, b: Point| (a[0] - b[0]).pow(2) + (a[1] - b[1]).pow(2);
        let (mut longest, mut ends) = (-1, [[0; 2]; 2]);
        for (i, a) in corners.iter().enumerate() {
            for b in &corners[..=i] {
                if away(*a, *b) > longest {
                    (longest, ends) = (away(*a, *b), [*b, *a]);
                }
            }
        }
        let point = |p: Point| p.map(|v| v as f64 / 2.0);
        Feret { length: (longest.max(0) as f64).sqrt() / 2.0, ends: ends.map(point) }
    }
}

/// Corners of the convex hull, none of them between two others (Andrew 1979, Information Processing Letters 9:216).
fn convex(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_unstable();
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut corners: Vec<Point> = Vec::new();
    let backwards = points.clone().into_iter().rev();
    for half in [points.into_iter().collect::<Vec<_>>(), backwards.collect()] {
        let begin = corners.len();
        for point in half {
            while let [.., a, b] = corners[begin..] {
                if turn(a, b, point) > 0 {
                    break;
                }
                corners.pop();
            }
            corners.push(point);
        }
        // The last one is the first of the other half.
        corners.pop();
    }
    corners
}

/// Above 0 where `a`, `b`, `c` turn from the axis of columns towards that of rows.
fn turn(a: Point, b: Point, c: Point) -> i64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// First and last column of a row whose pixels' middles lie in the polygon or on its border.
fn columns(corners: &[Point], y: i64) -> (i64, i64) {
    let y = 2 * y;
    let (mut left, mut right) = (i64::MAX, i64::MIN);
    let ends = corners.iter().cycle().skip(1);
    for (a, b) in corners.iter().zip(ends) {
        if y < a[1].min(b[1]) || y > a[1].max(b[1]) {
            continue;
        }
        if a[1] == b[1] {
            left = left.min(up(a[0].min(b[0]), 2));
            right = right.max(a[0].max(b[0]).div_euclid(2));
            continue;
        }
        // x = numerator / denominator, in half pixels.
        let denominator = (b[1] - a[1]).abs();
        let numerator = a[0] * denominator + (y - a[1]) * (b[1] - a[1]).signum() * (b[0] - a[0]);
        left = left.min(up(numerator, 2 * denominator));
        right = right.max(numerator.div_euclid(2 * denominator));
    }
    (left, right)
}

/// Division, rounded up.
fn up(a: i64, b: i64) -> i64 {
    -(-a).div_euclid(b)
}
