//! Single objects out of the probabilities that a network gives.

use super::components::{Components, Connectivity, components};
use super::flood::flood;
use super::ridges::{parts, split};
use super::sure::peaks;

/// How objects are made of probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InstanceOptions {
    /// Probability from which a pixel belongs to some object.
    pub threshold: f32,
    /// Probability of the inside of an object from which a pixel belongs to a seed; used with a boundary output.
    pub seed_threshold: f32,
    /// Smallest object in pixels. Smaller pieces of the foreground that stand alone are dropped, smaller ones that
    /// touch others go to them.
    pub min_pixels: usize,
    /// Smallest seed in pixels; smaller ones are taken for noise. Used with a boundary output.
    pub min_seed_pixels: usize,
    /// Without a boundary output: splits touching convex objects where the waist between them is at least this
    /// many pixels narrower (in half width) than the smaller one. `None` keeps what touches together.
    pub split: Option<f32>,
    /// Seeds that nowhere reach this probability of the inside are taken for noise. Used with a boundary output; pieces of the foreground
    /// without one are left out by [`super::keep_sure`].
    pub peak: Option<f32>,
    /// How far one has to go down between two tops of one seed for them to be two seeds; the height is the probability of the inside less that
    /// of the rim, -1 to 1: a rim that a network sees but is not sure of parts them. Used with a boundary output. `None` keeps seeds whole.
    pub valley: Option<f32>,
}

impl Default for InstanceOptions {
    fn default() -> Self {
        Self {
            threshold: 0.5,
            seed_threshold: 0.5,
            min_pixels: 10,
            min_seed_pixels: 4,
            split: None,
            peak: None,
            valley: None,
        }
    }
}

/// Object numbers `[row][column]`, from 1 in scan order, 0 for the background.
///
/// `foreground` is the probability that a pixel belongs to an object, its boundary included; `boundary` that it
/// is the rim of one; both `[row][column]`. With a boundary, the connected insides are seeds, parted at valleys if that is
/// asked for, and borders are given back to them: the seeds grow over the foreground from the surest pixels down. Foreground that no seed
/// reaches is an object of its own. Objects are connected by edges, none is smaller than `min_pixels`, and
/// together they are all of the foreground but the pieces under `min_pixels`.
///
/// # Panics
/// If a slice does not hold `width * height` values.
pub fn instances(
    foreground: &[f32],
    boundary: Option<&[f32]>,
    width: usize,
    height: usize,
    options: &InstanceOptions,
) -> Vec<u32> {
    assert_eq!(foreground.len(), width * height, "probabilities have the size of their image");
    let mut mask: Vec<bool> = foreground.iter().map(|p| *p >= options.threshold).collect();
    let mut pieces = components(&mask, width, height, Connectivity::Four);
    for (is, piece) in mask.iter_mut().zip(&mut pieces.numbers) {
        if *is && pieces.sizes[*piece as usize - 1] < options.min_pixels {
            (*is, *piece) = (false, 0);
        }
    }
    let (seeds, ground) = match boundary {
        Some(boundary) => {
            assert_eq!(boundary.len(), foreground.len(), "probabilities have the size of their image");
            let inside: Vec<f32> = foreground.iter().zip(boundary).map(|(f, b)| f - b).collect();
            let sure: Vec<bool> =
                inside.iter().zip(&mask).map(|(p, is)| *is && *p >= options.seed_threshold).collect();
            let mut seeds = match options.valley {
                Some(valley) => {
                    let heights: Vec<f32> = inside.iter().zip(boundary).map(|(i, b)| i - b).collect();
                    Components::of(&parts(&sure, &heights, width, valley))
                }
                None => components(&sure, width, height, Connectivity::Four),
            };
            let peaks = options.peak.map(|peak| (peak, peaks(&seeds, &inside)));
            for number in seeds.numbers.iter_mut().filter(|n| **n != 0) {
                let seed = *number as usize - 1;
                if seeds.sizes[seed] < options.min_seed_pixels
                    || peaks.as_ref().is_some_and(|(wanted, reached)| reached[seed] < *wanted)
                {
                    *number = 0;
                }
            }
            (seeds.numbers, inside)
        }
        None => match options.split {
            Some(depth) => (split(&mask, width, height, depth), foreground.to_vec()),
            None => return renumbered(&pieces.numbers),
        },
    };
    renumbered(&grown(seeds, &pieces.numbers, &mask, &ground, width, options.min_pixels))
}

