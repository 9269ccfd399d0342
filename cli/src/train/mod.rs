//! `insitu train`: the engine's training loop over a folder, with checkpoints, a log and the best model kept.

mod args;
mod by_hand;
mod course;
mod folder;
mod method;
mod modes;
mod parts;
mod report;

use clap::ArgMatches;
use insitu::Result;
use insitu::device::Chosen;
use insitu::train::{Held, HeldOut, Run, Sample, Scores, Session, fingerprint, validate};
use insitu::weights::{Card, FieldOfView, Model, Training};

pub use self::args::TrainArgs;
use self::course::Course;
use self::folder::Folder;
pub use self::parts::Parts;
use crate::checkpoint::Paths;
use crate::data::{Item, View};
use crate::{data, device, model};

/// Runs the command; `matches` tell which options were given.
pub fn run(args: &TrainArgs, matches: &ArgMatches) -> Result<()> {
    modes::check(args, matches)?;
    let chosen = device::open(args.device)?;
    eprintln!("{}", chosen.reason);
    if args.by_hand {
        return by_hand::run(args, matches, &chosen);
    }
    let items = data::items(&args.data)?;
    let folder = Folder::open(&items, args.labels, args.field_of_view)?;
    let mut school = School { args, matches, chosen, items: &items, folder };
    let model = match args.folds {
        Some(count) => school.cross_validated(count.into())?,
        None => school.network(&Parts::of(&items, args), Paths::of(&args.out))?.0,
    };
    report::save(args, &model)
}

/// What networks learn from, and how.
struct School<'a> {
    args: &'a TrainArgs,
    matches: &'a ArgMatches,
    chosen: Chosen,
    items: &'a [Item],
    folder: Folder<'a>,
}

impl School<'_> {
    /// A network that has learnt from all images, with scores of networks that each learnt without a part of them: without each of the parts,
    /// or, with `--judge`, without the last so many.
    fn cross_validated(&mut self, count: usize) -> Result<Model> {
        let folds = parts::folds(self.items, count, self.args.patients)?;
        let judged = self.args.judge.map_or(folds.len(), usize::from);
        let mut each = Vec::with_capacity(folds.len());
        for (i, held) in folds.iter().enumerate().skip(folds.len().saturating_sub(judged)) {
            eprintln!("Without part {} of {}: {} images.", i + 1, folds.len(), held.len());
            let paths = Paths::of_fold(&self.args.out, i + 1);
            each.push(self.network(&Parts::without(held, self.items.len()), paths)?.1);
        }
        eprintln!("With all {} images.", self.items.len());
        let all = Parts::without(&[], self.items.len());
        let (mut model, _) = self.network(&all, Paths::of(&self.args.out))?;
        let scores = report::means(&each);
        scores.inscribe(&mut model.card);
        eprintln!("Cross-validated on {} images: {}", scores.images, report::described(&scores));
        Ok(model)
    }

    /// A network that has learnt from one part of the images, and how well it does on those that it has not seen.
    fn network(&mut self, parts: &Parts, paths: Paths) -> Result<(Model, Scores)> {
        let Self { args, matches, chosen, items, folder } = self;
        let Parts { training: train, validation: held, test } = parts;
        // Evenly spread over the kinds, which the split leaves in the order of the items.
        let validated: Vec<usize> =
            held.iter().step_by(held.len().div_ceil(args.validated.max(1)).max(1)).copied().collect();

        let mut from = None;
        let (mut card, init) = match &args.init {
            Some(name) => {
                let mut model = model::open(name, &chosen.device)?;
                modes::adopt(args, matches, &mut model.card)?;
                let before = std::mem::replace(&mut model.card.title, args.title.clone());
                from = Some(before).filter(|before| *before != args.title);
                if let Some(width) = args.width.filter(|width| *width > model.card.network.width) {
                    model = pollster::block_on(model.widened(width, args.seed))?;
                }
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
        let training = folder.samples(train, &card)?;
        let validation = folder.samples(&validated, &card)?;
        let (images, steps) = (training.len(), args.steps(&training));
        eprintln!(
            "{images} images to learn from, {} held out ({} of them validated while training); {steps} steps of {} x {}x{}",
            held.len(),
            validation.len(),
            args.batch(),
            args.patch(),
            args.patch()
        );
        let settings = args.settings(steps, &training, &card);
        paths.save_split(items, parts)?;
        let found = fingerprint(&training);
        let samples = HeldOut { held: Held::images(validation.len()), training, validation };
        let mut course = match paths.checkpoint(steps)? {
            Some(kept) => Course::go_on(paths, kept, settings, samples, found, &chosen.device)?,
            None => {
                let HeldOut { training, validation, held } = samples;
                let session =
                    Session::new(card.clone(), init, training, validation, settings, &chosen.device)?;
                let told = Training { images, from, device: chosen.name.clone(), ..Training::of("") };
                Course::begin(paths, Run::new(session, held, told, found))
            }
        };
        course.run.describe(report::data(args), args.attribution.clone(), report::command_line());
        course.take_steps(args.every)?;

        let mut model = course.run.model(true, course.seconds());
        report::inscribe(&mut model.card, args);
        let samples = if test.is_empty() {
            eprintln!("Validating the best network on all {} held-out images.", held.len());
            whole(folder, held, &validated, course.run.into_validation(), &card)?
        } else {
            eprintln!("Judging the best network on the {} images that were set aside.", test.len());
            folder.samples(test, &card)?
        };
        let scores = pollster::block_on(validate(&model, &samples, async |_, _| true))?;
        scores.inscribe(&mut model.card);
        eprintln!("{}", report::described(&scores));
        Ok((model, scores))
    }
}

/// All held-out samples in their order: those that were validated while training, and the others, which are read now.
fn whole(
    folder: &mut Folder,
    held: &[usize],
    validated: &[usize],
    samples: Vec<Sample>,
    card: &Card,
) -> Result<Vec<Sample>> {
    let mut ready = validated.iter().zip(samples).peekable();
    let mut all = Vec::with_capacity(held.len());
    for i in held {
        match ready.next_if(|(validated, _)| *validated == i) {
            Some((_, sample)) => all.push(sample),
            None => all.extend(folder.samples(&[*i], card)?),
        }
    }
    Ok(all)
}
