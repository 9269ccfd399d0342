//! Segmentation Storage (PS3.3 A.51 and C.8.20): segments as frames of one bit, or of eight that say how probable they are.

use super::colour::cielab;
use super::element::{Elements, Syntax};
use super::{Making, Origin, check, instances, plane, reference};
use crate::error::{Error, Result};
use crate::export::volume::{LabelVolume, Probabilities};
use crate::scan::geometry::dot;
use crate::sorting::sort_by;

const CLASS: &str = "1.2.840.10008.5.1.4.1.1.66.4";
/// The largest fractional value.
const MAX_FRACTION: u16 = 255;

/// The labels as a DICOM segmentation, BINARY: class `n` is segment `n`, with frames only where there is something of it, one after
/// the other, each with its place and its source image.
///
/// # Errors
/// `export.shape`, `export.classes` without classes, `export.limit.classes`, `export.limit.dicom`.
pub fn dicom_seg(volume: &LabelVolume<'_>, making: &Making<'_>) -> Result<Vec<u8>> {
    let size = check(volume)?;
    // Which classes a slice has.
    let mut present = Vec::with_capacity(volume.size[2]);
    for slice in 0..volume.size[2] {
        let mut has = [false; 256];
        for label in volume.slice(slice)?.iter().flat_map(|labels| labels.iter()) {
            has[usize::from(*label)] = true;
        }
        present.push(has);
    }
    let (mut frames, mut bits) = (Vec::new(), Bits::default());
    for class in 1..=volume.classes.len() {
        for (slice, _) in present.iter().enumerate().filter(|(_, has)| has[class]) {
            let Some(labels) = volume.slice(slice)? else { continue };
            let labels = volume.turned(&labels);
            labels.iter().for_each(|label| bits.push(usize::from(*label) == class));
            frames.push((class, slice));
        }
    }
    if frames.is_empty() {
        frames.push((1, 0));
        (0..volume.area()).for_each(|_| bits.push(false));
    }
    write(volume, making, size, frames, bits.bytes, false)
}

/// Probabilities as a DICOM segmentation, FRACTIONAL, in steps of 1 / 255: frames only where one is above 0.
///
/// # Errors
/// As [`dicom_seg`].
pub fn dicom_seg_probability(
    volume: &LabelVolume<'_>,
    probability: &Probabilities<'_>,
    making: &Making<'_>,
) -> Result<Vec<u8>> {
    let size = check(volume)?;
    let mut frames = Vec::new();
    for (class, slice) in
        (1..=volume.classes.len()).flat_map(|class| (0..volume.size[2]).map(move |slice| (class, slice)))
    {
        let values = probability(class, slice);
        if !values.is_empty() {
            crate::export::size(volume.size[0], volume.size[1], 1, values.len())?;
        }
        if values.iter().any(|v| *v > 0) {
            frames.push((class, slice));
        }
    }
    let mut pixels = Vec::new();
    let bytes = volume.area().saturating_mul(frames.len().max(1));
    pixels.try_reserve_exact(bytes).map_err(|_| {
        Error::limit(
            "export.limit.memory",
            format!("There is not enough memory left for a file of {} MB.", bytes / 1_000_000),
        )
    })?;
    for (class, slice) in &frames {
        pixels.extend(volume.turned(&probability(*class, *slice)));
    }
    if frames.is_empty() {
        frames.push((1, 0));
        pixels.resize(volume.area(), 0);
    }
    write(volume, making, size, frames, pixels, true)
}

/// Bits without gaps, lowest first (PS3.5 section 8.1.1).
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u8,
}

impl Bits {
    fn push(&mut self, bit: bool) {
        if self.used == 0 {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << self.used;
        }
        self.used = (self.used + 1) % 8;
    }
}

