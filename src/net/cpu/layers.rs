//! The values of a network's parameters, and convolutions made of them.

use burn::module::Param;
use burn::tensor::Tensor;
use insitu_kernels::cpu::{
    Finish, Kind, Maps, Processor, Way, Weights3x3, WeightsDirect, convolve, convolve_direct,
};

use super::super::op::Op;
use super::super::unet::UNet;

/// Input channels below which tiles bring nothing: they would be transformed for few multiplications.
const FEW: usize = 4;

/// The values of a tensor that lies in the CPU's memory.
pub(super) fn values<const D: usize>(tensor: Tensor<D>) -> Option<Vec<f32>> {
    tensor.into_data().convert::<f32>().try_into_vec().ok()
}

/// Weight, `[output][input][row][column]`, and bias of a convolution; of a transposed one `[input][output][row][column]`.
pub(super) fn convolution(net: &UNet, op: Op, layer: usize) -> Option<[Vec<f32>; 2]> {
    let (weight, bias) = match op {
        Op::TransposedConvolution => {
            let layer = net.transposed.get(layer)?;
            (layer.weight.val(), layer.bias.as_ref()?.val())
        }
        _ => {
            let layer = net.convolutions.get(layer)?;
            (layer.weight.val(), layer.bias.as_ref()?.val())
        }
    };
    Some([values(weight)?, values(bias)?])
}

/// Scale, shift, mean and variance of a batch normalisation.
pub(super) fn norm(net: &UNet, layer: usize) -> Option<[Vec<f32>; 4]> {
    let layer = net.norms.get(layer)?;
    Some([
        values(layer.gamma.val())?,
        values(layer.beta.val())?,
        values(layer.running_mean.value())?,
        values(layer.running_var.value())?,
    ])
}

/// Scale and shift of an affine instance normalisation.
pub(super) fn instance_norm(net: &UNet, layer: usize) -> Option<[Vec<f32>; 2]> {
    let layer = net.instance_norms.get(layer)?;
    Some([values(layer.gamma.val())?, values(layer.beta.val())?])
}

/// A learnt slope.
pub(super) fn slope(net: &UNet, layer: usize) -> Option<f32> {
    values(net.slopes.get(layer)?.alpha.val())?.first().copied()
}

/// A convolution ready to run.
pub(super) enum Convolution {
    Tiles { weights: Weights3x3, padding: usize },
    Direct(WeightsDirect, Kind),
}

/// How an operation is computed, if it is a convolution.
pub(super) fn kind(op: Op) -> Option<Kind> {
    match op {
        Op::Convolution { kernel: kernel @ 1..=3, padding } => Some(Kind::Same { kernel, padding }),
        Op::StridedConvolution => Some(Kind::Strided),
        Op::TransposedConvolution => Some(Kind::Doubling),
        _ => None,
    }
}

/// The padding of a 3x3 convolution that goes over tiles.
pub(super) fn over_tiles(kind: Kind, inputs: usize) -> Option<usize> {
    match kind {
        Kind::Same { kernel: 3, padding } if inputs >= FEW => [0, 1].into_iter().find(|p| padding == [*p; 4]),
        _ => None,
    }
}

impl Convolution {
    /// `inputs`: channels of each source.
    pub fn new(kind: Kind, weight: &[f32], inputs: &[usize], outputs: usize, processor: Processor) -> Self {
        let total: usize = inputs.iter().sum();
        let lanes = processor.lanes();
        if let Some(padding) = over_tiles(kind, total) {
            let weights = Weights3x3::new(processor, weight, inputs, outputs, Way::Forward);
            return Self::Tiles { weights, padding };
        }
        let taps = weight.len() / (total * outputs);
        let weights = WeightsDirect::new(kind, total, outputs, lanes, |output, input, tap| {
            let at = if kind == Kind::Doubling { input * outputs + output } else { output * total + input };
            weight[at * taps + tap]
        });
        Self::Direct(weights, kind)
    }

    /// The one that takes the gradient of this one's result to that of what it read.
    pub fn backward(kind: Kind, weight: &[f32], inputs: usize, outputs: usize, processor: Processor) -> Self {
        let lanes = processor.lanes();
        if let Some(padding) = over_tiles(kind, inputs) {
            let weights = Weights3x3::new(processor, weight, &[inputs], outputs, Way::Backward);
            return Self::Tiles { weights, padding: 2 - padding };
        }
        let taps = weight.len() / (inputs * outputs);
        let turned = match kind {
            Kind::Same { kernel, padding } => Kind::Same { kernel, padding: padding.map(|p| kernel - 1 - p) },
            _ => Kind::Halving,
        };
        let weights = WeightsDirect::new(turned, outputs, inputs, lanes, |input, output, tap| match kind {
            Kind::Same { .. } => weight[(output * inputs + input) * taps + taps - 1 - tap],
            _ => weight[(input * outputs + output) * taps + tap],
        });
        Self::Direct(weights, turned)
    }

    /// Height and width of the result.
    pub fn result(&self, size: [usize; 2]) -> [usize; 2] {
        match self {
            Self::Tiles { padding, .. } => size.map(|n| n + 2 * padding - 2),
            Self::Direct(_, kind) => kind.result(size),
        }
    }

    pub fn outputs(&self) -> usize {
        match self {
            Self::Tiles { weights, .. } => weights.outputs,
            Self::Direct(weights, _) => weights.outputs,
        }
    }

    /// Whether several sources are read as they are; else they must be joined before.
    pub fn joins(&self) -> bool {
        matches!(self, Self::Tiles { .. })
    }

    pub fn run(&self, processor: Processor, from: &[&Maps], finish: &Finish, to: &mut Maps) {
        match (self, from) {
            (Self::Tiles { weights, padding }, _) => convolve(processor, from, weights, *padding, finish, to),
            (Self::Direct(weights, _), [from, ..]) => convolve_direct(processor, from, weights, finish, to),
            (Self::Direct(..), []) => {}
        }
    }
}

/// Weight and bias of a convolution.
pub(super) type Parameters<'a> = (&'a Param<Tensor<4>>, Option<&'a Param<Tensor<1>>>);

pub(super) fn parameters(net: &UNet, op: Op, layer: usize) -> Option<Parameters<'_>> {
    Some(match op {
        Op::TransposedConvolution => {
            let layer = net.transposed.get(layer)?;
            (&layer.weight, layer.bias.as_ref())
        }
        _ => {
            let layer = net.convolutions.get(layer)?;
            (&layer.weight, layer.bias.as_ref())
        }
    })
}
