//! Every preset computes and learns what the framework it comes from does (tests/reference/make_networks.py).

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use burn::tensor::Device;
use insitu::net::Preset;
use insitu::weights::{Card, Class, Model, Precision};
use reference::agreement::{By, agreement};
use reference::{difference, presets};
use safetensors::SafeTensors;

#[test]
fn every_preset_infers_and_learns_like_its_framework() {
    let all = presets();
    assert_eq!(all.iter().map(|(n, _)| *n).collect::<Vec<_>>(), Preset::ALL.map(Preset::name));
    for (name, reference) in all {
        for (by, device) in [(By::Insitu, "CPU"), (By::Burn, "CPU, Burn")] {
            let found = pollster::block_on(agreement(&reference, &Device::flex(), by, 5));
            println!("{}", found.line(name, device));
            found.assert(name);
        }
    }
}

/// Needs a graphics card, or a software one: `cargo test --features gpu`.
#[cfg(feature = "gpu")]
#[test]
fn every_preset_infers_and_learns_like_its_framework_on_a_gpu() {
    let device = Device::wgpu_options().init().expect("a graphics card");
    for (name, reference) in presets() {
        let found = pollster::block_on(agreement(&reference, &device, By::Insitu, 5));
        println!("{}", found.line(name, "GPU"));
        found.assert(name);
    }
}

#[test]
fn a_pruned_nested_network_says_what_its_shallow_head_says() {
    let device = Device::flex();
    let (_, reference) = presets().into_iter().find(|(n, _)| *n == "unet++").unwrap();
    let net = reference.net(&device);
    for head in 0..3 {
        let logits = net.forward_to(reference.tensor("input", &device), Some(head));
        let logits: Vec<f32> = logits.into_data().try_into_vec().unwrap();
        let off = difference(&logits, reference.values(&format!("output.{head}")));
        assert!(off < 1e-4, "head {head} differs by {off}");
    }
}

#[test]
fn every_preset_is_the_same_bit_for_bit_after_saving_and_loading() {
    let device = Device::flex();
    for (name, reference) in presets() {
        let class = Class { name: "thing".into(), colour: "#E69F00".into() };
        let outputs = Card::plain_outputs(reference.config.outputs);
        let card = Card::new(name, reference.config.clone(), vec![class], outputs);
        let saved = |model: &Model| pollster::block_on(model.to_bytes(Precision::Full)).unwrap();
        let bytes = saved(&Model { card, net: reference.net(&device), device: device.clone() });
        let again = Model::from_bytes(&bytes, &device).unwrap();
        assert_eq!(again.card.network, reference.config, "{name}");
        assert_eq!(saved(&again), bytes, "{name}");
        // And what was saved is what PyTorch or Keras wrote.
        let (ours, theirs) =
            (SafeTensors::deserialize(&bytes).unwrap(), SafeTensors::deserialize(reference.file).unwrap());
        for (tensor, view) in theirs.tensors() {
            if !tensor.ends_with("num_batches_tracked") {
                assert_eq!(ours.tensor(&tensor).unwrap().data(), view.data(), "{name} {tensor}");
            }
        }
    }
}
