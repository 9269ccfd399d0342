//! ONNX files: those of PyTorch and by hand are read to the values that were written, ours come back as they were
//! (tests/reference/make_onnx.py).
//!
//! `INSITU_WRITE_ONNX=DIR cargo test --release --test weights_onnx` also writes what tests/reference/check_onnx.py compares.

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::activation::{sigmoid, softmax};
use burn::tensor::{Device, Tensor, TensorData};
use insitu::net::{Geometry, UNetConfig};
use insitu::scan::{Image, Normalisation};
use insitu::weights::onnx::{OnnxOp, StepKind, Window, export, read, recognises};
use insitu::weights::{Card, Class, Model, NamedTensor};
use proptest::prelude::*;
use reference::{difference, presets, tensors};

const FOLDED: &[u8] = include_bytes!("reference/onnx/unet_folded.onnx");
const TRAINING: &[u8] = include_bytes!("reference/onnx/unet_training.onnx");
const KINDS: &[u8] = include_bytes!("reference/onnx/kinds.onnx");
const EXTERNAL: &[u8] = include_bytes!("reference/onnx/external.onnx");
/// As PyTorch writes it by default, in two files.
const BESIDE: &[u8] = include_bytes!("reference/onnx/beside.onnx");
const BESIDE_DATA: &[u8] = include_bytes!("reference/onnx/beside.onnx.data");
const TANH: &[u8] = include_bytes!("reference/onnx/tanh.onnx");
/// What the network of the first two computes.
const IO: &[u8] = include_bytes!("reference/public/unet_io.safetensors");

fn card(config: &UNetConfig, normalisation: Normalisation) -> Card {
    let class = |i| Class { name: format!("class {i}"), colour: "#E69F00".into() };
    let classes = (1..config.outputs.max(2)).map(class).collect();
    let mut card = Card::new("Ours", config.clone(), classes, Card::plain_outputs(config.outputs));
    card.input.normalisation = normalisation;
    card.summary = "Text of any kind: µm, \"quoted\"\n".into();
    card.scores.insert("dice".into(), 0.8125);
    card.flips = true;
    card
}

fn sorted(mut tensors: Vec<NamedTensor>) -> Vec<NamedTensor> {
    tensors.sort_by(|a, b| a.name.cmp(&b.name));
    tensors
}

/// Networks with what no preset has.
fn others() -> [(&'static str, reference::Reference); 4] {
    [
        ("aligned_w2", reference::aligned()),
        ("half_pixel_w2", reference::half_pixel()),
        ("instance_w2", reference::instance()),
        ("strided_w2", reference::strided()),
    ]
}

#[test]
fn a_file_of_ours_comes_back_bit_for_bit() {
    for (name, reference) in presets().into_iter().chain(others()) {
        let card = card(&reference.config, Normalisation::Percentile { low: 0.5, high: 99.5 });
        let mut written = tensors(reference.file);
        // Values that arithmetic would not keep.
        for (value, bits) in written[0].values.iter_mut().zip([0x8000_0000, 0x7fc1_2345, 0xff80_0000, 1]) {
            *value = f32::from_bits(bits);
        }
        let bytes = export(&card, &written).unwrap();
        assert!(recognises(&bytes));
        let file = read(&bytes).unwrap();
        assert_eq!((file.producer.as_str(), file.card.as_ref()), ("insitu", Some(&card)), "{name}");
        let found = sorted(file.layers.into_iter().flat_map(|l| l.tensors).chain(file.others).collect());
        let written = sorted(written);
        assert_eq!(found.len(), written.len());
        for (found, written) in found.iter().zip(&written) {
            assert_eq!((&found.name, &found.shape), (&written.name, &written.shape), "{name}");
            let bits = |t: &NamedTensor| t.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(found), bits(written), "{name}: {}", found.name);
        }
        let model = Model::from_bytes(&bytes, &Device::flex()).unwrap();
        assert_eq!(model.card, card);
        assert!(pollster::block_on(model.to_onnx()).unwrap() == bytes, "{name} differs when written again");
    }
}

#[test]
fn every_kind_of_weight_has_the_values_that_were_written() {
    let expected: BTreeMap<String, (Vec<usize>, Vec<f32>)> =
        serde_json::from_str(include_str!("reference/onnx/kinds.json")).unwrap();
    let file = read(KINDS).unwrap();
    assert_eq!((file.producer.as_str(), file.card.as_ref()), ("hand", None));
    let found: Vec<NamedTensor> = file.layers.iter().flat_map(|l| l.tensors.clone()).collect();
    assert_eq!(found.len(), expected.len());
    for tensor in found {
        assert_eq!((&tensor.shape, &tensor.values), (&expected[&tensor.name].0, &expected[&tensor.name].1));
    }
}

