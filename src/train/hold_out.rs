//! Which labels validate a network that is taught by hand: there are few of them, and the curve must say something of what
//! the network has not seen.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;

use super::mosaic::{Block, MARGIN, mosaic};
use super::sample::{Labels, Sample};
use crate::error::Result;

/// The part of the labels that is held out, about.
const PART: f64 = 0.2;

/// Pixels that one validation looks at, about: a few seconds on a processor, so that validating does not take the time of the
/// training.
const MAX_PIXELS: usize = 768 * 768;

/// How the labels were parted.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Held {
    /// Whole images or slices validate.
    Images { count: usize },
    /// Square blocks of the labelled area validate, so many of `of`, `side` pixels long.
    Blocks { count: usize, of: usize, side: usize },
    /// Too little is labelled to hold any of it out: nothing validates.
    Nothing,
}

impl Held {
    /// By whole images, so many of them.
    pub fn images(count: usize) -> Self {
        if count == 0 { Self::Nothing } else { Self::Images { count } }
    }
}

/// Labels to learn from, and labels to be validated by.
#[derive(Clone, Debug)]
pub struct HeldOut {
    pub training: Vec<Sample>,
    pub validation: Vec<Sample>,
    pub held: Held,
}

/// Parts labelled images into those to learn from and those to validate by: with four and more, every fifth image validates, at
/// least one, but none without which a class could not be learnt. With fewer, or where no image can be spared, blocks of
/// the labelled area validate, chosen by `seed`, such that every class stays
/// among those to learn from; labels outside are then [`Labels::IGNORE`] in either part. Neighbouring blocks look alike,
/// so blocks flatter the network a little; images do not.
///
/// Of large images only some blocks validate, at random, cut out with what surrounds them.
///
/// Labels that validate by blocks become classes, since blocks cut objects.
pub fn hold_out(samples: Vec<Sample>, seed: u64) -> Result<HeldOut> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    if samples.len() >= 4 {
        let count = ((samples.len() as f64 * PART).round() as usize).max(1);
        let mut order: Vec<usize> = (0..samples.len()).collect();
        order.shuffle(&mut rng);
        let chosen = spared(&samples, &order, count);
        if !chosen.is_empty() {
            let (mut training, mut validating) = (Vec::new(), Vec::new());
            for (i, sample) in samples.into_iter().enumerate() {
                if chosen.contains(&i) { validating.push(sample) } else { training.push(sample) }
            }
            let validation =
                if area(&validating) <= MAX_PIXELS { validating } else { excerpt(&validating, &mut rng)? };
            return Ok(HeldOut { training, validation, held: Held::Images { count: chosen.len() } });
        }
    }
    let side = block_side(&samples);
    let blocks: Vec<Block> = samples.iter().enumerate().flat_map(|(i, s)| blocks(i, s, side)).collect();
    let large = area(&samples) > MAX_PIXELS;
    let chosen = choose(&blocks, if large { most(side) } else { usize::MAX }, &mut rng);
    if chosen.is_empty() {
        return Ok(HeldOut { training: samples, validation: Vec::new(), held: Held::Nothing });
    }
    let held = Held::Blocks { count: chosen.len(), of: blocks.len(), side };
    let mut training = Vec::with_capacity(samples.len());
    let mut validation: Vec<Sample> =
        if large { mosaic(&samples, &chosen, side)?.into_iter().collect() } else { Vec::new() };
    for (i, sample) in samples.into_iter().enumerate() {
        let mine: Vec<(usize, usize)> = chosen.iter().filter(|b| b.sample == i).map(|b| (b.x, b.y)).collect();
        let part = |validating: bool| {
            let labels = sample.labels.only(|p| {
                let at = (p % sample.image.width / side, p / sample.image.width / side);
                mine.contains(&at) == validating
            });
            let labels = if validating { Labels::Classes(labels.classes()) } else { labels };
            Sample::new(sample.name.clone(), sample.group.clone(), sample.image.clone(), labels)
        };
        if !mine.is_empty() && !large {
            validation.push(part(true)?);
        }
        training.push(part(false)?);
    }
    Ok(HeldOut { training, validation, held })
}

