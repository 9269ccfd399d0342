//! Segmentations (PS3.3 A.51, C.8.20): BINARY, FRACTIONAL and label maps (C.8.20.5), frames in any order.

use super::dataset::{Dataset, broken};
use super::layout::Layout;
use super::open::open;
use super::pixels;
use super::tags::{self, Tag};
use super::transfer_syntax::Compression;
use crate::error::{Error, Result};
use crate::scan::geometry::Vector;
use crate::scan::placing::MarkedClass;
use crate::scan::samples::Samples;
use crate::scan::{Limits, SampleType};
use crate::sorting::sort_by_key;

pub(super) const REFERENCED_SOP_INSTANCE_UID: Tag = (0x0008, 0x1155);
pub(super) const REFERENCED_FRAME_NUMBER: Tag = (0x0008, 0x1160);
const REFERENCED_SERIES_SEQUENCE: Tag = (0x0008, 0x1115);
const SOURCE_IMAGE_SEQUENCE: Tag = (0x0008, 0x2112);
const DERIVATION_IMAGE_SEQUENCE: Tag = (0x0008, 0x9124);
pub(super) const SERIES_INSTANCE_UID: Tag = (0x0020, 0x000E);
const IMAGE_POSITION_PATIENT: Tag = (0x0020, 0x0032);
const IMAGE_ORIENTATION_PATIENT: Tag = (0x0020, 0x0037);
pub(super) const FRAME_OF_REFERENCE_UID: Tag = (0x0020, 0x0052);
const PLANE_POSITION_SEQUENCE: Tag = (0x0020, 0x9113);
const PLANE_ORIENTATION_SEQUENCE: Tag = (0x0020, 0x9116);
const SEGMENTATION_TYPE: Tag = (0x0062, 0x0001);
const SEGMENT_SEQUENCE: Tag = (0x0062, 0x0002);
const SEGMENT_NUMBER: Tag = (0x0062, 0x0004);
const SEGMENT_LABEL: Tag = (0x0062, 0x0005);
const SEGMENT_IDENTIFICATION_SEQUENCE: Tag = (0x0062, 0x000A);
const REFERENCED_SEGMENT_NUMBER: Tag = (0x0062, 0x000B);
const RECOMMENDED_DISPLAY_CIELAB_VALUE: Tag = (0x0062, 0x000D);
const MAXIMUM_FRACTIONAL_VALUE: Tag = (0x0062, 0x000E);

/// Areas that were marked on images, as frames.
#[derive(Clone, Debug)]
pub struct Segmentation {
    /// In the order of the segments' numbers.
    pub classes: Vec<MarkedClass>,
    /// Columns and rows of a frame.
    pub size: [usize; 2],
    /// Series Instance UIDs of the images.
    pub series: Vec<String>,
    /// Frame of Reference UID; empty where there is none.
    pub frame_of_reference: String,
    pub frames: Vec<SegmentationFrame>,
    /// Numbers of the segments.
    numbers: Vec<u32>,
    values: Values,
}

/// One frame.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentationFrame {
    /// From 1, a place in the classes; 0 for a label map, whose pixels tell.
    pub class: u8,
    /// SOP Instance UIDs of the images that the frame was drawn on, and numbers of their frames.
    pub sources: Vec<(String, Option<u32>)>,
    pub plane: Option<FramePlane>,
}

/// Where a frame lies in the patient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FramePlane {
    /// The centre of the first pixel, mm.
    pub position: Vector,
    /// Along a row, along a column.
    pub directions: [Vector; 2],
    /// Distances of columns and of rows, mm.
    pub spacing: [f64; 2],
    /// To the next frame, mm.
    pub distance: Option<f64>,
}

#[derive(Clone, Debug)]
enum Values {
    /// One bit a pixel, without gaps.
    Bits(Vec<u8>),
    /// Values from `least` on are in the segment.
    Fractions { samples: Samples, least: f64 },
    /// Numbers of segments.
    Numbers(Samples),
}

impl Segmentation {
    /// Reads a file.
    ///
    /// # Errors
    /// `dicom.invalid`; `dicom.unsupported.segmentation` for what is no segmentation as pixels, for tiles of whole slides and for more
    /// than 254 segments; `scan.limit.*`; `dicom.unsupported.*`.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self> {
        open(bytes, limits, |dataset, transfer| {
            let layout = Layout::new(dataset)?;
            let kind = dataset.text(SEGMENTATION_TYPE).unwrap_or_default();
            let tiled =
                dataset.number(tags::TOTAL_PIXEL_MATRIX_COLUMNS).is_some_and(|n| n as usize > layout.width);
            if layout.samples != 1 || !matches!(&*kind, "BINARY" | "FRACTIONAL" | "LABELMAP") || tiled {
                return Err(refused(if tiled {
                    "marks tiles of a whole slide"
                } else {
                    "is no segmentation as pixels"
                }));
            }
            let mut values = if layout.allocated == 1 && transfer.compression == Compression::None {
                let n = layout.pixels().checked_mul(layout.frames).map(|n| n.div_ceil(8));
                let bytes = dataset.find(tags::PIXEL_DATA).and_then(|e| e.bytes.get(..n?));
                Values::Bits(bytes.ok_or_else(|| broken("pixels are missing at its end"))?.to_vec())
            } else {
                let samples = pixels::decode(dataset, transfer, &layout, limits)?;
                Values::Fractions { samples, least: 1.0 }
            };
            if let Values::Fractions { samples, least } = &mut values {
                let most = dataset.number(MAXIMUM_FRACTIONAL_VALUE).unwrap_or(1).max(1);
                match &*kind {
                    "FRACTIONAL" => *least = f64::from(most) / 2.0,
                    "LABELMAP" if matches!(layout.kind, SampleType::U8 | SampleType::U16) => {
                        values = Values::Numbers(std::mem::replace(samples, Samples::U8(Vec::new())));
                    }
                    _ => {}
                }
            }
            let (numbers, classes) = segments(dataset)?;
            let frames = frames(dataset, &layout, &numbers, matches!(values, Values::Numbers(_)))?;
            let series = dataset.items(REFERENCED_SERIES_SEQUENCE);
            Ok(Self {
                classes,
                size: [layout.width, layout.height],
                series: series.iter().filter_map(|s| s.text(SERIES_INSTANCE_UID)).collect(),
                frame_of_reference: dataset.text(FRAME_OF_REFERENCE_UID).unwrap_or_default(),
                frames,
                numbers,
                values,
            })
        })
    }

    /// The class at a pixel of a frame, 0 where there is none.
    pub fn class_at(&self, frame: usize, pixel: usize) -> u8 {
        let [width, height] = self.size;
        let at = frame * width * height + pixel;
        let class = self.frames.get(frame).map_or(0, |frame| frame.class);
        let within = match &self.values {
            Values::Bits(bits) => bits.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1),
            Values::Fractions { samples, least } => samples.get(at).is_some_and(|v| v > 0.0 && v >= *least),
            Values::Numbers(samples) => {
                let number = samples.get(at).unwrap_or(0.0) as u32;
                return self.numbers.binary_search(&number).map_or(0, |place| place as u8 + 1);
            }
        };
        if within { class } else { 0 }
    }
}

