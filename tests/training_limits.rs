//! What a training refuses, and what it leaves behind where it goes astray.

use burn::tensor::Device;
use insitu::net::Preset;
use insitu::scan::Image;
use insitu::train::{Adapt, Checkpoint, Labels, Sample, Schedule, Session, Settings};
use insitu::weights::{Card, Class, Method, Precision};
use serde_json::{Value, json};

/// A bright square on a dark ground.
fn sample() -> Sample {
    let n = 32;
    let inside = |i: usize| (8..24).contains(&(i % n)) && (8..24).contains(&(i / n));
    let labels: Vec<u8> = (0..n * n).map(|i| u8::from(inside(i))).collect();
    let data = labels.iter().map(|class| if *class == 1 { 0.8 } else { 0.2 }).collect();
    Sample::new("square", "", Image::new(n, n, 1, data).unwrap(), Labels::Classes(labels)).unwrap()
}

fn settings(steps: usize) -> Settings {
    Settings { steps, method: Method { batch: 2, patch: 32, ..Method::default() }, ..Settings::default() }
}

fn session(settings: Settings) -> insitu::Result<Session> {
    let mut network = Preset::Small.config(1, 1);
    (network.width, network.levels) = (4, 3);
    let class = Class { name: "square".into(), colour: "#E69F00".into() };
    let card = Card::new("Squares", network, vec![class], Card::plain_outputs(1));
    Session::new(card, None, vec![sample()], vec![sample()], settings, &Device::flex())
}

fn run(session: &mut Session, steps: usize) -> Vec<f32> {
    (0..steps).map(|_| pollster::block_on(session.step()).unwrap().loss).collect()
}

fn weights(session: &Session) -> Vec<u8> {
    pollster::block_on(session.model().to_bytes(Precision::Full)).unwrap()
}

#[test]
fn patches_that_no_memory_holds_are_refused_before_the_first_step() {
    let refused = |settings| session(settings).err().unwrap().code().to_owned();
    assert_eq!(
        refused(Settings { method: Method { patch: 100_000, ..settings(1).method }, ..settings(1) }),
        "train.memory"
    );
    assert_eq!(
        refused(Settings { method: Method { batch: usize::MAX, ..settings(1).method }, ..settings(1) }),
        "train.memory"
    );
}

#[test]
fn a_step_that_goes_astray_leaves_the_network_and_its_statistics_as_they_were() {
    let rough = Settings {
        method: Method { learning_rate: 1e38, schedule: Schedule::Constant, ..settings(40).method },
        ..settings(40)
    };
    let mut session = session(rough).unwrap();
    for _ in 0..40 {
        let before = weights(&session);
        if let Err(error) = pollster::block_on(session.step()) {
            assert_eq!(error.code(), "train.diverged");
            assert!(weights(&session) == before);
            return;
        }
    }
    panic!("no step went astray");
}

#[test]
fn the_settings_adapt_to_the_network_whether_or_not_it_is_validated_before_the_first_step() {
    let adapt = Adapt { touch_up: Some(1e-5), statistics: true };
    let course = |asked: bool| {
        let settings =
            Settings { adapt, method: Method { keep_statistics: true, ..settings(3).method }, ..settings(3) };
        let mut session = session(settings).unwrap();
        if asked {
            pollster::block_on(session.validate(async |_, _| true)).unwrap();
        }
        assert_eq!(session.best_scores().is_some(), asked);
        let losses = run(&mut session, 3);
        (losses, session.settings().clone())
    };
    let (losses, settings) = course(true);
    assert!(!settings.method.keep_statistics && settings.adapt == Adapt::default());
    assert_eq!(course(false), (losses, settings));
}

#[test]
fn damaged_checkpoints_are_refused_in_words() {
    let mut session = session(settings(4)).unwrap();
    run(&mut session, 1);
    let whole = pollster::block_on(session.checkpoint(&Value::Null)).unwrap();
    let model = weights(&session);
    let code = |bytes: &[u8]| Checkpoint::from_bytes(bytes).unwrap_err().code().to_string();
    assert_eq!(code(&[]), "train.checkpoint");
    assert_eq!(code(&model), "train.checkpoint");
    assert_eq!(code(&whole[..whole.len() - 3]), "train.checkpoint");
    let replaced = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = whole.windows(from.len()).rposition(|w| w == from.as_bytes()).unwrap();
        let mut bytes = whole.clone();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        bytes
    };
    assert_eq!(code(&replaced(r#"\"format\":3"#, r#"\"format\":4"#)), "train.checkpoint.format");
    assert_eq!(code(&replaced("first.", "frist.")), "train.checkpoint");
    assert_eq!(code(&replaced(r#"\"batch\":2"#, r#"\"batch\":0"#)), "train.checkpoint");
    // No bit that flips in the head of the file makes it panic.
    let head = whole.iter().position(|b| *b == 0xff).unwrap_or(4000).min(6000);
    for at in (0..head).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        if let Ok(checkpoint) = Checkpoint::from_bytes(&bytes) {
            let settings = checkpoint.settings.clone();
            let _ = checkpoint.resume(settings, vec![sample()], vec![], &Device::flex());
        }
    }
}

/// A checkpoint with other numbers.
fn changed(bytes: &[u8], change: impl Fn(&mut Value)) -> Vec<u8> {
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let (head, tensors) = bytes[8..].split_at(length);
    let mut head: Value = serde_json::from_slice(head).unwrap();
    let kept = &mut head["__metadata__"]["insitu.training"];
    let mut words: Value = serde_json::from_str(kept.as_str().unwrap()).unwrap();
    change(&mut words);
    *kept = Value::String(words.to_string());
    let head = head.to_string().into_bytes();
    let length = (head.len() as u64).to_le_bytes();
    [length.as_slice(), head.as_slice(), tensors].concat()
}

#[test]
fn a_checkpoint_with_counts_beyond_all_bounds_is_refused_or_goes_on() {
    let mut first =
        session(Settings { method: Method { average: Some(0.9), ..settings(20).method }, ..settings(20) })
            .unwrap();
    run(&mut first, 5);
    let bytes = pollster::block_on(first.checkpoint(&Value::Null)).unwrap();
    let resumed = |change: &dyn Fn(&mut Value)| -> insitu::Result<Session> {
        let checkpoint = Checkpoint::from_bytes(&changed(&bytes, change))?;
        let settings = checkpoint.settings.clone();
        checkpoint.resume(settings, vec![sample()], vec![sample()], &Device::flex())
    };
    let code = |change: &dyn Fn(&mut Value)| resumed(change).err().map(|error| error.code().to_owned());
    assert_eq!(code(&|_| ()), None);
    assert_eq!(code(&|words| words["done"] = json!(u64::MAX)).unwrap(), "train.checkpoint");
    let late = |words: &mut Value| {
        words["times"].as_object_mut().unwrap().values_mut().for_each(|time| *time = json!(u64::MAX));
    };
    assert_eq!(code(&late).unwrap(), "train.checkpoint");
    let mut many = resumed(&|words| words["averaged"] = json!(u64::MAX)).unwrap();
    assert!(run(&mut many, 5).iter().all(|loss| loss.is_finite()));
    assert!(pollster::block_on(many.validate(async |_, _| true)).is_ok());
}
