//! Classes and pieces of a volume, measured in 3-D in the file's own values.

use crate::error::Result;
use crate::scan::{Geometry, Scan};
use crate::sorting::sort_by_key;
use crate::volume::{
    Components3, Connectivity3, Runs, SliceArea, Stack, Values, VolumeMeasurement, measure, of_classes,
    slice_areas,
};

/// Rows for the classes of a volume (`number` is the class), and for each slice and class.
///
/// # Errors
/// As [`measure`].
pub fn class_sizes(
    scan: &Scan,
    stack: &Stack<'_>,
    runs: &Runs,
) -> Result<(Vec<VolumeMeasurement>, Vec<SliceArea>)> {
    let numbers = of_classes(runs);
    let values = |depth: usize, row: usize, from: usize, to: &mut [f32]| stack.values(depth, row, from, to);
    let (geometry, values) = (geometry(scan), (scan.channels == 1).then_some(&values as Values<'_>));
    let geometry = geometry.as_ref();
    Ok((measure(runs, &numbers, geometry, values)?, slice_areas(runs, &numbers, geometry, values)?))
}

/// The pieces of the classes in `runs`, the largest first and at most so many, and how many there are.
///
/// # Errors
/// As [`measure`].
pub fn largest_pieces(
    scan: &Scan,
    stack: &Stack<'_>,
    runs: Runs,
    connectivity: Connectivity3,
    most: usize,
) -> Result<(Vec<VolumeMeasurement>, usize)> {
    let objects = Components3::of(runs, connectivity);
    let values = |depth: usize, row: usize, from: usize, to: &mut [f32]| stack.values(depth, row, from, to);
    let values = (scan.channels == 1).then_some(&values as Values<'_>);
    let mut pieces = measure(objects.runs(), objects.numbers(), geometry(scan).as_ref(), values)?;
    let count = pieces.len();
    sort_by_key(&mut pieces, |piece| std::cmp::Reverse(piece.voxels));
    pieces.truncate(most);
    Ok((pieces, count))
}

/// Where voxels lie; without a place in the patient only their distances.
fn geometry(scan: &Scan) -> Option<Geometry> {
    let plain = || scan.spacing.and_then(|spacing| Some(Geometry::plain([spacing.x, spacing.y, spacing.z?])));
    scan.geometry.or_else(plain)
}
