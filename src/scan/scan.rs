//! A file's image in memory: all slices in the file's own sample type, and what the file says about them.

use super::format::Format;
use super::limits::zeroed;
use super::pixels::{Pixels, Slice};
use super::planes::Planes;
use super::samples::{SampleType, Samples};
use super::scaling::Range;
use super::windowing::stretch;
use super::{Geometry, Image, Source, Spacing, Turn, Window};
use crate::error::{Error, Result};

/// An image file in memory. Slices all have the same size and channels.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Scan {
    /// What the file was.
    pub format: Format,
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Slices, pages or frames; at least 1.
    pub slices: usize,
    /// Which of them are channels of a microscope, depths and times.
    pub planes: Planes,
    /// The colours in which the file wants its channels to be shown, one for each of `planes.channels`, red, green, blue; empty where it
    /// says nothing. See [`Scan::channel_looks`].
    pub colours: Vec<[u8; 3]>,
    /// 1 (grey) or 3 (red, green, blue). Alpha is dropped.
    pub channels: usize,
    /// How the file stores a value.
    pub sample: SampleType,
    /// Distance between pixels, mm, if the file tells it.
    pub spacing: Option<Spacing>,
    /// Where the voxels lie in the patient, if the file tells it: of the slices as they are here, of the first channel and time.
    pub geometry: Option<Geometry>,
    /// How the file's own order of voxels follows from the one here.
    pub turn: Turn,
    /// The DICOM instances that the slices came from.
    pub source: Option<Source>,
    /// The unit of the physical values: `HU` for CT, what DICOM's Rescale Type says, else none.
    pub unit: Option<String>,
    /// DICOM's Modality (`CT`, `MR`), else none.
    pub modality: Option<String>,
    /// The window that a DICOM file asks for, else none.
    pub window: Option<Window>,
    /// Low values are meant to be shown bright (DICOM MONOCHROME1, TIFF WhiteIsZero). [`Scan::slice`] keeps the
    /// physical values; displays invert, and [`Scan::network_slice`] gives what a network should see.
    pub inverted: bool,
    /// What a person should know of the file besides, in sentences: pages that were left out, planes that are in other files.
    pub notes: Vec<String>,
    pub(crate) samples: Samples,
    /// Stored value to physical value: one for all slices, or one for each.
    pub(crate) rescale: Vec<Rescale>,
    /// The windows that the frames of a DICOM file ask for, where each has its own; else none.
    pub(crate) frame_windows: Vec<Window>,
    /// Stored values from the first to the second are pixels without a value (DICOM's Pixel Padding): NaN.
    pub(crate) padding: Option<(f64, f64)>,
    /// Bits that are used, where the file stores fewer than the sample type has and they fill it from below.
    pub(crate) stored_bits: Option<u32>,
}

/// `physical = slope * stored + intercept`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rescale {
    pub(crate) slope: f64,
    pub(crate) intercept: f64,
}

impl Scan {
    /// Checks that the samples are as many as the shape promises.
    pub(crate) fn from_samples(
        format: Format,
        width: usize,
        height: usize,
        slices: usize,
        channels: usize,
        samples: Samples,
    ) -> Result<Self> {
        let promised = width.checked_mul(height).and_then(|n| n.checked_mul(slices)?.checked_mul(channels));
        if promised != Some(samples.len()) || samples.len() == 0 || !matches!(channels, 1 | 3) {
            return Err(Error::invalid(
                "scan.shape",
                format!(
                    "The file promises {width} x {height} pixels, {slices} slices and {channels} channels, and holds {} values.",
                    samples.len()
                ),
            ));
        }
        Ok(Self {
            format,
            width,
            height,
            slices,
            planes: Planes::stack(slices),
            colours: Vec::new(),
            channels,
            sample: samples.kind(),
            spacing: None,
            geometry: None,
            turn: Turn::default(),
            source: None,
            unit: None,
            modality: None,
            window: None,
            inverted: false,
            notes: Vec::new(),
            samples,
            rescale: vec![Rescale { slope: 1.0, intercept: 0.0 }],
            frame_windows: Vec::new(),
            padding: None,
            stored_bits: None,
        })
    }

