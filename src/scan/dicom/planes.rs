//! Where the frames of a file lie in the patient, and their order: PS3.3 C.7.6.2 (one frame), C.7.6.16.2.3 and 4 (functional groups),
//! C.8.8.3 (dose grids), C.8.4.8 and C.8.4.15 (nuclear medicine).

use super::dataset::Dataset;
use super::groups;
use super::tags::{self, Tag};
use crate::scan::geometry::{Vector, add, scaled};
use crate::scan::series::stack;
use crate::scan::source::SourceFrame;
use crate::scan::{Planes, Scan};
use crate::sorting::sort_by_cached_key;

/// More kinds of images at a position than this are no channels that one chooses from.
const MAX_CHANNELS: usize = 8;

pub(super) fn position(dataset: &Dataset<'_>) -> Option<Vector> {
    dataset.decimals(tags::IMAGE_POSITION_PATIENT)?.first_chunk::<3>().copied()
}

pub(super) fn orientation(dataset: &Dataset<'_>) -> Option<[Vector; 2]> {
    stack::orientation(&dataset.decimals(tags::IMAGE_ORIENTATION_PATIENT)?)
}

/// Frames without their places. Of several each has its number.
pub(super) fn unplaced(dataset: &Dataset<'_>, count: usize) -> Vec<SourceFrame> {
    let instance = dataset.text(tags::SOP_INSTANCE_UID).unwrap_or_default();
    let frame = |i: usize| SourceFrame {
        instance: instance.clone(),
        number: (count > 1).then(|| u32::try_from(i + 1).unwrap_or(u32::MAX)),
        position: None,
        orientation: None,
    };
    (0..count).map(frame).collect()
}

/// The frames of a file in its order, with what it says of their places.
pub(super) fn frames(dataset: &Dataset<'_>, count: usize) -> Vec<SourceFrame> {
    let mut frames = unplaced(dataset, count);
    let (shared, each) = groups(dataset);
    if !shared.is_empty() || !each.is_empty() {
        for (i, frame) in frames.iter_mut().enumerate() {
            let item =
                |sequence| macro_item(each.get(i), sequence).or_else(|| macro_item(shared.first(), sequence));
            frame.position = item(tags::PLANE_POSITION_SEQUENCE).and_then(|d| position(&d));
            frame.orientation = item(tags::PLANE_ORIENTATION_SEQUENCE).and_then(|d| orientation(&d));
        }
    } else if count > 1 {
        volume(dataset, &mut frames);
    }
    if let ([frame], Some(position), Some(orientation)) =
        (frames.as_mut_slice(), position(dataset), orientation(dataset))
    {
        (frame.position, frame.orientation) = (Some(position), Some(orientation));
    }
    frames
}

fn macro_item<'a>(group: Option<&Dataset<'a>>, sequence: Tag) -> Option<Dataset<'a>> {
    group?.items(sequence).into_iter().next()
}

/// Frames whose first one alone has a position: dose grids and reconstructed nuclear medicine.
fn volume(dataset: &Dataset<'_>, frames: &mut [SourceFrame]) {
    let detector = dataset.items(tags::DETECTOR_INFORMATION_SEQUENCE).into_iter().next();
    let (grid, place) = match (dataset.decimals(tags::GRID_FRAME_OFFSET_VECTOR), &detector) {
        (Some(offsets), _) => (Some(offsets), dataset),
        // Projections have positions of the detector there.
        (_, Some(detector)) if dataset.text(tags::IMAGE_TYPE).is_some_and(|t| t.contains("RECON TOMO")) => {
            (None, detector)
        }
        _ => return,
    };
    let (Some(first), Some(orientation)) = (position(place), orientation(place)) else { return };
    let normal = stack::normal(orientation);
    let offsets: Vec<f64> = match grid {
        Some(offsets) => {
            let [_, _, z] = normal;
            let from = offsets.first().copied().unwrap_or(0.0);
            // That begin at 0 they are along the normal, else they are the patient's third coordinate.
            let sign = if from == 0.0 { 1.0 } else { z.signum() };
            offsets.iter().map(|o| (o - from) * sign).collect()
        }
        None => {
            // Below 0 where slices run against the normal (C.8.4.15.1.1).
            let Some(step) = dataset.decimal(tags::SPACING_BETWEEN_SLICES).filter(|s| *s != 0.0) else {
                return;
            };
            dataset.numbers(tags::SLICE_VECTOR, false).iter().map(|n| (f64::from(*n) - 1.0) * step).collect()
        }
    };
    if offsets.len() == frames.len() {
        for (frame, offset) in frames.iter_mut().zip(offsets) {
            frame.position = Some(add(first, scaled(normal, offset)));
            frame.orientation = Some(orientation);
        }
    }
}

