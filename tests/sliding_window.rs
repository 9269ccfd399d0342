//! A window that slides over an image (Ciresan 2012) answers as one pass over the whole does.

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use burn::tensor::Device;
use insitu::infer::{Forward, Options, SlidingWindow, segment};
use insitu::net::{Norm, Preset};
use insitu::scan::{Image, Normalisation};
use insitu::weights::{Card, Class, Model};
use reference::{Reference, difference};

fn model(reference: &Reference) -> Model {
    let device = Device::flex();
    let outputs = Card::plain_outputs(reference.config.outputs);
    let class = Class { name: "thing".into(), colour: "#E69F00".into() };
    let mut card = Card::new("reference", reference.config.clone(), vec![class], outputs);
    card.flips = false;
    card.input.normalisation = Normalisation::ZScore;
    Model { card, net: reference.net(&device), device }
}

fn image(width: usize, height: usize) -> Image {
    let value = |i: usize| {
        let (x, y) = ((i % width) as f32, (i / width) as f32);
        100.0 + 40.0 * (x / 7.0).sin() * (y / 5.0).cos() + ((i * 7919) % 31) as f32
    };
    Image::new(width, height, 1, (0..width * height).map(value).collect()).unwrap()
}

/// Compares a square of 3 x 3 pixels at some place, from windows and at once, with the segmentation of the whole.
fn is_the_same_everywhere(reference: &Reference) {
    let model = model(reference);
    let (width, height) = (310, 250);
    let options = Options { tile: 4096, head: None };
    let whole = segment(&model, image(width, height), &options, async |_, _| true);
    let whole = pollster::block_on(whole).unwrap().probability;
    let seen = model.card.input.prepare(image(width, height)).unwrap();
    let forward = Forward::new(&model, None).unwrap();
    for at in [[0.5, 0.5], [0.0, 0.3], [1.0, 1.0]] {
        let sliding = SlidingWindow::new(&forward, &seen, at, 3).unwrap();
        let [rows, columns] = sliding.square();
        let expected: Vec<f32> =
            rows.flat_map(|y| columns.clone().map(move |x| y * width + x)).map(|i| whole[i]).collect();
        let mut told = Vec::new();
        let slow = sliding.pixel_by_pixel(async |done, total| {
            told.push((done, total));
            true
        });
        let slow = pollster::block_on(slow).unwrap();
        let fast = pollster::block_on(sliding.at_once()).unwrap();
        assert_eq!((slow.len(), told.len(), told[9]), (9, 10, (9, 9)));
        for answer in [&slow, &fast] {
            let off = difference(answer, &expected);
            assert!(off < 1e-4, "at {at:?}, windows {:?}: {off}", sliding.inputs());
        }
    }
}

#[test]
fn the_answer_is_the_same_with_same_padding() {
    is_the_same_everywhere(&reference::small());
}

#[test]
fn the_answer_is_the_same_with_valid_convolutions() {
    is_the_same_everywhere(&reference::valid());
}

#[test]
fn the_answer_is_the_same_where_a_place_in_the_whole_counts() {
    is_the_same_everywhere(&reference::aligned());
}

#[test]
fn a_network_that_looks_at_all_pixels_is_refused_and_a_stop_is_heard() {
    let device = Device::flex();
    let config = Preset::Small.config(1, 1);
    let made = |norm: Norm| {
        let config = insitu::net::UNetConfig { norm, ..config.clone() };
        let class = Class { name: "thing".into(), colour: "#E69F00".into() };
        let card = Card::new("t", config.clone(), vec![class], Card::plain_outputs(1));
        Model { card, net: insitu::net::UNet::new(&config, &device).unwrap(), device: device.clone() }
    };
    let seen = image(40, 40);
    let whole = made(Norm::Instance { affine: true });
    let forward = Forward::new(&whole, None).unwrap();
    let refused = SlidingWindow::new(&forward, &seen, [0.5, 0.5], 2).err().unwrap();
    assert_eq!(refused.code(), "net.whole");
    let usual = made(Norm::Batch);
    let forward = Forward::new(&usual, None).unwrap();
    let sliding = SlidingWindow::new(&forward, &seen, [0.5, 0.5], 2).unwrap();
    let stopped = pollster::block_on(sliding.pixel_by_pixel(async |done, _| done < 2));
    assert_eq!(stopped.err().unwrap().code(), "cancelled");
}
