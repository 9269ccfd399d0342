//! Teaching as the page does it, and measuring what came of it.

use std::time::Instant;

use insitu::device::{Choice, open};
use insitu::infer::{Options, segment};
use insitu::metrics::{Mean, dice, pixel_error};
use insitu::train::{Labels, Request, Run, Sample, Start};
use insitu::weights::{Class, Model};
use pollster::block_on;

use crate::data::Labelled;

/// Steps from one validation to the next.
const EVERY: usize = 25;

/// What a training brought.
pub struct Taught {
    /// The network of the best validation.
    pub model: Model,
    pub steps: usize,
    /// Of two cores, validations included.
    pub seconds: f64,
    /// Of that network, on the labels that were held out.
    pub held_out: f64,
}

/// Means over images.
#[derive(Clone, Copy)]
pub struct Score {
    pub dice: f64,
    pub pixel_error: f64,
    /// The part of the image that is foreground.
    pub covered: f64,
}

/// As the page does it: a part of the labels validates, and the best network is the one kept. What there is after each number
/// of `steps`, the last of which ends it.
pub fn teach(
    before: Option<&Model>,
    class: &str,
    images: &[Labelled],
    request: Request,
    steps: &[usize],
) -> Vec<Taught> {
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
    let validate = |run: &mut Run| {
        let found = block_on(run.validate(async |_, _| true)).expect("a validation");
        found.and_then(|(scores, _)| scores.dice).unwrap_or(0.0)
    };
    // As the page: what it knew before is on the curve too, and is kept if it was best.
    eprintln!("  before: held-out Dice {:.3}", validate(&mut run));
    let mut stages = Vec::new();
    for step in 1..=steps.last().copied().unwrap_or(0) {
        let loss = block_on(run.step()).expect("a step").loss;
        if step.is_multiple_of(EVERY) || steps.contains(&step) {
            let dice = validate(&mut run);
            if step.is_multiple_of(4 * EVERY) {
                eprintln!("  step {step:5}  loss {loss:.3}  held-out Dice {dice:.3}  {:4.0} s", taken());
            }
        }
        if steps.contains(&step) {
            let held_out = run.session().best_scores().and_then(|scores| scores.dice).unwrap_or(0.0);
            stages.push(Taught { model: run.session().best(), steps: step, seconds: taken(), held_out });
        }
    }
    stages
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
    let (mut dices, mut errors, mut covered) = (Mean::default(), Mean::default(), Mean::default());
    for given in images {
        let found = block_on(segment(model, given.image.clone(), &Options::default(), async |_, _| true))
            .expect("a segmentation")
            .labels(model.card.threshold);
        dices.add(dice(&found, &given.classes, 1));
        errors.add(pixel_error(&found, &given.classes));
        covered.add(Some(part(&found)));
    }
    Score {
        dice: dices.value().unwrap_or(0.0),
        pixel_error: errors.value().unwrap_or(1.0),
        covered: covered.value().unwrap_or(0.0),
    }
}

/// The part of the pixels that is of class 1.
pub fn part(classes: &[u8]) -> f64 {
    classes.iter().filter(|class| **class == 1).count() as f64 / classes.len() as f64
}
