//! A ZIP of the folder in which StarDist keeps a model: `config.json`, `thresholds.json` and its weights.

use serde_json::{Value, json};

use super::stardist::{network, recognises as has_heads, unsupported};
use crate::error::{Error, Result};
use crate::weights::foreign::keras::KerasFile;
use crate::weights::foreign::zip::Archive;
use crate::weights::recognise::Recognised;
use crate::weights::stars::StarShapes;

const CONFIG: &str = "config.json";
const THRESHOLDS: &str = "thresholds.json";
/// Weights in the order in which StarDist would take them.
const WEIGHTS: [&str; 3] = ["weights_best.h5", "weights_last.h5", "weights_now.h5"];

/// Bytes of a text, and of weights: what a browser tab can hold twice.
const MAX_TEXT: u64 = 1 << 20;
const MAX_WEIGHTS: u64 = 1 << 30;

/// Whether bytes are such an archive, without reading more than a directory.
pub(super) fn recognises(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") && Archive::open(bytes).is_ok_and(|archive| !folders(&archive).is_empty())
}

/// Folders that have weights, each with the name of the entry.
fn folders(archive: &Archive<'_>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for weights in WEIGHTS {
        for entry in archive.names().filter(|n| !n.starts_with("__MACOSX/")) {
            let Some(folder) = entry.strip_suffix(weights) else { continue };
            let is_folder = folder.is_empty() || folder.ends_with('/');
            if is_folder && found.iter().all(|(known, _)| known != folder) {
                found.push((folder.to_string(), entry.to_string()));
            }
        }
    }
    found
}

/// The network of an archive that [`recognises`] accepts.
///
/// # Errors
/// `model.unsupported.network` of several models, of weights that are not StarDist's, and of a configuration that asks for something
/// else than is computed; `keras.config` of texts that cannot be read; those of [`KerasFile::from_bytes`], `zip.*`.
pub(super) fn recognise(bytes: &[u8]) -> Result<Recognised> {
    let archive = Archive::open(bytes)?;
    let folders = folders(&archive);
    let [(folder, entry)] = &folders[..] else {
        return Err(Error::unsupported(
            "model.unsupported.network",
            format!("This ZIP archive holds {} models of Keras; pack the folder of one.", folders.len()),
        ));
    };
    let text = |name: &str| -> Result<Option<Value>> {
        let broken = |e| {
            let told = format!("The file {name} in this ZIP archive cannot be read.");
            Error::invalid("keras.config", told).with_source(e)
        };
        match archive.get(&format!("{folder}{name}"), MAX_TEXT)? {
            Some(text) => serde_json::from_slice(&text).map(Some).map_err(broken),
            None => Ok(None),
        }
    };
    let weights = archive.get(entry, MAX_WEIGHTS)?.unwrap_or_default();
    let file = KerasFile::from_bytes(&weights)?;
    if !has_heads(&file) {
        return Err(Error::unsupported(
            "model.unsupported.network",
            format!(
                "{entry} in this ZIP archive is none of StarDist, of which such an archive is expected; open the file by itself."
            ),
        ));
    }
    let mut found = network(&file)?;
    if let Some(config) = text(CONFIG)? {
        check(&config, &found)?;
    }
    let thresholds = match text(THRESHOLDS)? {
        Some(given) => Some(read(&given)?),
        None => None,
    };
    if let Some([threshold, overlap]) = thresholds {
        found.told.threshold = Some(threshold);
        found.told.stars = Some(StarShapes { overlap });
        found.told.notes.truncate(1);
    }
    Ok(found)
}

/// Refuses a configuration with another network than the one that was found by its weights.
fn check(config: &Value, found: &Recognised) -> Result<()> {
    let (network, grid) = (&found.network, 1usize << found.network.coarse());
    let wanted = [
        ("n_dim", json!(2)),
        ("n_classes", Value::Null),
        ("backbone", json!("unet")),
        ("grid", json!([grid, grid])),
        ("n_rays", json!(network.outputs - 1)),
        ("n_channel_in", json!(network.input_channels)),
        ("unet_kernel_size", json!([3, 3])),
        ("unet_pool", json!([2, 2])),
        ("unet_activation", json!("relu")),
        ("unet_last_activation", json!("relu")),
    ];
    for (key, value) in wanted {
        if let Some(theirs) = config.get(key).filter(|theirs| **theirs != value) {
            return Err(unsupported(&format!(
                "its config.json has {theirs} for {key}, and a network of these weights is computed with {value}"
            )));
        }
    }
    Ok(())
}

/// Thresholds of probability and overlap.
fn read(thresholds: &Value) -> Result<[f32; 2]> {
    let of = |key: &str| {
        let value = thresholds.get(key).and_then(Value::as_f64).map(|v| v as f32);
        value.filter(|v| (0.0..=1.0).contains(v)).ok_or_else(|| {
            Error::invalid(
                "keras.config",
                format!("The thresholds.json in this ZIP archive has no {key} between 0 and 1."),
            )
        })
    };
    Ok([of("prob")?, of("nms")?])
}
