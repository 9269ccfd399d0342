//! Python's pickle format (protocols 0 to 5), read as data: nothing that a file names is ever called.
//!
//! A pickle is a program for a small stack machine that can call any Python function. This machine has no functions: it knows
//! the few names of which PyTorch makes tensors and dictionaries, builds plain values from them, and refuses a file at the
//! first other name. Values live in one list and refer to each other by number, so that no nesting is too deep to be freed.

mod objects;
mod operands;

use self::objects::forbidden;
use self::operands::number;
use crate::error::{Error, Result};

/// Place of a value in [`Pickle::values`].
pub(super) type Id = u32;

/// A plain value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float,
    Text(String),
    Bytes,
    Tuple(Vec<Id>),
    List(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    /// A name that is allowed, as `torch FloatStorage`.
    Global(String),
    Storage(Storage),
    Tensor(Tensor),
}

/// Where the values of tensors lie.
#[derive(Clone, Debug)]
pub(super) struct Storage {
    /// Such as `FloatStorage`.
    pub kind: String,
    pub key: String,
    /// Values that are left out at the beginning (views of the oldest files).
    pub skip: usize,
}

/// A tensor: a view of a storage, in elements.
#[derive(Clone, Debug)]
pub(super) struct Tensor {
    pub storage: Storage,
    pub offset: usize,
    pub shape: Vec<usize>,
    pub strides: Vec<usize>,
}

/// What was read.
pub(super) struct Pickle {
    pub values: Vec<Value>,
    pub root: Id,
    /// Bytes that were used: the oldest files have several pickles one after the other.
    pub used: usize,
}

/// More values than any network needs; a file cannot make more than a few for each of its bytes anyway.
const MOST_VALUES: usize = 8_000_000;
fn broken(what: &str) -> Error {
    Error::invalid("weights.pickle.invalid", format!("This PyTorch file is damaged or cut off: {what}."))
}

fn too_many() -> Error {
    Error::limit(
        "weights.pickle.limit",
        "This PyTorch file describes more than eight million values; networks have a few thousand.",
    )
}

/// Reads one pickle from the beginning of `bytes`.
///
/// # Errors
/// `weights.pickle.invalid`; `weights.pickle.forbidden` with the name that the file wanted; `weights.pickle.limit`.
pub(super) fn read(bytes: &[u8]) -> Result<Pickle> {
    let mut machine = Machine {
        bytes,
        at: 0,
        values: Vec::new(),
        stack: Vec::new(),
        marks: vec![],
        memo: vec![],
        copied: 0,
    };
    let root = machine.run()?;
    Ok(Pickle { values: machine.values, root, used: machine.at })
}

struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    values: Vec<Value>,
    stack: Vec<Id>,
    /// Heights of the stack.
    marks: Vec<usize>,
    memo: Vec<Option<Id>>,
    /// Elements that calls copied: a small file may not make a large value many times.
    copied: usize,
}

impl<'a> Machine<'a> {
    fn run(&mut self) -> Result<Id> {
        loop {
            let op = self.take(1)?[0];
            match op {
                // PROTO, FRAME
                0x80 => drop(self.take(1)?),
                0x95 => drop(self.take(8)?),
                // STOP
                b'.' => return self.pop(),
                b'N' => self.push(Value::None)?,
                0x88 => self.push(Value::Bool(true))?,
                0x89 => self.push(Value::Bool(false))?,
                b'I' => self.push_line_integer()?,
                b'L' => {
                    let value = number(self.line()?.trim_end_matches('L'))?;
                    self.push(Value::Int(value))?;
                }
                b'K' => self.push_integer(1)?,
                b'M' => self.push_integer(2)?,
                b'J' => self.push_integer(4)?,
                0x8a => self.push_long(1)?,
                0x8b => self.push_long(4)?,
                b'F' => {
                    self.line()?;
                    self.push(Value::Float)?;
                }
                b'G' => {
                    self.take(8)?;
                    self.push(Value::Float)?;
                }
                // STRING, UNICODE: a line; the others with their length before them.
                b'S' | b'V' => {
                    let text = self.line()?.trim_matches(['\'', '"']).to_string();
                    self.push(Value::Text(text))?;
                }
                b'U' | 0x8c => self.push_text(1)?,
                b'T' | b'X' => self.push_text(4)?,
                0x8d => self.push_text(8)?,
                b'C' => self.push_bytes(1)?,
                b'B' => self.push_bytes(4)?,
                0x8e | 0x96 => self.push_bytes(8)?,
                b'(' => self.marks.push(self.stack.len()),
                b'0' => drop(self.pop()?),
                b'1' => drop(self.marked()?),
                b'2' => {
                    let top = *self.stack.last().ok_or_else(|| broken("its stack is empty"))?;
                    self.stack.push(top);
                }
                b')' => self.push(Value::Tuple(vec![]))?,
                b't' => {
                    let items = self.marked()?;
                    self.push(Value::Tuple(items))?;
                }
                0x85 => self.push_tuple(1)?,
                0x86 => self.push_tuple(2)?,
                0x87 => self.push_tuple(3)?,
                // EMPTY_LIST, EMPTY_SET; LIST, FROZENSET
                b']' | 0x8f => self.push(Value::List(vec![]))?,
                b'l' | 0x91 => {
                    let items = self.marked()?;
                    self.push(Value::List(items))?;
                }
                b'a' => {
                    let item = self.pop()?;
                    self.extend(vec![item])?;
                }
                // APPENDS, ADDITEMS
                b'e' | 0x90 => {
                    let items = self.marked()?;
                    self.extend(items)?;
                }
                b'}' => self.push(Value::Dict(vec![]))?,
                b'd' => {
                    let items = pairs(&self.marked()?);
                    self.push(Value::Dict(items))?;
                }
                b's' => {
                    let (value, key) = (self.pop()?, self.pop()?);
                    self.insert(vec![(key, value)])?;
                }
                b'u' => {
                    let items = pairs(&self.marked()?);
                    self.insert(items)?;
                }
                // PUT, BINPUT, LONG_BINPUT, MEMOIZE
                b'p' => {
                    let place = number(self.line()?)?;
                    self.remember(place)?;
                }
                b'q' => {
                    let place = self.little(1)?;
                    self.remember(place)?;
                }
                b'r' => {
                    let place = self.little(4)?;
                    self.remember(place)?;
                }
                0x94 => self.remember(self.memo.len() as i64)?,
                b'g' => {
                    let place = number(self.line()?)?;
                    self.recall(place)?;
                }
                b'h' => {
                    let place = self.little(1)?;
                    self.recall(place)?;
                }
                b'j' => {
                    let place = self.little(4)?;
                    self.recall(place)?;
                }
                // GLOBAL, STACK_GLOBAL
                b'c' => {
                    let (module, name) = (self.line()?, self.line()?);
                    self.push_global(&format!("{module} {name}"))?;
                }
                0x93 => {
                    let (name, module) = (self.pop_text()?, self.pop_text()?);
                    self.push_global(&format!("{module} {name}"))?;
                }
                // REDUCE, NEWOBJ: both call; BUILD gives state.
                b'R' | 0x81 => self.call()?,
                b'b' => self.build()?,
                b'i' => {
                    let name = format!("{}.{}", self.line()?, self.line()?);
                    return Err(forbidden(&name));
                }
                b'o' | 0x92 => return Err(forbidden("the constructor of a class")),
                0x82..=0x84 => return Err(forbidden("a registered extension")),
                0x97 | 0x98 => return Err(broken("it keeps data outside of itself")),
                // PERSID, BINPERSID
                b'P' => return Err(broken("it names its storages in a way that PyTorch does not")),
                b'Q' => self.push_storage()?,
                other => {
                    return Err(broken(&format!("it has an instruction {other:#04x} that pickles have not")));
                }
            }
        }
    }

