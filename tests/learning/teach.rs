//! Teaching as the page does it, and measuring what came of it.

use std::time::Instant;

use insitu::device::{Choice, open};
use insitu::infer::{Options, segment};
use insitu::metrics::{Mean, dice, pixel_error};
use insitu::train::{Labels, Request, Run, Sample, Start};
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

/// As the page does it: a part of the labels validates, and the best network is the one kept.
pub fn teach(
    before: Option<&Model>,
    class: &str,
    images: &[Labelled],
    request: Request,
    until: Until,
) -> Taught {
    let classes = vec![Class { name: class.into(), colour: "#E69F00".into() }];
    let preset = before.is_none().then(|| "small".to_string());
    let request = Request { classes, preset, ..request };
    let chosen = block_on(open(Choice::Cpu, None)).expect("a processor");
    let channels = images.iter().map(|i| i.image.channels).max().unwrap_or(1);
    let start = block_on(Start::of(&request, before, channels, 1)).expect("a network");
    let input = start.card.input.clone();
    let samples = images.iter().map(|given| {
        let image = given.image.clone().with_channels(input.channels).expect("channels");
        let image = image.normalised(input.normalisation);
        Sample::new(&given.name, "", image, Labels::Classes(given.classes.clone())).expect("a sample")
    });
    let mut run = Run::by_hand(&request, start, samples.collect(), &chosen).expect("a training");
    eprintln!("  {:?}", run.begun());
    let started = Instant::now();
    let before = core_seconds();
    let taken = || match (before, core_seconds()) {
        (Some(before), Some(now)) => (now - before) / 2.0,
        _ => started.elapsed().as_secs_f64(),
    };
    let going = |done: usize| match until {
        Until::Minutes(minutes) => taken() < minutes * 60.0,
        Until::Steps(steps) => done < steps,
    };
    let validate = |run: &mut Run| {
        let found = block_on(run.validate(async |_, _| true)).expect("a validation");
        found.and_then(|(scores, _)| scores.dice).unwrap_or(0.0)
    };
    // As the page: what it knew before is on the curve too, and is kept if it was best.
    eprintln!("  before: held-out Dice {:.3}", validate(&mut run));
    let every = 25;
    while going(run.session().done()) {
        let step = block_on(run.step()).expect("a step");
        if step.step.is_multiple_of(every) {
            let dice = validate(&mut run);
            if step.step.is_multiple_of(4 * every) {
                let (at, loss) = (step.step, step.loss);
                eprintln!("  step {at:5}  loss {loss:.3}  held-out Dice {dice:.3}  {:4.0} s", taken());
            }
        }
    }
    Taught { steps: run.session().done(), seconds: taken(), model: run.session().best() }
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
