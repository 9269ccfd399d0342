//! StarDist's 2-D networks are read from its own files, compute what Keras computes, and their objects are those of StarDist's own
//! non-maximum suppression (tests/reference/make_stardist.py).

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};
use insitu::infer::{Options, Prediction, segment, segment_prepared};
use insitu::net::{Head, Norm};
use insitu::objects::{InstanceOptions, StarGrid, Stars};
use insitu::scan::{Image, Normalisation};
use insitu::train::{Sample, Session, Settings};
use insitu::weights::{Class, Model, Precision, StarShapes};
use reference::{difference, tensors};

macro_rules! file {
    ($name:literal) => {
        &include_bytes!(concat!("reference/stardist/", $name))[..]
    };
}

fn open(bytes: &[u8]) -> Model {
    assert!(Model::recognises(bytes));
    Model::from_bytes(bytes, &Device::flex()).unwrap_or_else(|e| panic!("{e}"))
}

fn segmented(model: &Model, image: &Image, tile: usize) -> Prediction {
    let options = Options { tile, head: None };
    pollster::block_on(segment_prepared(model, image, &options, async |_, _| true)).unwrap()
}

/// Opens weights and compares both heads with Keras, at the points of the grid.
fn compared(name: &str, weights: &[u8], io: &[u8]) -> Model {
    let model = open(weights);
    let io = tensors(io);
    let of = |name: &str| io.iter().find(|t| t.name == name).unwrap();
    let (input, prob, dist) = (of("input"), of("prob"), of("dist"));
    let data = TensorData::new(input.values.clone(), input.shape.clone());
    let output = model.net.forward(Tensor::<4>::from_data(data.clone(), &model.device));
    let [_, outputs, height, width] = output.dims();
    let burn = output.into_data().try_into_vec::<f32>().unwrap();
    let ours = model.net.compiled(None).expect("our kernels know all of it");
    let shape = [1, input.shape[1], input.shape[2], input.shape[3]];
    let (kernels, _) = pollster::block_on(ours.pass(&input.values, shape).finish()).unwrap();
    let (rows, columns) = (prob.shape[2], prob.shape[3]);
    assert_eq!((outputs, rows * model.card.grid()), (1 + dist.shape[1], height), "{name}");
    for values in [burn, kernels] {
        // Enlarged: the first pixel of each square.
        let at = |o: usize, y: usize, x: usize| {
            values[(o * height + y * model.card.grid()) * width + x * model.card.grid()]
        };
        let grid = |o: usize| (0..rows * columns).map(move |i| at(o, i / columns, i % columns));
        let first: Vec<f32> = grid(0).map(|v| 1.0 / (1.0 + (-v).exp())).collect();
        let rest: Vec<f32> = (1..outputs).flat_map(grid).collect();
        let off = [difference(&first, &prob.values), difference(&rest, &dist.values)];
        println!("{name}: probability and distances differ by {off:?}");
        assert!(off.iter().all(|d| *d < 1e-4), "{name}: {off:?}");
    }
    let saved = pollster::block_on(model.to_bytes(Precision::Full)).unwrap();
    assert_eq!(open(&saved).card, model.card, "{name}");
    model
}

#[test]
fn both_heads_are_those_of_keras_without_a_grid_and_with_features() {
    let model = compared("grid 1", file!("grid1_features.h5"), file!("grid1_features_io.safetensors"));
    let card = &model.card;
    assert_eq!((card.title.as_str(), card.network.head, card.grid()), ("StarDist", Head::Features(4), 1));
    assert_eq!((card.rays(), card.threshold, card.stars), (8, 0.5, Some(StarShapes { overlap: 0.4 })));
    assert_eq!(card.input.normalisation, Normalisation::Percentile { low: 1.0, high: 99.8 });
    assert!(card.summary.contains("polygons of 8 rays"), "{}", card.summary);
    assert!(card.summary.contains("no thresholds"), "{}", card.summary);
}

#[test]
fn both_heads_are_those_of_keras_on_a_grid_of_two_with_normalisation_and_without_features() {
    let model = compared("grid 2", file!("grid2_plain_bn.h5"), file!("grid2_plain_bn_io.safetensors"));
    let network = &model.card.network;
    assert_eq!((network.head, network.norm, model.card.grid()), (Head::Pixelwise, Norm::Batch, 2));
    assert_eq!((network.input_channels, network.norm_epsilon), (3, 1e-3));
}

#[test]
fn both_heads_are_those_of_keras_on_a_grid_of_four_with_one_convolution_a_level() {
    let model = compared("grid 4", file!("grid4_one.h5"), file!("grid4_one_io.safetensors"));
    assert_eq!((model.card.grid(), model.card.rays(), model.card.network.levels), (4, 5, 5));
}

#[test]
fn the_folder_of_a_model_tells_its_thresholds() {
    let card = open(file!("folder.zip")).card;
    assert_eq!((card.threshold, card.stars), (0.479_071, Some(StarShapes { overlap: 0.3 })));
    assert!(!card.summary.contains("no thresholds"), "{}", card.summary);
}

