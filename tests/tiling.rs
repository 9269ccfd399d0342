//! The probabilities of an image depend neither on the size of the tiles nor on its own odd size.

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use std::cell::RefCell;

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor, TensorData};
use insitu::infer::{Alone, Forward, Options, Prediction, TilePlan, feature_maps, segment, segment_together};
use insitu::net::Geometry;
use insitu::objects::InstanceOptions;
use insitu::scan::{Image, Normalisation, resampled};
use insitu::weights::{Card, Class, FieldOfView, Model, Patches};
use reference::{Reference, difference};

fn model(reference: &Reference, flips: bool) -> Model {
    let device = Device::flex();
    let class = Class { name: "thing".into(), colour: "#E69F00".into() };
    let outputs = Card::plain_outputs(reference.config.outputs);
    let mut card = Card::new("reference", reference.config.clone(), vec![class], outputs);
    card.flips = flips;
    Model { card, net: reference.net(&device), device }
}

/// Waves of several lengths with a little noise, so that nothing is symmetric.
fn image(width: usize, height: usize) -> Image {
    let mut seed = 7u32;
    let data = (0..width * height)
        .map(|i| {
            let (x, y) = ((i % width) as f32, (i / width) as f32);
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (seed >> 8) as f32 / (1 << 24) as f32;
            100.0 + 40.0 * (x / 9.0).sin() + 30.0 * (y / 23.0 + x / 51.0).cos() + 20.0 * noise
        })
        .collect();
    Image::new(width, height, 1, data).unwrap()
}

fn predict(model: &Model, image: Image, tile: usize) -> Prediction {
    let options = Options { tile, head: None };
    pollster::block_on(segment(model, image, &options, async |_, _| true)).unwrap()
}

fn does_not_depend_on_the_tile(reference: &Reference) {
    let model = model(reference, false);
    let whole = predict(&model, image(700, 530), 4096);
    let spread = whole.probability.iter().fold((1.0f32, 0.0f32), |(l, h), p| (l.min(*p), h.max(*p)));
    assert!(spread.1 - spread.0 > 0.05, "the network says the same everywhere: {spread:?}");
    for tile in [256, 320, 512] {
        let plan = TilePlan::new(700, 530, tile, &Geometry::of(&reference.config));
        assert!(plan.len() > 1, "tile {tile} does not divide the image");
        let off = difference(&predict(&model, image(700, 530), tile).probability, &whole.probability);
        println!("tile {tile}, {} tiles: largest difference {off}", plan.len());
        assert!(off < 1e-4, "tile {tile}: probabilities differ by {off}");
    }
}

#[test]
fn pixels_without_a_value_are_background_at_any_threshold_and_change_nothing_far_from_them() {
    let reference = reference::small();
    let mut model = model(&reference, false);
    model.card.input.normalisation = Normalisation::Percentile { low: 1.0, high: 99.0 };
    let plain = predict(&model, image(300, 200), 512);
    let mut with = image(300, 200);
    // The percentiles of the rest stay: a column without a value takes the place of none that counts.
    let kept = with.data.clone();
    with.width += 40;
    with.data = kept.chunks(300).flat_map(|row| [row, &[f32::NAN; 40]].concat()).collect();
    let found = predict(&model, with, 512);
    let (labels, all) = (found.labels(0.0), plain.labels(0.0));
    assert!(all.iter().all(|label| *label == 1));
    for (i, (label, p)) in labels.iter().zip(&found.probability).enumerate() {
        let (x, y) = (i % 340, i / 340);
        if x >= 300 {
            assert_eq!((*label, *p), (0, 0.0));
        } else if x < 200 {
            assert!((p - plain.probability[y * 300 + x]).abs() < 1e-4);
        }
    }
    let options = InstanceOptions { threshold: 0.0, min_pixels: 1, ..InstanceOptions::default() };
    assert!(found.instances(&options).chunks(340).all(|row| row[300..].iter().all(|number| *number == 0)));
}

#[test]
fn the_tile_does_not_matter_with_same_padding() {
    does_not_depend_on_the_tile(&reference::small());
}

#[test]
fn the_tile_does_not_matter_with_valid_convolutions() {
    does_not_depend_on_the_tile(&reference::valid());
}

#[test]
fn the_tile_does_not_matter_with_upsampling_and_convolution() {
    does_not_depend_on_the_tile(&reference::nearest());
}

