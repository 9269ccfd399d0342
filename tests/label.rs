//! Painting: what tools change, that everything can be taken back, and what it costs.

use insitu::label::{
    BACKGROUND, ClassTable, Dab, Ink, LabelMap, Over, Painting, Point, Rect, Region, Suggestion, UNLABELLED,
};
use serde::Deserialize;

const ALL: Rect = Rect { x: 0, y: 0, width: usize::MAX, height: usize::MAX };

fn painting(width: usize, height: usize, slices: usize) -> Painting {
    let mut painting = Painting::new(LabelMap::new(width, height, slices, ClassTable::default()).unwrap());
    painting.add_class("nucleus", None).unwrap();
    painting.add_class("cell", None).unwrap();
    painting
}

fn dab(x: f64, y: f64, radius: f64) -> Dab {
    Dab { x, y, radius }
}

/// A stroke along a wave, as a pointer reports it.
fn wave(painting: &mut Painting, slice: usize, events: usize) {
    let at = |i: usize| dab(20.0 + i as f64, 100.0 + 40.0 * (i as f64 / 15.0).sin(), 6.0);
    painting.begin();
    for i in 0..events {
        painting.brush(slice, at(i), at(i + 1), Ink::new(1)).unwrap();
    }
    painting.end();
}

#[derive(Deserialize)]
struct Polygons {
    width: usize,
    height: usize,
    polygons: Vec<Polygon>,
}

#[derive(Deserialize)]
struct Polygon {
    kind: String,
    corners: Vec<[f64; 2]>,
    mask: Vec<String>,
}

#[test]
fn polygons_hold_the_pixels_that_scikit_image_finds() {
    let reference: Polygons = serde_json::from_str(include_str!("reference/polygons.json")).unwrap();
    assert!(reference.polygons.len() > 9);
    for polygon in reference.polygons {
        let corners: Vec<Point> = polygon.corners.iter().map(|[x, y]| Point { x: *x, y: *y }).collect();
        let mut painting = painting(reference.width, reference.height, 1);
        let region = Region::polygon(&corners, painting.map().bounds()).unwrap();
        painting.fill(0, &region, Ink::new(1)).unwrap();
        let values = painting.map().read(0, painting.map().bounds()).unwrap();
        let rows: Vec<String> = values
            .chunks(reference.width)
            .map(|row| row.iter().map(|v| if *v == 1 { '#' } else { '.' }).collect())
            .collect();
        assert_eq!(rows, polygon.mask, "{}", polygon.kind);
    }
}

#[test]
fn a_stroke_is_one_step_however_many_events_it_has() {
    let mut painting = painting(300, 200, 1);
    let before = painting.steps().0;
    wave(&mut painting, 0, 200);
    assert_eq!(painting.steps(), (before + 1, 0));
    let area = painting.undo().unwrap().areas[0];
    assert!(painting.map().read(0, area.rect).unwrap().iter().all(|v| *v == UNLABELLED));
    assert_eq!(painting.redo().unwrap().areas, [area]);
    // The area is the smallest: paint touches all its sides.
    let Rect { x, y, width, height } = area.rect;
    for side in [
        Rect::new(x, y, width, 1),
        Rect::new(x, y + height - 1, width, 1),
        Rect::new(x, y, 1, height),
        Rect::new(x + width - 1, y, 1, height),
    ] {
        assert!(painting.map().read(0, side).unwrap().contains(&1));
    }
    let painted = painting.map().read(0, area.rect).unwrap().iter().filter(|v| **v == 1).count();
    assert_eq!(painting.map().counts(0).unwrap(), [0, painted as u64, 0]);
}

#[test]
fn what_a_stroke_keeps_does_not_depend_on_the_size_of_the_image() {
    let kept: Vec<usize> = [(320, 200), (20_000, 20_000)]
        .into_iter()
        .map(|(width, height)| {
            let mut painting = painting(width, height, 1);
            let before = painting.history_bytes();
            wave(&mut painting, 0, 200);
            painting.history_bytes() - before
        })
        .collect();
    assert_eq!(kept[0], kept[1]);
    // About 3000 painted pixels, in runs of a row within a tile.
    assert!(kept[0] < 8000, "{} bytes", kept[0]);
}

#[test]
fn painting_where_the_paint_is_already_keeps_nothing() {
    let mut painting = painting(300, 200, 1);
    wave(&mut painting, 0, 100);
    painting.undo();
    painting.redo();
    let (steps, bytes) = (painting.steps(), painting.history_bytes());
    wave(&mut painting, 0, 100);
    assert_eq!((painting.steps(), painting.history_bytes()), (steps, bytes));
    painting.undo();
    assert_eq!(painting.brush(0, dab(9.0, 9.0, 3.0), dab(20.0, 9.0, 3.0), Ink::ERASER).unwrap(), None);
    // What was undone can still be done again, since nothing was done.
    assert_eq!(painting.steps().1, 1);
}

