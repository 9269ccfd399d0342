//! The descriptions in a folder of Zarr, and which of the images there is meant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::array::Array;
use super::assembly::Assembly;
use super::image::Level;
use super::{broken, describes, folder, quoted};
use crate::error::Result;
use crate::scan::Limits;
use crate::sorting::sort_by_cached_key;

/// Bytes of one description, at most: memory for what it says is many times as much.
const MOST: usize = 8 << 20;

/// A folder of Zarr: what its descriptions say.
#[derive(Clone, Debug)]
pub struct Store {
    /// With a slash behind, as it stands before the names of files; empty if those have no folder in common.
    root: String,
    /// By their paths in the folder.
    descriptions: BTreeMap<String, Arc<[u8]>>,
    /// Places of the files that are not needed: chunks of other levels and images.
    pub beside: Vec<usize>,
}

/// An image among those of a folder.
pub(super) struct Image {
    /// Its folder, with a slash behind, or empty.
    pub(super) path: String,
    /// What `.zattrs` or the attributes of `zarr.json` say.
    pub(super) attributes: Value,
    pub(super) notes: Vec<String>,
}

impl Store {
    /// The outermost folders of Zarr among files, each with the places of the files that are read, in their order: first the descriptions,
    /// then the chunks that are needed. `description` gives the bytes of a place that [`describes`].
    pub(in crate::scan) fn find(
        names: &[String],
        mut description: impl FnMut(usize) -> Option<Arc<[u8]>>,
    ) -> Vec<(Self, Vec<usize>)> {
        let mut found: BTreeMap<&str, Self> = BTreeMap::new();
        let mut files: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let folders: BTreeSet<&str> =
            names.iter().filter(|name| describes(name)).map(|name| folder(name)).collect();
        for (place, name) in names.iter().enumerate() {
            let Some(root) = root_of(name, &folders) else { continue };
            let store = found.entry(root).or_insert_with(|| Self {
                root: root.to_string(),
                descriptions: BTreeMap::new(),
                beside: Vec::new(),
            });
            let path = name.get(root.len()..).unwrap_or_default();
            match description(place).filter(|_| describes(name)) {
                Some(bytes) => {
                    store.descriptions.insert(path.to_string(), bytes);
                    files.entry(root).or_default().push(place);
                }
                None => store.beside.push(place),
            }
        }
        let chosen = |(root, mut store): (&str, Self)| {
            let mut read = files.remove(root).unwrap_or_default();
            let level = store.level(&Limits::default()).ok();
            let mut chunks = Vec::new();
            let mut beside = Vec::new();
            for place in std::mem::take(&mut store.beside) {
                let name = names.get(place).map(String::as_str).unwrap_or_default();
                match level.as_ref().and_then(|level| store.chunk(level, name)) {
                    Some(at) => chunks.push((at, place)),
                    None => beside.push(place),
                }
            }
            chunks.sort_unstable();
            read.extend(chunks.into_iter().map(|(_, place)| place));
            // So that it is an image in several files, which says what is wrong when it is opened.
            if read.len() == 1 {
                read.extend(beside.pop());
            }
            store.beside = beside;
            (store, read)
        };
        found.into_iter().map(chosen).collect()
    }

    /// The name of the folder.
    pub fn name(&self) -> String {
        let path = self.root.trim_end_matches('/');
        path.rsplit('/').next().unwrap_or_default().to_string()
    }

    /// Slices of each channel, as far as that can be told.
    pub fn slices(&self) -> usize {
        self.level(&Limits::default()).map_or(1, |level| level.planes.of_a_channel())
    }

    /// Begins to read the image; `limits` hold for all of it.
    ///
    /// # Errors
    /// `zarr.invalid`, `zarr.unsupported`, `scan.limit.*`.
    pub fn begin(&self, limits: &Limits) -> Result<Assembly> {
        Assembly::new(&self.root, self.level(limits)?, limits)
    }

    fn chunk(&self, level: &Level, name: &str) -> Option<Vec<usize>> {
        level.array.place(name.strip_prefix(&self.root)?.strip_prefix(&level.path)?)
    }