/// Brings the slices of a scan, which are in the file's order, into that of their places: along the normal, other dimensions as channels
/// and times. What is no stack keeps the order of the file, and a note tells why.
pub(super) fn place(scan: &mut Scan, dataset: &Dataset<'_>) {
    let Some(source) = &scan.source else { return };
    let placed: Vec<(Vector, [Vector; 2])> =
        source.frames.iter().filter_map(|f| Some((f.position?, f.orientation?))).collect();
    let Some((_, orientation)) = placed.first().copied() else { return };
    let Some(spacing) = scan.spacing else { return };
    let mut kept = |why: &str| {
        scan.notes.push(format!(
            "{why}: they are shown in the order of the file, without their places in the patient."
        ));
    };
    if placed.len() < scan.slices {
        return kept("Only some frames have a position");
    }
    if !placed.iter().all(|(_, other)| stack::same_orientation(&orientation, other)) {
        return kept("Frames lie in several directions");
    }
    if !same_pixels(dataset) {
        return kept("Frames have pixels of several sizes");
    }
    let positions: Vec<Vector> = placed.iter().map(|(position, _)| *position).collect();
    let (normal, pixel) = (stack::normal(orientation), [spacing.x, spacing.y]);
    let mut places = stack::places(&positions, normal, stack::tolerance(spacing.x.min(spacing.y)));
    let at = |i: usize| positions.get(i).copied().unwrap_or_default();
    let firsts: Vec<Vector> = places.iter().filter_map(|p| p.first()).map(|i| at(*i)).collect();
    let (depths, count) = (places.len(), scan.slices / places.len().max(1));
    if places.iter().any(|p| p.len() != count) {
        return kept("Some positions have more frames than others");
    }
    let spread = |(place, first): (&Vec<usize>, &Vector)| {
        place.iter().any(|i| stack::sideways(*first, at(*i), normal) > spacing.x.max(spacing.y))
    };
    if places.iter().zip(&firsts).any(spread) {
        return kept("Frames of the same depth lie side by side");
    }
    let (mut channels, mut times) = (1, count);
    if count > 1 {
        let ranks = ranks(dataset, scan.slices);
        let rank = |i: &usize| ranks.get(*i).cloned().unwrap_or_default();
        for place in &mut places {
            sort_by_cached_key(place, rank);
        }
        let one: Vec<[Vec<u32>; 2]> =
            places.first().map(|p| p.iter().map(rank).collect()).unwrap_or_default();
        let others = one.iter().filter(|r| Some(&r[0]) == one.first().map(|r| &r[0])).count();
        if others <= MAX_CHANNELS && count.is_multiple_of(others.max(1)) {
            (channels, times) = (others, count / others.max(1));
        }
    }
    let mut order = Vec::with_capacity(scan.slices);
    for time in 0..times {
        for place in &places {
            order.extend(place.iter().skip(time * channels).take(channels));
        }
    }
    let names = if channels > 1 { names(dataset, &order, channels) } else { vec![String::new()] };
    let thickness = spacing.z;
    let arranged = stack::arrange(&firsts, orientation, pixel, thickness);
    scan.planes = Planes { channels: names, depths, times };
    scan.geometry = arranged.geometry;
    scan.notes.extend(arranged.notes);
    if let Some(spacing) = &mut scan.spacing {
        spacing.z = arranged.distance;
    }
    scan.in_order(&order);
}

/// Whether frames agree about Pixel Spacing, where each says it.
fn same_pixels(dataset: &Dataset<'_>) -> bool {
    let (_, each) = groups(dataset);
    let mut all = each
        .iter()
        .filter_map(|g| macro_item(Some(g), tags::PIXEL_MEASURES_SEQUENCE)?.decimals(tags::PIXEL_SPACING));
    let first = all.next();
    all.all(|other| Some(other) == first)
}

/// The place of each frame in time, and among other kinds of images, by its Dimension Index Values (C.7.6.17) but those of positions.
fn ranks(dataset: &Dataset<'_>, count: usize) -> Vec<[Vec<u32>; 2]> {
    let pointers: Vec<Option<Tag>> = dataset
        .items(tags::DIMENSION_INDEX_SEQUENCE)
        .iter()
        .map(|d| {
            d.numbers(tags::DIMENSION_INDEX_POINTER, false)
                .first_chunk::<2>()
                .map(|[a, b]| (*a as u16, *b as u16))
        })
        .collect();
    let (_, each) = groups(dataset);
    let rank = |i: usize| {
        let content = macro_item(each.get(i), tags::FRAME_CONTENT_SEQUENCE);
        let values = content.map(|c| c.numbers(tags::DIMENSION_INDEX_VALUES, true)).unwrap_or_default();
        let mut rank = [Vec::new(), Vec::new()];
        let [time, other] = &mut rank;
        for (pointer, value) in pointers.iter().zip(values) {
            match *pointer {
                Some(tags::IN_STACK_POSITION_NUMBER | tags::IMAGE_POSITION_PATIENT) => {}
                Some(
                    tags::TEMPORAL_POSITION_INDEX
                    | tags::TEMPORAL_POSITION_IDENTIFIER
                    | tags::NOMINAL_CARDIAC_TRIGGER_DELAY_TIME
                    | tags::TRIGGER_TIME,
                ) => time.push(value),
                _ => other.push(value),
            }
        }
        rank
    };
    let ranks: Vec<[Vec<u32>; 2]> = (0..count).map(rank).collect();
    // Without an index there are times in the order of the file.
    if ranks.iter().all(|[time, other]| time.is_empty() && other.is_empty()) {
        return (0..count).map(|i| [vec![i as u32], Vec::new()]).collect();
    }
    ranks
}

/// What the channels show: b-value or echo time, where frames have one.
fn names(dataset: &Dataset<'_>, order: &[usize], channels: usize) -> Vec<String> {
    let (_, each) = groups(dataset);
    let name = |i: &usize| {
        let group = each.get(*i)?;
        let value = |tag| {
            let inside = |e: &super::dataset::Element<'_>| macro_item(Some(group), e.tag)?.decimal(tag);
            group.elements.iter().find_map(inside)
        };
        let b = value(tags::DIFFUSION_B_VALUE).map(|b| format!("b {b}"));
        b.or_else(|| value(tags::EFFECTIVE_ECHO_TIME).map(|t| format!("echo {t} ms")))
    };
    order.iter().take(channels).map(|i| name(i).unwrap_or_default()).collect()
}
