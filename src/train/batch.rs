//! Batches: which patches of which samples, drawn from a seed and a step number alone.

use burn::tensor::{Device, Tensor, TensorData};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::augment::{Warp, change_values};
use super::balance::labelled_pixel;
use super::gradients::Images;
use super::sample::Sample;
use super::targets::targets;
use crate::error::{Error, Result};
use crate::net::Geometry;
use crate::weights::{Augmentation, Card, Loss};

/// One batch on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// `[batch][channel][row][column]`.
    pub image: Vec<f32>,
    /// `[batch][output][row][column]`, 0 or 1.
    pub wanted: Vec<f32>,
    /// `[batch][row][column]`.
    pub weights: Vec<f32>,
    pub batch: usize,
    pub channels: usize,
    pub outputs: usize,
    /// Pixels a side of the input, and of the network's output.
    pub patch: usize,
    pub output_patch: usize,
}

impl Batch {
    /// The images, and the two other tensors of [`super::loss()`]: wanted, weights.
    pub fn tensors(self, device: &Device) -> (Images, Tensor<4>, Tensor<4>) {
        let (p, o) = (self.patch, self.output_patch);
        let tensor = |values, shape: [usize; 4]| Tensor::from_data(TensorData::new(values, shape), device);
        (
            Images { values: self.image, shape: [self.batch, self.channels, p, p] },
            tensor(self.wanted, [self.batch, self.outputs, o, o]),
            tensor(self.weights, [self.batch, 1, o, o]),
        )
    }

    /// Whether any pixel is labelled: counts more than [`Loss::unlabelled`].
    pub fn is_labelled(&self, loss: &Loss) -> bool {
        self.weights.iter().any(|w| *w > loss.unlabelled)
    }
}

/// Draws batches.
#[derive(Clone, Debug)]
pub struct Sampler {
    samples: Vec<Sample>,
    /// Indices of the samples of each group.
    groups: Vec<Vec<usize>>,
    augmentation: Augmentation,
    balance: Option<f32>,
    seed: u64,
}