#[test]
fn the_tile_does_not_matter_with_bilinear_upsampling() {
    does_not_depend_on_the_tile(&reference::aligned());
    does_not_depend_on_the_tile(&reference::half_pixel());
}

#[test]
fn an_image_is_seen_as_in_pytorch_where_corners_are_aligned_also_in_tiles_and_flipped() {
    let reference = reference::aligned();
    let mut model = model(&reference, false);
    let (w, h) = (360, 308);
    let image = image(w, h);
    let forward = |[rows, columns]: [bool; 2]| {
        let turned = |mut x: Tensor<4>| {
            if rows {
                x = x.flip([2]);
            }
            if columns { x.flip([3]) } else { x }
        };
        let input = image.clone().normalised(model.card.input.normalisation);
        let x = Tensor::<4>::from_data(TensorData::new(input.data, [1, 1, h, w]), &model.device);
        turned(sigmoid(model.net.forward(turned(x)))).into_data().try_into_vec::<f32>().unwrap()
    };
    let whole = forward([false, false]);
    let all = [[false, false], [false, true], [true, false], [true, true]].map(forward);
    let mean: Vec<f32> = (0..w * h).map(|i| all.iter().map(|y| y[i]).sum::<f32>() / 4.0).collect();
    for tile in [128, 4096] {
        let off = difference(&predict(&model, image.clone(), tile).probability, &whole);
        assert!(off < 1e-4, "tile {tile}: {off}");
    }
    model.card.flips = true;
    for tile in [128, 4096] {
        let off = difference(&predict(&model, image.clone(), tile).probability, &mean);
        assert!(off < 1e-4, "tile {tile}, flipped: {off}");
    }
}

#[test]
fn the_tile_does_not_matter_for_any_preset() {
    for (_, reference) in reference::presets() {
        does_not_depend_on_the_tile(&reference);
    }
}

#[test]
fn images_of_every_odd_size_get_a_mask_of_their_size() {
    for reference in [reference::small(), reference::valid()] {
        let model = model(&reference, false);
        for (width, height) in [(1, 1), (3, 500), (500, 3), (17, 33)] {
            let prediction = predict(&model, image(width, height), 256);
            assert_eq!((prediction.width, prediction.height), (width, height));
            assert_eq!(prediction.labels(0.5).len(), width * height);
            assert!(prediction.probability.iter().all(|p| (0.0..=1.0).contains(p)));
        }
    }
}

#[test]
fn averaging_over_flips_makes_the_mask_of_a_mirrored_image_the_mirrored_mask() {
    let model = model(&reference::small(), true);
    let image = image(64, 48);
    let mut mirrored = image.clone();
    for row in mirrored.data.chunks_mut(64) {
        row.reverse();
    }
    // One tile whose margins are alike on both sides, so that the poolings meet the same pixels.
    let straight = predict(&model, image, 256);
    let mut turned = predict(&model, mirrored, 256);
    for row in turned.probability.chunks_mut(64) {
        row.reverse();
    }
    let off = difference(&straight.probability, &turned.probability);
    assert!(off < 1e-4, "{off}");
}

#[test]
fn cancelling_stops_at_once_and_is_asked_for_within_tiles() {
    let model = model(&reference::small(), false);
    let calls = RefCell::new(Vec::new());
    let progress = async |done: usize, total: usize| {
        calls.borrow_mut().push((done, total));
        done < 2
    };
    let result =
        pollster::block_on(segment(&model, image(700, 530), &Options { tile: 256, head: None }, progress));
    assert_eq!(result.unwrap_err().code(), "cancelled");
    let calls = calls.into_inner();
    assert!(calls[0].1 > 3 && calls.iter().all(|c| c.1 == calls[0].1));
    let mut done: Vec<usize> = calls.iter().map(|c| c.0).collect();
    // After each convolution of a tile too: two on each of five levels down, three on each of four up, the last one.
    assert_eq!(done.iter().filter(|d| **d == 1).count(), 1 + 2 * 5 + 3 * 4 + 1);
    done.dedup();
    assert_eq!(done, [0, 1, 2]);
}

