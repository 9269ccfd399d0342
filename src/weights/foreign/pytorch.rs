//! Weight files of PyTorch, `.pt` and `.pth`: the ZIP archive of version 1.6 on, and the older plain pickles.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use half::{bf16, f16};

use super::pickle::{Id, Pickle, Tensor, Value, read as read_pickle};
use super::zip::Archive;
use crate::error::{Error, Result};
use crate::weights::NamedTensor;

/// Bytes of the description of all tensors.
const MOST_PICKLE: u64 = 100 << 20;
/// Bytes of all values together, as 32-bit numbers, and of one storage.
const MOST_BYTES: u64 = 2 << 30;
/// How deep in dictionaries the weights are looked for.
const MOST_DEPTH: usize = 4;
/// The first number of the older files, `0x1950a86a20f9469cfc6c`, as it is written.
const MAGIC: [u8; 14] = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
/// Keys under which checkpoints keep the weights.
const KEYS: [&str; 8] =
    ["state_dict", "model_state_dict", "model", "net", "network", "weights", "params", "ema"];
/// What wrappers put before every name.
const PREFIXES: [&str; 6] = ["module.", "_orig_mod.", "model.", "net.", "network.", "unet."];

fn broken(what: &str) -> Error {
    Error::invalid("weights.pytorch.invalid", format!("This PyTorch file is damaged or cut off: {what}."))
}

/// Whether bytes look like a file of PyTorch.
pub fn recognises(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
        || bytes.starts_with(b"PK")
            && Archive::open(bytes)
                .and_then(|a| a.names())
                .is_ok_and(|names| names.iter().any(|n| n == "data.pkl" || n.ends_with("/data.pkl")))
        // A plain pickle of anything else: recognised so that it is refused in words. (A safetensors file has a brace there.)
        || bytes.starts_with(b"(dp")
        || matches!(bytes, [0x80, 2..=5, ..]) && bytes.get(8) != Some(&b'{')
}

/// The tensors of a state dict, in its order; values become 32-bit. Checkpoints with a state dict inside are searched for it,
/// and what wrappers put before its names (`module.`) is taken off.
///
/// # Errors
/// `weights.pickle.forbidden` if the file wants anything to be run; `weights.pickle.invalid`, `weights.pytorch.invalid`,
/// `zip.*` if it is damaged; `weights.pytorch.empty` without tensors; `weights.pytorch.unsupported.*`; `weights.*.limit`.
pub fn read(bytes: &[u8]) -> Result<Vec<NamedTensor>> {
    if bytes.starts_with(b"PK") { archive(bytes) } else { legacy(bytes) }
}

fn archive(bytes: &[u8]) -> Result<Vec<NamedTensor>> {
    let archive = Archive::open(bytes)?;
    let names = archive.names()?;
    let Some(root) = names.iter().find_map(|n| n.strip_suffix("data.pkl")) else {
        return Err(broken("the description of its tensors is missing"));
    };
    if names.iter().any(|n| n.strip_prefix(root) == Some("constants.pkl")) {
        return Err(Error::unsupported(
            "weights.pytorch.unsupported.script",
            "This is a TorchScript program, not a weight file. Save the weights alone: \
             torch.save(model.state_dict(), \"weights.pth\").",
        ));
    }
    let description = archive
        .get(&format!("{root}data.pkl"), MOST_PICKLE)?
        .ok_or_else(|| broken("it has no description"))?;
    let pickle = read_pickle(&description)?;
    let order = archive.get(&format!("{root}byteorder"), 64)?;
    let big = order.is_some_and(|order| order.as_ref() == b"big");
    let mut storages: HashMap<String, Cow<'_, [u8]>> = HashMap::new();
    let (found, mut total) = (state_dict(&pickle)?, 0);
    let mut tensors = Vec::with_capacity(found.len());
    for (name, tensor) in found {
        let key = &tensor.storage.key;
        if !storages.contains_key(key) {
            let data = archive
                .get(&format!("{root}data/{key}"), MOST_BYTES)?
                .ok_or_else(|| broken(&format!("the values of {name} are missing")))?;
            storages.insert(key.clone(), data);
        }
        tensors.push(values(name, tensor, &storages[key], big, &mut total)?);
    }
    Ok(tensors)
}

