//! What one array is: `.zarray` of version 2, `zarr.json` of version 3.

use half::f16;
use serde_json::Value;

use super::codecs::{Codecs, sizes};
use super::{broken, quoted, unsupported};
use crate::error::Result;
use crate::scan::SampleType;
use crate::scan::samples::{Endian, Samples};

/// Axes of an image: time, channel and three of space.
const MOST_AXES: usize = 5;

#[derive(Clone, Debug)]
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    pub(super) chunks: Vec<usize>,
    pub(super) sample: SampleType,
    /// Floats of 16 bits, which become [`SampleType::F32`].
    pub(super) half: bool,
    pub(super) codecs: Codecs,
    /// What has no chunk, as one value; and as the description says it.
    pub(super) fill: Samples,
    pub(super) fill_told: String,
    /// Names of its axes, if it says them.
    pub(super) axes: Option<Vec<String>>,
    keys: Keys,
}

/// How chunks are called.
#[derive(Clone, Debug)]
struct Keys {
    prefix: &'static str,
    separator: char,
}

impl Array {
    /// From `.zarray`.
    pub(super) fn version_2(array: &Value) -> Result<Self> {
        let dtype = array.get("dtype").and_then(Value::as_str).unwrap_or_default();
        let (order, name) = dtype.split_at_checked(1).unwrap_or_default();
        let endian = if order == ">" { Endian::Big } else { Endian::Little };
        let (sample, half) = of_letters(name).ok_or_else(|| no_type(dtype))?;
        let shape = sizes(array.get("shape")).unwrap_or_default();
        let codecs = Codecs::version_2(array, endian, shape.len())?;
        let separator = match array.get("dimension_separator").and_then(Value::as_str) {
            Some("/") => '/',
            _ => '.',
        };
        let chunks = sizes(array.get("chunks"));
        Self::new(shape, chunks, (sample, half), array, codecs, Keys { prefix: "", separator })
    }

    /// From `zarr.json`.
    pub(super) fn version_3(array: &Value) -> Result<Self> {
        let dtype = array.get("data_type").and_then(Value::as_str).unwrap_or_default();
        let kind = of_name(dtype).ok_or_else(|| no_type(dtype))?;
        let shape = sizes(array.get("shape")).unwrap_or_default();
        let text =
            |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_string).unwrap_or_default();
        let grid = array.get("chunk_grid");
        let named = text(grid.and_then(|grid| grid.get("name")));
        if named != "regular" {
            return Err(unsupported(&format!("has a chunk grid of the kind {}", quoted(&named))));
        }
        let chunks = sizes(grid.and_then(|grid| grid.get("configuration")?.get("chunk_shape")));
        if array.get("storage_transformers").and_then(Value::as_array).is_some_and(|all| !all.is_empty()) {
            return Err(unsupported("uses a storage transformer"));
        }
        let codecs = Codecs::version_3(array.get("codecs"), shape.len(), false)?;
        let keys = array.get("chunk_key_encoding");
        let separator = text(keys.and_then(|keys| keys.get("configuration")?.get("separator")));
        let old = keys.and_then(|keys| keys.get("name")).and_then(Value::as_str) == Some("v2");
        let separator = separator.chars().next().unwrap_or(if old { '.' } else { '/' });
        let prefix = if old { "" } else { "c" };
        Self::new(shape, chunks, kind, array, codecs, Keys { prefix, separator })
    }

    fn new(
        shape: Vec<usize>,
        chunks: Option<Vec<usize>>,
        (sample, half): (SampleType, bool),
        array: &Value,
        codecs: Codecs,
        keys: Keys,
    ) -> Result<Self> {
        let chunks = chunks.filter(|chunks| chunks.len() == shape.len() && !chunks.contains(&0));
        let chunks = chunks.ok_or_else(|| broken("an array does not say the size of its chunks"))?;
        if shape.is_empty() || shape.contains(&0) {
            return Err(broken("an array has no pixels"));
        }
        if shape.len() > MOST_AXES {
            return Err(unsupported(&format!("has an array of {} axes", shape.len())));
        }
        let said = array.get("fill_value").filter(|fill| !fill.is_null());
        let fill = said.map_or(Some([0; 8]), |said| fill_bytes(said, sample, half));
        let fill = fill.ok_or_else(|| broken("an array has a fill value that is no number"))?;
        let fill = Samples::from_bytes(sample, &fill, 1, Endian::Little)?;
        let fill_told = said.map_or("0".to_string(), |said| said.to_string().replace('"', ""));
        let names = |list: &Vec<Value>| list.iter().map(|name| name.as_str().map(str::to_string)).collect();
        let axes = array.get("dimension_names").and_then(Value::as_array).and_then(names);
        Ok(Self { shape, chunks, sample, half, codecs, fill, fill_told, axes, keys })
    }

    /// Bytes of a stored value.
    pub(super) fn bytes(&self) -> usize {
        if self.half { 2 } else { self.sample.bytes() }
    }

    /// Which chunk a file of the array's folder is, by its place along each axis; none of what is no chunk.
    pub(super) fn place(&self, file: &str) -> Option<Vec<usize>> {
        let Keys { prefix, separator } = self.keys;
        let mut file = file.strip_prefix(prefix)?;
        if !prefix.is_empty() {
            file = file.strip_prefix(separator)?;
        }
        let place: Vec<usize> = file.split(separator).map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let within = place.iter().zip(&self.grid()).all(|(at, count)| at < count);
        (place.len() == self.shape.len() && within).then_some(place)
    }

    /// How many chunks there are along each axis.
    pub(super) fn grid(&self) -> Vec<usize> {
        self.shape.iter().zip(&self.chunks).map(|(size, chunk)| size.div_ceil((*chunk).max(1))).collect()
    }
}

