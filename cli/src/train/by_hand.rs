//! `insitu train --by-hand`: the training that the page does with the same labels, step for step.

use clap::ArgMatches;
use insitu::Result;
use insitu::device::Chosen;
use insitu::train::{Labels, Run, Sample, Start, fingerprint};
use insitu::weights::Class;

use super::{Course, Folder, TrainArgs, modes, report};
use crate::checkpoint::Paths;
use crate::data::{self, LabelMode, View};
use crate::model;

/// Runs the command.
pub fn run(args: &TrainArgs, matches: &ArgMatches, chosen: &Chosen) -> Result<()> {
    let items = data::items(&args.data)?;
    let mut folder = Folder::open(&items, LabelMode::Classes, View::Folder)?;
    let highest = folder.class_count()?;
    let mut request = args.request();
    let init = match &args.init {
        Some(name) => {
            let mut model = model::open(name, &chosen.device)?;
            modes::adopt(args, matches, &mut model.card)?;
            // As in the page: the classes of the model, unless there are more in the labels.
            if model.card.classes.len() < highest {
                request.classes = Class::numbered(&args.class, highest);
            }
            Some(model)
        }
        None => {
            request.preset = Some(args.preset.clone());
            request.classes = Class::numbered(&args.class, highest);
            None
        }
    };
    let start = pollster::block_on(Start::of(&request, init.as_ref(), folder.channels, highest))?;
    let all: Vec<usize> = (0..items.len()).collect();
    let samples = folder.samples(&all, &start.card)?;
    let images = samples.len();
    let paths = Paths::of(&args.out);
    let mut course = match paths.checkpoint(request.steps)? {
        Some(kept) => {
            let device = (chosen.kind, chosen.largest_buffer());
            let found = fingerprint(&samples);
            let ready = request.prepare(samples, &start.card, start.net.is_some(), device)?;
            Course::go_on(paths, kept, ready.settings, ready.parts, found, &chosen.device)?
        }
        None => Course::begin(paths, Run::by_hand(&request, start, samples, chosen)?),
    };
    course.run.describe(report::data(args), args.attribution.clone(), report::command_line());
    let begun = course.run.begun();
    let (learns, held) = (course.run.session().training(), course.run.session().validation());
    eprintln!(
        "{images} labelled images, {} of {} labelled pixels held out; {} steps of {} x {}x{}",
        labelled(held),
        labelled(held) + labelled(learns),
        begun.steps,
        begun.batch,
        begun.patch,
        begun.patch
    );
    course.take_steps(args.every)?;
    let mut model = course.run.model(true, course.seconds());
    report::inscribe(&mut model.card, args);
    if let Some(scores) = course.run.session().best_scores() {
        scores.inscribe(&mut model.card);
        eprintln!("{}", report::described(&scores));
    }
    report::save(args, &model)
}

/// Labelled pixels of samples.
fn labelled(samples: &[Sample]) -> usize {
    let count = |labels: &Labels| (0..labels.len()).filter(|i| labels.class(*i) != Labels::IGNORE).count();
    samples.iter().map(|sample| count(&sample.labels)).sum()
}
