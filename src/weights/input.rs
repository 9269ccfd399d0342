//! What a network expects of an image, and how an image becomes that.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::scan::{Image, Normalisation, Pixels, resampled};

/// What the network expects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Input {
    /// 1 (grey) or 3 (colour); the other kind is converted.
    pub channels: usize,
    pub normalisation: Normalisation,
    /// Pixel size of the training images in mm, if known.
    #[serde(default)]
    pub pixel_size_mm: Option<f64>,
    /// Pixels of the longer side that images are brought to before the network sees them, its answer back to theirs: for things that are
    /// known by their whole, as organs are. `None`: images are taken as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_side: Option<usize>,
}

impl Input {
    /// What [`Input::long_side`] can be, pixels.
    pub const LONG_SIDES: RangeInclusive<usize> = 32..=4096;

    /// Width and height at which the network sees an image of this width and height, pixels.
    pub fn seen_size(&self, width: usize, height: usize) -> [usize; 2] {
        let (Some(wanted), longer) = (self.long_side, width.max(height).max(1)) else {
            return [width, height];
        };
        [width, height].map(|side| ((side * wanted + longer / 2) / longer).max(1))
    }

    /// An image that has the network's channels and normalisation, at the size at which the network sees it, if that is another one.
    pub fn resized(&self, pixels: &dyn Pixels) -> Option<Image> {
        let [width, height] = self.seen_size(pixels.width(), pixels.height());
        ([width, height] != [pixels.width(), pixels.height()]).then(|| resampled(pixels, width, height))
    }

    /// The image as the network sees it: its channels, its normalisation, its size.
    ///
    /// # Errors
    /// `image.channels`.
    pub fn prepare(&self, image: Image) -> Result<Image> {
        let image = image.with_channels(self.channels)?.normalised(self.normalisation);
        Ok(self.resized(&image).unwrap_or(image))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(long_side: Option<usize>) -> Input {
        let normalisation = Normalisation::Percentile { low: 0.5, high: 99.5 };
        Input { channels: 1, normalisation, pixel_size_mm: None, long_side }
    }

    #[test]
    fn the_longer_side_becomes_what_is_asked_for_and_the_shape_stays() {
        assert_eq!(input(None).seen_size(800, 540), [800, 540]);
        assert_eq!(input(Some(256)).seen_size(800, 540), [256, 173]);
        assert_eq!(input(Some(256)).seen_size(100, 50), [256, 128]);
        assert_eq!(input(Some(256)).seen_size(1, 9000), [1, 256]);
        let image = Image::new(4, 2, 3, (0..24).map(|v| v as f32).collect()).unwrap();
        let seen = input(Some(32)).prepare(image).unwrap();
        assert_eq!((seen.width, seen.height, seen.channels), (32, 16, 1));
    }
}
