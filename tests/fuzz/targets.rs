//! What is done with bytes that may be anything. A target panics if something is not as it must be: whatever comes in, the answer is a
//! result that can be used, or an error with a code and a sentence. `tests/fuzz_corpus.rs` gives the corpus to the same functions.

use burn::tensor::Device;
use insitu::Error;
use insitu::label::{Documents, Shape, read_labels, read_marks};
use insitu::results::Truth;
use insitu::scan::{Beginning, Limits, Scan, together, windowing};
use insitu::train::{Checkpoint, Run};
use insitu::weights::Model;
use insitu::weights::foreign::{keras::KerasFile, pytorch};

/// What is done with the bytes of a case.
pub type Target = fn(&[u8]);

/// By their names: [`image`], [`several`], [`weights`], [`labels`], [`session`].
pub const TARGETS: [(&str, Target); 5] =
    [("image", image), ("several", several), ("weights", weights), ("labels", labels), ("session", session)];

/// So small that a header that asks for much is refused, and a case takes milliseconds.
const LIMITS: Limits = Limits { slice: 1 << 20, pixels: 1 << 20, bytes: 8 << 20 };

/// Every failure has a code of its room and a sentence for people.
fn told(error: &Error) {
    assert!(error.code().contains('.'), "a code without a room: {}", error.code());
    let sentence = error.to_string();
    assert!(sentence.ends_with(['.', '?']) && sentence.len() > 10, "no sentence: {sentence}");
}

/// A scan that was opened can be looked at, at both of its ends.
fn used(scan: &Scan) {
    assert!((scan.width * scan.height * scan.slices) as u64 <= LIMITS.pixels);
    for slice in [0, scan.slices - 1] {
        match scan.slice(slice) {
            Ok(image) => {
                let pixels = windowing::render(&image, scan.default_window(slice), scan.inverted);
                assert_eq!(pixels.len(), scan.width * scan.height * 4);
            }
            Err(error) => told(&error),
        }
        let _ = scan.value_at(slice, scan.width - 1, scan.height - 1);
    }
    assert!(scan.slice(scan.slices).is_err());
    assert_eq!(scan.channel_looks().len(), scan.planes.channels.len());
}

/// A file that is dropped alone.
pub fn image(bytes: &[u8]) {
    for name in [None, Some("case.hdr")] {
        match Scan::decode(bytes, name, &LIMITS) {
            Ok(scan) => used(&scan),
            Err(error) => told(&error),
        }
    }
    if let Some(wanted) = Scan::wants_pixels_of(bytes, Some("case.hdr")) {
        assert!(!wanted.names.is_empty());
        let mut same = |_: &str| Some(bytes.into());
        match Scan::decode_detached(bytes, Some("case.hdr"), &mut same, &LIMITS) {
            Ok(scan) => used(&scan),
            Err(error) => told(&error),
        }
    }
}

/// The names that several files may have, so that headers find their pixels, and Zarr its chunks.
const NAMES: [&str; 12] = [
    "a.dcm",
    "b.dcm",
    "c.dcm",
    "a.ome.tif",
    "b.ome.tif",
    "a.hdr",
    "a.img",
    "a.mhd",
    "a.raw",
    "z.zarr/.zarray",
    "z.zarr/zarr.json",
    "z.zarr/0.0",
];

/// Several files that are dropped together: a byte for the name, two for the length, the bytes, and so on.
pub fn several(bytes: &[u8]) {
    let mut names = Vec::new();
    let mut files: Vec<&[u8]> = Vec::new();
    let mut rest = bytes;
    while let [name, low, high, after @ ..] = rest {
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(after.len());
        let (file, next) = after.split_at(length);
        names.push(NAMES[usize::from(*name) % NAMES.len()].to_string());
        files.push(file);
        rest = next;
        if files.len() == 16 {
            break;
        }
    }
    let looked = files.iter().zip(&names).map(|(file, name)| Beginning::of(file, name, true));
    let (places, beginnings): (Vec<usize>, Vec<Beginning>) =
        looked.enumerate().filter_map(|(place, found)| Some((place, found?))).unzip();
    let named: Vec<String> = places.iter().map(|place| names[*place].clone()).collect();
    let (found, left) = together(&beginnings, &named);
    for (place, why) in left {
        assert!(place < beginnings.len() && why.len() > 10, "{why}");
    }
    for each in found {
        let _ = each.name();
        match each.open(&named, &LIMITS, |place| Ok(files[places[place]].to_vec())) {
            Ok(scan) => used(&scan),
            Err(error) => told(&error),
        }
    }
}

