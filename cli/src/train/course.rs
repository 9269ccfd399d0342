//! The course of a training: step after step, with a log, validations and checkpoints.

use std::io::Write;
use std::time::Instant;

use burn::tensor::Device;
use indicatif::{ProgressBar, ProgressStyle};
use insitu::Result;
use insitu::train::{Checkpoint, HeldOut, Run, Settings};

use super::report;
use crate::checkpoint::Paths;
use crate::files::unwritten;

/// A training under way, and its files.
pub struct Course {
    pub run: Run,
    paths: Paths,
    /// Seconds that earlier runs took.
    earlier: f64,
    started: Instant,
}

impl Course {
    /// Starts a training.
    pub fn begin(paths: Paths, run: Run) -> Self {
        Self { run, paths, earlier: 0.0, started: Instant::now() }
    }

    /// Goes on from the checkpoint of a run of as many steps, with what `settings` became before its first one. `fingerprint` of
    /// the samples tells whether they are those of before.
    ///
    /// # Errors
    /// Those of [`Run::go_on`].
    pub fn go_on(
        paths: Paths,
        kept: Checkpoint,
        settings: Settings,
        parts: HeldOut,
        fingerprint: String,
        device: &Device,
    ) -> Result<Self> {
        let done = kept.done;
        let settings = settings.following(&kept.settings);
        let (run, earlier, same) = Run::go_on(kept, settings, parts, fingerprint, device)?;
        eprintln!("Continuing at step {done}.");
        if !same {
            eprintln!("The images or labels are not those of before.");
        }
        Ok(Self { run, paths, earlier, started: Instant::now() })
    }

    /// Seconds of all runs so far.
    pub fn seconds(&self) -> f64 {
        self.earlier + self.started.elapsed().as_secs_f64()
    }

    /// Takes the steps that are left; validates and saves after every `every` of them, and at the end.
    ///
    /// # Errors
    /// Those of [`Run::step`] and [`Run::validate`]; `file.write`.
    pub fn take_steps(&mut self, every: usize) -> Result<()> {
        let steps = self.run.session().settings().steps;
        let done = self.run.session().done();
        let bar = ProgressBar::new(steps as u64).with_position(done as u64).with_style(
            ProgressStyle::with_template("{bar:30} step {pos} of {len}, {per_sec}, {eta} left  {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        let mut log = self.paths.log(done)?;
        let mut mean = 0.0f64;
        while self.run.session().done() < steps {
            let step = pollster::block_on(self.run.step())?;
            mean = if mean == 0.0 { step.loss.into() } else { 0.98 * mean + 0.02 * f64::from(step.loss) };
            bar.set_position(step.step as u64);
            bar.set_message(format!("loss {mean:.4}"));
            let due = step.step.is_multiple_of(every.max(1)) || step.step == steps;
            let found =
                if due { Some(pollster::block_on(self.run.validate(async |_, _| true))?) } else { None };
            let scores = found.flatten().map(|(scores, _)| scores);
            writeln!(log, "{}", report::row(&step, scores.as_ref()))
                .map_err(|e| unwritten(&self.paths.log, e))?;
            if due {
                let (at, seconds) = (step.step, self.seconds());
                let said = report::described(&scores.unwrap_or_default());
                bar.suspend(|| eprintln!("step {at:5}  loss {mean:.4}  {said}  {seconds:.0} s"));
                self.paths.save(&self.run, seconds)?;
            }
        }
        bar.finish_and_clear();
        Ok(())
    }
}
