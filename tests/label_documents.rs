//! Several images that are painted side by side have one history, which can be stored and goes on where it was.

#![cfg(not(target_arch = "wasm32"))]

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use insitu::label::{Area, Dab, Documents, Ink, LabelMap, Over, Painting, Rect, Region, UNLABELLED};
use proptest::prelude::*;

/// Width, height, slices of the documents.
const SHAPES: [(usize, usize, usize); 3] = [(90, 70, 1), (64, 64, 3), (130, 20, 2)];

/// Something that a person does. Numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Deed {
    Brush(usize, usize, (f64, f64, f64), u8),
    Fill(usize, usize, (usize, usize, usize, usize), u8),
    ClearAll,
    AddClass,
    Rename(u8, u32),
    Recolour(u8, u32),
    RemoveClass(u8, u8),
    MoveClass(u8, u8),
    Add(usize),
    Remove(usize),
    Undo,
    Redo,
    /// Of several as one command; false gives them up.
    Together(Vec<Deed>, bool),
}

fn deed() -> impl Strategy<Value = Deed> {
    let document = || 0..SHAPES.len();
    let single = prop_oneof![
        6 => (document(), 0usize..3, (0.0..130.0f64, 0.0..70.0f64, 0.0..20.0f64), any::<u8>())
            .prop_map(|(d, s, place, v)| Deed::Brush(d, s, place, v)),
        3 => (document(), 0usize..3, (0usize..100, 0usize..70, 1usize..90, 1usize..70), any::<u8>())
            .prop_map(|(d, s, rect, v)| Deed::Fill(d, s, rect, v)),
        1 => Just(Deed::ClearAll),
        3 => Just(Deed::AddClass),
        1 => any::<(u8, u32)>().prop_map(|(v, n)| Deed::Rename(v, n)),
        1 => any::<(u8, u32)>().prop_map(|(v, n)| Deed::Recolour(v, n)),
        1 => any::<(u8, u8)>().prop_map(|(v, i)| Deed::RemoveClass(v, i)),
        1 => any::<(u8, u8)>().prop_map(|(a, b)| Deed::MoveClass(a, b)),
    ];
    let several = (prop::collection::vec(single.clone(), 1..5), any::<bool>());
    prop_oneof![
        16 => single,
        3 => document().prop_map(Deed::Add),
        1 => document().prop_map(Deed::Remove),
        4 => Just(Deed::Undo),
        3 => Just(Deed::Redo),
        3 => several.prop_map(|(deeds, keep)| Deed::Together(deeds, keep)),
    ]
}

/// Does it; what is refused is no deed.
fn perform(all: &mut Documents, deed: &Deed) {
    let classes = all.classes().len() as u8;
    let value = |v: u8| if v % (classes + 2) > classes { UNLABELLED } else { v % (classes + 2) };
    let class = |v: u8| v % classes.max(1) + 1;
    let area = |slice, rect: Option<Rect>| rect.map(|rect| Area { slice, rect }).into_iter().collect();
    match deed {
        Deed::Brush(document, slice, (x, y, radius), v) => {
            let slice = slice % SHAPES[*document].2;
            let dab = Dab { x: *x, y: *y, radius: *radius };
            let ink = Ink::new(value(*v));
            drop(all.paint(*document as u32, |p| Ok(area(slice, p.brush(slice, dab, dab, ink)?))));
        }
        Deed::Fill(document, slice, (x, y, w, h), v) => {
            let slice = slice % SHAPES[*document].2;
            let region = Region::of(Rect::new(*x, *y, *w, *h));
            let ink =
                Ink { value: value(*v), over: if v % 2 == 0 { Over::NOTHING } else { Over::Everything } };
            drop(all.paint(*document as u32, |p| Ok(area(slice, p.fill(slice, &region, ink)?))));
        }
        Deed::ClearAll => drop(all.clear_all()),
        Deed::AddClass => drop(all.add_class(&format!("class {classes}"), None)),
        Deed::Rename(v, n) => drop(all.rename_class(class(*v), &format!("name {}", n % 9))),
        Deed::Recolour(v, n) => drop(all.recolour_class(class(*v), &format!("#{:06x}", n % 0x100_0000))),
        Deed::RemoveClass(v, instead) => drop(all.remove_class(class(*v), value(*instead))),
        Deed::MoveClass(a, b) => drop(all.move_class(class(*a), class(*b))),
        Deed::Add(document) => {
            let (w, h, slices) = SHAPES[*document];
            drop(all.add(*document as u32, w, h, slices));
        }
        Deed::Remove(document) => drop(all.remove(*document as u32)),
        Deed::Undo => drop(all.undo()),
        Deed::Redo => drop(all.redo()),
        Deed::Together(deeds, keep) => {
            all.begin();
            deeds.iter().for_each(|deed| perform(all, deed));
            if *keep {
                all.end();
            } else {
                all.cancel();
            }
        }
    }
}

