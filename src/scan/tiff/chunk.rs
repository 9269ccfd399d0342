//! One strip or tile: packed bytes to the bytes that were packed.

use std::io::{Cursor, Read};

use flate2::read::ZlibDecoder;
use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;
use ruzstd::decoding::StreamingDecoder;
use weezl::{BitOrder, LzwStatus, decode::Decoder as Lzw};

use super::codes::{Compression, PhotometricInterpretation};
use super::fax;
use super::ifd::broken;
use super::page::Page;
use crate::error::{Error, Kind, Result};
use crate::scan::limits::zeroed;
use crate::scan::samples::SampleType;
use crate::scan::{Limits, jpeg, jpeg2000};

/// Unpacks `packed` to exactly `expected` bytes (`rows` rows). Missing bytes at the end are an error.
pub(super) fn unpack(
    page: &Page<'_>,
    packed: &[u8],
    rows: usize,
    expected: usize,
    limits: &Limits,
) -> Result<Vec<u8>> {
    let turned;
    let packed = if page.reversed && !page.compression.is_of_pictures() {
        turned = packed.iter().map(|b| b.reverse_bits()).collect::<Vec<u8>>();
        turned.as_slice()
    } else {
        packed
    };
    match page.compression {
        Compression::None => packed.get(..expected).map(<[u8]>::to_vec).ok_or_else(cut),
        Compression::PackBits => pack_bits(packed, expected),
        Compression::Lzw => lzw(packed, expected),
        Compression::Deflate => {
            let mut out = zeroed::<u8>(expected)?;
            ZlibDecoder::new(packed).read_exact(&mut out).map_err(|e| cut().with_source(e))?;
            Ok(out)
        }
        Compression::Zstd => {
            // A size in the frame's header is believed only as far as the page needs it.
            let mut out = zeroed::<u8>(expected)?;
            let mut decoder = StreamingDecoder::new(packed).map_err(|e| cut().with_source(e))?;
            decoder.read_exact(&mut out).map_err(|e| cut().with_source(e))?;
            let frame = decoder.into_frame_decoder();
            let sum = frame.get_checksum_from_data();
            // The sum stands behind the last block and counts what was read.
            if frame.is_finished()
                && frame.can_collect() == 0
                && sum.is_some_and(|_| sum != frame.get_calculated_checksum())
            {
                return Err(broken("the checksum of a strip or tile is wrong"));
            }
            Ok(out)
        }
        Compression::Jpeg | Compression::OldJpeg => jpeg(page, packed, rows, expected, limits),
        Compression::Jpeg2000 => {
            let picture = jpeg2000::decode(packed, limits).map_err(|e| inside("JPEG 2000", e))?;
            let shape = (picture.width, picture.height, picture.components);
            values(page, &picture.data, shape, rows, expected)
        }
        Compression::WebP => webp(page, packed, rows, expected),
        Compression::Fax4 | Compression::Fax3 | Compression::FaxHuffman => {
            if page.t4_options & 2 != 0 && page.compression == Compression::Fax3 {
                return Err(Error::unsupported(
                    "tiff.unsupported.compression",
                    "This TIFF uses CCITT Group 3 with uncompressed parts, which Insitu cannot read. Save it as an LZW-compressed TIFF.",
                ));
            }
            let mut out = zeroed::<u8>(expected)?;
            let two_dimensional = page.t4_options & 1 == 1;
            fax::unpack(page.compression, two_dimensional, packed, page.chunk_width, rows, &mut out)
                .ok_or_else(cut)?;
            Ok(out)
        }
    }
}

fn cut() -> Error {
    broken("a strip or tile is not whole")
}

/// TIFF 6.0 section 9.
fn pack_bits(packed: &[u8], expected: usize) -> Result<Vec<u8>> {
    let mut out = zeroed::<u8>(expected)?;
    let (mut from, mut to) = (0, 0);
    while to < expected {
        let head = *packed.get(from).ok_or_else(cut)? as i8;
        from += 1;
        if head >= 0 {
            let run = (head as usize + 1).min(expected - to);
            let bytes = packed.get(from..from + run).ok_or_else(cut)?;
            out.get_mut(to..to + run).ok_or_else(cut)?.copy_from_slice(bytes);
            from += head as usize + 1;
            to += run;
        } else if head != -128 {
            let run = (1 - isize::from(head)) as usize;
            let run = run.min(expected - to);
            let value = *packed.get(from).ok_or_else(cut)?;
            out.get_mut(to..to + run).ok_or_else(cut)?.fill(value);
            from += 1;
            to += run;
        }
    }
    Ok(out)
}

/// TIFF 6.0 section 13; files written before it store the bits of a code lowest first.
fn lzw(packed: &[u8], expected: usize) -> Result<Vec<u8>> {
    let old = matches!(packed, [0, second, ..] if second & 1 == 1);
    let mut decoder =
        if old { Lzw::new(BitOrder::Lsb, 8) } else { Lzw::with_tiff_size_switch(BitOrder::Msb, 8) };
    let mut out = zeroed::<u8>(expected)?;
    let (mut from, mut to) = (0, 0);
    while to < expected {
        let rest = packed.get(from..).unwrap_or_default();
        let step = decoder.decode_bytes(rest, out.get_mut(to..).unwrap_or_default());
        from += step.consumed_in;
        to += step.consumed_out;
        match step.status {
            Ok(LzwStatus::Ok) if step.consumed_in + step.consumed_out > 0 => {}
            Ok(_) => break,
            Err(error) => return Err(cut().with_source(error)),
        }
    }
    if to < expected { Err(cut()) } else { Ok(out) }
}

