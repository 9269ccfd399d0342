//! Specks, lesser pieces and holes of a label volume.

use super::components::{Components3, Connectivity3};
use super::labels::{LabelVolume, UNLABELLED};
use super::runs::{Run, Runs};
use crate::error::{Error, Result};

/// What was taken away or filled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Pieces or holes.
    pub pieces: u64,
    /// Their voxels.
    pub voxels: u64,
}

impl std::ops::AddAssign for Cleaned {
    fn add_assign(&mut self, other: Self) {
        self.pieces += other.pieces;
        self.voxels += other.voxels;
    }
}

/// Makes background of every piece of a class that has fewer than `least` voxels (scikit-image's `remove_small_objects` with
/// `min_size`), and with `largest` of all but the largest (of equals the first). A volume in mm³ is [`voxels_in`] it.
///
/// # Errors
/// `volume.size`, `volume.limit.runs`.
pub fn remove_pieces(
    labels: &mut dyn LabelVolume,
    class: u8,
    connectivity: Connectivity3,
    least: u64,
    largest: bool,
) -> Result<Cleaned> {
    let objects = Components3::of(Runs::of_class(labels, class)?, connectivity);
    let larger = |most: usize, i: usize| if objects.sizes[i] > objects.sizes[most] { i } else { most };
    let most = (0..objects.sizes.len()).fold(0, larger);
    Ok(paint(labels, &objects, 0, &|number| objects.sizes[number] < least || largest && number != most))
}

/// Makes background of one piece of a class, or with class 0 of all classes: the one that [`Components3`] gives this number, from 1.
/// `voxels`: how many it has, so that no other goes if the labels changed since.
///
/// # Errors
/// `volume.piece` if there is no such piece; `volume.size`, `volume.limit.runs`.
pub fn remove_piece(
    labels: &mut dyn LabelVolume,
    class: u8,
    connectivity: Connectivity3,
    number: u32,
    voxels: u64,
) -> Result<Cleaned> {
    let objects = Components3::of(Runs::of_class(labels, class)?, connectivity);
    let place = (number as usize).wrapping_sub(1);
    if objects.sizes.get(place) != Some(&voxels) {
        return Err(Error::invalid(
            "volume.piece",
            "The labels are not those that the pieces were listed of. List the pieces again.",
        ));
    }
    Ok(paint(labels, &objects, 0, &|number| number == place))
}

/// Fills the holes of a class. A hole is a set of voxels that are not of the class, hang together by faces and reach no side of the
/// volume (SciPy's `binary_fill_holes`). Other classes in it stay as they are; one that holds nothing else is none.
///
/// # Errors
/// `volume.size`, `volume.limit.runs`.
pub fn fill_holes(labels: &mut dyn LabelVolume, class: u8) -> Result<Cleaned> {
    if matches!(class, 0 | UNLABELLED) {
        return Ok(Cleaned::default());
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
) -> Cleaned {
    let mut met = vec![false; objects.sizes.len()];
    let mut voxels = 0;
    let mut line = Vec::new();
    objects.runs.each_row(|slice, row, range| {
        for (i, number) in range.map(|i| (i, objects.numbers[i] as usize - 1)).filter(|(_, n)| which(*n)) {
            let run = objects.runs.runs[i];
            line.resize(run.length() as usize, 0);
            labels.read(slice, row, run.start as usize, &mut line);
            for label in line.iter_mut().filter(|l| class == 0 || matches!(**l, 0 | UNLABELLED)) {
                *label = class;
                voxels += 1;
                met[number] = true;
            }
            labels.write(slice, row, run.start as usize, &line);
        }
    });
    Cleaned { pieces: met.iter().filter(|met| **met).count() as u64, voxels }
}
