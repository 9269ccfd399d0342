//! `insitu export` writes files that hold the whole model.

use std::path::Path;

use crate::common::{Folder, insitu, open, stderr, stdout, text};
use burn::tensor::Device;
use insitu::weights::{Model, onnx, read};

#[test]
fn an_onnx_file_holds_the_card_and_the_weights_and_can_be_used_as_a_model() {
    let folder = Folder::new("export-onnx");
    let (model, out) = (folder.model(), folder.path("drawn.onnx"));
    let run = insitu(&["export", "--model", text(&model), "--out", text(&out)]);
    assert!(run.status.success(), "{}", stderr(&run));
    assert_eq!(stdout(&run).trim(), text(&out));
    let written = std::fs::read(&out).unwrap();
    assert!(onnx::recognises(&written));
    let device = Device::flex();
    let before = Model::from_bytes(&std::fs::read(&model).unwrap(), &device).unwrap();
    let after = Model::from_bytes(&written, &device).unwrap();
    assert_eq!(after.card, before.card);
    let weights = |model: &Model| pollster::block_on(read(&model.net)).unwrap();
    assert_eq!(weights(&after), weights(&before));

    let image = folder.drawing("in/square.png", &["......", ".####.", ".####.", "......"]);
    let masks = folder.path("masks");
    let run = insitu(&["predict", "--model", text(&out), "--out", text(&masks), text(&image)]);
    assert!(run.status.success(), "{}", stderr(&run));
    let mask = open(&masks.join("square.png")).into_luma8().into_raw();
    assert_eq!(mask.iter().filter(|v| **v == 1).count(), 8);
}

#[test]
fn the_model_file_comes_back_from_onnx_bit_for_bit() {
    let folder = Folder::new("export-safetensors");
    let model = folder.model();
    let export = |from: &Path, to: &Path| {
        let run = insitu(&["export", "--model", text(from), "--out", text(to)]);
        assert!(run.status.success(), "{}", stderr(&run));
        std::fs::read(to).unwrap()
    };
    let whole = export(&model, &folder.path("whole.safetensors"));
    export(&model, &folder.path("drawn.onnx"));
    assert!(export(&folder.path("drawn.onnx"), &folder.path("back.safetensors")) == whole);
    let run = insitu(&["info", text(&folder.path("drawn.onnx"))]);
    assert!(run.status.success() && stdout(&run).contains("network"), "{}", stderr(&run));
}

/// What `tests/reference/check_package.py` has tested with the library of bioimage.io is a package with these files.
#[test]
fn a_bioimage_package_holds_the_graph_a_test_and_a_description() {
    let folder = Folder::new("export-package");
    let (model, to) = (folder.model(), folder.path("drawn.zip"));
    let run = insitu(&["export", "--model", text(&model), "--out", text(&to)]);
    assert!(run.status.success(), "{}", stderr(&run));
    let package = std::fs::read(&to).unwrap();
    for name in ["rdf.yaml", "model.onnx", "test_input.npy", "test_output.npy", "cover.png", "README.md"] {
        assert!(package.windows(name.len()).any(|part| part == name.as_bytes()), "{name}");
    }
}

#[test]
fn a_model_is_not_replaced_by_its_export_and_what_is_missing_is_named() {
    let folder = Folder::new("export-over");
    let model = folder.model();
    let before = std::fs::read(&model).unwrap();
    let run = insitu(&["export", "--model", text(&model), "--out", text(&model)]);
    assert!(!run.status.success() && stderr(&run).contains("export.over-input"), "{}", stderr(&run));
    assert!(std::fs::read(&model).unwrap() == before);
    let run = insitu(&["export", "--model", "nothing", "--out", "x.onnx"]);
    assert!(!run.status.success() && stderr(&run).contains("model.not-found"), "{}", stderr(&run));
    let run = insitu(&["export", "--model", text(&model), "--out", "x.tflite"]);
    assert!(!run.status.success() && stderr(&run).contains("export.format"), "{}", stderr(&run));
}
