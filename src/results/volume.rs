//! The labels of all slices of a scan as one file: DICOM SEG, RTSTRUCT, NIfTI, 3D Slicer's segmentation.

use std::borrow::Cow;

use super::Kind;
use crate::error::{Error, Result};
use crate::export::{
    LabelClass, LabelVolume, Labels, Making, PROPERTIES, Property, dicom_seg, nifti, rtstruct, seg_nrrd,
};
use crate::scan::Scan;
use crate::weights::Class;

/// The file of a kind that holds all slices ([`Kind::is_volume`]), over the scan to the voxel. `labels` gives the classes of a slice,
/// `[row][column]`, 255 where nobody labelled, nothing where there is none.
///
/// # Errors
/// `export.kind` for a kind of single slices; `export.times` for a NIfTI or NRRD file of several channels, or an NRRD file of several times; those of the writers.
pub fn volume_file(
    kind: Kind,
    scan: &Scan,
    classes: &[Class],
    labels: &Labels<'_>,
    making: &Making<'_>,
) -> Result<Vec<u8>> {
    let named: Vec<LabelClass> = classes.iter().map(label_class).collect();
    // As long-lived as the names.
    let labels = |slice: usize| -> Cow<'_, [u8]> { labels(slice) };
    let volume = LabelVolume {
        size: [scan.width, scan.height, scan.slices],
        classes: &named,
        geometry: scan.geometry,
        spacing: scan.spacing,
        turn: scan.turn,
        source: scan.source.as_ref(),
        labels: &labels,
    };
    let depths = LabelVolume { size: [scan.width, scan.height, scan.planes.depths], ..volume };
    let (channels, times) = (scan.planes.channels.len(), scan.planes.times);
    if channels > 1 && matches!(kind, Kind::Nifti | Kind::Nrrd) || times > 1 && kind == Kind::Nrrd {
        return Err(Error::unsupported(
            "export.times",
            "This image has several channels or times, and such a file holds the labels of one volume alone. Save a DICOM SEG, NIfTI (of several \
             times) or class PNGs instead.",
        ));
    }
    match kind {
        Kind::Seg => dicom_seg(&volume, making),
        Kind::Rtstruct => rtstruct(&volume, making),
        Kind::Nifti => nifti(&depths, times),
        Kind::Nrrd => seg_nrrd(&depths),
        _ => Err(Error::invalid("export.kind", format!("{} is no file of a volume.", kind.name()))),
    }
}

/// A class as files of volumes name it: what it is in the patient goes by its name.
fn label_class(class: &Class) -> LabelClass {
    LabelClass { name: class.name.clone(), colour: class.rgb(), property: property_of(&class.name) }
}

/// The code whose name is among the words; tissue if none is.
fn property_of(name: &str) -> Property {
    let words = name.to_lowercase().replace(['-', '_'], " ");
    let found = PROPERTIES.iter().rev().find(|property| words.contains(&property.id.replace('-', " ")));
    found.copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_gets_the_code_of_what_its_name_says() {
        let id = |name| property_of(name).id;
        assert_eq!(
            ["Lungs", "left_ventricle", "retina vessels", "nucleus", "something"].map(id),
            ["lung", "left-ventricle", "vessel", "nucleus", "tissue"]
        );
    }
}
