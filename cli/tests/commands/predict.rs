//! `insitu predict` writes the masks of good files, names bad ones, and overwrites nothing by accident.

use crate::common::{Folder, TWO_SQUARES, insitu, open, stderr, stdout, text};
use image::DynamicImage;

#[test]
fn a_mask_has_the_size_of_its_image_and_a_class_index_in_each_pixel() {
    let folder = Folder::new("mask");
    let image = folder.drawing("in/squares.png", &TWO_SQUARES);
    let (model, out) = (folder.model(), folder.path("out"));
    let run =
        insitu(&["predict", "--device", "cpu", "--model", text(&model), "--out", text(&out), text(&image)]);
    assert!(run.status.success(), "{}", stderr(&run));
    let mask = out.join("squares.png");
    assert_eq!(stdout(&run).trim(), text(&mask));
    let DynamicImage::ImageLuma8(mask) = open(&mask) else { panic!("not 8-bit grey") };
    let expected: Vec<u8> = TWO_SQUARES.iter().flat_map(|r| r.bytes().map(|b| u8::from(b != b'.'))).collect();
    assert_eq!((mask.width(), mask.height(), mask.into_raw()), (10, 6, expected));
}

#[test]
fn instances_part_touching_objects_and_give_the_rims_back() {
    let folder = Folder::new("instances");
    let image = folder.drawing("in/squares.png", &TWO_SQUARES);
    let (model, out) = (folder.model(), folder.path("out"));
    let run = insitu(&["predict", "--instances", "--model", text(&model), "--out", text(&out), text(&image)]);
    assert!(run.status.success(), "{}", stderr(&run));
    let DynamicImage::ImageLuma16(objects) = open(&out.join("squares.png")) else {
        panic!("not 16-bit grey")
    };
    for y in 1..5 {
        let row: Vec<u16> = (0..10).map(|x| objects.get_pixel(x, y).0[0]).collect();
        assert_eq!(row, [0, 1, 1, 1, 1, 2, 2, 2, 2, 0]);
    }
}

#[test]
fn probabilities_are_floats_between_0_and_1_on_both_sides_of_the_mask() {
    let folder = Folder::new("probability");
    let image = folder.drawing("in/squares.png", &TWO_SQUARES);
    let (model, out) = (folder.model(), folder.path("out"));
    let run =
        insitu(&["predict", "--probability", "--model", text(&model), "--out", text(&out), text(&image)]);
    assert!(run.status.success(), "{}", stderr(&run));
    let file = std::fs::File::open(out.join("squares.prob.tif")).unwrap();
    let mut tiff = tiff::decoder::Decoder::new(file).unwrap();
    assert_eq!(tiff.dimensions().unwrap(), (10, 6));
    let tiff::decoder::DecodingResult::F32(values) = tiff.read_image().unwrap() else { panic!("not floats") };
    for (value, drawn) in values.iter().zip(TWO_SQUARES.iter().flat_map(|r| r.bytes())) {
        assert_eq!(*value > 0.5, drawn != b'.');
        assert!((0.0..=1.0001).contains(value));
    }
    assert!(out.join("squares.png").is_file() && !tiff.more_images());
}

#[test]
fn each_slice_of_a_file_with_several_gets_a_mask_of_its_own() {
    let folder = Folder::new("slices");
    let pages = [vec![0.0; 60], vec![255.0; 60]].concat();
    let file = folder.path("in/stack.tif");
    std::fs::write(&file, insitu::export::probability_tiff(&pages, 10, 6, 2).unwrap()).unwrap();
    let (model, out) = (folder.model(), folder.path("out"));
    let run = insitu(&["predict", "--model", text(&model), "--out", text(&out), text(&file)]);
    assert!(run.status.success(), "{}", stderr(&run));
    for (name, class) in [("stack_s0000.png", 0), ("stack_s0001.png", 1)] {
        assert_eq!(open(&out.join(name)).into_luma8().into_raw(), [class; 60]);
    }
}

#[test]
fn pixels_without_a_value_are_background_at_any_threshold() {
    let folder = Folder::new("missing");
    let values: Vec<f32> = (0..60).map(|i| if i % 10 < 3 { f32::NAN } else { 255.0 }).collect();
    let file = folder.path("in/float.tif");
    std::fs::write(&file, insitu::export::probability_tiff(&values, 10, 6, 1).unwrap()).unwrap();
    let (model, out) = (folder.model(), folder.path("out"));
    let args = ["predict", "--probability", "--threshold", "0", "--model", text(&model), "--out", text(&out)];
    let run = insitu(&[&args[..], &[text(&file)]].concat());
    assert!(run.status.success(), "{}", stderr(&run));
    let expected: Vec<u8> = (0..60).map(|i| u8::from(i % 10 >= 3)).collect();
    assert_eq!(open(&out.join("float.png")).into_luma8().into_raw(), expected);
}

