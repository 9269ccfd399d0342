//! Every preset computes and learns what the framework it comes from does (tests/reference/make_networks.py).

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Gradients, Tensor};
use insitu::net::{Preset, UNet};
use insitu::train::loss;
use reference::{Reference, difference, presets};

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// The mean of the cross-entropies of all heads; `target` has the classes 0 and 1, `[batch, 1, height, width]`.
fn loss_of(heads: Vec<Tensor<4>>, target: &Tensor<4>) -> Tensor<1> {
    let n = heads.len() as f32;
    heads
        .into_iter()
        .map(|logits| {
            let wanted = if logits.dims()[1] == 1 {
                target.clone()
            } else {
                Tensor::cat(vec![target.clone().neg() + 1.0, target.clone()], 1)
            };
            loss(logits, wanted, target.ones_like(), 0.0) / n
        })
        .reduce(|a, b| a + b)
        .unwrap()
}

fn gradient(net: &UNet, gradients: &Gradients, name: &str) -> Vec<f32> {
    struct Collect<'a>(&'a Gradients, Vec<Option<Vec<f32>>>);
    impl ModuleVisitor for Collect<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.1.push(param.val().grad(self.0).map(values));
        }
    }
    let mut collect = Collect(gradients, vec![]);
    net.visit(&mut collect);
    let index = net.tensor_names().iter().position(|n| n == name).unwrap();
    collect.1.swap_remove(index).unwrap()
}

/// The largest difference, in parts of the largest expected value.
fn relative(found: &[f32], expected: &[f32]) -> f32 {
    difference(found, expected) / expected.iter().fold(0.0f32, |m, v| m.max(v.abs()))
}

fn agrees(name: &str, reference: &Reference) {
    let device = Device::flex();
    let output = values(reference.net(&device).forward(reference.tensor("input", &device)));
    let off = difference(&output, reference.values("output"));
    println!("{name}: logits {off:e}");
    assert!(off < 1e-4, "{name}: logits differ by {off}");

    let learning = device.autodiff();
    let (x, y) = (reference.tensor("input", &learning), reference.tensor("target", &learning));
    let mut net = reference.net(&learning);
    let mut adam = AdamConfig::new().with_epsilon(1e-8).init();
    for (step, expected) in reference.values("losses").iter().enumerate() {
        let value = loss_of(net.learn(x.clone(), 1), &y);
        let grads = value.backward();
        if step == 0 {
            let named: Vec<&str> = reference.gradients().collect();
            assert_eq!(named.len(), 3, "{name}");
            for parameter in named {
                let expected = reference.values(&format!("gradient.{parameter}"));
                let off = relative(&gradient(&net, &grads, parameter), expected);
                println!("{name}: gradient of {parameter} {off:e}");
                assert!(off < 1e-3, "{name}: the gradient of {parameter} differs by {off} of its size");
            }
        }
        let value = values(value)[0];
        println!("{name}: loss {} {:e}", step + 1, (value - expected).abs());
        assert!((value - expected).abs() < 1e-3, "{name}, step {}: {value}, expected {expected}", step + 1);
        let grads = GradientsParams::from_grads(grads, &net);
        net = adam.step(1e-3, net, grads);
    }
}

#[test]
fn every_preset_infers_and_learns_like_its_framework() {
    let all = presets();
    assert_eq!(all.iter().map(|(n, _)| *n).collect::<Vec<_>>(), Preset::ALL.map(Preset::name));
    for (name, reference) in all {
        agrees(name, &reference);
    }
}

#[test]
fn a_pruned_nested_network_says_what_its_shallow_head_says() {
    let device = Device::flex();
    let (_, reference) = presets().into_iter().find(|(n, _)| *n == "unet++").unwrap();
    let net = reference.net(&device);
    for head in 0..3 {
        let mut pass = net.pass(reference.tensor("input", &device), Some(head));
        let logits = loop {
            match pass.step() {
                std::ops::ControlFlow::Break(logits) => break logits,
                std::ops::ControlFlow::Continue(rest) => pass = rest,
            }
        };
        let off = difference(&values(logits), reference.values(&format!("output.{head}")));
        assert!(off < 1e-4, "head {head} differs by {off}");
    }
}
