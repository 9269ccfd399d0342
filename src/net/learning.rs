//! Which parts of a network learn.

use burn::module::Module;
use serde::{Deserialize, Serialize};

use super::unet::UNet;

/// The part of a network that learns; the rest stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Learners {
    /// Everything.
    #[default]
    All,
    /// The way up and the last layer: what is done with the features that the way down finds.
    Decoder,
    /// The last layer alone: another weighing of the features that are there.
    LastLayer,
}

impl Learners {
    /// Whether a layer learns, by PyTorch's name of it.
    fn has(self, layer: &str) -> bool {
        // In a nested network the first column, `x.LEVEL.0`, is the way down.
        let down = layer.starts_with("down.")
            || layer
                .strip_prefix("x.")
                .and_then(|rest| rest.split('.').nth(1))
                .is_some_and(|column| column == "0");
        match self {
            Learners::All => true,
            Learners::Decoder => !down,
            Learners::LastLayer => layer.starts_with("head"),
        }
    }
}

impl UNet {
    /// The network for a training in which only `part` learns. With `keep_statistics` batch normalisation goes on with
    /// the means and variances that it has, as in inference, instead of those of each batch: a few samples tell too
    /// little of either. What does not learn keeps its statistics anyway.
    ///
    /// The weights are those of `self`, and no later training changes them through the result.
    pub fn learning(self, part: Learners, keep_statistics: bool) -> Self {
        let [convolutions, transposed, norms, instance_norms, slopes] = self.layer_names().clone();
        let mut net = self.train();
        for (layer, name) in net.convolutions.iter_mut().zip(&convolutions) {
            if !part.has(name) {
                *layer = layer.clone().freeze();
            }
        }
        for (layer, name) in net.transposed.iter_mut().zip(&transposed) {
            if !part.has(name) {
                *layer = layer.clone().freeze();
            }
        }
        for (layer, name) in net.instance_norms.iter_mut().zip(&instance_norms) {
            if !part.has(name) {
                *layer = layer.clone().freeze();
            }
        }
        for (layer, name) in net.slopes.iter_mut().zip(&slopes) {
            if !part.has(name) {
                *layer = layer.clone().freeze();
            }
        }
        for (layer, name) in net.norms.iter_mut().zip(&norms) {
            if !part.has(name) {
                *layer = layer.clone().freeze();
            } else {
                // Also of a network that kept its statistics before.
                layer.training = layer.training.clone().with_value(!keep_statistics);
            }
        }
        net
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Graph, Op, Preset};

    #[test]
    fn every_network_has_a_way_down_a_way_up_and_a_last_layer() {
        for preset in Preset::ALL {
            let (channels, outputs, _) = preset.published();
            let graph = Graph::of(&preset.config(channels, outputs));
            let layers: Vec<&str> = graph
                .nodes
                .iter()
                .filter(|n| n.op.is_convolution() || matches!(n.op, Op::BatchNorm { .. }))
                .map(|n| n.name.as_str())
                .collect();
            let count = |part: Learners| layers.iter().filter(|name| part.has(name)).count();
            let (all, decoder, last) =
                (count(Learners::All), count(Learners::Decoder), count(Learners::LastLayer));
            assert_eq!(all, layers.len());
            assert!(
                last > 0 && last < decoder && decoder < all,
                "{preset:?}: {last} {decoder} {all} of {layers:?}"
            );
        }
    }
}
