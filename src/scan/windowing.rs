//! Physical values to pixels on a screen.

use super::image::finite_range;
use super::{Image, Window};

/// RGBA of `image` through `window`, `width * height * 4` bytes, alpha 255.
///
/// The linear function of DICOM PS3.3 C.11.2.1.2.1 with the output 0..255: values up to
/// `center - 0.5 - (width - 1) / 2` are black, values above `center - 0.5 + (width - 1) / 2` are white, and
/// `((value - (center - 0.5)) / (width - 1) + 0.5) * 255` between, rounded. That function needs a width above 1;
/// narrower windows, as floats have them, use LINEAR_EXACT (C.11.2.1.3.2).
/// `inverted` shows low values bright. A pixel without a value (NaN, in any channel) is black, inverted or not: it is
/// shown as nothing.
pub fn render(image: &Image, window: Window, inverted: bool) -> Vec<u8> {
    let shade = shading(window, inverted);
    let n = image.width * image.height;
    let mut out = vec![0; n * 4];
    let pixels = out.as_chunks_mut::<4>().0.iter_mut();
    const OPAQUE: u32 = 255 << 24;
    if image.channels == 3 {
        let (red, rest) = image.data.split_at(n.min(image.data.len()));
        let (green, blue) = rest.split_at(n.min(rest.len()));
        for (((pixel, r), g), b) in pixels.zip(red).zip(green).zip(blue) {
            let colour = shade(*r) | (shade(*g) << 8) | (shade(*b) << 16);
            let valued = !(r.is_nan() || g.is_nan() || b.is_nan());
            *pixel = (OPAQUE | if valued { colour } else { 0 }).to_le_bytes();
        }
    } else {
        for (pixel, v) in pixels.zip(&image.data) {
            *pixel = ((shade(*v) * 0x01_0101) | OPAQUE).to_le_bytes();
        }
    }
    out
}

/// How bright a value is through `window`, 0 to 255, as [`render`] says.
#[allow(clippy::manual_clamp)]
pub(super) fn shading(window: Window, inverted: bool) -> impl Fn(f32) -> u32 {
    let (center, scale) = ramp(window);
    let flip = if inverted { 255 } else { 0 };
    move |v| {
        // Not `clamp`: `max` takes the other value for NaN, which makes it black. Adding 2^23 leaves the rounded number in the lowest bits, which the
        // compiler turns into vector instructions, unlike a cast.
        let grey = ((v - center) * scale + 127.5).max(0.0).min(255.0) + 8_388_608.0;
        (grey.to_bits() & 255) ^ if v.is_nan() { 0 } else { flip }
    }
}

/// `(center, scale)` of `shade = (value - center) * scale + 127.5`.
fn ramp(window: Window) -> (f32, f32) {
    let Window { center, width } = window;
    let (center, span) = if width > 1.0 { (center - 0.5, width - 1.0) } else { (center, width) };
    // A window without width is a threshold.
    let span = if span.is_finite() { span.max(1e-9 * center.abs()).max(1e-30) } else { 1.0 };
    (center as f32, (255.0 / span) as f32)
}

/// A window from the 0.35 to the 99.65 percentile of the finite values, by a histogram of at most 65,536 values.
pub(crate) fn stretch(image: &Image) -> Window {
    let step = (image.data.len() / 65_536).max(1);
    // An odd step does not walk along columns of an image whose width is a power of two.
    let step = if step > 1 { step | 1 } else { 1 };
    let mut values: Vec<f32> = image.data.iter().step_by(step).copied().filter(|v| v.is_finite()).collect();
    if values.is_empty() {
        return Window { center: 0.5, width: 1.0 };
    }
    values.sort_unstable_by(f32::total_cmp);
    let at = |fraction: f64| values.get(((values.len() - 1) as f64 * fraction).round() as usize).copied();
    let (mut low, mut high) = (at(0.0035).unwrap_or(0.0), at(0.9965).unwrap_or(0.0));
    if low >= high {
        // Most of the slice is one value: show all of it.
        (low, high) = finite_range(&image.data);
    }
    covering(low, high)
}