#[test]
fn a_build_without_a_gpu_says_so_only_if_one_is_asked_for() {
    let folder = Folder::new("words");
    let image = folder.drawing("in/squares.png", &TWO_SQUARES);
    let (model, out) = (folder.model(), folder.path("out"));
    let said = |device: &[&str]| {
        let args = ["predict", "--model", text(&model), "--out", text(&out), text(&image)];
        stderr(&insitu(&[&args[..], device].concat()))
    };
    if cfg!(feature = "gpu") {
        return;
    }
    assert!(!said(&[]).contains("GPU"), "{}", said(&[]));
    assert!(said(&[]).contains("Running on the CPU."));
    assert!(said(&["--device", "gpu"]).contains("no GPU support"));
}

#[test]
fn one_bad_file_is_named_and_does_not_stop_the_others() {
    let folder = Folder::new("bad");
    let good = folder.drawing("in/good.png", &TWO_SQUARES);
    let bad = folder.path("in/bad.png");
    std::fs::write(&bad, "no image at all").unwrap();
    let missing = folder.path("in/missing.png");
    let (model, out) = (folder.model(), folder.path("out"));
    let run = insitu(&[
        "predict",
        "--model",
        text(&model),
        "--out",
        text(&out),
        text(&bad),
        text(&missing),
        text(&good),
    ]);
    assert_eq!(run.status.code(), Some(1));
    let said = stderr(&run);
    assert!(said.contains(text(&bad)) && said.contains(text(&missing)), "{said}");
    assert!(said.contains("2 of 3 files could not be segmented."), "{said}");
    assert!(out.join("good.png").is_file() && !out.join("bad.png").exists());
}

#[test]
fn two_files_of_one_name_are_refused_before_anything_is_written() {
    let folder = Folder::new("same");
    let a = folder.drawing("a/squares.png", &TWO_SQUARES);
    let b = folder.drawing("b/squares.png", &TWO_SQUARES);
    let (model, out) = (folder.model(), folder.path("out"));
    let run = insitu(&["predict", "--model", text(&model), "--out", text(&out), text(&a), text(&b)]);
    assert_eq!(run.status.code(), Some(1));
    let said = stderr(&run);
    assert!(said.contains(text(&a)) && said.contains(text(&b)), "{said}");
    assert!(!out.join("squares.png").exists());
}

#[test]
fn a_result_never_replaces_the_image_itself() {
    let folder = Folder::new("over");
    let image = folder.drawing("in/squares.png", &TWO_SQUARES);
    let before = std::fs::read(&image).unwrap();
    let (model, out) = (folder.model(), image.parent().unwrap());
    let run = insitu(&["predict", "--model", text(&model), "--out", text(out), text(&image)]);
    assert_eq!(run.status.code(), Some(1));
    assert!(stderr(&run).contains("would replace the image"), "{}", stderr(&run));
    assert_eq!(std::fs::read(&image).unwrap(), before);
}

#[test]
fn an_unknown_model_is_named_and_so_are_those_that_there_are() {
    let folder = Folder::new("unknown");
    folder.model();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_insitu"))
        .env("INSITU_MODELS", &folder.0)
        .args(["info", "nucleii"])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    let said = stderr(&run);
    assert!(said.contains("'nucleii'") && said.contains("drawn"), "{said}");
}

#[test]
fn info_tells_what_a_model_and_an_image_hold() {
    let folder = Folder::new("info");
    let (model, image) = (folder.model(), folder.drawing("squares.png", &TWO_SQUARES));
    let said = stdout(&insitu(&["info", text(&model)]));
    for part in ["Drawn squares", "2 levels of 1 to 2 channels", "1 square #E69F00", "rim of class 1"] {
        assert!(said.contains(part), "{part} is not in: {said}");
    }
    let said = stdout(&insitu(&["info", text(&image)]));
    for part in ["PNG", "10 x 6 pixels, grey", "uint8", "0 to 255", "the file gives none"] {
        assert!(said.contains(part), "{part} is not in: {said}");
    }
}

