//! The training loop learns, forgets nothing in a checkpoint, and keeps the best network.

use burn::tensor::Device;
use insitu::net::{Learners, Preset};
use insitu::scan::Image;
use insitu::train::{
    Adapt, Augmentation, Checkpoint, Labels, Optimiser, Sample, Schedule, Session, Settings, validate,
};
use insitu::weights::{Card, Class, Method, Model, Precision};
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
        method: Method {
            batch: 2,
            patch: 48,
            learning_rate: 1e-2,
            augmentation: Augmentation { elastic: 2.0, ..Augmentation::default() },
            ..Method::default()
        },
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

fn bytes(session: &Session) -> Vec<u8> {
    pollster::block_on(session.checkpoint(&serde_json::json!({ "page": [1, 2] }))).unwrap()
}

fn weights(session: &Session) -> Vec<u8> {
    pollster::block_on(session.model().to_bytes(Precision::Full)).unwrap()
}

fn resumed(bytes: &[u8]) -> Session {
    let checkpoint = Checkpoint::from_bytes(bytes).unwrap();
    let settings = checkpoint.settings.clone();
    checkpoint.resume(settings, vec![sample(0), sample(3)], vec![sample(5)], &Device::flex()).unwrap()
}

#[test]
fn a_training_that_was_broken_off_goes_on_bit_for_bit() {
    for (optimiser, average) in [
        (Optimiser::default(), Some(0.9)),
        (Optimiser::AdamW { weight_decay: 0.01 }, None),
        (Optimiser::Sgd { momentum: 0.9, weight_decay: 1e-3 }, Some(0.98)),
        (Optimiser::Sgd { momentum: 0.0, weight_decay: 0.0 }, None),
    ] {
        let settings = Settings {
            method: Method { optimiser, average, learning_rate: 1e-3, ..settings(12).method },
            ..settings(12)
        };
        let samples = vec![sample(0), sample(3)];
        let start = || {
            let (samples, validated) = (samples.clone(), vec![sample(5)]);
            Session::new(card(false), None, samples, validated, settings.clone(), &Device::flex()).unwrap()
        };
        let validate =
            |session: &mut Session| pollster::block_on(session.validate(async |_, _| true)).unwrap();
        let mut straight = start();
        run(&mut straight, 3);
        validate(&mut straight);
        run(&mut straight, 3);
        let losses = run(&mut straight, 6);
        let scores = validate(&mut straight);

        let mut first = start();
        run(&mut first, 3);
        validate(&mut first);
        run(&mut first, 3);
        let kept = bytes(&first);
        let mut second = resumed(&kept);
        assert_eq!((second.done(), second.best_scores()), (6, first.best_scores()));
        assert_eq!(second.settings(), &settings);
        // What was kept and taken up again is kept alike.
        assert!(bytes(&second) == kept);
        assert_eq!(run(&mut second, 6), losses, "{optimiser:?}");
        assert_eq!(validate(&mut second), scores);
        assert!(weights(&second) == weights(&straight));
        let best = |s: &Session| pollster::block_on(s.best().to_bytes(Precision::Full)).unwrap();
        assert!(best(&second) == best(&straight));
    }
}

#[test]
fn parts_that_do_not_learn_have_no_memory_and_stay_so_after_a_break() {
    let trained = session(false, 2).model().net;
    let settings = Settings {
        method: Method { part: Learners::Decoder, keep_statistics: true, ..settings(8).method },
        ..settings(8)
    };
    let mut one = Session::new(
        card(false),
        Some(trained),
        vec![sample(0), sample(3)],
        vec![],
        settings,
        &Device::flex(),
    )
    .unwrap();
    run(&mut one, 2);
    let mut two = resumed(&bytes(&one));
    assert_eq!(run(&mut two, 4), run(&mut one, 4));
    assert!(weights(&one) == weights(&two));
}

