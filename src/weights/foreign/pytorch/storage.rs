//! The values of tensors: numbers of a storage, seen through an offset and strides.

use half::{bf16, f16};

use super::super::pickle::Tensor;
use crate::error::{Error, Result};
use crate::weights::NamedTensor;

/// Bytes of all tensors together, as 32-bit numbers.
const MAX_BYTES: u64 = 2 << 30;

/// The type of the numbers in a storage.
#[derive(Clone, Copy)]
enum Kind {
    Double,
    Float,
    Half,
    BFloat16,
    Long,
    Int,
    Short,
    Char,
    Byte,
}

impl Kind {
    fn of(storage: &str) -> Option<Self> {
        Some(match storage {
            "DoubleStorage" => Self::Double,
            "FloatStorage" => Self::Float,
            "HalfStorage" => Self::Half,
            "BFloat16Storage" => Self::BFloat16,
            "LongStorage" => Self::Long,
            "IntStorage" => Self::Int,
            "ShortStorage" => Self::Short,
            "CharStorage" => Self::Char,
            "ByteStorage" | "BoolStorage" => Self::Byte,
            _ => return None,
        })
    }

    fn width(self) -> usize {
        match self {
            Self::Double | Self::Long => 8,
            Self::Float | Self::Int => 4,
            Self::Half | Self::BFloat16 | Self::Short => 2,
            Self::Char | Self::Byte => 1,
        }
    }

    /// The number in the lowest bits.
    fn number(self, bits: u64) -> f32 {
        match self {
            Self::Double => f64::from_bits(bits) as f32,
            Self::Float => f32::from_bits(bits as u32),
            Self::Half => f16::from_bits(bits as u16).to_f32(),
            Self::BFloat16 => bf16::from_bits(bits as u16).to_f32(),
            Self::Long => bits as i64 as f32,
            Self::Int => bits as u32 as i32 as f32,
            Self::Short => f32::from(bits as u16 as i16),
            Self::Char => f32::from(bits as u8 as i8),
            Self::Byte => f32::from(bits as u8),
        }
    }
}

/// Bytes of one number in a storage, also of kinds that are not read but have to be passed over.
pub(super) fn width(storage: &str) -> Option<usize> {
    Kind::of(storage).map(Kind::width).or(match storage {
        "ComplexDoubleStorage" => Some(16),
        "ComplexFloatStorage" => Some(8),
        "QInt32Storage" => Some(4),
        "QInt8Storage" | "QUInt8Storage" | "QUInt4x2Storage" | "QUInt2x4Storage" => Some(1),
        _ => None,
    })
}

pub(super) fn broken(what: &str) -> Error {
    Error::invalid("weights.pytorch.invalid", format!("This PyTorch file is damaged or cut off: {what}."))
}

pub(super) fn unreadable(name: &str, storage: &str) -> Error {
    Error::unsupported(
        "weights.pytorch.unsupported.dtype",
        format!("{name} is kept in a {storage}, which Insitu does not read; it reads plain real numbers."),
    )
}

fn too_large() -> Error {
    Error::limit(
        "weights.pytorch.limit",
        "The tensors in this PyTorch file are larger than 2 GiB, which is the limit, or than the memory that is left.",
    )
}

/// Turns tensors to row-major 32-bit numbers, and counts their bytes.
pub(super) struct Reader {
    /// The highest byte comes first.
    pub big: bool,
    left: u64,
}

impl Reader {
    pub(super) fn new(big: bool) -> Self {
        Self { big, left: MAX_BYTES }
    }

    /// The tensor `name`, whose storage is `data`.
    ///
    /// # Errors
    /// `weights.pytorch.invalid` if it does not lie in the storage; `weights.pytorch.unsupported.dtype`;
    /// `weights.pytorch.limit`.
    pub(super) fn read(&mut self, name: &str, tensor: &Tensor, data: &[u8]) -> Result<NamedTensor> {
        let kind = Kind::of(&tensor.storage.kind)
            .ok_or_else(|| unreadable(&format!("The tensor {name}"), &tensor.storage.kind))?;
        let outside = || broken(&format!("the values of {name} lie outside of the file"));
        let elements = tensor.shape.iter().try_fold(1usize, |n, d| n.checked_mul(*d)).ok_or_else(outside)?;
        let bytes = (elements as u64).saturating_mul(4);
        self.left = self.left.checked_sub(bytes).ok_or_else(too_large)?;
        let mut values = Vec::new();
        values.try_reserve_exact(elements).map_err(|_| too_large())?;
        if elements > 0 {
            let first = first_in(tensor, data.len() / kind.width()).ok_or_else(outside)?;
            let number = |bytes: &[u8]| kind.number(bits(bytes, self.big));
            rows(tensor, |from, size, stride| {
                let start = (first + from) * kind.width();
                let row = data.get(start..).unwrap_or_default().chunks_exact(kind.width());
                match stride {
                    // One number again and again.
                    0 => values.extend(row.take(1).flat_map(|b| std::iter::repeat_n(number(b), size))),
                    _ => values.extend(row.step_by(stride).take(size).map(number)),
                }
            });
        }
        Ok(NamedTensor { name: name.to_string(), shape: tensor.shape.clone(), values })
    }
}

/// Where a tensor begins in a storage of `there` numbers, if its furthest element, and so every element, lies in it.
fn first_in(tensor: &Tensor, there: usize) -> Option<usize> {
    let first = tensor.offset.checked_add(tensor.storage.skip)?;
    let last =
        tensor.shape.iter().zip(&tensor.strides).try_fold(first, |at, (size, stride)| {
            at.checked_add(size.saturating_sub(1).checked_mul(*stride)?)
        })?;
    (last < there).then_some(first)
}

/// Visits the rows of a tensor with elements, in order: where each begins, its length and the step within it.
fn rows(tensor: &Tensor, mut visit: impl FnMut(usize, usize, usize)) {
    let mut dims: Vec<(usize, usize)> =
        tensor.shape.iter().copied().zip(tensor.strides.iter().copied()).collect();
    // Dimensions that follow each other without a gap are one; what PyTorch saves is mostly one row.
    dims.dedup_by(|inner, outer| {
        let joins = inner.0.checked_mul(inner.1) == Some(outer.1);
        if joins {
            *outer = (outer.0 * inner.0, inner.1);
        }
        joins
    });
    let (size, stride) = dims.pop().unwrap_or((1, 1));
    let mut index = vec![0usize; dims.len()];
    loop {
        visit(index.iter().zip(&dims).map(|(i, (_, stride))| i * stride).sum(), size, stride);
        let mut all = true;
        for (i, (size, _)) in index.iter_mut().zip(&dims).rev() {
            *i += 1;
            if *i < *size {
                all = false;
                break;
            }
            *i = 0;
        }
        if all {
            return;
        }
    }
}

/// The bytes of one number, as the lowest bits.
fn bits(bytes: &[u8], big: bool) -> u64 {
    let add = |v: u64, b: &u8| (v << 8) | u64::from(*b);
    if big { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
}
