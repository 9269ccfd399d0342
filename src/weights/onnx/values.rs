//! Values of the tensors in an ONNX file.

use half::{bf16, f16};

use super::external::External;
use super::message::{Fields, Value, broken, field, kind};
use super::read::Beside;
use crate::error::{Error, Result};
use crate::weights::named::NamedTensor;

/// Bytes of all weights as 32-bit numbers; a protocol buffer cannot be larger.
pub(super) const MAX_BYTES: u64 = 2 << 30;
/// Dimensions of a tensor.
const MAX_DIMENSIONS: usize = 8;
/// Bytes of a tensor that says sizes: any number of nodes may take it.
const MAX_SIZES: usize = 4096;
/// How many times the file's size its weights take, at most: 16-bit numbers become 32-bit ones, or four times as large where zeros
/// are stored as a byte each, and exporters let layers share equal weights. A small file whose layers all share a large weight would
/// take any memory.
const MAX_GROWTH: u64 = 8;

/// Reads tensors, and counts what they take.
pub(super) struct Values<'b> {
    left: u64,
    beside: Beside<'b>,
}

impl<'b> Values<'b> {
    /// For a file of so many bytes, and those beside it.
    pub fn of_files(bytes: usize, beside: Beside<'b>) -> Self {
        let all = beside.iter().fold(bytes as u64, |n, (_, more)| n.saturating_add(more.len() as u64));
        Self { left: all.saturating_mul(MAX_GROWTH).min(MAX_BYTES), beside }
    }

    /// The tensor in a `TensorProto`, as 32-bit numbers, under the name `name`.
    ///
    /// # Errors
    /// `weights.onnx.unsupported.external` if the values are in another file, `weights.onnx.unsupported.dtype`,
    /// `weights.onnx.limit`, `weights.onnx.invalid`.
    pub fn tensor(&mut self, name: &str, message: &[u8]) -> Result<NamedTensor> {
        let (mut shape, mut dtype, mut raw) = (Vec::new(), 0, None);
        for entry in Fields::of(message) {
            let (number, value) = entry?;
            match number {
                field::tensor::DIMS => {
                    for n in value.numbers() {
                        let n = usize::try_from(n?).map_err(|_| broken("a tensor is too large"))?;
                        shape.push(n);
                        if shape.len() > MAX_DIMENSIONS {
                            return Err(broken("a tensor has too many dimensions"));
                        }
                    }
                }
                field::tensor::DATA_TYPE => dtype = value.number()?,
                field::tensor::RAW_DATA => raw = Some(value.bytes()?),
                _ => {}
            }
        }
        if let Some(external) = External::of(message)? {
            raw = Some(external.bytes(self.beside)?);
        }
        let elements = shape.iter().try_fold(1usize, |n, d| n.checked_mul(*d));
        // Nothing in one direction would let the others be of any size.
        let elements = elements.filter(|n| *n > 0);
        let elements = elements.ok_or_else(|| broken(&format!("the size of {name} is impossible")))?;
        // Reading takes time for what is in the file, and memory for what comes out.
        let cost = (elements as u64).saturating_mul(4).max(message.len() as u64);
        self.left = self.left.checked_sub(cost).ok_or_else(|| {
            Error::limit(
                "weights.onnx.limit",
                format!(
                    "The weights in this ONNX file would take more than 2 GiB or {MAX_GROWTH} times its size, which is the limit."
                ),
            )
        })?;
        let (width, typed) = match dtype {
            kind::FLOAT => (4, field::tensor::FLOAT_DATA),
            kind::DOUBLE => (8, field::tensor::DOUBLE_DATA),
            kind::FLOAT16 | kind::BFLOAT16 => (2, field::tensor::INT32_DATA),
            _ => {
                return Err(Error::unsupported(
                    "weights.onnx.unsupported.dtype",
                    format!(
                        "The weights {name} are whole numbers or of a rare kind (type {dtype} of ONNX); Insitu reads \
                         32-bit, 64-bit and 16-bit floats. Export the network without quantisation."
                    ),
                ));
            }
        };
        let wrong = || broken(&format!("{name} does not have as many values as its shape says"));
        let values = match raw {
            Some(raw) if elements.checked_mul(width) == Some(raw.len()) => from_raw(dtype, raw),
            Some([]) | None => from_typed(dtype, message, typed, elements)?,
            Some(_) => return Err(wrong()),
        };
        if values.len() != elements {
            return Err(wrong());
        }
        Ok(NamedTensor { name: name.to_string(), shape, values })
    }
}

/// The whole numbers of a `TensorProto` that says sizes; `None` if it holds something else, or more than sizes are.
///
/// # Errors
/// `weights.onnx.invalid`.
pub(super) fn whole_numbers(message: &[u8]) -> Result<Option<Vec<i64>>> {
    if message.len() > MAX_SIZES {
        return Ok(None);
    }
    let (mut dtype, mut found) = (0, Vec::new());
    for entry in Fields::of(message) {
        let (number, value) = entry?;
        match number {
            field::tensor::DATA_TYPE => dtype = value.number()?,
            field::tensor::RAW_DATA => {
                found.extend(value.bytes()?.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b)));
            }
            field::tensor::INT64_DATA => {
                for number in value.numbers() {
                    found.push(number? as i64);
                }
            }
            _ => {}
        }
    }
    Ok((dtype == kind::INT64).then_some(found))
}

/// Values of `raw_data`, which is little-endian.
fn from_raw(dtype: u64, raw: &[u8]) -> Vec<f32> {
    match dtype {
        kind::FLOAT => raw.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
        kind::DOUBLE => raw.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b) as f32).collect(),
        _ => raw.as_chunks().0.iter().map(|b| sixteen(dtype, u16::from_le_bytes(*b))).collect(),
    }
}

fn sixteen(dtype: u64, bits: u16) -> f32 {
    if dtype == kind::FLOAT16 { f16::from_bits(bits).to_f32() } else { bf16::from_bits(bits).to_f32() }
}

/// Values of `float_data`, `double_data`, or `int32_data` with the bits of 16-bit floats; no more than `elements` are kept.
fn from_typed(dtype: u64, message: &[u8], number: u32, elements: usize) -> Result<Vec<f32>> {
    let mut values: Vec<f32> = Vec::new();
    for entry in Fields::of(message) {
        let (found, value) = entry?;
        if found != number {
            continue;
        }
        match (dtype, value) {
            (kind::FLOAT | kind::DOUBLE, Value::Bytes(packed)) => values.extend(from_raw(dtype, packed)),
            (kind::FLOAT, Value::Four(b)) => values.push(f32::from_le_bytes(b)),
            (kind::DOUBLE, Value::Eight(b)) => values.push(f64::from_le_bytes(b) as f32),
            (kind::FLOAT16 | kind::BFLOAT16, numbers) => {
                for bits in numbers.numbers() {
                    values.push(sixteen(dtype, bits? as u16));
                }
            }
            _ => return Err(broken("values are of the wrong kind")),
        }
        if values.len() > elements {
            break;
        }
    }
    Ok(values)
}
