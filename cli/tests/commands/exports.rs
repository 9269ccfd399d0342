//! `insitu predict --export` writes what other programs open, of whole folders, and goes on where it was broken off.

use insitu::scan::{Limits, Scan};

use crate::common::{Folder, TWO_SQUARES, insitu, stderr, stdout, text};

const ALL: &str = "objects,csv,roi,geojson,coco,overlay";

#[test]
fn a_folder_gives_a_row_for_each_object_of_each_image_and_one_broken_file_stops_nothing() {
    let folder = Folder::new("export-folder");
    for name in ["a10.png", "a2.png"] {
        folder.drawing(&format!("in/{name}"), &TWO_SQUARES);
    }
    std::fs::write(folder.path("in/broken.png"), b"\x89PNG\r\n\x1a\nnot one").unwrap();
    std::fs::write(folder.path("in/notes.txt"), b"Staining was weak.").unwrap();
    let (model, out) = (folder.model(), folder.path("out"));
    let run = insitu(&[
        "predict",
        "--model",
        text(&model),
        "--out",
        text(&out),
        "--export",
        ALL,
        text(&folder.path("in")),
    ]);
    assert!(!run.status.success());
    let said = stderr(&run);
    assert!(said.contains("broken.png") && said.contains("1 of 3 files could not be segmented"), "{said}");
    assert!(said.contains("1 files of the folder are no images"), "{said}");
    let csv = std::fs::read_to_string(out.join("objects.csv")).unwrap();
    let rows: Vec<Vec<&str>> = csv.split_terminator("\r\n").map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0][..5], ["file", "slice", "object", "class", "area_px"]);
    let begun: Vec<[&str; 3]> = rows[1..].iter().map(|row| [row[0], row[2], row[4]]).collect();
    assert_eq!(
        begun,
        [["a2.png", "1", "16"], ["a2.png", "2", "16"], ["a10.png", "1", "16"], ["a10.png", "2", "16"]]
    );
    for name in ["a2.png", "a2.objects.tif", "a2.roi.zip", "a2.geojson", "a2.overlay.png", "coco.json"] {
        let path = out.join(name);
        assert!(path.is_file() && stdout(&run).contains(text(&path)), "{name}");
    }
    let coco: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("coco.json")).unwrap()).unwrap();
    assert_eq!(coco["annotations"].as_array().unwrap().len(), 4);
    assert!(!out.join(".insitu-predict.json").exists());
}

#[test]
fn an_unknown_export_is_refused_with_those_that_there_are() {
    let folder = Folder::new("export-unknown");
    let image = folder.drawing("in/squares.png", &TWO_SQUARES);
    let (model, out) = (folder.model(), folder.path("out"));
    let run =
        insitu(&["predict", "--model", text(&model), "--out", text(&out), "--export", "xls", text(&image)]);
    assert!(!run.status.success() && stderr(&run).contains("geojson"), "{}", stderr(&run));
}

#[test]
fn files_of_all_slices_hold_the_mask_its_probabilities_and_what_a_person_says_a_class_is() {
    let folder = Folder::new("export-volumes");
    let image = folder.drawing("in/squares.png", &TWO_SQUARES);
    let (model, out) = (folder.model(), folder.path("out"));
    let run = |code: &str| {
        let kinds = "seg,nifti,ome-tiff,probability-nifti,probability-seg";
        let (model, out, image) = (text(&model), text(&out), text(&image));
        insitu(&["predict", "--model", model, "--out", out, "--export", kinds, "--code", code, image])
    };
    let said = run("1=neoplasm");
    assert!(said.status.success(), "{}", stderr(&said));
    let read = |ending: &str| std::fs::read(out.join(format!("squares.{ending}"))).unwrap();
    let values = |ending: &str| {
        let scan = Scan::decode(&read(ending), None, &Limits::default()).unwrap();
        let [width, height] = [scan.width, scan.height];
        let place = |i: usize| scan.value_at(0, i % width, i / width).unwrap()[0];
        (0..width * height).map(place).collect::<Vec<f32>>()
    };
    let stack = values("ome.tif");
    assert_eq!(stack.iter().filter(|class| **class == 1.0).count(), 32);
    // NIfTI is shown as the patient lies, by columns and rows of its own.
    let (labels, chances) = (values("nii.gz"), values("prob.nii.gz"));
    assert_eq!(labels.iter().filter(|class| **class == 1.0).count(), 32);
    assert!(labels.iter().zip(&chances).all(|(class, chance)| (*class == 1.0) == (*chance >= 0.5)));
    assert!(chances.iter().all(|chance| (0.0..=1.0).contains(chance)));
    for ending in ["seg.dcm", "prob.dcm"] {
        assert!(read(ending).windows(9).any(|code| code == b"108369006"), "{ending}");
    }
    for (code, answer) in [("1=tumour", "neoplasm"), ("other=lung", "predict.code"), ("lung", "CLASS=NAME")] {
        let said = run(code);
        assert!(!said.status.success() && stderr(&said).contains(answer), "{}", stderr(&said));
    }
}

#[test]
fn without_identity_no_file_and_no_table_names_the_image_or_the_patient() {
    let folder = Folder::new("export-nobody");
    let plain = std::fs::read(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/reference/medical/windows.dcm"),
    )
    .unwrap();
    // The patient's name comes before the first attribute of the picture.
    let at = plain.windows(6).position(|bytes| bytes == b"\x28\0\x02\0US").unwrap();
    let named = [&plain[..at], b"\x10\0\x10\0PN\x08\0Doe^Jane", &plain[at..]].concat();
    folder.write("in/doe.dcm", &named);
    folder.drawing("in/smith.png", &TWO_SQUARES);
    let (model, out, images) = (folder.model(), folder.path("out"), folder.path("in"));
    let run = |more: &[&str]| {
        let given = ["predict", "--model", text(&model), "--out", text(&out), "--export", "seg,csv"];
        let said = insitu(&[&given, more, &[text(&images)]].concat());
        assert!(said.status.success(), "{}", stderr(&said));
        stderr(&said)
    };
    let holds = |name: &str, word: &str| {
        let bytes = std::fs::read(out.join(name)).unwrap();
        bytes.windows(word.len()).any(|part| part == word.as_bytes())
    };
    run(&[]);
    assert!(holds("doe.seg.dcm", "Doe^Jane") && holds("objects.csv", "smith.png"));
    std::fs::remove_dir_all(&out).unwrap();
    let said = run(&["--without-identity"]);
    assert!(said.contains("image-1: ") && said.contains("doe.dcm") && said.contains("image-2: "));
    assert!(holds("image-1.seg.dcm", "image-1") && holds("objects.csv", "image-2"));
    for entry in std::fs::read_dir(&out).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        for word in ["doe", "Doe", "smith"] {
            assert!(!name.contains(word) && !holds(&name, word), "{name} says {word}");
        }
    }
}
