//! Values of other programs as classes.

use std::collections::BTreeSet;

use super::content::{FileClass, LabelFile, Page};
use crate::error::{Error, Result};
use crate::label::{ClassTable, UNLABELLED};

/// Whole numbers beyond are not all of them 32-bit floats.
const MAX_VALUE: f32 = 16_777_216.0;

/// Classes by rising value. `plane` gives the values of a page, `[row][column]`; 255 is "not labelled" in a file of
/// 8 bits with other values beside 0. `palette`: red, green, blue of each value, or nothing.
pub(super) fn ranked(
    pages: usize,
    eight_bits: bool,
    plane: impl Fn(usize) -> Result<Vec<f32>>,
    palette: &[u8],
) -> Result<LabelFile> {
    let mut seen = BTreeSet::new();
    for page in 0..pages {
        let mut last = None;
        for value in plane(page)? {
            if last == Some(value) {
                continue;
            }
            last = Some(value);
            seen.insert(whole(value)?);
            // With the background and "not labelled" there are two more values than classes.
            if seen.len() > ClassTable::MAX_COUNT + 2 {
                return Err(too_many());
            }
        }
    }
    seen.remove(&0);
    let void = u32::from(UNLABELLED);
    let has_void = eight_bits && seen.len() > 1 && seen.remove(&void);
    let values: Vec<u32> = seen.into_iter().collect();
    if values.len() > ClassTable::MAX_COUNT {
        return Err(too_many());
    }
    let becomes = |value: f32| {
        let value = value as u32;
        match values.binary_search(&value) {
            Ok(place) => place as u8 + 1,
            Err(_) if has_void && value == void => UNLABELLED,
            Err(_) => 0,
        }
    };
    let read = |page| {
        let (mut last, mut class) = (0.0, 0);
        let translated = plane(page)?.into_iter().map(|value| {
            if value != last {
                (last, class) = (value, becomes(value));
            }
            class
        });
        Ok(Page { slice: (pages > 1).then_some(page), values: translated.collect() })
    };
    let class = |value: &u32| {
        let entry = palette.as_chunks::<3>().0.get(*value as usize);
        let colour = entry.map(|[r, g, b]| format!("#{r:02X}{g:02X}{b:02X}"));
        FileClass { name: None, colour }
    };
    Ok(LabelFile {
        classes: values.iter().map(class).collect(),
        pages: (0..pages).map(read).collect::<Result<_>>()?,
    })
}

fn whole(value: f32) -> Result<u32> {
    if (0.0..=MAX_VALUE).contains(&value) && value.fract() == 0.0 {
        return Ok(value as u32);
    }
    Err(Error::invalid(
        "label.import.values",
        format!("This picture has pixels of value {value}. Labels are whole numbers from 0 on, one a class."),
    ))
}

fn too_many() -> Error {
    Error::invalid(
        "label.import.values",
        format!(
            "This picture has more than {} different values, so they are no classes: it may be a photograph, or number single objects.",
            ClassTable::MAX_COUNT
        ),
    )
}
