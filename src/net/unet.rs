//! The network itself. Field names are those of the weight files, so that paths need little mapping.

use std::ops::ControlFlow;

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::module::{interpolate, max_pool2d};
use burn::tensor::ops::{InterpolateMode, InterpolateOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor};

use super::config::{Norm, Padding, UNetConfig, Upsampling};
use crate::error::Result;

/// Two 3x3 convolutions, each with an optional batch normalisation and a ReLU.
#[derive(Module, Debug)]
pub struct DoubleConv {
    c1: Conv2d,
    b1: Option<BatchNorm>,
    c2: Conv2d,
    b2: Option<BatchNorm>,
}

/// A U-Net: `levels` double convolutions down with 2x2 max-pooling between them, as many less one up, with
/// skip connections, and a 1x1 convolution to logits.
#[derive(Module, Debug)]
pub struct UNet {
    down: Vec<DoubleConv>,
    /// From the bottom up, like `upb` and `dec`. One of `up` and `upconv` is empty.
    up: Vec<ConvTranspose2d>,
    upconv: Vec<Conv2d>,
    upb: Vec<BatchNorm>,
    dec: Vec<DoubleConv>,
    head: Conv2d,
    up_activation: bool,
}

fn conv(inputs: usize, outputs: usize, kernel: usize, padding: PaddingConfig2d, device: &Device) -> Conv2d {
    Conv2dConfig::new([inputs, outputs], [kernel, kernel])
        .with_padding(padding)
        .with_initializer(Initializer::Zeros)
        .init(device)
}

impl DoubleConv {
    fn new(inputs: usize, outputs: usize, config: &UNetConfig, device: &Device) -> Self {
        let padding = match config.padding {
            Padding::Same => PaddingConfig2d::Explicit(1, 1, 1, 1),
            Padding::Valid => PaddingConfig2d::Valid,
        };
        let norm = || (config.norm == Norm::Batch).then(|| BatchNormConfig::new(outputs).init(device));
        Self {
            c1: conv(inputs, outputs, 3, padding.clone(), device),
            b1: norm(),
            c2: conv(outputs, outputs, 3, padding, device),
            b2: norm(),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = relu(normed(&self.b1, self.c1.forward(x)));
        relu(normed(&self.b2, self.c2.forward(x)))
    }
}

fn normed(norm: &Option<BatchNorm>, x: Tensor<4>) -> Tensor<4> {
    match norm {
        Some(norm) => norm.forward(x),
        None => x,
    }
}

impl UNet {
    /// Builds the network with all convolution weights zero: load weights or call [`super::he_normal`] next.
    ///
    /// # Errors
    /// `net.config` if the configuration cannot be built.
    pub fn new(config: &UNetConfig, device: &Device) -> Result<Self> {
        config.validate()?;
        let mut down = Vec::with_capacity(config.levels);
        let mut inputs = config.input_channels;
        for level in 0..config.levels {
            down.push(DoubleConv::new(inputs, config.channels(level), config, device));
            inputs = config.channels(level);
        }
        let (mut up, mut upconv, mut upb, mut dec) = (vec![], vec![], vec![], vec![]);
        for level in (0..config.levels - 1).rev() {
            let (below, here) = (config.channels(level + 1), config.channels(level));
            match config.upsampling {
                Upsampling::Transposed => up.push(
                    ConvTranspose2dConfig::new([below, here], [2, 2])
                        .with_stride([2, 2])
                        .with_initializer(Initializer::Zeros)
                        .init(device),
                ),
                Upsampling::NearestConvolution => {
                    upconv.push(conv(below, here, 2, PaddingConfig2d::Explicit(0, 0, 1, 1), device))
                }
            }
            if config.up_activation && config.norm == Norm::Batch {
                upb.push(BatchNormConfig::new(here).init(device));
            }
            dec.push(DoubleConv::new(2 * here, here, config, device));
        }
        let head = conv(config.width, config.outputs, 1, PaddingConfig2d::Valid, device);
        Ok(Self { down, up, upconv, upb, dec, head, up_activation: config.up_activation })
    }

    /// Logits for a batch.
    ///
    /// `x`: `[batch, input channel, height, width]`, height and width legal for the geometry
    /// ([`super::Geometry::is_legal`]). Returns `[batch, output, height, width]`, smaller by the geometry's
    /// border on every side with valid padding.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let mut pass = self.pass(x);
        loop {
            match pass.step() {
                ControlFlow::Break(logits) => return logits,
                ControlFlow::Continue(rest) => pass = rest,
            }
        }
    }

    /// The same block by block, for a thread that has other work to turn to in between. Shapes as in
    /// [`UNet::forward`].
    pub fn pass(&self, x: Tensor<4>) -> Pass<'_> {
        Pass { net: self, x, skips: Vec::with_capacity(self.dec.len()), done: 0 }
    }

    /// One level of the expanding path, without its double convolution: up, and joined with the skip connection.
    fn joined(&self, i: usize, x: Tensor<4>, skip: Option<Tensor<4>>) -> Tensor<4> {
        let mut x = match (self.up.get(i), self.upconv.get(i)) {
            (Some(up), _) => up.forward(x),
            (None, Some(conv)) => {
                let [_, _, h, w] = x.dims();
                let options =
                    InterpolateOptions::new(InterpolateMode::Nearest).with_output_size([2 * h, 2 * w]);
                conv.forward(interpolate(x, options))
            }
            (None, None) => x,
        };
        if self.up_activation {
            x = relu(match self.upb.get(i) {
                Some(norm) => norm.forward(x),
                None => x,
            });
        }
        match skip {
            Some(skip) => Tensor::cat(vec![x.clone(), cropped(skip, x.dims())], 1),
            None => x,
        }
    }
}

/// A forward pass under way.
pub struct Pass<'a> {
    net: &'a UNet,
    x: Tensor<4>,
    skips: Vec<Tensor<4>>,
    /// Blocks done: first those of the contracting path, then those of the expanding one.
    done: usize,
}

impl Pass<'_> {
    /// Computes one block; after the last one the logits.
    pub fn step(self) -> ControlFlow<Tensor<4>, Self> {
        let Self { net, mut x, mut skips, done } = self;
        if let Some(block) = net.down.get(done) {
            x = block.forward(x); // [batch, width << level, h >> level, w >> level]
            if done + 1 < net.down.len() {
                skips.push(x.clone());
                x = max_pool2d(x, MaxPoolOptions::new([2, 2]).with_stride([2, 2]));
            }
        } else if let Some(block) = net.dec.get(done - net.down.len()) {
            let skip = skips.pop();
            x = block.forward(net.joined(done - net.down.len(), x, skip));
        } else {
            return ControlFlow::Break(net.head.forward(x));
        }
        ControlFlow::Continue(Self { net, x, skips, done: done + 1 })
    }
}

/// The middle of a skip connection, as large as the map it joins (Ronneberger's crop; nothing with same padding).
fn cropped(skip: Tensor<4>, like: [usize; 4]) -> Tensor<4> {
    let [n, c, h, w] = skip.dims();
    let [_, _, height, width] = like;
    if (h, w) == (height, width) {
        return skip;
    }
    let (top, left) = ((h - height) / 2, (w - width) / 2);
    skip.slice([0..n, 0..c, top..top + height, left..left + width])
}
