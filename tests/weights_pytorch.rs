//! Files of PyTorch are read to the values that PyTorch wrote; those that want anything to be run are refused
//! (tests/reference/make_pytorch_weights.py).

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use burn::tensor::Device;
use insitu::weights::Model;
use insitu::weights::foreign::pytorch::{read, recognises};
use proptest::prelude::*;

fn files() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/pytorch");
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e != "json"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_string(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn every_kind_of_file_has_the_values_that_pytorch_wrote() {
    type Expected = BTreeMap<String, BTreeMap<String, (Vec<usize>, Vec<f32>)>>;
    let expected: Expected = serde_json::from_str(include_str!("reference/pytorch/expected.json")).unwrap();
    assert!(expected.len() >= 12);
    let files: BTreeMap<String, Vec<u8>> = files().into_iter().collect();
    for (file, tensors) in expected {
        assert!(recognises(&files[&file]), "{file}");
        let found = read(&files[&file]).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert_eq!(found.len(), tensors.len(), "{file}");
        for tensor in found {
            let (shape, values) = &tensors[&tensor.name];
            assert_eq!((&tensor.shape, &tensor.values), (shape, values), "{file}: {}", tensor.name);
        }
    }
}

#[test]
fn a_file_that_wants_something_to_be_run_is_refused_and_says_what() {
    let mut hostile = 0;
    for (name, bytes) in files().into_iter().filter(|(name, _)| name.starts_with("hostile_")) {
        hostile += 1;
        let error = read(&bytes).unwrap_err();
        assert_eq!(error.code(), "weights.pickle.forbidden", "{name}: {error}");
        // Without the module: the one of `os.system` and of `eval` has another name inside.
        let wanted = name.trim_start_matches("hostile_").split('_').next().unwrap();
        let wanted = wanted.split('.').next_back().unwrap();
        assert!(error.to_string().contains(wanted), "{name}: {error}");
        assert!(error.to_string().contains("torch.save(model.state_dict()"), "{name}: {error}");
        let opened = Model::from_bytes(&bytes, &Device::flex()).unwrap_err();
        assert!(["weights.pickle.forbidden", "model.invalid"].contains(&opened.code()), "{name}: {opened}");
    }
    assert!(hostile >= 15);
}

#[test]
fn what_holds_no_tensors_is_refused() {
    let pickle = b"\x80\x02}q\x00X\x01\x00\x00\x00aK\x01s.";
    assert_eq!(read(pickle).unwrap_err().code(), "weights.pytorch.unsupported.pickle");
    assert_eq!(read(b"").unwrap_err().code(), "weights.pickle.invalid");
}

#[test]
fn a_small_file_cannot_make_itself_large() {
    // A list of itself twice, twice, ... through the memo: 200 levels.
    let mut laughs = b"\x80\x02]q\x00(h\x00h\x00e".to_vec();
    for _ in 0..200 {
        laughs.extend_from_slice(b"]q\x00(h\x00h\x00e");
    }
    laughs.push(b'.');
    assert!(read(&laughs).is_err());
    // A dictionary made of the same long list again and again.
    let mut copies = b"\x80\x02ccollections\nOrderedDict\nq\x00](".to_vec();
    for _ in 0..50_000 {
        copies.extend_from_slice(b"NN\x86");
    }
    copies.extend_from_slice(b"e\x85q\x01");
    for _ in 0..50_000 {
        copies.extend_from_slice(b"h\x00h\x01R0");
    }
    copies.push(b'.');
    assert_eq!(read(&copies).unwrap_err().code(), "weights.pickle.limit");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_end_in_an_error_or_in_tensors(
        cut in 0.0f64..1.2, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6)
    ) {
        for (_, mut bytes) in files() {
            for (at, value) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *value;
            }
            bytes.truncate((bytes.len() as f64 * cut) as usize);
            let _ = read(&bytes);
            let _ = recognises(&bytes);
        }
    }
}