#[test]
fn layers_come_in_the_order_of_the_graph_with_their_windows_and_epsilon() {
    let file = read(KINDS).unwrap();
    let names: Vec<&str> = file.layers.iter().map(|l| l.name.as_str()).collect();
    assert_eq!((names.len(), names[0], names[6]), (9, "conv_float_raw", "conv_bfloat_raw"));
    // A node without a name is called as its weight.
    assert_eq!(names[7..], ["up", "norm"]);
    let plain = Window { kernel: [3, 3], pads: [0; 4], strides: [1, 1], dilations: [1, 1], groups: 1 };
    let same = Window { pads: [1; 4], ..plain };
    let moved = Window { pads: [0, 1, 2, 3], strides: [2, 3], dilations: [2, 1], ..plain };
    for (layer, window) in file.layers.iter().zip([same, same, same, plain, plain, moved, plain]) {
        assert_eq!(layer.op, OnnxOp::Convolution(window), "{}", layer.name);
    }
    let up = Window { kernel: [2, 2], strides: [2, 2], ..plain };
    assert_eq!(file.layers[7].op, OnnxOp::TransposedConvolution(up));
    assert_eq!(file.layers[8].op, OnnxOp::BatchNorm { epsilon: 0.25 });
}

#[test]
fn pytorchs_files_keep_batch_normalisation_or_fold_it() {
    let count = |bytes, norm: bool| {
        let layers = read(bytes).unwrap().layers;
        layers.iter().filter(|l| matches!(l.op, OnnxOp::BatchNorm { .. }) == norm).count()
    };
    assert_eq!((count(TRAINING, false), count(TRAINING, true)), (23, 18));
    assert_eq!((count(FOLDED, false), count(FOLDED, true)), (23, 0));
    let file = read(TRAINING).unwrap();
    assert_eq!(file.producer, "pytorch");
    assert!(!file.steps.iter().any(|s| matches!(s.what, StepKind::Other(_))));
    let theirs =
        insitu::weights::foreign::pytorch::read(include_bytes!("reference/public/unet.pth")).unwrap();
    let ours = file.layers.into_iter().flat_map(|l| l.tensors).collect();
    assert_eq!(sorted(ours), sorted(theirs));
}

#[test]
fn weights_in_a_file_beside_the_network_are_found_by_its_name() {
    assert_eq!(Model::files_beside(BESIDE), ["beside.onnx.data"]);
    assert!(Model::files_beside(FOLDED).is_empty() && Model::files_beside(b"").is_empty());
    let device = Device::flex();
    let io = tensors(include_bytes!("reference/public/unet_bilinear_io.safetensors"));
    let of = |name: &str| io.iter().find(|t| t.name == name).unwrap();
    let input = of("input");
    let pair = [("some/beside.onnx.data", BESIDE_DATA), ("renamed.onnx", BESIDE)];
    let model = Model::from_files(&pair, &device).unwrap();
    let x = Tensor::<4>::from_data(TensorData::new(input.values.clone(), input.shape.clone()), &device);
    let output: Vec<f32> = model.net.forward(x).into_data().try_into_vec().unwrap();
    let off = difference(&output, &of("output").values);
    assert!(off < 1e-4, "{off}");

    for other in [&[("renamed.onnx", BESIDE)][..], &[("renamed.onnx", BESIDE), ("other.data", BESIDE_DATA)]] {
        let error = Model::from_files(other, &device).unwrap_err();
        assert_eq!(error.code(), "weights.onnx.unsupported.external");
        assert!(error.to_string().contains("beside.onnx.data, which is missing"), "{error}");
    }
    let cut = Model::card_from_files(&[("a.onnx", BESIDE), ("beside.onnx.data", &BESIDE_DATA[..3000])]);
    assert_eq!(cut.unwrap_err().code(), "weights.onnx.invalid");
}

#[test]
fn pytorchs_networks_are_recognised_and_compute_what_they_did_there() {
    let io = tensors(IO);
    let of = |name: &str| io.iter().find(|t| t.name == name).unwrap();
    for (name, bytes) in [("folded", FOLDED), ("with normalisation", TRAINING)] {
        let model = Model::from_bytes(bytes, &Device::flex()).unwrap();
        let input = of("input");
        let x =
            Tensor::<4>::from_data(TensorData::new(input.values.clone(), input.shape.clone()), &model.device);
        let output: Vec<f32> = model.net.forward(x).into_data().try_into_vec().unwrap();
        let off = difference(&output, &of("output").values);
        assert!(off < 1e-4, "{name}: {off}");
        assert!(model.card.network.skip_first);
        assert_eq!((model.card.title.as_str(), model.card.network.width), ("ONNX U-Net", 1));
        assert_eq!(model.card.network.norm_epsilon, 1e-5);
    }
}

