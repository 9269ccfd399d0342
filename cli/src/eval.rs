//! `insitu eval`: how well a model does on a folder of labelled images.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use insitu::device::Chosen;
use insitu::infer::segment;
use insitu::metrics::{Mean, Overlap, match_instances, pixel_error};
use insitu::objects::InstanceOptions;
use insitu::train::Labels;
use insitu::weights::Model;
use insitu::{Error, Result};
use serde::Serialize;

use crate::data::{self, Item, Label, LabelMode, View};
use crate::measure::{self, Metric};
use crate::{device, model, predict};

/// Compares a model's masks with labels: Dice, IoU, pixel error, and average precision if the labels are objects
#[derive(Args, Debug)]
pub struct EvalArgs {
    /// A shipped model's name, or a model file
    #[arg(long, value_name = "NAME_OR_FILE")]
    model: String,
    /// Folder with images/STEM.* and labels/STEM.png (and optionally fov/STEM.png, 0 outside the field of view, and
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
    /// Scores beside those of the model's card, separated by commas
    #[arg(long, value_enum, value_name = "NAMES", value_delimiter = ',')]
    metrics: Vec<Metric>,
    /// Where it runs
    #[arg(long, value_enum, default_value = "auto")]
    device: device::DeviceArg,
}

/// Scores of one image, or means over images; `None` where there is nothing to score. Dice and IoU of an image are means
/// over the classes that it or its mask has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Scores {
    dice: Option<f64>,
    iou: Option<f64>,
    pixel_error: Option<f64>,
    /// `TP / (TP + FP + FN)` at IoU 0.5, if the labels are objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    ap50: Option<f64>,
    /// What the card names and what is asked for.
    #[serde(flatten)]
    more: measure::Scores,
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

/// Runs the command. Images that cannot be judged are named, and the command fails after judging the others.
pub fn run(args: &EvalArgs) -> Result<()> {
    let items = data::items(&args.data)?;
    let chosen = device::open(args.device)?;
    let model = model::open(&args.model, &chosen.device)?;
    eprintln!("{}", chosen.reason);
    let mode = match args.labels {
        // Labels are not kept for the judging: memory is one image, however many the folder has. Those that cannot be
        // read say nothing here; judging them names them.
        LabelMode::Auto => {
            data::common_mode(items.iter().filter_map(|item| Label::read(&item.label).ok()?.mode().ok()))
        }
        asked => asked,
    };
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
        labels: name(mode),
        threshold,
        all: means(each.iter()),
        kinds: kinds.into_iter().map(|(kind, scored)| (kind, means(scored.into_iter()))).collect(),
        each,
    };
    if args.json {
        let json = serde_json::to_string_pretty(&report).map_err(|e| {
            Error::invalid("eval.json", "The scores cannot be written as JSON.").with_source(e)
        })?;
        println!("{json}");
    } else {
        table(&report);
    }
    if mode != LabelMode::Objects
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
    (mode, view): (LabelMode, View),
    threshold: f32,
    asked: &BTreeSet<Metric>,
) -> Result<Scored> {
    let image = data::read_image(&item.image)?;
    let label = Label::read(&item.label)?;
    let (width, height) = label.size();
    let label = label.in_view(item, &image, mode, view)?;
    if (image.width, image.height) != (width, height) {
        return Err(Error::invalid(
            "eval.size",
            format!(
                "The image has {} x {} pixels and its label {width} x {height}.",
                image.width, image.height
            ),
        ));
    }
    let options = device::options(chosen, &model.card);
    let prediction = pollster::block_on(segment(model, image, &options, async |_, _| true))?;
    chosen.check()?;
    let mut predicted = prediction.labels(threshold);
    let truth = label.classes();
    let mut classes = model.card.classes.len().min(254) as u8;
    if mode != LabelMode::Classes {
        // Such labels know foreground only.
        predicted.iter_mut().for_each(|class| *class = (*class).min(1));
        classes = 1;
    }
    let (mut dice, mut iou) = (Mean::default(), Mean::default());
    for class in 1..=classes {
        let overlap = Overlap::of(&predicted, &truth, class);
        dice.add(overlap.dice());
        iou.add(overlap.iou());
    }
    let ap50 = match &label {
        Labels::Objects(objects) => {
            let options = InstanceOptions { threshold, ..InstanceOptions::default() };
            Some(match_instances(&prediction.instances(&options), objects, 0.5).average_precision())
        }
        Labels::Classes(_) => None,
    };
    Ok(Scored {
        stem: item.stem.clone(),
        kind: item.kind.clone(),
        scores: Scores {
            dice: dice.value(),
            iou: iou.value(),
            pixel_error: pixel_error(&predicted, &truth),
            ap50,
            more: measure::scores(asked, &prediction, &label, mode, threshold),
        },
    })
}

fn means<'a>(scored: impl Iterator<Item = &'a Scored> + Clone) -> Means {
    let more = measure::means(scored.clone().map(|s| &s.scores.more));
    let (mut dice, mut iou, mut error, mut ap50) =
        (Mean::default(), Mean::default(), Mean::default(), Mean::default());
    let mut images = 0;
    for Scored { scores, .. } in scored {
        images += 1;
        dice.add(scores.dice);
        iou.add(scores.iou);
        error.add(scores.pixel_error);
        ap50.add(scores.ap50);
    }
    let scores =
        Scores { dice: dice.value(), iou: iou.value(), pixel_error: error.value(), ap50: ap50.value(), more };
    Means { images, scores }
}

fn table(report: &Report) {
    let objects = report.labels == name(LabelMode::Objects);
    let width = report.kinds.keys().map(|k| k.chars().count()).max().unwrap_or(0).max(10);
    println!("{} at threshold {}, means over images", report.model, report.threshold);
    println!(
        "{:width$}  images    Dice     IoU  pixel error{}",
        "",
        if objects { "  AP at IoU 0.5" } else { "" }
    );
    let cell = |score: Option<f64>| score.map_or("-".to_string(), |v| format!("{v:.4}"));
    let row = |name: &str, Means { images, scores }: &Means| {
        let ap50 = if objects { format!("  {:>13}", cell(scores.ap50)) } else { String::new() };
        println!(
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
        println!("{metric}  {score:.4}");
    }
}

fn name(mode: LabelMode) -> &'static str {
    match mode {
        LabelMode::Auto => "auto",
        LabelMode::Classes => "classes",
        LabelMode::Objects => "objects",
        LabelMode::Binary => "binary",
    }
}

fn words(mode: LabelMode) -> &'static str {
    match mode {
        LabelMode::Objects => "object numbers (0 is background)",
        LabelMode::Binary => "masks (0 is background, all else foreground)",
        LabelMode::Classes | LabelMode::Auto => "class indices (0 is background, 255 is not labelled)",
    }
}
