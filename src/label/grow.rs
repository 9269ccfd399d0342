//! Regions that the image itself tells: flood fill, and the threshold wand.

use std::collections::VecDeque;
use std::ops::RangeInclusive;

use super::rect::Rect;
use super::region::Region;
use crate::error::{Error, Result};
use crate::scan::Image;

/// The pixels of `within` that are connected to `seed` (column, row) by edges and look like it: in every channel their
/// difference from the seed's value is at most `tolerance`, in the image's own values.
///
/// Values that are not finite are never reached; a seed on one reaches nothing. Time grows with the region.
///
/// # Errors
/// `label.seed` if the seed lies outside of `within` or of the image; `label.tolerance` if the tolerance is negative or
/// NaN.
pub fn flood(image: &Image, seed: (usize, usize), tolerance: f32, within: Rect) -> Result<Region> {
    let bounds = room(image, within);
    if !bounds.contains(seed.0, seed.1) {
        return Err(Error::invalid("label.seed", "The place to start from lies outside of the image."));
    }
    if tolerance.is_nan() || tolerance < 0.0 {
        return Err(Error::invalid("label.tolerance", "The tolerance of a flood fill must be 0 or more."));
    }
    let like: Vec<f32> = values(image, seed.0, seed.1).collect();
    let belongs =
        |x, y| values(image, x, y).zip(&like).all(|(value, like)| (value - like).abs() <= tolerance);
    let mut region = Region::empty(bounds);
    let mut waiting = VecDeque::new();
    if belongs(seed.0, seed.1) {
        region.insert(seed.0, seed.1);
        waiting.push_back(seed);
    }
    while let Some((x, y)) = waiting.pop_front() {
        for (x, y) in neighbours(x, y, bounds) {
            if !region.contains(x, y) && belongs(x, y) {
                region.insert(x, y);
                waiting.push_back((x, y));
            }
        }
    }
    Ok(region)
}

/// The pixels of `within` whose values lie in `range`, the image's own values; in every channel.
///
/// # Errors
/// `label.range` if the range is none.
pub fn wand(image: &Image, range: RangeInclusive<f32>, within: Rect) -> Result<Region> {
    let (low, high) = (*range.start(), *range.end());
    if low.is_nan() || high.is_nan() || low > high {
        return Err(Error::invalid("label.range", format!("No value lies between {low} and {high}.")));
    }
    let bounds = room(image, within);
    let belongs = |x, y| values(image, x, y).all(|value| value.is_finite() && range.contains(&value));
    let mut region = Region::empty(bounds);
    for y in bounds.rows() {
        for x in bounds.columns().filter(|x| belongs(*x, y)) {
            region.insert(x, y);
        }
    }
    Ok(region)
}

fn neighbours(x: usize, y: usize, bounds: Rect) -> impl Iterator<Item = (usize, usize)> {
    [
        (x > bounds.x).then(|| (x - 1, y)),
        (x + 1 < bounds.columns().end).then(|| (x + 1, y)),
        (y > bounds.y).then(|| (x, y - 1)),
        (y + 1 < bounds.rows().end).then(|| (x, y + 1)),
    ]
    .into_iter()
    .flatten()
}

/// The values of a pixel, channel by channel.
fn values(image: &Image, x: usize, y: usize) -> impl Iterator<Item = f32> + '_ {
    (0..image.channels).map(move |c| image.plane(c)[y * image.width + x])
}