    /// One slice in physical values (slope and intercept applied), 1 or 3 planes of 32-bit floats.
    ///
    /// Stored integers beyond 2^24 are rounded to what an f32 holds, and finite numbers beyond its range to its largest. A pixel
    /// without a value is NaN: NaN and infinities of files of floats.
    ///
    /// # Errors
    /// `scan.slice` if there is no such slice.
    pub fn slice(&self, index: usize) -> Result<Image> {
        image(&Slice::physical(self, index)?)
    }

    /// One slice as a network should see it: like [`Scan::slice`], and where the file is [`inverted`](Scan::inverted)
    /// mirrored within the slice's own range (`low + high - value`), so that bright is what a viewer shows bright.
    ///
    /// # Errors
    /// `scan.slice` if there is no such slice.
    pub fn network_slice(&self, index: usize) -> Result<Image> {
        image(&self.for_network(index)?)
    }

    /// The same, read piece by piece: without a copy of the slice.
    ///
    /// # Errors
    /// `scan.slice` if there is no such slice.
    pub fn for_network(&self, index: usize) -> Result<Slice<'_>> {
        Slice::for_network(self, index)
    }

    /// What [`Scan::slice`] gives, read piece by piece: without a copy of the slice.
    ///
    /// # Errors
    /// `scan.slice` if there is no such slice.
    pub fn pixels(&self, index: usize) -> Result<Slice<'_>> {
        Slice::physical(self, index)
    }

    /// Physical values at a pixel, one per channel; NaN where there is no value, none outside the image.
    pub fn value_at(&self, slice: usize, x: usize, y: usize) -> Option<Vec<f32>> {
        if slice >= self.slices || x >= self.width || y >= self.height {
            return None;
        }
        let Rescale { slope, intercept } = self.rescale_of(slice);
        let first = ((slice * self.height + y) * self.width + x) * self.channels;
        (first..first + self.channels).map(|i| Some(physical(self.stored(i)? * slope + intercept))).collect()
    }

    /// Smallest and largest finite physical value of a slice, all channels together; `(0, 0)` if there is none.
    pub fn range(&self, slice: usize) -> (f32, f32) {
        Slice::physical(self, slice).map_or((0.0, 0.0), |slice| {
            let Range { low, high } = Range::of(&slice, |_| {});
            (low, high)
        })
    }

    /// The window to show a slice with at first: the file's own (DICOM); else all of 0..255 (or of the bits
    /// that are used) for 8-bit files without a slope;
    /// else from the 0.35 to the 99.65 percentile of the slice, so that a few hot pixels do not darken the rest.
    pub fn default_window(&self, slice: usize) -> Window {
        if let Some(window) = self.frame_windows.get(slice).copied().or(self.window) {
            return window;
        }
        let Rescale { slope, intercept } = self.rescale_of(slice);
        if self.sample == SampleType::U8 && slope == 1.0 && intercept == 0.0 {
            let values = f64::from(1u32 << self.stored_bits.unwrap_or(8).min(8));
            return Window { center: values / 2.0, width: values };
        }
        self.slice(slice).map_or(Window { center: 0.5, width: 1.0 }, |image| stretch(&image))
    }

    /// The windows to show slices with at first, for as long as nobody chooses another: one for each where the file asks for that
    /// (frames of a DICOM file) or has several channels, else one for all. Where the file asks for none it is that of the middle
    /// slice, for all slices of a channel, so that they can be compared.
    pub fn windows(&self) -> Vec<Window> {
        let mut each = self.frame_windows.clone();
        if each.is_empty() {
            let channels = self.planes.channels.len();
            let of_channels: Vec<Window> =
                (0..channels).map(|c| self.default_window(self.planes.middle_of_channel(c))).collect();
            each = of_channels.iter().copied().cycle().take(self.slices).collect();
        }
        if each.windows(2).all(|two| two.first() == two.last()) {
            each.truncate(1);
        }
        each
    }

    /// Colour whose channels agree everywhere becomes grey.
    pub(crate) fn grey_if_grey(mut self) -> Result<Self> {
        if let (3, Samples::U8(values)) = (self.channels, &self.samples)
            && values.as_chunks::<3>().0.iter().all(|[r, g, b]| r == g && g == b)
        {
            self.samples = self.samples.first_channels(3, 1)?;
            self.channels = 1;
        }
        Ok(self)
    }

    /// The stored value at a place in the samples; NaN for padding.
    fn stored(&self, index: usize) -> Option<f64> {
        let value = self.samples.get(index)?;
        let padded = self.padding.is_some_and(|(low, high)| (low..=high).contains(&value));
        Some(if padded { f64::NAN } else { value })
    }

    pub(super) fn rescale_of(&self, slice: usize) -> Rescale {
        let one = self.rescale.get(slice).or_else(|| self.rescale.first());
        one.copied().unwrap_or(Rescale { slope: 1.0, intercept: 0.0 })
    }
}

