//! What no machine has a kernel for, with Burn's tensors on the same device, value by value: statistics of a whole map, a slope that
//! is learnt, interpolation. Convolutions stay ours.

use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use super::super::config::Activation;
use super::super::interpolate::{Frame, bilinear};
use super::super::norm::{normalised, scaled, sloped};
use super::super::op::Op;
use super::super::unet::UNet;
use super::back::register;
use super::layers::plain;

/// One operation, with its parameters.
pub(super) enum ByTensors {
    InstanceNorm { epsilon: f64, by: Option<Box<[Tensor<1>; 2]>> },
    Slope(Box<Tensor<1>>),
    Bilinear { align_corners: bool, level: usize },
}

/// One in a pass in which the network learns.
pub(super) struct Learnt {
    from: Tensor<4>,
    to: Tensor<4>,
}

impl ByTensors {
    /// Whether an operation is of this kind.
    pub fn knows(op: Op) -> bool {
        matches!(
            op,
            Op::InstanceNorm { .. } | Op::UpsampleBilinear { .. } | Op::Activation(Activation::PRelu)
        )
    }

    /// That of a node, with its parameters as they are in the network.
    pub fn of(net: &UNet, index: usize) -> Option<Self> {
        let node = net.graph().nodes.get(index)?;
        let layer = net.layer_of(index);
        Some(match node.op {
            Op::InstanceNorm { epsilon, affine: false } => Self::InstanceNorm { epsilon, by: None },
            Op::InstanceNorm { epsilon, affine: true } => {
                let norm = net.instance_norms.get(layer)?;
                Self::InstanceNorm { epsilon, by: Some(Box::new([norm.gamma.val(), norm.beta.val()])) }
            }
            Op::Activation(Activation::PRelu) => Self::Slope(Box::new(net.slopes.get(layer)?.alpha.val())),
            Op::UpsampleBilinear { align_corners } => Self::Bilinear { align_corners, level: node.level },
            _ => return None,
        })
    }

    /// Whether something in it learns.
    pub fn has_parameters(&self) -> bool {
        match self {
            Self::InstanceNorm { by, .. } => by.iter().flat_map(|by| by.iter()).any(Tensor::is_require_grad),
            Self::Slope(alpha) => alpha.is_require_grad(),
            Self::Bilinear { .. } => false,
        }
    }

    /// The same without what autodiff knows of its parameters.
    pub fn plain(self) -> Self {
        match self {
            Self::InstanceNorm { epsilon, by } => {
                Self::InstanceNorm { epsilon, by: by.map(|by| Box::new(by.map(plain))) }
            }
            Self::Slope(alpha) => Self::Slope(Box::new(plain(*alpha))),
            other => other,
        }
    }

    /// `x`: `[batch, channel, height, width]`; `frame`: how the tile lies in the whole.
    pub fn run(&self, x: Tensor<4>, frame: Frame) -> Tensor<4> {
        match self {
            Self::InstanceNorm { epsilon, by: None } => normalised(x, *epsilon),
            Self::InstanceNorm { epsilon, by: Some(by) } => scaled(normalised(x, *epsilon), (**by).clone()),
            Self::Slope(alpha) => sloped(x, (**alpha).clone()),
            Self::Bilinear { align_corners, level } => bilinear(x, *align_corners, frame, *level),
        }
    }

    /// As [`ByTensors::run`], such that [`Learnt::back`] finds its way.
    pub fn learn(&self, x: Tensor<4>, frame: Frame) -> Learnt {
        let from = x.autodiff().require_grad();
        Learnt { to: self.run(from.clone(), frame), from }
    }
}

impl Learnt {
    /// Its result.
    pub fn result(&self) -> Tensor<4> {
        plain(self.to.clone())
    }

    /// From the gradient of its result to that of what it read; the gradients of the node's parameters go to `all`.
    pub fn back(
        self,
        net: &UNet,
        index: usize,
        gradient: Tensor<4>,
        all: &mut GradientsParams,
    ) -> Option<Tensor<4>> {
        // The sum's gradient for the result is the one that was given.
        let mut found = (self.to * gradient.autodiff()).sum().backward();
        let layer = net.layer_of(index);
        let parameters = match net.graph().nodes.get(index)?.op {
            Op::InstanceNorm { affine: true, .. } => {
                let norm = net.instance_norms.get(layer)?;
                vec![&norm.gamma, &norm.beta]
            }
            Op::Activation(Activation::PRelu) => vec![&net.slopes.get(layer)?.alpha],
            _ => Vec::new(),
        };
        for parameter in parameters {
            if let Some(gradient) = parameter.val().grad_remove(&mut found) {
                register(all, parameter, gradient);
            }
        }
        self.from.grad_remove(&mut found)
    }
}
