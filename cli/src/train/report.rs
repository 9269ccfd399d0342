//! What a training writes for people: rows of its log, lines on the terminal, and its history in the card.

use insitu::Result;
use insitu::train::{Scores, Step};
use insitu::weights::{Card, Model, Precision};

use super::TrainArgs;
use crate::files::write;
use crate::out::say;

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

/// The means over parts of the images, each weighing as the images that it has.
pub fn means(parts: &[Scores]) -> Scores {
    let mean = |of: fn(&Scores) -> Option<f64>| {
        let known = || parts.iter().filter_map(|part| Some((of(part)?, part.images as f64)));
        let images: f64 = known().map(|(_, images)| images).sum();
        (images > 0.0).then(|| known().map(|(score, images)| score * images).sum::<f64>() / images)
    };
    Scores {
        dice: mean(|s| s.dice),
        ap50: mean(|s| s.ap50),
        pixel_error: mean(|s| s.pixel_error),
        images: parts.iter().map(|part| part.images).sum(),
    }
}

/// What the card says the images are.
pub fn data(args: &TrainArgs) -> String {
    args.data.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The command that is running.
pub fn command_line() -> String {
    command(std::env::args().skip(1))
}

/// Writes the model, and its path to standard output.
///
/// # Errors
/// Those of writing a file.
pub fn save(args: &TrainArgs, model: &Model) -> Result<()> {
    let precision = if args.half { Precision::Half } else { Precision::Full };
    write(&args.out, &pollster::block_on(model.to_bytes(precision))?)?;
    say!("{}", args.out.display());
    Ok(())
}

/// Writes into the card what the command line says of the model. What it does not say stays as it was with the model of
/// `--init`.
pub fn inscribe(card: &mut Card, args: &TrainArgs) {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_string());
    card.flips |= args.flips;
    card.threshold = args.threshold.unwrap_or(card.threshold);
    card.smallest_part = args.smallest_part.or(card.smallest_part);
    card.central |= args.central;
    card.peak = args.peak.or(card.peak);
    card.valley = args.valley.or(card.valley);
    card.input.pixel_size_mm = args.pixel_size_mm.or(card.input.pixel_size_mm);
    card.licence = given(&args.licence).unwrap_or_else(|| std::mem::take(&mut card.licence));
    card.summary = given(&args.summary).unwrap_or_else(|| std::mem::take(&mut card.summary));
}

/// A command line that a shell reads back as the same words.
pub fn command(words: impl Iterator<Item = String>) -> String {
    let plain =
        |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_alphanumeric() || "-_./=:,".contains(c));
    let quoted = |w: String| if plain(&w) { w } else { format!("'{}'", w.replace('\'', "'\\''")) };
    std::iter::once("insitu".to_string()).chain(words.map(quoted)).collect::<Vec<_>>().join(" ")
}
