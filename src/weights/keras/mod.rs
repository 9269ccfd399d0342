//! The network in a weight file of Keras: layers in PyTorch's layout, and whether it does what the configuration says.

mod folder;
mod settings;
mod stardist;
mod steps;

use super::flow::{self, StepKind};
use super::foreign::keras::layout::{is_transposed, kernel_layout, to_pytorch};
use super::foreign::keras::{KerasFile, KerasLayer};
use super::named::NamedTensor;
use super::plan::{Layer, Plan, places_by_order, preset_of};
use super::recognise::Recognised;
use super::sequence::{Hints, Kind, LayerWeights, recognise_layers};
use crate::error::{Error, Result};

use self::steps::Steps;

const TITLE: &str = "Keras U-Net";

/// Whether bytes look like a file of Keras, or like a ZIP of the folder of a StarDist model.
pub(super) fn recognises(bytes: &[u8]) -> bool {
    KerasFile::recognises(bytes) || folder::recognises(bytes)
}

/// Finds the network of a Keras file. Where the file has a configuration, the network must do exactly what that says; where it
/// has weights alone, that it is the usual one is assumed.
///
/// # Errors
/// Those of [`KerasFile::from_bytes`], `zip.*` and `keras.config`; `model.unsupported.layer` for a layer with weights that no U-Net here has;
/// `model.unsupported.network` if no network has these layers, or does between them what the configuration says.
pub(super) fn recognise_keras(bytes: &[u8]) -> Result<Recognised> {
    if folder::recognises(bytes) {
        return folder::recognise(bytes);
    }
    let file = KerasFile::from_bytes(bytes)?;
    if stardist::recognises(&file) {
        return stardist::network(&file);
    }
    let layers = file.layers.iter().map(|l| layer(&file, l)).collect::<Result<Vec<_>>>()?;
    let Some(Steps { steps, ops, normalisation }) = steps::steps(&file) else {
        // Without a configuration the order of the layers is certain within their kinds only.
        let hints = Hints { by_kind: file.config.is_none(), ..Hints::default() };
        return Ok(Recognised { title: TITLE, ..recognise_layers(&layers, hints)? });
    };
    if let Some(what) = flow::unusual(&steps) {
        return Err(unsupported(&format!("it has {what} between its layers")));
    }
    let strange = steps.iter().find_map(|s| match &s.what {
        StepKind::Other(what) => Some(what.clone()),
        _ => None,
    });
    let mut planned = Vec::with_capacity(layers.len());
    for (layer, op) in layers.iter().zip(ops) {
        let name = layer.name.clone();
        let op = op.ok_or_else(|| match &strange {
            Some(what) => unsupported(&format!("it has {what}")),
            None => unsupported(&format!("its configuration does not have the layer {name}")),
        })?;
        planned.push(Layer { name, weight: String::new(), op });
    }
    let plan = Plan { layers: planned, steps };
    let hints = plan.hints();
    let found = recognise_layers(&layers, hints)?;
    let network = plan
        .network(&found.network, hints, &places_by_order(&found.network))
        .map_err(|what| unsupported(what.as_deref().unwrap_or("nothing does what its configuration says")))?;
    Ok(Recognised { preset: preset_of(&network), network, title: TITLE, normalisation, ..found })
}

/// A layer with PyTorch's names and layout.
fn layer(file: &KerasFile, layer: &KerasLayer) -> Result<LayerWeights> {
    let renamed = |names: &[(&str, &str)]| -> Vec<NamedTensor> {
        let tensor = |(theirs, ours): &(&str, &str)| {
            layer.weight(theirs).map(|t| NamedTensor { name: ours.to_string(), ..t.clone() })
        };
        names.iter().filter_map(tensor).collect()
    };
    if layer.weight("moving_mean").is_some() {
        let names = [
            ("gamma", "weight"),
            ("beta", "bias"),
            ("moving_mean", "running_mean"),
            ("moving_variance", "running_var"),
        ];
        return Ok(LayerWeights {
            name: layer.name.clone(),
            kind: Kind::BatchNorm,
            tensors: renamed(&names),
        });
    }
    let Some(kernel) = layer.weight("kernel").filter(|k| k.shape.len() == 4) else {
        let class = layer.class.as_deref().unwrap_or("of an unknown kind");
        return Err(Error::unsupported(
            "model.unsupported.layer",
            format!("The layer {} ({class}) belongs to no U-Net that Insitu knows.", layer.name),
        ));
    };
    let transposed = is_transposed(layer).unwrap_or(false);
    let mut weight = to_pytorch(kernel, kernel_layout(file, layer, transposed), transposed)?;
    weight.name = "weight".into();
    let mut tensors = vec![weight];
    tensors.extend(renamed(&[("bias", "bias")]));
    let kind = if transposed { Kind::TransposedConvolution } else { Kind::Convolution };
    Ok(LayerWeights { name: layer.name.clone(), kind, tensors })
}

fn unsupported(what: &str) -> Error {
    Error::unsupported(
        "model.unsupported.network",
        format!("The network in this Keras file is none that Insitu knows: {what}."),
    )
}
