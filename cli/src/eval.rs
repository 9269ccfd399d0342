//! `insitu eval`: how well a model does on a folder of labelled images.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use indicatif::{ProgressBar, ProgressStyle};
use insitu::device::Chosen;
use insitu::infer::segment;
use insitu::results::{Meaning, Metric, Scores};
use insitu::weights::Model;
use insitu::{Error, Result};
use serde::Serialize;

use crate::data::{self, Item, LabelMode, View};
use crate::out::say;
use crate::{device, model, predict};

/// Compares a model's masks with labels: Dice, IoU, pixel error, and average precision if the labels are objects
#[derive(Args, Debug)]
pub struct EvalArgs {
    /// A shipped model's name, or a model file
    #[arg(long, value_name = "NAME_OR_FILE")]
    model: String,
    /// Folder with images/STEM.* and labels/STEM.png, of volumes STEM.nii.gz, each slice an image (and optionally fov/STEM.png, 0 outside the field of view, and
    /// index.csv: id,kind)
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Print one JSON object, with the scores of each image, instead of a table
    #[arg(long)]
    json: bool,
    /// What the values in labels/ mean
    #[arg(long, value_enum, default_value = "auto")]
    labels: LabelMode,
    /// What of the images counts
    #[arg(long, value_enum, default_value = "folder")]
    field_of_view: View,
    /// Probability from which a pixel is foreground, instead of the model's own
    #[arg(long, value_name = "P", value_parser = predict::probability)]
    threshold: Option<f32>,
    /// Scores beside those of the model's card, separated by commas: ap (of objects, the mean over IoU 0.5 to 0.9), randFscore and
    /// infoFscore (ISBI 2012, at the threshold), randFscoreMax and infoFscoreMax (at the best threshold of each image), rocAuc, prAuc
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = metric())]
    metrics: Vec<Metric>,
    /// Where it runs
    #[arg(long, value_enum, default_value = "auto")]
    device: device::DeviceArg,
}

/// One image.
#[derive(Serialize)]
struct Scored {
    stem: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(flatten)]
    scores: Scores,
}

/// Several images.
#[derive(Serialize)]
struct Means {
    images: usize,
    #[serde(flatten)]
    scores: Scores,
}

#[derive(Serialize)]
struct Report {
    model: String,
    labels: &'static str,
    threshold: f32,
    #[serde(flatten)]
    all: Means,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    kinds: BTreeMap<String, Means>,
    each: Vec<Scored>,
}

/// Parses the name of a score.
fn metric() -> impl TypedValueParser<Value = Metric> {
    PossibleValuesParser::new(Metric::ALL.map(Metric::name)).try_map(|name| Metric::from_name(&name))
}

/// Runs the command. Images that cannot be judged are named, and the command fails after judging the others.
pub fn run(args: &EvalArgs) -> Result<()> {
    let items = data::items(&args.data)?;
    let chosen = device::open(args.device)?;
    let model = model::open(&args.model, &chosen.device)?;
    eprintln!("{}", chosen.reason);
    // Labels are not kept for the judging: memory is one image, however many the folder has. Those that cannot be
    // read say nothing here; judging them names them.
    let mode = args.labels.known().unwrap_or_else(|| {
        Meaning::common(items.iter().filter_map(|item| data::label(item).ok()?.meaning().ok()))
    });
    eprintln!("The labels are read as {}.", words(mode));
    let threshold = args.threshold.unwrap_or(model.card.threshold);
    let asked = Metric::asked(&model.card.metrics, &args.metrics);

    let style = ProgressStyle::with_template("{bar:30} image {pos} of {len}, {eta} left  {msg}");
    let bar = ProgressBar::new(items.len() as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut each = Vec::with_capacity(items.len());
    for item in &items {
        bar.set_message(item.stem.clone());
        match judge(&chosen, &model, item, (mode, args.field_of_view), threshold, &asked) {
            Ok(scored) => each.push(scored),
            Err(e) => bar.suspend(|| eprintln!("{}: {e} ({})", item.image.display(), e.code())),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();

    let mut kinds = BTreeMap::<String, Vec<&Scored>>::new();
    for scored in &each {
        if let Some(kind) = &scored.kind {
            kinds.entry(kind.clone()).or_default().push(scored);
        }
    }
    let report = Report {
        model: model.card.title.clone(),
        labels: mode.name(),
        threshold,
        all: means(each.iter()),
        kinds: kinds.into_iter().map(|(kind, scored)| (kind, means(scored.into_iter()))).collect(),
        each,
    };
    if args.json {
        let json = serde_json::to_string_pretty(&report).map_err(|e| {
            Error::invalid("eval.json", "The scores cannot be written as JSON.").with_source(e)
        })?;
        say!("{json}");
    } else {
        table(&report);
    }
    if mode != Meaning::Objects
        && (asked.contains(&Metric::Ap) || model.card.metrics.iter().any(|m| m == "ap50"))
    {
        eprintln!("Average precision of objects is asked for too; that needs labels with object numbers.");
    }
    match items.len() - report.all.images {
        0 => Ok(()),
        failed => Err(Error::invalid(
            "eval.incomplete",
            format!("{failed} of {} images could not be judged.", items.len()),
        )),
    }
}

fn judge(
    chosen: &Chosen,
    model: &Model,
    item: &Item,
    (meaning, view): (Meaning, View),
    threshold: f32,
    asked: &BTreeSet<Metric>,
) -> Result<Scored> {
    let image = data::read_image(item)?;
    let truth = data::label(item)?;
    let labels = data::in_view(&truth, item, &image, meaning, view)?;
    // Before an inference that would be for nothing.
    let size = truth.size();
    Scores::same_size((image.width, image.height), size)?;
    let options = device::options(chosen, &model.card);
    let prediction = pollster::block_on(segment(model, image, &options, async |_, _| true))?;
    chosen.check()?;
    let scores = Scores::of(&prediction, &model.card, (&labels, size), meaning, threshold, asked)?;
    Ok(Scored { stem: item.stem.clone(), kind: item.kind.clone(), scores })
}

fn means<'a>(scored: impl Iterator<Item = &'a Scored> + Clone) -> Means {
    Means { images: scored.clone().count(), scores: Scores::means(scored.map(|s| &s.scores)) }
}

fn table(report: &Report) {
    let objects = report.labels == Meaning::Objects.name();
    let width = report.kinds.keys().map(|k| k.chars().count()).max().unwrap_or(0).max(10);
    say!("{} at threshold {}, means over images", report.model, report.threshold);
    say!(
        "{:width$}  images    Dice     IoU  pixel error{}",
        "",
        if objects { "  AP at IoU 0.5" } else { "" }
    );
    let cell = |score: Option<f64>| score.map_or("-".to_string(), |v| format!("{v:.4}"));
    let row = |name: &str, Means { images, scores }: &Means| {
        let ap50 = if objects { format!("  {:>13}", cell(scores.ap50)) } else { String::new() };
        say!(
            "{name:width$}  {images:>6}  {:>6}  {:>6}  {:>11}{ap50}",
            cell(scores.dice),
            cell(scores.iou),
            cell(scores.pixel_error)
        );
    };
    for (kind, means) in &report.kinds {
        row(kind, means);
    }
    row("all", &report.all);
    for (metric, score) in &report.all.scores.more {
        say!("{metric}  {score:.4}");
    }
}

fn words(mode: Meaning) -> &'static str {
    match mode {
        Meaning::Objects => "object numbers (0 is background)",
        Meaning::Binary => "masks (0 is background, all else foreground)",
        Meaning::Classes => "class indices (0 is background, 255 is not labelled)",
    }
}
