//! Probabilities as TIFF 6.0 with one page a class.

use std::io::Cursor;

use tiff::encoder::{TiffEncoder, TiffKind, TiffKindBig, TiffKindStandard, colortype};
use tiff::tags::{ResolutionUnit, Tag};

use super::stack::{Stack, description, per};
use super::{failed, size};
use crate::error::Result;

/// Bytes from which the offsets of a classic TIFF no longer reach; some room is left for its directories.
pub(super) const MAX_CLASSIC_BYTES: u64 = u32::MAX as u64 - (1 << 20);

/// A TIFF of uncompressed 32-bit floats, page `c` holding `[row][column]` of class `c + 1`; `probability` is
/// `[class 1..][row][column]`. Over 4 GiB it is a BigTIFF.
///
/// # Errors
/// `export.shape` if there are not `width * height * classes` values.
pub fn probability_tiff(probability: &[f32], width: usize, height: usize, classes: usize) -> Result<Vec<u8>> {
    let size = size(width, height, classes, probability.len())?;
    let mut file = Cursor::new(Vec::new());
    if 4 * probability.len() as u64 > MAX_CLASSIC_BYTES {
        pages::<TiffKindBig>(TiffEncoder::new_big(&mut file).map_err(failed)?, probability, size)?;
    } else {
        pages::<TiffKindStandard>(TiffEncoder::new(&mut file).map_err(failed)?, probability, size)?;
    }
    Ok(file.into_inner())
}

fn pages<K: TiffKind>(
    mut encoder: TiffEncoder<&mut Cursor<Vec<u8>>, K>,
    probability: &[f32],
    [width, height]: [u32; 2],
) -> Result<()> {
    for page in probability.chunks_exact(width as usize * height as usize) {
        encoder.write_image::<colortype::Gray32Float>(width, height, page).map_err(failed)?;
    }
    Ok(())
}

/// A TIFF of uncompressed 32-bit whole numbers, the objects `[row][column]`. `spacing`: distance of columns and of rows, mm, which
/// stands in the resolution tags (pixels per mm) and in ImageJ's description.
///
/// # Errors
/// `export.shape` if there are not `width * height` values.
pub fn objects_tiff(
    objects: &[u32],
    width: usize,
    height: usize,
    spacing: Option<[f64; 2]>,
) -> Result<Vec<u8>> {
    let [w, h] = size(width, height, 1, objects.len())?;
    let mut file = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut file).map_err(failed)?;
    let mut page = encoder.new_image::<colortype::Gray32>(w, h).map_err(failed)?;
    let stack = Stack { width, height, slices: 1, channels: 1, spacing, depth: None };
    page.encoder().write_tag(Tag::ImageDescription, &*description(&stack)).map_err(failed)?;
    if let Some([x, y]) = spacing {
        page.resolution_unit(ResolutionUnit::None);
        page.x_resolution(per(x));
        page.y_resolution(per(y));
    }
    page.write_data(objects).map_err(failed)?;
    Ok(file.into_inner())
}

#[cfg(test)]
mod tests {
    use tiff::decoder::{Decoder, DecodingResult};

    use super::*;

    fn read(file: Vec<u8>) -> Vec<((u32, u32), Vec<f32>)> {
        let mut decoder = Decoder::new(Cursor::new(file)).unwrap();
        let mut pages = Vec::new();
        loop {
            let DecodingResult::F32(values) = decoder.read_image().unwrap() else {
                panic!("not 32-bit floats")
            };
            pages.push((decoder.dimensions().unwrap(), values));
            if !decoder.more_images() {
                return pages;
            }
            decoder.next_image().unwrap();
        }
    }

    #[test]
    fn each_class_is_a_page_of_exactly_its_probabilities() {
        let probability: Vec<f32> = (0..3 * 35).map(|i| i as f32 / 105.0).collect();
        let pages = read(probability_tiff(&probability, 7, 5, 3).unwrap());
        assert_eq!(pages.len(), 3);
        for (page, expected) in pages.iter().zip(probability.chunks(35)) {
            assert_eq!((page.0, &page.1[..]), ((7, 5), expected));
        }
    }

    #[test]
    fn a_size_that_the_values_do_not_have_is_an_error() {
        for (width, height, classes) in [(2, 2, 1), (3, 1, 0), (0, 3, 1)] {
            let error = probability_tiff(&[0.0; 3], width, height, classes).unwrap_err();
            assert_eq!(error.code(), "export.shape");
        }
    }
}
