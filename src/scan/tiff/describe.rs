//! What a TIFF says about the distance of its pixels: resolution tags, and what ImageJ, OME, Aperio, Zeiss and MetaMorph
//! write beside them.

use super::ifd::Ifd;
use super::lsm::Lsm;
use super::ome;
use super::units::millimetres;
use super::{metamorph, tags};
use crate::scan::{Scan, Spacing};

/// Adds the spacing that `ifd`, whose image has the size that is given, tells.
pub(super) fn describe(ifd: &Ifd<'_>, mut scan: Scan, [width, height]: [usize; 2]) -> Scan {
    let texts = ifd.texts(tags::IMAGE_DESCRIPTION);
    let texts = || texts.iter().map(String::as_str);
    if let Some(text) = texts().find(|text| text.starts_with("ImageJ=")) {
        return imagej(ifd, text, scan);
    }
    if let Some(pixels) = texts().find_map(|text| ome::pixels(text, width, height)) {
        let [x, y, z] = pixels.size;
        let own = x.and_then(|x| plausible(Spacing { x, y: y.unwrap_or(x), z }));
        scan.spacing = own.or_else(|| resolution(ifd));
    } else {
        scan.spacing = texts()
            .find_map(aperio)
            .or_else(|| Lsm::of(ifd)?.spacing.and_then(plausible))
            .or_else(|| metamorph::spacing(ifd).and_then(plausible))
            .or_else(|| resolution(ifd));
    }
    scan
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

fn imagej(ifd: &Ifd<'_>, text: &str, mut scan: Scan) -> Scan {
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
    scan
}

/// `MPP = 0.4990` in a description of Aperio: micrometres per pixel.
fn aperio(text: &str) -> Option<Spacing> {
    let mut pairs = text.split('|').skip(1).filter_map(|part| part.split_once('='));
    let (_, value) = pairs.find(|(key, _)| key.trim() == "MPP")?;
    let size = value.trim().parse::<f64>().ok()? * 1e-3;
    plausible(Spacing { x: size, y: size, z: None })
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
}
