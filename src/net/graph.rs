//! A network as a list of operations: what the forward pass runs, tiling measures, summaries tell and exports write.

use super::config::{Activation, Architecture, Downsampling, Dropout, Norm, Padding, UNetConfig, Upsampling};
use super::op::{Node, Op};

/// A network as a list of operations, in the order of computation.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    pub nodes: Vec<Node>,
    /// Nodes that give logits: one, or those of the nested paths from the shallowest to the deepest.
    pub heads: Vec<usize>,
}

impl Graph {
    /// Lays out the operations of a configuration.
    pub fn of(config: &UNetConfig) -> Self {
        let mut b = Builder { config, nodes: Vec::new() };
        let heads = match config.architecture {
            Architecture::UNet => vec![b.u_net()],
            Architecture::UNetPlusPlus => b.u_net_plus_plus(),
            Architecture::Strided => vec![b.strided_u_net()],
        };
        Self { nodes: b.nodes, heads }
    }

    /// Trained parameters of a node (running statistics are not counted).
    pub fn parameters_of(&self, node: &Node) -> usize {
        let Some(weight) = self.weight_of(node) else { return 0 };
        weight.iter().product::<usize>() + if has_bias(node.op) { node.channels } else { 0 }
    }

    /// The shape of the weight of a node, in PyTorch's layout.
    fn weight_of(&self, node: &Node) -> Option<Vec<usize>> {
        let inputs: usize = node.inputs.iter().map(|i| self.nodes[*i].channels).sum();
        let channels = node.channels;
        match node.op {
            Op::Convolution { kernel, .. } => Some(vec![channels, inputs, kernel, kernel]),
            Op::StridedConvolution => Some(vec![channels, inputs, 3, 3]),
            Op::TransposedConvolution => Some(vec![inputs, channels, 2, 2]),
            Op::WideTransposedConvolution => Some(vec![inputs, channels, 3, 3]),
            Op::BatchNorm { .. } | Op::InstanceNorm { affine: true, .. } => Some(vec![channels]),
            Op::Activation(Activation::PRelu) => Some(vec![1]),
            _ => None,
        }
    }

    /// Trained parameters of the network.
    pub fn parameters(&self) -> usize {
        self.nodes.iter().map(|n| self.parameters_of(n)).sum()
    }

    /// Names and shapes of the tensors of a node, in PyTorch's layout: weight, bias (but of a learnt slope), and for batch
    /// normalisation the running mean and variance.
    pub fn tensors_of(&self, node: &Node) -> Vec<(String, Vec<usize>)> {
        let Some(weight) = self.weight_of(node) else { return Vec::new() };
        let (channels, name) = (node.channels, &node.name);
        let mut tensors = vec![(format!("{name}.weight"), weight)];
        if has_bias(node.op) {
            tensors.push((format!("{name}.bias"), vec![channels]));
        }
        if matches!(node.op, Op::BatchNorm { .. }) {
            tensors.push((format!("{name}.running_mean"), vec![channels]));
            tensors.push((format!("{name}.running_var"), vec![channels]));
        }
        tensors
    }

    /// Names and shapes of all tensors of the network, in the order of computation.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        self.nodes.iter().flat_map(|n| self.tensors_of(n)).collect()
    }

    /// The only one of some nodes that reads a node's result, if that is no head.
    pub(super) fn only_reader(&self, index: usize, among: &[usize], heads: &[usize]) -> Option<usize> {
        let mut readers = among.iter().filter(|i| self.nodes[**i].inputs.contains(&index));
        let reader = *readers.next()?;
        (readers.next().is_none() && !heads.contains(&index)).then_some(reader)
    }

    /// The nodes that a set of heads needs, in order: a pruned U-Net++ leaves the others out.
    pub fn needed(&self, heads: &[usize]) -> Vec<usize> {
        let mut needed = vec![false; self.nodes.len()];
        for head in heads {
            needed[*head] = true;
        }
        for i in (0..self.nodes.len()).rev() {
            if needed[i] {
                for input in &self.nodes[i].inputs {
                    needed[*input] = true;
                }
            }
        }
        (0..self.nodes.len()).filter(|i| needed[*i]).collect()
    }
}

