//! What is measured of objects and classes of a volume.

use serde::Serialize;

use super::diameter::diameters;
use super::runs::{Run, Runs};
use super::surface::surfaces;
use crate::error::{Error, Result};
use crate::scan::Geometry;
use crate::scan::geometry::{cross, length};

/// Physical values of a row of the image under the labels: slice, row, first column, and where they go; NaN where there is none.
pub type Values<'a> = &'a dyn Fn(usize, usize, usize, &mut [f32]);

/// What is measured of one object, or of one class.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VolumeMeasurement {
    /// Its number.
    pub number: u32,
    pub class: u8,
    pub voxels: u64,
    /// Columns, rows and slices of the smallest block around it: the first, and the first outside.
    pub bounds: [[usize; 2]; 3],
    /// Column, row and slice of its middle, from the middle of the first voxel.
    pub centroid: [f64; 3],
    /// In the patient; none where the file does not tell where voxels lie.
    pub physical: Option<Physical>,
    /// Of the image's values; none where there is no image, or no voxel of the object has a value.
    pub values: Option<Statistics>,
}

/// Sizes and places in the patient.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Physical {
    /// Millilitres: voxels times a voxel's volume.
    pub volume_ml: f64,
    /// Square centimetres, by Crofton's formula in thirteen directions.
    pub surface_cm2: f64,
    /// Where its middle lies, mm, in DICOM's coordinates (to the left, the back, the head).
    pub position: [f64; 3],
    /// The longest distance between the middles of two voxels, mm; of large objects at most 2 % short of that, and mostly not at all.
    pub diameter_mm: f64,
}

/// Of the voxels that have a value (not NaN), in the image's unit (HU of CT).
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// How many.
    pub voxels: u64,
    pub mean: f64,
    /// Standard deviation, of all of them (divided by their number).
    pub deviation: f64,
    pub min: f64,
    pub max: f64,
}

/// A class or an object in one slice.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SliceArea {
    pub slice: usize,
    pub number: u32,
    pub pixels: u64,
    /// Square millimetres; none where the file does not tell where voxels lie.
    pub area_mm2: Option<f64>,
    /// Of the values that are there; none if there is none.
    pub mean: Option<f64>,
}

/// Measures what runs are of, in the order of the numbers: `numbers` is of each run, from 1, 0 for what is not measured. For
/// objects they are [`Components3::numbers`](super::Components3::numbers), for classes [`of_classes`].
///
/// # Errors
/// `volume.size` if there is not a number for each run.
pub fn measure(
    runs: &Runs,
    numbers: &[u32],
    geometry: Option<&Geometry>,
    values: Option<Values<'_>>,
) -> Result<Vec<VolumeMeasurement>> {
    let count = check(runs, numbers)?;
    let mut sums = vec![Sums::default(); count];
    let mut line = Vec::new();
    runs.each_row(|slice, row, here| {
        for i in here {
            let (run, Some(sums)) = (runs.runs[i], sums.get_mut((numbers[i] as usize).wrapping_sub(1)))
            else {
                continue;
            };
            sums.add(run, row, slice);
            if let Some(values) = values {
                line.resize(run.length() as usize, 0.0);
                values(slice, row, run.start as usize, &mut line);
                sums.values.add(&line);
            }
        }
    });
    let physical =
        geometry.map(|g| (g, surfaces(runs, numbers, count, g), diameters(runs, numbers, count, g)));
    Ok((0..count)
        .filter(|i| sums[*i].voxels > 0)
        .map(|i| {
            let sums = &sums[i];
            let centroid = sums.places.map(|sum| sum / sums.voxels as f64);
            let physical = physical.as_ref().map(|(geometry, surfaces, diameters)| Physical {
                volume_ml: sums.voxels as f64 * geometry.voxel_volume() / 1e3,
                surface_cm2: surfaces[i] / 1e2,
                position: geometry.at(centroid),
                diameter_mm: diameters[i],
            });
            VolumeMeasurement {
                number: i as u32 + 1,
                class: sums.class,
                voxels: sums.voxels,
                bounds: sums.bounds,
                centroid,
                physical,
                values: sums.values.statistics(),
            }
        })
        .collect())
}

