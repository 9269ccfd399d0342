//! The class table beside the pixels: the text of a PNG's chunk, and `classes.json` of a ZIP archive.

use serde::{Deserialize, Serialize};

use super::content::{FileClass, LabelFile, Page};
use crate::error::{Error, Result};
use crate::label::{BACKGROUND, ClassTable, UNLABELLED};

/// What the values of a file mean.
#[derive(Serialize, Deserialize)]
pub(super) struct Sheet {
    /// `labels`: tells our files from others.
    insitu: String,
    version: u32,
    classes: Vec<Meaning>,
    /// Of an archive: which picture belongs to what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) images: Vec<ImageOf>,
}

/// A value's class; 0 is the background and 255 is "not labelled" in every file.
#[derive(Serialize, Deserialize)]
struct Meaning {
    value: u8,
    name: String,
    colour: String,
}

/// An image that has labels.
#[derive(Serialize, Deserialize)]
pub(super) struct ImageOf {
    pub(super) name: String,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) slices: usize,
    pub(super) files: Vec<FileOf>,
}

/// The labels of one slice, counted from 1 as people do.
#[derive(Serialize, Deserialize)]
pub(super) struct FileOf {
    pub(super) file: String,
    pub(super) slice: usize,
}

impl Sheet {
    pub(super) fn new(classes: &ClassTable, images: Vec<ImageOf>) -> Self {
        let classes = (1..).zip(classes.as_slice());
        let meaning = |(value, class): (u8, &crate::weights::Class)| Meaning {
            value,
            name: class.name.clone(),
            colour: class.colour.clone(),
        };
        Self { insitu: "labels".into(), version: 1, classes: classes.map(meaning).collect(), images }
    }

    pub(super) fn text(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map_err(|e| crate::label::bytes::unwritten(e.into()))
    }

    /// # Errors
    /// `label.import.sheet`.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let unreadable =
            || Error::invalid("label.import.sheet", "The table of classes in this file cannot be read.");
        let sheet: Self = serde_json::from_str(text).map_err(|e| unreadable().with_source(e))?;
        if sheet.insitu != "labels" || sheet.version != 1 {
            return Err(unreadable());
        }
        Ok(sheet)
    }

    /// Pages of its values in the form of all files.
    ///
    /// # Errors
    /// `label.import.values` if a value has no class.
    pub(super) fn file(&self, pages: Vec<(Option<usize>, Vec<u8>)>) -> Result<LabelFile> {
        let mut becomes = [None; 256];
        let mut set = |value: u8, to| {
            if let Some(place) = becomes.get_mut(usize::from(value)) {
                *place = Some(to);
            }
        };
        for (to, class) in (1..=ClassTable::MAX_COUNT as u8).zip(&self.classes) {
            set(class.value, to);
        }
        set(BACKGROUND, BACKGROUND);
        set(UNLABELLED, UNLABELLED);
        let translated = |(slice, mut values): (Option<usize>, Vec<u8>)| {
            for value in &mut values {
                *value = becomes.get(usize::from(*value)).copied().flatten().ok_or_else(|| {
                    Error::invalid(
                        "label.import.values",
                        format!("This file has pixels of value {value}, for which its table has no class."),
                    )
                })?;
            }
            Ok(Page { slice, values })
        };
        let named = |class: &Meaning| FileClass {
            name: Some(class.name.clone()),
            colour: Some(class.colour.clone()),
        };
        Ok(LabelFile {
            classes: self.classes.iter().take(ClassTable::MAX_COUNT).map(named).collect(),
            pages: pages.into_iter().map(translated).collect::<Result<_>>()?,
        })
    }
}
