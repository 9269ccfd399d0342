//! DICOM objects that are no images are named, images of single bits are read, and every format is called what it is.

#![cfg(not(target_arch = "wasm32"))]

use insitu::scan::{Limits, Scan};

const NATIVE: &str = "1.2.840.10008.1.2.1";
const ENCAPSULATED: &str = "1.2.840.10008.1.2.1.98";
const RLE: &str = "1.2.840.10008.1.2.5";
const HTJ2K: &str = "1.2.840.10008.1.2.4.201";

fn decode(bytes: &[u8]) -> insitu::Result<Scan> {
    Scan::decode(bytes, None, &Limits::default())
}

fn element(group: u16, number: u16, vr: &str, value: &[u8]) -> Vec<u8> {
    let mut out = [group.to_le_bytes(), number.to_le_bytes()].concat();
    out.extend(vr.as_bytes());
    let mut value = value.to_vec();
    if !value.len().is_multiple_of(2) {
        value.push(if vr == "UI" || vr == "OB" { 0 } else { b' ' });
    }
    if matches!(vr, "OB" | "OW") {
        out.extend([0, 0]);
        out.extend((value.len() as u32).to_le_bytes());
    } else {
        out.extend((value.len() as u16).to_le_bytes());
    }
    [out, value].concat()
}

/// A file of a SOP class below 1.2.840.10008.5.1.4.1.1; `meta`: whether its head names the class, too.
fn file(class: &str, modality: &str, syntax: &str, meta: bool, body: &[u8]) -> Vec<u8> {
    let class = format!("1.2.840.10008.5.1.4.1.1.{class}");
    let mut head = if meta { element(2, 2, "UI", class.as_bytes()) } else { Vec::new() };
    head.extend(element(2, 0x10, "UI", syntax.as_bytes()));
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend(element(2, 0, "UL", &(head.len() as u32).to_le_bytes()));
    out.extend(head);
    out.extend(element(8, 0x16, "UI", class.as_bytes()));
    out.extend(element(8, 0x60, "CS", modality.as_bytes()));
    out.extend(body);
    out
}

/// The Image Pixel module of 5 x 3 pixels of one bit, and pixel data as they are given.
fn single_bits(frames: &str, pixels: &[u8]) -> Vec<u8> {
    let short = |number, value: u16| element(0x28, number, "US", &value.to_le_bytes());
    let mut out =
        [short(2, 1), element(0x28, 4, "CS", b"MONOCHROME2"), element(0x28, 8, "IS", frames.as_bytes())]
            .concat();
    for (number, value) in [(0x10, 3), (0x11, 5), (0x100, 1), (0x101, 1), (0x102, 0), (0x103, 0)] {
        out.extend(short(number, value));
    }
    out.extend(pixels);
    out
}