/// A model, or weights of another program.
pub fn weights(bytes: &[u8]) {
    let _ = Model::recognises(bytes);
    let _ = Model::files_beside(bytes);
    match Model::card_from_bytes(bytes) {
        // With its network: what the card asks for must be what the tensors are.
        Ok(card) => {
            assert!(!card.title.is_empty(), "a model without a name");
            if let Err(error) = Model::from_bytes(bytes, &Device::flex()) {
                told(&error);
            }
        }
        Err(error) => told(&error),
    }
    // Also where the first bytes say that it is something else.
    if let Err(error) = pytorch::read(bytes) {
        told(&error);
    }
    if let Err(error) = KerasFile::from_bytes(bytes) {
        told(&error);
    }
}

/// The size of the labels that the corpus has in archives.
const ARCHIVED: Shape = Shape { width: 24, height: 16, slices: 2 };

/// Labels of other programs, for an image of their size and for one of another, and as what is right.
pub fn labels(bytes: &[u8]) {
    let scan = Scan::decode(bytes, None, &LIMITS).ok();
    let own = scan.as_ref().map(|scan| Shape { width: scan.width, height: scan.height, slices: scan.slices });
    for shape in [own.unwrap_or(ARCHIVED), Shape { width: 3, height: 2, slices: 1 }] {
        // What is read of a label file alone has the limits of a program; here it must not ask for more than an image may.
        if scan.is_none() && !bytes.starts_with(b"PK") {
            break;
        }
        match read_labels(bytes, "case.png", shape) {
            Ok(file) => {
                for page in file.pages {
                    assert_eq!(page.values.len(), shape.width * shape.height);
                    assert!(page.slice.is_none_or(|slice| slice < shape.slices));
                }
            }
            Err(error) => told(&error),
        }
    }
    if let Some(scan) = scan {
        if let Err(error) = read_marks(bytes, "case.dcm", &scan) {
            told(&error);
        }
        match Truth::read(bytes, "case.png").and_then(|truth| Ok((truth.meaning()?, truth))) {
            Ok((meaning, truth)) => {
                if let Err(error) = truth.labels(meaning) {
                    told(&error);
                }
            }
            Err(error) => told(&error),
        }
    }
}

/// What the page kept: labels with their history (first byte 0), the order of commands beside labels (1), or a training.
pub fn session(bytes: &[u8]) {
    let [kind, rest @ ..] = bytes else { return };
    match kind {
        0 => restored(rest, &[]),
        1 => {
            let [low, high, rest @ ..] = rest else { return };
            let length = usize::from(u16::from_le_bytes([*low, *high])).min(rest.len());
            let (order, labels) = rest.split_at(length);
            restored(labels, order);
        }
        _ => {
            if let Err(error) = Checkpoint::from_bytes(rest) {
                told(&error);
            }
            match Run::model_of(rest, &Device::flex()) {
                Ok(_) => {}
                Err(error) => told(&error),
            }
        }
    }
}

/// Labels come back, can be undone and done again, and stored once more.
fn restored(labels: &[u8], order: &[u8]) {
    let mut documents = Documents::default();
    if let Err(error) = documents.restore(1, labels) {
        return told(&error);
    }
    if let Err(error) = documents.restore_order(order) {
        told(&error);
    }
    let (done, undone) = documents.steps();
    for _ in 0..done.min(50) {
        documents.undo();
    }
    for _ in 0..(done + undone).min(100) {
        documents.redo();
    }
    documents.store(1).expect("what was read can be stored");
}
