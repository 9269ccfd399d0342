//! What a pickle is made of: plain values that refer to each other by number.

use std::rc::Rc;

use crate::error::Error;

/// Place of a value in [`Pickle`].
pub(in super::super) type Id = u32;

/// A plain value. Texts and tensors are shared: a file may refer to a long one as often as it likes.
#[derive(Clone, Debug)]
pub(in super::super) enum Value {
    None,
    Bool(bool),
    Int(i128),
    /// An integer beyond 128 bits.
    Huge,
    Float(f64),
    Text(Rc<str>),
    Bytes,
    Tuple(Vec<Id>),
    /// Sets too: nothing here asks whether a value is in one.
    List(Vec<Id>),
    /// In the order of the file; a key that comes again replaces the value before it.
    Dict(Vec<(Id, Id)>),
    /// What numbers and arrays of NumPy are described by; nothing of it is read.
    Inert,
    /// A name that is allowed.
    Name(Name),
    Storage(Rc<Storage>),
    Tensor(Rc<Tensor>),
}

/// What an allowed name makes of its arguments.
#[derive(Clone, Debug)]
pub(in super::super) enum Name {
    Dict,
    List,
    Tuple,
    Bytes,
    Tensor,
    /// A tensor that is given as the first argument.
    Parameter,
    /// Devices and memory layouts, which say nothing about values.
    Nothing,
    /// Numbers, arrays and their types of NumPy, which trainers keep beside weights: passed over.
    Inert,
    /// The kind of a storage, such as `FloatStorage`; it is never called.
    Storage(Rc<str>),
}

/// Where the values of tensors lie.
#[derive(Debug)]
pub(in super::super) struct Storage {
    /// Such as `FloatStorage`.
    pub kind: Rc<str>,
    pub key: Rc<str>,
    /// Values that are left out at the beginning (views of the oldest files).
    pub skip: usize,
}

/// A tensor: a view of a storage, in elements.
#[derive(Debug)]
pub(in super::super) struct Tensor {
    pub storage: Rc<Storage>,
    pub offset: usize,
    pub shape: Vec<usize>,
    pub strides: Vec<usize>,
}

/// What was read.
pub(in super::super) struct Pickle {
    values: Vec<Value>,
    root: Id,
    /// Bytes that were used: the oldest files have several pickles one after the other.
    pub used: usize,
}

impl Pickle {
    pub(super) fn new(root: Id, used: usize, values: Vec<Value>) -> Self {
        Self { values, root, used }
    }

    /// The value that the whole pickle is.
    pub(in super::super) fn root(&self) -> &Value {
        self.value(self.root)
    }

    pub(in super::super) fn value(&self, id: Id) -> &Value {
        self.values.get(id as usize).unwrap_or(&Value::None)
    }

    /// All values, in the order in which they were made.
    pub(in super::super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.iter()
    }
}

pub(super) fn broken(what: &str) -> Error {
    Error::invalid("weights.pickle.invalid", format!("This PyTorch file is damaged or cut off: {what}."))
}

pub(super) fn too_much() -> Error {
    Error::limit(
        "weights.pickle.limit",
        "This PyTorch file describes millions of values beside its tensors; networks have a few thousand. \
         Save the weights alone: torch.save(model.state_dict(), \"weights.pth\").",
    )
}
