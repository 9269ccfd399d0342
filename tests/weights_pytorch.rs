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
    assert!(expected.len() >= 24);
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
        // Up to the last word, which tells by which instructions.
        let wanted = name.trim_start_matches("hostile_").rsplit_once('_').unwrap().0;
        assert!(error.to_string().contains(wanted), "{name}: {error}");
        assert!(error.to_string().contains("torch.save(model.state_dict()"), "{name}: {error}");
        let opened = Model::from_bytes(&bytes, &Device::flex()).unwrap_err();
        assert!(["weights.pickle.forbidden", "model.invalid"].contains(&opened.code()), "{name}: {opened}");
    }
    assert!(hostile >= 20);
}

#[test]
fn nothing_is_called_that_was_not_named_and_nothing_gets_a_state() {
    // A tensor, a number and a list as functions; a state for a list; an extension by its number.
    for instructions in [&b"K\x01)R."[..], b"](K\x01tR.", b"]}b.", b"\x82\x01.", b"](K\x01o."] {
        let error = read(&[b"\x80\x02", instructions].concat()).unwrap_err();
        assert_eq!(error.code(), "weights.pickle.forbidden", "{error}");
    }
    // Even an allowed name makes nothing by the instructions that PyTorch does not use.
    assert!(read(b"\x80\x02(icollections\nOrderedDict\n.").is_err());
    // Names that only look like those that are allowed.
    for name in
        ["torch\nevil.Storage", "torch.x\nFloatStorage", "collections\nOrderedDict.x", "torch._utils\n"]
    {
        let error = read(format!("(c{name}\n.").as_bytes()).unwrap_err();
        assert_eq!(error.code(), "weights.pickle.forbidden", "{name}: {error}");
    }
    // A name of a million letters does not fill the page.
    let long = format!("(c{}\nx\n.", "m".repeat(1_000_000));
    assert!(read(long.as_bytes()).unwrap_err().to_string().len() < 1000);
}

#[test]
fn what_cannot_be_read_is_refused_with_what_to_do() {
    let files: BTreeMap<String, Vec<u8>> = files().into_iter().collect();
    for (name, code, words) in [
        ("refused_script.pt", "weights.pytorch.unsupported.script", "torch.save(model.state_dict()"),
        ("refused_oldest.tar.pth", "weights.pytorch.unsupported.tar", "torch.save(torch.load("),
        ("refused_complex.pth", "weights.pytorch.unsupported.dtype", "ComplexFloatStorage"),
    ] {
        assert!(recognises(&files[name]), "{name}");
        let error = read(&files[name]).unwrap_err();
        assert_eq!(error.code(), code, "{name}: {error}");
        assert!(error.to_string().contains(words), "{name}: {error}");
    }
}

#[test]
fn what_holds_no_tensors_is_refused() {
    let pickle = b"\x80\x02}q\x00X\x01\x00\x00\x00aK\x01s.";
    assert_eq!(read(pickle).unwrap_err().code(), "weights.pytorch.unsupported.pickle");
    assert_eq!(read(b"").unwrap_err().code(), "weights.pickle.invalid");
}

/// A legacy file: its four first pickles, of which `object` is the last, and what follows them.
fn legacy_file(object: &[u8], rest: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.".to_vec();
    bytes.extend_from_slice(object);
    bytes.extend_from_slice(rest);
    bytes
}

/// A legacy file with the tensor `w` of one stored value, whose size and strides are the given instructions.
fn one_tensor(size: &[u8], strides: &[u8]) -> Vec<u8> {
    let mut object = b"\x80\x02}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storage\
        ctorch\nFloatStorage\nX\x01\0\0\0kX\x03\0\0\0cpuK\x01NtQK\0"
        .to_vec();
    object.extend_from_slice(size);
    object.extend_from_slice(strides);
    object.extend_from_slice(b"\x89NtRs.");
    legacy_file(&object, b"\x80\x02]X\x01\0\0\0ka.\x01\0\0\0\0\0\0\0\0\0\x80?")
}

#[test]
fn a_tensor_of_one_stored_value_may_be_shown_many_times_but_not_without_bounds() {
    let found = read(&one_tensor(b"K\x03\x85", b"K\0\x85")).unwrap();
    assert_eq!((found[0].shape.as_slice(), found[0].values.as_slice()), (&[3][..], &[1.0; 3][..]));
    // 2^62, whose bytes overflow; 2^40; twice 2^62; outside of the storage.
    let huge = b"\x8a\x08\0\0\0\0\0\0\0@";
    let large = b"\x8a\x06\0\0\0\0\0\x01";
    for (size, code) in [(&huge[..], "weights.pytorch.limit"), (&large[..], "weights.pytorch.limit")] {
        let error = read(&one_tensor(&[size, b"\x85"].concat(), b"K\0\x85")).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }
    for (size, strides) in [
        ([huge, huge, &b"\x86"[..]].concat(), &b"K\0K\0\x86"[..]),
        (b"K\x03\x85".to_vec(), &b"K\x01\x85"[..]),
    ] {
        let error = read(&one_tensor(&size, strides)).unwrap_err();
        assert_eq!(error.code(), "weights.pytorch.invalid", "{error}");
    }
}

