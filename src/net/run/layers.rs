//! The parameters of a network's layers.

use burn::module::Param;
use burn::nn::BatchNorm;
use burn::tensor::Tensor;

use super::super::op::Op;
use super::super::unet::UNet;
use super::machine::Moments;

/// Weight and bias of a convolution.
pub(super) type Parameters<'a> = (&'a Param<Tensor<4>>, Option<&'a Param<Tensor<1>>>);

/// A tensor without what autodiff knows of it.
pub(super) fn plain<const D: usize>(tensor: Tensor<D>) -> Tensor<D> {
    if tensor.device().is_autodiff() { tensor.inner() } else { tensor }
}

pub(super) fn parameters(net: &UNet, op: Op, layer: usize) -> Option<Parameters<'_>> {
    Some(if op.is_transposed() {
        let layer = net.transposed.get(layer)?;
        (&layer.weight, layer.bias.as_ref())
    } else {
        let layer = net.convolutions.get(layer)?;
        (&layer.weight, layer.bias.as_ref())
    })
}

/// Scale and shift that a batch normalisation is in inference.
pub(super) fn folded(net: &UNet, layer: usize, epsilon: f64) -> Option<Moments> {
    let layer = net.norms.get(layer)?;
    let [gamma, beta] = gamma_and_beta(layer);
    let [mean, variance] = [layer.running_mean.value(), layer.running_var.value()].map(plain);
    let scale = gamma / (variance + epsilon).sqrt();
    let shift = beta - scale.clone() * mean;
    Some([scale, shift])
}

/// Gamma and beta of a batch normalisation.
pub(super) fn gamma_and_beta(norm: &BatchNorm) -> Moments {
    [norm.gamma.val(), norm.beta.val()].map(plain)
}

/// Scale and shift of an affine instance normalisation.
pub(super) fn instance_norm(net: &UNet, layer: usize) -> Option<Moments> {
    let layer = net.instance_norms.get(layer)?;
    Some([layer.gamma.val(), layer.beta.val()].map(plain))
}

/// A learnt slope, of a network that lies in the CPU's memory.
pub(super) fn slope(net: &UNet, layer: usize) -> Option<f32> {
    let values = net.slopes.get(layer)?.alpha.val().into_data().convert::<f32>().try_into_vec::<f32>();
    values.ok()?.first().copied()
}