/// What went wrong in a picture inside the page. What that decoder cannot read stays said in its words.
fn inside(what: &str, error: Error) -> Error {
    match error.kind() {
        Kind::Invalid => broken(&format!("a strip or tile holds no good {what}")).with_source(error),
        _ => error,
    }
}

/// TIFF technical note 2. The result has the samples as stored (YCbCr stays YCbCr), upsampled.
fn jpeg(page: &Page<'_>, packed: &[u8], rows: usize, expected: usize, limits: &Limits) -> Result<Vec<u8>> {
    // Tables that all chunks share come first; their end marker and the chunk's start marker go.
    let whole;
    let data = match (page.jpeg_tables, packed) {
        (Some([tables @ .., _, _]), [_, _, image @ ..]) if tables.len() >= 2 => {
            whole = [tables, image].concat();
            whole.as_slice()
        }
        _ => packed,
    };
    if page.photometric == PhotometricInterpretation::Rgb && is_subsampled(data) {
        // libtiff refuses it, too: red, green and blue are never stored so.
        return Err(Error::unsupported(
            "tiff.unsupported.colour",
            "This TIFF says that its JPEG holds red, green and blue, and stores them as only YCbCr is stored. Save it as an LZW-compressed TIFF.",
        ));
    }
    let picture = jpeg::decode(data, limits).map_err(|e| inside("JPEG", e))?;
    values(page, &picture.data, (picture.width, picture.height, picture.components), rows, expected)
}

/// Whether the components of a JPEG have different sampling factors (ITU-T T.81, B.2.2).
fn is_subsampled(jpeg: &[u8]) -> bool {
    let frame = |at: usize| {
        let [0xFF, marker, high, low] = *jpeg.get(at..)?.first_chunk()? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        Some((marker, jpeg.get(at + 4..at + 2 + length.max(2))?))
    };
    let mut at = 2;
    while let Some((marker, body)) = frame(at) {
        match marker {
            0xC4 | 0xC8 | 0xCC => {}
            0xC0..=0xCF => {
                let components = body.get(6..).unwrap_or_default().as_chunks::<3>().0;
                let mut factors = components.iter().map(|[_, factors, _]| factors);
                let first = factors.next();
                return factors.any(|other| Some(other) != first);
            }
            0xDA => return false,
            _ => {}
        }
        at += body.len() + 4;
    }
    false
}

/// Values of a decoded picture (`width`, `height`, `components`) as little-endian bytes of the page's type.
fn values<T: Copy + Into<i64>>(
    page: &Page<'_>,
    data: &[T],
    (width, height, components): (usize, usize, usize),
    rows: usize,
    expected: usize,
) -> Result<Vec<u8>> {
    if width != page.chunk_width || height < rows || components != page.chunk_samples() {
        return Err(broken("the picture in a strip or tile has another shape than the page"));
    }
    let size = page.kind.bytes();
    let (least, most) = match page.kind {
        SampleType::I8 => (-0x80, 0x7F),
        SampleType::U8 => (0, 0xFF),
        SampleType::I16 => (-0x8000, 0x7FFF),
        _ => (0, 0xFFFF),
    };
    let mut out = zeroed::<u8>(expected)?;
    if size > 2 || data.len() < expected / size {
        return Err(cut());
    }
    for (to, value) in out.chunks_exact_mut(size).zip(data) {
        let value: i64 = (*value).into();
        if !(least..=most).contains(&value) {
            return Err(broken("the picture in a strip or tile is deeper than the page says"));
        }
        for (to, byte) in to.iter_mut().zip(value.to_le_bytes()) {
            *to = byte;
        }
    }
    Ok(out)
}

/// WebP has red, green, blue and perhaps alpha; the page may count alpha or not.
fn webp(page: &Page<'_>, packed: &[u8], rows: usize, expected: usize) -> Result<Vec<u8>> {
    let wrong = |e| broken("a strip or tile holds no good WebP").with_source(e);
    let decoder = WebPDecoder::new(Cursor::new(packed)).map_err(wrong)?;
    let (width, height) = decoder.dimensions();
    let stored = usize::from(decoder.color_type().channel_count());
    if width as usize != page.chunk_width || (height as usize) < rows {
        return Err(broken("the picture in a strip or tile has another shape than the page"));
    }
    let size = usize::try_from(decoder.total_bytes()).ok();
    let size = size.filter(|n| *n <= expected.saturating_mul(8)).ok_or_else(cut)?;
    let mut pixels = zeroed::<u8>(size)?;
    decoder.read_image(&mut pixels).map_err(wrong)?;
    let mut out = zeroed::<u8>(expected)?;
    let pixels = pixels.chunks_exact(stored.max(1));
    if pixels.len() < expected / page.samples {
        return Err(cut());
    }
    for (to, from) in out.chunks_exact_mut(page.samples).zip(pixels) {
        let opaque = std::iter::repeat(&0xFF);
        to.iter_mut().zip(from.iter().chain(opaque)).for_each(|(to, from)| *to = *from);
    }
    Ok(out)
}