/// The first images in this order, `most` of them, without which every class still stands in one of the others.
fn spared(samples: &[Sample], order: &[usize], most: usize) -> Vec<usize> {
    let classes: Vec<Vec<u8>> = samples.iter().map(classes).collect();
    // Images of each class.
    let mut left = [0usize; 256];
    classes.iter().flatten().for_each(|class| left[usize::from(*class)] += 1);
    let mut chosen = Vec::new();
    for i in order {
        let own = &classes[*i];
        if chosen.len() < most && own.iter().all(|class| left[usize::from(*class)] > 1) {
            own.iter().for_each(|class| left[usize::from(*class)] -= 1);
            chosen.push(*i);
        }
    }
    chosen
}

/// The classes of an image.
fn classes(sample: &Sample) -> Vec<u8> {
    let mut has = [false; 256];
    (0..sample.labels.len()).for_each(|i| has[usize::from(sample.labels.class(i))] = true);
    (0..Labels::IGNORE).filter(|class| has[usize::from(*class)]).collect()
}

/// Pixels of all images.
fn area(samples: &[Sample]) -> usize {
    samples.iter().map(|s| s.image.width * s.image.height).sum()
}

/// Blocks that a validation can look at.
fn most(side: usize) -> usize {
    (MAX_PIXELS / (side + 2 * MARGIN).pow(2)).max(4)
}

/// Some labelled blocks of large images, by chance.
fn excerpt(samples: &[Sample], rng: &mut Xoshiro256PlusPlus) -> Result<Vec<Sample>> {
    let side = block_side(samples);
    let mut all: Vec<Block> = samples.iter().enumerate().flat_map(|(i, s)| blocks(i, s, side)).collect();
    all.shuffle(rng);
    all.truncate(most(side));
    Ok(mosaic(samples, &all, side)?.into_iter().collect())
}

/// About a tenth of the smallest side, 16 to 128 pixels.
fn block_side(samples: &[Sample]) -> usize {
    let smallest = samples.iter().map(|s| s.image.width.min(s.image.height)).min().unwrap_or(0);
    (smallest / 10).clamp(16, 128)
}

fn blocks(index: usize, sample: &Sample, side: usize) -> Vec<Block> {
    let mut found = BTreeMap::<(usize, usize), BTreeMap<u8, usize>>::new();
    for i in 0..sample.labels.len() {
        let class = sample.labels.class(i);
        if class != Labels::IGNORE {
            let at = (i / sample.image.width / side, i % sample.image.width / side);
            *found.entry(at).or_default().entry(class).or_default() += 1;
        }
    }
    found.into_iter().map(|((y, x), pixels)| Block { sample: index, x, y, pixels }).collect()
}