fn painted(deeds: &[Deed]) -> Documents {
    let mut all = Documents::default();
    perform(&mut all, &Deed::Add(0));
    deeds.iter().for_each(|deed| perform(&mut all, deed));
    all
}

fn state(all: &Documents) -> Vec<(u32, LabelMap)> {
    all.iter().map(|(document, map)| (document, map.clone())).collect()
}

/// Documents and order as they are stored, in a new place.
fn reopened(all: &Documents) -> Documents {
    let mut again = Documents::default();
    for (document, _) in all.iter() {
        again.restore(document, &all.store(document).unwrap()).unwrap();
    }
    again.restore_order(&all.store_order().unwrap()).unwrap();
    again
}

fn assert_one_table(all: &Documents) {
    for (_, map) in all.iter() {
        assert_eq!(map.classes(), all.classes());
        let labelled: u64 = map.total_counts().iter().sum();
        let read: usize = (0..map.slices())
            .map(|s| map.read(s, map.bounds()).unwrap().iter().filter(|v| **v != UNLABELLED).count())
            .sum();
        assert_eq!(labelled, read as u64, "a label without a class");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn undo_of_everything_gives_the_first_state_and_redo_of_everything_the_last(
        deeds in prop::collection::vec(deed(), 1..40),
    ) {
        let mut all = painted(&deeds);
        assert_one_table(&all);
        while all.steps().1 > 0 {
            all.redo();
        }
        // The states on the way back are met again on the way there.
        let mut states = vec![(state(&all), all.classes().clone())];
        while all.steps().0 > 0 {
            let steps = all.steps();
            all.undo();
            assert_one_table(&all);
            prop_assert_eq!(all.steps(), (steps.0 - 1, steps.1 + 1));
            states.push((state(&all), all.classes().clone()));
        }
        prop_assert!(all.iter().all(|(_, map)| map.labelled_slices().next().is_none()));
        prop_assert!(all.classes().is_empty());
        while let Some((before, classes)) = states.pop() {
            prop_assert_eq!(state(&all), before);
            prop_assert_eq!(all.classes(), &classes);
            all.redo();
        }
    }

    #[test]
    fn what_is_stored_comes_back_with_its_history(deeds in prop::collection::vec(deed(), 1..30)) {
        let mut all = painted(&deeds);
        let mut again = reopened(&all);
        prop_assert_eq!(state(&again), state(&all));
        prop_assert_eq!(again.steps(), all.steps());
        for _ in 0..all.steps().1 {
            prop_assert_eq!(again.redo(), all.redo());
            prop_assert_eq!(state(&again), state(&all));
        }
        while all.steps().0 > 0 {
            prop_assert_eq!(again.undo(), all.undo());
            prop_assert_eq!(state(&again), state(&all));
            prop_assert_eq!(again.classes(), all.classes());
        }
    }

    #[test]
    fn a_command_that_is_given_up_or_fails_leaves_nothing(
        deeds in prop::collection::vec(deed(), 1..12),
        more in prop::collection::vec(deed(), 1..6),
    ) {
        let mut all = painted(&deeds);
        let (before, steps) = (state(&all), all.steps());
        let paints = |deed: &&Deed| !matches!(deed, Deed::Add(_) | Deed::Remove(_) | Deed::Undo | Deed::Redo | Deed::Together(..));
        all.begin();
        more.iter().filter(paints).for_each(|deed| perform(&mut all, deed));
        all.cancel();
        prop_assert_eq!(state(&all), before.clone());
        let failed = all.together(|all| {
            more.iter().filter(paints).for_each(|deed| perform(all, deed));
            all.remove_class(99, 0)
        });
        prop_assert!(failed.is_err_and(|error| error.code() == "label.class"));
        prop_assert_eq!(state(&all), before);
        prop_assert_eq!(all.steps(), steps);
        assert_one_table(&all);
    }

    #[test]
    fn damaged_histories_are_refused_or_read_as_histories(
        deeds in prop::collection::vec(deed(), 1..20),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<Option<prop::sample::Index>>(),
        forged in any::<bool>(),
    ) {
        let mut all = painted(&deeds);
        perform(&mut all, &Deed::Add(0));
        let damage = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            for (place, value) in &places {
                let place = place.index(bytes.len());
                bytes[place] = *value;
            }
            bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len() + 1)));
            bytes
        };
        // The file as it lies there, or its content under a checksum that is right.
        let spoil = |whole: &[u8], magic: usize| {
            if !forged {
                return damage(whole);
            }
            let mut content = Vec::new();
            ZlibDecoder::new(&whole[magic..]).read_to_end(&mut content).unwrap();
            let mut out = ZlibEncoder::new(whole[..magic].to_vec(), Compression::fast());
            out.write_all(&damage(&content)).unwrap();
            out.finish().unwrap()
        };
        let (whole, order) = (all.store(0).unwrap(), all.store_order().unwrap());
        let spoiled = spoil(&whole, b"INSITU-PAINTING\x01".len());
        if let Ok(mut painting) = Painting::from_bytes(&spoiled) {
            while painting.undo().is_some() {}
            while painting.redo().is_some() {}
            painting.to_bytes().unwrap();
        }
        for (document, order) in [(&spoiled, &order), (&whole, &spoil(&order, b"INSITU-ORDER\x01".len()))] {
            let mut again = Documents::default();
            if again.restore(0, document).is_ok() {
                drop(again.restore_order(order));
                perform(&mut again, &Deed::Add(1));
                perform(&mut again, &Deed::AddClass);
                (0..40).for_each(|_| drop(again.undo()));
                (0..40).for_each(|_| drop(again.redo()));
                prop_assert!(again.iter().all(|(_, map)| map.classes() == again.classes()));
            }
        }
    }
}

