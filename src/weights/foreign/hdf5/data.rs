//! Values of a dataset: where they are (section IV.A.2.i), chunks (section III.A.1) and filters (section IV.A.2.l).

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::cursor::Cursor;
use super::datatype::Datatype;
use super::file::{File, MAX_LEVELS, broken};
use super::header::{Object, SHARED, kind, shared};
use crate::error::{Error, Result};

/// Where the values are.
pub(super) enum Layout<'a> {
    /// All in one piece; absent if they were never written.
    Whole(Option<&'a [u8]>),
    Chunked {
        /// Address of the tree that lists the chunks.
        tree: u64,
        /// Elements of a chunk along each dimension.
        chunk: Vec<usize>,
        filters: Vec<Filter>,
    },
}

/// What was done to a chunk before it was stored.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Filter {
    Deflate,
    /// Bytes of equal significance together; bytes of an element.
    Shuffle(usize),
    /// Four bytes of checksum at the end.
    Fletcher32,
}

/// One stored chunk.
struct Chunk<'a> {
    /// Its first element along each dimension.
    offset: Vec<usize>,
    /// Bit i: filter i was left out.
    skipped: u32,
    bytes: &'a [u8],
}

impl<'a> File<'a> {
    /// Shape and values of a dataset as 32-bit floats, row-major.
    /// `bfloat16`: pairs of opaque bytes are such numbers (Keras says so in an attribute).
    ///
    /// # Errors
    /// `hdf5.invalid`, `hdf5.limit.*`, `hdf5.unsupported.*`.
    pub(in super::super) fn numbers(
        &self,
        object: &Object<'a>,
        bfloat16: bool,
    ) -> Result<(Vec<usize>, Vec<f32>)> {
        let (datatype, shape, layout) = self.dataset_of(object)?;
        let (number, big_endian) = datatype.number(bfloat16)?;
        let width = number.bytes();
        let count = shape.iter().try_fold(1usize, |n, d| n.checked_mul(*d));
        let size =
            count.and_then(|n| n.checked_mul(width)).ok_or_else(|| broken("an array is impossibly large"))?;
        if size == 0 {
            return Ok((shape, vec![]));
        }
        // The floats, and the bytes that they are made of.
        self.claim((size as u64).saturating_add(((size / width) as u64).saturating_mul(4)))?;
        let bytes = match layout {
            Layout::Whole(bytes) => {
                let bytes = bytes.ok_or_else(|| broken("the values of an array were never written"))?;
                Cow::Borrowed(bytes.get(..size).ok_or_else(|| broken("the values of an array are cut off"))?)
            }
            Layout::Chunked { tree, chunk, filters } => {
                Cow::Owned(self.gather(tree, &chunk, &filters, &shape, width)?)
            }
        };
        Ok((shape, bytes.chunks_exact(width).map(|b| number.value(b, big_endian)).collect()))
    }

    /// Type, shape and place of a dataset's values.
    fn dataset_of(&self, object: &Object<'a>) -> Result<(Datatype, Vec<usize>, Layout<'a>)> {
        let part = |wanted: u16| {
            let message =
                object.one(wanted).ok_or_else(|| broken("an array lacks its shape, type or place"))?;
            if message.flags & SHARED != 0 { Err(shared()) } else { Ok(message.body) }
        };
        let shape = self.dataspace(part(kind::DATASPACE)?)?;
        let datatype = Datatype::parse(part(kind::DATATYPE)?)?;
        let filters = match object.one(kind::FILTERS) {
            Some(_) => Some(part(kind::FILTERS)?),
            None => None,
        };
        Ok((datatype, shape, self.layout(part(kind::LAYOUT)?, filters)?))
    }

