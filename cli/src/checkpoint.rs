//! The files beside a model under training: its log, and a checkpoint from which it can go on.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use insitu::train::{Checkpoint, Run};
use insitu::weights::Precision;
use insitu::{Error, Kind, Result};

use crate::data::Item;
use crate::files::{read, unwritten, write};
use crate::train::Parts;

/// The files beside the model.
pub struct Paths {
    pub log: PathBuf,
    pub last: PathBuf,
    pub best: PathBuf,
    pub split: PathBuf,
}

impl Paths {
    /// Of the network that learns without part `fold` of the images.
    pub fn of_fold(out: &Path, fold: usize) -> Self {
        let mut name = out.as_os_str().to_owned();
        name.push(format!(".fold-{fold}"));
        Self::of(Path::new(&name))
    }

    /// Of the model `out`.
    pub fn of(out: &Path) -> Self {
        let beside = |end: &str| {
            let mut name = out.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        Self {
            log: beside(".log.csv"),
            last: beside(".checkpoint"),
            best: beside(".best"),
            split: beside(".split.csv"),
        }
    }

    /// Writes which images are learnt from and which are held out, so that others can validate on the same ones.
    pub fn save_split(&self, items: &[Item], parts: &Parts) -> Result<()> {
        let mut text = String::from("id,part\n");
        for (i, item) in items.iter().enumerate() {
            text.push_str(&format!("{},{}\n", item.stem, parts.name(i)));
        }
        write(&self.split, text.as_bytes())
    }

    /// The checkpoint of an earlier run of as many steps, if there is one.
    ///
    /// # Errors
    /// `file.read`; those of [`Checkpoint::from_bytes`], of a file that is damaged or of another version.
    pub fn checkpoint(&self, steps: usize) -> Result<Option<Checkpoint>> {
        if !self.last.is_file() {
            return Ok(None);
        }
        let checkpoint = Checkpoint::from_bytes(&read(&self.last)?).map_err(|e| {
            let message = format!("{} Remove {} to begin anew.", e.message(), self.last.display());
            Error::new(Kind::Invalid, e.code().to_string(), message).with_source(e)
        })?;
        Ok(Some(checkpoint).filter(|kept| kept.settings.steps == steps))
    }

    pub fn log(&self, done: usize) -> Result<fs::File> {
        let mut options = fs::OpenOptions::new();
        options.create(true);
        if done > 0 {
            options.append(true)
        } else {
            options.write(true).truncate(true)
        };
        let mut file = options.open(&self.log).map_err(|e| unwritten(&self.log, e))?;
        if done == 0 {
            writeln!(file, "step,loss,learning_rate,dice,ap50,pixel_error")
                .map_err(|e| unwritten(&self.log, e))?;
        }
        Ok(file)
    }

    /// Writes the checkpoint beside its place and moves it there: one that was cut short never takes the place of a whole one.
    pub fn save(&self, run: &Run, seconds: f64) -> Result<()> {
        write(&self.best, &pollster::block_on(run.session().best().to_bytes(Precision::Full))?)?;
        let mut name = self.last.as_os_str().to_owned();
        name.push(".new");
        let new = PathBuf::from(name);
        write(&new, &pollster::block_on(run.state("", seconds))?)?;
        fs::rename(&new, &self.last).map_err(|e| unwritten(&self.last, e))
    }
}
