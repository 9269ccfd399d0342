//! Whatever is painted can be taken back and done again to the byte, and stored and read again.

#![cfg(not(target_arch = "wasm32"))]

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use insitu::label::{
    Area, ClassTable, Dab, Ink, LabelMap, Over, Painting, Point, Rect, Region, Suggestion, UNLABELLED,
};
use proptest::prelude::*;

const WIDTH: usize = 150;
const HEIGHT: usize = 90;
const SLICES: usize = 3;

/// Something that a person does. Values are taken modulo what the class table has.
#[derive(Clone, Debug)]
enum Deed {
    Brush(usize, Dab, Dab, u8, Over),
    Fill(usize, Vec<Point>, u8, Over),
    Smooth(usize, Vec<Point>, usize),
    Accept(usize, Vec<Point>, u64, Over),
    ClearAll,
    Add(String),
    Rename(u8, String),
    Recolour(u8, u32),
    Remove(u8, u8),
    Move(u8, u8),
    /// Several as one command.
    Together(Vec<Deed>),
    /// Several that are given up.
    GivenUp(Vec<Deed>),
}

fn deed() -> impl Strategy<Value = Deed> {
    let point = || (-20.0..170.0f64, -20.0..110.0f64).prop_map(|(x, y)| Point { x, y });
    let corners = move || prop::collection::vec(point(), 3..7);
    let dab =
        || (-20.0..170.0f64, -20.0..110.0f64, 0.0..20.0f64).prop_map(|(x, y, radius)| Dab { x, y, radius });
    let slice = || 0..SLICES;
    let over = || prop_oneof![4 => Just(Over::Everything), 1 => Just(Over::NOTHING), 1 => (0u8..3).prop_map(Over::Only)];
    let single = prop_oneof![
        6 => (slice(), dab(), dab(), any::<u8>(), over()).prop_map(|(s, a, b, v, o)| Deed::Brush(s, a, b, v, o)),
        4 => (slice(), corners(), any::<u8>(), over()).prop_map(|(s, c, v, o)| Deed::Fill(s, c, v, o)),
        2 => (slice(), corners(), 1usize..4).prop_map(|(s, c, r)| Deed::Smooth(s, c, r)),
        2 => (slice(), corners(), any::<u64>(), over()).prop_map(|(s, c, n, o)| Deed::Accept(s, c, n, o)),
        1 => Just(Deed::ClearAll),
        2 => "[a-zäö]{1,9}".prop_map(Deed::Add),
        1 => (any::<u8>(), "[a-z]{0,9}").prop_map(|(v, n)| Deed::Rename(v, n)),
        1 => (any::<u8>(), 0u32..0x100_0000).prop_map(|(v, c)| Deed::Recolour(v, c)),
        1 => any::<(u8, u8)>().prop_map(|(v, i)| Deed::Remove(v, i)),
        2 => any::<(u8, u8)>().prop_map(|(a, b)| Deed::Move(a, b)),
    ];
    let several = || prop::collection::vec(single.clone(), 1..5);
    prop_oneof![
        8 => single.clone(),
        2 => several().prop_map(Deed::Together),
        1 => several().prop_map(Deed::GivenUp),
    ]
}

