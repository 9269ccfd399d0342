//! The loss of a batch and the gradients of all parameters, on the device that the network is on.

use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use crate::error::Error;
use crate::net::UNet;

/// A batch of images: `[batch, channel, height, width]`.
pub struct Images {
    pub values: Vec<f32>,
    pub shape: [usize; 4],
}

/// The loss, `loss_of` the logits of every head (from the shallowest to the deepest, `[batch, output, height, width]`, with
/// autodiff), and its gradients for the parameters of `net` that learn. `seed` draws what dropout drops. Batch normalisation updates
/// its running statistics where it learns.
///
/// # Errors
/// As [`UNet::learning_pass`]; whatever `loss_of` fails with.
pub fn gradients<E: From<Error>>(
    net: &UNet,
    images: Images,
    seed: u64,
    loss_of: impl FnOnce(Vec<Tensor<4>>) -> Result<Tensor<1>, E>,
) -> Result<(Tensor<1>, GradientsParams), E> {
    let pass = net.learning_pass(&images.values, images.shape, seed)?;
    let logits: Vec<Tensor<4>> =
        pass.logits().into_iter().map(|logits| logits.autodiff().require_grad()).collect();
    let loss = loss_of(logits.clone())?;
    let mut found = loss.backward();
    let of_logits = logits
        .iter()
        .map(|logits| logits.grad_remove(&mut found).unwrap_or_else(|| logits.clone().inner().zeros_like()));
    let of_logits = of_logits.collect();
    Ok((loss.inner(), pass.backward(of_logits)))
}
