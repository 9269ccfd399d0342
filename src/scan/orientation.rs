//! Where the axes of a file run in the patient, and in what order a viewer shows the voxels: of NIfTI, NRRD and MetaImage alike.
//!
//! World axes are NIfTI's: 0 to the right, 1 to the front (anterior), 2 to the head (superior).

use super::Turn;
use super::geometry::{Geometry, Vector, cross, dot, length, scaled};
use crate::sorting::sort_by;

/// Where an axis of the file runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Axis {
    world: usize,
    /// To the right, to the front, to the head; else the other way.
    positive: bool,
}

/// How a file whose voxels lie so is turned for the display; none if its axes do not span space.
///
/// The file's third axis stays the one of the slices. They come from feet to head, from back to front or from left to
/// right; in each, the head, or else the front, is up, and the patient's right, or else the front, is at the left:
/// radiological convention, as DICOM's axial, coronal and sagittal series and 3D Slicer have it.
pub(super) fn turn_of(file: &Geometry) -> Option<Turn> {
    let [first, second, third] = closest(file.steps.map(|[x, y, z]| [-x, -y, z]))?;
    // What runs down the display is the later of the two world axes that the slices leave.
    let transposed = first.world > second.world;
    let (across, down) = if transposed { (second, first) } else { (first, second) };
    // To the left or the back along a row; to the back or the feet down a column.
    Some(Turn { transposed, reversed: [across.positive, down.positive, !third.positive] })
}

/// The geometry of the display, whose volume has this size, of that of the file.
pub(super) fn turned(file: Geometry, turn: Turn, size: [usize; 3]) -> Geometry {
    let exchanged = if turn.transposed { file.transposed() } else { file };
    let axes = turn.reversed.into_iter().zip(size).enumerate();
    axes.fold(exchanged, |at, (axis, (reversed, count))| if reversed { at.reversed(axis, count) } else { at })
}

/// The axes that lie closest to the steps of voxels in NIfTI's world, as nibabel's `io_orientation` finds them: of the nearest matrix
/// without shear, the clearest step chooses first. `None` for steps that do not give each axis a direction.
fn closest(mut columns: [Vector; 3]) -> Option<[Axis; 3]> {
    for column in &mut columns {
        let length = length(*column);
        if !(length.is_finite() && length > 0.0) {
            return None;
        }
        *column = scaled(*column, 1.0 / length);
    }
    let columns = unsheared(columns)?;
    let strength = |column: &Vector| column.iter().fold(0.0f64, |most, v| most.max(v.abs()));
    let mut order: Vec<_> = columns.into_iter().enumerate().collect();
    sort_by(&mut order, |(_, a), (_, b)| strength(b).total_cmp(&strength(a)));
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
fn unsheared(mut columns: [Vector; 3]) -> Option<[Vector; 3]> {
    for _ in 0..64 {
        let [a, b, c] = columns;
        let volume = dot(a, cross(b, c));
        if volume.is_nan() || volume.abs() <= 1e-9 {
            return None;
        }
        let inverse = [cross(b, c), cross(c, a), cross(a, b)].map(|column| scaled(column, 1.0 / volume));
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
        let found = closest([[0.1, 0.0, 2.0], [-3.0, 0.9, 0.3], [0.2, -1.0, 0.4]]).unwrap();
        assert_eq!(found.map(|axis| (axis.world, axis.positive)), [(2, true), (0, false), (1, false)]);
    }
}
