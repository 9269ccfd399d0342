//! Losses, their gradients, and the steps of optimisers are PyTorch's, weights and deformations those of the paper
//! (tests/reference/make_training.py).

#![cfg(not(target_arch = "wasm32"))]

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use insitu::net::Preset;
use insitu::scan::Image;
use insitu::train::{
    Augmentation, Checkpoint, Elastic, Labels, Optimiser, Pace, Sample, Sampler, Schedule, Session, Settings,
    loss, targets,
};
use insitu::weights::{Card, Class, Loss, Method};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    losses: Vec<LossCase>,
    class_weights: Vec<LossCase>,
    optimisers: Vec<OptimiserCase>,
    plateau: PlateauCase,
    borders: BordersCase,
    elastic: ElasticCase,
}

#[derive(Deserialize)]
struct LossCase {
    name: String,
    outputs: usize,
    logits: Vec<f32>,
    classes: Vec<usize>,
    weights: Vec<f32>,
    value: f32,
    gradient: Vec<f32>,
}

#[derive(Deserialize)]
struct OptimiserCase {
    name: String,
    start: [Vec<f32>; 2],
    gradients: Vec<[Vec<f32>; 2]>,
    after: Vec<[Vec<f32>; 2]>,
}

#[derive(Deserialize)]
struct PlateauCase {
    scores: Vec<f64>,
    rates: Vec<f64>,
}

#[derive(Deserialize)]
struct BordersCase {
    width: usize,
    height: usize,
    objects: Vec<u32>,
    weights: Vec<f32>,
}

#[derive(Deserialize)]
struct ElasticCase {
    size: usize,
    grids: [[[f32; 3]; 3]; 2],
    field: [Vec<f32>; 2],
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("reference/training.json")).unwrap()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// Fails unless all values agree to 1e-5 of the largest.
fn same(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let size = expected.iter().fold(1e-3f32, |m, v| m.max(v.abs()));
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= 1e-5 * size, "{what}: {a} instead of {b}");
    }
}

/// What each output is told to want; unlabelled pixels anything, for it must not matter.
fn wanted(case: &LossCase) -> Vec<f32> {
    let mut wanted = vec![0.0f32; 2 * case.outputs * 12];
    for (i, class) in case.classes.iter().enumerate() {
        let output = match (case.outputs, *class) {
            (_, 255) => case.outputs - 1,
            (1, 0) => continue,
            (1, _) => 0,
            (_, class) => class,
        };
        wanted[((i / 12) * case.outputs + output) * 12 + i % 12] = 1.0;
    }
    wanted
}

/// Value and gradient with respect to the logits.
fn value_and_gradient(case: &LossCase, logits: &[f32], weights: &[f32], how: &Loss) -> (Vec<f32>, Vec<f32>) {
    let device = Device::flex().autodiff();
    let tensor = |values: &[f32], shape: [usize; 4]| {
        Tensor::<4>::from_data(TensorData::new(values.to_vec(), shape), &device)
    };
    let shape = [2, case.outputs, 3, 4];
    let logits = tensor(logits, shape).require_grad();
    let value = loss(logits.clone(), tensor(&wanted(case), shape), tensor(weights, [2, 1, 3, 4]), how);
    let gradients = value.backward();
    (values(value), values(logits.grad(&gradients).unwrap()))
}

fn loss_called(name: &str) -> Loss {
    let nothing = Loss { cross_entropy: 0.0, ..Loss::cross_entropy() };
    match name {
        "crossEntropy" => Loss::cross_entropy(),
        "focal" => Loss { focal: 1.0, ..nothing },
        "focal1.5" => Loss { focal: 1.0, focal_gamma: 1.5, ..nothing },
        "focal0.5" => Loss { focal: 1.0, focal_gamma: 0.5, ..nothing },
        "focalAlpha" => Loss { focal: 1.0, focal_alpha: Some(0.25), ..nothing },
        "binary" => Loss { binary: 1.0, ..nothing },
        "dice" => Loss { dice: 1.0, ..nothing },
        "sum" => Loss { cross_entropy: 0.5, focal: 2.0, dice: 0.75, ..nothing },
        other => panic!("{other}"),
    }
}

