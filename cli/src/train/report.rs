//! What a training writes for people: rows of its log, lines on the terminal, and its history in the card.

use insitu::Result;
use insitu::train::{Scores, Session, Step};
use insitu::weights::{Card, Model, Precision, Training};

use super::TrainArgs;
use crate::files::write;

/// A row of the log, under the head that [`crate::checkpoint::Paths::log`] writes.
pub fn row(step: &Step, scores: Option<&Scores>) -> String {
    // Empty where there is no score.
    let cell = |score: Option<f64>| score.map(|v| v.to_string()).unwrap_or_default();
    format!(
        "{},{},{},{},{},{}",
        step.step,
        step.loss,
        step.learning_rate,
        cell(scores.and_then(|s| s.dice)),
        cell(scores.and_then(|s| s.ap50)),
        cell(scores.and_then(|s| s.pixel_error)),
    )
}

/// Scores as people read them.
pub fn described(scores: &Scores) -> String {
    let text = |v: Option<f64>| v.map_or("-".to_string(), |v| format!("{v:.4}"));
    format!(
        "Dice {}  AP50 {}  pixel error {}",
        text(scores.dice),
        text(scores.ap50),
        text(scores.pixel_error)
    )
}

/// How a model came to be: the training of `session` on `images` images, which took `seconds`.
pub fn training(args: &TrainArgs, session: &Session, images: usize, seconds: f64, device: &str) -> Training {
    let settings = session.settings();
    Training {
        data: args.data.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        attribution: args.attribution.clone(),
        images,
        seed: args.seed,
        steps: settings.steps,
        loss: settings.loss.clone(),
        seconds,
        device: device.into(),
        command: command(std::env::args().skip(1)),
        method: Some(settings.method()),
        from: None,
        pixels: Vec::new(),
        curve: None,
    }
}

/// Writes the model, and its path to standard output.
///
/// # Errors
/// Those of writing a file.
pub fn save(args: &TrainArgs, model: &Model) -> Result<()> {
    let precision = if args.half { Precision::Half } else { Precision::Full };
    write(&args.out, &pollster::block_on(model.to_bytes(precision))?)?;
    println!("{}", args.out.display());
    Ok(())
}

/// Writes into the card what the command line says of the model, and how it came to be: a model that goes on from
/// another keeps its whole history.
pub fn inscribe(card: &mut Card, args: &TrainArgs, mut training: Training) {
    card.title = args.title.clone();
    card.flips = args.flips;
    card.threshold = args.threshold.unwrap_or(card.threshold);
    card.input.pixel_size_mm = args.pixel_size_mm.or(card.input.pixel_size_mm);
    card.licence = args.licence.clone();
    card.summary = args.summary.clone();
    if let Some(before) = card.training.take() {
        training.steps += before.steps;
        training.seconds += before.seconds;
        training.command = format!("{}\n{}", before.command, training.command);
    }
    card.training = Some(training);
}

/// Writes the scores of the held-out images into the card.
pub fn score(card: &mut Card, scores: &Scores) {
    for (name, score) in [("dice", scores.dice), ("ap50", scores.ap50), ("pixelError", scores.pixel_error)] {
        card.scores.extend(score.map(|v| (name.to_string(), v)));
    }
}

/// A command line that a shell reads back as the same words.
pub fn command(words: impl Iterator<Item = String>) -> String {
    let plain =
        |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_alphanumeric() || "-_./=:,".contains(c));
    let quoted = |w: String| if plain(&w) { w } else { format!("'{}'", w.replace('\'', "'\\''")) };
    std::iter::once("insitu".to_string()).chain(words.map(quoted)).collect::<Vec<_>>().join(" ")
}
