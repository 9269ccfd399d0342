//! `insitu train`: the engine's training loop over a folder, with checkpoints, a log and the best model kept.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use insitu::Result;
use insitu::net::Preset;
use insitu::scan::Normalisation;
use insitu::train::{
    Optimiser, Sample, Schedule, Scores, Session, Settings, balanced_class_weights, split, validate,
};
use insitu::weights::{COLOURS, Card, Class, Loss, Model, Precision, Training};

use crate::checkpoint::Paths;
use crate::data::{self, LabelMode};
use crate::device;
use crate::files::{read, unwritten, write};

/// Trains a network on a folder of labelled images.
#[derive(Args, Debug)]
pub struct TrainArgs {
    /// Folder with images/STEM.* and labels/STEM.png (and optionally index.csv: id,kind)
    #[arg(long)]
    data: PathBuf,
    /// Network to train
    #[arg(long, default_value = "small")]
    preset: String,
    /// Model file to write; FILE.log.csv and FILE.checkpoint stand beside it
    #[arg(long)]
    out: PathBuf,
    /// Start from this model instead of from scratch
    #[arg(long)]
    init: Option<PathBuf>,
    /// Passes over the data, counted in pixels; --steps overrides it
    #[arg(long)]
    epochs: Option<usize>,
    /// Optimiser steps
    #[arg(long)]
    steps: Option<usize>,
    /// Fixes the initial weights, the split, the patches and their changes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Part of the images held out to judge the network
    #[arg(long, default_value_t = 0.2)]
    val_fraction: f64,
    /// What the values in labels/ mean
    #[arg(long, value_enum, default_value = "auto")]
    labels: LabelMode,
    /// How touching objects are told apart (for object labels)
    #[arg(long, value_enum, default_value = "boundary")]
    separate: Separate,
    /// Channels at full resolution, if not the preset's
    #[arg(long)]
    width: Option<usize>,
    /// Colour (3) or grey (1) input; the default is what the first image has
    #[arg(long)]
    channels: Option<usize>,
    /// Patches in a step
    #[arg(long, default_value_t = 4)]
    batch: usize,
    /// Pixels a side of a patch
    #[arg(long, default_value_t = 192)]
    patch: usize,
    /// Largest learning rate
    #[arg(long, default_value_t = 1e-3)]
    learning_rate: f64,
    /// Weight of soft Dice in the loss
    #[arg(long, default_value_t = 1.0)]
    dice: f32,
    /// Weight of cross-entropy in the loss
    #[arg(long, default_value_t = 1.0)]
    cross_entropy: f32,
    /// Weight of the focal loss in the loss
    #[arg(long, default_value_t = 0.0)]
    focal: f32,
    /// Exponent gamma of the focal loss
    #[arg(long, default_value_t = 2.0)]
    focal_gamma: f32,
    /// Weights of the background and the classes: `none`, `auto` (rare classes weigh more), or numbers with commas between
    #[arg(long, default_value = "none", value_parser = class_weights)]
    class_weights: ClassWeights,
    /// What takes the steps
    #[arg(long, value_enum, default_value = "adam")]
    optimiser: OptimiserArg,
    /// Momentum of `sgd`
    #[arg(long, default_value_t = 0.99)]
    momentum: f64,
    /// Weight decay of `adamw`
    #[arg(long, default_value_t = 0.01)]
    weight_decay: f32,
    /// How the learning rate changes over time
    #[arg(long, value_enum, default_value = "cosine")]
    schedule: ScheduleArg,
    /// Judgements without anything better after which `plateau` divides the learning rate by ten
    #[arg(long, default_value_t = 5)]
    patience: usize,
    /// Gradients of a larger norm are scaled down to it; 0 for never
    #[arg(long, default_value_t = 1.0)]
    clip: f32,
    /// Height w0 of the border weights; 0 switches them off
    #[arg(long, default_value_t = 10.0)]
    border_weight: f32,
    /// Elastic deformation, pixels standard deviation
    #[arg(long, default_value_t = 10.0)]
    elastic: f32,
    /// Random size factor, 1 for none
    #[arg(long, default_value_t = 1.25)]
    scale: f32,
    /// Judge and save every so many steps
    #[arg(long, default_value_t = 250)]
    every: usize,
    /// Images judged each time, at most (spread over all that are held out)
    #[arg(long, default_value_t = 40)]
    judged: usize,
    /// Average predictions over the four flips (written into the card)
    #[arg(long)]
    flips: bool,
    /// What people call the model
    #[arg(long, default_value = "Untitled model")]
    title: String,
    /// Names of the classes 1, 2, ..., with commas between them
    #[arg(long, value_delimiter = ',', default_value = "foreground")]
    class: Vec<String>,
    /// Store the weights in 16 bits: half the size
    #[arg(long)]
    half: bool,
    /// Where the data come from and what their licence asks for (written into the card)
    #[arg(long, default_value = "")]
    attribution: String,
    /// Licence of the weights (written into the card)
    #[arg(long, default_value = "")]
    licence: String,
    /// One or two sentences: what it finds, in which images (written into the card)
    #[arg(long, default_value = "")]
    summary: String,
    /// Pixel size of the images in mm, if known (written into the card)
    #[arg(long)]
    pixel_size_mm: Option<f64>,
    /// Where it runs
    #[arg(long, value_enum, default_value = "auto")]
    device: device::DeviceArg,
}

