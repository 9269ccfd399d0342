//! The options of `insitu train` that say what is minimised, how steps are taken and how patches are changed.

use clap::{Args, ValueEnum};
use insitu::net::Learners;
use insitu::train::{Augmentation, ClassBalance, Optimiser, Schedule};
use insitu::weights::{Loss, Method};

/// Loss, optimiser, patches.
#[derive(Args, Debug)]
pub struct MethodArgs {
    /// Parts of the loss with their factors: ce (cross-entropy), bce (binary, each output by itself), dice, focal; such as
    /// ce=1,dice=0.5 or focal [default: ce=1,dice=1]
    #[arg(long, value_name = "PART=FACTOR,...", value_parser = parts, conflicts_with = "dice")]
    loss: Option<Parts>,
    /// Factor of soft Dice beside cross-entropy, for a loss of these two
    #[arg(long, default_value_t = 1.0)]
    dice: f32,
    /// Exponent gamma of the focal loss
    #[arg(long, default_value_t = 2.0)]
    focal_gamma: f32,
    /// Alpha of the focal loss: what the foreground counts, the background counting 1 - alpha [default: both 1]
    #[arg(long)]
    focal_alpha: Option<f32>,
    /// Weights of the background and each class: none, auto (inverse frequency), median (median frequency), or numbers
    #[arg(long, value_name = "none|auto|median|W0,W1,...", default_value = "none", value_parser = balance)]
    class_weights: ClassBalance,
    /// Height w0 of the border weights; 0 switches them off
    #[arg(long, default_value_t = 10.0)]
    border_weight: f32,
    /// Width sigma of the border weights, pixels
    #[arg(long, default_value_t = 5.0)]
    border_sigma: f32,
    /// Width of the rims of objects that are learnt, pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 2.0)]
    rim: f32,
    /// What takes the steps
    #[arg(long, value_enum, default_value = "adam")]
    optimiser: OptimiserArg,
    /// Largest learning rate [default: 1e-3]
    #[arg(long)]
    learning_rate: Option<f64>,
    /// Momentum of sgd
    #[arg(long, default_value_t = 0.99)]
    momentum: f64,
    /// Weight decay [default: 0.01 for adamw, else 0]
    #[arg(long)]
    weight_decay: Option<f32>,
    /// How the learning rate changes over time
    #[arg(long, value_enum, default_value = "cosine")]
    schedule: ScheduleArg,
    /// What plateau multiplies the learning rate by
    #[arg(long, default_value_t = 0.1)]
    plateau_factor: f64,
    /// Validations without anything better that plateau puts up with
    #[arg(long, default_value_t = 5)]
    patience: usize,
    /// Gradients of a larger norm are scaled down to it, each parameter on its own; 0 for never
    #[arg(long, default_value_t = 1.0)]
    clip: f32,
    /// Validate and keep the mean of the networks of all steps, each weighing this much of the next one, as 0.98
    #[arg(long, value_name = "DECAY")]
    average: Option<f32>,
    /// Centre patches on labelled pixels: this part of them (0 to 1) on a class drawn evenly, the others on any
    #[arg(long, value_name = "PART")]
    balanced_patches: Option<f32>,
    /// No flips and quarter turns of patches
    #[arg(long)]
    no_flips: bool,
    /// Largest random rotation, degrees
    #[arg(long, default_value_t = 15.0)]
    rotation: f32,
    /// Random size factor, 1 for none
    #[arg(long, default_value_t = 1.25)]
    scale: f32,
    /// Elastic deformation, pixels standard deviation
    #[arg(long, default_value_t = 10.0)]
    elastic: f32,
    /// Largest random shift, pixels, for images no larger than a patch
    #[arg(long, default_value_t = 0.0)]
    shift: f32,
    /// Random contrast factor, 1 for none
    #[arg(long, default_value_t = 1.3)]
    contrast: f32,
    /// Largest random change of brightness, as a part of the range
    #[arg(long, default_value_t = 0.15)]
    brightness: f32,
    /// Random exponent of grey values, 1 for none
    #[arg(long, default_value_t = 1.4)]
    gamma: f32,
    /// Largest standard deviation of noise, as a part of the range
    #[arg(long, default_value_t = 0.06)]
    noise: f32,
    /// Largest standard deviation of blur, pixels
    #[arg(long, default_value_t = 0.8)]
    blur: f32,
    /// Exchange dark and bright in this part of the patches (0 to 1), for contrasts that differ as those of MR do
    #[arg(long, default_value_t = 0.0, value_name = "PART", value_parser = crate::predict::probability)]
    invert: f32,
    /// Change each dye of stained sections by up to so much: 0.2 adds or takes away a fifth, and 0.2 of optical density besides
    #[arg(long, default_value_t = 0.0)]
    stain: f32,
    /// Draw hairs over this part of the patches (0 to 1), for photographs of the skin
    #[arg(long, default_value_t = 0.0, value_name = "PART", value_parser = crate::predict::probability)]
    hairs: f32,
    /// The part of the network that learns
    #[arg(long, value_enum, default_value = "all")]
    learn: PartArg,
    /// Batch normalisation keeps the means and variances that the network came with: for a handful of images
    #[arg(long)]
    pub keep_statistics: bool,
}

