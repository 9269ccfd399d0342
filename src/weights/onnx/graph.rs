//! The graph of an ONNX file as it lies in the file: names and messages, nothing copied.

use std::collections::HashMap;

use super::message::{Fields, broken, field};
use crate::error::{Error, Result};

/// Nodes, and initialisers: far more than any network has, and few enough to keep.
const MAX_PARTS: usize = 1 << 16;
/// Names of inputs and outputs of all nodes together, and attributes of all nodes.
const MAX_NAMES: usize = 1 << 19;
/// Numbers in an attribute that is a list.
const MAX_NUMBERS: usize = 64;
/// How many nodes that change nothing stand between a weight and its layer.
const MAX_ALIASES: usize = 16;

/// One operation.
pub(super) struct RawNode<'a> {
    pub op: &'a str,
    pub name: &'a str,
    pub inputs: Vec<&'a str>,
    pub outputs: Vec<&'a str>,
    attributes: Vec<&'a [u8]>,
}

/// The parts of an attribute that are there.
#[derive(Default)]
pub(super) struct Attribute<'a> {
    pub float: Option<f32>,
    pub int: Option<i64>,
    pub text: Option<&'a str>,
    pub tensor: Option<&'a [u8]>,
    pub ints: Vec<i64>,
}

/// The operations of a network in the order of the file, which is that of computation.
pub(super) struct RawGraph<'a> {
    pub nodes: Vec<RawNode<'a>>,
    /// Tensor messages by name.
    initialisers: HashMap<&'a str, &'a [u8]>,
    /// Names of what the graph is given, initialisers not among them.
    pub inputs: Vec<&'a str>,
    /// Which node gives a value.
    producers: HashMap<&'a str, usize>,
}

fn limit(what: &str) -> Error {
    Error::limit("weights.onnx.limit", format!("This ONNX file has too many {what} to be a U-Net."))
}

impl<'a> RawGraph<'a> {
    /// Reads a `GraphProto`.
    pub fn of(message: &'a [u8]) -> Result<Self> {
        let mut graph = Self {
            nodes: Vec::new(),
            initialisers: HashMap::new(),
            inputs: Vec::new(),
            producers: HashMap::new(),
        };
        let mut names = 0;
        for entry in Fields::of(message) {
            let (number, value) = entry?;
            match number {
                field::graph::NODE => graph.nodes.push(RawNode::of(value.bytes()?, &mut names)?),
                field::graph::INITIALIZER => {
                    let tensor = value.bytes()?;
                    graph.initialisers.insert(first_text(tensor, field::tensor::NAME)?, tensor);
                }
                field::graph::INPUT => {
                    graph.inputs.push(first_text(value.bytes()?, field::value_info::NAME)?);
                }
                _ => {}
            }
            if graph.nodes.len().max(graph.initialisers.len()).max(graph.inputs.len()) > MAX_PARTS {
                return Err(limit("parts"));
            }
        }
        let known = &graph.initialisers;
        graph.inputs.retain(|name| !known.contains_key(name));
        let outputs =
            graph.nodes.iter().enumerate().flat_map(|(i, n)| n.outputs.iter().map(move |o| (*o, i)));
        graph.producers = outputs.collect();
        Ok(graph)
    }

    /// The messages of stored tensors, in no order.
    pub fn initialisers(&self) -> impl Iterator<Item = &'a [u8]> {
        self.initialisers.values().copied()
    }

    /// The node that gives a value.
    pub fn producer(&self, value: &str) -> Option<&RawNode<'a>> {
        self.nodes.get(*self.producers.get(value)?)
    }

    /// The message of the tensor that a value is, if it is a constant: an initialiser, or what a `Constant` holds. Exporters put nodes
    /// between that only give another name (`Identity`) or another precision (`Cast`).
    pub fn constant(&self, value: &str) -> Result<Option<&'a [u8]>> {
        let mut name = value;
        for _ in 0..MAX_ALIASES {
            if let Some(tensor) = self.initialisers.get(name) {
                return Ok(Some(tensor));
            }
            let Some(node) = self.producer(name) else { return Ok(None) };
            match (node.op, node.inputs.first()) {
                ("Constant", _) => return Ok(node.attribute("value")?.and_then(|a| a.tensor)),
                ("Identity" | "Cast", Some(input)) => name = input,
                _ => return Ok(None),
            }
        }
        Ok(None)
    }
}

impl<'a> RawNode<'a> {
    fn of(message: &'a [u8], names: &mut usize) -> Result<Self> {
        let mut node =
            Self { op: "", name: "", inputs: Vec::new(), outputs: Vec::new(), attributes: Vec::new() };
        for entry in Fields::of(message) {
            let (number, value) = entry?;
            match number {
                field::node::INPUT => node.inputs.push(value.text()?),
                field::node::OUTPUT => node.outputs.push(value.text()?),
                field::node::NAME => node.name = value.text()?,
                field::node::OP_TYPE => node.op = value.text()?,
                field::node::ATTRIBUTE => node.attributes.push(value.bytes()?),
                _ => continue,
            }
            *names += 1;
            if *names > MAX_NAMES {
                return Err(limit("names"));
            }
        }
        Ok(node)
    }

    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Result<Option<Attribute<'a>>> {
        for message in &self.attributes {
            if first_text(message, field::attribute::NAME)? == name {
                return Attribute::of(message).map(Some);
            }
        }
        Ok(None)
    }

    /// A whole number, or the one that is meant where the file has none.
    pub fn int(&self, name: &str, default: i64) -> Result<i64> {
        Ok(self.attribute(name)?.and_then(|a| a.int).unwrap_or(default))
    }

    /// A list of `N` sizes, or what is meant where the file has none.
    pub fn sizes<const N: usize>(&self, name: &str, default: [usize; N]) -> Result<[usize; N]> {
        let Some(attribute) = self.attribute(name)? else { return Ok(default) };
        let sizes = attribute.ints.iter().map(|n| usize::try_from(*n)).collect::<Result<Vec<_>, _>>();
        sizes.ok().and_then(|s| s.try_into().ok()).ok_or_else(|| {
            Error::unsupported(
                "weights.onnx.unsupported.layer",
                format!(
                    "The layer {} has {name} of {:?}, which no U-Net here has.",
                    self.name, attribute.ints
                ),
            )
        })
    }
}

impl<'a> Attribute<'a> {
    fn of(message: &'a [u8]) -> Result<Self> {
        let mut attribute = Self::default();
        for entry in Fields::of(message) {
            let (number, value) = entry?;
            match number {
                field::attribute::F => attribute.float = Some(value.float()?),
                field::attribute::I => attribute.int = Some(value.number()? as i64),
                field::attribute::S => attribute.text = std::str::from_utf8(value.bytes()?).ok(),
                field::attribute::T => attribute.tensor = Some(value.bytes()?),
                field::attribute::INTS => {
                    for n in value.numbers() {
                        attribute.ints.push(n? as i64);
                        if attribute.ints.len() > MAX_NUMBERS {
                            return Err(broken("a list in it is too long"));
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(attribute)
    }
}

/// The first text field of that number; empty if there is none.
fn first_text(message: &[u8], number: u32) -> Result<&str> {
    for entry in Fields::of(message) {
        let (found, value) = entry?;
        if found == number {
            return value.text();
        }
    }
    Ok("")
}
