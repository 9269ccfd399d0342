//! Rare classes: what they weigh in the loss, and how patches find them.

use rand::{Rng, RngExt};

use super::sample::Labels;
use crate::weights::Card;

/// How the weights of classes come about.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ClassBalance {
    /// All weigh 1.
    #[default]
    None,
    /// Those of the background and of each class.
    Given(Vec<f32>),
    /// `N / (K n_c)`, n_c of the N labelled pixels being of class c, K classes occurring: in the mean over all labelled
    /// pixels the weight is 1, and every class counts the same in all.
    InverseFrequency,
    /// Median frequency balancing (Eigen and Fergus 2015, arXiv:1411.4734): `median(f) / f_c`, f_c being the part that class
    /// c has of the labelled pixels of the images in which it occurs.
    MedianFrequency,
}

/// The largest weight that is worked out, so that a class of a few pixels does not drown the rest.
const LARGEST: f64 = 20.0;

impl ClassBalance {
    /// The weights for [`crate::weights::Loss::class_weights`]: the background's and each class's, or none if all weigh 1.
    ///
    /// Unlabelled pixels are not counted. Classes that do not occur weigh 1; none weighs more than 20 unless given.
    pub fn weights<'a>(&self, labels: impl IntoIterator<Item = &'a Labels>, card: &Card) -> Vec<f32> {
        let images: Vec<Vec<u64>> = match self {
            ClassBalance::None => return Vec::new(),
            ClassBalance::Given(weights) => return weights.clone(),
            _ => labels.into_iter().map(|labels| counts(labels, card)).collect(),
        };
        let pixels: Vec<u64> =
            (0..=card.classes.len()).map(|class| images.iter().map(|n| of(n, class)).sum()).collect();
        let all: u64 = pixels.iter().sum();
        let occurring = pixels.iter().filter(|n| **n > 0).count();
        let ideal: Vec<Option<f64>> = if *self == ClassBalance::InverseFrequency {
            pixels.iter().map(|n| (*n > 0).then(|| all as f64 / (occurring as f64 * *n as f64))).collect()
        } else {
            let frequencies: Vec<Option<f64>> = pixels
                .iter()
                .enumerate()
                .map(|(class, n)| {
                    let there = images.iter().filter(|image| of(image, class) > 0);
                    let around: u64 = there.map(|image| image.iter().sum::<u64>()).sum();
                    (*n > 0).then(|| *n as f64 / around as f64)
                })
                .collect();
            let median = median(frequencies.iter().copied().flatten().collect());
            frequencies.iter().map(|f| f.map(|f| median / f)).collect()
        };
        ideal.into_iter().map(|weight| weight.map_or(1.0, |w| w.min(LARGEST) as f32)).collect()
    }
}

/// Labelled pixels of the background and of each class of the card.
fn counts(labels: &Labels, card: &Card) -> Vec<u64> {
    let mut counts = vec![0; card.classes.len() + 1];
    let single = card.outputs.len() == 1;
    for i in 0..labels.len() {
        let class = match labels.class(i) {
            Labels::IGNORE => continue,
            class if single => usize::from(class > 0),
            class => usize::from(class),
        };
        if let Some(count) = counts.get_mut(class) {
            *count += 1;
        }
    }
    counts
}

fn of(counts: &[u64], class: usize) -> u64 {
    counts.get(class).copied().unwrap_or(0)
}

/// The middle value, or the mean of the two in the middle; 1 if there are none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    match (values.get(n.saturating_sub(1) / 2), values.get(n / 2)) {
        (Some(low), Some(high)) => 0.5 * (low + high),
        _ => 1.0,
    }
}