/// Seeds grown over their pieces of the mask. Seeds whose object stays under `min_pixels` give way to the others
/// of their piece; pieces without a seed become one object.
fn grown(
    seeds: Vec<u32>,
    pieces: &[u32],
    mask: &[bool],
    ground: &[f32],
    width: usize,
    min_pixels: usize,
) -> Vec<u32> {
    let highest = seeds.iter().copied().max().unwrap_or(0);
    let mut numbers = seeds.clone();
    flood(&mut numbers, mask, ground, width);
    let mut sizes = vec![0usize; highest as usize + 1];
    let mut piece_of = vec![0u32; highest as usize + 1];
    for (number, piece) in numbers.iter().zip(pieces) {
        sizes[*number as usize] += 1;
        piece_of[*number as usize] = *piece;
    }
    // The largest object of each piece stays even if it is small: with the others gone it takes the whole piece.
    let mut largest = vec![0u32; pieces.iter().copied().max().unwrap_or(0) as usize + 1];
    for number in 1..=highest {
        let best = &mut largest[piece_of[number as usize] as usize];
        if *best == 0 || sizes[number as usize] > sizes[*best as usize] {
            *best = number;
        }
    }
    let stays = |n: u32| sizes[n as usize] >= min_pixels || largest[piece_of[n as usize] as usize] == n;
    if (1..=highest).any(|n| sizes[n as usize] > 0 && !stays(n)) {
        numbers = seeds;
        for number in &mut numbers {
            if !stays(*number) {
                *number = 0;
            }
        }
        flood(&mut numbers, mask, ground, width);
    }
    for (number, piece) in numbers.iter_mut().zip(pieces) {
        if *number == 0 && *piece != 0 {
            *number = highest + piece;
        }
    }
    numbers
}

