//! TIFF and BigTIFF: 1 to 32 and 64 bits, integers and floats, strips and tiles, chunky and planar, all pages.
//!
//! - Packed as nothing, PackBits, LZW (also the old bit order), deflate, Zstandard, JPEG, JPEG 2000, WebP, CCITT
//!   Group 3, Group 4 and modified Huffman.
//! - The pages of the kind that has the most pixels become slices; thumbnails, labels and smaller levels are left out
//!   (`choose`). Stacks with one directory for all planes are whole (`stack`).
//! - Samples that are no colours (bands of a microscope) become slices, too; three of them are colour. Channels, depths and times of
//!   OME-TIFF, ImageJ and LSM are put in one order (`planes`).
//! - White-is-zero pages keep their stored values and set [`Scan::inverted`]. Palettes, CMYK, YCbCr and L*a*b* become
//!   RGB.
//! - The orientation tag is not applied; the pixels stay where the instrument put them.

mod choose;
mod chunk;
mod codes;
mod colour;
mod composite;
mod describe;
mod fax;
mod ifd;
mod lab;
mod lsm;
mod metamorph;
mod ome;
mod page;
mod planes;
mod stack;
mod tags;
pub(super) mod units;
mod unpack;
mod ycbcr;

use std::collections::HashMap;

use super::samples::Samples;
use super::{Format, Limits, Scan};
use crate::error::Result;
use codes::PhotometricInterpretation;
use page::Page;

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Scan> {
    let ifds = ifd::directories(bytes)?;
    let numbers: HashMap<u64, usize> = ifds.iter().enumerate().map(|(i, ifd)| (ifd.at(), i)).collect();
    let choose::Chosen { pages, mut notes } = choose::choose(ifds)?;
    let Some((main, first)) = pages.first() else {
        return Err(ifd::broken("it has no readable page"));
    };
    let file = main.file();
    let (channels, bands, kind) = colour::shape(first);
    let (width, height, inverted) =
        (first.width, first.height, first.photometric == PhotometricInterpretation::WhiteIsZero);
    // Each plane of each page, and how far behind the page's own pixels it lies.
    let mut planes: Vec<(&Page<'_>, u64)> = Vec::new();
    let mut directories = Vec::new();
    for (ifd, page) in &pages {
        let behind = stack::planes(ifd, page, pages.len() == 1)?;
        limits.check(width, height, planes.len().saturating_add(behind.count), 1, 1)?;
        planes.extend((0..behind.count).map(|i| (page, i as u64 * behind.stride)));
        directories.resize(planes.len(), numbers.get(&ifd.at()).copied().unwrap_or(0));
        notes.extend(behind.note);
    }
    limits.check(width, height, planes.len(), first.samples, first.kind.bytes())?;
    limits.check(width, height, planes.len() * bands, channels, kind.bytes())?;
    let mut work = 0u64;
    for (page, _) in &planes {
        work = work.saturating_add(page.unpacked_bytes(limits)?);
        // Padding of border tiles can be many times the image.
        limits.check_bytes(work / 4)?;
    }
    let grey_palette = first.photometric == PhotometricInterpretation::Palette;
    let bits = first.bits;
    let mut slices = 0;
    let mut all: Option<Samples> = None;
    let arranged = planes::arranged(main, first, bands, &directories);
    for (page, behind) in arranged.order.iter().filter_map(|place| planes.get(*place)) {
        let picture = colour::picture(page, unpack::samples(page, file, *behind, limits)?)?;
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
    scan.notes = notes;
    scan.notes.extend(arranged.note);
    scan.planes = arranged.planes;
    if grey_palette {
        scan = scan.grey_if_grey()?;
    }
    if arranged.is_colour {
        scan = composite::colour(scan)?;
    }
    Ok(describe::describe(main, scan))
}
