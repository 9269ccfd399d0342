//! The chunks of a level to a scan, one after the other: no more than one is in memory beside the image.

use super::array::Array;
use super::codecs::{Codecs, damaged_chunk};
use super::image::Level;
use crate::error::{Error, Result};
use crate::scan::samples::{Endian, Samples};
use crate::scan::{Format, Limits, Scan};

/// An image that is being put together.
pub struct Assembly {
    /// Before the names of its chunks.
    folder: String,
    level: Level,
    samples: Samples,
    /// From one value to the next along each axis of the array, in the samples.
    strides: Vec<usize>,
    limits: Limits,
    taken: usize,
}

impl Assembly {
    pub(super) fn new(root: &str, level: Level, limits: &Limits) -> Result<Self> {
        let Level { width, height, planes, array, .. } = &level;
        let count = planes.channels.len();
        let n = limits.check(*width, *height, count * planes.of_a_channel(), 1, array.sample.bytes())?;
        let mut samples = Samples::from_bytes(array.sample, &[], n, Endian::Little)?;
        if array.fill.get(0) != Some(0.0) {
            samples.put(0, n, &array.fill, 0, 0);
        }
        // The channel changes fastest, then the depth, then the time.
        let slice = width * height;
        let steps = [slice * count * planes.depths, slice, slice * count, *width, 1];
        let mut strides = vec![0; array.shape.len()];
        for (axis, step) in level.axes.iter().zip(steps) {
            if let Some(stride) = axis.and_then(|axis| strides.get_mut(axis)) {
                *stride = step;
            }
        }
        let folder = format!("{root}{}", level.path);
        Ok(Self { folder, level, samples, strides, limits: *limits, taken: 0 })
    }

    /// Whether a file of this name is a chunk of the image.
    pub fn wants(&self, name: &str) -> bool {
        name.strip_prefix(&self.folder).and_then(|file| self.level.array.place(file)).is_some()
    }

