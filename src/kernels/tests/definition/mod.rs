//! What a convolution is, beside what a GPU computes: natively (`gpu.rs`) and in the browser (the engine's `tests/web.rs`).

use burn::tensor::{Device, Tensor, TensorData};
use insitu_kernels::gpu::{Finish, Geometry, Gpu, Way};

fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(747_796_405).wrapping_add(1);
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(next).collect()
}

/// `[output][input][row][column]` over `[batch][input][height][width]`, by its definition.
struct Plain {
    geometry: Geometry,
    batch: usize,
    inputs: usize,
    outputs: usize,
    from: [usize; 2],
    to: [usize; 2],
}

impl Plain {
    /// Calls `f` with places in the source, the weight and the result that are multiplied.
    fn each(&self, mut f: impl FnMut(usize, usize, usize)) {
        let Geometry { kernel, stride, padding } = self.geometry;
        for image in 0..self.batch {
            for (o, i) in (0..self.outputs).flat_map(|o| (0..self.inputs).map(move |i| (o, i))) {
                for (y, x) in (0..self.to[0]).flat_map(|y| (0..self.to[1]).map(move |x| (y, x))) {
                    for (ky, kx) in (0..kernel).flat_map(|y| (0..kernel).map(move |x| (y, x))) {
                        let sy = (y * stride + ky).wrapping_sub(padding[0]);
                        let sx = (x * stride + kx).wrapping_sub(padding[1]);
                        if sy < self.from[0] && sx < self.from[1] {
                            f(
                                ((image * self.inputs + i) * self.from[0] + sy) * self.from[1] + sx,
                                ((o * self.inputs + i) * kernel + ky) * kernel + kx,
                                ((image * self.outputs + o) * self.to[0] + y) * self.to[1] + x,
                            );
                        }
                    }
                }
            }
        }
    }
}

async fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data_async().await.unwrap().try_into_vec().unwrap()
}

fn assert_near(found: &[f32], wanted: &[f64], what: &str) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let largest = wanted.iter().fold(1e-3f64, |m, v| m.max(v.abs()));
    for (i, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert!((f64::from(*found) - wanted).abs() <= 2e-6 * largest, "{what}: {found} for {wanted} at {i}");
    }
}

/// Computes convolutions, their gradients, transposed ones and those with stride by their definition and on a GPU, and compares.
pub async fn convolutions_and_both_their_gradients(device: &Device) {
    for (kernel, stride, padding, extra) in [
        (3, 1, [1, 1], 1),
        (3, 1, [0, 0], 0),
        (1, 1, [0, 0], 0),
        (2, 1, [0, 0], 1),
        (2, 1, [1, 1], 0),
        (3, 2, [1, 1], 0),
        (2, 2, [0, 0], 0),
    ] {
        for (inputs, outputs, side) in
            [(1, 5, [17, 3]), (3, 16, [1, 34]), (5, 1, [3, 255]), (48, 40, [8, 6]), (8, 4, [4, 4])]
        {
            let from = side.map(|n: usize| n.next_multiple_of(stride).max(kernel - padding[0] - extra));
            let to: [usize; 2] = [0, 1].map(|a| {
                (from[a] + padding[a] + extra + usize::from(stride == 2 && kernel == 3) - kernel) / stride + 1
            });
            let geometry = Geometry { kernel, stride, padding };
            let plain = Plain { geometry, batch: 2, inputs, outputs, from, to };
            let what = format!("{geometry:?} {inputs} to {outputs}, {from:?} to {to:?}");
            let source = numbers(2 * inputs * from[0] * from[1], 1);
            let weight = numbers(outputs * inputs * kernel * kernel, 2);
            let result = numbers(2 * outputs * to[0] * to[1], 3);
            let bias = numbers(outputs, 4);
            let (mut forward, mut back, mut of_weight) =
                (vec![0.0; result.len()], vec![0.0; source.len()], vec![0.0; weight.len()]);
            plain.each(|s, w, r| {
                forward[r] += f64::from(source[s]) * f64::from(weight[w]);
                back[s] += f64::from(result[r]) * f64::from(weight[w]);
                of_weight[w] += f64::from(source[s]) * f64::from(result[r]);
            });
            let area = to[0] * to[1];
            for (i, value) in forward.iter_mut().enumerate() {
                let x = *value + f64::from(bias[i / area % outputs]);
                *value = if x > 0.0 { x } else { 0.25 * x };
            }
            let shape = [outputs, inputs, kernel, kernel];
            let tensor = Tensor::<4>::from_data(TensorData::new(weight.clone(), shape), device);
            let gpu = Gpu::of(tensor.clone()).unwrap();
            let bias = Tensor::<1>::from_data(TensorData::new(bias, [outputs]), device);
            let maps = gpu.input(&source, [2, inputs, from[0], from[1]]);
            let gradient = gpu.input(&result, [2, outputs, to[0], to[1]]);

            let weights = gpu.weights(tensor.clone(), geometry, Way::Forward).unwrap();
            let finish = gpu.finish(bias, Some(0.25), None).unwrap();
            let found = gpu.convolve(&maps, &weights, &finish, to);
            assert_near(&read(gpu.tensor(&found)).await, &forward, &format!("forward: {what}"));

            let weights = gpu.weights(tensor, geometry, Way::Backward).unwrap();
            let found = gpu.convolve(&gradient, &weights, &Finish::default(), from);
            assert_near(&read(gpu.tensor(&found)).await, &back, &format!("backward: {what}"));

            let found = read(gpu.weight_gradient(&maps, &gradient, geometry)).await;
            assert_near(&found, &of_weight, &format!("weights: {what}"));
        }
    }
}
