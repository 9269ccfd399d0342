//! Every preset computes and learns what the framework it comes from does (tests/reference/make_networks.py).

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use std::ops::ControlFlow;

use burn::tensor::Device;
use insitu::net::Preset;
use reference::agreement::agreement;
use reference::{difference, presets};

#[test]
fn every_preset_infers_and_learns_like_its_framework() {
    let all = presets();
    assert_eq!(all.iter().map(|(n, _)| *n).collect::<Vec<_>>(), Preset::ALL.map(Preset::name));
    for (name, reference) in all {
        let found = pollster::block_on(agreement(&reference, &Device::flex(), 5));
        println!("{}", found.line(name, "CPU"));
        found.assert(name);
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
                ControlFlow::Break(logits) => break logits,
                ControlFlow::Continue(rest) => pass = rest,
            }
        };
        let logits: Vec<f32> = logits.into_data().try_into_vec().unwrap();
        let off = difference(&logits, reference.values(&format!("output.{head}")));
        assert!(off < 1e-4, "head {head} differs by {off}");
    }
}