/// Does it; what the model refuses (a class that is not there) is no deed.
fn perform(painting: &mut Painting, deed: &Deed) {
    let classes = painting.map().classes().len() as u8;
    let value = |v: u8| if v % (classes + 2) > classes { UNLABELLED } else { v % (classes + 2) };
    let class = |v: u8| v % classes.max(1) + 1;
    let polygon = |corners: &[Point]| Region::polygon(corners, painting.map().bounds()).unwrap();
    match deed {
        Deed::Brush(slice, from, to, v, over) => {
            painting.brush(*slice, *from, *to, Ink { value: value(*v), over: *over }).unwrap();
        }
        Deed::Fill(slice, corners, v, over) => {
            let region = polygon(corners);
            painting.fill(*slice, &region, Ink { value: value(*v), over: *over }).unwrap();
        }
        Deed::Smooth(slice, corners, radius) => {
            let region = polygon(corners);
            painting.smooth(*slice, &region, *radius).unwrap();
        }
        Deed::Accept(slice, corners, seed, over) => {
            let region = polygon(corners);
            // Noise, in which runs are short.
            let mask: Vec<u8> = (0..(WIDTH * HEIGHT) as u64)
                .map(|i| value((i.wrapping_mul(seed | 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8))
                .collect();
            painting.accept(*slice, &region, &Suggestion::certain(&mask), *over).unwrap();
        }
        Deed::ClearAll => drop(painting.clear_all()),
        Deed::Add(name) => drop(painting.add_class(name, None)),
        Deed::Rename(v, name) => drop(painting.rename_class(class(*v), name)),
        Deed::Recolour(v, colour) => drop(painting.recolour_class(class(*v), &format!("#{colour:06x}"))),
        Deed::Remove(v, instead) => drop(painting.remove_class(class(*v), value(*instead))),
        Deed::Move(from, to) => drop(painting.move_class(class(*from), class(*to))),
        Deed::Together(deeds) => {
            painting.begin();
            deeds.iter().for_each(|deed| perform(painting, deed));
            painting.end();
        }
        Deed::GivenUp(deeds) => {
            painting.begin();
            deeds.iter().for_each(|deed| perform(painting, deed));
            painting.cancel();
        }
    }
}

/// All values, read as the page does.
fn values(map: &LabelMap) -> Vec<Vec<u8>> {
    (0..map.slices()).map(|slice| map.read(slice, map.bounds()).unwrap()).collect()
}

fn empty() -> LabelMap {
    LabelMap::new(WIDTH, HEIGHT, SLICES, ClassTable::default()).unwrap()
}

/// Where two states differ, slice by slice, as the smallest rectangles.
fn differences(a: &LabelMap, b: &LabelMap) -> Vec<Area> {
    let (a, b) = (values(a), values(b));
    let mut areas = Vec::new();
    for slice in 0..SLICES {
        let pixels = (0..WIDTH * HEIGHT).filter(|i| a[slice][*i] != b[slice][*i]);
        let rect = pixels.map(|i| Rect::new(i % WIDTH, i / WIDTH, 1, 1)).reduce(|a, b| a.union(&b));
        areas.extend(rect.map(|rect| Area { slice, rect }));
    }
    areas
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn undo_of_everything_gives_the_first_state_and_redo_of_everything_the_last(
        deeds in prop::collection::vec(deed(), 1..25),
    ) {
        let mut painting = Painting::new(empty());
        // The state after each step.
        let mut states = vec![painting.map().clone()];
        for deed in &deeds {
            perform(&mut painting, deed);
            if painting.steps().0 == states.len() {
                states.push(painting.map().clone());
            }
            prop_assert_eq!(painting.map(), states.last().unwrap());
            prop_assert_eq!(values(painting.map()), values(states.last().unwrap()));
        }
        for i in (1..states.len()).rev() {
            let changed = painting.undo().unwrap();
            prop_assert_eq!(&changed.areas, &differences(&states[i], &states[i - 1]));
            prop_assert_eq!(changed.classes, states[i].classes() != states[i - 1].classes());
            prop_assert_eq!(painting.map(), &states[i - 1]);
        }
        prop_assert!(painting.undo().is_none());
        prop_assert_eq!(painting.map(), &empty());
        for i in 1..states.len() {
            prop_assert_eq!(&painting.redo().unwrap().areas, &differences(&states[i], &states[i - 1]));
            prop_assert_eq!(painting.map(), &states[i]);
        }
        prop_assert!(painting.redo().is_none());
    }

    #[test]
    fn counts_are_those_of_the_pixels_and_every_pixel_has_a_class(deeds in prop::collection::vec(deed(), 1..25)) {
        let mut painting = Painting::new(empty());
        for deed in &deeds {
            perform(&mut painting, deed);
        }
        let classes = painting.map().classes().len();
        for (slice, values) in values(painting.map()).into_iter().enumerate() {
            let of = |value: usize| values.iter().filter(|v| usize::from(**v) == value).count() as u64;
            let counts = painting.map().counts(slice).unwrap();
            prop_assert_eq!(&counts, &(0..=classes).map(of).collect::<Vec<_>>());
            prop_assert_eq!(counts.iter().sum::<u64>() + of(255), (WIDTH * HEIGHT) as u64);
            let labelled = painting.map().labelled_slices().any(|s| s == slice);
            prop_assert_eq!(labelled, counts.iter().any(|n| *n > 0));
        }
    }

    #[test]
    fn stored_labels_come_back_with_all_that_can_be_undone(
        deeds in prop::collection::vec(deed(), 0..16),
        undone in 0usize..4,
    ) {
        let mut painting = Painting::new(empty());
        deeds.iter().for_each(|deed| perform(&mut painting, deed));
        for _ in 0..undone {
            painting.undo();
        }
        let bytes = painting.to_bytes().unwrap();
        let mut again = Painting::from_bytes(&bytes).unwrap();
        prop_assert_eq!(&again.to_bytes().unwrap(), &bytes);
        loop {
            prop_assert_eq!((again.map(), again.steps()), (painting.map(), painting.steps()));
            if (painting.undo().is_some(), again.undo().is_some()) == (false, false) {
                break;
            }
        }
    }

    #[test]
    fn damaged_labels_are_refused_or_read_as_labels(
        deeds in prop::collection::vec(deed(), 1..6),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut painting = Painting::new(empty());
        painting.add_class("nucleus", None).unwrap();
        deeds.iter().for_each(|deed| perform(&mut painting, deed));
        let whole = painting.to_bytes().unwrap();
        let damage = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            for (place, value) in &places {
                let place = place.index(bytes.len());
                bytes[place] = *value;
            }
            bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len() + 1)));
            bytes
        };
        // The file as it lies there, and its content under a checksum that is right.
        let packed = damage(&whole);
        let mut content = Vec::new();
        ZlibDecoder::new(&whole[NAME.len() + 1..]).read_to_end(&mut content).unwrap();
        let forged = pack(&damage(&content));
        for bytes in [packed, forged] {
            if let Ok(mut read) = Painting::from_bytes(&bytes) {
                let classes = read.map().classes().len();
                prop_assert!(read.map().total_counts().len() == classes + 1);
                let again = Painting::from_bytes(&read.to_bytes().unwrap()).unwrap();
                prop_assert_eq!((again.map(), again.steps()), (read.map(), read.steps()));
                while read.undo().is_some() {}
                while read.redo().is_some() {}
            }
        }
    }
}

