//! What is read of graphs without a card: the networks of all presets, as another program might write them, and altered.

use super::StepKind;
use super::flow;
use super::graph::RawGraph;
use super::message::{Message, field, kind};
use super::nodes::Attribute::{Int, Ints, Text};
use super::nodes::{Nodes, tensor};
use super::tests::{small, tensors};
use super::{Found, recognise_onnx, write};
use crate::error::Result;
use crate::net::{Activation, Graph, Head, Node, Norm, Op, Padding, Preset, UNetConfig};
use crate::weights::NamedTensor;
use crate::weights::recognise::Recognised;

/// A graph that is given `image`.
fn graph(fill: impl FnOnce(&mut Message)) -> Message {
    let mut graph = Message::with_capacity(0);
    fill(&mut graph);
    graph.message(field::graph::INPUT, |m| m.text(field::value_info::NAME, "image"));
    graph
}

/// A file with operations like those of a network, and weights called as its nodes.
fn file(nodes: &[Node], values: Vec<NamedTensor>) -> Vec<u8> {
    let network = Graph { nodes: nodes.to_vec(), heads: Vec::new() };
    let graph = graph(|m| {
        let mut written = Nodes::new(m);
        let mut results: Vec<String> = Vec::new();
        for node in nodes {
            let result = match node.op {
                Op::Input => "image".to_string(),
                _ => write::push(&mut written, node, &results),
            };
            results.push(result);
        }
        written.finish();
        for ((name, shape), t) in network.tensors().iter().zip(values) {
            tensor(m, name, kind::FLOAT, shape, |m| m.floats(field::tensor::RAW_DATA, &t.values));
        }
    });
    let mut model = Message::with_capacity(0);
    model.number(field::model::IR_VERSION, 8);
    model.blob(field::model::GRAPH, &graph.into_bytes());
    model.into_bytes()
}

fn found(file: &[u8]) -> Result<Recognised> {
    match recognise_onnx(file, &[])? {
        Found::Theirs(found) => Ok(*found),
        Found::Ours(..) => panic!("there is no card"),
    }
}

/// Names that say nothing.
fn without_names(nodes: &mut [Node]) {
    for (i, node) in nodes.iter_mut().enumerate() {
        node.name = format!("onnx::{i}");
    }
}

#[test]
fn every_preset_is_found_by_the_names_or_the_order_of_its_weights_to_the_last_bit() {
    for preset in Preset::ALL {
        let config = small(preset);
        let values = tensors(&config);
        let named = Graph::of(&config).nodes;
        let mut unnamed = named.clone();
        without_names(&mut unnamed);
        for nodes in [named, unnamed] {
            let found = found(&file(&nodes, values.clone())).unwrap();
            assert_eq!((found.preset, &found.network), (Some(preset), &config), "{}", preset.name());
            assert!(found.tensors == values, "{}", preset.name());
        }
    }
}

#[test]
fn what_weights_do_not_tell_is_taken_from_the_graph() {
    let small_bn = small(Preset::SmallBn);
    let paper = small(Preset::Ronneberger2015);
    let retina = small(Preset::Retina);
    for config in [
        UNetConfig { padding: Padding::Same, ..paper.clone() },
        UNetConfig { skip_first: true, ..paper },
        UNetConfig { norm_epsilon: 1e-3, skip_first: true, ..small_bn.clone() },
        UNetConfig { head: Head::Pixelwise, ..retina },
        // Normalisation folded away: ReLUs stay after the up-convolutions.
        UNetConfig { norm: Norm::None, ..small_bn.clone() },
        UNetConfig { norm: Norm::None, up_activation: false, ..small_bn },
    ] {
        let mut nodes = Graph::of(&config).nodes;
        let values = tensors(&config);
        without_names(&mut nodes);
        let found = found(&file(&nodes, values.clone())).unwrap();
        let network = UNetConfig { dropout: config.dropout, ..found.network };
        assert_eq!(network, config);
        assert_eq!(found.tensors.len(), values.len());
        assert!(found.preset.is_none(), "{:?} is another network", found.preset);
    }
}