/// The part of the network that learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PartArg {
    All,
    /// The way up and the last layer
    Decoder,
    LastLayer,
}

/// What takes the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OptimiserArg {
    /// Adam, betas 0.9 and 0.999
    Adam,
    /// Adam with decoupled weight decay
    #[value(name = "adamw")]
    AdamW,
    /// Gradient descent with momentum, as in Ronneberger 2015
    Sgd,
}

/// How the learning rate changes over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ScheduleArg {
    /// Rises over 50 steps and falls along a cosine to zero
    Cosine,
    /// Stays the same
    Constant,
    /// Rises from a half over 50 steps and stays the same then
    WarmUp,
    /// Falls whenever the validated images bring nothing better for a while
    Plateau,
}

/// Factors of the parts of the loss.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Parts {
    cross_entropy: f32,
    binary: f32,
    dice: f32,
    focal: f32,
}

impl MethodArgs {
    pub fn is_sgd(&self) -> bool {
        self.optimiser == OptimiserArg::Sgd
    }

    pub fn is_plateau(&self) -> bool {
        self.schedule == ScheduleArg::Plateau
    }

    pub fn is_focal(&self) -> bool {
        self.loss.is_some_and(|parts| parts.focal != 0.0)
    }

    pub fn has_border_weights(&self) -> bool {
        self.border_weight != 0.0
    }

    pub fn part(&self) -> Learners {
        match self.learn {
            PartArg::All => Learners::All,
            PartArg::Decoder => Learners::Decoder,
            PartArg::LastLayer => Learners::LastLayer,
        }
    }

    /// What is minimised; `balance` works the class weights out.
    pub fn loss(&self, balance: impl FnOnce(&ClassBalance) -> Vec<f32>) -> Loss {
        let parts = self.loss.unwrap_or(Parts { cross_entropy: 1.0, dice: self.dice, ..Parts::default() });
        Loss {
            border_weight: self.border_weight,
            border_sigma: self.border_sigma,
            rim_width: self.rim,
            dice: parts.dice,
            cross_entropy: parts.cross_entropy,
            binary: parts.binary,
            focal: parts.focal,
            focal_gamma: self.focal_gamma,
            focal_alpha: self.focal_alpha,
            class_weights: balance(&self.class_weights),
            // Labels of whole images say what is background.
            unlabelled: 0.0,
        }
    }

    /// How steps are taken and patches changed.
    pub fn method(&self, batch: usize, patch: usize) -> Method {
        Method {
            batch,
            patch,
            learning_rate: self.learning_rate.unwrap_or(Method::LEARNING_RATE),
            schedule: self.schedule(),
            optimiser: self.optimiser(),
            clip: (self.clip != 0.0).then_some(self.clip),
            average: self.average,
            balanced_patches: self.balanced_patches,
            augmentation: self.augmentation(),
            part: self.part(),
            keep_statistics: self.keep_statistics,
            snapped: false,
        }
    }

    /// The learning rate that was asked for.
    pub fn given_learning_rate(&self) -> Option<f64> {
        self.learning_rate
    }

    fn optimiser(&self) -> Optimiser {
        let weight_decay = self.weight_decay;
        match self.optimiser {
            OptimiserArg::Adam => Optimiser::Adam { weight_decay: weight_decay.unwrap_or(0.0) },
            OptimiserArg::AdamW => Optimiser::AdamW { weight_decay: weight_decay.unwrap_or(0.01) },
            OptimiserArg::Sgd => {
                Optimiser::Sgd { momentum: self.momentum, weight_decay: weight_decay.unwrap_or(0.0) }
            }
        }
    }

    fn schedule(&self) -> Schedule {
        match self.schedule {
            ScheduleArg::Cosine => Schedule::Cosine,
            ScheduleArg::Constant => Schedule::Constant,
            ScheduleArg::WarmUp => Schedule::WarmUp,
            ScheduleArg::Plateau => {
                Schedule::Plateau { factor: self.plateau_factor, patience: self.patience }
            }
        }
    }

