//! Results as files that other programs read: masks, object numbers and probabilities as PNG and TIFF; objects as table, outlines and
//! records ([`Objects`] is what these writers are given); images as they were read, as TIFF and PNG; labels of whole volumes
//! ([`LabelVolume`]) as NIfTI, OME-TIFF, 3D Slicer's segmentations, DICOM segmentations and contours.

mod coco;
mod dicom;
mod geojson;
mod objects;
mod ome;
mod overlay;
mod png;
mod roi;
mod stack;
mod table;
mod tiff;
mod volume;
mod zip;

pub use coco::Coco;
pub use dicom::{Algorithm, Making, dicom_seg, dicom_seg_probability, rtstruct};
pub use geojson::geojson;
pub use objects::{Category, Objects};
pub use ome::ome_tiff;
pub use overlay::overlay;
pub use png::{class_png, mask_png, objects_png, picture_png};
pub use roi::roi_zip;
pub use stack::{Stack, float_tiff};
pub use table::Table;
pub use tiff::{objects_tiff, probability_tiff};
pub use volume::{
    LabelClass, LabelVolume, Labels, PROPERTIES, Probabilities, Property, in_steps, nifti, nifti_probability,
    seg_nrrd,
};
pub use zip::Zip;

use crate::error::{Error, Result};

/// Whether there are as many values as pixels.
///
/// # Errors
/// `export.shape`.
pub(crate) fn filled([width, height]: [usize; 2], counts: &[usize]) -> Result<()> {
    counts.iter().try_for_each(|count| size(width, height, 1, *count).map(drop))
}

/// The size as the file formats want it, if `values` is how many values an image of it has.
fn size(width: usize, height: usize, pages: usize, values: usize) -> Result<[u32; 2]> {
    let expected = width.checked_mul(height).and_then(|n| n.checked_mul(pages));
    match (u32::try_from(width), u32::try_from(height)) {
        (Ok(w), Ok(h)) if w > 0 && h > 0 && pages > 0 && expected == Some(values) => Ok([w, h]),
        _ => Err(Error::invalid(
            "export.shape",
            format!("An image of {width} x {height} pixels on {pages} pages cannot have {values} values."),
        )),
    }
}

fn failed(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::invalid("export.encode", "The result could not be written as an image file.").with_source(cause)
}
