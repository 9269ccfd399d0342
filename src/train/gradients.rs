//! The loss of a batch and the gradients of all parameters, on the device that the network is on.

use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

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
/// Our own kernels go through the network; where they cannot, Burn does. `device`: the plain device of the network.
///
/// # Errors
/// Whatever `loss_of` fails with.
pub fn gradients<E>(
    net: &UNet,
    images: Images,
    device: &Device,
    seed: u64,
    loss_of: impl FnOnce(Vec<Tensor<4>>) -> Result<Tensor<1>, E>,
) -> Result<(Tensor<1>, GradientsParams), E> {
    let learning = device.clone().autodiff();
    let tensor =
        |values, shape: [usize; 4]| Tensor::<4>::from_data(TensorData::new(values, shape), &learning);
    let Some(pass) = net.learning_pass(&images.values, images.shape, seed) else {
        let loss = loss_of(net.learn(tensor(images.values, images.shape), seed))?;
        let gradients = GradientsParams::from_grads(loss.backward(), net);
        return Ok((loss.inner(), gradients));
    };
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
