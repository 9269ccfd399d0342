//! The network computes what PyTorch computes, and learns as it does there.

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Gradients, Tensor};
use insitu::net::UNet;
use insitu::train::loss;
use insitu::weights::{Loss, Model, Optimiser};
use reference::agreement::{By, agreement};
use reference::{Reference, difference};

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// Gradients of all parameters by PyTorch's name.
fn gradients(net: &UNet, gradients: &Gradients) -> Vec<(String, Vec<f32>)> {
    struct Collect<'a>(&'a Gradients, Vec<Option<Vec<f32>>>);
    impl ModuleVisitor for Collect<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.1.push(param.val().grad(self.0).map(values));
        }
    }
    let mut collect = Collect(gradients, vec![]);
    net.visit(&mut collect);
    net.tensor_names().iter().cloned().zip(collect.1).filter_map(|(name, g)| Some((name, g?))).collect()
}

/// With Burn's operations and with our kernels.
fn infers_and_learns_like_pytorch(reference: &Reference) {
    let device = Device::flex();
    let ours = pollster::block_on(agreement(reference, &device, By::Insitu, 5));
    println!("our kernels: {ours:?}");
    ours.assert("our kernels");
    let output = values(reference.net(&device).forward(reference.tensor("input", &device)));
    let off = difference(&output, reference.values("output"));
    assert!(off < 1e-4, "logits differ by {off}");

    let learning = device.clone().autodiff();
    let (x, y) = (reference.tensor("input", &learning), reference.tensor("target", &learning));
    let mut net = reference.net(&learning);
    // After training the logits of inference cannot be compared: Adam divides the gradients of biases in front of a
    // batch normalisation, which are rounding errors around zero, by their own size.
    let settled = {
        let net = reference.net(&learning);
        let _ = net.forward(x.clone());
        values(net.valid().forward(reference.tensor("input", &device)))
    };
    let off = difference(&settled, reference.values("settled"));
    assert!(off < 1e-4, "with moved running statistics, logits differ by {off}");
    let mut adam = Optimiser::Adam { weight_decay: 0.0 }.init(None);
    for (step, expected) in reference.values("losses").iter().enumerate() {
        let value = loss(net.forward(x.clone()), y.clone(), y.ones_like(), &Loss::cross_entropy());
        let grads = value.backward();
        if step == 0 {
            let found = gradients(&net, &grads);
            for name in reference.gradients() {
                let (_, gradient) = found.iter().find(|(n, _)| n == name).unwrap();
                let off = difference(gradient, reference.values(&format!("gradient.{name}")));
                assert!(off < 1e-4, "the gradient of {name} differs by {off}");
            }
        }
        let value = values(value)[0];
        assert!((value - expected).abs() < 1e-4, "step {}: loss {value}, PyTorch {expected}", step + 1);
        let grads = GradientsParams::from_grads(grads, &net);
        net = adam.step(1e-3, net, grads);
    }
}

#[test]
fn the_small_preset_infers_and_learns_like_pytorch() {
    infers_and_learns_like_pytorch(&reference::small());
}

#[test]
fn upsampling_with_a_convolution_infers_and_learns_like_pytorch() {
    infers_and_learns_like_pytorch(&reference::nearest());
}

#[test]
fn valid_convolutions_infer_and_learn_like_pytorch() {
    infers_and_learns_like_pytorch(&reference::valid());
}

#[test]
fn bilinear_upsampling_with_aligned_corners_infers_and_learns_like_pytorch() {
    infers_and_learns_like_pytorch(&reference::aligned());
}

#[test]
fn bilinear_upsampling_with_other_activations_infers_and_learns_like_pytorch() {
    infers_and_learns_like_pytorch(&reference::half_pixel());
}

#[test]
fn instance_normalisation_with_a_scale_infers_and_learns_like_pytorch() {
    infers_and_learns_like_pytorch(&reference::instance());
}

#[test]
fn learnt_slopes_and_strided_convolutions_infer_and_learn_like_pytorch() {
    infers_and_learns_like_pytorch(&reference::strided());
}

#[test]
fn a_file_from_pytorch_without_a_card_is_recognised() {
    for reference in [reference::small(), reference::nearest()] {
        let model = Model::from_bytes(reference.file, &Device::flex()).unwrap();
        assert_eq!(model.card.network, reference.config);
    }
}