/// All of a slice.
fn image(slice: &Slice<'_>) -> Result<Image> {
    let (width, height, channels) = (slice.width(), slice.height(), slice.channels());
    let mut data = zeroed::<f32>(width * height * channels)?;
    for (i, line) in data.chunks_exact_mut(width.max(1)).enumerate() {
        slice.read(i / height.max(1), i % height.max(1), 0, line);
    }
    Image::new(width, height, channels, data)
}

/// What an f32 holds of a physical value: NaN for what is none.
pub(super) fn physical(value: f64) -> f32 {
    const MAX: f64 = f32::MAX as f64;
    if value.is_finite() { value.clamp(-MAX, MAX) as f32 } else { f32::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(channels: usize, samples: Samples) -> Scan {
        let width = samples.len() / channels / 2;
        Scan::from_samples(Format::Png, width, 1, 2, channels, samples).unwrap()
    }

    #[test]
    fn a_slice_is_planar_and_physical() {
        let mut scan = scan(3, Samples::I16((0..12).collect()));
        scan.rescale = vec![Rescale { slope: 2.0, intercept: -1.0 }];
        let image = scan.slice(1).unwrap();
        assert_eq!(image.data, [11.0, 17.0, 13.0, 19.0, 15.0, 21.0]);
        assert_eq!(scan.value_at(1, 1, 0), Some(vec![17.0, 19.0, 21.0]));
        assert_eq!(scan.value_at(2, 0, 0), None);
        assert_eq!(scan.slice(2).unwrap_err().code(), "scan.slice");
        assert_eq!(scan.range(0), (-1.0, 9.0));
    }

    #[test]
    fn what_is_no_number_in_the_file_is_no_value_and_counts_nowhere() {
        let mut scan =
            scan(1, Samples::F64(vec![f64::NAN, 2.0, f64::INFINITY, f64::NEG_INFINITY, 1e300, 4.0]));
        let values: Vec<f32> = (0..2).flat_map(|slice| scan.slice(slice).unwrap().data).collect();
        assert!([0, 2, 3].iter().all(|i| values[*i].is_nan()));
        assert_eq!([values[1], values[4], values[5]], [2.0, f32::MAX, 4.0]);
        assert!(scan.value_at(0, 0, 0).unwrap()[0].is_nan());
        assert_eq!(scan.value_at(0, 1, 0), Some(vec![2.0]));
        assert_eq!(scan.range(0), (2.0, 2.0));
        scan.inverted = true;
        assert!(scan.network_slice(1).unwrap().data[0].is_nan());
        scan.rescale = vec![Rescale { slope: 3.0, intercept: 1.0 }];
        assert_eq!(scan.range(0), (7.0, 7.0));
        assert_eq!(scan.default_window(0).center, 7.0);
    }

    #[test]
    fn an_inverted_scan_keeps_its_values_and_shows_the_network_the_mirror_image() {
        let mut scan = scan(1, Samples::U16(vec![10, 20, 40, 0, 0, 0]));
        scan.inverted = true;
        assert_eq!(scan.slice(0).unwrap().data, [10.0, 20.0, 40.0]);
        assert_eq!(scan.network_slice(0).unwrap().data, [40.0, 30.0, 10.0]);
    }

    #[test]
    fn every_slice_can_have_a_slope_of_its_own() {
        let mut scan = scan(1, Samples::U8(vec![1, 2, 3, 4]));
        scan.rescale = vec![Rescale { slope: 1.0, intercept: 0.0 }, Rescale { slope: 10.0, intercept: 5.0 }];
        assert_eq!(scan.slice(0).unwrap().data, [1.0, 2.0]);
        assert_eq!(scan.slice(1).unwrap().data, [35.0, 45.0]);
    }
}