fn refused(what: &str) -> Error {
    Error::unsupported(
        "dicom.unsupported.segmentation",
        format!("This DICOM file {what}, and Insitu reads segmentations as pixels on images only."),
    )
}

/// Numbers and what they stand for, in rising order. 0 is the background of a label map.
fn segments(dataset: &Dataset<'_>) -> Result<(Vec<u32>, Vec<MarkedClass>)> {
    let mut found: Vec<(u32, MarkedClass)> = Vec::new();
    for item in dataset.items(SEGMENT_SEQUENCE) {
        let Some(number) = item.number(SEGMENT_NUMBER).filter(|n| *n > 0) else { continue };
        let lab = item.find(RECOMMENDED_DISPLAY_CIELAB_VALUE).and_then(|e| {
            let numbers = e.bytes.as_chunks::<2>().0.first_chunk::<3>()?;
            Some(super::cielab::rgb(numbers.map(|b| e.encoding.endian.u16(b))))
        });
        found.push((number, MarkedClass { name: item.text(SEGMENT_LABEL), colour: lab }));
    }
    sort_by_key(&mut found, |(number, _)| *number);
    found.dedup_by_key(|(number, _)| *number);
    if found.is_empty() {
        return Err(broken("it names no segments"));
    }
    if found.len() > MarkedClass::MAX_COUNT {
        return Err(refused("has more than 254 segments"));
    }
    Ok(found.into_iter().unzip())
}

fn frames(
    dataset: &Dataset<'_>,
    layout: &Layout,
    numbers: &[u32],
    map: bool,
) -> Result<Vec<SegmentationFrame>> {
    let (shared, each) = super::groups(dataset);
    let shared = shared.into_iter().next().unwrap_or_default();
    let unknown = || broken("it does not say which segment a frame belongs to");
    if each.len() < layout.frames {
        return Err(unknown());
    }
    let mut frames = Vec::new();
    for group in each.iter().take(layout.frames) {
        let first = |sequence: Tag| {
            let own = group.items(sequence).into_iter().next();
            own.or_else(|| shared.items(sequence).into_iter().next())
        };
        let number = first(SEGMENT_IDENTIFICATION_SEQUENCE).and_then(|s| s.number(REFERENCED_SEGMENT_NUMBER));
        let class = match number.map(|n| numbers.binary_search(&n)) {
            _ if map => 0,
            Some(Ok(place)) => place as u8 + 1,
            _ => return Err(unknown()),
        };
        let mut sources = Vec::new();
        for group in [group, &shared] {
            for image in
                group.items(DERIVATION_IMAGE_SEQUENCE).iter().flat_map(|d| d.items(SOURCE_IMAGE_SEQUENCE))
            {
                let frame = image.decimal(REFERENCED_FRAME_NUMBER).map(|n| n as u32);
                sources.extend(image.text(REFERENCED_SOP_INSTANCE_UID).map(|uid| (uid, frame)));
            }
        }
        let plane = || {
            let position = first(PLANE_POSITION_SEQUENCE)?.decimals(IMAGE_POSITION_PATIENT)?;
            let directions = first(PLANE_ORIENTATION_SEQUENCE)?.decimals(IMAGE_ORIENTATION_PATIENT)?;
            let measures = first(tags::PIXEL_MEASURES_SEQUENCE)?;
            let spacing = measures.decimals(tags::PIXEL_SPACING)?;
            let (&[dy, dx, ..], &[a, b, c, d, e, f, ..]) = (&spacing[..], &directions[..]) else {
                return None;
            };
            let between = measures.decimal(tags::SPACING_BETWEEN_SLICES);
            Some(FramePlane {
                position: *position.first_chunk()?,
                directions: [[a, b, c], [d, e, f]],
                spacing: Some([dx, dy]).filter(|s| s.iter().all(|v| *v > 0.0))?,
                distance: between.or_else(|| measures.decimal(tags::SLICE_THICKNESS)).filter(|v| *v > 0.0),
            })
        };
        frames.push(SegmentationFrame { class, sources, plane: plane() });
    }
    Ok(frames)
}
