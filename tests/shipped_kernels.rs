//! The shipped models say the same with our kernels as with Burn's.

#![cfg(not(target_arch = "wasm32"))]

use burn::tensor::{Device, Tensor, TensorData};
use insitu::weights::Model;

/// Discs of two sizes and a gradient, with values like those of a normalised image.
fn image(channels: usize, side: usize) -> Vec<f32> {
    let disc = |x: f32, y: f32, every: f32, radius: f32| {
        let (dx, dy) = (x % every - every / 2.0, y % every - every / 2.0);
        f32::from(dx * dx + dy * dy < radius * radius)
    };
    let mut values = Vec::with_capacity(channels * side * side);
    for channel in 0..channels {
        for (y, x) in (0..side).flat_map(|y| (0..side).map(move |x| (y as f32, x as f32))) {
            let value = 0.6 * disc(x, y, 48.0, 14.0) + 0.3 * disc(x + 9.0, y + 21.0, 31.0, 5.0);
            values.push(value + 0.1 * x / side as f32 + 0.02 * channel as f32);
        }
    }
    values
}

#[test]
fn masks_of_the_shipped_models_are_those_of_burns_kernels() {
    let device = Device::flex();
    for name in ["nuclei", "em-membrane", "cells-phase", "retina-vessels"] {
        let file = format!("{}/models/{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
        let model = Model::from_bytes(&std::fs::read(file).unwrap(), &device).unwrap();
        let (channels, outputs, side) = (model.card.network.input_channels, model.card.network.outputs, 192);
        let (values, shape) = (image(channels, side), [1, channels, side, side]);
        let ours =
            pollster::block_on(model.net.compiled(None).unwrap().pass(&values, shape).finish()).unwrap().0;
        let x = Tensor::<4>::from_data(TensorData::new(values, shape), &device);
        let burns: Vec<f32> = model.net.forward(x).into_data().try_into_vec().unwrap();
        assert_eq!(ours.len(), burns.len());
        let off = ours.iter().zip(&burns).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let class = |logits: &[f32], pixel: usize| -> usize {
            if outputs == 1 {
                return usize::from(logits[pixel] > 0.0);
            }
            let of = |o: usize| logits[o * side * side + pixel];
            (0..outputs).max_by(|a, b| of(*a).total_cmp(&of(*b))).unwrap()
        };
        let other = (0..side * side).filter(|p| class(&ours, *p) != class(&burns, *p)).count();
        println!("{name}: logits differ by {off}, {other} pixels by their class");
        assert!(off < 1e-3, "{name}: logits differ by {off}");
        assert!(other * 1000 <= side * side, "{name}: {other} pixels have another class");
    }
}
