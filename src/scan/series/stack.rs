//! Slices along their normal: which lie at one place, the geometry of all, and what is told where they are no regular stack.

use crate::scan::Geometry;
use crate::scan::geometry::{Vector, add, cross, dot, length, scaled, unit};
use crate::sorting::sort_by;

/// Directions whose parts differ by no more than this are the same: a third of a degree.
const SAME_DIRECTION: f64 = 0.005;
/// Parts of a distance by which others may differ from it before that is told.
const SAME_DISTANCE: f64 = 0.05;
/// Degrees of shear from which on it is told.
const TILT: f64 = 0.1;

/// Image Orientation (Patient) (PS3.3 C.7.6.2.1.1): the directions of a row and of a column, of length 1 and at right angles; none
/// where the six numbers are no such thing.
pub(crate) fn orientation(values: &[f64]) -> Option<[Vector; 2]> {
    let (row, rest) = values.split_first_chunk::<3>()?;
    let (column, _) = rest.split_first_chunk::<3>()?;
    let is_unit = |v: &Vector| (length(*v) - 1.0).abs() < 0.05;
    (is_unit(row) && is_unit(column) && dot(*row, *column).abs() < 0.05).then(|| [unit(*row), unit(*column)])
}

/// Whether slices lie in parallel, turned in the same way.
pub(crate) fn same_orientation(a: &[Vector; 2], b: &[Vector; 2]) -> bool {
    a.iter().flatten().zip(b.iter().flatten()).all(|(a, b)| (a - b).abs() < SAME_DIRECTION)
}

/// Upright on the slices: DICOM's order of slices is along it.
pub(crate) fn normal([row, column]: [Vector; 2]) -> Vector {
    unit(cross(row, column))
}

/// Distances below this are none, mm: a hundredth of a pixel.
pub(crate) fn tolerance(pixel: f64) -> f64 {
    pixel * 0.01
}

/// The numbers of the positions that lie at one place along the normal, place by place along it; within a place in their order.
pub(crate) fn places(positions: &[Vector], normal: Vector, tolerance: f64) -> Vec<Vec<usize>> {
    let mut order: Vec<(f64, usize)> =
        positions.iter().enumerate().map(|(i, p)| (dot(*p, normal), i)).collect();
    sort_by(&mut order, |a, b| a.0.total_cmp(&b.0));
    let mut out: Vec<(f64, Vec<usize>)> = Vec::new();
    for (along, i) in order {
        match out.last_mut() {
            Some((first, place)) if along - *first <= tolerance => place.push(i),
            _ => out.push((along, vec![i])),
        }
    }
    let sorted = |(_, mut place): (f64, Vec<usize>)| {
        place.sort_unstable();
        place
    };
    out.into_iter().map(sorted).collect()
}

/// The part of a way that lies in the plane of the slices, mm.
pub(crate) fn sideways(from: Vector, to: Vector, normal: Vector) -> f64 {
    let way = add(to, scaled(from, -1.0));
    length(add(way, scaled(normal, -dot(way, normal))))
}

/// Slices that were arranged: their geometry, and what is to be told.
pub(crate) struct Arranged {
    /// None where no regular volume has slices at these positions.
    pub(crate) geometry: Option<Geometry>,
    /// Between slices along their normal, mm.
    pub(crate) distance: Option<f64>,
    pub(crate) notes: Vec<String>,
}

/// From the positions of slices in their order: equal steps from the first to the last, so that a tilted gantry shears the volume. `pixel`:
/// between columns and between rows, mm; `thickness`: of a slice that is alone, else 1 mm is taken.
pub(crate) fn arrange(
    positions: &[Vector],
    orientation: [Vector; 2],
    pixel: [f64; 2],
    thickness: Option<f64>,
) -> Arranged {
    let normal = normal(orientation);
    let ([row, column], [x, y]) = (orientation, pixel);
    let (Some(first), Some(last)) = (positions.first(), positions.last()) else {
        return Arranged { geometry: None, distance: None, notes: Vec::new() };
    };
    let steps = positions.len() - 1;
    let (along, distance) = if steps == 0 {
        (scaled(normal, thickness.unwrap_or(1.0)), thickness)
    } else {
        let step = scaled(add(*last, scaled(*first, -1.0)), 1.0 / steps as f64);
        (step, Some(dot(step, normal)))
    };
    let geometry = Geometry { origin: *first, steps: [scaled(row, x), scaled(column, y), along] };
    let (mut notes, missing) = distances(positions, normal);
    if missing > positions.len() {
        return Arranged { geometry: None, distance: None, notes };
    }
    // Where a slice should be, sideways, at its place along the normal.
    let mut shift = 0.0f64;
    for position in positions.iter().take(if steps < 2 { 0 } else { steps }) {
        let part = dot(add(*position, scaled(*first, -1.0)), normal) / dot(along, normal);
        shift = shift.max(sideways(add(*first, scaled(along, part)), *position, normal));
    }
    if shift > x.max(y) {
        notes.push(format!(
            "Slices are shifted sideways against each other by up to {shift:.1} mm: they are shown one by one, without their places in the patient."
        ));
        return Arranged { geometry: None, distance, notes };
    }
    let tilt = geometry.tilt();
    if steps > 0 && tilt > TILT {
        notes.push(format!(
            "The gantry was tilted by {tilt:.1} degrees: slices are shifted against each other, and the volume is sheared as they are."
        ));
    }
    Arranged { geometry: Some(geometry), distance, notes }
}

