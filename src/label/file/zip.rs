//! Labels of several images in one ZIP archive: a PNG a slice, and `classes.json`.

use std::collections::BTreeSet;

use super::content::{LabelFile, Shape};
use super::png::{self, label_png};
use super::sheet::{FileOf, ImageOf, Sheet};
use crate::error::{Error, Result};
use crate::export::Zip;
use crate::label::{ClassTable, LabelMap};
use crate::scan::Limits;
use crate::weights::foreign::zip::Archive;

const SHEET: &str = "classes.json";
/// Bytes of a class table, at most: 254 long names, and 100 000 pictures.
const MAX_SHEET_BYTES: u64 = 64 << 20;

/// All labelled slices of these images, by the images' names, as one archive: each slice as [`label_png`], and the class
/// table with what belongs to what as `classes.json`.
///
/// # Errors
/// `label.empty` if nothing is labelled; `export.encode`.
pub fn label_zip<'a>(
    classes: &ClassTable,
    images: impl IntoIterator<Item = (&'a str, &'a LabelMap)>,
) -> Result<Vec<u8>> {
    let mut taken = BTreeSet::from([SHEET.to_string()]);
    let mut told = Vec::new();
    let mut out = Zip::new();
    for (name, map) in images {
        let stem = free(&stem_of(name), &mut taken);
        let mut files = Vec::new();
        for slice in map.labelled_slices() {
            let file = match map.slices() {
                1 => format!("{stem}.png"),
                _ => format!("{stem}/slice-{:04}.png", slice + 1),
            };
            out.add(&file, &label_png(map, slice)?)?;
            files.push(FileOf { file, slice: slice + 1 });
        }
        if !files.is_empty() {
            let (width, height, slices) = (map.width(), map.height(), map.slices());
            told.push(ImageOf { name: name.into(), width, height, slices, files });
        }
    }
    if told.is_empty() {
        return Err(Error::invalid("label.empty", "Nothing is labelled yet, so there is nothing to save."));
    }
    out.add(SHEET, Sheet::new(classes, told).text()?.as_bytes())?;
    out.finish()
}

/// Reads the image of an archive that has this shape, and of several the one called `name`.
pub(super) fn read(bytes: &[u8], name: &str, shape: Shape) -> Result<LabelFile> {
    let archive = Archive::open(bytes)?;
    let Some(text) = archive.get(SHEET, MAX_SHEET_BYTES)? else {
        return Err(Error::unsupported(
            "label.import.zip",
            "This ZIP archive has no table of classes (classes.json). Unpack it, and open its pictures one by one.",
        ));
    };
    let sheet = Sheet::parse(&String::from_utf8_lossy(&text))?;
    let image = chosen(&sheet.images, name, shape)?;
    let mut pages = Vec::new();
    let mut left = Limits::default().pixels;
    for FileOf { file, slice } in &image.files {
        let slice =
            slice.checked_sub(1).filter(|slice| *slice < image.slices).ok_or_else(|| no_file(file))?;
        left = left.checked_sub((shape.width * shape.height) as u64).ok_or_else(|| no_file(file))?;
        let packed = archive.get(file, Limits::default().bytes)?.ok_or_else(|| no_file(file))?;
        let picture = png::read(&packed, shape)?.ok_or_else(|| no_file(file))?;
        pages.push(((shape.slices > 1 && image.slices > 1).then_some(slice), picture.values));
    }
    sheet.file(pages)
}

fn chosen<'a>(images: &'a [ImageOf], name: &str, shape: Shape) -> Result<&'a ImageOf> {
    let fits = |image: &&ImageOf| {
        (image.width, image.height) == (shape.width, shape.height)
            && (image.slices == shape.slices || image.slices == 1 && image.files.len() == 1)
    };
    let fitting: Vec<&ImageOf> = images.iter().filter(fits).collect();
    match (&fitting[..], images) {
        ([image], _) => Ok(image),
        ([], [only]) => {
            shape.check(only.width, only.height)?;
            Err(Error::invalid(
                "label.shape",
                format!("These labels have {} slices and the image has {}.", only.slices, shape.slices),
            ))
        }
        ([], _) => Err(Error::invalid(
            "label.shape",
            format!(
                "None of the {} images in this archive has {} x {} pixels and {} slices, as this one has.",
                images.len(),
                shape.width,
                shape.height,
                shape.slices
            ),
        )),
        _ => {
            let called = |image: &&&ImageOf| image.name == name || stem_of(&image.name) == stem_of(name);
            fitting.iter().find(called).copied().ok_or_else(|| {
                let names: Vec<&str> = fitting.iter().take(6).map(|image| &*image.name).collect();
                Error::invalid(
                    "label.import.which",
                    format!(
                        "This archive has labels of {} images of this size ({}), and none is called {name}. Unpack it, and open the picture that belongs to this image.",
                        fitting.len(),
                        names.join(", ")
                    ),
                )
            })
        }
    }
}

/// A name without its ending and without what file systems do not take.
fn stem_of(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.strip_suffix(".nii").unwrap_or(stem),
        _ => name,
    };
    let kept: String = stem
        .chars()
        .map(|c| if c.is_control() || "<>:\"|?*".contains(c) { '_' } else { c })
        .take(120)
        .collect();
    match kept.trim_matches(['.', ' ']) {
        "" => "image".into(),
        kept => kept.into(),
    }
}

/// The name, or it with a number if it is taken.
fn free(stem: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|n| format!("{stem} ({n})"));
    let name = std::iter::once(stem.to_string()).chain(numbered).find(|name| !taken.contains(name));
    let name = name.unwrap_or_default();
    taken.insert(name.clone());
    name
}

fn no_file(file: &str) -> Error {
    Error::invalid("label.import.sheet", format!("{file} in this archive is missing or is no label picture."))
}
