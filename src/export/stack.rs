//! A stack of float images as TIFF 6.0, with what ImageJ and tifffile read of its size.

use std::io::{Seek, Write};

use tiff::encoder::colortype::{ColorType, Gray32Float, RGB32Float};
use tiff::encoder::{Rational, TiffEncoder, TiffKind, TiffKindBig, TiffKindStandard};
use tiff::tags::{ResolutionUnit, Tag};

use super::tiff::MAX_CLASSIC_BYTES;
use super::{failed, size};
use crate::error::Result;

/// What a stack's pages have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stack {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Pages.
    pub slices: usize,
    /// 1 (grey) or 3 (red, green, blue).
    pub channels: usize,
    /// Distance of columns and of rows, mm.
    pub spacing: Option<[f64; 2]>,
    /// Distance of slices, mm.
    pub depth: Option<f64>,
}

/// Writes a TIFF of uncompressed 32-bit floats with one page a slice, over 4 GiB a BigTIFF; `slice` gives the values of a
/// page, `[channel][row][column]`, when it is written. NaN stays NaN. Spacing stands in the resolution tags (pixels per mm)
/// and in ImageJ's description.
///
/// # Errors
/// Those of `slice`; `export.shape` if it gives another number of values; `export.encode` if `out` cannot be written.
pub fn float_tiff(
    out: impl Write + Seek,
    stack: &Stack,
    slice: impl FnMut(usize) -> Result<Vec<f32>>,
) -> Result<()> {
    let sizes = [stack.width, stack.height, stack.slices, stack.channels];
    let bytes = sizes.iter().fold(4u64, |bytes, n| bytes.saturating_mul(*n as u64));
    if bytes > MAX_CLASSIC_BYTES {
        coloured::<_, TiffKindBig>(TiffEncoder::new_big(out).map_err(failed)?, stack, slice)
    } else {
        coloured::<_, TiffKindStandard>(TiffEncoder::new(out).map_err(failed)?, stack, slice)
    }
}

fn coloured<W: Write + Seek, K: TiffKind>(
    encoder: TiffEncoder<W, K>,
    stack: &Stack,
    slice: impl FnMut(usize) -> Result<Vec<f32>>,
) -> Result<()> {
    if stack.channels == 3 {
        pages::<_, _, RGB32Float>(encoder, stack, slice)
    } else {
        pages::<_, _, Gray32Float>(encoder, stack, slice)
    }
}

fn pages<W: Write + Seek, K: TiffKind, C: ColorType<Inner = f32>>(
    mut encoder: TiffEncoder<W, K>,
    stack: &Stack,
    mut slice: impl FnMut(usize) -> Result<Vec<f32>>,
) -> Result<()> {
    for index in 0..stack.slices {
        let mut values = slice(index)?;
        let [width, height] = size(stack.width, stack.height, stack.channels, values.len())?;
        if stack.channels > 1 {
            let area = values.len() / stack.channels;
            let side_by_side = |i: usize| values[i % stack.channels * area + i / stack.channels];
            values = (0..values.len()).map(side_by_side).collect();
        }
        let mut page = encoder.new_image::<C>(width, height).map_err(failed)?;
        if index == 0 {
            page.encoder().write_tag(Tag::ImageDescription, &*description(stack)).map_err(failed)?;
        }
        if let Some([x, y]) = stack.spacing {
            page.resolution_unit(ResolutionUnit::None);
            page.x_resolution(per(x));
            page.y_resolution(per(y));
        }
        page.write_data(&values).map_err(failed)?;
    }
    Ok(())
}

/// What ImageJ writes into the first page of a stack.
pub(super) fn description(stack: &Stack) -> String {
    let Stack { slices, .. } = stack;
    let mut text = format!("ImageJ=1.11a\nimages={slices}\nslices={slices}\n");
    if stack.spacing.is_some() || stack.depth.is_some() {
        text.push_str("unit=mm\n");
    }
    if let Some(depth) = stack.depth {
        text.push_str(&format!("spacing={depth}\n"));
    }
    text
}