/// What is to be told of the distances between slices along their normal, and how many slices are missing.
fn distances(positions: &[Vector], normal: Vector) -> (Vec<String>, usize) {
    let along: Vec<f64> = positions.iter().map(|p| dot(*p, normal)).collect();
    let ways: Vec<f64> = along.iter().zip(along.iter().skip(1)).map(|(from, to)| to - from).collect();
    let mut sorted = ways.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    // The lower one of two in the middle: gaps are long.
    let Some(usual) = sorted.get(sorted.len().saturating_sub(1) / 2).copied().filter(|d| *d > 0.0) else {
        return (Vec::new(), 0);
    };
    let (mut missing, mut gaps, mut places) = (0usize, 0, String::new());
    let (mut least, mut most) = (usual, usual);
    for (i, ((way, from), to)) in ways.iter().zip(&along).zip(along.iter().skip(1)).enumerate() {
        let times = (way / usual).round();
        if times >= 2.0 && (way / usual - times).abs() < 0.2 {
            missing = missing.saturating_add(times as usize - 1);
            gaps += 1;
            if gaps <= 3 {
                let comma = if gaps > 1 { "," } else { "" };
                places.push_str(&format!(
                    "{comma} between slice {} (at {from:.1} mm) and slice {} (at {to:.1} mm)",
                    i + 1,
                    i + 2
                ));
            }
        } else {
            (least, most) = (least.min(*way), most.max(*way));
        }
    }
    let mut notes = Vec::new();
    if missing > 0 {
        let (are, more) =
            (if missing == 1 { " is" } else { "s are" }, if gaps > 3 { " and elsewhere" } else { "" });
        let how = if missing > positions.len() {
            "These are more than there are: the others are shown one by one, without their places in the patient."
        } else {
            "The others are shown at equal distances, so that lengths and volumes there are not right."
        };
        notes.push(format!("{missing} slice{are} missing{places}{more}. {how}"));
    }
    if most - least > SAME_DISTANCE * usual {
        notes.push(format!(
            "The distances between slices differ, from {least:.2} to {most:.2} mm. They are shown at equal distances, so that lengths and volumes across slices are not exact."
        ));
    }
    (notes, missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXIAL: [Vector; 2] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];

    fn at(z: &[f64]) -> Vec<Vector> {
        z.iter().map(|z| [0.0, 0.0, *z]).collect()
    }

    #[test]
    fn a_gap_is_told_with_its_place_and_unequal_distances_with_their_range() {
        let gap = arrange(&at(&[0.0, 2.5, 5.0, 12.5, 15.0]), AXIAL, [1.0; 2], None);
        assert_eq!(gap.notes.len(), 1);
        assert!(
            gap.notes[0]
                .starts_with("2 slices are missing between slice 3 (at 5.0 mm) and slice 4 (at 12.5 mm).")
        );
        let far = arrange(&at(&[0.0, 1.0, 2.0, 80.0]), AXIAL, [1.0; 2], None);
        assert!(far.geometry.is_none() && far.notes[0].contains("77 slices are missing"));
        let unequal = arrange(&at(&[0.0, 2.5, 5.0, 8.0]), AXIAL, [1.0; 2], None);
        assert!(unequal.notes[0].contains("from 2.50 to 3.00 mm"), "{:?}", unequal.notes);
        assert!(arrange(&at(&[0.0, 2.5, 5.01, 7.5]), AXIAL, [1.0; 2], None).notes.is_empty());
    }

    #[test]
    fn slices_that_are_shifted_as_no_tilt_shifts_them_have_no_geometry() {
        let mut positions = at(&[0.0, 2.0, 4.0]);
        positions[1][0] = 7.0;
        let arranged = arrange(&positions, AXIAL, [1.0; 2], None);
        assert!(arranged.geometry.is_none() && arranged.notes[0].contains("7.0 mm"));
        positions[1][0] = 2.0;
        positions[2][0] = 4.0;
        let tilted = arrange(&positions, AXIAL, [1.0; 2], None);
        assert!(
            (tilted.geometry.unwrap().tilt() - 45.0).abs() < 1e-9 && tilted.notes[0].contains("45.0 degrees")
        );
        assert_eq!(tilted.distance, Some(2.0));
    }

    #[test]
    fn an_orientation_that_is_none_is_not_taken_for_one() {
        assert!(orientation(&[1.0, 0.0, 0.0, 0.0, 1.0]).is_none());
        assert!(orientation(&[0.0; 6]).is_none());
        assert!(orientation(&[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]).is_none());
        assert_eq!(orientation(&[1.0, 0.0, 0.0, 0.0, 1.0, 0.0]), Some(AXIAL));
    }
}
