//! Convolutions and their gradients give what their definitions give, with every kind of vector that this processor has.

#![cfg(not(target_arch = "wasm32"))]

use insitu_kernels::cpu::{
    Finish, Kind, Maps, Processor, Way, Weights3x3, WeightsDirect, convolve, convolve_direct,
    weight_gradient, weight_gradient_direct,
};

/// Numbers from -1 to 1.
fn numbers(n: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f32 / (1u64 << 30) as f32 - 1.0
    };
    (0..n).map(next).collect()
}

/// Batch, channels, height, width.
type Shape = [usize; 4];

fn at([_, c, h, w]: Shape, [n, channel, y, x]: [usize; 4]) -> usize {
    ((n * c + channel) * h + y) * w + x
}

/// The terms of a convolution: places of the input, the weight (`[output][input][row][column]`) and the result.
fn terms(shape: Shape, outputs: usize, kind: Kind, mut each: impl FnMut(usize, usize, usize)) {
    let [batch, inputs, height, width] = shape;
    let [down, across] = kind.result([height, width]);
    let result = [batch, outputs, down, across];
    let (kernel, step) = match kind {
        Kind::Same { kernel, .. } => (kernel, 1),
        Kind::Strided => (3, 2),
        Kind::Doubling | Kind::Halving => (2, 2),
    };
    for n in 0..batch {
        for (o, i) in (0..outputs).flat_map(|o| (0..inputs).map(move |i| (o, i))) {
            for (ky, kx) in (0..kernel).flat_map(|ky| (0..kernel).map(move |kx| (ky, kx))) {
                let weight = ((o * inputs + i) * kernel + ky) * kernel + kx;
                match kind {
                    Kind::Same { .. } | Kind::Strided => {
                        let [top, left] = if let Kind::Same { padding: [top, left, ..], .. } = kind {
                            [top, left]
                        } else {
                            [1, 1]
                        };
                        for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
                            let (Some(row), Some(column)) =
                                ((step * y + ky).checked_sub(top), (step * x + kx).checked_sub(left))
                            else {
                                continue;
                            };
                            if row < height && column < width {
                                each(at(shape, [n, i, row, column]), weight, at(result, [n, o, y, x]));
                            }
                        }
                    }
                    Kind::Doubling => {
                        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
                            let to = at(result, [n, o, step * y + ky, step * x + kx]);
                            each(at(shape, [n, i, y, x]), weight, to);
                        }
                    }
                    Kind::Halving => {
                        for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
                            let from = at(shape, [n, i, step * y + ky, step * x + kx]);
                            each(from, weight, at(result, [n, o, y, x]));
                        }
                    }
                }
            }
        }
    }
}

#[track_caller]
fn near(what: &str, found: &[f32], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let largest = wanted.iter().fold(1.0f64, |m, v| m.max(v.abs()));
    for (i, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        let off = (f64::from(*found) - wanted).abs();
        assert!(off <= 1e-5 * largest, "{what}: {found} instead of {wanted} at {i}");
    }
}

/// Sides of 1, 3, 17 and 255, channels of 1, 3, 5 and 48, as many results.
fn shapes() -> Vec<(Shape, usize)> {
    vec![
        ([1, 3, 1, 17], 5),
        ([2, 5, 17, 3], 48),
        ([1, 48, 3, 255], 3),
        ([1, 16, 17, 17], 16),
        ([3, 48, 5, 4], 48),
        ([1, 1, 255, 3], 1),
    ]
}

fn maps_of(shape: Shape, seed: u64) -> (Vec<f32>, Maps) {
    let values = numbers(shape.iter().product(), seed);
    let maps = Maps::from_planes(&values, shape);
    (values, maps)
}

#[test]
fn convolutions_over_tiles_give_what_the_definition_gives() {
    for processor in Processor::all() {
        for (shape, outputs) in shapes() {
            for padding in [0, 1, 2] {
                let [batch, inputs, height, width] = shape;
                if height + 2 * padding < 3 || width + 2 * padding < 3 {
                    continue;
                }
                let kind = Kind::Same { kernel: 3, padding: [padding; 4] };
                let (x, maps) = maps_of(shape, 1);
                let weight = numbers(outputs * inputs * 9, 2);
                let [down, across] = kind.result([height, width]);
                let mut wanted = vec![0.0; batch * outputs * down * across];
                terms(shape, outputs, kind, |x_at, w, y| {
                    wanted[y] += f64::from(x[x_at]) * f64::from(weight[w]);
                });
                let weights = Weights3x3::new(processor, &weight, &[inputs], outputs, Way::Forward);
                let mut found = Maps::zeros(batch, down, across, outputs);
                let plain = Finish::new(&vec![0.0; outputs], None, None);
                convolve(processor, &[&maps], &weights, padding, &plain, &mut found);
                near(&format!("{processor:?} {shape:?} {padding}"), &found.planes(), &wanted);

                let (dy, gradient) = maps_of([batch, outputs, down, across], 3);
                let mut of_weight = vec![0.0; weight.len()];
                weight_gradient(processor, &[&maps], &gradient, padding, &mut of_weight);
                let mut wanted = vec![0.0; weight.len()];
                let mut of_x = vec![0.0; x.len()];
                terms(shape, outputs, kind, |x_at, w, y| {
                    wanted[w] += f64::from(x[x_at]) * f64::from(dy[y]);
                    of_x[x_at] += f64::from(weight[w]) * f64::from(dy[y]);
                });
                near(&format!("weights of {processor:?} {shape:?} {padding}"), &of_weight, &wanted);
                let back = Weights3x3::new(processor, &weight, &[inputs], outputs, Way::Backward);
                let mut found = Maps::zeros(batch, height, width, inputs);
                let plain = Finish::new(&vec![0.0; inputs], None, None);
                convolve(processor, &[&gradient], &back, 2 - padding, &plain, &mut found);
                near(&format!("back through {processor:?} {shape:?} {padding}"), &found.planes(), &of_x);
            }
        }
    }
}

