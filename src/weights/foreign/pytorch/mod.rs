//! Weight files of PyTorch, `.pt`, `.pth`, `.ckpt`: the ZIP archive of version 1.6 on, and the older plain pickles.

mod beside;
mod checkpoint;
mod storage;

use std::borrow::Cow;
use std::collections::HashMap;

use self::checkpoint::state_dict;
use self::storage::{Reader, broken, unreadable, width};
use super::pickle::{self, Pickle, Value};
use super::zip::Archive;
use crate::error::{Error, Result};
use crate::weights::NamedTensor;

/// Bytes of all storages of an archive together, as far as they have to be unpacked or read.
const MAX_STORED: u64 = 2 << 30;
/// The first number of the older files.
const MAGIC: i128 = 0x1950_a86a_20f9_469c_fc6c;
/// The same as protocol 1 writes it.
const MAGIC_LINE: &[u8] = b"L119547037146038801333356L\n.";
/// Where a tar archive says that it is one.
const TAR: std::ops::Range<usize> = 257..262;

/// Whether bytes look like a file of PyTorch.
pub fn recognises(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
        && Archive::open(bytes)
            .is_ok_and(|a| a.names().any(|n| n == "data.pkl" || n.ends_with("/data.pkl")))
        // Plain pickles of anything else and the oldest files are recognised so that they are refused in words. (A safetensors
        // file has a brace there.)
        || bytes.starts_with(b"(dp")
        || bytes.starts_with(MAGIC_LINE)
        || is_tar(bytes)
        || matches!(bytes, [0x80, 2..=5, ..]) && bytes.get(8) != Some(&b'{')
}

fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(TAR) == Some(b"ustar")
}

/// The tensors of a state dict, in its order; values become 32-bit. Checkpoints with a state dict inside are searched for it,
/// counters of batches (`num_batches_tracked`) are left out, and what wrappers put before all names (`module.`) is taken off.
///
/// # Errors
/// `weights.pickle.forbidden` if the file wants anything to be run; `weights.pickle.invalid`, `weights.pytorch.invalid`,
/// `zip.*` if it is damaged; `weights.pytorch.empty` without tensors; `weights.pytorch.unsupported.*`;
/// `weights.pickle.limit`, `weights.pytorch.limit`.
pub fn read(bytes: &[u8]) -> Result<Vec<NamedTensor>> {
    Ok(read_with(bytes, &Wanted { keys: &[], tensor: |_| true })?.tensors)
}

/// What is taken of a file.
pub struct Wanted<'a> {
    /// Keys of a checkpoint whose values are told beside its weights.
    pub keys: &'a [&'a str],
    /// Whether a tensor of this name is.
    pub tensor: fn(&str) -> bool,
}

/// Weights, and what stands beside them.
pub struct Contents {
    pub tensors: Vec<NamedTensor>,
    /// The wanted values of a checkpoint that are there, by their keys: numbers, texts, lists and dictionaries; null where there
    /// is anything else, or more than settings have.
    pub settings: serde_json::Map<String, serde_json::Value>,
}

/// As [`read`], of the tensors that are wanted alone, and with the settings that are.
///
/// # Errors
/// Those of [`read`].
pub fn read_with(bytes: &[u8], wanted: &Wanted<'_>) -> Result<Contents> {
    if bytes.starts_with(b"PK") {
        archive(bytes, wanted)
    } else if is_tar(bytes) {
        Err(Error::unsupported(
            "weights.pytorch.unsupported.tar",
            "This file is a tar archive, as PyTorch wrote before version 0.1.10 (2017), or not from PyTorch at all. If it is, \
             open it in PyTorch and save it anew: torch.save(torch.load(\"old.pth\", weights_only=False), \"new.pth\").",
        ))
    } else {
        legacy(bytes, wanted)
    }
}

