//! Labels of all slices as OME-TIFF (the OME model of June 2016): one stack with axes and physical sizes for Fiji, napari and QuPath.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::failed;
use super::stack::per;
use super::volume::LabelVolume;
use crate::error::{Error, Result};
use crate::scan::{Planes, Spacing};

const SHORT: u16 = 3;
const LONG: u16 = 4;
/// Below this distance of pixels, mm, sizes are told in micrometres.
const SMALL: f64 = 0.1;
/// Bytes that the directories and texts of a page may take, at least.
const MARGIN: usize = 1 << 16;

/// A TIFF 6.0 of 8 bits, packed (deflate), a page for each slice as displayed, in their order: channels first, then depths, then times
/// (`XYCZT`). The value of a pixel is its class.
///
/// # Errors
/// `export.shape` for `planes` of another number of slices, `export.limit.classes`, `export.limit.tiff` above 4 GiB.
pub fn ome_tiff(volume: &LabelVolume<'_>, planes: &Planes) -> Result<Vec<u8>> {
    volume.check()?;
    let [width, height, slices] = volume.size;
    if planes.channels.len().saturating_mul(planes.of_a_channel()) != slices {
        return Err(Error::invalid("export.shape", "The slices are not those of this image."));
    }
    let (Ok(columns), Ok(rows)) = (u32::try_from(width), u32::try_from(height)) else {
        return Err(too_large());
    };
    let distances = volume.spacing.or(volume.geometry.map(|geometry| geometry.distances()));
    let mut text = description(volume, planes, distances).into_bytes();
    text.push(0);

    let mut out = b"II*\0\0\0\0\0".to_vec();
    let description = (out.len() as u32, text.len() as u32);
    out.extend(text);
    even(&mut out);
    let resolution = out.len() as u32;
    let Spacing { x, y, .. } = distances.unwrap_or(Spacing { x: 10.0, y: 10.0, z: None });
    for distance in [x, y] {
        // Pixels in a centimetre.
        let per = per(distance / 10.0);
        out.extend(per.n.to_le_bytes().into_iter().chain(per.d.to_le_bytes()));
    }
    // Where the place of the next directory stands.
    let mut link = 4;
    for slice in 0..slices {
        let labels = volume.slice(slice)?;
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        let empty = || vec![0; volume.area()].into();
        packed.write_all(&labels.unwrap_or_else(empty)).map_err(failed)?;
        let packed = packed.finish().map_err(failed)?;
        if out.len().saturating_add(packed.len()).saturating_add(MARGIN) > u32::MAX as usize {
            return Err(too_large());
        }
        let strip = (out.len() as u32, packed.len() as u32);
        out.extend(packed);
        even(&mut out);
        let mut tags = vec![
            (256, LONG, 1, columns),
            (257, LONG, 1, rows),
            (258, SHORT, 1, 8),
            // Deflate, with Adobe's number.
            (259, SHORT, 1, 8),
            // Black is zero.
            (262, SHORT, 1, 1),
            (273, LONG, 1, strip.0),
            (277, SHORT, 1, 1),
            (278, LONG, 1, rows),
            (279, LONG, 1, strip.1),
            (282, 5, 1, resolution),
            (283, 5, 1, resolution + 8),
            // Centimetres, or no unit.
            (296, SHORT, 1, if distances.is_some() { 3 } else { 1 }),
        ];
        if slice == 0 {
            tags.insert(5, (270, 2, description.1, description.0));
        }
        let here = (out.len() as u32).to_le_bytes();
        out[link..link + 4].copy_from_slice(&here);
        out.extend((tags.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in tags {
            out.extend(u16::to_le_bytes(tag).into_iter().chain(u16::to_le_bytes(kind)));
            out.extend(u32::to_le_bytes(count).into_iter().chain(u32::to_le_bytes(value)));
        }
        link = out.len();
        out.extend([0; 4]);
    }
    Ok(out)
}

/// Directories and values begin at even places.
fn even(out: &mut Vec<u8>) {
    if out.len() % 2 == 1 {
        out.push(0);
    }
}

fn too_large() -> Error {
    Error::limit(
        "export.limit.tiff",
        "This stack is larger than 4 GiB, which OME-TIFF is not written with here. Save the labels as NIfTI.",
    )
}

fn description(volume: &LabelVolume<'_>, planes: &Planes, distances: Option<Spacing>) -> String {
    const SCHEMA: &str = "http://www.openmicroscopy.org/Schemas/OME/2016-06";
    let [width, height, slices] = volume.size;
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OME xmlns=\"{SCHEMA}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:schemaLocation=\"{SCHEMA} {SCHEMA}/ome.xsd\" Creator=\"Insitu {}\"><Image ID=\"Image:0\" Name=\"labels\"><Description>0 background",
        env!("CARGO_PKG_VERSION")
    );
    for (i, class) in volume.classes.iter().enumerate() {
        text.push_str(&format!(", {} {}", i + 1, escaped(&class.name)));
    }
    text.push_str(&format!(
        "</Description><Pixels ID=\"Pixels:0\" DimensionOrder=\"XYCZT\" Type=\"uint8\" SizeX=\"{width}\" SizeY=\"{height}\" \
         SizeC=\"{}\" SizeZ=\"{}\" SizeT=\"{}\"",
        planes.channels.len(),
        planes.depths,
        planes.times
    ));
    if let Some(Spacing { x, y, z }) = distances {
        let small = x < SMALL;
        for (axis, distance) in [("X", Some(x)), ("Y", Some(y)), ("Z", z)] {
            let Some(distance) = distance.filter(|d| d.is_finite() && *d > 0.0) else { continue };
            let size = (if small { distance * 1e3 } else { distance } * 1e9).round() / 1e9;
            text.push_str(&format!(" PhysicalSize{axis}=\"{size}\""));
            // Micrometres are what is meant without a unit.
            if !small {
                text.push_str(&format!(" PhysicalSize{axis}Unit=\"mm\""));
            }
        }
    }
    text.push('>');
    for (i, name) in planes.channels.iter().enumerate() {
        text.push_str(&format!("<Channel ID=\"Channel:0:{i}\" SamplesPerPixel=\"1\""));
        if !name.is_empty() {
            text.push_str(&format!(" Name=\"{}\"", escaped(name)));
        }
        text.push_str("/>");
    }
    text.push_str(&format!("<TiffData IFD=\"0\" PlaneCount=\"{slices}\"/></Pixels></Image></OME>"));
    text
}

/// Within an element or between quotes (XML 1.0, 2.2 and 2.4).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::export::volume::tests::class;
    use crate::scan::{Geometry, Limits, Scan, Turn};

    fn volume<'a>(
        size: [usize; 3],
        classes: &'a [crate::export::LabelClass],
        labels: &'a crate::export::Labels<'a>,
    ) -> LabelVolume<'a> {
        LabelVolume {
            size,
            classes,
            geometry: None,
            spacing: None,
            turn: Turn::default(),
            source: None,
            labels,
        }
    }

    fn read(file: &[u8]) -> Scan {
        Scan::decode(file, None, &Limits::default()).unwrap()
    }

    #[test]
    fn channels_depths_and_times_come_back_with_every_label_and_the_distances() {
        let planes = Planes { channels: vec!["DAPI <1>".into(), String::new()], depths: 3, times: 2 };
        let value = |slice: usize, i: usize| ((slice * 5 + i) % 3) as u8;
        let labels = |slice| Cow::Owned((0..20).map(|i| value(slice, i)).collect());
        let classes = [class("a & b", [0; 3]), class("c", [9; 3])];
        for spacing in
            [Spacing { x: 0.000_65, y: 0.0007, z: Some(0.002) }, Spacing { x: 0.7, y: 0.8, z: None }]
        {
            let volume = LabelVolume { spacing: Some(spacing), ..volume([5, 4, 12], &classes, &labels) };
            let scan = read(&ome_tiff(&volume, &planes).unwrap());
            assert_eq!(scan.planes, planes);
            assert_eq!((scan.width, scan.height, scan.slices), (5, 4, 12));
            let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-9;
            let have = scan.spacing.unwrap();
            assert!(near(have.x, spacing.x) && near(have.y, spacing.y), "{have:?}");
            assert_eq!(have.z.is_some(), spacing.z.is_some());
            assert!(have.z.zip(spacing.z).is_none_or(|(a, b)| near(a, b)));
            for (slice, i) in (0..12).flat_map(|slice| (0..20).map(move |i| (slice, i))) {
                assert_eq!(scan.value_at(slice, i % 5, i / 5), Some(vec![f32::from(value(slice, i))]));
            }
        }
    }

    #[test]
    fn a_volume_that_only_has_a_place_has_the_distances_of_it_and_slices_without_labels_are_empty() {
        let classes = [class("a", [0; 3])];
        let labels = |slice| if slice == 1 { vec![1; 6].into() } else { Cow::Owned(Vec::new()) };
        let geometry = Some(Geometry::plain([0.5, 0.75, 2.0]));
        let volume = LabelVolume { geometry, ..volume([3, 2, 3], &classes, &labels) };
        let scan = read(&ome_tiff(&volume, &Planes::stack(3)).unwrap());
        assert_eq!(scan.spacing, Some(Spacing { x: 0.5, y: 0.75, z: Some(2.0) }));
        let value = |slice| scan.value_at(slice, 2, 1).unwrap()[0];
        assert_eq!([0, 1, 2].map(value), [0.0, 1.0, 0.0]);
        assert_eq!(ome_tiff(&volume, &Planes::stack(4)).unwrap_err().code(), "export.shape");
    }
}
