//! The layout of Keras 3: a group `vars` for each object, at the path of its attributes: `layers/conv2d_1/vars/0`.
//!
//! Source: `_save_state` and `_save_container_state` in `keras/src/saving/saving_lib.py` of Keras 3.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::config::{LayerConfig, MAX_DEPTH, class_of_path, class_of_today, snake_case};
use super::file::KerasLayer;
use super::names::{name_by_order, natural_order};
use crate::error::{Error, Result};
use crate::sorting::sort_by;
use crate::weights::NamedTensor;
use crate::weights::foreign::hdf5::{File, Object};

/// The lists of a model's layers: today's, and that of tf.keras 2.12 and 2.13.
const CONTAINERS: [&str; 2] = ["layers", "_layer_checkpoint_dependencies"];

/// State that is not weights: what the optimizer remembers, and the random numbers of dropout.
const NOT_WEIGHTS: [&str; 3] = ["optimizer", "seed_generator", "_random_generator"];

/// Reads all layers; `config` is that of the archive.
pub(super) fn read(file: &File<'_>, config: Option<&Value>) -> Result<Vec<KerasLayer>> {
    let mut walk = Walk { file, seen: HashSet::new(), layers: vec![], any: false };
    walk.visit(
        &file.root()?,
        Place { name: String::new(), part: "", depth: MAX_DEPTH },
        config.and_then(LayerConfig::new),
    )?;
    if walk.any {
        Ok(walk.layers)
    } else {
        Err(Error::invalid(
            "keras.invalid",
            "This HDF5 file holds no weights of Keras: it has neither a list of layers nor a group of variables.",
        ))
    }
}

struct Walk<'f, 'a> {
    file: &'f File<'a>,
    /// Addresses of groups that were visited: a group that contains itself is not entered again.
    seen: HashSet<u64>,
    layers: Vec<KerasLayer>,
    any: bool,
}

/// Where the walk is.
struct Place<'p> {
    /// Names of the layers around it and its own, with slashes.
    name: String,
    /// The last part of its path.
    part: &'p str,
    /// Levels that may still follow.
    depth: usize,
}

impl<'a> Walk<'_, 'a> {
    fn visit(&mut self, group: &Object<'a>, place: Place<'_>, config: Option<LayerConfig<'_>>) -> Result<()> {
        if group.is_dataset() {
            return Ok(());
        }
        let Some(depth) = place.depth.checked_sub(1) else {
            return Err(Error::limit(
                "keras.limit.depth",
                format!(
                    "The layers of this Keras file are nested more than {MAX_DEPTH} deep; it is not read."
                ),
            ));
        };
        let mut members = self.file.links(group)?;
        if let Some(vars) = members.remove("vars") {
            self.any = true;
            let vars = self.file.object(vars)?;
            self.own(&vars, &place, config)?;
        }
        for container in CONTAINERS {
            if let Some(list) = members.remove(container) {
                if !self.seen.insert(list) {
                    continue;
                }
                let list = self.file.object(list)?;
                if list.is_dataset() {
                    continue;
                }
                self.list(self.file.links(&list)?, &place.name, depth, config)?;
            }
        }
        for (part, address) in sorted(members) {
            let inner = if part == "layer" { config.and_then(LayerConfig::wrapped) } else { None };
            self.enter(address, Place { name: join(&place.name, &part), part: &part, depth }, inner)?;
        }
        Ok(())
    }

    /// The layers of a model: in its order as far as the configuration knows them, then in natural order.
    fn list(
        &mut self,
        mut members: BTreeMap<String, u64>,
        outer: &str,
        depth: usize,
        config: Option<LayerConfig<'_>>,
    ) -> Result<()> {
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        for layer in config.and_then(LayerConfig::layers).into_iter().flatten() {
            let base = snake_case(layer.class.rsplit('>').next().unwrap_or(layer.class));
            let count = used.entry(base.clone()).or_default();
            let part = if *count == 0 { base } else { format!("{base}_{count}") };
            *count += 1;
            if let Some(address) = members.remove(&part) {
                let name = if layer.name.is_empty() { &part } else { layer.name };
                self.enter(address, Place { name: join(outer, name), part: &part, depth }, Some(layer))?;
            }
        }
        for (part, address) in sorted(members) {
            self.enter(address, Place { name: join(outer, &part), part: &part, depth }, None)?;
        }
        Ok(())
    }

    fn enter(&mut self, address: u64, place: Place<'_>, config: Option<LayerConfig<'_>>) -> Result<()> {
        if NOT_WEIGHTS.contains(&place.part) || !self.seen.insert(address) {
            return Ok(());
        }
        let object = self.file.object(address)?;
        self.visit(&object, place, config)
    }

    /// The variables of one layer.
    fn own(&mut self, vars: &Object<'a>, place: &Place<'_>, config: Option<LayerConfig<'_>>) -> Result<()> {
        if vars.is_dataset() {
            return Ok(());
        }
        let mut weights = Vec::new();
        for (name, address) in sorted(self.file.links(vars)?) {
            let dataset = self.file.object(address)?;
            if !dataset.is_dataset() {
                continue;
            }
            let bfloat16 = self.file.string(&dataset, "dtype")?.as_deref() == Some("bfloat16");
            let (shape, values) = self.file.numbers(&dataset, bfloat16)?;
            weights.push(NamedTensor { name, shape, values });
        }
        if weights.is_empty() {
            return Ok(());
        }
        let class = config.map(|c| class_of_today(c.class)).or_else(|| class_of_path(place.part));
        // Some layers name their variables themselves; then nothing is left to do.
        if weights.iter().enumerate().all(|(i, w)| w.name == i.to_string()) {
            name_by_order(class, config, &mut weights);
        }
        // Variables of the model itself have no layer's name.
        let name = if place.name.is_empty() { "vars".to_string() } else { place.name.clone() };
        self.layers.push(KerasLayer { name, class: class.map(String::from), weights });
        Ok(())
    }
}

fn sorted(members: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut all: Vec<_> = members.into_iter().collect();
    sort_by(&mut all, |a, b| natural_order(&a.0, &b.0));
    all
}

fn join(outer: &str, name: &str) -> String {
    if outer.is_empty() { name.to_string() } else { format!("{outer}/{name}") }
}