fn archive(bytes: &[u8], wanted: &Wanted<'_>) -> Result<Contents> {
    let archive = Archive::open(bytes)?;
    let root = archive.names().find_map(|n| n.strip_suffix("data.pkl")).map(str::to_string);
    let root = root.ok_or_else(|| broken("the description of its tensors is missing"))?;
    if archive.names().any(|n| n.strip_prefix(&root) == Some("constants.pkl")) {
        return Err(Error::unsupported(
            "weights.pytorch.unsupported.script",
            "This is a TorchScript program, not a weight file. Save the weights alone: \
             torch.save(model.state_dict(), \"weights.pth\").",
        ));
    }
    let description = archive
        .get(&format!("{root}data.pkl"), pickle::MAX_BYTES as u64)?
        .ok_or_else(|| broken("it has no description"))?;
    let pickle = pickle::read(&description)?;
    let order = archive.get(&format!("{root}byteorder"), 64)?;
    let mut reader = Reader::new(order.is_some_and(|order| order.trim_ascii() == b"big"));
    let mut storages: HashMap<&str, Cow<'_, [u8]>> = HashMap::new();
    let mut left = MAX_STORED;
    let mut found = state_dict(&pickle)?;
    found.retain(|(name, _)| (wanted.tensor)(name));
    let mut tensors = Vec::with_capacity(found.len());
    for (name, tensor) in found {
        let key = &*tensor.storage.key;
        if !storages.contains_key(key) {
            let data = archive.get(&format!("{root}data/{key}"), left)?;
            let data = data.ok_or_else(|| broken(&format!("the values of {name} are missing")))?;
            left = left.saturating_sub(data.len() as u64);
            storages.insert(key, data);
        }
        let data = storages.get(key).map(|data| &**data).unwrap_or_default();
        tensors.push(reader.read(name, tensor, data)?);
    }
    Ok(Contents { tensors, settings: beside::settings(&pickle, wanted.keys) })
}

/// Magic number, version, system, the object, the keys of storages: five pickles; then each storage with its length.
fn legacy(bytes: &[u8], wanted: &Wanted<'_>) -> Result<Contents> {
    let mut at = 0usize;
    let mut next = || {
        let pickle = pickle::read(bytes.get(at..).unwrap_or_default())?;
        at = at.saturating_add(pickle.used);
        Ok::<_, Error>(pickle)
    };
    // Says what it wants to run, if it does.
    if !matches!(next()?.root(), Value::Int(MAGIC)) {
        return Err(Error::unsupported(
            "weights.pytorch.unsupported.pickle",
            "This is a Python pickle, but not one that PyTorch wrote. Save the weights with torch.save(model.state_dict(), \
             \"weights.pth\").",
        ));
    }
    let (_version, system, object, keys) = (next()?, next()?, next()?, next()?);
    let storages = legacy_storages(bytes.get(at..).unwrap_or_default(), &system, &object, &keys)?;
    // Values are written with the lowest byte first on every machine.
    let mut reader = Reader::new(false);
    let tensors = state_dict(&object)?
        .into_iter()
        .filter(|(name, _)| (wanted.tensor)(name))
        .map(|(name, tensor)| {
            let data = storages.get(&*tensor.storage.key).copied();
            let data = data.ok_or_else(|| broken(&format!("the values of {name} are missing")))?;
            reader.read(name, tensor, data)
        })
        .collect::<Result<_>>()?;
    Ok(Contents { tensors, settings: beside::settings(&object, wanted.keys) })
}

/// The storages of an older file by their keys, in the order of `keys`: the number of values, then the values.
fn legacy_storages<'a, 'k>(
    mut rest: &'a [u8],
    system: &Pickle,
    object: &Pickle,
    keys: &'k Pickle,
) -> Result<HashMap<&'k str, &'a [u8]>> {
    let big = match system.root() {
        Value::Dict(items) => items.iter().any(|(key, value)| {
            matches!(system.value(*key), Value::Text(k) if &**k == "little_endian")
                && matches!(system.value(*value), Value::Bool(false))
        }),
        _ => false,
    };
    let kinds: HashMap<&str, &str> = object
        .values()
        .filter_map(|v| match v {
            Value::Storage(s) => Some((&*s.key, &*s.kind)),
            _ => None,
        })
        .collect();
    let Value::List(in_order) = keys.root() else {
        return Err(broken("the list of its storages is missing"));
    };
    let mut storages = HashMap::new();
    for key in in_order {
        let Value::Text(key) = keys.value(*key) else { return Err(broken("a storage has no name")) };
        let kind = kinds.get(&**key).ok_or_else(|| broken("a storage belongs to no tensor"))?;
        let width = width(kind).ok_or_else(|| unreadable("A tensor of this file", kind))?;
        let cut = || broken("it ends in the middle of its values");
        let (length, values) = rest.split_first_chunk::<8>().ok_or_else(cut)?;
        let fits = |n: u64| {
            let size = usize::try_from(n).ok()?.checked_mul(width)?;
            values.split_at_checked(size)
        };
        // Old versions wrote the number as the machine has it, though not the values.
        let split = fits(u64::from_le_bytes(*length))
            .or_else(|| if big { fits(u64::from_be_bytes(*length)) } else { None });
        let (data, after) = split.ok_or_else(cut)?;
        storages.insert(&**key, data);
        rest = after;
    }
    Ok(storages)
}