/// `1 / distance` as a fraction: a short one if there is one, else with as many digits as fit.
pub(super) fn per(distance: f64) -> Rational {
    const MAX: f64 = u32::MAX as f64;
    let round = (1..=10_000u32).find(|d| {
        let n = f64::from(*d) / distance;
        (1.0..MAX).contains(&n) && (n - n.round()).abs() <= 1e-9 * n
    });
    match round {
        Some(d) => Rational { n: (f64::from(d) / distance).round() as u32, d },
        None => {
            let d = if distance < 1.0 { MAX * distance } else { (MAX / distance).floor() * distance };
            let d = d.round().clamp(1.0, MAX);
            Rational { n: (d / distance).round().clamp(1.0, MAX) as u32, d: d as u32 }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use tiff::decoder::{Decoder, DecodingResult};

    use super::*;

    const STACK: Stack =
        Stack { width: 3, height: 2, slices: 2, channels: 1, spacing: Some([0.5, 0.7]), depth: Some(2.5) };

    fn decoder(stack: &Stack, value: impl Fn(usize) -> f32) -> Decoder<Cursor<Vec<u8>>> {
        let mut file = Cursor::new(Vec::new());
        let n = stack.width * stack.height * stack.channels;
        float_tiff(&mut file, stack, |page| Ok((page * n..(page + 1) * n).map(&value).collect())).unwrap();
        Decoder::new(Cursor::new(file.into_inner())).unwrap()
    }

    fn page(decoder: &mut Decoder<Cursor<Vec<u8>>>) -> Vec<f32> {
        let DecodingResult::F32(values) = decoder.read_image().unwrap() else { panic!("not 32-bit floats") };
        values
    }

    #[test]
    fn each_slice_is_a_page_of_exactly_its_values_and_nan_stays_nan() {
        let mut file = decoder(&STACK, |i| if i == 1 { f32::NAN } else { -1.5 * i as f32 });
        let first = page(&mut file);
        assert!(first[1].is_nan());
        assert_eq!(first[2..], [-3.0, -4.5, -6.0, -7.5]);
        file.next_image().unwrap();
        assert_eq!(page(&mut file), [-9.0, -10.5, -12.0, -13.5, -15.0, -16.5]);
        assert!(!file.more_images());
    }

    #[test]
    fn the_first_page_says_how_large_a_pixel_is() {
        let mut file = decoder(&STACK, |_| 0.0);
        let text = file.get_tag_ascii_string(Tag::ImageDescription).unwrap();
        assert_eq!(text, "ImageJ=1.11a\nimages=2\nslices=2\nunit=mm\nspacing=2.5\n");
        let resolution = |file: &mut Decoder<_>, tag| file.get_tag_u32_vec(tag).unwrap();
        assert_eq!(resolution(&mut file, Tag::XResolution), [2, 1]);
        assert_eq!(resolution(&mut file, Tag::YResolution), [10, 7]);
        let none = Stack { spacing: None, depth: None, ..STACK };
        let text = decoder(&none, |_| 0.0).get_tag_ascii_string(Tag::ImageDescription).unwrap();
        assert_eq!(text, "ImageJ=1.11a\nimages=2\nslices=2\n");
    }

    #[test]
    fn any_distance_becomes_a_fraction_close_to_it() {
        for distance in [1e-6, 0.000_65, 0.333_333_333, 1.0, 0.976_562, std::f64::consts::PI, 12_345.678] {
            let Rational { n, d } = per(distance);
            assert!((f64::from(d) / f64::from(n) / distance - 1.0).abs() < 1e-6, "{distance}: {n} / {d}");
        }
    }

    #[test]
    fn colour_stands_side_by_side() {
        let stack = Stack { width: 2, height: 1, slices: 1, channels: 3, ..STACK };
        assert_eq!(page(&mut decoder(&stack, |i| i as f32)), [0.0, 2.0, 4.0, 1.0, 3.0, 5.0]);
    }

    #[test]
    fn a_slice_of_another_size_is_an_error() {
        let error = float_tiff(Cursor::new(Vec::new()), &STACK, |_| Ok(vec![0.0; 5])).unwrap_err();
        assert_eq!(error.code(), "export.shape");
    }
}