/// Magic number, version, system, the object, the keys of storages: five pickles; then each storage with its length.
fn legacy(bytes: &[u8]) -> Result<Vec<NamedTensor>> {
    if !bytes.starts_with(&MAGIC) {
        // Says what it wants to run, if it does.
        read_pickle(bytes)?;
        return Err(Error::unsupported(
            "weights.pytorch.unsupported.pickle",
            "This is a Python pickle, but not one that PyTorch wrote. Save the weights with torch.save(model.state_dict(), \
             \"weights.pth\").",
        ));
    }
    let mut at = 0;
    let mut next = || {
        let pickle = read_pickle(bytes.get(at..).unwrap_or_default())?;
        at += pickle.used;
        Ok::<_, Error>(pickle)
    };
    let (_magic, _version, system, object, keys) = (next()?, next()?, next()?, next()?, next()?);
    let big = match system.value(system.root) {
        Value::Dict(items) => items.iter().any(|(key, value)| {
            matches!(system.value(*key), Value::Text(k) if k == "little_endian")
                && matches!(system.value(*value), Value::Bool(false))
        }),
        _ => false,
    };
    let Value::List(keys_in_order) = keys.value(keys.root) else {
        return Err(broken("the list of its storages is missing"));
    };
    let found = state_dict(&object)?;
    let kinds: HashMap<&str, &str> = object
        .values
        .iter()
        .filter_map(|v| match v {
            Value::Storage(s) => Some((s.key.as_str(), s.kind.as_str())),
            _ => None,
        })
        .collect();
    let mut storages: HashMap<&str, &[u8]> = HashMap::new();
    for key in keys_in_order {
        let Value::Text(key) = keys.value(*key) else { return Err(broken("a storage has no name")) };
        let kind = kinds.get(key.as_str()).copied().unwrap_or_default();
        let length = bytes.get(at..at + 8).and_then(|b| <[u8; 8]>::try_from(b).ok());
        let length = length.map(|b| if big { u64::from_be_bytes(b) } else { u64::from_le_bytes(b) });
        let size = length.and_then(|n| usize::try_from(n).ok()?.checked_mul(width(kind)?));
        let end = size.and_then(|n| (at + 8).checked_add(n)).filter(|end| *end <= bytes.len());
        let end = end.ok_or_else(|| broken("it ends in the middle of its values"))?;
        storages.insert(key, &bytes[at + 8..end]);
        at = end;
    }
    let mut total = 0;
    found
        .into_iter()
        .map(|(name, tensor)| {
            let data = storages.get(tensor.storage.key.as_str()).copied();
            let data = data.ok_or_else(|| broken(&format!("the values of {name} are missing")))?;
            values(name, tensor, data, big, &mut total)
        })
        .collect()
}

/// Bytes of one value.
fn width(kind: &str) -> Option<usize> {
    Some(match kind {
        "DoubleStorage" | "LongStorage" => 8,
        "FloatStorage" | "IntStorage" => 4,
        "HalfStorage" | "BFloat16Storage" | "ShortStorage" => 2,
        "CharStorage" | "ByteStorage" | "BoolStorage" => 1,
        _ => return None,
    })
}

