//! Which network a list of layers belongs to, from their kinds and shapes in the order of computation: for files whose names
//! say nothing, such as Keras's `conv2d_7`.

use super::named::NamedTensor;
use super::recognise::Recognised;
use crate::error::{Error, Result};
use crate::net::{Graph, Narrowing, Node, Norm, Op, Padding, Preset, UNetConfig, Upsampling};
use crate::sorting::sort_by_key;

/// What a layer with weights is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Convolution,
    TransposedConvolution,
    BatchNorm,
}

/// One layer with weights, in PyTorch's layout: `weight`, perhaps `bias`, and for batch normalisation `running_mean` and
/// `running_var`.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerWeights {
    /// Its name in the file, for messages.
    pub name: String,
    pub kind: Kind,
    /// Named `weight`, `bias`, `running_mean`, `running_var`.
    pub tensors: Vec<NamedTensor>,
}

/// What a file tells beside its weights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hints {
    /// Whether the skip connection comes first in a concatenation.
    pub skip_first: Option<bool>,
    pub padding: Option<Padding>,
    /// Of batch normalisation.
    pub epsilon: Option<f64>,
    /// The order of the layers is known only among those of the same kind.
    pub by_kind: bool,
}

/// Finds the network whose layers have these kinds and shapes.
///
/// # Errors
/// `model.unsupported.network` with the first layer in which the nearest network differs.
pub fn recognise_layers(layers: &[LayerWeights], hints: Hints) -> Result<Recognised> {
    let mut layers: Vec<&LayerWeights> = layers.iter().collect();
    if hints.by_kind {
        sort_by_key(&mut layers, |l| l.kind);
    }
    let mut nearest: Option<(usize, Option<Preset>, String)> = None;
    let mut candidates = candidates(&layers);
    // Networks as they were published before those whose normalisation was folded away; and what the file says.
    sort_by_key(&mut candidates, |(preset, network)| {
        let folded = preset.is_some_and(|preset| network.norm != preset.config(1, 1).norm);
        (folded, hints.padding.is_some_and(|padding| padding != network.padding))
    });
    for (preset, network) in candidates {
        let graph = Graph::of(&network);
        let mut nodes: Vec<&Node> = graph.nodes.iter().filter(|n| graph.parameters_of(n) > 0).collect();
        if hints.by_kind {
            sort_by_key(&mut nodes, |n| kind(n.op));
        }
        let agreed = nodes.iter().zip(&layers).take_while(|(n, l)| is(&graph, n, l)).count();
        if agreed == nodes.len() && agreed == layers.len() {
            let tensors =
                nodes.iter().zip(&layers).flat_map(|(n, l)| renamed(&graph, n, l)).collect::<Vec<_>>();
            let network = UNetConfig {
                skip_first: hints.skip_first.unwrap_or(network.skip_first),
                padding: hints.padding.unwrap_or(network.padding),
                norm_epsilon: hints.epsilon.unwrap_or(network.norm_epsilon),
                ..network
            };
            return Ok(Recognised { preset, ..Recognised::new(network, "U-Net", tensors) });
        }
        if nearest.as_ref().is_none_or(|(n, ..)| agreed > *n) {
            nearest =
                Some((agreed, preset, difference(&graph, nodes.get(agreed), layers.get(agreed).copied())));
        }
    }
    let told = match nearest {
        Some((agreed, preset, difference)) => {
            let name = preset.map_or("a U-Net without a name", Preset::name);
            format!("The nearest is '{name}', which agrees in {agreed} layers; then {difference}.")
        }
        None => "Its first layer is not a 3x3 convolution.".into(),
    };
    Err(Error::unsupported(
        "model.unsupported.network",
        format!("These {} layers belong to no network that Insitu knows. {told}", layers.len()),
    ))
}

/// Public U-Nets that are no presets: enlarged without a convolution, channels halved in the blocks below or nowhere.
fn others(channels: usize, outputs: usize) -> impl Iterator<Item = UNetConfig> {
    let small = Preset::Small.config(channels, outputs);
    let plain = UNetConfig { up_activation: false, skip_first: true, ..small };
    let narrowings = [Narrowing::None, Narrowing::Last, Narrowing::First];
    narrowings.into_iter().map(move |narrowing| UNetConfig {
        upsampling: Upsampling::Nearest,
        narrowing,
        ..plain.clone()
    })
}

/// All presets, with and without normalisation (which exports fold into convolutions), at the file's width and channels.
fn candidates(layers: &[&LayerWeights]) -> Vec<(Option<Preset>, UNetConfig)> {
    let convolution = |l: &&LayerWeights| match (l.kind, l.tensors.first().map(|t| t.shape.as_slice())) {
        (Kind::Convolution, Some(&[outputs, inputs, ..])) => Some([outputs, inputs]),
        _ => None,
    };
    let (Some(first), Some(last)) =
        (layers.first().and_then(convolution), layers.iter().rev().find_map(convolution))
    else {
        return Vec::new();
    };
    let ([width, channels], [outputs, _]) = (first, last);
    let mut all = Vec::new();
    let presets = Preset::ALL.into_iter().map(|preset| (Some(preset), preset.config(channels, outputs)));
    for (preset, config) in presets.chain(others(channels, outputs).map(|config| (None, config))) {
        for levels in 2..=7 {
            for norm in [config.norm, Norm::None] {
                let network = UNetConfig { levels, width, norm, ..config.clone() };
                if network.validate().is_ok() && !all.iter().any(|(_, other)| *other == network) {
                    all.push((preset, network));
                }
            }
        }
    }
    all
}

