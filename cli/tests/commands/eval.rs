//! `insitu eval` gives the scores that follow from the pixels by hand.

use crate::common::{Folder, insitu, stderr, stdout, text};
use serde_json::Value;

/// The mask of this drawing is 4 x 4 pixels twice, side by side; as objects they come apart in the middle.
const DRAWING: [&str; 6] = [
    "..........", //
    ".++++++++.",
    ".+##++##+.",
    ".+##++##+.",
    ".++++++++.",
    "..........",
];

/// Object numbers that differ from the drawing: the left square is exact, the right one has two columns only.
fn objects() -> Vec<u16> {
    (0..60)
        .map(|i| match (i % 10, i / 10) {
            (1..=4, 1..=4) => 300,
            (5..=6, 1..=4) => 7,
            _ => 0,
        })
        .collect()
}

fn json(folder: &Folder, more: &[&str]) -> (Value, String, Option<i32>) {
    let (model, data) = (folder.model(), folder.path("data"));
    let mut args = vec!["eval", "--json", "--model", text(&model), "--data", text(&data)];
    args.extend(more);
    let run = insitu(&args);
    (serde_json::from_str(&stdout(&run)).unwrap_or_default(), stderr(&run), run.status.code())
}

fn close(value: &Value, expected: f64) {
    assert!((value.as_f64().unwrap() - expected).abs() < 1e-9, "{value} is not {expected}");
}

