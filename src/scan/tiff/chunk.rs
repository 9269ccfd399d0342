//! One strip or tile: packed bytes to the bytes that were packed.

use std::convert::Infallible;
use std::io::Read;

use fax::decoder::{DecodeStatus, Group4Decoder};
use flate2::read::ZlibDecoder;
use weezl::{BitOrder, LzwStatus, decode::Decoder as Lzw};
use zune_core::bytestream::ZCursor;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::ifd::broken;
use super::page::{Compression, Page};
use crate::error::{Error, Result};
use crate::scan::limits::zeroed;

/// Unpacks `packed` to exactly `expected` bytes (`rows` rows). Missing bytes at the end are an error.
pub(super) fn unpack(page: &Page<'_>, packed: &[u8], rows: usize, expected: usize) -> Result<Vec<u8>> {
    let turned;
    let packed = if page.reversed && page.compression != Compression::Jpeg {
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
        Compression::Jpeg => jpeg(page, packed, rows, expected),
        Compression::Fax4 | Compression::Fax3 | Compression::FaxHuffman => fax(page, packed, rows, expected),
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

/// TIFF technical note 2. The result has the samples as stored (YCbCr stays YCbCr), upsampled.
fn jpeg(page: &Page<'_>, packed: &[u8], rows: usize, expected: usize) -> Result<Vec<u8>> {
    // Tables that all chunks share come first; their end marker and the chunk's start marker go.
    let whole;
    let data = match (page.jpeg_tables, packed) {
        (Some([tables @ .., _, _]), [_, _, image @ ..]) if tables.len() >= 2 => {
            whole = [tables, image].concat();
            whole.as_slice()
        }
        _ => packed,
    };
    let wrong = |_| broken("a strip or tile holds no good JPEG");
    let mut decoder = JpegDecoder::new_with_options(
        ZCursor::new(data),
        DecoderOptions::default().set_strict_mode(false).set_max_width(65_535).set_max_height(65_535),
    );
    decoder.decode_headers().map_err(wrong)?;
    let samples = page.chunk_samples();
    let (Some((width, height)), Some(stored)) = (decoder.dimensions(), decoder.input_colorspace()) else {
        return Err(broken("a strip or tile holds no good JPEG"));
    };
    if width != page.chunk_width || height < rows || stored.num_components() != samples {
        return Err(broken("a JPEG strip or tile has another shape than the page"));
    }
    decoder.set_options(decoder.options().jpeg_set_out_colorspace(stored));
    let size = width.checked_mul(height).and_then(|n| n.checked_mul(samples));
    let mut out = zeroed::<u8>(size.filter(|n| *n <= expected.saturating_mul(4)).ok_or_else(cut)?)?;
    decoder.decode_into(&mut out).map_err(wrong)?;
    out.truncate(expected);
    if out.len() < expected { Err(cut()) } else { Ok(out) }
}

/// ITU-T T.4 (one-dimensional) and T.6, to 1 bit per pixel, black = 1.
fn fax(page: &Page<'_>, packed: &[u8], rows: usize, expected: usize) -> Result<Vec<u8>> {
    let unsupported = |name: &str| {
        Error::unsupported(
            "tiff.unsupported.compression",
            format!(
                "This TIFF uses {name} compression, which Insitu cannot read. Save it as an LZW-compressed TIFF."
            ),
        )
    };
    let width =
        u16::try_from(page.chunk_width).map_err(|_| unsupported("CCITT (with more than 65,535 columns)"))?;
    let row_bytes = expected / rows.max(1);
    let mut out = zeroed::<u8>(expected)?;
    let mut lines = out.chunks_exact_mut(row_bytes.max(1));
    let mut draw = |changes: &[u16]| {
        let Some(line) = lines.next() else { return };
        // Changes alternate: to black, to white.
        for pair in changes.chunks(2) {
            let (Some(begin), end) = (pair.first(), pair.get(1)) else { continue };
            for x in *begin..end.copied().unwrap_or(width).min(width) {
                if let Some(byte) = line.get_mut(usize::from(x) / 8) {
                    *byte |= 0x80 >> (x % 8);
                }
            }
        }
    };
    let bytes = packed.iter().copied();
    match page.compression {
        Compression::Fax4 => {
            let Ok(mut decoder) = Group4Decoder::new(bytes.map(Ok::<u8, Infallible>), width);
            // White rows at the end may be left out.
            for _ in 0..rows {
                match decoder.advance().map_err(|_| cut())? {
                    DecodeStatus::End => break,
                    DecodeStatus::Incomplete => draw(decoder.transition()),
                }
            }
        }
        Compression::Fax3 if page.t4_options & 1 == 0 => {
            // A strip ends after its rows; the end-of-document marks that this function waits for may be missing.
            let mut seen = 0;
            let _ = fax::decoder::decode_g3(bytes, |changes| {
                seen += 1;
                draw(changes);
            });
            if seen < rows {
                return Err(cut());
            }
        }
        Compression::Fax3 => return Err(unsupported("two-dimensional CCITT Group 3")),
        _ => return Err(unsupported("CCITT modified Huffman")),
    }
    Ok(out)
}
