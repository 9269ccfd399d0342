//! `cargo xtask bench native`: milliseconds of the width-16 network natively: inference and training steps, medians. To be set beside what
//! PyTorch takes in the same minutes (`cargo xtask bench --only torch`). On the CPU, or with `--gpu` on a graphics card.

use std::time::Instant;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use insitu::error::Error;
use insitu::net::{Preset, UNet, UNetConfig, he_normal, stable_ids};
use insitu::train::{Images, gradients, loss};
use insitu::weights::{Loss, Optimiser};

fn median(times: usize, mut work: impl FnMut()) -> f64 {
    work();
    let mut all: Vec<f64> = (0..times)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    all.sort_by(f64::total_cmp);
    all[times / 2]
}

/// The CPU, or the graphics card.
fn device() -> Device {
    #[cfg(feature = "gpu")]
    if std::env::args().any(|a| a == "--gpu") {
        return Device::wgpu_options().init().expect("a graphics card");
    }
    Device::flex()
}

/// How inference grows with the width.
fn growth(device: &Device) {
    for width in [16, 24, 32, 48, 64] {
        let config = UNetConfig { width, ..Preset::Small.config(1, 1) };
        let net = he_normal(UNet::new(&config, device).unwrap(), 1);
        let compiled = net.compiled(None).unwrap();
        let input = vec![0.5; 256 * 256];
        let time = median(5, || {
            let logits = pollster::block_on(compiled.pass(&input, [1, 1, 256, 256]).finish());
            std::hint::black_box(logits.is_ok());
        });
        println!("width/{width}: {time:.1} ms");
    }
}

fn main() {
    let device = device();
    if std::env::args().any(|a| a == "--growth") {
        return growth(&device);
    }
    let config = UNetConfig { width: 16, ..Preset::Small.config(1, 1) };
    let net = he_normal(UNet::new(&config, &device.clone().autodiff()).unwrap(), 1);
    let values = |n: usize| (0..n).map(|i| (i * 7919 % 255) as f32 / 255.0).collect::<Vec<f32>>();
    let inference = net.valid();
    for side in [128, 256, 512] {
        let compiled = inference.compiled(None).unwrap();
        let input = values(side * side);
        let time = median(15, || {
            let logits = pollster::block_on(compiled.pass(&input, [1, 1, side, side]).finish());
            std::hint::black_box(logits.is_ok());
        });
        println!("infer/1x{side}: {time:.1} ms");
    }
    let time = median(15, || {
        std::hint::black_box(inference.compiled(None).is_ok());
    });
    println!("weights into the order of the kernels: {time:.1} ms");
    for (batch, side) in [(1, 64), (4, 64), (4, 128), (1, 256)] {
        let mut learner = stable_ids(inference.clone().train());
        let mut adam = Optimiser::Adam { weight_decay: 0.0 }.init(None);
        let x = values(batch * side * side);
        let learning = device.clone().autodiff();
        let wanted = Tensor::<4>::from_data(
            TensorData::new(x.iter().map(|v| v.round()).collect::<Vec<f32>>(), [batch, 1, side, side]),
            &learning,
        );
        let time = median(15, || {
            let images = Images { values: x.clone(), shape: [batch, 1, side, side] };
            let step = gradients(&learner, images, 0, |heads| {
                let logits =
                    heads.into_iter().next_back().ok_or_else(|| Error::invalid("net", "no output"))?;
                Ok::<_, Error>(loss(logits, wanted.clone(), wanted.ones_like(), &Loss::cross_entropy()))
            });
            let (loss, gradients) = step.unwrap();
            learner = adam.step(1e-3, learner.clone(), gradients);
            // A graphics card works on until somebody asks for a number.
            std::hint::black_box(loss.into_data());
        });
        println!("train/{batch}x{side}: {time:.1} ms");
    }
}
