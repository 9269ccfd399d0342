//! Which of many files are one image: the files of a DICOM series, a header and its pixels, a folder of Zarr; each other file alone.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde::de::IgnoredAny;

use super::detached::Detached;
use super::series::{self, Head, Kind, Series, group};
use super::zarr::{self, Store};
use super::{Limits, Scan, tiff};
use crate::error::{Error, Result};
use crate::sorting::sort_by_key;

/// What the beginning of a file tells of those that it belongs with.
#[derive(Clone, Debug)]
pub enum Beginning {
    Dicom(Box<Head>),
    /// A header whose pixels are in other files.
    Header(Detached),
    /// A volume whose numbers are labels.
    Labels,
    /// One of the files of an OME-TIFF image.
    Part(Detached),
    /// What describes a folder of Zarr, all of it.
    Zarr(Arc<[u8]>),
    /// None of these.
    Alone,
}

/// How the names of OME-TIFF files end, in small letters, with what may follow: `.ome.tif`, `.ome.tiff`.
const OME: &str = ".ome.tif";

impl Beginning {
    /// Bytes of a file that are enough for nearly all.
    pub const BYTES: usize = 1 << 16;

    /// From the first part of a file, or all of it; none if more of it is needed. `name`: the file's.
    pub fn of(bytes: &[u8], name: &str, whole: bool) -> Option<Self> {
        if name.to_lowercase().contains(OME) && (bytes.starts_with(b"II") || bytes.starts_with(b"MM")) {
            // Many programs write the description last.
            let seen = whole || tiff::set::is_seen(bytes);
            return seen.then(|| tiff::set::files(bytes).map_or(Self::Alone, Self::Part));
        }
        if zarr::describes(name) {
            let complete = whole || serde_json::from_slice::<IgnoredAny>(bytes).is_ok();
            return complete.then(|| Self::Zarr(bytes.into()));
        }
        match series::head(bytes, name) {
            Ok(head) if head.cut && !whole => None,
            Ok(head) => Some(Self::Dicom(Box::new(head))),
            Err(_) if Scan::says_labels(bytes) => Some(Self::Labels),
            Err(_) => Some(Scan::wants_pixels_of(bytes, Some(name)).map_or(Self::Alone, Self::Header)),
        }
    }
}

/// What files are together.
#[derive(Clone, Debug)]
pub enum What {
    /// A volume, or the file of one.
    Series(Box<Series>),
    /// The first of the files is the header.
    Header,
    /// The files of an OME-TIFF image.
    Set,
    /// Areas or contours that lie on images: DICOM SEG, RTSTRUCT.
    Marks,
    /// A volume whose numbers are labels of another.
    Labels,
    /// Descriptions and chunks of a folder of Zarr.
    Zarr(Box<Store>),
    /// Any other file.
    File,
}

/// Files that are one image, or one thing that lies on images.
#[derive(Clone, Debug)]
pub struct Together {
    /// Places in the list that was given, in the order in which they are read.
    pub files: Vec<usize>,
    pub what: What,
}

impl Together {
    /// What people call a series: its description, what tells it from others of its number, else its number; of Zarr its folder; empty of
    /// other files.
    pub fn name(&self) -> String {
        let series = match &self.what {
            What::Series(series) => series,
            What::Zarr(store) => return store.name(),
            _ => return String::new(),
        };
        let named = match (series.description.as_str(), series.number.as_str()) {
            ("", "") => "Series".to_string(),
            ("", number) => format!("Series {number}"),
            (description, _) => description.to_string(),
        };
        if series.part.is_empty() { named } else { format!("{named}, {}", series.part) }
    }

    /// Reads them. `file` gives the bytes of a place in the list that was given; no more than one file of a series or of Zarr is asked for at a
    /// time.
    ///
    /// # Errors
    /// As [`Scan::decode_detached`], [`Scan::from_series`] and [`zarr::Assembly`]; `scan.marks` for what is no image.
    pub fn open(
        &self,
        names: &[String],
        limits: &Limits,
        mut file: impl FnMut(usize) -> Result<Vec<u8>>,
    ) -> Result<Scan> {
        let first = self.files.first().copied().unwrap_or_default();
        match &self.what {
            What::Series(series) => Scan::from_series(series, file, limits, |_, _| true),
            What::Header | What::Set => {
                let header = file(first)?;
                let mut wrong = None;
                let mut other = |wanted: &str| {
                    let is_it = |place: &&usize| {
                        names.get(**place).is_some_and(|name| Detached::is_same(wanted, name))
                    };
                    let place = self.files.iter().skip(1).find(is_it)?;
                    file(*place).map_err(|error| wrong = Some(error)).ok().map(Cow::Owned)
                };
                let name = names.get(first).map(String::as_str);
                let read = Scan::decode_parts(&header, name, &mut other, limits);
                wrong.map_or(read, Err)
            }
            What::Zarr(store) => {
                let mut assembly = store.begin(limits)?;
                // Other limits than usual may want another level.
                for place in self.files.iter().chain(&store.beside) {
                    let name = names.get(*place).map(String::as_str).unwrap_or_default();
                    if assembly.wants(name) {
                        assembly.add(name, &file(*place)?)?;
                    }
                }
                assembly.finish()
            }
            What::Marks => Err(marks()),
            What::Labels | What::File => {
                Scan::decode(&file(first)?, names.get(first).map(String::as_str), limits)
            }
        }
    }
}

