//! The graph of an ONNX file under construction: nodes at once, constants and weights behind them.

use super::message::{Message, field, kind};

/// An attribute of a node.
#[derive(Clone, Copy)]
pub(super) enum Attribute<'a> {
    Int(i64),
    Ints(&'a [i64]),
    Float(f32),
    Text(&'a str),
}

/// A small tensor that belongs to the graph and is not a weight.
struct Constant {
    name: String,
    kind: u64,
    dims: Vec<usize>,
    raw: Vec<u8>,
}

/// Writes the nodes of a graph in the order of computation.
pub(super) struct Nodes<'a> {
    graph: &'a mut Message,
    constants: Vec<Constant>,
}

impl<'a> Nodes<'a> {
    pub fn new(graph: &'a mut Message) -> Self {
        Self { graph, constants: Vec::new() }
    }

    /// A node with one result, which is called as the node. Gives that name.
    pub fn push(
        &mut self,
        op: &str,
        name: impl Into<String>,
        inputs: &[&str],
        attributes: &[(&str, Attribute<'_>)],
    ) -> String {
        let name = name.into();
        self.push_many(op, &name, inputs, &[&name], attributes);
        name
    }

    /// A node with the given results.
    pub fn push_many(
        &mut self,
        op: &str,
        name: &str,
        inputs: &[&str],
        outputs: &[&str],
        attributes: &[(&str, Attribute<'_>)],
    ) {
        self.graph.message(field::graph::NODE, |node| {
            for input in inputs {
                node.text(field::node::INPUT, input);
            }
            for output in outputs {
                node.text(field::node::OUTPUT, output);
            }
            node.text(field::node::NAME, name);
            node.text(field::node::OP_TYPE, op);
            for (name, value) in attributes {
                node.message(field::node::ATTRIBUTE, |m| attribute(m, name, *value));
            }
        });
    }

    /// A constant 32-bit float without dimensions. Gives its name.
    pub fn float(&mut self, name: impl Into<String>, value: f32) -> String {
        self.constant(name, kind::FLOAT, Vec::new(), value.to_le_bytes().to_vec())
    }

    /// A constant 64-bit float without dimensions. Gives its name.
    pub fn double(&mut self, name: impl Into<String>, value: f64) -> String {
        self.constant(name, kind::DOUBLE, Vec::new(), value.to_le_bytes().to_vec())
    }

    /// A constant list of 32-bit floats. Gives its name.
    pub fn floats(&mut self, name: impl Into<String>, values: &[f32]) -> String {
        let raw = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.constant(name, kind::FLOAT, vec![values.len()], raw)
    }

    /// A constant list of whole numbers. Gives its name.
    pub fn ints(&mut self, name: impl Into<String>, values: &[i64]) -> String {
        let raw = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.constant(name, kind::INT64, vec![values.len()], raw)
    }

    fn constant(&mut self, name: impl Into<String>, kind: u64, dims: Vec<usize>, raw: Vec<u8>) -> String {
        let name = name.into();
        if !self.constants.iter().any(|c| c.name == name) {
            self.constants.push(Constant { name: name.clone(), kind, dims, raw });
        }
        name
    }

    /// Writes the constants, which come after all nodes.
    pub fn finish(self) {
        for Constant { name, kind, dims, raw } in self.constants {
            tensor(self.graph, &name, kind, &dims, |m| m.blob(field::tensor::RAW_DATA, &raw));
        }
    }
}

/// An initialiser whose values are written by `fill`.
pub(super) fn tensor(
    graph: &mut Message,
    name: &str,
    kind: u64,
    dims: &[usize],
    fill: impl FnOnce(&mut Message),
) {
    graph.message(field::graph::INITIALIZER, |m| {
        for n in dims {
            m.number(field::tensor::DIMS, *n as i64);
        }
        m.number(field::tensor::DATA_TYPE, kind as i64);
        m.text(field::tensor::NAME, name);
        fill(m);
    });
}

fn attribute(m: &mut Message, name: &str, value: Attribute<'_>) {
    m.text(field::attribute::NAME, name);
    // Values of `AttributeProto.AttributeType`.
    let kind = match value {
        Attribute::Float(value) => {
            m.float(field::attribute::F, value);
            1
        }
        Attribute::Int(value) => {
            m.number(field::attribute::I, value);
            2
        }
        Attribute::Text(text) => {
            m.text(field::attribute::S, text);
            3
        }
        Attribute::Ints(values) => {
            for value in values {
                m.number(field::attribute::INTS, *value);
            }
            7
        }
    };
    m.number(field::attribute::TYPE, kind);
}
