//! Labels as PNG with a palette (ISO/IEC 15948).

use std::io::Cursor;

use png::text_metadata::ITXtChunk;
use png::{BitDepth, ColorType, Decoder, Encoder, Filter, Transformations};

use super::content::{NOT_LABELLED, Shape};
use super::sheet::Sheet;
use crate::error::{Error, Result};
use crate::label::LabelMap;
use crate::scan::Limits;

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The text chunk with the class table.
const KEYWORD: &str = "insitu-labels";

/// Bytes of its text, at most; 254 classes take some ten thousand.
const MAX_TEXT_BYTES: usize = 4 << 20;

/// A slice of labels as an 8-bit PNG whose indices are the values: 0 background, black; the classes in their colours;
/// 255 not labelled, transparent. The class table stands as JSON in the text chunk `insitu-labels`.
///
/// # Errors
/// `label.slice`.
pub fn label_png(map: &LabelMap, slice: usize) -> Result<Vec<u8>> {
    let values = map.read(slice, map.bounds())?;
    let text = Sheet::new(map.classes(), Vec::new()).text()?;
    let mut palette = vec![0; 3 * 256];
    for (entry, class) in palette.chunks_exact_mut(3).skip(1).zip(map.classes().as_slice()) {
        entry.copy_from_slice(&class.rgb());
    }
    palette.iter_mut().skip(3 * NOT_LABELLED).for_each(|v| *v = 255);
    let mut opacity = vec![255; 256];
    opacity.iter_mut().skip(NOT_LABELLED).for_each(|v| *v = 0);
    encode(&values, [map.width() as u32, map.height() as u32], palette, opacity, text).map_err(|error| {
        Error::invalid("export.encode", "The labels could not be written as an image file.")
            .with_source(error)
    })
}

fn encode(
    values: &[u8],
    [width, height]: [u32; 2],
    palette: Vec<u8>,
    opacity: Vec<u8>,
    text: String,
) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.set_trns(opacity);
    // Neighbouring indices say nothing about each other's numbers.
    encoder.set_filter(Filter::NoFilter);
    encoder.add_itxt_chunk(KEYWORD.into(), text)?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(values)?;
    writer.finish()?;
    Ok(file)
}

/// A picture with a number a pixel, of 8 bits at most.
pub(super) struct Picture {
    /// `[row][column]`, as they stand in the file.
    pub(super) values: Vec<u8>,
    /// Red, green, blue of each value, if it has a palette.
    pub(super) palette: Vec<u8>,
    /// The text of our chunk.
    pub(super) sheet: Option<String>,
}

/// The numbers of a PNG; `None` if it has 16 bits or colours, which scans are read with.
///
/// # Errors
/// `label.shape`, `png.invalid`, `scan.limit.bytes`.
pub(super) fn read(bytes: &[u8], shape: Shape) -> Result<Option<Picture>> {
    let limit = usize::try_from(Limits::default().bytes).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: limit });
    decoder.set_transformations(Transformations::IDENTITY);
    let mut reader = decoder.read_info().map_err(wrong)?;
    let (info, depth) = (reader.info(), reader.info().bit_depth);
    shape.check(info.width as usize, info.height as usize)?;
    if depth == BitDepth::Sixteen || !matches!(info.color_type, ColorType::Grayscale | ColorType::Indexed) {
        return Ok(None);
    }
    let palette = info.palette.as_deref().unwrap_or_default().to_vec();
    let mut packed =
        vec![0; reader.output_buffer_size().ok_or_else(|| wrong(png::DecodingError::LimitsExceeded))?];
    let frame = reader.next_frame(&mut packed).map_err(wrong)?;
    // Text may stand behind the pixels, where other programs put it.
    reader.finish().map_err(wrong)?;
    let text = reader.info().utf8_text.iter().find(|chunk| chunk.keyword == KEYWORD).cloned();
    let sheet = text.map(unpacked).transpose().map_err(wrong)?;
    let bits = depth as usize;
    let row = |line: &[u8]| -> Vec<u8> {
        let mask = 0xFFu8 >> (8 - bits);
        let places = (0..8 / bits).rev().map(|place| place * bits);
        let pixels = line.iter().flat_map(|byte| places.clone().map(move |place| byte >> place & mask));
        pixels.take(shape.width).collect()
    };
    let values =
        if bits == 8 { packed } else { packed.chunks_exact(frame.line_size).flat_map(row).collect() };
    Ok(Some(Picture { values, palette, sheet }))
}

/// The numbers of a PNG with a palette, whose colours are there for people alone: width, height, and `[row][column]`. `None` for
/// other files.
///
/// # Errors
/// `png.invalid`, `scan.limit.bytes`.
pub fn palette_indices(bytes: &[u8]) -> Result<Option<(usize, usize, Vec<u8>)>> {
    // The first chunk is IHDR: width, height, depth, colour type (ISO/IEC 15948, 11.2.2).
    const INDEXED: u8 = 3;
    let Some([w0, w1, w2, w3, h0, h1, h2, h3, _, INDEXED, ..]) =
        bytes.strip_prefix(SIGNATURE).and_then(|rest| rest.get(8..))
    else {
        return Ok(None);
    };
    let side = |bytes: [&u8; 4]| u32::from_be_bytes(bytes.map(|b| *b)) as usize;
    let (width, height) = (side([w0, w1, w2, w3]), side([h0, h1, h2, h3]));
    let picture = read(bytes, Shape { width, height, slices: 1 })?;
    Ok(picture.map(|picture| (width, height, picture.values)))
}

/// The text of a chunk: a few compressed bytes may stand for far more than the picture.
fn unpacked(mut chunk: ITXtChunk) -> Result<String, png::DecodingError> {
    chunk.decompress_text_with_limit(MAX_TEXT_BYTES)?;
    chunk.get_text()
}

fn wrong(error: png::DecodingError) -> Error {
    match error {
        png::DecodingError::LimitsExceeded => {
            Error::limit("scan.limit.bytes", "This PNG needs too much memory.").with_source(error)
        }
        error => Error::invalid("png.invalid", "This PNG is damaged or cut off.").with_source(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of one pixel with a compressed text of so many bytes.
    fn with_text(bytes: usize) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 1, 1);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::Eight);
        let mut writer = encoder.write_header().unwrap();
        let mut chunk = ITXtChunk::new(KEYWORD, "x".repeat(bytes));
        chunk.compressed = true;
        writer.write_text_chunk(&chunk).unwrap();
        writer.write_image_data(&[0]).unwrap();
        writer.finish().unwrap();
        file
    }

    #[test]
    fn a_text_that_unpacks_to_far_more_than_a_class_table_is_refused() {
        let shape = Shape { width: 1, height: 1, slices: 1 };
        let picture = read(&with_text(1000), shape).unwrap().unwrap();
        assert_eq!(picture.sheet.map(|text| text.len()), Some(1000));
        assert_eq!(read(&with_text(MAX_TEXT_BYTES + 1), shape).err().unwrap().code(), "png.invalid");
    }
}
