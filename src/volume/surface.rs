//! The surface of objects by Crofton's formula: counted crossings of lines in thirteen directions.
//!
//! Lehmann and Legland 2012, Efficient N-dimensional surface estimation using Crofton formula and run-length encoding. A triangulated
//! surface of a mask would follow its steps, and be some 9 % too large for a sphere of any size.

use super::runs::Runs;
use crate::scan::Geometry;
use crate::scan::geometry::{Vector, add, dot, length, scaled, unit};

/// One of the directions: a step between voxels, and how many mm² one crossing stands for.
struct Line {
    step: [isize; 3],
    area: f64,
}

/// Square millimetres of the surface of each object; `numbers`: of each run, 1 to `count`. What reaches a side of the volume is
/// closed there. A sphere of a radius of ten voxels is within 1 %, also where slices are several times thicker than pixels.
pub(super) fn surfaces(runs: &Runs, numbers: &[u32], count: usize, geometry: &Geometry) -> Vec<f64> {
    let mut areas = vec![0.0; count];
    for Line { step: [dx, dy, dz], area } in lines(geometry) {
        // Both ends of what the object holds of a line are crossings: twice the voxels less those whose neighbour is its, too.
        runs.each_row(|slice, row, here| {
            let there = runs.row(slice as isize + dz, row as isize + dy);
            for i in here.clone() {
                if let Some(sum) = areas.get_mut((numbers[i] as usize).wrapping_sub(1)) {
                    *sum += 2.0 * area * runs.runs[i].length() as f64;
                }
            }
            let (mut a, mut b) = (here.start, there.start);
            while a < here.end && b < there.end {
                let (one, other) = (runs.runs[a], runs.runs[b]);
                // Where the run's neighbours lie.
                let [from, to] = [one.start, one.end].map(|x| x as isize + dx);
                let shared = to.min(other.end as isize) - from.max(other.start as isize);
                if shared > 0
                    && numbers[a] == numbers[b]
                    && let Some(sum) = areas.get_mut((numbers[a] as usize).wrapping_sub(1))
                {
                    *sum -= 2.0 * area * shared as f64;
                }
                if to < other.end as isize { a += 1 } else { b += 1 }
            }
        });
    }
    areas
}

/// Thirteen directions: along the axes, and across faces and the body of a block that is about as long as wide, made of several
/// voxels along the axes where they are small. Each weighs as much as the part of the sphere that is closest to it.
fn lines(geometry: &Geometry) -> Vec<Line> {
    let spacing = geometry.spacing();
    let longest = spacing.iter().copied().fold(0.0, f64::max);
    let block = spacing.map(|s| (longest / s).round().clamp(1.0, 16.0) as isize);
    let mut lines = Vec::new();
    for i in 14..27 {
        let corner = [i % 3 - 1, i / 3 % 3 - 1, i / 9 - 1];
        let step = [0, 1, 2].map(|axis| corner[axis] * block[axis]);
        let common = step.into_iter().fold(0, divisor);
        lines.push(Line { step: step.map(|n| n / common), area: 0.0 });
    }
    let along: Vec<Vector> = lines.iter().map(|line| way(geometry, line.step)).collect();
    let directions: Vec<Vector> = along.iter().map(|way| unit(*way)).collect();
    const POINTS: usize = 20_000;
    let mut nearest = vec![0usize; lines.len()];
    for point in sphere(POINTS) {
        let closest = |best: (usize, f64), (i, d): (usize, &Vector)| {
            let near = dot(*d, point).abs();
            if near > best.1 { (i, near) } else { best }
        };
        nearest[directions.iter().enumerate().fold((0, -1.0), closest).0] += 1;
    }
    // Cauchy: the surface is four times the mean of its projections, and each line crosses what it meets twice. There is a line for
    // each `volume / step` of the plane that it stands on.
    for ((line, way), points) in lines.iter_mut().zip(along).zip(nearest) {
        line.area = 2.0 * points as f64 / POINTS as f64 * geometry.voxel_volume() / length(way);
    }
    lines
}

/// Millimetres of a step between voxels.
fn way(geometry: &Geometry, step: [isize; 3]) -> Vector {
    geometry.steps.iter().zip(step).fold([0.0; 3], |way, (mm, n)| add(way, scaled(*mm, n as f64)))
}

/// Points that lie evenly on half of a sphere: a spiral that turns by the golden angle.
pub(super) fn sphere(points: usize) -> impl Iterator<Item = Vector> {
    const GOLDEN: f64 = 2.399_963_229_728_653;
    (0..points).map(move |i| {
        let z = (i as f64 + 0.5) / points as f64;
        let (sin, cos) = (i as f64 * GOLDEN).sin_cos();
        let radius = (1.0 - z * z).sqrt();
        [radius * cos, radius * sin, z]
    })
}

/// The greatest common divisor.
fn divisor(a: isize, b: isize) -> isize {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