#[test]
fn a_new_command_takes_the_place_of_those_that_were_undone() {
    let mut painting = painting(100, 100, 1);
    for x in [10.0, 30.0, 50.0] {
        painting.brush(0, dab(x, 10.0, 3.0), dab(x, 10.0, 3.0), Ink::new(1)).unwrap();
    }
    painting.undo();
    painting.undo();
    painting.brush(0, dab(70.0, 10.0, 3.0), dab(70.0, 10.0, 3.0), Ink::new(2)).unwrap();
    assert!(painting.redo().is_none());
    let values: Vec<_> = [10, 30, 50, 70].map(|x| painting.map().value(0, x, 10).unwrap()).into();
    assert_eq!(values, [1, UNLABELLED, UNLABELLED, 2]);
}

#[test]
fn a_command_across_slices_and_classes_is_one_step_and_can_be_given_up() {
    let mut painting = painting(70, 70, 5);
    wave(&mut painting, 2, 30);
    let before = painting.map().clone();
    for give_up in [true, false] {
        painting.begin();
        let value = painting.add_class("membrane", Some("#123456")).unwrap();
        for slice in 0..3 {
            let region = Region::of(Rect::new(3, 60, 9, 100));
            assert_eq!(
                painting.fill(slice, &region, Ink::new(value)).unwrap(),
                Some(Rect::new(3, 60, 9, 10))
            );
        }
        painting.remove_class(1, BACKGROUND).unwrap();
        let changed = if give_up { painting.cancel() } else { painting.end() }.unwrap();
        assert_eq!(changed.areas.iter().map(|a| a.slice).collect::<Vec<_>>(), [0, 1, 2]);
        assert!(changed.classes);
        if !give_up {
            assert_eq!(painting.map().counts(1).unwrap(), [0, 0, 90]);
            assert_eq!(painting.undo().unwrap(), changed);
        }
        assert_eq!(painting.map(), &before);
    }
    assert!(painting.cancel().is_none());
}

#[test]
fn a_stroke_that_lost_its_end_is_kept_by_what_comes_next() {
    let mut painting = painting(50, 50, 1);
    painting.begin();
    painting.brush(0, dab(5.0, 5.0, 2.0), dab(9.0, 5.0, 2.0), Ink::new(1)).unwrap();
    painting.begin();
    painting.brush(0, dab(5.0, 25.0, 2.0), dab(9.0, 25.0, 2.0), Ink::new(1)).unwrap();
    assert_eq!(painting.undo().unwrap().areas[0].rect.y, 23);
    assert!(!painting.is_open());
    assert_eq!(painting.undo().unwrap().areas[0].rect.y, 3);
}

#[test]
fn slices_without_paint_take_no_memory_and_images_can_be_large() {
    let mut painting = painting(4000, 4000, 20);
    painting.fill(7, &Region::of(ALL), Ink::new(BACKGROUND)).unwrap();
    assert_eq!(painting.map().labelled_slices().collect::<Vec<_>>(), [7]);
    assert_eq!(painting.map().total_counts(), [16_000_000, 0, 0]);
    assert!(painting.to_bytes().unwrap().len() < 40_000);
    assert!(painting.history_bytes() < 1_000_000);
    painting.undo();
    assert_eq!(painting.map().labelled_slices().count(), 0);
}

#[test]
fn the_rest_of_a_slice_can_be_filled_without_touching_what_is_painted() {
    let mut painting = painting(100, 80, 1);
    painting.fill(0, &Region::of(Rect::new(10, 10, 20, 20)), Ink::new(2)).unwrap();
    painting.fill(0, &Region::of(ALL), Ink { value: BACKGROUND, over: Over::NOTHING }).unwrap();
    assert_eq!(painting.map().counts(0).unwrap(), [8000 - 400, 0, 400]);
    painting.fill(0, &Region::of(ALL), Ink { value: 1, over: Over::Only(2) }).unwrap();
    assert_eq!(painting.map().counts(0).unwrap(), [8000 - 400, 400, 0]);
}

#[test]
fn a_prediction_is_taken_over_where_it_is_sure_and_nobody_painted() {
    let mut painting = painting(6, 2, 1);
    painting.fill(0, &Region::of(Rect::new(0, 0, 1, 2)), Ink::new(2)).unwrap();
    let classes = [1, 1, 0, 1, 255, 2, 1, 1, 1, 1, 1, 1];
    let confidence = [1.0, 0.9, 0.9, 0.4, 0.9, f32::NAN, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8];
    let suggestion = Suggestion { classes: &classes, confidence: Some(&confidence), at_least: 0.8 };
    let first_row = Region::of(Rect::new(0, 0, 50, 1));
    let changed = painting.accept(0, &first_row, &suggestion, Over::NOTHING).unwrap();
    assert_eq!(changed, Some(Rect::new(1, 0, 2, 1)));
    let values = |p: &Painting| p.map().read(0, p.map().bounds()).unwrap();
    assert_eq!(values(&painting), [2, 1, 0, 255, 255, 255, 2, 255, 255, 255, 255, 255]);
    painting.accept(0, &Region::of(ALL), &Suggestion::certain(&classes), Over::Everything).unwrap();
    assert_eq!(values(&painting), [1, 1, 0, 1, 255, 2, 1, 1, 1, 1, 1, 1]);
}