/// The mean over patches, one forward pass each, added up in the simplest way.
fn mean_of_patches(model: &Model, image: &Image, size: usize, stride: usize) -> Vec<f32> {
    let (w, h) = (image.width, image.height);
    let input = image.clone().normalised(model.card.input.normalisation);
    let starts = |n: usize| (0..n - size).step_by(stride).chain([n - size]).collect::<Vec<_>>();
    let (mut sum, mut count) = (vec![0.0; w * h], vec![0.0; w * h]);
    for top in starts(h) {
        for left in starts(w) {
            let patch: Vec<f32> =
                (0..size * size).map(|i| input.data[(top + i / size) * w + left + i % size]).collect();
            let x = Tensor::<4>::from_data(TensorData::new(patch, [1, 1, size, size]), &model.device);
            let output = sigmoid(model.net.forward(x)).into_data().try_into_vec::<f32>().unwrap();
            for (i, p) in output.into_iter().enumerate() {
                let pixel = (top + i / size) * w + left + i % size;
                sum[pixel] += p;
                count[pixel] += 1.0;
            }
        }
    }
    sum.iter().zip(&count).map(|(s, c)| s / c).collect()
}

#[test]
fn overlapping_patches_give_the_mean_of_what_each_says() {
    let mut model = model(&reference::small(), false);
    let image = image(75, 58);
    model.card.patches = Some(Patches::square(32, 13));
    model.card.validate().unwrap();
    let expected = mean_of_patches(&model, &image, 32, 13);
    // In one pass each, several in one pass, and all in one.
    for tile in [32, 64, 640] {
        let off = difference(&predict(&model, image.clone(), tile).probability, &expected);
        assert!(off < 1e-5, "tile {tile}: {off}");
    }
}

#[test]
fn patches_that_leave_gaps_or_do_not_fit_the_network_are_refused() {
    let mut model = model(&reference::small(), false);
    for (size, stride) in [(32, 33), (32, 0), (31, 8), (0, 0), (4096, 16)] {
        model.card.patches = Some(Patches::square(size, stride));
        assert_eq!(model.card.validate().unwrap_err().code(), "model.card", "{size} {stride}");
    }
}

#[test]
fn outside_the_field_of_view_nothing_is_found() {
    let mut model = model(&reference::small(), false);
    let (w, h) = (64, 48);
    let inside = |i: usize| (i % w).abs_diff(32) < 20 && (i / w).abs_diff(24) < 15;
    let data = (0..w * h).map(|i| if inside(i) { 120.0 + (i % 7) as f32 } else { 1.0 }).collect();
    let image = Image::new(w, h, 1, data).unwrap();
    let all = predict(&model, image.clone(), 256);
    model.card.field_of_view = Some(FieldOfView::Bright);
    let seen = predict(&model, image, 256);
    for i in 0..w * h {
        assert_eq!(seen.probability[i], if inside(i) { all.probability[i] } else { 0.0 });
    }
}

#[test]
fn a_model_of_images_of_one_size_sees_every_image_at_that_size_and_answers_at_its_own() {
    let reference = reference::small();
    let mut model = model(&reference, true);
    model.card.input.normalisation = Normalisation::Fixed { subtract: 100.0, divide: 50.0 };
    let image = image(200, 120);
    let small = predict(&model, resampled(&image, 100, 60), 512);
    model.card.input.long_side = Some(100);
    let found = predict(&model, image.clone(), 512);
    assert_eq!((found.width, found.height), (200, 120));
    let planes = Image { width: 100, height: 60, channels: found.classes, data: small.probability };
    let off = difference(&found.probability, &resampled(&planes, 200, 120).data);
    assert!(off < 1e-5, "{off}");
    // The first of several rounds is told at the image's size, too; so is where a tile of feature maps lies.
    let told = RefCell::new(Vec::new());
    let forward = Forward::new(&model, None).unwrap();
    let first = |first: &Prediction| told.borrow_mut().push((first.width, first.height));
    let run = segment_together(&forward, &image, 512, false, &[] as &[Alone], first, async |_, _| true);
    assert_eq!(pollster::block_on(run).unwrap().width, 200);
    assert_eq!(*told.borrow(), [(200, 120)]);
    let maps = pollster::block_on(feature_maps(&model, &image, 1, 512, async |_, _| true)).unwrap();
    assert!(maps.tile[0] >= 120 && maps.tile[1] >= 200, "{:?}", maps.tile);
    model.card.input.long_side = Some(200);
    let same = predict(&model, image.clone(), 512);
    model.card.input.long_side = None;
    assert_eq!(same, predict(&model, image, 512));
}