#[test]
fn what_cannot_be_read_is_said_in_words() {
    for (bytes, code, told) in [
        (
            EXTERNAL,
            "weights.onnx.unsupported.external",
            "another file beside it, weights.data, which is missing",
        ),
        (TANH, "model.unsupported.network", "Tanh"),
        (KINDS, "model.unsupported.network", "no network"),
        (&FOLDED[..5000], "weights.onnx.invalid", "cut off"),
    ] {
        let error = Model::from_bytes(bytes, &Device::flex()).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(told), "{error}");
    }
    assert_eq!(read(b"").unwrap_err().code(), "weights.onnx.invalid");
    // A graph with one Relu.
    let relu = b"\x08\x08\x3a\x0b\x0a\x09\x0a\x01x\x22\x04Relu";
    assert_eq!(read(relu).unwrap_err().code(), "weights.onnx.empty");
}

/// A field with a message in it.
fn message(key: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![key];
    let mut n = content.len();
    while n >= 128 {
        bytes.push((n & 127) as u8 | 128);
        n >>= 7;
    }
    bytes.push(n as u8);
    bytes.extend_from_slice(content);
    bytes
}

#[test]
fn a_small_file_cannot_make_itself_large() {
    let file = |graph: &[u8]| [&b"\x08\x08"[..], &message(0x3a, graph)].concat();
    // A convolution whose weight says that it has 2^40 values, or 2^28, or two, and has one.
    let node = message(0x0a, b"\x0a\x01x\x0a\x01w\x12\x01y\x22\x04Conv");
    let values = b"\x08\x01\x08\x01\x08\x01\x10\x01\x42\x01w\x4a\x04\0\0\0\0";
    for (first, code) in [
        (&b"\x08\x80\x80\x80\x80\x80\x20"[..], "weights.onnx.limit"),
        (b"\x08\x80\x80\x80\x80\x01", "weights.onnx.limit"),
        (b"\x08\x02", "weights.onnx.invalid"),
        // None, in another direction.
        (b"\x08\x80\x80\x80\x80\x80\x20\x08\x00", "weights.onnx.invalid"),
    ] {
        let tensor = message(0x2a, &[first, values].concat());
        assert_eq!(read(&file(&[&node[..], &tensor].concat())).unwrap_err().code(), code);
    }
    // Very many convolutions that share one weight, 3x3 of 100 channels.
    let values =
        [&b"\x08\x64\x08\x01\x08\x03\x08\x03\x10\x01\x42\x01w"[..], &message(0x4a, &[0; 3600])].concat();
    let shared = file(&[node.repeat(1000), message(0x2a, &values)].concat());
    assert_eq!(read(&shared).unwrap_err().code(), "weights.onnx.limit");
    // Very many nodes without anything in them, and one node with very many names.
    assert_eq!(read(&file(&message(0x0a, b"").repeat(100_000))).unwrap_err().code(), "weights.onnx.limit");
    let names = message(0x0a, &b"\x0a\x00".repeat(1_000_000));
    assert_eq!(read(&file(&names)).unwrap_err().code(), "weights.onnx.limit");
}

#[test]
fn a_weight_that_is_given_by_itself_is_no_weight() {
    let node = message(0x0a, b"\x0a\x01x\x0a\x01w\x12\x01y\x22\x04Conv");
    let circle = message(0x0a, b"\x0a\x01w\x12\x01w\x22\x08Identity");
    let file = [&b"\x08\x08"[..], &message(0x3a, &[circle, node].concat())].concat();
    assert_eq!(read(&file).unwrap_err().code(), "weights.onnx.unsupported.layer");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_end_in_an_error_or_in_a_network(
        cut in 0.0f64..1.2, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6)
    ) {
        // Few of the bytes of a network are not weights: the structure of the small file is hit often, that of the others too.
        for (bytes, reach) in [(KINDS, KINDS.len()), (EXTERNAL, EXTERNAL.len()), (FOLDED, 5000), (TRAINING, 9000)] {
            let mut bytes = bytes.to_vec();
            for (at, value) in &changes {
                bytes[at.index(reach)] = *value;
            }
            bytes.truncate((bytes.len() as f64 * cut) as usize);
            let _ = recognises(&bytes);
            let _ = read(&bytes);
            let _ = Model::card_from_bytes(&bytes);
        }
    }
}

