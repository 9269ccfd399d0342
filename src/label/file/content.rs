//! What a file of labels holds, and what it must fit to.

use crate::error::{Error, Result};
use crate::label::UNLABELLED;

/// The labels of a file, in values of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelFile {
    /// The classes of the values from 1 on.
    pub classes: Vec<FileClass>,
    pub pages: Vec<Page>,
}

/// A class of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileClass {
    /// `None` if the file tells none: its values are classes in rising order then.
    pub name: Option<String>,
    /// `#rrggbb`, if the file tells one.
    pub colour: Option<String>,
}

/// The labels of a slice.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The slice, from 0; `None` if the file is a single picture.
    pub slice: Option<usize>,
    /// `[row][column]`: 0 background, 1.. [`classes`](LabelFile::classes), [`UNLABELLED`].
    pub values: Vec<u8>,
}

/// What an image must be for labels to fit to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Slices.
    pub slices: usize,
}

impl Shape {
    pub(super) fn check(&self, width: usize, height: usize) -> Result<()> {
        if (width, height) == (self.width, self.height) {
            return Ok(());
        }
        Err(Error::invalid(
            "label.shape",
            format!(
                "This file has {width} x {height} pixels and the image has {} x {}; labels need the same size.",
                self.width, self.height
            ),
        ))
    }
}

/// The value "not labelled" as an index.
pub(super) const NOT_LABELLED: usize = UNLABELLED as usize;
