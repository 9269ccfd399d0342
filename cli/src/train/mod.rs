//! `insitu train`: the engine's training loop over a folder, with checkpoints, a log and the best model kept.

mod args;
mod method;

use std::io::Write;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use insitu::Result;
use insitu::train::{Sample, Scores, Session, split, validate};
use insitu::weights::{Card, Model, Precision, Training};

pub use self::args::TrainArgs;
use crate::checkpoint::Paths;
use crate::data::{self, LabelMode};
use crate::device;
use crate::files::{read, unwritten, write};

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
            args.card(args.channels.unwrap_or(first.channels), mode, data::class_count(&items, mode)?)?,
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
    let steps = args.steps(&training);
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
    let settings = args.settings(steps, &training, &card);
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
    model.card.threshold = args.threshold.unwrap_or(model.card.threshold);
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
        loss: settings.loss.clone(),
        seconds: earlier + started.elapsed().as_secs_f64() + before.map_or(0.0, |t| t.seconds),
        device: chosen.name,
        command: history + &command(std::env::args().skip(1)),
        method: Some(settings.method()),
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

fn sample(item: &data::Item, mode: LabelMode, card: &Card) -> Result<Sample> {
    let image = data::read_image(&item.image)?.with_channels(card.input.channels)?;
    let label = data::read_item_label(item, mode)?;
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
