//! How the channels of a microscope are shown: each in a colour and through a window of its own, and several of them mixed.

use super::pixels::Pixels;
use super::windowing::shading;
use super::{Format, Scan, Window};

/// How a channel is shown at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelLook {
    /// Red, green, blue of the brightest.
    pub colour: [u8; 3],
    /// Whether it is part of the picture.
    pub shown: bool,
}

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const WHITE: [u8; 3] = [255; 3];
const CYAN: [u8; 3] = [0, 255, 255];
const MAGENTA: [u8; 3] = [255, 0, 255];
const YELLOW: [u8; 3] = [255, 255, 0];

/// The colours of channels without a name, in ImageJ's order; also as many as are mixed unasked.
const USUAL: [[u8; 3]; 7] = [RED, GREEN, BLUE, WHITE, CYAN, MAGENTA, YELLOW];

/// Parts of the names of dyes, proteins and laser lines, and the colours that they are usually shown in; the first counts.
const DYES: [(&str, [u8; 3]); 7] = [
    ("dapi hoechst bfp 405", BLUE),
    ("cfp cerulean", CYAN),
    ("gfp fitc 488", GREEN),
    ("yfp", YELLOW),
    ("rfp cherry tomato tritc texas cy3 555 561 568 594", RED),
    ("cy5 cy7 633 640 647", MAGENTA),
    // Transmitted light.
    ("bright phase dic transm tpmt t-pmt", WHITE),
];

/// The colour of a channel by its name.
fn by_name(name: &str) -> Option<[u8; 3]> {
    let name = name.to_lowercase();
    if matches!(name.as_str(), "bf" | "tl" | "td") {
        return Some(WHITE);
    }
    DYES.iter().find(|(parts, _)| parts.split(' ').any(|part| name.contains(part))).map(|(_, colour)| *colour)
}

impl Scan {
    /// How each of its [`channels`](super::Planes::channels) is shown at first. Colours are the file's own, unless they are all the same; else those that
    /// go with the names; else red, green, blue, white, cyan, magenta, yellow, as in ImageJ. Up to seven channels of a microscope are mixed,
    /// without transmitted light, which would cover all others; else the first is shown.
    pub fn channel_looks(&self) -> Vec<ChannelLook> {
        let names = &self.planes.channels;
        let own = Some(&self.colours).filter(|own| own.iter().any(|colour| own.first() != Some(colour)));
        let together = self.channels == 1
            && names.len() <= USUAL.len()
            && (self.format == Format::Tiff || !self.colours.is_empty());
        let mut usual =
            USUAL.iter().copied().filter(|colour| !names.iter().any(|n| by_name(n) == Some(*colour)));
        let light = |name: &String| by_name(name) == Some(WHITE);
        let only_first = !together || names.iter().all(light);
        let look = |(i, name): (usize, &String)| {
            // Black would show nothing.
            let own = own.and_then(|own| own.get(i).copied()).filter(|colour| *colour != [0; 3]);
            let colour = own.or_else(|| by_name(name)).or_else(|| usual.next()).unwrap_or(WHITE);
            ChannelLook { colour, shown: if only_first { i == 0 } else { !light(name) } }
        };
        names.iter().enumerate().map(look).collect()
    }
}

/// A channel of a mixed picture.
pub struct Tinted<'a> {
    /// Of grey.
    pub pixels: &'a dyn Pixels,
    pub window: Window,
    /// Red, green, blue of what the window shows white.
    pub colour: [u8; 3],
}

