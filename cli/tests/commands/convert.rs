//! `insitu convert` writes what was read, value by value and as it is seen.

use std::path::Path;

use crate::common::{Folder, insitu, open, stderr, stdout, text};
use image::DynamicImage;
use insitu::export::Zip;
use insitu::scan::{Archive, Limits, Scan};
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

fn pages(path: &Path) -> Vec<Vec<f32>> {
    let mut decoder = Decoder::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut pages = Vec::new();
    loop {
        let DecodingResult::F32(values) = decoder.read_image().unwrap() else { panic!("not floats") };
        pages.push(values);
        if !decoder.more_images() {
            return pages;
        }
        decoder.next_image().unwrap();
    }
}

/// Two slices of 2 x 3 voxels of 0.5 x 0.25 x 2 mm, from right to left, front to back and feet to head, 10 apart from -20 on.
fn volume() -> Vec<u8> {
    let mut file = vec![0; 352];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &348i32.to_le_bytes());
    for (i, n) in [3i16, 2, 3, 2].into_iter().enumerate() {
        put(40 + 2 * i, &n.to_le_bytes());
    }
    put(70, &16i16.to_le_bytes());
    for (i, size) in [0.5f32, 0.25, 2.0].into_iter().enumerate() {
        put(80 + 4 * i, &size.to_le_bytes());
        let way = if i < 2 { -size } else { size };
        put(280 + 20 * i, &way.to_le_bytes());
    }
    put(108, &352f32.to_le_bytes());
    put(254, &1i16.to_le_bytes());
    put(344, b"n+1\0");
    for i in 0..12 {
        let value = if i == 4 { f32::NAN } else { 10.0 * i as f32 - 20.0 };
        file.extend(value.to_le_bytes());
    }
    file
}

#[test]
fn a_volume_becomes_a_stack_of_its_values_with_its_spacing() {
    let folder = Folder::new("convert");
    let (file, out) = (folder.path("in/volume.nii"), folder.path("out"));
    std::fs::write(&file, volume()).unwrap();
    let run = insitu(&["convert", "--png", "--out", text(&out), text(&file)]);
    assert!(run.status.success(), "{}", stderr(&run));
    let names = ["volume.tif", "volume_s0000.png", "volume_s0001.png"].map(|name| out.join(name));
    assert_eq!(stdout(&run).lines().collect::<Vec<_>>(), names.each_ref().map(|path| text(path)));
    let pages = pages(&names[0]);
    assert_eq!(pages[1], [40.0, 50.0, 60.0, 70.0, 80.0, 90.0]);
    assert_eq!(pages[0][..4], [-20.0, -10.0, 0.0, 10.0]);
    assert!(pages[0][4].is_nan() && pages[0][5] == 30.0 && pages.len() == 2);
    let mut decoder = Decoder::new(std::fs::File::open(&names[0]).unwrap()).unwrap();
    assert_eq!(decoder.dimensions().unwrap(), (2, 3));
    let said = decoder.get_tag_ascii_string(Tag::ImageDescription).unwrap();
    assert_eq!(said, "ImageJ=1.11a\nimages=2\nslices=2\nunit=mm\nspacing=2\n");
    // Read again, it is the same.
    let again = Scan::decode(&std::fs::read(&names[0]).unwrap(), None, &Limits::default()).unwrap();
    let s = again.spacing.unwrap();
    assert_eq!((again.slices, s.x, s.y, s.z), (2, 0.5, 0.25, Some(2.0)));
    // The window is that of the middle slice, and what has no value is black.
    let DynamicImage::ImageLuma8(first) = open(&names[1]) else { panic!("not 8-bit grey") };
    let DynamicImage::ImageLuma8(second) = open(&names[2]) else { panic!("not 8-bit grey") };
    assert_eq!(first.into_raw(), [0; 6]);
    assert_eq!(second.into_raw(), [0, 51, 102, 153, 204, 255]);
}

#[test]
fn frames_with_windows_of_their_own_are_seen_through_them() {
    let folder = Folder::new("convert-windows");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/reference/medical/windows.dcm");
    let run = insitu(&["convert", "--png", "--out", text(&folder.path("out")), text(&file)]);
    assert!(run.status.success(), "{}", stderr(&run));
    let scan = Scan::decode(&std::fs::read(&file).unwrap(), None, &Limits::default()).unwrap();
    for slice in 0..3 {
        let picture = open(&folder.path(&format!("out/windows_s000{slice}.png"))).into_rgba8();
        let window = scan.default_window(slice);
        let seen = insitu::scan::windowing::render(&scan.slice(slice).unwrap(), window, false);
        assert!(picture.into_raw() == seen, "slice {slice}");
    }
    let said = stdout(&insitu(&["info", text(&file)]));
    assert!(said.contains("window      per frame, centre/width: 100/50, 200/100, 300/150\n"), "{said}");
}

#[test]
fn planes_of_every_order_are_written_with_the_channel_changing_fastest() {
    let folder = Folder::new("convert-channels");
    for name in ["xyczt", "xyztc", "xytzc"] {
        let file = format!("../tests/reference/channels/{name}.ome.tif");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let run = insitu(&["convert", "--out", text(&folder.path("out")), text(&file)]);
        assert!(run.status.success(), "{}", stderr(&run));
        let pages = pages(&folder.path(&format!("out/{name}.ome.tif")));
        assert_eq!(pages.len(), 24);
        for (i, page) in pages.iter().enumerate() {
            // The first value of a plane is 1000 + 100 time + 10 depth + channel.
            let (channel, depth, time) = (i % 3, i / 3 % 4, i / 12);
            assert_eq!(page[0], (1000 + 100 * time + 10 * depth + channel) as f32, "{name}, page {i}");
        }
        let said = stdout(&insitu(&["info", text(&file)]));
        for line in [
            "channels    3: DAPI, GFP, Cy5\n",
            "slices      24: 3 channels by 4 depths by 2 times, the first of these changing fastest\n",
            "window      per channel, centre/width: ",
        ] {
            assert!(said.contains(line), "{said}");
        }
    }
}

