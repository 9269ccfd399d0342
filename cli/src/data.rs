//! A folder of labelled images: `images/STEM.*`, `labels/STEM.png`, and optionally `fov/STEM.png` (the field of view) and
//! `index.csv` with `id,kind`.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use insitu::infer::bright_view;
use insitu::label::palette_indices;
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
        let Some(stem) = image.file_stem().and_then(|s| s.to_str()).map(str::to_string) else { continue };
        // As StarDist and Cellpose write them, too.
        let label = ["png", "tif", "tiff"].map(|end| dir.join("labels").join(format!("{stem}.{end}")));
        let label = label.into_iter().find(|file| file.is_file());
        if let (true, Some(label)) = (image.is_file(), label) {
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

/// A label image as its file has it. What its values mean is a matter of the whole folder.
#[derive(Clone, Debug)]
pub enum Label {
    /// Values of a grey image.
    Grey(Box<Scan>),
    /// Indices of a palette, whose colours are there for people alone: width, height, `[row][column]`.
    Indices(usize, usize, Vec<u8>),
}

impl Label {
    /// Reads a label image.
    ///
    /// # Errors
    /// Those of [`scan`], and `data.label` if the image has colours.
    pub fn read(path: &Path) -> Result<Self> {
        if let Some((width, height, indices)) = palette_indices(&files::read(path)?)? {
            return Ok(Self::Indices(width, height, indices));
        }
        let scan = scan(path)?;
        if scan.channels != 1 {
            return Err(Error::invalid(
                "data.label",
                format!("The label {} has colours. Save it as a grey image of numbers.", path.display()),
            ));
        }
        Ok(Self::Grey(Box::new(scan)))
    }

    /// Width and height, pixels.
    pub fn size(&self) -> (usize, usize) {
        match self {
            Self::Grey(scan) => (scan.width, scan.height),
            Self::Indices(width, height, _) => (*width, *height),
        }
    }

    /// The values row by row. Whole numbers up to 2^24 are exact in 32-bit floats.
    fn values(&self) -> Result<Box<dyn Iterator<Item = u32> + '_>> {
        Ok(match self {
            Self::Grey(scan) => Box::new(scan.slice(0)?.data.into_iter().map(|v| v as u32)),
            Self::Indices(.., indices) => Box::new(indices.iter().map(|v| u32::from(*v))),
        })
    }

    /// What the values look like, seen alone. Never [`LabelMode::Auto`].
    pub fn mode(&self) -> Result<LabelMode> {
        let distinct: BTreeSet<u32> = self.values()?.collect();
        Ok(if distinct.iter().all(|v| *v == 0 || *v == 255) {
            LabelMode::Binary
        } else if matches!(self, Self::Grey(scan) if scan.sample.bytes() > 1) || distinct.len() > 8 {
            LabelMode::Objects
        } else {
            LabelMode::Classes
        })
    }

    /// The values as `mode` has it; [`LabelMode::Auto`] takes what they look like, seen alone.
    pub fn labels(&self, mode: LabelMode) -> Result<Labels> {
        Ok(match mode {
            LabelMode::Auto => self.labels(self.mode()?)?,
            LabelMode::Objects => Labels::Objects(self.values()?.collect()),
            LabelMode::Binary => Labels::Classes(self.values()?.map(|v| u8::from(v > 0)).collect()),
            LabelMode::Classes => Labels::Classes(self.values()?.map(|v| v.min(255) as u8).collect()),
        })
    }

    /// As [`Label::labels`], for the item that it is the label of and its image as the file has it: what lies outside
    /// the field of view is not labelled.
    ///
    /// # Errors
    /// Those of [`scan`], and `data.view` if the field of view has another size, or the labels are objects.
    pub fn in_view(&self, item: &Item, image: &Image, mode: LabelMode, view: View) -> Result<Labels> {
        let mut labels = self.labels(mode)?;
        let wrong = |what: &str| Error::invalid("data.view", format!("{}: {what}", item.stem));
        let seen = match (&item.view, view) {
            (None, View::Folder) => return Ok(labels),
            (None, View::Bright) => bright_view(image),
            (Some(path), _) => {
                let view = scan(path)?;
                let (width, height) = self.size();
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
}

/// What labels mean that are read alike: an image with two objects, or with none, looks like a class mask when it is
/// seen alone. `modes` is what each looks like; it is not asked for more than the answer needs.
pub fn common_mode(modes: impl Iterator<Item = LabelMode>) -> LabelMode {
    let mut all = LabelMode::Binary;
    for mode in modes {
        match mode {
            LabelMode::Objects => return LabelMode::Objects,
            LabelMode::Classes => all = LabelMode::Classes,
            _ => {}
        }
    }
    all
}