fn no_type(name: &str) -> crate::error::Error {
    unsupported(&format!("has values of the type {}", quoted(name)))
}

/// NumPy's letters, without the byte order.
fn of_letters(letters: &str) -> Option<(SampleType, bool)> {
    of_name(match letters {
        "b1" => "bool",
        "i1" => "int8",
        "i2" => "int16",
        "i4" => "int32",
        "i8" => "int64",
        "u1" => "uint8",
        "u2" => "uint16",
        "u4" => "uint32",
        "u8" => "uint64",
        "f2" => "float16",
        "f4" => "float32",
        "f8" => "float64",
        _ => return None,
    })
}

fn of_name(name: &str) -> Option<(SampleType, bool)> {
    use SampleType::{F32, F64, I8, I16, I32, I64, U8, U16, U32, U64};
    let known = [U8, I8, U16, I16, U32, I32, U64, I64, F32, F64].into_iter().find(|one| one.name() == name);
    match name {
        "bool" => Some((U8, false)),
        "float16" => Some((F32, true)),
        _ => Some((known?, false)),
    }
}

/// A fill value, little endian: a number, a word for what is none, or the bits of a float.
fn fill_bytes(said: &Value, sample: SampleType, half: bool) -> Option<[u8; 8]> {
    let float = matches!(sample, SampleType::F32 | SampleType::F64);
    let short = |value: f64| match sample {
        SampleType::F32 => u64::from((value as f32).to_bits()),
        _ => value.to_bits(),
    };
    let bits = match said {
        Value::Bool(set) => u64::from(*set),
        Value::Number(number) if float => short(number.as_f64()?),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => number,
            (_, Some(number)) => number as u64,
            _ => number.as_f64()? as i64 as u64,
        },
        Value::String(word) => match word.as_str() {
            "NaN" => short(f64::NAN),
            "Infinity" => short(f64::INFINITY),
            "-Infinity" => short(f64::NEG_INFINITY),
            word => match u64::from_str_radix(word.strip_prefix("0x")?, 16).ok()? {
                bits if half => short(f16::from_bits(bits as u16).to_f64()),
                bits => bits,
            },
        },
        _ => return None,
    };
    Some(bits.to_le_bytes())
}