/// The part of `within` that the image has.
fn room(image: &Image, within: Rect) -> Rect {
    within.clipped(&Rect::new(0, 0, image.width, image.height))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(not(target_arch = "wasm32"))]
    use crate::objects::{Connectivity, components};
    #[cfg(not(target_arch = "wasm32"))]
    use proptest::prelude::*;

    const ALL: Rect = Rect { x: 0, y: 0, width: usize::MAX, height: usize::MAX };

    fn row(values: &[f32]) -> Image {
        Image::new(values.len(), 1, 1, values.to_vec()).unwrap()
    }

    fn found(region: &Region) -> Vec<usize> {
        region.spans(0).flatten().collect()
    }

    #[test]
    fn a_flood_stays_near_the_value_at_its_seed() {
        let image = row(&[1.0, 5.0, 6.0, 7.0, 8.0, 9.0, 6.0]);
        assert_eq!(found(&flood(&image, (2, 0), 2.0, ALL).unwrap()), [1, 2, 3, 4]);
    }

    #[test]
    fn a_flood_of_a_colour_image_looks_at_every_channel() {
        let red = [5.0, 5.0, 5.0, 5.0];
        let blue = [1.0, 1.0, 9.0, 1.0];
        let image = Image::new(4, 1, 3, [red, red, blue].concat()).unwrap();
        assert_eq!(found(&flood(&image, (0, 0), 1.0, ALL).unwrap()), [0, 1]);
    }

    #[test]
    fn a_flood_stays_inside_its_rectangle() {
        let image = Image::new(50, 50, 1, vec![3.0; 2500]).unwrap();
        assert_eq!(flood(&image, (20, 20), 1.0, ALL).unwrap().area(), 2500);
        assert_eq!(flood(&image, (20, 20), 1.0, Rect::new(18, 19, 5, 4)).unwrap().area(), 20);
    }

    #[test]
    fn values_that_are_no_numbers_belong_to_nothing() {
        let image = row(&[1.0, f32::NAN, 1.0, f32::INFINITY, 1.0]);
        assert_eq!(found(&flood(&image, (0, 0), 10.0, ALL).unwrap()), [0]);
        assert_eq!(found(&flood(&image, (1, 0), 10.0, ALL).unwrap()), [0; 0]);
        assert_eq!(found(&flood(&image, (3, 0), 10.0, ALL).unwrap()), [0; 0]);
        assert_eq!(found(&wand(&image, f32::NEG_INFINITY..=f32::INFINITY, ALL).unwrap()), [0, 2, 4]);
    }

    #[test]
    fn seeds_outside_and_ranges_without_values_are_refused() {
        let image = row(&[1.0, 2.0]);
        let code = |result: Result<Region>| result.unwrap_err().code().to_owned();
        assert_eq!(code(flood(&image, (2, 0), 1.0, ALL)), "label.seed");
        assert_eq!(code(flood(&image, (0, 0), 1.0, Rect::new(1, 0, 1, 1))), "label.seed");
        assert_eq!(code(flood(&image, (0, 0), f32::NAN, ALL)), "label.tolerance");
        assert_eq!(code(flood(&image, (0, 0), -1.0, ALL)), "label.tolerance");
        assert_eq!(code(wand(&image, 10.0..=9.0, ALL)), "label.range");
        assert_eq!(code(wand(&image, f32::NAN..=9.0, ALL)), "label.range");
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest! {
        #[test]
        fn a_flood_takes_the_component_of_its_seed_and_a_wand_all_values_of_its_range(
            width in 1usize..12,
            grey in prop::collection::vec(0u8..6, 12..130),
            seed in any::<prop::sample::Index>(),
            (low, high) in (0u8..4, 2u8..6),
        ) {
            let height = grey.len() / width;
            let grey: Vec<f32> = grey[..width * height].iter().map(|v| f32::from(*v)).collect();
            let image = Image::new(width, height, 1, grey.clone()).unwrap();
            let seed = seed.index(grey.len());
            let range = f32::from(low.min(high))..=f32::from(high);
            let connected = |is: &[bool]| {
                let numbers = components(is, width, height, Connectivity::Four).numbers;
                (0..is.len()).map(|i| numbers[i] != 0 && numbers[i] == numbers[seed]).collect::<Vec<bool>>()
            };
            let taken = |region: Region| (0..grey.len()).map(|i| region.contains(i % width, i / width)).collect::<Vec<bool>>();

            let near: Vec<bool> = grey.iter().map(|v| (v - grey[seed]).abs() <= 1.0).collect();
            prop_assert_eq!(taken(flood(&image, (seed % width, seed / width), 1.0, ALL).unwrap()), connected(&near));

            let ranged: Vec<bool> = grey.iter().map(|v| range.contains(v)).collect();
            prop_assert_eq!(taken(wand(&image, range, ALL).unwrap()), ranged);
        }
    }
}
