//! `cargo xtask bench kernels`: billions of multiplications and additions a second (GFLOP/s) that each layer of two U-Nets takes, as the
//! definition counts them, beside what a core can do at most. A convolution over tiles needs a quarter of the multiplications
//! of its definition, so that it may pass the peak.

use std::hint::black_box;
use std::time::Instant;

use insitu_kernels::cpu::{Finish, Maps, Processor, Way, Weights3x3, convolve, weight_gradient};

/// Seconds that one call takes: the median of some.
fn seconds(mut work: impl FnMut()) -> f64 {
    work();
    let mut times = Vec::new();
    let all = Instant::now();
    while times.len() < 5 || (all.elapsed().as_secs_f64() < 0.3 && times.len() < 101) {
        let start = Instant::now();
        work();
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// 3x3 convolutions of a U-Net so wide on 256 x 256 pixels: inputs, outputs, side.
fn layers(width: usize) -> Vec<(usize, usize, usize)> {
    let mut all = Vec::new();
    for level in 0..5 {
        let (channels, side) = (width << level, 256 >> level);
        if level > 0 {
            all.push((channels / 2, channels, side));
        }
        all.push((channels, channels, side));
        if level < 4 {
            all.push((2 * channels, channels, side));
        }
    }
    all
}

fn main() {
    let processor = Processor::here();
    let peak = processor.peak();
    println!("{processor:?}, {} threads; peak of one core {peak:.0} GFLOP/s", rayon::current_num_threads());
    println!(
        "| inputs | outputs | side | forward | gradient of the input | gradient of the weights |\n|---|---|---|---|---|---|"
    );
    for width in [16, 64] {
        for (inputs, outputs, side) in layers(width) {
            let maps = |channels: usize, step: usize| {
                let values: Vec<f32> =
                    (0..channels * side * side).map(|i| (i * step % 101) as f32 / 50.0 - 1.0).collect();
                Maps::from_planes(&values, [1, channels, side, side])
            };
            let (x, dy) = (maps(inputs, 37), maps(outputs, 53));
            let weight: Vec<f32> =
                (0..outputs * inputs * 9).map(|i| (i * 29 % 103) as f32 / 5000.0 - 0.01).collect();
            let mut y = Maps::zeros(1, side, side, outputs);
            let mut dx = Maps::zeros(1, side, side, inputs);
            let forward = Weights3x3::new(processor, &weight, &[inputs], outputs, Way::Forward);
            let back = Weights3x3::new(processor, &weight, &[inputs], outputs, Way::Backward);
            let (rectified, plain) = (
                Finish::new(&vec![0.1; outputs], Some(0.0), None),
                Finish::new(&vec![0.0; inputs], None, None),
            );
            let mut gradient = vec![0.0; weight.len()];
            let flop = 18.0 * (inputs * outputs * side * side) as f64 / 1e9;
            let rates = [
                seconds(|| convolve(processor, &[&x], &forward, 1, &rectified, black_box(&mut y))),
                seconds(|| convolve(processor, &[&dy], &back, 1, &plain, black_box(&mut dx))),
                seconds(|| weight_gradient(processor, &[&x], &dy, 1, black_box(&mut gradient))),
            ]
            .map(|seconds| format!("{:.0}", flop / seconds));
            println!("| {inputs} | {outputs} | {side} | {} |", rates.join(" | "));
        }
    }
}
