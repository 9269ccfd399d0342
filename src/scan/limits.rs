//! Limits that every decoder keeps: checked from the header, before anything of that size is allocated.

use crate::error::{Error, Result};

/// What a file may ask for. The default suits a browser tab (32-bit memory, 4 GiB in all).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pixels of all slices together.
    pub pixels: u64,
    /// Bytes of all decoded samples together, in the file's own sample type.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { pixels: 400_000_000, bytes: 1 << 30 }
    }
}

impl Limits {
    /// The number of samples (pixels times channels) of a scan of this shape, if it is within the limits.
    pub(crate) fn check(
        &self,
        width: usize,
        height: usize,
        slices: usize,
        channels: usize,
        bytes_per_sample: usize,
    ) -> Result<usize> {
        let pixels = (width as u64).checked_mul(height as u64).and_then(|n| n.checked_mul(slices as u64));
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
}
