//! Putting a class of a label volume in order: holes, pieces, smoothing, step by step, so that who asks can tell how far it is.

use super::clean::{Cleaned, fill_holes, remove_pieces, voxels_in};
use super::components::Connectivity3;
use super::labels::LabelVolume;
use super::smooth::smooth;
use crate::error::Result;

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Tidy {
    /// What hangs together is one piece.
    pub connectivity: Connectivity3,
    /// Smaller pieces go, mm³; 0: none.
    pub smallest: f64,
    /// Only the largest piece stays.
    pub largest: bool,
    pub fill: bool,
    /// Standard deviation of the Gaussian, mm; 0: surfaces stay as they are.
    pub smooth: f64,
    /// Between columns, rows and slices, mm.
    pub spacing: [f64; 3],
}

/// One of the things that are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TidyStep {
    Holes,
    Pieces,
    Smooth,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    pub removed: Cleaned,
    pub holes: Cleaned,
    /// Voxels that smoothing changed.
    pub smoothed: u64,
}

impl Tidy {
    /// What is to be done with each class, in this order. Smoothing can part pieces and close channels, so both are looked for again.
    pub fn steps(&self) -> Vec<TidyStep> {
        let holes = self.fill.then_some(TidyStep::Holes);
        let pieces = (self.largest || self.smallest > 0.0).then_some(TidyStep::Pieces);
        let smooth = (self.smooth > 0.0).then_some(TidyStep::Smooth);
        let again = |step: Option<TidyStep>| step.filter(|_| smooth.is_some());
        [holes, pieces, smooth, again(holes), again(pieces)].into_iter().flatten().collect()
    }

    /// Does one of the steps. Removed voxels become background; what is filled or smoothed in was background or not labelled.
    ///
    /// # Errors
    /// Those of [`fill_holes`], [`remove_pieces`] and [`smooth`].
    pub fn step(
        &self,
        labels: &mut dyn LabelVolume,
        class: u8,
        step: TidyStep,
        done: &mut Tidied,
    ) -> Result<()> {
        match step {
            TidyStep::Holes => done.holes += fill_holes(labels, class)?,
            TidyStep::Pieces => {
                let least = voxels_in(self.smallest, self.spacing.iter().product());
                done.removed += remove_pieces(labels, class, self.connectivity, least, self.largest)?;
            }
            TidyStep::Smooth => done.smoothed += smooth(labels, class, self.smooth, self.spacing)?,
        }
        Ok(())
    }
}