#[test]
fn colour_stays_colour() {
    let folder = Folder::new("convert-colour");
    let (file, out) = (folder.path("in/spot.png"), folder.path("out"));
    image::RgbImage::from_raw(2, 1, vec![1, 2, 3, 40, 50, 60]).unwrap().save(&file).unwrap();
    let run = insitu(&["convert", "--png", "--out", text(&out), text(&file)]);
    assert!(run.status.success(), "{}", stderr(&run));
    assert_eq!(pages(&out.join("spot.tif")), [[1.0, 2.0, 3.0, 40.0, 50.0, 60.0]]);
    let DynamicImage::ImageRgb8(seen) = open(&out.join("spot.png")) else { panic!("not colour") };
    assert_eq!(seen.into_raw(), [1, 2, 3, 40, 50, 60]);
}

#[test]
fn files_of_one_name_and_results_over_inputs_are_refused() {
    let folder = Folder::new("convert-same");
    let [a, b] = ["a/x.png", "b/x.png"].map(|name| folder.drawing(name, &["#."]));
    let out = folder.path("out");
    let run = insitu(&["convert", "--out", text(&out), text(&a), text(&b)]);
    assert!(!run.status.success() && stderr(&run).contains("convert.same-name"), "{}", stderr(&run));
    let run = insitu(&["convert", "--png", "--out", text(a.parent().unwrap()), text(&a)]);
    assert!(stderr(&run).contains("would replace the image"), "{}", stderr(&run));
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_does_not_stop_the_others() {
    let folder = Folder::new("convert-bad");
    let (good, bad, out) = (folder.drawing("in/a.png", &["#."]), folder.path("in/b.png"), folder.path("out"));
    std::fs::write(&bad, "words").unwrap();
    let run = insitu(&["convert", "--out", text(&out), text(&bad), text(&good)]);
    assert_eq!(run.status.code(), Some(1));
    let said = stderr(&run);
    assert!(said.contains("b.png") && said.contains("1 of 2 files could not be converted."), "{said}");
    assert!(out.join("a.tif").is_file() && !out.join("b.tif").exists());
}

/// A reference file of the engine.
fn reference(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/reference").join(name)
}

/// What an archive holds, in a folder.
fn unpacked(archive: &Path, folder: &Path) {
    let bytes = std::fs::read(archive).unwrap();
    let archive = Archive::of(&bytes).unwrap();
    for (place, name) in archive.names().iter().enumerate() {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, archive.read(place, &Limits::default()).unwrap()).unwrap();
    }
}

#[test]
fn a_folder_of_zarr_and_an_archive_of_it_are_one_image_of_their_name() {
    let folder = Folder::new("convert-zarr");
    let archive = reference("zarr/ngff4.zip");
    unpacked(&archive, &folder.path("in"));
    let mut all = Vec::new();
    for (out, input) in
        [("archive", archive.clone()), ("folder", folder.path("in/ngff4.zarr")), ("above", folder.path("in"))]
    {
        let out = folder.path(out);
        let run = insitu(&["convert", "--out", text(&out), text(&input)]);
        assert!(run.status.success(), "{}", stderr(&run));
        let name = if input.ends_with("in") { "in.tif" } else { "ngff4.tif" };
        assert_eq!(stdout(&run).trim(), text(&out.join(name)));
        all.push(pages(&out.join(name)));
    }
    assert_eq!(all[0].len(), 24);
    assert!(all.iter().all(|pages| *pages == all[0]));
    let run = insitu(&["info", text(&archive)]);
    let said = stdout(&run);
    for words in [
        "OME-Zarr",
        "20 x 16 pixels",
        "3 channels by 4 depths by 2 times",
        "DAPI, GFP, Cy5",
        "0.0005 x 0.001 x 0.002 mm",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn an_archive_of_several_images_is_the_folder_that_it_is() {
    let folder = Folder::new("convert-archive");
    let mut zip = Zip::new();
    for name in ["in/a.png", "in/b.png"] {
        let bytes = std::fs::read(folder.drawing(name, &["#.", ".#"])).unwrap();
        zip.add(name, &bytes).unwrap();
    }
    zip.add("in/readme.txt", b"These are no pixels.").unwrap();
    let archive = folder.path("both.zip");
    std::fs::write(&archive, zip.finish().unwrap()).unwrap();
    let out = folder.path("out");
    let run = insitu(&["convert", "--out", text(&out), text(&archive)]);
    assert!(run.status.success(), "{}", stderr(&run));
    let names = ["a.tif", "b.tif"].map(|name| out.join(name));
    assert_eq!(stdout(&run).lines().collect::<Vec<_>>(), names.each_ref().map(|path| text(path)));
    assert_eq!(pages(&names[0]), pages(&names[1]));
    let run = insitu(&["info", text(&reference("series/axial.zip"))]);
    let said = stdout(&run);
    assert!(said.contains("DICOM") && said.contains("first voxel at"), "{said}");
}
