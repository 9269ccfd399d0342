//! A folder of labelled images: `images/STEM.*`, `labels/STEM.png` (of volumes `STEM.nii.gz`, each slice an image), and optionally `fov/STEM.png` (the field of view) and
//! `index.csv` with `id,kind`.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use insitu::infer::bright_view;
use insitu::results::{Meaning, Truth};
use insitu::scan::{Detached, Image, Limits, Scan};
use insitu::train::Labels;
use insitu::{Error, Result};

use crate::files;

/// What the names of labels of volumes end with.
const VOLUMES: [&str; 2] = ["nii.gz", "nii"];

/// Whether a label is of a volume.
fn is_volume(label: &Path) -> bool {
    VOLUMES.iter().any(|end| label.to_string_lossy().ends_with(end))
}

/// One labelled image on disk.
#[derive(Clone, Debug)]
pub struct Item {
    pub stem: String,
    /// From `index.csv`, if the folder has one.
    pub kind: Option<String>,
    pub image: PathBuf,
    pub label: PathBuf,
    /// Which slice of both; 0 where there is one.
    pub slice: usize,
    /// The field of view, if the folder has one: 0 is outside.
    pub view: Option<PathBuf>,
}

impl Item {
    /// Whom it is of: what stands in the name before the first `__`, or the first `_`.
    pub fn patient(&self) -> &str {
        let first = |at: &str| self.stem.split_once(at).map(|(patient, _)| patient);
        first("__").or_else(|| first("_")).unwrap_or(&self.stem)
    }
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

impl LabelMode {
    /// What was said; nothing for [`LabelMode::Auto`].
    pub fn known(self) -> Option<Meaning> {
        match self {
            Self::Auto => None,
            Self::Classes => Some(Meaning::Classes),
            Self::Objects => Some(Meaning::Objects),
            Self::Binary => Some(Meaning::Binary),
        }
    }
}

/// What of an image counts; the rest is not labelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum View {
    /// All of it, or where fov/STEM.png is not 0 if the folder has such a file
    #[default]
    Folder,
    /// The bright disc of a fundus photograph, found in the image itself, if the folder has no fov/STEM.png
    Bright,
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
        let Some(stem) = image.file_stem().and_then(|s| s.to_str()) else { continue };
        let stem = stem.strip_suffix(".nii").unwrap_or(stem).to_string();
        // As StarDist and Cellpose write them, too.
        let ends = ["png", "tif", "tiff"].into_iter().chain(VOLUMES);
        let label =
            ends.map(|end| dir.join("labels").join(format!("{stem}.{end}"))).find(|file| file.is_file());
        let (true, Some(label)) = (image.is_file(), label) else { continue };
        let kind = kinds.get(&stem).cloned();
        if is_volume(&label) {
            let slices = decoded(&label)?.slices;
            let item = |slice| {
                let stem = format!("{stem}_s{slice:04}");
                Item {
                    kind: kind.clone(),
                    stem,
                    image: image.clone(),
                    label: label.clone(),
                    slice,
                    view: None,
                }
            };
            items.extend((0..slices).map(item));
        } else {
            let view = Some(dir.join("fov").join(format!("{stem}.png"))).filter(|path| path.is_file());
            items.push(Item { kind, stem, image, label, slice: 0, view });
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

/// Any image file that the engine reads; of a header, its pixels are looked for beside it.
pub fn scan(path: &Path) -> Result<Scan> {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut beside = |named: &str| {
        let file = Path::new(named).file_name()?;
        // As the header has it, else as other systems write names.
        let found = [folder.join(named), folder.join(file)].into_iter().find(|path| path.is_file());
        let entries =
            || fs::read_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }).ok();
        let alike = |path: &PathBuf| {
            path.file_name().is_some_and(|name| Detached::is_same(named, &name.to_string_lossy()))
        };
        let found = found.or_else(|| entries()?.flatten().map(|entry| entry.path()).find(alike))?;
        files::read(&found).ok().map(Cow::Owned)
    };
    Scan::decode_detached(&files::read(path)?, name.as_deref(), &mut beside, &Limits::default())
}

/// The image of an item as a network should see it.
pub fn read_image(item: &Item) -> Result<Image> {
    decoded(&item.image)?.network_slice(item.slice)
}

/// The label of an item.
///
/// # Errors
/// Those of [`files::read`] and [`Truth::read`].
pub fn label(item: &Item) -> Result<Truth> {
    if is_volume(&item.label) {
        let volume = decoded(&item.label)?;
        return Truth::of_slice(&volume, item.slice, &item.label.display().to_string());
    }
    Truth::read(&files::read(&item.label)?, &item.label.display().to_string())
}

/// As [`scan`]; slices of one volume are asked for one after the other, so the last two volumes, an image and its label, are kept.
fn decoded(path: &Path) -> Result<Rc<Scan>> {
    thread_local! {
        static LAST: RefCell<Vec<(PathBuf, Rc<Scan>)>> = const { RefCell::new(Vec::new()) };
    }
    let found = |(other, scan): &(PathBuf, Rc<Scan>)| (other == path).then(|| scan.clone());
    if let Some(scan) = LAST.with_borrow(|last| last.iter().find_map(found)) {
        return Ok(scan);
    }
    let read = Rc::new(scan(path)?);
    if read.slices > 1 {
        LAST.with_borrow_mut(|last| {
            last.insert(0, (path.to_path_buf(), read.clone()));
            last.truncate(2);
        });
    }
    Ok(read)
}

/// The labels of an item, whose image is as the file has it: what lies outside the field of view is not labelled.
///
/// # Errors
/// Those of [`scan`], and `data.view` if the field of view has another size, or the labels are objects.
pub fn in_view(truth: &Truth, item: &Item, image: &Image, meaning: Meaning, view: View) -> Result<Labels> {
    let mut labels = truth.labels(meaning)?;
    let wrong = |what: &str| Error::invalid("data.view", format!("{}: {what}", item.stem));
    let seen = match (&item.view, view) {
        (None, View::Folder) => return Ok(labels),
        (None, View::Bright) => bright_view(image),
        (Some(path), _) => {
            let view = scan(path)?;
            let (width, height) = truth.size();
            if (view.width, view.height, view.channels) != (width, height, 1) {
                return Err(wrong("the field of view must be a grey image as large as the label."));
            }
            view.slice(0)?.data.into_iter().map(|v| v != 0.0).collect()
        }
    };
    let Labels::Classes(classes) = &mut labels else {
        return Err(wrong("a field of view goes with class labels only, not with object numbers."));
    };
    for (class, seen) in classes.iter_mut().zip(seen) {
        if !seen {
            *class = Labels::IGNORE;
        }
    }
    Ok(labels)
}
