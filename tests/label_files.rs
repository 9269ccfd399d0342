//! Labels leave as files that other programs read, and come back from those and from theirs.

#![cfg(not(target_arch = "wasm32"))]

use insitu::label::{
    Area, Documents, Ink, LabelFile, Rect, Region, Shape, UNLABELLED, label_png, label_zip, read_labels,
};
use insitu::{Error, Kind};
use proptest::prelude::*;

/// Two documents: a picture and a stack, with two classes.
fn painted() -> Documents {
    let mut all = Documents::default();
    all.add(1, 150, 70, 1).unwrap();
    all.add(2, 90, 80, 3).unwrap();
    all.add_class("Zellkern, groß", Some("#123456")).unwrap();
    all.add_class("cell", None).unwrap();
    for (document, slice, rect, value) in [
        (1, 0, Rect::new(3, 4, 100, 30), 1),
        (1, 0, Rect::new(50, 10, 80, 50), 0),
        (2, 0, Rect::new(0, 0, 90, 80), 2),
        (2, 2, Rect::new(20, 30, 5, 6), 1),
    ] {
        fill(&mut all, document, slice, rect, value);
    }
    all
}

fn fill(all: &mut Documents, document: u32, slice: usize, rect: Rect, value: u8) {
    let region = Region::of(rect);
    all.paint(document, |painting| {
        let rect = painting.fill(slice, &region, Ink::new(value))?;
        Ok(rect.map(|rect| Area { slice, rect }).into_iter().collect())
    })
    .unwrap();
}

fn shape(all: &Documents, document: u32) -> Shape {
    let map = all.map(document).unwrap();
    Shape { width: map.width(), height: map.height(), slices: map.slices() }
}

fn values(all: &Documents, document: u32) -> Vec<Vec<u8>> {
    let map = all.map(document).unwrap();
    (0..map.slices()).map(|slice| map.read(slice, map.bounds()).unwrap()).collect()
}

/// The same documents without labels; the classes are others.
fn empty() -> Documents {
    let mut all = Documents::default();
    all.add(1, 150, 70, 1).unwrap();
    all.add(2, 90, 80, 3).unwrap();
    all
}

#[test]
fn a_png_holds_the_values_the_colours_and_the_classes() {
    let all = painted();
    let file = label_png(all.map(1).unwrap(), 0).unwrap();
    let mut decoder = png::Decoder::new(std::io::Cursor::new(&file));
    decoder.set_transformations(png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().unwrap();
    let mut read = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut read).unwrap();
    let info = reader.info();
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Indexed, png::BitDepth::Eight));
    assert_eq!(info.palette.as_ref().unwrap()[..6], [0, 0, 0, 0x12, 0x34, 0x56]);
    let opacity = info.trns.as_ref().unwrap();
    assert!(opacity[..255].iter().all(|a| *a == 255) && opacity[255] == 0);
    assert_eq!(read, values(&all, 1)[0]);
}

#[test]
fn our_png_comes_back_with_its_classes_by_name() {
    let from = painted();
    let file = label_png(from.map(1).unwrap(), 0).unwrap();
    let mut to = empty();
    let read = read_labels(&file, "any.png", shape(&to, 1)).unwrap();
    let (changes, added) = to.import(1, 0, &read).unwrap();
    assert_eq!((added, changes.classes, changes.areas.len()), (2, true, 1));
    assert_eq!(to.classes(), from.classes());
    assert_eq!(values(&to, 1), values(&from, 1));
    assert_eq!(to.steps(), (1, 0));
    to.undo();
    assert!(to.classes().is_empty());
    // Into a table of another order.
    to.add_class("cell", None).unwrap();
    assert_eq!(to.import(1, 0, &read).unwrap().1, 1);
    assert_eq!(to.map(1).unwrap().total_counts(), [80 * 50, 0, 100 * 30 - 53 * 24]);
}