/// What stored labels begin with.
const NAME: &[u8] = b"INSITU-PAINTING";

/// Stored labels with this content.
fn pack(content: &[u8]) -> Vec<u8> {
    let mut out = ZlibEncoder::new([NAME, &[1]].concat(), Compression::fast());
    out.write_all(content).unwrap();
    out.finish().unwrap()
}

/// Content with these numbers, no classes, and tiles as they are.
fn content(numbers: [u32; 3], tiles: u32, rest: &[u8]) -> Vec<u8> {
    let numbers: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    [&numbers, [0].as_slice(), &tiles.to_le_bytes(), rest].concat()
}

#[test]
fn labels_that_ask_for_too_much_or_contradict_themselves_are_refused() {
    // Without a history: nothing that was done, nothing that was undone.
    let code = |content: &[u8]| {
        let bytes = pack(&[content, &[0; 8]].concat());
        Painting::from_bytes(&bytes).map_or_else(|e| e.code().to_owned(), |_| "read".into())
    };
    let tile =
        |slice: u32, index: u32, kind: &[u8]| [&slice.to_le_bytes(), &index.to_le_bytes(), kind].concat();
    assert_eq!(code(&content([65, 9, 2], 1, &tile(1, 1, &[0, 0]))), "read");
    assert_eq!(code(&content([u32::MAX; 3], 0, &[])), "label.limit.pixels");
    assert_eq!(code(&content([0, 9, 2], 0, &[])), "label.shape");
    // More tiles than there are, tiles twice, in no slice, of no kind, of a class that is not there, and bytes after all.
    assert_eq!(code(&content([65, 9, 2], u32::MAX, &tile(1, 1, &[0, 0]))), "label.invalid");
    let twice = [tile(1, 1, &[0, 0]), tile(1, 1, &[0, 0])].concat();
    assert_eq!(code(&content([65, 9, 2], 2, &twice)), "label.invalid");
    for wrong in [tile(2, 0, &[0, 0]), tile(0, 2, &[0, 0]), tile(0, 0, &[2, 0]), tile(0, 0, &[0, 1])] {
        assert_eq!(code(&content([65, 9, 2], 1, &wrong)), "label.invalid");
    }
    assert_eq!(code(&content([65, 9, 2], 0, &[0])), "label.invalid");
    // A hundred million slices of a pixel: little to send, much to keep.
    let many: Vec<u8> = (0..1_000_000).flat_map(|slice| tile(slice, 0, &[0, 0])).collect();
    assert_eq!(code(&content([1, 1, 100_000_000], 1_000_000, &many)), "label.limit.bytes");
    for (bytes, code) in [
        (&b"INSITU-PAINTING\x02"[..], "label.unsupported.version"),
        (b"PNG", "label.invalid"),
        (NAME, "label.invalid"),
    ] {
        assert_eq!(Painting::from_bytes(bytes).err().unwrap().code(), code);
    }
}

