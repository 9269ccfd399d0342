//! Pixel values in the type that the file stores.

use std::fmt;

use half::f16;

use super::limits::{no_memory, zeroed};
use crate::error::Result;

/// The type of one stored value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SampleType {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F32,
    F64,
}

impl SampleType {
    /// Bytes of one value.
    pub fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// The name that people and other programs know it by: `uint8`, `float32`.
    pub fn name(self) -> &'static str {
        match self {
            Self::U8 => "uint8",
            Self::I8 => "int8",
            Self::U16 => "uint16",
            Self::I16 => "int16",
            Self::U32 => "uint32",
            Self::I32 => "int32",
            Self::U64 => "uint64",
            Self::I64 => "int64",
            Self::F32 => "float32",
            Self::F64 => "float64",
        }
    }
}

impl fmt::Display for SampleType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Values of all slices: `[(slice * height + y) * width + x) * channels + channel]`, channels side by side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Samples {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    U64(Vec<u64>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

/// Runs the same expression for every sample type.
macro_rules! each {
    ($samples:expr, $values:ident => $body:expr) => {
        match $samples {
            Samples::U8($values) => $body,
            Samples::I8($values) => $body,
            Samples::U16($values) => $body,
            Samples::I16($values) => $body,
            Samples::U32($values) => $body,
            Samples::I32($values) => $body,
            Samples::U64($values) => $body,
            Samples::I64($values) => $body,
            Samples::F32($values) => $body,
            Samples::F64($values) => $body,
        }
    };
}
pub(crate) use each;

/// Which end of a number comes first in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endian {
    Little,
    Big,
}

impl Endian {
    pub(crate) fn u16(self, b: [u8; 2]) -> u16 {
        if self == Self::Little { u16::from_le_bytes(b) } else { u16::from_be_bytes(b) }
    }

    pub(crate) fn u32(self, b: [u8; 4]) -> u32 {
        if self == Self::Little { u32::from_le_bytes(b) } else { u32::from_be_bytes(b) }
    }

    pub(crate) fn u64(self, b: [u8; 8]) -> u64 {
        if self == Self::Little { u64::from_le_bytes(b) } else { u64::from_be_bytes(b) }
    }
}

impl Samples {
    pub(crate) fn kind(&self) -> SampleType {
        match self {
            Self::U8(_) => SampleType::U8,
            Self::I8(_) => SampleType::I8,
            Self::U16(_) => SampleType::U16,
            Self::I16(_) => SampleType::I16,
            Self::U32(_) => SampleType::U32,
            Self::I32(_) => SampleType::I32,
            Self::U64(_) => SampleType::U64,
            Self::I64(_) => SampleType::I64,
            Self::F32(_) => SampleType::F32,
            Self::F64(_) => SampleType::F64,
        }
    }

    pub(crate) fn len(&self) -> usize {
        each!(self, values => values.len())
    }

    /// The value at `index` as a 64-bit float (whole numbers beyond 2^53 are rounded).
    // The cast is needed for all sample types but one.
    #[allow(clippy::unnecessary_cast)]
    pub(crate) fn get(&self, index: usize) -> Option<f64> {
        each!(self, values => values.get(index).map(|v| *v as f64))
    }

    /// `n` values out of the first `n * kind.bytes()` of `bytes`; missing bytes are zeros.
    pub(crate) fn from_bytes(kind: SampleType, bytes: &[u8], n: usize, endian: Endian) -> Result<Self> {
        macro_rules! read {
            ($variant:ident, $type:ty, $size:literal, $convert:expr) => {{
                let mut out = zeroed::<$type>(n)?;
                for (to, from) in out.iter_mut().zip(bytes.as_chunks::<$size>().0) {
                    *to = $convert(*from);
                }
                Self::$variant(out)
            }};
        }
        Ok(match kind {
            SampleType::U8 => read!(U8, u8, 1, |b: [u8; 1]| b[0]),
            SampleType::I8 => read!(I8, i8, 1, |b: [u8; 1]| b[0] as i8),
            SampleType::U16 => read!(U16, u16, 2, |b| endian.u16(b)),
            SampleType::I16 => read!(I16, i16, 2, |b| endian.u16(b) as i16),
            SampleType::U32 => read!(U32, u32, 4, |b| endian.u32(b)),
            SampleType::I32 => read!(I32, i32, 4, |b| endian.u32(b) as i32),
            SampleType::U64 => read!(U64, u64, 8, |b| endian.u64(b)),
            SampleType::I64 => read!(I64, i64, 8, |b| endian.u64(b) as i64),
            SampleType::F32 => read!(F32, f32, 4, |b| f32::from_bits(endian.u32(b))),
            SampleType::F64 => read!(F64, f64, 8, |b| f64::from_bits(endian.u64(b))),
        })
    }

    /// Half floats have no type of their own here; they become [`SampleType::F32`] without loss.
    pub(crate) fn from_half_bytes(bytes: &[u8], n: usize, endian: Endian) -> Result<Self> {
        let mut out = zeroed::<f32>(n)?;
        for (to, from) in out.iter_mut().zip(bytes.as_chunks::<2>().0) {
            *to = f16::from_bits(endian.u16(*from)).to_f32();
        }
        Ok(Self::F32(out))
    }