fn fill(all: &mut Documents, document: u32, rect: Rect, value: u8) {
    let region = Region::of(rect);
    let painted = all.paint(document, |painting| {
        Ok(painting
            .fill(0, &region, Ink::new(value))?
            .map(|rect| Area { slice: 0, rect })
            .into_iter()
            .collect())
    });
    painted.unwrap();
}

fn names(all: &Documents) -> Vec<&str> {
    all.classes().as_slice().iter().map(|class| class.name.as_str()).collect()
}

#[test]
fn a_document_that_came_after_a_class_gets_it_back_with_a_redo() {
    let mut all = Documents::default();
    all.add(1, 20, 10, 1).unwrap();
    all.add_class("nucleus", None).unwrap();
    all.add(2, 30, 10, 1).unwrap();
    fill(&mut all, 2, Rect::new(0, 0, 5, 5), 1);
    all.undo();
    all.undo();
    all.add(3, 8, 8, 1).unwrap();
    assert_one_table(&all);
    assert!(all.classes().is_empty());
    all.redo();
    all.redo();
    assert_one_table(&all);
    assert_eq!(all.map(2).unwrap().counts(0).unwrap(), [0, 25]);
}

#[test]
fn a_document_that_is_removed_takes_its_steps_along_and_leaves_those_of_the_classes() {
    let mut all = Documents::default();
    all.add(1, 20, 10, 1).unwrap();
    all.add(2, 20, 10, 1).unwrap();
    all.add_class("nucleus", None).unwrap();
    fill(&mut all, 1, Rect::new(0, 0, 5, 5), 1);
    fill(&mut all, 2, Rect::new(0, 0, 5, 5), 1);
    all.remove(1).unwrap();
    assert_eq!(all.steps(), (2, 0));
    all.undo();
    assert_eq!(all.map(2).unwrap().counts(0).unwrap(), [0, 0]);
    all.undo();
    assert!(all.classes().is_empty());
    assert_eq!(all.remove(1).unwrap_err().code(), "label.document");
}

