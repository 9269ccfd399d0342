//! A run over many files that can be broken off: which of them are done, kept beside the results until all are.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use insitu::Result;
use serde::{Deserialize, Serialize};

use crate::files;

/// The list is written this often at most.
const EVERY: Duration = Duration::from_secs(2);

/// What is kept of a run under way.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Kept {
    /// Of the model and the options: with others the files are segmented anew.
    what: u64,
    done: BTreeSet<String>,
}

/// Files that are done.
pub struct Progress {
    path: PathBuf,
    kept: Kept,
    written: Instant,
}

impl Progress {
    /// Of a run with the same model and options into the same folder, if one was broken off there. `what`: all that the results follow
    /// from, beside the files.
    pub fn open(out: &Path, what: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        let what = hasher.finish();
        let path = out.join(".insitu-predict.json");
        let before = files::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
        let kept = before.filter(|kept| kept.what == what).unwrap_or(Kept { what, done: BTreeSet::new() });
        Self { path, kept, written: Instant::now() }
    }

    /// Whether an earlier run left files that are done.
    pub fn goes_on(&self) -> bool {
        !self.kept.done.is_empty()
    }

    /// Whether a file is done.
    pub fn is_done(&self, file: &Path) -> bool {
        self.kept.done.contains(&*name(file))
    }

    /// One more is done; now and then `write` is called for what belongs to all files, and the list is written.
    pub fn done(&mut self, file: &Path, write: impl FnOnce() -> Result<()>) -> Result<()> {
        self.kept.done.insert(name(file));
        if self.written.elapsed() < EVERY {
            return Ok(());
        }
        write()?;
        self.written = Instant::now();
        // What cannot be kept is done again the next time.
        let text = serde_json::to_vec(&self.kept).unwrap_or_default();
        files::write(&self.path, &text)
    }

    /// All is done: nothing is left to go on with.
    pub fn complete(&self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A file by its whole path.
fn name(file: &Path) -> String {
    file.canonicalize().unwrap_or_else(|_| file.into()).to_string_lossy().into_owned()
}
