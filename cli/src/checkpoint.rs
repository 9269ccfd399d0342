//! The files beside a model under training: its log, and a checkpoint from which it can go on.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use insitu::train::{Pace, Scores, Session};
use insitu::weights::Precision;
use insitu::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::data::Item;
use crate::files::{unwritten, write};

/// What a checkpoint holds besides the two networks and the optimiser.
#[derive(Serialize, Deserialize)]
pub struct Progress {
    pub done: usize,
    pub steps: usize,
    pub seconds: f64,
    pub best: Option<Scores>,
    #[serde(default)]
    pub pace: Pace,
}

/// The files beside the model.
pub struct Paths {
    pub log: PathBuf,
    pub last: PathBuf,
    pub best: PathBuf,
    pub optimiser: PathBuf,
    pub progress: PathBuf,
    pub split: PathBuf,
}

impl Paths {
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
            optimiser: beside(".optimiser"),
            progress: beside(".progress.json"),
            split: beside(".split.csv"),
        }
    }

    /// Writes which images are learnt from and which are held out, so that others can judge on the same ones.
    pub fn save_split(&self, items: &[Item], held: &[usize]) -> Result<()> {
        let mut text = String::from("id,part\n");
        for (i, item) in items.iter().enumerate() {
            let part = if held.contains(&i) { "validation" } else { "training" };
            text.push_str(&format!("{},{part}\n", item.stem));
        }
        write(&self.split, text.as_bytes())
    }

    pub fn progress(&self) -> Option<Progress> {
        serde_json::from_slice(&fs::read(&self.progress).ok()?).ok()
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

    /// The progress file comes last: a checkpoint that was cut short is never taken for whole.
    pub fn save(&self, session: &Session, seconds: f64) -> Result<()> {
        let _ = fs::remove_file(&self.progress);
        write(&self.last, &pollster::block_on(session.model().to_bytes(Precision::Full))?)?;
        write(&self.best, &pollster::block_on(session.best().to_bytes(Precision::Full))?)?;
        write(&self.optimiser, &session.optimiser_state()?)?;
        let progress = Progress {
            done: session.done(),
            steps: session.settings().steps,
            seconds,
            best: session.best_scores(),
            pace: session.pace(),
        };
        let json = serde_json::to_vec(&progress).map_err(|e| {
            Error::invalid("train.checkpoint", "The checkpoint cannot be written.").with_source(e)
        })?;
        write(&self.progress, &json)
    }
}
