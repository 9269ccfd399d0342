//! What an exported graph is made of. What it computes is compared with onnxruntime by tests/reference/check_onnx.py.

use std::collections::HashSet;

use super::export;
use super::graph::RawGraph;
use super::message::{Fields, Value, field};
use crate::net::{Activation, Geometry, Graph, Op, Preset, UNetConfig};
use crate::scan::Normalisation;
use crate::weights::{Card, Class, NamedTensor};

/// Tensors with other values everywhere, of the network's shapes.
pub(super) fn tensors(config: &UNetConfig) -> Vec<NamedTensor> {
    let mut next = 0.0;
    let wanted = Graph::of(config).tensors().into_iter();
    let filled = wanted.map(|(name, shape)| {
        let values = (0..shape.iter().product()).map(|_| {
            next += 0.37;
            next
        });
        NamedTensor { name, values: values.collect(), shape }
    });
    filled.collect()
}

fn card(config: UNetConfig) -> Card {
    let classes = (0..config.outputs.max(2) - 1)
        .map(|i| Class { name: format!("kind {i}"), colour: "#E69F00".into() })
        .collect();
    let outputs = Card::plain_outputs(config.outputs);
    Card::new("Test", config, classes, outputs)
}

pub(super) fn small(preset: Preset) -> UNetConfig {
    let (channels, outputs, _) = preset.published();
    UNetConfig { width: 2, ..preset.config(channels, outputs) }
}

fn messages(bytes: &[u8], number: u32) -> Vec<&[u8]> {
    Fields::of(bytes)
        .map(Result::unwrap)
        .filter(|(n, _)| *n == number)
        .map(|(_, v)| v.bytes().unwrap())
        .collect()
}

fn graph(file: &[u8]) -> &[u8] {
    messages(file, field::model::GRAPH)[0]
}

/// Name and dimensions of an input or output: a number, or the name of one that is open.
fn described(value_info: &[u8]) -> (String, Vec<String>) {
    use field::value_info as at;
    let inside = |bytes, number| messages(bytes, number)[0];
    let name = String::from_utf8(inside(value_info, at::NAME).to_vec()).unwrap();
    let tensor = inside(inside(value_info, at::TYPE), at::TENSOR_TYPE);
    assert!(Fields::of(tensor).any(|f| f.unwrap() == (at::ELEM_TYPE, Value::Number(1))));
    let dims = messages(inside(tensor, at::SHAPE), at::DIM).into_iter().map(|dim| {
        match Fields::of(dim).next().unwrap().unwrap().1 {
            Value::Number(n) => n.to_string(),
            name => name.text().unwrap().to_string(),
        }
    });
    (name, dims.collect())
}

#[test]
fn every_preset_becomes_its_operations_in_their_order() {
    for preset in Preset::ALL {
        let config = small(preset);
        let file = export(&card(config.clone()), &tensors(&config)).unwrap();
        let raw = RawGraph::of(graph(&file)).unwrap();
        let of_network = raw.nodes.iter().filter(|n| !n.name.starts_with("scaling."));
        let found: Vec<&str> = of_network.map(|n| n.op).collect();
        let network = Graph::of(&config);
        let mut expected: Vec<&str> = network
            .nodes
            .iter()
            .filter_map(|n| match n.op {
                Op::Input | Op::Dropout { .. } => None,
                Op::Convolution { .. } | Op::StridedConvolution => Some("Conv"),
                Op::TransposedConvolution | Op::WideTransposedConvolution => Some("ConvTranspose"),
                Op::BatchNorm { .. } => Some("BatchNormalization"),
                Op::InstanceNorm { .. } => Some("InstanceNormalization"),
                Op::Relu => Some("Relu"),
                Op::Activation(Activation::LeakyRelu(_)) => Some("LeakyRelu"),
                Op::Activation(Activation::Elu(_)) => Some("Elu"),
                Op::Activation(Activation::PRelu) => Some("PRelu"),
                Op::Activation(_) => Some("Selu"),
                Op::MaxPool => Some("MaxPool"),
                Op::UpsampleNearest | Op::UpsampleBilinear { .. } => Some("Resize"),
                Op::Crop { .. } => Some("Slice"),
                Op::Concatenate => Some("Concat"),
            })
            .collect();
        expected
            .extend(network.heads.iter().map(|_| if config.outputs == 1 { "Sigmoid" } else { "Softmax" }));
        assert_eq!(found, expected, "{}", preset.name());
    }
}

