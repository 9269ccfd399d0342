//! Augmented copies of one sample, to be looked at: what a training makes of it.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::augment::{Warp, change_values};
use super::sample::{Labels, Sample};
use crate::error::{Error, Result};
use crate::scan::Image;
use crate::weights::Augmentation;

/// One augmented copy of a sample, `size` pixels a side.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// `[channel][row][column]`, normalised values.
    pub image: Vec<f32>,
    /// Class of each pixel.
    pub labels: Vec<u8>,
    /// Squares drawn over the sample and warped with it, `[row][column]`: 1 is a line, 0 is none.
    pub grid: Vec<f32>,
}

/// Sides of squares of the grid that fit into a copy.
const SQUARES: usize = 8;

/// Draws `count` copies of `size` x `size` pixels of a sample, each from `seed` and its number alone, in the way in which
/// a [`super::Sampler`] draws patches.
///
/// # Errors
/// `train.size` without pixels.
pub fn variants(
    sample: &Sample,
    size: usize,
    count: usize,
    how: &Augmentation,
    seed: u64,
) -> Result<Vec<Variant>> {
    if size == 0 {
        return Err(Error::invalid("train.size", "An augmented copy needs at least one pixel."));
    }
    let grid = grid(sample.image.width, sample.image.height, (size / SQUARES).max(4))?;
    (0..count as u64)
        .map(|number| {
            let mut rng =
                Xoshiro256PlusPlus::seed_from_u64(seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let warp = Warp::random(sample.image.width, sample.image.height, size, how, &mut rng);
            let mut patch = warp.apply(sample);
            change_values(&mut patch.image, sample.image.channels, size, how, &mut rng);
            Ok(Variant { image: patch.image, labels: patch.labels.classes(), grid: warp.apply(&grid).image })
        })
        .collect()
}

/// Squares of `step` pixels, drawn with lines of two.
fn grid(width: usize, height: usize, step: usize) -> Result<Sample> {
    let line = |at: usize| at % step < 2;
    let data = (0..width * height).map(|i| f32::from(line(i % width) || line(i / width))).collect();
    let image = Image::new(width, height, 1, data)?;
    Sample::new("grid", "", image, Labels::Classes(vec![0; width * height]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Sample {
        let data: Vec<f32> = (0..48 * 40).map(|i| (i % 48) as f32 / 48.0).collect();
        let labels = (0..48 * 40).map(|i| u8::from(i % 48 >= 24)).collect();
        Sample::new("ramp", "", Image::new(48, 40, 1, data).unwrap(), Labels::Classes(labels)).unwrap()
    }

    #[test]
    fn copies_differ_from_each_other_and_come_again_with_their_seed() {
        let draw = |seed| variants(&sample(), 32, 4, &Augmentation::default(), seed).unwrap();
        let copies = draw(3);
        assert_eq!(copies.len(), 4);
        for (i, copy) in copies.iter().enumerate() {
            assert!(copies[..i].iter().all(|other| other != copy));
            assert_eq!((copy.image.len(), copy.labels.len(), copy.grid.len()), (1024, 1024, 1024));
        }
        assert_eq!(draw(3), copies);
        assert_ne!(draw(4), copies);
    }

    #[test]
    fn the_grid_shows_where_the_pixels_went() {
        let straight = &variants(&sample(), 40, 1, &Augmentation::NONE, 1).unwrap()[0];
        let dark = |copy: &Variant| copy.grid.iter().filter(|v| **v > 0.5).count();
        // Straight lines cover whole rows, bent ones do not.
        let whole = |copy: &Variant| copy.grid.chunks(40).filter(|row| row.iter().all(|v| *v > 0.5)).count();
        assert!(whole(straight) >= 8);
        let bent = Augmentation { elastic: 6.0, ..Augmentation::NONE };
        let bent = &variants(&sample(), 40, 1, &bent, 1).unwrap()[0];
        assert!(dark(bent) > 0 && whole(bent) < whole(straight));
    }

    #[test]
    fn a_copy_without_pixels_is_refused() {
        assert_eq!(variants(&sample(), 0, 1, &Augmentation::NONE, 1).unwrap_err().code(), "train.size");
    }
}
