//! One training: the caller pumps it step by step, so that pause is not calling and cancel is dropping.

use burn::module::Module;
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::average::Average;
use super::batch::Sampler;
use super::descent::Descent;
use super::gradients::gradients;
use super::loss::loss;
use super::merge::Merge;
use super::pace::Pace;
use super::sample::Sample;
use super::settings::{Adapt, Settings};
use super::validate::{Scores, validate};
use crate::error::{Error, Result};
use crate::net::{UNet, he_normal, stable_ids};
use crate::weights::{Card, Method, Model, Schedule};

/// Dice on held-out labels from which a network is said to do well before it has learnt anything of them.
const DOES_WELL: f64 = 0.75;

/// What the past weighs after a step in the mean of networks that begins with one that does well.
const SLOWLY: f32 = 0.99;

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(rename = "TrainingStep"))]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// 1 after the first step.
    pub step: usize,
    pub loss: f32,
    pub learning_rate: f64,
}

/// A point of a training to which it can go back. It shares the weights with the session until either changes them.
#[derive(Clone)]
pub struct Snapshot {
    pub(super) done: usize,
    /// As for inference, so that later batches do not change its statistics.
    pub(super) net: UNet,
    pub(super) average: Option<Average>,
    pub(super) optimiser: Descent,
    pub(super) pace: Pace,
    pub(super) best: Option<Best>,
}

/// The network of the best validation so far, as for inference.
#[derive(Clone)]
pub(super) struct Best {
    /// Steps that were done.
    pub step: usize,
    pub scores: Scores,
    pub net: UNet,
}

impl Snapshot {
    /// Steps that were done.
    pub fn done(&self) -> usize {
        self.done
    }
}

/// A training under way.
pub struct Session {
    card: Card,
    net: UNet,
    /// What is validated, shown and kept, if [`Method::average`] asks for it.
    average: Option<Average>,
    optimiser: Descent,
    device: Device,
    sampler: Sampler,
    merge: Option<Merge>,
    validation: Vec<Sample>,
    settings: Settings,
    done: usize,
    pace: Pace,
    best: Option<Best>,
}

impl Session {
    /// Starts from `init` (whose card is taken), or from the card's network with He's initialisation.
    ///
    /// `device` is the plain device; the session puts autodiff on it.
    ///
    /// # Errors
    /// `train.empty` without training samples; `train.settings`, `train.loss` for settings that make no sense;
    /// `train.plateau` if the learning rate should follow validation and there are no images for it; `train.memory` for
    /// patches that no memory holds; `net.config`; `model.card`.
    pub fn new(
        card: Card,
        init: Option<UNet>,
        samples: Vec<Sample>,
        validation: Vec<Sample>,
        settings: Settings,
        device: &Device,
    ) -> Result<Self> {
        card.validate()?;
        card.check_trainable()?;
        settings.validate()?;
        settings.loss.validate(card.classes.len())?;
        settings.check_memory(&card)?;
        if matches!(settings.method.schedule, Schedule::Plateau { .. }) && validation.is_empty() {
            return Err(Error::invalid(
                "train.plateau",
                "A learning rate that falls on a plateau needs images that are held out to validate the network.",
            ));
        }
        let training = device.clone().autodiff();
        let net = match init {
            // A network that was loaded for inference learns again after this.
            Some(net) => net,
            None => he_normal(UNet::new(&card.network, &training)?, settings.seed),
        };
        let net = net.learning(settings.method.part, settings.method.keep_statistics);
        Ok(Self {
            merge: Merge::of(&card, &samples),
            card,
            net: stable_ids(net),
            average: None,
            optimiser: settings.method.optimiser.init(settings.method.clip),
            device: device.clone(),
            sampler: Sampler::new(samples, settings.method.augmentation, settings.seed)?
                .balanced(settings.method.balanced_patches),
            validation,
            settings,
            done: 0,
            pace: Pace::default(),
            best: None,
        })
    }

    /// Steps done.
    pub fn done(&self) -> usize {
        self.done
    }

