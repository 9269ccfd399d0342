//! What the network shows of itself is what it computes with.

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use burn::tensor::Device;
use insitu::infer::{FeatureMaps, Options, TilePlan, feature_maps, segment};
use insitu::net::{Geometry, Summary};
use insitu::scan::Image;
use insitu::weights::{Card, Class, Model};
use reference::{Reference, difference, presets};

fn model(reference: &Reference) -> Model {
    let device = Device::flex();
    let class = Class { name: "thing".into(), colour: "#E69F00".into() };
    let outputs = Card::plain_outputs(reference.config.outputs);
    let card =
        Card::new("reference", reference.config.clone(), vec![class; outputs.len().max(2) - 1], outputs);
    Model { card, net: reference.net(&device), device }
}

fn image(width: usize, height: usize, channels: usize) -> Image {
    let wave = |i: usize| ((i % width) as f32 / 9.0).sin() + ((i / width) as f32 / 7.0).cos();
    Image::new(width, height, channels, (0..width * height * channels).map(wave).collect()).unwrap()
}

fn maps(model: &Model, image: &Image, node: usize, tile: usize) -> FeatureMaps {
    pollster::block_on(feature_maps(model, image.clone(), node, tile, async |_, _| true)).unwrap()
}

#[test]
fn the_maps_of_every_block_have_the_size_that_the_summary_tells() {
    let others = [("instance", reference::instance()), ("strided", reference::strided())];
    for (name, reference) in presets().into_iter().chain(others) {
        let model = model(&reference);
        let image = image(40, 24, reference.config.input_channels);
        let graph = model.net.graph();
        let plan = TilePlan::new(40, 24, 64, &Geometry::of(&reference.config));
        let summary = Summary::of(&reference.config, plan.tile);
        for block in graph.blocks() {
            let maps = maps(&model, &image, block.result(), 64);
            let layer = &summary.layers[block.result()];
            let told = (layer.channels, layer.height, layer.width);
            assert_eq!((maps.channels, maps.height, maps.width), told, "{name}: {}", layer.name);
            assert_eq!(maps.values.len(), told.0 * told.1 * told.2);
        }
    }
}

#[test]
fn the_maps_of_the_head_are_the_logits_of_the_segmentation() {
    let reference = reference::small();
    let model = model(&reference);
    let image = image(50, 30, 1);
    let options = Options { tile: 256, head: None };
    let prediction = pollster::block_on(segment(&model, image.clone(), &options, async |_, _| true)).unwrap();
    let head = model.net.graph().heads[0];
    let maps = maps(&model, &image, head, 256);
    let [left, top] = maps.from.map(|from| usize::try_from(-from).unwrap());
    let shown: Vec<f32> = (0..30 * 50)
        .map(|i| maps.values[(top + i / 50) * maps.width + left + i % 50])
        .map(|logit| 1.0 / (1.0 + (-logit).exp()))
        .collect();
    assert!(difference(&shown, &prediction.probability) < 1e-5);
}

#[test]
fn looking_at_an_early_block_computes_nothing_behind_it() {
    let model = model(&reference::small());
    let mut seen = Vec::new();
    let second = model.net.graph().blocks()[1].result();
    let found = feature_maps(&model, image(20, 20, 1), second, 64, async |done, total| {
        seen.push((done, total));
        true
    });
    assert!(pollster::block_on(found).is_ok());
    assert_eq!(seen, [(0, 2), (1, 2), (2, 2)]);
}

#[test]
fn an_operation_that_does_not_exist_and_a_stop_are_told() {
    let model = model(&reference::small());
    let code = |node, go_on| {
        let found = feature_maps(&model, image(20, 20, 1), node, 64, async |_, _| go_on);
        pollster::block_on(found).unwrap_err().code().to_string()
    };
    assert_eq!(code(9999, true), "net.node");
    assert_eq!(code(3, false), "cancelled");
}
