//! TIFF and BigTIFF: 1 to 32 and 64 bits, integers and floats, strips and tiles, chunky and planar, all pages.
//!
//! - Packed as nothing, PackBits, LZW (also the old bit order), deflate, Zstandard, JPEG, JPEG 2000, WebP, CCITT
//!   Group 3, Group 4 and modified Huffman.
//! - The pages of the kind that has the most pixels become slices; thumbnails, labels and smaller levels are left out
//!   (`choose`), or of a pyramid its largest level that fits (`levels`). Stacks with one directory for all planes are whole (`stack`).
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
mod levels;
mod lsm;
mod metamorph;
mod ome;
mod page;
mod planes;
pub(super) mod set;
mod stack;
mod tags;
pub(super) mod units;
mod unpack;
mod ycbcr;

use std::collections::HashMap;

use super::samples::Samples;
use super::{Format, Limits, Scan};
use crate::error::{Kind, Result};
use codes::PhotometricInterpretation;
use ifd::Ifd;
use page::Page;

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Scan> {
    read(bytes, limits, true)
}

/// `arranged`: whether slices are to be in the order of [`Planes`](super::Planes); else in that of the file.
fn read(bytes: &[u8], limits: &Limits, arranged: bool) -> Result<Scan> {
    let ifds = ifd::directories(bytes)?;
    let numbers: HashMap<u64, usize> = ifds.iter().enumerate().map(|(i, ifd)| (ifd.at(), i)).collect();
    let mut chosen = choose::choose(ifds)?;
    let smaller;
    let mut at = None;
    let Laid { planes, counts, notes: of_planes } = match lay(&chosen.pages, limits) {
        // The largest level that fits, if the image is a pyramid.
        Err(error) if error.kind() == Kind::Limit => {
            smaller = levels::smaller(&mut chosen);
            let laid = smaller.iter().enumerate().find_map(|(i, level)| Some((i, lay(level, limits).ok()?)));
            let (i, laid) = laid.ok_or(error)?;
            at = Some((i + 2, smaller.len() + 1));
            laid
        }
        laid => laid?,
    };
    let mut notes = chosen.notes();
    notes.extend(of_planes);
    let (Some((main, whole)), Some((first, _))) = (chosen.pages.first(), planes.first().copied()) else {
        return Err(ifd::broken("it has no readable page"));
    };
    let file = main.file();
    let (channels, bands, _) = colour::shape(first);
    let (width, height, inverted) =
        (first.width, first.height, first.photometric == PhotometricInterpretation::WhiteIsZero);
    // A level's planes are those of the whole image, and its pages stand in their order.
    let number = |ifd: &Ifd<'_>| numbers.get(&ifd.at()).copied().unwrap_or(0);
    let mut directories: Vec<usize> = Vec::new();
    for ((ifd, _), count) in chosen.pages.iter().zip(counts) {
        directories.resize(directories.len() + count, number(ifd));
    }
    let grey_palette = first.photometric == PhotometricInterpretation::Palette;
    let bits = first.bits;
    let mut slices = 0;
    let mut all: Option<Samples> = None;
    let arranged = if arranged {
        planes::arranged(main, whole, bands, &directories)
    } else {
        planes::plain(bands, directories.len())
    };
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
    scan.colours = arranged.colours;
    if grey_palette {
        scan = scan.grey_if_grey()?;
    }
    if arranged.is_colour {
        scan = composite::colour(scan)?;
    }
    let mut scan = describe::describe(main, scan, [whole.width, whole.height]);
    if let Some((level, count)) = at {
        let (w, h) = (whole.width, whole.height);
        scan.notes.push(format!(
            "The whole image has {w} x {h} pixels, more than can be held. Level {level} of the {count} of its pyramid is shown: {width} x {height} pixels."
        ));
        if let Some(spacing) = &mut scan.spacing {
            spacing.x *= w as f64 / width as f64;
            spacing.y *= h as f64 / height as f64;
        }
    }
    Ok(scan)
}

/// The planes of pages.
struct Laid<'p, 'a> {
    /// The page of each, and how far behind the page's own pixels it lies.
    planes: Vec<(&'p Page<'a>, u64)>,
    /// How many each page has.
    counts: Vec<usize>,
    notes: Vec<String>,
}

/// Finds the planes of pages of one kind, and checks that they are within the limits.
fn lay<'p, 'a>(pages: &'p [(Ifd<'a>, Page<'a>)], limits: &Limits) -> Result<Laid<'p, 'a>> {
    let (mut planes, mut counts, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let mut work = 0u64;
    for (ifd, page) in pages {
        let behind = stack::planes(ifd, page, pages.len() == 1)?;
        limits.check(page.width, page.height, planes.len().saturating_add(behind.count), 1, 1)?;
        planes.extend((0..behind.count).map(|i| (page, i as u64 * behind.stride)));
        counts.push(behind.count);
        notes.extend(behind.note);
    }
    if let Some((_, first)) = pages.first() {
        let (channels, bands, kind) = colour::shape(first);
        limits.check(first.width, first.height, planes.len(), first.samples, first.kind.bytes())?;
        limits.check(first.width, first.height, planes.len() * bands, channels, kind.bytes())?;
    }
    for (page, _) in &planes {
        work = work.saturating_add(page.unpacked_bytes(limits)?);
        // Padding of border tiles can be many times the image.
        limits.check_bytes(work / 4)?;
    }
    Ok(Laid { planes, counts, notes })
}
