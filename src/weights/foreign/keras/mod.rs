//! Weight files of Keras 1, 2 and 3 (and of tf.keras): `.h5`, `.weights.h5` and `.keras`.

mod config;
pub mod layout;
mod legacy;
mod modern;
mod names;

use serde_json::Value;

use super::hdf5::{File, SIGNATURE};
use super::zip::Archive;
use crate::error::{Error, Result};
use crate::weights::NamedTensor;

/// The entry of a `.keras` archive that holds the weights.
const WEIGHTS_ENTRY: &str = "model.weights.h5";
const CONFIG_ENTRY: &str = "config.json";
const METADATA_ENTRY: &str = "metadata.json";

/// Bytes of a configuration; those of large networks have a megabyte.
const MOST_CONFIG: u64 = 64 << 20;
/// Bytes of the weights in an archive: what a browser tab can hold twice.
const MOST_WEIGHTS: u64 = 1 << 30;

/// Which generation of Keras laid the file out: they disagree about the axes of kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// Keras 0.3 to 1.2: kernels in the order of `dim_ordering`.
    One,
    /// The same file layout as Keras 2 and tf.keras write it, and Keras 3 when asked for `.h5`.
    Two,
    /// `.weights.h5` and `.keras` of Keras 3 (and of tf.keras 2.12 on).
    Three,
}

/// What a weight file of Keras holds. Values are as they were stored: [`layout`] brings kernels to PyTorch's axes.
#[derive(Clone, Debug)]
pub struct KerasFile {
    /// Layers with weights, in the order of the model where the file tells it: `.weights.h5` alone does not, and its
    /// layers are in natural order of their paths (`conv2d`, `conv2d_1`, ..., `conv2d_10`), which keeps the order
    /// within each class only.
    pub layers: Vec<KerasLayer>,
    pub generation: Generation,
    /// Such as `2.2.4`; Keras 1 and `.weights.h5` often do not say.
    pub keras_version: Option<String>,
    /// `tensorflow`, `theano`, `cntk`, `jax` or `torch`; Keras 1 and the own formats of Keras 3 do not say.
    pub backend: Option<String>,
    /// The model's configuration: an object with `class_name` and `config`.
    pub config: Option<Value>,
}

/// A layer that has weights.
#[derive(Clone, Debug, PartialEq)]
pub struct KerasLayer {
    /// The layer's name; inside a model within the model, with the names around it: `encoder/conv2d_1`.
    pub name: String,
    /// Its class by the names of Keras 2 and 3 (`Conv2D` also for Keras 1's `Convolution2D`): from the configuration,
    /// and for `.weights.h5` from the path, which is made of the class.
    pub class: Option<String>,
    /// `kernel`, `bias`, `gamma`, `beta`, `moving_mean`, `moving_variance` in the order of Keras; other weights keep
    /// their own names, or their numbers where the file has nothing else.
    pub weights: Vec<NamedTensor>,
}

impl KerasLayer {
    /// A weight by its short name.
    pub fn weight(&self, name: &str) -> Option<&NamedTensor> {
        self.weights.iter().find(|w| w.name == name)
    }
}

impl KerasFile {
    /// Reads any of the formats.
    ///
    /// # Errors
    /// `keras.invalid` (not a file of Keras, or broken), `keras.unsupported.*`, and those of the containers:
    /// `hdf5.*`, `zip.*`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        if bytes.starts_with(b"PK") {
            return archive(bytes);
        }
        if !bytes.starts_with(SIGNATURE) {
            return Err(Error::invalid(
                "keras.invalid",
                "This is not a weight file of Keras: .h5, .weights.h5 or .keras was expected.",
            ));
        }
        let file = File::open(bytes)?;
        match legacy::read(&file)? {
            Some(found) => Ok(found),
            None => Ok(Self {
                layers: modern::read(&file, None)?,
                generation: Generation::Three,
                keras_version: None,
                backend: None,
                config: None,
            }),
        }
    }

    /// Whether bytes look like one of the formats, without reading more than a directory. Other HDF5 files do, too.
    pub fn recognises(bytes: &[u8]) -> bool {
        bytes.starts_with(SIGNATURE)
            || bytes.starts_with(b"PK")
                && Archive::open(bytes).is_ok_and(|archive| {
                    archive.names().any(|n| n == CONFIG_ENTRY)
                        && archive.names().any(|n| n.starts_with("model.weights"))
                })
    }
}

/// A `.keras` archive.
fn archive(bytes: &[u8]) -> Result<KerasFile> {
    let archive = Archive::open(bytes)?;
    let json = |name: &str| match archive.get(name, MOST_CONFIG)? {
        Some(text) => parse_config(&text).map(Some),
        None => Ok(None),
    };
    let Some(weights) = archive.get(WEIGHTS_ENTRY, MOST_WEIGHTS)? else {
        let other = archive.names().find(|n| n.starts_with("model.weights"));
        return Err(match other {
            Some(name) => Error::unsupported(
                "keras.unsupported.store",
                format!("This .keras file keeps its weights in {name}; Insitu reads {WEIGHTS_ENTRY}."),
            ),
            None => Error::invalid(
                "keras.invalid",
                format!("This ZIP archive is not a .keras file, or it is broken: it has no {WEIGHTS_ENTRY}."),
            ),
        });
    };
    let config = json(CONFIG_ENTRY)?;
    let metadata = json(METADATA_ENTRY)?;
    let version = metadata.as_ref().and_then(|m| m.get("keras_version")).and_then(Value::as_str);
    Ok(KerasFile {
        layers: modern::read(&File::open(&weights)?, config.as_ref())?,
        generation: Generation::Three,
        keras_version: version.map(String::from),
        backend: None,
        config,
    })
}

fn parse_config(text: &[u8]) -> Result<Value> {
    serde_json::from_slice(text).map_err(|e| {
        Error::invalid("keras.config", "The configuration in this Keras file cannot be read.").with_source(e)
    })
}
