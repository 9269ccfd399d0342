//! What a person asks of a training on labels made by hand, and what is made of their few choices: nobody should have to know a
//! batch size.

use serde::{Deserialize, Serialize};

use super::balance::ClassBalance;
use super::hold_out::{HeldOut, hold_out};
use super::plan::PatchPlan;
use super::sample::{Labels, Sample};
use super::settings::{Adapt, Settings};
use super::strokes::{as_wanted, unlabelled_weight};
use crate::device::Kind;
use crate::error::{Error, Result};
use crate::net::Learners;
use crate::weights::{Augmentation, Card, Class, Loss, Method, Schedule};

/// Images from which on their own statistics are better for batch normalisation than those that the network came with.
const MANY: usize = 8;

/// What a person asks for; what is absent is worked out from the device, the images and the labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(rename = "TrainingRequest"))]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    /// The classes of the labels from 1 on; none: see [`super::Start::of`].
    pub classes: Vec<Class>,
    /// What people call the model that comes out; absent: as the one that it goes on from.
    pub title: Option<String>,
    /// A new network of this preset; absent: the loaded model goes on learning.
    pub preset: Option<String>,
    /// Channels of a new network at full resolution.
    pub width: Option<usize>,
    /// Steps, at most.
    pub steps: usize,
    /// Absent: [`Method::LEARNING_RATE`], and [`Request::TOUCH_UP`] for a network that does well on these labels already.
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
    /// Whether strokes that are wider than what they show are snapped to its edges.
    pub snap: bool,
    /// Whether single objects are learnt, not their class alone: the labels have one class, see [`super::single_objects`].
    pub objects: bool,
    /// Whether unlabelled pixels count a little as background, where people painted less of that than of what they look for.
    pub fill: bool,
    /// Half of the batch, or of the patch: the device ran out of memory.
    pub halved: bool,
}

/// What is minimised: the parts of a [`Loss`], each with a factor of 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    #[default]
    CrossEntropyDice,
    CrossEntropy,
    Dice,
    Focal,
}

impl Objective {
    /// With border weights (Ronneberger 2015) if the labels tell `objects`: strokes have none whose gaps could be kept.
    fn loss(self, class_weights: Vec<f32>, objects: bool) -> Loss {
        let (cross_entropy, dice, focal) = match self {
            Self::CrossEntropyDice => (1.0, 1.0, 0.0),
            Self::CrossEntropy => (1.0, 0.0, 0.0),
            Self::Dice => (0.0, 1.0, 0.0),
            Self::Focal => (0.0, 0.0, 1.0),
        };
        let border_weight = if objects { Loss::default().border_weight } else { 0.0 };
        Loss { border_weight, cross_entropy, dice, focal, class_weights, ..Loss::default() }
    }
}

/// What is made of labelled images.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub parts: HeldOut,
    pub settings: Settings,
    /// Labelled pixels to learn from, of the background and of each class.
    pub pixels: Vec<u64>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            classes: Vec::new(),
            title: None,
            preset: None,
            width: None,
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
            snap: true,
            objects: false,
            fill: true,
            halved: false,
        }
    }
}

impl Request {
    /// Patches in a step, and pixels a side of one.
    pub const MAX_BATCH: usize = 64;
    pub const MAX_PATCH: usize = 1024;
    /// The learning rate for a network that does well on the labels before its first step.
    pub const TOUCH_UP: f64 = 1e-4;

    /// Parts the samples into those to learn from and those to validate by, and works the settings out. `taught` is whether
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
        let snapped = Method { snapped: self.snap, ..Method::default() };
        let parts = hold_out(as_wanted(samples, &snapped), self.seed)?;
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
    /// lowering it comes from the mean of networks instead ([`Method::average`]). Patches are centred on labelled pixels, half of
    /// them on a class drawn evenly: with a few strokes in a large image, most others would hold nothing.
    pub fn settings(&self, plan: PatchPlan, taught: bool, training: &[Sample], card: &Card) -> Settings {
        let weights = if self.balance { ClassBalance::InverseFrequency } else { ClassBalance::None }
            .weights(training.iter().map(|s| &s.labels), card);
        // A square root between "every pixel counts the same" and "every class counts the same": with the whole inverse
        // frequency, thin structures come out thick.
        let class_weights = weights.into_iter().map(f32::sqrt).collect();
        let objects = training.iter().any(|s| matches!(s.labels, Labels::Objects(_)));
        let area = training.iter().map(|s| s.labels.len() as u64).sum();
        let unlabelled =
            if self.fill { unlabelled_weight(&counted(training, card.classes.len()), area) } else { 0.0 };
        let method = Method {
            batch: self.batch.unwrap_or(plan.batch).clamp(1, Self::MAX_BATCH),
            patch: self.patch.unwrap_or(plan.patch).clamp(1, Self::MAX_PATCH),
            learning_rate: self.learning_rate.unwrap_or(Method::LEARNING_RATE),
            schedule: Schedule::WarmUp,
            average: Some(0.98),
            balanced_patches: Some(0.5),
            augmentation: if self.augment { Augmentation::default() } else { Augmentation::NONE },
            part: self.learn,
            keep_statistics: self.keep_statistics.unwrap_or(taught && training.len() < MANY),
            snapped: self.snap,
            ..Method::default()
        };
        let adapt = Adapt {
            touch_up: (taught && self.learning_rate.is_none()).then_some(Self::TOUCH_UP),
            statistics: taught && self.keep_statistics.is_none(),
        };
        // As wide as it learnt them before.
        let before = card.training.as_ref().map(|training| training.loss.rim_width);
        let rim_width =
            before.filter(|width| Loss::RIMS.contains(width)).unwrap_or(Loss::default().rim_width);
        Settings {
            steps: self.steps.max(1),
            adapt,
            seed: self.seed,
            loss: Loss { unlabelled, rim_width, ..self.loss.loss(class_weights, objects) },
            method,
        }
    }
}

