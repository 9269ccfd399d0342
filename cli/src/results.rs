//! Where the results of a command on several files go: never over an input, never over each other.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use insitu::{Error, Result};

use crate::inputs::Input;

/// The results of one run.
pub struct Results<'a> {
    command: &'static str,
    out: &'a Path,
    inputs: &'a [Input],
    /// What this run wrote, so that it never overwrites its own results.
    written: HashSet<PathBuf>,
}

impl<'a> Results<'a> {
    /// # Errors
    /// `COMMAND.same-name` if two files would have one result; nothing is done then.
    pub fn new(command: &'static str, out: &'a Path, inputs: &'a [Input]) -> Result<Self> {
        let mut by_stem = BTreeMap::<String, Vec<String>>::new();
        for input in inputs {
            by_stem.entry(input.stem.clone()).or_default().push(input.path.display().to_string());
        }
        match by_stem.iter().find(|(_, paths)| paths.len() > 1) {
            None => Ok(Self { command, out, inputs, written: HashSet::new() }),
            Some((stem, paths)) => Err(Error::invalid(
                format!("{command}.same-name"),
                format!(
                    "The results of {} would all be named {stem}. Give files of one name in separate runs, with different folders.",
                    paths.join(" and ")
                ),
            )),
        }
    }

    /// The path of a result, if it would replace neither an input nor a result of this run.
    ///
    /// # Errors
    /// `COMMAND.over-input`, `COMMAND.same-name`.
    pub fn target(&mut self, name: &str) -> Result<PathBuf> {
        let path = self.out.join(name);
        let there = path.canonicalize();
        let same = |input: &PathBuf| {
            there.as_ref().is_ok_and(|there| input.canonicalize().is_ok_and(|it| it == *there))
        };
        if there.is_ok() && self.inputs.iter().flat_map(Input::files).any(same) {
            return Err(Error::invalid(
                format!("{}.over-input", self.command),
                format!(
                    "The result would replace the image {}. Choose another folder with --out.",
                    path.display()
                ),
            ));
        }
        if !self.written.insert(path.clone()) {
            return Err(Error::invalid(
                format!("{}.same-name", self.command),
                format!("{} was already written for another file.", path.display()),
            ));
        }
        Ok(path)
    }
}

/// One bad file does not stop the others: its error is told in one line, and `COMMAND.incomplete` ends the run if there
/// was any. `done` is what was to be done to the files.
pub fn complete(command: &'static str, failed: usize, all: usize, done: &str) -> Result<()> {
    let message = match (failed, all) {
        (0, _) => return Ok(()),
        (1, 1) => format!("The file could not be {done}."),
        (failed, all) => format!("{failed} of {all} files could not be {done}."),
    };
    Err(Error::invalid(format!("{command}.incomplete"), message))
}

/// The error of a file in one line. An error of reading or writing names its file already.
pub fn line(file: &Path, e: &Error) -> String {
    let name = if e.code().starts_with("file.") { String::new() } else { format!("{}: ", file.display()) };
    format!("{name}{e} ({})", e.code())
}
