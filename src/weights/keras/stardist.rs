//! StarDist's 2-D network (Schmidt 2018, arXiv:1806.03535): a U-Net of csbdeep, whose layers have names of their own, with two heads.
//!
//! Sources of the names: `_build_unet` in `stardist/models/model2d.py` and `unet_block` in `csbdeep/internals/blocks.py`.

use super::layer;
use crate::error::{Error, Result};
use crate::net::{Graph, Head, Norm, Preset, Stages, UNetConfig, Upsampling};
use crate::scan::Normalisation;
use crate::weights::fit::fit;
use crate::weights::foreign::keras::{KerasFile, KerasLayer};
use crate::weights::named::NamedTensor;
use crate::weights::recognise::{Recognised, Told};
use crate::weights::sequence::{Kind, LayerWeights};
use crate::weights::stars::StarShapes;

const TITLE: &str = "StarDist";
/// The two heads: a probability, and a distance along each ray.
const HEADS: [&str; 2] = ["prob", "dist"];
/// Of a network that tells classes of objects, too.
const CLASSES: &str = "prob_class";
/// What Keras adds to the variance unless it is told otherwise, and csbdeep does not tell.
const EPSILON: f64 = 1e-3;
/// Percentiles that become 0 and 1 in StarDist's own examples and its `normalize`.
const PERCENTILES: Normalisation = Normalisation::Percentile { low: 1.0, high: 99.8 };
/// What is said where no thresholds are told; the last note.
const DEFAULTS: &str = "It has no thresholds beside it: those that StarDist starts with are taken, 0.5 for the probability and 0.4 for the \
                        overlap of objects.";
/// Levels and convolutions of a level that names are looked for.
const MOST: usize = 16;

/// Whether a file has the heads of this network.
pub(super) fn recognises(file: &KerasFile) -> bool {
    HEADS.iter().all(|name| has(file, name))
}

fn has(file: &KerasFile, name: &str) -> bool {
    file.layers.iter().any(|l| own_name(l) == name)
}

fn own_name(layer: &KerasLayer) -> &str {
    layer.name.rsplit('/').next().unwrap_or_default()
}

/// The network of a file that [`recognises`] accepts.
///
/// # Errors
/// `model.unsupported.network` with what it is, if it is for volumes, for classes, or not built as StarDist does it;
/// `model.tensors`.
pub(super) fn network(file: &KerasFile) -> Result<Recognised> {
    let is_volume = |l: &KerasLayer| l.weight("kernel").is_some_and(|k| k.shape.len() == 5);
    if file.layers.iter().any(is_volume) {
        return Err(unsupported("it is for volumes (StarDist 3D), and Insitu computes 2-D networks"));
    }
    if has(file, CLASSES) {
        return Err(unsupported(
            "it tells classes of objects (n_classes), and Insitu makes objects of one class of such a network",
        ));
    }
    if file.config.is_some() {
        return Err(unsupported(
            "the file holds a whole Keras model. Insitu reads StarDist's own weights_best.h5, alone or in a ZIP of the model's folder",
        ));
    }
    let layers = file.layers.iter().map(|l| layer(file, l)).collect::<Result<Vec<_>>>()?;
    Layers::of(&layers)?.network()
}

/// The layers by the part that they play, each part in the order of computation.
struct Layers<'a> {
    /// Convolutions before the U-Net, which are followed by pooling.
    before: Vec<&'a LayerWeights>,
    /// From full resolution to the bottom, and from there up.
    down: Vec<Vec<&'a LayerWeights>>,
    up: Vec<Vec<&'a LayerWeights>>,
    features: Option<&'a LayerWeights>,
    heads: [&'a LayerWeights; 2],
    norms: Vec<&'a LayerWeights>,
}