/// RGBA of several channels of one place, `width * height * 4` bytes, alpha 255; black without a channel.
///
/// Light is added: each channel is shown as [`render`](super::windowing::render()) does, 0 to 255, times its colour; the sum ends at 255. A pixel without a
/// value (NaN) adds nothing. `inverted` shows low values bright, in each channel. Channels must have the size that is given.
pub fn mixed(channels: &[Tinted<'_>], [width, height]: [usize; 2], inverted: bool) -> Vec<u8> {
    let mut out = vec![0; width * height * 4];
    let mut line = vec![0.0; width];
    let mut sums = [(); 3].map(|()| vec![0u32; width]);
    for (row, out) in out.chunks_exact_mut(width.max(1) * 4).enumerate() {
        sums.iter_mut().for_each(|sum| sum.fill(0));
        let [red, green, blue] = &mut sums;
        for Tinted { pixels, window, colour } in channels {
            pixels.read(0, row, 0, &mut line);
            let [r, g, b] = colour.map(u32::from);
            let shade = shading(*window, inverted);
            let sums = red.iter_mut().zip(green.iter_mut()).zip(blue.iter_mut());
            for (((red, green), blue), value) in sums.zip(&line) {
                let shade = shade(*value);
                // No scan has the 66,000 channels that would be too much.
                *red = red.wrapping_add(shade * r);
                *green = green.wrapping_add(shade * g);
                *blue = blue.wrapping_add(shade * b);
            }
        }
        let byte = |sum: u32| ((sum + 127) / 255).min(255);
        for (((pixel, r), g), b) in out.as_chunks_mut::<4>().0.iter_mut().zip(red).zip(green).zip(blue) {
            let colour = byte(*r) | (byte(*g) << 8) | (byte(*b) << 16);
            *pixel = (colour | (255 << 24)).to_le_bytes();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Image;
    use super::super::windowing::render;
    use super::*;
    use crate::scan::samples::Samples;

    fn scan(names: &[&str], colours: &[[u8; 3]]) -> Scan {
        let n = names.len();
        let mut scan = Scan::from_samples(Format::Tiff, 1, 1, n, 1, Samples::U8(vec![0; n])).unwrap();
        scan.planes.channels = names.iter().map(ToString::to_string).collect();
        (scan.planes.depths, scan.colours) = (1, colours.to_vec());
        scan
    }

    fn colours(names: &[&str], own: &[[u8; 3]]) -> Vec<[u8; 3]> {
        scan(names, own).channel_looks().iter().map(|look| look.colour).collect()
    }

    fn shown(names: &[&str]) -> Vec<bool> {
        scan(names, &[]).channel_looks().iter().map(|look| look.shown).collect()
    }

    #[test]
    fn dyes_have_their_usual_colours_and_others_those_that_are_left() {
        assert_eq!(
            colours(&["C1-DAPI", "EGFP", "mCherry", "Alexa Fluor 647"], &[]),
            [BLUE, GREEN, RED, MAGENTA]
        );
        assert_eq!(colours(&["Hoechst 33342", "marker", "", "TexasRed"], &[]), [BLUE, GREEN, WHITE, RED]);
        assert_eq!(colours(&["", "", ""], &[]), [RED, GREEN, BLUE]);
        assert_eq!(colours(&[""; 9], &[])[7..], [WHITE, WHITE]);
    }

    #[test]
    fn a_files_own_colours_count_unless_they_are_all_the_same() {
        assert_eq!(colours(&["DAPI", "GFP"], &[[1, 2, 3], [0; 3]]), [[1, 2, 3], GREEN]);
        assert_eq!(colours(&["DAPI", "GFP"], &[WHITE, WHITE]), [BLUE, GREEN]);
    }

    #[test]
    fn channels_are_mixed_at_first_without_transmitted_light_and_unless_they_are_many() {
        assert_eq!(shown(&["DAPI", "Brightfield", "GFP"]), [true, false, true]);
        assert_eq!(shown(&["BF", "Phase"]), [true, false]);
        assert_eq!(shown(&[""; 8]), [true, false, false, false, false, false, false, false]);
        let mut vectors = scan(&["", ""], &[]);
        vectors.format = Format::Nifti;
        assert_eq!(vectors.channel_looks().iter().map(|look| look.shown).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn light_is_added_and_ends_at_white() {
        let image = |values: &[f32]| Image::new(values.len(), 1, 1, values.to_vec()).unwrap();
        let (first, second) = (image(&[0.0, 100.0, 255.0, f32::NAN]), image(&[0.0, 200.0, 255.0, 51.0]));
        let window = Window { center: 128.0, width: 256.0 };
        let tinted = |pixels, colour| Tinted { pixels, window, colour };
        let both = [tinted(&first, [255, 128, 0]), tinted(&second, [0, 255, 255])];
        let expected = [0, 0, 0, 255, 100, 250, 200, 255, 255, 255, 255, 255, 0, 51, 51, 255];
        assert_eq!(mixed(&both, [4, 1], false), expected);
        // White alone is what is shown of one channel.
        assert_eq!(mixed(&[tinted(&first, WHITE)], [4, 1], true), render(&first, window, true));
        assert_eq!(mixed(&[], [1, 1], false), [0, 0, 0, 255]);
    }
}
