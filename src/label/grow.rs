//! Regions that the image itself tells: flood fill up to its edges, and the threshold wand.

use std::collections::VecDeque;

use super::rect::Rect;
use super::region::Region;
use crate::error::{Error, Result};
use crate::scan::Image;

/// How far a flood goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flood {
    /// Largest difference from the value at the seed, in the image's own values, in every channel.
    pub tolerance: f32,
    /// A pixel where the image is steeper than this is reached but not passed, so that the flood stops at edges also
    /// where both sides are within the tolerance. Change of value over one pixel (Sobel 1968), in the steepest channel;
    /// infinite: no edges.
    pub edge: f32,
    /// Pixels at most; the nearest to the seed come first, so that a flood that leaks ends soon.
    pub most: usize,
}

impl Default for Flood {
    fn default() -> Self {
        Self { tolerance: 10.0, edge: f32::INFINITY, most: 1 << 22 }
    }
}

/// Which values the wand takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wand {
    /// Least value, in the image's own values; every channel counts.
    pub low: f32,
    /// Largest value.
    pub high: f32,
    /// Pixels at most, of a wand that starts from a seed.
    pub most: usize,
}

/// What a flood or a wand took.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    pub region: Region,
    /// False if it stopped at the largest number of pixels, not where the image ended it.
    pub complete: bool,
}

/// The pixels of `within` that are connected to `seed` (column, row) by edges and look like it.
///
/// Values that are not finite are never reached; a seed on one reaches nothing. Time grows with the region.
///
/// # Errors
/// `label.seed` if the seed lies outside of `within` or of the image; `label.tolerance` if a number is negative or NaN.
pub fn flood(image: &Image, seed: (usize, usize), options: &Flood, within: Rect) -> Result<Reached> {
    let bounds = room(image, within);
    check_seed(seed, bounds)?;
    if !(options.tolerance >= 0.0 && options.edge >= 0.0) {
        return Err(Error::invalid("label.tolerance", "The tolerances of a flood fill must be 0 or more."));
    }
    let like: Vec<f32> = values(image, seed.0, seed.1).collect();
    let belongs =
        |x, y| values(image, x, y).zip(&like).all(|(value, like)| (value - like).abs() <= options.tolerance);
    let passes = |x, y| options.edge == f32::INFINITY || steepness(image, x, y) <= options.edge;
    Ok(grow(seed, bounds, options.most, belongs, passes))
}

/// The pixels of `within` whose values lie in a range: those connected to `seed` (column, row) by edges, or all.
///
/// # Errors
/// `label.seed` if the seed lies outside of `within` or of the image; `label.range` if the range is none.
pub fn wand(image: &Image, seed: Option<(usize, usize)>, options: &Wand, within: Rect) -> Result<Reached> {
    let bounds = room(image, within);
    let Wand { low, high, most } = *options;
    if low.is_nan() || high.is_nan() || low > high {
        return Err(Error::invalid("label.range", format!("No value lies between {low} and {high}.")));
    }
    let belongs = |x, y| values(image, x, y).all(|value| value.is_finite() && (low..=high).contains(&value));
    if let Some(seed) = seed {
        check_seed(seed, bounds)?;
        return Ok(grow(seed, bounds, most, belongs, |_, _| true));
    }
    let mut region = Region::empty(bounds);
    for y in bounds.rows() {
        for x in bounds.columns().filter(|x| belongs(*x, y)) {
            region.insert(x, y);
        }
    }
    Ok(Reached { region, complete: true })
}