    /// The layout message with the filters that go with it.
    fn layout(&self, body: &'a [u8], filters: Option<&[u8]>) -> Result<Layout<'a>> {
        let cut = || broken("the place of an array's values is not whole");
        let mut cursor = Cursor::new(body);
        let (version, class) = (cursor.u8().ok_or_else(cut)?, cursor.u8().ok_or_else(cut)?);
        match (version, class) {
            (3 | 4, 0) => {
                let size = cursor.size(2).ok_or_else(cut)?;
                Ok(Layout::Whole(Some(cursor.take(size).ok_or_else(cut)?)))
            }
            (3 | 4, 1) => {
                let address = self.address(&mut cursor).ok_or_else(cut)?;
                let size = self.length(&mut cursor).ok_or_else(cut)?;
                if self.undefined(address) {
                    return Ok(Layout::Whole(None));
                }
                let bytes = self.slice(address, size);
                Ok(Layout::Whole(Some(bytes.ok_or_else(|| broken("the values of an array are cut off"))?)))
            }
            (3, 2) => {
                let rank = cursor.u8().ok_or_else(cut)?;
                let tree = self.address(&mut cursor).ok_or_else(cut)?;
                // The last of them is the size of an element.
                let chunk: Option<Vec<usize>> = (1..rank).map(|_| cursor.size(4)).collect();
                let filters = filters.map(parse_filters).transpose()?.unwrap_or_default();
                Ok(Layout::Chunked { tree, chunk: chunk.ok_or_else(cut)?, filters })
            }
            _ => Err(Error::unsupported(
                "hdf5.unsupported.layout",
                format!(
                    "An array in this HDF5 file is stored in a way that Keras does not use \
                     (layout version {version}, class {class}); save the weights again from Keras."
                ),
            )),
        }
    }

    /// Puts the chunks together; `width` is bytes of an element.
    fn gather(
        &self,
        tree: u64,
        chunk: &[usize],
        filters: &[Filter],
        shape: &[usize],
        width: usize,
    ) -> Result<Vec<u8>> {
        if chunk.len() != shape.len() || chunk.is_empty() {
            return Err(broken("the chunks of an array have other dimensions than the array"));
        }
        let size = chunk.iter().try_fold(width, |n, d| n.checked_mul(*d)).filter(|n| *n > 0);
        let size = size.ok_or_else(|| broken("the chunks of an array have no possible size"))?;
        let mut chunks = Vec::new();
        self.chunks(tree, MAX_LEVELS, shape.len(), &mut chunks)?;
        // Whoever writes weights writes all of them; holes would silently be zeros.
        let inside = |c: &Chunk<'_>| {
            let sides = c.offset.iter().zip(chunk).zip(shape);
            sides.fold(1usize, |n, ((o, c), s)| n.saturating_mul(s.saturating_sub(*o).min(*c)))
        };
        let total = shape.iter().product::<usize>();
        if chunks.iter().map(inside).fold(0, usize::saturating_add) != total {
            return Err(broken("some chunks of an array are missing"));
        }
        let mut out = vec![0; total * width];
        for stored in chunks.iter().filter(|c| inside(c) > 0) {
            self.claim(size as u64)?;
            let bytes = unfilter(stored, filters, size)?;
            let bytes = bytes.get(..size).ok_or_else(|| broken("a chunk of an array is cut off"))?;
            place(bytes, chunk, &mut out, shape, &stored.offset, width);
        }
        Ok(out)
    }

    /// The leaves of the tree of chunks.
    fn chunks(&self, address: u64, levels: u8, rank: usize, out: &mut Vec<Chunk<'a>>) -> Result<()> {
        let cut = || broken("the list of an array's chunks is not whole");
        let mut cursor = self.from(address).filter(|c| c.rest().starts_with(b"TREE")).ok_or_else(cut)?;
        cursor.skip(4).ok_or_else(cut)?;
        let (kind, level) = (cursor.u8().ok_or_else(cut)?, cursor.u8().ok_or_else(cut)?);
        if kind != 1 || level >= levels {
            return Err(broken("the list of an array's chunks is no tree"));
        }
        let count = cursor.u16().ok_or_else(cut)?;
        cursor.skip(2 * self.offset_size).ok_or_else(cut)?;
        for _ in 0..count {
            self.step(1)?;
            let size = cursor.u32().ok_or_else(cut)?;
            let skipped = cursor.u32().ok_or_else(cut)?;
            let offset: Option<Vec<usize>> = (0..rank).map(|_| cursor.size(8)).collect();
            cursor.skip(8).ok_or_else(cut)?;
            let child = self.address(&mut cursor).ok_or_else(cut)?;
            if level > 0 {
                self.chunks(child, level, rank, out)?;
            } else {
                let bytes = self.slice(child, size.into()).ok_or_else(cut)?;
                out.push(Chunk { offset: offset.ok_or_else(cut)?, skipped, bytes });
            }
        }
        Ok(())
    }
}

fn parse_filters(body: &[u8]) -> Result<Vec<Filter>> {
    let cut = || broken("the list of an array's filters is not whole");
    let mut cursor = Cursor::new(body);
    let (version, count) = (cursor.u8().ok_or_else(cut)?, cursor.u8().ok_or_else(cut)?);
    cursor.skip(if version == 1 { 6 } else { 0 }).ok_or_else(cut)?;
    let mut filters = Vec::new();
    for _ in 0..count {
        let id = cursor.u16().ok_or_else(cut)?;
        let name = if version == 1 || id >= 256 { cursor.size(2).ok_or_else(cut)? } else { 0 };
        cursor.skip(2).ok_or_else(cut)?;
        let values = cursor.size(2).ok_or_else(cut)?;
        cursor.skip(name).ok_or_else(cut)?;
        let values: Option<Vec<usize>> = (0..values).map(|_| cursor.size(4)).collect();
        let values = values.ok_or_else(cut)?;
        if version == 1 && values.len() % 2 == 1 {
            cursor.skip(4).ok_or_else(cut)?;
        }
        filters.push(match id {
            1 => Filter::Deflate,
            2 => Filter::Shuffle(values.first().copied().unwrap_or(1)),
            3 => Filter::Fletcher32,
            other => {
                let name = match other {
                    4 => "szip".to_string(),
                    5 => "nbit".to_string(),
                    6 => "scale-offset".to_string(),
                    32_000 => "lzf".to_string(),
                    32_001 => "blosc".to_string(),
                    _ => format!("number {other}"),
                };
                return Err(Error::unsupported(
                    "hdf5.unsupported.filter",
                    format!("An array in this HDF5 file is compressed with the filter {name}; Insitu reads gzip and shuffle."),
                ));
            }
        });
    }
    Ok(filters)
}

