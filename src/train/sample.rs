//! Labelled images, and how they are split into those to learn from and those to be validated by.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::error::{Error, Result};
use crate::scan::Image;
use crate::weights::Input;

/// What a person or a program marked in an image, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Labels {
    /// Class of each pixel; 0 is the background, [`Labels::IGNORE`] is "not labelled".
    Classes(Vec<u8>),
    /// Object of each pixel, 0 is the background, [`Labels::OPEN`] is "not labelled": all objects are of class 1, touching ones are told
    /// apart.
    Objects(Vec<u32>),
}

impl Labels {
    /// The class value of pixels that nobody labelled: they count neither in the loss nor in a score.
    pub const IGNORE: u8 = crate::label::UNLABELLED;

    /// The number of pixels that nobody labelled, among object numbers.
    pub const OPEN: u32 = u32::MAX;

    /// Pixels.
    pub fn len(&self) -> usize {
        match self {
            Labels::Classes(values) => values.len(),
            Labels::Objects(values) => values.len(),
        }
    }

    /// Whether there are no pixels.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Class of pixel `i`, [`Labels::IGNORE`] beyond the last one.
    pub fn class(&self, i: usize) -> u8 {
        match self {
            Labels::Classes(values) => values.get(i).copied(),
            Labels::Objects(values) => values.get(i).copied().map(Self::of_object),
        }
        .unwrap_or(Self::IGNORE)
    }

    /// Class of each pixel.
    pub fn classes(&self) -> Vec<u8> {
        match self {
            Labels::Classes(values) => values.clone(),
            Labels::Objects(values) => values.iter().copied().map(Self::of_object).collect(),
        }
    }

    /// The same at another size: of the labelled pixels under a new one the most frequent value, "not labelled" where there is none.
    fn resized(&self, from: [usize; 2], to: [usize; 2]) -> Self {
        match self {
            Labels::Classes(values) => Labels::Classes(most_frequent(values, Self::IGNORE, from, to)),
            Labels::Objects(values) => Labels::Objects(most_frequent(values, Self::OPEN, from, to)),
        }
    }

    /// The class of an object's number.
    fn of_object(number: u32) -> u8 {
        if number == Self::OPEN { Self::IGNORE } else { u8::from(number > 0) }
    }

    /// The same where `keep` says so; not labelled elsewhere.
    pub(super) fn only(&self, keep: impl Fn(usize) -> bool) -> Self {
        match self {
            Labels::Classes(values) => {
                let kept = values.iter().enumerate();
                Labels::Classes(kept.map(|(i, v)| if keep(i) { *v } else { Self::IGNORE }).collect())
            }
            Labels::Objects(values) => {
                let kept = values.iter().enumerate();
                Labels::Objects(kept.map(|(i, v)| if keep(i) { *v } else { Self::OPEN }).collect())
            }
        }
    }
}

/// One labelled image.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What it is called, for messages.
    pub name: String,
    /// Images of one group look alike: each step draws the group first, so that rare kinds are learnt too.
    pub group: String,
    /// The image as the network will see it: converted and normalised.
    pub image: Image,
    pub labels: Labels,
}

impl Sample {
    /// Checks that labels and image have the same size.
    pub fn new(
        name: impl Into<String>,
        group: impl Into<String>,
        image: Image,
        labels: Labels,
    ) -> Result<Self> {
        let name = name.into();
        if labels.len() != image.width * image.height {
            return Err(Error::invalid(
                "train.size",
                format!(
                    "The labels of {name} have {} pixels and the image has {} x {}.",
                    labels.len(),
                    image.width,
                    image.height
                ),
            ));
        }
        Ok(Self { name, group: group.into(), image, labels })
    }

    /// An image and its labels as a network is to see them.
    ///
    /// # Errors
    /// As [`Sample::new`]; `image.channels`.
    pub fn for_input(
        name: impl Into<String>,
        group: impl Into<String>,
        image: Image,
        labels: Labels,
        input: &Input,
    ) -> Result<Self> {
        let image = image.with_channels(input.channels)?.normalised(input.normalisation);
        let mut sample = Self::new(name, group, image, labels)?;
        if let Some(image) = input.resized(&sample.image) {
            let from = [sample.image.width, sample.image.height];
            sample.labels = sample.labels.resized(from, [image.width, image.height]);
            sample.image = image;
        }
        Ok(sample)
    }
}

