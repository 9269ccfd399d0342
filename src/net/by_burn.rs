//! The forward pass with Burn's operations alone: what our kernels are compared with. Nothing of the engine calls it, so that the page
//! does not download Burn's convolutions.

use burn::tensor::Tensor;
use burn::tensor::activation::{leaky_relu, relu};
use burn::tensor::module::{interpolate, max_pool2d};
use burn::tensor::ops::{InterpolateMode, InterpolateOptions, MaxPoolOptions};

use super::config::{Activation, SELU};
use super::dropout::Drops;
use super::interpolate::{Frame, bilinear};
use super::norm::{Slope, normalised, scaled, sloped};
use super::op::Op;
use super::unet::UNet;

impl UNet {
    /// Logits for a batch, of the last head if there are several.
    ///
    /// `x`: `[batch, input channel, height, width]`, height and width legal for the geometry
    /// ([`super::Geometry::is_legal`]). Returns `[batch, output, height, width]`, smaller by the geometry's
    /// border on every side with valid padding. Nothing is dropped.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.forward_to(x, None)
    }

    /// The same, of a head as [`UNet::compiled`] chooses it.
    pub fn forward_to(&self, x: Tensor<4>, head: Option<usize>) -> Tensor<4> {
        let heads = &self.graph().heads;
        let last = heads.len() - 1;
        let head = heads[head.unwrap_or(last).min(last)];
        match self.through(x, &[head], None).pop() {
            Some(logits) => logits,
            None => unreachable!("each head has its logits"),
        }
    }

    /// Logits of every head, from the shallowest to the deepest, with dropout drawn from `seed`. Shapes as in [`UNet::forward`].
    pub fn learn(&self, x: Tensor<4>, seed: u64) -> Vec<Tensor<4>> {
        self.through(x, &self.graph().heads, Some(Drops::new(seed)))
    }

    fn through(&self, x: Tensor<4>, heads: &[usize], mut drops: Option<Drops>) -> Vec<Tensor<4>> {
        let graph = self.graph();
        let order = graph.needed(heads);
        let [_, _, height, width] = x.dims();
        let frame = Frame::of([height, width]);
        let mut values = vec![None; graph.nodes.len()];
        values[0] = Some(x);
        for (place, index) in order.iter().enumerate().skip(1) {
            let inputs = graph.nodes[*index].inputs.iter();
            let from =
                inputs.map(|i| values[*i].clone().unwrap_or_else(|| unreachable!("in order"))).collect();
            values[*index] = Some(self.node(*index, from, frame, &mut drops));
            // Memory is free for what follows.
            for input in &graph.nodes[*index].inputs {
                let later = order[place + 1..].iter().any(|i| graph.nodes[*i].inputs.contains(input));
                if !later && !heads.contains(input) {
                    values[*input] = None;
                }
            }
        }
        heads.iter().filter_map(|head| values[*head].take()).collect()
    }

    fn node(
        &self,
        index: usize,
        mut from: Vec<Tensor<4>>,
        frame: Frame,
        drops: &mut Option<Drops>,
    ) -> Tensor<4> {
        let node = &self.graph().nodes[index];
        let layer = self.layer_of(index);
        if node.op == Op::Concatenate {
            return Tensor::cat(from, 1);
        }
        let x = from.remove(0); // [batch, channel, height >> level, width >> level]
        match node.op {
            Op::Input | Op::Concatenate => x,
            Op::Convolution { .. } | Op::StridedConvolution => self.convolutions[layer].forward(x),
            Op::TransposedConvolution | Op::WideTransposedConvolution => self.transposed[layer].forward(x),
            Op::BatchNorm { .. } => self.norms[layer].forward(x),
            Op::InstanceNorm { epsilon, affine: false } => normalised(x, epsilon),
            Op::InstanceNorm { epsilon, affine: true } => {
                let norm = &self.instance_norms[layer];
                scaled(normalised(x, epsilon), [norm.gamma.val(), norm.beta.val()])
            }
            Op::Relu => relu(x),
            Op::Activation(Activation::PRelu) => sloped(x, self.slopes[layer].alpha.val()),
            Op::Activation(activation) => activated(x, activation),
            Op::MaxPool => max_pool2d(x, MaxPoolOptions::new([2, 2]).with_stride([2, 2])),
            Op::UpsampleNearest => {
                let [_, _, h, w] = x.dims();
                let options =
                    InterpolateOptions::new(InterpolateMode::Nearest).with_output_size([2 * h, 2 * w]);
                interpolate(x, options)
            }
            Op::UpsampleBilinear { align_corners } => bilinear(x, align_corners, frame, node.level),
            Op::Crop { margin } => {
                let [n, c, h, w] = x.dims();
                x.slice([0..n, 0..c, margin..h - margin, margin..w - margin])
            }
            Op::Dropout { rate } => match drops {
                Some(drops) => drops.applied(x, rate),
                None => x,
            },
        }
    }
}

fn activated(x: Tensor<4>, activation: Activation) -> Tensor<4> {
    // Exponentials of negative values alone: others would overflow, and their gradients would not be numbers.
    let exponential = |x: Tensor<4>, alpha: f64| relu(x.clone()) + (relu(x.neg()).neg().exp() - 1.0) * alpha;
    match activation {
        // The slope that [`Slope`] starts with.
        Activation::PRelu => leaky_relu(x, Slope::FIRST),
        Activation::Relu => relu(x),
        Activation::LeakyRelu(slope) => leaky_relu(x, slope),
        Activation::Elu(alpha) => exponential(x, alpha),
        Activation::Selu => exponential(x, SELU[0]) * SELU[1],
    }
}
