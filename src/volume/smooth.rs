//! Smoothing of a class in 3-D: a Gaussian of its mask, cut at one half.

use super::labels::{LabelVolume, UNLABELLED};
use super::runs::Runs;
use crate::error::{Error, Result};
use crate::scan::zeroed;

/// Smooths the surface of a class across rows, columns and slices alike, and tells how many voxels changed. The mask is blurred by a
/// Gaussian whose standard deviation is `sigma` mm along every axis, as far as three of them (SciPy's `gaussian_filter` with
/// `mode="nearest"` and `truncate=3`), and its voxels are those above one half. Background and unlabelled voxels can become the
/// class; other classes stay. `spacing`: between columns, rows and slices, mm.
///
/// # Errors
/// `volume.sigma` if `sigma` or a spacing is not above 0; `volume.size`, `volume.limit.runs`.
pub fn smooth(labels: &mut dyn LabelVolume, class: u8, sigma: f64, spacing: [f64; 3]) -> Result<u64> {
    if matches!(class, 0 | UNLABELLED) {
        return Ok(0);
    }
    let [across, down, along] = spacing.map(|step| sigma / step);
    let sensible = |s: f64| s > 0.0 && s <= 100.0;
    if !(sensible(across) && sensible(down) && sensible(along)) {
        return Err(Error::invalid(
            "volume.sigma",
            "Smoothing needs a width in mm that is above 0 and at most 100 voxels. Choose another width.",
        ));
    }
    let kernels = [across, down, along].map(gaussian);
    let reach = [0, 1, 2].map(|axis| kernels[axis].len() - 1);
    let Some(bounds) = bounds(labels, class)? else { return Ok(0) };
    // What the Gaussian can reach.
    let size = labels.size();
    let [left, top, first] = [0, 1, 2].map(|a| bounds[a][0].saturating_sub(reach[a]));
    let [right, bottom, end] = [0, 1, 2].map(|a| (bounds[a][1] + reach[a]).min(size[a]));
    let (width, height) = (right - left, bottom - top);
    // Blurred slices, as many as one slice of the outcome needs; slice `z` is at `z` modulo their number.
    let ring = (2 * reach[2] + 1).min(end - first);
    let mut blurred = zeroed::<f32>(width * height * ring)?;
    let place = |slice: usize| (slice - first) % ring * width * height;
    let (mut line, mut from, mut to) = (vec![0u8; width], vec![0.0; width], vec![0.0; width]);
    let mut plane = zeroed::<f32>(width * height)?;
    let mut changed = 0;
    let mut read = first;
    for z in first..end {
        while read < end && read <= z + reach[2] {
            for (y, out) in plane.chunks_exact_mut(width).enumerate() {
                labels.read(read, top + y, left, &mut line);
                for (from, label) in from.iter_mut().zip(&line) {
                    *from = f32::from(u8::from(*label == class));
                }
                blur(&from, out, &kernels[0], 1);
            }
            let at = place(read);
            blur(&plane, &mut blurred[at..at + width * height], &kernels[1], width);
            read += 1;
        }
        for y in 0..height {
            to.fill(0.0);
            for (d, weight) in kernels[2].iter().enumerate() {
                let sides = [z.saturating_sub(d).max(first), (z + d).min(end - 1)];
                for side in &sides[..if d == 0 { 1 } else { 2 }] {
                    let at = place(*side) + y * width;
                    for (to, from) in to.iter_mut().zip(&blurred[at..at + width]) {
                        *to += weight * from;
                    }
                }
            }
            labels.read(z, top + y, left, &mut line);
            let before = changed;
            for (label, value) in line.iter_mut().zip(&to) {
                let new = match *label {
                    old if old == class => {
                        if *value > 0.5 {
                            class
                        } else {
                            0
                        }
                    }
                    0 | UNLABELLED if *value > 0.5 => class,
                    old => old,
                };
                changed += u64::from(new != *label);
                *label = new;
            }
            if changed > before {
                labels.write(z, top + y, left, &line);
            }
        }
    }
    Ok(changed)
}

/// The middle and one side of a Gaussian whose sum is 1; `sigma` in voxels.
fn gaussian(sigma: f64) -> Vec<f32> {
    let reach = (3.0 * sigma + 0.5) as usize;
    let heights: Vec<f64> = (0..=reach).map(|x| (-0.5 * (x as f64 / sigma).powi(2)).exp()).collect();
    let sum = 2.0 * heights.iter().sum::<f64>() - 1.0;
    heights.into_iter().map(|h| (h / sum) as f32).collect()
}

/// Along an axis whose neighbours lie `stride` apart; what lies outside is as the last inside.
fn blur(from: &[f32], to: &mut [f32], kernel: &[f32], stride: usize) {
    let lines = from.len() / stride;
    for (i, out) in to.chunks_exact_mut(stride).enumerate() {
        out.fill(0.0);
        for (d, weight) in kernel.iter().enumerate() {
            let sides = [i.saturating_sub(d), (i + d).min(lines - 1)];
            for side in &sides[..if d == 0 { 1 } else { 2 }] {
                for (out, from) in out.iter_mut().zip(&from[side * stride..(side + 1) * stride]) {
                    *out += weight * from;
                }
            }
        }
    }
}

/// First and first outside of columns, rows and slices that a class is in.
fn bounds(labels: &dyn LabelVolume, class: u8) -> Result<Option<[[usize; 2]; 3]>> {
    let mut found = [[usize::MAX, 0]; 3];
    let runs = Runs::of_class(labels, class)?;
    runs.each_row(|slice, row, range| {
        let (from, to) = (runs.runs[range.start].start, runs.runs[range.end - 1].end);
        let here = [[from as usize, to as usize], [row, row + 1], [slice, slice + 1]];
        for (found, [from, to]) in found.iter_mut().zip(here) {
            *found = [found[0].min(from), found[1].max(to)];
        }
    });
    Ok((!runs.runs.is_empty()).then_some(found))
}
