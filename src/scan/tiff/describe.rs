//! What a TIFF says about its geometry: resolution tags, and what ImageJ, OME, Aperio, Zeiss and MetaMorph
//! write beside them.

use super::ifd::Ifd;
use super::ome::{self, Pixels};
use super::units::millimetres;
use super::{metamorph, tags};
use crate::error::Result;
use crate::scan::{Scan, Spacing};

/// Adds spacing and notes, and turns ImageJ's three-channel composites into colour. `pages`: planes of samples that
/// were read.
pub(super) fn describe(ifd: &Ifd<'_>, mut scan: Scan, planes: usize) -> Result<Scan> {
    let texts = ifd.texts(tags::IMAGE_DESCRIPTION);
    let texts = || texts.iter().map(String::as_str);
    if let Some(text) = texts().find(|text| text.starts_with("ImageJ=")) {
        return imagej(ifd, text, scan, planes);
    }
    if let Some(pixels) = texts().find_map(|text| ome::pixels(text, scan.width, scan.height)) {
        scan.notes.extend(dimensions(&pixels, planes));
        let [x, y, z] = pixels.size;
        let own = x.and_then(|x| plausible(Spacing { x, y: y.unwrap_or(x), z }));
        scan.spacing = own.or_else(|| resolution(ifd));
    } else {
        scan.spacing = texts()
            .find_map(aperio)
            .or_else(|| lsm(ifd))
            .or_else(|| metamorph::spacing(ifd).and_then(plausible))
            .or_else(|| resolution(ifd));
    }
    Ok(scan)
}

/// Pixels per inch that programs write when they know nothing: those of screens, and one.
fn is_placeholder(per_inch: f64, value: f64) -> bool {
    let near = |dpi: f64| (per_inch - dpi).abs() < 0.05;
    value == 1.0 || near(72.0) || near(96.0)
}

/// Millimetres per pixel from pixels per inch or centimetre. Without a unit there is none.
fn resolution(ifd: &Ifd<'_>) -> Option<Spacing> {
    let unit = match ifd.number(tags::RESOLUTION_UNIT)? {
        2 => 25.4,
        3 => 10.0,
        _ => return None,
    };
    let x = ifd.real(tags::X_RESOLUTION).filter(|r| *r > 0.0)?;
    let y = ifd.real(tags::Y_RESOLUTION).filter(|r| *r > 0.0).unwrap_or(x);
    let nothing = |r: f64| is_placeholder(r * 25.4 / unit, r);
    if nothing(x) && nothing(y) {
        return None;
    }
    plausible(Spacing { x: unit / x, y: unit / y, z: None })
}

/// Keeps what can be the distance of pixels: from a hundredth of a nanometre to ten metres.
fn plausible(spacing: Spacing) -> Option<Spacing> {
    let sane = |v: f64| (1e-8..=1e4).contains(&v);
    (sane(spacing.x) && sane(spacing.y)).then_some(Spacing { z: spacing.z.filter(|z| sane(*z)), ..spacing })
}

/// A line `key=value` of ImageJ's description.
pub(super) fn imagej_value<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    if !text.starts_with("ImageJ=") {
        return None;
    }
    let mut pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs.find(|(k, _)| k.trim() == key).map(|(_, v)| v.trim())
}

fn imagej(ifd: &Ifd<'_>, text: &str, mut scan: Scan, planes: usize) -> Result<Scan> {
    let value = |key: &str| imagej_value(text, key);
    let number = |key: &str| value(key).and_then(|v| v.parse::<f64>().ok()).filter(|v| v.is_finite());
    if let Some(unit) = value("unit") {
        // ImageJ's resolution counts pixels per its own unit; the other axes have that of x if they say nothing.
        let own = |key: &str| value(key).map_or_else(|| millimetres(unit), millimetres);
        let per =
            |tag, unit: Option<f64>| ifd.real(tag).filter(|r: &f64| *r > 0.0).and_then(|r| Some(unit? / r));
        let sizes = (per(tags::X_RESOLUTION, own("xunit")), per(tags::Y_RESOLUTION, own("yunit")));
        if let (Some(x), Some(y)) = sizes {
            let z = number("spacing").filter(|_| scan.slices > 1);
            let z = z.and_then(|s| Some(s.abs() * own("zunit")?));
            scan.spacing = plausible(Spacing { x, y, z });
        }
    } else {
        scan.spacing = resolution(ifd);
    }
    let whole = |key: &str| value(key).and_then(|v| v.parse::<usize>().ok()).unwrap_or(1).max(1);
    // Three channels shown together are red, green and blue; other hyperstacks stay slices, channel fastest.
    let composite = matches!(value("mode"), Some("composite" | "color"));
    if scan.channels == 1 && composite && whole("channels") == 3 && scan.slices.is_multiple_of(3) {
        let pixels = scan.width * scan.height;
        scan.samples = scan.samples.gather(scan.samples.len(), |i| {
            let (slice, rest) = (i / (3 * pixels), i % (3 * pixels));
            (slice * 3 + rest % 3) * pixels + rest / 3
        })?;
        (scan.slices, scan.channels) = (scan.slices / 3, 3);
    } else {
        let counts = [whole("slices"), whole("channels"), whole("frames")];
        let size = [None; 3];
        // What a colour page holds, ImageJ counts once.
        let names_more = whole("images") > planes;
        let pixels = Pixels { size, counts, order: "XYCZT".into() };
        if planes > 1 && !names_more {
            scan.notes.extend(dimensions(&pixels, planes));
        } else if planes > 1 {
            scan.notes.push(format!(
                "ImageJ's description names {} images; this file holds {planes} of them.",
                whole("images")
            ));
        }
    }
    Ok(scan)
}

