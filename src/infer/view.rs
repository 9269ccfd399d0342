//! The field of view of a photograph: what the camera saw, without its dark surround.

use crate::objects::{Connectivity, components};
use crate::scan::{Pixels, valued};

/// Of the brightness that one pixel in a hundred exceeds: what is darker is surround. Fundus photographs store the
/// surround as black with the noise of the JPEG, and their darkest vessels at about a tenth.
const DARK: f32 = 0.08;

/// The largest bright region of an image with its holes filled, `[row][column]`: the disc of a fundus photograph. It
/// is everything if nothing is bright, or the image has no dark surround.
///
/// A pixel is as bright as its brightest channel; values are physical ones, not normalised. Pixels without a value are dark
/// and do not count.
pub fn bright_view(image: &dyn Pixels) -> Vec<bool> {
    let (width, height) = (image.width(), image.height());
    let n = width * height;
    let mut brightness = vec![0.0f32; n];
    let mut line = vec![0.0; width];
    for channel in 0..image.channels() {
        for (row, bright) in brightness.chunks_exact_mut(width.max(1)).enumerate() {
            image.read(channel, row, 0, &mut line);
            let finite = bright.iter_mut().zip(&line).filter(|(_, v)| v.is_finite());
            finite.for_each(|(bright, v)| *bright = bright.max(*v));
        }
    }
    let mut sorted = match valued(image) {
        None => brightness.clone(),
        Some(valued) => {
            brightness.iter().zip(valued).filter(|(_, valued)| *valued).map(|(b, _)| *b).collect()
        }
    };
    sorted.sort_unstable_by(f32::total_cmp);
    let bright = DARK * sorted.get(sorted.len().saturating_sub(1) * 99 / 100).copied().unwrap_or(0.0);
    let regions = components(
        &brightness.iter().map(|b| *b > bright).collect::<Vec<_>>(),
        width,
        height,
        Connectivity::Four,
    );
    let Some(largest) = (1..).zip(&regions.sizes).max_by_key(|(_, size)| **size).map(|(number, _)| number)
    else {
        return vec![true; n];
    };
    // Holes are what the border of the image does not reach around the region.
    let others = components(
        &regions.numbers.iter().map(|number| *number != largest).collect::<Vec<_>>(),
        width,
        height,
        Connectivity::Eight,
    );
    let mut surround = vec![false; others.sizes.len() + 1];
    for (i, number) in others.numbers.iter().enumerate() {
        let (x, y) = (i % width, i / width);
        if x == 0 || y == 0 || x + 1 == width || y + 1 == height {
            surround[*number as usize] = *number != 0;
        }
    }
    others.numbers.iter().map(|number| !surround[*number as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Image;

    fn image(rows: &[&str]) -> Image {
        let data = rows.concat().bytes().map(|b| f32::from(b - b'0') * 20.0).collect();
        Image::new(rows[0].len(), rows.len(), 1, data).unwrap()
    }

    fn drawn(view: &[bool], width: usize) -> Vec<String> {
        view.chunks(width).map(|row| row.iter().map(|v| if *v { '#' } else { '.' }).collect()).collect()
    }

    #[test]
    fn the_disc_with_its_dark_vessel_is_the_view_and_a_bright_speck_is_not() {
        let view =
            bright_view(&image(&["00000009", "00890000", "08998000", "08098000", "08990000", "00000000"]));
        assert_eq!(drawn(&view, 8), ["........", "..##....", ".####...", ".####...", ".###....", "........"]);
    }

    #[test]
    fn pixels_without_a_value_do_not_move_the_view() {
        let disc = ["00000000", "00890000", "08998000", "08098000", "08990000"];
        let mut with = image(&[&disc[..], &["00000000"; 300]].concat());
        with.data[40..].fill(f32::NAN);
        let view = bright_view(&with);
        assert_eq!(drawn(&view[..40], 8), ["........", "..##....", ".####...", ".####...", ".###...."]);
        assert!(view[40..].iter().all(|seen| !seen));
    }

    #[test]
    fn an_image_without_a_dark_surround_is_all_view() {
        assert!(bright_view(&image(&["0000", "0000"])).iter().all(|v| *v));
        assert!(bright_view(&image(&["7979", "9058", "8888"])).iter().all(|v| *v));
    }
}
