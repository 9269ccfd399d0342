//! RT Structure Set Storage (PS3.3 A.19, C.8.8.5 and C.8.8.6): the outlines of classes on each slice, in the patient.

use super::element::{Elements, Syntax, Tag};
use super::keyhole::line;
use super::{Making, Origin, check, instances, plane, reference};
use crate::error::{Error, Result};
use crate::export::volume::LabelVolume;
use crate::objects::outlines;

const CLASS: &str = "1.2.840.10008.5.1.4.1.1.481.3";
const STUDY_CLASS: &str = "1.2.840.10008.3.1.2.3.1";
const REFERENCED_FRAME_OF_REFERENCE_UID: Tag = (0x3006, 0x0024);

/// The labels as closed planar contours along the edges of pixels. A hole is part of the contour around it (keyhole), which programs
/// that add overlapping contours and those that take one from the other read alike.
///
/// # Errors
/// `export.rtstruct.place` if it is not known where the slices lie; as [`dicom_seg`](super::dicom_seg).
pub fn rtstruct(volume: &LabelVolume<'_>, making: &Making<'_>) -> Result<Vec<u8>> {
    check(volume)?;
    if plane(volume, 0).is_none() || volume.geometry.is_none() && volume.source.is_none() {
        return Err(Error::unsupported(
            "export.rtstruct.place",
            "Contours (RTSTRUCT) lie in the patient, and this image does not say where it does. Save the labels as a DICOM segmentation.",
        ));
    }
    let mut contours: Vec<Vec<Elements>> = vec![Vec::new(); volume.classes.len()];
    let mut content = Vec::new();
    for slice in 0..volume.size[2] {
        let (Some(labels), Some(plane)) = (volume.slice(slice)?, plane(volume, slice)) else { continue };
        let numbers: Vec<u32> = volume.turned(&labels).into_iter().map(u32::from).collect();
        for outline in outlines(&numbers, volume.file_size()[0]) {
            for piece in &outline.pieces {
                let line = line(piece);
                // Millionths of a millimetre are enough, and texts stay short.
                let point = |at: &[f64; 2]| plane.at(*at).map(|v| (v * 1e6).round() / 1e6);
                let points: Vec<f64> = line.iter().flat_map(point).collect();
                content.extend([outline.object as u8]);
                content.extend(points.iter().flat_map(|v| v.to_le_bytes()));
                let contour = Elements::new(|item| {
                    if let Some(image) = volume.source.and_then(|source| reference(source, slice)) {
                        item.items((0x3006, 0x0016), vec![image]);
                    }
                    item.text((0x3006, 0x0042), b"CS", "CLOSED_PLANAR");
                    item.text((0x3006, 0x0046), b"IS", &line.len().to_string());
                    item.decimals((0x3006, 0x0050), &points);
                });
                if let Some(of_class) = contours.get_mut((outline.object as usize).saturating_sub(1)) {
                    of_class.push(contour);
                }
            }
        }
    }
    let origin = Origin::new(volume, making, CLASS, &content);
    let mut out = Elements::default();
    origin.modules(&mut out, "RTSTRUCT");
    structures(&mut out, volume, &origin);
    regions(&mut out, volume, contours);
    Ok(out.file(Syntax::ImplicitLittle, [CLASS, &origin.instance]))
}

/// Structure Set module (C.8.8.5).
fn structures(out: &mut Elements, volume: &LabelVolume<'_>, origin: &Origin<'_>) {
    let making = origin.making;
    out.text((0x0008, 0x1070), b"PN", "");
    out.text((0x0020, 0x0013), b"IS", "1");
    out.text((0x3006, 0x0002), b"SH", "INSITU");
    out.words((0x3006, 0x0004), b"LO", making.description());
    out.text((0x3006, 0x0008), b"DA", making.date);
    out.text((0x3006, 0x0009), b"TM", making.time);
    let (source, images) = (&origin.source, instances(&origin.source));
    out.item((0x3006, 0x0010), |frame| {
        frame.text((0x0020, 0x0052), b"UI", &origin.frame_of_reference);
        if images.is_empty() || source.study.instance.is_empty() {
            return;
        }
        frame.item((0x3006, 0x0012), |study| {
            study.text((0x0008, 0x1150), b"UI", STUDY_CLASS);
            study.text((0x0008, 0x1155), b"UI", &source.study.instance);
            study.item((0x3006, 0x0014), |series| {
                series.text((0x0020, 0x000E), b"UI", &source.series);
                series.items((0x3006, 0x0016), images);
            });
        });
    });
    let regions = volume.classes.iter().enumerate().map(|(i, class)| {
        Elements::new(|item| {
            item.text((0x3006, 0x0022), b"IS", &(i + 1).to_string());
            item.text(REFERENCED_FRAME_OF_REFERENCE_UID, b"UI", &origin.frame_of_reference);
            item.words((0x3006, 0x0026), b"LO", &class.name);
            item.text((0x3006, 0x0036), b"CS", making.algorithm_type());
        })
    });
    out.items((0x3006, 0x0020), regions.collect());
    out.text((0x300E, 0x0002), b"CS", "UNAPPROVED");
}

/// ROI Contour and RT ROI Observations modules (C.8.8.6, C.8.8.8).
fn regions(out: &mut Elements, volume: &LabelVolume<'_>, contours: Vec<Vec<Elements>>) {
    let (mut regions, mut observations) = (Vec::new(), Vec::new());
    for (i, (class, contours)) in volume.classes.iter().zip(contours).enumerate() {
        let number = (i + 1).to_string();
        regions.push(Elements::new(|item| {
            item.text((0x3006, 0x002A), b"IS", &class.colour.map(|c| c.to_string()).join("\\"));
            if !contours.is_empty() {
                item.items((0x3006, 0x0040), contours);
            }
            item.text((0x3006, 0x0084), b"IS", &number);
        }));
        observations.push(Elements::new(|item| {
            item.text((0x3006, 0x0082), b"IS", &number);
            item.text((0x3006, 0x0084), b"IS", &number);
            // RT ROI Identification Code Sequence.
            item.code((0x3006, 0x0086), "SCT", class.property.code, class.property.meaning);
            item.text((0x3006, 0x00A4), b"CS", "");
            item.text((0x3006, 0x00A6), b"PN", "");
        }));
    }
    out.items((0x3006, 0x0039), regions);
    out.items((0x3006, 0x0080), observations);
}