/// The values of a tensor, row-major.
fn values(name: String, tensor: &Tensor, data: &[u8], big: bool, total: &mut u64) -> Result<NamedTensor> {
    let kind = tensor.storage.kind.as_str();
    let width = width(kind).ok_or_else(|| {
        Error::unsupported(
            "weights.pytorch.unsupported.dtype",
            format!("The tensor {name} is kept in a {kind}, which Insitu does not read."),
        )
    })?;
    let outside = || broken(&format!("the values of {name} lie outside of the file"));
    let elements = tensor.shape.iter().try_fold(1usize, |n, d| n.checked_mul(*d)).ok_or_else(outside)?;
    *total = total.saturating_add(4 * elements as u64);
    if *total > MOST_BYTES {
        return Err(Error::limit(
            "weights.pytorch.limit",
            "The tensors in this PyTorch file are larger than 2 GiB, which is the limit.",
        ));
    }
    let first = tensor.offset.checked_add(tensor.storage.skip).ok_or_else(outside)?;
    // The furthest element must be there; then all are.
    let last =
        tensor.shape.iter().zip(&tensor.strides).try_fold(first, |at, (size, stride)| {
            at.checked_add(size.saturating_sub(1).checked_mul(*stride)?)
        });
    if elements > 0 && last.is_none_or(|last| last >= data.len() / width) {
        return Err(outside());
    }
    let mut found = Vec::with_capacity(elements);
    let mut index = vec![0usize; tensor.shape.len()];
    for _ in 0..elements {
        let at = first + index.iter().zip(&tensor.strides).map(|(i, s)| i * s).sum::<usize>();
        found.push(value(kind, &data[at * width..(at + 1) * width], big));
        for (i, size) in index.iter_mut().zip(&tensor.shape).rev() {
            *i += 1;
            if *i < *size {
                break;
            }
            *i = 0;
        }
    }
    Ok(NamedTensor { name, shape: tensor.shape.clone(), values: found })
}

/// One value of a storage as a 32-bit number.
fn value(kind: &str, bytes: &[u8], big: bool) -> f32 {
    let mut raw = [0u8; 8];
    let n = bytes.len().min(8);
    raw[..n].copy_from_slice(&bytes[..n]);
    if big {
        raw[..n].reverse();
    }
    let bits = u64::from_le_bytes(raw);
    match kind {
        "DoubleStorage" => f64::from_bits(bits) as f32,
        "FloatStorage" => f32::from_bits(bits as u32),
        "HalfStorage" => f16::from_bits(bits as u16).to_f32(),
        "BFloat16Storage" => bf16::from_bits(bits as u16).to_f32(),
        "LongStorage" => bits as i64 as f32,
        "IntStorage" => bits as u32 as i32 as f32,
        "ShortStorage" => f32::from(bits as u16 as i16),
        "CharStorage" => f32::from(bits as u8 as i8),
        _ => f32::from(bits as u8),
    }
}

impl Pickle {
    fn value(&self, id: Id) -> &Value {
        self.values.get(id as usize).unwrap_or(&Value::None)
    }
}

/// The state dict in a checkpoint: what is a dictionary of tensors, under a usual key or else the largest.
fn state_dict(pickle: &Pickle) -> Result<Vec<(String, &Tensor)>> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    search(pickle, pickle.root, "", 0, &mut seen, &mut found);
    let rank = |key: &str| KEYS.iter().position(|k| *k == key).unwrap_or(KEYS.len());
    let best = found
        .into_iter()
        .min_by_key(|(depth, key, tensors)| (*depth > 0, rank(key), std::cmp::Reverse(tensors.len())));
    let Some((_, _, mut tensors)) = best else {
        return Err(Error::invalid(
            "weights.pytorch.empty",
            "There are no weights in this PyTorch file: it holds no dictionary of tensors.",
        ));
    };
    while let Some(prefix) = PREFIXES.iter().find(|p| tensors.iter().all(|(n, _)| n.starts_with(**p))) {
        for (name, _) in &mut tensors {
            name.drain(..prefix.len());
        }
    }
    Ok(tensors)
}

type Found<'a> = (usize, String, Vec<(String, &'a Tensor)>);

/// Collects every dictionary that has tensors, with its depth and the key it stands under.
fn search<'a>(
    pickle: &'a Pickle,
    id: Id,
    key: &str,
    depth: usize,
    seen: &mut HashSet<Id>,
    found: &mut Vec<Found<'a>>,
) {
    let Value::Dict(items) = pickle.value(id) else { return };
    if depth > MOST_DEPTH || !seen.insert(id) {
        return;
    }
    let mut tensors = Vec::new();
    for (name, value) in items {
        let Value::Text(name) = pickle.value(*name) else { continue };
        match pickle.value(*value) {
            Value::Tensor(tensor) if !name.ends_with("num_batches_tracked") => {
                tensors.push((name.clone(), tensor));
            }
            _ => search(pickle, *value, name, depth + 1, seen, found),
        }
    }
    if !tensors.is_empty() {
        found.push((depth, key.to_string(), tensors));
    }
}
