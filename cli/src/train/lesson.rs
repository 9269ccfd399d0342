//! `insitu train --lesson`: the training that the page does with the same labels, step for step.

use insitu::Result;
use insitu::device::Chosen;
use insitu::train::{Labels, taught_before, untaught};
use insitu::weights::{COLOURS, Class, Model, Training};

use super::{Course, Folder, TrainArgs, report};
use crate::checkpoint::Paths;
use crate::data::{self, LabelMode, View};
use crate::files::read;

/// Runs the command.
pub fn run(args: &TrainArgs, chosen: &Chosen) -> Result<()> {
    let items = data::items(&args.data)?;
    let mut folder = Folder::open(&items, LabelMode::Classes, View::Folder)?;
    let highest = folder.class_count()?;
    let lesson = args.lesson();
    let (mut card, init) = match &args.init {
        Some(path) => {
            let model = Model::from_bytes(&read(path)?, &chosen.device)?;
            // As in the page: the classes of the model, unless there are more in the labels.
            let own = model.card.classes.clone();
            let classes = if own.len() >= highest { own } else { classes(args, highest) };
            let (card, net) = pollster::block_on(taught_before(&model, classes, lesson.seed))?;
            (card, Some(net))
        }
        None => (untaught(&args.preset, args.width, folder.channels, classes(args, highest))?, None),
    };
    let all: Vec<usize> = (0..items.len()).collect();
    let samples = folder.samples(&all, &card)?;
    let images = samples.len();
    let room = (chosen.kind, chosen.largest_buffer());
    let ready = lesson.prepare(samples, &card, init.is_some(), room)?;
    let settings = ready.settings;
    eprintln!(
        "{images} labelled images, {} of {} labelled pixels held out; {} steps of {} x {}x{}",
        labelled(&ready.parts.validation),
        labelled(&ready.parts.validation) + labelled(&ready.parts.training),
        settings.steps,
        settings.batch,
        settings.patch,
        settings.patch
    );
    card.title.clone_from(&args.title);
    let mut course = Course::begin(
        Paths::of(&args.out),
        (card, init),
        ready.parts.training,
        ready.parts.validation,
        settings,
        &chosen.device,
    )?;
    course.run(args.every)?;
    let mut model = course.session.best();
    let now = report::training(args, &course.session, images, course.seconds(), &chosen.name);
    report::inscribe(&mut model.card, args, Training { pixels: ready.pixels, ..now });
    if let Some(scores) = course.session.best_scores() {
        model.card.scores.clear();
        report::score(&mut model.card, &scores);
        eprintln!("{}", report::described(&scores));
    }
    report::save(args, &model)
}

/// Classes with the names of the command line.
fn classes(args: &TrainArgs, count: usize) -> Vec<Class> {
    let class = |i: usize| Class {
        name: args.class.get(i).cloned().unwrap_or_else(|| format!("class {}", i + 1)),
        colour: COLOURS[i % COLOURS.len()].into(),
    };
    (0..count).map(class).collect()
}

/// Labelled pixels of samples.
fn labelled(samples: &[insitu::train::Sample]) -> usize {
    let count = |labels: &Labels| (0..labels.len()).filter(|i| labels.class(*i) != Labels::IGNORE).count();
    samples.iter().map(|sample| count(&sample.labels)).sum()
}
