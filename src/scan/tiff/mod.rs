//! TIFF and BigTIFF: 1 to 32 and 64 bits, integers and floats, strips and tiles, chunky and planar, all pages.
//!
//! - Packed as nothing, PackBits, LZW (also the old bit order), deflate, JPEG, CCITT Group 3 (one-dimensional) and 4.
//! - Pages that match the first full-size page become slices; thumbnails and other pages are left out.
//! - Samples that are no colours (bands of a microscope, ImageJ channels) become slices too, three of them colour.
//! - White-is-zero pages keep their stored values and set [`Scan::inverted`]. Palettes and CMYK become RGB.
//! - The orientation tag is not applied; the pixels stay where the instrument put them.

mod chunk;
mod colour;
mod describe;
mod ifd;
mod page;
mod tags;
mod unpack;

use super::samples::Samples;
use super::{Format, Limits, Scan};
use crate::error::Result;
use ifd::Ifd;
use page::{Page, PhotometricInterpretation};

/// A page that NewSubfileType or SubfileType calls a smaller copy of another one.
fn is_thumbnail(ifd: &Ifd<'_>) -> bool {
    ifd.number(tags::NEW_SUBFILE_TYPE).is_some_and(|flags| flags & 1 == 1)
}

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Scan> {
    let ifds = ifd::directories(bytes)?;
    let start = ifds.iter().position(|i| !is_thumbnail(i)).unwrap_or(0);
    let Some((main, others)) = ifds.get(start..).and_then(<[_]>::split_first) else {
        return Err(ifd::broken("it has no readable page"));
    };
    let first = &Page::new(main)?;
    // A page that we could not read alone does not spoil the others.
    let others = others.iter().filter(|ifd| !is_thumbnail(ifd)).flat_map(Page::new);
    let others: Vec<Page<'_>> = others.filter(|page| page.matches(first)).collect();
    let pages: Vec<&Page<'_>> = std::iter::once(first).chain(&others).collect();
    let file = main.file();
    let (channels, bands, kind) = colour::shape(first);
    let (width, height, inverted) =
        (first.width, first.height, first.photometric == PhotometricInterpretation::WhiteIsZero);
    limits.check(width, height, pages.len(), first.samples, first.kind.bytes())?;
    limits.check(width, height, pages.len() * bands, channels, kind.bytes())?;
    let mut work = 0u64;
    for page in &pages {
        work = work.saturating_add(page.unpacked_bytes(limits)?);
        // Padding of border tiles can be many times the image.
        limits.check_bytes(work / 4)?;
    }
    let grey_palette = first.photometric == PhotometricInterpretation::Palette;
    let bits = first.bits;
    let mut slices = 0;
    let mut all: Option<Samples> = None;
    for page in &pages {
        let picture = colour::picture(page, unpack::samples(page, file)?)?;
        slices += picture.slices;
        match &mut all {
            None => all = Some(picture.samples),
            Some(all) => {
                all.append(picture.samples);
            }
        }
    }
    let samples = all.unwrap_or(Samples::U8(Vec::new()));
    let mut scan = Scan::from_samples(Format::Tiff, width, height, slices, channels, samples)?;
    scan.inverted = inverted;
    scan.stored_bits = (bits < 8 && !grey_palette).then_some(bits);
    if grey_palette {
        scan = scan.grey_if_grey()?;
    }
    describe::describe(main, scan)
}