fn write(
    volume: &LabelVolume<'_>,
    making: &Making<'_>,
    [width, height]: [u16; 2],
    frames: Vec<(usize, usize)>,
    pixels: Vec<u8>,
    fractional: bool,
) -> Result<Vec<u8>> {
    if pixels.len() > u32::MAX as usize - 1 {
        return Err(Error::limit(
            "export.limit.dicom",
            "This segmentation is larger than 4 GiB, which DICOM does not take. Save it as NIfTI.",
        ));
    }
    let origin = Origin::new(volume, making, CLASS, &pixels);
    let mut out = Elements::default();
    origin.modules(&mut out, "SEG");
    image(&mut out, making, [width, height], frames.len(), fractional);
    let segments = (1..=volume.classes.len()).map(|class| segment(volume, making, class)).collect();
    out.items((0x0062, 0x0002), segments);
    if plane(volume, 0).is_none() {
        // Patient Orientation is not known where there is no place.
        out.text((0x0020, 0x0020), b"CS", "");
    }
    dimensions(&mut out, volume, &origin);
    shared(&mut out, volume);
    let slices = slices_in_order(volume);
    let per_frame = frames.iter().map(|(class, slice)| frame(volume, *class, *slice, &slices)).collect();
    out.items((0x5200, 0x9230), per_frame);
    let references = instances(&origin.source);
    if !references.is_empty() {
        out.item((0x0008, 0x1115), |series| {
            series.text((0x0020, 0x000E), b"UI", &origin.source.series);
            series.items((0x0008, 0x114A), references);
        });
    }
    out.bytes((0x7FE0, 0x0010), b"OB", pixels);
    Ok(out.file(Syntax::ExplicitLittle, [CLASS, &origin.instance]))
}

/// General Image, Image Pixel, Segmentation Image and Multi-frame modules (C.7.6.1, C.7.6.3, C.8.20.2, C.7.6.16).
fn image(
    out: &mut Elements,
    making: &Making<'_>,
    [width, height]: [u16; 2],
    frames: usize,
    fractional: bool,
) {
    out.text((0x0008, 0x0008), b"CS", "DERIVED\\PRIMARY");
    out.text((0x0008, 0x0023), b"DA", making.date);
    out.text((0x0008, 0x0033), b"TM", making.time);
    out.text((0x0020, 0x0013), b"IS", "1");
    out.shorts((0x0028, 0x0002), &[1]);
    out.text((0x0028, 0x0004), b"CS", "MONOCHROME2");
    out.text((0x0028, 0x0008), b"IS", &frames.to_string());
    out.shorts((0x0028, 0x0010), &[height]);
    out.shorts((0x0028, 0x0011), &[width]);
    let bits = if fractional { 8 } else { 1 };
    out.shorts((0x0028, 0x0100), &[bits]);
    out.shorts((0x0028, 0x0101), &[bits]);
    out.shorts((0x0028, 0x0102), &[bits - 1]);
    out.shorts((0x0028, 0x0103), &[0]);
    out.text((0x0028, 0x2110), b"CS", "00");
    out.text((0x0070, 0x0080), b"CS", "SEGMENTATION");
    out.words((0x0070, 0x0081), b"LO", making.description());
    out.text((0x0070, 0x0084), b"PN", "Insitu");
    out.text((0x0062, 0x0001), b"CS", if fractional { "FRACTIONAL" } else { "BINARY" });
    if fractional {
        out.text((0x0062, 0x0010), b"CS", "PROBABILITY");
        out.shorts((0x0062, 0x000E), &[MAX_FRACTION]);
    }
    // Segments Overlap.
    out.text((0x0062, 0x0013), b"CS", if fractional { "UNDEFINED" } else { "NO" });
}

/// An item of the Segment Sequence (C.8.20.4).
fn segment(volume: &LabelVolume<'_>, making: &Making<'_>, class: usize) -> Elements {
    let mut out = Elements::default();
    let (about, property) = (&volume.classes[class - 1], volume.classes[class - 1].property);
    out.shorts((0x0062, 0x0004), &[class as u16]);
    let name = if about.name.trim().is_empty() { "Segment" } else { &about.name };
    out.words((0x0062, 0x0005), b"LO", name);
    out.text((0x0062, 0x0008), b"CS", making.algorithm_type());
    if making.algorithm != super::Algorithm::Manual {
        let name = making.algorithm_name.trim();
        out.words((0x0062, 0x0009), b"LO", if name.is_empty() { "Insitu" } else { name });
    }
    out.code((0x0062, 0x0003), "SCT", property.category, property.category_meaning());
    out.code((0x0062, 0x000F), "SCT", property.code, property.meaning);
    out.shorts((0x0062, 0x000D), &cielab(about.colour));
    out
}

