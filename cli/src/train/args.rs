//! The options of `insitu train`, and what they make: settings and the card of a new network.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use insitu::Result;
use insitu::net::Preset;
use insitu::scan::Normalisation;
use insitu::train::{Adapt, Lesson, Sample, Settings};
use insitu::weights::{COLOURS, Card, Class, Patches};

use super::method::MethodArgs;
use crate::data::{LabelMode, View};
use crate::device;

/// Trains a network on a folder of labelled images.
#[derive(Args, Debug)]
pub struct TrainArgs {
    /// Folder with images/STEM.* and labels/STEM.png (and optionally fov/STEM.png, 0 outside the field of view, and
    /// index.csv: id,kind)
    #[arg(long)]
    pub data: PathBuf,
    /// Network to train
    #[arg(long, default_value = "small")]
    pub preset: String,
    /// Model file to write; FILE.log.csv and FILE.checkpoint stand beside it
    #[arg(long)]
    pub out: PathBuf,
    /// Start from this model instead of from scratch
    #[arg(long)]
    pub init: Option<PathBuf>,
    /// Passes over the data, counted in pixels; --steps overrides it
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Optimiser steps
    #[arg(long)]
    pub steps: Option<usize>,
    /// Fixes the initial weights, the split, the patches and their changes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Part of the images held out to judge the network
    #[arg(long, default_value_t = 0.2)]
    pub val_fraction: f64,
    /// What the values in labels/ mean
    #[arg(long, value_enum, default_value = "auto")]
    pub labels: LabelMode,
    /// What of the images counts
    #[arg(long, value_enum, default_value = "folder")]
    pub field_of_view: View,
    /// How touching objects are told apart (for object labels)
    #[arg(long, value_enum, default_value = "boundary")]
    pub separate: Separate,
    /// Channels at full resolution, if not the preset's
    #[arg(long)]
    pub width: Option<usize>,
    /// Colour (3) or grey (1) input; the default is what the first image has
    #[arg(long)]
    pub channels: Option<usize>,
    /// Patches in a step [default: 4; with --lesson, what fits]
    #[arg(long)]
    batch: Option<usize>,
    /// Pixels a side of a patch [default: 192; with --lesson, what fits]
    #[arg(long)]
    patch: Option<usize>,
    /// Train as the page does with labels made by hand: 255 is "not labelled", some of the labels judge, and patches, class
    /// weights and all else follow from the images and the device. Goes with --init, --preset, --width, --steps, --seed,
    /// --learning-rate, --batch, --patch, --learn, --keep-statistics and --class
    #[arg(long, conflicts_with_all = LESSON_WORKS_OUT.to_vec())]
    pub lesson: bool,
    #[command(flatten)]
    pub method: MethodArgs,
    /// Judge and save every so many steps
    #[arg(long, default_value_t = 250)]
    pub every: usize,
    /// Images judged each time, at most (spread over all that are held out)
    #[arg(long, default_value_t = 40)]
    pub judged: usize,
    /// Average predictions over the four flips (written into the card)
    #[arg(long)]
    pub flips: bool,
    /// Average predictions over patches as large as those learnt from, so many pixels apart (written into the card)
    #[arg(long, value_name = "PIXELS")]
    pub overlap: Option<usize>,
    /// Probability from which a pixel is foreground (written into the card); `eval --threshold` tells which serves best
    #[arg(long, value_name = "P", value_parser = crate::predict::probability)]
    pub threshold: Option<f32>,
    /// What people call the model
    #[arg(long, default_value = "Untitled model")]
    pub title: String,
    /// Names of the classes 1, 2, ..., with commas between them
    #[arg(long, value_delimiter = ',', default_value = "foreground")]
    pub class: Vec<String>,
    /// Store the weights in 16 bits: half the size
    #[arg(long)]
    pub half: bool,
    /// Where the data come from and what their licence asks for (written into the card)
    #[arg(long, default_value = "")]
    pub attribution: String,
    /// Licence of the weights (written into the card)
    #[arg(long, default_value = "")]
    pub licence: String,
    /// One or two sentences: what it finds, in which images (written into the card)
    #[arg(long, default_value = "")]
    pub summary: String,
    /// Pixel size of the images in mm, if known (written into the card)
    #[arg(long)]
    pub pixel_size_mm: Option<f64>,
    /// Where it runs
    #[arg(long, value_enum, default_value = "auto")]
    pub device: device::DeviceArg,
}

