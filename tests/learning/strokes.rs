//! Strokes as a person would paint them over an image whose labels are known: each within one class, from a seed.

use insitu::train::Labels;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Pixels that a stroke goes on for.
const LENGTH: std::ops::Range<usize> = 30..80;

/// The labels of strokes three pixels wide that cover `part` of the image; the rest is not labelled. `classes` holds 0 and
/// 1; a person shows what is to be found as often as what is not, so that every other stroke is on either, wherever it is.
pub fn strokes(classes: &[u8], width: usize, part: f64, seed: u64) -> Vec<u8> {
    let height = classes.len() / width;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut painted = vec![Labels::IGNORE; classes.len()];
    let wanted = (part * classes.len() as f64) as usize;
    let inside = |(x, y): (f64, f64), class: u8| {
        let (right, bottom) = (width as f64 - 2.0, height as f64 - 2.0);
        (2.0..right).contains(&x)
            && (2.0..bottom).contains(&y)
            && classes[y as usize * width + x as usize] == class
    };
    let (mut done, mut class) = (0, 1);
    while done < wanted {
        let mut at = (rng.random_range(2.0..width as f64 - 2.0), rng.random_range(2.0..height as f64 - 2.0));
        if !inside(at, class) {
            continue;
        }
        let mut towards = rng.random_range(0.0..std::f64::consts::TAU);
        for _ in 0..rng.random_range(LENGTH) {
            towards += rng.random_range(-0.2..0.2);
            // The hand follows the structure: the smallest turn that stays in it, and no turn back.
            let turns = (0..16).map(|i| if i % 2 == 0 { 0.075 } else { -0.075 } * f64::from(i));
            let step = |turn: f64| (at.0 + f64::cos(towards + turn), at.1 + f64::sin(towards + turn));
            let Some(turn) = turns.into_iter().find(|turn| inside(step(*turn), class)) else { break };
            (at, towards) = (step(turn), towards + turn);
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
        class = 1 - class;
    }
    painted
}