/// Undoes the filters of one chunk, the last first; `size` is what must come out.
fn unfilter<'a>(chunk: &Chunk<'a>, filters: &[Filter], size: usize) -> Result<Cow<'a, [u8]>> {
    let mut bytes = Cow::Borrowed(chunk.bytes);
    for (i, filter) in filters.iter().enumerate().rev() {
        if i < 32 && chunk.skipped >> i & 1 == 1 {
            continue;
        }
        bytes = match *filter {
            Filter::Deflate => {
                let mut out = Vec::new();
                // A checksum may still be behind the values.
                ZlibDecoder::new(&*bytes).take(size as u64 + 4).read_to_end(&mut out).map_err(|e| {
                    broken("a compressed chunk of an array cannot be unpacked").with_source(e)
                })?;
                Cow::Owned(out)
            }
            Filter::Shuffle(width) => Cow::Owned(unshuffle(&bytes, width)),
            Filter::Fletcher32 => {
                let end = bytes.len().saturating_sub(4);
                match bytes {
                    Cow::Borrowed(b) => Cow::Borrowed(b.get(..end).unwrap_or_default()),
                    Cow::Owned(mut b) => {
                        b.truncate(end);
                        Cow::Owned(b)
                    }
                }
            }
        };
    }
    Ok(bytes)
}

/// Puts the bytes of each element together again; what is left over at the end was not shuffled.
fn unshuffle(bytes: &[u8], width: usize) -> Vec<u8> {
    let Some(count) = bytes.len().checked_div(width).filter(|n| *n > 0 && width > 1) else {
        return bytes.to_vec();
    };
    let mut out = Vec::with_capacity(bytes.len());
    let (shuffled, rest) = bytes.split_at(count * width);
    for i in 0..count {
        out.extend(shuffled.iter().skip(i).step_by(count));
    }
    out.extend(rest);
    out
}

/// Copies a chunk to where it belongs, row by row of the last dimension, without what hangs over the edge.
fn place(bytes: &[u8], chunk: &[usize], out: &mut [u8], shape: &[usize], offset: &[usize], width: usize) {
    let (Some(length), Some(columns), Some(left)) = (chunk.last(), shape.last(), offset.last()) else {
        return;
    };
    let kept = columns.saturating_sub(*left).min(*length) * width;
    'rows: for (row, source) in bytes.chunks_exact(length * width).enumerate() {
        let (mut rest, mut at, mut stride) = (row, *left, *columns);
        for d in (0..chunk.len() - 1).rev() {
            let (Some(c), Some(s), Some(o)) = (chunk.get(d), shape.get(d), offset.get(d)) else { return };
            let index = rest % c + o;
            if index >= *s {
                continue 'rows;
            }
            (rest, at, stride) = (rest / c, at + index * stride, stride * s);
        }
        let target = out.get_mut(at * width..at * width + kept);
        if let (Some(target), Some(source)) = (target, source.get(..kept)) {
            target.copy_from_slice(source);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unshuffling_puts_elements_together_and_keeps_the_rest() {
        assert_eq!(unshuffle(&[1, 3, 5, 2, 4, 6, 9], 2), [1, 2, 3, 4, 5, 6, 9]);
        assert_eq!(unshuffle(&[1, 2], 0), [1, 2]);
        assert_eq!(unshuffle(&[1, 2], 4), [1, 2]);
    }

    #[test]
    fn a_chunk_over_the_edge_is_cut() {
        let mut out = [0; 9];
        place(&[1, 2, 3, 4], &[2, 2], &mut out, &[3, 3], &[2, 2], 1);
        assert_eq!(out, [0, 0, 0, 0, 0, 0, 0, 0, 1]);
        place(&[1, 2, 3, 4], &[2, 2], &mut out, &[3, 3], &[0, 1], 1);
        assert_eq!(out, [0, 1, 2, 0, 3, 4, 0, 0, 1]);
    }
}