/// How touching objects are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Separate {
    /// An output of its own for the rims of objects
    Boundary,
    /// Background between objects, defended by border weights (Ronneberger 2015)
    BorderWeights,
}

/// What takes the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OptimiserArg {
    /// Adam, betas 0.9 and 0.999
    Adam,
    /// Adam with decoupled weight decay
    #[value(name = "adamw")]
    AdamW,
    /// Stochastic gradient descent with momentum, as in Ronneberger 2015
    Sgd,
}

/// How the learning rate changes over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ScheduleArg {
    /// Rises over 50 steps and falls along a cosine to zero
    Cosine,
    Constant,
    /// Falls to a tenth whenever the judged images bring nothing better for a while
    Plateau,
}

/// How classes weigh.
#[derive(Clone, Debug, PartialEq)]
enum ClassWeights {
    None,
    Auto,
    Given(Vec<f32>),
}

/// Parses `none`, `auto` or numbers.
fn class_weights(text: &str) -> std::result::Result<ClassWeights, String> {
    match text {
        "none" => Ok(ClassWeights::None),
        "auto" => Ok(ClassWeights::Auto),
        numbers => {
            let parsed: std::result::Result<Vec<f32>, _> =
                numbers.split(',').map(|n| n.trim().parse()).collect();
            match parsed {
                Ok(weights) if weights.iter().all(|w| *w >= 0.0 && w.is_finite()) => {
                    Ok(ClassWeights::Given(weights))
                }
                _ => Err("neither `none` nor `auto` nor numbers with commas between them".into()),
            }
        }
    }
}

