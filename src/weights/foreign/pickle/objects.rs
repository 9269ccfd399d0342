//! What the few allowed names make of their arguments: dictionaries, storages, tensors.

use std::rc::Rc;

use super::machine::Machine;
use super::names::forbidden;
use super::value::{Id, Name, Storage, Tensor, Value, broken};
use crate::error::Result;

/// Dimensions of a tensor.
const MAX_DIMENSIONS: usize = 8;
/// Bytes of a storage's key; PyTorch writes numbers.
const MAX_KEY_BYTES: usize = 100;
/// What a tensor costs of what a file may make.
const TENSOR_COST: usize = 32;

impl Machine<'_> {
    /// Builds what an allowed name makes of its arguments.
    pub(super) fn call(&mut self) -> Result<()> {
        let (arguments, callee) = (self.pop()?, self.pop()?);
        let Value::Name(name) = self.value(callee).clone() else {
            return Err(forbidden("something that is no known name"));
        };
        let Value::Tuple(arguments) = self.value(arguments) else {
            return Err(broken("the arguments of a call are no tuple"));
        };
        let first = arguments.first().map(|a| self.value(*a));
        // A call copies what it is given: a small file may not do so with a large value many times.
        let cost = match (&name, first) {
            (Name::Tensor, _) => TENSOR_COST,
            (_, Some(Value::Tuple(items) | Value::List(items))) => items.len(),
            (_, Some(Value::Dict(items))) => items.len().saturating_mul(2),
            _ => 0,
        };
        self.afford(cost)?;
        let made = match name {
            Name::Dict => self.dictionary(first)?,
            Name::List => Value::List(items_of(first)?),
            Name::Tuple => Value::Tuple(items_of(first)?),
            Name::Bytes => Value::Bytes,
            Name::Nothing => Value::None,
            Name::Inert => Value::Inert,
            Name::Tensor => self.tensor(arguments)?,
            Name::Parameter => match first {
                Some(Value::Tensor(tensor)) => Value::Tensor(tensor.clone()),
                _ => return Err(broken("a parameter has no tensor")),
            },
            Name::Storage(_) => return Err(broken("it builds a storage as PyTorch does not")),
        };
        self.spend(cost)?;
        self.push(made)
    }

    /// A dictionary of a list of pairs, of another one, or of nothing.
    fn dictionary(&self, first: Option<&Value>) -> Result<Value> {
        let pair = |id: &Id| match self.value(*id) {
            Value::Tuple(p) | Value::List(p) => match p.as_slice() {
                [key, value] => Ok((*key, *value)),
                _ => Err(broken("a dictionary is not made of pairs")),
            },
            _ => Err(broken("a dictionary is not made of pairs")),
        };
        match first {
            None => Ok(Value::Dict(vec![])),
            Some(Value::List(items)) => Ok(Value::Dict(items.iter().map(pair).collect::<Result<_>>()?)),
            Some(Value::Dict(items)) => Ok(Value::Dict(items.clone())),
            _ => Err(broken("a dictionary is not made of pairs")),
        }
    }

    /// `_rebuild_tensor_v2(storage, offset, size, stride, ...)`.
    fn tensor(&self, arguments: &[Id]) -> Result<Value> {
        let wrong = || broken("a tensor is described wrongly");
        let [storage, offset, shape, strides, ..] = arguments else { return Err(wrong()) };
        let Value::Storage(storage) = self.value(*storage) else { return Err(wrong()) };
        let all = |id: Id| match self.value(id) {
            Value::Tuple(items) | Value::List(items) if items.len() <= MAX_DIMENSIONS => {
                items.iter().map(|i| self.whole(*i).ok_or_else(wrong)).collect::<Result<Vec<usize>>>()
            }
            _ => Err(wrong()),
        };
        let offset = self.whole(*offset).ok_or_else(wrong)?;
        let (shape, strides) = (all(*shape)?, all(*strides)?);
        if shape.len() != strides.len() {
            return Err(wrong());
        }
        Ok(Value::Tensor(Rc::new(Tensor { storage: storage.clone(), offset, shape, strides })))
    }

    fn whole(&self, id: Id) -> Option<usize> {
        match self.value(id) {
            Value::Int(n) => usize::try_from(*n).ok(),
            _ => None,
        }
    }

    /// State for a dictionary (its hooks and versions) changes no weights, nor does that of what is passed over; nothing else may
    /// be given any.
    pub(super) fn build(&mut self) -> Result<()> {
        self.pop()?;
        match self.top()? {
            Value::Dict(_) | Value::Inert => Ok(()),
            _ => Err(forbidden("what gives an object its state")),
        }
    }

    /// `("storage", type, key, location, elements, view)`.
    pub(super) fn push_storage(&mut self) -> Result<()> {
        let wrong = || broken("a storage is described wrongly");
        let id = self.pop()?;
        let Value::Tuple(parts) = self.value(id) else { return Err(wrong()) };
        let [tag, kind, key, ..] = parts.as_slice() else { return Err(wrong()) };
        let (Value::Text(tag), Value::Name(Name::Storage(kind)), Value::Text(key)) =
            (self.value(*tag), self.value(*kind), self.value(*key))
        else {
            return Err(wrong());
        };
        if &**tag != "storage" || key.len() > MAX_KEY_BYTES {
            return Err(wrong());
        }
        let skip = match parts.get(5).map(|v| self.value(*v)) {
            // (key, offset, elements)
            Some(Value::Tuple(view)) => view.get(1).and_then(|n| self.whole(*n)).ok_or_else(wrong)?,
            _ => 0,
        };
        let storage = Storage { kind: kind.clone(), key: key.clone(), skip };
        self.spend(TENSOR_COST)?;
        self.push(Value::Storage(Rc::new(storage)))
    }
}

fn items_of(first: Option<&Value>) -> Result<Vec<Id>> {
    match first {
        None => Ok(vec![]),
        Some(Value::Tuple(items) | Value::List(items)) => Ok(items.clone()),
        Some(_) => Err(broken("a list is not made of a list")),
    }
}
