//! U-Nets whose configuration says more than their weights compute what Keras computes, or are refused by what they ask for
//! (tests/reference/make_keras_networks.py).

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use std::path::PathBuf;

use burn::tensor::activation::{sigmoid, softmax};
use burn::tensor::{Device, Tensor, TensorData};
use insitu::net::{Activation, Upsampling};
use insitu::scan::Normalisation;
use insitu::weights::Model;
use reference::{difference, tensors};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/keras_networks")
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn opened(name: &str) -> Model {
    Model::from_bytes(&file(name), &Device::flex()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The largest difference between our probabilities and what Keras gives for values of 0 to 255; `logits`: it gives those.
fn off(model: &Model, name: &str, logits: bool) -> f32 {
    let io = tensors(&file("io.safetensors"));
    let of = |name: &str| io.iter().find(|t| t.name == name).unwrap();
    let input = of("input");
    let Normalisation::Fixed { subtract, divide } = model.card.input.normalisation else {
        panic!("{name} does not say how it scales")
    };
    let values: Vec<f32> = input.values.iter().map(|v| (v - subtract) / divide).collect();
    let x = Tensor::<4>::from_data(TensorData::new(values, input.shape.clone()), &model.device);
    let y = model.net.forward(x);
    let y = match model.card.network.outputs {
        _ if logits => y,
        1 => sigmoid(y),
        _ => softmax(y, 1),
    };
    let found: Vec<f32> = y.into_data().try_into_vec().unwrap();
    difference(&found, &of(name).values)
}

#[test]
fn what_the_configuration_says_is_computed() {
    let names = [
        "relu",
        "three_levels",
        "elu",
        "selu",
        "leaky_layer",
        "leaky_argument",
        "elu_layer",
        "rescaling",
        "norm_last",
        "relu_after_transpose",
        "bilinear",
        "bilinear_convolution",
        "nearest",
        "nothing_in_inference",
        "logits",
        "softmax",
    ];
    for name in names {
        let off = off(&opened(&format!("{name}.keras")), name, name == "logits");
        assert!(off < 1e-5, "{name}: {off}");
    }
    let off = off(&opened("elu.h5"), "elu", false);
    assert!(off < 1e-5, "elu.h5: {off}");
}

#[test]
fn the_card_tells_what_was_found() {
    let network = |name: &str| opened(name).card.network;
    assert_eq!(network("elu_layer.keras").activation, Activation::Elu(0.5));
    assert_eq!(network("leaky_layer.keras").activation, Activation::LeakyRelu(0.3));
    assert_eq!(network("leaky_argument.keras").activation, Activation::LeakyRelu(0.2));
    assert_eq!(network("bilinear.keras").upsampling, Upsampling::Bilinear);
    assert!(network("norm_last.keras").norm_last);
    let scaled = opened("rescaling.keras").card;
    assert_eq!(scaled.input.normalisation, Normalisation::Fixed { subtract: 127.5, divide: 127.5 });
    assert!(opened("elu.keras").card.summary.contains("ELU with alpha 1"));
}

#[test]
fn what_no_network_here_does_is_refused_by_name() {
    for (name, told) in [
        ("average", "(AveragePooling2D)"),
        ("dilation", "dilations [2, 2]"),
        ("add", "(Add)"),
        ("swish", "'silu'"),
        ("two_activations", "ELU with alpha 1"),
        ("limit", "(ReLU) with an upper limit"),
        ("sigmoids", "ends with a sigmoid"),
        ("tanh", "'tanh'"),
        ("cubic", "'bicubic'"),
        ("monte_carlo", "(Dropout) with training=True"),
        ("own_layer", "(MonteCarlo)"),
        ("rescaling_within", "(Rescaling)"),
    ] {
        let error = Model::card_from_bytes(&file(&format!("refused_{name}.keras"))).unwrap_err();
        assert_eq!(error.code(), "model.unsupported.network", "{name}: {error}");
        assert!(error.to_string().contains(told), "{name}: {error}");
    }
}