#[test]
fn all_labels_of_all_slices_can_be_cleared_in_one_step() {
    let mut painting = painting(200, 200, 9);
    for slice in [1, 4, 8] {
        wave(&mut painting, slice, 20);
    }
    let before = painting.map().clone();
    let areas = painting.clear_all();
    assert_eq!(areas.iter().map(|a| a.slice).collect::<Vec<_>>(), [1, 4, 8]);
    assert_eq!(painting.map().total_counts(), [0, 0, 0]);
    assert_eq!(painting.undo().unwrap().areas, areas);
    assert_eq!(painting.map(), &before);
}

#[test]
fn regions_may_reach_over_the_edges_of_the_image() {
    let far = Region::of(Rect::new(8, 6, usize::MAX, usize::MAX));
    let outside = Region::of(Rect::new(20, 10, 5, 5));
    let mut painting = painting(20, 10, 1);
    let corner = Some(Rect::new(8, 6, 12, 4));
    assert_eq!(painting.fill(0, &far, Ink::new(1)).unwrap(), corner);
    assert_eq!(painting.smooth(0, &far, 3).unwrap(), Some(Rect::new(8, 6, 2, 2)));
    let suggestion = Suggestion::certain(&[2; 200]);
    assert_eq!(painting.accept(0, &far, &suggestion, Over::Everything).unwrap(), corner);
    assert_eq!(painting.clear(0, &far).unwrap(), corner);
    for changed in [
        painting.fill(0, &outside, Ink::new(1)),
        painting.smooth(0, &outside, 3),
        painting.accept(0, &outside, &suggestion, Over::Everything),
    ] {
        assert_eq!(changed.unwrap(), None);
    }
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let mut painting = painting(20, 10, 2);
    wave(&mut painting, 0, 3);
    painting.fill(1, &Region::of(Rect::new(2, 2, 5, 5)), Ink::new(1)).unwrap();
    let (before, steps) = (painting.map().clone(), painting.steps());
    let all = Region::of(ALL);
    let at = dab(3.0, 3.0, 1.0);
    let classes = [3; 200];
    let confidence = [1.0; 3];
    let short = Suggestion { classes: &classes, confidence: Some(&confidence), at_least: 0.5 };
    let codes = [
        painting.brush(2, at, at, Ink::new(1)).unwrap_err(),
        painting.brush(0, at, at, Ink::new(3)).unwrap_err(),
        painting.brush(0, at, dab(f64::NAN, 3.0, 1.0), Ink::new(1)).unwrap_err(),
        painting.fill(usize::MAX, &all, Ink::new(1)).unwrap_err(),
        painting.fill(0, &all, Ink::new(254)).unwrap_err(),
        painting.smooth(1, &all, 0).unwrap_err(),
        painting.accept(1, &all, &Suggestion::certain(&classes), Over::Everything).unwrap_err(),
        painting.accept(1, &all, &Suggestion::certain(&[1; 3]), Over::Everything).unwrap_err(),
        painting.accept(1, &all, &short, Over::Everything).unwrap_err(),
        painting.add_class("cell", None).unwrap_err(),
        painting.remove_class(7, UNLABELLED).unwrap_err(),
        painting.move_class(1, 3).unwrap_err(),
        painting.map().read(0, Rect::new(15, 0, 6, 1)).unwrap_err(),
        painting.map().read(2, Rect::new(0, 0, 1, 1)).unwrap_err(),
        painting.map().counts(2).unwrap_err(),
        LabelMap::new(0, 4, 1, ClassTable::default()).unwrap_err(),
        LabelMap::new(usize::MAX, 4, 9, ClassTable::default()).unwrap_err(),
        LabelMap::new(30_000, 30_000, 1, ClassTable::default()).unwrap_err(),
    ]
    .map(|error| error.code().to_owned());
    let expected = "slice class brush slice class smooth class shape shape name class class place slice slice shape limit.pixels limit.pixels";
    assert_eq!(codes.map(|c| c.replace("label.", "")).join(" "), expected);
    assert_eq!((painting.map(), painting.steps()), (&before, steps));
    assert_eq!(painting.map().value(0, 20, 0), None);
    assert_eq!(painting.map().value(2, 0, 0), None);
}
