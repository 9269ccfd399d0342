//! The tensors of a file by name, and a network whose modules have other names in it.

use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::net::{Graph, Norm, UNetConfig};
use crate::weights::fit::fit;
use crate::weights::named::NamedTensor;
use crate::weights::recognise::Recognised;

/// Shapes of the tensors of a file by their names.
pub(super) struct Modules<'a>(HashMap<&'a str, &'a [usize]>);

impl<'a> Modules<'a> {
    pub fn of(tensors: &'a [NamedTensor]) -> Self {
        Self(tensors.iter().map(|t| (t.name.as_str(), t.shape.as_slice())).collect())
    }

    /// The names of all tensors.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.0.keys().copied()
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The shape of a tensor.
    pub fn shape(&self, name: &str) -> Option<&'a [usize]> {
        self.0.get(name).copied()
    }

    /// The weight of the module `path`: rows or channels first, as PyTorch has it; nothing unless it has four dimensions.
    pub fn kernel(&self, path: &str) -> Option<[usize; 4]> {
        self.shape(&format!("{path}.weight"))?.try_into().ok()
    }

    /// Output channels of the 3x3 convolution `path`.
    pub fn convolution(&self, path: &str) -> Option<usize> {
        match self.kernel(path)? {
            [channels, _, 3, 3] => Some(channels),
            _ => None,
        }
    }

    /// Output channels of the 2x2 transposed convolution `path`.
    pub fn enlarging(&self, path: &str) -> Option<usize> {
        match self.kernel(path)? {
            [_, channels, 2, 2] => Some(channels),
            _ => None,
        }
    }

    /// Whether a convolution runs through volumes.
    pub fn is_volume(&self) -> bool {
        self.0.values().any(|shape| shape.len() == 5)
    }

    /// The normalisation whose tensors are those of the module `path`: batch normalisation has running statistics, and without any
    /// tensors it is the instance normalisation that has none.
    pub fn norm(&self, path: &str) -> Norm {
        if self.has(&format!("{path}.running_mean")) {
            Norm::Batch
        } else {
            Norm::Instance { affine: self.has(&format!("{path}.weight")) }
        }
    }
}

/// A network as a configuration, and the names of its modules in the file.
pub(super) struct Network {
    pub config: UNetConfig,
    /// What people call it.
    pub title: &'static str,
    /// Our names of modules, such as `down.0.c1`, to those in the file.
    pub paths: HashMap<String, String>,
}

impl Network {
    /// Its tensors under our names. A bias that a convolution does not have is 0.
    ///
    /// # Errors
    /// `net.config`; `model.tensors` with the names that are missing or left over.
    pub fn fitted(self, mut tensors: Vec<NamedTensor>) -> Result<Recognised> {
        self.config.validate()?;
        let channels = self.config.input_channels;
        if !matches!(channels, 1 | 3) {
            return Err(Error::unsupported(
                "model.unsupported.network",
                format!(
                    "This network ({}) takes images of {channels} channels. Insitu gives a network 1 channel (grey) or 3 (colour).",
                    self.title
                ),
            ));
        }
        let graph = Graph::of(&self.config);
        let theirs = |ours: &str| {
            let (module, part) = ours.rsplit_once('.').unwrap_or((ours, ""));
            match self.paths.get(module) {
                Some(path) => format!("{path}.{part}"),
                None => ours.to_string(),
            }
        };
        let has: HashMap<String, ()> = tensors.iter().map(|t| (t.name.clone(), ())).collect();
        for node in graph.nodes.iter().filter(|node| node.op.is_convolution()) {
            let name = theirs(&format!("{}.bias", node.name));
            if !has.contains_key(&name) {
                tensors.push(NamedTensor {
                    name,
                    shape: vec![node.channels],
                    values: vec![0.0; node.channels],
                });
            }
        }
        let tensors = fit(&graph.tensors(), tensors, theirs)?;
        Ok(Recognised::new(self.config, self.title, tensors))
    }
}
