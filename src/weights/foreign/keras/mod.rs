//! Weight files of Keras 1, 2 and 3 (and of tf.keras): `.h5`, `.weights.h5` and `.keras`.

mod config;
mod file;
pub mod layout;
mod legacy;
mod modern;
mod names;

use serde_json::Value;

pub(in crate::weights) use self::config::class_of_today;
pub use self::file::{Generation, KerasFile, KerasLayer};

use self::config::parse_config;
use super::hdf5::{File, SIGNATURE};
use super::zip::Archive;
use crate::error::{Error, Result};

/// The entry of a `.keras` archive that holds the weights.
const WEIGHTS_ENTRY: &str = "model.weights.h5";
const CONFIG_ENTRY: &str = "config.json";
const METADATA_ENTRY: &str = "metadata.json";

/// Bytes of a configuration; those of large networks have a megabyte.
const MAX_CONFIG: u64 = 64 << 20;
/// Bytes of the weights in an archive: what a browser tab can hold twice.
const MAX_WEIGHTS: u64 = 1 << 30;

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
    let json = |name: &str| match archive.get(name, MAX_CONFIG)? {
        Some(text) => parse_config(&text).map(Some),
        None => Ok(None),
    };
    let Some(weights) = archive.get(WEIGHTS_ENTRY, MAX_WEIGHTS)? else {
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