/// Grey values with a gradient and noise, some of them not finite: `[channel][height][width]`.
fn picture(channels: usize, height: usize, width: usize) -> Vec<f32> {
    let mut state = 1u32;
    let values = (0..channels * height * width).map(|i| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        match i {
            7 => f32::NAN,
            11 => f32::INFINITY,
            _ => (state >> 24) as f32 + 0.3 * (i % width) as f32 - 40.0,
        }
    });
    values.collect()
}

/// What Insitu says of an image of legal size, from the shallowest head to the deepest.
fn probabilities(model: &Model, image: Image) -> Vec<NamedTensor> {
    let input = &model.card.input;
    let shape = [1, image.channels, image.height, image.width];
    let x = Tensor::<4>::from_data(
        TensorData::new(image.normalised(input.normalisation).data, shape),
        &model.device,
    );
    let heads = model.net.graph().heads.len();
    let of = |head: usize| {
        let logits = model.net.forward_to(x.clone(), Some(head));
        let p = if model.card.network.outputs == 1 { sigmoid(logits) } else { softmax(logits, 1) };
        let name = if head + 1 == heads { "probability".into() } else { format!("probability.{head}") };
        NamedTensor { name, shape: p.dims().to_vec(), values: p.into_data().try_into_vec().unwrap() }
    };
    (0..heads).map(of).collect()
}

#[test]
fn exported_probabilities_lie_between_0_and_1_at_two_sizes() {
    let out = std::env::var_os("INSITU_WRITE_ONNX");
    for (name, reference) in presets().into_iter().chain(others()) {
        for (kind, normalisation) in [
            ("raw", Normalisation::Fixed { subtract: 0.0, divide: 1.0 }),
            ("percentile", Normalisation::Percentile { low: 0.5, high: 99.5 }),
            // Ranks counted from the other end.
            ("reversed", Normalisation::Percentile { low: 73.0, high: 21.5 }),
            ("fixed", Normalisation::Fixed { subtract: 12.0, divide: 200.0 }),
            ("z-score", Normalisation::ZScore),
            ("clipped", Normalisation::Clipped { low: 20.0, high: 180.0, subtract: 90.0, divide: 50.0 }),
        ] {
            let card = card(&reference.config, normalisation);
            let (net, device) = (reference.net(&Device::flex()), Device::flex());
            let model = Model { card, net, device };
            let geometry = Geometry::of(&reference.config);
            let mut images = Vec::new();
            for (i, least) in [48, 200].into_iter().enumerate() {
                let (height, width) = (geometry.legal_at_least(least), geometry.legal_at_least(least + 30));
                let channels = reference.config.input_channels;
                // Where nothing is scaled, the values that networks want, which are about from 0 to 1.
                let unit = if kind == "raw" { 1.0 / 255.0 } else { 1.0 };
                let data: Vec<f32> = picture(channels, height, width).iter().map(|v| v * unit).collect();
                let constant = vec![7.0 * unit; data.len()];
                for (j, data) in [data, constant].into_iter().enumerate() {
                    let shape = vec![1, channels, height, width];
                    let image = Image::new(width, height, channels, data.clone()).unwrap();
                    for p in probabilities(&model, image) {
                        assert!(p.values.iter().all(|v| (0.0..=1.0).contains(v)), "{name}");
                        images.push(NamedTensor { name: format!("{i}.{j}.{}", p.name), ..p });
                    }
                    images.push(NamedTensor { name: format!("{i}.{j}.image"), shape, values: data });
                }
            }
            if let Some(out) = &out {
                let path = |end: &str| Path::new(out).join(format!("{name}.{kind}.{end}"));
                std::fs::create_dir_all(out).unwrap();
                std::fs::write(path("onnx"), pollster::block_on(model.to_onnx()).unwrap()).unwrap();
                std::fs::write(path("safetensors"), stored(&images)).unwrap();
            }
        }
    }
}

/// Tensors as a safetensors file.
fn stored(tensors: &[NamedTensor]) -> Vec<u8> {
    use safetensors::tensor::{Dtype, TensorView};
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|t| t.values.iter().flat_map(|v| v.to_le_bytes()).collect()).collect();
    let views = tensors
        .iter()
        .zip(&bytes)
        .map(|(t, bytes)| (t.name.as_str(), TensorView::new(Dtype::F32, t.shape.clone(), bytes).unwrap()));
    safetensors::serialize(views, None).unwrap()
}
