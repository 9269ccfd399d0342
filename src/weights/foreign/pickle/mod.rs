//! Python's pickle format (protocols 0 to 5), read as data: nothing that a file names is ever called.
//!
//! A pickle is a program for a small stack machine that can call any Python function. This machine has no functions: it knows
//! the few names of which PyTorch makes tensors and dictionaries, builds plain values from them, and refuses a file at the
//! first other name. Values live in one list and refer to each other by number, so that no nesting is too deep to be freed and
//! a value that holds itself is no more than a number.

mod machine;
mod names;
mod objects;

use std::rc::Rc;

use self::machine::Machine;
use crate::error::{Error, Result};

/// Place of a value in [`Pickle`].
pub(super) type Id = u32;

/// A plain value. Texts and tensors are shared: a file may refer to a long one as often as it likes.
#[derive(Clone, Debug)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i128),
    /// An integer beyond 128 bits.
    Huge,
    Float,
    Text(Rc<str>),
    Bytes,
    Tuple(Vec<Id>),
    /// Sets too: nothing here asks whether a value is in one.
    List(Vec<Id>),
    /// In the order of the file; a key that comes again replaces the value before it.
    Dict(Vec<(Id, Id)>),
    /// A name that is allowed.
    Name(Name),
    Storage(Rc<Storage>),
    Tensor(Rc<Tensor>),
}

/// What an allowed name makes of its arguments.
#[derive(Clone, Debug)]
pub(super) enum Name {
    Dict,
    List,
    Tuple,
    Bytes,
    Tensor,
    /// A tensor that is given as the first argument.
    Parameter,
    /// Devices and memory layouts, which say nothing about values.
    Nothing,
    /// The kind of a storage, such as `FloatStorage`; it is never called.
    Storage(Rc<str>),
}

/// Where the values of tensors lie.
#[derive(Debug)]
pub(super) struct Storage {
    /// Such as `FloatStorage`.
    pub kind: Rc<str>,
    pub key: Rc<str>,
    /// Values that are left out at the beginning (views of the oldest files).
    pub skip: usize,
}

/// A tensor: a view of a storage, in elements.
#[derive(Debug)]
pub(super) struct Tensor {
    pub storage: Rc<Storage>,
    pub offset: usize,
    pub shape: Vec<usize>,
    pub strides: Vec<usize>,
}

/// What was read.
pub(super) struct Pickle {
    values: Vec<Value>,
    root: Id,
    /// Bytes that were used: the oldest files have several pickles one after the other.
    pub used: usize,
}

impl Pickle {
    /// The value that the whole pickle is.
    pub(super) fn root(&self) -> &Value {
        self.value(self.root)
    }

    pub(super) fn value(&self, id: Id) -> &Value {
        self.values.get(id as usize).unwrap_or(&Value::None)
    }

    /// All values, in the order in which they were made.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.iter()
    }
}

/// Bytes of one pickle; those of large networks have a few hundred kilobytes, since values lie elsewhere.
pub(super) const MOST_BYTES: usize = 100 << 20;

fn broken(what: &str) -> Error {
    Error::invalid("weights.pickle.invalid", format!("This PyTorch file is damaged or cut off: {what}."))
}

fn too_much() -> Error {
    Error::limit(
        "weights.pickle.limit",
        "This PyTorch file describes millions of values beside its tensors; networks have a few thousand. \
         Save the weights alone: torch.save(model.state_dict(), \"weights.pth\").",
    )
}

/// Reads one pickle from the beginning of `bytes`.
///
/// # Errors
/// `weights.pickle.invalid`; `weights.pickle.forbidden` with the name that the file wanted; `weights.pickle.limit`.
pub(super) fn read(bytes: &[u8]) -> Result<Pickle> {
    let mut machine = Machine::new(bytes.get(..MOST_BYTES).unwrap_or(bytes));
    match machine.run() {
        Ok(root) => Ok(Pickle { root, used: machine.used(), values: machine.into_values() }),
        // It goes on where we stopped reading.
        Err(_) if machine.starved() && bytes.len() > MOST_BYTES => Err(too_much()),
        Err(error) => Err(error),
    }
}
