//! The network in an ONNX file of another program.

use super::read::{Beside, OnnxFile, OnnxLayer, read_with};
use super::unfold::unfolded;
use crate::error::{Error, Result};
use crate::net::Graph;
use crate::weights::card::Card;
use crate::weights::conventions::Convention;
use crate::weights::fit::fit;
use crate::weights::flow;
use crate::weights::named::NamedTensor;
use crate::weights::plan::{Layer, Places, Plan, places_by_order, preset_of};
use crate::weights::recognise::{Recognised, recognise};
use crate::weights::sequence::{Hints, recognise_layers};

/// A file of ours, or a network that was found in a file of another program.
pub(in crate::weights) enum Found {
    Ours(Box<Card>, Vec<NamedTensor>),
    Theirs(Box<Recognised>),
}

/// Finds the network of an ONNX file: by its card; else by the names of its weights or by the order of its layers, and then the
/// graph must do between the layers what that network does.
///
/// # Errors
/// Those of [`read`]; `model.tensors` with the names that are missing, left over, and the first shape that differs;
/// `model.unsupported.network` if no network here has these layers or does what the graph does between them; `net.config`.
pub(in crate::weights) fn recognise_onnx(bytes: &[u8], beside: Beside<'_>) -> Result<Found> {
    let OnnxFile { card, layers, others, steps, .. } = read_with(bytes, beside)?;
    if let Some(card) = card {
        card.network.validate()?;
        let tensors = tensors(layers).into_iter().chain(others).collect();
        let tensors = fit(&Graph::of(&card.network).tensors(), tensors, str::to_string)?;
        return Ok(Found::Ours(Box::new(card), tensors));
    }
    if let Some(what) = flow::unusual(&steps) {
        return Err(unsupported(format!("it has the operation {what} between its layers")));
    }
    let (layers, steps) = unfolded(layers, steps);
    let plan = Plan { layers: layers.iter().map(planned).collect(), steps };
    let hints = plan.hints();
    // Names say more than the order, where a file still has them.
    let convention = Convention::of(|name| plan.layers.iter().any(|l| l.weight == name));
    let (found, places) = match convention {
        None => by_order(layers, hints)?,
        Some(convention) => match recognise(tensors(layers)) {
            Ok(found) => {
                let places = plan.by_name(&found.network, convention);
                (found, places)
            }
            // Exporters give names up where weights are equal. Read again, and not kept until here: weights may be large.
            Err(by_name) => {
                let OnnxFile { layers, steps, .. } = read_with(bytes, beside)?;
                by_order(unfolded(layers, steps).0, hints).map_err(|_| by_name)?
            }
        },
    };
    let network = plan
        .network(&found.network, hints, &places)
        .map_err(|what| unsupported(what.unwrap_or_else(|| "nothing does what its graph does".into())))?;
    let preset = preset_of(&network);
    Ok(Found::Theirs(Box::new(Recognised { network, preset, title: "ONNX U-Net", ..found })))
}

fn tensors(layers: Vec<OnnxLayer>) -> Vec<NamedTensor> {
    layers.into_iter().flat_map(|l| l.tensors).collect()
}

/// A layer without its values.
fn planned(layer: &OnnxLayer) -> Layer {
    let weight = layer.tensors.first().map(|t| t.name.clone()).unwrap_or_default();
    Layer { name: layer.name.clone(), weight, op: layer.op }
}

fn by_order(layers: Vec<OnnxLayer>, hints: Hints) -> Result<(Recognised, Places)> {
    let layers: Vec<_> = layers.into_iter().map(OnnxLayer::into_weights).collect();
    let found = recognise_layers(&layers, hints)?;
    let places = places_by_order(&found.network);
    Ok((found, places))
}

fn unsupported(what: String) -> Error {
    Error::unsupported(
        "model.unsupported.network",
        format!("The network in this ONNX file is none that Insitu knows: {what}."),
    )
}
