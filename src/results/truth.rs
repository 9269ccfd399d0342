//! What people say is right of an image: label images, and what their values mean.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::label::palette_indices;
use crate::scan::{Limits, Samples, Scan};
use crate::train::Labels;

/// What the values of label images mean.
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Meaning {
    /// Class indices, 255 is "not labelled".
    Classes,
    /// Object numbers, 0 is the background.
    Objects,
    /// Anything but 0 is class 1.
    Binary,
}

impl Meaning {
    /// As it is called in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Classes => "classes",
            Self::Objects => "objects",
            Self::Binary => "binary",
        }
    }

    /// What labels mean that are read alike: an image with two objects, or with none, looks like a class mask when it is
    /// seen alone. `each` is what each looks like; it is not asked for more than the answer needs.
    pub fn common(each: impl Iterator<Item = Self>) -> Self {
        let mut all = Self::Binary;
        for meaning in each {
            match meaning {
                Self::Objects => return Self::Objects,
                Self::Classes => all = Self::Classes,
                Self::Binary => {}
            }
        }
        all
    }
}

/// A label image as its file has it. What its values mean is a matter of all files together.
#[derive(Clone, Debug)]
pub enum Truth {
    /// Values of a grey image.
    Grey(Box<Scan>),
    /// Indices of a palette, whose colours are there for people alone: width, height, `[row][column]`.
    Indices(usize, usize, Vec<u8>),
}

fn coloured(name: &str) -> Error {
    Error::invalid("data.label", format!("The label {name} has colours. Save it as a grey image of numbers."))
}

impl Truth {
    /// Reads a label image; `name` is used in sentences.
    ///
    /// # Errors
    /// Those of [`Scan::decode`], and `data.label` if the image has colours.
    pub fn read(bytes: &[u8], name: &str) -> Result<Self> {
        if let Some((width, height, indices)) = palette_indices(bytes)? {
            return Ok(Self::Indices(width, height, indices));
        }
        let scan = Scan::decode(bytes, Some(name), &Limits::default())?;
        if scan.channels != 1 {
            return Err(coloured(name));
        }
        Ok(Self::Grey(Box::new(scan)))
    }

    /// The labels of one slice of a volume.
    ///
    /// # Errors
    /// `scan.slice`; `data.label` as in [`Truth::read`].
    pub fn of_slice(volume: &Scan, slice: usize, name: &str) -> Result<Self> {
        if volume.channels != 1 {
            return Err(coloured(name));
        }
        let values = volume.slice(slice)?.data;
        // Numbers of objects may be large; classes are not.
        let samples = if values.iter().all(|v| *v <= 255.0) {
            Samples::U8(values.iter().map(|v| *v as u8).collect())
        } else {
            Samples::U32(values.iter().map(|v| *v as u32).collect())
        };
        let scan = Scan::from_samples(volume.format, volume.width, volume.height, 1, 1, samples)?;
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

    /// What the values look like, seen alone.
    ///
    /// # Errors
    /// None in practice: there is a first slice.
    pub fn meaning(&self) -> Result<Meaning> {
        let distinct: BTreeSet<u32> = self.values()?.collect();
        Ok(if distinct.iter().all(|v| *v == 0 || *v == 255) {
            Meaning::Binary
        } else if matches!(self, Self::Grey(scan) if scan.sample.bytes() > 1) || distinct.len() > 8 {
            Meaning::Objects
        } else {
            Meaning::Classes
        })
    }

    /// The values, taken so.
    ///
    /// # Errors
    /// As [`Truth::meaning`].
    pub fn labels(&self, meaning: Meaning) -> Result<Labels> {
        Ok(match meaning {
            Meaning::Objects => Labels::Objects(self.values()?.collect()),
            Meaning::Binary => Labels::Classes(self.values()?.map(|v| u8::from(v > 0)).collect()),
            Meaning::Classes => Labels::Classes(self.values()?.map(|v| v.min(255) as u8).collect()),
        })
    }
}
