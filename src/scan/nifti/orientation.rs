//! Where the axes of a file run in the patient, and in what order a viewer shows the voxels.
//!
//! World axes are NIfTI's: 0 to the right, 1 to the front (anterior), 2 to the head (superior).

use super::header::Header;
use crate::scan::Turn;

/// Where an axis of the file runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Axis {
    world: usize,
    /// To the right, to the front, to the head; else the other way.
    positive: bool,
}

/// The file's third axis stays the one of the slices. They come from feet to head, from back to front or from left to
/// right; in each, the head, or else the front, is up, and the patient's right, or else the front, is at the left:
/// radiological convention, as DICOM's axial, coronal and sagittal series and 3D Slicer have it.
pub(super) fn turn_of(header: &Header<'_>) -> Turn {
    let [first, second, third] = axes(header);
    // What runs down the display is the later of the two world axes that the slices leave.
    let transposed = first.world > second.world;
    let (across, down) = if transposed { (second, first) } else { (first, second) };
    // To the left or the back along a row; to the back or the feet down a column.
    Turn { transposed, reversed: [across.positive, down.positive, !third.positive] }
}

/// The sform decides; else the qform; else method 1 of nifti1.h as nibabel reads it: to the left, to the front, to the head, since
/// files without either descend from ANALYZE 7.5. A matrix that turns space into a plane decides nothing.
fn axes(header: &Header<'_>) -> [Axis; 3] {
    let sform = header.sform().and_then(closest);
    let found = sform.or_else(|| closest(rotation(header.qform()?, header.size(0))));
    let [left, front, head] = [(0, false), (1, true), (2, true)];
    found.unwrap_or([left, front, head].map(|(world, positive)| Axis { world, positive }))
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

/// The axes that lie closest to the columns of `matrix`, as nibabel's `io_orientation` finds them: of the nearest matrix
/// without shear, the clearest column chooses first. `None` for a matrix without a direction for each axis.
fn closest(matrix: [[f64; 3]; 3]) -> Option<[Axis; 3]> {
    let mut columns = transpose(matrix);
    for column in &mut columns {
        let length = column.iter().map(|v| v * v).sum::<f64>().sqrt();
        if !(length.is_finite() && length > 0.0) {
            return None;
        }
        *column = column.map(|v| v / length);
    }
    let columns = unsheared(columns)?;
    let strength = |column: &[f64; 3]| column.iter().fold(0.0f64, |most, v| most.max(v.abs()));
    let mut order: Vec<_> = columns.into_iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| strength(b).total_cmp(&strength(a)));
    let mut found = [Axis { world: 0, positive: true }; 3];
    let mut free = vec![0, 1, 2];
    for (which, column) in order {
        let part = |world: usize| column.get(world).copied().unwrap_or(0.0);
        let best = free.iter().copied().reduce(|a, b| if part(b).abs() > part(a).abs() { b } else { a })?;
        free.retain(|world| *world != best);
        *found.get_mut(which)? = Axis { world: best, positive: part(best) > 0.0 };
    }
    Some(found)
}

/// The orthogonal factor of the polar decomposition, by Newton's iteration (Higham 1986): the mean of a matrix and the
/// inverse of its transpose, until both agree.
fn unsheared(mut columns: [[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    for _ in 0..64 {
        let [a, b, c] = columns;
        let volume = dot(a, cross(b, c));
        if volume.is_nan() || volume.abs() <= 1e-9 {
            return None;
        }
        let inverse = [cross(b, c), cross(c, a), cross(a, b)].map(|column| column.map(|v| v / volume));
        let pairs = columns.iter().flatten().zip(inverse.iter().flatten());
        if pairs.clone().all(|(v, w)| (v - w).abs() < 1e-12) {
            break;
        }
        let means: Vec<f64> = pairs.map(|(v, w)| (v + w) / 2.0).collect();
        for (column, mean) in columns.iter_mut().zip(means.as_chunks::<3>().0) {
            *column = *mean;
        }
    }
    Some(columns)
}

fn transpose([[a, b, c], [d, e, f], [g, h, i]]: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    [[a, d, g], [b, e, h], [c, f, i]]
}

fn dot([a, b, c]: [f64; 3], [d, e, f]: [f64; 3]) -> f64 {
    a * d + b * e + c * f
}

fn cross([a, b, c]: [f64; 3], [d, e, f]: [f64; 3]) -> [f64; 3] {
    [b * f - c * e, c * d - a * f, a * e - b * d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_without_three_directions_decides_nothing() {
        assert_eq!(closest([[0.0; 3]; 3]), None);
        assert_eq!(closest([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), None);
        assert_eq!(closest([[f64::NAN, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), None);
    }

    #[test]
    fn a_sheared_and_mirrored_matrix_has_the_axes_of_the_nearest_rotation() {
        let found = closest([[0.1, -3.0, 0.2], [0.0, 0.9, -1.0], [2.0, 0.3, 0.4]]).unwrap();
        assert_eq!(found.map(|axis| (axis.world, axis.positive)), [(2, true), (0, false), (1, false)]);
    }
}