/// Blocks in a random order, taken until they are `most` or have a fifth of the labelled pixels; before others one of each class, since by
/// chance alone a rare class would often be validated by nothing. One that has more than half of what is left of a class is
/// passed over.
fn choose(blocks: &[Block], most: usize, rng: &mut Xoshiro256PlusPlus) -> Vec<Block> {
    let wanted = PART * blocks.iter().map(Block::labelled).sum::<usize>() as f64;
    let mut left = BTreeMap::<u8, usize>::new();
    for (class, n) in blocks.iter().flat_map(|b| &b.pixels) {
        *left.entry(*class).or_default() += n;
    }
    let mut order: Vec<&Block> = blocks.iter().collect();
    order.shuffle(rng);
    let spared = |block: &Block, left: &BTreeMap<u8, usize>| {
        block.pixels.iter().all(|(class, n)| 2 * n <= left.get(class).copied().unwrap_or(0))
    };
    let mut chosen = Vec::<Block>::new();
    let mut take = |block: &Block, left: &mut BTreeMap<u8, usize>| {
        for (class, n) in &block.pixels {
            left.entry(*class).and_modify(|left| *left -= n);
        }
        chosen.push(block.clone());
        chosen.iter().map(Block::labelled).sum::<usize>()
    };
    let mut classes: Vec<(usize, u8)> = left.iter().map(|(class, n)| (*n, *class)).collect();
    classes.sort_unstable();
    let (mut held, mut taken, mut validated) = (0, 0, Vec::new());
    for (all, class) in classes {
        if validated.contains(&class) {
            continue;
        }
        // A block with a pixel or two of the class would validate by chance.
        let has = |block: &&Block, least: usize| block.pixels.get(&class).is_some_and(|n| *n >= least);
        let found = order.iter().position(|b| has(b, all.div_ceil(20)) && spared(b, &left));
        if let Some(at) = found.or_else(|| order.iter().position(|b| has(b, 1) && spared(b, &left))) {
            let block = order.remove(at);
            held = take(block, &mut left);
            taken += 1;
            validated.extend(block.pixels.keys());
        }
    }
    for block in order {
        if held as f64 >= wanted || taken >= most {
            break;
        }
        if spared(block, &left) {
            held = take(block, &mut left);
            taken += 1;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scan::Image;

    fn sample(name: &str, side: usize, label: impl Fn(usize, usize) -> u8) -> Sample {
        let image = Image::new(side, side, 1, vec![0.5; side * side]).unwrap();
        let labels = (0..side * side).map(|i| label(i % side, i / side)).collect();
        Sample::new(name, "", image, Labels::Classes(labels)).unwrap()
    }

    #[test]
    fn of_five_images_one_validates() {
        let samples = (0..5).map(|i| sample(&i.to_string(), 16, |_, _| 1)).collect();
        let parted = hold_out(samples, 3).unwrap();
        assert_eq!(parted.held, Held::Images { count: 1 });
        assert_eq!((parted.training.len(), parted.validation.len()), (4, 1));
    }

    #[test]
    fn an_image_that_alone_shows_a_class_is_learnt_from() {
        for seed in 0..20 {
            let only = |i: usize| if i == 2 { 2 } else { 1 };
            let samples = (0..5).map(|i| sample(&i.to_string(), 16, |_, _| only(i))).collect();
            let parted = hold_out(samples, seed).unwrap();
            assert_eq!(parted.held, Held::Images { count: 1 });
            assert!(parted.training.iter().any(|s| s.name == "2"), "{seed}");
        }
        // Each of these alone shows one, so that no image can be spared, but part of each can.
        let samples = (0..4u8).map(|i| sample(&i.to_string(), 96, |x, _| if x < 48 { 0 } else { i + 1 }));
        let parted = hold_out(samples.collect(), 1).unwrap();
        assert!(matches!(parted.held, Held::Blocks { .. }), "{:?}", parted.held);
        let learnt: Vec<Vec<u8>> = parted.training.iter().map(classes).collect();
        assert_eq!(learnt, [[0u8, 1], [0, 2], [0, 3], [0, 4]]);
    }

    #[test]
    fn of_one_image_about_a_fifth_of_the_labelled_blocks_validates() {
        let parted = hold_out(vec![sample("a", 256, |x, _| u8::from(x % 32 < 9))], 1).unwrap();
        let labelled = |s: &Sample| s.labels.classes().iter().filter(|c| **c != Labels::IGNORE).count();
        let part = labelled(&parted.validation[0]) as f64 / (256.0 * 256.0);
        assert!((0.2..0.25).contains(&part), "{part}");
        assert_eq!(labelled(&parted.validation[0]) + labelled(&parted.training[0]), 256 * 256);
    }

    #[test]
    fn objects_that_are_learnt_from_stay_objects_and_blocks_that_validate_are_classes() {
        let side = 96;
        let image = Image::new(side, side, 1, vec![0.5; side * side]).unwrap();
        // Nine objects side by side, and a column that nobody labelled.
        let number = |x: usize, y: usize| match (x % 32, y % 32) {
            (0, _) => Labels::OPEN,
            (1..28, 2..28) => (1 + x / 32 + 3 * (y / 32)) as u32,
            _ => 0,
        };
        let labels = Labels::Objects((0..side * side).map(|i| number(i % side, i / side)).collect());
        let parted = hold_out(vec![Sample::new("a", "", image, labels.clone()).unwrap()], 5).unwrap();
        assert!(matches!(parted.held, Held::Blocks { .. }), "{:?}", parted.held);
        let (Labels::Objects(all), Labels::Objects(learnt)) = (&labels, &parted.training[0].labels) else {
            panic!("objects became classes");
        };
        let Labels::Classes(validated) = &parted.validation[0].labels else { panic!("blocks cut objects") };
        for i in 0..side * side {
            match (learnt[i], validated[i]) {
                (Labels::OPEN, Labels::IGNORE) => assert_eq!(all[i], Labels::OPEN),
                (Labels::OPEN, class) => assert_eq!(class, u8::from(all[i] > 0)),
                (object, class) => assert_eq!((object, class), (all[i], Labels::IGNORE)),
            }
        }
    }

    #[test]
    fn a_rare_class_is_validated_too() {
        // A disc of 150 pixels and a smaller one, in a background of 9,000.
        let near = |x: usize, y: usize, at: (i32, i32), r: i32| {
            (x as i32 - at.0).pow(2) + (y as i32 - at.1).pow(2) < r * r
        };
        let label = |x, y| u8::from(near(x, y, (20, 70), 7) || near(x, y, (64, 30), 5));
        for seed in 0..20 {
            let parted = hold_out(vec![sample("a", 96, label)], seed).unwrap();
            for part in [&parted.training[0], &parted.validation[0]] {
                assert!(part.labels.classes().contains(&1), "{seed}");
            }
        }
    }

    #[test]
    fn a_single_stroke_is_not_parted() {
        let parted = hold_out(vec![sample("a", 64, |x, y| if x < 9 && y < 9 { 1 } else { 255 })], 1).unwrap();
        assert_eq!(parted.held, Held::Nothing);
        assert!(parted.validation.is_empty());
    }

    #[test]
    fn of_large_images_some_blocks_validate_and_show_what_the_image_shows() {
        for count in [1, 5] {
            let large = |i: usize| {
                let side = 1000;
                let data = (0..side * side).map(|p| (p % 251) as f32 / 251.0).collect();
                let image = Image::new(side, side, 1, data).unwrap();
                let labels = image.data.iter().map(|v| u8::from(*v > 0.3)).collect();
                Sample::new(i.to_string(), "", image, Labels::Classes(labels)).unwrap()
            };
            let parted = hold_out((0..count).map(large).collect(), 2).unwrap();
            let [validate] = parted.validation.as_slice() else { panic!("one sample validates") };
            assert!(area(&parted.validation) < 2 * MAX_PIXELS);
            let (mut labelled, mut wrong) = (0, 0);
            for (i, value) in validate.image.data.iter().enumerate() {
                if validate.labels.class(i) != Labels::IGNORE {
                    labelled += 1;
                    wrong += usize::from(validate.labels.class(i) != u8::from(*value > 0.3));
                }
            }
            assert_eq!(wrong, 0);
            // A block at the edge may be a smaller one.
            assert!(labelled > 80_000, "{labelled}");
            let left: usize =
                parted.training.iter().flat_map(|s| s.labels.classes()).filter(|c| *c != 255).count();
            if count == 1 {
                assert_eq!(left + labelled, 1_000_000);
            }
        }
    }

    proptest! {
        #[test]
        fn no_pixel_is_on_both_sides_and_no_class_is_lost_to_the_training(
            seed in any::<u64>(), count in 1usize..7, period in 3usize..40
        ) {
            let label = |x: usize, y: usize| match (x / period + y / period) % 5 { 0 => 255, c => c as u8 };
            let samples: Vec<Sample> = (0..count).map(|i| sample(&i.to_string(), 96, label)).collect();
            let classes = |samples: &[Sample]| {
                let mut all: Vec<u8> = samples.iter().flat_map(|s| s.labels.classes()).filter(|c| *c != 255).collect();
                all.sort_unstable();
                all.dedup();
                all
            };
            let before = classes(&samples);
            let parted = hold_out(samples.clone(), seed).unwrap();
            prop_assert_eq!(classes(&parted.training), before);
            for validate in &parted.validation {
                for learner in parted.training.iter().filter(|s| s.name == validate.name) {
                    for i in 0..validate.labels.len() {
                        prop_assert!(validate.labels.class(i) == 255 || learner.labels.class(i) == 255);
                    }
                }
            }
            let labelled = |samples: &[Sample]| {
                samples.iter().flat_map(|s| s.labels.classes()).filter(|c| *c != 255).count()
            };
            prop_assert_eq!(labelled(&parted.training) + labelled(&parted.validation), labelled(&samples));
        }
    }
}
