//! Limits that every decoder keeps: checked from the header, before anything of that size is allocated.

use crate::error::{Error, Result};

/// What a file may ask for. The default suits a program that holds a file once; in a page [`Limits::of_a_tab`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pixels of one slice.
    pub slice: u64,
    /// Pixels of all slices together.
    pub pixels: u64,
    /// Bytes of all decoded samples together, in the file's own sample type.
    pub bytes: u64,
}

/// Bytes of a tab for one pixel of the picture that is looked at: its samples, the picture in colour as it is drawn, sent and kept, the
/// probability, the mask and the labels.
const COST: f64 = 16.0;
/// Part of a computer's memory that one picture may take in all its copies.
const PART: f64 = 0.25;
/// Pixels of 8192 x 8192, which every tab should bear, and the most that is shown without a halt anywhere.
const SLICE: [u64; 2] = [8192 * 8192, 136_000_000];
/// What a browser has that does not tell, gigabytes: Firefox, Safari.
const MEMORY: f64 = 6.0;

impl Default for Limits {
    fn default() -> Self {
        if cfg!(target_arch = "wasm32") {
            return Self::of_a_tab(None);
        }
        Self { slice: 400_000_000, pixels: 400_000_000, bytes: 1 << 30 }
    }
}

impl Limits {
    /// What a browser's tab bears (32-bit memory, 4 GiB in all), on a computer with so many gigabytes of memory, as far as the browser
    /// tells (`navigator.deviceMemory`).
    pub fn of_a_tab(memory: Option<f64>) -> Self {
        let memory = memory.filter(|m| *m > 0.0).unwrap_or(MEMORY);
        let slice = (memory * 1e9 * PART / COST) as u64;
        Self { slice: slice.clamp(SLICE[0], SLICE[1]), pixels: 400_000_000, bytes: 1 << 30 }
    }

    /// The number of samples (pixels times channels) of a scan of this shape, if it is within the limits.
    pub(crate) fn check(
        &self,
        width: usize,
        height: usize,
        slices: usize,
        channels: usize,
        bytes_per_sample: usize,
    ) -> Result<usize> {
        let slice = (width as u64).checked_mul(height as u64);
        let pixels = slice.and_then(|n| n.checked_mul(slices as u64));
        let shape = if slices == 1 {
            format!("{width} x {height}")
        } else {
            format!("{width} x {height} x {slices}")
        };
        let Some(pixels) = pixels.filter(|n| *n <= self.pixels) else {
            return Err(Error::limit(
                "scan.limit.pixels",
                format!(
                    "This image says it has {shape} pixels. The limit is {} million pixels; crop it or make it smaller first.",
                    self.pixels / 1_000_000
                ),
            ));
        };
        if slice.is_none_or(|n| n > self.slice) {
            return Err(Error::limit(
                "scan.limit.pixels",
                format!(
                    "This image has {width} x {height} pixels. In this browser the limit is {} million in one picture; crop it or make it smaller first.",
                    self.slice / 1_000_000
                ),
            ));
        }
        let samples = pixels.checked_mul(channels as u64);
        let bytes = samples.and_then(|n| n.checked_mul(bytes_per_sample as u64));
        match (samples.and_then(|n| usize::try_from(n).ok()), bytes) {
            (Some(samples), Some(bytes)) if bytes <= self.bytes => Ok(samples),
            _ => Err(self.too_many_bytes(bytes.unwrap_or(u64::MAX))),
        }
    }

    /// Checks a number of bytes that one step of decoding needs.
    pub(crate) fn check_bytes(&self, bytes: u64) -> Result<()> {
        if bytes <= self.bytes { Ok(()) } else { Err(self.too_many_bytes(bytes)) }
    }

    /// Bytes that a packed file may unpack to: a little more than the samples, for headers.
    pub(crate) fn packed(&self) -> u64 {
        self.bytes.saturating_add(1 << 20)
    }

    /// The error of a packed file that goes on beyond [`Limits::packed`].
    pub(crate) fn unpacks_to_more(&self) -> Error {
        Error::limit(
            "scan.limit.bytes",
            format!("This file unpacks to more than {} MiB, which is the limit.", self.packed() >> 20),
        )
    }

    fn too_many_bytes(&self, bytes: u64) -> Error {
        Error::limit(
            "scan.limit.bytes",
            format!(
                "This file needs {} MiB of memory when it is unpacked. The limit is {} MiB.",
                bytes >> 20,
                self.bytes >> 20
            ),
        )
    }
}

/// A vector of `n` default values; an error instead of an abort when the memory is not there.
pub(crate) fn zeroed<T: Default + Clone>(n: usize) -> Result<Vec<T>> {
    let mut out = Vec::new();
    out.try_reserve_exact(n).map_err(|_| no_memory(n.saturating_mul(size_of::<T>())))?;
    out.resize(n, T::default());
    Ok(out)
}

/// The error of a file whose samples, so many bytes, found no room.
pub(crate) fn no_memory(bytes: usize) -> Error {
    Error::limit(
        "scan.limit.memory",
        format!("There is not enough memory left for this file ({} MiB).", bytes >> 20),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn a_header_cannot_ask_for_more_than_the_limits() {
        let limits = Limits::default();
        assert_eq!(limits.check(4096, 4096, 1, 3, 2).unwrap(), 4096 * 4096 * 3);
        let error = limits.check(60_000, 60_000, 1, 1, 1).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Limit, "scan.limit.pixels"));
        assert_eq!(limits.check(20_000, 19_000, 1, 3, 1).unwrap_err().code(), "scan.limit.bytes");
        assert_eq!(limits.check(usize::MAX, usize::MAX, 3, 3, 8).unwrap_err().code(), "scan.limit.pixels");
    }

    #[test]
    fn a_tab_takes_8192_x_8192_pixels_anywhere_and_no_picture_that_would_end_it() {
        for memory in [None, Some(0.5), Some(4.0), Some(8.0), Some(f64::NAN)] {
            let limits = Limits::of_a_tab(memory);
            assert!(limits.check(8192, 8192, 1, 3, 1).is_ok(), "{memory:?}");
            assert!(limits.check(1024, 1024, 300, 1, 2).is_ok(), "{memory:?}");
            let error = limits.check(19_999, 19_999, 1, 1, 1).unwrap_err();
            assert_eq!((error.kind(), error.code()), (Kind::Limit, "scan.limit.pixels"), "{memory:?}");
            assert!(error.to_string().contains("19999 x 19999"), "{error}");
        }
        assert!(Limits::of_a_tab(Some(8.0)).slice > Limits::of_a_tab(Some(4.0)).slice);
    }
}
