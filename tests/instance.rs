//! Networks with instance normalisation and strided convolutions on images of any size.

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor, TensorData};
use insitu::infer::{Options, Prediction, TilePlan, segment_prepared};
use insitu::net::{Architecture, Geometry, Norm, Summary, UNet, UNetConfig, he_normal};
use insitu::scan::Image;
use insitu::weights::{Card, Class, Model};
use reference::{Reference, difference};

fn model(config: &UNetConfig, net: UNet) -> Model {
    let class = Class { name: "thing".into(), colour: "#E69F00".into() };
    let card = Card::new("reference", config.clone(), vec![class], Card::plain_outputs(1));
    Model { card, net, device: Device::flex() }
}

fn references() -> [Reference; 2] {
    [reference::instance(), reference::strided()]
}

fn image(width: usize, height: usize) -> Image {
    let wave =
        |i: usize| ((i % width) as f32 / 5.0).sin() + ((i / width) as f32 / 7.0 + i as f32 / 900.0).cos();
    Image::new(width, height, 1, (0..width * height).map(wave).collect()).unwrap()
}

fn predict(model: &Model, image: &Image, tile: usize) -> Prediction {
    let options = Options { tile, head: None };
    pollster::block_on(segment_prepared(model, image, &options, async |_, _| true)).unwrap()
}

#[test]
fn an_image_that_fits_goes_through_in_one_pass_without_a_margin() {
    for reference in references() {
        let model = model(&reference.config, reference.net(&Device::flex()));
        let image = image(36, 24);
        assert_eq!(TilePlan::of(&model.card, 36, 24, 64).tile, [24, 36]);
        let x = Tensor::<4>::from_data(TensorData::new(image.data.clone(), [1, 1, 24, 36]), &model.device);
        let alone: Vec<f32> = sigmoid(model.net.forward(x)).into_data().try_into_vec().unwrap();
        // Our kernels on one side, Burn's on the other.
        let off = difference(&predict(&model, &image, 64).probability, &alone);
        assert!(off < 1e-5, "probabilities differ by {off}");
    }
}

#[test]
fn a_larger_image_is_covered_by_windows_that_overlap_by_half_and_are_averaged() {
    let reference = reference::instance();
    let model = model(&reference.config, reference.net(&Device::flex()));
    let plan = TilePlan::of(&model.card, 150, 30, 64);
    assert_eq!((plan.tile, plan.step(), plan.rows.len()), ([32, 64], Some(32), 1));
    let [_, weights] = plan.weights();
    let mut sum = vec![0.0; 150];
    for span in &plan.columns {
        (span.target..span.target + span.len).for_each(|x| sum[x] += weights[x]);
    }
    assert!(sum.iter().all(|s: &f32| (s - 1.0).abs() < 1e-6), "{sum:?}");
    let (whole, windows) = (predict(&model, &image(150, 30), 256), predict(&model, &image(150, 30), 64));
    // Statistics differ from window to window, and so do results: that cannot be helped.
    let off = difference(&whole.probability, &windows.probability);
    assert!(off > 1e-4 && windows.probability.iter().all(|p| (0.0..=1.0).contains(p)), "{off}");
}

#[test]
fn convolutions_look_no_further_than_the_geometry_tells() {
    // The same networks without what makes them look at everything.
    for reference in references() {
        let config = UNetConfig { norm: Norm::None, ..reference.config };
        let net = he_normal(UNet::new(&config, &Device::flex()).unwrap(), 3);
        let model = model(&config, net);
        let whole = predict(&model, &image(300, 90), 4096);
        for tile in [64, 96, 128] {
            assert!(TilePlan::of(&model.card, 300, 90, tile).len() > 1);
            let off = difference(&predict(&model, &image(300, 90), tile).probability, &whole.probability);
            assert!(off < 1e-5, "{:?}, tile {tile}: {off}", config.architecture);
        }
    }
}

#[test]
fn geometry_and_receptive_field_are_those_of_the_layers() {
    for reference in references() {
        let geometry = Geometry::of(&reference.config);
        let summary = Summary::of(&reference.config, [32, 64]);
        assert_eq!((geometry.stride, geometry.border, geometry.whole), (4, 0, true));
        assert_eq!(summary.output, [32, 64]);
        assert!(summary.receptive_field <= 2 * geometry.context + geometry.stride);
        // By hand. Down: 3, then a strided 3x3 (2) and a 3x3 (4), a strided one (4) and a 3x3 (8); up: nothing and two 3x3
        // (8), nothing and two 3x3 (4). Or: a strided 3x3 (2), another (4), a 3x3 (8), transposed 3x3 ones (4 and 2).
        let expected =
            if reference.config.architecture == Architecture::Strided { 1 + 2 + 4 + 8 + 4 + 2 } else { 33 };
        assert_eq!(summary.receptive_field, expected);
    }
}