#[test]
fn labels_that_come_late_or_with_other_classes_keep_their_classes_by_name() {
    let mut other = Documents::default();
    other.add(5, 20, 10, 1).unwrap();
    other.add_class("cell", None).unwrap();
    other.add_class("nucleus", Some("#123456")).unwrap();
    fill(&mut other, 5, Rect::new(0, 0, 3, 3), 1);
    fill(&mut other, 5, Rect::new(5, 5, 2, 2), 2);
    let (stored, order) = (other.store(5).unwrap(), other.store_order().unwrap());

    let mut all = Documents::default();
    all.add(1, 20, 10, 1).unwrap();
    all.add_class("nucleus", None).unwrap();
    fill(&mut all, 1, Rect::new(0, 0, 5, 5), 1);
    all.restore(5, &stored).unwrap();
    assert_eq!(names(&all), ["nucleus", "cell"]);
    assert_eq!(all.map(5).unwrap().counts(0).unwrap(), [0, 4, 9]);
    assert_one_table(&all);
    // The stroke can still be undone, the class that other labels have now cannot.
    assert_eq!(all.steps(), (1, 0));
    assert_eq!(all.restore_order(&order).unwrap_err().code(), "label.order");
    all.undo();
    assert_eq!(all.map(1).unwrap().counts(0).unwrap(), [0, 0, 0]);
    assert_eq!(all.map(5).unwrap().counts(0).unwrap(), [0, 4, 9]);
    assert_eq!(all.restore(5, &stored).unwrap_err().code(), "label.document");
}

#[test]
fn an_order_of_other_labels_leaves_the_labels_and_forgets_the_steps() {
    let mut all = Documents::default();
    all.add(1, 20, 10, 1).unwrap();
    all.add_class("nucleus", None).unwrap();
    let early = all.store_order().unwrap();
    fill(&mut all, 1, Rect::new(0, 0, 5, 5), 1);
    let stored = all.store(1).unwrap();
    let mut again = Documents::default();
    again.restore(1, &stored).unwrap();
    assert_eq!(again.restore_order(&early).unwrap_err().code(), "label.order");
    assert_eq!(again.map(1).unwrap(), all.map(1).unwrap());
    assert_eq!(again.steps(), (0, 0));
    // Without an order, the first command does the same.
    let mut again = Documents::default();
    again.restore(1, &stored).unwrap();
    fill(&mut again, 1, Rect::new(10, 0, 5, 5), 1);
    again.undo();
    assert_eq!(again.map(1).unwrap(), all.map(1).unwrap());
    assert_eq!(again.undo(), insitu::label::Changes::default());
}

#[test]
fn classes_are_replaced_only_where_nothing_is_labelled() {
    let class = |name: &str| insitu::weights::Class { name: name.into(), colour: "#112233".into() };
    let mut all = Documents::default();
    all.add(1, 20, 10, 1).unwrap();
    all.set_classes(vec![class("a"), class("b")]).unwrap();
    assert_eq!(all.map(1).unwrap().classes().len(), 2);
    assert_eq!(all.steps(), (0, 0));
    fill(&mut all, 1, Rect::new(0, 0, 5, 5), 2);
    assert_eq!(all.set_classes(vec![class("c")]).unwrap_err().code(), "label.painted");
    all.undo();
    assert_eq!(all.set_classes(vec![class("c")]).unwrap_err().code(), "label.painted");
    all.begin();
    assert_eq!(all.store(1).unwrap_err().code(), "label.open");
    assert_eq!(all.store_order().unwrap_err().code(), "label.open");
}

#[test]
fn a_few_strokes_on_a_large_image_take_little_room() {
    let mut all = Documents::default();
    all.add(1, 20_000, 18_000, 1).unwrap();
    all.add_class("nucleus", None).unwrap();
    for i in 0..20 {
        let at = |x: f64| Dab { x, y: 900.0 * f64::from(i) + 40.0, radius: 12.0 };
        all.paint(1, |painting| {
            let rect = painting.brush(0, at(500.0), at(900.0), Ink::new(1))?;
            Ok(rect.map(|rect| Area { slice: 0, rect }).into_iter().collect())
        })
        .unwrap();
    }
    let stored = all.store(1).unwrap();
    assert!(stored.len() < 20_000, "{} bytes", stored.len());
}
