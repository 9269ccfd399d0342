//! Protocol buffers as ONNX needs them: fields written one after the other, and read where they lie.
//!
//! Own code, and not `prost`: that copies every weight into its structs and again out of them (124 MB each time for the
//! preset of the paper) in a tab that has little memory, and adds 11 kB to the page, gzipped, for the generated code alone. Here
//! a tensor is copied once when it is written, and not before it is asked for when it is read.

use crate::error::{Error, Result};

/// Numbers of the fields that are used, as in `onnx.proto` (<https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>).
pub(super) mod field {
    pub mod model {
        pub const IR_VERSION: u32 = 1;
        pub const PRODUCER_NAME: u32 = 2;
        pub const PRODUCER_VERSION: u32 = 3;
        pub const DOC_STRING: u32 = 6;
        pub const GRAPH: u32 = 7;
        pub const OPSET_IMPORT: u32 = 8;
        pub const METADATA_PROPS: u32 = 14;
    }
    pub mod opset {
        pub const DOMAIN: u32 = 1;
        pub const VERSION: u32 = 2;
    }
    pub mod entry {
        pub const KEY: u32 = 1;
        pub const VALUE: u32 = 2;
    }
    pub mod graph {
        pub const NODE: u32 = 1;
        pub const NAME: u32 = 2;
        pub const INITIALIZER: u32 = 5;
        pub const INPUT: u32 = 11;
        pub const OUTPUT: u32 = 12;
    }
    pub mod node {
        pub const INPUT: u32 = 1;
        pub const OUTPUT: u32 = 2;
        pub const NAME: u32 = 3;
        pub const OP_TYPE: u32 = 4;
        pub const ATTRIBUTE: u32 = 5;
    }
    pub mod attribute {
        pub const NAME: u32 = 1;
        pub const F: u32 = 2;
        pub const I: u32 = 3;
        pub const S: u32 = 4;
        pub const T: u32 = 5;
        pub const INTS: u32 = 8;
        pub const TYPE: u32 = 20;
    }
    pub mod tensor {
        pub const DIMS: u32 = 1;
        pub const DATA_TYPE: u32 = 2;
        pub const FLOAT_DATA: u32 = 4;
        pub const INT32_DATA: u32 = 5;
        pub const INT64_DATA: u32 = 7;
        pub const NAME: u32 = 8;
        pub const RAW_DATA: u32 = 9;
        pub const DOUBLE_DATA: u32 = 10;
        pub const EXTERNAL_DATA: u32 = 13;
        pub const DATA_LOCATION: u32 = 14;
    }
    pub mod value_info {
        pub const NAME: u32 = 1;
        pub const TYPE: u32 = 2;
        pub const DOC_STRING: u32 = 3;
        // Of its type, of that one's tensor type, of its shape, and of a dimension.
        pub const TENSOR_TYPE: u32 = 1;
        pub const ELEM_TYPE: u32 = 1;
        pub const SHAPE: u32 = 2;
        pub const DIM: u32 = 1;
        pub const DIM_VALUE: u32 = 1;
        pub const DIM_PARAM: u32 = 2;
    }
}

/// Values of `TensorProto.DataType`.
pub(super) mod kind {
    pub const FLOAT: u64 = 1;
    pub const INT64: u64 = 7;
    pub const FLOAT16: u64 = 10;
    pub const DOUBLE: u64 = 11;
    pub const BFLOAT16: u64 = 16;
    /// Those that weights and maps can be of, as `Cast` names them.
    pub const FLOATS: [i64; 4] = [FLOAT as i64, FLOAT16 as i64, DOUBLE as i64, BFLOAT16 as i64];
}

// How a value is written: the lowest three bits of its key.
const NUMBER: u64 = 0;
const EIGHT: u64 = 1;
const BYTES: u64 = 2;
const FOUR: u64 = 5;

/// A message that is being written.
pub(super) struct Message {
    bytes: Vec<u8>,
}

impl Message {
    /// An empty one, with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn key(&mut self, field: u32, how: u64) {
        let (varint, n) = varint(u64::from(field) << 3 | how);
        self.bytes.extend(varint.iter().take(n));
    }

    /// A whole number; negative ones in two's complement.
    pub fn number(&mut self, field: u32, value: i64) {
        self.key(field, NUMBER);
        let (varint, n) = varint(value as u64);
        self.bytes.extend(varint.iter().take(n));
    }

    /// A 32-bit float.
    pub fn float(&mut self, field: u32, value: f32) {
        self.key(field, FOUR);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Bytes as they are.
    pub fn blob(&mut self, field: u32, bytes: &[u8]) {
        let start = self.begin(field);
        self.bytes.extend_from_slice(bytes);
        self.end(start);
    }

    /// A text.
    pub fn text(&mut self, field: u32, text: &str) {
        self.blob(field, text.as_bytes());
    }

    /// 32-bit floats as little-endian bytes, which is how `raw_data` has them.
    pub fn floats(&mut self, field: u32, values: &[f32]) {
        let start = self.begin(field);
        self.bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
        self.end(start);
    }

    /// A message inside this one.
    pub fn message(&mut self, field: u32, fill: impl FnOnce(&mut Self)) {
        let start = self.begin(field);
        fill(self);
        self.end(start);
    }

    fn begin(&mut self, field: u32) -> usize {
        self.key(field, BYTES);
        self.bytes.len()
    }

    /// Puts the length, which is known only now, before what was written since `start`.
    fn end(&mut self, start: usize) {
        let (varint, n) = varint((self.bytes.len() - start) as u64);
        self.bytes.splice(start..start, varint.into_iter().take(n));
    }
}

