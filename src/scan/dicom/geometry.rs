//! Distances between pixels.

use super::dataset::Dataset;
use super::group_item;
use super::tags::{self, Tag};
use crate::scan::Spacing;

/// From Pixel Spacing, else from Imager Pixel Spacing (then it is measured at the detector, not in the patient), else from
/// the regions of an ultrasound image; between slices from the dose grid, Spacing Between Slices, else Slice Thickness.
pub(super) fn spacing(dataset: &Dataset<'_>) -> Option<Spacing> {
    let measures = group_item(dataset, tags::PIXEL_MEASURES_SEQUENCE);
    let places = [Some(dataset), measures.as_ref()];
    let positive = |v: &f64| *v > 0.0;
    // Row spacing first: the distance down a column.
    let pair = |tag: Tag| {
        let values = places.iter().flatten().find_map(|d| d.decimals(tag))?;
        let y = values.first().copied().filter(positive)?;
        // One value alone is meant for both, as ITK and GDCM take it.
        let x = values.get(1).map_or(Some(y), |x| Some(*x).filter(positive))?;
        Some((y, x))
    };
    let (y, x) = pair(tags::PIXEL_SPACING)
        .or_else(|| pair(tags::IMAGER_PIXEL_SPACING))
        .or_else(|| pair(tags::NOMINAL_SCANNED_PIXEL_SPACING))
        .or_else(|| ultrasound(dataset))?;
    let one = |tag: Tag| places.iter().flatten().find_map(|d| d.decimal(tag)).map(f64::abs).filter(positive);
    let offsets = dataset.decimals(tags::GRID_FRAME_OFFSET_VECTOR).unwrap_or_default();
    let grid = offsets.first_chunk::<2>().map(|[a, b]| (b - a).abs()).filter(positive);
    Some(Spacing {
        x,
        y,
        z: grid.or_else(|| one(tags::SPACING_BETWEEN_SLICES)).or_else(|| one(tags::SLICE_THICKNESS)),
    })
}

/// `(y, x)` in mm of the two-dimensional regions of an ultrasound image (C.8.5.5), if all have the same, in cm.
fn ultrasound(dataset: &Dataset<'_>) -> Option<(f64, f64)> {
    const TWO_DIMENSIONAL: u32 = 1;
    const CENTIMETRES: u32 = 3;
    let regions = dataset.items(tags::SEQUENCE_OF_ULTRASOUND_REGIONS);
    let mut found = None;
    for region in &regions {
        if region.number(tags::REGION_SPATIAL_FORMAT) != Some(TWO_DIMENSIONAL) {
            continue;
        }
        let in_cm = |tag| region.number(tag) == Some(CENTIMETRES);
        if !in_cm(tags::PHYSICAL_UNITS_X_DIRECTION) || !in_cm(tags::PHYSICAL_UNITS_Y_DIRECTION) {
            continue;
        }
        // Rows may run upwards in the region's own directions.
        let mm = |tag| region.decimal(tag).map(|cm: f64| cm.abs() * 10.0).filter(|mm| *mm > 0.0);
        let here = (mm(tags::PHYSICAL_DELTA_Y)?, mm(tags::PHYSICAL_DELTA_X)?);
        if found.is_some_and(|before| before != here) {
            return None;
        }
        found = Some(here);
    }
    found
}