fn kind(op: Op) -> Option<Kind> {
    match op {
        Op::Convolution { .. } | Op::StridedConvolution => Some(Kind::Convolution),
        Op::TransposedConvolution | Op::WideTransposedConvolution => Some(Kind::TransposedConvolution),
        Op::BatchNorm { .. } => Some(Kind::BatchNorm),
        _ => None,
    }
}

/// Whether a layer of the file can be this node.
fn is(graph: &Graph, node: &Node, layer: &LayerWeights) -> bool {
    let wanted = graph.tensors_of(node);
    kind(node.op) == Some(layer.kind)
        && layer.tensors.iter().all(|t| {
            wanted.iter().any(|(name, shape)| name.rsplit('.').next() == Some(&t.name) && *shape == t.shape)
        })
        && layer.tensors.iter().any(|t| t.name == "weight" || layer.kind == Kind::BatchNorm)
}

/// The layer's tensors under the node's names. What a layer may leave out is what changes nothing.
fn renamed(graph: &Graph, node: &Node, layer: &LayerWeights) -> Vec<NamedTensor> {
    let tensors = graph.tensors_of(node).into_iter().map(|(name, shape)| {
        let what = name.rsplit('.').next().unwrap_or_default();
        let values = match layer.tensors.iter().find(|t| t.name == what) {
            Some(tensor) => tensor.values.clone(),
            None => {
                let neutral = if matches!(what, "weight" | "running_var") { 1.0 } else { 0.0 };
                vec![neutral; shape.iter().product()]
            }
        };
        NamedTensor { name, shape, values }
    });
    tensors.collect()
}

fn difference(graph: &Graph, node: Option<&&Node>, layer: Option<&LayerWeights>) -> String {
    let wanted = node.and_then(|n| graph.tensors_of(n).into_iter().next());
    let weight = layer.and_then(|l| Some((&l.name, &l.tensors.first()?.shape)));
    match (wanted, weight) {
        (Some((name, shape)), Some((theirs, found))) => {
            format!("{theirs} is {found:?} in the file, and {name} is {shape:?} in the network")
        }
        (Some((name, _)), None) => format!("{name} is missing"),
        (None, Some((theirs, _))) => format!("{theirs} is left over"),
        (None, None) => "nothing differs".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The layers of a network as a file without useful names has them.
    fn layers(config: &UNetConfig) -> Vec<LayerWeights> {
        let graph = Graph::of(config);
        let with_weights = graph.nodes.iter().filter(|n| graph.parameters_of(n) > 0);
        with_weights
            .enumerate()
            .map(|(i, node)| LayerWeights {
                name: format!("layer_{i}"),
                kind: kind(node.op).unwrap(),
                tensors: graph
                    .tensors_of(node)
                    .into_iter()
                    .map(|(name, shape)| NamedTensor {
                        name: name.rsplit('.').next().unwrap().to_string(),
                        values: vec![0.5; shape.iter().product()],
                        shape,
                    })
                    .collect(),
            })
            .collect()
    }

    #[test]
    fn every_preset_is_recognised_by_the_order_of_its_layers() {
        for preset in Preset::ALL {
            let config = UNetConfig { width: 2, ..preset.config(1, 2) };
            let found = recognise_layers(&layers(&config), Hints::default()).unwrap();
            assert_eq!((found.preset, &found.network), (Some(preset), &config), "{}", preset.name());
            assert_eq!(found.tensors.len(), Graph::of(&config).tensors().len());
        }
    }

    #[test]
    fn what_the_file_tells_is_kept() {
        let config = UNetConfig { width: 2, ..Preset::SmallBn.config(1, 1) };
        let hints = Hints {
            skip_first: Some(true),
            padding: Some(Padding::Same),
            epsilon: Some(1e-3),
            by_kind: true,
        };
        let mut mixed = layers(&config);
        mixed.sort_by_key(|l| std::cmp::Reverse(l.kind));
        let found = recognise_layers(&mixed, hints).unwrap();
        assert!(found.network.skip_first);
        assert_eq!(found.network.norm_epsilon, 1e-3);
    }

    #[test]
    fn a_strange_network_is_refused_with_the_first_layer_that_differs() {
        let mut strange = layers(&UNetConfig { width: 2, ..Preset::Keras.config(1, 1) });
        strange[3].tensors[0].shape = vec![4, 4, 5, 5];
        let error = recognise_layers(&strange, Hints::default()).unwrap_err();
        assert_eq!(error.code(), "model.unsupported.network");
        assert!(error.to_string().contains("layer_3 is [4, 4, 5, 5]"), "{error}");
        assert!(recognise_layers(&[], Hints::default()).is_err());
    }
}