#[test]
fn what_is_not_computed_is_refused_by_its_name() {
    for (file, word) in [
        (file!("refused_classes.zip"), "n_classes"),
        (file!("refused_3d.h5"), "StarDist 3D"),
        (file!("refused_grid.zip"), "[2,1] for grid"),
        (file!("refused_activation.zip"), "\"elu\" for unet_activation"),
        (file!("refused_two.zip"), "2 models"),
    ] {
        let error = Model::from_bytes(file, &Device::flex()).unwrap_err();
        assert_eq!(error.code(), "model.unsupported.network", "{word}");
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn damaged_files_are_errors() {
    for file in [file!("folder.zip"), file!("grid2_plain_bn.h5")] {
        for at in (0..file.len()).step_by(file.len() / 60) {
            let _ = Model::from_bytes(&file[..at], &Device::flex());
            let mut changed = file.to_vec();
            changed[at] ^= 0xff;
            let _ = Model::from_bytes(&changed, &Device::flex());
        }
    }
}

#[test]
fn such_a_network_is_neither_trained_nor_written_as_onnx() {
    let model = open(file!("folder.zip"));
    let error = pollster::block_on(model.to_onnx()).unwrap_err();
    assert_eq!(error.code(), "weights.onnx.unsupported.stars");
    let error = pollster::block_on(insitu::train::trained_before(&model, Class::numbered(&[], 2), 1));
    assert_eq!(error.unwrap_err().code(), "train.unsupported.stars");
    let none: Vec<Sample> = Vec::new();
    let session = Session::new(model.card, None, none.clone(), none, Settings::default(), &model.device);
    assert_eq!(session.err().unwrap().code(), "train.unsupported.stars");
}

/// Pixels that differ in objects with equal names.
fn differing(a: &[u32], b: &[u32]) -> usize {
    let mut votes: BTreeMap<u32, BTreeMap<u32, usize>> = BTreeMap::new();
    for (a, b) in a.iter().zip(b) {
        *votes.entry(*a).or_default().entry(*b).or_default() += 1;
    }
    let most = |v: &BTreeMap<u32, usize>| v.iter().max_by_key(|(_, n)| **n).map(|(b, _)| *b).unwrap_or(0);
    let name: BTreeMap<u32, u32> = votes.iter().map(|(a, v)| (*a, most(v))).collect();
    a.iter().zip(b).filter(|(a, b)| name[a] != **b).count()
}

#[test]
fn objects_are_those_of_stardists_own_suppression() {
    let all = tensors(file!("nms.safetensors"));
    for grid in [1, 2] {
        let of = |name: &str| all.iter().find(|t| t.name == format!("{name}_{grid}")).unwrap();
        let (points, prob, dist, kept, labels) =
            (of("points"), of("prob"), of("dist"), of("kept"), of("labels"));
        let [height, width] = labels.shape[..] else { panic!("an image") };
        let rays = dist.shape[1];
        let mut stars = Stars::new(StarGrid { width, height, grid, rays, overlap: 0.3 });
        for ((point, p), distances) in
            points.values.chunks_exact(2).zip(&prob.values).zip(dist.values.chunks_exact(rays))
        {
            let point = [point[0] as usize, point[1] as usize];
            if stars.is_point(point) {
                stars.add(point, *p, distances.iter().copied());
            }
        }
        let middles: Vec<[usize; 2]> =
            kept.values.chunks_exact(2).map(|p| [p[0] as usize, p[1] as usize]).collect();
        assert_eq!(stars.middles(0.4), middles, "grid {grid}");
        let ours = stars.objects(0.4);
        let theirs: Vec<u32> = labels.values.iter().map(|n| *n as u32).collect();
        let off = differing(&ours, &theirs);
        println!("grid {grid}: {} objects, {off} of {} pixels differ", middles.len(), ours.len());
        assert_eq!(ours.iter().max().map(|n| *n as usize), Some(middles.len()));
        assert!(off <= ours.len() / 1000, "{off}");
    }
}

#[test]
fn tiles_change_no_object_and_thresholds_need_no_new_inference() {
    let mut model = open(file!("grid2_plain_bn.h5"));
    // The network knows nothing: its distances are those of small objects.
    model.card.threshold = 0.05;
    let (width, height) = (150, 130);
    let values = (0..3 * width * height).map(|i| ((i * 7919) % 1000) as f32 / 1000.0).collect();
    let image = Image::new(width, height, 3, values).unwrap();
    let (whole, tiled) = (segmented(&model, &image, 512), segmented(&model, &image, 64));
    assert!(difference(&whole.probability, &tiled.probability) < 1e-4);
    let objects = |p: &Prediction, threshold: f32| {
        p.instances(&InstanceOptions { threshold, ..InstanceOptions::default() })
    };
    let found = objects(&whole, 0.3);
    assert!(differing(&found, &objects(&tiled, 0.3)) < found.len() / 200);
    let mask: Vec<bool> = whole.labels(0.3).iter().map(|l| *l == 1).collect();
    assert_eq!(mask, found.iter().map(|n| *n > 0).collect::<Vec<_>>());
    assert!(mask.contains(&true) && objects(&whole, 1.0).iter().all(|n| *n == 0));
    // What has no value is not the middle of an object.
    let mut data = image.data.clone();
    data.iter_mut().for_each(|v| *v = f32::NAN);
    let empty = Image::new(width, height, 3, data).unwrap();
    let options = Options::default();
    let nothing = pollster::block_on(segment(&model, empty, &options, async |_, _| true)).unwrap();
    assert!(nothing.labels(0.0).iter().all(|l| *l == 0));
}
