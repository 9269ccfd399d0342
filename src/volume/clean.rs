//! Specks, lesser pieces and holes of a label volume.

use super::components::{Components3, Connectivity3};
use super::labels::{LabelVolume, UNLABELLED};
use super::runs::{Run, Runs};
use crate::error::Result;

/// Makes background of every object of a class that has fewer voxels than `voxels` (scikit-image's `remove_small_objects` with
/// `min_size`), and tells how many voxels that were. A volume in mm³ is [`voxels_in`] it.
///
/// # Errors
/// `volume.size`, `volume.limit.runs`.
pub fn remove_small(
    labels: &mut dyn LabelVolume,
    class: u8,
    connectivity: Connectivity3,
    voxels: u64,
) -> Result<u64> {
    let objects = Components3::of(Runs::of_class(labels, class)?, connectivity);
    Ok(paint(labels, &objects, 0, &|number| objects.sizes[number] < voxels))
}

/// Makes background of all objects of a class but the largest (of equals the first), and tells how many voxels that were.
///
/// # Errors
/// `volume.size`, `volume.limit.runs`.
pub fn keep_largest(labels: &mut dyn LabelVolume, class: u8, connectivity: Connectivity3) -> Result<u64> {
    let objects = Components3::of(Runs::of_class(labels, class)?, connectivity);
    let larger = |most: usize, i: usize| if objects.sizes[i] > objects.sizes[most] { i } else { most };
    let largest = (0..objects.sizes.len()).fold(0, larger);
    Ok(paint(labels, &objects, 0, &|number| number != largest))
}

/// Fills the holes of a class, and tells how many voxels that were. A hole is a set of voxels that are not of the class, hang together
/// by faces and reach no side of the volume (SciPy's `binary_fill_holes`). Other classes in it stay as they are.
///
/// # Errors
/// `volume.size`, `volume.limit.runs`.
pub fn fill_holes(labels: &mut dyn LabelVolume, class: u8) -> Result<u64> {
    if matches!(class, 0 | UNLABELLED) {
        return Ok(0);
    }
    let mut outside = [1; 256];
    outside[usize::from(class)] = 0;
    let around = Components3::of(Runs::mapped(labels, &outside)?, Connectivity3::Six);
    let [columns, rows, slices] = labels.size();
    let mut open = vec![false; around.sizes.len()];
    around.runs.each_row(|z, y, range| {
        let side = z == 0 || y == 0 || z + 1 == slices || y + 1 == rows;
        for i in range {
            let Run { start, end, .. } = around.runs.runs[i];
            open[around.numbers[i] as usize - 1] |= side || start == 0 || end as usize == columns;
        }
    });
    Ok(paint(labels, &around, class, &|number| !open[number]))
}

/// How many voxels make up a volume: the least number that has at least so many mm³.
pub fn voxels_in(cubic_millimetres: f64, voxel_volume: f64) -> u64 {
    (cubic_millimetres / voxel_volume - 1e-9).ceil().max(0.0) as u64
}

/// Gives a class to the voxels of some objects (counted from 0), where they are of none or shall be of none.
fn paint(
    labels: &mut dyn LabelVolume,
    objects: &Components3,
    class: u8,
    which: &dyn Fn(usize) -> bool,
) -> u64 {
    let mut painted = 0;
    let mut line = Vec::new();
    objects.runs.each_row(|slice, row, range| {
        for i in range.filter(|i| which(objects.numbers[*i] as usize - 1)) {
            let run = objects.runs.runs[i];
            line.resize(run.length() as usize, 0);
            labels.read(slice, row, run.start as usize, &mut line);
            for label in line.iter_mut().filter(|l| class == 0 || matches!(**l, 0 | UNLABELLED)) {
                *label = class;
                painted += 1;
            }
            labels.write(slice, row, run.start as usize, &line);
        }
    });
    painted
}