/// Options of the method that a lesson leaves no choice of.
const LESSON_WORKS_OUT: &[&str] = &[
    "epochs",
    "val_fraction",
    "labels",
    "field_of_view",
    "separate",
    "judged",
    "overlap",
    "loss",
    "dice",
    "focal_gamma",
    "focal_alpha",
    "class_weights",
    "border_weight",
    "border_sigma",
    "optimiser",
    "momentum",
    "weight_decay",
    "schedule",
    "plateau_factor",
    "patience",
    "clip",
    "average",
    "balanced_patches",
    "no_flips",
    "rotation",
    "scale",
    "elastic",
    "shift",
    "contrast",
    "brightness",
];

/// How touching objects are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Separate {
    /// An output of its own for the rims of objects
    Boundary,
    /// Background between objects, defended by border weights (Ronneberger 2015)
    BorderWeights,
}

impl TrainArgs {
    /// The settings of the session. `training` decides automatic class weights.
    pub fn settings(&self, steps: usize, training: &[Sample], card: &Card) -> Settings {
        let labels = || training.iter().map(|s| &s.labels);
        Settings {
            steps,
            batch: self.batch(),
            patch: self.patch(),
            learning_rate: self.method.learning_rate(),
            adapt: Adapt::default(),
            schedule: self.method.schedule(),
            optimiser: self.method.optimiser(),
            clip: self.method.clip(),
            average: self.method.average(),
            seed: self.seed,
            loss: self.method.loss(|balance| balance.weights(labels(), card)),
            balanced_patches: self.method.balanced_patches(),
            augmentation: self.method.augmentation(),
            part: self.method.part(),
            keep_statistics: self.method.keep_statistics,
        }
    }

    /// Patches in a step.
    pub fn batch(&self) -> usize {
        self.batch.unwrap_or(4)
    }

    /// Pixels a side of a patch.
    pub fn patch(&self) -> usize {
        self.patch.unwrap_or(192)
    }

    /// What the page would be told.
    pub fn lesson(&self) -> Lesson {
        let plain = Lesson::default();
        Lesson {
            steps: self.steps.unwrap_or(plain.steps),
            learning_rate: self.method.given_learning_rate(),
            seed: self.seed,
            batch: self.batch,
            patch: self.patch,
            learn: self.method.part(),
            keep_statistics: self.method.keep_statistics.then_some(true),
            ..plain
        }
    }

    /// Steps to take: as told, or as many as the epochs need.
    pub fn steps(&self, samples: &[Sample]) -> usize {
        let pixels: usize = samples.iter().map(|s| s.image.width * s.image.height).sum();
        let epoch = pixels.div_ceil((self.batch() * self.patch() * self.patch()).max(1)).max(1);
        self.steps.unwrap_or_else(|| self.epochs.unwrap_or(30) * epoch).max(1)
    }

    /// The patches that predictions are to be averaged over.
    pub fn patches(&self) -> Option<Patches> {
        self.overlap.map(|stride| Patches { size: self.patch(), stride })
    }

    /// The card of a new network.
    ///
    /// # Errors
    /// `net.preset.unknown`.
    pub fn card(&self, channels: usize, mode: LabelMode, classes: usize) -> Result<Card> {
        let objects = mode == LabelMode::Objects;
        let preset = Preset::from_name(&self.preset)?;
        let (_, published, _) = preset.published();
        let outputs = match classes {
            1 if objects && self.separate == Separate::Boundary => Card::boundary_outputs(),
            // One sigmoid, or two outputs and a softmax, as the network was published.
            1 => Card::plain_outputs(published),
            many => Card::plain_outputs(many + 1),
        };
        let mut network = preset.config(channels, outputs.len());
        network.width = self.width.unwrap_or(network.width);
        let named = (1..=classes).map(|i| Class {
            name: self.class.get(i - 1).cloned().unwrap_or_else(|| format!("class {i}")),
            colour: COLOURS[(i - 1) % COLOURS.len()].into(),
        });
        let mut card = Card::new(self.title.clone(), network, named.collect(), outputs);
        card.preset = Some(self.preset.clone());
        card.flips = self.flips;
        card.threshold = self.threshold.unwrap_or(card.threshold);
        card.input.normalisation = Normalisation::Percentile { low: 0.5, high: 99.5 };
        if objects {
            card.metrics = vec!["dice".into(), "ap50".into()];
        }
        Ok(card)
    }
}
