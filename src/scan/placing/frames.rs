//! Frames of a segmentation over the slices of a scan.

use super::{Instances, OTHER_GRID, Placed, Sheet, elsewhere, half_slice, of_other_images, plane_of};
use crate::error::Result;
use crate::scan::dicom::{FramePlane, Segmentation};
use crate::scan::geometry::{Vector, add, cross, dot, scaled, unit};
use crate::scan::{Geometry, Scan};
use crate::sorting::sort_by;

/// Lays the segments over a scan: frame on slice where each frame names the image that it was drawn on and has its pixels; else each
/// pixel of the scan takes what is marked nearest to it, within half the distance of two frames.
///
/// # Errors
/// `labels.elsewhere` if they lie on other images, or nothing tells where they lie.
pub fn place_segmentation(segmentation: &Segmentation, onto: &Scan) -> Result<Placed> {
    let instances = Instances::of(onto);
    let flat = [onto.width, onto.height, 1];
    let same_size = onto.turn.size([onto.width, onto.height]) == segmentation.size;
    let slice_of = |frame: usize| {
        let frame = segmentation.frames.get(frame)?;
        let slice = instances.slice(&frame.sources)?;
        let agrees = match (&frame.plane, file_plane(onto, slice)) {
            (Some(plane), Some(here)) => same_plane(plane, &here),
            _ => true,
        };
        (same_size && agrees).then_some(slice)
    };
    let slices: Vec<Option<usize>> = (0..segmentation.frames.len()).map(slice_of).collect();
    let mut sheet = Sheet::new(onto);
    let mut notes = Vec::new();
    let found = slices.iter().flatten().count();
    let placed = segmentation.frames.iter().any(|frame| frame.plane.is_some()) && plane_of(onto, 0).is_some();
    // A picture that names no image and has no place is its own.
    let alone = found == 0 && !placed && same_size && onto.slices == 1 && onto.source.is_none();
    if alone || found == slices.len() || (found > 0 && !placed) {
        for (frame, slice) in slices.iter().enumerate() {
            let Some(slice) = slice.or(alone.then_some(0)) else { continue };
            let turn = onto.turn.flat();
            sheet.lay(slice, &mut |i| segmentation.class_at(frame, turn.place(i, flat)))?;
        }
        left_out(&mut notes, slices.len() - found.max(if alone { slices.len() } else { 0 }));
        return Ok(sheet.placed(segmentation.classes.clone(), notes));
    }
    if !placed {
        return Err(elsewhere("They name other images, and nothing says where both lie in the patient."));
    }
    if found == 0 {
        notes.extend(of_other_images(onto, &segmentation.series, &segmentation.frame_of_reference)?);
    }
    let mut left = segmentation.frames.iter().filter(|frame| frame.plane.is_none()).count();
    let mut exact = true;
    for mut stack in stacks(segmentation, half_slice(onto)) {
        for slice in 0..onto.slices {
            if let Some(plane) = plane_of(onto, slice) {
                exact &= stack.lay(&mut sheet, slice, &plane, segmentation)?;
            }
        }
        left += stack.planes.iter().filter(|plane| !plane.met).map(|plane| plane.frames.len()).sum::<usize>();
    }
    if left == segmentation.frames.len() {
        return Err(elsewhere("They lie at another place of the patient."));
    }
    if !exact {
        notes.push(OTHER_GRID.into());
    }
    left_out(&mut notes, left);
    Ok(sheet.placed(segmentation.classes.clone(), notes))
}

fn left_out(notes: &mut Vec<String>, frames: usize) {
    if frames > 0 {
        notes.push(format!(
            "{frames} frames of this segmentation lie outside of the image's slices and were left out."
        ));
    }
}

/// A slice's plane in the order of its own file.
fn file_plane(scan: &Scan, slice: usize) -> Option<Geometry> {
    let mut plane = plane_of(scan, slice)?;
    for ((axis, count), reversed) in [scan.width, scan.height].into_iter().enumerate().zip(scan.turn.reversed)
    {
        plane = if reversed { plane.reversed(axis, count) } else { plane };
    }
    Some(if scan.turn.transposed { plane.transposed() } else { plane })
}

/// Within half a pixel, the same directions and distances.
fn same_plane(plane: &FramePlane, here: &Geometry) -> bool {
    let [x, y, _] = here.spacing();
    let [along, down, _] = here.steps.map(unit);
    let apart = add(plane.position, scaled(here.origin, -1.0));
    let [dx, dy] = plane.spacing;
    let near = |a: f64, b: f64| (a - b).abs() <= 0.01 * b;
    let [own_along, own_down] = plane.directions;
    dot(apart, apart).sqrt() < x.min(y) / 2.0
        && near(dx, x)
        && near(dy, y)
        && dot(own_along, along) > 0.999
        && dot(own_down, down) > 0.999
}

/// Frames whose planes run the same way.
struct Stack {
    size: [usize; 2],
    directions: [Vector; 2],
    spacing: [f64; 2],
    normal: Vector,
    /// From the lowest along the normal.
    planes: Vec<Level>,
    /// Half the distance between planes, mm.
    half: f64,
}

/// Frames at one height.
struct Level {
    height: f64,
    /// The first pixel, in pixels from the patient's origin.
    first: [f64; 2],
    frames: Vec<usize>,
    /// A pixel of the scan was near it.
    met: bool,
}