/// The same objects, numbered from 1 in the order in which a scan along the rows meets them.
pub fn renumbered(numbers: &[u32]) -> Vec<u32> {
    let mut dense = vec![0u32; numbers.iter().copied().max().unwrap_or(0) as usize + 1];
    let mut count = 0;
    numbers
        .iter()
        .map(|n| {
            if *n == 0 {
                return 0;
            }
            let slot = &mut dense[*n as usize];
            if *slot == 0 {
                count += 1;
                *slot = count;
            }
            *slot
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::components::tests::{all_connected, mask};
    use super::*;

    const ALL: InstanceOptions = InstanceOptions {
        threshold: 0.5,
        seed_threshold: 0.5,
        min_pixels: 1,
        min_seed_pixels: 1,
        split: None,
        peak: None,
        valley: None,
    };

    /// Foreground and boundary from a drawing: `#` inside, `+` rim, `.` background.
    fn drawn(rows: &[&str]) -> (Vec<f32>, Vec<f32>, usize, usize) {
        let pixels: Vec<u8> = rows.iter().flat_map(|r| r.bytes()).collect();
        let foreground = pixels.iter().map(|b| if *b == b'.' { 0.05 } else { 0.95 }).collect();
        let boundary = pixels.iter().map(|b| if *b == b'+' { 0.9 } else { 0.02 }).collect();
        (foreground, boundary, rows[0].len(), rows.len())
    }

    #[test]
    fn touching_objects_part_at_their_rims_and_get_the_rims_back() {
        let (f, b, w, h) = drawn(&["+++++++", "+##+##+", "+##+##+", "+++++++"]);
        let numbers = instances(&f, Some(&b), w, h, &ALL);
        assert!(numbers.iter().all(|n| *n > 0));
        for y in 0..h {
            assert_eq!(numbers[y * w..y * w + 3], [1, 1, 1]);
            assert_eq!(numbers[y * w + 4..(y + 1) * w], [2, 2, 2]);
        }
    }

    #[test]
    fn a_rim_that_is_seen_without_being_sure_of_it_parts_objects_if_that_is_asked_for() {
        let boundary = [0.02, 0.02, 0.4, 0.02, 0.02, 0.2, 0.02];
        let numbers =
            |valley| instances(&[1.0; 7], Some(&boundary), 7, 1, &InstanceOptions { valley, ..ALL });
        assert_eq!(numbers(None), [1; 7]);
        assert_eq!(numbers(Some(0.8)), [1; 7]);
        let two = numbers(Some(0.5));
        assert_eq!((two[1], two[3], two[6]), (1, 2, 2));
        let three = numbers(Some(0.3));
        assert_eq!((three[1], three[3], three[6]), (1, 2, 3));
    }

    #[test]
    fn of_two_tops_the_one_that_the_network_is_not_sure_of_goes_to_the_other() {
        let (foreground, boundary) = ([1.0, 0.9, 0.9, 0.9, 0.7], [0.0, 0.0, 0.4, 0.1, 0.0]);
        let with = |peak| {
            let options = InstanceOptions { valley: Some(0.3), peak, ..ALL };
            instances(&foreground, Some(&boundary), 5, 1, &options)
        };
        assert_eq!(with(None).iter().max(), Some(&2));
        assert_eq!(with(Some(0.9)), [1; 5]);
    }

    #[test]
    fn foreground_without_an_inside_is_an_object_of_its_own() {
        let (f, b, w, h) = drawn(&["++....", "++.+++", "...+#+", "...+++"]);
        let numbers = instances(&f, Some(&b), w, h, &ALL);
        assert_eq!((numbers[0], numbers[2 * w + 4]), (1, 2));
        let larger = InstanceOptions { min_pixels: 5, ..ALL };
        assert_eq!(instances(&f, Some(&b), w, h, &larger)[..2], [0, 0]);
    }

    #[test]
    fn an_object_under_the_smallest_size_goes_to_the_one_that_it_touches() {
        let (f, b, w, h) = drawn(&["####+#"]);
        assert_eq!(instances(&f, Some(&b), w, h, &ALL), [1, 1, 1, 1, 1, 2]);
        let larger = InstanceOptions { min_pixels: 2, ..ALL };
        assert_eq!(instances(&f, Some(&b), w, h, &larger), [1; 6]);
        let steadier = InstanceOptions { min_seed_pixels: 2, ..ALL };
        assert_eq!(instances(&f, Some(&b), w, h, &steadier), [1; 6]);
    }

    #[test]
    fn without_a_boundary_touching_pixels_are_one_object_unless_asked_to_split() {
        let (is, w, h) = mask(&[
            "..###......###..",
            ".#####....#####.",
            "################",
            "################",
            ".#####....#####.",
            "..###......###..",
        ]);
        let foreground: Vec<f32> = is.iter().map(|is| f32::from(u8::from(*is))).collect();
        assert_eq!(instances(&foreground, None, w, h, &ALL).iter().max(), Some(&1));
        let split = InstanceOptions { split: Some(0.75), ..ALL };
        assert_eq!(instances(&foreground, None, w, h, &split).iter().max(), Some(&2));
    }

    #[test]
    fn values_that_are_no_numbers_are_background() {
        assert_eq!(instances(&[f32::NAN; 4], Some(&[f32::NAN; 4]), 2, 2, &ALL), [0; 4]);
        assert_eq!(instances(&[1.0; 4], Some(&[f32::NAN; 4]), 2, 2, &ALL), [1; 4]);
        assert!(instances(&[], None, 0, 0, &ALL).is_empty());
    }

    prop_compose! {
        /// An image of up to 12 x 12 pixels whose insides all differ, so that no result hangs on a tie.
        fn image()(w in 1usize..12, h in 1usize..12)(
            w in Just(w),
            order in Just((0..(w * h) as u32).collect::<Vec<_>>()).prop_shuffle(),
            rim in prop::collection::vec(0u32..60, w * h),
        ) -> (usize, Vec<f32>, Vec<f32>) {
            let n = order.len() as f32;
            let inside = order.iter().map(|i| *i as f32 / n);
            let rim: Vec<f32> = rim.iter().map(|b| *b as f32 / 100.0).collect();
            (w, inside.zip(&rim).map(|(i, b)| i + b).collect(), rim)
        }
    }

    proptest! {
        #[test]
        fn objects_cover_the_foreground_and_are_connected_large_enough_and_in_scan_order(
            (w, foreground, rim) in image(),
            with_rim in any::<bool>(),
            min_pixels in 0usize..8,
            min_seed_pixels in 0usize..4,
            split in prop::option::of(0.3f32..2.0),
            valley in prop::option::of(0.02f32..1.0),
        ) {
            let h = foreground.len() / w;
            let options = InstanceOptions { min_pixels, min_seed_pixels, split, valley, ..ALL };
            let numbers = instances(&foreground, with_rim.then_some(&rim[..]), w, h, &options);
            let is: Vec<bool> = foreground.iter().map(|p| *p >= options.threshold).collect();
            let pieces = components(&is, w, h, Connectivity::Four);
            for (number, piece) in numbers.iter().zip(&pieces.numbers) {
                let kept = *piece != 0 && pieces.sizes[*piece as usize - 1] >= min_pixels;
                prop_assert_eq!(*number != 0, kept);
            }
            prop_assert!(all_connected(&numbers, w, Connectivity::Four));
            let mut sizes = Vec::new();
            for number in numbers.iter().filter(|n| **n != 0) {
                prop_assert!(*number as usize <= sizes.len() + 1);
                if *number as usize > sizes.len() {
                    sizes.push(0);
                }
                sizes[*number as usize - 1] += 1;
            }
            prop_assert!(sizes.iter().all(|s| *s >= min_pixels));
        }

        #[test]
        fn turning_the_image_over_turns_the_objects_over((w, foreground, rim) in image()) {
            let h = foreground.len() / w;
            let over = |v: &[f32]| -> Vec<f32> { (0..v.len()).map(|i| v[i % h * w + i / h]).collect() };
            let numbers = instances(&foreground, Some(&rim), w, h, &ALL);
            let turned = instances(&over(&foreground), Some(&over(&rim)), h, w, &ALL);
            let mut partner = std::collections::HashMap::new();
            for (i, number) in turned.iter().enumerate() {
                let here = numbers[i % h * w + i / h];
                prop_assert_eq!(*partner.entry(here).or_insert(*number), *number);
            }
            prop_assert_eq!(numbers.iter().max(), turned.iter().max());
        }
    }

    #[test]
    fn a_large_image_of_three_hundred_nuclei_takes_well_under_half_a_second() {
        let (w, h) = (1388, 1040);
        let (mut foreground, mut rim) = (vec![0.0f32; w * h], vec![0.0f32; w * h]);
        for i in 0..w * h {
            // A grid of 20 x 15 discs that touch sideways.
            let (x, y) = ((i % w) as f32 % 69.4 - 34.7, (i / w) as f32 % 69.3 - 34.65);
            let inside = (x.hypot(y) - 35.0) / -4.0;
            foreground[i] = (inside + 0.5).clamp(0.0, 1.0);
            rim[i] = foreground[i] - (inside - 0.5).clamp(0.0, 1.0);
        }
        for (boundary, split) in [(Some(&rim[..]), None), (None, None), (None, Some(1.0))] {
            let started = std::time::Instant::now();
            let numbers =
                instances(&foreground, boundary, w, h, &InstanceOptions { split, ..Default::default() });
            let seconds = started.elapsed().as_secs_f64();
            eprintln!("{:?} objects in {seconds:.3} s", numbers.iter().max());
            if boundary.is_some() || split.is_some() {
                assert!(
                    numbers.iter().max().is_some_and(|n| (300..340).contains(n)),
                    "{:?}",
                    numbers.iter().max()
                );
            }
            // Generous, for a machine that does other work beside; it is about a tenth of this.
            assert!(seconds < 2.0, "{seconds} s");
        }
    }
}