#[test]
fn losses_and_their_gradients_are_pytorchs_and_unlabelled_pixels_count_nothing() {
    let mut seen = 0;
    for case in reference().losses {
        let what = format!("{} of {} outputs", case.name, case.outputs);
        let how = loss_called(&case.name);
        let (value, gradient) = value_and_gradient(&case, &case.logits, &case.weights, &how);
        same(&value, &[case.value], &what);
        same(&gradient, &case.gradient, &what);
        // Whatever the network says of unlabelled pixels, nothing changes.
        let mut other = case.logits.clone();
        for (i, class) in case.classes.iter().enumerate().filter(|(_, c)| **c == 255) {
            for output in 0..case.outputs {
                let at = ((i / 12) * case.outputs + output) * 12 + i % 12;
                assert_eq!(gradient[at], 0.0, "{what}: an unlabelled pixel of class {class} has a gradient");
                other[at] = 30.0 - 40.0 * output as f32;
            }
        }
        assert_eq!(value_and_gradient(&case, &other, &case.weights, &how), (value, gradient), "{what}");
        seen += 1;
    }
    assert_eq!(seen, 24);
}

fn card(outputs: usize, classes: usize, width: usize, channels: usize) -> Card {
    let class = |_| Class { name: "x".into(), colour: "#000000".into() };
    let mut network = Preset::Small.config(channels, outputs);
    (network.width, network.levels) = (width, 3);
    Card::new("t", network, (0..classes).map(class).collect(), Card::plain_outputs(outputs))
}

#[test]
fn class_weights_mean_what_they_mean_in_pytorch() {
    let cases = reference().class_weights;
    assert_eq!(cases.len(), 3);
    for case in cases {
        let how = Loss { class_weights: case.weights.clone(), ..Loss::cross_entropy() };
        let labels = Labels::Classes(case.classes.iter().map(|c| *c as u8).collect());
        let card = card(case.outputs, case.weights.len() - 1, 4, 1);
        let (_, weights) = targets(&labels, 4, 6, &card, &how);
        let (value, gradient) = value_and_gradient(&case, &case.logits, &weights, &how);
        let what = format!("{} outputs", case.outputs);
        same(&value, &[case.value], &what);
        same(&gradient, &case.gradient, &what);
    }
}

#[test]
fn pixels_between_objects_weigh_as_equation_2_says() {
    let case = reference().borders;
    let loss = Loss { class_weights: vec![0.7, 2.0], ..Loss::default() };
    let labels = Labels::Objects(case.objects);
    for outputs in [1, 2] {
        let (_, weights) = targets(&labels, case.width, case.height, &card(outputs, 1, 4, 1), &loss);
        same(&weights, &case.weights, "border weights");
    }
}

#[test]
fn patches_bend_as_bicubic_interpolation_of_a_coarse_grid_does() {
    let case = reference().elastic;
    let elastic = Elastic::new(case.grids[0], case.grids[1]);
    let at = |i: usize| i as f32 / (case.size - 1) as f32;
    let n = case.size * case.size;
    let (dx, dy): (Vec<f32>, Vec<f32>) =
        (0..n).map(|i| elastic.at(at(i % case.size), at(i / case.size))).unzip();
    same(&dx, &case.field[0], "dx");
    same(&dy, &case.field[1], "dy");
}