#[test]
fn normalisation_that_was_folded_into_some_convolutions_only_is_put_back() {
    let config = small(Preset::Small);
    let mut nodes = Graph::of(&config).nodes;
    // As PyTorch leaves it: behind the transposed convolutions alone.
    let is_folded = |n: &Node| matches!(n.op, Op::BatchNorm { .. }) && !n.name.starts_with("upb");
    nodes.iter_mut().filter(|n| is_folded(n)).for_each(|n| n.op = Op::Dropout { rate: 0.0 });
    let kept = Graph { nodes: nodes.clone(), heads: Vec::new() }.tensors();
    let mut values = tensors(&config);
    values.retain(|t| kept.iter().any(|(name, _)| *name == t.name));
    without_names(&mut nodes);
    let found = found(&file(&nodes, values.clone())).unwrap();
    assert_eq!((found.preset, &found.network), (Some(Preset::Small), &config));
    for tensor in &found.tensors {
        let what = tensor.name.rsplit('.').next().unwrap();
        match values.iter().find(|t| t.name == tensor.name) {
            Some(there) => assert_eq!(there, tensor),
            None if what == "weight" => assert!(tensor.values.iter().all(|v| *v == 1.0)),
            None if what == "running_var" => {
                assert!(tensor.values.iter().all(|v| (v + 1e-5 - 1.0).abs() < 1e-6))
            }
            None => assert!(tensor.values.iter().all(|v| *v == 0.0)),
        }
    }
    assert_eq!(found.tensors.len(), Graph::of(&config).tensors().len());
}

/// The message with which a network is refused after a change of its nodes, with names and without.
fn refused(preset: Preset, change: impl Fn(&mut [Node])) -> String {
    let config = small(preset);
    let mut named = Graph::of(&config).nodes;
    change(&mut named);
    let mut unnamed = named.clone();
    without_names(&mut unnamed);
    let [_, told] = [unnamed, named].map(|nodes| {
        let error = found(&file(&nodes, tensors(&config))).unwrap_err();
        assert_eq!(error.code(), "model.unsupported.network", "{error}");
        error.to_string()
    });
    told
}

/// The nodes of a kind, the first of them left out.
fn later(nodes: &mut [Node], is: impl Fn(&Op) -> bool) -> &mut Node {
    nodes.iter_mut().filter(|n| is(&n.op)).nth(1).unwrap()
}

#[test]
fn a_graph_that_does_something_else_with_the_same_weights_is_refused() {
    let nothing = Op::Dropout { rate: 0.0 };
    for preset in Preset::ALL {
        let told = refused(preset, |nodes| later(nodes, |op| *op == Op::Relu).op = nothing);
        assert!(told.contains("around the layer"), "{told}");
    }
    let told = refused(Preset::Small, |nodes| later(nodes, |op| *op == Op::Concatenate).inputs.reverse());
    assert!(told.contains("around the layer dec.1.c1"), "{told}");
    let told = refused(Preset::Keras, |nodes| later(nodes, |op| *op == Op::UpsampleNearest).op = nothing);
    assert!(told.contains("around the layer upconv.1"), "{told}");
    let told = refused(Preset::UNetPlusPlus, |nodes| later(nodes, |op| *op == Op::MaxPool).op = Op::Relu);
    assert!(told.contains("around the layer x.2.0.c1"), "{told}");
}

#[test]
fn layers_that_move_or_normalise_otherwise_are_refused() {
    let is_norm = |op: &Op| matches!(op, Op::BatchNorm { .. });
    let told = refused(Preset::SmallBn, |nodes| later(nodes, is_norm).op = Op::BatchNorm { epsilon: 0.25 });
    assert!(told.contains("down.0.b2 has an epsilon of 0.25"), "{told}");
    let is_convolution = |op: &Op| matches!(op, Op::Convolution { .. });
    let told = refused(Preset::Small, |nodes| {
        later(nodes, is_convolution).op = Op::Convolution { kernel: 3, padding: [0, 0, 2, 2] };
    });
    assert!(told.contains("down.0.c2 has pads [0, 0, 2, 2]"), "{told}");
}

#[test]
fn names_that_say_nothing_are_passed_over_and_what_does_not_fit_is_listed_by_name() {
    let config = small(Preset::Ronneberger2015);
    let mut nodes = Graph::of(&config).nodes;
    for node in &mut nodes {
        node.name = node.name.replace("dec.3.c1", "end");
    }
    assert_eq!(found(&file(&nodes, tensors(&config))).unwrap().network, config);
    for node in nodes.iter_mut().filter(|n| n.name == "dec.3.c2") {
        node.op = Op::Relu;
    }
    let mut values = tensors(&config);
    values.retain(|t| !t.name.starts_with("dec.3.c2"));
    let error = found(&file(&nodes, values)).unwrap_err();
    assert_eq!(error.code(), "model.tensors", "{error}");
    let told = error.to_string();
    assert!(told.contains("missing: dec.3.c1.weight") && told.contains("left over: end.bias"), "{told}");
}