#[test]
fn the_note_and_the_numbers_come_back_with_the_checkpoint() {
    let mut session = session(false, 4);
    run(&mut session, 2);
    let checkpoint = Checkpoint::from_bytes(&bytes(&session)).unwrap();
    assert_eq!(checkpoint.note["page"][1], 2);
    assert_eq!((checkpoint.done, checkpoint.card.title.as_str()), (2, "Discs"));
    assert!(checkpoint.best.is_none());
}

#[test]
fn a_point_of_weights_alone_can_be_gone_back_to_with_a_fresh_optimiser() {
    let mut session = session(false, 9);
    run(&mut session, 3);
    let kept = pollster::block_on(session.model_at(&session.snapshot()).to_bytes(Precision::Half)).unwrap();
    run(&mut session, 3);
    let model = || Model::from_bytes(&kept, &Device::flex()).unwrap();
    let point = session.point(3, model()).unwrap();
    session.go_back(&point);
    assert_eq!((session.done(), session.best_scores()), (3, None));
    assert!(run(&mut session, 3).iter().all(|loss| loss.is_finite()));
    let mut other = model();
    other.card.network.width *= 2;
    assert_eq!(session.point(3, other).err().unwrap().code(), "train.point");
}

#[test]
fn a_network_that_does_well_before_it_learns_learns_gently() {
    let mut learnt = session(false, 60);
    run(&mut learnt, 60);
    let rate = |init: Option<&Session>| {
        let settings = Settings {
            adapt: Adapt { touch_up: Some(1e-5), statistics: false },
            method: Method { schedule: Schedule::Constant, ..settings(2).method },
            ..settings(2)
        };
        let net = init.map(|session| session.model().net);
        let (samples, validate) = (vec![sample(0)], vec![sample(5)]);
        let mut session =
            Session::new(card(false), net, samples, validate, settings, &Device::flex()).unwrap();
        pollster::block_on(session.validate(async |_, _| true)).unwrap();
        pollster::block_on(session.step()).unwrap().learning_rate
    };
    assert_eq!((rate(Some(&learnt)), rate(None)), (1e-5, 1e-2));
}

#[test]
fn a_network_that_does_well_before_it_learns_is_part_of_the_mean_that_is_kept() {
    let mut learnt = session(false, 60);
    run(&mut learnt, 60);
    let before = learnt.model();
    let moved = |touch_up: Option<f64>| {
        let adapt = Adapt { touch_up, statistics: false };
        let settings = Settings {
            adapt,
            method: Method { learning_rate: 1e-3, average: Some(0.5), ..settings(20).method },
            ..settings(20)
        };
        let net = Some(before.net.clone());
        let (samples, validate) = (vec![sample(0)], vec![sample(5)]);
        let mut session =
            Session::new(card(false), net, samples, validate, settings, &Device::flex()).unwrap();
        pollster::block_on(session.validate(async |_, _| true)).unwrap();
        run(&mut session, 5);
        let values = |model: &Model| pollster::block_on(insitu::weights::read(&model.net)).unwrap();
        let (old, new) = (values(&before), values(&session.model()));
        let change = |a: &f32, b: &f32| f64::from(a - b).abs();
        old.iter()
            .zip(&new)
            .flat_map(|(a, b)| a.values.iter().zip(&b.values))
            .map(|(a, b)| change(a, b))
            .sum::<f64>()
    };
    // The same steps, of which the mean takes a twentieth.
    let (all, part) = (moved(None), moved(Some(1e-3)));
    assert!(part > 0.0 && part < 0.1 * all, "{part} {all}");
}