    /// Puts the values of another slice behind these. `false` (and nothing done) if the types differ.
    pub(crate) fn append(&mut self, other: Samples) -> bool {
        match (self, other) {
            (Self::U8(a), Self::U8(b)) => a.extend(b),
            (Self::I8(a), Self::I8(b)) => a.extend(b),
            (Self::U16(a), Self::U16(b)) => a.extend(b),
            (Self::I16(a), Self::I16(b)) => a.extend(b),
            (Self::U32(a), Self::U32(b)) => a.extend(b),
            (Self::I32(a), Self::I32(b)) => a.extend(b),
            (Self::U64(a), Self::U64(b)) => a.extend(b),
            (Self::I64(a), Self::I64(b)) => a.extend(b),
            (Self::F32(a), Self::F32(b)) => a.extend(b),
            (Self::F64(a), Self::F64(b)) => a.extend(b),
            _ => return false,
        }
        true
    }

    /// Memory for `more` values, so that [`append`](Self::append) needs no second copy of what is there.
    pub(crate) fn reserve(&mut self, more: usize) -> Result<()> {
        let bytes = self.kind().bytes().saturating_mul(more);
        each!(self, values => values.try_reserve_exact(more)).map_err(|_| no_memory(bytes))
    }

    /// Makes the values as many as this: the rest is left out, or zeros come behind.
    pub(crate) fn resize(&mut self, n: usize) {
        each!(self, values => values.resize(n, Default::default()));
    }

    /// Exchanges two blocks of `size` values; nothing if one of them is not there.
    pub(crate) fn swap(&mut self, a: usize, b: usize, size: usize) {
        let (low, high) = (a.min(b) * size, a.max(b) * size);
        if low == high || high + size > self.len() {
            return;
        }
        each!(self, values => {
            let (front, back) = values.split_at_mut(high);
            for (x, y) in front.iter_mut().skip(low).take(size).zip(back) {
                std::mem::swap(x, y);
            }
        });
    }

    /// Puts a copy of block `from` of `size` values in the place of block `to`; nothing if one of them is not there.
    pub(crate) fn repeat(&mut self, from: usize, to: usize, size: usize) {
        if from != to && (from.max(to) + 1) * size <= self.len() {
            each!(self, values => values.copy_within(from * size..(from + 1) * size, to * size));
        }
    }

    /// Puts `n` values of another of the same type at `to`: `from[at]`, `from[at + step]` and so on, or `from[at]` everywhere if `step` is 0.
    /// Nothing if there is no room, or the types differ.
    pub(crate) fn put(&mut self, to: usize, n: usize, from: &Self, at: usize, step: usize) {
        macro_rules! put {
            ($($variant:ident),*) => {
                match (self, from) {
                    $((Self::$variant(out), Self::$variant(from)) => {
                        let Some(out) = out.get_mut(to..to.saturating_add(n)) else { return };
                        let from = from.get(at..).unwrap_or_default();
                        match (step, from.first()) {
                            (0, Some(value)) => out.fill(*value),
                            _ => out.iter_mut().zip(from.iter().step_by(step.max(1))).for_each(|(to, from)| *to = *from),
                        }
                    })*
                    _ => {}
                }
            };
        }
        put!(U8, I8, U16, I16, U32, I32, U64, I64, F32, F64);
    }

    /// A new order: value `i` of the result is value `source(i)` of this; sources outside are left out.
    pub(crate) fn gather(&self, n: usize, source: impl Fn(usize) -> usize) -> Result<Self> {
        macro_rules! pick {
            ($variant:ident, $values:expr) => {{
                let mut out = zeroed(n)?;
                for (i, to) in out.iter_mut().enumerate() {
                    if let Some(v) = $values.get(source(i)) {
                        *to = *v;
                    }
                }
                Self::$variant(out)
            }};
        }
        Ok(match self {
            Self::U8(v) => pick!(U8, v),
            Self::I8(v) => pick!(I8, v),
            Self::U16(v) => pick!(U16, v),
            Self::I16(v) => pick!(I16, v),
            Self::U32(v) => pick!(U32, v),
            Self::I32(v) => pick!(I32, v),
            Self::U64(v) => pick!(U64, v),
            Self::I64(v) => pick!(I64, v),
            Self::F32(v) => pick!(F32, v),
            Self::F64(v) => pick!(F64, v),
        })
    }

    /// Drops what follows the first `keep` of every `of` channels (alpha, extra samples).
    pub(crate) fn first_channels(self, of: usize, keep: usize) -> Result<Self> {
        if keep >= of {
            return Ok(self);
        }
        let n = self.len() / of * keep;
        self.gather(n, |i| i / keep * of + i % keep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_byte_orders_read_the_same_numbers() {
        let little = Samples::from_bytes(SampleType::I16, &[0xFE, 0xFF, 1, 0], 2, Endian::Little).unwrap();
        let big = Samples::from_bytes(SampleType::I16, &[0xFF, 0xFE, 0, 1], 2, Endian::Big).unwrap();
        assert_eq!(little, Samples::I16(vec![-2, 1]));
        assert_eq!(little, big);
    }

    #[test]
    fn channels_can_be_dropped() {
        let rgba = Samples::U8(vec![1, 2, 3, 255, 4, 5, 6, 255]);
        assert_eq!(rgba.first_channels(4, 3).unwrap(), Samples::U8(vec![1, 2, 3, 4, 5, 6]));
    }
}
