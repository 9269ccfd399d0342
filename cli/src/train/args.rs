//! The options of `insitu train`, and what they make: settings and the card of a new network.

use std::path::PathBuf;

use clap::builder::TypedValueParser;
use clap::{Args, ValueEnum, value_parser};
use insitu::Result;
use insitu::results::Meaning;
use insitu::train::{Adapt, Request, Sample, Settings, untrained};
use insitu::weights::{Card, Class, Input, Patches};

use super::method::MethodArgs;
use crate::data::{LabelMode, View};
use crate::device;

/// Trains a network on a folder of labelled images.
#[derive(Args, Debug)]
pub struct TrainArgs {
    /// Folder with images/STEM.* and labels/STEM.png or .tif, of volumes STEM.nii.gz, each slice an image (and optionally fov/STEM.png, 0 outside the field of view, and
    /// index.csv: id,kind)
    #[arg(long)]
    pub data: PathBuf,
    /// Network to train
    #[arg(long, default_value = "small")]
    pub preset: String,
    /// Model file to write; FILE.log.csv and FILE.checkpoint stand beside it
    #[arg(long)]
    pub out: PathBuf,
    /// Start from this model, a shipped one's name or a file, instead of from scratch
    #[arg(long, value_name = "NAME_OR_FILE")]
    pub init: Option<String>,
    /// Passes over the data, counted in pixels; --steps overrides it
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Optimiser steps
    #[arg(long)]
    pub steps: Option<usize>,
    /// Fixes the initial weights, the split, the patches and their changes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Part of the images held out to validate the network
    #[arg(long, default_value_t = 0.2)]
    pub val_fraction: f64,
    /// Part of the images set aside before all else, by which nothing is chosen: the scores in the card are of these
    #[arg(long, default_value_t = 0.0, value_name = "PART")]
    pub test_fraction: f64,
    /// Cross-validation: divide the images into so many parts, teach a network without each, and one on all of them, which is saved. The scores in
    /// the card are the means over the parts, each as found by the network that has not seen it and weighing as its images
    #[arg(long, value_name = "PARTS", value_parser = value_parser!(u16).range(2..), conflicts_with_all = ["val_fraction", "test_fraction"])]
    pub folds: Option<u16>,
    /// Of the parts of --folds, judge the last so many only: each costs a training of its own [default: all]
    #[arg(long, value_name = "PARTS", value_parser = value_parser!(u16).range(1..))]
    pub judge: Option<u16>,
    /// What the values in labels/ mean
    #[arg(long, value_enum, default_value = "auto")]
    pub labels: LabelMode,
    /// What of the images counts
    #[arg(long, value_enum, default_value = "folder")]
    pub field_of_view: View,
    /// How touching objects are told apart (for object labels)
    #[arg(long, value_enum, default_value = "boundary")]
    pub separate: Separate,
    /// Channels at full resolution, if not the preset's; with --init, more than the model has: it answers as before, and has more to learn with
    #[arg(long)]
    pub width: Option<usize>,
    /// Bring the longer side of every image to so many pixels, for things that are known by their whole, as organs are (written into the card)
    #[arg(long, value_name = "PIXELS", value_parser = long_side())]
    pub long_side: Option<usize>,
    /// Hold whole patients out: what stands in the name before the first "__", or the first "_", is the patient
    #[arg(long)]
    pub patients: bool,
    /// Colour (3) or grey (1) input; the default is what the first image has
    #[arg(long)]
    pub channels: Option<usize>,
    /// Patches in a step [default: 4; with --by-hand, what fits]
    #[arg(long)]
    batch: Option<usize>,
    /// Pixels a side of a patch [default: 192; with --by-hand, what fits]
    #[arg(long)]
    patch: Option<usize>,
    /// Train as the page does with labels made by hand: 255 is "not labelled", some of the labels validate, and patches, class
    /// weights and all else follow from the images and the device; options that it works out are refused
    #[arg(long, alias = "lesson")]
    pub by_hand: bool,
    #[command(flatten)]
    pub method: MethodArgs,
    /// Validate and save every so many steps
    #[arg(long, default_value_t = 250)]
    pub every: usize,
    /// Images validated each time, at most (spread over all that are held out)
    #[arg(long, alias = "judged", default_value_t = 40)]
    pub validated: usize,
    /// Average predictions over the four flips (written into the card)
    #[arg(long)]
    pub flips: bool,
    /// Average predictions over patches as large as those learnt from, so many pixels apart (written into the card)
    #[arg(long, value_name = "PIXELS")]
    pub overlap: Option<usize>,
    /// Probability from which a pixel is foreground (written into the card); `eval --threshold` tells which serves best
    #[arg(long, value_name = "P", value_parser = crate::predict::probability)]
    pub threshold: Option<f32>,
    /// Leave out of masks each piece smaller than this part of the largest piece of its class in the image, above 0 and up to 1 (the largest alone): for
    /// things of which there is one (written into the card)
    #[arg(long, value_name = "PART")]
    pub smallest_part: Option<f32>,
    /// With --smallest-part: pieces are the larger for it the nearer they lie to the middle of the image, where people bring what they take a picture
    /// of; what comes in from the rim is left out (written into the card)
    #[arg(long)]
    pub central: bool,
    /// Leave out of masks each piece, and of objects each one, in which no pixel reaches this probability (of the inside, where rims are learnt); written
    /// into the card
    #[arg(long, value_name = "P", value_parser = crate::predict::probability)]
    pub peak: Option<f32>,
    /// With --separate boundary: two tops of one inside are two objects where one has to go down between them by this much or more, above 0 and up to
    /// 2, of the probability of the inside less that of the rim; 0.4 for a new network (written into the card)
    #[arg(long, value_name = "DEPTH")]
    pub valley: Option<f32>,
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

/// Parses the longer side of images.
fn long_side() -> impl TypedValueParser<Value = usize> {
    let (least, most) = Input::LONG_SIDES.into_inner();
    value_parser!(u32).range(least as i64..=most as i64).map(|side| side as usize)
}

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
        let loss = self.method.loss(|balance| balance.weights(labels(), card));
        let method = self.method.method(self.batch(), self.patch());
        Settings { steps, adapt: Adapt::default(), seed: self.seed, loss, method }
    }

    /// Patches in a step.
    pub fn batch(&self) -> usize {
        self.batch.unwrap_or(4)
    }

    /// Pixels a side of a patch.
    pub fn patch(&self) -> usize {
        self.patch.unwrap_or(192)
    }

    /// What the page would ask for.
    pub fn request(&self) -> Request {
        let plain = Request::default();
        Request {
            title: Some(self.title.clone()),
            width: self.width,
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
        self.overlap.map(|stride| Patches::square(self.patch(), stride))
    }

    /// The card of a new network.
    ///
    /// # Errors
    /// `net.preset.unknown`, `net.config`.
    pub fn card(&self, channels: usize, mode: Meaning, classes: usize) -> Result<Card> {
        let objects = mode == Meaning::Objects;
        let rims = classes == 1 && objects && self.separate == Separate::Boundary;
        let outputs = rims.then(Card::boundary_outputs);
        let named = Class::numbered(&self.class, classes);
        let mut card = untrained(&self.preset, self.width, channels, named, outputs)?;
        card.title.clone_from(&self.title);
        card.input.long_side = self.long_side;
        card.flips = self.flips;
        card.threshold = self.threshold.unwrap_or(card.threshold);
        card.smallest_part = self.smallest_part;
        card.central = self.central;
        card.peak = self.peak;
        card.valley = self.valley.or(card.valley);
        if objects {
            card.metrics = vec!["dice".into(), "ap50".into()];
        }
        Ok(card)
    }
}