/// Whether an operation with a weight has a bias, too.
fn has_bias(op: Op) -> bool {
    op.is_convolution() || op.is_norm()
}

/// Appends operations.
pub(super) struct Builder<'a> {
    pub(super) config: &'a UNetConfig,
    pub(super) nodes: Vec<Node>,
}

impl Builder<'_> {
    pub(super) fn push(
        &mut self,
        op: Op,
        inputs: Vec<usize>,
        channels: usize,
        level: usize,
        name: String,
    ) -> usize {
        self.nodes.push(Node { op, inputs, channels, level, name });
        self.nodes.len() - 1
    }

    /// An operation that keeps channels and level.
    pub(super) fn then(&mut self, op: Op, x: usize, name: &str) -> usize {
        let Node { channels, level, .. } = self.nodes[x];
        self.push(op, vec![x], channels, level, name.to_string())
    }

    pub(super) fn convolution(&mut self, x: usize, channels: usize, kernel: usize, name: String) -> usize {
        let padding = match (self.config.padding, kernel) {
            (_, 1) | (Padding::Valid, 3) => [0; 4],
            // An even kernel has no middle: Keras pads below and on the right.
            (_, 2) => [0, 0, 1, 1],
            (_, k) => [k / 2; 4],
        };
        let level = self.nodes[x].level;
        self.push(Op::Convolution { kernel, padding }, vec![x], channels, level, name)
    }

    /// A learnt slope is called `a1` where the normalisation is called `b1`.
    pub(super) fn activation(&mut self, x: usize, name: &str) -> usize {
        match self.config.activation {
            Activation::Relu => self.then(Op::Relu, x, name),
            Activation::PRelu => {
                let name = match name.rsplit_once('b') {
                    Some((before, after)) => format!("{before}a{after}"),
                    None => format!("{name}.a"),
                };
                self.then(Op::Activation(Activation::PRelu), x, &name)
            }
            other => self.then(Op::Activation(other), x, name),
        }
    }

    /// Normalisation, if the network has it here, and activation.
    fn activated(&mut self, mut x: usize, norm: String, normalised: bool) -> usize {
        let UNetConfig { norm_last, norm_epsilon: epsilon, .. } = *self.config;
        let op = match self.config.norm {
            _ if !normalised => None,
            Norm::None => None,
            Norm::Batch => Some(Op::BatchNorm { epsilon }),
            Norm::Instance { affine } => Some(Op::InstanceNorm { epsilon, affine }),
        };
        if let Some(op) = op.filter(|_| !norm_last) {
            x = self.then(op, x, &norm);
        }
        x = self.activation(x, &norm);
        op.filter(|_| norm_last).map_or(x, |op| self.then(op, x, &norm))
    }

    /// 3x3 convolutions, each activated; `strided` if the first one halves the size.
    fn block(
        &mut self,
        mut x: usize,
        channels: &[usize],
        name: &str,
        [strided, normalised]: [bool; 2],
    ) -> usize {
        for (i, channels) in channels.iter().enumerate() {
            let convolution = format!("{name}.c{}", i + 1);
            if let (Dropout::Within(rate), 1..) = (self.config.dropout, i) {
                x = self.then(Op::Dropout { rate }, x, name);
            }
            x = if strided && i == 0 {
                let level = self.nodes[x].level + 1;
                self.push(Op::StridedConvolution, vec![x], *channels, level, convolution)
            } else {
                self.convolution(x, *channels, 3, convolution)
            };
            x = self.activated(x, format!("{name}.b{}", i + 1), normalised);
        }
        x
    }

    fn pooled(&mut self, x: usize, name: &str) -> usize {
        let Node { channels, level, .. } = self.nodes[x];
        self.push(Op::MaxPool, vec![x], channels, level + 1, name.to_string())
    }

    /// Twice as large, with `channels` channels if there is a convolution on the way. `index` as in `up.INDEX`.
    fn up(&mut self, x: usize, channels: usize, index: &str) -> usize {
        let level = self.nodes[x].level - 1;
        let below = self.nodes[x].channels;
        let up = match self.config.upsampling {
            Upsampling::Transposed => {
                self.push(Op::TransposedConvolution, vec![x], channels, level, format!("up.{index}"))
            }
            Upsampling::NearestConvolution | Upsampling::BilinearConvolution => {
                let name = format!("upconv.{index}");
                let large = self.push(self.enlarging(), vec![x], below, level, name.clone());
                self.convolution(large, channels, 2, name)
            }
            Upsampling::Nearest | Upsampling::Bilinear | Upsampling::BilinearAligned => {
                self.push(self.enlarging(), vec![x], below, level, format!("up.{index}"))
            }
        };
        if self.config.up_activation { self.activated(up, format!("upb.{index}"), true) } else { up }
    }

    fn enlarging(&self) -> Op {
        match self.config.upsampling {
            Upsampling::BilinearAligned => Op::UpsampleBilinear { align_corners: true },
            Upsampling::Bilinear | Upsampling::BilinearConvolution => {
                Op::UpsampleBilinear { align_corners: false }
            }
            _ => Op::UpsampleNearest,
        }
    }

    fn concatenated(&mut self, up: usize, mut skips: Vec<usize>, name: &str) -> usize {
        let level = self.nodes[up].level;
        skips.insert(if self.config.skip_first { skips.len() } else { 0 }, up);
        let channels = skips.iter().map(|i| self.nodes[*i].channels).sum();
        self.push(Op::Concatenate, skips, channels, level, name.to_string())
    }

    fn input(&mut self) -> usize {
        self.push(Op::Input, vec![], self.config.input_channels, 0, "input".into())
    }

    fn u_net(&mut self) -> usize {
        let levels = self.config.levels;
        let mut x = self.input();
        let mut skips = Vec::new();
        for level in 0..levels {
            let name = format!("down.{level}");
            let strided = level > 0 && self.config.downsampling == Downsampling::Convolution;
            if level > 0 && !strided {
                x = self.pooled(x, &name);
            }
            let normalised = self.config.normalised(level);
            x = self.block(x, &self.config.down(level), &name, [strided, normalised]);
            if let Dropout::Deep(rate) = self.config.dropout
                && level + 2 >= levels
            {
                x = self.then(Op::Dropout { rate }, x, &name);
            }
            skips.push(x);
        }
        skips.pop();
        // What valid convolutions took off the map below, on every side, in its pixels: 2 at the bottom (of each
        // side's 4 a half), then twice as much and 4 more at each level up.
        let mut lost = 2;
        for (i, level) in (self.config.coarse()..levels - 1).rev().enumerate() {
            let name = format!("dec.{i}");
            x = self.up(x, self.config.enlarged(level), &i.to_string());
            let mut skip = skips[level];
            if self.config.padding == Padding::Valid {
                let margin = 2 * lost;
                skip = self.push(
                    Op::Crop { margin },
                    vec![skip],
                    self.nodes[skip].channels,
                    level,
                    name.clone(),
                );
                lost = margin + 4;
            }
            if self.config.skips(level) {
                x = self.concatenated(x, vec![skip], &name);
            }
            x = self.block(x, &self.config.up(level), &name, [false, true]);
        }
        self.head(x, "head")
    }

    /// What level `l` joins has the size that it had before the strided convolution of level `l`: nodes of `down.l` are at level
    /// `l + 1`, but for the bottom, whose convolution has stride 1.
    fn strided_u_net(&mut self) -> usize {
        let bottom = self.config.levels - 1;
        let mut x = self.input();
        let mut skips = Vec::new();
        for level in 0..=bottom {
            let name = format!("down.{level}");
            x = self.block(x, &self.config.down(level), &name, [level < bottom, true]);
            skips.push(x);
        }
        for (i, level) in (0..bottom).rev().enumerate() {
            let name = if level > 0 { format!("up.{i}") } else { "head".into() };
            let joined = self.concatenated(x, vec![skips[level]], &name);
            let channels = if level > 0 { self.config.channels(level - 1) } else { self.config.outputs };
            x = self.push(Op::WideTransposedConvolution, vec![joined], channels, level, name);
            if level > 0 {
                x = self.activated(x, format!("upb.{i}"), true);
            }
        }
        x
    }

    /// Node X(i, j) of the paper is at level i, step j of its dense skip path.
    fn u_net_plus_plus(&mut self) -> Vec<usize> {
        let levels = self.config.levels;
        let mut x = self.input();
        let mut grid: Vec<Vec<usize>> = Vec::new();
        for level in 0..levels {
            let name = format!("x.{level}.0");
            if level > 0 {
                x = self.pooled(x, &name);
            }
            x = self.block(x, &[self.config.channels(level); 2], &name, [false, true]);
            if let Dropout::Deep(rate) = self.config.dropout
                && level + 2 >= levels
            {
                x = self.then(Op::Dropout { rate }, x, &name);
            }
            grid.push(vec![x]);
            // Everything that this level makes possible, up to the top.
            for (j, i) in (1..).zip((0..level).rev()) {
                let name = format!("x.{i}.{j}");
                let channels = self.config.channels(i);
                let up = self.up(grid[i + 1][j - 1], channels, &format!("{i}.{j}"));
                let joined = self.concatenated(up, grid[i][..j].to_vec(), &name);
                let block = self.block(joined, &[channels; 2], &name, [false, true]);
                grid[i].push(block);
            }
        }
        let top = grid[0].clone();
        top[1..].iter().enumerate().map(|(j, x)| self.head(*x, &format!("head.{j}"))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Preset;

    #[test]
    fn skip_connections_of_the_paper_are_cropped_as_drawn_in_it() {
        let graph = Graph::of(&Preset::Ronneberger2015.config(1, 2));
        let margins: Vec<usize> = graph
            .nodes
            .iter()
            .filter_map(|n| if let Op::Crop { margin } = n.op { Some(margin) } else { None })
            .collect();
        // 64 to 56, 136 to 104, 280 to 200, 568 to 392.
        assert_eq!(margins, [4, 16, 40, 88]);
    }

    #[test]
    fn a_shallow_head_of_the_nested_network_needs_a_part_of_it() {
        let graph = Graph::of(&Preset::UNetPlusPlus.config(3, 1));
        assert_eq!(graph.heads.len(), 4);
        let needed: Vec<usize> = graph.heads.iter().map(|h| graph.needed(&[*h]).len()).collect();
        assert!(needed.is_sorted_by(|a, b| a < b), "{needed:?}");
        let deepest = |heads: &[usize]| graph.needed(heads).iter().map(|i| graph.nodes[*i].level).max();
        assert_eq!(deepest(&graph.heads[..1]), Some(1));
        assert_eq!(deepest(&graph.heads[3..]), Some(4));
        // All heads together need everything.
        assert_eq!(graph.needed(&graph.heads).len(), graph.nodes.len());
    }

    #[test]
    fn every_name_of_parameters_is_used_once() {
        for preset in Preset::ALL {
            let graph = Graph::of(&preset.config(1, 2));
            let mut names: Vec<&str> =
                graph.nodes.iter().filter(|n| graph.parameters_of(n) > 0).map(|n| n.name.as_str()).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{}", preset.name());
        }
    }
}
