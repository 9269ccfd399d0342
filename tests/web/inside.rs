//! What the page shows of the network itself.

use js_sys::{Array, Float32Array, Uint8Array, Uint8ClampedArray};
use wasm_bindgen::prelude::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{code, cpu, get, number, open, text, with_model};

#[wasm_bindgen_test]
async fn the_network_shows_its_blocks_its_maps_and_its_tiles() {
    let engine = with_model(cpu().await).await;
    let id = open(&engine, 60, 40);
    let network = engine.network(id).unwrap();
    let blocks = get(&network, "blocks").unchecked_into::<Array>();
    let parts: Vec<String> = blocks.iter().map(|b| text(&b, "part")).collect();
    assert_eq!(parts[..3], ["input", "convolutions", "pooling"]);
    assert_eq!(parts.last().map(String::as_str), Some("head"));
    let block = blocks.get(1);
    let tile = get(&network, "tile");
    assert_eq!(number(&block, "width"), number(&tile, "width"));

    let maps = engine.feature_maps(id, 0.0, number(&block, "node"), None).await.unwrap();
    assert_eq!(number(&maps, "channels"), number(&block, "channels"));
    assert_eq!(
        (number(&maps, "width"), number(&maps, "height")),
        (number(&block, "width"), number(&block, "height"))
    );
    let planes = get(&maps, "planes").unchecked_into::<Uint8Array>().to_vec();
    let area = number(&maps, "pictureWidth") * number(&maps, "pictureHeight");
    assert_eq!(planes.len() as f64, number(&maps, "channels") * area);
    assert!(planes.contains(&255));
    assert_eq!(code(engine.feature_maps(id, 0.0, 9999.0, None).await), "net.node");
    assert_eq!(code(engine.feature_maps(id, 0.0, f64::NAN, None).await), "argument");

    let plan = engine.tile_plan(id, 0.0).unwrap();
    let columns = get(&plan, "columns").unchecked_into::<Array>();
    let kept: f64 = columns.iter().map(|c| number(&c, "length")).sum();
    assert_eq!(kept, 60.0);
    assert!(number(&columns.get(0), "source") < 0.0);
}

#[wasm_bindgen_test]
async fn border_weights_and_augmented_copies_are_those_of_a_training() {
    let engine = with_model(cpu().await).await;
    let id = open(&engine, 60, 40);
    let map = engine.weight_map(id, 0.0, Some(0.5), 0.0, None).await.unwrap();
    let weights = get(&map, "weights").unchecked_into::<Float32Array>().to_vec();
    assert_eq!(weights.len(), 60 * 40);
    let largest = weights.iter().copied().fold(0.0, f32::max);
    assert_eq!((number(&map, "w0"), number(&map, "largest")), (10.0, f64::from(largest)));
    assert_eq!(code(engine.weight_map(id, 0.0, Some(2.0), 0.0, None).await), "argument");

    let labels = vec![1u8; 60 * 40];
    let copies = |seed| {
        let copies = engine.augmented(id, 0.0, &labels, 32.0, 4.0, seed).unwrap();
        get(&copies, "rgba").unchecked_into::<Uint8ClampedArray>().to_vec()
    };
    assert_eq!(copies(1.0).len(), 4 * 32 * 32 * 4);
    assert_eq!(copies(1.0), copies(1.0));
    assert_ne!(copies(1.0), copies(2.0));
    assert_eq!(code(engine.augmented(id, 0.0, &labels[1..], 32.0, 4.0, 1.0)), "argument");
    assert_eq!(code(engine.augmented(id, 0.0, &labels, 32.0, 0.0, 1.0)), "train.copies");
    assert_eq!(code(engine.augmented(id, 0.0, &labels, 1e6, 1.0, 1.0)), "train.copies");
}