/// How the slices of several channels or times follow each other, or how many are in other files.
fn dimensions(pixels: &Pixels, planes: usize) -> Option<String> {
    let [z, c, t] = pixels.counts;
    let all = z.checked_mul(c)?.checked_mul(t)?;
    if all > planes {
        return Some(format!("The description names {all} planes; this file holds {planes} of them."));
    }
    if all < planes || (c == 1 && t == 1) || planes == 1 {
        return None;
    }
    let axes = pixels.order.chars().filter_map(|axis| match axis {
        'Z' if z > 1 => Some(format!("{z} depths")),
        'C' if c > 1 => Some(format!("{c} channels")),
        'T' if t > 1 => Some(format!("{t} times")),
        _ => None,
    });
    let axes: Vec<String> = axes.collect();
    Some(format!("The slices are {}, the first of these changing fastest.", axes.join(" by ")))
}

/// `MPP = 0.4990` in a description of Aperio: micrometres per pixel.
fn aperio(text: &str) -> Option<Spacing> {
    let mut pairs = text.split('|').skip(1).filter_map(|part| part.split_once('='));
    let (_, value) = pairs.find(|(key, _)| key.trim() == "MPP")?;
    let size = value.trim().parse::<f64>().ok()? * 1e-3;
    plausible(Spacing { x: size, y: size, z: None })
}

/// VoxelSizeX, VoxelSizeY and VoxelSizeZ of Zeiss' CZ_LSMINFO, in metres.
fn lsm(ifd: &Ifd<'_>) -> Option<Spacing> {
    let info = ifd.bytes(tags::CZ_LSMINFO)?;
    let endian = ifd.file().endian;
    let magic = endian.u32(*info.first_chunk()?);
    if !matches!(magic, 0x0030_0494 | 0x0040_0494 | 0x0300_494C | 0x0400_494C) {
        return None;
    }
    let size = |at: usize| {
        let bytes = info.get(at..at + 8)?.try_into().ok()?;
        Some(f64::from_bits(endian.u64(bytes)) * 1000.0)
    };
    plausible(Spacing { x: size(40)?, y: size(48)?, z: size(56) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_sizes_are_not_believed() {
        assert_eq!(plausible(Spacing { x: 1e-12, y: 1.0, z: None }), None);
        assert_eq!(
            plausible(Spacing { x: 1.0, y: 1.0, z: Some(0.0) }),
            Some(Spacing { x: 1.0, y: 1.0, z: None })
        );
    }

    #[test]
    fn what_programs_write_that_know_nothing_is_no_resolution() {
        assert!(is_placeholder(72.0, 28.346_456) && is_placeholder(96.0, 96.0) && is_placeholder(2.54, 1.0));
        assert!(!is_placeholder(300.0, 300.0) && !is_placeholder(25_400.0, 10_000.0));
    }

    #[test]
    fn aperio_counts_micrometres() {
        let text = "Aperio Image Library v11\r\n10x10 |AppMag = 20|MPP = 0.4990|Left = 1";
        assert_eq!(aperio(text).map(|s| s.x), Some(0.4990 * 1e-3));
        assert_eq!(aperio("MPP = 3"), None);
    }

    #[test]
    fn slices_of_several_channels_say_how_they_follow_each_other() {
        let pixels = Pixels { counts: [5, 2, 1], order: "XYCZT".into(), ..Pixels::default() };
        let text = dimensions(&pixels, 10).unwrap();
        assert_eq!(text, "The slices are 2 channels by 5 depths, the first of these changing fastest.");
        assert!(dimensions(&pixels, 3).unwrap().contains("this file holds 3"));
        assert_eq!(dimensions(&Pixels { counts: [5, 1, 1], ..pixels }, 5), None);
    }
}
