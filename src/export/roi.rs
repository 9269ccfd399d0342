//! Outlines as ImageJ's regions of interest: the format of `ij.io.RoiEncoder`, one file an object in a ZIP archive.

use super::objects::Objects;
use super::zip::Zip;
use crate::error::{Error, Result};
use crate::objects::{Measurement, Outline};

/// Bytes of a header, of which two stand in a file.
const HEADER: usize = 64;
/// Version of the format from which names and compound regions are read.
const VERSION: u16 = 228;
/// Kinds of regions.
const RECTANGLE: u8 = 1;
const TRACED: u8 = 8;

/// An archive with a region for each object: a polygon along the edges of pixels, a compound region where an object has holes or
/// several pieces. Names are class and number.
///
/// # Errors
/// `export.limit.roi` for an image of more than 32767 pixels a side, the most that the format counts.
pub fn roi_zip(objects: &Objects) -> Result<Vec<u8>> {
    if objects.width.max(objects.height) > i16::MAX as usize {
        return Err(Error::limit(
            "export.limit.roi",
            "ImageJ's regions reach up to pixel 32767, and this image is larger.",
        ));
    }
    let mut zip = Zip::new();
    let digits = objects.measurements.last().map_or(1, |m| m.object.to_string().len());
    for (m, outline) in objects.measurements.iter().zip(objects.outlines()) {
        let class = objects.category(m.class).map_or("object", |class| &class.name);
        let name = format!("{class} {:0digits$}", m.object);
        zip.add(&format!("{}.roi", name.replace(['/', '\\'], "_")), &roi(objects, m, outline, &name))?;
    }
    zip.finish()
}

fn roi(objects: &Objects, m: &Measurement, outline: &Outline, name: &str) -> Vec<u8> {
    let single = match &outline.pieces[..] {
        [piece] if piece.holes.is_empty() && piece.outer.len() <= usize::from(u16::MAX) => Some(&piece.outer),
        _ => None,
    };
    let mut file = vec![0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"Iout");
    put(4, &VERSION.to_be_bytes());
    let b = m.bounds;
    for (i, side) in [b.top, b.left, b.bottom, b.right].into_iter().enumerate() {
        put(8 + 2 * i, &(side as i16).to_be_bytes());
    }
    // The colour of the outline, opaque.
    if let Some(class) = objects.category(m.class) {
        let [red, green, blue] = class.colour;
        put(40, &[255, red, green, blue]);
    }
    let mut body = Vec::new();
    match single {
        Some(ring) => {
            put(6, &[TRACED]);
            put(16, &(ring.len() as u16).to_be_bytes());
            for (axis, least) in [(0, b.left), (1, b.top)] {
                body.extend(
                    ring.iter().flat_map(|corner| (corner[axis] as i16 - least as i16).to_be_bytes()),
                );
            }
        }
        None => {
            put(6, &[RECTANGLE]);
            let path = path(outline);
            put(36, &(path.len() as u32).to_be_bytes());
            body.extend(path.iter().flat_map(|value| value.to_be_bytes()));
        }
    }
    let second = HEADER + body.len();
    put(60, &(second as u32).to_be_bytes());
    file.extend(body);
    let mut header = [0; HEADER];
    let letters: Vec<u16> = name.encode_utf16().collect();
    header[16..20].copy_from_slice(&((second + HEADER) as u32).to_be_bytes());
    header[20..24].copy_from_slice(&(letters.len() as u32).to_be_bytes());
    // Slices are counted from 1; 0 is "all".
    header[8..12].copy_from_slice(&(objects.slice as u32 + 1).to_be_bytes());
    file.extend(header);
    file.extend(letters.iter().flat_map(|letter| letter.to_be_bytes()));
    file
}

/// The path of a compound region: where the pen goes, 0 without drawing, 1 with it, 4 back to where it began.
fn path(outline: &Outline) -> Vec<f32> {
    let mut path = Vec::new();
    for ring in outline.pieces.iter().flat_map(|piece| std::iter::once(&piece.outer).chain(&piece.holes)) {
        for (i, [x, y]) in ring.iter().enumerate() {
            path.extend([if i == 0 { 0.0 } else { 1.0 }, *x as f32, *y as f32]);
        }
        path.push(4.0);
    }
    path
}