fn marks() -> Error {
    Error::unsupported(
        "scan.marks",
        "This DICOM file holds areas that were marked on images, and no image. Drop it on the images that it belongs to.",
    )
}

/// The folder that a name has before it.
fn folder(names: &[String], place: usize) -> &str {
    names.get(place).and_then(|name| name.rsplit_once(['/', '\\'])).map_or("", |(folder, _)| folder)
}

/// A file's name in a folder, in small letters.
fn lower(folder: &str, name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    format!("{folder}/{last}").to_lowercase()
}

/// What each of the files belongs to, in the order of the files, series by their numbers; and which were left out and why, in a
/// sentence ([`told`](super::series::told)). A
/// file of pixels whose header is there is no image of its own.
pub fn together(files: &[Beginning], names: &[String]) -> (Vec<Together>, Vec<(usize, String)>) {
    let mut heads = Vec::new();
    let mut places = Vec::new();
    let mut taken = vec![false; files.len()];
    let mut all = Vec::new();
    // Where files of a name are.
    let mut places_of = HashMap::<String, Vec<usize>>::new();
    if files.iter().any(|file| matches!(file, Beginning::Part(_))) {
        for (place, name) in names.iter().enumerate() {
            places_of.entry(lower(folder(names, place), name)).or_default().push(place);
        }
    }
    let described = |place: usize| match files.get(place) {
        Some(Beginning::Zarr(bytes)) => Some(Arc::clone(bytes)),
        _ => None,
    };
    for (store, files) in Store::find(names, described) {
        for place in files.iter().chain(&store.beside) {
            if let Some(taken) = taken.get_mut(*place) {
                *taken = true;
            }
        }
        all.push(Together { files, what: What::Zarr(Box::new(store)) });
    }
    let in_zarr = taken.clone();
    for (place, file) in files.iter().enumerate() {
        if in_zarr.get(place).copied().unwrap_or_default() {
            continue;
        }
        match file {
            Beginning::Dicom(head) if matches!(head.kind, Kind::Segmentation | Kind::Structures) => {
                all.push(Together { files: vec![place], what: What::Marks });
            }
            Beginning::Dicom(head) => {
                heads.push((**head).clone());
                places.push(place);
            }
            Beginning::Header(wanted) => {
                let place_of_header = place;
                let mut beside = vec![place];
                for named in &wanted.names {
                    // In the header's own folder, else anywhere.
                    let is_it =
                        |place: &usize| names.get(*place).is_some_and(|name| Detached::is_same(named, name));
                    let beside_it = |place: &usize| {
                        is_it(place) && folder(names, *place) == folder(names, place_of_header)
                    };
                    let all = 0..names.len();
                    let found = all.clone().find(beside_it).or_else(|| all.clone().find(is_it));
                    if let Some(found) = found.filter(|found| !beside.contains(found)) {
                        beside.push(found);
                        if let Some(taken) = taken.get_mut(found) {
                            *taken = true;
                        }
                    }
                }
                all.push(Together { files: beside, what: What::Header });
            }
            Beginning::Part(_) if taken.get(place).copied().unwrap_or_default() => {}
            Beginning::Part(wanted) => {
                let own = folder(names, place);
                let found = |named: &String| {
                    places_of.get(&lower(own, named))?.iter().copied().find(|other| *other >= place)
                };
                // A set that is not whole stays single files.
                let found: Option<Vec<usize>> = wanted.names.iter().map(found).collect();
                let mut files = found.filter(|found| found.contains(&place)).unwrap_or_default();
                files.sort_unstable();
                files.dedup();
                if files.len() < wanted.names.len() {
                    all.push(Together { files: vec![place], what: What::File });
                    continue;
                }
                for file in &files {
                    if let Some(taken) = taken.get_mut(*file) {
                        *taken = true;
                    }
                }
                all.push(Together { files, what: What::Set });
            }
            Beginning::Labels => all.push(Together { files: vec![place], what: What::Labels }),
            Beginning::Alone | Beginning::Zarr(_) => {}
        }
    }
    for (place, file) in files.iter().enumerate() {
        if matches!(file, Beginning::Alone) && !taken.get(place).copied().unwrap_or_default() {
            all.push(Together { files: vec![place], what: What::File });
        }
    }
    let grouped = group(&heads);
    for mut series in grouped.series {
        let files: Vec<usize> = series.files.iter().filter_map(|head| places.get(*head).copied()).collect();
        series.files.clone_from(&files);
        all.push(Together { files, what: What::Series(Box::new(series)) });
    }
    // A file's place in the list, of series the first of theirs; series stay in the order of their numbers.
    let first_series = all.iter().filter(|one| matches!(one.what, What::Series(_)));
    let first_series = first_series.flat_map(|one| &one.files).min().copied().unwrap_or_default();
    sort_by_key(&mut all, |one| match one.what {
        What::Series(_) => first_series,
        _ => one.files.first().copied().unwrap_or_default(),
    });
    let left_out = grouped.left_out.into_iter().filter_map(|(head, why)| Some((*places.get(head)?, why)));
    let left_out = left_out.collect();
    (all, left_out)
}
