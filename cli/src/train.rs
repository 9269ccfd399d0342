//! `insitu train`: the engine's training loop over a folder, with checkpoints, a log and the best model kept.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use insitu::net::Preset;
use insitu::scan::Normalisation;
use insitu::train::{Labels, Sample, Scores, Session, Settings, split};
use insitu::weights::{Card, Class, Loss, Model, Output, Precision, Role, Training};
use insitu::{Error, Kind, Result};
use serde::{Deserialize, Serialize};

use crate::data::{self, LabelMode};
use crate::device;

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
    /// Weight of soft Dice beside cross-entropy
    #[arg(long, default_value_t = 1.0)]
    dice: f32,
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
    /// Name of class 1
    #[arg(long, default_value = "foreground")]
    class: String,
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

/// What a checkpoint holds besides the two networks and the optimiser.
#[derive(Serialize, Deserialize)]
struct Progress {
    done: usize,
    steps: usize,
    seconds: f64,
    best: Option<Scores>,
}

/// Runs the command.
pub fn run(args: &TrainArgs) -> Result<()> {
    let chosen = device::open(args.device)?;
    eprintln!("{}", chosen.reason);
    let items = data::items(&args.data)?;
    let kinds: Vec<&str> = items.iter().map(|i| i.kind.as_deref().unwrap_or("")).collect();
    let (train, held) = split(&kinds, args.val_fraction, args.seed);

    let first = data::read_image(&items[0].image)?;
    let any_objects = data::read_label(&items[0].label, args.labels)?.mode == LabelMode::Objects;
    let (card, init) = match &args.init {
        Some(path) => {
            let model = Model::from_bytes(&read(path)?, &chosen.device)?;
            (model.card, Some(model.net))
        }
        None => (card(args, args.channels.unwrap_or(first.channels), any_objects)?, None),
    };
    let load = |indices: &[usize]| -> Result<Vec<Sample>> {
        indices.iter().map(|i| sample(&items[*i], args.labels, &card)).collect()
    };
    let training = load(&train)?;
    // Evenly spread over the kinds, which the split leaves in the order of the items.
    let judged: Vec<usize> =
        held.iter().step_by(held.len().div_ceil(args.judged.max(1)).max(1)).copied().collect();
    let validation = load(&judged)?;
    let steps = steps(args, &training);
    eprintln!(
        "{} images to learn from, {} held out ({} of them judged while training); {} steps of {} x {}x{}",
        training.len(), held.len(), validation.len(), steps, args.batch, args.patch, args.patch
    );
    let settings = Settings {
        steps,
        batch: args.batch,
        patch: args.patch,
        learning_rate: args.learning_rate,
        seed: args.seed,
        loss: Loss { border_weight: args.border_weight, dice: args.dice, ..Loss::default() },
        augmentation: insitu::train::Augmentation { elastic: args.elastic, scale: args.scale, ..Default::default() },
    };
    let paths = Paths::of(&args.out);
    let resumed = paths.progress().filter(|p| p.steps == steps && p.done < steps);
    let init = match &resumed {
        Some(_) => Some(Model::from_bytes(&read(&paths.last)?, &chosen.device)?.net),
        None => init,
    };
    let images = training.len();
    let mut session = Session::new(card, init, training, validation, settings, &chosen.device)?;
    let mut earlier = 0.0;
    if let Some(progress) = resumed {
        let best = match progress.best {
            Some(scores) => Some((scores, Model::from_bytes(&read(&paths.best)?, &chosen.device)?.net)),
            None => None,
        };
        session.restore(progress.done, read(&paths.optimiser)?, best)?;
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
        let scores = if judge { Some(pollster::block_on(session.validate(async |_, _| true))?) } else { None };
        writeln!(
            log,
            "{},{},{},{},{},{}",
            step.step,
            step.loss,
            step.learning_rate,
            scores.map(|s| s.dice.to_string()).unwrap_or_default(),
            scores.and_then(|s| s.inside_dice).map(|d| d.to_string()).unwrap_or_default(),
            scores.map(|s| s.pixel_error.to_string()).unwrap_or_default(),
        )
        .map_err(|e| io(&args.out, e))?;
        if let Some(scores) = scores {
            let seconds = earlier + started.elapsed().as_secs_f64();
            bar.suspend(|| eprintln!(
                "step {:5}  loss {mean:.4}  Dice {:.4}  inside {:.4}  pixel error {:.4}  {:.0} s",
                session.done(), scores.dice, scores.inside_dice.unwrap_or(f64::NAN), scores.pixel_error, seconds
            ));
            paths.save(&session, seconds)?;
        }
    }
    bar.finish_and_clear();
    let mut model = session.best();
    let best = session.best_scores();
    model.card.training = Some(Training {
        data: args.data.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        attribution: String::new(),
        images,
        seed: args.seed,
        steps,
        loss: settings.loss,
        seconds: earlier + started.elapsed().as_secs_f64(),
        device: chosen.name,
        command: std::env::args().skip(1).collect::<Vec<_>>().join(" "),
    });
    if let Some(s) = best {
        model.card.scores.insert("dice".into(), s.dice);
        model.card.scores.insert("pixelError".into(), s.pixel_error);
    }
    write(&args.out, &pollster::block_on(model.to_bytes(Precision::Full))?)?;
    println!("{}", args.out.display());
    Ok(())
}

