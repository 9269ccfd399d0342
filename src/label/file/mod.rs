//! Labels as files that other programs read, and files of other programs as labels.

#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod content;
mod marks;
mod png;
mod sheet;
mod values;
mod zip;

pub use content::{FileClass, LabelFile, Page, Shape};
pub use marks::read_marks;
pub use png::{label_png, palette_indices};
pub use zip::label_zip;

use crate::error::{Error, Result};
use crate::scan::{Format, Limits, SampleType, Scan};
use sheet::Sheet;

/// Reads the labels of a file for an image of this shape: a PNG or a ZIP archive that Insitu wrote, and class masks of
/// other programs: PNG with a palette or grey, TIFF, NIfTI and the other formats of scans, with whole numbers.
///
/// In files of other programs 0 is the background, and the other values become classes in rising order. 255 of 8 bits is
/// the foreground where no other value but 0 occurs, else "not labelled". Of a ZIP archive with several images that
/// have the shape, the one called `name` (an ending apart) is read.
///
/// # Errors
/// `label.shape` for another size; `label.import.values` for values that are no classes, `label.import.colours` for
/// pictures in colour, `label.import.jpeg`, `label.import.which` if it is not clear which image of an archive is meant,
/// `label.import.zip` for archives of others; `label.import.sheet` for a class table that cannot be read; as
/// [`Scan::decode`].
pub fn read_labels(bytes: &[u8], name: &str, shape: Shape) -> Result<LabelFile> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip::read(bytes, name, shape);
    }
    if bytes.starts_with(png::SIGNATURE)
        && let Some(picture) = png::read(bytes, shape)?
    {
        return match &picture.sheet {
            Some(text) => Sheet::parse(text)?.file(vec![(None, picture.values)]),
            None => {
                let plane = |_| Ok(picture.values.iter().map(|v| f32::from(*v)).collect());
                values::ranked(1, true, plane, &picture.palette)
            }
        };
    }
    let scan = Scan::decode(bytes, Some(name), &Limits::default())?;
    if scan.format == Format::Jpeg {
        return Err(Error::unsupported(
            "label.import.jpeg",
            "JPEG changes the values of pixels, so labels cannot be kept in it. Save them as PNG or TIFF.",
        ));
    }
    shape.check(scan.width, scan.height)?;
    if scan.slices != 1 && scan.slices != shape.slices {
        return Err(Error::invalid(
            "label.shape",
            format!(
                "This file has {} slices and the image has {}; labels need as many.",
                scan.slices, shape.slices
            ),
        ));
    }
    let plane = |slice| {
        let image = scan.slice(slice)?;
        if (1..image.channels).any(|channel| image.plane(channel) != image.plane(0)) {
            return Err(Error::unsupported(
                "label.import.colours",
                "This picture tells classes by colours. Save it with a palette (indexed), or as grey values: one number a class.",
            ));
        }
        Ok(image.plane(0).to_vec())
    };
    values::ranked(scan.slices, scan.sample == SampleType::U8, plane, &[])
}
