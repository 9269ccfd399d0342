//! Pixels that are read piece by piece: of an image in memory, of a slice that stays in the type of its file, or as a model wants them.
//! Nothing here is as large as the image.

use super::image::{Image, Normalisation};
use super::samples::{SampleType, Samples, each};
use super::scaling::{Range, Scaling};
use super::scan::{Rescale, Scan, physical};
use crate::error::{Error, Result};

/// What has pixels: `width` x `height`, of `channels` values each.
pub trait Pixels {
    /// Pixels in a row.
    fn width(&self) -> usize;

    /// Rows.
    fn height(&self) -> usize;

    /// 1 (grey) or 3 (red, green, blue).
    fn channels(&self) -> usize;

    /// Values of a channel in a row, from column `from` on, as many as `to` takes; NaN is a pixel without a value.
    fn read(&self, channel: usize, row: usize, from: usize, to: &mut [f32]);
}

impl Pixels for Image {
    fn width(&self) -> usize {
        self.width
    }

    fn height(&self) -> usize {
        self.height
    }

    fn channels(&self) -> usize {
        self.channels
    }

    fn read(&self, channel: usize, row: usize, from: usize, to: &mut [f32]) {
        let first = (channel * self.height + row) * self.width + from;
        if let Some(values) = self.data.get(first..first + to.len()) {
            to.copy_from_slice(values);
        }
    }
}

impl<P: Pixels> Pixels for &P {
    fn width(&self) -> usize {
        (**self).width()
    }

    fn height(&self) -> usize {
        (**self).height()
    }

    fn channels(&self) -> usize {
        (**self).channels()
    }

    fn read(&self, channel: usize, row: usize, from: usize, to: &mut [f32]) {
        (**self).read(channel, row, from, to);
    }
}

/// Visits every (channel, row), channel by channel.
pub(super) fn rows(pixels: &dyn Pixels, mut visit: impl FnMut([usize; 2], &mut [f32])) {
    let mut line = vec![0.0; pixels.width()];
    for channel in 0..pixels.channels() {
        for row in 0..pixels.height() {
            pixels.read(channel, row, 0, &mut line);
            visit([channel, row], &mut line);
        }
    }
}

/// Which pixels have a value in every channel, `[row][column]`; none if all have.
pub fn valued(pixels: &dyn Pixels) -> Option<Vec<bool>> {
    let (width, height) = (pixels.width(), pixels.height());
    let mut seen = Vec::new();
    rows(pixels, |[_, row], line| {
        if seen.is_empty() && line.iter().any(|v| !v.is_finite()) {
            seen = vec![true; width * height];
        }
        for (seen, value) in seen.iter_mut().skip(row * width).zip(line) {
            *seen &= value.is_finite();
        }
    });
    (!seen.is_empty()).then_some(seen)
}

/// One slice of a scan in physical values, as [`Scan::slice`] and [`Scan::network_slice`] have them.
pub struct Slice<'a> {
    scan: &'a Scan,
    index: usize,
    rescale: Rescale,
    /// What each value is taken from, where low values are meant to be bright.
    inverted: Option<f32>,
}

impl<'a> Slice<'a> {
    /// # Errors
    /// `scan.slice` if there is no such slice.
    pub(super) fn physical(scan: &'a Scan, index: usize) -> Result<Self> {
        if index >= scan.slices {
            return Err(Error::invalid(
                "scan.slice",
                format!("There is no slice {index}: this scan has {} (counted from 0).", scan.slices),
            ));
        }
        Ok(Self { scan, index, rescale: scan.rescale_of(index), inverted: None })
    }

    /// As a network should see it.
    ///
    /// # Errors
    /// As [`Slice::physical`].
    pub(super) fn for_network(scan: &'a Scan, index: usize) -> Result<Self> {
        let slice = Self::physical(scan, index)?;
        let ends = scan.inverted.then(|| Range::of(&slice, |_| {}));
        Ok(Self { inverted: ends.map(|ends| ends.low + ends.high), ..slice })
    }