/// Multi-frame Dimension module (C.7.6.17): by segment, and by place where there is one.
fn dimensions(out: &mut Elements, volume: &LabelVolume<'_>, origin: &Origin<'_>) {
    let organisation = super::uid(&[origin.instance.as_bytes(), b"dimensions"]);
    out.item((0x0020, 0x9221), |item| item.text((0x0020, 0x9164), b"UI", &organisation));
    let index = |pointer, group, label: &str| {
        Elements::new(|item| {
            item.text((0x0020, 0x9164), b"UI", &organisation);
            item.pointer((0x0020, 0x9165), pointer);
            item.pointer((0x0020, 0x9167), group);
            item.text((0x0020, 0x9421), b"LO", label);
        })
    };
    let mut indices = vec![index((0x0062, 0x000B), (0x0062, 0x000A), "Segment Number")];
    if plane(volume, 0).is_some() {
        indices.push(index((0x0020, 0x0032), (0x0020, 0x9113), "Image Position Patient"));
    }
    out.items((0x0020, 0x9222), indices);
}

/// What all frames share (C.7.6.16.2.1, .4): distances and directions.
fn shared(out: &mut Elements, volume: &LabelVolume<'_>) {
    let plane = plane(volume, 0);
    out.item((0x5200, 0x9229), |groups| {
        let known = plane.is_some() || volume.spacing.is_some();
        if known {
            let place = volume.file_place(false);
            let [x, y, along] = place.spacing();
            // Slices of a tilted gantry lie closer than their first pixels.
            let distance = dot(place.normal(), place.steps[2]).abs();
            let distance = if distance > 0.0 { distance } else { along };
            groups.item((0x0028, 0x9110), |measures| {
                measures.decimals((0x0018, 0x0050), &[distance]);
                measures.decimals((0x0018, 0x0088), &[distance]);
                measures.decimals((0x0028, 0x0030), &[y, x]);
            });
        }
        if let Some(plane) = plane {
            groups.item((0x0020, 0x9116), |item| {
                item.decimals((0x0020, 0x0037), plane.directions.as_flattened());
            });
        }
    });
}

/// Of each slice its place (from 1) among all, along their normal.
fn slices_in_order(volume: &LabelVolume<'_>) -> Vec<u32> {
    let normal = volume.file_place(false).normal();
    let heights: Vec<f64> = (0..volume.size[2])
        .map(|slice| plane(volume, slice).map_or(slice as f64, |plane| dot(plane.position, normal)))
        .collect();
    let mut order: Vec<usize> = (0..heights.len()).collect();
    sort_by(&mut order, |a, b| heights[*a].total_cmp(&heights[*b]));
    let mut places = vec![0; heights.len()];
    for (place, slice) in order.into_iter().enumerate() {
        places[slice] = place as u32 + 1;
    }
    places
}

/// Functional groups of a frame (C.7.6.16.2, C.8.20.3).
fn frame(volume: &LabelVolume<'_>, class: usize, slice: usize, order: &[u32]) -> Elements {
    let mut out = Elements::default();
    let plane = plane(volume, slice);
    out.item((0x0020, 0x9111), |content| {
        let indices = [class as u32, order[slice]];
        content.longs((0x0020, 0x9157), if plane.is_some() { &indices } else { &indices[..1] });
    });
    if let Some(plane) = plane {
        out.item((0x0020, 0x9113), |item| item.decimals((0x0020, 0x0032), &plane.position));
    }
    out.item((0x0062, 0x000A), |item| item.shorts((0x0062, 0x000B), &[class as u16]));
    let source = volume.source.and_then(|source| reference(source, slice));
    if let Some(mut source) = source {
        source.text((0x0028, 0x135A), b"CS", "YES");
        source.code((0x0040, 0xA170), "DCM", "121322", "Source image for image processing operation");
        out.item((0x0008, 0x9124), |derivation| {
            derivation.code((0x0008, 0x9215), "DCM", "113076", "Segmentation");
            derivation.items((0x0008, 0x2112), vec![source]);
        });
    }
    out
}