/// Of the values under each new pixel the one that is there most often, the lowest of several; `open` counts only where there is no other.
fn most_frequent<T: Copy + Ord>(
    values: &[T],
    open: T,
    [width, height]: [usize; 2],
    [columns, rows]: [usize; 2],
) -> Vec<T> {
    // From an old pixel that the new one reaches to the one behind the last; one at least, where the image grows.
    let span = |i: usize, from: usize, to: usize| {
        let first = i * from / to.max(1);
        first..((i + 1) * from / to.max(1)).max(first + 1)
    };
    let mut made = Vec::with_capacity(columns * rows);
    let mut under = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            under.clear();
            for y in span(row, height, rows) {
                let line = values.get(y * width..(y + 1) * width).unwrap_or_default();
                under.extend(
                    line.get(span(column, width, columns)).unwrap_or_default().iter().filter(|v| **v != open),
                );
            }
            under.sort_unstable();
            let mut best = (0, open);
            for run in under.chunk_by(|a, b| a == b) {
                if let (true, Some(value)) = (run.len() > best.0, run.first()) {
                    best = (run.len(), *value);
                }
            }
            made.push(best.1);
        }
    }
    made
}

/// Splits images by index into (train, validation) so that no patient is in both: patients are drawn by `seed` until those to validate have
/// that part of all images, or all but one are drawn. `patients`: who each image is of.
pub fn split_by_patient(patients: &[&str], fraction: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut names: Vec<&str> = patients.to_vec();
    names.sort_unstable();
    names.dedup();
    names.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    let wanted = (patients.len() as f64 * fraction.clamp(0.0, 1.0)).round() as usize;
    let (mut held, mut images) = (Vec::new(), 0);
    while images < wanted && names.len() > 1 {
        let Some(name) = names.pop() else { break };
        images += patients.iter().filter(|patient| **patient == name).count();
        held.push(name);
    }
    (0..patients.len()).partition(|i| !held.contains(&patients[*i]))
}

/// Splits images by index into (train, validation), group by group, so that every kind is validated.
///
/// With one group the validation part is one run of neighbours at the end of the order given: consecutive
/// slices of a volume are nearly the same picture, and scattering them would validate the network by what it has
/// seen. With several groups the choice within each is random by `seed`.
pub fn split(groups: &[&str], fraction: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut names: Vec<&str> = groups.to_vec();
    names.sort_unstable();
    names.dedup();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let (mut train, mut validation) = (Vec::new(), Vec::new());
    for name in &names {
        let mut members: Vec<usize> = (0..groups.len()).filter(|i| groups[*i] == *name).collect();
        let held = ((members.len() as f64 * fraction.clamp(0.0, 1.0)).round() as usize)
            .min(members.len().saturating_sub(1));
        if names.len() > 1 {
            members.shuffle(&mut rng);
        }
        validation.extend_from_slice(&members[members.len() - held..]);
        train.extend_from_slice(&members[..members.len() - held]);
    }
    train.sort_unstable();
    validation.sort_unstable();
    (train, validation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_is_split_into_neighbouring_blocks() {
        let (train, validation) = split(&["a"; 10], 0.2, 7);
        assert_eq!(train, (0..8).collect::<Vec<_>>());
        assert_eq!(validation, [8, 9]);
    }

    #[test]
    fn no_patient_is_in_both_parts_and_about_as_many_images_are_held_out_as_asked_for() {
        let patients: Vec<String> = (0..60).map(|i| format!("p{}", i * i / 90)).collect();
        let patients: Vec<&str> = patients.iter().map(String::as_str).collect();
        for seed in 0..20 {
            let (train, held) = split_by_patient(&patients, 0.25, seed);
            assert_eq!(train.len() + held.len(), 60);
            assert!((15..30).contains(&held.len()), "{}", held.len());
            assert!(held.iter().all(|h| train.iter().all(|t| patients[*t] != patients[*h])));
        }
        assert_eq!(split_by_patient(&["a"; 4], 0.5, 1), (vec![0, 1, 2, 3], vec![]));
    }

    #[test]
    fn labels_of_another_size_are_the_most_frequent_ones_under_each_pixel_and_strokes_stay() {
        let open = Labels::IGNORE;
        let labels =
            Labels::Classes(vec![1, 1, 0, open, 2, 1, 0, open, open, open, open, 3, open, open, open, open]);
        let small = labels.resized([4, 4], [2, 2]);
        assert_eq!(small, Labels::Classes(vec![1, 0, open, 3]));
        assert_eq!(small.resized([2, 2], [4, 2]), Labels::Classes(vec![1, 1, 0, 0, open, open, 3, 3]));
        let objects = Labels::Objects(vec![7, 7, 900, 900]);
        assert_eq!(objects.resized([4, 1], [2, 1]), Labels::Objects(vec![7, 900]));
    }

    #[test]
    fn every_kind_is_held_out_and_nothing_is_in_both_parts() {
        let groups: Vec<&str> = (0..40).map(|i| if i % 4 == 0 { "rare" } else { "common" }).collect();
        let (train, validation) = split(&groups, 0.2, 3);
        assert_eq!(validation.iter().filter(|i| groups[**i] == "rare").count(), 2);
        assert_eq!(validation.len(), 8);
        assert!(validation.iter().all(|v| !train.contains(v)));
        assert_eq!(split(&groups, 0.2, 3), (train.clone(), validation));
        assert_ne!(split(&groups, 0.2, 4).0, train);
    }
}
