//! Teaching a network by hand-made labels: what the page, which asks nobody for a batch size, makes of a person's few
//! choices.

use serde::Deserialize;

use super::balance::ClassBalance;
use super::hold_out::{HeldOut, hold_out};
use super::plan::PatchPlan;
use super::sample::Sample;
use super::settings::{Adapt, Settings};
use crate::device::Kind;
use crate::error::{Error, Result};
use crate::net::{Learners, Preset, UNet, he_normal};
use crate::weights::{Augmentation, Card, Class, Loss, Model, NamedTensor, Schedule, load_into, read};

/// Images from which on their own statistics are better for batch normalisation than those that the network came with.
const MANY: usize = 8;

/// What a person chose; the rest is worked out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Lesson {
    pub steps: usize,
    /// Absent: 1e-3, and a tenth for a network that does well on these labels already.
    pub learning_rate: Option<f64>,
    pub seed: u64,
    /// Patches in a step; absent: see [`PatchPlan`].
    pub batch: Option<usize>,
    /// Pixels a side of a patch; absent: see [`PatchPlan`].
    pub patch: Option<usize>,
    /// The part of the network that learns.
    pub learn: Learners,
    /// Absent: batch normalisation keeps its statistics if the network has learnt before, there are few images, and it does not
    /// do badly on them before it starts.
    pub keep_statistics: Option<bool>,
    /// Flips, turns, elastic deformation and changes of grey values.
    pub augment: bool,
    /// Whether rare classes count more.
    pub balance: bool,
    pub loss: Objective,
    /// Half of the batch, or of the patch: the device ran out of memory.
    pub halved: bool,
}

/// What a lesson minimises: the parts of a [`Loss`], each with a factor of 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    #[default]
    CrossEntropyDice,
    CrossEntropy,
    Dice,
    Focal,
}

impl Objective {
    /// Without border weights: strokes have no objects whose gaps could be kept.
    fn loss(self, class_weights: Vec<f32>) -> Loss {
        let (cross_entropy, dice, focal) = match self {
            Self::CrossEntropyDice => (1.0, 1.0, 0.0),
            Self::CrossEntropy => (1.0, 0.0, 0.0),
            Self::Dice => (0.0, 1.0, 0.0),
            Self::Focal => (0.0, 0.0, 1.0),
        };
        Loss { border_weight: 0.0, cross_entropy, dice, focal, class_weights, ..Loss::default() }
    }
}

/// What a lesson makes of labelled images.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub parts: HeldOut,
    pub settings: Settings,
    /// Labelled pixels to learn from, of the background and of each class.
    pub pixels: Vec<u64>,
}

impl Default for Lesson {
    fn default() -> Self {
        Self {
            steps: 200,
            learning_rate: None,
            seed: 1,
            batch: None,
            patch: None,
            learn: Learners::All,
            keep_statistics: None,
            augment: true,
            balance: true,
            loss: Objective::default(),
            halved: false,
        }
    }
}

impl Lesson {
    /// Parts the samples into those to learn from and those to judge by, and works the settings out. `taught` is whether
    /// the network has learnt before; `device` says what runs it, and its largest buffer in bytes if it is a GPU.
    ///
    /// # Errors
    /// `train.empty` without samples; `train.unlabelled` if no pixel is labelled; `train.memory` if nothing is left to
    /// be halved.
    pub fn prepare(
        &self,
        samples: Vec<Sample>,
        card: &Card,
        taught: bool,
        device: (Kind, Option<u64>),
    ) -> Result<Prepared> {
        if samples.is_empty() {
            return Err(Error::invalid("train.empty", "There is no labelled image to learn from."));
        }
        let side = samples.iter().map(|s| s.image.width.min(s.image.height)).min().unwrap_or(1);
        let parts = hold_out(samples, self.seed)?;
        let pixels = counted(&parts.training, card.classes.len());
        if pixels.iter().all(|n| *n == 0) {
            return Err(Error::invalid(
                "train.unlabelled",
                "No pixel is labelled yet; there is nothing to learn from.",
            ));
        }
        let plan = PatchPlan::of(device.0, device.1, side, &card.network);
        let mut settings = self.settings(plan, taught, &parts.training, card);
        if self.halved {
            settings.halve(card)?;
        }
        Ok(Prepared { parts, settings, pixels })
    }