impl<'a> Layers<'a> {
    fn of(layers: &'a [LayerWeights]) -> Result<Self> {
        let last = |l: &'a LayerWeights| l.name.rsplit('/').next().unwrap_or_default();
        let find = |name: String| layers.iter().find(|l| l.kind == Kind::Convolution && last(l) == name);
        // The last convolution of a block that is enlarged next counts one number more.
        let block = |name: &dyn Fn(usize) -> String| -> Vec<&'a LayerWeights> {
            (0..MOST).filter_map(|i| find(name(i))).collect()
        };
        let down = (0..MOST).map(|n| block(&|i| format!("down_level_{n}_no_{i}")));
        let mut down: Vec<_> = down.take_while(|block| !block.is_empty()).collect();
        let up = (0..down.len()).rev().map(|n| block(&|i| format!("up_level_{n}_no_{i}"))).collect();
        down.push(block(&|i| format!("middle_{i}")));
        let before = layers.iter().filter(|l| {
            l.kind == Kind::Convolution && (last(l) == "conv2d" || last(l).starts_with("conv2d_"))
        });
        let [Some(probability), Some(distance)] = HEADS.map(|name| find(name.into())) else {
            return Err(unsupported("its heads are no convolutions"));
        };
        let found = Self {
            before: before.collect(),
            down,
            up,
            features: find("features".into()),
            heads: [probability, distance],
            norms: layers.iter().filter(|l| l.kind == Kind::BatchNorm).collect(),
        };
        let known = found.convolutions().len() + usize::from(found.features.is_some()) + 2;
        match known + found.norms.len() == layers.len() {
            true => Ok(found),
            false => Err(unsupported("it has layers that are not StarDist's U-Net")),
        }
    }

    /// Convolutions of the U-Net and before it.
    fn convolutions(&self) -> Vec<&'a LayerWeights> {
        let blocks = self.down.iter().chain(&self.up).flatten();
        self.before.iter().chain(blocks).copied().collect()
    }

    fn network(self) -> Result<Recognised> {
        let channels = |layer: &LayerWeights| shape(layer).first().copied().unwrap_or(0);
        let block = |layers: &[&LayerWeights]| layers.iter().map(|l| channels(l)).collect::<Vec<_>>();
        let each = self.down.first().map_or(0, Vec::len).max(1);
        if !self.before.len().is_multiple_of(each) {
            return Err(unsupported("the convolutions before its U-Net are not as many as those of a level"));
        }
        let coarse = self.before.len() / each;
        let down: Vec<Vec<usize>> =
            self.before.chunks(each).map(&block).chain(self.down.iter().map(|l| block(l))).collect();
        let first = self.convolutions().first().map_or(&[][..], |l| shape(l)).to_vec();
        let (&[width, input_channels, ..], rays) = (&first[..], channels(self.heads[1])) else {
            return Err(unsupported("it has no U-Net"));
        };
        if shape(self.heads[0]).get(1..) != shape(self.heads[1]).get(1..) {
            return Err(unsupported("its heads do not read the same pixels of the same maps"));
        }
        if !matches!(input_channels, 1 | 3) {
            return Err(unsupported(&format!(
                "it takes images of {input_channels} channels, and Insitu gives a network 1 (grey) or 3 (colour)"
            )));
        }
        if !(StarShapes::MIN_RAYS..255).contains(&rays) {
            return Err(unsupported(&format!("it has {rays} rays; 3 to 254 work")));
        }
        let network = UNetConfig {
            levels: down.len(),
            width,
            norm: if self.norms.is_empty() { Norm::None } else { Norm::Batch },
            norm_epsilon: EPSILON,
            upsampling: Upsampling::Nearest,
            up_activation: false,
            head: self.features.map_or(Head::Pixelwise, |layer| Head::Features(channels(layer))),
            stages: Some(Stages {
                down,
                up: self.up.iter().map(|l| block(l)).collect(),
                bare: coarse,
                coarse,
                ..Stages::default()
            }),
            ..Preset::Small.config(input_channels, 1 + rays)
        };
        network
            .validate()
            .map_err(|e| unsupported("its levels cannot be built").with_source(e.to_string()))?;
        let graph = Graph::of(&network);
        let tensors = fit(&graph.tensors(), self.tensors(&graph), str::to_string)?;
        let told = Told {
            stars: Some(StarShapes { overlap: StarShapes::OVERLAP }),
            threshold: Some(StarShapes::THRESHOLD),
            notes: vec![
                format!(
                    "Objects are polygons of {rays} rays on a grid of {} pixels. Percentiles 1 and 99.8 of the image become 0 and 1, as is \
                 usual for StarDist; the file does not tell it.",
                    1 << coarse
                ),
                DEFAULTS.into(),
            ],
            ..Told::default()
        };
        Ok(Recognised { normalisation: Some(PERCENTILES), told, ..Recognised::new(network, TITLE, tensors) })
    }

    /// All weights under our names. Normalisations stand in the file behind the convolutions that they follow, so that their order is
    /// that of these.
    fn tensors(&self, graph: &Graph) -> Vec<NamedTensor> {
        let under = |layer: &LayerWeights, name: &str| -> Vec<NamedTensor> {
            let renamed = |t: &NamedTensor| NamedTensor { name: format!("{name}.{}", t.name), ..t.clone() };
            layer.tensors.iter().map(renamed).collect()
        };
        let named = |wanted: &dyn Fn(&&crate::net::Node) -> bool| -> Vec<String> {
            graph.nodes.iter().filter(wanted).map(|n| n.name.clone()).collect()
        };
        let plain = named(&|n| n.op.is_convolution() && !n.name.starts_with("head"));
        let norms = named(&|n| n.op.is_norm());
        let of = |layers: &[&LayerWeights], names: &[String]| -> Vec<NamedTensor> {
            let extra = (names.len()..layers.len()).map(|i| layers[i].name.clone());
            let names: Vec<String> = names.iter().cloned().chain(extra).collect();
            layers.iter().zip(&names).flat_map(|(l, name)| under(l, name)).collect()
        };
        let mut all = of(&self.convolutions(), &plain);
        all.extend(of(&self.norms, &norms));
        all.extend(self.features.map(|l| under(l, "head.hidden")).unwrap_or_default());
        // One convolution with the outputs of both.
        for part in ["weight", "bias"] {
            let both = self.heads.map(|l| l.tensors.iter().find(|t| t.name == part));
            if let [Some(first), Some(second)] = both {
                let mut shape = first.shape.clone();
                let outputs =
                    shape.first().copied().unwrap_or(0) + second.shape.first().copied().unwrap_or(0);
                if let Some(n) = shape.first_mut() {
                    *n = outputs;
                }
                let values = first.values.iter().chain(&second.values).copied().collect();
                all.push(NamedTensor { name: format!("head.{part}"), shape, values });
            }
        }
        all
    }
}

fn shape(layer: &LayerWeights) -> &[usize] {
    layer.tensors.iter().find(|t| t.name == "weight").map_or(&[], |t| &t.shape)
}

/// The sentence about a network of StarDist that is not computed.
pub(super) fn unsupported(what: &str) -> Error {
    Error::unsupported("model.unsupported.network", format!("These weights are of StarDist, but {what}."))
}
