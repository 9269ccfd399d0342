//! Shape-based interpolation: what lies between two painted planes.
//!
//! Raya and Udupa 1990, Shape-based interpolation of multidimensional objects, IEEE Transactions on Medical Imaging 9: each plane
//! becomes its signed distance to the border of the region, and the region between is where the mean of the two is positive.

use super::labels::{UNLABELLED, wrong_size};
use crate::error::{Error, Result};
use crate::objects::squared_distance_spaced;
use crate::scan::zeroed;

/// The `count` planes between two painted ones, evenly apart, `[row][column]` as they are.
///
/// The signed distance of a class is, inside, that to the nearest pixel of something else, and outside, minus that to the nearest pixel
/// of the class, between the middles of pixels. It runs linearly from plane to plane, and each pixel gets the class whose distance is
/// largest, the background being one of them; of equals the background, then the lowest class. A class that one plane does not have
/// ends half-way, where the other's deepest pixel does. Unlabelled pixels (255) count as background, and stay unlabelled
/// where both planes have none. `spacing`: between the pixels of a row and between rows, mm.
///
/// # Errors
/// `volume.size` if the planes differ in size, `volume.spacing` if pixels have no distance, `scan.limit.memory`.
pub fn between(
    first: &[u8],
    last: &[u8],
    width: usize,
    spacing: [f64; 2],
    count: usize,
) -> Result<Vec<Vec<u8>>> {
    if first.len() != last.len() || width == 0 || !first.len().is_multiple_of(width) {
        return Err(wrong_size());
    }
    if !spacing.iter().all(|s| s.is_finite() && *s > 0.0) {
        let message =
            "Slices can be filled in only where pixels have a distance above 0 mm. Check the pixel spacing.";
        return Err(Error::invalid("volume.spacing", message));
    }
    let mut planes: Vec<Vec<u8>> = (0..count).map(|_| zeroed(first.len())).collect::<Result<_>>()?;
    let ends = [first, last];
    let mut present = [false; 256];
    ends.iter().copied().flatten().for_each(|label| present[usize::from(*label)] = true);
    if let Some([left, top, right, bottom]) = labelled(ends, width) {
        let (across, down) = (right - left, bottom - top);
        let cut = ends.map(|plane| {
            let rows = plane.chunks_exact(width).take(bottom).skip(top);
            rows.flat_map(|row| &row[left..right])
                .map(|l| if *l == UNLABELLED { 0 } else { *l })
                .collect::<Vec<u8>>()
        });
        let mut best: Vec<Vec<f32>> = (0..count).map(|_| zeroed(across * down)).collect::<Result<_>>()?;
        best.iter_mut().for_each(|plane| plane.fill(f32::NEG_INFINITY));
        for class in (0..UNLABELLED).filter(|class| *class == 0 || present[usize::from(*class)]) {
            let [a, b] = signed([&cut[0], &cut[1]], class, across, spacing);
            for (k, (plane, best)) in planes.iter_mut().zip(&mut best).enumerate() {
                // Not divided by their sum: only which is largest counts, and so both ways give the same.
                let (before, after) = ((count - k) as f32, (k + 1) as f32);
                for (y, best) in best.chunks_exact_mut(across).enumerate() {
                    let from = y * across..(y + 1) * across;
                    let line = &mut plane[(top + y) * width + left..][..across];
                    for (((label, best), a), b) in
                        line.iter_mut().zip(best).zip(&a[from.clone()]).zip(&b[from])
                    {
                        let distance = before * a + after * b;
                        if distance > *best {
                            (*label, *best) = (class, distance);
                        }
                    }
                }
            }
        }
    }
    if present[usize::from(UNLABELLED)] {
        for plane in &mut planes {
            for (label, ends) in plane.iter_mut().zip(first.iter().zip(last)) {
                if ends == (&UNLABELLED, &UNLABELLED) {
                    *label = UNLABELLED;
                }
            }
        }
    }
    Ok(planes)
}

/// Left, top, right and bottom of what is labelled in either plane, and one pixel around, which is as much as any distance needs:
/// the nearest pixel of the background lies in it.
fn labelled(planes: [&[u8]; 2], width: usize) -> Option<[usize; 4]> {
    let set = |l: &u8| !matches!(*l, 0 | UNLABELLED);
    let mut found: Option<[usize; 4]> = None;
    for (y, row) in planes.into_iter().flat_map(|plane| plane.chunks_exact(width).enumerate()) {
        if let (Some(from), Some(to)) = (row.iter().position(set), row.iter().rposition(set)) {
            let [left, top, right, bottom] = found.unwrap_or([from, y, to, y]);
            found = Some([left.min(from), top.min(y), right.max(to), bottom.max(y)]);
        }
    }
    let height = planes[0].len() / width;
    found.map(|[left, top, right, bottom]| {
        [left.saturating_sub(1), top.saturating_sub(1), (right + 2).min(width), (bottom + 2).min(height)]
    })
}

/// The signed distances of a class in both planes.
fn signed(planes: [&[u8]; 2], class: u8, width: usize, spacing: [f64; 2]) -> [Vec<f32>; 2] {
    let mut distances = planes.map(|plane| {
        let is: Vec<bool> = plane.iter().map(|l| *l == class).collect();
        let not: Vec<bool> = is.iter().map(|is| !is).collect();
        let height = plane.len() / width;
        let mut distance = squared_distance_spaced(&not, width, height, spacing);
        let outside = squared_distance_spaced(&is, width, height, spacing);
        for ((inside, outside), is) in distance.iter_mut().zip(outside).zip(is) {
            *inside = if is { inside.sqrt() } else { -outside.sqrt() };
        }
        distance
    });
    // A plane that is all of the class, or has nothing of it, is as far from its border as the other plane's furthest pixel.
    let level = |one: &[f32], other: &[f32]| {
        let sign = one.first().filter(|d| d.is_infinite())?.signum();
        let finite = other.first().is_some_and(|d| d.is_finite());
        Some(sign * if finite { other.iter().fold(0.0, |most, d| f32::max(most, -sign * d)) } else { 1.0 })
    };
    let [a, b] = &distances;
    let levels = [level(a, b), level(b, a)];
    for (distance, level) in distances.iter_mut().zip(levels) {
        if let Some(level) = level {
            distance.fill(level);
        }
    }
    distances
}