#[test]
fn a_large_image_that_was_filled_and_cleared_again_comes_back_with_its_history() {
    let map = LabelMap::new(20_000, 20_000, 1, ClassTable::default()).unwrap();
    let all = Region::of(map.bounds());
    let mut painting = Painting::new(map);
    painting.fill(0, &all, Ink::new(0)).unwrap();
    painting.clear(0, &all).unwrap();
    painting.fill(0, &all, Ink::new(0)).unwrap();
    let mut again = Painting::from_bytes(&painting.to_bytes().unwrap()).unwrap();
    assert_eq!((again.steps(), again.map()), ((3, 0), painting.map()));
    for labelled in [0, 400_000_000, 0] {
        again.undo();
        assert_eq!(again.map().counts(0).unwrap(), [labelled]);
    }
}

#[test]
fn labels_whose_history_needs_too_much_memory_come_without_it() {
    // One command on many slices of a pixel: each of them would be a plane when it is undone.
    let slices = 600_000u32;
    let patches = (0..slices).flat_map(|slice| {
        let [a, b, c, d] = slice.to_le_bytes();
        // The slice, tile 0, one run of a pixel.
        [a, b, c, d, 0, 0, 0, 0, 0, 1, 0, 1, 0, 255]
    });
    let mut content = content([1, 1, slices], 0, &[]);
    for n in [1, 0] {
        content.extend(u32::to_le_bytes(n));
    }
    content.push(0);
    content.extend(slices.to_le_bytes());
    content.extend(patches);
    let whole = pack(&content);
    let read = Painting::from_bytes(&whole).unwrap();
    assert_eq!((read.steps(), read.map().slices()), ((0, 0), 600_000));
    // The checksum is looked at nevertheless.
    let mut other = whole;
    *other.last_mut().unwrap() ^= 1;
    assert_eq!(Painting::from_bytes(&other).err().unwrap().code(), "label.invalid");
}
