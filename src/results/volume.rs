//! What there is of all slices of a scan as one file: DICOM SEG, RTSTRUCT, NIfTI, OME-TIFF, 3D Slicer's segmentation.

use super::Kind;
use crate::error::{Error, Result};
use crate::export::{
    LabelClass, LabelVolume, Labels, Making, Probabilities, Property, dicom_seg, dicom_seg_probability,
    nifti, nifti_probability, ome_tiff, rtstruct, seg_nrrd,
};
use crate::scan::Scan;
use crate::weights::Class;

/// What a file of all slices is made of.
#[derive(Clone, Copy)]
pub struct Contents<'a> {
    pub classes: &'a [LabelClass],
    /// The classes of a slice, `[row][column]`, 255 where nobody labelled, nothing where there is none.
    pub labels: &'a Labels<'a>,
    /// For files of probabilities ([`Kind::is_probability`]); others never ask.
    pub probability: &'a Probabilities<'a>,
}

/// The file of a kind that holds all slices ([`Kind::is_volume`]), over the scan to the voxel.
///
/// # Errors
/// `export.kind` for a kind of single slices; `export.times` for a NIfTI or NRRD file of several channels, or an NRRD file of several times; those of the writers.
pub fn volume_file(
    kind: Kind,
    scan: &Scan,
    Contents { classes, labels, probability }: Contents<'_>,
    making: &Making<'_>,
) -> Result<Vec<u8>> {
    // As long-lived as the names.
    let labels = |slice: usize| labels(slice);
    let volume = LabelVolume {
        size: [scan.width, scan.height, scan.slices],
        classes,
        geometry: scan.geometry,
        spacing: scan.spacing,
        turn: scan.turn,
        source: scan.source.as_ref(),
        labels: &labels,
    };
    let depths = LabelVolume { size: [scan.width, scan.height, scan.planes.depths], ..volume };
    let (channels, times) = (scan.planes.channels.len(), scan.planes.times);
    let one_channel = matches!(kind, Kind::Nifti | Kind::Nrrd | Kind::ProbabilityNifti);
    if channels > 1 && one_channel || times > 1 && kind == Kind::Nrrd {
        return Err(Error::unsupported(
            "export.times",
            "This image has several channels or times, and such a file holds the labels of one volume alone. Save a DICOM SEG, OME-TIFF, NIfTI (of \
             several times) or class PNGs instead.",
        ));
    }
    match kind {
        Kind::Seg => dicom_seg(&volume, making),
        Kind::Rtstruct => rtstruct(&volume, making),
        Kind::Nifti => nifti(&depths, times),
        // A fourth axis of 3D Slicer's segmentations is one of layers, never of times.
        Kind::Nrrd => seg_nrrd(&depths),
        Kind::OmeTiff => ome_tiff(&volume, &scan.planes),
        Kind::ProbabilityNifti => nifti_probability(&depths, times, probability),
        Kind::ProbabilitySeg => dicom_seg_probability(&volume, probability, making),
        _ => Err(Error::invalid("export.kind", format!("{} is no file of a volume.", kind.name()))),
    }
}

/// A class as files of volumes name it. `code`: the name of what it is in the patient ([`Property::id`]); if empty, what its name says.
///
/// # Errors
/// `argument` for a code that is not there.
pub fn label_class(class: &Class, code: &str) -> Result<LabelClass> {
    let property = if code.is_empty() { Property::guessed(&class.name) } else { Property::named(code)? };
    Ok(LabelClass { name: class.name.clone(), colour: class.rgb(), property })
}
