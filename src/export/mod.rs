//! Results as files that other programs read: masks and object numbers as PNG, probabilities as TIFF; and images as they
//! were read, as TIFF and PNG.

mod png;
mod stack;
mod tiff;

pub use png::{mask_png, objects_png, picture_png};
pub use stack::{Stack, float_tiff};
pub use tiff::probability_tiff;

use crate::error::{Error, Result};

/// The size as the file formats want it, if `values` is how many values an image of it has.
fn size(width: usize, height: usize, pages: usize, values: usize) -> Result<[u32; 2]> {
    let expected = width.checked_mul(height).and_then(|n| n.checked_mul(pages));
    match (u32::try_from(width), u32::try_from(height)) {
        (Ok(w), Ok(h)) if w > 0 && h > 0 && pages > 0 && expected == Some(values) => Ok([w, h]),
        _ => Err(Error::invalid(
            "export.shape",
            format!("An image of {width} x {height} pixels on {pages} pages cannot have {values} values."),
        )),
    }
}

fn failed(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::invalid("export.encode", "The result could not be written as an image file.").with_source(cause)
}
