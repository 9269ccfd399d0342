//! Strokes as a person would paint them over an image whose labels are known, from a seed.

use insitu::train::Labels;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Pixels that a stroke goes on for.
const LENGTH: std::ops::Range<usize> = 30..80;

/// How a person paints.
#[derive(Clone, Copy)]
pub enum Hand {
    /// Three pixels wide and never beyond the class, until this part of the image is covered.
    Careful { part: f64 },
    /// So many strokes of a round brush of `breadth` pixels, whatever lies under it; the later stroke covers the earlier one.
    /// Three of four on the class: people paint what they look for.
    Rough { strokes: usize, breadth: f64 },
}

/// The labels of strokes; the rest is not labelled. `classes` holds 0 and 1. A stroke begins in its class, wherever that is, and
/// follows the structure. With care a person shows what is to be found as often as what is not.
pub fn strokes(classes: &[u8], width: usize, hand: Hand, seed: u64) -> Vec<u8> {
    let height = classes.len() / width;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut painted = vec![Labels::IGNORE; classes.len()];
    let inside = |(x, y): (f64, f64), class: u8| {
        let (right, bottom) = (width as f64 - 2.0, height as f64 - 2.0);
        (2.0..right).contains(&x)
            && (2.0..bottom).contains(&y)
            && classes[y as usize * width + x as usize] == class
    };
    let (mut count, mut class) = (0, 1);
    loop {
        let covered = painted.iter().filter(|c| **c != Labels::IGNORE).count();
        let enough = match hand {
            Hand::Careful { part } => covered >= (part * classes.len() as f64) as usize,
            Hand::Rough { strokes, .. } => count >= strokes,
        };
        if enough {
            return painted;
        }
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
            let reach = match hand {
                Hand::Careful { .. } => 1,
                Hand::Rough { breadth, .. } => (breadth / 2.0) as usize,
            };
            let (x, y) = (at.0 as usize, at.1 as usize);
            for py in y.saturating_sub(reach)..=(y + reach).min(height - 1) {
                for px in x.saturating_sub(reach)..=(x + reach).min(width - 1) {
                    let i = py * width + px;
                    let under = match hand {
                        // Nobody paints beyond the class on purpose.
                        Hand::Careful { .. } => classes[i] == class && painted[i] == Labels::IGNORE,
                        Hand::Rough { breadth, .. } => {
                            let (dx, dy) = (px as f64 + 0.5 - at.0, py as f64 + 0.5 - at.1);
                            dx.hypot(dy) <= breadth / 2.0
                        }
                    };
                    if under {
                        painted[i] = class;
                    }
                }
            }
        }
        count += 1;
        class = match hand {
            Hand::Careful { .. } => 1 - class,
            Hand::Rough { .. } => u8::from(count % 4 != 3),
        };
    }
}

/// How wide the parts of class 1 are in the mean, pixels: twice their area by the length of their outline.
pub fn breadth(classes: &[u8], width: usize) -> f64 {
    let area = classes.iter().filter(|class| **class == 1).count() as f64;
    let right = |(i, pair): (usize, &[u8])| (i + 1) % width != 0 && pair[0] != pair[1];
    let across = classes.windows(2).enumerate().filter(|at| right(*at)).count();
    let down = classes.iter().zip(classes.iter().skip(width)).filter(|(a, b)| a != b).count();
    // Of a line in any direction, pixels have 4 / pi times as much edge as it is long.
    2.0 * area / ((across + down) as f64 * std::f64::consts::FRAC_PI_4)
}
