//! `insitu info`: what a model, an image file or a preset holds.

use std::path::PathBuf;

use clap::Args;
use insitu::Result;
use insitu::scan::{Geometry, Normalisation, Planes, Scan, Source, Window};
use insitu::weights::{Card, Model, Role};

use crate::inputs::{Inputs, inputs, is_archive};
use crate::network::NetworkArgs;
use crate::out::{self, say};
use crate::{data, files, model};

/// Tells what a model, an image file or a preset holds
#[derive(Args, Debug)]
pub struct InfoArgs {
    /// An image, a folder or ZIP archive of images, of the files of DICOM series or of Zarr, a model file, or a shipped model's name
    #[arg(value_name = "FILE", required_unless_present = "preset")]
    file: Option<PathBuf>,
    #[command(flatten)]
    network: NetworkArgs,
}

/// Runs the command.
pub fn run(args: &InfoArgs) -> Result<()> {
    if let Some(preset) = &args.network.preset {
        out::text(&args.network.described(preset)?);
    }
    let Some(file) = &args.file else { return Ok(()) };
    let named = file.to_str().filter(|_| !file.exists()).map(model::find).transpose()?;
    let path = named.unwrap_or_else(|| file.clone());
    if path.is_dir() {
        of_images(&inputs(&[path])?);
        return Ok(());
    }
    let bytes = files::read(&path)?;
    say!("{}, {}", path.display(), size(bytes.len()));
    let is_model = Model::recognises(&bytes);
    if !is_model && is_archive(&path) {
        let found = inputs(std::slice::from_ref(&path))?;
        // One that holds a single image as a file is told as that is.
        if found.images.iter().any(|input| input.found) {
            of_images(&found);
            return Ok(());
        }
    }
    if is_model {
        out::text(&of_model(&model::Files::read(&path)?.card()?));
    } else {
        out::text(&of_scan(&data::scan(&path)?));
    }
    Ok(())
}

