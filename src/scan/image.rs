//! One slice as the network sees it: planar 32-bit floats, and the normalisation that a model asks for.

use serde::{Deserialize, Serialize};

use super::pixels::{Converted, rows, valued};
use super::scaling::{Range, Scaling};
use crate::error::{Error, Result};

/// One two-dimensional image: `data[(channel * height + y) * width + x]`, in the scan's physical values
/// (after rescale: Hounsfield units, counts, 0..255), or normalised. NaN is a pixel without a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// 1 (grey) or 3 (red, green, blue).
    pub channels: usize,
    /// `channels * height * width` values.
    pub data: Vec<f32>,
}

/// How a model wants its input scaled. Stored in its card.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Normalisation {
    /// Subtract, then divide.
    Fixed { subtract: f32, divide: f32 },
    /// Map the `low` percentile of the slice (all channels together, values that are not finite left out) to 0 and the `high` percentile to 1.
    /// Percentiles in 0..=100, by nearest rank, so that one hot pixel does not darken the rest; what then lies beyond
    /// ten thousand is set to that.
    Percentile { low: f32, high: f32 },
    /// Each channel minus its mean over the slice, divided by its standard deviation (over all values that are finite), as
    /// nnU-Net's `ZScoreNormalization`.
    ZScore,
    /// Values below `low` and above `high` become these; then subtract and divide, as nnU-Net's `CTNormalization`.
    Clipped { low: f32, high: f32, subtract: f32, divide: f32 },
}

/// What a standard deviation is at least.
pub(crate) const LEAST_DEVIATION: f32 = 1e-8;

impl Image {
    /// Checks that `data` has the size the other numbers promise.
    pub fn new(width: usize, height: usize, channels: usize, data: Vec<f32>) -> Result<Self> {
        let expected = width.checked_mul(height).and_then(|n| n.checked_mul(channels));
        if width == 0 || height == 0 || !(channels == 1 || channels == 3) || expected != Some(data.len()) {
            return Err(Error::invalid(
                "image.shape",
                format!(
                    "An image of {width} x {height} pixels and {channels} channels cannot have {} values.",
                    data.len()
                ),
            ));
        }
        Ok(Self { width, height, channels, data })
    }

    /// One channel, row by row.
    pub fn plane(&self, channel: usize) -> &[f32] {
        let n = self.width * self.height;
        &self.data[channel * n..(channel + 1) * n]
    }

    /// Converts between grey and colour: grey is copied to every channel, colour becomes luma (ITU-R BT.601).
    pub fn with_channels(self, channels: usize) -> Result<Self> {
        if self.channels == channels {
            return Ok(self);
        }
        let converted = Converted::new(&self, channels)?;
        let mut data = Vec::with_capacity(channels * self.width * self.height);
        rows(&converted, |_, line| data.extend_from_slice(line));
        Self::new(self.width, self.height, channels, data)
    }

    /// Which pixels have a value in every channel, `[row][column]`; none if all have.
    pub fn valued(&self) -> Option<Vec<bool>> {
        valued(self)
    }

    /// Applies a model's [`Normalisation`]. Values that are not finite take no part in it; they become the low end of
    /// what the others become: 0 where percentiles are mapped, else the smallest. An image without any value becomes 0.
    pub fn normalised(mut self, how: Normalisation) -> Self {
        let scaling = Scaling::of(how, &self, 1);
        let planes = self.data.chunks_exact_mut((self.width * self.height).max(1));
        planes.enumerate().for_each(|(channel, plane)| scaling.apply(channel, plane));
        self
    }
}

