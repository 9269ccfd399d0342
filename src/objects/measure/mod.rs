//! What is measured of objects, as scikit-image's `regionprops` defines it.

mod crofton;
mod hull;
mod moments;

use serde::Serialize;

pub use self::hull::Feret;
use self::hull::Hull;
use self::moments::Moments;

/// What is measured of one object. Lengths in pixels, areas in pixels; `x` counts columns, `y` rows, both from the middle of the
/// first pixel.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measurement {
    /// Its number in the image.
    pub object: u32,
    /// Class of most of its pixels, 0 if none is told.
    pub class: u8,
    /// Number of pixels.
    pub area: usize,
    /// The smallest rectangle around it.
    pub bounds: Bounds,
    /// `[x, y]` of its middle.
    pub centroid: [f64; 2],
    /// Diameter of a disc of the same area (`equivalent_diameter_area`).
    pub equivalent_diameter: f64,
    /// Length of its border, of its holes too: by Crofton's formula in four directions (`perimeter_crofton`).
    pub perimeter: f64,
    /// Axes of the ellipse with the same second moments (`axis_major_length`, `axis_minor_length`).
    pub axes: [f64; 2],
    /// Of that ellipse: 0 is a circle.
    pub eccentricity: f64,
    /// Angle between the rows' axis (downwards) and the major axis, radians, -π/2 to π/2, counted towards rising columns.
    pub orientation: f64,
    /// Pixels of the convex hull (`area_convex`).
    pub convex_area: usize,
    /// Part of the convex hull that it fills.
    pub solidity: f64,
    /// The longest distance between two points of the convex hull's border (`feret_diameter_max`).
    pub feret: Feret,
    /// 4 π area / perimeter²: 1 for a disc.
    pub circularity: f64,
    /// Values of each channel.
    pub intensity: Vec<Intensity>,
}

/// Columns and rows of a rectangle of pixels; `right` and `bottom` are the first outside.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bounds {
    pub left: usize,
    pub top: usize,
    pub right: usize,
    pub bottom: usize,
}

/// Values of one channel in an object, in the file's own units; pixels without a value (NaN) are left out, and all is NaN
/// where there is no other.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Intensity {
    pub mean: f64,
    pub min: f64,
    pub max: f64,
    /// Sum of all.
    pub integrated: f64,
}

/// Measures all objects, in the order of their numbers. `objects`: numbers `[row][column]`, 0 is the background; `classes`: of each
/// pixel, or nothing; `channels`: planes `[row][column]` of values.
///
/// # Panics
/// If a slice does not hold whole rows of the same number of pixels.
pub fn measure(objects: &[u32], classes: &[u8], channels: &[&[f32]], width: usize) -> Vec<Measurement> {
    let planes = channels.iter().all(|plane| plane.len() == objects.len());
    assert!(planes && (classes.is_empty() || classes.len() == objects.len()), "all is of the same image");
    extents(objects, width)
        .into_iter()
        .map(|(object, bounds)| {
            let region = Region { objects, width, object, bounds };
            let moments = Moments::of(&region);
            let hull = Hull::around(&region);
            let area = moments.area();
            let perimeter = crofton::perimeter(&region);
            let [major, minor] = moments.axes();
            Measurement {
                object,
                class: region.class(classes),
                area,
                bounds,
                centroid: moments.centroid(),
                equivalent_diameter: (4.0 * area as f64 / std::f64::consts::PI).sqrt(),
                perimeter,
                axes: [major, minor],
                eccentricity: moments.eccentricity(),
                orientation: moments.orientation(),
                convex_area: hull.area(),
                solidity: area as f64 / hull.area() as f64,
                feret: hull.feret(),
                circularity: 4.0 * std::f64::consts::PI * area as f64 / (perimeter * perimeter),
                intensity: channels.iter().map(|plane| region.intensity(plane)).collect(),
            }
        })
        .collect()
}

/// The numbers of all objects, ascending, and where they lie.
pub fn extents(objects: &[u32], width: usize) -> Vec<(u32, Bounds)> {
    let mut found = std::collections::BTreeMap::new();
    for (y, row) in objects.chunks_exact(width.max(1)).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            let (left, right) = (x, x + run.len());
            x = right;
            if run[0] == 0 {
                continue;
            }
            let here = Bounds { left, top: y, right, bottom: y + 1 };
            let all = found.entry(run[0]).or_insert(here);
            all.left = all.left.min(left);
            all.right = all.right.max(right);
            all.bottom = y + 1;
        }
    }
    found.into_iter().collect()
}

/// One object in its image.
#[derive(Clone, Copy)]
pub(super) struct Region<'a> {
    pub objects: &'a [u32],
    pub width: usize,
    pub object: u32,
    pub bounds: Bounds,
}

impl<'a> Region<'a> {
    /// Each row of the rectangle around it: where it begins, its number, and whether its pixels belong to the object.
    pub fn rows(&self) -> impl Iterator<Item = (usize, usize, &'a [u32])> + use<'a> {
        let Self { objects, width, bounds: Bounds { left, top, right, bottom }, .. } = *self;
        (top..bottom).map(move |y| (y, y * width + left, &objects[y * width + left..y * width + right]))
    }

    /// Runs of its pixels along rows: row, first column, first column behind.
    pub fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs = Vec::new();
        for (y, _, row) in self.rows() {
            let mut x = self.bounds.left;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] == self.object {
                    runs.push((y, x, x + run.len()));
                }
                x += run.len();
            }
        }
        runs
    }

    /// Whether a pixel belongs to it, also beside the image. Column and row of the rectangle around it.
    pub fn holds(&self, x: isize, y: isize) -> bool {
        let Bounds { left, top, right, bottom } = self.bounds;
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return false };
        x < right - left && y < bottom - top && self.objects[(top + y) * self.width + left + x] == self.object
    }

    fn pixels(&self) -> impl Iterator<Item = usize> + use<'a> {
        let object = self.object;
        self.rows().flat_map(move |(_, first, row)| {
            row.iter().enumerate().filter(move |(_, n)| **n == object).map(move |(x, _)| first + x)
        })
    }

    fn class(&self, classes: &[u8]) -> u8 {
        if classes.is_empty() {
            return 0;
        }
        let mut counts = [0usize; 256];
        self.pixels().for_each(|i| counts[usize::from(classes[i])] += 1);
        // The first of those that are equally many.
        (0..=255u8).rev().max_by_key(|class| counts[usize::from(*class)]).unwrap_or(0)
    }

    fn intensity(&self, plane: &[f32]) -> Intensity {
        let (mut count, mut sum, mut min, mut max) = (0usize, 0.0, f64::INFINITY, f64::NEG_INFINITY);
        for value in self.pixels().map(|i| f64::from(plane[i])).filter(|v| !v.is_nan()) {
            count += 1;
            sum += value;
            (min, max) = (min.min(value), max.max(value));
        }
        if count == 0 {
            return Intensity { mean: f64::NAN, min: f64::NAN, max: f64::NAN, integrated: f64::NAN };
        }
        Intensity { mean: sum / count as f64, min, max, integrated: sum }
    }
}
