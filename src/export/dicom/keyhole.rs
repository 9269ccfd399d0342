//! A piece with holes as one closed line: each hole hangs on a line without width (PS3.3 C.8.8.6.3).

use crate::objects::Piece;
use crate::sorting::sort_by;

/// How far corners are drawn into the piece, in pixels: too little to matter for its area, and enough for programs that round to
/// whole pixels (OpenCV) to find the very pixels. It also parts rings that touch in a corner.
const INSET: f64 = 0.01;

/// The line, in pixels counted from the centre of the first one.
pub(super) fn line(piece: &Piece) -> Vec<[f64; 2]> {
    let mut line = inset(&piece.outer);
    let mut holes: Vec<Vec<[f64; 2]>> = piece.holes.iter().map(|hole| inset(hole)).collect();
    // From the left, so that what lies left of a hole belongs to the line already.
    for hole in &mut holes {
        let first = (0..hole.len()).fold(0, |least, i| if hole[i] < hole[least] { i } else { least });
        hole.rotate_left(first);
    }
    sort_by(&mut holes, |a, b| a[0].partial_cmp(&b[0]).unwrap_or(std::cmp::Ordering::Equal));
    for hole in holes {
        let first = hole[0];
        let (behind, at) = left_of(&line, first);
        let bridge = [at].into_iter().chain(hole).chain([first, at]);
        line.splice(behind + 1..behind + 1, bridge);
    }
    line
}

/// Corners moved to the inside, which is at the right hand, and from edges of pixels to their centres.
fn inset(ring: &[[u32; 2]]) -> Vec<[f64; 2]> {
    let n = ring.len();
    (0..n)
        .map(|i| {
            let [before, here, next] =
                [ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]].map(|c| c.map(f64::from));
            let sides = [[before, here], [here, next]].map(|[a, b]| {
                let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
                let sign = |v: f64| if v == 0.0 { 0.0 } else { v.signum() };
                [-sign(dy), sign(dx)]
            });
            [0, 1].map(|axis| here[axis] - 0.5 + INSET * (sides[0][axis] + sides[1][axis]))
        })
        .collect()
}

/// The edge of the line that a ray to the left meets first: the corner it begins at, and where. A hole that touches the outer ring in
/// its first corner has none, and hangs on the closest corner.
fn left_of(line: &[[f64; 2]], [x, y]: [f64; 2]) -> (usize, [f64; 2]) {
    let mut nearest: Option<(usize, f64)> = None;
    for (i, [x0, y0]) in line.iter().enumerate() {
        let [x1, y1] = line[(i + 1) % line.len()];
        let upright = (x0 - x1).abs() < 1e-9;
        if upright && y0.min(y1) <= y && y <= y0.max(y1) && *x0 < x && nearest.is_none_or(|(_, at)| *x0 > at)
        {
            nearest = Some((i, *x0));
        }
    }
    if let Some((behind, at)) = nearest {
        return (behind, [at, y]);
    }
    let distance = |i: usize| (line[i][0] - x).abs() + (line[i][1] - y).abs();
    let closest = (0..line.len()).fold(0, |best, i| if distance(i) < distance(best) { i } else { best });
    (closest, line[closest])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::objects::outlines;

    /// Whether a point lies within, by the even-odd rule, and how often the line winds around it.
    fn inside(line: &[[f64; 2]], [x, y]: [f64; 2]) -> (bool, i32) {
        let (mut odd, mut winding) = (false, 0);
        for (i, [x0, y0]) in line.iter().enumerate() {
            let [x1, y1] = line[(i + 1) % line.len()];
            if (*y0 > y) != (y1 > y) && x0 + (y - y0) * (x1 - x0) / (y1 - y0) > x {
                odd = !odd;
                winding += if y1 > *y0 { 1 } else { -1 };
            }
        }
        (odd, winding)
    }

    proptest! {
        #[test]
        fn one_line_holds_the_very_pixels_by_either_rule(
            (width, pixels) in (1usize..10, 1usize..10).prop_flat_map(|(w, h)| (Just(w), prop::collection::vec(0u32..2, w * h))),
        ) {
            let mut seen = vec![0; pixels.len()];
            for piece in outlines(&pixels, width).iter().flat_map(|o| &o.pieces) {
                let line = line(piece);
                for (i, seen) in seen.iter_mut().enumerate() {
                    let (odd, winding) = inside(&line, [(i % width) as f64, (i / width) as f64]);
                    prop_assert_eq!(odd, winding != 0);
                    *seen += u32::from(odd);
                }
            }
            prop_assert_eq!(seen, pixels);
        }
    }
}
