//! Types of values (section IV.A.2.d): numbers to 32-bit floats, and strings.

use half::{bf16, f16};

use super::cursor::Cursor;
use super::file::broken;
use crate::error::{Error, Result};

/// A type that Keras writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Datatype {
    Number {
        kind: Number,
        big_endian: bool,
    },
    /// Bytes of each, padded with zeros or spaces.
    FixedString(usize),
    /// A length and a place in a global heap; bytes of both together.
    VariableString(usize),
    /// Anything else, by its class and size; an error only when it is asked for.
    Other {
        class: u8,
        size: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Float16,
    Bfloat16,
    Float32,
    Float64,
    /// Bytes of each.
    Signed(usize),
    Unsigned(usize),
}

impl Datatype {
    pub(super) fn parse(body: &[u8]) -> Result<Self> {
        Self::read(Cursor::new(body), 4).ok_or_else(|| broken("a data type is not whole"))
    }

    fn read(mut cursor: Cursor<'_>, depth: u8) -> Option<Self> {
        let class = cursor.u8()? & 0x0F;
        let bits = cursor.uint(3)?;
        let size = cursor.size(4)?;
        let other = Self::Other { class, size };
        Some(match class {
            0 => {
                let signed = bits & 0x08 != 0;
                let kind = match size {
                    1 | 2 | 4 | 8 if signed => Number::Signed(size),
                    1 | 2 | 4 | 8 => Number::Unsigned(size),
                    _ => return Some(other),
                };
                Self::Number { kind, big_endian: bits & 1 != 0 }
            }
            1 => {
                // Bit offset and precision, then places and sizes of exponent and mantissa.
                cursor.skip(5)?;
                let exponent = cursor.u8()?;
                cursor.skip(1)?;
                let kind = match (size, exponent, cursor.u8()?) {
                    (2, 5, 10) => Number::Float16,
                    (2, 8, 7) => Number::Bfloat16,
                    (4, 8, 23) => Number::Float32,
                    (8, 11, 52) => Number::Float64,
                    _ => return Some(other),
                };
                // Both order bits: VAX.
                if bits & 0x41 == 0x41 {
                    return Some(other);
                }
                Self::Number { kind, big_endian: bits & 1 != 0 }
            }
            3 => Self::FixedString(size),
            // h5py's booleans are an enumeration of bytes; its base type follows.
            8 if depth > 0 => Self::read(cursor, depth - 1)?,
            9 if bits & 0x0F == 1 => Self::VariableString(size),
            _ => other,
        })
    }

    /// How to read numbers of this type. `bfloat16` values are two opaque bytes with an attribute beside them.
    pub(super) fn number(self, bfloat16: bool) -> Result<(Number, bool)> {
        match self {
            Self::Number { kind, big_endian } => Ok((kind, big_endian)),
            Self::Other { class: 5, size: 2 } if bfloat16 => Ok((Number::Bfloat16, false)),
            Self::Other { class, size } => Err(Error::unsupported(
                "hdf5.unsupported.type",
                format!(
                    "An array in this HDF5 file has values of class {class} with {size} bytes; \
                     Insitu reads floats of 16, 32 and 64 bits and integers."
                ),
            )),
            Self::FixedString(_) | Self::VariableString(_) => Err(Error::unsupported(
                "hdf5.unsupported.type",
                "An array in this HDF5 file holds text where numbers were expected.",
            )),
        }
    }
}

impl Number {
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Float16 | Self::Bfloat16 => 2,
            Self::Float32 => 4,
            Self::Float64 => 8,
            Self::Signed(n) | Self::Unsigned(n) => n,
        }
    }

    /// One value from its bytes.
    pub(super) fn value(self, bytes: &[u8], big_endian: bool) -> f32 {
        let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        let raw = if big_endian { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) };
        // Casts cut to the width that was just read.
        match self {
            Self::Float16 => f16::from_bits(raw as u16).to_f32(),
            Self::Bfloat16 => bf16::from_bits(raw as u16).to_f32(),
            Self::Float32 => f32::from_bits(raw as u32),
            Self::Float64 => f64::from_bits(raw) as f32,
            Self::Signed(n) => {
                let unused = 64 - 8 * n as u32;
                ((raw << unused) as i64 >> unused) as f32
            }
            Self::Unsigned(_) => raw as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_both_byte_orders_become_the_same_float() {
        let cases: [(Number, &[u8], f32); 9] = [
            (Number::Float16, &[0x3E, 0x00], 1.5),
            (Number::Bfloat16, &[0xBF, 0xC0], -1.5),
            (Number::Float32, &[0xC0, 0x20, 0, 0], -2.5),
            (Number::Float64, &[0x3F, 0xF8, 0, 0, 0, 0, 0, 0], 1.5),
            (Number::Signed(1), &[0xFF], -1.0),
            (Number::Signed(4), &[0xFF, 0xFF, 0xFF, 0xFE], -2.0),
            (Number::Signed(8), &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFD], -3.0),
            (Number::Unsigned(2), &[0xFF, 0xFE], 65534.0),
            (Number::Unsigned(8), &[0, 0, 0, 1, 0, 0, 0, 0], 4_294_967_296.0),
        ];
        for (kind, big, wanted) in cases {
            assert_eq!(kind.value(big, true), wanted, "{kind:?}");
            let little: Vec<u8> = big.iter().rev().copied().collect();
            assert_eq!(kind.value(&little, false), wanted, "{kind:?}");
        }
    }
}
