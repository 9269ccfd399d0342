//! Weight files of Keras 1, 2 and 3 against what `make_keras_weights.py` put into them.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use insitu::weights::NamedTensor;
use insitu::weights::foreign::keras::layout::{is_transposed, kernel_layout, to_pytorch};
use insitu::weights::foreign::keras::{KerasFile, KerasLayer};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    error: Option<String>,
    generation: Option<String>,
    keras_version: Option<String>,
    backend: Option<String>,
    #[serde(default)]
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
struct Layer {
    name: String,
    class: Option<String>,
    weights: Vec<Weight>,
    /// The kernel in PyTorch's axes, and whether it is that of a transposed convolution.
    pytorch: Option<Weight>,
    transposed: Option<bool>,
}

/// Values are given times 32, so that they are whole numbers.
#[derive(Deserialize)]
struct Weight {
    name: String,
    shape: Vec<usize>,
    values32: Vec<i32>,
}

impl Weight {
    fn tensor(&self) -> NamedTensor {
        let values = self.values32.iter().map(|v| *v as f32 / 32.0).collect();
        NamedTensor { name: self.name.clone(), shape: self.shape.clone(), values }
    }
}

static FILES: LazyLock<Vec<(String, Vec<u8>, Expected)>> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/keras");
    let text = std::fs::read(folder.join("expected.json")).unwrap();
    let expected: BTreeMap<String, Expected> = serde_json::from_slice(&text).unwrap();
    assert!(expected.len() > 15, "the reference files are missing");
    expected
        .into_iter()
        .map(|(name, e)| (name.clone(), std::fs::read(folder.join(name)).unwrap(), e))
        .collect()
});

fn readable() -> impl Iterator<Item = (&'static str, KerasFile, &'static Expected)> {
    FILES
        .iter()
        .filter(|(_, _, e)| e.error.is_none())
        .map(|(name, bytes, e)| (name.as_str(), KerasFile::from_bytes(bytes).unwrap(), e))
}

#[test]
fn layers_come_in_the_order_of_the_model_with_all_their_weights() {
    for (name, file, expected) in readable() {
        let found: Vec<&str> = file.layers.iter().map(|l| l.name.as_str()).collect();
        let wanted: Vec<&str> = expected.layers.iter().map(|l| l.name.as_str()).collect();
        assert_eq!(found, wanted, "{name}");
        for (layer, wanted) in file.layers.iter().zip(&expected.layers) {
            let weights: Vec<NamedTensor> = wanted.weights.iter().map(Weight::tensor).collect();
            let wanted = KerasLayer { name: wanted.name.clone(), class: wanted.class.clone(), weights };
            assert_eq!(*layer, wanted, "{name}");
        }
    }
}

#[test]
fn the_file_tells_who_wrote_it() {
    for (name, file, expected) in readable() {
        assert_eq!(Some(format!("{:?}", file.generation)), expected.generation, "{name}");
        assert_eq!(file.keras_version, expected.keras_version, "{name}");
        assert_eq!(file.backend, expected.backend, "{name}");
    }
}

#[test]
fn kernels_in_pytorchs_axes_compute_what_keras_computes() {
    let mut count = 0;
    for (name, file, expected) in readable() {
        for (layer, wanted) in file.layers.iter().zip(&expected.layers) {
            let (Some(pytorch), Some(transposed)) = (&wanted.pytorch, wanted.transposed) else { continue };
            if layer.name != "up" && wanted.class.is_some() {
                assert_eq!(is_transposed(layer), Some(transposed), "{name} {}", layer.name);
            }
            let layout = kernel_layout(&file, layer, transposed);
            let kernel = to_pytorch(layer.weight("kernel").unwrap(), layout, transposed).unwrap();
            assert_eq!(kernel, pytorch.tensor(), "{name} {}", layer.name);
            count += 1;
        }
    }
    assert!(count > 30);
}

