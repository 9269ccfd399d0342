//! The shipped models: small enough, whole, and described by what they say themselves.
//!
//! `INSITU_WRITE_INDEX=1 cargo test --release --test models` rewrites `models/index.json` from the model files.

use std::fs;
use std::path::PathBuf;

use burn::tensor::Device;
use insitu::infer::{Options, segment};
use insitu::scan::Image;
use insitu::weights::Model;
use serde_json::{Value, json};

/// In the order in which people meet them, with their largest size in bytes.
const SHIPPED: [(&str, usize); 10] = [
    ("nuclei", 8_000_000),
    ("em-membrane", 8_000_000),
    ("cells-phase", 4_000_000),
    ("retina-vessels", 4_000_000),
    ("fetal-head", 4_000_000),
    ("chest-lungs", 4_000_000),
    ("brain-mr", 4_000_000),
    ("left-ventricle", 4_000_000),
    ("polyp", 4_000_000),
    ("skin-lesion", 4_000_000),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models")
}

fn bytes(id: &str) -> Vec<u8> {
    fs::read(folder().join(format!("{id}.safetensors"))).unwrap()
}

#[test]
fn the_index_is_what_the_model_files_say() {
    let entries: Vec<Value> = SHIPPED
        .iter()
        .map(|(id, _)| {
            let bytes = bytes(id);
            let card = Model::card_from_bytes(&bytes).unwrap();
            json!({
                "id": id,
                "title": card.title,
                "summary": card.summary,
                "file": format!("{id}.safetensors"),
                "sizeBytes": bytes.len(),
                "licence": card.licence,
                "classes": card.classes,
                "inputChannels": card.input.channels,
                "scores": card.scores,
            })
        })
        .collect();
    let path = folder().join("index.json");
    let expected = Value::Array(entries);
    if std::env::var_os("INSITU_WRITE_INDEX").is_some() {
        fs::write(&path, serde_json::to_string_pretty(&expected).unwrap() + "\n").unwrap();
    }
    let found: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert_eq!(found, expected);
}

#[test]
fn every_model_is_small_enough_and_has_a_licence_and_a_card_for_people() {
    for (id, largest) in SHIPPED {
        let bytes = bytes(id);
        assert!(bytes.len() <= largest, "{id} has {} bytes", bytes.len());
        let card = Model::card_from_bytes(&bytes).unwrap();
        assert!(!card.licence.is_empty() && !card.summary.is_empty(), "{id}");
        let training = card.training.as_ref().unwrap();
        let text = fs::read_to_string(folder().join(format!("{id}.md"))).unwrap();
        assert!(text.contains(&training.command), "the card of {id} names another command");
    }
}

#[test]
fn every_model_segments_an_image_of_either_kind() {
    for (id, _) in SHIPPED {
        let model = Model::from_bytes(&bytes(id), &Device::flex()).unwrap();
        for channels in [1, 3] {
            let data = (0..channels * 40 * 30).map(|i| (i * 7 % 251) as f32).collect();
            let image = Image::new(40, 30, channels, data).unwrap();
            let p =
                pollster::block_on(segment(&model, image, &Options::default(), async |_, _| true)).unwrap();
            assert_eq!(p.labels(0.5).len(), 1200);
            assert!(p.probability.iter().all(|v| (-1e-4..=1.0001).contains(v)));
        }
    }
}
