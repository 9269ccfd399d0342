//! A folder of labelled images: `images/STEM.*`, `labels/STEM.png`, and optionally `fov/STEM.png` (the field of view) and
//! `index.csv` with `id,kind`.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use insitu::scan::{Image, Limits, Scan};
use insitu::train::Labels;
use insitu::{Error, Result};

use crate::files;

/// One labelled image on disk.
#[derive(Clone, Debug)]
pub struct Item {
    pub stem: String,
    /// From `index.csv`, if the folder has one.
    pub kind: Option<String>,
    pub image: PathBuf,
    pub label: PathBuf,
    /// The field of view, if the folder has one: 0 is outside.
    pub view: Option<PathBuf>,
}

/// What the values of label images mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LabelMode {
    /// Looks at the values: only 0 and 255 are a mask, 16-bit or more than 8 values are object numbers, else classes.
    Auto,
    /// Class indices, 255 is "not labelled".
    Classes,
    /// Object numbers, 0 is the background.
    Objects,
    /// Anything but 0 is class 1.
    Binary,
}

/// The labelled images of a folder, by name.
///
/// # Errors
/// `data.folder` if there is no `images` folder or no image in it has a label.
pub fn items(dir: &Path) -> Result<Vec<Item>> {
    let images = dir.join("images");
    let wrong = |text: String| Error::invalid("data.folder", text);
    let entries = fs::read_dir(&images)
        .map_err(|e| wrong(format!("The folder {} cannot be read.", images.display())).with_source(e))?;
    let kinds = kinds(&dir.join("index.csv"));
    let mut items = Vec::new();
    for entry in entries.flatten() {
        let image = entry.path();
        let Some(stem) = image.file_stem().and_then(|s| s.to_str()).map(str::to_string) else { continue };
        let label = dir.join("labels").join(format!("{stem}.png"));
        if image.is_file() && label.is_file() {
            let view = Some(dir.join("fov").join(format!("{stem}.png"))).filter(|path| path.is_file());
            items.push(Item { kind: kinds.get(&stem).cloned(), stem, image, label, view });
        }
    }
    if items.is_empty() {
        return Err(wrong(format!(
            "No image in {} has a label of the same name in labels/.",
            images.display()
        )));
    }
    items.sort_by(|a, b| a.stem.cmp(&b.stem));
    Ok(items)
}

/// `id` to `kind`; nothing if the file is missing or has no such columns.
fn kinds(path: &Path) -> HashMap<String, String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let mut lines = text.lines().map(|l| l.split(',').map(str::trim).collect::<Vec<_>>());
    let Some(header) = lines.next() else { return HashMap::new() };
    let column = |name: &str| header.iter().position(|h| *h == name);
    let (Some(id), Some(kind)) = (column("id"), column("kind")) else { return HashMap::new() };
    lines.filter_map(|l| Some((l.get(id)?.to_string(), l.get(kind)?.to_string()))).collect()
}

/// Any image file that the engine reads.
pub fn scan(path: &Path) -> Result<Scan> {
    let name = path.file_name().map(|name| name.to_string_lossy());
    Scan::decode(&files::read(path)?, name.as_deref(), &Limits::default())
}

/// The image in a file as a network should see it, first slice.
pub fn read_image(path: &Path) -> Result<Image> {
    scan(path)?.network_slice(0)
}

/// Label values, row by row, and how they were understood.
#[derive(Clone, Debug)]
pub struct Label {
    pub width: usize,
    pub height: usize,
    pub labels: Labels,
    pub mode: LabelMode,
}

/// Reads a label image. Never returns [`LabelMode::Auto`].
///
/// # Errors
/// Those of [`scan`], and `data.label` if the image has colours.
pub fn read_label(path: &Path, mode: LabelMode) -> Result<Label> {
    let scan = scan(path)?;
    if scan.channels != 1 {
        return Err(Error::invalid(
            "data.label",
            format!("The label {} has colours. Save it as a grey image of numbers.", path.display()),
        ));
    }
    let sixteen = scan.sample.bytes() > 1;
    let (width, height) = (scan.width, scan.height);
    // Whole numbers up to 2^24 are exact in 32-bit floats.
    let values: Vec<u32> = scan.slice(0)?.data.into_iter().map(|v| v as u32).collect();
    let mode = match mode {
        LabelMode::Auto => {
            let distinct: BTreeSet<u32> = values.iter().copied().collect();
            if distinct.iter().all(|v| *v == 0 || *v == 255) {
                LabelMode::Binary
            } else if sixteen || distinct.len() > 8 {
                LabelMode::Objects
            } else {
                LabelMode::Classes
            }
        }
        known => known,
    };
    let labels = match mode {
        LabelMode::Objects => Labels::Objects(values),
        LabelMode::Binary => Labels::Classes(values.into_iter().map(|v| u8::from(v > 0)).collect()),
        _ => Labels::Classes(values.into_iter().map(|v| v.min(255) as u8).collect()),
    };
    Ok(Label { width, height, labels, mode })
}

/// Reads the label of an image; what lies outside its field of view is not labelled.
///
/// # Errors
/// Those of [`read_label`], and `data.view` if the field of view has another size, or the labels are objects.
pub fn read_item_label(item: &Item, mode: LabelMode) -> Result<Label> {
    let mut label = read_label(&item.label, mode)?;
    let Some(path) = &item.view else { return Ok(label) };
    let wrong = |what: &str| Error::invalid("data.view", format!("{}: {what}", path.display()));
    let scan = scan(path)?;
    if (scan.width, scan.height, scan.channels) != (label.width, label.height, 1) {
        return Err(wrong("the field of view must be a grey image as large as the label."));
    }
    let Labels::Classes(classes) = &mut label.labels else {
        return Err(wrong("a field of view goes with class labels only, not with object numbers."));
    };
    for (class, view) in classes.iter_mut().zip(scan.slice(0)?.data) {
        if view == 0.0 {
            *class = Labels::IGNORE;
        }
    }
    Ok(label)
}

/// What the labels of a folder mean, all of them alike: an image with two objects, or with none, looks like a
/// class mask when it is seen alone. Labels that cannot be read say nothing here; judging them names them.
pub fn label_mode(items: &[Item], asked: LabelMode) -> LabelMode {
    if asked != LabelMode::Auto {
        return asked;
    }
    let mut all = LabelMode::Binary;
    for label in items.iter().filter_map(|item| read_label(&item.label, LabelMode::Auto).ok()) {
        match label.mode {
            LabelMode::Objects => return LabelMode::Objects,
            LabelMode::Classes => all = LabelMode::Classes,
            _ => {}
        }
    }
    all
}

/// The highest class in the labels of a folder, at least 1.
pub fn class_count(items: &[Item], mode: LabelMode) -> Result<usize> {
    if mode != LabelMode::Classes {
        return Ok(1);
    }
    let mut highest = 1;
    for item in items {
        let classes = read_label(&item.label, mode)?.labels.classes();
        highest = classes.into_iter().filter(|c| *c != Labels::IGNORE).fold(highest, u8::max);
    }
    Ok(usize::from(highest))
}