impl Settings {
    /// Half of the patches in a step, or half of their side, after the device ran out of memory.
    ///
    /// # Errors
    /// `train.memory` if nothing is left to be halved.
    pub fn halve(&mut self, card: &Card) -> Result<()> {
        let plan = PatchPlan { batch: self.method.batch, patch: self.method.patch };
        let Some(half) = plan.halved(&card.network) else {
            return Err(Error::limit(
                "train.memory",
                "This device has too little memory to train this network, even with the smallest patches.",
            ));
        };
        (self.method.batch, self.method.patch) = (half.batch, half.patch);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::start::untrained;
    use crate::weights::Training;

    fn card() -> Card {
        untrained("small", Some(2), 1, Class::numbered(&[], 1), None).unwrap()
    }

    #[test]
    fn rims_stay_as_wide_as_they_were_learnt() {
        let mut card = card();
        let plan = PatchPlan { batch: 2, patch: 64 };
        let wide = |card: &Card| Request::default().settings(plan, true, &[], card).loss.rim_width;
        assert_eq!(wide(&card), 2.0);
        for (said, kept) in [(3.0, 3.0), (0.0, 2.0), (f32::NAN, 2.0)] {
            let loss = Loss { rim_width: said, ..Loss::default() };
            card.training = Some(Training { loss, ..Training::of("nuclei") });
            assert_eq!(wide(&card), kept);
        }
    }

    #[test]
    fn few_images_and_a_network_that_has_learnt_keep_the_statistics() {
        let card = card();
        let plan = PatchPlan { batch: 2, patch: 64 };
        let settings = |taught| Request::default().settings(plan, taught, &[], &card);
        assert!(settings(true).method.keep_statistics && !settings(false).method.keep_statistics);
        let gentle = settings(true).adapt.touch_up.unwrap();
        assert!(gentle < settings(true).method.learning_rate && settings(false).adapt == Adapt::default());
        assert!(settings(true).validate().is_ok());
        let dice = Request { loss: Objective::Dice, ..Request::default() }.settings(plan, false, &[], &card);
        assert_eq!((dice.loss.cross_entropy, dice.loss.dice, dice.loss.border_weight), (0.0, 1.0, 0.0));
        assert_eq!(settings(true).loss.cross_entropy, 1.0);
    }

    fn sample(labels: Vec<u8>) -> Sample {
        let image = crate::scan::Image::new(40, 40, 1, vec![0.5; 1600]).unwrap();
        Sample::new("a", "", image, crate::train::Labels::Classes(labels)).unwrap()
    }

    #[test]
    fn without_a_labelled_pixel_there_is_nothing_to_learn() {
        let card = card();
        let prepare = |samples| Request::default().prepare(samples, &card, false, (Kind::Cpu, None));
        assert_eq!(prepare(vec![]).unwrap_err().code(), "train.empty");
        assert_eq!(prepare(vec![sample(vec![255; 1600])]).unwrap_err().code(), "train.unlabelled");
        let some = prepare(vec![sample((0..1600).map(|i| (i % 40 > 20) as u8).collect())]).unwrap();
        assert!(some.pixels.iter().all(|n| *n > 0));
    }

    #[test]
    fn a_training_that_does_not_fit_into_memory_is_halved_until_nothing_is_left() {
        let card = card();
        let labels: Vec<u8> = (0..1600).map(|i| (i % 40 > 20) as u8).collect();
        let request = Request { batch: Some(4), patch: Some(32), halved: true, ..Request::default() };
        let half = request.prepare(vec![sample(labels)], &card, false, (Kind::Cpu, None)).unwrap().settings;
        assert_eq!((half.method.batch, half.method.patch), (2, 32));
        let mut last = half;
        while last.halve(&card).is_ok() {}
        assert_eq!(last.method.batch, 1);
        assert_eq!(last.halve(&card).unwrap_err().code(), "train.memory");
    }
}