    /// The bytes of a file by its name, as it was given to [`together`](crate::scan::together); what is no chunk of the image is left out.
    ///
    /// # Errors
    /// `zarr.chunk` if it is damaged, `zarr.unsupported`, `scan.limit.*`.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let Some(file) = name.strip_prefix(&self.folder) else { return Ok(()) };
        let array = &self.level.array;
        let Some(place) = array.place(file) else { return Ok(()) };
        self.taken += 1;
        let origin: Vec<usize> = place.iter().zip(&array.chunks).map(|(at, size)| at * size).collect();
        let whole = match &array.codecs.shard {
            None => put(
                &mut self.samples,
                (&self.level, self.strides.as_slice()),
                &array.codecs,
                (&origin, &array.chunks),
                bytes,
                &self.limits,
            )?,
            Some(_) => self.shard(&origin, bytes)?,
        };
        whole.ok_or_else(|| damaged_chunk(&format!("{}{file}", self.level.path)))
    }

    /// The chunks of a shard, by the index that stands before or behind them. None if it is damaged.
    fn shard(&mut self, origin: &[usize], bytes: &[u8]) -> Result<Option<()>> {
        let Array { chunks: outer, codecs, .. } = &self.level.array;
        let Some(shard) = codecs.shard.clone() else { return Ok(None) };
        if outer.iter().zip(&shard.chunks).any(|(size, inner)| !size.is_multiple_of(*inner)) {
            return Err(super::broken("its shards hold no whole number of chunks"));
        }
        let grid: Vec<usize> = outer.iter().zip(&shard.chunks).map(|(size, inner)| size / inner).collect();
        let Some(bytes) = codecs.unpacked(bytes, None, &self.limits)? else { return Ok(None) };
        let Some(plain) = grid.iter().product::<usize>().checked_mul(16) else { return Ok(None) };
        // Checksums are the only thing that an index of known size is packed with.
        let stored = plain + shard.index.packings.len() * 4;
        let last = || bytes.len().checked_sub(stored).and_then(|at| bytes.get(at..));
        let index = if shard.index_first { bytes.get(..stored) } else { last() };
        let Some(index) = index else { return Ok(None) };
        let Some(index) = shard.index.unpacked(index, Some(plain), &self.limits)? else { return Ok(None) };
        for (number, entry) in index.as_chunks::<16>().0.iter().enumerate() {
            let half = |at: usize| {
                let eight = entry.get(at..).and_then(|rest| rest.first_chunk::<8>());
                shard.index.endian.u64(eight.copied().unwrap_or_default())
            };
            let (from, length) = (half(0), half(8));
            if (from, length) == (u64::MAX, u64::MAX) {
                continue;
            }
            let (from, length) = (usize::try_from(from).ok(), usize::try_from(length).ok());
            let range = from.zip(length).and_then(|(from, length)| Some(from..from.checked_add(length)?));
            let Some(chunk) = range.and_then(|range| bytes.get(range)) else { return Ok(None) };
            let mut rest = number;
            let mut at = origin.to_vec();
            for ((at, count), size) in at.iter_mut().zip(&grid).zip(&shard.chunks).rev() {
                *at += rest % count * size;
                rest /= count;
            }
            let onto = (&self.level, self.strides.as_slice());
            if put(&mut self.samples, onto, &shard.codecs, (&at, &shard.chunks), chunk, &self.limits)?
                .is_none()
            {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }

    /// The image.
    ///
    /// # Errors
    /// `zarr.empty` if none of its chunks was there.
    pub fn finish(self) -> Result<Scan> {
        let Level { array, width, height, planes, spacing, mut notes, .. } = self.level;
        let total = array.grid().iter().fold(1usize, |n, count| n.saturating_mul(*count));
        if self.taken == 0 {
            return Err(Error::invalid(
                "zarr.empty",
                format!(
                    "None of the {total} chunks of this Zarr image is there. Drop or choose the whole folder, or a ZIP archive of it."
                ),
            ));
        }
        if self.taken < total {
            notes.push(format!(
                "{} of {total} chunks are not in this Zarr folder; their pixels have the fill value, {}.",
                total - self.taken,
                array.fill_told
            ));
        }
        let slices = planes.channels.len() * planes.of_a_channel();
        let scan = Scan::from_samples(Format::Zarr, width, height, slices, 1, self.samples)?;
        Ok(Scan { planes, spacing, notes, ..scan })
    }
}

/// Unpacks a chunk and puts what of it lies in the image there. None if it is damaged.
fn put(
    samples: &mut Samples,
    (level, strides): (&Level, &[usize]),
    codecs: &Codecs,
    (origin, chunk): (&[usize], &[usize]),
    bytes: &[u8],
    limits: &Limits,
) -> Result<Option<()>> {
    let array = &level.array;
    let counts: Vec<usize> = (origin.iter().zip(chunk).zip(&array.shape))
        .map(|((at, chunk), size)| size.saturating_sub(*at).min(*chunk))
        .collect();
    if counts.contains(&0) {
        return Ok(Some(()));
    }
    // Checked by the level; the chunks of a shard are smaller.
    let n: usize = chunk.iter().product();
    let Some(bytes) = codecs.unpacked(bytes, Some(n * array.bytes()), limits)? else { return Ok(None) };
    let block = if array.half {
        Samples::from_half_bytes(&bytes, n, codecs.endian)?
    } else {
        Samples::from_bytes(array.sample, &bytes, n, codecs.endian)?
    };
    drop(bytes);
    let mut steps = vec![0; chunk.len()];
    let mut step = 1;
    for axis in codecs.order.iter().rev() {
        if let (Some(own), Some(size)) = (steps.get_mut(*axis), chunk.get(*axis)) {
            *own = step;
            step *= size;
        }
    }
    let [.., columns] = level.axes;
    let columns = columns.unwrap_or_default();
    let of = |list: &[usize]| list.get(columns).copied().unwrap_or(1);
    let (row, along) = (of(&counts), of(&steps));
    // Row by row: of the axis of columns only the first place.
    let mut at = vec![0; chunk.len()];
    loop {
        let sum = |steps: &[usize]| at.iter().zip(steps).map(|(at, step)| at * step).sum::<usize>();
        let start: usize = origin.iter().zip(strides).map(|(at, step)| at * step).sum();
        samples.put(start + sum(strides), row, &block, sum(&steps), along);
        let mut more = false;
        for (axis, (at, count)) in at.iter_mut().zip(&counts).enumerate().rev() {
            if axis == columns {
                continue;
            }
            *at += 1;
            if *at < *count {
                more = true;
                break;
            }
            *at = 0;
        }
        if !more {
            return Ok(Some(()));
        }
    }
}