#[test]
fn our_zip_comes_back_slice_by_slice() {
    let from = painted();
    let zip = label_zip(
        from.classes(),
        [("cells.tif", from.map(1).unwrap()), ("CT/stack.nii.gz", from.map(2).unwrap())],
    );
    let zip = zip.unwrap();
    let mut to = empty();
    for document in [1, 2] {
        let read = read_labels(&zip, "labels.zip", shape(&to, document)).unwrap();
        to.import(document, 0, &read).unwrap();
        assert_eq!(values(&to, document), values(&from, document));
    }
    assert_eq!(to.classes(), from.classes());
    let blank = empty();
    let nothing = label_zip(blank.classes(), [("a", blank.map(1).unwrap())]);
    assert_eq!(nothing.unwrap_err().code(), "label.empty");
}

#[test]
fn of_several_images_in_a_zip_the_one_of_this_name_is_read() {
    let mut all = Documents::default();
    all.add_class("cell", None).unwrap();
    for document in 1..4 {
        all.add(document, 20, 10, 1).unwrap();
        fill(&mut all, document, 0, Rect::new(0, 0, document as usize, 1), 1);
    }
    let maps = [("a.png", 1), ("b.png", 2), ("b.png", 3)].map(|(name, n)| (name, all.map(n).unwrap()));
    let zip = label_zip(all.classes(), maps).unwrap();
    let read = |name: &str| read_labels(&zip, name, shape(&all, 1));
    let labelled = |file: LabelFile| file.pages[0].values.iter().filter(|v| **v == 1).count();
    assert_eq!(labelled(read("a.tif").unwrap()), 1);
    assert_eq!(labelled(read("b.png").unwrap()), 2);
    let error = read("labels.zip").unwrap_err();
    assert_eq!(error.code(), "label.import.which");
    assert!(error.message().contains("a.png"), "{error}");
}

fn of_others(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/reference/labels/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn masks_of_pillow_and_tifffile_are_read_as_classes_in_rising_order() {
    let expected: serde_json::Value = serde_json::from_slice(&of_others("expected.json")).unwrap();
    let expected = expected.as_object().unwrap();
    assert!(expected.len() > 8);
    for (name, told) in expected {
        let number = |v: &serde_json::Value| v.as_u64().unwrap() as usize;
        let sides: Vec<usize> = told["shape"].as_array().unwrap().iter().map(number).collect();
        let (slices, height, width) = match sides[..] {
            [h, w] => (1, h, w),
            [s, h, w] => (s, h, w),
            _ => panic!("{name}"),
        };
        let file = read_labels(&of_others(name), name, Shape { width, height, slices });
        let file = file.unwrap_or_else(|e| panic!("{name}: {e}"));
        let read: Vec<usize> =
            file.pages.iter().flat_map(|page| page.values.iter().map(|v| usize::from(*v))).collect();
        let wanted: Vec<usize> = told["values"].as_array().unwrap().iter().map(number).collect();
        assert!(read == wanted, "{name}");
        assert_eq!(file.pages.len(), slices);
        let colours: Vec<Option<&str>> =
            told["classes"].as_array().unwrap().iter().map(serde_json::Value::as_str).collect();
        assert_eq!(file.classes.iter().map(|c| c.colour.as_deref()).collect::<Vec<_>>(), colours, "{name}");
    }
}

#[test]
fn values_without_names_are_the_first_classes_and_more_are_added() {
    let mut all = Documents::default();
    all.add(1, 21, 13, 1).unwrap();
    all.add_class("nucleus", None).unwrap();
    all.add_class("class 3", None).unwrap();
    let read = read_labels(&of_others("sixteen-bits.png"), "mask", shape(&all, 1)).unwrap();
    let (_, added) = all.import(1, 0, &read).unwrap();
    assert_eq!(added, 1);
    let names: Vec<&str> = all.classes().as_slice().iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["nucleus", "class 3", "class 3 (2)"]);
    assert!(all.map(1).unwrap().total_counts()[1..].iter().all(|n| *n == 21));
}

