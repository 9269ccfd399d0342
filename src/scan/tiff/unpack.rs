//! A whole page: its chunks, put together and turned into numbers.

use super::codes::Compression;
use super::ifd::{File, broken};
use super::page::Page;
use super::{chunk, ycbcr};
use crate::error::Result;
use crate::scan::Limits;
use crate::scan::limits::zeroed;
use crate::scan::samples::{Endian, SampleType, Samples};

/// All samples of the page, `[(y * width + x) * samples + sample]`. `behind`: how many bytes behind the page's own
/// pixels they lie, for stacks whose planes have no directories.
pub(super) fn samples(page: &Page<'_>, file: File<'_>, behind: u64, limits: &Limits) -> Result<Samples> {
    let n = page.width * page.height * page.samples;
    let size = if page.half { 2 } else { page.kind.bytes() };
    let mut all = zeroed::<u8>(n * size)?;
    let per_plane = page.chunks_across() * page.chunks_down();
    let row_bytes = page.chunk_row_bytes().ok_or_else(|| broken("its tiles are too large"))?;
    for plane in 0..page.planes() {
        for index in 0..per_plane {
            let (left, top) = (
                index % page.chunks_across() * page.chunk_width,
                index / page.chunks_across() * page.chunk_height,
            );
            let rows = page.chunk_height.min(page.height - top);
            let expected = page.chunk_bytes(rows, row_bytes);
            let Some(packed) = packed(page, file, plane * per_plane + index, expected, behind)? else {
                continue;
            };
            let mut bytes = chunk::unpack(page, packed, rows, expected, limits)?;
            if let Some(subsampling) = page.subsampling {
                bytes = ycbcr::spread(&bytes, page.chunk_width, rows, subsampling)?;
            }
            let columns = page.chunk_width.min(page.width - left);
            let chunk_samples = page.chunk_samples();
            for (row, stored) in bytes.chunks_exact_mut(row_bytes).enumerate() {
                let values = little_endian(page, stored)?;
                let mut to = ((top + row) * page.width + left) * page.samples + plane;
                // Samples of one pixel lie together in `stored`; in `all` a plane has gaps.
                let step = if page.planar { page.samples } else { 1 };
                for value in values.chunks_exact(size).take(columns * chunk_samples) {
                    if let Some(place) = all.get_mut(to * size..(to + 1) * size) {
                        place.copy_from_slice(value);
                    }
                    to += step;
                }
            }
        }
    }
    if page.half {
        Samples::from_half_bytes(&all, n, Endian::Little)
    } else if page.kind == SampleType::U8 {
        Ok(Samples::U8(all))
    } else {
        Samples::from_bytes(page.kind, &all, n, Endian::Little)
    }
}

/// The packed bytes of a chunk; `None` for one that was never written (all zeros by convention).
fn packed<'a>(
    page: &Page<'_>,
    file: File<'a>,
    index: usize,
    expected: usize,
    behind: u64,
) -> Result<Option<&'a [u8]>> {
    let outside = || broken("a strip or tile lies outside the file");
    let offset = page.offsets.get(index).and_then(|at| at.checked_add(behind)).ok_or_else(outside)?;
    let rest = (file.bytes.len() as u64).saturating_sub(offset);
    let count = match page.counts.get(index) {
        Some(0) if offset == 0 => return Ok(None),
        // Missing and wrong counts are common in old uncompressed files; the size is known then.
        _ if page.compression == Compression::None => expected as u64,
        Some(count) if *count > 0 => (*count).min(rest),
        _ => rest,
    };
    file.slice(offset, count).map(Some).ok_or_else(outside)
}

/// One row as little-endian numbers of whole bytes, predictor undone.
fn little_endian<'a>(page: &Page<'_>, row: &'a mut [u8]) -> Result<std::borrow::Cow<'a, [u8]>> {
    let step = page.chunk_samples();
    let size = if page.half { 2 } else { page.kind.bytes() };
    let whole_bytes = page.unpacked_bits() == size * 8;
    if page.predictor == 3 {
        return Ok(float_predictor(row, step, size).into());
    }
    if !whole_bytes {
        let mut values = bits(page, row);
        if page.predictor == 2 {
            let mask = u32::MAX >> (32 - page.bits);
            for i in step..values.len() {
                let (before, after) = values.split_at_mut(i);
                if let (Some(value), Some(left)) = (after.first_mut(), before.get(i - step)) {
                    *value = value.wrapping_add(*left) & mask;
                }
            }
        }
        return Ok(values.iter().flat_map(|v| v.to_le_bytes().into_iter().take(size)).collect());
    }
    if page.endian == Endian::Big && size > 1 && !page.compression.is_of_pictures() {
        row.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }
    if page.predictor == 2 {
        match size {
            1 => add_left::<1>(row, step),
            2 => add_left::<2>(row, step),
            4 => add_left::<4>(row, step),
            _ => add_left::<8>(row, step),
        }
    }
    Ok((&*row).into())
}

/// Samples that do not fill bytes, highest bit first. 24-bit samples are three bytes in the file's order.
fn bits(page: &Page<'_>, row: &[u8]) -> Vec<u32> {
    if page.bits == 24 {
        let number = |b: &[u8; 3]| match page.endian {
            Endian::Little => u32::from_le_bytes([b[0], b[1], b[2], 0]),
            Endian::Big => u32::from_be_bytes([0, b[0], b[1], b[2]]),
        };
        return row.as_chunks::<3>().0.iter().map(number).collect();
    }
    let n = row.len() * 8 / page.bits as usize;
    let mut out = Vec::with_capacity(n);
    let (mut pending, mut have) = (0u64, 0);
    for byte in row {
        pending = (pending << 8) | u64::from(*byte);
        have += 8;
        while have >= page.bits {
            have -= page.bits;
            out.push((pending >> have) as u32 & (u32::MAX >> (32 - page.bits)));
        }
        pending &= (1 << have) - 1;
    }
    out
}

/// Horizontal differencing (TIFF 6.0 section 14) on little-endian numbers of `SIZE` bytes.
fn add_left<const SIZE: usize>(row: &mut [u8], step: usize) {
    let values = row.as_chunks_mut::<SIZE>().0;
    for i in step..values.len() {
        let (before, after) = values.split_at_mut(i);
        let (Some(value), Some(left)) = (after.first_mut(), before.get(i - step)) else { break };
        let mut carry = 0u16;
        for (value, left) in value.iter_mut().zip(left) {
            let sum = u16::from(*value) + u16::from(*left) + carry;
            *value = sum as u8;
            carry = sum >> 8;
        }
    }
}

/// Floating point predictor (TIFF technical note 3): bytes of equal weight lie together, highest first, as differences.
fn float_predictor(row: &mut [u8], step: usize, size: usize) -> Vec<u8> {
    add_left::<1>(row, step);
    let n = row.len() / size;
    let mut out = vec![0; n * size];
    for (i, value) in out.chunks_exact_mut(size).enumerate() {
        for (weight, byte) in value.iter_mut().rev().enumerate() {
            *byte = row.get(weight * n + i).copied().unwrap_or_default();
        }
    }
    out
}