/// The images of a folder or an archive.
fn of_images(found: &Inputs) {
    found.left_out.iter().for_each(|why| say!("{why}"));
    for input in &found.images {
        say!("{}, {} files", input.path.display(), input.count());
        match input.scan() {
            Ok(scan) => out::text(&of_scan(&scan)),
            Err(e) => say!("  {e} ({})", e.code()),
        }
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn of_model(card: &Card) -> String {
    let mut lines = vec![("model", card.title.clone())];
    lines.push(("summary", card.summary.clone()));
    lines.push(("network", card.network.described(card.preset.as_deref())));
    let colours = if card.input.channels == 1 { "1 channel (grey)" } else { "3 channels (colour)" };
    let scaling = match card.input.normalisation {
        Normalisation::Fixed { subtract, divide } => format!("values - {subtract}, then / {divide}"),
        Normalisation::ZScore => {
            "minus the mean, over the standard deviation of each channel of the image".into()
        }
        Normalisation::Clipped { low, high, subtract, divide } => {
            format!("values from {low} to {high}, - {subtract}, then / {divide}")
        }
        Normalisation::Percentile { low, high } => {
            format!("percentiles {low} and {high} of the image become 0 and 1")
        }
    };
    let size = card
        .input
        .long_side
        .map_or(String::new(), |side| format!("; seen with a longer side of {side} pixels"));
    lines.push(("input", format!("{colours}; {scaling}{size}")));
    lines.push(("pixel size", card.input.pixel_size_mm.map(|mm| format!("{mm} mm")).unwrap_or_default()));
    let classes = card.classes.iter().enumerate();
    lines.push((
        "classes",
        classes.map(|(i, c)| format!("{} {} {}", i + 1, c.name, c.colour)).collect::<Vec<_>>().join(", "),
    ));
    let probabilities = card.outputs.iter().filter(|o| o.role != Role::Distance);
    let outputs = probabilities.map(|o| match o.role {
        Role::Background => "background".to_string(),
        Role::Interior => format!("class {}", o.class),
        Role::Boundary => format!("rim of class {}", o.class),
        Role::Distance => String::new(),
    });
    lines.push(("outputs", outputs.collect::<Vec<_>>().join(", ")));
    lines.push((
        "objects",
        card.stars.map_or(String::new(), |stars| {
            format!(
                "by the distances to their rims along {} rays from points {} pixels apart; of those that overlap by more than {} of the \
                 smaller one the likeliest is kept",
                card.rays(),
                card.grid(),
                stars.overlap
            )
        }),
    ));
    let flips = if card.flips { ", averaged over four flips" } else { "" };
    lines.push(("threshold", format!("{}{flips}", card.threshold)));
    lines.push((
        "view",
        card.field_of_view.map_or(String::new(), |_| "the bright disc; nothing is found outside".into()),
    ));
    lines.push(("pieces", pieces(card)));
    let parted =
        |depth| format!("two where the inside less the rim falls by {depth} or more between two tops");
    lines.push(("objects", card.valley.map_or(String::new(), parted)));
    lines.push((
        "patches",
        card.patches.map_or(String::new(), |p| {
            let [height, width] = p.sides();
            format!("{width} x {height} pixels, every {} pixels, averaged", p.stride)
        }),
    ));
    let scores = card.scores.iter().map(|(name, score)| format!("{name} {score:.4}"));
    lines.push(("scores", scores.collect::<Vec<_>>().join(", ")));
    if let Some(t) = &card.training {
        lines.push(("trained on", format!("{} images of {}", t.images, t.data)));
        lines.push(("data", t.attribution.clone()));
        let minutes = t.seconds / 60.0;
        lines.push((
            "training",
            format!("{} steps, seed {}, {minutes:.0} minutes on {}", t.steps, t.seed, t.device),
        ));
        lines.push(("command", t.command.clone()));
    }
    lines.push(("licence", card.licence.clone()));
    text(&lines)
}

/// Which pieces of a mask a model keeps.
fn pieces(card: &Card) -> String {
    let large = card.smallest_part.map(|part| match part {
        1.0 => "the largest of each class alone".to_string(),
        _ => format!("those of {part} of the largest or more"),
    });
    let central = card.central.then(|| "larger near the middle".to_string());
    let sure = card.peak.map(|peak| format!("those that reach {peak} somewhere"));
    [large, central, sure].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What people call a series; nothing of the patient.
fn of_source(source: &Source) -> String {
    let date = Some(&source.study.date).filter(|date| !date.is_empty());
    let words = [Some(&source.description), Some(&source.number), date];
    words.into_iter().flatten().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

/// Where columns, rows and slices run.
fn of_geometry(geometry: &Geometry) -> String {
    let ways = [0, 1, 2].map(|axis| {
        let [from, to] = geometry.letters(axis);
        format!("{from} to {to}")
    });
    let [x, y, z] = geometry.origin;
    let tilt = geometry.tilt();
    let tilted = if tilt > 0.05 { format!("; slices tilted by {tilt:.1} degrees") } else { String::new() };
    format!("{}; first voxel at {x}, {y}, {z} mm (LPS){tilted}", ways.join(", "))
}

fn of_scan(scan: &Scan) -> String {
    let unit = scan.unit.as_deref().map(|u| format!(" {u}")).unwrap_or_default();
    let (low, high) = scan.range(0);
    let colours = if scan.channels == 1 { "grey" } else { "colour" };
    let spacing = scan.spacing.map(|s| {
        // Sums of positions do not come out even.
        let round = |mm: f64| (mm * 1e6).round() / 1e6;
        let z = s.z.map(|z| format!(" x {}", round(z))).unwrap_or_default();
        format!("{} x {}{z} mm", round(s.x), round(s.y))
    });
    let missing = scan.slice(0).ok().and_then(|image| image.valued());
    let missing = missing.map(|valued| {
        let n = valued.iter().filter(|valued| !*valued).count();
        format!("{n} of {} pixels, first slice", valued.len())
    });
    text(&[
        ("format", scan.format.to_string()),
        ("size", format!("{} x {} pixels, {colours}", scan.width, scan.height)),
        ("slices", of_slices(scan)),
        ("channels", of_channels(&scan.planes)),
        ("sample", scan.sample.to_string()),
        ("series", scan.source.as_ref().map(of_source).unwrap_or_default()),
        ("lies", scan.geometry.as_ref().map(of_geometry).unwrap_or_default()),
        ("spacing", spacing.unwrap_or_else(|| "the file gives none".into())),
        ("modality", scan.modality.clone().unwrap_or_default()),
        ("values", format!("{low} to {high}{unit}, first slice")),
        ("no value", missing.unwrap_or_default()),
        ("window", of_windows(&scan.windows(), scan.planes.channels.len(), &unit)),
        ("inverted", if scan.inverted { "low values are shown bright".into() } else { String::new() }),
        ("note", scan.notes.join(" ")),
    ])
}

/// Nothing of a single channel.
fn of_channels(planes: &Planes) -> String {
    let names: Vec<&str> = planes.channels.iter().map(String::as_str).collect();
    match names.len() {
        0 | 1 => String::new(),
        n if names.iter().all(|name| name.is_empty()) => n.to_string(),
        n => format!("{n}: {}", names.join(", ")),
    }
}

/// How many there are, and how channels, depths and times follow each other.
fn of_slices(scan: &Scan) -> String {
    let Planes { channels, depths, times } = &scan.planes;
    let axes = [(channels.len(), "channels"), (*depths, "depths"), (*times, "times")];
    let axes: Vec<String> =
        axes.iter().filter(|(n, _)| *n > 1).map(|(n, name)| format!("{n} {name}")).collect();
    if axes.len() < 2 {
        return scan.slices.to_string();
    }
    format!("{}: {}, the first of these changing fastest", scan.slices, axes.join(" by "))
}

/// Windows of frames that are told.
const MAX_WINDOWS: usize = 12;

fn of_windows(windows: &[Window], channels: usize, unit: &str) -> String {
    if let [one] = windows {
        return format!("centre {}, width {}{unit}", one.center, one.width);
    }
    // Slices of a channel share one, unless the file has one for each.
    let shared =
        channels > 1 && windows.iter().zip(windows.iter().skip(channels)).all(|(one, next)| one == next);
    let (what, windows) =
        if shared { ("channel", windows.get(..channels)) } else { ("frame", Some(windows)) };
    let windows = windows.unwrap_or_default();
    let mut each: Vec<String> =
        windows.iter().take(MAX_WINDOWS).map(|w| format!("{}/{}", w.center, w.width)).collect();
    if windows.len() > MAX_WINDOWS {
        each.push("...".into());
    }
    format!("per {what}, centre/width{unit}: {}", each.join(", "))
}

/// One line for each fact that there is.
fn text(lines: &[(&str, String)]) -> String {
    lines
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("{name:10}  {text}\n"))
        .collect()
}
