//! Masks as greyscale PNG (ISO/IEC 15948), and pictures.

use png::{BitDepth, ColorType, Encoder};

use super::objects::Category;
use super::{failed, size};
use crate::error::{Error, Result};

/// An 8-bit greyscale PNG whose values are the class indices `[row][column]`, as they are: 0 is background and 1
/// nearly as black. Programs that measure read it; for looking at it, stretch the contrast.
///
/// # Errors
/// `export.shape` if there are not `width * height` values.
pub fn mask_png(classes: &[u8], width: usize, height: usize) -> Result<Vec<u8>> {
    grey(classes, size(width, height, 1, classes.len())?, BitDepth::Eight)
}

/// An 8-bit PNG whose values are the class indices `[row][column]`, with a palette, so that every viewer shows the classes in their
/// colours; names and colours stand in its text `Classes` as well.
///
/// # Errors
/// `export.shape` if there are not `width * height` values.
pub fn class_png(classes: &[u8], width: usize, height: usize, categories: &[Category]) -> Result<Vec<u8>> {
    let [width, height] = size(width, height, 1, classes.len())?;
    let highest = usize::from(classes.iter().copied().max().unwrap_or(0));
    let mut palette = vec![0; 3];
    let mut text = String::from("0 background");
    for (i, category) in categories.iter().take(255).enumerate() {
        palette.extend(category.colour);
        let [red, green, blue] = category.colour;
        text.push_str(&format!("; {} {} #{red:02x}{green:02x}{blue:02x}", i + 1, category.name));
    }
    // Every value needs a colour.
    palette.resize(palette.len().max(3 * (highest + 1)), 128);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.add_itxt_chunk("Classes".into(), text).map_err(failed)?;
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(classes).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(file)
}

/// A 16-bit greyscale PNG whose values are object numbers `[row][column]`, 0 for the background.
///
/// # Errors
/// `export.shape`, or `export.limit.objects` if a number is over 65535.
pub fn objects_png(objects: &[u32], width: usize, height: usize) -> Result<Vec<u8>> {
    let size = size(width, height, 1, objects.len())?;
    let mut bytes = Vec::with_capacity(2 * objects.len());
    for number in objects {
        let number = u16::try_from(*number).map_err(|_| {
            let most = objects.iter().max().unwrap_or(number);
            Error::limit(
                "export.limit.objects",
                format!("A 16-bit PNG holds object numbers up to 65535, and here is object {most}."),
            )
        })?;
        bytes.extend(number.to_be_bytes());
    }
    grey(&bytes, size, BitDepth::Sixteen)
}

/// An 8-bit PNG of `rgba`, `[row][column]` of red, green, blue and alpha, which is left out; grey if `is_grey` says that the
/// three are equal everywhere.
///
/// # Errors
/// `export.shape` if there are not `4 * width * height` values.
pub fn picture_png(rgba: &[u8], width: usize, height: usize, is_grey: bool) -> Result<Vec<u8>> {
    let size = size(width, height, 4, rgba.len())?;
    let pixels = rgba.as_chunks::<4>().0;
    if is_grey {
        return grey(&pixels.iter().map(|[red, ..]| *red).collect::<Vec<_>>(), size, BitDepth::Eight);
    }
    let colours: Vec<u8> = pixels.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect();
    write(&colours, size, ColorType::Rgb, BitDepth::Eight)
}

fn grey(bytes: &[u8], size: [u32; 2], depth: BitDepth) -> Result<Vec<u8>> {
    write(bytes, size, ColorType::Grayscale, depth)
}

fn write(bytes: &[u8], [width, height]: [u32; 2], colour: ColorType, depth: BitDepth) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(bytes).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn read(file: &[u8]) -> (BitDepth, u32, u32, Vec<u8>) {
        let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        assert_eq!(info.color_type, ColorType::Grayscale);
        (info.bit_depth, info.width, info.height, bytes)
    }

    #[test]
    fn class_indices_come_back_as_they_were() {
        let classes: Vec<u8> = (0..=255).chain(0..44).collect();
        let file = mask_png(&classes, 20, 15).unwrap();
        assert_eq!(read(&file), (BitDepth::Eight, 20, 15, classes));
    }

    #[test]
    fn a_picture_has_its_colours_or_is_grey() {
        let rgba = [1, 2, 3, 255, 4, 5, 6, 255];
        let file = picture_png(&rgba, 2, 1, false).unwrap();
        let mut reader = png::Decoder::new(Cursor::new(&file)).read_info().unwrap();
        let mut bytes = [0; 6];
        assert_eq!(reader.next_frame(&mut bytes).unwrap().color_type, ColorType::Rgb);
        assert_eq!(bytes, [1, 2, 3, 4, 5, 6]);
        assert_eq!(read(&picture_png(&rgba, 1, 2, true).unwrap()).3, [1, 4]);
        assert_eq!(picture_png(&rgba, 2, 2, true).unwrap_err().code(), "export.shape");
    }

    #[test]
    fn object_numbers_come_back_with_sixteen_bits() {
        let objects = [0, 1, 255, 256, 4660, 65535];
        let (depth, w, h, bytes) = read(&objects_png(&objects, 3, 2).unwrap());
        assert_eq!((depth, w, h), (BitDepth::Sixteen, 3, 2));
        let back: Vec<u32> = bytes.chunks_exact(2).map(|b| u16::from_be_bytes([b[0], b[1]]).into()).collect();
        assert_eq!(back, objects);
    }

    #[test]
    fn more_objects_than_sixteen_bits_count_are_an_error_not_other_numbers() {
        let error = objects_png(&[1, 65536], 2, 1).unwrap_err();
        assert_eq!((error.kind(), error.code()), (crate::Kind::Limit, "export.limit.objects"));
    }

    #[test]
    fn a_size_that_the_values_do_not_have_is_an_error() {
        for (width, height) in [(2, 2), (0, 0), (usize::MAX, 2), (3, 0)] {
            assert_eq!(mask_png(&[0; 3], width, height).unwrap_err().code(), "export.shape");
        }
    }
}
