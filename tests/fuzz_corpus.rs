//! What fuzzing begins with, and what it once found: each of these files is answered by a result or by an error in words.
//! `cargo xtask fuzz` goes on from here.

#![cfg(not(target_arch = "wasm32"))]

#[path = "fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use insitu::device::{Choice, open};
use insitu::label::{Area, Dab, Documents, Ink, LabelMap, Painting, label_zip};
use insitu::scan::{Archive, Image, Limits};
use insitu::train::{Checkpoint, Labels, Request, Run, Sample, Start};
use pollster::block_on;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

#[test]
fn every_file_of_the_corpus_is_answered() {
    for (name, target) in targets::TARGETS {
        let mut files: Vec<PathBuf> =
            fs::read_dir(corpus().join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{name} has no corpus");
        for file in files {
            println!("{}", file.display());
            target(&fs::read(&file).unwrap());
        }
    }
}

#[test]
fn the_seeds_of_sessions_are_read_and_not_refused() {
    let read = |name: &str| fs::read(corpus().join("session").join(name)).unwrap();
    let mut documents = Documents::default();
    documents.restore(1, &read("labels")[1..]).unwrap();
    assert_eq!(documents.steps(), (0, 0), "the history waits for the order");
    let both = read("order");
    let (order, labels) = both[3..].split_at(usize::from(u16::from_le_bytes([both[1], both[2]])));
    let mut documents = Documents::default();
    documents.restore(1, labels).unwrap();
    documents.restore_order(order).unwrap();
    assert!(documents.steps().0 > 1 && documents.steps().1 > 0);
    assert_eq!(Checkpoint::from_bytes(&read("training")[1..]).unwrap().done, 2);
}

/// One with two strokes that were not undone, one that was, and a class of its own.
fn painted() -> Documents {
    let mut documents = Documents::default();
    documents.add(1, 24, 16, 2).unwrap();
    documents.add_class("nucleus", Some("#ff8800")).unwrap();
    documents.add_class("rim", None).unwrap();
    let at = |x: f64| Dab { x, y: 8.0, radius: 3.0 };
    for (slice, x, value) in [(0, 5.0, 1), (1, 15.0, 2), (0, 12.0, 0)] {
        let stroke = |painting: &mut Painting| {
            let rect = painting.brush(slice, at(x), at(x + 4.0), Ink::new(value))?;
            Ok(rect.map(|rect| Area { slice, rect }).into_iter().collect())
        };
        documents.paint(1, stroke).unwrap();
    }
    documents.undo();
    documents
}

/// A training of two steps with a network of one channel.
fn trained() -> Vec<u8> {
    let labels: Vec<u8> = (0..32 * 32).map(|i| u8::from((8..24).contains(&(i % 32)))).collect();
    let data = labels.iter().map(|class| 0.2 + 0.6 * f32::from(*class)).collect();
    let sample =
        Sample::new("bar", "", Image::new(32, 32, 1, data).unwrap(), Labels::Classes(labels)).unwrap();
    let request = Request {
        preset: Some("small".into()),
        width: Some(1),
        steps: 2,
        batch: Some(1),
        patch: Some(16),
        ..Request::default()
    };
    let start = block_on(Start::of(&request, None, 1, 1)).unwrap();
    let cpu = block_on(open(Choice::Cpu, None)).unwrap();
    let mut run = Run::by_hand(&request, start, vec![sample], &cpu).unwrap();
    for _ in 0..2 {
        block_on(run.step()).unwrap();
    }
    let kept = block_on(run.state("the page's own", 1.0)).unwrap();
    assert!(Run::model_of(&kept, &Device::flex()).unwrap().is_some());
    kept
}

/// Files in the words of the target `several`.
fn together(files: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, file) in files {
        bytes.push(*name);
        bytes.extend(u16::try_from(file.len()).unwrap().to_le_bytes());
        bytes.extend(file);
    }
    bytes
}

/// `cargo test --test fuzz_corpus -- --ignored`, when the files of a session have changed.
#[test]
#[ignore = "writes tests/fuzz/corpus"]
fn the_seeds_are_written_anew() {
    let put = |target: &str, name: &str, bytes: &[u8]| {
        let folder = corpus().join(target);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    };
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");

    let documents = painted();
    let labels = documents.store(1).unwrap();
    let order = documents.store_order().unwrap();
    put("session", "labels", &[&[0][..], &labels].concat());
    let length = u16::try_from(order.len()).unwrap().to_le_bytes();
    put("session", "order", &[&[1][..], &length, &order, &labels].concat());
    put("session", "training", &[&[2][..], &trained()].concat());

    let map: &LabelMap = documents.map(1).unwrap();
    put("labels", "archive.zip", &label_zip(documents.classes(), [("case.png", map)]).unwrap());

    for name in ["axial", "enhanced", "cine", "two_series", "tilted", "contrast"] {
        let archive = fs::read(reference.join("series").join(format!("{name}.zip"))).unwrap();
        let archive = Archive::of(&archive).unwrap();
        let files: Vec<_> = (0..archive.names().len().min(6))
            .map(|place| (place as u8 % 3, archive.read(place, &Limits::default()).unwrap()))
            .filter(|(_, file)| file.len() < 8000)
            .collect();
        put("several", name, &together(&files));
    }
    // As `NAMES` of the target has them: the description of an array, and one chunk.
    for name in ["type-int8", "blosc3", "bz2", "codec", "keys2"] {
        let archive = fs::read(reference.join("zarr").join(format!("{name}.zip"))).unwrap();
        let archive = Archive::of(&archive).unwrap();
        let places = archive.names().iter().enumerate();
        let files: Vec<_> = places
            .map(|(place, name)| {
                let called =
                    if name.ends_with(".zarray") { 9 } else { 11 - u8::from(name.ends_with("zarr.json")) };
                (called, archive.read(place, &Limits::default()).unwrap())
            })
            .filter(|(_, file)| (1..8000).contains(&file.len()))
            .take(4)
            .collect();
        put("several", name, &together(&files));
    }
    let file = |name: &str| fs::read(reference.join(name)).unwrap();
    put("image", "grey.tif", &file("labels/grey.tif"));
    put("weights", "kinds.onnx", &file("onnx/kinds.onnx"));
}
