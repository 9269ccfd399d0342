//! Kinds of DICOM objects that are no images (SOP classes of PS3.4 annex B.5), as people call them.

use super::dataset::{Dataset, broken};
use super::tags;
use crate::error::{Error, Result};

const LATER: &str = "Insitu cannot read it yet; open the image that it belongs to.";

/// Refuses an object that is no image, by its SOP class UID, or by its modality where that says enough.
///
/// # Errors
/// `dicom.segmentation` for what somebody marked on another image, and is stored as pixels; `dicom.no-pixels` for the rest.
pub(super) fn check(class: Option<&str>, modality: Option<&str>) -> Result<()> {
    let Some(class) = class.unwrap_or_default().strip_prefix("1.2.840.10008.") else {
        return by_modality(modality);
    };
    let storage = class.strip_prefix("5.1.4.1.1.").unwrap_or_default();
    // The part of the number that names a family, and the number itself.
    let family = storage.split('.').next().unwrap_or_default();
    let (what, advice) = match (class, storage, family) {
        ("1.3.10", ..) => ("the directory of a DICOM disc (DICOMDIR)", "Open the image files beside it."),
        (_, "66.4" | "66.7", _) => return Err(segmentation()),
        (_, "66.5", _) => ("a segmentation as surfaces", LATER),
        (_, "66.6", _) => ("a set of nerve tracts (tractography)", LATER),
        (_, "66.1" | "66.2" | "66.3", _) => ("how two images lie over each other (registration)", LATER),
        (_, "66", _) => ("raw data of a scanner", "Export the images that were made of it."),
        (_, "67", _) => ("a table of units for the values of another image", LATER),
        (_, "481.3", _) => ("a set of radiotherapy contours (RTSTRUCT)", LATER),
        (_, "481.5" | "481.8", _) => ("a radiotherapy plan (RTPLAN)", LATER),
        (_, "481.4" | "481.6" | "481.7" | "481.9", _) => ("a record of a radiotherapy", LATER),
        (_, "88.59", _) => ("a selection of images (key objects)", LATER),
        (_, _, "88") => ("a structured report (SR)", LATER),
        (_, "104.1", _) => ("a PDF document packed in DICOM", "Take the PDF out of it with a DICOM viewer."),
        (_, "104.3" | "104.4" | "104.5", _) => ("a 3D model packed in DICOM", LATER),
        (_, _, "104") => ("a document packed in DICOM", LATER),
        (_, _, "9") => ("a recording of waves, such as an ECG", LATER),
        (_, _, "11") => ("a presentation state: how another image is shown", LATER),
        _ => return by_modality(modality),
    };
    Err(refused(what, advice))
}

fn by_modality(modality: Option<&str>) -> Result<()> {
    match modality {
        Some("SEG") => Err(segmentation()),
        Some("RTSTRUCT") => Err(refused("a set of radiotherapy contours (RTSTRUCT)", LATER)),
        Some("RTPLAN") => Err(refused("a radiotherapy plan (RTPLAN)", LATER)),
        Some("RTRECORD") => Err(refused("a record of a radiotherapy", LATER)),
        Some("SR") => Err(refused("a structured report (SR)", LATER)),
        Some("REG") => Err(refused("how two images lie over each other (registration)", LATER)),
        _ => Ok(()),
    }
}

fn segmentation() -> Error {
    Error::unsupported(
        "dicom.segmentation",
        format!(
            "This is a DICOM segmentation (SEG), areas marked on another image, and not an image. {LATER}"
        ),
    )
}

fn refused(what: &str, advice: &str) -> Error {
    Error::unsupported("dicom.no-pixels", format!("This is {what}, and not an image. {advice}"))
}

/// Of a file without pixels that nothing else is known of.
pub(super) fn without_pixels(dataset: &Dataset<'_>) -> Error {
    match dataset.text(tags::MODALITY).as_deref() {
        Some("PR") => refused("a presentation state: how another image is shown", LATER),
        Some("ECG" | "HD" | "EPS") => refused("a recording of waves, such as an ECG", LATER),
        Some("DOC") => refused("a document packed in DICOM", LATER),
        Some("KO") => refused("a selection of images (key objects)", LATER),
        _ if dataset.elements.last().is_some_and(|e| e.cut) => broken("it ends before its pixels"),
        _ => Error::unsupported("dicom.no-pixels", "This is a DICOM file without pixels."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_image_is_named_by_its_class() {
        for (number, code, word) in [
            ("66.4", "dicom.segmentation", "segmentation (SEG)"),
            ("66.7", "dicom.segmentation", "segmentation (SEG)"),
            ("481.3", "dicom.no-pixels", "contours (RTSTRUCT)"),
            ("88.33", "dicom.no-pixels", "structured report (SR)"),
            ("104.1", "dicom.no-pixels", "PDF"),
            ("11.1", "dicom.no-pixels", "presentation state"),
            ("9.1.1", "dicom.no-pixels", "waves"),
        ] {
            let error = check(Some(&format!("1.2.840.10008.5.1.4.1.1.{number}")), None).unwrap_err();
            assert_eq!(error.code(), code, "{number}");
            assert!(error.message().contains(word) && error.message().contains("not an image"), "{error}");
        }
    }

    #[test]
    fn images_are_images_and_a_private_class_goes_by_its_modality() {
        // CT, MR, secondary capture of one bit, dose, parametric map, and whole slides.
        for number in ["2", "4", "7.1", "481.2", "30", "77.1.6"] {
            assert!(
                check(Some(&format!("1.2.840.10008.5.1.4.1.1.{number}")), Some("OT")).is_ok(),
                "{number}"
            );
        }
        assert!(check(None, Some("CT")).is_ok());
        assert_eq!(check(Some("1.2.3"), Some("SEG")).unwrap_err().code(), "dicom.segmentation");
    }
}
