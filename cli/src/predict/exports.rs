//! What `--export` writes beside the masks.

use std::path::{Path, PathBuf};

use insitu::Result;
use insitu::infer::Prediction;
use insitu::objects::{InstanceOptions, Refinement};
use insitu::results::{self, Files, Kind, ending};
use insitu::scan::Scan;
use insitu::weights::Card;

use crate::files;

/// What is written, and what grows over all files.
pub struct Exports {
    wanted: Vec<Kind>,
    out: PathBuf,
    files: Files,
}

impl Exports {
    /// `goes_on`: files of all images that an earlier run left are gone on with.
    pub fn new(wanted: &[Kind], out: &Path, goes_on: bool) -> Self {
        let mut wanted = wanted.to_vec();
        wanted.sort();
        wanted.dedup();
        let before = |name: &str| goes_on.then(|| files::read(&out.join(name)).ok()).flatten();
        Self { wanted, out: out.into(), files: Files::going_on(before) }
    }

    /// Leaves out what an earlier run wrote of a file.
    pub fn forget(&mut self, file: &str) {
        self.files.forget(file);
    }

    /// What is written of one slice: the ends of names, and the bytes. `file` is the name that tables call it by.
    pub fn of(
        &mut self,
        (scan, slice, file): (&Scan, usize, &str),
        card: &Card,
        prediction: &Prediction,
        options: &InstanceOptions,
    ) -> Result<Vec<(&'static str, Vec<u8>)>> {
        if self.wanted.is_empty() {
            return Ok(Vec::new());
        }
        let found = results::found((scan, slice, file), card, prediction, options, &Refinement::default())?;
        let classes = prediction.labels(options.threshold);
        let maps = (classes.as_slice(), prediction.probability.as_slice());
        let mut written = Vec::new();
        for kind in &self.wanted {
            if let Some(bytes) = self.files.add(*kind, scan, maps, &found)? {
                written.push((ending(*kind), bytes));
            }
        }
        Ok(written)
    }

    /// Writes the files that hold something of every image, and gives their paths.
    pub fn write(&self) -> Result<Vec<PathBuf>> {
        let mut written = Vec::new();
        for kind in &self.wanted {
            if let (Some(name), Some(bytes)) = (kind.of_all(), self.files.whole(*kind)) {
                written.push(self.out.join(name));
                files::write(&self.out.join(name), &bytes)?;
            }
        }
        Ok(written)
    }
}
