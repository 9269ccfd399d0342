//! Labels that lie on a scan by its images or by the patient's coordinates: DICOM SEG and RTSTRUCT, volumes of labels.

use super::content::{FileClass, LabelFile, Page};
use crate::error::Result;
use crate::scan::series::{self, Kind};
use crate::scan::{
    Contours, Limits, Placed, Scan, Segmentation, place_contours, place_scan, place_segmentation,
    segment_values,
};

/// Reads the labels of a file for a scan, and what a person should know of them, in sentences. `name` is for sentences.
///
/// # Errors
/// `labels.elsewhere` if they belong to other images; those of [`Segmentation::read`], [`Contours::read`], [`Scan::decode`] and
/// [`place_scan`].
pub fn read_marks(bytes: &[u8], name: &str, onto: &Scan) -> Result<(LabelFile, Vec<String>)> {
    let limits = Limits::default();
    let placed = match series::head(bytes, name).map(|head| head.kind) {
        Ok(Kind::Segmentation) => place_segmentation(&Segmentation::read(bytes, &limits)?, onto)?,
        Ok(Kind::Structures) => place_contours(&Contours::read(bytes, &limits)?, onto)?,
        _ => place_scan(&Scan::decode(bytes, Some(name), &limits)?, onto, &segment_values(bytes))?,
    };
    let Placed { classes, slices, notes } = placed;
    let classes = classes.into_iter().map(|class| FileClass {
        name: class.name,
        colour: class.colour.map(|[r, g, b]| format!("#{r:02X}{g:02X}{b:02X}")),
    });
    let pages = slices
        .into_iter()
        .enumerate()
        .filter_map(|(slice, values)| values.map(|values| Page { slice: Some(slice), values }));
    Ok((LabelFile { classes: classes.collect(), pages: pages.collect() }, notes))
}
