//! U-Nets of public libraries are recognised by the names in their state dicts and compute what they compute there; what is no U-Net
//! of plain convolutions is refused by its name (tests/reference/make_libraries.py).

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};
use insitu::net::{Activation, Head, Norm};
use insitu::scan::Normalisation;
use insitu::weights::foreign::pytorch;
use insitu::weights::{Card, Model, NamedTensor, Patches, Precision, recognise};
use reference::{difference, tensors};

macro_rules! file {
    ($name:literal) => {
        (
            $name,
            &include_bytes!(concat!("reference/libraries/", $name, ".pth"))[..],
            &include_bytes!(concat!("reference/libraries/", $name, "_io.safetensors"))[..],
        )
    };
}

type File = (&'static str, &'static [u8], &'static [u8]);

/// Opens a file, compares its logits with those of its library, and gives its card. What is saved again is the same network.
fn opened((name, file, io): File) -> Card {
    let model = Model::from_bytes(file, &Device::flex()).unwrap_or_else(|e| panic!("{name}: {e}"));
    let io = tensors(io);
    let of = |name: &str| io.iter().find(|t| t.name == name).unwrap();
    let input = of("input");
    let computed = |model: &Model| {
        let data = TensorData::new(input.values.clone(), input.shape.clone());
        let output = model.net.forward(Tensor::<4>::from_data(data, &model.device));
        output.into_data().try_into_vec::<f32>().unwrap()
    };
    let off = difference(&computed(&model), &of("output").values);
    println!("{name}: logits differ by {off}");
    assert!(off < 1e-4, "{name}: {off}");
    let compiled = model.net.compiled(None).unwrap();
    let shape = input.shape.clone().try_into().unwrap();
    let (output, _) = pollster::block_on(compiled.pass(&input.values, shape).finish()).unwrap();
    let off = difference(&output, &of("output").values);
    println!("{name}, our kernels: logits differ by {off}");
    assert!(off < 1e-4, "{name}, our kernels: {off}");
    let saved = pollster::block_on(model.to_bytes(Precision::Full)).unwrap();
    let again = Model::from_bytes(&saved, &Device::flex()).unwrap();
    assert_eq!((&again.card, computed(&again)), (&model.card, computed(&model)), "{name}");
    let onnx = pollster::block_on(model.to_onnx()).unwrap();
    assert_eq!(Model::from_bytes(&onnx, &Device::flex()).unwrap().card, model.card, "{name}");
    model.card
}

/// What all convolutions of the first level have, in a sentence.
fn described(card: &Card) -> String {
    card.network.described(None)
}

#[test]
fn basic_unets_of_monai_have_channels_of_their_own_at_each_level() {
    let card = opened(file!("monai_basic"));
    assert_eq!(card.title, "MONAI BasicUNet");
    assert_eq!(
        (card.network.norm, card.network.activation),
        (Norm::Instance { affine: true }, Activation::LeakyRelu(0.1))
    );
    assert_eq!(card.network.stages.as_ref().unwrap().up.last().unwrap(), &[5, 5]);
    assert!(card.summary.contains("instance normalisation takes statistics"), "{}", card.summary);
    let card = opened(file!("monai_basic_bn"));
    assert_eq!((card.network.norm, card.network.activation), (Norm::Batch, Activation::PRelu));
    assert!(!card.summary.contains("statistics"), "{}", card.summary);
}

#[test]
fn unets_of_monai_without_residual_units_are_strided_in_both_directions() {
    let card = opened(file!("monai_unet"));
    assert_eq!((card.title.as_str(), card.network.levels, card.network.outputs), ("MONAI UNet", 3, 2));
    assert!(described(&card).contains("ReLU with a learnt slope"), "{}", described(&card));
    let card = opened(file!("monai_unet_two"));
    assert_eq!((card.network.norm, card.network.input_channels), (Norm::Instance { affine: true }, 3));
}

#[test]
fn checkpoints_of_nnunet_tell_images_classes_and_patches() {
    let card = opened(file!("nnunet"));
    assert_eq!((card.title.as_str(), card.network.levels, card.flips), ("nnU-Net", 3, true));
    assert_eq!(card.input.normalisation, Normalisation::ZScore);
    assert_eq!(card.input.pixel_size_mm, Some(0.5));
    assert_eq!(card.patches, Some(Patches { size: 24, stride: 12, height: Some(32) }));
    let classes: Vec<&str> = card.classes.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(classes, ["kidney", "tumour"]);
    assert!(card.summary.contains("resamples images to 0.5 mm"), "{}", card.summary);

    let card = opened(file!("nnunet_ct"));
    let of_ct = Normalisation::Clipped { low: -958.0, high: 327.0, subtract: 52.5, divide: 137.25 };
    assert_eq!(
        (card.input.normalisation, card.flips, card.patches),
        (of_ct, false, Some(Patches::square(32, 16)))
    );
    let stages = card.network.stages.unwrap();
    assert_eq!(stages.down, [vec![2], vec![3; 2], vec![3; 3], vec![3]]);
    assert_eq!(stages.up, [vec![3], vec![3; 2], vec![2; 3]]);
}

#[test]
fn weights_of_nnunet_alone_are_taken_to_want_what_it_usually_does() {
    let card = opened(file!("nnunet_bare"));
    assert_eq!(
        (card.input.normalisation, card.input.channels, card.patches),
        (Normalisation::ZScore, 3, None)
    );
    assert!(
        card.summary.contains("are assumed") && card.summary.contains("does not say what it finds"),
        "{}",
        card.summary
    );
}

#[test]
fn an_nnunet_for_regions_that_overlap_is_refused() {
    let file = include_bytes!("reference/libraries/refused_regions.pth");
    let error = Model::from_bytes(file, &Device::flex()).unwrap_err();
    assert_eq!(error.code(), "model.unsupported.network");
    assert!(error.to_string().contains("regions"), "{error}");
}

#[test]
fn unets_of_segmentation_models_with_a_vgg_encoder_have_no_skip_connection_at_full_resolution() {
    let card = opened(file!("smp_vgg11"));
    assert_eq!(
        (card.title.as_str(), card.network.levels, card.network.head),
        ("U-Net with a VGG encoder", 6, Head::Convolution)
    );
    let stages = card.network.stages.unwrap();
    assert_eq!((stages.bare, stages.open_top), (5, true));
    assert_eq!(stages.down, [vec![2], vec![3], vec![4; 2], vec![4, 3], vec![4, 2], vec![2; 2]]);
    let card = opened(file!("smp_vgg16_bn"));
    assert_eq!(card.network.stages.as_ref().unwrap().bare, 0);
    assert!(card.summary.contains("belongs to no network: classification_head.3.weight"), "{}", card.summary);
    assert!(card.summary.contains("ImageNet"), "{}", card.summary);
}

#[test]
fn a_tensor_that_is_missing_or_of_another_shape_ends_in_a_sentence() {
    let files = [
        file!("monai_basic"),
        file!("monai_unet"),
        file!("nnunet_ct"),
        file!("smp_vgg11"),
        file!("smp_vgg16_bn"),
    ];
    for (name, file, _) in files {
        let whole = pytorch::read(file).unwrap();
        for i in 0..whole.len() {
            let mut without = whole.clone();
            let removed = without.remove(i);
            // A bias that is not there is 0, and of a normalisation's tensors the first ones tell which it is.
            if let Err(error) = recognise(without) {
                assert!(error.to_string().ends_with('.'), "{name} without {}: {error}", removed.name);
            }
            for shape in [
                vec![],
                vec![0],
                vec![0, 0, 3, 3],
                vec![1; 5],
                vec![3, 1, 3, 3],
                vec![usize::MAX; 4],
                vec![4096, 4096, 3, 3],
            ] {
                let mut other = whole.clone();
                other[i] = NamedTensor { shape: shape.clone(), values: Vec::new(), ..other[i].clone() };
                if let Err(error) = recognise(other) {
                    assert!(
                        error.to_string().ends_with('.'),
                        "{name}, {} as {shape:?}: {error}",
                        removed.name
                    );
                }
            }
        }
    }
}

#[test]
fn what_is_no_unet_of_plain_convolutions_is_refused_by_its_name() {
    type Refused = BTreeMap<String, Vec<Vec<(String, Vec<usize>)>>>;
    let refused: Refused = serde_json::from_str(include_str!("reference/libraries/refused.json")).unwrap();
    for (word, networks) in refused {
        for network in networks {
            let small = |(name, shape): (String, Vec<usize>)| NamedTensor { name, shape, values: Vec::new() };
            let error = recognise(network.into_iter().map(small).collect()).unwrap_err();
            assert_eq!(error.code(), "model.unsupported.network", "{word}: {error}");
            assert!(error.to_string().contains(&word), "{word}: {error}");
            println!("{word}: {error}");
        }
    }
}