    /// The settings of a session. `plan` is what fits on the device, `taught` whether the network has learnt before.
    ///
    /// The learning rate does not fall, so that a person can stop, or go on, whenever the curve says so; what is gained by
    /// lowering it comes from the mean of networks instead ([`Settings::average`]). Patches are centred on labelled pixels, half of
    /// them on a class drawn evenly: with a few strokes in a large image, most others would hold nothing.
    pub fn settings(&self, plan: PatchPlan, taught: bool, training: &[Sample], card: &Card) -> Settings {
        let weights = if self.balance { ClassBalance::InverseFrequency } else { ClassBalance::None }
            .weights(training.iter().map(|s| &s.labels), card);
        // A square root between "every pixel counts the same" and "every class counts the same": with the whole inverse
        // frequency, thin structures come out thick.
        let class_weights = weights.into_iter().map(f32::sqrt).collect();
        Settings {
            steps: self.steps.max(1),
            batch: self.batch.unwrap_or(plan.batch).clamp(1, 64),
            patch: self.patch.unwrap_or(plan.patch).clamp(1, 1024),
            learning_rate: self.learning_rate.unwrap_or(1e-3),
            adapt: Adapt {
                touch_up: (taught && self.learning_rate.is_none()).then_some(1e-4),
                statistics: taught && self.keep_statistics.is_none(),
            },
            schedule: Schedule::WarmUp,
            average: Some(0.98),
            seed: self.seed,
            loss: self.loss.loss(class_weights),
            balanced_patches: Some(0.5),
            augmentation: if self.augment { Augmentation::default() } else { Augmentation::NONE },
            part: self.learn,
            keep_statistics: self.keep_statistics.unwrap_or(taught && training.len() < MANY),
            ..Settings::default()
        }
    }
}

impl Settings {
    /// Half of the patches in a step, or half of their side, after the device ran out of memory.
    ///
    /// # Errors
    /// `train.memory` if nothing is left to be halved.
    pub fn halve(&mut self, card: &Card) -> Result<()> {
        let plan = PatchPlan { batch: self.batch, patch: self.patch };
        let Some(half) = plan.halved(&card.network) else {
            return Err(Error::limit(
                "train.memory",
                "This device has too little memory to train this network, even with the smallest patches.",
            ));
        };
        (self.batch, self.patch) = (half.batch, half.patch);
        Ok(())
    }
}

/// Labelled pixels of the background and of each class.
pub fn counted(samples: &[Sample], classes: usize) -> Vec<u64> {
    let mut counts = vec![0; classes + 1];
    for sample in samples {
        for i in 0..sample.labels.len() {
            if let Some(count) = counts.get_mut(usize::from(sample.labels.class(i))) {
                *count += 1;
            }
        }
    }
    counts
}

/// The card and the network that a lesson for `classes` begins with: those of `model`, whose last layer is made anew if it
/// knows another number of classes.
///
/// # Errors
/// `train.classes` without classes or with more than 254; `device.read`.
pub async fn taught_before(model: &Model, classes: Vec<Class>, seed: u64) -> Result<(Card, UNet)> {
    checked(&classes)?;
    let mut card = model.card.clone();
    if classes.len() == card.classes.len() {
        card.classes = classes;
        return Ok((card, model.net.clone()));
    }
    card.outputs = Card::plain_outputs(if classes.len() == 1 { 1 } else { classes.len() + 1 });
    card.network.outputs = card.outputs.len();
    card.classes = classes;
    let fresh = he_normal(UNet::new(&card.network, &model.device)?, seed);
    let mut tensors = read(&model.net).await?;
    let wanted = fresh.graph().tensors();
    let fits = |t: &NamedTensor| wanted.iter().any(|(name, shape)| *name == t.name && *shape == t.shape);
    tensors.retain(fits);
    let missing =
        read(&fresh).await?.into_iter().filter(|new| tensors.iter().all(|old| old.name != new.name));
    let missing: Vec<NamedTensor> = missing.collect();
    tensors.extend(missing);
    let net = load_into(UNet::new(&card.network, &model.device)?, tensors)?;
    Ok((card, net))
}

/// The card of a network that knows nothing yet.
///
/// # Errors
/// `train.classes` as in [`taught_before`]; `net.preset.unknown`.
pub fn untaught(preset: &str, width: Option<usize>, channels: usize, classes: Vec<Class>) -> Result<Card> {
    checked(&classes)?;
    let kind = Preset::from_name(preset)?;
    let (_, published, _) = kind.published();
    let outputs = Card::plain_outputs(if classes.len() == 1 { published } else { classes.len() + 1 });
    let mut network = kind.config(channels, outputs.len());
    network.width = width.unwrap_or(network.width);
    network.validate()?;
    let mut card = Card::new("Untitled model", network, classes, outputs);
    card.preset = Some(kind.name().into());
    Ok(card)
}

