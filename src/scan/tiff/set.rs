//! An OME-TIFF image in several files ("Multi-file OME-TIFF filesets"): each file's description names them all, and which plane is where.

use std::collections::HashMap;

use super::ifd::{self, Ifd};
use super::ome::{self, Pixels};
use super::{describe, planes, tags};
use crate::error::{Error, Result};
use crate::scan::detached::{Detached, Files};
use crate::scan::{Limits, Scan};

/// What the first directory says of a set, with that directory; none of a file that is whole by itself, or holds several images.
fn described(bytes: &[u8]) -> Option<(Ifd<'_>, Pixels)> {
    let ifd = ifd::first(bytes)?;
    let side = |tag| usize::try_from(ifd.number(tag)?).ok();
    let (width, height) = (side(tags::IMAGE_WIDTH)?, side(tags::IMAGE_LENGTH)?);
    let texts = ifd.texts(tags::IMAGE_DESCRIPTION);
    let mut images = texts.iter().flat_map(|text| ome::all_pixels(text, width, height));
    let pixels = images.next().filter(|pixels| pixels.files.len() > 1)?;
    if images.next().is_some() {
        return None;
    }
    Some((ifd, pixels))
}

/// The files of the image that a file is a part of, itself among them; none if it is whole.
pub(in crate::scan) fn files(bytes: &[u8]) -> Option<Detached> {
    let (_, pixels) = described(bytes)?;
    Some(Detached { names: pixels.files, any: false })
}

/// Whether the first directory and its description lie within a part of a file.
pub(in crate::scan) fn is_seen(bytes: &[u8]) -> bool {
    ifd::first(bytes).is_some()
}

/// Reads all files of the image; `name`: that of the first.
///
/// # Errors
/// `tiff.set` if they do not fit together; `scan.limit.*`; what is wrong with one of them.
pub(in crate::scan) fn decode(
    bytes: &[u8],
    name: &str,
    files: &mut Files<'_, '_>,
    limits: &Limits,
) -> Result<Scan> {
    let (main, pixels) = described(bytes).ok_or_else(unfit)?;
    let mut whole: Option<Scan> = None;
    // Where the slices of each file begin.
    let mut begins = Vec::with_capacity(pixels.files.len());
    for named in &pixels.files {
        let other = (!Detached::is_same(named, name)).then(|| files(named).ok_or_else(unfit)).transpose()?;
        let part = super::read(other.as_deref().unwrap_or(bytes), limits, false)?;
        begins.push(whole.as_ref().map_or(0, |whole| whole.slices));
        let Some(scan) = &mut whole else {
            whole = Some(part);
            continue;
        };
        let same = (scan.width, scan.height, scan.channels, scan.inverted)
            == (part.width, part.height, part.channels, part.inverted);
        let slices = scan.slices.saturating_add(part.slices);
        limits.check(scan.width, scan.height, slices, scan.channels, scan.sample.bytes())?;
        if !same || !scan.samples.append(part.samples) {
            return Err(unfit());
        }
        scan.slices = slices;
    }
    let mut scan = whole.ok_or_else(unfit)?;
    let [z, c, t] = pixels.counts;
    let counts = [z, if c.is_multiple_of(scan.channels) { c / scan.channels } else { c }, t];
    let places = planes::directories(counts, &pixels).ok_or_else(unfit)?;
    let mut at: HashMap<usize, usize> = HashMap::with_capacity(places.len());
    let mut order = Vec::with_capacity(places.len());
    for (to, (file, directory)) in places.into_iter().enumerate() {
        let from = begins.get(file).and_then(|begin| begin.checked_add(directory)).ok_or_else(unfit)?;
        at.insert(from, to);
        order.push(from);
    }
    // Every page once, and no other.
    if order.len() != scan.slices || at.len() != order.len() || at.keys().any(|from| *from >= order.len()) {
        return Err(unfit());
    }
    scan.in_order(&order);
    (scan.planes, scan.colours) = planes::named(counts, pixels.channels, pixels.colours.unwrap_or_default());
    let size = [scan.width, scan.height];
    Ok(describe::describe(&main, scan, size))
}

fn unfit() -> Error {
    Error::invalid(
        "tiff.set",
        "The files of this OME-TIFF image do not hold the planes that they say. Open one of them alone to see what it holds.",
    )
}
