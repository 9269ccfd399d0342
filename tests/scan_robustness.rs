//! Damaged files of every format give typed errors: no panic, no endless work, no memory beyond the limits.

#![cfg(not(target_arch = "wasm32"))]

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use insitu::scan::{Beginning, Limits, Scan, windowing};
use proptest::prelude::*;

/// Small limits, so that a header that asks for much is refused and a case takes milliseconds.
const LIMITS: Limits = Limits { slice: 1_000_000, pixels: 1_000_000, bytes: 8 << 20 };

/// Far above what a case takes (about a millisecond), so that a busy machine does not fail the test.
const PATIENCE: Duration = Duration::from_secs(20);

static FILES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    let mut files: Vec<(String, Vec<u8>)> =
        ["scans", "tiffs", "medical", "channels", "volumes", "mixes", "pyramids", "sets"]
            .iter()
            .flat_map(|name| std::fs::read_dir(folder.join(name)).unwrap())
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
            .filter(|(name, _)| name != "index.json")
            .collect();
    files.sort();
    assert!(files.len() > 110, "the reference files are missing");
    files
});

/// As it is, and with these bytes in the place of every file that it names, if it is a header.
fn survives(bytes: &[u8]) -> Result<(), TestCaseError> {
    survives_with(bytes, None)?;
    if Scan::wants_pixels_of(bytes, Some("case.hdr")).is_some() {
        survives_with(bytes, Some(bytes))?;
        survives_with(bytes, Some(&[1; 1000]))?;
    }
    // With the same bytes as all its other files, if it is one of a set; and as a pyramid of which little fits.
    if let Some(Beginning::Part(set)) = Beginning::of(bytes, "case.ome.tif", true) {
        let mut same = |_: &str| Some(bytes.into());
        let first = set.names.first().map(String::as_str);
        if let Ok(scan) = Scan::decode_parts(bytes, first, &mut same, &LIMITS) {
            prop_assert_eq!(scan.slices, scan.planes.channels.len() * scan.planes.of_a_channel());
        }
    }
    if let Ok(scan) = Scan::decode(bytes, None, &Limits { pixels: 700, ..LIMITS }) {
        prop_assert!(scan.width * scan.height * scan.slices <= 700);
        prop_assert_eq!(scan.channel_looks().len(), scan.planes.channels.len());
    }
    Ok(())
}

/// Decodes and uses what came out; an error must have a code of ours and a sentence.
fn survives_with(bytes: &[u8], pixels: Option<&[u8]>) -> Result<(), TestCaseError> {
    let begin = Instant::now();
    match Scan::decode_detached(bytes, Some("case.hdr"), &mut |_| pixels.map(Into::into), &LIMITS) {
        Ok(scan) => {
            let total = scan.width * scan.height * scan.slices;
            prop_assert!(total as u64 <= LIMITS.pixels);
            let last = scan.slices - 1;
            let image = scan.slice(last).unwrap();
            let pixels = windowing::render(&image, scan.default_window(last), scan.inverted);
            prop_assert_eq!(pixels.len(), scan.width * scan.height * 4);
            prop_assert!(scan.value_at(last, scan.width - 1, scan.height - 1).is_some());
            prop_assert!(scan.slice(scan.slices).is_err());
        }
        Err(error) => {
            let known = [
                "scan.",
                "png.",
                "jpeg.",
                "jpeg2000.",
                "jpegls.",
                "bmp.",
                "gif.",
                "webp.",
                "tiff.",
                "dicom.",
                "nifti.",
                "nrrd.",
                "metaimage.",
                "gzip.",
            ];
            prop_assert!(known.iter().any(|p| error.code().starts_with(p)), "code {}", error.code());
            prop_assert!(error.message().ends_with('.'), "no sentence: {}", error.message());
        }
    }
    prop_assert!(begin.elapsed() < PATIENCE, "took {:?}", begin.elapsed());
    Ok(())
}

