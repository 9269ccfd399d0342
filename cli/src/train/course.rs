//! The course of a training: step after step, with a log, judgements and checkpoints.

use std::io::Write;
use std::time::Instant;

use burn::tensor::Device;
use indicatif::{ProgressBar, ProgressStyle};
use insitu::Result;
use insitu::net::UNet;
use insitu::train::{Sample, Session, Settings};
use insitu::weights::Card;

use super::report;
use crate::checkpoint::{Note, Paths};
use crate::files::unwritten;

/// A training under way, and its files.
pub struct Course {
    pub session: Session,
    paths: Paths,
    /// Seconds that earlier runs took.
    earlier: f64,
    started: Instant,
}

impl Course {
    /// Starts from `model`, whose network is only taken if there is one, or goes on from the checkpoint of a run of as
    /// many steps, with what `settings` became before its first one.
    ///
    /// # Errors
    /// Those of [`Session::new`] and [`Checkpoint::resume`](insitu::train::Checkpoint::resume); those of [`Paths::checkpoint`].
    pub fn begin(
        paths: Paths,
        (card, init): (Card, Option<UNet>),
        training: Vec<Sample>,
        validation: Vec<Sample>,
        settings: Settings,
        device: &Device,
    ) -> Result<Self> {
        let resumed = paths.checkpoint()?.filter(|kept| kept.settings.steps == settings.steps);
        let (session, earlier) = match resumed {
            Some(kept) => {
                let note: Note = serde_json::from_value(kept.note.clone()).unwrap_or_default();
                eprintln!("Continuing at step {}.", kept.done);
                let settings = settings.following(&kept.settings);
                (kept.resume(settings, training, validation, device)?, note.seconds)
            }
            None => (Session::new(card, init, training, validation, settings, device)?, 0.0),
        };
        Ok(Self { session, paths, earlier, started: Instant::now() })
    }

    /// Seconds of all runs so far.
    pub fn seconds(&self) -> f64 {
        self.earlier + self.started.elapsed().as_secs_f64()
    }

    /// Takes the steps that are left; judges and saves after every `every` of them, and at the end.
    ///
    /// # Errors
    /// Those of [`Session::step`] and [`Session::validate`]; `file.write`.
    pub fn run(&mut self, every: usize) -> Result<()> {
        let steps = self.session.settings().steps;
        let bar = ProgressBar::new(steps as u64).with_position(self.session.done() as u64).with_style(
            ProgressStyle::with_template("{bar:30} step {pos} of {len}, {per_sec}, {eta} left  {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        let mut log = self.paths.log(self.session.done())?;
        let mut mean = 0.0f64;
        while self.session.done() < steps {
            let step = pollster::block_on(self.session.step())?;
            let done = self.session.done();
            mean = if mean == 0.0 { step.loss.into() } else { 0.98 * mean + 0.02 * f64::from(step.loss) };
            bar.set_position(done as u64);
            bar.set_message(format!("loss {mean:.4}"));
            let judge = done.is_multiple_of(every.max(1)) || done == steps;
            let scores = if judge {
                Some(pollster::block_on(self.session.validate(async |_, _| true))?)
            } else {
                None
            };
            writeln!(log, "{}", report::row(&step, scores.as_ref()))
                .map_err(|e| unwritten(&self.paths.log, e))?;
            if let Some(scores) = scores {
                let seconds = self.seconds();
                let said = report::described(&scores);
                bar.suspend(|| eprintln!("step {done:5}  loss {mean:.4}  {said}  {seconds:.0} s"));
                self.paths.save(&self.session, seconds)?;
            }
        }
        bar.finish_and_clear();
        Ok(())
    }
}