/// The window that shows `low` black and `high` white.
pub(crate) fn covering(low: f32, high: f32) -> Window {
    let (low, high) = (f64::from(low), f64::from(high));
    let span = high - low;
    if span <= 0.0 {
        return Window { center: low, width: 1.0 };
    }
    // Inverse of the ramp above.
    if span + 1.0 > 1.0 && span >= 1.0 {
        Window { center: (low + high) / 2.0 + 0.5, width: span + 1.0 }
    } else {
        Window { center: (low + high) / 2.0, width: span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(values: &[f32]) -> Image {
        Image::new(values.len(), 1, 1, values.to_vec()).unwrap()
    }

    fn shades(values: &[f32], window: Window, inverted: bool) -> Vec<u8> {
        render(&grey(values), window, inverted).chunks(4).map(|p| p[0]).collect()
    }

    #[test]
    fn the_standards_example_of_a_signed_window() {
        // PS3.3 C.11.2.1.2.1, c = 0, w = 100: black up to -50, white above 49, a line between.
        let window = Window { center: 0.0, width: 100.0 };
        assert_eq!(shades(&[-60.0, -50.0, 0.0, 49.0, 60.0], window, false), [0, 0, 129, 255, 255]);
    }

    #[test]
    fn eight_bits_pass_through_their_full_window_unchanged() {
        let all: Vec<f32> = (0..=255).map(|v| v as f32).collect();
        let expected: Vec<u8> = (0..=255).collect();
        assert_eq!(shades(&all, Window { center: 128.0, width: 256.0 }, false), expected);
        let mirrored: Vec<u8> = (0..=255).rev().collect();
        assert_eq!(shades(&all, Window { center: 128.0, width: 256.0 }, true), mirrored);
    }

    #[test]
    fn a_window_without_width_is_a_threshold() {
        let window = Window { center: 10.0, width: 0.0 };
        assert_eq!(shades(&[9.0, 11.0, f32::NAN], window, false), [0, 255, 0]);
        assert_eq!(shades(&[f32::INFINITY, f32::NEG_INFINITY], window, true), [0, 255]);
    }

    #[test]
    fn a_pixel_without_a_value_is_black_under_every_window() {
        let window = Window { center: 10.0, width: 5.0 };
        assert_eq!(shades(&[f32::NAN, 100.0], window, false), [0, 255]);
        assert_eq!(shades(&[f32::NAN, -100.0], window, true), [0, 255]);
        let colour = Image::new(2, 1, 3, vec![100.0, 100.0, f32::NAN, 100.0, 100.0, 100.0]).unwrap();
        assert_eq!(render(&colour, window, false), [0, 0, 0, 255, 255, 255, 255, 255]);
    }

    #[test]
    fn a_stretch_leaves_out_what_has_no_value() {
        let values: Vec<f32> = (0..1000).map(|v| v as f32).collect();
        let with = [values.clone(), vec![f32::NAN; 500], vec![f32::NEG_INFINITY; 500]].concat();
        assert_eq!(stretch(&grey(&with)), stretch(&grey(&values)));
    }

    #[test]
    fn a_stretch_shows_small_floats_in_full() {
        let image = grey(&(0..1000).map(|v| v as f32 * 1e-4).collect::<Vec<_>>());
        let rgba = render(&image, stretch(&image), false);
        assert!(rgba[0] == 0 && rgba[999 * 4] == 255 && (120..136).contains(&rgba[500 * 4]));
    }

    #[test]
    fn a_constant_slice_has_a_window() {
        let window = stretch(&grey(&[7.0; 9]));
        assert!(window.width > 0.0 && window.center == 7.0);
    }

    #[test]
    fn colour_stays_colour() {
        let image = Image::new(1, 1, 3, vec![10.0, 20.0, 30.0]).unwrap();
        assert_eq!(render(&image, Window { center: 128.0, width: 256.0 }, false), [10, 20, 30, 255]);
    }
}