fn checked(classes: &[Class]) -> Result<()> {
    if (1..=Class::MAX_COUNT).contains(&classes.len()) {
        return Ok(());
    }
    Err(Error::invalid("train.classes", "A network learns at least one class, and at most 254."))
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn classes(n: usize) -> Vec<Class> {
        (1..=n).map(|i| Class { name: format!("class {i}"), colour: "#E69F00".into() }).collect()
    }

    fn model(outputs: usize) -> Model {
        let card = untaught("small", Some(2), 1, classes(outputs)).unwrap();
        let device = Device::flex();
        let net = he_normal(UNet::new(&card.network, &device).unwrap(), 5);
        Model { card, net, device }
    }

    #[test]
    fn a_network_with_as_many_classes_goes_on_as_it_is() {
        let model = model(1);
        let renamed = vec![Class { name: "axon".into(), colour: "#009E73".into() }];
        let (card, net) = pollster::block_on(taught_before(&model, renamed.clone(), 1)).unwrap();
        assert_eq!((card.classes, card.network.outputs), (renamed, 1));
        assert_eq!(pollster::block_on(read(&net)).unwrap(), pollster::block_on(read(&model.net)).unwrap());
    }

    #[test]
    fn for_another_number_of_classes_the_last_layer_alone_is_new() {
        let model = model(1);
        let before = pollster::block_on(read(&model.net)).unwrap();
        let (card, net) = pollster::block_on(taught_before(&model, classes(3), 1)).unwrap();
        assert!(card.validate().is_ok());
        assert_eq!(card.network.outputs, 4);
        for tensor in pollster::block_on(read(&net)).unwrap() {
            let old = before.iter().find(|t| t.name == tensor.name).unwrap();
            assert_eq!(*old == tensor, !tensor.name.starts_with("head."), "{}", tensor.name);
        }
    }

    #[test]
    fn few_images_and_a_network_that_has_learnt_keep_the_statistics() {
        let card = model(1).card;
        let plan = PatchPlan { batch: 2, patch: 64 };
        let settings = |taught| Lesson::default().settings(plan, taught, &[], &card);
        assert!(settings(true).keep_statistics && !settings(false).keep_statistics);
        let gentle = settings(true).adapt.touch_up.unwrap();
        assert!(gentle < settings(true).learning_rate && settings(false).adapt == Adapt::default());
        assert!(settings(true).validate().is_ok());
        let dice = Lesson { loss: Objective::Dice, ..Lesson::default() }.settings(plan, false, &[], &card);
        assert_eq!((dice.loss.cross_entropy, dice.loss.dice, dice.loss.border_weight), (0.0, 1.0, 0.0));
        assert_eq!(settings(true).loss.cross_entropy, 1.0);
        assert_eq!(untaught("small", None, 1, vec![]).unwrap_err().code(), "train.classes");
    }

    fn sample(labels: Vec<u8>) -> Sample {
        let image = crate::scan::Image::new(40, 40, 1, vec![0.5; 1600]).unwrap();
        Sample::new("a", "", image, crate::train::Labels::Classes(labels)).unwrap()
    }

    #[test]
    fn without_a_labelled_pixel_there_is_no_lesson() {
        let card = model(1).card;
        let prepare = |samples| Lesson::default().prepare(samples, &card, false, (Kind::Cpu, None));
        assert_eq!(prepare(vec![]).unwrap_err().code(), "train.empty");
        assert_eq!(prepare(vec![sample(vec![255; 1600])]).unwrap_err().code(), "train.unlabelled");
        let some = prepare(vec![sample((0..1600).map(|i| (i % 40 > 20) as u8).collect())]).unwrap();
        assert!(some.pixels.iter().all(|n| *n > 0));
    }

    #[test]
    fn a_lesson_that_does_not_fit_into_memory_is_halved_until_nothing_is_left() {
        let card = model(1).card;
        let labels: Vec<u8> = (0..1600).map(|i| (i % 40 > 20) as u8).collect();
        let lesson = Lesson { batch: Some(4), patch: Some(32), halved: true, ..Lesson::default() };
        let half = lesson.prepare(vec![sample(labels)], &card, false, (Kind::Cpu, None)).unwrap().settings;
        assert_eq!((half.batch, half.patch), (2, 32));
        let mut last = half;
        while last.halve(&card).is_ok() {}
        assert_eq!(last.batch, 1);
        assert_eq!(last.halve(&card).unwrap_err().code(), "train.memory");
    }
}