    fn augmentation(&self) -> Augmentation {
        Augmentation {
            flips: !self.no_flips,
            rotation: self.rotation,
            scale: self.scale,
            elastic: self.elastic,
            shift: self.shift,
            contrast: self.contrast,
            brightness: self.brightness,
            gamma: self.gamma,
            noise: self.noise,
            blur: self.blur,
            invert: self.invert,
            stain: self.stain,
            hairs: self.hairs,
        }
    }
}

/// Reads `ce=1,dice=0.5`; a part without a factor counts 1, and `+` is as good as a comma.
fn parts(text: &str) -> Result<Parts, String> {
    let mut parts = Parts::default();
    for part in text.split([',', '+']) {
        let (name, factor) = part.split_once('=').unwrap_or((part, "1"));
        let factor: f32 =
            factor.trim().parse().map_err(|_| format!("the factor '{factor}' is not a number"))?;
        match name.trim() {
            "ce" => parts.cross_entropy = factor,
            "bce" => parts.binary = factor,
            "dice" => parts.dice = factor,
            "focal" => parts.focal = factor,
            other => return Err(format!("there is no loss '{other}'; the names are ce, bce, dice, focal")),
        }
    }
    Ok(parts)
}

/// Reads `none`, `auto`, `median` or numbers.
fn balance(text: &str) -> Result<ClassBalance, String> {
    match text {
        "none" => Ok(ClassBalance::None),
        "auto" => Ok(ClassBalance::InverseFrequency),
        "median" => Ok(ClassBalance::MedianFrequency),
        numbers => {
            let weights: Result<Vec<f32>, _> = numbers.split(',').map(|n| n.trim().parse()).collect();
            weights
                .map(ClassBalance::Given)
                .map_err(|_| "neither none, auto, median nor numbers with commas between them".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use insitu::train::Settings;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        method: MethodArgs,
    }

    fn args(words: &[&str]) -> MethodArgs {
        Line::try_parse_from(std::iter::once(&"train").chain(words)).map(|line| line.method).unwrap()
    }

    #[test]
    fn without_options_everything_is_as_the_engine_has_it() {
        let (args, plain) = (args(&[]), Settings::default());
        let loss = args.loss(|balance| balance.weights([], &card()));
        let method = args.method(plain.method.batch, plain.method.patch);
        let settings = Settings { loss, method, ..plain.clone() };
        assert_eq!(settings, plain);
    }

    fn card() -> insitu::weights::Card {
        use insitu::net::Preset;
        use insitu::weights::{Card, Class};
        let class = Class { name: "x".into(), colour: "#000000".into() };
        Card::new("t", Preset::Small.config(1, 1), vec![class], Card::plain_outputs(1))
    }

    #[test]
    fn losses_are_sums_of_named_parts() {
        assert_eq!(parts("ce=1,dice=0.5"), Ok(Parts { cross_entropy: 1.0, dice: 0.5, ..Parts::default() }));
        assert_eq!(parts("bce+focal=2"), Ok(Parts { binary: 1.0, focal: 2.0, ..Parts::default() }));
        assert!(parts("jaccard=1").is_err() && parts("ce=much").is_err() && parts("").is_err());
        let loss = args(&["--loss", "focal", "--focal-alpha", "0.25"]).loss(|_| vec![]);
        assert_eq!(
            (loss.focal, loss.focal_alpha, loss.cross_entropy, loss.dice),
            (1.0, Some(0.25), 0.0, 0.0)
        );
        assert!(Line::try_parse_from(["train", "--loss", "ce", "--dice", "1"]).is_err());
    }

    #[test]
    fn class_weights_are_a_rule_or_numbers() {
        assert_eq!(balance("none"), Ok(ClassBalance::None));
        assert_eq!(balance("auto"), Ok(ClassBalance::InverseFrequency));
        assert_eq!(balance("1,2.5"), Ok(ClassBalance::Given(vec![1.0, 2.5])));
        assert!(balance("1;2").is_err());
    }

    #[test]
    fn the_paper_is_a_line_of_options() {
        let args = args(&["--loss=ce", "--optimiser=sgd", "--schedule=constant", "--clip=0"]);
        assert_eq!(args.optimiser(), Optimiser::Sgd { momentum: 0.99, weight_decay: 0.0 });
        assert_eq!((args.schedule(), args.method(1, 1).clip), (Schedule::Constant, None));
    }
}