/// Runs the command.
pub fn run(args: &TrainArgs) -> Result<()> {
    let chosen = device::open(args.device)?;
    eprintln!("{}", chosen.reason);
    let items = data::items(&args.data)?;
    let kinds: Vec<&str> = items.iter().map(|i| i.kind.as_deref().unwrap_or("")).collect();
    let (train, held) = split(&kinds, args.val_fraction, args.seed);

    let first = data::read_image(&items[0].image)?;
    let mode = data::label_mode(&items, args.labels);
    let (card, init) = match &args.init {
        Some(path) => {
            let model = Model::from_bytes(&read(path)?, &chosen.device)?;
            (model.card, Some(model.net))
        }
        None => (
            card(args, args.channels.unwrap_or(first.channels), mode, data::class_count(&items, mode)?)?,
            None,
        ),
    };
    let load = |indices: &[usize]| -> Result<Vec<Sample>> {
        indices.iter().map(|i| sample(&items[*i], mode, &card)).collect()
    };
    let training = load(&train)?;
    // Evenly spread over the kinds, which the split leaves in the order of the items.
    let judged: Vec<usize> =
        held.iter().step_by(held.len().div_ceil(args.judged.max(1)).max(1)).copied().collect();
    let validation = load(&judged)?;
    let steps = steps(args, &training);
    eprintln!(
        "{} images to learn from, {} held out ({} of them judged while training); {} steps of {} x {}x{}",
        training.len(),
        held.len(),
        validation.len(),
        steps,
        args.batch,
        args.patch,
        args.patch
    );
    let settings = Settings {
        optimiser: match args.optimiser {
            OptimiserArg::Adam => Optimiser::Adam,
            OptimiserArg::AdamW => Optimiser::AdamW { weight_decay: args.weight_decay },
            OptimiserArg::Sgd => Optimiser::Sgd { momentum: args.momentum },
        },
        schedule: match args.schedule {
            ScheduleArg::Cosine => Schedule::Cosine,
            ScheduleArg::Constant => Schedule::Constant,
            ScheduleArg::Plateau => Schedule::Plateau { factor: 0.1, patience: args.patience },
        },
        clip: (args.clip > 0.0).then_some(args.clip),
        steps,
        batch: args.batch,
        patch: args.patch,
        learning_rate: args.learning_rate,
        seed: args.seed,
        loss: Loss {
            border_weight: args.border_weight,
            dice: args.dice,
            cross_entropy: args.cross_entropy,
            focal: args.focal,
            focal_gamma: args.focal_gamma,
            class_weights: match &args.class_weights {
                ClassWeights::None => vec![],
                ClassWeights::Auto => {
                    balanced_class_weights(training.iter().map(|s| &s.labels), card.classes.len())
                }
                ClassWeights::Given(weights) => weights.clone(),
            },
            ..Loss::default()
        },
        augmentation: insitu::train::Augmentation {
            elastic: args.elastic,
            scale: args.scale,
            ..Default::default()
        },
    };
    let paths = Paths::of(&args.out);
    paths.save_split(&items, &held)?;
    let resumed = paths.progress().filter(|p| p.steps == steps);
    let init = match &resumed {
        Some(_) => Some(Model::from_bytes(&read(&paths.last)?, &chosen.device)?.net),
        None => init,
    };
    let images = training.len();
    let mut session =
        Session::new(card.clone(), init, training, validation, settings.clone(), &chosen.device)?;
    let mut earlier = 0.0;
    if let Some(progress) = resumed {
        let best = match progress.best {
            Some(scores) => Some((scores, Model::from_bytes(&read(&paths.best)?, &chosen.device)?.net)),
            None => None,
        };
        session.restore(progress.done, progress.pace, read(&paths.optimiser)?, best)?;
        earlier = progress.seconds;
        eprintln!("Continuing at step {}.", progress.done);
    }
    let started = Instant::now();
    let bar = ProgressBar::new(steps as u64).with_position(session.done() as u64).with_style(
        ProgressStyle::with_template("{bar:30} step {pos} of {len}, {per_sec}, {eta} left  {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let mut log = paths.log(session.done())?;
    let mut mean = 0.0f64;
    while session.done() < steps {
        let step = pollster::block_on(session.step())?;
        mean = if mean == 0.0 { step.loss.into() } else { 0.98 * mean + 0.02 * f64::from(step.loss) };
        bar.set_position(session.done() as u64);
        bar.set_message(format!("loss {mean:.4}"));
        let judge = session.done() % args.every.max(1) == 0 || session.done() == steps;
        let scores =
            if judge { Some(pollster::block_on(session.validate(async |_, _| true))?) } else { None };
        writeln!(
            log,
            "{},{},{},{},{},{}",
            step.step,
            step.loss,
            step.learning_rate,
            cell(scores.and_then(|s| s.dice)),
            cell(scores.and_then(|s| s.ap50)),
            cell(scores.and_then(|s| s.pixel_error)),
        )
        .map_err(|e| unwritten(&paths.log, e))?;
        if let Some(scores) = scores {
            let seconds = earlier + started.elapsed().as_secs_f64();
            bar.suspend(|| {
                eprintln!(
                    "step {:5}  loss {mean:.4}  {}  {seconds:.0} s",
                    session.done(),
                    described(&scores)
                );
            });
            paths.save(&session, seconds)?;
        }
    }
    bar.finish_and_clear();
    let mut model = session.best();
    model.card.title = args.title.clone();
    model.card.flips = args.flips;
    model.card.input.pixel_size_mm = args.pixel_size_mm.or(model.card.input.pixel_size_mm);
    model.card.licence = args.licence.clone();
    model.card.summary = args.summary.clone();
    // A model that goes on from another keeps its whole history.
    let before = model.card.training.take();
    let history = before.as_ref().map(|t| format!("{}\n", t.command)).unwrap_or_default();
    model.card.training = Some(Training {
        data: args.data.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        attribution: args.attribution.clone(),
        images,
        seed: args.seed,
        steps: steps + before.as_ref().map_or(0, |t| t.steps),
        loss: settings.loss,
        seconds: earlier + started.elapsed().as_secs_f64() + before.map_or(0.0, |t| t.seconds),
        device: chosen.name,
        command: history + &command(std::env::args().skip(1)),
    });
    eprintln!("Judging the best network on all {} held-out images.", held.len());
    let all = pollster::block_on(validate(&model, &load(&held)?, async |_, _| true))?;
    for (name, score) in [("dice", all.dice), ("ap50", all.ap50), ("pixelError", all.pixel_error)] {
        model.card.scores.extend(score.map(|v| (name.to_string(), v)));
    }
    eprintln!("{}", described(&all));
    let precision = if args.half { Precision::Half } else { Precision::Full };
    write(&args.out, &pollster::block_on(model.to_bytes(precision))?)?;
    println!("{}", args.out.display());
    Ok(())
}

fn steps(args: &TrainArgs, samples: &[Sample]) -> usize {
    let pixels: usize = samples.iter().map(|s| s.image.width * s.image.height).sum();
    let epoch = pixels.div_ceil((args.batch * args.patch * args.patch).max(1)).max(1);
    args.steps.unwrap_or_else(|| args.epochs.unwrap_or(30) * epoch).max(1)
}

fn card(args: &TrainArgs, channels: usize, mode: LabelMode, classes: usize) -> Result<Card> {
    let objects = mode == LabelMode::Objects;
    let preset = Preset::from_name(&args.preset)?;
    let (_, published, _) = preset.published();
    let outputs = match classes {
        1 if objects && args.separate == Separate::Boundary => Card::boundary_outputs(),
        // One sigmoid, or two outputs and a softmax, as the network was published.
        1 => Card::plain_outputs(published),
        many => Card::plain_outputs(many + 1),
    };
    let mut network = preset.config(channels, outputs.len());
    network.width = args.width.unwrap_or(network.width);
    let named = (1..=classes).map(|i| Class {
        name: args.class.get(i - 1).cloned().unwrap_or_else(|| format!("class {i}")),
        colour: COLOURS[(i - 1) % COLOURS.len()].into(),
    });
    let mut card = Card::new(args.title.clone(), network, named.collect(), outputs);
    card.preset = Some(args.preset.clone());
    card.flips = args.flips;
    card.input.normalisation = Normalisation::Percentile { low: 0.5, high: 99.5 };
    if objects {
        card.metrics = vec!["dice".into(), "ap50".into()];
    }
    Ok(card)
}

fn sample(item: &data::Item, mode: LabelMode, card: &Card) -> Result<Sample> {
    let image = data::read_image(&item.image)?.with_channels(card.input.channels)?;
    let label = data::read_label(&item.label, mode)?;
    Sample::new(
        item.stem.clone(),
        item.kind.clone().unwrap_or_default(),
        image.normalised(card.input.normalisation),
        label.labels,
    )
}

/// A command line that a shell reads back as the same words.
fn command(words: impl Iterator<Item = String>) -> String {
    let plain =
        |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_alphanumeric() || "-_./=:,".contains(c));
    let quoted = |w: String| if plain(&w) { w } else { format!("'{}'", w.replace('\'', "'\\''")) };
    std::iter::once("insitu".to_string()).chain(words.map(quoted)).collect::<Vec<_>>().join(" ")
}

/// Scores as people read them.
fn described(scores: &Scores) -> String {
    let text = |v: Option<f64>| v.map_or("-".to_string(), |v| format!("{v:.4}"));
    format!(
        "Dice {}  AP50 {}  pixel error {}",
        text(scores.dice),
        text(scores.ap50),
        text(scores.pixel_error)
    )
}

/// A cell of the log; empty where there is no score.
fn cell(score: Option<f64>) -> String {
    score.map(|v| v.to_string()).unwrap_or_default()
}
