//! Closed contours as pixels of the slices that they lie on.

use super::{Instances, Placed, Sheet, elsewhere, half_slice, of_other_images, plane_of};
use crate::error::Result;
use crate::scan::dicom::Contours;
use crate::scan::geometry::dot;
use crate::scan::limits::zeroed;
use crate::scan::{Geometry, Scan};
use crate::sorting::sort_by;

/// Parts of a pixel by which a line may pass its centre and still holds it: programs that draw through the centres of the outermost
/// pixels mean these pixels, too.
const ROOM: f64 = 0.05;

/// Fills the contours of each structure on the slices that they lie on: a pixel is within if its centre is, by the even-odd rule for
/// all contours of a structure together, so that holes stay holes.
///
/// # Errors
/// `labels.elsewhere` if they lie on other images, or the scan does not say where it lies.
pub fn place_contours(contours: &Contours, onto: &Scan) -> Result<Placed> {
    let planes: Vec<Geometry> = (0..onto.slices).filter_map(|slice| plane_of(onto, slice)).collect();
    if planes.len() < onto.slices {
        return Err(elsewhere("Contours lie in the patient, and this image does not say where it does."));
    }
    let (instances, half) = (Instances::of(onto), half_slice(onto));
    let mut notes = Vec::new();
    let named = contours.contours.iter().filter(|c| instances.slice(&c.sources).is_some()).count();
    if named == 0 {
        notes.extend(of_other_images(onto, &contours.series, &contours.frame_of_reference)?);
    }
    // Of each contour: slice, class, the area it encloses, corners in pixels.
    let mut lines: Vec<(usize, u8, f64, Vec<[f64; 2]>)> = Vec::new();
    for contour in &contours.contours {
        let n = contour.points.len() as f64;
        // How far from each slice the contour is, and how much of that is its own tilt.
        let apart = |plane: &Geometry| {
            let normal = plane.normal();
            let heights = contour.points.iter().map(|point| dot(*point, normal) - dot(plane.origin, normal));
            let mean = heights.clone().sum::<f64>() / n;
            let tilt = heights.fold(0.0f64, |most, height| most.max((height - mean).abs()));
            (mean.abs(), tilt)
        };
        let all = planes.iter().map(apart).enumerate();
        let nearest = all.reduce(|a, b| if b.1.0 < a.1.0 { b } else { a });
        let Some((slice, _)) =
            nearest.filter(|(_, (mean, tilt))| *mean <= half * 1.02 + 1e-6 && *tilt <= half)
        else {
            continue;
        };
        let Some(plane) = planes.get(slice) else { continue };
        let corners: Vec<[f64; 2]> = contour
            .points
            .iter()
            .filter_map(|point| plane.voxel_of(*point))
            .map(|[x, y, _]| [x, y])
            .collect();
        lines.push((slice, contour.class, area(&corners), corners));
    }
    let left = contours.contours.len() - lines.len();
    if lines.is_empty() && left > 0 {
        return Err(elsewhere("They lie at another place of the patient, or across its slices."));
    }
    if left > 0 {
        notes.push(format!(
            "{left} contours lie outside of this image's slices or across them and were left out."
        ));
    }
    if contours.others > 0 {
        notes.push(format!("{} lines of this file are not closed and were left out.", contours.others));
    }
    // The larger first: a hole comes after what it is a hole of.
    sort_by(&mut lines, |a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
    let mut sheet = Sheet::new(onto);
    for group in lines.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let Some((slice, class, ..)) = group.first() else { continue };
        let mut within = zeroed::<bool>(onto.width * onto.height)?;
        for (.., corners) in group {
            let outer = pixels(corners, [onto.width, onto.height], true);
            let inner = pixels(corners, [onto.width, onto.height], false);
            let hole = !inner.is_empty() && inner.iter().all(|i| within.get(*i) == Some(&true));
            for i in if hole { inner } else { outer } {
                if let Some(pixel) = within.get_mut(i) {
                    *pixel = !*pixel;
                }
            }
        }
        sheet.lay(*slice, &mut |i| if within.get(i) == Some(&true) { *class } else { 0 })?;
    }
    Ok(sheet.placed(contours.classes.clone(), notes))
}

fn area(corners: &[[f64; 2]]) -> f64 {
    let next = corners.iter().cycle().skip(1);
    corners.iter().zip(next).map(|([x0, y0], [x1, y1])| x0 * y1 - x1 * y0).sum::<f64>().abs()
}

/// The pixels within, by the even-odd rule; with those that the line passes through if `wide`, else without them.
fn pixels(corners: &[[f64; 2]], [width, height]: [usize; 2], wide: bool) -> Vec<usize> {
    let rows = corners.iter().fold((f64::MAX, f64::MIN), |(low, high), [_, y]| (low.min(*y), high.max(*y)));
    let first = (rows.0 - ROOM).ceil().max(0.0) as usize;
    let end = ((rows.1 + ROOM).floor() + 1.0).clamp(0.0, height as f64) as usize;
    let (room, need) = if wide { (ROOM, 1) } else { (-ROOM, 2) };
    let mut found = Vec::new();
    let mut seen = vec![0u8; width];
    for row in first..end {
        seen.fill(0);
        for y in [row as f64 - ROOM, row as f64 + ROOM] {
            let mut crossings: Vec<f64> = Vec::new();
            for ([x0, y0], [x1, y1]) in corners.iter().zip(corners.iter().cycle().skip(1)) {
                if (*y0 > y) != (*y1 > y) {
                    crossings.push(x0 + (y - y0) * (x1 - x0) / (y1 - y0));
                }
            }
            crossings.sort_unstable_by(f64::total_cmp);
            let mut before = 0;
            for pair in crossings.as_chunks::<2>().0 {
                let [from, to] = [pair[0] - room, pair[1] + room];
                let begin = (from.ceil().clamp(0.0, width as f64) as usize).max(before);
                let end = (to.floor() + 1.0).clamp(0.0, width as f64) as usize;
                for seen in seen.get_mut(begin..end.max(begin)).into_iter().flatten() {
                    *seen += 1;
                }
                before = end.max(begin);
            }
        }
        found
            .extend(seen.iter().enumerate().filter(|(_, seen)| **seen >= need).map(|(x, _)| row * width + x));
    }
    if wide {
        // Objects one pixel wide are lines there and back, or one point.
        for ([x0, y0], [x1, y1]) in corners.iter().zip(corners.iter().cycle().skip(1)) {
            let steps = (x1 - x0).abs().max((y1 - y0).abs()).round();
            if steps.is_nan() || steps > (width + height) as f64 {
                continue;
            }
            for step in 0..=steps as usize {
                let part = step as f64 / steps.max(1.0);
                let at = [x0 + part * (x1 - x0), y0 + part * (y1 - y0)];
                let [x, y] = at.map(f64::round);
                let near = at.iter().zip([x, y]).all(|(a, b)| (a - b).abs() <= ROOM);
                if near && (0.0..width as f64).contains(&x) && (0.0..height as f64).contains(&y) {
                    found.push(y as usize * width + x as usize);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
    }
    found
}