#[test]
fn direct_convolutions_give_what_the_definition_gives() {
    let kinds = [
        Kind::Same { kernel: 1, padding: [0; 4] },
        Kind::Same { kernel: 2, padding: [0, 0, 1, 1] },
        Kind::Same { kernel: 3, padding: [1; 4] },
        Kind::Strided,
        Kind::Doubling,
        Kind::Halving,
    ];
    for processor in Processor::all() {
        for ((shape, outputs), kind) in shapes().into_iter().flat_map(|s| kinds.map(|k| (s, k))) {
            let [batch, inputs, height, width] = shape;
            if kind == Kind::Halving && (height % 2 > 0 || width % 2 > 0) {
                continue;
            }
            let taps = match kind {
                Kind::Same { kernel, .. } => kernel * kernel,
                Kind::Strided => 9,
                _ => 4,
            };
            let (x, maps) = maps_of(shape, 4);
            let weight = numbers(outputs * inputs * taps, 5);
            let [down, across] = kind.result([height, width]);
            let mut wanted = vec![0.0; batch * outputs * down * across];
            terms(shape, outputs, kind, |x_at, w, y| wanted[y] += f64::from(x[x_at]) * f64::from(weight[w]));
            let at = |o: usize, i: usize, tap: usize| weight[(o * inputs + i) * taps + tap];
            let weights = WeightsDirect::new(kind, inputs, outputs, processor.lanes(), at);
            let mut found = Maps::zeros(batch, down, across, outputs);
            convolve_direct(
                processor,
                &maps,
                &weights,
                &Finish::new(&vec![0.0; outputs], None, None),
                &mut found,
            );
            near(&format!("{processor:?} {shape:?} {kind:?}"), &found.planes(), &wanted);
            // Gradients of these are not asked for.
            if matches!(kind, Kind::Halving | Kind::Strided) {
                continue;
            }
            let (dy, gradient) = maps_of([batch, outputs, down, across], 6);
            let mut wanted = vec![0.0; weight.len()];
            terms(shape, outputs, kind, |x_at, w, y| wanted[w] += f64::from(x[x_at]) * f64::from(dy[y]));
            let mut found = vec![0.0; weight.len()];
            weight_gradient_direct(processor, kind, &maps, &gradient, |o, i, tap, value| {
                found[(o * inputs + i) * taps + tap] += value;
            });
            near(&format!("weights of {processor:?} {shape:?} {kind:?}"), &found, &wanted);
        }
    }
}

#[test]
fn several_sources_are_read_as_if_they_were_joined() {
    let processor = Processor::here();
    let (a, first) = maps_of([2, 5, 9, 7], 7);
    let (b, second) = maps_of([2, 12, 9, 7], 8);
    let mut joined = Vec::new();
    for image in 0..2 {
        joined.extend_from_slice(&a[image * 5 * 63..][..5 * 63]);
        joined.extend_from_slice(&b[image * 12 * 63..][..12 * 63]);
    }
    let joined = Maps::from_planes(&joined, [2, 17, 9, 7]);
    let weight = numbers(4 * 17 * 9, 9);
    let plain = Finish::new(&[0.5; 4], Some(0.25), None);
    let run = |sources: &[&Maps], inputs: &[usize]| {
        let mut to = Maps::zeros(2, 9, 7, 4);
        let weights = Weights3x3::new(processor, &weight, inputs, 4, Way::Forward);
        convolve(processor, sources, &weights, 1, &plain, &mut to);
        let mut gradient = vec![0.0; weight.len()];
        weight_gradient(processor, sources, &to, 1, &mut gradient);
        (to.planes(), gradient)
    };
    let (values, gradient) = run(&[&first, &second], &[5, 12]);
    let (wanted, wanted_gradient) = run(&[&joined], &[17]);
    let wide = |v: &[f32]| v.iter().map(|v| f64::from(*v)).collect::<Vec<_>>();
    near("values", &values, &wide(&wanted));
    near("gradient", &gradient, &wide(&wanted_gradient));
}

#[test]
fn results_are_the_same_bits_for_any_number_of_threads() {
    let processor = Processor::here();
    for shape in [[2, 20, 61, 47], [1, 64, 16, 16]] {
        let [batch, inputs, height, width] = shape;
        let (_, maps) = maps_of(shape, 10);
        let weight = numbers(24 * inputs * 9, 11);
        let run = || {
            let weights = Weights3x3::new(processor, &weight, &[inputs], 24, Way::Forward);
            let mut to = Maps::zeros(batch, height, width, 24);
            convolve(processor, &[&maps], &weights, 1, &Finish::new(&[0.1; 24], Some(0.0), None), &mut to);
            let mut gradient = vec![0.0; weight.len()];
            weight_gradient(processor, &[&maps], &to, 1, &mut gradient);
            let mut direct = Vec::new();
            let kind = Kind::Same { kernel: 1, padding: [0; 4] };
            weight_gradient_direct(processor, kind, &maps, &to, |_, _, _, value| direct.push(value));
            (to.planes(), gradient, direct)
        };
        let with =
            |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(run);
        let one = with(1);
        for threads in [2, 3, 4] {
            assert!(with(threads) == one, "{threads} threads give other bits of {shape:?}");
        }
    }
}