fn fragments(all: &[&[u8]]) -> Vec<u8> {
    let mut out =
        [&0x7fe0u16.to_le_bytes()[..], &0x10u16.to_le_bytes(), b"OB\0\0", &u32::MAX.to_le_bytes()].concat();
    for fragment in [&[&[][..]], all].concat() {
        out.extend([0xFE, 0xFF, 0x00, 0xE0]);
        out.extend((fragment.len() as u32).to_le_bytes());
        out.extend(fragment);
    }
    out.extend([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
    out
}

#[test]
fn a_segmentation_is_named_whatever_its_pixels_are_packed_in() {
    let pixels = single_bits("1", &element(0x7fe0, 0x10, "OB", &[0b1010_1010, 0b101_0101]));
    for meta in [true, false] {
        for class in ["66.4", "66.7"] {
            let error = decode(&file(class, "SEG", NATIVE, meta, &pixels)).unwrap_err();
            assert_eq!(error.code(), "dicom.segmentation");
            assert!(error.message().contains("DICOM segmentation (SEG)"), "{error}");
        }
    }
    let error =
        decode(&file("66.4", "SEG", HTJ2K, true, &single_bits("1", &fragments(&[&[1, 2]])))).unwrap_err();
    assert_eq!(error.code(), "dicom.segmentation");
}

#[test]
fn objects_without_pixels_are_named() {
    for (class, modality, word) in [
        ("481.3", "RTSTRUCT", "radiotherapy contours (RTSTRUCT)"),
        ("481.5", "RTPLAN", "radiotherapy plan"),
        ("88.33", "SR", "structured report (SR)"),
        ("104.1", "DOC", "PDF document"),
        ("11.1", "PR", "presentation state"),
        ("9.1.1", "ECG", "recording of waves"),
        ("66.1", "REG", "registration"),
    ] {
        for meta in [true, false] {
            let error = decode(&file(class, modality, NATIVE, meta, &[])).unwrap_err();
            assert_eq!(error.code(), "dicom.no-pixels", "{class}");
            assert!(
                error.message().contains(word) && error.message().contains("and not an image"),
                "{error}"
            );
        }
    }
}

#[test]
fn images_of_single_bits_are_read_plain_and_packed() {
    // Two frames of 15 pixels, the first from the lowest bit on; packed frames begin a byte each.
    let plain: [u8; 4] = [0b1010_1010, 0b1101_0101, 0b0000_1111, 0b0011_0011];
    let bits: Vec<f32> = (0..30).map(|i| f32::from(plain[i / 8] >> (i % 8) & 1)).collect();
    let framed: Vec<Vec<u8>> = bits
        .chunks(15)
        .map(|frame| {
            let byte = |eight: &[f32]| eight.iter().enumerate().map(|(i, bit)| (*bit as u8) << i).sum();
            frame.chunks(8).map(byte).collect()
        })
        .collect();
    let framed: Vec<&[u8]> = framed.iter().map(Vec::as_slice).collect();
    // One segment, which begins behind a header of 64 bytes: two bytes as they are.
    let rle: Vec<Vec<u8>> = framed
        .iter()
        .map(|frame| {
            let mut head = vec![0; 64];
            (head[0], head[4]) = (1, 64);
            [head, vec![1], frame.to_vec(), vec![0x80]].concat()
        })
        .collect();
    let rle: Vec<&[u8]> = rle.iter().map(Vec::as_slice).collect();
    for (syntax, pixels) in [
        (NATIVE, element(0x7fe0, 0x10, "OB", &plain)),
        (ENCAPSULATED, fragments(&framed)),
        (RLE, fragments(&rle)),
    ] {
        let scan = decode(&file("7.1", "OT", syntax, true, &single_bits("2", &pixels))).unwrap();
        assert_eq!((scan.width, scan.height, scan.slices), (5, 3, 2));
        let have: Vec<f32> = (0..2).flat_map(|slice| scan.slice(slice).unwrap().data).collect();
        assert_eq!(have, bits, "{syntax}");
        let window = scan.default_window(0);
        assert_eq!((window.center, window.width), (1.0, 2.0), "zero is black and one is white");
    }
    let cut = single_bits("2", &fragments(&[framed[0], &framed[1][..1]]));
    assert_eq!(decode(&file("7.1", "OT", ENCAPSULATED, true, &cut)).unwrap_err().code(), "dicom.invalid");
}

#[test]
fn every_format_is_called_what_it_is() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    for (path, name) in [
        ("scans/grey.jpg", "JPEG"),
        ("medical/grey.jls", "JPEG-LS"),
        ("scans/colour.jp2", "JPEG 2000"),
        ("scans/int16.tif", "TIFF"),
        ("scans/bigtiff.tif", "BigTIFF"),
        ("scans/implicit.dcm", "DICOM"),
        ("scans/int16.nii", "NIfTI"),
        ("scans/colour.webp", "WebP"),
    ] {
        let scan = decode(&std::fs::read(folder.join(path)).unwrap()).unwrap();
        assert_eq!(scan.format.name(), name, "{path}");
    }
    let mut second = vec![0; 544];
    second[..4].copy_from_slice(&540i32.to_le_bytes());
    second[4..12].copy_from_slice(b"n+2\0\r\n\x1a\n");
    second[12..14].copy_from_slice(&2i16.to_le_bytes());
    second[14..16].copy_from_slice(&8i16.to_le_bytes());
    for (i, n) in [2i64, 2, 2].into_iter().enumerate() {
        second[16 + 8 * i..24 + 8 * i].copy_from_slice(&n.to_le_bytes());
    }
    second[168..176].copy_from_slice(&544i64.to_le_bytes());
    second.extend([1, 2, 3, 4]);
    assert_eq!(decode(&second).unwrap().format.name(), "NIfTI-2");
}
