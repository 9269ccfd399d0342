//! DICOM files (PS3.10), with and without preamble and meta information.
//!
//! - Implicit and explicit VR, both byte orders, deflated; pixels native, RLE, JPEG (baseline, 12-bit extended, lossless)
//!   and JPEG 2000. Other transfer syntaxes are refused by name.
//! - Segmentations, contours, reports and other objects that are no images are refused by name (`objects`).
//! - Frames become slices, in the order of their places in the patient where they have such (`planes`). MONOCHROME1 keeps its values and sets [`Scan::inverted`]; palettes and YBR become RGB.
//! - Slope and intercept from the image, or from the functional groups of enhanced objects, for each frame; the dose
//!   grid's scaling (RT Dose, unit Gy); or a Modality LUT Sequence. Overlays are not applied.
//! - Pixels with the Pixel Padding Value, or between it and its range limit, have no value (NaN).
//! - The tiles of a whole slide are put together (`tiles`); its focal planes and optical paths become slices.

mod cielab;
mod colour;
mod contours;
mod dataset;
mod geometry;
mod head;
mod identity;
mod layout;
mod lookup;
mod objects;
mod open;
mod pixels;
mod planes;
mod rle;
mod segmentation;
mod tags;
mod tiles;
mod transfer_syntax;

use super::samples::SampleType;
use super::scan::Rescale;
use super::{Format, Limits, Scan, Window};
use crate::error::{Error, Result};
pub use contours::{Contour, Contours};
use dataset::Dataset;
pub(super) use dataset::looks_like;
pub(in crate::scan) use head::VARIES;
pub(super) use head::head;
pub use head::{Head, Kind};
use layout::{Layout, PhotometricInterpretation};
use open::{meta, open};
pub use segmentation::{FramePlane, Segmentation, SegmentationFrame};
use tags::Tag;
use tiles::Tiles;
use transfer_syntax::TransferSyntax;

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Scan> {
    let class = meta(bytes).0.text(tags::MEDIA_STORAGE_SOP_CLASS_UID);
    // Before its pixels, which may be packed as no image is.
    objects::check(class.as_deref(), None)?;
    open(bytes, limits, |dataset, transfer| image(dataset, transfer, class, limits))
}

fn image(
    dataset: &Dataset<'_>,
    transfer: TransferSyntax,
    class: Option<String>,
    limits: &Limits,
) -> Result<Scan> {
    let modality = dataset.text(tags::MODALITY);
    objects::check(dataset.text(tags::SOP_CLASS_UID).as_deref(), modality.as_deref())?;
    let has = |tag| dataset.find(tag).is_some();
    if !has(tags::PIXEL_DATA) && !has(tags::FLOAT_PIXEL_DATA) && !has(tags::DOUBLE_FLOAT_PIXEL_DATA) {
        return Err(objects::without_pixels(dataset));
    }
    let layout = Layout::new(dataset)?;
    colour::check(&layout)?;
    let palette = layout.photometric == PhotometricInterpretation::PaletteColor;
    let channels = if palette || layout.samples == 3 { 3 } else { 1 };
    limits.check(layout.width, layout.height, layout.frames, channels, layout.kind.bytes())?;
    let tiles = Tiles::new(dataset, &layout, limits)?;
    let mut samples = pixels::decode(dataset, transfer, &layout, limits)?;
    if palette {
        samples = colour::palette(dataset, &samples, &layout)?;
    }
    let (mut width, mut height, mut slices) = (layout.width, layout.height, layout.frames);
    if let Some(tiles) = &tiles {
        samples = tiles.assemble(&samples, &layout, channels)?;
        (width, height, slices) = (tiles.width, tiles.height, tiles.planes);
    }
    let grey = channels == 1;
    let mut padding = padding(dataset, &layout).filter(|_| grey);
    let lut = if grey { lookup::modality(dataset, &samples, layout.signed(), padding)? } else { None };
    let mut looked_up = None;
    if let Some((values, unit)) = lut {
        (samples, padding, looked_up) = (values, None, Some(unit));
    }
    let mut scan = Scan::from_samples(Format::Dicom, width, height, slices, channels, samples)?;
    scan.modality = modality;
    scan.spacing = geometry::spacing(dataset);
    if let (Some(spacing), Some(_)) = (&mut scan.spacing, &tiles) {
        // A slide's thickness is no distance between slices.
        spacing.z = None;
    }
    scan.stored_bits = (layout.stored < 8 && !palette && looked_up.is_none()).then_some(layout.stored);
    if grey {
        scan.inverted = layout.photometric == PhotometricInterpretation::Monochrome1;
        scan.padding = padding;
        let frames = layout.frames;
        (scan.window, scan.frame_windows) = windows(dataset, frames);
        match looked_up {
            Some(unit) => scan.unit = unit,
            None => {
                scan.rescale = rescale(dataset, frames);
                scan.unit = unit(dataset, &scan.rescale);
            }
        }
        if tiles.is_some() {
            scan.frame_windows.clear();
            scan.rescale.dedup();
            if scan.rescale.len() > 1 {
                return Err(Error::unsupported(
                    "dicom.unsupported.tiles",
                    "This DICOM file is a whole slide whose tiles have slopes of their own, which Insitu cannot read.",
                ));
            }
        }
    }
    let mut source = identity::source(dataset, class);
    source.frames = match &tiles {
        Some(_) => planes::unplaced(dataset, slices),
        None => planes::frames(dataset, slices),
    };
    scan.source = Some(source);
    planes::place(&mut scan, dataset);
    Ok(scan)
}

