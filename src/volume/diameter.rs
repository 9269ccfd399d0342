//! The longest distance within an object.

use super::runs::{Run, Runs};
use super::surface::sphere;
use crate::scan::Geometry;
use crate::scan::geometry::{Vector, add, dot, scaled};

/// Directions in which the ends of large objects are looked for.
const DIRECTIONS: usize = 100;

/// Millimetres between the two voxels of each object that are furthest apart; `numbers`: of each run, 1 to `count`. Of objects with
/// many runs only those voxels are compared that are furthest in one of a hundred directions, the widest gap between which costs 2 %.
pub(super) fn diameters(runs: &Runs, numbers: &[u32], count: usize, geometry: &Geometry) -> Vec<f64> {
    let directions: Vec<Vector> = sphere(DIRECTIONS).collect();
    // The runs, object by object.
    let mut begin = vec![0usize; count + 2];
    numbers.iter().for_each(|n| begin[*n as usize + 1] += 1);
    (0..=count).for_each(|n| begin[n + 1] += begin[n]);
    let mut next = begin.clone();
    let mut order = vec![0u32; numbers.len()];
    for (i, n) in (0..).zip(numbers) {
        order[next[*n as usize]] = i;
        next[*n as usize] += 1;
    }
    let mut points = Vec::new();
    (1..=count)
        .map(|number| {
            let of = &order[begin[number]..begin[number + 1]];
            points.clear();
            if of.len() <= DIRECTIONS {
                of.iter().for_each(|i| points.extend(ends(runs, *i, geometry)));
            } else {
                let mut reach = [[(f64::NEG_INFINITY, [0.0; 3]); 2]; DIRECTIONS];
                for point in of.iter().flat_map(|i| ends(runs, *i, geometry)) {
                    for (reach, direction) in reach.iter_mut().zip(&directions) {
                        let far = dot(point, *direction);
                        for (end, far) in reach.iter_mut().zip([far, -far]) {
                            if far > end.0 {
                                *end = (far, point);
                            }
                        }
                    }
                }
                points.extend(reach.iter().flatten().map(|end| end.1));
            }
            let mut longest = 0.0;
            for (i, a) in points.iter().enumerate() {
                for b in &points[..i] {
                    let way = add(*a, scaled(*b, -1.0));
                    longest = f64::max(longest, dot(way, way));
                }
            }
            longest.sqrt()
        })
        .collect()
}

/// Where the first and the last voxel of a run lie, mm: no other of it can be an end of the diameter.
fn ends(runs: &Runs, run: u32, geometry: &Geometry) -> [Vector; 2] {
    let Run { start, end, .. } = runs.runs[run as usize];
    let row = runs.rows.partition_point(|first| *first <= run) - 1;
    let height = runs.size[1];
    [start, end - 1]
        .map(|column| geometry.at([f64::from(column), (row % height) as f64, (row / height) as f64]))
}