/// Breadth first from the seed, over pixels that belong; those that do not pass are taken and not left again.
fn grow(
    seed: (usize, usize),
    bounds: Rect,
    most: usize,
    belongs: impl Fn(usize, usize) -> bool,
    passes: impl Fn(usize, usize) -> bool,
) -> Reached {
    let mut region = Region::empty(bounds);
    let mut reached = 0;
    let mut waiting = VecDeque::new();
    if belongs(seed.0, seed.1) && most > 0 {
        region.insert(seed.0, seed.1);
        reached = 1;
        waiting.push_back(seed);
    }
    while let Some((x, y)) = waiting.pop_front() {
        // A seed on an edge was put there by a person.
        if (x, y) != seed && !passes(x, y) {
            continue;
        }
        for (x, y) in neighbours(x, y, bounds) {
            if region.contains(x, y) || !belongs(x, y) {
                continue;
            }
            if reached == most {
                return Reached { region, complete: false };
            }
            region.insert(x, y);
            reached += 1;
            waiting.push_back((x, y));
        }
    }
    Reached { region, complete: most > 0 }
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

/// Length of the gradient by Sobel's operator, value for each pixel of way, in the steepest channel. Beyond the image
/// its edge goes on, and a value that is not finite counts as that of the pixel itself.
fn steepness(image: &Image, x: usize, y: usize) -> f32 {
    let columns = [x.saturating_sub(1), x, (x + 1).min(image.width - 1)];
    let rows = [y.saturating_sub(1), y, (y + 1).min(image.height - 1)];
    let mut steepest = 0.0f32;
    for channel in 0..image.channels {
        let plane = image.plane(channel);
        let own = plane[y * image.width + x];
        let at = |column: usize, row: usize| {
            let value = plane[rows[row] * image.width + columns[column]];
            if value.is_finite() { value } else { own }
        };
        let side = |a: f32, b: f32, c: f32| a + 2.0 * b + c;
        let across = side(at(2, 0), at(2, 1), at(2, 2)) - side(at(0, 0), at(0, 1), at(0, 2));
        let down = side(at(0, 2), at(1, 2), at(2, 2)) - side(at(0, 0), at(1, 0), at(2, 0));
        steepest = steepest.max(across.hypot(down) / 8.0);
    }
    steepest
}

/// The part of `within` that the image has.
fn room(image: &Image, within: Rect) -> Rect {
    within.clipped(&Rect::new(0, 0, image.width, image.height))
}

fn check_seed(seed: (usize, usize), bounds: Rect) -> Result<()> {
    if bounds.contains(seed.0, seed.1) {
        return Ok(());
    }
    Err(Error::invalid("label.seed", "The place to start from lies outside of the image."))
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

    fn found(reached: &Reached) -> Vec<usize> {
        reached.region.spans(0).flatten().collect()
    }

    #[test]
    fn a_flood_stays_near_the_value_at_its_seed() {
        let image = row(&[1.0, 5.0, 6.0, 7.0, 8.0, 9.0, 6.0]);
        let options = Flood { tolerance: 2.0, ..Flood::default() };
        assert_eq!(found(&flood(&image, (2, 0), &options, ALL).unwrap()), [1, 2, 3, 4]);
    }

    #[test]
    fn a_flood_does_not_pass_an_edge_within_the_tolerance() {
        // Two halves, 4 values apart, with a soft edge between.
        let line: Vec<f32> = (0..12).map(|x| ((x as f32 - 4.0) * 2.0).clamp(0.0, 4.0)).collect();
        let image = Image::new(12, 5, 1, line.repeat(5)).unwrap();
        let options = Flood { tolerance: 5.0, edge: 1.5, ..Flood::default() };
        let reached = flood(&image, (1, 2), &options, ALL).unwrap();
        assert!(reached.region.contains(4, 2) && !reached.region.contains(7, 2));
        assert_eq!(reached.region.area() % 5, 0);
        let reached = flood(&image, (11, 2), &options, ALL).unwrap();
        assert!(!reached.region.contains(4, 2) && reached.region.contains(7, 2));
        let open = Flood { edge: f32::INFINITY, ..options };
        assert_eq!(flood(&image, (1, 2), &open, ALL).unwrap().region.area(), 60);
    }

    #[test]
    fn a_flood_of_a_colour_image_looks_at_every_channel() {
        let red = [5.0, 5.0, 5.0, 5.0];
        let blue = [1.0, 1.0, 9.0, 1.0];
        let image = Image::new(4, 1, 3, [red, red, blue].concat()).unwrap();
        assert_eq!(
            found(&flood(&image, (0, 0), &Flood { tolerance: 1.0, ..Flood::default() }, ALL).unwrap()),
            [0, 1]
        );
    }

    #[test]
    fn a_flood_that_leaks_ends_at_the_largest_number_of_pixels_around_its_seed() {
        let image = Image::new(50, 50, 1, vec![3.0; 2500]).unwrap();
        let reached = flood(&image, (20, 20), &Flood { most: 41, ..Flood::default() }, ALL).unwrap();
        assert!(!reached.complete);
        assert_eq!(reached.region.area(), 41);
        assert!((15..26).flat_map(|y| reached.region.spans(y)).all(|s| s.start >= 15 && s.end <= 26));
        let whole = flood(&image, (20, 20), &Flood { most: 2500, ..Flood::default() }, ALL).unwrap();
        assert!(whole.complete && whole.region.area() == 2500);
        let part = flood(&image, (20, 20), &Flood::default(), Rect::new(18, 19, 5, 4)).unwrap();
        assert!(part.complete && part.region.area() == 20);
    }

    #[test]
    fn values_that_are_no_numbers_belong_to_nothing() {
        let image = row(&[1.0, f32::NAN, 1.0, f32::INFINITY, 1.0]);
        assert_eq!(found(&flood(&image, (0, 0), &Flood::default(), ALL).unwrap()), [0]);
        assert_eq!(found(&flood(&image, (1, 0), &Flood::default(), ALL).unwrap()), [0; 0]);
        assert_eq!(found(&flood(&image, (3, 0), &Flood::default(), ALL).unwrap()), [0; 0]);
        let range = Wand { low: f32::NEG_INFINITY, high: f32::INFINITY, most: 99 };
        assert_eq!(found(&wand(&image, None, &range, ALL).unwrap()), [0, 2, 4]);
    }

    #[test]
    fn seeds_outside_and_ranges_without_values_are_refused() {
        let image = row(&[1.0, 2.0]);
        let range = Wand { low: 0.0, high: 9.0, most: 9 };
        assert_eq!(flood(&image, (2, 0), &Flood::default(), ALL).unwrap_err().code(), "label.seed");
        let part = Rect::new(1, 0, 1, 1);
        assert_eq!(wand(&image, Some((0, 0)), &range, part).unwrap_err().code(), "label.seed");
        assert_eq!(wand(&image, None, &Wand { low: 10.0, ..range }, ALL).unwrap_err().code(), "label.range");
        assert_eq!(
            wand(&image, None, &Wand { low: f32::NAN, ..range }, ALL).unwrap_err().code(),
            "label.range"
        );
        let steep = Flood { tolerance: f32::NAN, ..Flood::default() };
        assert_eq!(flood(&image, (0, 0), &steep, ALL).unwrap_err().code(), "label.tolerance");
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest! {
        #[test]
        fn flood_and_wand_take_the_component_of_their_seed(
            width in 1usize..12,
            grey in prop::collection::vec(0u8..6, 12..130),
            seed in any::<prop::sample::Index>(),
            (low, high) in (0u8..4, 2u8..6),
        ) {
            let height = grey.len() / width;
            let grey: Vec<f32> = grey[..width * height].iter().map(|v| f32::from(*v)).collect();
            let image = Image::new(width, height, 1, grey.clone()).unwrap();
            let seed = seed.index(grey.len());
            let (low, high) = (f32::from(low.min(high)), f32::from(high));
            let place = (seed % width, seed / width);
            let connected = |is: &[bool]| {
                let numbers = components(is, width, height, Connectivity::Four).numbers;
                (0..is.len()).map(|i| numbers[i] != 0 && numbers[i] == numbers[seed]).collect::<Vec<bool>>()
            };
            let taken = |reached: Reached| (0..grey.len()).map(|i| reached.region.contains(i % width, i / width)).collect::<Vec<bool>>();

            let near: Vec<bool> = grey.iter().map(|v| (v - grey[seed]).abs() <= 1.0).collect();
            let options = Flood { tolerance: 1.0, ..Flood::default() };
            prop_assert_eq!(taken(flood(&image, place, &options, ALL).unwrap()), connected(&near));

            let ranged: Vec<bool> = grey.iter().map(|v| (low..=high).contains(v)).collect();
            let options = Wand { low, high, most: usize::MAX };
            prop_assert_eq!(taken(wand(&image, Some(place), &options, ALL).unwrap()), connected(&ranged));
            prop_assert_eq!(taken(wand(&image, None, &options, ALL).unwrap()), ranged);
        }
    }
}