/// A labelled pixel: with probability `balance` one of a class that is drawn evenly from those that occur, the
/// background among them, else any. `None` if no pixel is labelled.
pub(super) fn labelled_pixel(labels: &Labels, balance: f32, rng: &mut impl Rng) -> Option<usize> {
    let mut counts = [0usize; 256];
    for i in 0..labels.len() {
        counts[usize::from(labels.class(i))] += 1;
    }
    counts[usize::from(Labels::IGNORE)] = 0;
    let occurring: Vec<u8> = (0..=254).filter(|class| counts[usize::from(*class)] > 0).collect();
    if occurring.is_empty() {
        return None;
    }
    let class = (rng.random::<f32>() < balance).then(|| occurring[rng.random_range(0..occurring.len())]);
    let candidates = class.map_or_else(|| counts.iter().sum(), |class| counts[usize::from(class)]);
    let number = rng.random_range(0..candidates);
    let fits = |i: &usize| match class {
        Some(class) => labels.class(*i) == class,
        None => labels.class(*i) != Labels::IGNORE,
    };
    (0..labels.len()).filter(fits).nth(number)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;
    use crate::net::Preset;
    use crate::weights::Class;

    fn card(classes: usize) -> Card {
        let class = |_| Class { name: "x".into(), colour: "#000000".into() };
        let outputs = if classes == 1 { 1 } else { classes + 1 };
        Card::new(
            "t",
            Preset::Small.config(1, outputs),
            (0..classes).map(class).collect(),
            Card::plain_outputs(outputs),
        )
    }

    const U: u8 = Labels::IGNORE;

    #[test]
    fn inverse_frequency_lets_every_class_count_the_same_and_ignores_what_is_unlabelled() {
        let one = Labels::Classes(vec![0, 0, 0, 0, 0, 1, U, U]);
        let two = Labels::Classes(vec![0, 1, 2, U, U, U, U, U]);
        let weights = ClassBalance::InverseFrequency.weights([&one, &two], &card(2));
        // Nine labelled pixels: six, two and one.
        assert_eq!(weights, [9.0 / 18.0, 9.0 / 6.0, 9.0 / 3.0]);
        let objects = Labels::Objects(vec![0, 0, 0, 7]);
        assert_eq!(ClassBalance::InverseFrequency.weights([&objects], &card(1)), [4.0 / 6.0, 2.0]);
    }

    #[test]
    fn the_median_frequency_counts_only_images_that_have_the_class() {
        let one = Labels::Classes(vec![0, 0, 0, 0, 0, 1, U, U]);
        let two = Labels::Classes(vec![0, 1, 2, U, U, U, U, U]);
        // Frequencies 6/9, 2/9 and 1/3 (class 2 occurs in the second image alone); the median is 1/3.
        let weights = ClassBalance::MedianFrequency.weights([&one, &two], &card(2));
        for (found, expected) in weights.iter().zip([0.5, 1.5, 1.0]) {
            assert!((found - expected).abs() < 1e-6, "{weights:?}");
        }
    }

    #[test]
    fn weights_stay_within_reason_and_classes_that_do_not_occur_weigh_one() {
        let mut values = vec![0; 1000];
        values[5] = 1;
        let labels = Labels::Classes(values);
        for balance in [ClassBalance::InverseFrequency, ClassBalance::MedianFrequency] {
            let weights = balance.weights([&labels], &card(2));
            assert_eq!(weights[1..], [20.0, 1.0]);
            assert_eq!(balance.weights([], &card(2)), [1.0; 3]);
        }
        assert!(ClassBalance::None.weights([&labels], &card(2)).is_empty());
    }

    #[test]
    fn balanced_centres_find_rare_classes_and_never_what_is_unlabelled() {
        let mut values = vec![0; 900];
        values.extend([U; 99]);
        values.push(2);
        let labels = Labels::Classes(values);
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut draw = |balance| {
            let found: Vec<u8> =
                (0..400).map(|_| labels.class(labelled_pixel(&labels, balance, &mut rng).unwrap())).collect();
            assert!(!found.contains(&U));
            found.iter().filter(|c| **c == 2).count()
        };
        assert!((150..250).contains(&draw(1.0)));
        assert!((60..140).contains(&draw(0.5)));
        assert!(draw(0.0) < 10);
        assert_eq!(labelled_pixel(&Labels::Classes(vec![U; 9]), 1.0, &mut rng), None);
    }
}