#[test]
fn a_network_that_does_badly_before_it_learns_takes_the_statistics_of_its_images() {
    let moved = |statistics: bool| {
        let adapt = Adapt { touch_up: None, statistics };
        let settings =
            Settings { adapt, method: Method { keep_statistics: true, ..settings(2).method }, ..settings(2) };
        let mut session =
            Session::new(card(false), None, vec![sample(0)], vec![sample(5)], settings, &Device::flex())
                .unwrap();
        let before = session.model();
        pollster::block_on(session.validate(async |_, _| true)).unwrap();
        run(&mut session, 1);
        changed(&before, &session.model()).iter().any(|name| name.ends_with("running_mean"))
    };
    assert_eq!((moved(true), moved(false)), (true, false));
}

#[test]
fn the_best_network_is_kept_even_if_later_steps_spoil_it() {
    let mut session = session(false, 60);
    run(&mut session, 60);
    let good = pollster::block_on(session.validate(async |_, _| true)).unwrap();
    let expected = pollster::block_on(session.best().to_bytes(Precision::Full)).unwrap();
    // One step of a hundred times the length.
    let checkpoint = Checkpoint::from_bytes(&bytes(&session)).unwrap();
    let rough = Settings {
        method: Method {
            learning_rate: 1.0,
            schedule: Schedule::Constant,
            ..checkpoint.settings.clone().method
        },
        ..checkpoint.settings.clone()
    };
    let samples = vec![sample(0)];
    let mut session = checkpoint.resume(rough, samples, vec![sample(5)], &Device::flex()).unwrap();
    run(&mut session, 1);
    let bad = pollster::block_on(session.validate(async |_, _| true)).unwrap();
    assert!(bad.total() < good.total());
    assert_eq!(session.best_scores(), Some(good));
    assert!(pollster::block_on(session.best().to_bytes(Precision::Full)).unwrap() == expected);
    let best = pollster::block_on(validate(&session.best(), &[sample(5)], async |_, _| true)).unwrap();
    assert_eq!(best, good);
}

#[test]
fn a_learning_rate_far_too_high_ends_in_words_and_spoils_no_earlier_point() {
    let rough = Settings {
        method: Method { learning_rate: 1e38, schedule: Schedule::Constant, ..settings(40).method },
        ..settings(40)
    };
    let mut session =
        Session::new(card(false), None, vec![sample(0)], vec![], rough, &Device::flex()).unwrap();
    let start = session.snapshot();
    let before = weights(&session);
    let error = (0..40).find_map(|_| pollster::block_on(session.step()).err()).unwrap();
    assert_eq!(error.code(), "train.diverged");
    session.go_back(&start);
    assert!(weights(&session) == before && session.done() == 0);
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

#[test]
fn the_mean_of_networks_is_what_is_validated_and_kept_while_the_steps_are_the_same() {
    let start = |average| {
        let settings = Settings { method: Method { average, ..settings(12).method }, ..settings(12) };
        let (samples, validated) = (vec![sample(0), sample(3)], vec![sample(5)]);
        Session::new(card(false), None, samples, validated, settings, &Device::flex()).unwrap()
    };
    let (mut plain, mut averaged) = (start(None), start(Some(0.9)));
    assert_eq!(run(&mut plain, 10), run(&mut averaged, 10));
    assert!(weights(&plain) != weights(&averaged));
    let kept = |model: Model| pollster::block_on(model.to_bytes(Precision::Full)).unwrap();
    let point = averaged.snapshot();
    assert!(kept(averaged.model_at(&point)) == kept(averaged.model()));
    pollster::block_on(averaged.validate(async |_, _| true)).unwrap();
    let best = kept(averaged.best());
    assert!(best == kept(averaged.model()));
    // Later steps move the mean, and not what was kept, its statistics neither; going back brings it back.
    let later = run(&mut averaged, 5);
    assert!(kept(averaged.model()) != best);
    assert!(kept(averaged.best()) == best && kept(averaged.model_at(&point)) == best);
    averaged.go_back(&point);
    assert!(kept(averaged.best()) == kept(averaged.model()));
    assert_eq!(run(&mut plain, 5), later);
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
        let settings =
            Settings { method: Method { part, keep_statistics: keep, ..settings(5).method }, ..settings(5) };
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