/// Seven bits a byte, the lowest first; and how many bytes.
fn varint(mut value: u64) -> ([u8; 10], usize) {
    let mut bytes = [0; 10];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            return (bytes, i + 1);
        }
        *byte |= 0x80;
    }
    (bytes, 10)
}

/// What a field of a message holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Number(u64),
    Four([u8; 4]),
    Eight([u8; 8]),
    /// A text, a message, or numbers one after the other.
    Bytes(&'a [u8]),
}

pub(super) fn broken(what: &str) -> Error {
    Error::invalid("weights.onnx.invalid", format!("This ONNX file is damaged or cut off: {what}."))
}

impl<'a> Value<'a> {
    pub fn bytes(self) -> Result<&'a [u8]> {
        if let Value::Bytes(bytes) = self { Ok(bytes) } else { Err(broken("a field is of the wrong kind")) }
    }

    pub fn text(self) -> Result<&'a str> {
        std::str::from_utf8(self.bytes()?).map_err(|_| broken("a name is not text"))
    }

    pub fn number(self) -> Result<u64> {
        if let Value::Number(value) = self { Ok(value) } else { Err(broken("a field is of the wrong kind")) }
    }

    pub fn float(self) -> Result<f32> {
        if let Value::Four(bytes) = self {
            Ok(f32::from_le_bytes(bytes))
        } else {
            Err(broken("a field is of the wrong kind"))
        }
    }

    /// The whole numbers of a repeated field: one, or several packed together.
    pub fn numbers(self) -> impl Iterator<Item = Result<u64>> + 'a {
        let (one, mut packed) = match self {
            Value::Number(one) => (Some(one), &[][..]),
            Value::Bytes(packed) => (None, packed),
            _ => (None, &[][..]),
        };
        let rest = std::iter::from_fn(move || {
            if packed.is_empty() {
                return None;
            }
            let number = read_varint(&mut packed);
            if number.is_err() {
                packed = &[];
            }
            Some(number)
        });
        one.map(Ok).into_iter().chain(rest)
    }
}

/// The fields of a message, in the order in which they were written. After an error there are no more.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or_else(|| broken("it ends in a field"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| broken("it ends in a field"))
    }

    fn field(&mut self) -> Result<(u32, Value<'a>)> {
        let key = read_varint(&mut self.rest)?;
        let field = u32::try_from(key >> 3).map_err(|_| broken("a field has no number"))?;
        let value = match key & 7 {
            NUMBER => Value::Number(read_varint(&mut self.rest)?),
            EIGHT => Value::Eight(self.array()?),
            BYTES => {
                let n = usize::try_from(read_varint(&mut self.rest)?).unwrap_or(usize::MAX);
                Value::Bytes(self.take(n)?)
            }
            FOUR => Value::Four(self.array()?),
            _ => return Err(broken("a field is of an unknown kind")),
        };
        Ok((field, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

fn read_varint(bytes: &mut &[u8]) -> Result<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let Some((byte, rest)) = bytes.split_first() else { break };
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(broken("a number does not end"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_shows_them() {
        // The examples of protobuf.dev/programming-guides/encoding: field 1 with 150, field 2 with "testing", and 3 with the first.
        let mut message = Message::with_capacity(0);
        message.number(1, 150);
        message.text(2, "testing");
        message.message(3, |m| m.number(1, 150));
        let expected =
            [&[0x08, 0x96, 0x01, 0x12, 0x07][..], b"testing", &[0x1a, 0x03, 0x08, 0x96, 0x01]].concat();
        assert_eq!(message.into_bytes(), expected);
    }

    #[test]
    fn fields_are_read_as_they_were_written() {
        let long = "x".repeat(300);
        let mut message = Message::with_capacity(0);
        message.number(1, -3);
        message.float(16, 0.1);
        message.text(200, &long);
        let bytes = message.into_bytes();
        let fields: Vec<_> = Fields::of(&bytes).map(Result::unwrap).collect();
        assert_eq!(fields.len(), 3);
        assert_eq!(fields[0].0, 1);
        assert_eq!(fields[0].1.number().unwrap() as i64, -3);
        assert_eq!((fields[1].0, fields[1].1.float().unwrap()), (16, 0.1));
        assert_eq!((fields[2].0, fields[2].1.text().unwrap()), (200, long.as_str()));
    }

    #[test]
    fn a_message_that_ends_early_is_an_error_and_then_nothing() {
        for bytes in
            [&[0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1][..], &[0x08], &[0x08, 0xff], &[0x0d, 1, 2], &[0x0b]]
        {
            let mut fields = Fields::of(bytes);
            assert!(fields.next().unwrap().is_err(), "{bytes:?}");
            assert!(fields.next().is_none());
        }
        assert!(Value::Bytes(&[0x01, 0xff]).numbers().collect::<Result<Vec<_>>>().is_err());
        assert_eq!(
            Value::Bytes(&[0x01, 0xff, 0x01]).numbers().map(Result::unwrap).collect::<Vec<_>>(),
            [1, 255]
        );
    }
}
