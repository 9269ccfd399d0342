//! Finding and opening a model by its name or file.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use insitu::weights::{Card, Model};
use insitu::{Error, Result};

use crate::files;

/// The file that `name` stands for: a file as it is; else `NAME.safetensors` in `$INSITU_MODELS`, in `models/` of
/// the working directory, beside the program or above it, or in the source tree that built the program.
///
/// # Errors
/// `model.not-found`, which names the models that there are.
pub fn find(name: &str) -> Result<PathBuf> {
    let file = PathBuf::from(name);
    if file.is_file() {
        return Ok(file);
    }
    let folders = folders();
    // A name is only a name: no way leads out of the models' folders.
    if !name.contains(['/', '\\']) {
        for folder in &folders {
            let file = folder.join(format!("{name}.safetensors"));
            if file.is_file() {
                return Ok(file);
            }
        }
    }
    let mut known: Vec<String> = folders.iter().flat_map(|f| names(f)).collect();
    known.sort();
    known.dedup();
    let known = match known.is_empty() {
        true => "No shipped model was found; set INSITU_MODELS to the folder that holds them.".to_string(),
        false => format!("The shipped models are: {}.", known.join(", ")),
    };
    Err(Error::invalid("model.not-found", format!("There is no model and no file called '{name}'. {known}")))
}

/// Opens the model called `name` on a device.
pub fn open(name: &str, device: &Device) -> Result<Model> {
    Files::read(&find(name)?)?.open(device)
}

/// A model file, and those with its weights that lie beside it.
#[derive(Hash)]
pub struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    /// Reads them; what is not there is left to the sentence that says so.
    ///
    /// # Errors
    /// Those of [`files::read`].
    pub fn read(path: &Path) -> Result<Self> {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let bytes = files::read(path)?;
        let beside = Model::files_beside(&bytes);
        let mut all = vec![(name.to_string(), bytes)];
        for name in beside {
            let file = path.with_file_name(&name);
            if file.is_file() {
                all.push((name, files::read(&file)?));
            }
        }
        Ok(Self(all))
    }

    /// The model on a device.
    pub fn open(&self, device: &Device) -> Result<Model> {
        Model::from_files(&self.views(), device)
    }

    /// Its card alone.
    pub fn card(&self) -> Result<Card> {
        Model::card_from_files(&self.views())
    }

    fn views(&self) -> Vec<(&str, &[u8])> {
        self.0.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
    }
}

fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    folders.extend(std::env::var_os("INSITU_MODELS").map(PathBuf::from));
    folders.push(PathBuf::from("models"));
    if let Ok(program) = std::env::current_exe() {
        folders.extend(program.ancestors().skip(1).take(4).map(|folder| folder.join("models")));
    }
    folders.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("../models"));
    folders
}

fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    files
        .filter(|f| f.extension().is_some_and(|e| e == "safetensors"))
        .filter_map(|f| Some(f.file_stem()?.to_str()?.to_string()))
        .collect()
}