/// Smallest and largest of the finite values; `(0, 0)` if there is none.
pub(crate) fn finite_range(values: &[f32]) -> (f32, f32) {
    let Range { low, high } = Range::among(values);
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_map_to_zero_and_one() {
        let image = Image::new(11, 1, 1, (0..11).map(|v| v as f32 * 10.0).collect()).unwrap();
        let image = image.normalised(Normalisation::Percentile { low: 10.0, high: 90.0 });
        assert_eq!(image.data[1], 0.0);
        assert_eq!(image.data[9], 1.0);
    }

    #[test]
    fn a_z_score_has_mean_0_and_deviation_1_in_each_channel() {
        let mut data: Vec<f32> =
            (0..50).map(|v| v as f32).chain((0..50).map(|v| 1e6 - 10.0 * v as f32)).collect();
        data.extend([f32::NAN; 50]);
        let image = Image::new(10, 5, 3, data).unwrap().normalised(Normalisation::ZScore);
        for channel in 0..2 {
            let plane = image.plane(channel);
            let mean = plane.iter().sum::<f32>() / 50.0;
            let variance = plane.iter().map(|v| v * v).sum::<f32>() / 50.0;
            assert!(mean.abs() < 1e-5 && (variance - 1.0).abs() < 1e-4, "{mean} {variance}");
        }
        assert!(image.plane(2).iter().all(|v| *v == 0.0));
        let part = Image::new(3, 1, 1, vec![1.0, f32::NAN, 3.0]).unwrap().normalised(Normalisation::ZScore);
        assert_eq!(part.data, [-1.0, -1.0, 1.0]);
    }

    #[test]
    fn values_beyond_the_limits_are_clipped_before_they_are_scaled() {
        let how = Normalisation::Clipped { low: -10.0, high: 30.0, subtract: 10.0, divide: 20.0 };
        let image = Image::new(5, 1, 1, vec![-1e9, 10.0, 30.0, 1e9, f32::NAN]).unwrap().normalised(how);
        assert_eq!(image.data, [-1.0, 0.0, 1.0, 1.0, -1.0]);
    }

    #[test]
    fn a_constant_image_and_one_full_of_nan_stay_finite() {
        let how = Normalisation::Percentile { low: 1.0, high: 99.0 };
        for value in [7.0, f32::NAN, f32::INFINITY] {
            let image = Image::new(4, 4, 1, vec![value; 16]).unwrap().normalised(how);
            assert!(image.data.iter().all(|v| *v == 0.0));
        }
    }

    #[test]
    fn pixels_without_a_value_change_nothing_elsewhere_and_become_the_low_end() {
        let plain: Vec<f32> = (0..101).map(|v| 20_000.0 + v as f32).collect();
        let how = Normalisation::Percentile { low: 1.0, high: 99.0 };
        let expected = Image::new(101, 1, 1, plain.clone()).unwrap().normalised(how);
        for none in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut data = plain.clone();
            data.extend(vec![none; 101]);
            let image = Image::new(101, 2, 1, data).unwrap();
            assert_eq!(image.valued().unwrap(), [[true; 101], [false; 101]].concat());
            assert_eq!(image.normalised(how).data, [expected.data.clone(), vec![0.0; 101]].concat());
        }
        let fixed = Normalisation::Fixed { subtract: 100.0, divide: 10.0 };
        let image = Image::new(3, 1, 1, vec![120.0, f32::NAN, 110.0]).unwrap();
        assert_eq!(image.normalised(fixed).data, [2.0, 1.0, 1.0]);
        assert_eq!(expected.valued(), None);
    }

    #[test]
    fn a_colour_pixel_has_a_value_if_every_channel_has_one() {
        let image = Image::new(2, 1, 3, vec![1.0, 2.0, f32::NAN, 4.0, 5.0, 6.0]).unwrap();
        assert_eq!(image.valued().unwrap(), [false, true]);
    }

    #[test]
    fn a_pixel_far_beyond_the_others_is_brought_near_and_the_rest_stays() {
        let how = Normalisation::Percentile { low: 0.5, high: 99.5 };
        let mut data: Vec<f32> = (0..10_000).map(|v| (v % 101) as f32).collect();
        let plain = Image::new(100, 100, 1, data.clone()).unwrap().normalised(how);
        (data[7], data[8]) = (-3.4e38, 3.4e38);
        let image = Image::new(100, 100, 1, data).unwrap().normalised(how);
        assert_eq!((image.data[7], image.data[8]), (-1e4, 1e4));
        assert_eq!(image.data[9..], plain.data[9..]);
        // Nor is anything infinite where such pixels are many.
        let data = (0..100).map(|v| [-3.4e38, 0.0, 3.4e38][v % 3]).collect();
        let image = Image::new(10, 10, 1, data).unwrap().normalised(how);
        assert_eq!(image.data[..3], [0.0, 0.5, 1.0]);
    }

    #[test]
    fn grey_becomes_three_equal_channels_and_back() {
        let grey = Image::new(2, 2, 1, vec![0.0, 1.0, 2.0, 3.0]).unwrap();
        let colour = grey.clone().with_channels(3).unwrap();
        assert_eq!(colour.plane(2), grey.plane(0));
        let back = colour.with_channels(1).unwrap();
        for (a, b) in back.data.iter().zip(&grey.data) {
            assert!((a - b).abs() < 1e-5);
        }
    }
}
