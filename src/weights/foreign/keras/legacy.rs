//! The layout of Keras 1 and 2: one group a layer, the order in attributes.
//!
//! Source: `keras/engine/saving.py` of Keras 2.3 and `keras/src/legacy/saving/legacy_h5_format.py` of Keras 3.

use super::config::{LayerConfig, class_of_today, parse_config};
use super::file::{Generation, KerasFile, KerasLayer};
use super::names::{name_by_order, short_name};
use crate::error::{Error, Result};
use crate::sorting::sort_by_cached_key;
use crate::weights::NamedTensor;
use crate::weights::foreign::hdf5::{File, Object};

/// Reads it, if the file has that layout.
pub(super) fn read(file: &File<'_>) -> Result<Option<KerasFile>> {
    let root = file.root()?;
    let mut names = list(file, &root, "layer_names")?;
    let model = match names {
        Some(_) => None,
        None => file.find(&root, "model_weights")?,
    };
    let group = model.as_ref().unwrap_or(&root);
    if model.is_some() {
        names = list(file, group, "layer_names")?;
    }
    let Some(names) = names else {
        if file.has_attribute(&root, "nb_layers")? {
            return Err(Error::unsupported(
                "keras.unsupported.old",
                "This weight file was written by Keras 0.2 or earlier, which Insitu does not read; load and save it \
                 with Keras 1.",
            ));
        }
        return Ok(None);
    };
    let text = |name: &str| match file.string(group, name)? {
        Some(text) => Ok(Some(text)),
        None => file.string(&root, name),
    };
    let keras_version = text("keras_version")?;
    let backend = text("backend")?;
    let config = file.string(&root, "model_config")?.map(|t| parse_config(t.as_bytes())).transpose()?;
    let model = config.as_ref().and_then(LayerConfig::new);

    let mut members = file.links(group)?;
    let mut layers = Vec::new();
    let mut old = false;
    for name in names {
        // Taken out, so that a list cannot name one layer over and over.
        let address = members.remove(&name).ok_or_else(|| {
            Error::invalid(
                "keras.invalid",
                format!("This weight file is broken: the layer {name} is listed and not there."),
            )
        })?;
        old |= read_layer(file, &file.object(address)?, &name, model, &mut layers)?;
    }
    let generation = match keras_version.as_deref() {
        Some(version) if version.starts_with("1.") || version.starts_with("0.") => Generation::One,
        Some(_) => Generation::Two,
        // Weight files of Keras 1 say nothing, but their names do.
        None if old => Generation::One,
        None => Generation::Two,
    };
    Ok(Some(KerasFile { layers, generation, keras_version, backend, config }))
}

/// Adds the layer of one group, or the layers of a model within the model; tells whether the names are Keras 1's.
fn read_layer<'a>(
    file: &File<'a>,
    group: &Object<'a>,
    name: &str,
    model: Option<LayerConfig<'_>>,
    out: &mut Vec<KerasLayer>,
) -> Result<bool> {
    let mut old = false;
    // By the path in front of the weight's own name: a model within the model has one path for each of its layers.
    let mut parts: Vec<(String, Vec<NamedTensor>)> = Vec::new();
    for stored in list(file, group, "weight_names")?.unwrap_or_default() {
        let dataset = file.find(group, &stored)?.filter(Object::is_dataset).ok_or_else(|| {
            Error::invalid(
                "keras.invalid",
                format!("This weight file is broken: {stored} of the layer {name} is listed and not there."),
            )
        })?;
        let (shape, values) = file.numbers(&dataset, false)?;
        let (short, of_keras_1) = short_name(&stored);
        old |= of_keras_1;
        let parent = stored.trim_start_matches('/').rsplit_once('/').map_or("", |(parent, _)| parent);
        let tensor = NamedTensor { name: short, shape, values };
        match parts.iter_mut().find(|(p, _)| p == parent) {
            Some((_, weights)) => weights.push(tensor),
            None => parts.push((parent.to_string(), vec![tensor])),
        }
    }
    let config = model.and_then(|m| m.find(name));
    let is_model = config.is_some_and(|c| c.layers().is_some());
    let split = parts.len() > 1 || is_model;
    let mut found = Vec::new();
    for (parent, mut weights) in parts {
        let inner = parent.strip_prefix(name).and_then(|p| p.strip_prefix('/')).unwrap_or(&parent);
        let (name, config) = if split && !inner.is_empty() {
            let own = inner.rsplit('/').next().unwrap_or(inner);
            (format!("{name}/{inner}"), config.and_then(|c| c.find(own)))
        } else {
            (name.to_string(), config)
        };
        // A wrapper's weights are those of the layer in it.
        let config = config.map(|c| c.wrapped().unwrap_or(c));
        let class = config.map(|c| class_of_today(c.class).to_string());
        if weights.iter().all(|w| w.name.starts_with("param_")) {
            name_by_order(class.as_deref().or_else(|| guess(&weights)), config, &mut weights);
        }
        found.push(KerasLayer { name, class, weights });
    }
    // Keras lists what is trained before what is not, so a normalisation without scale and centre comes late.
    if let Some(order) = config.filter(|_| is_model).and_then(LayerConfig::layers) {
        let order: Vec<&str> = order.map(|l| l.name).collect();
        let place = |layer: &KerasLayer| {
            order.iter().position(|n| layer.name.split('/').any(|p| p == *n)).unwrap_or(order.len())
        };
        sort_by_cached_key(&mut found, place);
    }
    out.extend(found);
    Ok(old)
}

/// The class of weights that have numbers only, by their shapes.
fn guess(weights: &[NamedTensor]) -> Option<&'static str> {
    match weights {
        [kernel, ..] if kernel.shape.len() > 2 => Some("Conv2D"),
        [kernel, ..] if kernel.shape.len() == 2 => Some("Dense"),
        [_, _, _, _] => Some("BatchNormalization"),
        _ => None,
    }
}

/// A list of strings, which Keras cuts into numbered attributes where it is longer than HDF5 allows.
fn list(file: &File<'_>, object: &Object<'_>, name: &str) -> Result<Option<Vec<String>>> {
    if file.has_attribute(object, name)? {
        // An empty list is stored as no numbers.
        return Ok(Some(file.strings(object, name)?.unwrap_or_default()));
    }
    let mut all = None;
    for i in 0usize.. {
        match file.strings(object, &format!("{name}{i}"))? {
            Some(more) => all.get_or_insert_with(Vec::new).extend(more),
            None => break,
        }
    }
    Ok(all)
}
