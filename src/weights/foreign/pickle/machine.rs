//! The stack machine: one step for each instruction of a pickle.

use super::names::{allowed, forbidden, refused};
use super::value::{Id, Value, broken, too_much};
use crate::error::Result;

/// What a file may make: each value, and each reference on the stack or in a copy, costs one. A network with a thousand
/// tensors makes some fifty thousand.
const MAX_MADE: usize = 8_000_000;
/// The furthest place that may be remembered.
const MAX_PLACES: usize = 4_000_000;

pub(super) struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    values: Vec<Value>,
    stack: Vec<Id>,
    /// Heights of the stack.
    marks: Vec<usize>,
    memo: Vec<Option<Id>>,
    made: usize,
    /// More bytes were asked for than there are.
    starved: bool,
}

impl<'a> Machine<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            values: vec![],
            stack: vec![],
            marks: vec![],
            memo: vec![],
            made: 0,
            starved: false,
        }
    }

    pub(super) fn used(&self) -> usize {
        self.at
    }

    pub(super) fn starved(&self) -> bool {
        self.starved
    }

    pub(super) fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// Runs to the end and returns what is left.
    pub(super) fn run(&mut self) -> Result<Id> {
        loop {
            let op = self.byte()?;
            match op {
                // STOP
                b'.' => return self.pop(),
                // PROTO
                0x80 => {
                    if self.byte()? > 5 {
                        return Err(broken("it is written in a protocol that pickles have not"));
                    }
                }
                // FRAME
                0x95 => drop(self.take(8)?),
                b'N' => self.push(Value::None)?,
                0x88 => self.push(Value::Bool(true))?,
                0x89 => self.push(Value::Bool(false))?,
                // INT, LONG: a line
                b'I' => match self.line()? {
                    "00" => self.push(Value::Bool(false))?,
                    "01" => self.push(Value::Bool(true))?,
                    text => self.push_decimal(text)?,
                },
                b'L' => {
                    let text = self.line()?.trim_end_matches('L');
                    self.push_decimal(text)?;
                }
                // BININT1, BININT2, BININT: only the widest is signed
                b'K' | b'M' => {
                    let value = self.little(if op == b'K' { 1 } else { 2 })?;
                    self.push(Value::Int(value.into()))?;
                }
                b'J' => {
                    let value = self.little(4)? as u32 as i32;
                    self.push(Value::Int(value.into()))?;
                }
                0x8a => self.push_long(1)?,
                0x8b => self.push_long(4)?,
                // FLOAT, BINFLOAT
                b'F' => {
                    let value = self.line()?.trim().parse().unwrap_or(f64::NAN);
                    self.push(Value::Float(value))?;
                }
                // The highest byte first.
                b'G' => {
                    let bits = self.little(8)?.swap_bytes();
                    self.push(Value::Float(f64::from_bits(bits)))?;
                }
                // STRING (in quotes), UNICODE: a line; the others with their length before them
                b'S' => {
                    let text = self.line()?.trim_matches(['\'', '"']);
                    self.push(Value::Text(text.into()))?;
                }
                b'V' => {
                    let text = self.line()?;
                    self.push(Value::Text(text.into()))?;
                }
                b'U' | 0x8c => self.push_text(1)?,
                b'T' | b'X' => self.push_text(4)?,
                0x8d => self.push_text(8)?,
                // BINBYTES, BYTEARRAY8
                b'C' => self.push_bytes(1)?,
                b'B' => self.push_bytes(4)?,
                0x8e | 0x96 => self.push_bytes(8)?,
                // MARK, POP, POP_MARK, DUP
                b'(' => {
                    self.spend(1)?;
                    self.marks.push(self.stack.len());
                }
                b'0' => self.drop_top()?,
                b'1' => drop(self.marked()?),
                b'2' => {
                    let top = self.top_id()?;
                    self.put(top)?;
                }
                b')' => self.push(Value::Tuple(vec![]))?,
                b't' => {
                    let items = self.marked()?;
                    self.push(Value::Tuple(items))?;
                }
                0x85..=0x87 => self.push_tuple(usize::from(op - 0x84))?,
                // EMPTY_LIST, EMPTY_SET; LIST, FROZENSET
                b']' | 0x8f => self.push(Value::List(vec![]))?,
                b'l' | 0x91 => {
                    let items = self.marked()?;
                    self.push(Value::List(items))?;
                }
                // APPEND; APPENDS, ADDITEMS
                b'a' => {
                    let item = self.pop()?;
                    self.extend(&[item])?;
                }
                b'e' | 0x90 => {
                    let items = self.marked()?;
                    self.extend(&items)?;
                }
                // EMPTY_DICT, DICT, SETITEM, SETITEMS
                b'}' => self.push(Value::Dict(vec![]))?,
                b'd' => {
                    let items = pairs(&self.marked()?)?;
                    self.push(Value::Dict(items))?;
                }
                b's' => {
                    let (value, key) = (self.pop()?, self.pop()?);
                    self.insert(vec![(key, value)])?;
                }
                b'u' => {
                    let items = pairs(&self.marked()?)?;
                    self.insert(items)?;
                }
                // PUT, BINPUT, LONG_BINPUT, MEMOIZE
                b'p' => {
                    let place = self.place()?;
                    self.remember(place)?;
                }
                b'q' | b'r' => {
                    let place = self.little(if op == b'q' { 1 } else { 4 })?;
                    self.remember(place)?;
                }
                0x94 => self.remember(self.memo.len() as u64)?,
                // GET, BINGET, LONG_BINGET
                b'g' => {
                    let place = self.place()?;
                    self.recall(place)?;
                }
                b'h' | b'j' => {
                    let place = self.little(if op == b'h' { 1 } else { 4 })?;
                    self.recall(place)?;
                }
                // GLOBAL, STACK_GLOBAL
                b'c' => {
                    let (module, name) = (self.line()?, self.line()?);
                    self.push(Value::Name(allowed(module, name)?))?;
                }
                0x93 => {
                    let (name, module) = (self.pop()?, self.pop()?);
                    let (Value::Text(module), Value::Text(name)) = (self.value(module), self.value(name))
                    else {
                        return Err(broken("a name in it is no text"));
                    };
                    let name = allowed(module, name)?;
                    self.push(Value::Name(name))?;
                }
                // REDUCE, NEWOBJ: both call; BUILD gives state
                b'R' | 0x81 => self.call()?,
                b'b' => self.build()?,
                // INST names a class and makes one of it; OBJ, NEWOBJ_EX make one of what was named before; EXT1, EXT2, EXT4
                // name by a number
                b'i' => {
                    let (module, name) = (self.line()?, self.line()?);
                    return Err(refused(module, name));
                }
                b'o' | 0x92 => return Err(forbidden("the constructor of a class")),
                0x82..=0x84 => return Err(forbidden("a registered extension")),
                // NEXT_BUFFER, READONLY_BUFFER
                0x97 | 0x98 => return Err(broken("it keeps data outside of itself")),
                // PERSID, BINPERSID
                b'P' => return Err(broken("it names its storages in a way that PyTorch cannot read either")),
                b'Q' => self.push_storage()?,
                other => {
                    return Err(broken(&format!("it has an instruction {other:#04x} that pickles have not")));
                }
            }
        }
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(n);
        let part = end.and_then(|end| self.bytes.get(self.at..end));
        self.starved |= part.is_none();
        let part = part.ok_or_else(|| broken("it ends in the middle"))?;
        self.at += n;
        Ok(part)
    }

    fn byte(&mut self) -> Result<u8> {
        self.take(1)?.first().copied().ok_or_else(|| broken("it ends in the middle"))
    }

    fn line(&mut self) -> Result<&'a str> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        // Without an end the line would go on behind the file.
        let n = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let line = self.take(n)?;
        self.take(1)?;
        std::str::from_utf8(line).map_err(|_| broken("a name in it is no text"))
    }

    /// An unsigned number of up to 8 bytes, the lowest first.
    fn little(&mut self, n: usize) -> Result<u64> {
        Ok(self.take(n)?.iter().rev().fold(0, |v, b| (v << 8) | u64::from(*b)))
    }

    fn sized(&mut self, n: usize) -> Result<&'a [u8]> {
        let length = usize::try_from(self.little(n)?).map_err(|_| broken("it ends in the middle"))?;
        self.take(length)
    }

    /// Whether so much more may be made.
    pub(super) fn afford(&self, n: usize) -> Result<()> {
        if self.made.saturating_add(n) > MAX_MADE { Err(too_much()) } else { Ok(()) }
    }

    pub(super) fn spend(&mut self, n: usize) -> Result<()> {
        self.afford(n)?;
        self.made += n;
        Ok(())
    }

    fn put(&mut self, id: Id) -> Result<()> {
        self.spend(1)?;
        self.stack.push(id);
        Ok(())
    }

    pub(super) fn push(&mut self, value: Value) -> Result<()> {
        self.spend(1)?;
        let id = Id::try_from(self.values.len()).map_err(|_| too_much())?;
        self.values.push(value);
        self.put(id)
    }

    /// What stands below a mark is out of reach until the mark is taken.
    fn top_id(&self) -> Result<Id> {
        let reachable = self.stack.len() > self.marks.last().copied().unwrap_or(0);
        let top = self.stack.last().filter(|_| reachable);
        top.copied().ok_or_else(|| broken("its stack is empty"))
    }

    pub(super) fn pop(&mut self) -> Result<Id> {
        let top = self.top_id()?;
        self.stack.pop();
        Ok(top)
    }

    /// POP takes a mark if there is nothing above it.
    fn drop_top(&mut self) -> Result<()> {
        if self.top_id().is_err() && self.marks.pop().is_some() {
            return Ok(());
        }
        self.pop().map(drop)
    }

    fn marked(&mut self) -> Result<Vec<Id>> {
        let from = self.marks.pop().ok_or_else(|| broken("a mark is missing"))?;
        Ok(self.stack.split_off(from.min(self.stack.len())))
    }

    pub(super) fn value(&self, id: Id) -> &Value {
        self.values.get(id as usize).unwrap_or(&Value::None)
    }

    pub(super) fn top(&mut self) -> Result<&mut Value> {
        let id = self.top_id()?;
        self.values.get_mut(id as usize).ok_or_else(|| broken("its stack is empty"))
    }

    fn push_decimal(&mut self, text: &str) -> Result<()> {
        let digits = text.trim();
        let digits = digits.strip_prefix('-').unwrap_or(digits);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(broken("a number in it cannot be read"));
        }
        self.push(text.trim().parse().map_or(Value::Huge, Value::Int))
    }

    /// A number of any size in two's complement, the lowest byte first.
    fn push_long(&mut self, length: usize) -> Result<()> {
        let bytes = self.sized(length)?;
        let sign = if bytes.last().is_some_and(|b| b & 0x80 != 0) { -1 } else { 0 };
        let value = bytes.iter().rev().fold(sign, |v: i128, b| (v << 8) | i128::from(*b));
        self.push(if bytes.len() > 16 { Value::Huge } else { Value::Int(value) })
    }

    fn push_text(&mut self, length: usize) -> Result<()> {
        let text = String::from_utf8_lossy(self.sized(length)?);
        self.push(Value::Text(text.into()))
    }

    fn push_bytes(&mut self, length: usize) -> Result<()> {
        self.sized(length)?;
        self.push(Value::Bytes)
    }

    fn push_tuple(&mut self, n: usize) -> Result<()> {
        let mut items = Vec::with_capacity(n);
        for _ in 0..n {
            items.push(self.pop()?);
        }
        items.reverse();
        self.push(Value::Tuple(items))
    }

    fn extend(&mut self, items: &[Id]) -> Result<()> {
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

    /// A place that is written as a line.
    fn place(&mut self) -> Result<u64> {
        self.line()?.trim().parse().map_err(|_| broken("a number in it cannot be read"))
    }

    fn remember(&mut self, place: u64) -> Result<()> {
        let top = self.top_id()?;
        let place = usize::try_from(place).ok().filter(|p| *p < MAX_PLACES).ok_or_else(too_much)?;
        if place >= self.memo.len() {
            self.memo.resize(place + 1, None);
        }
        if let Some(slot) = self.memo.get_mut(place) {
            *slot = Some(top);
        }
        Ok(())
    }

    fn recall(&mut self, place: u64) -> Result<()> {
        let id = usize::try_from(place).ok().and_then(|p| self.memo.get(p).copied().flatten());
        self.put(id.ok_or_else(|| broken("it refers to a value that it does not have"))?)
    }
}

fn pairs(items: &[Id]) -> Result<Vec<(Id, Id)>> {
    let (pairs, rest) = items.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(broken("a dictionary has a key without a value"));
    }
    Ok(pairs.iter().map(|[key, value]| (*key, *value)).collect())
}