fn stacks(segmentation: &Segmentation, half: f64) -> Vec<Stack> {
    let mut stacks: Vec<Stack> = Vec::new();
    for (number, frame) in segmentation.frames.iter().enumerate() {
        let Some(plane) = frame.plane else { continue };
        let fits = |stack: &Stack| {
            let pairs = stack.directions.iter().zip(&plane.directions);
            stack.spacing == plane.spacing && pairs.into_iter().all(|(a, b)| dot(*a, *b) > 0.999_999)
        };
        let at = stacks.iter().position(fits).unwrap_or_else(|| {
            let directions = plane.directions.map(unit);
            let [along, down] = directions;
            let (size, normal) = (segmentation.size, unit(cross(along, down)));
            let half = plane.distance.map_or(half, |distance| distance / 2.0);
            stacks.push(Stack { size, directions, spacing: plane.spacing, normal, planes: Vec::new(), half });
            stacks.len() - 1
        });
        let Some(stack) = stacks.get_mut(at) else { continue };
        let ([along, down], [x, y]) = (stack.directions, stack.spacing);
        let first = [dot(plane.position, along) / x, dot(plane.position, down) / y];
        let height = dot(plane.position, stack.normal);
        stack.planes.push(Level { height, first, frames: vec![number], met: false });
    }
    for stack in &mut stacks {
        sort_by(&mut stack.planes, |a, b| a.height.total_cmp(&b.height));
        let near = |a: &[f64; 2], b: &[f64; 2]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-3);
        stack.planes.dedup_by(|next, level| {
            let same = (next.height - level.height).abs() < 1e-3 && near(&next.first, &level.first);
            if same {
                level.frames.append(&mut next.frames);
            }
            same
        });
        let gaps = stack.planes.windows(2).filter_map(|two| Some(two.last()?.height - two.first()?.height));
        let least = gaps.filter(|gap| *gap > 1e-3).fold(f64::MAX, f64::min);
        stack.half = stack.half.min(least / 2.0);
    }
    stacks
}

impl Stack {
    /// Lays what is near a slice's plane on it; tells whether its pixels are the frames' own.
    fn lay(
        &mut self,
        sheet: &mut Sheet<'_>,
        slice: usize,
        plane: &Geometry,
        segmentation: &Segmentation,
    ) -> Result<bool> {
        let ([along, down], [x, y], [width, height]) = (self.directions, self.spacing, self.size);
        // Column, row (in pixels) and height (mm) of the slice's first pixel, and how they change along its rows and columns.
        let of = |v: Vector| [dot(v, along) / x, dot(v, down) / y, dot(v, self.normal)];
        let [right, below, _] = plane.steps;
        let (first, right, below) = (of(plane.origin), of(right), of(below));
        let across = sheet.onto.width;
        let last = [(across - 1) as f64, (sheet.onto.height - 1) as f64];
        let ends = [[0.0, 0.0], [last[0], 0.0], [0.0, last[1]], last]
            .map(|[i, j]| first[2] + i * right[2] + j * below[2]);
        let (low, high) =
            ends.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
        let reach = self.half * 1.001 + 1e-6;
        let (Some(lowest), Some(highest)) = (self.planes.first(), self.planes.last()) else {
            return Ok(true);
        };
        if high < lowest.height - reach || low > highest.height + reach {
            return Ok(true);
        }
        let parallel = high - low < 1e-3;
        let (mut exact, planes) = (true, &mut self.planes);
        if parallel && nearest(planes, first[2], reach).is_none() {
            return Ok(true);
        }
        let whole = |v: f64| (v - v.round()).abs() < 0.05;
        let steps = [right[0], right[1], below[0], below[1]];
        exact &= parallel && steps.iter().all(|v| whole(*v) && v.abs() < 1.5);
        let mut level = None;
        // The last of several frames counts, and where they differ there is an overlap.
        let mut overlaps = 0;
        sheet.lay(slice, &mut |i| {
            let (column, row) = ((i % across) as f64, (i / across) as f64);
            let at = |axis: usize| {
                let part = |v: &[f64; 3]| v.get(axis).copied().unwrap_or(0.0);
                part(&first) + column * part(&right) + row * part(&below)
            };
            if level.is_none() || !parallel {
                level = nearest(planes, at(2), reach);
            }
            let Some(level) = level.and_then(|level| planes.get_mut(level)) else { return 0 };
            let [u, v] = level.first;
            let (u, v) = (at(0) - u, at(1) - v);
            if i == 0 {
                exact &= whole(u) && whole(v) && (level.height - at(2)).abs() < 0.1 * reach;
            }
            let (u, v) = ((u + 0.5).floor(), (v + 0.5).floor());
            if !(0.0..width as f64).contains(&u) || !(0.0..height as f64).contains(&v) {
                return 0;
            }
            level.met = true;
            let pixel = v as usize * width + u as usize;
            let mut class = 0;
            for frame in &level.frames {
                let here = segmentation.class_at(*frame, pixel);
                if here != 0 {
                    overlaps += usize::from(class != 0 && class != here);
                    class = here;
                }
            }
            class
        })?;
        sheet.overlaps += overlaps;
        Ok(exact)
    }
}

/// The level at this height, if one is within reach.
fn nearest(levels: &[Level], height: f64, reach: f64) -> Option<usize> {
    let above = levels.partition_point(|level| level.height < height);
    let candidates = [above.checked_sub(1), Some(above)];
    let apart = |i: usize| levels.get(i).map_or(f64::MAX, |level| (level.height - height).abs());
    let best = candidates.into_iter().flatten().reduce(|a, b| if apart(b) < apart(a) { b } else { a })?;
    (apart(best) <= reach).then_some(best)
}
