//! Bilinear interpolation to twice the size, as two linear ones between neighbouring rows and columns.
//!
//! Own code on top of selections, since the device's interpolation knows a tile alone: where corners are aligned, the place
//! that a pixel is taken from depends on the whole image, and tiles would not fit together.

use burn::tensor::{Int, Tensor, TensorData};

/// Where a tile lies in the whole that a network would see without tiles. Rows before columns, pixels of the network's input;
/// all of them multiples of its stride.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Of the tile's first pixel.
    pub origin: [usize; 2],
    /// Size of the whole.
    pub whole: [usize; 2],
}

impl Frame {
    /// A tile that is the whole.
    pub fn of(whole: [usize; 2]) -> Self {
        Self { origin: [0, 0], whole }
    }

    /// The same in maps `1 << level` times smaller.
    fn at(self, level: usize) -> Self {
        Self { origin: self.origin.map(|n| n >> level), whole: self.whole.map(|n| n >> level) }
    }
}

/// The neighbours that each of `2 n` pixels lies between, and how far it is from the first to the second of them.
#[derive(Debug, PartialEq)]
struct Taps {
    low: Vec<i32>,
    high: Vec<i32>,
    part: Vec<f32>,
}

impl Taps {
    /// `place` gives where a pixel is taken from, in pixels of the `n` that there are. Beyond the ends the last ones count.
    fn of(n: usize, place: impl Fn(f64) -> f64) -> Self {
        let last = n.saturating_sub(1);
        let mut taps = Self { low: Vec::new(), high: Vec::new(), part: Vec::new() };
        for i in 0..2 * n {
            let at = place(i as f64).clamp(0.0, last as f64);
            let low = at.floor();
            taps.low.push(low as i32);
            taps.high.push((low as usize + 1).min(last) as i32);
            taps.part.push((at - low) as f32);
        }
        taps
    }

    /// Pixels are small squares whose middles stay where they are: `half_pixel` of ONNX.
    fn half_pixel(n: usize) -> Self {
        Self::of(n, |i| (i + 0.5) / 2.0 - 0.5)
    }

    /// The first and the last of `whole` pixels stay the first and the last; the `n` start at `origin` of them.
    fn aligned(n: usize, origin: usize, whole: usize) -> Self {
        let (first, whole) = (origin as f64, whole.max(1) as f64);
        let scale = (whole - 1.0) / (2.0 * whole - 1.0);
        Self::of(n, |i| (2.0 * first + i) * scale - first)
    }

    /// `[batch, channel, height, width]` with twice as many pixels along the axis `dim`.
    fn along(self, x: Tensor<4>, dim: usize) -> Tensor<4> {
        let device = x.device();
        let n = self.part.len();
        let index = |i: Vec<i32>| Tensor::<1, Int>::from_data(TensorData::new(i, [n]), &device);
        let mut shape = [1; 4];
        if let Some(side) = shape.get_mut(dim) {
            *side = n;
        }
        let part = Tensor::<4>::from_data(TensorData::new(self.part, shape), &device);
        let low = x.clone().select(dim, index(self.low));
        let high = x.select(dim, index(self.high));
        low.clone() + (high - low) * part
    }
}

/// `x`, `[batch, channel, height, width]` of the maps at `level + 1`, twice as high and wide.
pub(super) fn bilinear(x: Tensor<4>, align_corners: bool, frame: Frame, level: usize) -> Tensor<4> {
    let [_, _, height, width] = x.dims();
    let Frame { origin, whole } = frame.at(level + 1);
    let [rows, columns] = if align_corners {
        [Taps::aligned(height, origin[0], whole[0]), Taps::aligned(width, origin[1], whole[1])]
    } else {
        [Taps::half_pixel(height), Taps::half_pixel(width)]
    };
    columns.along(rows.along(x, 2), 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middles_of_pixels_stay_where_they_are() {
        let taps = Taps::half_pixel(2);
        assert_eq!((taps.low, taps.high), (vec![0, 0, 0, 1], vec![1, 1, 1, 1]));
        assert_eq!(taps.part, [0.0, 0.25, 0.75, 0.0]);
    }

    #[test]
    fn a_tile_takes_from_the_pixels_that_the_whole_takes_from() {
        let whole = Taps::aligned(24, 0, 24);
        assert_eq!((whole.low[0], whole.low[47], whole.part[47]), (0, 23, 0.0));
        let tile = Taps::aligned(8, 12, 24);
        // All but the first and the last, which lie beyond the tile.
        for i in 1..15 {
            let at = |taps: &Taps, i: usize, origin: i32| {
                (f64::from(taps.low[i] + origin) + f64::from(taps.part[i])) * 1e4
            };
            assert_eq!(at(&tile, i, 12).round(), at(&whole, 24 + i, 0).round(), "{i}");
        }
    }

    #[test]
    fn a_single_pixel_becomes_four() {
        assert_eq!(Taps::aligned(1, 0, 1).part, [0.0, 0.0]);
        assert_eq!(Taps::half_pixel(1).high, [0, 0]);
    }
}
