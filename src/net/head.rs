//! The last layers of a network: from the maps of its expanding path to logits.

use super::config::Head;
use super::graph::Builder;
use super::op::{Node, Op};

impl Builder<'_> {
    /// Logits of a last map, as large as the image; `name` is that of the layer that gives them.
    pub(super) fn head(&mut self, x: usize, name: &str) -> usize {
        let outputs = self.config.outputs;
        let mut x = match self.config.head {
            Head::Pixelwise => self.convolution(x, outputs, 1, name.to_string()),
            Head::Convolution => self.convolution(x, outputs, 3, name.to_string()),
            Head::Hidden => self.hidden(x, 2, name),
            Head::Features(channels) => self.hidden(x, channels, name),
            Head::Rectified => {
                let x = self.convolution(x, outputs, 1, name.to_string());
                self.then(Op::Relu, x, name)
            }
        };
        while self.nodes[x].level > 0 {
            let Node { channels, level, .. } = self.nodes[x];
            x = self.push(Op::UpsampleNearest, vec![x], channels, level - 1, name.to_string());
        }
        x
    }

    fn hidden(&mut self, x: usize, channels: usize, name: &str) -> usize {
        let hidden = format!("{name}.hidden");
        let x = self.convolution(x, channels, 3, hidden.clone());
        let x = self.activation(x, &hidden);
        self.convolution(x, self.config.outputs, 1, name.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Geometry, Graph, Preset, Stages, UNetConfig, Upsampling};

    #[test]
    fn a_network_that_ends_at_a_lower_resolution_is_enlarged_to_the_image() {
        let config = UNetConfig {
            levels: 4,
            width: 2,
            upsampling: Upsampling::Nearest,
            up_activation: false,
            head: Head::Features(5),
            stages: Some(Stages {
                down: vec![vec![2, 2], vec![2, 2], vec![3, 3], vec![4, 3]],
                up: vec![vec![3, 2]],
                coarse: 2,
                ..Stages::default()
            }),
            ..Preset::Small.config(1, 9)
        };
        config.validate().unwrap();
        let graph = Graph::of(&config);
        let levels: Vec<usize> = graph.nodes.iter().rev().take(5).map(|n| n.level).collect();
        assert_eq!(levels, [0, 1, 2, 2, 2]);
        assert_eq!(graph.tensors().last().unwrap(), &("head.bias".to_string(), vec![9]));
        assert!(graph.tensors().contains(&("head.hidden.weight".to_string(), vec![5, 2, 3, 3])));
        assert_eq!(Geometry::of(&config).stride, 8);
    }
}
