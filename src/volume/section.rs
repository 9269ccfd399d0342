//! Planes across the slices as a network is shown them: with square pixels, hung as people see them.

use super::along::Along;
use super::plane::{Convention, Plane};
use super::stack::Stack;
use crate::error::{Error, Result};
use crate::scan::{Image, zeroed};

/// How many times as far apart as pixels slices may lie.
const MAX_STRETCH: f64 = 64.0;
/// Pixels a side of a plane, at most.
const MAX_SIDE: f64 = 16_384.0;

/// The planes of a volume that stand upright on an axis. Those across the slices have pixels as large as those of the slices along
/// the plane, so that a network sees shapes as they are: what lies between two slices is interpolated linearly. Where the file gives
/// no distances a voxel is a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sections {
    /// Which voxels they show.
    pub plane: Plane,
    /// Width and height with square pixels.
    pub size: [usize; 2],
}

impl Sections {
    /// # Errors
    /// `volume.flat` of a single slice, `volume.thick` of slices that lie too far apart.
    pub fn of(stack: &Stack<'_>, axis: usize) -> Result<Self> {
        let (scan, size) = (stack.scan(), stack.size());
        if axis >= 2 {
            return Ok(Self { plane: Plane::stored(size, 2), size: [size[0], size[1]] });
        }
        if size[2] < 2 {
            return Err(Error::invalid(
                "volume.flat",
                "This image has a single slice, and so no planes across its slices. Segment the slices as they are.",
            ));
        }
        let spacing = match &scan.geometry {
            Some(geometry) => Some(geometry.spacing()),
            None => scan.spacing.and_then(|s| Some([s.x, s.y, s.z?])),
        };
        let plane = match &scan.geometry {
            Some(geometry) => Plane::of(size, geometry, axis, Convention::Radiological),
            None => Plane::stored(size, axis),
        };
        // Of the two axes of such a plane one goes through the slices; the other's pixels stay as they are.
        let stretch = spacing.map_or(1.0, |spacing| spacing[2] / spacing[1 - axis]);
        let square = |i: usize| match plane.axes[i] {
            2 => (plane.size[i] as f64 * stretch).round().max(1.0),
            _ => plane.size[i] as f64,
        };
        let sides = [square(0), square(1)];
        // Also of what is no number.
        if !(stretch <= MAX_STRETCH && sides.iter().all(|side| *side <= MAX_SIDE)) {
            return Err(Error::unsupported(
                "volume.thick",
                "The slices of this volume lie too far apart for planes across them. Segment the slices as they are.",
            ));
        }
        Ok(Self { plane, size: sides.map(|side| side as usize) })
    }

    /// How many there are.
    pub fn count(&self, stack: &Stack<'_>) -> usize {
        stack.size()[self.plane.normal]
    }

    /// A plane in physical values, as [`Scan::network_slice`](crate::scan::Scan::network_slice) gives slices: where the file shows low
    /// values bright it is mirrored within its own range.
    ///
    /// # Errors
    /// `volume.plane`, `scan.limit.memory`.
    pub fn image(&self, stack: &Stack<'_>, index: usize) -> Result<Image> {
        let image = stack.plane(&self.plane, index)?;
        let mut data = zeroed(self.size[0] * self.size[1] * image.channels)?;
        let (from, to) = (self.plane.size[0] * self.plane.size[1], self.size[0] * self.size[1]);
        for (own, square) in image.data.chunks_exact(from.max(1)).zip(data.chunks_exact_mut(to.max(1))) {
            resample(own, self.plane.size, square, self.size);
        }
        if stack.scan().inverted {
            let finite = || data.iter().copied().filter(|v| v.is_finite());
            let ends = finite().fold(f32::INFINITY, f32::min) + finite().fold(f32::NEG_INFINITY, f32::max);
            data.iter_mut().for_each(|v| *v = ends - *v);
        }
        Image::new(self.size[0], self.size[1], image.channels, data)
    }

    /// Values of the square pixels at the voxels of a plane, `[y][x]` of `plane.size`.
    ///
    /// # Errors
    /// `scan.limit.memory`.
    pub fn back(&self, values: &[f32]) -> Result<Vec<f32>> {
        let mut own = zeroed(self.plane.size[0] * self.plane.size[1])?;
        resample(values, self.size, &mut own, self.plane.size);
        Ok(own)
    }

    /// Labels of a plane at the square pixels: each takes those of the nearest voxel.
    ///
    /// # Errors
    /// `scan.limit.memory`.
    pub fn labels(&self, labels: &[u8]) -> Result<Vec<u8>> {
        let mut square = zeroed(self.size[0] * self.size[1])?;
        let [columns, rows] = [0, 1].map(|i| places(self.plane.size[i], self.size[i]));
        for (line, (y, next)) in square.chunks_exact_mut(self.size[0].max(1)).zip(&rows) {
            let row = y + usize::from(*next >= 0.5);
            for (to, (x, next)) in line.iter_mut().zip(&columns) {
                let at = row * self.plane.size[0] + x + usize::from(*next >= 0.5);
                *to = labels.get(at).copied().unwrap_or(super::UNLABELLED);
            }
        }
        Ok(square)
    }
}

/// Linear interpolation of `[y][x]` values onto another number of pixels over the same area (the borders of the images are the same,
/// what lies beyond the outermost centres is as they are). A pixel without a value counts nowhere; where most is without a value there
/// is none.
fn resample(values: &[f32], from: [usize; 2], to: &mut [f32], size: [usize; 2]) {
    if from == size {
        let n = values.len().min(to.len());
        return to[..n].copy_from_slice(&values[..n]);
    }
    let [columns, rows] = [0, 1].map(|i| places(from[i], size[i]));
    for (line, (y, down)) in to.chunks_exact_mut(size[0].max(1)).zip(rows) {
        for (to, (x, right)) in line.iter_mut().zip(&columns) {
            let (mut sum, mut weight) = (0.0, 0.0);
            for (row, wy) in [(y, 1.0 - down), (y + 1, down)] {
                for (column, wx) in [(*x, 1.0 - right), (x + 1, *right)] {
                    let w = wx * wy;
                    if w > 0.0
                        && let Some(value) = values.get(row * from[0] + column).filter(|v| v.is_finite())
                    {
                        (sum, weight) = (sum + w * value, weight + w);
                    }
                }
            }
            *to = if weight >= 0.5 { sum / weight } else { f32::NAN };
        }
    }
}

/// For each of `to` pixels over `from` others: the one before it, and how far it is on the way to the next.
fn places(from: usize, to: usize) -> Vec<(usize, f32)> {
    let step = from as f64 / to.max(1) as f64;
    let last = from.saturating_sub(1) as f64;
    let place = |i: usize| {
        let at = ((i as f64 + 0.5) * step - 0.5).clamp(0.0, last);
        (at as usize, at.fract() as f32)
    };
    (0..to).map(place).collect()
}

/// The planes of each orientation in turn.
///
/// # Errors
/// As [`Sections::of`].
pub fn sections(stack: &Stack<'_>, along: Along) -> Result<Vec<Sections>> {
    along.axes().iter().map(|axis| Sections::of(stack, *axis)).collect()
}