#[test]
fn full_models_bring_their_configuration() {
    for (name, file, _) in readable() {
        let full = ["full.h5", "archive.keras", "deflated.keras", "keras1_tensorflow.h5", "keras2_nested.h5"];
        assert_eq!(file.config.is_some(), full.contains(&name), "{name}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_by_name() {
    for (name, bytes, expected) in FILES.iter() {
        let Some(code) = &expected.error else { continue };
        assert_eq!(KerasFile::from_bytes(bytes).unwrap_err().code(), code, "{name}");
    }
    for other in
        [&b""[..], b"PK", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", b"\x93NUMPY", b"PK\x05\x06 and no more"]
    {
        let error = KerasFile::from_bytes(other).unwrap_err();
        assert!(["keras.invalid", "zip.invalid", "hdf5.invalid"].contains(&error.code()), "{}", error.code());
    }
}

#[test]
fn files_of_keras_are_recognised_and_other_archives_are_not() {
    for (name, bytes, _) in FILES.iter() {
        assert!(KerasFile::recognises(bytes), "{name}");
    }
    assert!(!KerasFile::recognises(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
    assert!(!KerasFile::recognises(b"\x89PNG\r\n\x1a\n"));
}

/// An error must have a code of ours and a sentence, and what is read must be consistent.
fn survives(bytes: &[u8]) -> Result<(), TestCaseError> {
    KerasFile::recognises(bytes);
    match KerasFile::from_bytes(bytes) {
        Ok(file) => {
            for layer in &file.layers {
                prop_assert!(!layer.weights.is_empty());
                for weight in &layer.weights {
                    prop_assert_eq!(weight.shape.iter().product::<usize>(), weight.values.len());
                    for transposed in [false, true] {
                        let _ = to_pytorch(weight, kernel_layout(&file, layer, transposed), transposed);
                    }
                }
            }
        }
        Err(error) => {
            let known = ["keras.", "hdf5.", "zip."];
            prop_assert!(known.iter().any(|p| error.code().starts_with(p)), "code {}", error.code());
            prop_assert!(error.message().ends_with('.'), "no sentence: {}", error.message());
        }
    }
    Ok(())
}

#[test]
fn no_single_number_of_a_file_can_be_made_so_large_that_reading_panics() {
    for (_, bytes, _) in FILES.iter().filter(|(_, bytes, _)| bytes.len() < 20_000) {
        for at in (0..bytes.len() - 8).step_by(8) {
            let word: [u8; 8] = bytes[at..at + 8].try_into().unwrap();
            if (1..5000).contains(&u64::from_le_bytes(word)) {
                for large in [1 << 31, 1 << 32, 1 << 61, (1 << 62) + 1, u64::MAX - 1, u64::MAX] {
                    let mut bytes = bytes.clone();
                    bytes[at..at + 8].copy_from_slice(&large.to_le_bytes());
                    survives(&bytes).unwrap();
                }
            }
        }
    }
}

fn file() -> impl Strategy<Value = usize> {
    0..FILES.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn a_truncated_file(i in file(), keep in 0.0..1.0f64) {
        let bytes = &FILES[i].1;
        survives(&bytes[..(bytes.len() as f64 * keep) as usize])?;
    }

    #[test]
    fn a_file_with_changed_bytes(i in file(), changes in prop::collection::vec((0.0..1.0f64, any::<u8>()), 1..24)) {
        let mut bytes = FILES[i].1.clone();
        for (place, value) in changes {
            let at = (bytes.len() as f64 * place) as usize;
            bytes[at] = value;
        }
        survives(&bytes)?;
    }

    #[test]
    fn a_file_with_changed_structure(
        i in file(), changes in prop::collection::vec((any::<prop::sample::Index>(), 0usize..64, 0usize..6), 1..4)
    ) {
        let mut bytes = FILES[i].1.clone();
        // Near the signatures and the messages, where one byte changes most.
        let marks: Vec<usize> = bytes
            .windows(4)
            .enumerate()
            .filter(|(_, w)| [&b"TREE"[..], b"SNOD", b"HEAP", b"GCOL", b"OHDR", b"\x01\0\x03\0", b"\x01\0\x01\0", b"PK\x01\x02"].contains(w))
            .map(|(at, _)| at)
            .collect();
        for (mark, distance, value) in changes {
            let at = if marks.is_empty() { 0 } else { *mark.get(&marks) } + distance;
            if let Some(byte) = bytes.get_mut(at) {
                *byte = [0, 1, 2, 0x7F, 0x80, 0xFF][value];
            }
        }
        survives(&bytes)?;
    }

    #[test]
    fn a_file_whose_addresses_point_elsewhere(
        i in file(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()
    ) {
        let mut bytes = FILES[i].1.clone();
        let places = bytes.len() / 8;
        let (from, to) = (from.index(places) * 8, to.index(places) * 8);
        let copy: [u8; 8] = bytes[to..to + 8].try_into().unwrap();
        bytes[from..from + 8].copy_from_slice(&copy);
        survives(&bytes)?;
    }

    #[test]
    fn two_files_spliced(i in file(), j in file(), cut in 0.0..1.0f64, from in 0.0..1.0f64) {
        let (a, b) = (&FILES[i].1, &FILES[j].1);
        let mut bytes = a[..(a.len() as f64 * cut) as usize].to_vec();
        bytes.extend(&b[(b.len() as f64 * from) as usize..]);
        survives(&bytes)?;
    }
}
