//! The colours of ImageJ's channels; those that are red, green and blue of one picture.

use super::ifd::Ifd;
use super::tags;
use crate::error::Result;
use crate::scan::{Planes, Scan};

/// Bytes of a lookup table of ImageJ: 256 reds, greens, blues.
const LUT: usize = 768;

/// The colours of the lookup tables in ImageJ's metadata, one for each channel: of their brightest entries. Empty where there are none.
pub(super) fn colours(ifd: &Ifd<'_>) -> Vec<[u8; 3]> {
    tables(ifd).unwrap_or_default()
}

/// Whether they are pure red, green and blue, which are ImageJ's own where there are none.
pub(super) fn is_red_green_blue(colours: &[[u8; 3]]) -> bool {
    colours.is_empty() || colours == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
}

fn tables(ifd: &Ifd<'_>) -> Option<Vec<[u8; 3]>> {
    let (counts, data) = ifd.numbers(tags::IJ_METADATA_BYTE_COUNTS).zip(ifd.bytes(tags::IJ_METADATA))?;
    let counts: Vec<usize> = counts.iter().map(|n| usize::try_from(*n).unwrap_or(usize::MAX)).collect();
    let (head, blocks) = counts.split_first()?;
    // "IJIJ", then kinds of four letters with how many blocks there are of each; little-endian files have them turned round.
    let kinds = data.get(4..*head)?.as_chunks::<8>().0;
    let (mut at, mut blocks) = (*head, blocks.iter());
    let mut colours = Vec::new();
    for [a, b, c, d, count @ ..] in kinds {
        let is_table = matches!([*a, *b, *c, *d], [b'l', b'u', b't', b's'] | [b's', b't', b'u', b'l']);
        for length in blocks.by_ref().take(ifd.file().endian.u32(*count) as usize) {
            let end = at.saturating_add(*length);
            if let Some(table) = data.get(at..end).filter(|_| is_table) {
                colours.push([0, 1, 2].map(|i| table.get(i * LUT / 3 + 255).copied().unwrap_or(0)));
            }
            at = end;
        }
    }
    Some(colours)
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
    scan.colours = Vec::new();
    Ok(scan)
}