#[test]
fn a_stardist_model_gives_a_mask_and_the_numbers_of_its_objects() {
    let folder = Folder::new("stardist");
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/reference/stardist/folder.zip");
    let rows: Vec<String> = (0..40u32)
        .map(|y| (0..50u32).map(|x| if (x * y + x / 3) % 7 < 3 { '#' } else { '.' }).collect())
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let image = folder.drawing("in/noise.png", &rows);
    let run = |out: &std::path::Path, more: &[&str]| {
        let args = ["predict", "--threshold", "0.3", "--model", model, "--out", text(out), text(&image)];
        let run = insitu(&[&args[..], more].concat());
        assert!(run.status.success(), "{}", stderr(&run));
    };
    let (masks, objects) = (folder.path("masks"), folder.path("objects"));
    run(&masks, &[]);
    run(&objects, &["--instances"]);
    let mask = open(&masks.join("noise.png")).into_luma8().into_raw();
    let DynamicImage::ImageLuma16(numbers) = open(&objects.join("noise.png")) else {
        panic!("not 16-bit grey")
    };
    let numbers = numbers.into_raw();
    assert_eq!(mask, numbers.iter().map(|n| u8::from(*n > 0)).collect::<Vec<_>>());
    assert!(numbers.iter().max().is_some_and(|n| *n > 1), "the network knows nothing, but sees something");
    let told = stdout(&insitu(&["info", model]));
    assert!(told.contains("8 rays from points 2 pixels apart") && !told.contains("class 1, "), "{told}");
    let onnx = folder.path("stars.onnx");
    let refused = insitu(&["export", "--model", model, "--out", text(&onnx)]);
    assert!(!refused.status.success() && stderr(&refused).contains("StarDist"), "{}", stderr(&refused));
}

/// Three slices of 10 x 6 pixels: a body of 4 x 4 with a hole in the middle slice, and a speck of two voxels.
fn hollow(folder: &Folder) -> std::path::PathBuf {
    let mut values = vec![0.0; 180];
    for z in 0..3 {
        for (y, x) in (1..5).flat_map(|y| (1..5).map(move |x| (y, x))) {
            values[z * 60 + y * 10 + x] = 255.0;
        }
    }
    values[60 + 2 * 10 + 2] = 0.0;
    values[8] = 255.0;
    values[60 + 8] = 255.0;
    let file = folder.path("in/stack.tif");
    std::fs::write(&file, insitu::export::probability_tiff(&values, 10, 6, 3).unwrap()).unwrap();
    file
}

#[test]
fn masks_of_volumes_are_put_in_order_in_3d_before_they_are_written_and_measured() {
    let folder = Folder::new("solid");
    let (file, model, out) = (hollow(&folder), folder.model(), folder.path("out"));
    let predict = |more: &[&str]| {
        insitu(&[&["predict", "--model", text(&model), "--out", text(&out)], more, &[text(&file)]].concat())
    };
    let run = predict(&["--largest", "--fill-holes", "--neighbours", "6", "--sizes"]);
    assert!(run.status.success(), "{}", stderr(&run));
    assert!(
        stderr(&run).contains("1 pieces removed (2 voxels), 1 holes filled (1 voxels)"),
        "{}",
        stderr(&run)
    );
    let body: Vec<u8> =
        (0..60).map(|i| u8::from((1..5).contains(&(i % 10)) && (1..5).contains(&(i / 10)))).collect();
    for slice in 0..3 {
        assert_eq!(open(&out.join(format!("stack_s000{slice}.png"))).into_luma8().into_raw(), body);
    }
    let table = std::fs::read_to_string(out.join("stack.sizes.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.split_terminator("\r\n").map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.len() == 19));
    for (row, piece) in [(&rows[1], ""), (&rows[2], "1")] {
        assert_eq!((row[4], row[5], row[6], row[9], row[11]), (piece, "48", "", "2.5", "2"));
        // The filled hole counts with its own value.
        assert_eq!((row[17], row[18]), ("0", "255"));
    }
    let run = predict(&["--min-ml", "1"]);
    assert!(!run.status.success() && stderr(&run).contains("no distance between slices"), "{}", stderr(&run));
    let run = predict(&["--largest", "--export", "csv"]);
    assert!(!run.status.success() && stderr(&run).contains("slice by slice"), "{}", stderr(&run));
    let run = predict(&["--neighbours", "8"]);
    assert!(!run.status.success() && stderr(&run).contains("6, 18 or 26"), "{}", stderr(&run));
}
