//! The training loop learns, forgets nothing in a checkpoint, and keeps the best network.

use burn::tensor::Device;
use insitu::net::{Learners, Preset};
use insitu::scan::Image;
use insitu::train::{Augmentation, Labels, Sample, Session, Settings, validate};
use insitu::weights::{Card, Class, Model, Precision};
use safetensors::SafeTensors;

/// Bright discs on a dark ground, two of them touching.
fn sample(shift: usize) -> Sample {
    let n = 48;
    let discs = [(12 + shift, 14, 7.0f32, 1u32), (26 + shift, 14, 7.0, 2), (30, 36, 8.0, 3)];
    let mut objects = vec![0u32; n * n];
    for (i, object) in objects.iter_mut().enumerate() {
        for (x, y, r, number) in discs {
            let (dx, dy) = ((i % n) as f32 - x as f32, (i / n) as f32 - y as f32);
            if dx * dx + dy * dy <= r * r {
                *object = number;
            }
        }
    }
    let data = objects.iter().map(|o| if *o > 0 { 0.8 } else { 0.2 }).collect();
    let image = Image::new(n, n, 1, data).unwrap();
    Sample::new(format!("discs {shift}"), "", image, Labels::Objects(objects)).unwrap()
}

fn card(boundary: bool) -> Card {
    let outputs = if boundary { Card::boundary_outputs() } else { Card::plain_outputs(1) };
    let mut network = Preset::Small.config(1, outputs.len());
    (network.width, network.levels) = (4, 3);
    let class = Class { name: "disc".into(), colour: "#E69F00".into() };
    Card::new("Discs", network, vec![class], outputs)
}

fn settings(steps: usize) -> Settings {
    Settings {
        steps,
        batch: 2,
        patch: 48,
        learning_rate: 1e-2,
        augmentation: Augmentation { elastic: 2.0, ..Augmentation::default() },
        ..Settings::default()
    }
}

fn session(boundary: bool, steps: usize) -> Session {
    Session::new(
        card(boundary),
        None,
        vec![sample(0), sample(3)],
        vec![sample(5)],
        settings(steps),
        &Device::flex(),
    )
    .unwrap()
}

fn run(session: &mut Session, steps: usize) -> Vec<f32> {
    (0..steps).map(|_| pollster::block_on(session.step()).unwrap().loss).collect()
}

#[test]
fn a_small_network_learns_to_find_and_to_part_touching_discs() {
    let mut session = session(true, 150);
    let losses = run(&mut session, 150);
    let mean = |part: &[f32]| part.iter().sum::<f32>() / part.len() as f32;
    assert!(mean(&losses[140..]) < 0.5 * mean(&losses[..10]), "{losses:?}");
    let scores = pollster::block_on(session.validate(async |_, _| true)).unwrap();
    assert!(scores.dice.unwrap() > 0.9, "{scores:?}");
    assert!(scores.ap50.unwrap() > 0.9, "{scores:?}");
}

#[test]
fn the_seed_fixes_the_whole_curve() {
    let (mut one, mut two) = (session(false, 5), session(false, 5));
    assert_eq!(run(&mut one, 5), run(&mut two, 5));
}

#[test]
fn a_checkpoint_continues_as_if_nothing_had_happened() {
    let mut straight = session(false, 10);
    let losses = run(&mut straight, 10);

    let mut first = session(false, 10);
    run(&mut first, 5);
    let bytes = pollster::block_on(first.model().to_bytes(Precision::Full)).unwrap();
    let state = first.optimiser_state().unwrap();
    let net = Model::from_bytes(&bytes, &Device::flex()).unwrap().net;
    let samples = vec![sample(0), sample(3)];
    let mut second =
        Session::new(card(false), Some(net), samples, vec![], settings(10), &Device::flex()).unwrap();
    second.restore(5, first.pace(), state, None).unwrap();
    for (a, b) in run(&mut second, 5).iter().zip(&losses[5..]) {
        assert!((a - b).abs() < 1e-4, "{a} {b}");
    }
}