    /// Values of a channel in a column, from row `from` on, as many as `to` takes: as [`Pixels::read`] along a row.
    pub fn read_column(&self, channel: usize, column: usize, from: usize, to: &mut [f32]) {
        self.strided(channel, from, column, self.scan.width * self.scan.channels, to);
    }

    /// Every `stride`-th value from a pixel on.
    // The casts are needed for all sample types but one.
    #[allow(clippy::unnecessary_cast)]
    fn strided(&self, channel: usize, row: usize, column: usize, stride: usize, to: &mut [f32]) {
        let Self { scan, index, rescale: Rescale { slope, intercept }, inverted } = *self;
        let whole = !matches!(scan.sample, SampleType::F32 | SampleType::F64);
        let plain = whole && slope == 1.0 && intercept == 0.0;
        let first = ((index * scan.height + row) * scan.width + column) * scan.channels + channel;
        each!(&scan.samples, values => {
            let stored = || values.get(first..).unwrap_or(&[]).iter().step_by(stride);
            if plain {
                for (to, v) in to.iter_mut().zip(stored()) {
                    *to = *v as f32;
                }
            } else {
                for (to, v) in to.iter_mut().zip(stored()) {
                    *to = physical(*v as f64 * slope + intercept);
                }
            }
            if let Some((low, high)) = scan.padding {
                for (to, v) in to.iter_mut().zip(stored()) {
                    if (low..=high).contains(&(*v as f64)) {
                        *to = f32::NAN;
                    }
                }
            }
        });
        if let Some(ends) = inverted {
            to.iter_mut().for_each(|v| *v = ends - *v);
        }
    }
}

impl Pixels for Slice<'_> {
    fn width(&self) -> usize {
        self.scan.width
    }

    fn height(&self) -> usize {
        self.scan.height
    }

    fn channels(&self) -> usize {
        self.scan.channels
    }

    fn read(&self, channel: usize, row: usize, from: usize, to: &mut [f32]) {
        self.strided(channel, row, from, self.scan.channels, to);
    }
}

/// Pixels with other channels: grey is every channel, colour becomes luma (ITU-R BT.601).
pub(super) struct Converted<'a> {
    pixels: &'a dyn Pixels,
    channels: usize,
}

impl<'a> Converted<'a> {
    /// # Errors
    /// `image.channels`.
    pub fn new(pixels: &'a dyn Pixels, channels: usize) -> Result<Self> {
        match (pixels.channels(), channels) {
            (have, want) if have == want => {}
            (1, 3) | (3, 1) => {}
            (have, want) => {
                return Err(Error::unsupported(
                    "image.channels",
                    format!("This model wants {want} channels and the image has {have}."),
                ));
            }
        }
        Ok(Self { pixels, channels })
    }

    /// Channels that differ.
    fn distinct(&self) -> usize {
        self.channels.min(self.pixels.channels())
    }
}

impl Pixels for Converted<'_> {
    fn width(&self) -> usize {
        self.pixels.width()
    }

    fn height(&self) -> usize {
        self.pixels.height()
    }

    fn channels(&self) -> usize {
        self.channels
    }

    fn read(&self, channel: usize, row: usize, from: usize, to: &mut [f32]) {
        if self.pixels.channels() == self.channels {
            return self.pixels.read(channel, row, from, to);
        }
        self.pixels.read(0, row, from, to);
        if self.channels == 1 {
            let [mut green, mut blue] = [to.to_vec(), to.to_vec()];
            self.pixels.read(1, row, from, &mut green);
            self.pixels.read(2, row, from, &mut blue);
            for ((to, green), blue) in to.iter_mut().zip(green).zip(blue) {
                *to = 0.299 * *to + 0.587 * green + 0.114 * blue;
            }
        }
    }
}

/// Pixels as a model wants them: with its channels and normalisation, made of the others as they are asked for. The same
/// values as [`Image::with_channels`] and [`Image::normalised`] give.
pub struct Prepared<'a> {
    pixels: Converted<'a>,
    /// None where they are normalised already.
    scaling: Option<Scaling>,
}

