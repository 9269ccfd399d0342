//! Channels of ImageJ that are shown together: whether they are red, green and blue.

use super::ifd::Ifd;
use super::tags;
use crate::error::Result;
use crate::scan::{Planes, Scan};

/// Bytes of a lookup table of ImageJ: 256 reds, greens, blues.
const LUT: usize = 768;

/// Whether the lookup tables in ImageJ's metadata are pure red, green and blue, which are its own where there are none.
pub(super) fn is_red_green_blue(ifd: &Ifd<'_>) -> bool {
    let Some((counts, data)) = ifd.numbers(tags::IJ_METADATA_BYTE_COUNTS).zip(ifd.bytes(tags::IJ_METADATA))
    else {
        return true;
    };
    let counts: Vec<usize> = counts.iter().map(|n| usize::try_from(*n).unwrap_or(usize::MAX)).collect();
    let Some((head, blocks)) = counts.split_first() else { return true };
    // "IJIJ", then kinds of four letters with how many blocks there are of each; little-endian files have them turned round.
    let kinds = data.get(4..*head).unwrap_or_default().as_chunks::<8>().0;
    let (mut at, mut blocks) = (*head, blocks.iter());
    let mut tables = Vec::new();
    for [a, b, c, d, count @ ..] in kinds {
        let is_table = matches!([*a, *b, *c, *d], [b'l', b'u', b't', b's'] | [b's', b't', b'u', b'l']);
        for length in blocks.by_ref().take(ifd.file().endian.u32(*count) as usize) {
            let end = at.saturating_add(*length);
            tables.extend(data.get(at..end).filter(|_| is_table));
            at = end;
        }
    }
    tables.is_empty()
        || (tables.len() == 3
            && tables.iter().enumerate().all(|(channel, table)| {
                // The brightest entry is enough to tell the hue.
                let brightest = |colour: usize| table.get(colour * LUT / 3 + 255).copied();
                (0..3).all(|colour| brightest(colour) == Some(if colour == channel { 255 } else { 0 }))
            }))
}

/// Three channels, the fastest of the slices, become red, green and blue.
pub(super) fn colour(mut scan: Scan) -> Result<Scan> {
    let pixels = scan.width * scan.height;
    scan.samples = scan.samples.gather(scan.samples.len(), |i| {
        let (slice, rest) = (i / (3 * pixels), i % (3 * pixels));
        (slice * 3 + rest % 3) * pixels + rest / 3
    })?;
    (scan.slices, scan.channels) = (scan.slices / 3, 3);
    scan.planes = Planes { channels: vec![String::new()], ..scan.planes };
    Ok(scan)
}
