//! Outlines of objects along the edges of their pixels: polygons with holes that rasterise back to the very same pixels.

use std::collections::HashMap;

use super::components::{Connectivity, components};
use super::measure::{Region, extents};

/// Corners of a closed line, without the first one again at its end: `[x, y]`, where pixel (0, 0) reaches from 0 to 1. No two
/// edges in a row have the same direction, and no corner comes twice.
pub type Ring = Vec<[u32; 2]>;

/// A part of an object that hangs together by edges of pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Clockwise as seen (with rows counted downwards): the sum of `x_i y_{i+1} - x_{i+1} y_i` is positive.
    pub outer: Ring,
    /// Counter-clockwise. They may touch each other and the outer ring in corners.
    pub holes: Vec<Ring>,
}

/// What an object looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    pub object: u32,
    /// At least one, in the order in which a scan along the rows meets them.
    pub pieces: Vec<Piece>,
}

/// The outlines of all objects, in the order of their numbers. `objects`: numbers `[row][column]`, 0 is the background.
pub fn outlines(objects: &[u32], width: usize) -> Vec<Outline> {
    let found = extents(objects, width);
    found
        .into_iter()
        .map(|(object, bounds)| {
            let region = Region { objects, width, object, bounds };
            let (w, h) = (bounds.right - bounds.left, bounds.bottom - bounds.top);
            let is: Vec<bool> =
                region.rows().flat_map(|(_, _, row)| row.iter().map(|n| *n == object)).collect();
            let parts = components(&is, w, h, Connectivity::Four);
            let mut pieces = vec![Piece { outer: Vec::new(), holes: Vec::new() }; parts.sizes.len()];
            for (part, mut ring) in rings(&parts.numbers, w) {
                let clockwise = doubled_area(&ring) > 0;
                ring.iter_mut().for_each(|[x, y]| {
                    (*x, *y) = (*x + bounds.left as u32, *y + bounds.top as u32);
                });
                let piece = &mut pieces[part as usize - 1];
                if clockwise { piece.outer = ring } else { piece.holes.push(ring) }
            }
            Outline { object, pieces }
        })
        .collect()
}

/// Twice the area within, positive if clockwise as seen.
fn doubled_area(ring: &Ring) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|([x0, y0], [x1, y1])| i64::from(*x0) * i64::from(*y1) - i64::from(*x1) * i64::from(*y0))
        .sum()
}

/// All borders of the parts of a mask, and the part that each belongs to. `parts`: numbers, connected by edges.
fn rings(parts: &[u32], width: usize) -> Vec<(u32, Ring)> {
    let height = parts.len() / width.max(1);
    let at = |x: i64, y: i64| {
        let inside = x >= 0 && y >= 0 && (x as usize) < width && (y as usize) < height;
        if inside { parts[y as usize * width + x as usize] } else { 0 }
    };
    // Edges above a pixel of a part, which are walked to the right; every ring has one.
    let mut walked = vec![false; parts.len()];
    let mut found = Vec::new();
    for i in 0..parts.len() {
        let (x, y) = ((i % width) as i64, (i / width) as i64);
        let part = parts[i];
        if part == 0 || walked[i] || at(x, y - 1) == part {
            continue;
        }
        // With the part at the right hand: each step passes two pixels, ahead at the left and at the right.
        let (mut corners, mut place, mut step) = (Vec::new(), [x, y], [1i64, 0i64]);
        loop {
            if step == [1, 0] {
                walked[place[1] as usize * width + place[0] as usize] = true;
            }
            place = [place[0] + step[0], place[1] + step[1]];
            let [x, y] = place;
            // The pixels around the corner, as seen by who arrives there.
            let [left, right] = match step {
                [1, 0] => [at(x, y - 1), at(x, y)],
                [0, 1] => [at(x, y), at(x - 1, y)],
                [-1, 0] => [at(x - 1, y), at(x - 1, y - 1)],
                _ => [at(x - 1, y - 1), at(x, y - 1)],
            };
            let before = step;
            if right != part {
                step = [-step[1], step[0]];
            } else if left == part {
                step = [step[1], -step[0]];
            }
            if step != before {
                corners.push([x as u32, y as u32]);
            }
            if place == [i as i64 % width as i64, i as i64 / width as i64] && step == [1, 0] {
                break;
            }
        }
        found.extend(simple(corners).into_iter().map(|ring| (part, ring)));
    }
    found
}

