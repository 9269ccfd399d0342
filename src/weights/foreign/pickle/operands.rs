//! What stands behind an instruction: bytes, lines, numbers, text.

use super::{Machine, Value, broken};
use crate::error::Result;

impl<'a> Machine<'a> {
    pub(super) fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(n);
        let part = end.and_then(|end| self.bytes.get(self.at..end));
        let part = part.ok_or_else(|| broken("it ends in the middle"))?;
        self.at += n;
        Ok(part)
    }

    pub(super) fn line(&mut self) -> Result<&'a str> {
        let rest = &self.bytes[self.at..];
        let n = rest.iter().position(|b| *b == b'\n').ok_or_else(|| broken("it ends in the middle"))?;
        self.at += n + 1;
        std::str::from_utf8(&rest[..n]).map_err(|_| broken("a name in it is no text"))
    }

    /// An unsigned number of up to 8 bytes, the lowest first.
    pub(super) fn little(&mut self, n: usize) -> Result<i64> {
        let value = self.take(n)?.iter().rev().fold(0u64, |v, b| (v << 8) | u64::from(*b));
        i64::try_from(value).map_err(|_| broken("a number in it is too large"))
    }

    pub(super) fn length(&mut self, n: usize) -> Result<usize> {
        usize::try_from(self.little(n)?).map_err(|_| broken("a number in it is too large"))
    }

    pub(super) fn push_integer(&mut self, n: usize) -> Result<()> {
        let value = self.little(n)?;
        // Only the widest is signed.
        let value = if n == 4 { i64::from(value as u32 as i32) } else { value };
        self.push(Value::Int(value))
    }

    pub(super) fn push_line_integer(&mut self) -> Result<()> {
        match self.line()? {
            "00" => self.push(Value::Bool(false)),
            "01" => self.push(Value::Bool(true)),
            text => {
                let value = number(text)?;
                self.push(Value::Int(value))
            }
        }
    }

    /// A number of any size in two's complement. Those beyond 64 bits (PyTorch's magic number) are only recognised as such.
    pub(super) fn push_long(&mut self, length: usize) -> Result<()> {
        let n = self.length(length)?;
        let bytes = self.take(n)?;
        let value = if n > 8 {
            i64::MAX
        } else {
            let sign = if bytes.last().is_some_and(|b| b & 0x80 != 0) { u64::MAX } else { 0 };
            bytes.iter().rev().fold(sign, |v, b| (v << 8) | u64::from(*b)) as i64
        };
        self.push(Value::Int(value))
    }

    pub(super) fn push_text(&mut self, length: usize) -> Result<()> {
        let n = self.length(length)?;
        let text = String::from_utf8_lossy(self.take(n)?).into_owned();
        self.push(Value::Text(text))
    }

    pub(super) fn push_bytes(&mut self, length: usize) -> Result<()> {
        let n = self.length(length)?;
        self.take(n)?;
        self.push(Value::Bytes)
    }
}

/// A whole number in a line of text.
pub(super) fn number(text: &str) -> Result<i64> {
    text.trim().parse().map_err(|_| broken("a number in it cannot be read"))
}