fn file() -> impl Strategy<Value = usize> {
    0..FILES.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_truncated_file(i in file(), keep in 0.0..1.0f64) {
        let bytes = &FILES[i].1;
        survives(&bytes[..(bytes.len() as f64 * keep) as usize])?;
    }

    #[test]
    fn a_file_with_changed_bytes(i in file(), changes in prop::collection::vec((0.0..1.0f64, any::<u8>()), 1..12)) {
        let mut bytes = FILES[i].1.clone();
        for (place, value) in changes {
            let at = (bytes.len() as f64 * place) as usize;
            bytes[at] = value;
        }
        survives(&bytes)?;
    }

    #[test]
    fn a_file_whose_header_has_extreme_values(
        i in file(), changes in prop::collection::vec((0usize..600, prop::sample::select(vec![0u8, 1, 0x7F, 0x80, 0xFF])), 1..6)
    ) {
        let mut bytes = FILES[i].1.clone();
        for (at, value) in changes {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
        }
        survives(&bytes)?;
    }

    #[test]
    fn two_files_spliced(i in file(), j in file(), cut in 0.0..1.0f64, from in 0.0..1.0f64) {
        let (a, b) = (&FILES[i].1, &FILES[j].1);
        let mut bytes = a[..(a.len() as f64 * cut) as usize].to_vec();
        bytes.extend(&b[(b.len() as f64 * from) as usize..]);
        survives(&bytes)?;
    }

    #[test]
    fn random_bytes_behind_every_magic(i in 0usize..17, noise in prop::collection::vec(any::<u8>(), 0..700)) {
        let mut dicom = vec![0; 128];
        dicom.extend(b"DICM\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0");
        let magics: [&[u8]; 17] = [
            b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0", b"GIF89a", b"RIFF\xFF\0\0\0WEBPVP8L", b"BM",
            b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0", b"\xFF\x4F\xFF\x51", &dicom,
            b"\x5C\x01\0\0", b"\0\0\x01\x5C", b"\x1F\x8B\x08\0", b"\x08\0\x05\0CS\x0A\0",
            b"NRRD0004\ntype: short\ndimension: 3\nsizes: 3 3 3\nencoding: gzip\n\n", b"NRRD0005\n", b"NDims = 3\nDimSize = 2 2 2\n",
        ];
        let mut bytes = magics[i].to_vec();
        bytes.extend(noise);
        survives(&bytes)?;
    }
}

#[test]
fn every_volume_of_a_research_program_cut_at_every_byte_or_with_any_byte_changed() {
    let ends = [".nii", ".nrrd", ".nhdr", ".mha", ".mhd", ".hdr"];
    let volumes =
        FILES.iter().filter(|(name, bytes)| ends.iter().any(|end| name.ends_with(end)) && bytes.len() < 1200);
    for (name, bytes) in volumes {
        for at in 0..bytes.len() {
            survives(&bytes[..at]).unwrap_or_else(|e| panic!("{name} cut to {at}: {e}"));
            let mut changed = bytes.clone();
            for flip in [1, 0x80] {
                changed[at] = bytes[at] ^ flip;
                survives(&changed).unwrap_or_else(|e| panic!("{name} with byte {at} changed by {flip}: {e}"));
            }
        }
    }
}

#[test]
fn every_reference_file_cut_at_every_eighth_byte() {
    for (name, bytes) in FILES.iter().filter(|(_, bytes)| bytes.len() < 4000) {
        for keep in (0..bytes.len()).step_by(8) {
            survives(&bytes[..keep]).unwrap_or_else(|e| panic!("{name} cut to {keep}: {e}"));
        }
    }
}

/// Formats whose data a decoder could fill in silently must say that something is missing.
#[test]
fn half_a_file_is_an_error_and_not_half_an_image() {
    for (name, bytes) in FILES.iter() {
        let half = &bytes[..bytes.len() / 2];
        if let Ok(scan) = Scan::decode(half, None, &LIMITS) {
            // Pages and frames behind the cut may be lost only where the format cannot tell.
            panic!("{name}: half of it decodes to {} x {} x {}", scan.width, scan.height, scan.slices);
        }
    }
}