#[test]
fn object_labels_give_dice_iou_pixel_error_and_average_precision_by_kind() {
    let folder = Folder::new("objects");
    for stem in ["a", "b"] {
        folder.drawing(&format!("data/images/{stem}.png"), &DRAWING);
    }
    folder.grey16("data/labels/a.png", 10, objects());
    folder.grey16("data/labels/b.png", 10, objects().iter().map(|o| if *o == 7 { 0 } else { *o }).collect());
    std::fs::write(folder.path("data/index.csv"), "id,kind,height\na,first,6\nb,second,6\n").unwrap();
    let (report, said, code) = json(&folder, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(report["labels"], "objects");
    // a: 24 of 32 predicted pixels are true, all 24 true ones found; the right square overlaps by exactly 1/2.
    let a = &report["kinds"]["first"];
    close(&a["dice"], 48.0 / 56.0);
    close(&a["iou"], 24.0 / 32.0);
    close(&a["pixelError"], 8.0 / 60.0);
    close(&a["ap50"], 1.0);
    // b: the right square is not there.
    let b = &report["kinds"]["second"];
    close(&b["dice"], 32.0 / 48.0);
    close(&b["iou"], 0.5);
    close(&b["pixelError"], 16.0 / 60.0);
    close(&b["ap50"], 0.5);
    close(&report["dice"], (48.0 / 56.0 + 32.0 / 48.0) / 2.0);
    close(&report["ap50"], 0.75);
    assert_eq!(report["images"], 2);
    assert_eq!(report["each"][1]["stem"], "b");
}

#[test]
fn pixels_labelled_255_in_a_class_mask_are_ignored_and_in_a_binary_mask_are_foreground() {
    let folder = Folder::new("classes");
    folder.drawing("data/images/a.png", &DRAWING);
    let label: Vec<u8> = objects().iter().map(|o| if *o > 0 { 1 } else { 255 }).collect();
    let label = [vec![0; 10], label[10..].to_vec()].concat();
    folder.grey("data/labels/a.png", 10, label);
    let (report, said, _) = json(&folder, &[]);
    assert_eq!(report["labels"], "classes", "{said}");
    close(&report["dice"], 1.0);
    close(&report["pixelError"], 0.0);
    assert!(report.get("ap50").is_none());
    let (report, ..) = json(&folder, &["--labels", "binary"]);
    close(&report["pixelError"], 18.0 / 60.0);
}

#[test]
fn a_label_of_another_size_is_named_and_the_others_are_judged() {
    let folder = Folder::new("size");
    for stem in ["a", "b"] {
        folder.drawing(&format!("data/images/{stem}.png"), &DRAWING);
    }
    folder.grey16("data/labels/a.png", 10, objects());
    folder.grey16("data/labels/b.png", 5, vec![300; 20]);
    let (report, said, code) = json(&folder, &[]);
    assert_eq!((code, &report["images"]), (Some(1), &Value::from(1)));
    assert!(said.contains("b.png") && said.contains("1 of 2 images could not be judged."), "{said}");
}

#[test]
fn the_table_names_each_kind_and_the_mean_of_all() {
    let folder = Folder::new("table");
    folder.drawing("data/images/a.png", &DRAWING);
    folder.grey16("data/labels/a.png", 10, objects());
    std::fs::write(folder.path("data/index.csv"), "id,kind\na,stained\n").unwrap();
    let (model, data) = (folder.model(), folder.path("data"));
    let run = insitu(&["eval", "--model", text(&model), "--data", text(&data)]);
    let said = stdout(&run);
    for row in ["stained", "all"] {
        let line = said.lines().find(|l| l.starts_with(row)).unwrap_or_else(|| panic!("{said}"));
        let cells: Vec<&str> = line.split_whitespace().skip(1).collect();
        assert_eq!(cells, ["1", "0.8571", "0.7500", "0.1333", "1.0000"]);
    }
}

#[test]
fn a_folder_without_labelled_images_is_an_error_in_words() {
    let folder = Folder::new("empty");
    folder.path("data/images/x");
    let (_, said, code) = json(&folder, &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("No image in"), "{said}");
}

#[test]
fn what_lies_outside_the_field_of_view_is_not_judged() {
    let folder = Folder::new("view");
    folder.drawing("data/images/a.png", &DRAWING);
    // Everything right of column 5 is labelled wrongly, and hidden.
    let label =
        (0..60).map(|i| u8::from(i % 10 > 5 || ((1..=8).contains(&(i % 10)) && (1..=4).contains(&(i / 10)))));
    folder.grey("data/labels/a.png", 10, label.collect());
    let (report, said, _) = json(&folder, &["--labels", "binary"]);
    assert!(report["dice"].as_f64().unwrap() < 1.0, "{said}");
    folder.grey("data/fov/a.png", 10, (0..60).map(|i| 255 * u8::from(i % 10 <= 5)).collect());
    let (report, _, code) = json(&folder, &["--labels", "binary"]);
    assert_eq!(code, Some(0));
    close(&report["dice"], 1.0);
    folder.grey("data/fov/a.png", 5, vec![255; 25]);
    let (_, said, code) = json(&folder, &["--labels", "binary"]);
    assert!(code != Some(0) && said.contains("data.view"), "{said}");
}

#[test]
fn scores_that_are_asked_for_are_given_by_name() {
    let folder = Folder::new("asked");
    folder.drawing("data/images/a.png", &DRAWING);
    folder.grey16("data/labels/a.png", 10, objects());
    let (report, said, code) = json(&folder, &["--metrics", "ap,rocAuc,randFscore,infoFscoreMax"]);
    assert_eq!(code, Some(0), "{said}");
    for value in [&report, &report["each"][0]] {
        // The left square is exact at all nine overlaps, the right one is half of its object, at the first only.
        close(&value["ap"], (1.0 + 8.0 / 3.0) / 9.0);
        // 24 positives are among the 32 brightest; 8 of 36 negatives tie with them, or lie in between.
        assert!(value["rocAuc"].as_f64().is_some_and(|area| area > 0.8 && area < 1.0), "{value}");
        assert!(
            value["randFscore"].as_f64().is_some() && value["infoFscoreMax"].as_f64().is_some(),
            "{value}"
        );
        assert!(value.get("prAuc").is_none());
    }
    let (_, said, code) = json(&folder, &["--metrics", "madeUp"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("randFscore"), "the names are listed: {said}");
}

#[test]
fn labels_with_a_palette_are_its_indices_and_tiff_labels_are_found() {
    let folder = Folder::new("palette");
    folder.drawing("data/images/a.png", &DRAWING);
    folder.drawing("data/images/b.png", &DRAWING);
    let classes: Vec<u8> = objects().iter().map(|o| u8::from(*o > 0)).collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 10, 6);
    encoder.set_color(png::ColorType::Indexed);
    // Colours that are no grey: they mean nothing.
    encoder.set_palette(vec![0, 0, 0, 255, 0, 0]);
    encoder.write_header().unwrap().write_image_data(&classes).unwrap();
    std::fs::write(folder.path("data/labels/a.png"), file).unwrap();
    let labels = std::fs::File::create(folder.path("data/labels/b.tif")).unwrap();
    let mut encoder = tiff::encoder::TiffEncoder::new(labels).unwrap();
    encoder.write_image::<tiff::encoder::colortype::Gray8>(10, 6, &classes).unwrap();
    let (report, said, code) = json(&folder, &["--labels", "classes"]);
    assert_eq!((code, &report["images"]), (Some(0), &Value::from(2)), "{said}");
    let each: Vec<_> = report["each"].as_array().unwrap().iter().map(|one| one["dice"].clone()).collect();
    assert_eq!(each[0], each[1]);
}
