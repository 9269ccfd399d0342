//! Where the voxels lie: sform, else qform, else what the sizes alone tell (nifti1.h, methods 3, 2 and 1).

use super::header::Header;
use crate::scan::Geometry;
use crate::scan::geometry::scaled;
use crate::scan::orientation::turn_of;

/// Of a file of this many columns, rows and depths; whether the file itself tells it.
///
/// Without sform and qform it is as nibabel's: to the left, to the front, to the head, around the middle, since such files descend from
/// ANALYZE 7.5, whose `originator` counts if SPM put voxels there. A matrix that turns space into a plane tells nothing.
pub(super) fn geometry(header: &Header<'_>, space: [usize; 3]) -> (Geometry, bool) {
    let unit = header.millimetres();
    let sizes = [1, 2, 3].map(|axis| Some(header.size(axis).abs()).filter(|v| v.is_finite() && *v > 0.0));
    let sizes = sizes.map(|size| size.unwrap_or(1.0));
    let spans = |at: &Geometry| turn_of(at).is_some();
    let told = header.sform().map(|rows| Geometry::from_affine(rows, true)).filter(spans).or_else(|| {
        let [x, y, z] = rotation(header.quaternion()?, header.size(0));
        let ([ox, oy, oz], [i, j, k]) = (header.offsets(), sizes);
        let row = |[a, b, c]: [f64; 3], offset: f64| [a * i, b * j, c * k, offset];
        Some(Geometry::from_affine([row(x, ox), row(y, oy), row(z, oz)], true)).filter(spans)
    });
    let known = told.is_some();
    let mut found = told.unwrap_or_else(|| {
        let [x, y, z] = sizes;
        let counts = space.map(|n| n as f64);
        let first = header.origin().filter(|first| {
            let inside = first.iter().zip(counts).all(|(at, n)| *at > -n && *at < 2.0 * n);
            inside && first.iter().any(|at| *at != 0.0)
        });
        // Counted from 1.
        let middle = first.map_or(counts.map(|n| (n - 1.0) / 2.0), |first| first.map(|at| at - 1.0));
        let [i, j, k] = middle;
        let rows = [[-x, 0.0, 0.0, i * x], [0.0, y, 0.0, -j * y], [0.0, 0.0, z, -k * z]];
        Geometry::from_affine(rows, true)
    });
    if unit != 1.0 {
        found.origin = scaled(found.origin, unit);
        found.steps = found.steps.map(|step| scaled(step, unit));
    }
    (found, known)
}

/// The rotation of a quaternion whose first number follows from the others (nifti1.h, method 2); `qfac` below 0 mirrors
/// the third axis.
fn rotation([b, c, d]: [f64; 3], qfac: f64) -> [[f64; 3]; 3] {
    let rest = 1.0 - (b * b + c * c + d * d);
    let (a, [b, c, d]) = if rest < 1e-7 {
        let length = (b * b + c * c + d * d).sqrt();
        (0.0, [b, c, d].map(|v| v / length))
    } else {
        (rest.sqrt(), [b, c, d])
    };
    let z = if qfac < 0.0 { -1.0 } else { 1.0 };
    [
        [a * a + b * b - c * c - d * d, 2.0 * (b * c - a * d), z * 2.0 * (b * d + a * c)],
        [2.0 * (b * c + a * d), a * a + c * c - b * b - d * d, z * 2.0 * (c * d - a * b)],
        [2.0 * (b * d - a * c), 2.0 * (c * d + a * b), z * (a * a + d * d - c * c - b * b)],
    ]
}