impl<'a> Prepared<'a> {
    /// Reads the pixels a few times, for what the normalisation takes from them.
    ///
    /// # Errors
    /// `image.channels`.
    pub fn new(pixels: &'a dyn Pixels, channels: usize, how: Normalisation) -> Result<Self> {
        let pixels = Converted::new(pixels, channels)?;
        // Channels that are the same are read once, and count as often as they are there.
        let distinct = pixels.distinct();
        let one = Converted { pixels: pixels.pixels, channels: distinct };
        let scaling = Scaling::of(how, &one, channels / distinct.max(1));
        Ok(Self { pixels, scaling: Some(scaling) })
    }

    /// Pixels that have the model's channels and normalisation.
    pub fn already(pixels: &'a dyn Pixels) -> Self {
        Self { pixels: Converted { pixels, channels: pixels.channels() }, scaling: None }
    }
}

impl Pixels for Prepared<'_> {
    fn width(&self) -> usize {
        self.pixels.width()
    }

    fn height(&self) -> usize {
        self.pixels.height()
    }

    fn channels(&self) -> usize {
        self.pixels.channels()
    }

    fn read(&self, channel: usize, row: usize, from: usize, to: &mut [f32]) {
        self.pixels.read(channel, row, from, to);
        if let Some(scaling) = &self.scaling {
            scaling.apply(channel.min(self.pixels.distinct().saturating_sub(1)), to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::*;

    fn read(pixels: &dyn Pixels) -> Vec<f32> {
        let mut all = Vec::new();
        rows(pixels, |_, line| all.extend_from_slice(line));
        all
    }

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|v| v.to_bits()).collect()
    }

    /// As [`Prepared`] says it: all at once.
    fn whole(image: Image, channels: usize, how: Normalisation) -> Vec<f32> {
        image.with_channels(channels).unwrap().normalised(how).data
    }

    const HOW: [Normalisation; 4] = [
        Normalisation::Fixed { subtract: 3.0, divide: 7.0 },
        Normalisation::Percentile { low: 0.5, high: 99.5 },
        Normalisation::ZScore,
        Normalisation::Clipped { low: 10.0, high: 180.0, subtract: 90.0, divide: 33.0 },
    ];

    #[test]
    fn pixels_read_piece_by_piece_are_those_of_the_whole_image() {
        let stored = |channels: usize| (0..2 * 13 * 9 * channels).map(|i| ((i * 7919) % 251) as u8).collect();
        for channels in [1, 3] {
            let samples = Samples::U8(stored(channels));
            let mut scan = Scan::from_samples(Format::Png, 13, 9, 2, channels, samples).unwrap();
            for (inverted, padding) in [(false, None), (true, None), (true, Some((0.0, 9.0)))] {
                scan.inverted = inverted;
                scan.padding = padding;
                let (slice, image) = (scan.for_network(1).unwrap(), scan.network_slice(1).unwrap());
                assert_eq!(bits(&read(&slice)), bits(&image.data));
                assert_eq!(valued(&slice), image.valued());
                for (how, wanted) in HOW.into_iter().flat_map(|how| [(how, 1), (how, 3)]) {
                    let prepared = Prepared::new(&slice, wanted, how).unwrap();
                    let expected = whole(image.clone(), wanted, how);
                    assert_eq!(bits(&read(&prepared)), bits(&expected), "{channels} {wanted} {how:?}");
                    let mut part = [0.0; 4];
                    prepared.read(wanted - 1, 5, 8, &mut part);
                    let first = ((wanted - 1) * 9 + 5) * 13 + 8;
                    assert_eq!(part, expected[first..first + 4]);
                }
                let mut column = [0.0; 6];
                slice.read_column(channels - 1, 12, 3, &mut column);
                let first = ((channels - 1) * 9 + 3) * 13 + 12;
                let expected: Vec<f32> = image.data.iter().skip(first).step_by(13).take(6).copied().collect();
                assert_eq!(bits(&column), bits(&expected));
            }
        }
    }

    #[test]
    fn channels_that_no_rule_makes_are_refused() {
        let image = Image::new(2, 1, 3, vec![0.0; 6]).unwrap();
        let refused = Prepared::new(&image, 2, Normalisation::ZScore).err().unwrap();
        assert_eq!(refused.code(), "image.channels");
    }
}