    fn level(&self, limits: &Limits) -> Result<Level> {
        let image = self.image()?;
        Level::choose(self, image, limits)
    }

    /// A description; null if there is none.
    fn described(&self, path: &str) -> Result<Value> {
        let Some(bytes) = self.descriptions.get(path) else { return Ok(Value::Null) };
        let read = if bytes.len() > MOST { None } else { serde_json::from_slice(bytes).ok() };
        read.ok_or_else(|| broken(&format!("its file {} cannot be read", quoted(path))))
    }

    /// What people and programs say of a folder, `ome` of version 0.5 taken for all of it.
    fn attributes(&self, at: &str) -> Result<Value> {
        let mut all = self.described(&format!("{at}zarr.json"))?;
        let mut attributes = match all.get_mut("attributes") {
            Some(attributes) => attributes.take(),
            None => self.described(&format!("{at}.zattrs"))?,
        };
        Ok(match attributes.get_mut("ome") {
            Some(ome) => ome.take(),
            None => attributes,
        })
    }

    /// The array of a folder, if it is one.
    pub(super) fn array(&self, at: &str) -> Result<Option<Array>> {
        let old = self.described(&format!("{at}.zarray"))?;
        if !old.is_null() {
            return Array::version_2(&old).map(Some);
        }
        let new = self.described(&format!("{at}zarr.json"))?;
        let is_array = new.get("node_type").and_then(Value::as_str) == Some("array");
        is_array.then(|| Array::version_3(&new)).transpose()
    }

    /// The first image: what has levels; where nothing has, the first array.
    fn image(&self) -> Result<Image> {
        let mut folders: Vec<&str> = self.descriptions.keys().map(|path| folder(path)).collect();
        sort_by_cached_key(&mut folders, |path| in_order(path));
        folders.dedup();
        let mut images = Vec::new();
        let mut labels = 0;
        for path in &folders {
            let attributes = self.attributes(path)?;
            let levels = attributes.get("multiscales").and_then(Value::as_array);
            if levels.is_none_or(Vec::is_empty) {
                continue;
            }
            if path.starts_with("labels/") || path.contains("/labels/") {
                labels += 1;
            } else {
                images.push((path.to_string(), attributes));
            }
        }
        if images.is_empty() {
            for path in folders {
                if self.descriptions.contains_key(&format!("{path}.zarray")) || self.array(path)?.is_some() {
                    images.push((path.to_string(), Value::Null));
                }
            }
        }
        let count = images.len();
        let Some((path, attributes)) = images.into_iter().next() else {
            return Err(broken("no image is described in it. Drop the whole folder, hidden files included"));
        };
        let mut notes = Vec::new();
        if count > 1 {
            notes.push(format!(
                "This Zarr folder holds {count} images. The first was opened, {}; open the folder of another by itself to see that.",
                quoted(path.trim_end_matches('/'))
            ));
        }
        if labels > 0 {
            notes.push(format!("Label images in this Zarr folder were left out ({labels})."));
        }
        Ok(Image { path, attributes, notes })
    }
}

/// The outermost of some folders in which a file lies.
fn root_of<'a>(name: &'a str, folders: &BTreeSet<&str>) -> Option<&'a str> {
    let ends = name.match_indices('/').filter_map(|(at, _)| name.get(..=at));
    std::iter::once("").chain(ends).find(|root| folders.contains(root))
}

/// Numbers by their value.
fn in_order(path: &str) -> Vec<(u64, String)> {
    path.split('/').map(|part| (part.parse().unwrap_or(u64::MAX), part.to_string())).collect()
}

/// Which files are parts of a folder of Zarr and describe nothing: they need not be looked at.
pub fn parts(names: &[String]) -> Vec<bool> {
    let folders: BTreeSet<&str> =
        names.iter().filter(|name| describes(name)).map(|name| folder(name)).collect();
    names.iter().map(|name| !describes(name) && root_of(name, &folders).is_some()).collect()
}