#[test]
fn the_best_network_is_kept_even_if_later_steps_spoil_it() {
    let mut session = session(false, 60);
    run(&mut session, 60);
    let good = pollster::block_on(session.validate(async |_, _| true)).unwrap();
    // After the schedule's end the learning rate stays near zero, so "later" is a network that was spoilt: one
    // fresh from initialisation takes its place.
    let untrained =
        Session::new(card(false), None, vec![sample(0)], vec![], settings(60), &Device::flex()).unwrap();
    let state = session.optimiser_state().unwrap();
    let mut spoilt = Session::new(
        card(false),
        Some(untrained.model().net),
        vec![sample(0)],
        vec![sample(5)],
        settings(60),
        &Device::flex(),
    )
    .unwrap();
    spoilt.restore(60, session.pace(), state, Some((good, session.best().net))).unwrap();
    let bad = pollster::block_on(spoilt.validate(async |_, _| true)).unwrap();
    assert!(bad.total() < good.total());
    let session = spoilt;
    let best = pollster::block_on(validate(&session.best(), &[sample(5)], async |_, _| true)).unwrap();
    assert_eq!(session.best_scores(), Some(good));
    assert_eq!(best, good);
}

#[test]
fn a_batch_without_a_labelled_pixel_changes_nothing_and_says_so() {
    let blank = Image::new(48, 48, 1, vec![0.5; 48 * 48]).unwrap();
    let blank = Sample::new("blank", "", blank, Labels::Classes(vec![Labels::IGNORE; 48 * 48])).unwrap();
    let mut session =
        Session::new(card(false), None, vec![blank], vec![], settings(5), &Device::flex()).unwrap();
    let before = pollster::block_on(session.model().to_bytes(Precision::Full)).unwrap();
    let error = pollster::block_on(session.step()).unwrap_err();
    assert_eq!(error.code(), "train.unlabelled");
    assert_eq!(pollster::block_on(session.model().to_bytes(Precision::Full)).unwrap(), before);
}

#[test]
fn validation_can_be_cancelled() {
    let mut session = session(false, 1);
    let error = pollster::block_on(session.validate(async |_, _| false)).unwrap_err();
    assert_eq!(error.code(), "cancelled");
}

#[test]
fn going_back_to_a_snapshot_gives_the_same_steps_again() {
    let mut session = session(false, 12);
    run(&mut session, 3);
    let point = session.snapshot();
    let first = run(&mut session, 4);
    let later = pollster::block_on(session.model().to_bytes(Precision::Full)).unwrap();
    session.go_back(&point);
    assert_eq!((session.done(), point.done()), (3, 3));
    assert_eq!(run(&mut session, 4), first);
    // The statistics of batch normalisation go back too.
    assert!(pollster::block_on(session.model().to_bytes(Precision::Full)).unwrap() == later);
}

/// Names of the tensors that differ between two models.
fn changed(before: &Model, after: &Model) -> Vec<String> {
    let bytes = |m: &Model| pollster::block_on(m.to_bytes(Precision::Full)).unwrap();
    let (before, after) = (bytes(before), bytes(after));
    let (before, after) =
        (SafeTensors::deserialize(&before).unwrap(), SafeTensors::deserialize(&after).unwrap());
    let mut names: Vec<String> = before
        .tensors()
        .into_iter()
        .filter(|(name, view)| after.tensor(name).unwrap().data() != view.data())
        .map(|(name, _)| name)
        .collect();
    names.sort();
    names
}

#[test]
fn what_is_not_to_learn_stays_bit_for_bit() {
    for (part, keep) in [
        (Learners::All, false),
        (Learners::All, true),
        (Learners::Decoder, false),
        (Learners::LastLayer, false),
    ] {
        let settings = Settings { part, keep_statistics: keep, ..settings(5) };
        let start = session(false, 5).model();
        let init = Some(start.net.clone());
        let mut session =
            Session::new(card(false), init, vec![sample(0)], vec![], settings, &Device::flex()).unwrap();
        run(&mut session, 5);
        let changed = changed(&start, &session.model());
        let some = |wanted: &dyn Fn(&str) -> bool| changed.iter().any(|name| wanted(name));
        assert!(some(&|n| n == "head.weight"), "{part:?} {changed:?}");
        assert_eq!(some(&|n| n.starts_with("dec.")), part != Learners::LastLayer, "{part:?} {changed:?}");
        assert_eq!(some(&|n| n.starts_with("down.")), part == Learners::All, "{part:?} {changed:?}");
        let statistics = part != Learners::LastLayer && !keep;
        assert_eq!(some(&|n| n.contains("running")), statistics, "{part:?} {keep} {changed:?}");
        if part == Learners::LastLayer {
            assert_eq!(changed, ["head.bias", "head.weight"]);
        }
    }
}
