//! The network in a weight file of Keras: layers in PyTorch's layout, and what the configuration tells about them.

use serde_json::Value;

use super::foreign::keras::layout::{is_transposed, kernel_layout, to_pytorch};
use super::foreign::keras::{KerasFile, KerasLayer};
use super::named::NamedTensor;
use super::recognise::Recognised;
use super::sequence::{Hints, Kind, LayerWeights, recognise_layers};
use crate::error::{Error, Result};
use crate::net::Padding;

/// Finds the network of a Keras file.
///
/// # Errors
/// Those of [`KerasFile::from_bytes`]; `model.unsupported.layer` for a layer with weights that no U-Net here has;
/// `model.unsupported.network` if no network has these layers.
pub(super) fn recognise_keras(bytes: &[u8]) -> Result<Recognised> {
    let file = KerasFile::from_bytes(bytes)?;
    let layers = file.layers.iter().map(|l| layer(&file, l)).collect::<Result<Vec<_>>>()?;
    let mut found = recognise_layers(&layers, hints(&file))?;
    found.title = "Keras U-Net";
    Ok(found)
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

/// What the configuration tells, if there is one.
fn hints(file: &KerasFile) -> Hints {
    let Some(layers) =
        file.config.as_ref().and_then(|c| c.pointer("/config/layers")).and_then(Value::as_array)
    else {
        // Without one, the order of the layers is certain within their kinds only.
        return Hints { by_kind: file.config.is_none(), ..Hints::default() };
    };
    let of = |layer: &Value, key: &str| layer.get("config").and_then(|c| c.get(key)).cloned();
    let class = |layer: &Value| layer.get("class_name").and_then(Value::as_str).unwrap_or("").to_string();
    let name = |layer: &Value| {
        let name = of(layer, "name").or_else(|| layer.get("name").cloned());
        name.as_ref().and_then(Value::as_str).map(str::to_string)
    };
    let names: Vec<Option<String>> = layers.iter().map(name).collect();
    let place = |text: &str| names.iter().position(|n| n.as_deref() == Some(text));
    let joined = layers.iter().find(|l| matches!(class(l).as_str(), "Concatenate" | "Merge"));
    let skip_first = joined.and_then(|layer| {
        let mut inputs = Vec::new();
        words(layer.get("inbound_nodes")?, &mut |word| inputs.extend(place(word)));
        // What comes up was computed later than the skip connection.
        match inputs.as_slice() {
            [first, second, ..] => Some(first < second),
            _ => None,
        }
    });
    let padding = layers.iter().find_map(|l| {
        let kernel = of(l, "kernel_size").or_else(|| of(l, "nb_row"))?;
        let three = kernel == 3 || kernel.get(0).is_some_and(|k| *k == 3);
        match of(l, "padding").or_else(|| of(l, "border_mode"))?.as_str()? {
            "same" if three => Some(Padding::Same),
            "valid" if three => Some(Padding::Valid),
            _ => None,
        }
    });
    let epsilon =
        layers.iter().filter(|l| class(l) == "BatchNormalization").find_map(|l| of(l, "epsilon")?.as_f64());
    Hints { skip_first, padding, epsilon, by_kind: false }
}

/// Every string in a value, in order.
fn words(value: &Value, told: &mut impl FnMut(&str)) {
    match value {
        Value::String(word) => told(word),
        Value::Array(values) => values.iter().for_each(|v| words(v, told)),
        Value::Object(values) => values.values().for_each(|v| words(v, told)),
        _ => {}
    }
}
