//! Stacks whose planes lie behind one another and have one directory for all: MetaMorph's, ImageJ's of more than
//! 4 GB, and those that `tifffile` writes with `truncate`.

use serde_json::Value;

use super::codes::Compression;
use super::describe::imagej_value;
use super::ifd::{Ifd, broken};
use super::page::{Page, cannot};
use super::tags;
use crate::error::Result;

/// The planes of one page: how many, and how many bytes lie between two of them.
pub(super) struct Planes {
    pub(super) count: usize,
    pub(super) stride: u64,
    /// What the description promises and the file does not hold.
    pub(super) note: Option<String>,
}

/// `is_only`: no other directory names planes.
///
/// # Errors
/// `tiff.invalid` if planes are missing, `tiff.unsupported.stack` if they are compressed.
pub(super) fn planes(ifd: &Ifd<'_>, page: &Page<'_>, is_only: bool) -> Result<Planes> {
    let one = |note| Ok(Planes { count: 1, stride: 0, note });
    let texts = ifd.texts(tags::IMAGE_DESCRIPTION);
    let metamorph = ifd.count(tags::UIC2);
    let shaped = texts.iter().find_map(|text| truncated(text, page));
    let imagej = texts.iter().find_map(|text| imagej_value(text, "images")?.parse::<usize>().ok());
    let (count, sure) = match (metamorph, shaped, imagej) {
        (2.., _, _) if is_only => (metamorph, true),
        (_, Some(count), _) => (count, true),
        // Others copy ImageJ's description with a single plane of its stack.
        (_, _, Some(count)) if is_only => (count, false),
        _ => return one(None),
    };
    if count <= 1 {
        return one(None);
    }
    let Some(stride) = stride(page) else {
        if sure {
            let what = "is a stack of compressed planes with one directory";
            return Err(cannot("tiff.unsupported.stack", what, "Save it with one page for each plane."));
        }
        return one(Some(missing(count)));
    };
    let start = page.offsets.first().copied().unwrap_or(0);
    let held = (ifd.file().bytes.len() as u64).saturating_sub(start);
    let (held, rest) = (held / stride.max(1), held % stride.max(1));
    if held >= count as u64 {
        return Ok(Planes { count, stride, note: None });
    }
    // A part of a plane at the end of the file, and nothing else that could be there.
    let is_cut = held > 1 || (rest > 0 && ifd.at() < start);
    if sure || is_cut {
        return Err(broken(&format!("it promises {count} planes and holds {held}")));
    }
    one(Some(missing(count)))
}

fn missing(count: usize) -> String {
    format!("ImageJ's description names {count} images; this file holds one of them.")
}

/// How many planes the shape says that `tifffile` notes of a truncated series.
fn truncated(text: &str, page: &Page<'_>) -> Option<usize> {
    if !text.starts_with('{') {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    value.get("truncated")?.as_bool().filter(|t| *t)?;
    let all = value
        .get("shape")?
        .as_array()?
        .iter()
        .try_fold(1usize, |n, size| n.checked_mul(usize::try_from(size.as_u64()?).ok()?))?;
    let one = page.width.checked_mul(page.height)?.checked_mul(page.samples)?;
    (all % one == 0).then_some(all / one)
}

/// Bytes of one plane, if its strips follow each other without a gap.
fn stride(page: &Page<'_>) -> Option<u64> {
    if page.compression != Compression::None || page.chunk_width != page.width || page.subsampling.is_some() {
        return None;
    }
    let row_bytes = page.chunk_row_bytes()? as u64;
    let mut next = page.offsets.first().copied()?;
    let start = next;
    for index in 0..page.chunks_down() * page.planes() {
        if page.offsets.get(index) != Some(&next) {
            return None;
        }
        let top = index % page.chunks_down() * page.chunk_height;
        let rows = page.chunk_height.min(page.height - top) as u64;
        next = next.checked_add(rows.checked_mul(row_bytes)?)?;
    }
    Some(next - start)
}