    /// The settings it was started with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The best scores so far.
    pub fn best_scores(&self) -> Option<Scores> {
        self.best.as_ref().map(|best| best.scores)
    }

    /// Steps that were done when the best scores were made.
    pub fn best_step(&self) -> Option<usize> {
        self.best.as_ref().map(|best| best.step)
    }

    /// One optimiser step on one batch. If [`Settings::adapt`] waits for a validation before the first step, and nobody
    /// asked for one, it is made here; its scores are not kept.
    ///
    /// # Errors
    /// `train.diverged` if the loss is no longer a number; the network is then as before the step.
    /// `train.unlabelled` if no pixel of the batch is labelled; nothing changes then but the step's number.
    pub async fn step(&mut self) -> Result<Step> {
        if self.done == 0 && self.settings.adapt != Adapt::default() && !self.validation.is_empty() {
            let scores = validate(&self.validated(), &self.validation, async |_, _| true).await?;
            self.adapt(scores.dice);
        }
        let Settings { steps, loss: ref how, ref method, .. } = self.settings;
        let Method { batch, patch, .. } = *method;
        let learning_rate = self.settings.method.schedule.rate(
            self.settings.method.learning_rate,
            self.done,
            steps,
            self.pace,
        );
        let made = self.sampler.batch(self.done, batch, patch, &self.card, how);
        if !made.is_labelled(how) {
            self.done += 1;
            return Err(Error::invalid(
                "train.unlabelled",
                "None of the chosen pixels is labelled; nothing was learnt.",
            ));
        }
        let training = self.device.clone().autodiff();
        let (images, wanted, weights) = made.tensors(&training);
        let wanted = match &self.merge {
            Some(merge) => merge.wanted(&wanted),
            None => wanted,
        };
        let merged = |logits| match &self.merge {
            Some(merge) => merge.logits(logits),
            None => logits,
        };
        // The pass updates the statistics of batch normalisation, which clones of the network would share.
        let before = self.net.valid();
        // Every head learns, and each step drops other activations.
        let seed = self.settings.seed ^ (self.done as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let (value, gradients) = gradients(&self.net, images, seed, |heads| {
            let n = heads.len() as f32;
            let each =
                heads.into_iter().map(|logits| loss(merged(logits), wanted.clone(), weights.clone(), how));
            match each.reduce(|sum, value| sum + value) {
                Some(sum) if n > 1.0 => Ok(sum / n),
                Some(value) => Ok(value),
                None => Err(Error::invalid("net.config", "This network has no output.")),
            }
        })?;
        let value = value.into_scalar_async::<f32>().await.map_err(|e| {
            Error::device("device.read", "The graphics card stopped answering during the training.")
                .with_source(e)
        })?;
        if !value.is_finite() {
            self.net =
                stable_ids(before.learning(self.settings.method.part, self.settings.method.keep_statistics));
            return Err(Error::invalid(
                "train.diverged",
                "The training went astray: the loss is no longer a number. Try a lower learning rate.",
            ));
        }
        self.net = self.optimiser.step(learning_rate, self.net.clone(), gradients);
        self.done += 1;
        if let Some(decay) = self.settings.method.average {
            self.average = Average::after(self.average.take(), || self.net.valid(), decay, self.done);
        }
        Ok(Step { step: self.done, loss: value, learning_rate })
    }

    /// Judges the present network on the validation images and keeps it if it is the best so far; the learning rate may
    /// follow from it ([`Schedule::Plateau`], [`Settings::adapt`]).
    pub async fn validate(&mut self, progress: impl AsyncFnMut(usize, usize) -> bool) -> Result<Scores> {
        let model = self.validated();
        let scores = validate(&model, &self.validation, progress).await?;
        let better = self.best.as_ref().is_none_or(|best| scores.total() > best.scores.total());
        self.pace.validated(better, self.settings.method.schedule);
        if self.done == 0 {
            self.adapt(scores.dice);
        }
        if better {
            self.best = Some(Best { step: self.done, scores, net: model.net });
        }
        Ok(scores)
    }

    /// The present network as it is validated.
    fn validated(&self) -> Model {
        let mut model = self.model();
        // Averaging over flips takes four times as long and lifts all networks alike.
        model.card.flips = false;
        model
    }

    /// Changes the settings before the first step, if there is a score: see [`Adapt`].
    fn adapt(&mut self, dice: Option<f64>) {
        let Some(dice) = dice else { return };
        let does_well = dice >= DOES_WELL;
        let adapt = std::mem::take(&mut self.settings.adapt);
        match adapt.touch_up {
            Some(rate) if does_well => {
                self.settings.method.learning_rate = rate;
                self.settings.loss.class_weights.clear();
                self.settings.loss.unlabelled = 0.0;
                if let Some(decay) = &mut self.settings.method.average {
                    *decay = decay.max(SLOWLY);
                    self.average = Some(Average::of(self.net.valid()));
                }
            }
            _ => {}
        }
        if adapt.statistics && !does_well && self.settings.method.keep_statistics {
            self.settings.method.keep_statistics = false;
            self.net = stable_ids(self.net.valid().learning(self.settings.method.part, false));
        }
    }

    /// The present network, or the mean of the last ones, ready for inference.
    pub fn model(&self) -> Model {
        let net = self.average.as_ref().map_or_else(|| self.net.valid(), |mean| mean.net.clone());
        Model { card: self.card.clone(), net, device: self.device.clone() }
    }

    /// The network that did best in validation, or the present one if none was validated.
    pub fn best(&self) -> Model {
        match &self.best {
            Some(best) => {
                Model { card: self.card.clone(), net: best.net.clone(), device: self.device.clone() }
            }
            None => self.model(),
        }
    }

    /// The present point, to go back to.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            done: self.done,
            net: self.net.valid(),
            average: self.average.clone(),
            optimiser: self.optimiser.clone(),
            pace: self.pace,
            best: self.best.clone(),
        }
    }

    /// Goes on from an earlier point as if nothing had come after it.
    pub fn go_back(&mut self, to: &Snapshot) {
        self.done = to.done;
        self.net = stable_ids(
            to.net.clone().learning(self.settings.method.part, self.settings.method.keep_statistics),
        );
        self.average.clone_from(&to.average);
        self.optimiser = to.optimiser.clone();
        self.pace = to.pace;
        self.best.clone_from(&to.best);
    }

    /// The network as it was at an earlier point, ready for inference.
    pub fn model_at(&self, point: &Snapshot) -> Model {
        let net = point.average.as_ref().map_or(&point.net, |mean| &mean.net);
        Model { card: self.card.clone(), net: net.clone(), device: self.device.clone() }
    }

    /// Ends the training and gives the validation images back.
    pub fn into_validation(self) -> Vec<Sample> {
        self.validation
    }

    /// A point of which the weights alone were kept. Its optimiser starts anew, so the steps after going back to it are not
    /// those that were taken then; the best network is the present best if that was found by then, else none.
    ///
    /// # Errors
    /// `train.point` if it is another network.
    pub fn point(&self, done: usize, model: Model) -> Result<Snapshot> {
        if model.card.network != self.card.network {
            return Err(Error::invalid(
                "train.point",
                "This point belongs to the training of another network.",
            ));
        }
        Ok(Snapshot {
            done,
            // Only what was validated is known of the point: the mean goes on from it.
            average: self.settings.method.average.map(|_| Average::of(model.net.valid())),
            net: model.net,
            optimiser: self.settings.method.optimiser.init(self.settings.method.clip),
            pace: Pace::default(),
            best: self.best.clone().filter(|best| best.step <= done),
        })
    }

    /// The samples that validate it.
    pub fn validation(&self) -> &[Sample] {
        &self.validation
    }

    /// The samples that it learns from.
    pub fn training(&self) -> &[Sample] {
        self.sampler.samples()
    }

    /// The card of the network under training.
    pub(super) fn card(&self) -> &Card {
        &self.card
    }
}
