//! `insitu train`: the engine's training loop over a folder, with checkpoints, a log and the best model kept.

mod args;
mod course;
mod folder;
mod lesson;
mod method;
mod report;

use insitu::Result;
use insitu::train::{Sample, split, validate};
use insitu::weights::{Card, FieldOfView, Model};

pub use self::args::TrainArgs;
use self::course::Course;
use self::folder::Folder;
use crate::checkpoint::Paths;
use crate::data::View;
use crate::files::read;
use crate::{data, device};

/// Runs the command.
pub fn run(args: &TrainArgs) -> Result<()> {
    let chosen = device::open(args.device)?;
    eprintln!("{}", chosen.reason);
    if args.lesson {
        return lesson::run(args, &chosen);
    }
    let items = data::items(&args.data)?;
    let kinds: Vec<&str> = items.iter().map(|i| i.kind.as_deref().unwrap_or("")).collect();
    let (train, held) = split(&kinds, args.val_fraction, args.seed);
    // Evenly spread over the kinds, which the split leaves in the order of the items.
    let judged: Vec<usize> =
        held.iter().step_by(held.len().div_ceil(args.judged.max(1)).max(1)).copied().collect();

    let mut folder = Folder::open(&items, args.labels, args.field_of_view)?;
    let (mut card, init) = match &args.init {
        Some(path) => {
            let model = Model::from_bytes(&read(path)?, &chosen.device)?;
            (model.card, Some(model.net))
        }
        None => {
            let classes = folder.class_count()?;
            (args.card(args.channels.unwrap_or(folder.channels), folder.mode, classes)?, None)
        }
    };
    card.patches = args.patches().or(card.patches);
    if args.field_of_view == View::Bright {
        // What lies outside was not learnt, so nothing can be said of it.
        card.field_of_view = Some(FieldOfView::Bright);
    }
    card.validate()?;
    let training = folder.samples(&train, &card)?;
    let validation = folder.samples(&judged, &card)?;
    let (images, steps) = (training.len(), args.steps(&training));
    eprintln!(
        "{images} images to learn from, {} held out ({} of them judged while training); {steps} steps of {} x {}x{}",
        held.len(),
        validation.len(),
        args.batch(),
        args.patch(),
        args.patch()
    );
    let settings = args.settings(steps, &training, &card);
    let paths = Paths::of(&args.out);
    paths.save_split(&items, &held)?;
    let mut course =
        Course::begin(paths, (card.clone(), init), training, validation, settings, &chosen.device)?;
    course.run(args.every)?;

    let mut model = course.session.best();
    let now = report::training(args, &course.session, images, course.seconds(), &chosen.name);
    report::inscribe(&mut model.card, args, now);
    eprintln!("Judging the best network on all {} held-out images.", held.len());
    let samples = whole(&mut folder, &held, &judged, course.session.into_validation(), &card)?;
    let scores = pollster::block_on(validate(&model, &samples, async |_, _| true))?;
    report::score(&mut model.card, &scores);
    eprintln!("{}", report::described(&scores));
    report::save(args, &model)
}

/// All held-out samples in their order: those that were judged while training, and the others, which are read now.
fn whole(
    folder: &mut Folder,
    held: &[usize],
    judged: &[usize],
    samples: Vec<Sample>,
    card: &Card,
) -> Result<Vec<Sample>> {
    let mut ready = judged.iter().zip(samples).peekable();
    let mut all = Vec::with_capacity(held.len());
    for i in held {
        match ready.next_if(|(judged, _)| *judged == i) {
            Some((_, sample)) => all.push(sample),
            None => all.extend(folder.samples(&[*i], card)?),
        }
    }
    Ok(all)
}
