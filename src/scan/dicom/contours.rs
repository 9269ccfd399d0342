//! RT Structure Sets (PS3.3 A.19): closed planar contours (C.8.8.6).

use super::dataset::Dataset;
use super::open::open;
use super::segmentation::{
    FRAME_OF_REFERENCE_UID, REFERENCED_FRAME_NUMBER, REFERENCED_SOP_INSTANCE_UID, SERIES_INSTANCE_UID,
};
use super::tags::Tag;
use crate::error::{Error, Result};
use crate::scan::Limits;
use crate::scan::geometry::Vector;
use crate::scan::placing::MarkedClass;

const REFERENCED_FRAME_OF_REFERENCE_SEQUENCE: Tag = (0x3006, 0x0010);
const RT_REFERENCED_STUDY_SEQUENCE: Tag = (0x3006, 0x0012);
const RT_REFERENCED_SERIES_SEQUENCE: Tag = (0x3006, 0x0014);
const CONTOUR_IMAGE_SEQUENCE: Tag = (0x3006, 0x0016);
const STRUCTURE_SET_ROI_SEQUENCE: Tag = (0x3006, 0x0020);
const ROI_NUMBER: Tag = (0x3006, 0x0022);
const REFERENCED_FRAME_OF_REFERENCE_UID: Tag = (0x3006, 0x0024);
const ROI_NAME: Tag = (0x3006, 0x0026);
const ROI_DISPLAY_COLOR: Tag = (0x3006, 0x002A);
const ROI_CONTOUR_SEQUENCE: Tag = (0x3006, 0x0039);
const CONTOUR_SEQUENCE: Tag = (0x3006, 0x0040);
const CONTOUR_GEOMETRIC_TYPE: Tag = (0x3006, 0x0042);
const CONTOUR_DATA: Tag = (0x3006, 0x0050);
const REFERENCED_ROI_NUMBER: Tag = (0x3006, 0x0084);

/// Outlines that were drawn on images, in the patient.
#[derive(Clone, Debug)]
pub struct Contours {
    /// In the order of the file.
    pub classes: Vec<MarkedClass>,
    /// Series Instance UIDs of the images.
    pub series: Vec<String>,
    /// Frame of Reference UID; empty where there is none.
    pub frame_of_reference: String,
    pub contours: Vec<Contour>,
    /// How many lines are not closed or not planar.
    pub others: usize,
}

/// One closed line.
#[derive(Clone, Debug, PartialEq)]
pub struct Contour {
    /// From 1, a place in the classes.
    pub class: u8,
    /// Corners, mm; the last is joined to the first. One or two where an object is one pixel wide.
    pub points: Vec<Vector>,
    /// SOP Instance UIDs of the images that it was drawn on, and numbers of their frames.
    pub sources: Vec<(String, Option<u32>)>,
}

impl Contours {
    /// Reads a file.
    ///
    /// # Errors
    /// `dicom.invalid`; `dicom.unsupported.contours` for what has no contours, or more than 254 structures; `scan.limit.bytes`.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self> {
        open(bytes, limits, |dataset, _| contours(dataset))
    }
}

fn contours(dataset: &Dataset<'_>) -> Result<Contours> {
    let structures = dataset.items(STRUCTURE_SET_ROI_SEQUENCE);
    let refused = |what: &str| {
        Err(Error::unsupported("dicom.unsupported.contours", format!("This DICOM file {what}.")))
    };
    if structures.is_empty() {
        return refused("has no contours");
    }
    if structures.len() > MarkedClass::MAX_COUNT {
        return refused("has contours of more than 254 structures, which Insitu cannot tell apart");
    }
    let number = |item: &Dataset<'_>, tag| item.decimal(tag).map(|n| n as i64);
    let numbers: Vec<Option<i64>> = structures.iter().map(|s| number(s, ROI_NUMBER)).collect();
    let mut out = Contours {
        classes: structures.iter().map(|s| MarkedClass { name: s.text(ROI_NAME), colour: None }).collect(),
        series: Vec::new(),
        frame_of_reference: String::new(),
        contours: Vec::new(),
        others: 0,
    };
    let first = structures.iter().find_map(|s| s.text(REFERENCED_FRAME_OF_REFERENCE_UID));
    let frames = dataset.items(REFERENCED_FRAME_OF_REFERENCE_SEQUENCE);
    let told = frames.iter().find_map(|frame| frame.text(FRAME_OF_REFERENCE_UID));
    out.frame_of_reference = first.or(told).unwrap_or_default();
    let studies = frames.iter().flat_map(|frame| frame.items(RT_REFERENCED_STUDY_SEQUENCE));
    let series = studies.flat_map(|study| study.items(RT_REFERENCED_SERIES_SEQUENCE));
    out.series = series.filter_map(|series| series.text(SERIES_INSTANCE_UID)).collect();
    for roi in dataset.items(ROI_CONTOUR_SEQUENCE) {
        let wanted = number(&roi, REFERENCED_ROI_NUMBER);
        let Some(place) = numbers.iter().position(|n| n.is_some() && *n == wanted) else { continue };
        if let (Some(class), Some([r, g, b])) = (
            out.classes.get_mut(place),
            roi.decimals(ROI_DISPLAY_COLOR).unwrap_or_default().first_chunk::<3>(),
        ) {
            class.colour = Some([*r, *g, *b].map(|v| v as u8));
        }
        for contour in roi.items(CONTOUR_SEQUENCE) {
            let kind = contour.text(CONTOUR_GEOMETRIC_TYPE).unwrap_or_default();
            let numbers = contour.decimals(CONTOUR_DATA).unwrap_or_default();
            let points = numbers.as_chunks::<3>().0.to_vec();
            if !matches!(&*kind, "CLOSED_PLANAR" | "CLOSEDPLANAR_XOR") || points.is_empty() {
                out.others += 1;
                continue;
            }
            let images = contour.items(CONTOUR_IMAGE_SEQUENCE);
            let source = |image: &Dataset<'_>| {
                let frame = image.decimal(REFERENCED_FRAME_NUMBER).map(|n| n as u32);
                image.text(REFERENCED_SOP_INSTANCE_UID).map(|uid| (uid, frame))
            };
            let sources = images.iter().filter_map(source).collect();
            out.contours.push(Contour { class: place as u8 + 1, points, sources });
        }
    }
    Ok(out)
}
