//! Teaching as the page does it, and measuring what came of it.

use std::time::Instant;

use burn::tensor::Device;
use insitu::device::Kind;
use insitu::infer::{Options, segment};
use insitu::metrics::{Mean, dice, pixel_error};
use insitu::train::{HeldOut, Labels, Lesson, Prepared, Sample, Session, taught_before, untaught};
use insitu::weights::{Class, Model};
use pollster::block_on;

use crate::data::Labelled;

/// When a training is over.
#[derive(Clone, Copy)]
pub enum Until {
    /// On two cores: so many minutes of each, whatever else they have to do meanwhile.
    Minutes(f64),
    Steps(usize),
}

pub struct Taught {
    pub model: Model,
    pub steps: usize,
    pub seconds: f64,
}

/// Means over images.
#[derive(Clone, Copy)]
pub struct Score {
    pub dice: f64,
    pub pixel_error: f64,
}

/// As `Engine::trainBegin` and `www/training/run.js`: a part of the labels judges, and the best network is the one kept.
pub fn teach(
    before: Option<&Model>,
    class: &str,
    images: &[Labelled],
    lesson: Lesson,
    until: Until,
) -> Taught {
    let classes = vec![Class { name: class.into(), colour: "#E69F00".into() }];
    let device = Device::flex();
    let channels = images.iter().map(|i| i.image.channels).max().unwrap_or(1);
    let (card, net) = match before {
        Some(model) => {
            let (card, net) = block_on(taught_before(model, classes, lesson.seed)).expect("a lesson");
            (card, Some(net))
        }
        None => (untaught("small", None, channels, classes).expect("a network"), None),
    };
    let samples = images.iter().map(|given| {
        let image = given.image.clone().with_channels(card.input.channels).expect("channels");
        let image = image.normalised(card.input.normalisation);
        Sample::new(&given.name, "", image, Labels::Classes(given.classes.clone())).expect("a sample")
    });
    let taught = net.is_some();
    let Prepared { parts, settings, .. } =
        lesson.prepare(samples.collect(), &card, taught, (Kind::Cpu, None)).expect("labels");
    let HeldOut { training, validation, held } = parts;
    eprintln!(
        "  {} x {}x{}, learning rate {}, statistics kept: {}, held out: {held:?}",
        settings.batch, settings.patch, settings.patch, settings.learning_rate, settings.keep_statistics
    );
    let judges = !validation.is_empty();
    let started = Instant::now();
    let mut session = Session::new(card, net, training, validation, settings, &device).expect("a session");
    let before = core_seconds();
    let taken = || match (before, core_seconds()) {
        (Some(before), Some(now)) => (now - before) / 2.0,
        _ => started.elapsed().as_secs_f64(),
    };
    let going = |done: usize| match until {
        Until::Minutes(minutes) => taken() < minutes * 60.0,
        Until::Steps(steps) => done < steps,
    };
    if judges {
        // As the page: what it knew before is on the curve too, and is kept if it was best.
        let scores = block_on(session.validate(async |_, _| true)).expect("a judgement");
        eprintln!("  before: held-out Dice {:.3}", scores.dice.unwrap_or(0.0));
    }
    let every = 25;
    while going(session.done()) {
        let step = block_on(session.step()).expect("a step");
        if judges && step.step.is_multiple_of(every) {
            let scores = block_on(session.validate(async |_, _| true)).expect("a judgement");
            if step.step.is_multiple_of(4 * every) {
                eprintln!(
                    "  step {:5}  loss {:.3}  held-out Dice {:.3}  {:4.0} s",
                    step.step,
                    step.loss,
                    scores.dice.unwrap_or(0.0),
                    taken()
                );
            }
        }
    }
    Taught { steps: session.done(), seconds: taken(), model: session.best() }
}

/// What all cores have done for this process; `None` where the system does not tell.
fn core_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field, in brackets, may hold spaces; user and system time are the 14th and 15th, in hundredths.
    let mut fields = text.rsplit(')').next()?.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / 100.0)
}

/// Means over images, at the model's own threshold.
pub fn judge(model: &Model, images: &[Labelled]) -> Score {
    let (mut dices, mut errors) = (Mean::default(), Mean::default());
    for given in images {
        let found = block_on(segment(model, given.image.clone(), &Options::default(), async |_, _| true))
            .expect("a segmentation")
            .labels(model.card.threshold);
        dices.add(dice(&found, &given.classes, 1));
        errors.add(pixel_error(&found, &given.classes));
    }
    Score { dice: dices.value().unwrap_or(0.0), pixel_error: errors.value().unwrap_or(1.0) }
}