#[test]
fn long_texts_that_are_referred_to_again_are_not_copied() {
    // One tensor whose storage key and name have a megabyte, 200 000 times.
    let mut object = b"\x80\x02}(".to_vec();
    object.extend_from_slice(b"X\0\0\x10\0");
    object.extend(std::iter::repeat_n(b'k', 1 << 20));
    object.extend_from_slice(b"q\0ctorch\nFloatStorage\nq\x01X\x07\0\0\0storageq\x02h\x01h\0Nt0");
    object.extend_from_slice(b"(h\x02h\x01h\0tq\x03");
    for _ in 0..200_000 {
        object.extend_from_slice(b"h\x03Q0");
    }
    object.push(b'.');
    assert!(read(&legacy_file(&object, b"")).is_err());
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
    // Dictionaries that hold themselves.
    let cyclic = legacy_file(b"\x80\x02}q\0X\x01\0\0\0ah\0sX\x05\0\0\0modelh\0s.", b"\x80\x02].");
    assert_eq!(read(&cyclic).unwrap_err().code(), "weights.pytorch.empty");
    // Tuples of ten of the tuple before: 10^100 leaves.
    let mut leaves = b"\x80\x02K\x01q\0".to_vec();
    for _ in 0..100 {
        leaves.extend_from_slice(b"0(h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0tq\0");
    }
    let leaves = legacy_file(&[&leaves[..], b"."].concat(), b"\x80\x02].");
    assert_eq!(read(&leaves).unwrap_err().code(), "weights.pytorch.empty");
    // A stack without end, and a place far away.
    let stack = [b"\x80\x02K\x01".to_vec(), vec![b'2'; 20_000_000]].concat();
    assert_eq!(read(&stack).unwrap_err().code(), "weights.pickle.limit");
    let deep = [b"\x80\x02".to_vec(), vec![b'('; 20_000_000]].concat();
    assert_eq!(read(&deep).unwrap_err().code(), "weights.pickle.limit");
    assert_eq!(read(b"\x80\x02Nr\xff\xff\xff\xff.").unwrap_err().code(), "weights.pickle.limit");
    // Lists in lists in lists: freed without recursion.
    let nested = [b"\x80\x02".to_vec(), vec![b']'; 1_000_000], vec![b'a'; 999_999], b".".to_vec()].concat();
    assert!(read(&legacy_file(&nested, b"\x80\x02].")).is_err());
    // A text that is longer than a description may be.
    let long = [b"\x80\x02X\0\0\xe0\x06".to_vec(), vec![b'x'; 110 << 20], b".".to_vec()].concat();
    assert_eq!(read(&long).unwrap_err().code(), "weights.pickle.limit");
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

#[test]
fn every_file_cut_at_every_byte_and_with_every_byte_changed() {
    for (name, bytes) in files() {
        for at in 0..bytes.len() {
            if let Ok(found) = read(&bytes[..at]) {
                panic!("{name} cut to {at} bytes has {} tensors", found.len());
            }
            let mut changed = bytes.clone();
            for flip in [0xFF, 0x80, 0x01] {
                changed[at] = bytes[at] ^ flip;
                if let Err(error) = read(&changed) {
                    assert!(error.to_string().ends_with('.'), "{name} changed at {at}: {error}");
                }
            }
        }
    }
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

#[test]
fn numbers_and_arrays_of_numpy_beside_the_weights_are_passed_over() {
    // What NumPy 1 and 2 write of a number: `scalar(dtype("f8", False, True), bytes)`, and the state of its type.
    for module in ["numpy.core.multiarray", "numpy._core.multiarray"] {
        let mut object = b"\x80\x02}(X\x04\0\0\0bestc".to_vec();
        object.extend_from_slice(module.as_bytes());
        object.extend_from_slice(
            b"\nscalar\ncnumpy\ndtype\n(X\x02\0\0\0f8\x89\x88tR(K\x03X\x01\0\0\0<NNNtbC\x08",
        );
        object.extend_from_slice(&0.5f64.to_le_bytes());
        object.extend_from_slice(
            b"\x86RX\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storage\
            ctorch\nFloatStorage\nX\x01\0\0\0kX\x03\0\0\0cpuK\x01NtQK\0K\x01\x85K\x01\x85\x89NtRu.",
        );
        let found =
            read(&legacy_file(&object, b"\x80\x02]X\x01\0\0\0ka.\x01\0\0\0\0\0\0\0\0\0\x80?")).unwrap();
        assert_eq!((found.len(), found[0].name.as_str()), (1, "w"));
    }
    // Its other functions are refused as those of any module.
    for name in ["numpy\nload", "numpy.core.multiarray\nfrombuffer", "numpy\nfromfile"] {
        let error = read(format!("(c{name}\n.").as_bytes()).unwrap_err();
        assert_eq!(error.code(), "weights.pickle.forbidden", "{name}: {error}");
    }
}