#[test]
fn what_is_no_mask_of_this_image_is_refused_with_a_reason() {
    let shape = Shape { width: 21, height: 13, slices: 1 };
    let code = |name: &str, shape: Shape| read_labels(&of_others(name), name, shape).unwrap_err();
    for (name, wanted) in [
        ("colours.png", "label.import.colours"),
        ("photograph.png", "label.import.values"),
        ("fractions.tif", "label.import.values"),
        ("negative.tif", "label.import.values"),
        ("lossy.jpg", "label.import.jpeg"),
        ("stack.tif", "label.shape"),
    ] {
        assert_eq!(code(name, shape).code(), wanted, "{name}");
    }
    for name in ["indexed.png", "grey.tif", "sixteen-bits.png"] {
        let error = code(name, Shape { width: 22, ..shape });
        assert_eq!(error.code(), "label.shape");
        assert!(error.message().contains("21 x 13"), "{error}");
    }
    let garbage = read_labels(b"no image at all", "notes.txt", shape).unwrap_err();
    assert!(garbage.kind() == Kind::Invalid || garbage.kind() == Kind::Unsupported);
    let all = painted();
    let zip = label_zip(all.classes(), [("a", all.map(2).unwrap())]).unwrap();
    let code = |shape| read_labels(&zip, "a", shape).unwrap_err().code().to_string();
    assert_eq!(code(shape), "label.shape");
    assert_eq!(code(Shape { width: 90, height: 80, slices: 4 }), "label.shape");
    assert_eq!(read_labels(b"PK\x03\x04", "a.zip", shape).unwrap_err().code(), "zip.invalid");
}

#[test]
fn a_file_that_fits_no_document_changes_nothing() {
    let mut all = painted();
    let (steps, before) = (all.steps(), values(&all, 2));
    let page = |slice, n, value| insitu::label::Page { slice, values: vec![value; n] };
    let file = |pages| LabelFile { classes: vec![Default::default(); 1], pages };
    let mut code = |pages, slice| all.import(2, slice, &file(pages)).unwrap_err().code().to_string();
    assert_eq!(code(vec![page(None, 9, 1)], 0), "label.shape");
    assert_eq!(code(vec![page(Some(3), 7200, 1)], 0), "label.slice");
    assert_eq!(code(vec![page(None, 7200, 1)], 3), "label.slice");
    assert_eq!(code(vec![page(None, 7200, 2)], 0), "label.import.values");
    assert_eq!((all.steps(), values(&all, 2)), (steps, before));
    // Nothing but "not labelled" is no step.
    let (changes, added) = all.import(2, 0, &file(vec![page(None, 7200, UNLABELLED)])).unwrap();
    assert_eq!((changes.areas.len(), added, all.steps()), (0, 0, steps));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damaged_label_files_are_refused_or_read_as_labels(
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        cut in any::<Option<prop::sample::Index>>(),
        which in 0usize..6,
    ) {
        let all = painted();
        let (mut bytes, shape) = match which {
            0 => (label_png(all.map(1).unwrap(), 0).unwrap(), shape(&all, 1)),
            1 | 2 => (label_zip(all.classes(), [("a", all.map(2).unwrap())]).unwrap(), shape(&all, 2)),
            3 => (of_others("two-bits.png"), Shape { width: 21, height: 13, slices: 1 }),
            4 => (of_others("one-bit.png"), Shape { width: 21, height: 13, slices: 1 }),
            _ => (of_others("stack.tif"), Shape { width: 21, height: 13, slices: 3 }),
        };
        for (place, value) in places {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len() + 1)));
        let read: Result<LabelFile, Error> = read_labels(&bytes, "a", shape);
        if let Ok(file) = read {
            let mut to = Documents::default();
            to.add(1, shape.width, shape.height, shape.slices).unwrap();
            drop(to.import(1, 0, &file));
        }
    }
}
