//! Losses, their gradients, and the steps of optimisers are PyTorch's (tests/reference/make_training.py).

#![cfg(not(target_arch = "wasm32"))]

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use insitu::train::{Optimiser, loss};
use insitu::weights::Loss;
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    losses: Vec<LossCase>,
    optimisers: Vec<OptimiserCase>,
}

#[derive(Deserialize)]
struct LossCase {
    name: String,
    outputs: usize,
    logits: Vec<f32>,
    classes: Vec<usize>,
    weights: Vec<f32>,
    value: f32,
    gradient: Vec<f32>,
}

#[derive(Deserialize)]
struct OptimiserCase {
    name: String,
    start: [Vec<f32>; 2],
    gradients: Vec<[Vec<f32>; 2]>,
    after: Vec<[Vec<f32>; 2]>,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("reference/training.json")).unwrap()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// Fails unless all values agree to 1e-5 of the largest.
fn same(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let size = expected.iter().fold(1e-3f32, |m, v| m.max(v.abs()));
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= 1e-5 * size, "{what}: {a} instead of {b}");
    }
}

#[test]
fn losses_and_their_gradients_are_pytorchs_and_unlabelled_pixels_count_nothing() {
    let nothing = Loss { cross_entropy: 0.0, ..Loss::cross_entropy() };
    let mut seen = 0;
    for case in reference().losses {
        let what = format!("{} of {} outputs", case.name, case.outputs);
        let how = match case.name.as_str() {
            "crossEntropy" => Loss::cross_entropy(),
            "focal" => Loss { focal: 1.0, ..nothing.clone() },
            "focal1.5" => Loss { focal: 1.0, focal_gamma: 1.5, ..nothing.clone() },
            "dice" => Loss { dice: 1.0, ..nothing.clone() },
            "sum" => Loss { cross_entropy: 0.5, focal: 2.0, dice: 0.75, ..nothing.clone() },
            other => panic!("{other}"),
        };
        let device = Device::flex().autodiff();
        let tensor = |values: &[f32], shape: [usize; 4]| {
            Tensor::<4>::from_data(TensorData::new(values.to_vec(), shape), &device)
        };
        let shape = [2, case.outputs, 3, 4];
        let mut wanted = vec![0.0f32; 2 * case.outputs * 12];
        for (i, class) in case.classes.iter().enumerate() {
            let (image, pixel) = (i / 12, i % 12);
            let output = match (case.outputs, *class) {
                // What unlabelled pixels are told to want must not matter.
                (_, 255) => case.outputs - 1,
                (1, 0) => continue,
                (1, _) => 0,
                (_, class) => class,
            };
            wanted[(image * case.outputs + output) * 12 + pixel] = 1.0;
        }
        let logits = tensor(&case.logits, shape).require_grad();
        let value = loss(logits.clone(), tensor(&wanted, shape), tensor(&case.weights, [2, 1, 3, 4]), &how);
        let gradients = value.backward();
        same(&values(value), &[case.value], &what);
        let gradient = values(logits.grad(&gradients).unwrap());
        same(&gradient, &case.gradient, &what);
        for (i, class) in case.classes.iter().enumerate().filter(|(_, c)| **c == 255) {
            for output in 0..case.outputs {
                let at = ((i / 12) * case.outputs + output) * 12 + i % 12;
                assert_eq!(gradient[at], 0.0, "{what}: an unlabelled pixel of class {class} has a gradient");
            }
        }
        seen += 1;
    }
    assert_eq!(seen, 15);
}

#[test]
fn optimisers_take_pytorchs_steps() {
    let device = Device::flex().autodiff();
    let cases = reference().optimisers;
    assert_eq!(cases.len(), 3);
    for case in cases {
        let how = match case.name.as_str() {
            "sgd" => Optimiser::Sgd { momentum: 0.99 },
            "adam" => Optimiser::Adam,
            "adamw" => Optimiser::AdamW { weight_decay: 0.1 },
            other => panic!("{other}"),
        };
        let tensor4 = |v: &[f32], device: &Device| {
            Tensor::<4>::from_data(TensorData::new(v.to_vec(), [2, 1, 1, 1]), device)
        };
        let tensor1 =
            |v: &[f32], device: &Device| Tensor::<1>::from_data(TensorData::new(v.to_vec(), [2]), device);
        let mut module: Conv2d = Conv2dConfig::new([1, 2], [1, 1]).init(&device);
        module.weight = Param::from_tensor(tensor4(&case.start[0], &device));
        module.bias = Some(Param::from_tensor(tensor1(&case.start[1], &device)));
        let mut optimiser = how.init(None);
        let plain = Device::flex();
        for (step, (given, after)) in case.gradients.iter().zip(&case.after).enumerate() {
            let mut gradients = GradientsParams::new();
            gradients.register(module.weight.id, tensor4(&given[0], &plain));
            gradients.register(module.bias.as_ref().unwrap().id, tensor1(&given[1], &plain));
            module = optimiser.step(0.05, module, gradients);
            let what = format!("{} step {}", case.name, step + 1);
            let now = module.clone().valid();
            same(&values(now.weight.val()), &after[0], &what);
            same(&values(now.bias.unwrap().val()), &after[1], &what);
        }
    }
}