/// The class of each run, as its number: measures classes instead of objects.
pub fn of_classes(runs: &Runs) -> Vec<u32> {
    runs.runs.iter().map(|run| u32::from(run.class)).collect()
}

/// A row for each slice and number that is in it, slice by slice.
///
/// # Errors
/// As [`measure`].
pub fn slice_areas(
    runs: &Runs,
    numbers: &[u32],
    geometry: Option<&Geometry>,
    values: Option<Values<'_>>,
) -> Result<Vec<SliceArea>> {
    let mut tallies = vec![(0u64, Tally::default()); check(runs, numbers)?];
    let pixel = geometry.map(|g| length(cross(g.steps[0], g.steps[1])));
    let (mut rows, mut line) = (Vec::new(), Vec::new());
    for slice in 0..runs.size[2] {
        // The numbers that are in this slice: of many objects few are.
        let mut met = Vec::new();
        for row in 0..runs.size[1] {
            for i in runs.row(slice as isize, row as isize) {
                let (number, run) = (numbers[i], runs.runs[i]);
                let Some((pixels, tally)) = tallies.get_mut((number as usize).wrapping_sub(1)) else {
                    continue;
                };
                if *pixels == 0 {
                    met.push(number);
                }
                *pixels += run.length();
                if let Some(values) = values {
                    line.resize(run.length() as usize, 0.0);
                    values(slice, row, run.start as usize, &mut line);
                    tally.add(&line);
                }
            }
        }
        met.sort_unstable();
        rows.extend(met.into_iter().map(|number| {
            let (pixels, tally) = std::mem::take(&mut tallies[number as usize - 1]);
            let area_mm2 = pixel.map(|area| area * pixels as f64);
            SliceArea { slice, number, pixels, area_mm2, mean: tally.statistics().map(|s| s.mean) }
        }));
    }
    Ok(rows)
}

/// The highest number.
fn check(runs: &Runs, numbers: &[u32]) -> Result<usize> {
    let highest = numbers.iter().copied().max().unwrap_or(0) as usize;
    // There are no more objects than runs, nor more classes than a byte tells.
    if numbers.len() != runs.runs.len() || highest > numbers.len().max(255) {
        return Err(Error::invalid(
            "volume.size",
            "The objects are not those of these labels. Find the objects again.",
        ));
    }
    Ok(highest)
}

#[derive(Clone, Default)]
struct Sums {
    class: u8,
    voxels: u64,
    bounds: [[usize; 2]; 3],
    places: [f64; 3],
    values: Tally,
}

impl Sums {
    fn add(&mut self, run: Run, row: usize, slice: usize) {
        let (start, end) = (run.start as usize, run.end as usize);
        let here = [[start, end], [row, row + 1], [slice, slice + 1]];
        if self.voxels == 0 {
            (self.class, self.bounds) = (run.class, here);
        }
        let n = run.length();
        self.voxels += n;
        let middles = [(start + end - 1) as f64 / 2.0, row as f64, slice as f64];
        for axis in 0..3 {
            let ([low, high], [from, to]) = (self.bounds[axis], here[axis]);
            self.bounds[axis] = [low.min(from), high.max(to)];
            self.places[axis] += middles[axis] * n as f64;
        }
    }
}

/// Sums of values, less the first of them, so that their squares lose nothing.
#[derive(Clone, Copy, Default)]
struct Tally {
    voxels: u64,
    first: f64,
    sum: f64,
    squares: f64,
    low: f32,
    high: f32,
}

impl Tally {
    fn add(&mut self, values: &[f32]) {
        for value in values.iter().filter(|v| v.is_finite()) {
            if self.voxels == 0 {
                (self.first, self.low, self.high) = (f64::from(*value), *value, *value);
            }
            let from = f64::from(*value) - self.first;
            self.voxels += 1;
            self.sum += from;
            self.squares += from * from;
            self.low = self.low.min(*value);
            self.high = self.high.max(*value);
        }
    }

    fn statistics(&self) -> Option<Statistics> {
        let n = (self.voxels > 0).then_some(self.voxels as f64)?;
        let mean = self.sum / n;
        Some(Statistics {
            voxels: self.voxels,
            mean: self.first + mean,
            deviation: (self.squares / n - mean * mean).max(0.0).sqrt(),
            min: f64::from(self.low),
            max: f64::from(self.high),
        })
    }
}
