//! A training on labels made by hand, as the page and the command line drive it: which points it keeps, how it is taken up
//! again, and what the card of its model tells.

use burn::tensor::Device;
use insitu::device::{Choice, Chosen, open};
use insitu::scan::Image;
use insitu::train::{Changes, Held, Labels, Request, Run, Sample, Start};
use insitu::weights::{Class, Model, Precision, Training};
use pollster::block_on;

fn cpu() -> Chosen {
    block_on(open(Choice::Cpu, None)).unwrap()
}

/// A bright square on a dark ground, wholly labelled.
fn sample() -> Sample {
    let n = 48;
    let labels: Vec<u8> =
        (0..n * n).map(|i| u8::from((8..32).contains(&(i % n)) && (8..40).contains(&(i / n)))).collect();
    let data = labels.iter().map(|class| if *class == 1 { 0.8 } else { 0.2 }).collect();
    Sample::new("square", "", Image::new(n, n, 1, data).unwrap(), Labels::Classes(labels)).unwrap()
}

fn request(steps: usize) -> Request {
    Request {
        preset: Some("small".into()),
        title: Some("Squares".into()),
        width: Some(1),
        steps,
        batch: Some(1),
        patch: Some(16),
        ..Request::default()
    }
}

fn begin(request: &Request, model: Option<&Model>) -> Run {
    let start = block_on(Start::of(request, model, 1, 1)).unwrap();
    Run::by_hand(request, start, vec![sample()], &cpu()).unwrap()
}

fn step(run: &mut Run, steps: usize) -> Vec<f32> {
    (0..steps).map(|_| block_on(run.step()).unwrap().loss).collect()
}

fn validate(run: &mut Run) -> Option<bool> {
    block_on(run.validate(async |_, _| true)).unwrap().map(|(_, validation)| validation.best)
}

fn weights(model: &Model) -> Vec<u8> {
    let plain = Model { card: request_card(), net: model.net.clone(), device: Device::flex() };
    block_on(plain.to_bytes(Precision::Full)).unwrap()
}

fn request_card() -> insitu::weights::Card {
    block_on(Start::of(&request(1), None, 1, 1)).unwrap().card
}

#[test]
fn the_best_point_and_the_last_are_kept_when_there_are_more_than_there_is_room_for() {
    let mut run = begin(&request(80), None);
    let mut best = None;
    let mut kept = run.keep();
    for _ in 0..40 {
        step(&mut run, 1);
        if validate(&mut run) == Some(true) {
            best = Some(run.session().done());
        }
        kept = run.keep();
        assert!(kept.len() <= 24 && kept.contains(&run.session().done()));
        assert!(best.is_none_or(|best| kept.contains(&best)), "{best:?} is not in {kept:?}");
        assert_eq!(run.session().best_step(), best);
    }
    assert_eq!((kept.len(), kept[0], kept[23]), (24, 0, 40));
    // Who goes on after the end goes on from the network that was best.
    let best = best.unwrap();
    assert_eq!(run.go_back(best).unwrap(), best);
    assert!(weights(&run.model(false, 0.0)) == weights(&run.session().best()));
}

#[test]
fn points_after_another_way_was_taken_are_forgotten() {
    let mut run = begin(&request(20), None);
    for _ in 0..4 {
        run.keep();
        step(&mut run, 2);
    }
    assert_eq!(run.keep(), [0, 2, 4, 6, 8]);
    assert_eq!(run.go_back(5).unwrap(), 4);
    // Until then one can still go back to what came later.
    assert_eq!(run.go_back(8).unwrap(), 8);
    assert_eq!(run.go_back(4).unwrap(), 4);
    step(&mut run, 1);
    assert_eq!(run.keep(), [0, 2, 4, 5]);
    assert_eq!(run.point(6).err().unwrap().code(), "train.point");
}

#[test]
fn a_run_that_was_kept_goes_on_with_the_same_steps_and_says_what_it_was() {
    let mut run = begin(&request(12), None);
    step(&mut run, 4);
    validate(&mut run);
    let kept = block_on(run.state("the page's own", 7.5)).unwrap();
    let losses = step(&mut run, 4);
    let restore = |changes: &Changes, sample: Sample| {
        Run::restore(&kept, changes, |_| Ok(vec![sample]), &Device::flex())
    };
    let (mut again, told) = restore(&Changes::default(), sample()).unwrap();
    assert_eq!((told.done, told.note.as_str(), told.same), (4, "the page's own", true));
    assert_eq!(told.begun, begin(&request(12), None).begun());
    assert_eq!(step(&mut again, 4), losses);
    assert_eq!(again.model(true, 1.0).card.training, run.model(true, 1.0).card.training);

    let changes = Changes { steps: Some(40), batch: Some(2), halved: true, ..Changes::default() };
    let mut other = sample();
    other.image.data[0] = 0.5;
    let (_, told) = restore(&changes, other).unwrap();
    assert_eq!((told.begun.steps, told.begun.batch, told.same), (40, 1, false));
    let nothing = Run::restore(&kept, &Changes::default(), |_| Ok(vec![]), &Device::flex());
    assert_eq!(nothing.err().unwrap().code(), "train.empty");
}

