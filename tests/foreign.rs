//! Weights that other programs wrote are recognised and compute what they computed there.

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use burn::tensor::{Device, Tensor, TensorData};
use insitu::net::{Narrowing, Upsampling};
use insitu::weights::foreign::pytorch;
use insitu::weights::{Model, NamedTensor, recognise};
use reference::{difference, tensors};

/// The largest difference between our logits and theirs.
fn off(file: &[u8], io: &[u8]) -> f32 {
    let model = Model::from_bytes(file, &Device::flex()).unwrap();
    let io = tensors(io);
    let of = |name: &str| io.iter().find(|t| t.name == name).unwrap();
    let input = of("input");
    let x = Tensor::<4>::from_data(TensorData::new(input.values.clone(), input.shape.clone()), &model.device);
    let output: Vec<f32> = model.net.forward(x).into_data().try_into_vec().unwrap();
    difference(&output, &of("output").values)
}

#[test]
fn the_usual_pytorch_unet_is_recognised_by_its_names() {
    let file = include_bytes!("reference/public/unet.pth");
    let off = off(file, include_bytes!("reference/public/unet_io.safetensors"));
    assert!(off < 1e-4, "{off}");
    let card = Model::card_from_bytes(file).unwrap();
    assert_eq!((card.title.as_str(), card.network.width, card.network.outputs), ("PyTorch U-Net", 1, 2));
}

#[test]
fn public_unets_that_double_by_bilinear_interpolation_are_recognised_behind_wrappers_and_beside_losses() {
    let lightning = include_bytes!("reference/public/unet_bilinear.pth");
    let distance = off(lightning, include_bytes!("reference/public/unet_bilinear_io.safetensors"));
    assert!(distance < 1e-4, "{distance}");
    let card = Model::card_from_bytes(lightning).unwrap();
    assert_eq!(
        (card.network.upsampling, card.network.narrowing),
        (Upsampling::BilinearAligned, Narrowing::Last)
    );
    assert!(card.summary.contains("belongs to no network: loss.pos_weight"), "{}", card.summary);
    let compiled = include_bytes!("reference/public/unet_first.safetensors");
    let distance = off(compiled, include_bytes!("reference/public/unet_first_io.safetensors"));
    assert!(distance < 1e-4, "{distance}");
    assert_eq!(Model::card_from_bytes(compiled).unwrap().network.narrowing, Narrowing::First);
}

#[test]
fn wrappers_before_the_names_are_taken_off_in_every_format_and_what_is_strange_is_named() {
    let bare = pytorch::read(include_bytes!("reference/public/unet.pth")).unwrap();
    let wrapped = |prefix: &str| {
        let name = |t: NamedTensor| NamedTensor { name: format!("{prefix}{}", t.name), ..t };
        bare.clone().into_iter().map(name).collect::<Vec<_>>()
    };
    for prefix in ["module.", "_orig_mod.", "model.", "_orig_mod.module.model.net.backbone."] {
        assert_eq!(recognise(wrapped(prefix)).unwrap().tensors, recognise(bare.clone()).unwrap().tensors);
    }
    let mut strange = wrapped("module.");
    strange.push(NamedTensor { name: "teacher.weight".into(), shape: vec![1], values: vec![0.0] });
    let error = recognise(strange).unwrap_err();
    assert!(error.to_string().contains("left over: teacher.weight"), "{error}");
}

#[test]
fn the_brain_mri_unet_is_recognised_by_its_names() {
    let file = include_bytes!("reference/public/brain_mri.pth");
    let off = off(file, include_bytes!("reference/public/brain_mri_io.safetensors"));
    assert!(off < 1e-4, "{off}");
    let card = Model::card_from_bytes(file).unwrap();
    assert_eq!((card.network.input_channels, card.network.levels), (3, 5));
}

#[test]
fn every_preset_is_recognised_by_its_names_and_shapes() {
    for (name, reference) in reference::presets() {
        let found = recognise(tensors(reference.file)).unwrap();
        assert_eq!(found.preset.map(|p| p.name()), Some(name));
        assert_eq!(found.network.width, reference.config.width);
    }
}

#[test]
fn what_does_not_fit_is_said_in_the_names_of_the_file() {
    let mut altered = pytorch::read(include_bytes!("reference/public/unet.pth")).unwrap();
    altered.retain(|t| t.name != "down2.maxpool_conv.1.double_conv.1.weight");
    altered.push(NamedTensor { name: "extra".into(), shape: vec![1], values: vec![0.0] });
    let error = recognise(altered).unwrap_err();
    assert_eq!(error.code(), "model.tensors");
    let text = error.to_string();
    assert!(text.contains("missing: down2.maxpool_conv.1.double_conv.1.weight"), "{text}");
    assert!(text.contains("left over: extra"), "{text}");
}

#[test]
fn a_network_that_nobody_knows_is_refused_with_what_it_has() {
    let strange = vec![NamedTensor { name: "encoder.block.0".into(), shape: vec![1], values: vec![0.0] }];
    let error = recognise(strange).unwrap_err();
    assert_eq!(error.code(), "model.unsupported.network");
    assert!(error.to_string().contains("encoder.block.0"));
}

#[test]
fn keras_networks_are_recognised_in_all_formats_of_keras() {
    let files: [(&str, &[u8], &[u8], &str); 3] = [
        (
            "keras",
            include_bytes!("reference/networks/keras.h5"),
            include_bytes!("reference/networks/keras_io.safetensors"),
            "keras.h5",
        ),
        (
            "retina",
            include_bytes!("reference/networks/retina.h5"),
            include_bytes!("reference/networks/retina_io.safetensors"),
            "retina.h5",
        ),
        (
            "retina",
            include_bytes!("reference/networks/retina.weights.h5"),
            include_bytes!("reference/networks/retina_io.safetensors"),
            "retina.weights.h5",
        ),
    ];
    for (preset, file, io, name) in files {
        let card = Model::card_from_bytes(file).unwrap();
        assert_eq!(card.preset.as_deref(), Some(preset), "{name}");
        let off = off(file, io);
        assert!(off < 1e-4, "{name}: {off}");
    }
}
