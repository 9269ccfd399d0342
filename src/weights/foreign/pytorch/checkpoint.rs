//! Which of the dictionaries in a file are the weights, and what its names are without wrappers.

use std::collections::{HashMap, HashSet};

use super::super::pickle::{Id, Pickle, Tensor, Value};
use crate::error::{Error, Result};

/// How deep in dictionaries the weights are looked for.
const MAX_DEPTH: usize = 4;
/// Bytes of a name; longer ones are no names of tensors.
const MAX_NAME: usize = 1000;
/// Keys under which checkpoints keep the weights, the likeliest first.
const KEYS: [&str; 11] = [
    "state_dict",
    "network_weights",
    "model_state_dict",
    "model_state",
    "model",
    "net",
    "network",
    "weights",
    "params",
    "params_ema",
    "ema",
];
/// Words in the keys of what else a checkpoint keeps: moments of an optimiser look like weights.
const ASIDE: [&str; 4] = ["optim", "scheduler", "callbacks", "rng"];
/// What wrappers put before every name.
const PREFIXES: [&str; 6] = ["module.", "_orig_mod.", "model.", "net.", "network.", "unet."];

/// A dictionary that has tensors.
struct Found<'a> {
    /// Place in [`KEYS`] of the outermost usual key above it.
    rank: usize,
    tensors: Vec<(&'a str, &'a Tensor)>,
}

impl Found<'_> {
    fn elements(&self) -> u64 {
        let count = |t: &Tensor| t.shape.iter().fold(1u64, |n, d| n.saturating_mul(*d as u64));
        self.tensors.iter().fold(0, |n, (_, tensor)| n.saturating_add(count(tensor)))
    }
}

/// The state dict in a checkpoint, in its order: the dictionary of tensors under a usual key, or else the one with the most
/// numbers. Counters of batches are left out, and so is what wrappers put before all names.
///
/// # Errors
/// `weights.pytorch.empty`.
pub(super) fn state_dict(pickle: &Pickle) -> Result<Vec<(&str, &Tensor)>> {
    let best = search(pickle)
        .into_iter()
        .map(|found| (found.rank, std::cmp::Reverse(found.elements()), found.tensors))
        .min_by_key(|(rank, elements, _)| (*rank, *elements));
    let Some((_, _, mut tensors)) = best else {
        return Err(Error::invalid(
            "weights.pytorch.empty",
            "There are no weights in this PyTorch file: it holds no dictionary of tensors.",
        ));
    };
    while let Some(prefix) = PREFIXES.iter().find(|p| tensors.iter().all(|(n, _)| n.starts_with(**p))) {
        for (name, _) in &mut tensors {
            *name = name.get(prefix.len()..).unwrap_or_default();
        }
    }
    Ok(tensors)
}

/// Every dictionary that has tensors; each is visited once, also if it holds itself.
fn search(pickle: &Pickle) -> Vec<Found<'_>> {
    let mut seen: HashSet<*const Value> = HashSet::new();
    let mut level = vec![(pickle.root(), KEYS.len())];
    let mut found = Vec::new();
    for _ in 0..=MAX_DEPTH {
        let mut below = Vec::new();
        for (value, rank) in level {
            let Value::Dict(items) = value else { continue };
            if !seen.insert(std::ptr::from_ref(value)) {
                continue;
            }
            let entries = entries(pickle, items);
            let mut tensors = Vec::new();
            for (key, value) in entries {
                match value {
                    Value::Tensor(tensor) if !key.ends_with("num_batches_tracked") => {
                        tensors.push((key, &**tensor));
                    }
                    Value::Dict(_) => {
                        let key = key.to_ascii_lowercase();
                        if ASIDE.iter().any(|word| key.contains(word)) {
                            continue;
                        }
                        // The outermost usual key counts.
                        let own = KEYS.iter().position(|k| *k == key).unwrap_or(KEYS.len());
                        below.push((value, if rank < KEYS.len() { rank } else { own }));
                    }
                    _ => {}
                }
            }
            if !tensors.is_empty() {
                found.push(Found { rank, tensors });
            }
        }
        level = below;
    }
    found
}

/// What a dictionary has under names, in the order in which they came first, with the value that came last.
fn entries<'a>(pickle: &'a Pickle, items: &[(Id, Id)]) -> Vec<(&'a str, &'a Value)> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut entries: Vec<(&str, &Value)> = Vec::new();
    for (key, value) in items {
        let Value::Text(key) = pickle.value(*key) else { continue };
        if key.len() > MAX_NAME {
            continue;
        }
        let value = pickle.value(*value);
        let place = *places.entry(key).or_insert(entries.len());
        match entries.get_mut(place) {
            Some(entry) => entry.1 = value,
            None => entries.push((key, value)),
        }
    }
    entries
}