#[test]
fn every_value_has_a_name_of_its_own_and_is_there_before_it_is_used() {
    for preset in Preset::ALL {
        let config = small(preset);
        let file = export(&card(config.clone()), &tensors(&config)).unwrap();
        let raw = RawGraph::of(graph(&file)).unwrap();
        let mut known: HashSet<&str> = HashSet::from(["image", ""]);
        let initialisers = messages(graph(&file), field::graph::INITIALIZER);
        for tensor in initialisers {
            let name = std::str::from_utf8(messages(tensor, field::tensor::NAME)[0]).unwrap();
            assert!(known.insert(name), "{}: {name} is there twice", preset.name());
        }
        for node in &raw.nodes {
            for input in &node.inputs {
                assert!(known.contains(input), "{}: {} takes {input}", preset.name(), node.name);
            }
            for output in &node.outputs {
                assert!(known.insert(output), "{}: {output} is there twice", preset.name());
            }
        }
    }
}

#[test]
fn inputs_and_outputs_have_the_names_and_shapes_that_are_promised() {
    for preset in Preset::ALL {
        let config = small(preset);
        let file = export(&card(config.clone()), &tensors(&config)).unwrap();
        let of = |number| messages(graph(&file), number).into_iter().map(described).collect::<Vec<_>>();
        let shape = |channels: usize, size: [&str; 2]| {
            vec!["batch".into(), channels.to_string(), size[0].to_string(), size[1].into()]
        };
        let open = ["height", "width"];
        assert_eq!(of(field::graph::INPUT), [("image".to_string(), shape(config.input_channels, open))]);
        let size = if Geometry::of(&config).border == 0 { open } else { ["output_height", "output_width"] };
        let names: &[&str] = match preset {
            Preset::UNetPlusPlus => &["probability", "probability.0", "probability.1", "probability.2"],
            _ => &["probability"],
        };
        let expected: Vec<_> = names.iter().map(|n| (n.to_string(), shape(config.outputs, size))).collect();
        assert_eq!(of(field::graph::OUTPUT), expected, "{}", preset.name());
    }
}

#[test]
fn what_people_want_to_know_is_in_the_metadata() {
    let config = small(Preset::Ronneberger2015);
    let file = export(&card(config.clone()), &tensors(&config)).unwrap();
    let entries: Vec<(&str, &str)> = messages(&file, field::model::METADATA_PROPS)
        .into_iter()
        .map(|m| {
            let text = |number| std::str::from_utf8(messages(m, number)[0]).unwrap();
            (text(field::entry::KEY), text(field::entry::VALUE))
        })
        .collect();
    let of = |key| entries.iter().find(|(k, _)| *k == key).unwrap().1;
    assert_eq!(of("title"), "Test");
    assert_eq!(of("classes"), "[\"kind 0\"]");
    let sizes = of("sizes");
    assert!(sizes.contains("188") && sizes.contains("16") && sizes.contains("92 pixels smaller"), "{sizes}");
    assert!(of("insitu").contains("\"format\":1"));
}

#[test]
fn a_fixed_scale_needs_no_sorting() {
    let config = small(Preset::Small);
    let mut card = card(config.clone());
    let sorts = |card: &Card| {
        let file = export(card, &tensors(&config)).unwrap();
        RawGraph::of(graph(&file)).unwrap().nodes.iter().filter(|n| n.op == "TopK").count()
    };
    assert_eq!(sorts(&card), 2);
    card.input.normalisation = Normalisation::Fixed { subtract: 3.0, divide: 2.0 };
    assert_eq!(sorts(&card), 0);
}

#[test]
fn weights_that_are_not_the_cards_are_refused_by_name() {
    let config = small(Preset::Small);
    let mut wrong = tensors(&config);
    wrong.remove(0);
    let error = export(&card(config.clone()), &wrong).unwrap_err();
    assert_eq!(error.code(), "model.tensors");
    assert!(error.to_string().contains("down.0.c1.weight"), "{error}");
    let mut short = tensors(&config);
    short[0].values.pop();
    assert_eq!(export(&card(config), &short).unwrap_err().code(), "model.tensors");
}