fn steps(args: &TrainArgs, samples: &[Sample]) -> usize {
    let pixels: usize = samples.iter().map(|s| s.image.width * s.image.height).sum();
    let epoch = pixels.div_ceil((args.batch * args.patch * args.patch).max(1)).max(1);
    args.steps.unwrap_or_else(|| args.epochs.unwrap_or(30) * epoch).max(1)
}

fn card(args: &TrainArgs, channels: usize, objects: bool) -> Result<Card> {
    let outputs = if objects && args.separate == Separate::Boundary {
        vec![
            Output { class: 0, role: Role::Background },
            Output { class: 1, role: Role::Interior },
            Output { class: 1, role: Role::Boundary },
        ]
    } else {
        Card::plain_outputs(1)
    };
    let mut network = Preset::from_name(&args.preset)?.config(channels, outputs.len());
    network.width = args.width.unwrap_or(network.width);
    let class = Class { name: args.class.clone(), colour: "#E69F00".into() };
    let mut card = Card::new(args.title.clone(), network, vec![class], outputs);
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
    let labels = match label.labels {
        Labels::Classes(values) => Labels::Classes(values),
        objects => objects,
    };
    Sample::new(
        item.stem.clone(),
        item.kind.clone().unwrap_or_default(),
        image.normalised(card.input.normalisation),
        labels,
    )
}

/// The files beside the model.
struct Paths {
    log: PathBuf,
    last: PathBuf,
    best: PathBuf,
    optimiser: PathBuf,
    progress: PathBuf,
}

impl Paths {
    fn of(out: &Path) -> Self {
        let beside = |end: &str| {
            let mut name = out.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        Self {
            log: beside(".log.csv"),
            last: beside(".checkpoint"),
            best: beside(".best"),
            optimiser: beside(".optimiser"),
            progress: beside(".progress.json"),
        }
    }

    fn progress(&self) -> Option<Progress> {
        serde_json::from_slice(&fs::read(&self.progress).ok()?).ok()
    }

    fn log(&self, done: usize) -> Result<fs::File> {
        let mut options = fs::OpenOptions::new();
        options.create(true);
        if done > 0 { options.append(true) } else { options.write(true).truncate(true) };
        let mut file = options.open(&self.log).map_err(|e| io(&self.log, e))?;
        if done == 0 {
            writeln!(file, "step,loss,learning_rate,dice,inside_dice,pixel_error").map_err(|e| io(&self.log, e))?;
        }
        Ok(file)
    }

    /// The progress file comes last: a checkpoint that was cut short is never taken for whole.
    fn save(&self, session: &Session, seconds: f64) -> Result<()> {
        let _ = fs::remove_file(&self.progress);
        write(&self.last, &pollster::block_on(session.model().to_bytes(Precision::Full))?)?;
        write(&self.best, &pollster::block_on(session.best().to_bytes(Precision::Full))?)?;
        write(&self.optimiser, &session.optimiser_state()?)?;
        let progress = Progress {
            done: session.done(),
            steps: session.settings().steps,
            seconds,
            best: session.best_scores(),
        };
        let json = serde_json::to_vec(&progress)
            .map_err(|e| Error::invalid("train.checkpoint", "The checkpoint cannot be written.").with_source(e))?;
        write(&self.progress, &json)
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| io(path, e))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(|e| io(path, e))
}

fn io(path: &Path, e: std::io::Error) -> Error {
    Error::new(Kind::Io, "cli.file", format!("{}: {e}", path.display()))
}