/// The stored values that stand for no value (C.7.5.1.1.2), both ends included.
fn padding(dataset: &Dataset<'_>, layout: &Layout) -> Option<(f64, f64)> {
    if matches!(layout.kind, SampleType::F32 | SampleType::F64) {
        return None;
    }
    let number = |tag| {
        let bits = dataset.number(tag)?;
        Some(if layout.signed() { f64::from(bits as u16 as i16) } else { f64::from(bits) })
    };
    let value = number(tags::PIXEL_PADDING_VALUE)?;
    let limit = number(tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value);
    Some((value.min(limit), value.max(limit)))
}

/// One functional group's items: those of all frames, or of each.
fn groups<'a>(dataset: &Dataset<'a>) -> (Vec<Dataset<'a>>, Vec<Dataset<'a>>) {
    (
        dataset.items(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE),
        dataset.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE),
    )
}

/// The first item of `sequence` in the shared groups, else in those of the first frame.
fn group_item<'a>(dataset: &Dataset<'a>, sequence: Tag) -> Option<Dataset<'a>> {
    let (shared, each) = groups(dataset);
    let first = |groups: &[Dataset<'a>]| groups.first().and_then(|g| g.items(sequence).into_iter().next());
    first(&shared).or_else(|| first(&each))
}

fn slope_and_intercept(dataset: &Dataset<'_>) -> Option<Rescale> {
    let slope = dataset.decimal(tags::RESCALE_SLOPE).filter(|s| *s != 0.0);
    let intercept = dataset.decimal(tags::RESCALE_INTERCEPT);
    (slope.is_some() || intercept.is_some())
        .then(|| Rescale { slope: slope.unwrap_or(1.0), intercept: intercept.unwrap_or(0.0) })
}

fn rescale(dataset: &Dataset<'_>, frames: usize) -> Vec<Rescale> {
    let plain = Rescale { slope: 1.0, intercept: 0.0 };
    if let Some(dose) = dataset.decimal(tags::DOSE_GRID_SCALING).filter(|s| *s > 0.0) {
        return vec![Rescale { slope: dose, intercept: 0.0 }];
    }
    if let Some(one) = slope_and_intercept(dataset) {
        return vec![one];
    }
    let (shared, each) = groups(dataset);
    let of = |group: &Dataset<'_>| {
        group.items(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE).first().and_then(slope_and_intercept)
    };
    if let Some(one) = shared.first().and_then(of) {
        return vec![one];
    }
    let all: Vec<Rescale> = each.iter().take(frames).map(|g| of(g).unwrap_or(plain)).collect();
    if all.len() == frames { all } else { vec![plain] }
}

fn unit(dataset: &Dataset<'_>, rescale: &[Rescale]) -> Option<String> {
    let named = dataset
        .text(tags::RESCALE_TYPE)
        .or_else(|| group_item(dataset, tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE)?.text(tags::RESCALE_TYPE));
    let dose = dataset.text(tags::DOSE_UNITS).filter(|u| u == "GY").map(|_| "Gy".to_string());
    let activity = dataset.text(tags::UNITS).filter(|u| u == "BQML").map(|_| "Bq/mL".to_string());
    let is_ct = dataset.text(tags::MODALITY).as_deref() == Some("CT");
    let scaled = rescale.iter().any(|r| r.intercept != 0.0 || r.slope != 1.0);
    match named.as_deref() {
        // "US" is DICOM for "unspecified".
        Some(name) if name != "US" => Some(name.chars().filter(|c| !c.is_control()).take(16).collect()),
        _ => dose.or(activity).or_else(|| (is_ct && scaled).then(|| "HU".to_string())),
    }
}

/// The window of the image or of its first frame, and those of all frames where each has its own.
fn windows(dataset: &Dataset<'_>, frames: usize) -> (Option<Window>, Vec<Window>) {
    let of = |d: &Dataset<'_>| {
        let (center, width) = (d.decimal(tags::WINDOW_CENTER)?, d.decimal(tags::WINDOW_WIDTH)?);
        (width > 0.0).then_some(Window { center, width })
    };
    let in_group = |g: &Dataset<'_>| g.items(tags::FRAME_VOI_LUT_SEQUENCE).first().and_then(of);
    let (shared, each) = groups(dataset);
    if let Some(one) = of(dataset).or_else(|| shared.first().and_then(in_group)) {
        return (Some(one), Vec::new());
    }
    let all: Vec<Option<Window>> = each.iter().take(frames).map(in_group).collect();
    let first = all.first().copied().flatten();
    let all: Vec<Window> = all.into_iter().flatten().collect();
    (first, if all.len() == frames { all } else { Vec::new() })
}