/// Rings without a corner that comes twice: where one does, what lies between is a ring of its own.
fn simple(corners: Ring) -> Vec<Ring> {
    let (mut done, mut open): (Vec<Ring>, Ring) = (Vec::new(), Vec::new());
    let mut seen: HashMap<[u32; 2], usize> = HashMap::new();
    for corner in corners {
        if let Some(begin) = seen.get(&corner).copied() {
            let ring = open.split_off(begin);
            ring.iter().for_each(|corner| {
                seen.remove(corner);
            });
            done.push(ring);
        }
        seen.insert(corner, open.len());
        open.push(corner);
    }
    done.push(open);
    done
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The pixels whose middles lie within, by the even-odd rule.
    fn filled(outlines: &[Outline], width: usize, height: usize) -> Vec<u32> {
        let mut objects = vec![0; width * height];
        for outline in outlines {
            for (i, pixel) in objects.iter_mut().enumerate() {
                let (x, y) = ((i % width) as f64 + 0.5, (i / width) as f64 + 0.5);
                let rings = outline.pieces.iter().flat_map(|p| p.holes.iter().chain([&p.outer]));
                let crossed = rings.map(|ring| {
                    let next = ring.iter().cycle().skip(1);
                    let above = |a: &[u32; 2], b: &[u32; 2]| {
                        a[0] == b[0]
                            && f64::from(a[0]) < x
                            && f64::from(a[1].min(b[1])) < y
                            && f64::from(a[1].max(b[1])) > y
                    };
                    ring.iter().zip(next).filter(|(a, b)| above(a, b)).count()
                });
                if crossed.sum::<usize>() % 2 == 1 {
                    *pixel = outline.object;
                }
            }
        }
        objects
    }

    #[test]
    fn a_single_pixel_is_a_square() {
        let found = outlines(&[0, 0, 0, 7], 2);
        let square = Piece { outer: vec![[2, 1], [2, 2], [1, 2], [1, 1]], holes: vec![] };
        assert_eq!(found, [Outline { object: 7, pieces: vec![square] }]);
    }

    #[test]
    fn a_hole_stays_a_hole_and_pixels_that_touch_in_a_corner_are_two_pieces() {
        #[rustfmt::skip]
        let objects = [
            1, 1, 1, 0,
            1, 0, 1, 0,
            1, 1, 1, 0,
            0, 0, 0, 1,
        ];
        let found = outlines(&objects, 4);
        assert_eq!(found[0].pieces.len(), 2);
        assert_eq!(found[0].pieces[0].holes.len(), 1);
        assert_eq!(filled(&found, 4, 4), objects);
    }

    #[test]
    fn a_ring_that_closes_in_a_corner_only_encloses_a_hole() {
        #[rustfmt::skip]
        let objects = [
            0, 1, 1, 1,
            1, 0, 0, 1,
            1, 0, 0, 1,
            1, 1, 1, 1,
        ];
        let found = outlines(&objects, 4);
        assert_eq!((found[0].pieces.len(), found[0].pieces[0].holes.len()), (1, 1));
    }

    proptest! {
        #[test]
        fn outlines_rasterise_back_to_the_very_objects(
            (width, objects) in (1usize..9, 1usize..9).prop_flat_map(|(w, h)| (Just(w), prop::collection::vec(0u32..3, w * h))),
        ) {
            let found = outlines(&objects, width);
            prop_assert_eq!(filled(&found, width, objects.len() / width), objects);
            for piece in found.iter().flat_map(|o| &o.pieces) {
                prop_assert!(doubled_area(&piece.outer) > 0);
                for ring in piece.holes.iter().chain([&piece.outer]) {
                    let mut corners = ring.clone();
                    corners.sort_unstable();
                    corners.dedup();
                    prop_assert_eq!(corners.len(), ring.len());
                    prop_assert!(ring.len() >= 4);
                }
                prop_assert!(piece.holes.iter().all(|hole| doubled_area(hole) < 0));
            }
        }
    }
}
