//! What a TIFF says about its geometry: resolution tags, ImageJ's and OME's descriptions.

use super::ifd::Ifd;
use super::tags;
use crate::error::Result;
use crate::scan::{Scan, Spacing};

/// Adds spacing, and turns ImageJ's three-channel composites into colour.
pub(super) fn describe(ifd: &Ifd<'_>, scan: Scan) -> Result<Scan> {
    let text = ifd.text(tags::IMAGE_DESCRIPTION).unwrap_or_default();
    if text.starts_with("ImageJ=") {
        return imagej(ifd, &text, scan);
    }
    let mut scan = scan;
    scan.spacing = ome(&text).or_else(|| resolution(ifd));
    Ok(scan)
}

/// Millimetres per pixel from pixels per inch or centimetre. Without a unit there is none, and 72 and 96 dpi are what
/// programs write when they know nothing.
fn resolution(ifd: &Ifd<'_>) -> Option<Spacing> {
    let unit = match ifd.number(tags::RESOLUTION_UNIT)? {
        2 => 25.4,
        3 => 10.0,
        _ => return None,
    };
    let x = ifd.real(tags::X_RESOLUTION).filter(|r| *r > 0.0)?;
    let y = ifd.real(tags::Y_RESOLUTION).filter(|r| *r > 0.0).unwrap_or(x);
    let screen = |r: f64| unit == 25.4 && (r == 72.0 || r == 96.0);
    if screen(x) && screen(y) {
        return None;
    }
    plausible(Spacing { x: unit / x, y: unit / y, z: None })
}

/// Keeps what can be the distance of pixels: from a hundredth of a nanometre to ten metres.
fn plausible(spacing: Spacing) -> Option<Spacing> {
    let sane = |v: f64| (1e-8..=1e4).contains(&v);
    (sane(spacing.x) && sane(spacing.y)).then_some(Spacing { z: spacing.z.filter(|z| sane(*z)), ..spacing })
}

/// Millimetres of one `unit`.
fn millimetres(unit: &str) -> Option<f64> {
    Some(match unit.trim() {
        "nm" | "nanometer" | "nanometre" => 1e-6,
        "um" | "µm" | "μm" | "\\u00B5m" | "micron" | "microns" | "micrometer" | "micrometre" => 1e-3,
        "mm" | "millimeter" | "millimetre" => 1.0,
        "cm" | "centimeter" | "centimetre" => 10.0,
        "m" | "meter" | "metre" => 1000.0,
        "inch" | "inches" | "in" => 25.4,
        _ => return None,
    })
}

fn imagej(ifd: &Ifd<'_>, text: &str, mut scan: Scan) -> Result<Scan> {
    let value = |key: &str| {
        text.lines()
            .find_map(|line| line.split_once('=').filter(|(k, _)| k.trim() == key).map(|(_, v)| v.trim()))
    };
    let number = |key: &str| value(key).and_then(|v| v.parse::<f64>().ok()).filter(|v| v.is_finite());
    if let Some(unit) = value("unit").and_then(millimetres) {
        // ImageJ's resolution counts pixels per its own unit.
        let per = |tag| ifd.real(tag).filter(|r: &f64| *r > 0.0).map(|r| unit / r);
        if let (Some(x), Some(y)) = (per(tags::X_RESOLUTION), per(tags::Y_RESOLUTION)) {
            let z = number("spacing").filter(|_| scan.slices > 1).map(|s| s.abs() * unit);
            scan.spacing = plausible(Spacing { x, y, z });
        }
    } else {
        scan.spacing = resolution(ifd);
    }
    // Three channels shown together are red, green and blue; other hyperstacks stay slices, channel fastest.
    let composite = matches!(value("mode"), Some("composite" | "color"));
    if scan.channels == 1 && composite && number("channels") == Some(3.0) && scan.slices.is_multiple_of(3) {
        let pixels = scan.width * scan.height;
        let samples = scan.samples.gather(scan.samples.len(), |i| {
            let (slice, rest) = (i / (3 * pixels), i % (3 * pixels));
            (slice * 3 + rest % 3) * pixels + rest / 3
        })?;
        let (spacing, inverted) = (scan.spacing, scan.inverted);
        scan = Scan::from_samples(scan.format, scan.width, scan.height, scan.slices / 3, 3, samples)?;
        (scan.spacing, scan.inverted) = (spacing, inverted);
    }
    Ok(scan)
}

/// OME-XML's PhysicalSizeX, PhysicalSizeY and PhysicalSizeZ of the first image; the unit is µm unless it says otherwise.
fn ome(text: &str) -> Option<Spacing> {
    if !text.contains("<OME") {
        return None;
    }
    let attribute = |name: &str| {
        let at = text.find(&format!(" {name}=\""))? + name.len() + 3;
        text.get(at..)?.split('"').next()
    };
    let size = |axis: &str| {
        let value: f64 = attribute(&format!("PhysicalSize{axis}"))?.parse().ok()?;
        let unit = attribute(&format!("PhysicalSize{axis}Unit")).unwrap_or("µm");
        Some(value * millimetres(unit)?)
    };
    plausible(Spacing { x: size("X")?, y: size("Y").or_else(|| size("X"))?, z: size("Z") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ome_sizes_are_micrometres_unless_they_say_otherwise() {
        let text = r#"<OME><Pixels PhysicalSizeX="0.65" PhysicalSizeY="325" PhysicalSizeYUnit="nm"/></OME>"#;
        let spacing = ome(text).unwrap();
        assert!((spacing.x - 0.00065).abs() < 1e-12 && (spacing.y - 0.000325).abs() < 1e-12);
        assert_eq!(spacing.z, None);
        assert_eq!(ome("no xml"), None);
    }

    #[test]
    fn impossible_sizes_are_not_believed() {
        assert_eq!(plausible(Spacing { x: 1e-12, y: 1.0, z: None }), None);
        assert_eq!(
            plausible(Spacing { x: 1.0, y: 1.0, z: Some(0.0) }),
            Some(Spacing { x: 1.0, y: 1.0, z: None })
        );
    }
}
