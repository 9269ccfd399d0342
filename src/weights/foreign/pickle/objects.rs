//! What the few allowed names make of their arguments: dictionaries, storages, tensors. All others are refused.

use super::{Id, MOST_VALUES, Machine, Storage, Tensor, Value, broken, too_many};
use crate::error::{Error, Result};

/// Dimensions of a tensor.
const MOST_DIMENSIONS: usize = 8;

/// Names that may stand in a file, as "module name".
const ALLOWED: [&str; 7] = [
    "collections OrderedDict",
    "torch._utils _rebuild_tensor",
    "torch._utils _rebuild_tensor_v2",
    "torch._utils _rebuild_parameter",
    "torch Size",
    "torch device",
    "torch.serialization _get_layout",
];

pub(super) fn forbidden(what: &str) -> Error {
    Error::invalid(
        "weights.pickle.forbidden",
        format!(
            "This file wants Python to run {what}. Insitu runs nothing from a file and reads weights only. If the model is \
             yours, save them alone: torch.save(model.state_dict(), \"weights.pth\")."
        ),
    )
}

impl Machine<'_> {
    pub(super) fn push_global(&mut self, name: &str) -> Result<()> {
        let storage = name.strip_prefix("torch ").is_some_and(|n| n.ends_with("Storage"));
        if !storage && !ALLOWED.contains(&name) {
            return Err(forbidden(&name.replace(' ', ".")));
        }
        self.push(Value::Global(name.to_string()))
    }

    /// Builds what an allowed name makes of its arguments.
    pub(super) fn call(&mut self) -> Result<()> {
        let (arguments, callee) = (self.pop()?, self.pop()?);
        let Value::Global(name) = self.value(callee).clone() else {
            return Err(forbidden("something that is no known name"));
        };
        let Value::Tuple(arguments) = self.value(arguments) else {
            return Err(broken("the arguments of a call are no tuple"));
        };
        let first = arguments.first().map(|a| self.value(*a));
        let size = match first {
            Some(Value::Tuple(items) | Value::List(items)) => items.len(),
            _ => 0,
        };
        if self.copied + size > MOST_VALUES {
            return Err(too_many());
        }
        let made = match name.as_str() {
            "collections OrderedDict" => self.ordered(arguments)?,
            "torch._utils _rebuild_tensor" | "torch._utils _rebuild_tensor_v2" => self.tensor(arguments)?,
            "torch._utils _rebuild_parameter" => match first {
                Some(tensor @ Value::Tensor(_)) => tensor.clone(),
                _ => return Err(broken("a parameter has no tensor")),
            },
            "torch Size" => match first {
                Some(sizes @ (Value::Tuple(_) | Value::List(_))) => sizes.clone(),
                _ => Value::Tuple(vec![]),
            },
            "torch device" | "torch.serialization _get_layout" => Value::None,
            other => return Err(forbidden(&other.replace(' ', "."))),
        };
        self.copied += size;
        self.push(made)
    }

    /// A dictionary of a list of pairs, or an empty one.
    fn ordered(&self, arguments: &[Id]) -> Result<Value> {
        let Some(items) = arguments.first() else { return Ok(Value::Dict(vec![])) };
        let Value::List(items) = self.value(*items) else {
            return Err(broken("a dictionary is not made of pairs"));
        };
        let pair = |id: &Id| match self.value(*id) {
            Value::Tuple(p) | Value::List(p) if p.len() == 2 => Ok((p[0], p[1])),
            _ => Err(broken("a dictionary is not made of pairs")),
        };
        Ok(Value::Dict(items.iter().map(pair).collect::<Result<_>>()?))
    }

    /// `_rebuild_tensor_v2(storage, offset, size, stride, ...)`.
    fn tensor(&self, arguments: &[Id]) -> Result<Value> {
        let wrong = || broken("a tensor is described wrongly");
        let [storage, offset, shape, strides, ..] = arguments else { return Err(wrong()) };
        let Value::Storage(storage) = self.value(*storage) else { return Err(wrong()) };
        let whole = |id: Id| match self.value(id) {
            Value::Int(n) => usize::try_from(*n).map_err(|_| wrong()),
            _ => Err(wrong()),
        };
        let all = |id: Id| match self.value(id) {
            Value::Tuple(items) | Value::List(items) if items.len() <= MOST_DIMENSIONS => {
                items.iter().map(|i| whole(*i)).collect::<Result<Vec<usize>>>()
            }
            _ => Err(wrong()),
        };
        let (offset, shape, strides) = (whole(*offset)?, all(*shape)?, all(*strides)?);
        if shape.len() != strides.len() {
            return Err(wrong());
        }
        Ok(Value::Tensor(Tensor { storage: storage.clone(), offset, shape, strides }))
    }

    /// State for a dictionary (its hooks and versions) changes no weights; nothing else may be given any.
    pub(super) fn build(&mut self) -> Result<()> {
        self.pop()?;
        match self.top()? {
            Value::Dict(_) => Ok(()),
            _ => Err(forbidden("the state of an object")),
        }
    }

    /// `("storage", type, key, location, elements, view)`.
    pub(super) fn push_storage(&mut self) -> Result<()> {
        let wrong = || broken("a storage is described wrongly");
        let id = self.pop()?;
        let Value::Tuple(parts) = self.value(id) else { return Err(wrong()) };
        let [tag, kind, key, ..] = parts.as_slice() else { return Err(wrong()) };
        let (Value::Text(tag), Value::Global(kind), Value::Text(key)) =
            (self.value(*tag), self.value(*kind), self.value(*key))
        else {
            return Err(wrong());
        };
        if tag != "storage" {
            return Err(wrong());
        }
        let skip = match parts.get(5).map(|v| self.value(*v)) {
            // (key, offset, elements)
            Some(Value::Tuple(view)) => match view.get(1).map(|v| self.value(*v)) {
                Some(Value::Int(n)) => usize::try_from(*n).map_err(|_| wrong())?,
                _ => return Err(wrong()),
            },
            _ => 0,
        };
        let kind = kind.strip_prefix("torch ").unwrap_or(kind).to_string();
        let storage = Storage { kind, key: key.clone(), skip };
        self.push(Value::Storage(storage))
    }
}
