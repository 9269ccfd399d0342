//! Strokes as a person would paint them over an image whose labels are known: each within one class, from a seed.

use insitu::train::Labels;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Pixels that a stroke goes on for.
const LENGTH: std::ops::Range<usize> = 30..80;

/// The labels of strokes three pixels wide that cover `part` of the image; the rest is not labelled.
pub fn strokes(classes: &[u8], width: usize, part: f64, seed: u64) -> Vec<u8> {
    let height = classes.len() / width;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut painted = vec![Labels::IGNORE; classes.len()];
    let wanted = (part * classes.len() as f64) as usize;
    let mut done = 0;
    while done < wanted {
        let mut at = (rng.random_range(2.0..width as f64 - 2.0), rng.random_range(2.0..height as f64 - 2.0));
        let mut towards = rng.random_range(0.0..std::f64::consts::TAU);
        let class = classes[at.1 as usize * width + at.0 as usize];
        for _ in 0..rng.random_range(LENGTH) {
            towards += rng.random_range(-0.4..0.4);
            let next = (at.0 + f64::cos(towards), at.1 + f64::sin(towards));
            let inside =
                (2.0..width as f64 - 2.0).contains(&next.0) && (2.0..height as f64 - 2.0).contains(&next.1);
            if !inside || classes[next.1 as usize * width + next.0 as usize] != class {
                // The hand follows the structure.
                towards += rng.random_range(1.0..2.0);
                continue;
            }
            at = next;
            for y in at.1 as usize - 1..=at.1 as usize + 1 {
                for x in at.0 as usize - 1..=at.0 as usize + 1 {
                    let i = y * width + x;
                    // Nobody paints beyond the class on purpose.
                    if classes[i] == class && painted[i] == Labels::IGNORE {
                        painted[i] = class;
                        done += 1;
                    }
                }
            }
        }
    }
    painted
}
