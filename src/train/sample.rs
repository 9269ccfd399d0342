//! Labelled images, and how they are split into those to learn from and those to be validated by.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::error::{Error, Result};
use crate::scan::Image;

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