#[test]
fn what_was_kept_of_a_training_opens_as_the_model_that_it_was() {
    let mut run = begin(&request(12), None);
    step(&mut run, 7);
    validate(&mut run);
    let kept = block_on(run.state("", 3.0)).unwrap();
    let model = Run::model_of(&kept, &Device::flex()).unwrap().unwrap();
    let own = run.model(false, 3.0);
    assert!(weights(&model) == weights(&own));
    assert_eq!(model.card.training, own.card.training);
    let file = block_on(own.to_bytes(Precision::Full)).unwrap();
    assert!(Run::model_of(&file, &Device::flex()).unwrap().is_none());
    assert!(Run::model_of(b"words", &Device::flex()).unwrap().is_none());
}

#[test]
fn weights_of_a_point_come_back_as_a_point() {
    let mut run = begin(&request(12), None);
    step(&mut run, 2);
    run.keep();
    let point = run.point(2).unwrap();
    step(&mut run, 2);
    let kept = block_on(run.state("", 0.0)).unwrap();
    let (mut again, _) =
        Run::restore(&kept, &Changes::default(), |_| Ok(vec![sample()]), &Device::flex()).unwrap();
    assert_eq!(again.go_back(2).err().unwrap().code(), "train.point");
    let file = block_on(point.to_bytes(Precision::Full)).unwrap();
    let read = || Model::from_bytes(&file, &Device::flex()).unwrap();
    assert_eq!(again.add_point(9, read()).err().unwrap().code(), "train.point");
    again.add_point(2, read()).unwrap();
    assert_eq!(again.go_back(2).unwrap(), 2);
    assert!(weights(&again.model(false, 0.0)) == weights(&point));
}

#[test]
fn a_model_that_learns_again_keeps_its_whole_history() {
    let mut first = begin(&request(6), None);
    first.describe("cells".into(), "A, CC0".into(), "insitu train one".into());
    step(&mut first, 6);
    let model = first.model(false, 10.0);
    let then = Request { preset: None, title: Some("Taught".into()), ..request(4) };
    let mut second = begin(&then, Some(&model));
    step(&mut second, 4);
    validate(&mut second);
    let card = second.model(false, 5.0).card;
    let told = card.training.unwrap();
    assert_eq!((told.steps, told.seconds, told.images), (10, 15.0, 1));
    assert_eq!(
        (told.data.as_str(), told.attribution.as_str()),
        ("cells, then labels made by hand", "A, CC0")
    );
    assert_eq!((told.command.as_str(), told.from.as_deref()), ("insitu train one", Some("Squares")));
    let curve = told.curve.unwrap();
    assert_eq!(curve.loss.iter().map(|(at, _)| *at).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    assert_eq!(curve.dice.last().map(|(at, _)| *at), Some(10));
    assert!(card.scores.contains_key("dice"));

    let both = Training {
        attribution: "B, MIT".into(),
        command: "two".into(),
        ..Training::of("labels made by hand")
    };
    let told = both.following(Some(&Training { data: told.data.clone(), ..told_before() }));
    assert_eq!(told.attribution, "A, CC0; B, MIT");
    assert_eq!((told.data.as_str(), told.command.as_str()), ("cells, then labels made by hand", "one\ntwo"));
}

fn told_before() -> Training {
    Training { attribution: "A, CC0".into(), command: "one".into(), ..Training::of("") }
}

#[test]
fn classes_that_nobody_named_are_those_of_the_model_unless_the_labels_need_more() {
    let classes = |request: &Request, model: Option<&Model>, highest: usize| {
        let start = block_on(Start::of(request, model, 1, highest)).unwrap();
        start.card.classes.into_iter().map(|class| class.name).collect::<Vec<_>>()
    };
    let named = Request { classes: Class::numbered(&["axon".into()], 1), ..request(1) };
    let model = begin(&named, None).model(false, 0.0);
    let again = Request { preset: None, classes: vec![], ..request(1) };
    assert_eq!(classes(&again, Some(&model), 1), ["axon"]);
    assert_eq!(classes(&again, Some(&model), 2), ["class 1", "class 2"]);
    assert_eq!(classes(&request(1), Some(&model), 0), ["class 1"]);
    assert_eq!(block_on(Start::of(&again, None, 1, 1)).err().unwrap().code(), "model.none");
}

#[test]
fn a_single_stroke_is_learnt_from_and_nothing_validates() {
    let mut stroke = sample();
    stroke.labels = Labels::Classes((0..48 * 48).map(|i| if i < 10 { 1 } else { 255 }).collect());
    let start = block_on(Start::of(&request(2), None, 1, 1)).unwrap();
    let mut run = Run::by_hand(&request(2), start, vec![stroke], &cpu()).unwrap();
    assert_eq!((run.begun().held, validate(&mut run)), (Held::Nothing, None));
}