impl Sampler {
    /// # Errors
    /// `train.empty` without samples.
    pub fn new(samples: Vec<Sample>, augmentation: Augmentation, seed: u64) -> Result<Self> {
        if samples.is_empty() {
            return Err(Error::invalid("train.empty", "There is no labelled image to learn from."));
        }
        let mut names: Vec<&str> = samples.iter().map(|s| s.group.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let groups =
            names.iter().map(|g| (0..samples.len()).filter(|i| samples[*i].group == *g).collect()).collect();
        Ok(Self { samples, groups, augmentation, balance: None, seed })
    }

    /// Centres patches on labelled pixels: with probability `balance` (0 to 1) on one of a class that is drawn evenly
    /// from those of the image, else on any. `None`: they lie anywhere in the image.
    pub fn balanced(self, balance: Option<f32>) -> Self {
        Self { balance, ..self }
    }

    /// The samples it draws from.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Batch number `step`: the same on every device, whatever was drawn before.
    pub fn batch(&self, step: usize, batch: usize, patch: usize, card: &Card, loss: &Loss) -> Batch {
        let geometry = Geometry::of(&card.network);
        let patch = geometry.legal_at_least(patch);
        let inner = geometry.output_size(patch);
        let (channels, outputs) = (card.input.channels, card.outputs.len());
        let mut made = Batch {
            image: Vec::with_capacity(batch * channels * patch * patch),
            wanted: vec![0.0; batch * outputs * inner * inner],
            weights: Vec::with_capacity(batch * inner * inner),
            batch,
            channels,
            outputs,
            patch,
            output_patch: inner,
        };
        for item in 0..batch {
            let number = (step as u64).wrapping_mul(batch as u64).wrapping_add(item as u64);
            let mut rng =
                Xoshiro256PlusPlus::seed_from_u64(self.seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let sample = &self.samples[self.draw(&mut rng)];
            let (width, height) = (sample.image.width, sample.image.height);
            let centre = self.balance.and_then(|b| labelled_pixel(&sample.labels, b, &mut rng));
            let warp = match centre {
                Some(i) => Warp::on(i % width, i / width, patch, &self.augmentation, &mut rng),
                None => Warp::random(width, height, patch, &self.augmentation, &mut rng),
            };
            let mut piece = warp.apply(sample);
            change_values(&mut piece.image, channels, patch, &self.augmentation, &mut rng);
            let (wanted, weights) = targets(&piece.labels, patch, patch, card, loss);
            made.image.append(&mut piece.image);
            for y in 0..inner {
                for x in 0..inner {
                    let i = (y + geometry.border) * patch + x + geometry.border;
                    made.weights.push(weights[i]);
                    let place = y * inner + x;
                    if outputs == 1 {
                        made.wanted[item * inner * inner + place] = f32::from(wanted[i]);
                    } else {
                        let output = usize::from(wanted[i]).min(outputs - 1);
                        made.wanted[(item * outputs + output) * inner * inner + place] = 1.0;
                    }
                }
            }
        }
        made
    }

    /// A sample: first a group, by the square root of its size, so that rare kinds are neither drowned nor
    /// learnt by heart; then one of its images, by its area, so that every part of it is seen as often.
    fn draw(&self, rng: &mut Xoshiro256PlusPlus) -> usize {
        let group = pick(rng, &self.groups.iter().map(|g| (g.len() as f64).sqrt()).collect::<Vec<_>>());
        let members = &self.groups[group];
        let area = |i: &usize| {
            let image = &self.samples[*i].image;
            ((image.width * image.height) as f64).sqrt()
        };
        members[pick(rng, &members.iter().map(area).collect::<Vec<_>>())]
    }
}

/// An index with probability in proportion to its weight.
fn pick(rng: &mut Xoshiro256PlusPlus, weights: &[f64]) -> usize {
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    for (i, w) in weights.iter().enumerate() {
        left -= w;
        if left < 0.0 {
            return i;
        }
    }
    weights.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Preset;
    use crate::scan::Image;
    use crate::train::Labels;
    use crate::weights::Class;

    fn sampler(seed: u64) -> Sampler {
        let sample = |name: &str, v: f32| {
            let image = Image::new(30, 20, 1, vec![v; 600]).unwrap();
            Sample::new(name, name, image, Labels::Classes(vec![1; 600])).unwrap()
        };
        Sampler::new(vec![sample("a", 0.1), sample("b", 0.9)], Augmentation::default(), seed).unwrap()
    }

    fn card() -> Card {
        let class = Class { name: "x".into(), colour: "#000000".into() };
        Card::new("t", Preset::Small.config(1, 2), vec![class], Card::plain_outputs(2))
    }

    #[test]
    fn a_batch_depends_on_seed_and_step_alone() {
        let (card, loss) = (card(), Loss::default());
        let one = sampler(1);
        let later = one.batch(7, 2, 32, &card, &loss);
        one.batch(3, 2, 32, &card, &loss);
        assert_eq!(one.batch(7, 2, 32, &card, &loss), later);
        assert_ne!(one.batch(8, 2, 32, &card, &loss), later);
        assert_ne!(sampler(2).batch(7, 2, 32, &card, &loss), later);
    }

    #[test]
    fn exactly_one_output_is_right_for_each_pixel() {
        let batch = sampler(1).batch(0, 2, 32, &card(), &Loss::default());
        assert_eq!(batch.image.len(), 2 * 32 * 32);
        for item in 0..2 {
            for i in 0..1024 {
                let at = |o: usize| batch.wanted[(item * 2 + o) * 1024 + i];
                assert_eq!((at(0), at(1)), (0.0, 1.0));
            }
        }
    }

    #[test]
    fn balanced_patches_show_a_rare_class_half_the_time_and_follow_the_seed() {
        // One bright pixel of class 1 in 60 x 60, the left half not labelled.
        let n = 60;
        let rare = 50 + 20 * n;
        let labels = (0..n * n).map(|i| match i {
            i if i == rare => 1,
            i if i % n < n / 2 => Labels::IGNORE,
            _ => 0,
        });
        let image = Image::new(n, n, 1, vec![0.5; n * n]).unwrap();
        let sample = Sample::new("a", "", image, Labels::Classes(labels.collect())).unwrap();
        let sampler = |balance| {
            Sampler::new(vec![sample.clone()], Augmentation::default(), 4).unwrap().balanced(balance)
        };
        let (card, loss) = (card(), Loss::default());
        let middle = 8 * 16 + 8;
        let seen = |balance| {
            let batch = sampler(balance).batch(0, 60, 16, &card, &loss);
            let labelled = (0..60).filter(|item| batch.weights[item * 256 + middle] > 0.0).count();
            let rare = (0..60).filter(|item| batch.wanted[(item * 2 + 1) * 256 + middle] > 0.0).count();
            (labelled, rare)
        };
        let (labelled, rare) = seen(Some(1.0));
        assert_eq!(labelled, 60);
        assert!((20..40).contains(&rare), "{rare}");
        let (labelled, rare) = seen(Some(0.0));
        assert_eq!((labelled, rare), (60, 0));
        assert!(seen(None).0 < 50);
        let again = sampler(Some(0.5)).batch(3, 2, 16, &card, &loss);
        assert_eq!(sampler(Some(0.5)).batch(3, 2, 16, &card, &loss), again);
    }

    #[test]
    fn without_samples_there_is_nothing_to_learn() {
        assert_eq!(Sampler::new(vec![], Augmentation::NONE, 1).unwrap_err().code(), "train.empty");
    }
}