/// What the last node of a graph does, which `fill` writes behind `image`.
fn last_step(fill: impl FnOnce(&mut Nodes<'_>)) -> StepKind {
    let graph = graph(|m| {
        let mut nodes = Nodes::new(m);
        fill(&mut nodes);
        nodes.finish();
    });
    let bytes = graph.into_bytes();
    flow::steps(&RawGraph::of(&bytes).unwrap()).unwrap().pop().unwrap().what
}

#[test]
fn resizing_repeats_pixels_in_some_ways_of_counting_them_and_not_in_others() {
    for (place, nearest, repeats) in [
        ("asymmetric", "floor", true),
        ("asymmetric", "ceil", false),
        ("half_pixel", "round_prefer_floor", true),
        ("half_pixel", "floor", false),
        ("pytorch_half_pixel", "round_prefer_ceil", true),
        ("tf_half_pixel_for_nn", "floor", true),
        ("align_corners", "floor", false),
    ] {
        let attributes = [
            ("mode", Text("nearest")),
            ("coordinate_transformation_mode", Text(place)),
            ("nearest_mode", Text(nearest)),
        ];
        let step = last_step(|nodes| {
            nodes.push("Resize", "large", &["image"], &attributes);
        });
        assert_eq!(step == StepKind::Upsample, repeats, "{place}, {nearest}");
    }
    for (place, step) in [
        ("half_pixel", StepKind::Interpolate { align_corners: false }),
        ("align_corners", StepKind::Interpolate { align_corners: true }),
        ("asymmetric", StepKind::Other("Resize (linear)".into())),
    ] {
        let attributes = [("mode", Text("linear")), ("coordinate_transformation_mode", Text(place))];
        let linear = last_step(|nodes| {
            nodes.push("Resize", "large", &["image"], &attributes);
        });
        assert_eq!(linear, step);
    }
}

#[test]
fn activations_are_told_apart_with_their_constants() {
    let step = |op: &'static str, attributes: &[(&str, super::nodes::Attribute<'_>)]| {
        last_step(|nodes| {
            nodes.push(op, "map", &["image"], attributes);
        })
    };
    let alpha = [("alpha", super::nodes::Attribute::Float(0.3))];
    assert_eq!(step("LeakyRelu", &alpha), StepKind::Activation(Activation::LeakyRelu(0.3)));
    assert_eq!(step("LeakyRelu", &[]), StepKind::Activation(Activation::LeakyRelu(0.01)));
    assert_eq!(step("Elu", &[]), StepKind::Activation(Activation::Elu(1.0)));
    assert_eq!(step("Selu", &[]), StepKind::Activation(Activation::Selu));
    assert_eq!(step("Selu", &alpha), StepKind::Other("Selu".into()));
    assert_eq!((step("Sigmoid", &[]), step("Softmax", &[])), (StepKind::Sigmoid, StepKind::Softmax));
}

#[test]
fn axes_in_tensorflows_order_and_padding_of_nothing_change_nothing() {
    let joined = |perm: &'static [i64], axis| {
        last_step(|nodes| {
            nodes.push("Relu", "map", &["image"], &[]);
            nodes.push("Transpose", "turned", &["map"], &[("perm", Ints(perm))]);
            nodes.push("Concat", "joined", &["turned", "turned"], &[("axis", Int(axis))]);
        })
    };
    assert_eq!(joined(&[0, 2, 3, 1], 3), StepKind::Concatenate);
    assert_eq!(joined(&[0, 2, 3, 1], -1), StepKind::Concatenate);
    // Below each other, and not one after the other.
    assert_eq!(joined(&[0, 2, 3, 1], 1), StepKind::Other("Concat".into()));
    let padded = |pads: &[i64]| {
        last_step(|nodes| {
            nodes.push("Relu", "map", &["image"], &[]);
            let pads = nodes.ints("pads", pads);
            nodes.push("Pad", "padded", &["map", &pads], &[]);
        })
    };
    assert_eq!(padded(&[0; 8]), StepKind::Relu);
    assert_eq!(padded(&[0, 0, 1, 1, 0, 0, 1, 1]), StepKind::Other("Pad".into()));
}