    fn push(&mut self, value: Value) -> Result<()> {
        if self.values.len() >= MOST_VALUES {
            return Err(too_many());
        }
        self.stack.push(self.values.len() as Id);
        self.values.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Result<Id> {
        // What stands below a mark is out of reach until the mark is taken.
        if self.stack.len() <= self.marks.last().copied().unwrap_or(0) {
            return Err(broken("its stack is empty"));
        }
        self.stack.pop().ok_or_else(|| broken("its stack is empty"))
    }

    fn marked(&mut self) -> Result<Vec<Id>> {
        let from = self.marks.pop().ok_or_else(|| broken("a mark is missing"))?;
        Ok(self.stack.split_off(from.min(self.stack.len())))
    }

    fn value(&self, id: Id) -> &Value {
        self.values.get(id as usize).unwrap_or(&Value::None)
    }

    fn top(&mut self) -> Result<&mut Value> {
        let id = *self.stack.last().ok_or_else(|| broken("its stack is empty"))?;
        self.values.get_mut(id as usize).ok_or_else(|| broken("its stack is empty"))
    }

    fn pop_text(&mut self) -> Result<String> {
        let id = self.pop()?;
        match self.value(id) {
            Value::Text(text) => Ok(text.clone()),
            _ => Err(broken("a name in it is no text")),
        }
    }

    fn push_tuple(&mut self, n: usize) -> Result<()> {
        let mut items = Vec::with_capacity(n);
        for _ in 0..n {
            items.push(self.pop()?);
        }
        items.reverse();
        self.push(Value::Tuple(items))
    }

    fn extend(&mut self, items: Vec<Id>) -> Result<()> {
        match self.top()? {
            Value::List(list) => list.extend(items),
            _ => return Err(broken("it adds to something that is no list")),
        }
        Ok(())
    }

    fn insert(&mut self, items: Vec<(Id, Id)>) -> Result<()> {
        match self.top()? {
            Value::Dict(dict) => dict.extend(items),
            _ => return Err(broken("it adds to something that is no dictionary")),
        }
        Ok(())
    }

    fn remember(&mut self, place: i64) -> Result<()> {
        let top = *self.stack.last().ok_or_else(|| broken("its stack is empty"))?;
        let place = usize::try_from(place).ok().filter(|p| *p < MOST_VALUES);
        let place = place.ok_or_else(|| broken("a number in it is too large"))?;
        // Places are given one after the other; a far one may not cost memory for all between.
        if place > self.memo.len().saturating_add(self.bytes.len()) {
            return Err(broken("a number in it is too large"));
        }
        if place >= self.memo.len() {
            self.memo.resize(place + 1, None);
        }
        self.memo[place] = Some(top);
        Ok(())
    }

    fn recall(&mut self, place: i64) -> Result<()> {
        let id = usize::try_from(place).ok().and_then(|p| self.memo.get(p).copied().flatten());
        self.stack.push(id.ok_or_else(|| broken("it refers to a value that it does not have"))?);
        Ok(())
    }
}

fn pairs(items: &[Id]) -> Vec<(Id, Id)> {
    items.chunks_exact(2).map(|p| (p[0], p[1])).collect()
}