#[test]
fn the_learning_rate_falls_on_a_plateau_as_pytorchs_does() {
    let case = reference().plateau;
    let schedule = Schedule::Plateau { factor: 0.3, patience: 2 };
    let (mut pace, mut best) = (Pace::default(), f64::NEG_INFINITY);
    for (score, rate) in case.scores.iter().zip(&case.rates) {
        pace.validated(*score > best, schedule);
        best = best.max(*score);
        assert!((schedule.rate(0.05, 7, 10, pace) - rate).abs() < 1e-12);
    }
    assert!(pace.scale < 0.1);
}

#[test]
fn optimisers_take_pytorchs_steps() {
    let device = Device::flex().autodiff();
    let cases = reference().optimisers;
    assert_eq!(cases.len(), 7);
    for case in cases {
        let how = match case.name.as_str() {
            "sgd" => Optimiser::Sgd { momentum: 0.99, weight_decay: 0.0 },
            "descent" | "clipped" => Optimiser::Sgd { momentum: 0.0, weight_decay: 0.0 },
            "sgdDecay" => Optimiser::Sgd { momentum: 0.9, weight_decay: 0.1 },
            "adam" => Optimiser::default(),
            "adamDecay" => Optimiser::Adam { weight_decay: 0.1 },
            "adamw" => Optimiser::AdamW { weight_decay: 0.1 },
            other => panic!("{other}"),
        };
        let tensor4 = |v: &[f32], device: &Device| {
            Tensor::<4>::from_data(TensorData::new(v.to_vec(), [2, 1, 1, 1]), device)
        };
        let tensor1 =
            |v: &[f32], device: &Device| Tensor::<1>::from_data(TensorData::new(v.to_vec(), [2]), device);
        let mut module: Conv2d = Conv2dConfig::new([1, 2], [1, 1]).init(&device);
        module.weight = Param::from_tensor(tensor4(&case.start[0], &device));
        module.bias = Some(Param::from_tensor(tensor1(&case.start[1], &device)));
        let mut optimiser = how.init((case.name == "clipped").then_some(0.5));
        let plain = Device::flex();
        for (step, (given, after)) in case.gradients.iter().zip(&case.after).enumerate() {
            let mut gradients = GradientsParams::new();
            gradients.register(module.weight.id, tensor4(&given[0], &plain));
            gradients.register(module.bias.as_ref().unwrap().id, tensor1(&given[1], &plain));
            module = optimiser.step(0.05, module, gradients);
            let what = format!("{} step {}", case.name, step + 1);
            let now = module.clone().valid();
            same(&values(now.weight.val()), &after[0], &what);
            same(&values(now.bias.unwrap().val()), &after[1], &what);
        }
    }
}

/// 70 x 50 pixels with three discs, two of them nearly touching.
fn discs(channels: usize, objects: bool) -> Sample {
    let (w, h) = (70, 50);
    let data = (0..channels * w * h).map(|i| ((i * 7919 % 1009) as f32) / 1009.0).collect();
    let object = |i: usize| {
        let within = |x: usize, y: usize, r: usize| {
            let (dx, dy) = ((i % w).abs_diff(x), (i / w).abs_diff(y));
            dx * dx + dy * dy <= r * r
        };
        let discs = [(20, 20, 12), (44, 20, 11), (40, 40, 6)];
        discs.iter().position(|(x, y, r)| within(*x, *y, *r)).map_or(0, |number| number as u32 + 1)
    };
    let labels = if objects {
        Labels::Objects((0..w * h).map(object).collect())
    } else {
        let class = |object| if object == 3 { Labels::IGNORE } else { object as u8 };
        Labels::Classes((0..w * h).map(object).map(class).collect())
    };
    Sample::new("s", "", Image::new(w, h, channels, data).unwrap(), labels).unwrap()
}

fn session(schedule: Schedule, validation: Vec<Sample>) -> insitu::Result<Session> {
    let settings = Settings {
        steps: 10,
        method: Method { batch: 1, patch: 16, schedule, ..Method::default() },
        ..Settings::default()
    };
    Session::new(card(1, 1, 2, 1), None, vec![discs(1, true)], validation, settings, &Device::flex())
}

