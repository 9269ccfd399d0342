//! How far a preset on a device is from the framework it comes from: logits, gradients, the losses of five steps.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use insitu::error::Error;
use insitu::net::UNet;
use insitu::train::{Images, gradients, loss};
use insitu::weights::{Loss, Optimiser};

use super::{Reference, difference};

/// The largest differences of one preset on one device.
#[derive(Clone, Copy, Debug)]
pub struct Agreement {
    /// Of the logits of inference.
    pub logits: f32,
    /// Of the gradients of some parameters, in parts of the largest value of each.
    pub gradients: f32,
    /// Of the losses of the steps of Adam.
    pub losses: f32,
}

impl Agreement {
    /// Fails if a difference is larger than what is promised: 1e-4, 1e-3 and 1e-3.
    pub fn assert(&self, name: &str) {
        assert!(self.logits < 1e-4, "{name}: {self:?}");
        assert!(self.gradients < 1e-3, "{name}: {self:?}");
        assert!(self.losses < 1e-3, "{name}: {self:?}");
    }

    /// The line that `cargo xtask numerics` collects.
    pub fn line(&self, name: &str, device: &str) -> String {
        let framework = if matches!(name, "keras" | "retina") { "Keras 3.15" } else { "PyTorch 2.9" };
        let Self { logits, gradients, losses } = self;
        format!("numerics|{name}|{framework}|{device}|{logits:.1e}|{gradients:.1e}|{losses:.1e}")
    }
}

async fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data_async().await.unwrap().try_into_vec().unwrap()
}

/// The mean of the cross-entropies of all heads; `target` has the classes 0 and 1, `[batch, 1, height, width]`.
fn loss_of(heads: Vec<Tensor<4>>, target: &Tensor<4>) -> Tensor<1> {
    let n = heads.len() as f32;
    let each = heads.into_iter().map(|logits| {
        let wanted = if logits.dims()[1] == 1 {
            target.clone()
        } else {
            Tensor::cat(vec![target.clone().neg() + 1.0, target.clone()], 1)
        };
        loss(logits, wanted, target.ones_like(), &Loss::cross_entropy()) / n
    });
    each.reduce(|a, b| a + b).unwrap()
}

async fn gradient(net: &UNet, gradients: &GradientsParams, name: &str) -> Vec<f32> {
    struct Collect<'a>(&'a GradientsParams, Vec<Option<Tensor<1>>>);
    impl ModuleVisitor for Collect<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let flat = |g: Tensor<D>| {
                let n = g.shape().num_elements();
                g.reshape([n])
            };
            self.1.push(self.0.get::<D>(param.id).map(flat));
        }
    }
    let mut collect = Collect(gradients, vec![]);
    net.visit(&mut collect);
    let index = net.tensor_names().iter().position(|n| n == name).unwrap();
    values(collect.1.swap_remove(index).unwrap()).await
}

/// Whose arithmetic is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Burn,
    /// Our own kernels, on the CPU.
    Insitu,
}

async fn inferred(reference: &Reference, device: &Device, by: By) -> Vec<f32> {
    let net = reference.net(device);
    let input = reference.tensor("input", device);
    match by {
        By::Burn => values(net.forward(input)).await,
        By::Insitu => {
            let pass = net.compiled(None).expect("our kernels know every preset");
            pass.pass(reference.values("input"), input.dims()).finish().await.unwrap().0
        }
    }
}

/// Computes and learns as the reference did, for so many steps (at least one, at most its five), and compares.
pub async fn agreement(reference: &Reference, device: &Device, by: By, steps: usize) -> Agreement {
    let output = inferred(reference, device, by).await;
    let mut found =
        Agreement { logits: difference(&output, reference.values("output")), gradients: 0.0, losses: 0.0 };
    let learning = device.clone().autodiff();
    let (x, y) = (reference.tensor("input", &learning), reference.tensor("target", &learning));
    let mut net = reference.net(&learning);
    let mut adam = Optimiser::Adam { weight_decay: 0.0 }.init(None);
    for (step, expected) in reference.values("losses").iter().take(steps).enumerate() {
        let (value, grads) = match by {
            By::Burn => {
                let value = loss_of(net.learn(x.clone(), 1), &y);
                let grads = GradientsParams::from_grads(value.backward(), &net);
                (value.inner(), grads)
            }
            By::Insitu => {
                let images = Images { values: reference.values("input").to_vec(), shape: x.dims() };
                gradients(&net, images, 1, |heads| Ok::<_, Error>(loss_of(heads, &y))).unwrap()
            }
        };
        if step == 0 {
            let named: Vec<&str> = reference.gradients().collect();
            assert!(!named.is_empty());
            for parameter in named {
                let expected = reference.values(&format!("gradient.{parameter}"));
                // Of a bias in front of a batch normalisation the gradient is nothing but rounding errors.
                let size = expected.iter().fold(0.01f32, |m, v| m.max(v.abs()));
                let off = difference(&gradient(&net, &grads, parameter).await, expected) / size;
                found.gradients = found.gradients.max(off);
            }
        }
        found.losses = found.losses.max((values(value).await[0] - expected).abs());
        if step + 1 == steps {
            break;
        }
        net = adam.step(1e-3, net, grads);
    }
    found
}