#[test]
fn a_checkpoint_remembers_where_the_learning_rate_stands() {
    let plateau = Schedule::Plateau { factor: 0.5, patience: 0 };
    let validate = |session: &mut Session| {
        pollster::block_on(session.validate(async |_, _| true)).unwrap();
    };
    let mut first = session(plateau, vec![discs(1, true)]).unwrap();
    pollster::block_on(first.step()).unwrap();
    // The first validation is the best so far; the same network validated again is no better.
    validate(&mut first);
    validate(&mut first);
    let bytes = pollster::block_on(first.checkpoint(&serde_json::Value::Null)).unwrap();
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    let (settings, validated) = (checkpoint.settings.clone(), vec![discs(1, true)]);
    let mut second = checkpoint.resume(settings, vec![discs(1, true)], validated, &Device::flex()).unwrap();
    for session in [&mut first, &mut second] {
        assert_eq!(pollster::block_on(session.step()).unwrap().learning_rate, 0.5e-3);
    }
}

#[test]
fn a_plateau_needs_images_to_validate_by() {
    let plateau = Schedule::Plateau { factor: 0.5, patience: 0 };
    assert_eq!(session(plateau, vec![]).err().unwrap().code(), "train.plateau");
    assert!(session(Schedule::Constant, vec![]).is_ok());
}

/// What the shipped models were trained with must not change: their commands should make them again.
///
/// The numbers were seen before there was anything to choose: of batches 0 to 3 the sums of images, answers and weights,
/// each value times one plus its place modulo 7, and the losses of six steps.
#[test]
fn without_options_batches_and_losses_are_what_they_always_were() {
    let seen = [
        (
            1,
            true,
            3,
            [14349.331970, 32698.0, 79035.287748],
            [2.16120, 2.01984, 1.92627, 2.05841, 2.03056, 2.08688],
        ),
        (
            1,
            true,
            1,
            [14349.331970, 15669.0, 56212.856286],
            [1.29905, 1.22337, 1.24555, 1.25867, 1.42109, 1.22900],
        ),
        (
            3,
            false,
            3,
            [44821.118838, 32742.0, 31522.0],
            [1.87803, 1.92810, 1.79815, 1.87893, 1.93360, 1.84872],
        ),
        (
            1,
            false,
            1,
            [14349.331970, 14521.0, 31522.0],
            [1.35044, 1.43200, 1.48878, 1.37646, 1.57959, 1.37282],
        ),
    ];
    for (channels, objects, outputs, sums, losses) in seen {
        let mut card = card(outputs, 2, 4, channels);
        if objects && outputs == 3 {
            card.outputs = Card::boundary_outputs();
        }
        let sampler = Sampler::new(vec![discs(channels, objects)], Augmentation::default(), 3).unwrap();
        let mut found = [0.0f64; 3];
        for step in 0..4 {
            let batch = sampler.batch(step, 2, 32, &card, &Loss::default());
            for (sum, part) in found.iter_mut().zip([&batch.image, &batch.wanted, &batch.weights]) {
                *sum += part.iter().enumerate().map(|(i, v)| f64::from(*v) * (1 + i % 7) as f64).sum::<f64>();
            }
        }
        for (found, expected) in found.iter().zip(sums) {
            assert!((found / expected - 1.0).abs() < 1e-6, "{found} instead of {expected}");
        }
        let settings = Settings {
            steps: 8,
            seed: 3,
            method: Method { batch: 2, patch: 32, ..Method::default() },
            ..Settings::default()
        };
        let samples = vec![discs(channels, objects)];
        let mut session = Session::new(card, None, samples, vec![], settings, &Device::flex()).unwrap();
        for expected in losses {
            let found = f64::from(pollster::block_on(session.step()).unwrap().loss);
            assert!((found / expected - 1.0).abs() < 1e-3, "{found} instead of {expected}");
        }
    }
}
